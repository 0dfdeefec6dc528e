"""How a comparison is worded, Chinese and English side by side: kinds of elements, verdicts, directions, households.

In: results of a comparison and a language.  Out: words. Imports policy, evaluation and the result types of proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from engine.evaluation.decision import Decision, Finding, Outcome
from engine.evaluation.figures import texts_of
from engine.language.types import Choice, Quantity, Truth
from engine.messages.proof import OUTSIDE
from engine.policy.keys import amount_words
from engine.policy.model import Elements, Fact
from engine.proof.results import (
    Bound,
    Comparison,
    Contradiction,
    Direction,
    Goal,
    Household,
    Stored,
    Unsettled,
    Verdict,
    Witness,
)
from engine.proof.written import How, Written
from engine.say import Say

HOW: Final[dict[How, tuple[str, str]]] = {
    "added": ("新增", "added"),
    "removed": ("去掉", "removed"),
    "changed": ("修改", "changed"),
}
KINDS: Final[dict[str, tuple[str, str]]] = {
    "facts": ("信息项", "fact"),
    "collections": ("清单", "list of items"),
    "checks": ("数据核对", "data check"),
    "lists": ("目录", "list"),
    "parameters": ("参数", "parameter"),
    "readings": ("读法", "reading"),
    "terms": ("计算步骤", "term"),
    "causes": ("致贫原因", "cause"),
    "conditions": ("条件", "condition"),
    "requirements": ("对全家的要求", "requirement"),
    "outputs": ("数字", "figure"),
    "referrals": ("转办", "referral"),
}
_MOST_NAMED: Final = 3
VERDICTS: Final[dict[Verdict, tuple[str, str]]] = {
    "equivalent": ("相同", "equivalent"),
    "narrower": ("收窄", "narrower"),
    "wider": ("放宽", "wider"),
    "incomparable": ("有宽有窄", "incomparable"),
    "unsettled": ("没有得出", "not settled"),
}
_FIGURES: Final[dict[Verdict, tuple[str, str]]] = {
    "equivalent": ("相同", "equivalent"),
    "narrower": ("只减不增", "lower, never higher"),
    "wider": ("只增不减", "higher, never lower"),
    "incomparable": ("有增有减", "higher for some, lower for others"),
    "unsettled": ("没有得出", "not settled"),
}


def verdict_words(goal: Goal, verdict: Verdict, say: Say) -> str:
    return say(*(_FIGURES if goal.kind == "output" else VERDICTS)[verdict])


def goal_words(goal: Goal, comparison: Comparison, say: Say) -> str:
    if goal.kind == "outcome":
        return say("结论", "outcome")
    for case in comparison.cases:
        for policy in reversed(case.policies):
            elements = policy.merged.elements
            held = elements.causes.get(goal.id) if goal.kind == "cause" else elements.outputs.get(goal.id)
            if held is not None:
                return held.label
    return goal.id


def direction_words(goal: Goal, direction: Direction, say: Say) -> str:
    more = direction == "more"
    match goal.kind:
        case "outcome":
            return say(
                "原来不符合、现在符合的家庭" if more else "原来符合、现在不符合的家庭",
                "a household that gains" if more else "a household that loses",
            )
        case "cause":
            return say(
                "原来不满足、现在满足" if more else "原来满足、现在不满足", "now met" if more else "no longer met"
            )
        case "output":
            return say("变大" if more else "变小", "higher" if more else "lower")


def unsettled_words(found: Unsettled, comparison: Comparison, say: Say) -> str:
    if found.reason == "limit":
        return say("在限度内既没有找到家庭，也没有证明没有", "neither a household nor a proof within the limit")
    if found.reason == "nothing-decided":
        lacking = _published_nowhere(comparison)
        named = (
            say(f"；没有取值的是{'、'.join(lacking)}", f"; without a value: {', '.join(lacking)}") if lacking else ""
        )
        return say(*OUTSIDE[found.reason][:2]) + named
    place = "" if found.span is None else f"{found.span!r}: "
    return place + say("没有分析：", "not analysed: ") + say(*OUTSIDE[found.reason][:2])


def _published_nowhere(comparison: Comparison) -> list[str]:
    """The parameters that have no value on either side, wherever and whenever was looked."""
    tables = [tables for case in comparison.cases for tables in case.tables]
    known = {id for one in tables for id, table in one.parameters.items() if table.cells}
    found = {id: table.parameter.label for one in tables for id, table in one.parameters.items() if id not in known}
    return list(found.values())


def bound_words(bound: Bound, comparison: Comparison, say: Say) -> str:
    """What a proof is about."""
    return within_words(bound, comparison.cases[-1].policies[1].merged.elements, say)


def within_words(bound: Bound, elements: Elements, say: Say) -> str:
    labels = elements.collections
    sizes = [f"{labels[id].label if id in labels else id} ≤ {most}" for id, most in bound.sizes.items() if most]
    sizes = [say("不论大小", "of any size")] if bound.any_size else sizes
    free = [elements.parameters[id].label if id in elements.parameters else id for id in bound.free]
    told = say("事实都已知的家庭，", "households of which all is known, ") + say.names(sizes)
    if free:
        return told + say(f"；{'、'.join(free)}取其范围内任何值", f"; {', '.join(free)}: any value within its range")
    return told + say("；数值按已公布的", "; values as published")


def household_lines(witness: Witness, say: Say) -> Iterator[str]:
    return family_lines(witness.household, [policy.merged.elements for policy in witness.case.policies], say)


def family_lines(tree: Household, elements: list[Elements], say: Say) -> Iterator[str]:
    """The facts of a household that are not at their default: those of the family, then a line for each item."""
    facts = {id: fact for one in elements for id, fact in one.facts.items()}
    own = [_fact(facts[id], value, say) for id, value in tree.items() if id in facts and facts[id].role != "identity"]
    yield say("；", "; ").join(own)
    collections = {id: held for one in elements for id, held in one.collections.items()}
    for id, items in tree.items():
        for number, item in enumerate(items if id in collections else (), 1):
            declared = _facts_of(id, elements)
            told = [
                _fact(declared[name], value, say) for name, value in item.items() if declared[name].role != "identity"
            ]
            yield f"{collections[id].label} {number}{say('：', ': ')}" + (
                say("；", "; ").join(told) or say("其余都按缺省", "all at their defaults")
            )


def _facts_of(id: str, elements: list[Elements]) -> dict[str, Fact]:
    return {name: fact for one in elements if id in one.collections for name, fact in one.collections[id].facts.items()}


def _fact(fact: Fact, value: Any, say: Say) -> str:
    match fact.type:
        case Truth():
            told = say("是", "yes") if value else say("否", "no")
        case Quantity():
            told = f"{value} {amount_words(fact.unit_text)}".strip()
        case Choice(options=options):
            told = dict(options).get(value, value)
        case _:
            told = say.names(value) or say("无", "none") if isinstance(value, list) else str(value)
    return f"{fact.label} {told}"


def standing(goal: Goal, decision: Decision, say: Say) -> str:
    """How a goal stands under a decision."""
    if goal.kind == "outcome":
        words = {Outcome.ELIGIBLE: ("符合", "eligible"), Outcome.INELIGIBLE: ("不符合", "not eligible")}
        return say(*words[Outcome(str(decision.outcome))])
    if goal.kind == "cause":
        return finding_words(decision.causes[goal.id].finding if goal.id in decision.causes else None, say)
    found = decision.outputs[goal.id]
    values = [found.value] if found.items is None else [one.value for one in found.items]
    return " ".join(str(texts_of(value, found.measure)[0]) for value in values) + f" {found.measure.text}"


def finding_words(finding: Finding | None, say: Say) -> str:
    if finding is None:
        return "—"
    words: Mapping[Finding, tuple[str, str]] = {Finding.MET: ("满足", "met"), Finding.UNMET: ("不满足", "not met")}
    return say(*words.get(finding, ("待查", "open")))


def looked_at(comparison: Comparison, say: Say) -> str:
    places = len({case.place for case in comparison.cases})
    if not places:
        return say("两边没有同时施行的地方和日期", "there is no place and day on which both are in force")
    stretches = len({(case.first, case.last) for case in comparison.cases})
    return say(
        f"比对了 {places} 个地方、{stretches} 段日期", f"compared in {places} places over {stretches} stretches of days"
    )


def not_compared_head(say: Say) -> str:
    return say("没有比对的", "Not compared")


def not_compared(comparison: Comparison, say: Say) -> Iterator[str]:
    """What the comparison does not speak of: who is touched by it may differ, whatever it comes to."""
    for one in comparison.alone:
        name = comparison.names[one.side]
        days = _days(one.first, one.last, say)
        yield say(
            f"只有 {name} 施行的：{_named(one.places, say)}，{days}",
            f"only {name} decides: {_named(one.places, say)}, {days}",
        )
    for each in comparison.otherwise:
        told = " → ".join(f"{span!r}" for span in dict.fromkeys((each.one, each.other)) if span is not None)
        about = _ONE_SIDE if each.one is None or each.other is None else _BOTH_SIDES
        yield f"{say(*about[each.kind])}{say('：', ': ')}{each.id} {each.label} {told}"


_BOTH_SIDES: Final = {
    "checks": (
        "数据核对两边不同，有一边不受理的家庭",
        "households that one side refuses, as a data check differs",
    ),
    "facts": (
        "信息项的取值范围、必填或缺省两边不同，有一边不受理、或者没有填这一项的家庭",
        "households that one side refuses, or which leave it out, as range, default or need of a fact differ",
    ),
}
_ONE_SIDE: Final = {
    "checks": (
        "只有一边有的数据核对，通不过的家庭",
        "households that one side refuses, by a data check that only it has",
    ),
    "facts": (
        "只有一边必填的信息项，没有填的家庭",
        "households that leave out a fact that only one side requires",
    ),
}


def _days(first: date, last: date, say: Say) -> str:
    if (first, last) == (date.min, date.max):
        return say("每一天", "on every day")
    if first == date.min:
        return say(f"到 {last} 为止", f"until {last}")
    return (
        say(f"{first} 起", f"from {first} on") if last == date.max else say(f"{first} 至 {last}", f"{first} to {last}")
    )


def _named(places: tuple[str, ...], say: Say) -> str:
    some = say.names(list(places[:_MOST_NAMED]))
    if len(places) <= _MOST_NAMED:
        return some
    return say(f"{some}等 {len(places)} 个地方", f"{some} and {len(places) - _MOST_NAMED} more places")


def texts_head(comparison: Comparison, say: Say) -> str:
    count = len(comparison.written)
    return say(
        f"文字：{count} 处不同" if count else "文字相同", f"Text: {count} differences" if count else "Text: the same"
    )


def places_of(one: Written) -> str:
    return " → ".join(f"{span!r}" for span in dict.fromkeys((one.one, one.other)) if span is not None)


def contradiction_words(found: Contradiction, say: Say) -> str:
    return say(
        f"程序内部有矛盾，请报告：求解器找到的家庭，两边重新认定并不如此（{found.told}）",
        "the program contradicts itself, please report it: a household that the solver found is decided otherwise "
        f"({found.told})",
    )


def stored_lines(stored: Stored, say: Say) -> Iterator[str]:
    """How many stored households change, and which."""
    changed = stored.changed
    yield say(
        f"家庭 {stored.count} 户，结论改变 {len(changed)} 户", f"{stored.count} households, {len(changed)} change"
    )
    for (before, after), count in sorted(Counter((one.before, one.after) for one in changed).items()):
        yield f"  {_answer(before, say)} → {_answer(after, say)}{say('：', ': ')}{count}"
    yield from (f"  {one.id}{say('：', ': ')}{_answer(one.before, say)} → {_answer(one.after, say)}" for one in changed)
    if left := len(stored.told) - len(changed):
        yield say(
            f"  另有 {left} 户不受理或不在两边同时施行的范围内",
            f"  {left} more are refused, or outside of what both decide",
        )


def _answer(answer: str, say: Say) -> str:
    return say(*_ANSWERS.get(answer, (answer, answer)))


_ANSWERS: Final = {
    "eligible": ("符合", "eligible"),
    "ineligible": ("不符合", "not eligible"),
    "undetermined": ("暂不能认定", "undetermined"),
    "refused": ("不受理", "refused"),
}
