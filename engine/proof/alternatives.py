"""What makes no difference: a change of an overlay without which all comes to the same, and options of a reading that
never differ in outcome.

In: a `Library`, and the cases of its rules.  Out: `Idle`s and `Alike`s, and what was `Left` unsettled. Both are
comparisons: of an overlay with and without its change, of the rules with one option and with another.
Imports policy, evaluation (what is in force) and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from typing import TypeAlias

from engine.evaluation.prepared import tables_on
from engine.gathered import gathered
from engine.policy.checked import CheckedPolicy
from engine.policy.loader import Library
from engine.policy.model import AddElement, Change, Reading, SetValues, dated_origin
from engine.proof.compared import Asking
from engine.proof.findings import Alike, Idle, Left, telling
from engine.proof.groups import Group, freed, groups
from engine.proof.keeping import OUTCOME
from engine.proof.promises import Overlaid, overlaid
from engine.proof.question import DIRECTIONS
from engine.proof.results import Contradiction, Direction, Found, Goal, Proved, Unsettled, Witness, all_of
from engine.proof.scope import BEYOND, Scope
from engine.proof.sides import Case, Pairing, published
from engine.records import dataclass
from engine.source import Span

_Made: TypeAlias = dict[tuple[int, str], CheckedPolicy]
"""policies by that from which they were made, and an option"""
_BEARING = ("requirements", "causes")
"""kinds of added elements that decide by being there; what others do is told by who reads them"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Up to how many items a proof is about: of lists that are never empty, and of all others."""

    members: int
    others: int


# ---- changes of overlays


def idle_changes(library: Library, ids: Iterable[str], sizes: Sizes) -> Iterator[Idle | Left | Contradiction]:
    for one in overlaid(library, ids):
        yield from _idle(one, sizes)


def _idle(over: Overlaid, sizes: Sizes) -> Iterator[Idle | Left | Contradiction]:
    """What stands at one place is one change: a cause that joins others makes several."""
    changes = over.overlay.changes
    whole = over.side(changes)
    name = over.overlay.header.title
    for span, held in gathered((_span(change), change) for change in changes).items():
        if all(isinstance(one, AddElement) and one.kind not in _BEARING for one in held):
            continue
        apart = {id(one) for one in held}
        without = over.side([one for one in changes if id(one) not in apart])
        if not over.is_sound(without):
            continue  # others rest on it
        cases = tuple(Pairing(without, whole).cases(over.places))
        set_ = [one.target for one in held if isinstance(one, SetValues)]
        if not cases or any(_publishes(case, target) for case in cases for target in set_):
            continue
        match _same_by_any_reading(cases, sizes):
            case Proved(bound=bound):
                yield Idle(over.overlay.header.id, span, bound, telling(cases))
            case Unsettled(reason="nothing-decided") | Witness() | None:
                pass  # that nobody is decided is told of the rules as a whole
            case Unsettled(reason=reason, span=at):
                yield Left(name, reason, at or span)
            case Contradiction() as found:
                yield found


def _span(change: Change) -> Span:
    return dated_origin(change).span


def _publishes(case: Case, id: str) -> bool:
    """Whether it gives values where there are none without it."""
    before, after = (tables_on(policy, case.place, case.first, None).parameters.get(id) for policy in case.written)
    if before is None or after is None:
        return True
    one, other = case.written
    return not published(one, before, case.place) and bool(published(other, after, case.place))


def _same_by_any_reading(cases: Sequence[Case], sizes: Sizes) -> Found | None:
    """With the readings as they are chosen, and with any one of them chosen otherwise."""
    found = _same(cases, sizes)
    bounds = [found.bound] if isinstance(found, Proved) else []
    readings = {id: one for case in cases for id, one in case.policies[1].merged.elements.readings.items()}
    for id, reading in readings.items():
        for option, _ in reading.type.options:
            if not isinstance(found, Proved):
                return found
            made: _Made = {}
            found = _same([_chosen(case, id, (option, option), made) for case in cases], sizes)
            bounds += [found.bound] if isinstance(found, Proved) else []
    if isinstance(found, Proved):  # a change for larger families is one
        found = _same(cases, Sizes(BEYOND * sizes.members, sizes.others))
    return Proved(all_of(bounds)) if isinstance(found, Proved) else found


def _same(cases: Sequence[Case], sizes: Sizes) -> Found | None:
    """A household for which something differs, or a proof that there is none; None where some values make a difference,
    and none are published."""
    asked = [_Asked(group, sizes) for group in groups(cases)]
    goals = list(dict.fromkeys(goal for each in asked for goal in each.goals))
    return _together(each.settle(goal, way) for goal in goals for way in DIRECTIONS for each in asked)


