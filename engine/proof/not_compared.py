"""What a comparison does not speak of: where and when one side alone decides, whom one side refuses and the other does
not, and what one of them asks of households, or takes them for where they say nothing.

In: two sides with their cases.  Out: `OneAlone`s and `Otherwise`s. What is told may make a difference to somebody;
where nothing is told, it makes none. Imports policy, program and this floor's cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias, assert_never

from engine.gathered import gathered
from engine.policy.model import Collection, Elements, Fact
from engine.program.link import program_of
from engine.program.model import Program
from engine.proof.groups import Group
from engine.proof.meanings import Meanings, Said
from engine.proof.results import OneAlone, Otherwise
from engine.proof.sides import Case, Side

_Alone: TypeAlias = tuple[Literal[0, 1], date, date]
_ASKED: Final = ("type", "decimals", "default", "required", "optional", "role", "least", "most")
"""what of a fact may make a household refused, or otherwise where it says nothing"""


def alone(one: Side, other: Side, places: Iterable[str]) -> Iterator[OneAlone]:
    """Of each side the days on which it decides and the other does not, with all places of which that is so."""
    found = ((days, place) for place in places for days in _stretches((one, other), place))
    for (side, first, last), held in gathered(found).items():
        yield OneAlone(side, tuple(held), first, last)


def _stretches(sides: tuple[Side, Side], place: str) -> Iterator[_Alone]:
    """Stretches that touch are one."""
    day = date.min
    held: _Alone | None = None
    while True:
        cells = [side.cell(place, day) if place in side.places else (None, date.max) for side in sides]
        last = min(until for _, until in cells)
        one, other = (policy is not None for policy, _ in cells)
        which: Literal[0, 1] = 0 if one else 1
        if held is not None and (one == other or held[0] != which):
            yield held
            held = None
        if one != other:
            held = which, day if held is None else held[1], last
        if last == date.max:
            break
        day = last + timedelta(1)
    if held is not None:
        yield held


def otherwise(groups: Iterable[Group], said: Said) -> tuple[Otherwise, ...]:
    found: dict[Otherwise, None] = {}
    for group in groups:
        case = group.cases[0]
        found |= dict.fromkeys(_checks(case, Meanings(case, group.free, said)))
        found |= dict.fromkeys(_asked(*(policy.merged.elements for policy in case.policies)))
    return tuple(found)


def _checks(case: Case, meanings: Meanings) -> Iterator[Otherwise]:
    """The checks by which one side refuses whom the other does not: they say nothing that the other says, too."""
    programs = [program_of(policy) for policy in case.policies]
    one, other = (_refusing(meanings, side, program) for side, program in enumerate(programs))
    declared = [policy.merged.elements.checks for policy in case.policies]
    ids = dict.fromkeys([*(id for number, id in one.items() if number not in other)])
    ids |= dict.fromkeys(id for number, id in other.items() if number not in one)
    for id in ids:
        spans = [checks[id].origin.span if id in checks else None for checks in declared]
        label = next(checks[id].label for checks in reversed(declared) if id in checks)
        yield Otherwise("checks", id, label, spans[0], spans[1])


def _refusing(meanings: Meanings, side: int, program: Program) -> Mapping[int, str]:
    return {meanings.number(side, step): step.owner.id for step in program.refusing}


def _asked(one: Elements, other: Elements) -> Iterator[Otherwise]:
    """What both ask for, each in its own way, and what only one of them requires."""
    facts, rivals = (dict(_facts(elements)) for elements in (one, other))
    for id in dict.fromkeys((*facts, *rivals)):
        mine, theirs = facts.get(id), rivals.get(id)
        if mine is None or theirs is None:
            held = mine or theirs
            assert held is not None, "one of them has it"
            differs = held.required
        else:
            held, differs = theirs, _asks(mine) != _asks(theirs)
        if differs:
            spans = [None if each is None else each.origin.span for each in (mine, theirs)]
            yield Otherwise("facts", id, held.label, spans[0], spans[1])


def _facts(elements: Elements) -> Iterator[tuple[str, Fact | Collection]]:
    yield from elements.facts.items()
    for id, held in elements.collections.items():
        yield id, held
        yield from ((f"{id}.{name}", fact) for name, fact in held.facts.items())


def _asks(declared: Fact | Collection) -> object:
    match declared:
        case Fact():
            return tuple(getattr(declared, name) for name in _ASKED)
        case Collection(at_least=least, required=required, optional=optional):
            return least, required, optional
    assert_never(declared)
