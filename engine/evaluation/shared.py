"""JSON that many decisions have in common: made once, and not to be changed in one of them.

In: dicts and lists.  Out: such as compare, print and travel as plain ones do, and refuse to be changed. A copy is
plain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn


def _refuse(*_args: object, **_named: object) -> NoReturn:
    raise TypeError("this part of a decision is shared by others: change a copy (copy.deepcopy)")


class _Dict(dict[str, Any]):
    """Equal to the dict that it was made of."""

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, (dict(self),)


class _List(list[Any]):
    """Equal to the list that it was made of."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __reduce__(self) -> tuple[type[list[Any]], tuple[list[Any]]]:
        return list, (list(self),)


def shared(told: Mapping[str, object]) -> dict[str, Any]:
    """The same, with all that it holds."""
    return _Dict({key: _held(one) for key, one in told.items()})


def _held(one: object) -> object:
    match one:
        case _Dict() | _List():
            return one
        case dict():
            return shared(one)
        case list():
            return _List(map(_held, one))
        case _:
            return one
