"""In which order the changes of a level are folded in: by kind, and by their own days where that settles what holds.

In: a chain, changes in force.  Out: the same in the order in which they count.
The amendments of one document are one level: each change of theirs is ranked by its own `from`, then its own
`published`, never by the days at the head of its file. So neither the order nor the names of files make a difference.
Imports model and replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final, TypeAlias, assert_never

from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    Chain,
    Change,
    Origin,
    Overlay,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
)
from engine.policy.replaced import reads_previous

Rank: TypeAlias = tuple[date, date]

_ALWAYS: Final = (date.min, date.min)


def rank(origin: Origin) -> Rank:
    """Later in this order takes the place of what is earlier, on the days on which both hold."""
    start = origin.start or date.min
    return start, origin.published or start


def levels(chain: Chain) -> Iterator[tuple[Overlay, ...]]:
    """The overlays of a chain from below: each for itself, the amendments of one document together."""
    for _, level in groupby(chain.overlays, key=_level):
        yield tuple(level)


def _level(overlay: Overlay) -> tuple[str, str]:
    header = overlay.header
    return header.role, header.amends if header.role == "amendment" else header.id


def in_turn(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes of one level as they are folded in: removals and new elements, then what refers to them.

    What one file removes and adds goes by kind; what another one removed or added before, or will later, by days.
    """
    several = len({change.origin.policy for change in changes}) > 1
    return tuple(sorted(changes, key=lambda change: _turn(change, several=several)))


def _turn(change: Change, *, several: bool) -> tuple[int, Rank, int]:
    own = rank(change.origin)
    among = own if several else _ALWAYS
    match change:
        case Repeal():
            return 0, among, 0
        case AddElement():
            return 0, among, 1
        case AddCondition():
            return 0, among, 2
        case SetValues() | SetList():
            return 1, _ALWAYS, 0
        case SetReading():
            return 2, own, 0
        case AddPart():
            return 3, _ALWAYS, 0
        case ReplaceTerm():
            return 4, own, 0
        case AddExemption():
            return 5, _ALWAYS, 0
    assert_never(change)


def takes_place_of(definition: ReplaceTerm, part: AddPart) -> bool:
    """Whether a part would be lost since a definition of the same level, of earlier days, stands where it belongs.

    In one file the definition may read it as `previous`; one of later days takes the place of all that was before.
    """
    if definition.term != part.term or rank(definition.origin) >= rank(part.origin):
        return False
    return definition.origin.policy != part.origin.policy or not reads_previous(definition.body)
