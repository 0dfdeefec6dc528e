"""Cases that are offered for changes no case speaks of, to be confirmed by a person and kept in a draft.

In: drafted cases; then what was posted of them.  Out: `Offer`s for a page; the text of a case file.
What is kept is decided anew: an answer that is no longer the one that was looked at is not written as confirmed.
Imports testing, writing, evaluation, policy and the ground floor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.api import Policies
from engine.errors import HouseholdError, PolicyError
from engine.evaluation.decision import Decision
from engine.language.types import Choice
from engine.policy.model import MergedPolicy, SetValues, dated_origin
from engine.records import dataclass
from engine.reporting.words import Words
from engine.say import Say
from engine.testing.expect import stated
from engine.testing.propose import json_line
from engine.testing.tried import change_name
from engine.testing.untried import Drafted
from engine.writing.proposed_cases import Case
from engine.writing.saved_case import confirmed_cases

MOST_OFFERED_TEXT: Final = 50_000
"""characters of a household, or a sentence, that comes back with a form"""


@dataclass(frozen=True, slots=True)
class Offer:
    """
    Attributes:
        household: its JSON on one line.
        expected: the answer as an entry of `expect`; `answer` in words.
        facts: what the household states, each with what it is called.
    """

    policy: str
    start: str
    why: str
    household: str
    expected: str
    answer: str = ""
    facts: tuple[tuple[str, str], ...] = ()


def offers(drafted: Sequence[Drafted], words: Words) -> tuple[Offer, ...]:
    return tuple(_offer(one, words) for one in drafted)


def _offer(one: Drafted, words: Words) -> Offer:
    start = dated_origin(one.change).start
    facts = tuple(_facts(one.household, one.decision.policy.merged, words.say))
    expected = stated(one.decision)
    answer = expected if one.decision.outcome is None else words(one.decision.outcome)
    since = "" if start is None else start.isoformat()
    return Offer(one.policy, since, _why(one, words.say), json_line(one.household), expected, answer, facts)


def _why(one: Drafted, say: Say) -> str:
    """What the case shows, in a sentence."""
    change, merged = one.change, one.decision.policy.merged
    document = dated_origin(change).document
    told = change_name(change)
    if isinstance(change, SetValues):
        parameter = merged.elements.parameters[change.target]
        used = (use for use in one.decision.uses if use.parameter == change.target and use.value is not None)
        texts = (f"{' '.join(_key(use.key, merged))} {use.value.cell.text}" for use in used if use.value)
        told = f"{parameter.label}：{next(texts, '')}"
    start = dated_origin(change).start
    since = "" if start is None else say(f"，自 {start} 起", f", from {start}")
    edge = one.edge and say(f"；看{one.edge}正好够不够", f"; whether “{one.edge}” just suffices")
    return f"{told}{since}{document and f'（{document}）'}{edge}"


def _key(key: Sequence[tuple[str, str]], merged: MergedPolicy) -> Iterator[str]:
    for name, part in key:
        fact = merged.elements.facts.get(name)
        options = dict(fact.type.options) if fact is not None and isinstance(fact.type, Choice) else {}
        yield options.get(part) or merged.divisions.name_of(part) or part


def _facts(household: Mapping[str, object], merged: MergedPolicy, say: Say) -> Iterator[tuple[str, str]]:
    elements = merged.elements
    for id_, value in household.items():
        collection = elements.collections.get(id_)
        if collection is None or not isinstance(value, list):
            yield _fact(id_, value, merged, "", say)
            continue
        for number, item in enumerate(value, 1):
            inner = (_fact(key, held, merged, id_, say) for key, held in item.items())
            yield f"{collection.label} {number}", say.names(f"{label} {text}" for label, text in inner)


def _fact(id_: str, value: object, merged: MergedPolicy, collection: str, say: Say) -> tuple[str, str]:
    held = merged.elements.collections[collection].facts if collection else merged.elements.facts
    fact = held.get(id_)
    text = (
        json_line(value).strip('"') if not isinstance(value, bool) else say("是", "yes") if value else say("否", "no")
    )
    if fact is None:
        return id_, text
    if isinstance(fact.type, Choice):
        text = dict(fact.type.options).get(text, text)
    elif fact.role == "place":
        text = f"{merged.divisions.name_of(text)} {text}".strip()
    unit = fact.unit_text if value is not None else ""
    return fact.label, f"{text} {unit}".strip()


# ---- kept


def kept(policies: Policies, confirmed: Sequence[Offer], stem: str, say: Say) -> str | None:
    """The text of a case file; None where an answer is not the one that was confirmed.

    Args:
        confirmed: all of one policy.
    """
    cases, decision = [], None
    for number, one in enumerate(confirmed, 1):
        decision = _decided(policies, one)
        if decision is None or stated(decision) != one.expected:
            return None
        household: dict[str, Any] = json.loads(one.household, parse_int=str, parse_float=str)
        cases.append(Case(f"{stem}_{number}", (one.why,), household, (one.expected,), confirmed=True))
    if decision is None:
        return None
    return confirmed_cases(confirmed[0].policy, cases, decision.policy.merged.elements, say)


def _decided(policies: Policies, one: Offer) -> Decision | None:
    try:
        return policies.evaluate(one.household, one.policy)
    except (HouseholdError, PolicyError):
        return None
