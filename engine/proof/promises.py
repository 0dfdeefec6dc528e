"""Whether the changes of overlays do what they promise: `effect: narrower` makes nobody eligible, `wider` takes nobody
out.

In: a library that checks without errors.  Out: a `Promise` for each change that promises something, alone against what
it stands on, and for all of one overlay that promise the same, together; each with a proof, a household for which it is
not so, or why neither was found. Imports policy and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal, TypeAlias, assert_never

from engine.diagnostics import Reporter
from engine.policy.loader import Library
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    Chain,
    Change,
    Local,
    Opening,
    Overlay,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
)
from engine.policy.overlay import merge
from engine.policy.slices import Slices
from engine.proof.compared import settle
from engine.proof.results import Direction, Found, Goal
from engine.proof.sides import Side
from engine.records import dataclass
from engine.source import Span

Promised: TypeAlias = Literal["narrower", "wider"]
_AGAINST: Final[dict[Promised, Direction]] = {"narrower": "more", "wider": "less"}
"""what must not be"""
_BEARING: Final = ("requirements", "causes", "checks")
"""kinds of elements that decide by being there; others are only read"""
OUTCOME: Final = Goal("outcome", "")


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """Attributes:
    overlay: the id of the document.
    changes: the change, or all those of the overlay that promise the same, together.
    alone: against what the overlay stands on; else against the rest of the overlay, without which it cannot be.
    found: None where it is nowhere in force.
    """

    overlay: str
    effect: Promised
    changes: tuple[Change, ...]
    alone: bool
    span: Span
    found: Found | None


def promises(library: Library) -> Iterator[Promise]:
    for one in overlaid(library, (id for id in sorted(library.documents) if not library.of_values(id))):
        yield from one.promises()


def overlaid(library: Library, ids: Iterable[str]) -> Iterator[Overlaid]:
    """Those of some documents that are overlays, over what they stand on."""
    slices = Slices(library)
    for id in ids:
        chain = slices.chain(tuple(library.whole_line(id)))
        overlay = None if chain is None else next((one for one in chain.overlays if one.header.id == id), None)
        if chain is not None and overlay is not None:
            yield Overlaid(library, chain, overlay)


def promised(change: Change, local: Local) -> Promised | None:
    """What a change promises, cannot but be, or has to be since what opens it says so.

    Args:
        local: what the levels below open.
    """
    match change:
        case Repeal():
            return None
        case AddElement(kind="requirements"):
            return "narrower"
        case AddElement(kind="causes"):
            return "wider"
        case AddElement() | AddCondition() | AddPart() | AddExemption() | ReplaceTerm():
            return _as_promised(change.effect)
        case SetValues(target=target) | SetList(target=target) | SetReading(target=target):
            guard = local.set.get(target)
            return _as_promised(change.effect or (None if guard is None else guard.effect))
    assert_never(change)


def _as_promised(effect: Opening | None) -> Promised | None:
    return effect if effect in ("narrower", "wider") else None


class Overlaid:
    def __init__(self, library: Library, chain: Chain, overlay: Overlay) -> None:
        self._library, self._chain, self.overlay = library, chain, overlay
        self._before = chain.overlays[: chain.overlays.index(overlay)]
        root = library.root_of(overlay.header.id)
        assert root is not None, "it has a chain"
        below = replace(chain, overlays=self._before)
        local = merge(below, Reporter()).local
        self._promised = {id(one): promised(one, local) for one in overlay.changes}
        self.places = tuple(library.territory(root).inside(overlay.header.jurisdiction))
        self._sides: dict[tuple[int, ...], Side] = {}

    def promises(self) -> Iterator[Promise]:
        every = self.overlay.changes
        for effect in ("narrower", "wider"):
            kept = [one for one in every if self._promised[id(one)] == effect]
            for change in kept:
                yield self._promise(effect, (change,))
            if len(kept) > 1:
                yield self._promise(effect, tuple(kept))

    def _promise(self, effect: Promised, changes: tuple[Change, ...]) -> Promise:
        """Alone; where they cannot be without others of the overlay, which both sides then have."""
        apart = {id(one) for one in changes}
        rest = [one for one in self.overlay.changes if id(one) not in apart]
        reads = [one for one in rest if self._promised[id(one)] is None and _is_read_only(one)]
        span = changes[0].origin.span if len(changes) == 1 else self.overlay.header.origin.span
        for alone, below in ((True, reads), (False, rest)):
            one, other = self.side(below), self.side([*below, *changes])
            if self.is_sound(one) and self.is_sound(other):
                found = settle(one, other, self.places, OUTCOME, _AGAINST[effect])
                return Promise(self.overlay.header.id, effect, changes, alone, span, found)
        return Promise(self.overlay.header.id, effect, changes, False, span, None)

    def is_sound(self, side: Side) -> bool:
        """Whether what the overlay then says can be checked without errors, on every day."""
        chain = side.slices.chain(self._chain.ids)
        assert chain is not None, "it was put there"
        cuts = side.slices.cuts(chain)
        return all(
            not side.slices.checked(self._chain.ids, place, day, None)[1].has_errors
            for place in cuts.places(self.overlay.header.jurisdiction)
            for day in cuts.each_day()
        )

    def side(self, changes: Sequence[Change]) -> Side:
        """The overlay with some of its changes, in the order in which they are written."""
        chosen = {id(one) for one in changes}
        key = tuple(place for place, one in enumerate(self.overlay.changes) if id(one) in chosen)
        if key not in self._sides:
            written = tuple(self.overlay.changes[place] for place in key)
            chain = replace(self._chain, overlays=(*self._before, replace(self.overlay, changes=written)))
            ids = self._chain.ids
            slices = Slices(self._library, {ids: chain})
            self._sides[key] = Side(self.overlay.header.id, slices, self.places, lambda _: ids)
        return self._sides[key]


def _is_read_only(change: Change) -> bool:
    """Whether a change decides nothing until another reads it."""
    match change:
        case AddElement(kind=kind):
            return kind not in _BEARING
        case SetValues() | SetList():
            return True
        case SetReading() | AddCondition() | AddPart() | AddExemption() | ReplaceTerm() | Repeal():
            return False
    assert_never(change)
