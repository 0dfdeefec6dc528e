"""Whether one side never differs from another in one direction, by whatever is known and whatever is published next.

In: two `Side`s, a direction.  Out: a proof with what it is about, a household of which it is not so, or why neither was
found. What is wanted first is tried first, rules by rules: a proof for families of any size and any values within their
range; one for families up to a size and any values; one for the values that are published.
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
    one: Side, other: Side, places: Iterable[str], against: Direction, within: Mapping[str, Range]
) -> Found | None:
    """Whether no household's outcome differs that way; None where the sides never decide at once.

    Args:
        within: of parameters that only the second side sets the range in which whatever it sets lies.
    """
    cases = tuple(Pairing(one, other).cases(places, known_open=True))
    if not cases:
        return None
    moved = {id: ends for id, ends in within.items() if all(_lies_within(case, id, ends) for case in cases)}
    if moved:
        found = _settled(cases, against, moved, only_any=True)
        if found is not None:
            return found
    return _settled(cases, against, {}, only_any=False)


def _settled(cases: Sequence[Case], against: Direction, moved: Mapping[str, Range], *, only_any: bool) -> Found | None:
    """Args: only_any: give up, with None, where it is not proved of any size and any value."""
    left: Unsettled | None = None
    bounds: list[Bound] = []
    decided = False
    for group in groups(cases, every=True, apart=moved):
        found: Found | None = None
        if AnySize(group, moved).never(OUTCOME, against):
            found = Proved(Bound({}, (*group.free, *moved), any_size=True))
            decided = decided or Asking(group, 1, 1).decides(OUTCOME, against)
        elif only_any:
            return None
        else:
            found = _of_some_sizes(group, against)
            decided = decided or isinstance(found, Proved)
        match found:
            case Witness() | Contradiction():
                return found
            case Unsettled():
                left = left if found.reason == "nothing-decided" else left or found
            case Proved(bound=bound):
                bounds.append(bound)
    if left is not None or not decided:  # of nobody anything could be proved
        return left or Unsettled("nothing-decided")
    return Proved(all_of(bounds))


def _of_some_sizes(group: Group, against: Direction) -> Found:
    """Up to a size: for any values, else for those that are published."""
    bound = Asking(group, MOST_MEMBERS, MOST_OTHERS).by_any_value(OUTCOME, against)
    if bound is not None:
        return Proved(bound)
    left: Unsettled | None = None
    bounds: list[Bound] = []
    for each in groups(group.cases):
        match found := Asking(freed(each), MOST_MEMBERS, MOST_OTHERS).settle(OUTCOME, against):
            case Witness() | Contradiction():
                return found
            case Unsettled():
                left = found if left is None or left.reason == "nothing-decided" else left
            case Proved(bound=held):
                bounds.append(held)
    if left is not None and not (bounds and left.reason == "nothing-decided"):
        return left
    return Proved(all_of(bounds))


def _lies_within(case: Case, id: str, ends: Range) -> bool:
    """Whether all that the second side has published lies within."""
    table = case.tables[1].parameters.get(id)
    if table is None:
        return False
    low, high = ends
    values = published(case.policies[1], table, case.place).values()
    return all(isinstance(value, int | Fraction) and low <= value <= high for value in values)
