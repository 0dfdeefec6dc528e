"""Cases that are asked about at once: both sides have the same rules there, and the same values but for those that may
be anything within their range.

In: `Case`s.  Out: `Group`s. A value is free where both sides look up the same, in every case of the group, and it is
not the same in all of them: then what is proved holds of whatever is published next, too.
Imports policy, program, language and this floor's sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final

from engine.gathered import gathered
from engine.language import core
from engine.language.references import core_walk
from engine.language.types import Choice, Place, Quantity
from engine.program.granularity import common, parameter_steps
from engine.program.link import program_of
from engine.program.model import HOUSEHOLD, Program
from engine.proof.sides import Case, is_alike, looked_up_as_of_days, published
from engine.proof.world import Where
from engine.records import dataclass

MOST_MEMBERS: Final = 8
MOST_OTHERS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Attributes:
    cases: the latest days first.
    free: of each parameter that is free the part of one in which its values move.
    days: the first and the last that may be meant where all its days are asked about at once; those of its cases.
    """

    cases: tuple[Case, ...]
    free: Mapping[str, Fraction]
    days: tuple[date, date] | None = None

    @property
    def programs(self) -> tuple[Program, Program]:
        one, other = self.cases[0].policies
        return program_of(one), program_of(other)

    @property
    def where(self) -> Where:
        """All its days at once."""
        days = self.days or days_of(self.cases)
        return Where((self.cases[0].place,), *days)


def days_of(cases: Iterable[Case]) -> tuple[date, date]:
    """From the first of all to the last."""
    held = list(cases)
    return min(case.first for case in held), max(case.last for case in held)


def groups(cases: Iterable[Case], *, every: bool = False, apart: Iterable[str] = ()) -> list[Group]:
    """Every case in one group, the latest first.

    Args:
        every: whatever both sides look up alike is free, whether or not it is the same in all cases.
        apart: but for these.
    """
    by_rules: dict[object, list[Case]] = gathered((_rules(case), case) for case in cases)
    found = []
    for held in by_rules.values():
        free = _free(held, every=every) - {*apart}
        for alike in gathered((_rest(case, free), case) for case in held).values():
            latest = sorted(alike, key=_lateness, reverse=True)
            found.append(Group(tuple(latest), _steps(latest, free)))
    return sorted(found, key=lambda group: _lateness(group.cases[0]), reverse=True)


def _lateness(case: Case) -> tuple[bool, date, str]:
    """By all that was ever published, what was known on some day being last."""
    return case.known_on is None, case.first, case.place


def all_free(case: Case, fixed: str = "") -> Group:
    """One case, every value that is an amount and is simply looked up being free, but for one that is `fixed`."""
    program = program_of(case.policies[0])
    free = frozenset(
        id
        for id, table in case.tables[0].parameters.items()
        if isinstance(table.parameter.type, Quantity) and id != fixed and id not in not_simple(program)
    )
    return Group((case,), _steps((case,), free))


def _rules(case: Case) -> object:
    programs = tuple(program_of(policy) for policy in case.policies)
    place = case.place if any(asks_where(program) for program in programs) else ""
    return (*(id(program) for program in programs), place)


def freed(group: Group, *, local: bool = False) -> Group:
    """Also the amounts that no case has on either side: they may be anything.

    Args:
        local: also those that differ by place, which have the same rules on both sides.
    """
    case = group.cases[0]
    apart = {id for program in group.programs for id in not_simple(program)}
    places = {
        id for id, table in group.programs[0].outside.tables.items() if any(isinstance(k, Place) for k in table.keys)
    }
    open_ = [
        id
        for id, table in case.tables[0].parameters.items()
        if id not in apart and isinstance(table.parameter.type, Quantity)
        if id in case.tables[1].parameters and _is_alike(case, id)
        if (local and id in places)
        or not any(tables.parameters[id].cells for one in group.cases for tables in one.tables)
    ]
    return replace(group, free={**group.free, **_steps(group.cases, frozenset(open_))})


@lru_cache(maxsize=256)
def asks_where(program: Program) -> bool:
    """Whether the place counts otherwise than to look up what is published for it."""
    places = {one.id for one in program.collections[HOUSEHOLD].inputs if one.role == "place"}
    for step in program.every:
        waiting: list[core.CoreExpression] = [step.core]
        while waiting:
            node = waiting.pop()
            if isinstance(node, core.Fact) and node.collection == HOUSEHOLD and node.id in places:
                return True
            keys = node.keys if isinstance(node, core.Lookup) else ()
            waiting.extend(one for one in core.operands(node) if not (one in keys and isinstance(one, core.Fact)))
    return False


