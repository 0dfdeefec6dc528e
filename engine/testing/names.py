"""Names in expectations that nothing answers to: a case that asks for what does not exist would never fail.

In: the expectations of a case and the elements of its policy, whatever their dates.  Out: Diagnostics with the nearest
name. Imports evaluation, policy and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from engine.diagnostics import Reporter
from engine.evaluation.decision import Finding, Outcome
from engine.messages.decision import DECISION
from engine.messages.household import HOUSEHOLD
from engine.policy.model import Elements
from engine.suggest import Near
from engine.testing.expect import REFUSED, WORDS
from engine.testing.households import read_path
from engine.testing.model import Expected

OUTCOME_WORDS = (*(str(outcome) for outcome in Outcome), REFUSED)
FINDING_WORDS = tuple(str(finding) for finding in Finding)
_PARAMETER = re.compile(r"(\w+)(?:\[[^\]]*\])?")


def check_names(expect: Iterable[Expected], elements: Elements, report: Reporter) -> None:
    for expected in expect:
        _check(expected, elements, report)


def _check(expected: Expected, elements: Elements, report: Reporter) -> None:
    key = expected.key
    _word(expected, report)
    match expected.kind:
        case "outcome":
            pass
        case "causes":
            _known(key[0], elements.causes, "case-unknown-cause", expected, report)
        case "conditions":
            _condition(expected, elements, report)
        case "requirements":
            _known(key[0], elements.requirements, "case-unknown-requirement", expected, report)
        case "outputs":
            _known(key[0], elements.outputs, "case-unknown-output", expected, report)
        case "readings":
            _reading(expected, elements, report)
        case "missing":
            for path in expected.value:
                _missing(path, expected, elements, report)
        case "referrals":
            for id in expected.value:
                _known(id, elements.referrals, "case-unknown-referral", expected, report)
        case "warnings" | "no_warnings":
            _known(key[0], [*DECISION, *HOUSEHOLD], "case-unknown-code", expected, report)
        case "refused":
            for entry in expected.value:
                _known(entry.partition(" ")[0], HOUSEHOLD, "case-unknown-code", expected, report)
        case _:
            assert_never(expected.kind)


def _word(expected: Expected, report: Reporter) -> None:
    """A verdict that no answer can have; the schema has refused it, unless it stands in a table."""
    match expected.kind:
        case "outcome" | "readings":
            words = OUTCOME_WORDS if len(expected.key) < 3 else FINDING_WORDS
        case "causes" | "conditions" | "requirements":
            words = FINDING_WORDS
        case _:
            return
    if expected.value not in words:
        word = str(expected.value)
        near = Near(word, (*words, *(said for said, meant in WORDS.items() if meant in words)))
        report.tell("case-unknown-word", expected.span, word=word, words="、".join(words), suggestion=near)


def _known(name: str, candidates: Iterable[str], code: str, expected: Expected, report: Reporter) -> bool:
    names = list(candidates)
    if name in names:
        return True
    report.tell(code, expected.span, name=name, suggestion=Near(name, names))
    return False


def _condition(expected: Expected, elements: Elements, report: Reporter) -> None:
    cause, *rest = expected.key
    every = [f"{id}.{condition}" for id, found in elements.causes.items() for condition in found.conditions]
    _known(".".join([cause, *rest]), every, "case-unknown-condition", expected, report)


def _reading(expected: Expected, elements: Elements, report: Reporter) -> None:
    reading, option, *cause = expected.key
    if not _known(reading, elements.readings, "case-unknown-reading", expected, report):
        return
    options = [one for one, _ in elements.readings[reading].type.options]
    if option not in options:
        near = Near(option, options)
        report.tell("case-unknown-option", expected.span, reading=reading, option=option, suggestion=near)
    if cause:
        _known(cause[0], elements.causes, "case-unknown-cause", expected, report)


def _missing(path: str, expected: Expected, elements: Elements, report: Reporter) -> None:
    """A fact, a fact of an item, a list, or a parameter with or without its key."""
    parameter = _PARAMETER.fullmatch(path)
    if parameter is not None and (parameter[1] in elements.parameters or parameter[1] in elements.lists):
        return
    field = read_path(path)
    names = [*elements.facts, *elements.collections, *elements.parameters]
    if field is None or field.name not in names:
        wrong = path if field is None else field.name
        report.tell("case-unknown-fact", expected.span, name=wrong, suggestion=Near(wrong, names))
    elif field.inner is not None:
        collection = elements.collections.get(field.name)
        facts = {} if collection is None else collection.facts
        if field.inner not in facts:
            wrong, near = f"{field.name}.{field.inner}", Near(field.inner, facts)
            report.tell("case-unknown-fact", expected.span, name=wrong, suggestion=near)
