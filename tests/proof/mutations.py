"""`python -m tests.proof.mutations [--mutations N] [--seed S]`: rules slightly changed, each held against itself.

A mutation of a shipped policy or of an example (an expression, a condition added or dropped, a value by its smallest
step, the day from which a value is in force, the option of a reading) is found (a household differs, decided by both),
proved to change nothing, or left open. Each is held against itself at a place and day at which households are decided.
Precision: of the witnesses those that really differ. Recall: of the mutations that a witness or any of many random
households tells apart those for which there is a witness. What is left open is listed.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from engine.api import Policies
from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision, Outcome
from engine.evaluation.household import read_household
from engine.evaluation.prepared import tables_on
from engine.language import core
from engine.language.core import CoreExpression
from engine.policy.checked import CheckedPolicy, Owner, Rules
from engine.policy.model import Origin, Parameter
from engine.proof.compared import compare_cases, figures_of
from engine.proof.groups import sizes_of
from engine.proof.results import Contradiction, Unsettled, Witness
from engine.proof.sides import Case, published
from engine.proof.variants import Beside, Sized
from engine.records import dataclass
from engine.testing.mutants import rule_mutants, value_mutants, with_parameter
from engine.testing.strength import StepChange, ValueChange
from tests.agreement.columns import layout_of
from tests.agreement.households import Population
from tests.agreement.sets import policy_sets
from tests.proof.encoded import disagreements

SETS: Final = ("shipped", "overlay", "cookbook", "national", "values", "hongkong", "australia_age_pension", "figures")
MEMBERS, OTHERS, WORK = 3, 2, 1_000_000
HOUSEHOLDS: Final = 60
MOST_PLACES: Final = 6
LATEST: Final = date(2024, 12, 31)
Tree = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Mutation:
    """One change, made when it is drawn."""

    kind: str
    told: str
    make: Callable[[], CheckedPolicy | None]


class Cell:
    """A policy at a place and day at which some household is decided."""

    def __init__(self, name: str, population: Population, policy: CheckedPolicy, place: str, day: date) -> None:
        self.name, self.population, self.policy, self.place, self.day = name, population, policy, place, day

    def households(self, seed: str, count: int) -> Iterator[Tree]:
        """Complete ones of the bound, at this place and day."""
        elements = self.policy.merged.elements
        when = next((fact.id for fact in elements.facts.values() if fact.role == "as_of"), "")
        where = next((fact.id for fact in elements.facts.values() if fact.role == "place"), "")
        limits = {id: MEMBERS if held.at_least else OTHERS for id, held in elements.collections.items()}
        rng = random.Random(seed)
        layout = layout_of([elements], rng, absent=0)
        for number in range(count):
            tree = self.population._household(rng, layout, self.population._asked[0], 0, 0, number, sound=True)
            cut = {id: tree[id][:most] for id, most in limits.items() if isinstance(tree.get(id), list)}
            yield {**tree, **cut, when: self.day.isoformat(), **({where: self.place} if where else {})}

    def decided(self, policy: CheckedPolicy, tree: Tree) -> Decision | None:
        try:
            return decide(policy, read_household(tree, policy, asked_fields=frozenset(tree)))
        except HouseholdError:
            return None

    def is_deciding(self) -> bool:
        """Whether all that is looked up is published for somebody, of some size: a policy may refuse the largest."""
        beside = Beside(self.policy, self.place, self.day)
        every = reversed(sizes_of([beside.program], MEMBERS, OTHERS))
        return any(Sized(beside, sizes, WORK).question.ask(True) == "some" for sizes in every)

    @cached_property
    def mutations(self) -> dict[str, list[Mutation]]:
        """By their kinds."""
        found: dict[str, list[Mutation]] = {}
        for one in (*self._of_rules(), *self._of_values(), *self._of_days(), *self._of_readings()):
            found.setdefault(one.kind, []).append(one)
        return found

    def _of_rules(self) -> Iterator[Mutation]:
        for mutant in rule_mutants(self.policy):
            if isinstance(mutant.change, StepChange) and mutant.kind != "drop-condition":
                told = f"{mutant.rule}: {mutant.before} -> {mutant.after or '-'}"
                yield Mutation(mutant.kind, told, lambda change=mutant.change: self._changed(change))  # type: ignore[misc]
        every = list(_conditions(self.policy.rules))
        for at, (owner, held) in enumerate(every):
            always = StepChange(owner, core.Constant(held.span, held.type, True))
            yield Mutation("drop-condition", owner.name, lambda c=always: self._changed(c))  # type: ignore[misc]
            for other, added in every[at + 1 : at + 4]:
                node = core.And(held.span, held.type, (held, added))
                told, both = f"{owner.name}: and {other.name}", StepChange(owner, node)
                yield Mutation("add-condition", told, lambda c=both: self._changed(c))  # type: ignore[misc]

    def _changed(self, change: StepChange) -> CheckedPolicy | None:
        rules = changed(self.policy.rules, change)
        return None if rules is None else replace(self.policy, rules=rules)

    def _of_values(self) -> Iterator[Mutation]:
        chain = self.policy.merged.chain
        for document in dict.fromkeys([chain.root.header.id, *(one.header.id for one in chain.overlays)]):
            for mutant in value_mutants(self.policy, document):
                if isinstance(mutant.change, ValueChange) and mutant.place in ("", self.place):
                    told = f"{mutant.rule}: {mutant.before} -> {mutant.after}"
                    yield Mutation("value", told, lambda one=mutant.change.parameter: self._revalued(one))  # type: ignore[misc]

    def _of_days(self) -> Iterator[Mutation]:
        """The last value that came into force does so on the day after."""
        for parameter in self.policy.merged.elements.parameters.values():
            for at, block in enumerate(parameter.blocks):
                if block.origin.start == self.day:
                    later = replace(block, origin=_later(block.origin))
                    other = replace(parameter, blocks=(*parameter.blocks[:at], later, *parameter.blocks[at + 1 :]))
                    told = f"{parameter.id}: from {self.day} -> + 1"
                    yield Mutation("day", told, lambda one=other: self._revalued(one))  # type: ignore[misc]

    def _revalued(self, parameter: Parameter) -> CheckedPolicy | None:
        """None where another value is in force there, or the same."""
        other = with_parameter(self.policy, parameter)
        held = [
            published(one, tables_on(one, self.place, self.day, None).parameters[parameter.id], self.place)
            for one in (self.policy, other)
        ]
        return other if held[1] and held[0] != held[1] else None

    def _of_readings(self) -> Iterator[Mutation]:
        for id, reading in self.policy.merged.elements.readings.items():
            for option, _ in reading.type.options:
                told = f"{id} = {option}"
                yield Mutation("reading", told, lambda id=id, option=option: self._read(id, option))  # type: ignore[misc]

    def _read(self, id: str, option: str) -> CheckedPolicy | None:
        beside = Beside(self.policy, self.place, self.day)
        if beside.tables.options[beside.program.reading_slots[id]] == option:
            return None
        return beside.with_option(id, option).prepared.policy


def _later(origin: Origin) -> Origin:
    assert origin.start is not None
    return replace(origin, start=origin.start + timedelta(1))


def _conditions(rules: Rules) -> Iterator[tuple[Owner, CoreExpression]]:
    for cause, held in rules.causes.items():
        for id, condition in held.conditions.items():
            yield Owner("condition", cause, id), condition.core
    for id, requirement in rules.requirements.items():
        yield Owner("condition", "", id), requirement.core


def changed(rules: Rules, change: StepChange) -> Rules | None:
    """The rules with one expression changed; None where it is of a step that nobody wrote."""
    owner: Owner = change.owner
    match owner.kind:
        case "term":
            key = (owner.group, owner.id)
            return replace(rules, terms={**rules.terms, key: replace(rules.terms[key], core=change.core)})
        case "output":
            declared, _ = rules.outputs[owner.id]
            return replace(rules, outputs={**rules.outputs, owner.id: (declared, change.core)})
        case "condition" if owner.group:
            return _with_conditions(rules, owner.group, {owner.id: change.core})
        case "condition":
            held = replace(rules.requirements[owner.id], core=change.core)
            return replace(rules, requirements={**rules.requirements, owner.id: held})
        case _:
            return None


def _with_conditions(rules: Rules, cause: str, changed: Mapping[str, CoreExpression]) -> Rules:
    held = rules.causes[cause]
    made = {id: replace(held.conditions[id], core=core) for id, core in changed.items()}
    return replace(rules, causes={**rules.causes, cause: replace(held, conditions={**held.conditions, **made})})


def cells() -> list[Cell]:
    """One for each set of rules of each pack, and one for each day from which a value is in force."""
    found: list[Cell] = []
    for one in policy_sets():
        if one.name in SETS:
            found += _cells(one.name, one.population.policies, one.population)
    return found


def _cells(name: str, policies: Policies, population: Population) -> Iterator[Cell]:
    """Of each document with what it stands on, at the first of its places at which somebody is decided."""
    library = policies.library
    for document in library.documents:
        root = library.root_of(document)
        if root is None or library.of_values(document) or (name != "shipped" and document.startswith("shanxi_2022")):
            continue
        places = library.territory(root).inside(library.documents[document].header.jurisdiction)
        found = (list(_at(name, policies, population, document, place)) for place in sorted(places)[:MOST_PLACES])
        yield from next((cells for cells in found if cells), [])


def _at(name: str, policies: Policies, population: Population, document: str, place: str) -> Iterator[Cell]:
    """On the last days from which values are in force, and on the last on which the rules are known to hold."""
    ids = tuple(policies.library.whole_line(document, place))
    latest, _ = policies.slices.checked(ids, place, LATEST, None)
    for day in [LATEST, *_days_from(latest)] if latest is not None else []:
        policy, _ = policies.slices.checked(ids, place, day, None)
        cell = None if policy is None else Cell(name, population, policy, place, day)
        if cell is not None and cell.is_deciding():
            yield cell


def _days_from(policy: CheckedPolicy) -> list[date]:
    """The last days from which values are in force."""
    blocks = (block for one in policy.merged.elements.parameters.values() for block in one.blocks)
    return sorted({block.origin.start for block in blocks if block.origin.start is not None}, reverse=True)[:3]


def drawn(count: int, seed: str, held: Sequence[Cell]) -> Iterator[tuple[Cell, Mutation, CheckedPolicy]]:
    """Of the kinds as many each as far as there are: of one fen, of one day and of a reading as of `<` and `<=`."""
    rng = random.Random(seed)
    kinds = sorted({kind for cell in held for kind in cell.mutations})
    made = 0
    while made < count:
        kind = kinds[made % len(kinds)]
        cell = rng.choice([one for one in held if kind in one.mutations])
        mutation = rng.choice(cell.mutations[kind])
        policy = mutation.make()
        if policy is not None:
            made += 1
            yield cell, mutation, policy
        elif rng.random() < 0.05:
            made += 1  # there may be none of the kind that changes anything there


@dataclass(slots=True)
class Told:
    """What came of the mutations, by kind."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    wrong: int = 0

    def table(self) -> Iterator[str]:
        heads = ("found", "equivalent", "open", "wrong", "missed")
        yield f"{'':<16}" + "".join(f"{head:>12}" for head in heads)
        for kind in sorted({kind for kind, _ in self.counts}):
            yield f"{kind:<16}" + "".join(f"{self.counts[kind, head]:>12}" for head in heads)
        found, wrong, missed = (
            sum(n for (_, is_), n in self.counts.items() if is_ == head) for head in ("found", "wrong", "missed")
        )
        yield f"precision {found}/{found + wrong}, recall {found}/{found + missed}"


