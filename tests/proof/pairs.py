"""Pairs of policies, the second an edited copy of the first, compared: does each witness replay, each proof survive?

In: a seed, how many households.  Out: what is wrong, in words; and a count of what was found.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from engine.api import Policies, open_policies
from engine.proof.compared import compare
from engine.proof.results import Comparison, Contradiction, Proved, Unsettled, Witness
from engine.proof.sides import Case, Side
from tests.agreement.deciders import Asked, Tree
from tests.agreement.households import Population
from tests.agreement.policies import drawn_policies
from tests.proof.encoded import disagreements
from tests.proof.held import Side as Held
from tests.proof.held import dealt, is_so

MEMBERS: Final = 2
OTHERS: Final = 1
WORK: Final = 150_000
"""a little: most are settled by a tenth, and what is not is told"""
_EXPRESSION: Final = re.compile(r'(?:is|when|unless|require|q0|q1): "([^"]+)"')
_SWAPS: Final = (
    (" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > "), (" and ", " or "), (" or ", " and "),
    (" + ", " - "), ("max(", "min("), ("min(", "max("), ("any(", "every("), ("every(", "any("), ("not ", ""),
    (" = ", " != "), ("t0", "t1"), ("a0", "a1"), ("mt", "mu"), ("low", "high"),
)  # fmt: skip
MOST_TRIES: Final = 40
POOL: Final = 100
"""households that are drawn; the facts of more are dealt out from theirs"""


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
        told: Counter[str] = Counter()
        wrong = []
        for each in found.differences:
            for way in (each.less, each.more):
                told[type(way).__name__] += 1
                if isinstance(way, Unsettled):
                    told[way.reason] += 1
                if isinstance(way, Contradiction):
                    wrong.append(f"{seed}: {each.goal} does not replay: {way.told} {way.household}")
        wrong += [f"{seed}: {one}" for one in _surviving(found, policies, seed, households, told)]
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


def _surviving(found: Comparison, policies: Policies, seed: str, households: int, told: Counter[str]) -> Iterator[str]:
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
    rng = random.Random(f"{seed}/held")
    trees = Population(policies, policies, [Asked()]).complete(f"{seed}/held", min(households, POOL))
    for case in found.cases:
        # what is proved of any size is held against larger families, too
        placed = [_placed(tree, case, whole=at % 2 == 0) for at, tree in enumerate(trees)]
        sides = [
            Held(policy, tables, [goal for goal, _ in proved])
            for policy, tables in zip(case.policies, case.tables, strict=True)
        ]
        for facts in dealt(case, placed, rng, households // len(found.cases)):
            one, other = (side.worth(facts) for side in sides)
            if one is None or other is None:
                continue
            told["held"] += 1
            within = all(
                len(items) <= (MEMBERS if id == "members" else OTHERS)
                for id, items in facts.items.items()
                if isinstance(items, tuple)
            )
            against = [
                (goal, way)
                for (goal, way), any_size in proved.items()
                if (any_size or within) and is_so(way, one[goal], other[goal])
            ]
            if against and any(disagreements(policy, facts) is None for policy in case.policies):
                told["some value not published"] += 1  # a proof leaves them out, whether or not it counts
                continue
            yield from (f"{goal} {way} was proved, and {facts} is so" for goal, way in against)


def _placed(tree: Tree, case: Case, *, whole: bool) -> Tree:
    """At the place of a case, and on a day of it; within the bound, unless it is left whole."""
    edge = (case.last if case.first == date.min else case.first).isoformat()
    own = str(tree["filed"])
    day = own if case.first.isoformat() <= own <= case.last.isoformat() else edge
    cut = {
        id: tree[id][: MEMBERS if id == "members" else OTHERS]
        for id in case.policies[0].merged.elements.collections
        if tree.get(id) and not whole
    }
    return {**tree, **cut, "filed": day, "here": case.place}


def witnesses(found: Comparison) -> list[Witness]:
    return [way for each in found.differences for way in (each.less, each.more) if isinstance(way, Witness)]
