"""Whether the changes of overlays do what they promise: `effect: narrower` makes nobody eligible, `wider` takes nobody
out.

In: a library that checks without errors.  Out: a `Promise` for each change that promises something, alone against what
it stands on, for all of one overlay that promise the same, together, and for these beside all else that the overlay
does; each with a proof, a household for which it is not so, or why neither was found. What an overlay sets under a
guard with bounds promises to lie within.
Imports policy, language and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, Literal, TypeAlias, assert_never

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.language.values import ends
from engine.policy.extent import parameter_extent
from engine.policy.loader import Library
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    Chain,
    Change,
    Guard,
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
from engine.policy.proved import Claim, Proof, mark_of, rules_digest
from engine.policy.slices import Slices
from engine.proof.keeping import keeps
from engine.proof.lookups import Range
from engine.proof.results import Bound, Direction, Promise, Proved
from engine.proof.sides import Side
from engine.source import Span

Effect: TypeAlias = Literal["narrower", "wider"]
_AGAINST: Final[dict[Effect, Direction]] = {"narrower": "more", "wider": "less"}
"""what must not be"""
_BEARING: Final = ("requirements", "causes", "checks")
"""kinds of elements that decide by being there; others are only read"""


def proofs(library: Library, found: Iterable[Promise]) -> Iterator[Proof]:
    """What is kept, to be written down: of each overlay that promises something."""
    for id, held in gathered((promise.overlay, promise) for promise in found).items():
        chain = library.chain(tuple(library.whole_line(id)))
        assert chain is not None, "it was proved of it"
        claims = tuple(
            Claim(
                one.effect,
                tuple(mark_of(change) for change in one.changes),
                not one.alone,
                one.found.bound.any_size,
                one.found.bound.sizes,
                one.found.bound.free,
            )
            for one in held
            if isinstance(one.found, Proved)
        )
        yield Proof(id, rules_digest(chain, id), len(held), claims)


def promises(library: Library) -> Iterator[Promise]:
    for one in overlaid(library, sorted(library.documents)):
        yield from one.promises()


def overlaid(library: Library, ids: Iterable[str]) -> Iterator[Overlaid]:
    """Those of some documents that are overlays, over what they stand on. Values alone decide nothing; who takes them
    is not seen from here."""
    slices = Slices(library)
    for id in ids:
        if library.of_values(id):
            continue
        chain = slices.chain(tuple(library.whole_line(id)))
        overlay = None if chain is None else next((one for one in chain.overlays if one.header.id == id), None)
        if chain is not None and overlay is not None:
            yield Overlaid(library, chain, overlay, slices)


def promised(change: Change, local: Local) -> Effect | None:
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


def _as_promised(effect: Opening | None) -> Effect | None:
    return effect if effect in ("narrower", "wider") else None


class Overlaid:
    """An overlay over what it stands on.

    Args:
        slices: of the library; rules of the same structure are elaborated once.
    """

    def __init__(self, library: Library, chain: Chain, overlay: Overlay, slices: Slices) -> None:
        self._library, self._chain, self.overlay, self._slices = library, chain, overlay, slices
        self._before = chain.overlays[: chain.overlays.index(overlay)]
        root = library.root_of(overlay.header.id)
        assert root is not None, "it has a chain"
        below = replace(chain, overlays=self._before)
        merged = merge(below, Reporter())
        self._guards = {} if overlay.header.role == "amendment" else merged.local.set
        self._parameters = merged.elements.parameters
        self._promised = {id(one): promised(one, merged.local) for one in overlay.changes}
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
            if kept and any(self._promised[id(one)] != effect and not _is_read_only(one) for one in every):
                yield from self._beside(effect, kept)
        for change in every:
            guard = self._guards.get(change.target) if isinstance(change, SetValues) else None
            if isinstance(change, SetValues) and guard is not None and (guard.least, guard.most) != (None, None):
                yield self._within(change, guard)

    def _beside(self, effect: Effect, changes: Sequence[Change]) -> Iterator[Promise]:
        """Of all that promise the same, over everything else that the overlay does, where that can be without them."""
        apart = {id(one) for one in changes}
        one = self.side([change for change in self.overlay.changes if id(change) not in apart])
        if self.is_sound(one):
            whole = self.side(self.overlay.changes)
            found = keeps(one, whole, self.places, _AGAINST[effect], self._ranges(changes), self._own)
            yield Promise(self.overlay.header.id, effect, tuple(changes), False, _last(changes), found)

    def _within(self, change: SetValues, guard: Guard) -> Promise:
        """Every row that it gives, on whatever day; a row to come that lies outside is refused by `check`."""
        low, high = guard.least, guard.most
        for cell in change.block.cells.values():
            inside = (low is None or cell.number >= low) and (high is None or cell.number <= high)
            assert inside, f"{cell.span!r}: what lies outside its guard was refused before"
        found = Proved(Bound({}, (change.target,), any_size=True))
        return Promise(self.overlay.header.id, "within", (change,), True, change.block.origin.span, found)

    @property
    def _own(self) -> frozenset[str]:
        """The parameters whose values it publishes."""
        brought = (
            one.target if isinstance(one, SetValues) else one.element.id if isinstance(one, AddElement) else ""
            for one in self.overlay.changes
        )
        return frozenset(brought)

    def _ranges(self, changes: Sequence[Change]) -> dict[str, Range]:
        """Of parameters that they set, all that may ever be set: within what is declared, and within the guard."""
        found: dict[str, Range] = {}
        for change in changes:
            parameter = self._parameters.get(change.target) if isinstance(change, SetValues) else None
            low, high = (None, None) if parameter is None else ends(parameter_extent(parameter))
            if parameter is not None and isinstance(low, int | Fraction) and isinstance(high, int | Fraction):
                guard = self._guards.get(parameter.id)
                least, most = (None, None) if guard is None else (guard.least, guard.most)
                found[parameter.id] = (
                    low if least is None else max(low, least),
                    high if most is None else min(high, most),
                )
        return found

    def _promise(self, effect: Effect, changes: tuple[Change, ...]) -> Promise:
        """Alone; where they cannot be without others of the overlay, which both sides then have."""
        apart = {id(one) for one in changes}
        rest = [one for one in self.overlay.changes if id(one) not in apart]
        reads = [one for one in rest if self._promised[id(one)] is None and _is_read_only(one)]
        span = _last(changes)
        for alone, below in ((True, reads), (False, rest)):
            one, other = self.side(below), self.side([*below, *changes])
            if self.is_sound(one) and self.is_sound(other):
                found = keeps(one, other, self.places, _AGAINST[effect], self._ranges(changes), self._own)
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
            # what it opens to the levels above decides nobody, and may name what is left out here
            above = replace(self.overlay, changes=written, local=None)
            chain = replace(self._chain, overlays=(*self._before, above))
            ids = self._chain.ids
            slices = Slices(self._library, {ids: chain}, beside=self._slices)
            self._sides[key] = Side(self.overlay.header.id, slices, self.places, lambda _: ids)
        return self._sides[key]


def _last(changes: Sequence[Change]) -> Span:
    """Where the last of them stands in the file: with it, they are what they are."""
    return max((change.origin.span for change in changes), key=lambda span: span.start)


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
