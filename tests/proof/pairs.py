"""Pairs of policies, the second an edited copy of the first, compared: does each witness replay, each proof survive?

In: a seed, how many households.  Out: what is wrong, in words; and a count of what was found.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow.compute as pc

from engine.api import Policies, open_policies
from engine.evaluation.decision import Decision
from engine.evaluation.household import read_household
from engine.proof.compared import compare
from engine.proof.results import Comparison, Contradiction, Proved, Unsettled, Witness
from engine.proof.sides import Case, Side
from tests.agreement.deciders import Asked, Tree, decided
from tests.agreement.households import Population
from tests.agreement.policies import drawn_policies
from tests.proof.encoded import disagreements
from tests.proof.held import Dealer, Many, tree_of

MEMBERS: Final = 2
OTHERS: Final = 1
WORK: Final = 150_000
"""a little: most are settled by a tenth, and what is not is told"""
MOST_LOOKED_AT: Final = 20
"""households that speak against one proof, of those dealt at once: whether all that they look up is published"""
_EXPRESSION: Final = re.compile(r'(?:is|when|unless|require|q0|q1): "([^"]+)"')
_SWAPS: Final = (
    (" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > "), (" and ", " or "), (" or ", " and "),
    (" + ", " - "), ("max(", "min("), ("min(", "max("), ("any(", "every("), ("every(", "any("), ("not ", ""),
    (" = ", " != "), ("t0", "t1"), ("a0", "a1"), ("mt", "mu"), ("low", "high"),
)  # fmt: skip
MOST_TRIES: Final = 40
POOL: Final = 100
"""households that are drawn; the facts of more are dealt out from theirs"""
MOST_DEALS: Final = 10
"""as often they are dealt, until neither policy refuses as many as are asked for"""


@dataclass(frozen=True)
class Pair:
    comparison: Comparison
    wrong: tuple[str, ...]
    told: Counter[str]


def pair(seed: str, households: int) -> Pair | None:
    """None where no edit made a sound policy."""
    rng = random.Random(f"{seed}/edit")
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        policies = drawn_policies(seed, Path(one))
        edited = _edited(Path(one), Path(other), rng)
        if edited is None:
            return None
        sides = [_side(name, held) for name, held in (("a", policies), ("b", edited))]
        found = compare(sides[0], sides[1], sides[0].places[:2], members=MEMBERS, others=OTHERS, work=WORK)
        told: Counter[str] = Counter({"pairs": 1})
        wrong = []
        for each in found.differences:
            for way in (each.less, each.more):
                told[type(way).__name__] += 1
                if isinstance(way, Unsettled):
                    told[way.reason] += 1
                if isinstance(way, Contradiction):
                    wrong.append(f"{seed}: {each.goal} does not replay: {way.told} {way.household}")
        wrong += [f"{seed}: {line}" for line in _surviving(found, (policies, edited), seed, households, told)]
        return Pair(found, tuple(wrong), told)


def counted(seed: str, households: int) -> tuple[Counter[str], tuple[str, ...]]:
    """What another process can be sent."""
    found = pair(seed, households)
    return (Counter({"no edit": 1}), ()) if found is None else (found.told, found.wrong)


def _side(name: str, policies: Policies) -> Side:
    library = policies.library
    places = tuple(library.territory("drawn").inside(library.documents["drawn"].header.jurisdiction))
    return Side(name, policies.slices, places, lambda place: tuple(library.chain_ids("drawn", place)))


def _edited(one: Path, other: Path, rng: random.Random) -> Policies | None:
    """A copy in which one expression is another, or a value."""
    texts = {file.name: file.read_text(encoding="utf-8") for file in one.iterdir()}
    for _ in range(MOST_TRIES):
        new = dict(texts)
        name = rng.choice([name for name in texts if name.endswith(".yaml")])
        changed = _changed(texts[name], rng)
        if changed is None or changed == texts[name]:
            continue
        new[name] = changed
        for file, text in new.items():
            (other / file).write_text(text, encoding="utf-8")
        policies = open_policies(other)
        if not policies.slices.check_all(None).has_errors:
            return policies
    return None


def _changed(text: str, rng: random.Random) -> str | None:
    if rng.random() < 0.15:
        return text.replace("chosen: wide", "chosen: strict")
    places = list(_EXPRESSION.finditer(text))
    if not places:
        return None
    found = rng.choice(places)
    inner = found.group(1)
    ways = [(old, new) for old, new in _SWAPS if old in inner]
    numbers = list(re.finditer(r"(?<![\w.-])\d+(?![\w.-])", inner))
    if numbers and (not ways or rng.random() < 0.4):
        at = rng.choice(numbers)
        inner = f"{inner[: at.start()]}{int(at.group()) + rng.choice((1, 1, 7))}{inner[at.end() :]}"
    elif ways:
        old, new = rng.choice(ways)
        at_ = rng.choice([m.start() for m in re.finditer(re.escape(old), inner)])
        inner = inner[:at_] + new + inner[at_ + len(old) :]
    return text[: found.start(1)] + inner + text[found.end(1) :]


def _surviving(
    found: Comparison, sides: Sequence[Policies], seed: str, households: int, told: Counter[str]
) -> Iterator[str]:
    """What households say against a proof."""
    proved = {
        (each.goal, direction): way.bound.any_size
        for each in found.differences
        for direction, way in each.ways
        if isinstance(way, Proved)
    }
    told["of any size"] += sum(proved.values())
    if not proved or not found.cases:
        return
    trees = Population(sides[0], sides[0], [Asked()]).complete(f"{seed}/held", min(households, POOL))
    # what is proved of any size is held against larger families, too
    placed = [
        _placed(tree, case, whole=at % 2 == 0)
        for at, (tree, case) in enumerate(zip(trees, cycle(found.cases), strict=False))
    ]
    placed = [tree for tree in placed if isinstance(decided(sides[0], tree, Asked()), Decision)]
    if not placed:
        told["pairs held against nobody"] += 1
        return
    elements = found.cases[0].policies[0].merged.elements
    dealer, rng = Dealer(sides[0], elements, placed), np.random.default_rng(list(f"{seed}/held".encode()))
    held = 0
    for _ in range(MOST_DEALS):
        batch = dealer.dealt(rng, households)
        many = Many(sides, batch)
        within = np.logical_and.reduce(
            [pc.fill_null(pc.list_value_length(batch[id]), 0).to_numpy() <= _most(id) for id in elements.collections]
        )
        for claim, any_size in proved.items():
            for row in islice(many.against(claim, within | any_size), MOST_LOOKED_AT):
                tree = tree_of(batch, row)
                if _is_published(found.cases, tree):
                    yield f"{claim[0]} {claim[1]} was proved, and {tree} is so"
                else:
                    told["some value not published"] += 1  # a proof leaves them out, whether or not it counts
        held += int(many.answered.sum())
        if held >= households:
            break
    told["households"] += held
    told["pairs held against fewer"] += held < households


def _most(id: str) -> int:
    return MEMBERS if id == "members" else OTHERS


def _is_published(cases: Sequence[Case], tree: Tree) -> bool:
    """Whether all that is looked up for a household is published, on both sides."""
    case = next(one for one in cases if one.place == tree["here"] and one.first <= _filed(tree) <= one.last)
    facts = read_household(tree, case.policies[0], asked_fields=frozenset(tree))
    return all(disagreements(policy, facts) is not None for policy in case.policies)


def _filed(tree: Tree) -> date:
    return date.fromisoformat(str(tree["filed"]))


def _placed(tree: Tree, case: Case, *, whole: bool) -> Tree:
    """At the place of a case, and on a day of it; within the bound, unless it is left whole."""
    edge = case.last if case.first == date.min else case.first
    day = _filed(tree) if case.first <= _filed(tree) <= case.last else edge
    cut = {
        id: tree[id][: _most(id)] for id in case.policies[0].merged.elements.collections if tree.get(id) and not whole
    }
    return {**tree, **cut, "filed": day.isoformat(), "here": case.place}


def witnesses(found: Comparison) -> list[Witness]:
    return [way for each in found.differences for way in (each.less, each.more) if isinstance(way, Witness)]
