"""Whether one side never differs from another in one direction, by whatever is known and whatever is published next.

In: two `Side`s, a direction.  Out: a proof with what it is about, a household of which it is not so, or why neither was
found. What says most is tried first, for one set of rules after the other: families of any size before those up to a
size, and in each any value within its range before those that the overlay itself publishes; all values as they are
published come last.
Imports policy and this floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from engine.proof.anysize import AnySize
from engine.proof.compared import Asking
from engine.proof.groups import MOST_MEMBERS, MOST_OTHERS, Group, freed, groups
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
    cases = tuple(Pairing(one, other).cases(places, known_open=True))
    if not cases:
        return None
    moved = {id: ends for id, ends in within.items() if all(_lies_within(case, id, ends) for case in cases)}
    kept = _of_any_size(groups(cases, every=True, apart=moved), against, moved) if moved else None
    if kept is not None:
        return kept if _is_anybody_decided(cases, against) else Unsettled("nothing-decided")
    left: Unsettled | None = None
    bounds: list[Bound] = []
    for group in groups(cases, every=True):
        match found := _of_group(group, against, frozenset(own)):
            case Witness() | Contradiction():
                return found
            case Unsettled(reason=reason):
                left = left if reason == "nothing-decided" else left or found
            case Proved(bound=bound):
                bounds.append(bound)
    if left is None and not (bounds and _is_anybody_decided(cases, against)):
        return Unsettled("nothing-decided")  # of nobody anything could be proved
    return left or Proved(all_of(bounds))


def _of_any_size(held: Sequence[Group], against: Direction, moved: Mapping[str, Range]) -> Proved | None:
    if all(AnySize(group, moved).never(OUTCOME, against) for group in held):
        return Proved(all_of([Bound({}, tuple(sorted({*group.free, *moved})), any_size=True) for group in held]))
    return None


def _is_anybody_decided(cases: Sequence[Case], against: Direction) -> bool:
    return any(Asking(freed(group), 1, 1).decides(OUTCOME, against) for group in groups(cases))


def _of_group(group: Group, against: Direction, own: frozenset[str]) -> Found:
    by_own = groups(group.cases, every=True, apart=own) if own & group.free.keys() else []
    ways = [[group], by_own] if by_own else [[group]]
    for way in ways:
        found = _of_any_size(way, against, {})
        if found is not None:
            return found
    for way in ways:
        bounds = _by_any_value(way, against)
        if bounds:
            return Proved(all_of(bounds))
    return _by_what_is_published(group, against)


def _by_any_value(held: Sequence[Group], against: Direction) -> list[Bound]:
    """What proofs up to a size are about, whatever the free values are; none where one lacks."""
    bounds = []
    for group in held:
        bound = Asking(group, MOST_MEMBERS, MOST_OTHERS).by_any_value(OUTCOME, against)
        if bound is None:
            return []
        bounds.append(bound)
    return bounds


def _by_what_is_published(group: Group, against: Direction) -> Found:
    """Likewise by published values; where nobody is decided by some, by the others."""
    left: Unsettled | None = None
    bounds: list[Bound] = []
    for each in groups(group.cases):
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
        return Unsettled("nothing-decided")
    return left or Proved(all_of(bounds))


def _lies_within(case: Case, id: str, ends: Range) -> bool:
    """Whether all that the second side has published lies within."""
    table = case.tables[1].parameters.get(id)
    if table is None:
        return False
    low, high = ends
    values = published(case.policies[1], table, case.place).values()
    return all(isinstance(value, int | Fraction) and low <= value <= high for value in values)
