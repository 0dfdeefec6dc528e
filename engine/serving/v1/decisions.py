"""`POST /v1/decisions`: one household, one decision.

In: a household as JSON.  Out: the contract's decision JSON; a household that is refused is a problem with the
contract's reasons. The outcome alone is worked out at once, as a thread would cost more than it; all else in threads.
Requests that came together are read together, then decided, then answered: what is done many times in a row the
processor has at hand (a tenth of all the time at 32 connections).
Imports v1.asked, v1.answers and below.
"""

from __future__ import annotations

from asyncio import sleep
from collections.abc import Iterable
from datetime import date
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from engine.api import Policies
from engine.beside import kept_beside
from engine.errors import HouseholdError, PolicyError, UnusablePolicy
from engine.escaping import as_json
from engine.evaluation.decision import Decision, by_rules
from engine.policy.checked import CheckedPolicy
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
        await sleep(0)
        told = decided(policies, body, asked, language)
        await sleep(0)
    else:
        told = await in_thread(decided, policies, body, asked, language)
    return answered(request, *told)


def decided(policies: Policies, body: bytes, asked: Asked, language: Language) -> tuple[str, str, str]:
    """The answer as text, the digest of its rules, and the day whose rules apply.

    Raises: Problem.
    """
    try:
        decisions = decisions_of(policies, body, asked)
        told = [text_of(policies, body, one, asked, language) for one in decisions]
    except HouseholdError as refusal:
        raise refused(refusal, language) from None
    except PolicyError as fault:
        raise of_policy(fault) from None
    if asked.policy != EVERY:
        return told[0], decisions[0].policy.digest, decisions[0].as_of.isoformat()
    digests = dict.fromkeys(one.policy.digest for one in decisions)
    days = dict.fromkeys(one.as_of.isoformat() for one in decisions)
    return in_a_row(told), ", ".join(digests), ", ".join(days)


def decisions_of(policies: Policies, body: bytes, asked: Asked) -> list[Decision]:
    if asked.policy == EVERY:
        return policies.evaluate_all(body, asked.as_of, asked.known_on)
    return [policies.evaluate(body, asked.policy, asked.as_of, asked.known_on)]


def text_of(policies: Policies, body: bytes, decision: Decision, asked: Asked, language: Language) -> str:
    if asked.what_if:
        what_if = policies.what_if(body, decision).to_dict()
        return as_json({**decision.to_dict(language, asked.explain), "what_if": what_if})
    if asked.explain != "none" or decision.outcome is None:
        return as_json(decision.to_dict(language, asked.explain))
    rules = _rules_text(decision.policy, decision.as_of, decision.known_on)
    return f'{{"format":1,"household":{as_json(decision.household)},"outcome":"{decision.outcome}",{rules}'


@kept_beside
def _rules_text(policy: CheckedPolicy, as_of: date, known_on: date | None) -> str:
    """The end of an outcome alone, which is the same for all households of the day."""
    return as_json(by_rules(policy, as_of, known_on)).removeprefix("{")


def in_a_row(told: Iterable[str]) -> str:
    return f"[{','.join(told)}]"


def refused(refusal: HouseholdError, language: Language) -> Problem:
    """A refusal as a problem: the household's fault, but where a file of its rules cannot be used."""
    status = 503 if isinstance(refusal, UnusablePolicy) else 422
    told = {name: value for name, value in refusal.to_dict(language).items() if name != "reasons"}
    return Problem(status, refusal.diagnostics, more=told)


def of_policy(fault: PolicyError) -> Problem:
    """There is no such policy; or none at all, or none that can be used, which is no fault of the request."""
    asked_for = all(one.code in ("unknown-policy", "several-policies") for one in fault.diagnostics)
    return Problem(404 if asked_for else 503, fault.diagnostics)
