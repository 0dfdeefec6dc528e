"""Proposed cases as JSON: each household with the engine's answer, to be confirmed by a person, and what it shows.

In: what `propose` made, at a place and day.  Out: one object. Imports the proof floor's results and the words of
proposals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.escaping import Lines, as_json
from engine.evaluation.decision import Decision
from engine.proof.aims import Aim, Proposals, Proposed, Read
from engine.reporting.proposal_words import never_text, open_text, shown_text
from engine.say import Say
from engine.source import Span


def proposals_json(found: Proposals, policy: str, place: str, day: date, given: Mapping[str, str], say: Say) -> Lines:
    told: dict[str, Any] = {
        "format": 1,
        "policy": policy,
        "place": place,
        "day": day.isoformat(),
        "given": dict(given),
        "sizes": dict(found.sizes),
        "cases": [_case(one, say) for one in found.cases],
        "never": [{**_aim(one.aim), "text": never_text(one.aim, say)} for one in found.never],
        "not_analysed": [
            {**_aim(one.aim), "text": open_text(one, say), "reason": one.reason, "at": _place(one.span)}
            for one in found.open
        ],
    }
    return as_json(told)


def _case(one: Proposed, say: Say) -> dict[str, Any]:
    return {
        "name": one.shows[0].aim.name,
        "confirmed": False,
        "shows": [{**_aim(shown.aim), "text": shown_text(shown, say), "turns": shown.turns} for shown in one.shows],
        "household": dict(one.household),
        "expect": dict(_expected(one)),
    }


def _expected(one: Proposed) -> Iterator[tuple[str, Any]]:
    """As the cases of a file state it: the outcome with each cause, figures, and what options of readings give."""
    decision: Decision = one.decision
    if decision.outcome is not None:
        yield "outcome", str(decision.outcome)
        yield "causes", {id: str(cause.finding) for id, cause in decision.causes.items()}
    else:
        outputs: Any = decision.to_dict()["outputs"]
        yield "outputs", outputs
    read = dict.fromkeys(shown.aim.showing.reading for shown in one.shows if isinstance(shown.aim.showing, Read))
    if read:
        options = {id: decision.readings[id].options for id in read}
        yield (
            "readings",
            {id: {option: str(held.outcome) for option, held in each.items()} for id, each in options.items()},
        )


def _aim(aim: Aim) -> dict[str, Any]:
    return {"aim": aim.name, "at": _place(aim.span)}


def _place(span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"file": span.source.name, "line": span.line}
