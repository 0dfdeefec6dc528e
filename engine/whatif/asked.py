"""What would change the answer about a household, each change replayed before it is told.

In: a decision, the household as it was given, how it is read.  Out: `WhatIf`.
Imports evaluation, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from engine.errors import HouseholdError
from engine.evaluation.decide import decide_under
from engine.evaluation.decision import Decision, Outcome
from engine.evaluation.facts import FactPlace, HouseholdFacts
from engine.evaluation.findings import OUTCOMES
from engine.evaluation.prepared import prepare, tables_on
from engine.language.types import DateType, Quantity
from engine.whatif.axes import Axis, axes_of
from engine.whatif.completing import Open
from engine.whatif.ground import Ground, OutOfWork
from engine.whatif.results import Alternative, Change, Found, NotAnalysed, Settlement, WhatIf
from engine.whatif.settling import Settling, Way
from engine.whatif.turning import Turn, Turning

Read = Callable[[object], HouseholdFacts]
MOST_PAIRS: Final = 20
"""pairs of facts that are told"""


def what_if(decision: Decision, tree: Any, read: Read) -> WhatIf:
    """Args:
        tree: the household as it was decided.
    Raises: ValueError where it was another; HouseholdError where it is refused.
    """
    if decision.outcome is None:
        return WhatIf(None)
    facts = read(tree)
    prepared = prepare(decision.policy)
    ground = Ground(prepared, facts, tables_on(decision.policy, facts.place, decision.as_of, decision.known_on))
    try:
        if not ground.is_workable:
            return WhatIf(decision.outcome, whole=False)
        if facts.id != decision.household or OUTCOMES[ground.judge({}).outcome] is not decision.outcome:
            raise ValueError("household is not the one of which this was decided")
        return _Asked(decision, tree, read, ground).found()
    finally:
        ground.let_go()


class _Asked:
    def __init__(self, decision: Decision, tree: Mapping[str, Any], read: Read, ground: Ground) -> None:
        self._decision, self._tree, self._read, self._ground = decision, tree, read, ground
        self._defaulted = frozenset(ground.facts.defaulted)
        self._axes, self._left_out = axes_of(ground)
        self._whole = True

    def found(self) -> WhatIf:
        outcome = self._decision.outcome
        turns: tuple[Alternative, ...] = ()
        settles: tuple[Settlement, ...] = ()
        if outcome is Outcome.UNDETERMINED:
            settles = tuple(self._settles())
        else:
            turns = tuple(self._turns(outcome is not Outcome.ELIGIBLE))
        left_out = tuple(
            NotAnalysed(f"{fact.collection}.{fact.id}" if fact.collection else fact.id, fact) for fact in self._left_out
        )
        return WhatIf(outcome, turns, settles, left_out, self._whole)

    # ---- a decided household

    def _turns(self, wanted: bool) -> Iterator[Alternative]:
        known = [axis for axis in self._axes if axis.now is not None]
        turning = Turning(self._ground, wanted, self._open())
        alone: list[Turn] = []
        pairs: list[Turn] = []
        try:
            for turn in turning.of_one(known):
                alone.append(turn)
            if all(self._is_fixed(axis) for turn in alone for axis, _ in turn.changes):
                turned = {axis.place for turn in alone for axis, _ in turn.changes}
                for turn in turning.of_two([axis for axis in known if axis.place not in turned]):
                    pairs.append(turn)
        except OutOfWork:
            turning.is_whole = False
        self._whole = turning.is_whole
        outcome = OUTCOMES[wanted]
        for turn in [*sorted(alone, key=self._size), *sorted(pairs, key=self._size)[:MOST_PAIRS]]:
            self._replay([(axis.place, axis.as_json(at)) for axis, at in turn.changes], outcome)
            yield Alternative(outcome, tuple(self._change(axis, at) for axis, at in turn.changes))

    def _open(self) -> Open:
        """What is not known, in the order of the document."""
        open_: dict[FactPlace, Axis | None] = {axis.place: axis for axis in self._axes if axis.now is None}
        facts, collections = self._ground.facts, self._decision.policy.merged.elements.collections
        lists = (id for id, held in collections.items() if not isinstance(facts.items[id], tuple) and not held.at_least)
        return {**open_, **{(id, -1, ""): None for id in lists}}

    def _is_fixed(self, axis: Axis) -> bool:
        """What no family can change: the policy says so, or it is a day that had come when the family applied."""
        if not axis.fact.changeable:
            return True
        is_day = isinstance(axis.fact.type, DateType)
        return is_day and axis.now is not None and axis.now <= self._ground.facts.as_of.toordinal()

    def _size(self, turn: Turn) -> tuple[bool, int, int]:
        kinds = [axis.fact.type for axis, _ in turn.changes]
        rank = max(0 if isinstance(kind, Quantity) else 1 if isinstance(kind, DateType) else 2 for kind in kinds)
        far = sum(abs(at - (axis.now or 0)) for axis, at in turn.changes if axis.is_ordered)
        return any(self._is_fixed(axis) for axis, _ in turn.changes), rank, far

    def _change(self, axis: Axis, at: int) -> Change:
        assert axis.now is not None
        by = ""
        if axis.is_ordered:
            moved = at - axis.now
            size = str(abs(moved)) if isinstance(axis.fact.type, DateType) else str(axis.as_json(abs(moved)))
            by = f"{'+' if moved > 0 else '-'}{size}"
        given = axis.place not in self._defaulted
        return Change(axis.path, axis.fact, axis.as_json(axis.now), axis.as_json(at), by, given, self._is_fixed(axis))

    # ---- one that is not decided

    def _settles(self) -> Iterator[Settlement]:
        for goal in (True, False):
            settling = Settling(self._ground, goal, self._open())
            for way in settling.ways():
                self._replay_ends(way, OUTCOMES[goal])
                yield Settlement(OUTCOMES[goal], tuple(self._facts(way)), way.smallest)
            self._whole = self._whole and settling.is_whole

    def _facts(self, way: Way) -> Iterator[Found]:
        for axis, (low, high) in way.spans:
            if axis.is_ordered:
                is_one = low == high
                least = None if low == axis.whole[0] and not is_one else axis.as_json(low)
                most = None if high == axis.whole[1] and not is_one else axis.as_json(high)
                yield Found(axis.path, axis.fact, least, most)
            else:
                yield Found(axis.path, axis.fact, value=axis.as_json(low))
        for id in way.lists:
            yield Found(id, self._decision.policy.merged.elements.collections[id], value=[])

    def _replay_ends(self, way: Way, outcome: Outcome) -> None:
        for end in (0, 1):
            values: list[tuple[FactPlace, object]] = [(axis.place, axis.as_json(span[end])) for axis, span in way.spans]
            self._replay([*values, *(((id, -1, ""), []) for id in way.lists)], outcome)

    # ---- replayed

    def _replay(self, values: Sequence[tuple[FactPlace, object]], outcome: Outcome) -> None:
        """INVARIANT: what is told was read and decided like any household."""
        found = self._decided(_with(self._tree, values))
        assert found is outcome, f"{values} should give {outcome}, and gives {found}"

    def _decided(self, tree: object) -> Outcome | None:
        prepared, decision = self._ground.prepared, self._decision
        try:
            return decide_under(prepared, self._read(tree), decision.as_of, decision.known_on).outcome
        except HouseholdError:
            return None


def _with(tree: Mapping[str, Any], values: Iterable[tuple[FactPlace, object]]) -> dict[str, Any]:
    """The household with other values; what is not changed is shared."""
    changed = dict(tree)
    for (collection, index, id), value in values:
        if not collection:
            changed[id] = value
        elif not id:
            changed[collection] = value
        else:
            items = list(changed[collection])
            items[index] = {**items[index], id: value}
            changed[collection] = items
    return changed
