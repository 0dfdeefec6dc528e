"""`python -m tests.proof.mutations [--mutations N] [--seed S]`: rules slightly changed, each held against itself.

A mutation of a shipped policy or pack is found (a household differs, decided by both), proved to change nothing, or
left open. Precision: of the witnesses those that really differ. Recall: of the mutations that a witness or any of many
random households tells apart those for which there is a witness. What is left open is listed.
"""

from __future__ import annotations

import argparse
import random
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from engine.api import Policies
from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.household import read_household
from engine.evaluation.prepared import tables_on
from engine.policy.checked import CheckedPolicy, Owner, Rules
from engine.proof.compared import compare_cases
from engine.proof.results import Contradiction, Unsettled, Witness
from engine.proof.sides import Case
from engine.testing.mutants import rule_mutants
from engine.testing.strength import Mutant, StepChange
from tests.agreement.households import Population
from tests.agreement.sets import policy_sets

SETS: Final = ("shipped", "overlay", "cookbook", "national", "hongkong", "figures")
MEMBERS, OTHERS, WORK = 3, 2, 1_000_000
HOUSEHOLDS: Final = 60


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
            cause = rules.causes[owner.group]
            condition = replace(cause.conditions[owner.id], core=change.core)
            causes = {**rules.causes, owner.group: replace(cause, conditions={**cause.conditions, owner.id: condition})}
            return replace(rules, causes=causes)
        case "condition":
            held = replace(rules.requirements[owner.id], core=change.core)
            return replace(rules, requirements={**rules.requirements, owner.id: held})
        case _:
            return None


def drawn(count: int, seed: str) -> Iterator[tuple[str, Population, CheckedPolicy, str, date, Mutant, CheckedPolicy]]:
    rng = random.Random(seed)
    pools = []
    for one in policy_sets():
        if one.name in SETS:
            for policy, place, day in _policies(one.population.policies, one.population):
                mutants = [
                    (mutant, other)
                    for mutant in rule_mutants(policy)
                    if isinstance(mutant.change, StepChange)
                    if (other := changed(policy.rules, mutant.change)) is not None
                ]
                pools.append((one.name, one.population, policy, place, day, mutants))
    for _ in range(count):
        name, population, policy, place, day, mutants = rng.choice(pools)
        mutant, rules = rng.choice(mutants)
        yield name, population, policy, place, day, mutant, replace(policy, rules=rules)


def _policies(policies: Policies, population: Population) -> Iterator[tuple[CheckedPolicy, str, date]]:
    seen = set()
    for tree in population.complete("mutations", 60, population._asked[0]):
        try:
            route = policies.router.route(tree, population._asked[0].policy, None, None)
        except HouseholdError:
            continue
        if id(route.checked.rules) not in seen:
            seen.add(id(route.checked.rules))
            yield route.checked, route.routing.place, route.routing.as_of


def report(count: int, seed: str) -> int:
    began, told, wrong = time.perf_counter(), Counter[str](), 0
    for number, (name, population, policy, place, day, mutant, other) in enumerate(drawn(count, seed)):
        tables = tables_on(policy, place, day, None)
        case = Case(place, day, day, (policy, other), (policy, other), (tables, tables_on(other, place, day, None)))
        found = compare_cases(("as it is", "mutant"), (case,), members=MEMBERS, others=OTHERS, work=WORK)
        ways = [way for each in found.differences for way in (each.less, each.more)]
        if any(isinstance(way, Contradiction) for way in ways):
            told["witness that does not differ"] += 1
            wrong += 1
            print(f"{name}: {mutant.rule} {mutant.before} -> {mutant.after}: does not replay", flush=True)
        elif any(isinstance(way, Witness) for way in ways):
            told["found"] += 1
        else:
            open_ = next((way for way in ways if isinstance(way, Unsettled)), None)
            kind = "proved equivalent" if open_ is None else "left open"
            missed = _told_apart(population, policy, other, f"{seed}/{number}")
            told[f"{kind}, but a household differs" if missed else kind] += 1
            wrong += missed and open_ is None
            if open_ is not None or missed:
                print(f"{name}: {mutant.rule} {mutant.before} -> {mutant.after}: {open_ or 'missed'}", flush=True)
    _summary(told, count, time.perf_counter() - began)
    return wrong


def _summary(told: Counter[str], count: int, seconds: float) -> None:
    found, bad = told["found"], told["witness that does not differ"]
    missed = sum(number for kind, number in told.items() if kind.endswith("differs"))
    print(f"{count} mutations: {dict(told)} in {seconds:.0f} s")
    print(f"precision {found}/{found + bad}, recall {found}/{found + missed}", flush=True)


def _told_apart(population: Population, one: CheckedPolicy, other: CheckedPolicy, seed: str) -> bool:
    """Whether some household of the bound is decided otherwise."""
    for tree in population.complete(seed, HOUSEHOLDS, population._asked[0]):
        if any(isinstance(items, list) and len(items) > OTHERS for items in tree.values()):
            continue
        try:
            first, second = (
                decide(policy, read_household(tree, policy, asked_fields=frozenset(tree))) for policy in (one, other)
            )
        except HouseholdError:
            continue
        if first.outcome != second.outcome or [c.finding for c in first.causes.values()] != [
            c.finding for c in second.causes.values()
        ]:
            return True
    return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutations", type=int, default=200)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    return 1 if report(asked.mutations, asked.seed) else 0


if __name__ == "__main__":
    sys.exit(main())
