"""`POST /v1/decisions`: one household, one decision.

In: a household as JSON.  Out: the contract's decision JSON; a household that is refused is a problem with the
contract's reasons. The outcome alone is worked out at once, as a thread would cost more than it; all else in threads.
Imports v1.asked, v1.answers and below.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from engine.api import Policies
from engine.errors import HouseholdError, PolicyError, UnusablePolicy
from engine.escaping import as_json
from engine.evaluation.decision import Decision
from engine.say import Language
from engine.serving.desk import desk_of
from engine.serving.problems import Problem
from engine.serving.v1.answers import answered
from engine.serving.v1.asked import (
    AS_OF,
    EXPLAINED,
    JSON,
    KNOWN_ON,
    POLICY,
    WHAT_IF,
    Asked,
    asked_of,
    body_of,
    must_send,
    must_take,
    with_language,
)
from engine.serving.view import in_thread

ARGUMENTS: Final = with_language(POLICY, AS_OF, KNOWN_ON, EXPLAINED, WHAT_IF)
QUICK: Final = 1 << 15
"""bytes of a household whose outcome is worked out in less time than a thread takes to begin"""
EVERY: Final = "all"


async def decide_one(request: Request) -> Response:
    must_take(request, JSON)
    must_send(request, JSON)
    asked = asked_of(request, ARGUMENTS)
    body = await body_of(request)
    policies, language = desk_of(request).live.now.policies, request.state.say.language
    if asked.explain == "none" and not asked.what_if and len(body) <= QUICK:
        told = decided(policies, body, asked, language)
    else:
        told = await in_thread(decided, policies, body, asked, language)
    return answered(request, *told)


def decided(policies: Policies, body: bytes, asked: Asked, language: Language) -> tuple[str, str, str]:
    """The answer as text, the digest of its rules, and the day whose rules apply.

    Raises: Problem.
    """
    try:
        decisions = decisions_of(policies, body, asked)
        told = [told_of(policies, body, one, asked, language) for one in decisions]
    except HouseholdError as refusal:
        raise refused(refusal, language) from None
    except PolicyError as fault:
        raise of_policy(fault) from None
    digests = dict.fromkeys(one.policy.digest for one in decisions)
    days = dict.fromkeys(one.as_of.isoformat() for one in decisions)
    return as_json(told if asked.policy == EVERY else told[0]), ", ".join(digests), ", ".join(days)


def decisions_of(policies: Policies, body: bytes, asked: Asked) -> list[Decision]:
    if asked.policy == EVERY:
        return policies.evaluate_all(body, asked.as_of, asked.known_on)
    return [policies.evaluate(body, asked.policy, asked.as_of, asked.known_on)]


def told_of(policies: Policies, body: bytes, decision: Decision, asked: Asked, language: Language) -> dict[str, object]:
    told = decision.to_dict(language, asked.explain)
    return {**told, "what_if": policies.what_if(body, decision).to_dict()} if asked.what_if else told


def refused(refusal: HouseholdError, language: Language) -> Problem:
    """A refusal as a problem: the household's fault, but where a file of its rules cannot be used."""
    status = 503 if isinstance(refusal, UnusablePolicy) else 422
    told = {name: value for name, value in refusal.to_dict(language).items() if name != "reasons"}
    return Problem(status, refusal.diagnostics, more=told)


def of_policy(fault: PolicyError) -> Problem:
    """There is no such policy; or none at all, or none that can be used, which is no fault of the request."""
    asked_for = all(one.code in ("unknown-policy", "several-policies") for one in fault.diagnostics)
    return Problem(404 if asked_for else 503, fault.diagnostics)
