"""A comparison as JSON: the text by id, each goal with its verdict, and either way a household with both decisions, or
what was proved.

In: a `Comparison`.  Out: one object. Imports the result types of proof.
"""

from __future__ import annotations

from datetime import date
from typing import Any, assert_never

from engine.escaping import Lines, as_json
from engine.proof.deciding import Deciding, deciding
from engine.proof.results import Comparison, Contradiction, Difference, Found, Proved, Unsettled, Witness
from engine.reporting.promise_words import bound_json
from engine.source import Span


def comparison_json(comparison: Comparison, changed: dict[str, Any] | None = None) -> Lines:
    """Args: changed: what of stored households changes, where that was asked for."""
    told: dict[str, Any] = {
        "format": 1,
        "a": comparison.names[0],
        "b": comparison.names[1],
        "places": len({case.place for case in comparison.cases}),
        "text": [
            {
                "change": one.how,
                "kind": one.kind,
                "id": one.id,
                "label": one.label,
                "a": _place(one.one),
                "b": _place(one.other),
            }
            for one in comparison.written
        ],
        "only": [
            {
                "side": "ab"[one.side],
                "places": list(one.places),
                "from": None if one.first == date.min else one.first.isoformat(),
                "until": None if one.last == date.max else one.last.isoformat(),
            }
            for one in comparison.alone
        ],
        "asked_otherwise": [
            {"kind": one.kind, "id": one.id, "label": one.label, "a": _place(one.one), "b": _place(one.other)}
            for one in comparison.otherwise
        ],
        "meaning": [_difference(one, comparison) for one in comparison.differences],
    }
    return as_json(told if changed is None else {**told, "households": changed}, indent=2)


def _difference(one: Difference, comparison: Comparison) -> dict[str, Any]:
    return {
        "kind": one.goal.kind,
        "id": one.goal.id,
        "verdict": one.verdict,
        "less": _found(one, one.less, comparison),
        "more": _found(one, one.more, comparison),
    }


def _found(each: Difference, found: Found, comparison: Comparison) -> dict[str, Any]:
    match found:
        case Proved(bound=bound):
            return {"proved": bound_json(bound)}
        case Unsettled(reason=reason, span=span):
            return {"unsettled": {"reason": reason, "at": _place(span)}}
        case Contradiction(household=household, told=told):
            return {"contradiction": {"household": dict(household), "told": told}}
        case Witness(household=household, decisions=(one, other)):
            turns = [_deciding(held) for held in deciding(each.goal, found, comparison.written)]
            return {
                "witness": {
                    "household": dict(household),
                    "deciding": turns,
                    "a": one.to_dict(),
                    "b": other.to_dict(),
                }
            }
    assert_never(found)


def _deciding(held: Deciding) -> dict[str, Any]:
    return {
        "cause": held.cause,
        "id": held.id,
        "label": held.label,
        "a": held.findings[0],
        "b": held.findings[1],
        "at": _place(held.span),
        "because": [
            {"kind": one.kind, "id": one.id, "a": _place(one.one), "b": _place(one.other)} for one in held.because
        ],
    }


def _place(span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"file": span.source.name, "line": span.line, "column": span.column}
