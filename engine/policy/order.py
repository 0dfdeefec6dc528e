"""In which order terms are worked out, and the circles that must not be.

Elaboration alone knows what a name means. So a term is tried with the names there are; where it asks for one whose term
is not known yet, that one comes first, and the try is made again. What causes and conditions read is seen afterwards,
in the elaborated expressions, for they are truths whatever they read.
In: terms, and a way to try one; elaborated rules.  Out: terms known in an order in which each can be; diagnostics that
show each circle.
Imports model, checked and language (references of the core).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from engine.diagnostics import Reporter
from engine.language import core
from engine.language.core import CoreExpression
from engine.language.references import core_walk
from engine.policy.checked import Rules
from engine.policy.model import Element, Term

Try: TypeAlias = Callable[[Term], Sequence[str]]
"""Elaborates a term; the ids of the terms that it asked for and that are not known, none of them when it is settled."""


class Order:
    """Settles terms one by one, each after those that it asks for; without recursion, chains of terms may be long."""

    def __init__(self, terms: Mapping[str, Term], attempt: Try, drop: Callable[[Term], None], report: Reporter) -> None:
        self._terms = terms
        self._attempt = attempt
        self._drop = drop
        self._report = report
        self._open = set(terms)

    def settle_all(self) -> None:
        for id in self._terms:
            if id in self._open:
                self._settle(id)

    def _settle(self, first: str) -> None:
        path: dict[str, Iterator[str]] = {first: self._tried(first)}
        while path:
            id = next(reversed(path))
            following = next(path[id], None)
            if following is None and id in self._open:
                path[id] = self._tried(id)  # what it asked for is known now, or never will be
            elif following is None:
                del path[id]
            elif following in path:
                ids = list(path)
                circle = [self._terms[one] for one in ids[ids.index(following) :]]
                _report([term.name or term.id for term in circle], circle[0], self._report)
                for term in circle:
                    self._open.discard(term.id)
                    self._drop(term)
                    del path[term.id]
            elif following in self._open:
                path[following] = self._tried(following)

    def _tried(self, id: str) -> Iterator[str]:
        asked = self._attempt(self._terms[id])
        if not asked:
            self._open.discard(id)
        return iter(asked)


# ---- circles through causes


_Step: TypeAlias = tuple[str, str, str]
"""("term", collection, id), ("cause", "", id) or ("condition", cause, id)"""


def report_circles(rules: Rules, written: Iterable[str], report: Reporter) -> None:
    """Steps that read a cause or a condition which in the end reads them.

    Args:
        written: the ids of terms in the order of the document, in which circles are looked for.
    """
    declared: dict[_Step, tuple[Element, str]] = {}
    cores: dict[_Step, list[CoreExpression]] = {}
    for (collection, id), term in rules.terms.items():
        step = "term", collection, id
        declared[step] = term.declared, term.declared.name or term.declared.id
        cores[step] = [term.core]
    edges: dict[_Step, list[_Step]] = {}
    for cause, checked in rules.causes.items():
        declared["cause", "", cause] = checked.declared, checked.declared.name or cause
        edges["cause", "", cause] = [("condition", cause, id) for id in checked.conditions]
        for id, condition in checked.conditions.items():
            declared["condition", cause, id] = condition.declared, f"{cause}.{id}"
            cores["condition", cause, id] = [condition.core, *(when for _, when in condition.exemptions)]
    for step, nodes in cores.items():
        edges[step] = list(dict.fromkeys(read for node in nodes for read in _reads(node) if read in declared))
    places = {id: place for place, id in enumerate(written)}
    done: set[_Step] = set()
    for start in sorted(edges, key=lambda step: places.get(step[2], len(places)) if step[0] == "term" else len(places)):
        if start not in done:
            _follow(start, edges, done, declared, report)


def _follow(
    start: _Step,
    edges: Mapping[_Step, Sequence[_Step]],
    done: set[_Step],
    declared: Mapping[_Step, tuple[Element, str]],
    report: Reporter,
) -> None:
    path: dict[_Step, Iterator[_Step]] = {start: iter(edges[start])}
    while path:
        step = next(reversed(path))
        following = next(path[step], None)
        if following is None:
            done.add(step)
            del path[step]
        elif following in path:
            steps = list(path)
            circle = [declared[one] for one in steps[steps.index(following) :]]
            _report([words for _, words in circle], circle[0][0], report)
        elif following not in done:
            path[following] = iter(edges[following])


def _reads(node: CoreExpression) -> Iterator[_Step]:
    for inner in core_walk(node):
        match inner:
            case core.TermValue():
                yield "term", inner.collection, inner.id
            case core.CauseMet():
                yield "cause", "", inner.cause
            case core.ConditionMet():
                yield "condition", inner.cause, inner.condition


def _report(words: Sequence[str], first: Element, report: Reporter) -> None:
    report.tell("circle", first.origin.span, circle=" → ".join([*words, words[0]]))
