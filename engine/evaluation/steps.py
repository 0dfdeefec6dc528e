"""The rules of a checked policy as steps in the order of working, and which step reads which.

In: `Rules`.  Out: `Steps`, worked out once a policy. Working them in order bounds the depth of recursion by the depth
of one expression, and a change of one fact or reading needs only the steps that it reaches worked again.
Imports policy and language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from engine.language import core
from engine.language.core import CoreExpression, operands
from engine.language.types import TRUTH
from engine.policy.checked import Rules
from engine.source import Span

Key: TypeAlias = tuple[str, str, str]
"""What can be read: ("term", collection, id), ("met", cause, condition), ("met", cause, ""), ("met", "", requirement);
and, no steps themselves, ("fact", collection, id), ("reading", "", id)."""
OUTCOME: Key = ("met", "", "")


@dataclass(frozen=True, slots=True)
class Reader:
    """The place of a step that reads something; `same_item` when it reads that of its own item only."""

    place: int
    same_item: bool


@dataclass(frozen=True, slots=True)
class Step:
    """`collection` is the one whose items it is worked out for, one by one; "" for the household."""

    key: Key
    collection: str
    core: CoreExpression
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Attributes:
    order: each step after those that it reads.
    decisive: how many of them, from the first, the outcome rests on, itself the last of these; the rest serve
        outputs, checks and referrals.
    readers: of each fact and reading the decisive steps that read it.
    """

    order: tuple[Step, ...]
    decisive: int
    readers: Mapping[Key, tuple[Reader, ...]]

    @property
    def outcome(self) -> CoreExpression:
        return self.order[self.decisive - 1].core


def outcome_core(rules: Rules, span: Span) -> CoreExpression:
    """Eligible: some cause is met, and every requirement is."""
    causes = core.Or(span, TRUTH, tuple(core.CauseMet(span, TRUTH, cause) for cause in rules.causes))
    requirements = (core.ConditionMet(span, TRUTH, "", requirement) for requirement in rules.requirements)
    return core.And(span, TRUTH, (causes, *requirements))


def arrange(rules: Rules, span: Span) -> Steps:
    """Steps for all that the outcome, checks, outputs and referrals read.

    Args:
        span: where the outcome as such is declared, the head of the policy.
    """
    cores = _cores(rules, span)
    decisive = _ordered(cores, [OUTCOME])
    beside = [found[1] for kind in (rules.checks, rules.outputs, rules.referrals) for found in kind.values()]
    order = _ordered(cores, [*decisive, *(key for node in beside for key, _ in reads(node) if key in cores)])
    readers: dict[Key, dict[int, bool]] = {}
    for place, key in enumerate(order[: len(decisive)]):
        for read, inside in reads(cores[key]):
            same = collection_of(read) != "" and collection_of(read) == collection_of(key) not in inside
            mine = readers.setdefault(read, {})
            mine[place] = same and mine.get(place, True)
    found = {key: tuple(Reader(place, same) for place, same in mine.items()) for key, mine in readers.items()}
    steps = tuple(Step(key, collection_of(key), cores[key], found.get(key, ())) for key in order)
    return Steps(steps, len(decisive), {key: mine for key, mine in found.items() if key not in cores})


def reads(node: CoreExpression, inside: tuple[str, ...] = ()) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """What an expression reads, with the collections of the aggregates around each reading."""
    match node:
        case core.Fact():
            yield ("fact", node.collection, node.id), inside
        case core.TermValue():
            yield ("term", node.collection, node.id), inside
        case core.ChosenReading():
            yield ("reading", "", node.reading), inside
        case core.CauseMet():
            yield ("met", node.cause, ""), inside
        case core.ConditionMet():
            yield ("met", node.cause, node.condition), inside
        case core.Aggregate():
            for part in operands(node):
                yield from reads(part, (*inside, node.collection))
        case _:
            for part in operands(node):
                yield from reads(part, inside)


def collection_of(key: Key) -> str:
    return key[1] if key[0] in ("fact", "term") else ""


def _cores(rules: Rules, span: Span) -> dict[Key, CoreExpression]:
    cores: dict[Key, CoreExpression] = {
        ("term", collection, id): term.core for (collection, id), term in rules.terms.items()
    }
    told: dict[CoreExpression, Key] = {}
    for cause, checked in rules.causes.items():
        for id, condition in checked.conditions.items():
            node = condition.whole
            # `same_as` makes equal conditions; one that was worked out already is read from there
            _, first_cause, first = told.setdefault(node, ("met", cause, id))
            same = core.ConditionMet(node.span, TRUTH, first_cause, first)
            cores["met", cause, id] = node if (first_cause, first) == (cause, id) else same
        all_of = tuple(core.ConditionMet(span, TRUTH, cause, id) for id in checked.conditions)
        cores["met", cause, ""] = core.And(span, TRUTH, all_of)
    for id, condition in rules.requirements.items():
        cores["met", "", id] = condition.whole
    cores[OUTCOME] = outcome_core(rules, span)
    return cores


def _ordered(cores: Mapping[Key, CoreExpression], wanted: Iterable[Key]) -> list[Key]:
    """The wanted steps and all that they read, each after what it reads; without recursion, chains may be long."""
    done: dict[Key, None] = {}
    for first in wanted:
        stack = [(first, False)]
        while stack:
            key, entered = stack.pop()
            if entered:
                done.setdefault(key)
            elif key not in done:
                stack.append((key, True))
                stack.extend((read, False) for read, _ in reads(cores[key]) if read in cores and read not in done)
    return list(done)
