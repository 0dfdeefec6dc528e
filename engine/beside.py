"""What is worked out of a thing is kept beside it, and goes when the thing goes: a set of policies that serves no more
leaves nothing behind.

Ground floor; imports nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, Final, ParamSpec, Protocol, TypeVar, cast

P = ParamSpec("P")
V = TypeVar("V")


class Beside(dict[object, dict[object, object]]):
    """By what works it out, and by what else it is asked; a copy begins without any."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[Beside], tuple[()]]:
        return Beside, ()


class Keeper(Protocol):
    @property
    def beside(self) -> Beside: ...


K = TypeVar("K", bound=Keeper)

MOST: Final = 1024
"""answers of one function about one thing"""
_NOTHING: Final = object()


def kept_beside(make: Callable[Concatenate[K, P], V]) -> Callable[Concatenate[K, P], V]:
    """A function whose answers are kept beside its first argument, by the others; these are given by place."""

    def kept(of: K, /, *more: P.args, **named: P.kwargs) -> V:
        assert not named
        held = of.beside.get(make)
        if held is None:
            held = of.beside.setdefault(make, {})
        found = held.get(more, _NOTHING)
        if found is _NOTHING:
            if len(held) >= MOST:
                held.clear()
            found = held.setdefault(more, make(of, *more, **named))
        return cast("V", found)

    return update_wrapper(kept, make)
