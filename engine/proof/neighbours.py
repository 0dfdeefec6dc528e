"""Two households that are alike but for one amount: a rise that makes eligible, and what one step more costs.

In: `Scope`s.  Out: `Rise`s and `Cliff`s, each decided by the interpreter before it counts.
Whether an amount is like an income nobody declares: it is one whose rise makes some household ineligible. Of those that
make another eligible too, a `Rise` is told. A figure is support where it rests on an amount that is looked up, a rise
of such an amount lowers it for some household, and none ever raises it for an eligible one; what one step costs the
plainest family is told, where it is more than a yuan.
Imports evaluation, language, program and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final, cast

from engine.errors import HouseholdError
from engine.evaluation.decision import Decision, Outcome
from engine.language import core
from engine.language.references import core_walk
from engine.language.types import Quantity
from engine.language.units import MONEY
from engine.policy.model import Fact
from engine.program.link import reads
from engine.program.model import HOUSEHOLD, Program, Step
from engine.proof import numbers, terms
from engine.proof.compared import decided_by
from engine.proof.encoding import Instead
from engine.proof.findings import Cliff, Left, Pair, Rise
from engine.proof.numbers import Number
from engine.proof.results import Contradiction, Proved, Unsettled
from engine.proof.scope import Asked, Scope, Some, Told, Way
from engine.proof.terms import Bit
from engine.proof.witness import plainest
from engine.proof.world import Spot, World, value_in, written
from engine.records import dataclass

_NEAR: Final = (1, 100, 10_000, 1_000_000, 100_000_000)
"""steps of the amount within which the neighbour is looked for, the nearest first"""
_LEAST_LOSS: Final = 100
"""分: what is told as a cliff costs more"""


@dataclass(frozen=True, slots=True)
class _Raised(Way):
    """The rules twice: over a household, and over the same with more of one amount; readings as they are chosen.

    Attributes:
        spot: of the first item that is there.
    """

    spot: Spot = ("", 0, "")
    any_reading: bool = False

    def instead(self, world: World, program: Program) -> Iterator[Instead]:
        world.fact(*self.spot)
        options = self.options(world, program)
        yield options
        yield replace(options, facts={self.spot: world.another(self.spot)})


def neighbours(scopes: Sequence[Scope]) -> Iterator[Rise | Cliff | Left | Contradiction]:
    """Of each amount, and of each amount and figure, the first that is found."""
    risen: set[tuple[str, str]] = set()
    fallen: set[tuple[str, tuple[str, str]]] = set()
    left: dict[Left, None] = {}
    for scope in scopes:
        hurting = []
        for key, fact in _amounts(scope):
            looked = _Looked(scope, fact, _Raised(spot=(key[0], 0, key[1])))
            if looked.hurts():
                hurting.append((key, looked))
                if key not in risen and (found := looked.rise()) is not None:
                    risen.add(key)
                    yield found
            left |= dict.fromkeys(looked.left)
        for step in _support(scope, [looked for _, looked in hurting]):
            for key, looked in hurting:
                if (step.owner.id, key) not in fallen and (cliff := looked.cliff(step)) is not None:
                    fallen.add((step.owner.id, key))
                    yield cliff
    yield from left


def _amounts(scope: Scope) -> Iterator[tuple[tuple[str, str], Fact]]:
    """The amounts of money that are read, each by its collection and id."""
    elements = scope.elements
    for (collection, id), one in scope.program.inputs.items():
        if (collection, id) in scope.program.deciding and isinstance(one.type, Quantity):
            facts = elements.collections[collection].facts if collection else elements.facts
            if one.type.unit.dimension.power(MONEY) > 0:
                yield (collection, id), facts[id]


def _support(scope: Scope, hurting: Sequence[_Looked]) -> Iterator[Step]:
    for step in scope.program.every:
        kind = step.core.type
        if step.owner.kind != "output" or step.collection != HOUSEHOLD or not isinstance(kind, Quantity):
            continue
        if (
            kind.unit.dimension.power(MONEY) > 0
            and _rests_on_a_standard(step, scope.program)
            and any(looked.lowers(step) for looked in hurting)
            and not any(looked.raises(step) for looked in hurting)
        ):
            yield step


def _rests_on_a_standard(step: Step, program: Program) -> bool:
    """Whether an amount of money is looked up for it."""
    waiting, seen = [step], set()
    while waiting:
        one = waiting.pop()
        if (one.collection, one.slot) in seen:
            continue
        seen.add((one.collection, one.slot))
        looked_up = (node.type for node in core_walk(one.core) if isinstance(node, core.Lookup))
        if any(isinstance(kind, Quantity) and kind.unit.dimension.power(MONEY) > 0 for kind in looked_up):
            return True
        waiting.extend(program.by_place[place] for place in reads(one.core) if place in program.by_place)
    return False


class _Looked:
    """One amount, in one scope."""

    def __init__(self, scope: Scope, fact: Fact, way: _Raised) -> None:
        self._scope, self._fact, self._way = scope, fact, way
        self.left: list[Left] = []

    def hurts(self) -> bool:
        return isinstance(self._settle(self._turns(to=False)), Some)

    def rise(self) -> Rise | Contradiction | None:
        gains = self._turned(to=True)
        if not isinstance(gains, Pair):
            return gains
        loses = self._turned(to=False)
        return Rise(gains, loses) if isinstance(loses, Pair) else loses

    def _turned(self, *, to: bool) -> Pair | Contradiction | None:
        """The nearest pair that it makes eligible, or ineligible."""
        found = self._settle(self._turns(to=to))
        if not isinstance(found, Some) or found.told is None:
            return None
        told, bit = found.told, found.bit
        for steps in _NEAR:
            near = terms.both((bit, terms.compare("<=", self._more(told).above, _plus(self._less(told), steps).above)))
            if told.ask(near) == "some":
                bit = near
                break
        pair = self._pair(told, bit)
        if not isinstance(pair, Pair):
            return pair
        outcomes = [one.outcome for one in pair.decisions]
        if outcomes != sorted([Outcome.INELIGIBLE, Outcome.ELIGIBLE], reverse=to):
            return Contradiction(pair.households[0], pair.case, f"more of {self._fact.id}: {outcomes}")
        return pair

    def lowers(self, step: Step) -> bool:
        return isinstance(self._settle(self._moves(step, up=False)), Some)

    def raises(self, step: Step) -> bool:
        """Also where that is not settled."""
        return not isinstance(self._settle(self._moves(step, up=True)), Proved)

    def cliff(self, step: Step) -> Cliff | Contradiction | None:
        kind = cast("Quantity", step.core.type)
        least = Fraction(_LEAST_LOSS) / kind.unit.factor
        found = self._settle(self._loses(step, least))
        if not isinstance(found, Some) or found.told is None:
            return None
        told = found.told
        pair = self._pair(told, found.bit)
        if not isinstance(pair, Pair):
            return pair
        before, after = (_figure(step.owner.id, one) for one in pair.decisions)
        if before - after <= least:
            return Contradiction(pair.households[0], pair.case, f"{step.owner.id}: {before} to {after}")
        return Cliff(pair, self._scope.elements.outputs[step.owner.id], (before, after))

    # ---- what is asked

    def _turns(self, *, to: bool) -> Asked:
        outcome = self._scope.program.outcome
        if outcome is None:
            return lambda _: False

        def asked(told: Told) -> Bit:
            before, after = (told.truth(outcome, of=side) for side in (0, 1))
            turned = (terms.no(before), after) if to else (before, terms.no(after))
            return terms.both((self._there(told), *turned))

        return asked

    def _moves(self, step: Step, *, up: bool) -> Asked:
        outcome = self._scope.program.outcome

        def asked(told: Told) -> Bit:
            before, after = (cast("Number", one.step(step)) for one in told.encodings)
            eligible = [told.truth(outcome, of=side) for side in (0, 1)] if outcome is not None else []
            return terms.both((self._there(told), *eligible, numbers.compare("<" if up else ">", before, after)))

        return asked

    def _loses(self, step: Step, least: Fraction) -> Asked:
        """More than so much by the least step of the amount."""
        outcome = self._scope.program.outcome

        def asked(told: Told) -> Bit:
            paid = []
            for side, one in enumerate(told.encodings):
                figure = cast("Number", one.step(step))
                paid.append(
                    figure if outcome is None else numbers.pick(told.truth(outcome, of=side), figure, Number(0))
                )
            limit = numbers.add([paid[1], numbers.constant(least)])
            one_more = terms.compare("=", self._more(told).above, _plus(self._less(told), 1).above)
            return terms.both((self._there(told), one_more, numbers.compare(">", paid[0], limit)))

        return asked

    def _there(self, told: Told) -> Bit:
        """The item is there, and has more in the second household."""
        there = told.world.present[self._way.spot[0]]
        if not there:
            return False
        return terms.both((there[0], numbers.compare("<", self._less(told), self._more(told))))

    def _less(self, told: Told) -> Number:
        return cast("Number", told.world.fact(*self._way.spot))

    def _more(self, told: Told) -> Number:
        return cast("Number", told.encodings[1].instead.facts[self._way.spot])

    def _settle(self, asked: Asked) -> Proved | Some | Unsettled | None:
        found = self._scope.settle(asked, self._way)
        if isinstance(found, Unsettled):
            self.left.append(Left(self._fact.label, found.reason, found.span or self._fact.origin.span))
        return found

    # ---- shown

    def _pair(self, told: Told, bit: Bit) -> Pair | Contradiction | None:
        model = plainest(told, bit)
        if model is None:
            return None
        collection, index, id = self._way.spot
        less, more = (written(self._fact, value_in(model, one)) for one in (self._less(told), self._more(told)))
        households = [_with(told.world.household(model), collection, index, id, one) for one in (less, more)]
        policy = told.case.policies[0]
        decisions = [decided_by(policy, one, [policy.merged.elements]) for one in households]
        one, other = decisions
        if isinstance(one, HouseholdError) or isinstance(other, HouseholdError):
            refused = [one for one in decisions if isinstance(one, HouseholdError)]
            codes = ", ".join(found.code for found in refused[0].diagnostics)
            return Contradiction(households[0], told.case, codes)
        return Pair(told.case, self._fact, (less, more), (households[0], households[1]), (one, other))


def _plus(number: Number, steps: int) -> Number:
    return numbers.add([number, Number(steps)])


def _with(household: Mapping[str, Any], collection: str, index: int, id: str, amount: str) -> dict[str, Any]:
    if not collection:
        return {**household, id: amount}
    items = [dict(item) for item in household[collection]]
    items[index][id] = amount
    return {**household, collection: items}


def _figure(id: str, decision: Decision) -> Fraction:
    """A household that is not eligible has nothing; one of figures only has what they come to."""
    if decision.outcome is Outcome.INELIGIBLE:
        return Fraction(0)
    return Fraction(cast("int", decision.outputs[id].value))