def _free(cases: Sequence[Case], *, every: bool) -> frozenset[str]:
    """The parameters that may be free: both sides have the same in each case, but not the same in all cases."""
    one = cases[0]
    left_out = {id for policy in one.policies for id in not_simple(program_of(policy))}
    shared = one.tables[0].parameters.keys() & one.tables[1].parameters.keys()
    return frozenset(
        id
        for id in shared - left_out
        if isinstance(one.tables[0].parameters[id].parameter.type, Quantity) and _is_alike(one, id)
        if all(_told(case, 0, id) == _told(case, 1, id) for case in cases)
        if every or len({_told(case, 0, id) for case in cases}) > 1
    )


def _is_alike(case: Case, id: str) -> bool:
    """Whether both sides mean the same by a number of it."""
    return is_alike(*(tables.parameters[id].parameter for tables in case.tables))


@lru_cache(maxsize=256)
def not_simple(program: Program) -> frozenset[str]:
    """The parameters that are looked up otherwise than by places and options."""
    return frozenset(
        node.parameter
        for step in program.every
        for node in core_walk(step.core)
        if isinstance(node, core.Lookup) and not _is_simple(node)
    )


def _is_simple(node: core.Lookup) -> bool:
    return not node.marginal and all(isinstance(key.type, Choice | Place) for key in node.keys)


def _told(case: Case, side: int, id: str) -> object:
    table = case.tables[side].parameters[id]
    return frozenset(published(case.policies[side], table, case.place).items()), table.unknown


def _rest(case: Case, free: frozenset[str]) -> object:
    """All else that is looked up."""
    return tuple(
        (
            tuple((id, _told(case, side, id)) for id in tables.parameters if id not in free),
            tuple(tables.lists_by_slot),
            tables.options,
            _elsewhen(case, side, free),
        )
        for side, tables in enumerate(case.tables)
    )


def _elsewhen(case: Case, side: int, free: frozenset[str]) -> object:
    """What looks up as of other days has to be asked by itself, place by place."""
    dated = looked_up_as_of_days(program_of(case.policies[side])) - free
    return (case.place, case.known_on, id(case.policies[side])) if dated else None


def _steps(cases: Sequence[Case], free: frozenset[str]) -> dict[str, Fraction]:
    each = [parameter_steps(policy) for policy in {id(one): one for case in cases for one in case.policies}.values()]
    return {id: common(steps.get(id, Fraction(1)) for steps in each) or Fraction(1) for id in sorted(free)}


def sizes_of(programs: Sequence[Program], most: int, others: int) -> list[dict[str, tuple[int, int]]]:
    """The cases of how many items there are, the fewest first: a number each for what is counted where it divides, or
    picks a value; the rest at most so many."""
    ids = dict.fromkeys(id for program in programs for id in program.collections if id != HOUSEHOLD)
    found: list[dict[str, tuple[int, int]]] = [{}]
    for id in ids:
        least = max(program.collections[id].least for program in programs if id in program.collections)
        gone_over = any((id, "") in program.used for program in programs)
        limit = max(least, (most if least else others) if gone_over else least)
        if gone_over and any(id in _divides(program) for program in programs):
            found = [{**one, id: (size, size)} for size in range(least, limit + 1) for one in found]
        else:
            found = [{**one, id: (least, limit)} for one in found]
    return sorted(found, key=lambda one: sum(size for _, size in one.values()))


@lru_cache(maxsize=256)
def _divides(program: Program) -> frozenset[str]:
    """The collections whose count divides, multiplies, or is a key."""
    counts: dict[tuple[str, int], frozenset[str]] = {}

    def counted(node: core.CoreExpression) -> frozenset[str]:
        return frozenset(
            id
            for one in core_walk(node)
            for id in (
                {one.collection}
                if isinstance(one, core.Aggregate) and one.kind == "count"
                else counts.get((one.collection, one.slot), ())
                if isinstance(one, core.TermValue)
                else ()
            )
        )

    found: set[str] = set()
    for step in program.every:
        counts[step.collection, step.slot] = counted(step.core)
        for node in core_walk(step.core):
            match node:
                case core.Quotient(right=right):
                    found |= counted(right)
                case core.Product(left=left, right=right):
                    found |= counted(left) | counted(right)
                case core.Lookup(keys=keys):
                    for key in keys:
                        found |= counted(key)
                case _:
                    pass
    return frozenset(found)
