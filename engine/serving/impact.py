"""Households under two rule sets: who gains, who loses, by place, cause and amount, and by which condition.

In: two sets of policies, households.  Out: `Impact`, as pages and files print it. Nothing is decided here: two
decisions of the engine are held against each other, as `doudi screen --against` does for whole provinces.
Imports api, evaluation, reporting and below.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from typing import Final, TypeAlias

from engine.api import Policies
from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.evaluation.decision import ConditionFinding, Decision, Finding, Outcome
from engine.evaluation.figures import Measure
from engine.evaluation.shifts import Kind, kind_of
from engine.evaluation.told import OutputFinding
from engine.policy.model import Origin
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that no household could be read from, or what is to be known of a table as a whole (a note of it)."""

    household: str
    fault: Diagnostic


Given: TypeAlias = dict[str, object] | bytes | Unread
MOST_LISTED: Final = 200
"""changed households that are told one by one"""


@dataclass(frozen=True, slots=True)
class Because:
    """What turned an answer: a condition or requirement that was found otherwise, or a cause where none was.

    Attributes:
        owner: the label of its cause, or "".
        origin: where it stands in the rules that find it so; of one that is no more, where it stood.
    """

    key: str
    owner: str
    label: str
    before: Finding | None
    after: Finding | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount of a household under both; None where it has no certain value."""

    id: str
    label: str
    measure: Measure
    before: Fraction | None
    after: Fraction | None

    @property
    def difference(self) -> Fraction | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Changed:
    household: str
    place: str
    kind: Kind
    before: Outcome | None
    after: Outcome | None
    because: tuple[Because, ...]
    figures: tuple[Figure, ...]


@dataclass(slots=True)
class Sum:
    """Of one amount: how many households have more and less of it, and by how much in all."""

    label: str
    measure: Measure
    more: int = 0
    less: int = 0
    by: Fraction = Fraction(0)


@dataclass(slots=True)
class Refusals:
    """Households that are refused for reasons of one kind: how many, and the first of them as an example."""

    household: str
    fault: Diagnostic
    count: int = 0


@dataclass(slots=True)
class Impact:
    """
    Attributes:
        refused: households that one of the two refuses; they are counted, and compared with nothing.
        refusals: by code, why.
        notes: what was passed over of the tables that households came from.
        causes: of those who gain the causes that are met now, of those who lose the causes that were.
        becauses: what turned an answer, by key, the most frequent ones first when they are read.
    """

    households: int = 0
    refused: int = 0
    refusals: dict[str, Refusals] = field(default_factory=dict)
    notes: list[Diagnostic] = field(default_factory=list)
    whole: Counter[Kind] = field(default_factory=Counter)
    places: dict[str, Counter[Kind]] = field(default_factory=dict)
    causes: dict[str, Counter[Kind]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    turning: dict[str, Because] = field(default_factory=dict)
    turned: dict[str, Counter[Kind]] = field(default_factory=dict)
    sums: dict[str, Sum] = field(default_factory=dict)
    changed: list[Changed] = field(default_factory=list)

    @property
    def touched(self) -> int:
        return sum(self.whole.values())

    def refuse(self, household: str, fault: Diagnostic) -> None:
        self.refused += 1
        self.refusals.setdefault(fault.code, Refusals(household, fault)).count += 1

    def add(self, one: Changed, causes: Mapping[str, str]) -> None:
        self.whole[one.kind] += 1
        self.places.setdefault(one.place, Counter())[one.kind] += 1
        for id_, label in causes.items():
            self.labels[id_] = label
            self.causes.setdefault(id_, Counter())[one.kind] += 1
        for because in one.because:
            self.turning.setdefault(because.key, because)
            self.turned.setdefault(because.key, Counter())[one.kind] += 1
        for figure in one.figures:
            difference = figure.difference
            if difference:
                held = self.sums.setdefault(figure.id, Sum(figure.label, figure.measure))
                held.more += difference > 0
                held.less += difference < 0
                held.by += difference
        if len(self.changed) < MOST_LISTED:
            self.changed.append(one)


def impact(before: Policies, after: Policies, households: Iterable[Given], as_of: date | None = None) -> Impact:
    """
    Args:
        as_of: the day whose rules are held against each other; of each household that of its application without it.
    """
    found = Impact()
    for household in households:
        if isinstance(household, Unread) and household.fault.severity != "error":
            found.notes.append(household.fault)
            continue
        found.households += 1
        if isinstance(household, Unread):
            found.refuse(household.household, household.fault)
            continue
        try:
            one, other = (policies.evaluate(household, as_of=as_of) for policies in (before, after))
        except HouseholdError as refused:
            found.refuse(_named(household, found.households), refused.diagnostics[0])
            continue
        changed = changed_by(one, other)
        if changed is not None:
            met = {"gains": other, "loses": one}.get(changed.kind)
            found.add(changed, {} if met is None else _met(met))
    return found


def changed_by(before: Decision, after: Decision) -> Changed | None:
    """None where nothing is answered otherwise."""
    figures = tuple(_figures(before, after))
    if before.outcome is after.outcome and not figures:
        return None
    because = () if before.outcome is after.outcome else tuple(_because(before, after))
    kind = kind_of(before.outcome, after.outcome)
    return Changed(after.household, after.place, kind, before.outcome, after.outcome, because, figures)


def _named(household: dict[str, object] | bytes, number: int) -> str:
    """What it calls itself, or its number."""
    told = household.get("id") if isinstance(household, dict) else None
    return told if isinstance(told, str) and told else f"#{number}"


def _met(decision: Decision) -> dict[str, str]:
    return {id_: one.declared.label for id_, one in decision.causes.items() if one.finding is Finding.MET}


def _because(before: Decision, after: Decision) -> Iterator[Because]:
    """The conditions that changed within causes that changed, and the requirements that did; where none did, the
    causes."""
    told = [*_conditions(before, after)]
    if told:
        yield from told
        return
    for id_ in dict.fromkeys([*before.causes, *after.causes]):
        one, other = before.causes.get(id_), after.causes.get(id_)
        was, now = (None if held is None else held.finding for held in (one, other))
        held = other or one
        if was is not now and held is not None:
            yield Because(f"causes.{id_}", "", held.declared.label, was, now, held.declared.origin)


def _conditions(before: Decision, after: Decision) -> Iterator[Because]:
    yield from _turned("", "", before.requirements, after.requirements)
    for id_ in dict.fromkeys([*before.causes, *after.causes]):
        one, other = before.causes.get(id_), after.causes.get(id_)
        if one is None or other is None or one.finding is not other.finding:
            held = other or one
            assert held is not None, "one of the two has it"
            conditions = ({} if cause is None else cause.conditions for cause in (one, other))
            yield from _turned(id_, held.declared.label, *conditions)


def _turned(
    cause: str, owner: str, before: Mapping[str, ConditionFinding], after: Mapping[str, ConditionFinding]
) -> Iterator[Because]:
    for id_ in dict.fromkeys([*before, *after]):
        one, other = before.get(id_), after.get(id_)
        was, now = (None if held is None else held.finding for held in (one, other))
        held = other or one
        if was is not now and held is not None:
            yield Because(f"{cause}.{id_}", owner, held.declared.label, was, now, held.declared.origin)


def _figures(before: Decision, after: Decision) -> Iterator[Figure]:
    """Amounts that both work out and that differ."""
    for id_, one in before.outputs.items():
        other = after.outputs.get(id_)
        if other is not None and (one.value != other.value or one.items != other.items):
            yield Figure(id_, other.declared.label, other.measure, _known(one), _known(other))


def _known(found: OutputFinding) -> Fraction | None:
    """Of a figure of each item, which has no value of its own, None."""
    value = found.value
    return Fraction(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None