def tell(cell: Cell, mutation: Mutation, other: CheckedPolicy, seed: str, told: Told) -> None:
    policy, place, day = cell.policy, cell.place, cell.day
    tables = tables_on(policy, place, day, None), tables_on(other, place, day, None)
    case = Case(place, day, day, (policy, other), (policy, other), tables)
    found = compare_cases(("as it is", "mutant"), (case,), members=MEMBERS, others=OTHERS, work=WORK)
    ways = [way for each in found.differences for way in (each.less, each.more)]
    line = f"{cell.name} {place} {day}: {mutation.kind} {mutation.told}"
    if any(isinstance(way, Contradiction) for way in ways):
        told.counts[mutation.kind, "wrong"] += 1
        told.wrong += 1
        told.lines.append(f"{line}: a witness does not replay")
    elif any(isinstance(way, Witness) for way in ways):
        told.counts[mutation.kind, "found"] += 1
    else:
        open_ = next((way for way in ways if isinstance(way, Unsettled)), None)
        against = next((tree for tree in cell.households(seed, HOUSEHOLDS) if _differs(cell, other, tree)), None)
        told.counts[mutation.kind, "equivalent" if open_ is None else "open"] += 1
        told.counts[mutation.kind, "missed"] += against is not None
        told.wrong += against is not None and open_ is None
        if open_ is not None or against is not None:
            told.lines.append(f"{line}: {open_ or 'taken for equivalent'}; a household that differs: {against}")


