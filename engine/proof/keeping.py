"""Whether one side never differs from another in one direction, by whatever is known and whatever is published next.

In: two `Side`s, a direction.  Out: a proof with what it is about, a household of which it is not so, or why neither was
found. What says most is tried first: any value within its range, then those that the overlay itself publishes as they
are, then all as they are published; and in each families of any size before those up to a size.
Imports policy, program, language and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from engine.language.types import Quantity
from engine.policy.checked import CheckedPolicy
from engine.program.link import program_of
from engine.proof.anysize import AnySize
from engine.proof.compared import Asking
from engine.proof.groups import MOST_MEMBERS, MOST_OTHERS, Group, freed, groups, not_simple
from engine.proof.lookups import Range
from engine.proof.results import Bound, Contradiction, Direction, Found, Goal, Proved, Unsettled, Witness, all_of
from engine.proof.sides import Case, Pairing, Side, published

OUTCOME = Goal("outcome", "")


def keeps(
    one: Side, other: Side, places: Iterable[str], against: Direction, within: Mapping[str, Range], own: Iterable[str]
) -> Found | None:
    """Whether no household's outcome differs that way; None where the sides never decide at once.

    Args:
        within: of parameters that only the second side sets the range in which whatever it sets lies.
        own: the parameters whose values the overlay publishes.
    """
    pairing = Pairing(one, other)
    # what is free need not be asked by what was known of it
    cases = tuple(pairing.cases(places, known_open=True, free=_Alike(frozenset())))
    if not cases:
        return None
    moved = {id: ends for id, ends in within.items() if all(_lies_within(case, id, ends) for case in cases)}
    kept = _of_any_size(groups(cases, every=True, apart=moved), against, moved) if moved else None
    kept = kept or _by_any_value(groups(cases, every=True), against)
    by_it = frozenset(own)
    if kept is None and any(by_it & case.tables[1].parameters.keys() for case in cases):
        cases = tuple(pairing.cases(places, known_open=True, free=_Alike(by_it)))
        kept = _by_any_value(groups(cases, every=True, apart=by_it), against)
    if kept is None:
        return _by_what_is_published(tuple(pairing.cases(places, known_open=True)), against)
    return kept if _is_anybody_decided(cases, against) else Unsettled("nothing-decided")


class _Alike:
    """The amounts that two policies look up alike, whatever was known.

    Args:
        but: left out.
    """

    def __init__(self, but: frozenset[str]) -> None:
        self._but = but
        self._known: dict[tuple[int, int], frozenset[str]] = {}

    def __call__(self, one: CheckedPolicy, other: CheckedPolicy) -> frozenset[str]:
        key = id(one), id(other)
        if key not in self._known:
            apart = {*self._but, *not_simple(program_of(one)), *not_simple(program_of(other))}
            parameters, rivals = (policy.merged.elements.parameters for policy in (one, other))
            self._known[key] = frozenset(
                id
                for id in parameters.keys() & rivals.keys() - apart
                if isinstance(parameters[id].type, Quantity) and one.dated.tables[id] == other.dated.tables[id]
            )
        return self._known[key]


def _of_any_size(held: Sequence[Group], against: Direction, moved: Mapping[str, Range]) -> Proved | None:
    if all(AnySize(group, moved).never(OUTCOME, against) for group in held):
        return Proved(all_of([Bound({}, tuple(sorted({*group.free, *moved})), any_size=True) for group in held]))
    return None


def _is_anybody_decided(cases: Sequence[Case], against: Direction) -> bool:
    return any(Asking(freed(group), 1, 1).decides(OUTCOME, against) for group in groups(cases))


def _by_any_value(held: Sequence[Group], against: Direction) -> Proved | None:
    """Whatever the free values are; of any size, or else of up to one."""
    found = [_of_any_size([group], against, {}) or _up_to_a_size(group, against) for group in held]
    kept = [one.bound for one in found if one is not None]
    return Proved(all_of(kept)) if len(kept) == len(found) else None


def _up_to_a_size(group: Group, against: Direction) -> Proved | None:
    bound = Asking(group, MOST_MEMBERS, MOST_OTHERS).by_any_value(OUTCOME, against)
    return None if bound is None else Proved(bound)


def _by_what_is_published(cases: Sequence[Case], against: Direction) -> Found:
    """By the values that are published; where nobody is decided by some, by the others."""
    left: Unsettled | None = None
    bounds: list[Bound] = []
    for each in groups(cases):
        match found := Asking(freed(each), MOST_MEMBERS, MOST_OTHERS).settle(OUTCOME, against):
            case Witness() | Contradiction():
                return found
            case Unsettled(reason="nothing-decided"):
                pass
            case Unsettled():
                left = left or found
            case Proved(bound=held):
                bounds.append(held)
    if left is None and not bounds:
        return Unsettled("nothing-decided")  # of nobody anything could be proved
    return left or Proved(all_of(bounds))


def _lies_within(case: Case, id: str, ends: Range) -> bool:
    """Whether all that the second side has published lies within."""
    table = case.tables[1].parameters.get(id)
    if table is None:
        return False
    low, high = ends
    values = published(case.policies[1], table, case.place).values()
    return all(isinstance(value, int | Fraction) and low <= value <= high for value in values)
