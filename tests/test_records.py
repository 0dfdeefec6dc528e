"""Records are dataclasses: what the standard library's decorator makes of a class, ours makes too."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from contextlib import suppress
from dataclasses import FrozenInstanceError, field
from functools import partial
from typing import Any, ClassVar, get_type_hints

import pytest

from engine import records

Decorator = Callable[..., Callable[[type], type]]
BOTH: tuple[Decorator, Decorator] = (dataclasses.dataclass, records.dataclass)


def plain(decorator: Decorator, **options: bool) -> type:
    class Plain:
        first: int
        span: object = field(compare=False, repr=False)
        of_all: ClassVar[dict[str, int]] = {}
        second: str = "x"
        third: tuple[int, ...] = field(default_factory=tuple)
        kept: dict[str, int] = field(init=False, default_factory=dict, compare=False)

    return decorator(slots=True, **options)(Plain)


def derived(decorator: Decorator, **options: bool) -> type:
    class Base:
        first: int

    base = decorator(slots=True, **options)(Base)

    class Plain(base):  # type: ignore[misc,valid-type]  # the class is made by the decorator under test
        """Some words."""

        span: object = field(compare=False, repr=False)
        second: int = 2

    return decorator(slots=True, **options)(Plain)


def bare(decorator: Decorator, **options: bool) -> type:
    class Plain:
        pass

    return decorator(slots=True, **options)(Plain)


def own_methods(decorator: Decorator, **options: bool) -> type:
    class Plain:
        first: int
        span: object = None
        told: int = field(init=False, compare=False, repr=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "told", self.first + 1)

        def __repr__(self) -> str:
            return f"<{self.first}>"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Plain) and self.first % 2 == other.first % 2

        def __hash__(self) -> int:
            return self.first % 2

    return decorator(slots=True, **options)(Plain)


CLASSES = [plain, derived, bare, own_methods]
OPTIONS = [{"frozen": True}, {"frozen": False}, {"frozen": True, "eq": False}, {"eq": False}]
ARGUMENTS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}),
    ((1,), {}),
    ((1, 2), {}),
    ((3, 4), {}),
    ((1, 7), {}),
    ((1,), {"span": 0}),
    ((), {"span": 1, "first": 1, "second": "y"}),
    ((1, 2, "z"), {}),
    ((1, 2, "z", [1]), {}),
    ((1, 2, "z", [1], 5), {}),
    ((1,), {"first": 2}),
    ((1,), {"unheard": 2}),
]


def outcome(action: Callable[[], object]) -> str:
    try:
        return repr(action())
    except (TypeError, AttributeError) as fault:
        return f"{type(fault).__name__}: {fault}"


def told(cls: type) -> list[str]:
    """All that a program may see of a class and its instances."""
    made = []
    seen = [str([(each.name, each.type, each.compare, each.repr, each.init) for each in dataclasses.fields(cls)])]
    seen.append(f"{cls.__annotations__} {get_type_hints(cls)}")
    seen.append(f"{getattr(cls, '__match_args__', None)} {vars(cls).get('__slots__')} {dataclasses.is_dataclass(cls)}")
    for values, named in ARGUMENTS:
        seen.append(outcome(partial(cls, *values, **named)))
        with suppress(TypeError):
            made.append(cls(*values, **named))
    for one in made:
        seen += told_of(one, made)
    return seen


def told_of(one: Any, made: list[Any]) -> list[str]:
    tried: list[Callable[[], object]] = [
        lambda: [one == other for other in (*made, None, 1)],
        lambda: len({one, one}),
        lambda: {hash(one) == hash(other) for other in made if one == other},
        lambda: dataclasses.replace(one, first=9),
        lambda: copy.deepcopy(one),
        *(partial(setattr, one, each.name, 5) for each in dataclasses.fields(one)),
        *(partial(delattr, one, each.name) for each in dataclasses.fields(one)),
    ]
    return [outcome(action) for action in tried]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("define", CLASSES)
def test_a_record_is_what_the_standard_library_makes(define: Callable[..., type], options: dict[str, bool]) -> None:
    theirs, ours = (told(define(decorator, **options)) for decorator in BOTH)
    assert ours == theirs


@records.dataclass(frozen=True, slots=True)
class Kept:
    first: int
    several: tuple[int, ...] = ()


def test_a_frozen_record_is_not_changed_and_survives_pickling() -> None:
    one = Kept(1, (2, 3))
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'first'"):
        one.first = 2  # type: ignore[misc]  # what is tried
    assert pickle.loads(pickle.dumps(one)) == one
    assert copy.copy(one) == one


def test_dictionaries_made_by_default_are_not_shared() -> None:
    cls = plain(records.dataclass)
    assert cls(1, None).kept is not cls(1, None).kept
