"""What an analysis found, as diagnostics at the lines that it is about, and its households as JSON.

In: an `Analysis`.  Out: `Diagnostic`s in one language, in order of place; households.
Imports the result types of proof, the words of comparisons and evaluation's figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, assert_never

from engine.diagnostics import Diagnostic, sort_key
from engine.evaluation.figures import texts_of
from engine.gathered import gathered
from engine.policy.keys import amount_words
from engine.proof.findings import Alike, Claim, Cliff, Finding, Idle, Left, Pair, Rise
from engine.proof.results import Bound, Contradiction, Goal, Household
from engine.proof.sides import Case
from engine.reporting.compare_words import KINDS, family_lines, standing, within_words
from engine.say import Say
from engine.source import Span

_MOST_PLACES: Final = 5
_OUTCOME: Final = Goal("outcome", "")
_RULES: Final = {"cause": "causes", "condition": "conditions", "requirement": "requirements", "check": "checks"}


def finding_diagnostics(findings: Sequence[Finding], say: Say) -> tuple[Diagnostic, ...]:
    """Contradictions are told apart: they are faults of the program itself."""
    left = gathered(((one.reason, one.span), one.label) for one in findings if isinstance(one, Left))
    told = [
        *(_diagnostic(one, say) for one in findings if not isinstance(one, Contradiction | Left)),
        *(
            Diagnostic.of("not-analysed", span, labels=_quoted(dict.fromkeys(labels), say), reason=reason)
            for (reason, span), labels in left.items()
        ),
    ]
    return tuple(sorted(dict.fromkeys(told), key=sort_key))


def _diagnostic(found: Claim | Idle | Alike | Rise | Cliff, say: Say) -> Diagnostic:
    match found:
        case Claim():
            return _claim(found, say)
        case Idle(span=span, bound=bound, case=case):
            return Diagnostic.of("change-without-effect", span, bound=_bound(bound, case, say))
        case Alike():
            return _alike(found, say)
        case Rise():
            return _rise(found, say)
        case Cliff():
            return _cliff(found, say)
    assert_never(found)


def _claim(found: Claim, say: Say) -> Diagnostic:
    subject = found.subject
    params = {"label": subject.label, "bound": _any_reading(found, say)}
    if found.only:
        params["only"] = _places(found.only, say)
    what = say(*KINDS[_RULES[subject.kind]])
    match found.kind:
        case "never-met":
            return _of("never-met", subject.span, what=what, **params)
        case "never-fails":
            return _of("never-fails", subject.span, what=what, **params)
        case "never-met-so-far" | "never-fails-so-far":
            return _of("standard-not-reached", subject.span, what=what, reason=found.kind, **params)
        case "condition-implied":
            return _of("condition-implied", subject.span, what=what, reason=subject.kind, **params)
        case "cause-covered":
            reason, others = "one" if len(found.others) == 1 else "several", say.names(found.others)
            return _of("cause-covered", subject.span, reason=reason, others=others, **params)
        case "check-refuses-all":
            reason, others = "together" if found.others else "alone", _quoted(found.others, say)
            return _of("check-refuses-all", subject.span, reason=reason, others=others, **params)
        case "check-refuses-none":
            return _of("check-refuses-none", subject.span, **params)
    assert_never(found.kind)


def _any_reading(found: Claim, say: Say) -> str:
    told = _bound(found.bound, found.case, say)
    if not found.case.policies[0].merged.elements.readings:
        return told
    return told + say("；不论选哪种读法", "; whichever readings are chosen")


def _alike(found: Alike, say: Say) -> Diagnostic:
    (one, other), params = found.options, {"label": found.reading.label, "bound": _bound(found.bound, found.case, say)}
    params |= {"one": one, "other": other, "open": say.names(found.open)}
    has_outcome = any(
        decision.outcome is not None for _, _, witness in found.differing for decision in witness.decisions
    )
    params["reason"] = "outcome" if found.differing else "all" if _decides(found.case) else "figures"
    if found.differing and has_outcome:
        goal, label, witness = found.differing[0]
        before, after = (standing(goal, decision, say) for decision in witness.decisions)
        family = _household(witness.household, witness.case, say)
        params["differing"] = _quoted((label for _, label, _ in found.differing), say)
        params["household"] = say(
            f"“{label}”不同的家庭：{family}——选“{one}”时{before}，选“{other}”时{after}",
            f"a household for which `{label}` differs: {family} — with `{one}` {before}, with `{other}` {after}",
        )
    return _of("readings-alike", found.reading.origin.span, **params)


def _quoted(labels: Iterable[str], say: Say) -> str:
    return say.names(say(f"“{label}”", f"`{label}`") for label in labels)


def _decides(case: Case) -> bool:
    elements = case.policies[0].merged.elements
    return bool(elements.causes or elements.requirements)


def _rise(found: Rise, say: Say) -> Diagnostic:
    other = _pair(found.loses, say)
    losing = {"less": other["before"], "more": other["after"], "losing": other["household"]}
    return _of("more-either-way", found.gains.fact.origin.span, **_pair(found.gains, say), **losing)


def _cliff(found: Cliff, say: Say) -> Diagnostic:
    pair, id = found.pair, found.output.id
    measure = pair.decisions[0].outputs[id].measure
    had, has = found.figures
    amounts = (f"{texts_of(value, measure)[0]} {amount_words(measure.text)}".strip() for value in (had, has, had - has))
    params = dict(zip(("had", "has", "lost"), amounts, strict=True))
    turned = pair.decisions[0].outcome != pair.decisions[1].outcome
    params |= {"figure": found.output.label, "reason": "turned" if turned else "still", **_pair(pair, say)}
    here = [("figure-here", found.output.origin.span)]
    return Diagnostic.of("support-cliff", pair.fact.origin.span, path="", related=here, **params)


def _of(code: str, span: Span, **params: str) -> Diagnostic:
    return Diagnostic.of(code, span, path="", related=(), **params)


def _pair(pair: Pair, say: Say) -> dict[str, str]:
    unit = amount_words(pair.fact.unit_text)
    before, after = (f"{amount} {unit}".strip() for amount in pair.amounts)
    household = _household(pair.households[0], pair.case, say)
    return {"label": pair.fact.label, "before": before, "after": after, "household": household}


def _household(tree: Household, case: Case, say: Say) -> str:
    return say("；", "; ").join(line for line in family_lines(tree, [case.policies[0].merged.elements], say) if line)


def _bound(bound: Bound, case: Case, say: Say) -> str:
    return within_words(bound, case.policies[1].merged.elements, say)


def _places(cases: Iterable[Case], say: Say) -> str:
    """The places with the first day on which it is so."""
    first: dict[str, Case] = {}
    for case in sorted(cases, key=lambda one: (one.place, one.first)):
        first.setdefault(case.place, case)
    told = []
    for place, case in list(first.items())[:_MOST_PLACES]:
        name = case.policies[0].merged.divisions.name_of(place)
        told.append(f"{name} {place}".strip() + say(f"（{case.first} 起）", f" (from {case.first})"))
    more = len(first) - len(told)
    return say.names(told) + (say(f" 等 {len(first)} 处", f" and {more} more") if more else "")


# ---- for programs


def finding_households(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The households that show something, each with what it is told."""
    return [one for found in findings for one in _shown(found)]


def _shown(found: Finding) -> Iterator[dict[str, Any]]:
    match found:
        case Rise(gains=gains, loses=loses):
            yield from (_pair_json("more-either-way", pair) for pair in (gains, loses))
        case Cliff(pair=pair, output=output):
            yield {**_pair_json("support-cliff", pair), "output": output.id}
        case Alike(reading=reading, options=options, differing=differing):
            for goal, _, witness in differing:
                yield {
                    "code": "readings-alike",
                    "reading": reading.id,
                    "options": list(options),
                    "differing": {"kind": goal.kind, "id": goal.id},
                    "household": dict(witness.household),
                    "decisions": [one.to_dict() for one in witness.decisions],
                }
        case Claim() | Idle() | Left() | Contradiction():
            return


def _pair_json(code: str, pair: Pair) -> dict[str, Any]:
    return {
        "code": code,
        "fact": f"{pair.fact.collection}.{pair.fact.id}" if pair.fact.collection else pair.fact.id,
        "amounts": list(pair.amounts),
        "households": [dict(one) for one in pair.households],
        "decisions": [one.to_dict() for one in pair.decisions],
    }
