"""What of a household can be otherwise, and how far: each fact as a row of positions from its least to its greatest.

In: the facts of a household.  Out: an `Axis` for each fact that the answer can rest on. A position of an amount is the
amount in its smallest written step, that of a date its day, that of a truth or a choice its place among the options.
Not among them: who the household and its items are, where and when it applies (these say which rules are asked),
private facts, texts, and references to items.
Imports policy, language, evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import TypeAlias, assert_never, cast

from engine.evaluation.facts import FactPlace, path_of, written_steps
from engine.evaluation.figures import plain_number
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.values import UNKNOWN, Unknown, Value, ends, interval, is_known
from engine.policy.extent import fact_extent
from engine.policy.model import Elements, Fact
from engine.records import dataclass
from engine.whatif.ground import Ground

Span: TypeAlias = tuple[int, int]
"""positions from the first to the last"""


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """Attributes:
    options: of a truth, a choice or a set the values at its positions; empty for amounts and dates, which are their
        own positions.
    now: the position it has; None where it is not known.
    """

    place: FactPlace
    fact: Fact
    whole: Span
    options: tuple[Value, ...]
    now: int | None

    @property
    def path(self) -> str:
        return path_of(self.place)

    @property
    def is_ordered(self) -> bool:
        return not self.options

    def value(self, span: Span) -> Value:
        """What stands for all of these positions."""
        low, high = span
        if self.options:
            return self.options[low] if low == high else UNKNOWN
        if isinstance(self.fact.type, DateType):
            return interval(date.fromordinal(low), date.fromordinal(high))
        return interval(low, high)

    def position(self, value: object) -> int:
        if self.options:
            return self.options.index(cast("Value", value))
        return value.toordinal() if isinstance(value, date) else cast("int", value)

    def sides(self) -> Iterator[tuple[Span, bool]]:
        """The stretches that it can change to, each with whether its greatest position is the nearest."""
        assert self.now is not None
        if self.options:
            yield from (((one, one), False) for one in range(len(self.options)) if one != self.now)
            return
        low, high = self.whole
        if low < self.now:
            yield (low, self.now - 1), True
        if self.now < high:
            yield (self.now + 1, high), False

    def as_json(self, position: int) -> object:
        """As the household's JSON has it: amounts as a text, so that none passes through a float."""
        value = self.value((position, position))
        match value:
            case bool() | str():
                return value
            case int() | Fraction():
                return str(plain_number(Fraction(value) / written_steps(self.fact)))
            case date():
                return value.isoformat()
            case frozenset():
                return sorted(value)
        raise AssertionError("a position is one value")


def axes_of(ground: Ground) -> tuple[list[Axis], list[Fact]]:
    """The axes in the order of the document, and the facts that the answer can rest on but that are none."""
    found: list[Axis] = []
    left_out: dict[tuple[str, str], Fact] = {}
    elements, facts = ground.prepared.policy.merged.elements, ground.facts
    for place, fact, value in _facts(elements, facts.household, facts.items):
        if (place[0], place[2]) not in ground.program.deciding or fact.role:
            continue
        axis = None if fact.private else _axis(place, fact, value)
        if axis is None:
            left_out.setdefault((place[0], place[2]), fact)
        else:
            found.append(axis)
    return found, list(left_out.values())


def _facts(
    elements: Elements, household: Mapping[str, Value], items: Mapping[str, tuple[Mapping[str, Value], ...] | Unknown]
) -> Iterator[tuple[FactPlace, Fact, Value]]:
    for id, fact in elements.facts.items():
        yield ("", -1, id), fact, household[id]
    for collection in elements.collections.values():
        given = items[collection.id]
        for index, item in enumerate(() if isinstance(given, Unknown) else given):
            for id, fact in collection.facts.items():
                yield (collection.id, index, id), fact, item[id]


def _axis(place: FactPlace, fact: Fact, value: Value) -> Axis | None:
    match fact.type:
        case Quantity():
            low, high = cast("tuple[int, int]", ends(fact_extent(fact)))
            known = value if isinstance(value, int) else None
            return Axis(place, fact, (ceil(low), floor(high)), (), known)
        case DateType():
            first, last = cast("tuple[date, date]", ends(fact_extent(fact)))
            day = value.toordinal() if isinstance(value, date) else None
            return Axis(place, fact, (first.toordinal(), last.toordinal()), (), day)
        case Truth():
            return _among(place, fact, (False, True), value)
        case Choice(options=options):
            return _among(place, fact, tuple(id for id, _ in options), value)
        case Several(of=Choice(options=options)):
            held = value if isinstance(value, frozenset) else frozenset()
            return _among(place, fact, (held, *(held ^ {id} for id, _ in options)), value)
        case Several() | Text() | Place() | ItemOf():
            return None
    assert_never(fact.type)


def _among(place: FactPlace, fact: Fact, options: tuple[Value, ...], value: Value) -> Axis:
    return Axis(place, fact, (0, len(options) - 1), options, options.index(value) if is_known(value) else None)
