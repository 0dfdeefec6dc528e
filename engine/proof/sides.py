"""One of two rule sets: which policy it makes for a place on a day, and until when.

In: policy files, with the chain that is meant at each place.  Out: checked policies. What only one of two sides
publishes for a place, both have: then the rules are compared, not what somebody has not entered.
Imports policy, program and evaluation (what is in force).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from engine.evaluation.lookup import ParameterTable, Tables
from engine.evaluation.prepared import tables_on
from engine.language import core
from engine.language.references import core_walk
from engine.language.types import Place
from engine.policy.checked import CheckedPolicy
from engine.policy.keys import key_type
from engine.policy.model import Elements, KeyPart, Parameter
from engine.policy.slices import Slices
from engine.program.link import program_of
from engine.program.model import Program
from engine.records import dataclass

ChainAt = Callable[[str], "tuple[str, ...] | None"]
Alike = Callable[[CheckedPolicy, CheckedPolicy], "frozenset[str]"]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Attributes:
    name: what it is called where both are told.
    places: where it decides, in order.
    chain_at: the ids of its chain at a place.
    """

    name: str
    slices: Slices
    places: tuple[str, ...]
    chain_at: ChainAt

    def cell(self, place: str, day: date, known_on: date | None = None) -> tuple[CheckedPolicy | None, date]:
        """The policy of a place and day, and the last day until which it is sure to be that with the same values; None
        where none is in force there, or it has errors.

        Args:
            known_on: by what was known on that day; by all that was ever published, where it is not given.
        """
        ids = self.chain_at(place)
        chain = None if ids is None else self.slices.chain(ids)
        if ids is None or chain is None:
            return None, date.max
        origin = chain.root.header.origin
        if origin.start is not None and day < origin.start:
            return None, origin.start - timedelta(1)
        if origin.until is not None and day > origin.until:
            return None, date.max
        if known_on is not None and not origin.holds(day, known_on):
            return None, date.max
        stretch = self.slices.cuts(chain).stretch(place, day, known_on)
        policy, _ = self.slices.checked(ids, place, day, known_on)
        last = stretch.last if policy is None else min(stretch.last, policy.dated.lasting(day)[1])
        return policy, min(last, origin.until or date.max)

    def publications(self, place: str, day: date, policy: CheckedPolicy, but: frozenset[str]) -> set[date]:
        """The days on which something of a policy became known that counts in a place on a day."""
        ids = self.chain_at(place)
        chain = None if ids is None else self.slices.chain(ids)
        rows = policy.dated.publications(place, None if looked_up_as_of_days(program_of(policy)) else day, but)
        return {*rows, *(() if chain is None else self.slices.cuts(chain).known)}


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What both sides have at a place, on the days from the first to the last.

    Attributes:
        written: the policies as they are written.
        policies: these with what only the other publishes.
    known_on: by what was known on that day; None by all that was ever published.
    """

    place: str
    first: date
    last: date
    written: tuple[CheckedPolicy, CheckedPolicy]
    policies: tuple[CheckedPolicy, CheckedPolicy]
    tables: tuple[Tables, Tables]
    known_on: date | None = None


class Pairing:
    """The cases of two sides."""

    def __init__(self, one: Side, other: Side) -> None:
        self.sides = one, other
        self._shared: dict[tuple[int, int, frozenset[str]], tuple[CheckedPolicy, CheckedPolicy]] = {}

    def cases(self, places: Iterable[str], *, known_open: bool = False, free: Alike | None = None) -> Iterable[Case]:
        """Every place with every stretch of days on which both decide.

        Args:
            known_open: also by what was known on any day, wherever that is something else.
            free: the parameters of two policies of which it does not matter what was known.
        """
        for place in places:
            day = date.min
            while True:
                found = [side.cell(place, day) for side in self.sides]
                last = min(until for _, until in found)
                one, other = (policy for policy, _ in found)
                if one is not None and other is not None:
                    yield self._case(place, day, last, (one, other))
                    if known_open:
                        but = frozenset[str]() if free is None else free(one, other)
                        yield from self._known_then(place, day, last, (one, other), but)
                if last == date.max:
                    break
                day = last + timedelta(1)

    def _known_then(
        self,
        place: str,
        first: date,
        last: date,
        now: tuple[CheckedPolicy, CheckedPolicy],
        but: frozenset[str],
    ) -> Iterator[Case]:
        """The same days by what was known before each publication."""
        told = [side.publications(place, first, policy, but) for side, policy in zip(self.sides, now, strict=True)]
        seen = {_in_force(now, place, first, None)}
        for day in sorted({*told[0], *told[1]}, reverse=True):
            known_on = day - timedelta(1)
            one, other = (side.cell(place, first, known_on)[0] for side in self.sides)
            if one is None or other is None:
                continue  # nobody is decided by it
            held = _in_force((one, other), place, first, known_on)
            if held not in seen:
                seen.add(held)
                yield self._case(place, first, last, (one, other), known_on)

    def at(self, place: str, day: date) -> Case | None:
        """The case of one place and day; None where not both decide."""
        one, other = (side.cell(place, day)[0] if place in side.places else None for side in self.sides)
        return None if one is None or other is None else self._case(place, day, day, (one, other))

    def _case(
        self,
        place: str,
        first: date,
        last: date,
        policies: tuple[CheckedPolicy, CheckedPolicy],
        known_on: date | None = None,
    ) -> Case:
        one, other = policies
        tables = [tables_on(policy, place, first, known_on) for policy in policies]
        lacking = (
            _lacking(place, one, tables[0], other, tables[1]),
            _lacking(place, other, tables[1], one, tables[0]),
        )
        one, other = self._with(one, other, lacking[0]), self._with(other, one, lacking[1])
        return Case(
            place,
            first,
            last,
            policies,
            (one, other),
            (tables_on(one, place, first, known_on), tables_on(other, place, first, known_on)),
            known_on,
        )

    def _with(self, policy: CheckedPolicy, source: CheckedPolicy, ids: frozenset[str]) -> CheckedPolicy:
        """A policy with the values of some parameters as another has them."""
        if not ids:
            return policy
        key = id(policy), id(source), ids
        if key not in self._shared:
            elements = policy.merged.elements
            taken = {
                id: replace(held, blocks=source.merged.elements.parameters[id].blocks) if id in ids else held
                for id, held in elements.parameters.items()
            }
            merged = replace(policy.merged, elements=replace(elements, parameters=taken))
            self._shared[key] = replace(policy, merged=merged), source  # both are kept: their identities are the key
        return self._shared[key][0]


def _in_force(
    policies: tuple[CheckedPolicy, CheckedPolicy], place: str, day: date, known_on: date | None
) -> tuple[object, ...]:
    """Equal for days of knowledge by which both sides are the same, with the same values."""
    return tuple((id(policy), policy.dated.first(place, day, known_on)) for policy in policies)


def _lacking(place: str, policy: CheckedPolicy, mine: Tables, rival: CheckedPolicy, others: Tables) -> frozenset[str]:
    """The parameters of which one side has nothing for a place, and the other something."""
    return frozenset(
        id
        for id, table in mine.parameters.items()
        if (theirs := others.parameters.get(id)) is not None
        if is_alike(table.parameter, theirs.parameter)
        if not published(policy, table, place) and published(rival, theirs, place)
    )


def published(policy: CheckedPolicy, table: ParameterTable, place: str) -> dict[tuple[KeyPart, ...], object]:
    """The values in force for a place, by their keys without it."""
    elements = policy.merged.elements
    wheres = [at for at, part in enumerate(table.parameter.by) if isinstance(key_type(elements, part), Place)]
    if not wheres:
        return {key: held.cell.value for key, held in table.cells.items()}
    return {
        tuple(part for at, part in enumerate(key) if at not in wheres): held.cell.value
        for key, held in table.cells.items()
        if all(key[at] == place for at in wheres)
    }


def is_alike(one: Parameter, other: Parameter) -> bool:
    return (one.type, one.by, one.marginal) == (other.type, other.by, other.marginal)


@lru_cache(maxsize=256)
def looked_up_as_of_days(program: Program) -> frozenset[str]:
    """The parameters and lists that are looked up as of some day."""
    return frozenset(
        node.parameter if isinstance(node, core.Lookup) else node.list
        for step in program.every
        for node in core_walk(step.core)
        if isinstance(node, core.Lookup | core.InList | core.OverlapsList) and node.on is not None
    )


def fields_of(elements: Elements) -> Iterator[str]:
    """What a household may hold."""
    yield from elements.facts
    for held in elements.collections.values():
        yield from held.fields()
