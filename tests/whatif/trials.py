"""Whether what is said to change an answer does, held against the plain evaluation of households drawn at random.

In: a seed, a number.  Out: what was wrong, in words; nothing where all was right. Households are those of the oracle,
many of them on a limit; of two in five some facts are left open.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import engine
from engine.evaluation.decision import Outcome
from engine.language.types import Choice, DateType, Quantity, Truth
from engine.policy.model import Fact
from engine.records import dataclass
from engine.whatif.results import Change, Settlement, WhatIf
from tests.oracle.households import household
from tests.oracle.oracle import Household

OPEN: Final = 0.4
"""as many households have facts that are not known"""
SAMPLES: Final = 25
"""other values tried of a decided household, and completions of one that is not"""


@dataclass(slots=True)
class Tally:
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    times: list[tuple[float, int]] = field(default_factory=list)
    """seconds of the processor, and the number of the household"""

    def add(self, other: Tally) -> None:
        self.counts += other.counts
        self.wrong += other.wrong
        self.times += other.times


class Trials:
    def __init__(self, policies: engine.Policies, seed: int) -> None:
        self._policies, self._seed = policies, seed
        self.tally = Tally()

    def run(self, numbers: Sequence[int]) -> Tally:
        for number in numbers:
            rng = random.Random(f"what-if/{self._seed}/{number}")
            given = drawn(rng, number)
            decision = self._policies.evaluate(given)
            begun = time.process_time()
            found = self._policies.what_if(given, decision)
            self.tally.times.append((time.process_time() - begun, number))
            self.tally.counts[str(decision.outcome)] += 1
            self.tally.counts["not whole"] += not found.whole
            self.tally.counts["turns"] += len(found.turns)
            self.tally.counts["pairs"] += sum(len(one.changes) == 2 for one in found.turns)
            self.tally.counts["settles"] += len(found.settles)
            facts = decision.policy.merged.elements
            for told in (*self._turned(given, found), *self._nothing_nearer(given, found, rng, facts)):
                self.tally.wrong.append(f"household {number}: {told}\n{json.dumps(given, ensure_ascii=False)}")
            for told in self._settled(given, found, rng, facts):
                self.tally.wrong.append(f"household {number}: {told}\n{json.dumps(given, ensure_ascii=False)}")
        return self.tally

    def _outcome(self, given: Household) -> Outcome | None:
        try:
            return self._policies.evaluate(given).outcome
        except engine.HouseholdError:
            return None

    def _turned(self, given: Household, found: WhatIf) -> Iterator[str]:
        for turn in found.turns:
            if self._outcome(changed(given, [(one.path, one.after) for one in turn.changes])) is not turn.outcome:
                yield f"{turn.to_dict()} does not give {turn.outcome}"
            for place, one in enumerate(turn.changes):
                nearer = a_step_nearer(one)
                if nearer is None:
                    continue
                self.tally.counts["one step less"] += 1
                values = [(other.path, other.after) for other in turn.changes]
                values[place] = one.path, nearer
                if self._outcome(changed(given, values)) is turn.outcome:
                    yield f"{turn.to_dict()}: one less of {one.path} does it too"

    def _nothing_nearer(self, given: Household, found: WhatIf, rng: random.Random, elements: Any) -> Iterator[str]:
        """Other values of single facts that turn the answer lie behind one that is told."""
        if found.outcome is Outcome.UNDETERMINED or not found.whole:
            return
        told = [one.changes[0] for one in found.turns if len(one.changes) == 1]
        turned = Outcome.INELIGIBLE if found.outcome is Outcome.ELIGIBLE else Outcome.ELIGIBLE
        for path, fact, value in rng.choices(list(facts_of(given, elements)), k=SAMPLES):
            other = another(rng, fact, value, told)
            if other is None or self._outcome(changed(given, [(path, other)])) is not turned:
                continue
            self.tally.counts["others that turn it"] += 1
            if not any(one.path == path and not_farther(one, other) for one in told):
                yield f"{path} = {other} gives {turned}, and nothing nearer is told"

    def _settled(self, given: Household, found: WhatIf, rng: random.Random, elements: Any) -> Iterator[str]:
        for settlement in found.settles:
            for _ in range(5):
                household = changed(given, [(one.path, rng.choice(ends_of(one))) for one in settlement.facts])
                for path, fact, value in facts_of(household, elements):
                    if value is None and not fact.optional:
                        set_at(household, path, anything(rng, fact))
                if self._outcome(household) not in (settlement.outcome, None):
                    yield f"{settlement.to_dict()} does not settle it"
            yield from self._not_wider(given, settlement)

    def _not_wider(self, given: Household, settlement: Settlement) -> Iterator[str]:
        for place, one in enumerate(settlement.facts):
            for end, step in ((one.least, -1), (one.most, 1)):
                if isinstance(end, str):
                    self.tally.counts["one step beyond"] += 1
                    values = [(other.path, ends_of(other)[0]) for other in settlement.facts]
                    values[place] = one.path, stepped(end, step, decimals_of(one.declared))
                    others = [changed(given, values)]
                    values = [(other.path, ends_of(other)[-1]) for other in settlement.facts]
                    values[place] = one.path, stepped(end, step, decimals_of(one.declared))
                    others.append(changed(given, values))
                    if all(self._outcome(other) is settlement.outcome for other in others) and len(values) == 1:
                        yield f"{settlement.to_dict()} could be wider at {one.path}"


def tried(numbers: Sequence[int], seed: int) -> Tally:
    """What another process can be sent."""
    return Trials(engine.load(), seed).run(numbers)


def drawn(rng: random.Random, number: int) -> Household:
    found = household(rng, f"H-{number:06d}")
    if rng.random() < OPEN:
        share = rng.choice((0.03, 0.1, 0.3))
        for one in (found, *found["members"]):
            for id in one:
                if id not in ("id", "application_date", "county", "members", "vehicles") and rng.random() < share:
                    one[id] = None
    return found


def changed(given: Household, values: Sequence[tuple[str, object]]) -> Household:
    household = deepcopy(given)
    for path, value in values:
        set_at(household, path, value)
    return household


def set_at(household: Household, path: str, value: object) -> None:
    within = re.fullmatch(r"(\w+)\[(\d+)\]\.(\w+)", path)
    if within is None:
        household[path] = value
    else:
        household[within[1]][int(within[2])][within[3]] = value


def facts_of(given: Household, elements: Any) -> Iterator[tuple[str, Fact, object]]:
    for fact in elements.facts.values():
        if not fact.role:
            yield fact.id, fact, given.get(fact.id, fact.default)
    for collection in elements.collections.values():
        for index, item in enumerate(given.get(collection.id) or ()):
            for fact in collection.facts.values():
                if not fact.role and not fact.private:
                    yield f"{collection.id}[{index}].{fact.id}", fact, item.get(fact.id, fact.default)


def anything(rng: random.Random, fact: Fact) -> object:
    match fact.type:
        case Truth():
            return rng.random() < 0.5
        case Choice(options=options):
            return rng.choice(options)[0]
        case Quantity():
            return rng.choice(("0", "1", "5000", "30000", "9999999", str(rng.randrange(100_000))))
        case DateType():
            return str(date(1940, 1, 1) + timedelta(rng.randrange(30_000)))
        case _:
            return None


def another(rng: random.Random, fact: Fact, value: object, told: Sequence[Change]) -> object:
    """Another value; of an amount often one as far off as something that is told."""
    if value is None or not isinstance(fact.type, Quantity) or rng.random() < 0.3:
        return None if value is None else anything(rng, fact)
    moves = [Decimal(one.by) for one in told if isinstance(one.declared.type, Quantity)] or [Decimal(1000)]
    moved = Decimal(str(value)) + rng.choice(moves) * rng.choice((1, -1)) + rng.choice((0, 1, -1)) * Decimal("0.01")
    return str(moved) if moved >= 0 else None


def not_farther(one: Change, other: object) -> bool:
    """Whether it lies between what is and the other value."""
    if not isinstance(one.declared.type, Quantity):
        return one.after == other or isinstance(one.declared.type, DateType)
    move, least = Decimal(str(other)) - Decimal(str(one.before)), Decimal(one.by)
    return move * least > 0 and abs(least) <= abs(move)


def decimals_of(declared: object) -> int:
    return declared.decimals if isinstance(declared, Fact) else 0


def a_step_nearer(one: Change) -> object:
    if not one.by:
        return None
    return stepped(str(one.after), -1 if not one.by.startswith("-") else 1, one.declared.decimals)


def stepped(value: str, step: int, decimals: int) -> str:
    if value.count("-") == 2:
        return str(date.fromisoformat(value) + timedelta(step))
    return str(Decimal(value) + Decimal(step).scaleb(-decimals))


def ends_of(found: Any) -> list[object]:
    if found.value is not None:
        return [found.value]
    least, most = found.least, found.most
    if isinstance(found.declared.type, DateType):
        return [least or "1950-01-01", most or "2150-01-01"]
    return [least or "0", most or "9999999999"]
