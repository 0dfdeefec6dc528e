"""A thing under its identity, for what is kept about it: its contents are never compared, and it is never let go of.

Ground floor; imports nothing of the engine.
"""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Same(Generic[T]):
    """`of`, equal to what stands under the identity of the same thing: its own, or that of something in it (`by`)."""

    __slots__ = ("_by", "of")

    def __init__(self, of: T, by: object = None) -> None:
        self.of = of
        self._by = of if by is None else by

    def __hash__(self) -> int:
        return id(self._by)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other._by is self._by
