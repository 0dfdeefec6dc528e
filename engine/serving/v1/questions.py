"""`POST /v1/next-questions`: what is still to be asked about a household, in the order that settles soonest.

In: a household so far.  Out: its answer as far as it is known, and the questions. Imports questions, v1 and below.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from engine.api import Policies
from engine.errors import HouseholdError, PolicyError
from engine.escaping import as_json
from engine.say import Say
from engine.serving.desk import desk_of
from engine.serving.questions import next_questions
from engine.serving.v1.answers import answered
from engine.serving.v1.asked import (
    AS_OF,
    JSON,
    KNOWN_ON,
    POLICY,
    Asked,
    asked_of,
    body_of,
    must_send,
    must_take,
    with_language,
)
from engine.serving.v1.decisions import of_policy, refused
from engine.serving.view import in_thread

ARGUMENTS: Final = with_language(POLICY, AS_OF, KNOWN_ON)


async def ask_next(request: Request) -> Response:
    must_take(request, JSON)
    must_send(request, JSON)
    asked = asked_of(request, ARGUMENTS)
    body, held = await body_of(request), desk_of(request).live.now
    told = await in_thread(_asking, held.policies, body, asked, request.state.say, held.fingerprint)
    return answered(request, *told)


def _asking(policies: Policies, body: bytes, asked: Asked, say: Say, fingerprint: str) -> tuple[str, str, str]:
    """
    Raises: Problem.
    """
    try:
        found = next_questions(policies, body, say, asked.policy, asked.as_of, asked.known_on)
    except HouseholdError as refusal:
        raise refused(refusal, say.language) from None
    except PolicyError as fault:
        raise of_policy(fault) from None
    decision = found.decision
    told: dict[str, object] = {
        "format": 1,
        "household": None,
        "outcome": None,
        "policy": None,
        "settled": False,
    }
    digest, day = fingerprint, ""
    if decision is not None:
        brief = decision.to_dict(say.language, "none")
        told |= {"household": brief["household"], "outcome": brief["outcome"], "policy": brief["policy"]}
        told["settled"] = not found.questions
        digest, day = decision.policy.digest, decision.as_of.isoformat()
    told |= {"questions": [one.to_dict() for one in found.questions], "whole": found.whole}
    return as_json(told), digest, day