class _Asked:
    """What is asked of a group of cases; values that are published nowhere may be anything."""

    def __init__(self, group: Group, sizes: Sizes) -> None:
        self._group = freed(group)
        self._sizes = sizes
        self._asking = Asking(self._group, sizes.members, sizes.others)

    @property
    def goals(self) -> Iterator[Goal]:
        return self._asking.goals

    def settle(self, goal: Goal, way: Direction) -> Found | None:
        """None for a proof that says nothing: no household is decided there."""
        found = self._asking.settle(goal, way)
        if not isinstance(found, Proved):
            return found
        by_any_value = found.bound.free == tuple(self._group.free)
        counts = self._scope.decides == "published" or (by_any_value and self._scope.decides)
        return found if counts else None

    @cached_property
    def _scope(self) -> Scope:
        """Of the second side."""
        alone = tuple(
            replace(case, policies=(case.policies[1],) * 2, tables=(case.tables[1],) * 2) for case in self._group.cases
        )
        return Scope(replace(self._group, cases=alone), self._sizes.members, self._sizes.others)


def _settled(asked: Sequence[_Asked], goal: Goal, way: Direction) -> Found | None:
    return _together(each.settle(goal, way) for each in asked)


def _together(settled: Iterable[Found | None]) -> Found | None:
    """A household where somewhere there is one; a proof where all are one."""
    left: Unsettled | None = None
    bounds = []
    for found in settled:
        match found:
            case Witness() | Contradiction() | None:
                return found
            case Unsettled():
                left = left or found
            case Proved(bound=bound):
                bounds.append(bound)
    return left or Proved(all_of(bounds))


# ---- readings


def alike_readings(cases: Sequence[Case], sizes: Sizes) -> Iterator[Alike | Left | Contradiction]:
    """Of rules with an outcome, the options that never differ in it; else in no figure."""
    readings = {one.origin.span: one for case in cases for one in case.policies[0].merged.elements.readings.values()}
    for reading in readings.values():
        having = [case for case in cases if reading.id in case.policies[0].merged.elements.readings]
        for one, other in combinations(reading.type.options, 2):
            made: _Made = {}
            pairs = [
                _chosen(replace(case, policies=(case.policies[0],) * 2), reading.id, (one[0], other[0]), made)
                for case in having
            ]
            asked = [_Asked(group, sizes) for group in groups(pairs)]
            yield from _alike(reading, (one[1], other[1]), asked, telling(having))


def _alike(
    reading: Reading, options: tuple[str, str], asked: Sequence[_Asked], case: Case
) -> Iterator[Alike | Left | Contradiction]:
    goals = list(dict.fromkeys(goal for each in asked for goal in each.goals))
    decisive = [OUTCOME] if OUTCOME in goals else goals
    bounds = []
    for goal in decisive:
        for way in DIRECTIONS:
            match _settled(asked, goal, way):
                case Proved(bound=bound):
                    bounds.append(bound)
                case Witness() | None:
                    return
                case Contradiction() as found:
                    yield found
                    return
                case Unsettled(reason="nothing-decided"):
                    return
                case Unsettled(reason=reason, span=span):
                    yield Left(reading.label, reason, span or reading.origin.span)
                    return
    differing: list[tuple[Goal, str, Witness]] = []
    open_: list[str] = []
    for goal in (one for one in goals if one not in decisive):
        for way in DIRECTIONS:
            differs = _settled(asked, goal, way)
            if isinstance(differs, Witness):
                differing.append((goal, _label(goal, differs.case), differs))
                break
            if isinstance(differs, Contradiction):
                yield differs
            elif isinstance(differs, Unsettled):
                open_.append(goal.id)
    yield Alike(reading, options, all_of(bounds), case, tuple(differing), tuple(dict.fromkeys(open_)))


def _label(goal: Goal, case: Case) -> str:
    elements = case.policies[1].merged.elements
    return (elements.causes if goal.kind == "cause" else elements.outputs)[goal.id].label


def _chosen(case: Case, reading: str, options: tuple[str, str], made: _Made) -> Case:
    """A case with an option of a reading on either side, where the side has that reading."""
    policies = []
    for policy, option in zip(case.policies, options, strict=True):
        key = id(policy), option
        if key not in made:
            made[key] = _with_option(policy, reading, option)
        policies.append(made[key])
    one, other = policies
    tables = [tables_on(each, case.place, case.first, None) for each in policies]
    return replace(case, written=(one, other), policies=(one, other), tables=(tables[0], tables[1]))


def _with_option(policy: CheckedPolicy, id: str, option: str) -> CheckedPolicy:
    elements = policy.merged.elements
    if id not in elements.readings:
        return policy
    chosen = replace(elements.readings[id], chosen=option, settings=())
    readings = {**elements.readings, id: chosen}
    return replace(policy, merged=replace(policy.merged, elements=replace(elements, readings=readings)))