def _differs(cell: Cell, other: CheckedPolicy, tree: Tree) -> bool:
    """Whether both decide a household, and otherwise."""
    one, two = (cell.decided(policy, tree) for policy in (cell.policy, other))
    if one is None or two is None or Outcome.UNDETERMINED in (one.outcome, two.outcome):
        return False
    if _told(one) == _told(two):
        return False
    # a proof leaves out those for whom some value that is looked up is not published, whether or not it counts
    facts = read_household(tree, cell.policy, asked_fields=frozenset(tree))
    return all(disagreements(policy, facts) is not None for policy in (cell.policy, other))


def _told(decision: Decision) -> object:
    causes = {id: cause.finding for id, cause in decision.causes.items()}
    figures = {id: figures_of(id, decision) for id, output in decision.outputs.items() if not output.missing}
    return decision.outcome, causes, figures


def report(count: int, seed: str, held: Sequence[Cell]) -> Told:
    told = Told()
    for number, (cell, mutation, policy) in enumerate(drawn(count, seed, held)):
        tell(cell, mutation, policy, f"{seed}/{number}", told)
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=200)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    began = time.perf_counter()
    told = report(asked.mutations, asked.seed, cells())
    print(*told.lines, *told.table(), f"{time.perf_counter() - began:.0f} s", sep="\n")
    return 1 if told.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
