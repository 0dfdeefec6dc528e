"""A case for what no case has seen yet: the nearest household with one fact changed.

In: what is lacking, and the runs there are.  Out: a `Proposal` that was tried and does show it, as YAML to paste into a
case file; None where no single change does. The answer in it is the engine's own: whoever pastes it must agree.
Imports evaluation, policy, language and this floor.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import islice
from typing import Final, TypeAlias

from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.facts import FactPlace, HouseholdFacts, path_of, written_steps
from engine.evaluation.figures import plain_number
from engine.evaluation.json_text import NumberText, printable
from engine.language import core
from engine.language.interpreter import evaluate
from engine.language.types import Choice, DateType, Quantity, Truth
from engine.language.values import UNKNOWN, Value
from engine.policy.extent import fact_extent, is_signed
from engine.policy.model import Fact
from engine.program.link import program_of
from engine.testing.coverage import frame_of, look
from engine.testing.decided import Decided, decided
from engine.testing.expect import stated
from engine.testing.model import CaseResult
from engine.testing.strength import SIDES, Probe, Proposal, Seen

MOST_PROPOSALS: Final = 5
"""cases that are worked out for what is lacking"""
MOST_TRIES: Final = 600
"""households tried for one thing that is lacking"""
_STRIDE: Final = 1_200
"""how far a fact is moved to see what that does to both sides of a comparison; twelve months divide it"""


Proposing: TypeAlias = Callable[[Seen, Probe, str, Sequence[Decided], int], Proposal | None]


def proposals(
    seen: Sequence[Seen], results: Iterable[CaseResult], otherwise: Proposing | None = None
) -> list[Proposal]:
    """Cases for the first few things that no case has seen.

    Args:
        otherwise: is asked for what no single change shows.
    """
    ran = list(decided(results))
    lacking = ((one, probe, aspect) for one in seen for probe, aspect in one.missing())
    made = []
    for number, each in enumerate(islice(lacking, MOST_PROPOSALS), 1):
        proposal = propose(*each, ran, number)
        if proposal is None and otherwise is not None:
            proposal = otherwise(*each, ran, number)
        made.append(proposal)
    return [proposal for proposal in made if proposal is not None]


def propose(seen: Seen, probe: Probe, aspect: str, ran: Sequence[Decided], number: int) -> Proposal | None:
    """Args:
    number: tells the names of several proposals apart.
    """
    alike = [one for one in ran if one.policy.rules is seen.policy.rules and not one.result.run.place]
    for one, place, value in islice(_tries(alike, probe), MOST_TRIES):
        other = Decided(one.result, one.policy, _with(one.facts, place, value))
        if _shows(other, probe, aspect):
            return Proposal(probe, aspect, _text(other, probe, aspect, place, value, number))
    return None


def _shows(one: Decided, probe: Probe, aspect: str) -> bool:
    tried = Seen(one.policy, (probe,))
    look(tried, frame_of(one))
    return (probe.key, aspect) in tried.hits


# ---- what to try


def _tries(alike: Sequence[Decided], probe: Probe) -> Iterator[tuple[Decided, FactPlace, Value]]:
    """One fact of one household changed; those first that a boundary is sought by, a household after the other."""
    pending = [_changes(one, probe) for one in alike]
    while pending:
        left = []
        for one, changes in zip(alike, pending, strict=False):
            found = list(islice(changes, 4))
            yield from ((one, place, value) for place, value in found)
            if found:
                left.append(changes)
        pending = left if len(left) == len(pending) else []


def _changes(one: Decided, probe: Probe) -> Iterator[tuple[FactPlace, Value]]:
    places = list(places_of(one))
    if probe.aspects == SIDES:
        for place, fact in places:
            yield from ((place, value) for value in across(one, probe, place, fact))
    for place, fact in places:
        yield place, fact_extent(fact)
        match fact.type:
            case Truth():
                yield from ((place, truth) for truth in (True, False))
            case Choice(options=options):
                yield from ((place, option) for option, _ in options)
            case Quantity():
                yield place, 0
            case _:
                pass


def places_of(one: Decided) -> Iterator[tuple[FactPlace, Fact]]:
    """The facts of a household that rules read and that may be changed alone."""
    elements, used = one.policy.merged.elements, program_of(one.policy).used
    for fact in elements.facts.values():
        if not fact.required and ("", fact.id) in used:
            yield ("", -1, fact.id), fact
    for collection in elements.collections.values():
        items = one.facts.items.get(collection.id, UNKNOWN)
        for index in range(0 if items is UNKNOWN else len(items)):
            for fact in collection.facts.values():
                if not fact.required and (collection.id, fact.id) in used:
                    yield (collection.id, index, fact.id), fact


def across(one: Decided, probe: Probe, place: FactPlace, fact: Fact) -> Iterator[Value]:
    """Values of a fact that bring both sides of a comparison together, found by how far a step of it moves them."""
    node = probe.site.node
    if not isinstance(node, core.Compare) or not isinstance(fact.type, Quantity) or probe.site.collections:
        return
    now = _value(one.facts, place)
    if not isinstance(now, int):
        return
    here, there = (
        _distance(node, Decided(one.result, one.policy, _with(one.facts, place, v))) for v in (now, now + _STRIDE)
    )
    if here is None or there is None or here == there:
        return
    exact = now - here / ((there - here) / _STRIDE)
    for value in (int(exact), int(exact) + 1, int(exact) - 1):
        if value >= 0 or is_signed(fact):
            yield value


def _distance(node: core.Compare, one: Decided) -> Fraction | None:
    frame = frame_of(one)
    left, right = evaluate(node.left, frame), evaluate(node.right, frame)
    if not isinstance(left, int | Fraction) or not isinstance(right, int | Fraction):
        return None
    return Fraction(left) - Fraction(right)


# ---- a household with one fact changed


def _value(facts: HouseholdFacts, place: FactPlace) -> Value:
    collection, index, fact = place
    if not collection:
        return facts.household[fact]
    items = facts.items[collection]
    return UNKNOWN if items is UNKNOWN else items[index][fact]


def _with(facts: HouseholdFacts, place: FactPlace, value: Value) -> HouseholdFacts:
    collection, index, fact = place
    if not collection:
        return replace(facts, household={**facts.household, fact: value})
    items = facts.items[collection]
    assert items is not UNKNOWN, "only items that are there are changed"
    put = tuple({**item, fact: value} if at == index else item for at, item in enumerate(items))
    return replace(facts, items={**facts.items, collection: put})


# ---- as YAML


def _text(one: Decided, probe: Probe, aspect: str, place: FactPlace, value: Value, number: int) -> str:
    try:
        told = f"{{{stated(decide(one.policy, one.facts, one.case.as_of, one.case.known_on))}}}"
    except HouseholdError as refused:
        told = f"{{refused: [{', '.join(found.code for found in refused.diagnostics)}]}}"
    household = changed(one.case.household, place, written(one, place, value))
    given = ", ".join(f"{each.id}: {each.value or '~'}" for each in one.case.given)
    shown = printable(" ".join(probe.span.text.split()))
    lines = [
        f"  proposed_{number}:",
        f"    # {probe.site.owner.name}: {aspect}{probe.edge and f' {probe.edge}'}: {shown}",
        f"    # {one.case.id}, {path_of(place)}",
        "    why: …",
        *([f"    given: {{{given}}}"] if given else []),
        f"    household: {json_line(household)}",
        f"    expect: {told}",
    ]
    return "\n".join(lines)


def changed(household: Mapping[str, object], place: FactPlace, value: object) -> dict[str, object]:
    """A household's JSON with one fact changed."""
    collection, index, fact = place
    if not collection:
        return {**household, fact: value}
    items = household[collection]
    assert isinstance(items, Sequence)
    put = [{**item, fact: value} if at == index else item for at, item in enumerate(items)]
    return {**household, collection: put}


def written(one: Decided, place: FactPlace, value: Value) -> object:
    """The value as a household's JSON has it."""
    fact = one.policy.merged.elements.fact(place[0], place[2])
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int) and isinstance(fact.type, Quantity):
        return NumberText(str(plain_number(Fraction(value) / written_steps(fact))))
    if isinstance(value, date) and isinstance(fact.type, DateType):
        return value.isoformat()
    return None


def json_line(value: object) -> str:
    """JSON on one line, which YAML reads as it stands."""
    match value:
        case NumberText(text=text):
            return text
        case dict():
            inner = (f"{json.dumps(key, ensure_ascii=False)}: {json_line(held)}" for key, held in value.items())
            return "{" + ", ".join(inner) + "}"
        case list() | tuple():
            return "[" + ", ".join(json_line(held) for held in value) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)
