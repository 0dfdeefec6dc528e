"""What proposed cases are for, in words: a sentence for each thing that one shows, is never met with, or was left open.

In: what `propose` made.  Out: sentences in one language. Imports policy and the proof floor's results.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from engine.policy.model import Elements
from engine.proof.aims import Aim, Alone, Changed, Open, Proposals, Read, Shown, Threshold
from engine.say import Say


def shown_text(shown: Shown, say: Say) -> str:
    told = aim_text(shown.aim, say)
    match shown.aim.showing, shown.turns:
        case Threshold(), "outcome":
            return told + say("，结论由此而定", ", and the outcome turns on it")
        case Threshold(), "cause":
            return told + say("，一项情形由此而定", ", and a cause turns on it")
        case Alone(owner=owner), "outcome" if owner.group:
            return told + say("，结论也随之而定", ", and the outcome with it")
        case _:
            return told


def aim_text(aim: Aim, say: Say) -> str:
    match aim.showing:
        case Threshold(site=site, text=text, side=side):
            label = aim.name if site.step.declared is None else site.step.declared.label
            below = say("左边只比右边小最小的一步", "the left just below the right, by the least there is")
            above = say("左边只比右边大最小的一步", "the left just above the right, by the least there is")
            at = say("两边正好相等", "both sides exactly equal")
            where = {"below": below, "at": at, "above": above}[side]
            name = site.owner.name
            return say(f"{label}（{name}）：{text}，{where}", f"{label} ({name}): {text}, {where}")
        case Alone(owner=owner, label=label, met=met):
            if not owner.group:
                met_or_not = say("满足", "is met") if met else say("不满足", "is not met")
                return say(
                    f"“{label}”{met_or_not}；别的不变，结论由它而定",
                    f'"{label}" {met_or_not}; all else the same, the outcome turns on it',
                )
            if met:
                return say(
                    f"“{label}”满足；别的不变，少了它 {owner.group} 就不成立",
                    f'"{label}" is met; without it, all else the same, {owner.group} would not be',
                )
            return say(
                f"“{label}”不满足；别的不变，只因它 {owner.group} 不成立",
                f'"{label}" is not met, and that alone keeps {owner.group} from being met',
            )
        case Read(label=label, options=(one, other)):
            return say(
                f"读法“{label}”：{one} 与 {other} 的结论不同",
                f'reading "{label}": {one} and {other} differ in the outcome',
            )
        case Changed(overlay=overlay, text=text):
            return say(
                f"{overlay} 的改动 {text} 起作用：没有它结论就不同",
                f"the change {text} of {overlay} matters: without it the answer is another",
            )
    assert_never(aim.showing)


def never_text(aim: Aim, say: Say) -> str:
    match aim.showing:
        case Read(label=label, options=(one, other)):
            return say(
                f"读法“{label}”：{one} 与 {other} 的结论从不不同",
                f'reading "{label}": {one} and {other} never differ in the outcome',
            )
        case Changed(overlay=overlay, text=text):
            return say(
                f"{overlay} 的改动 {text} 从不改变结论、情形和原有的数字",
                f"the change {text} of {overlay} never changes the outcome, a cause or a figure there was before",
            )
        case Threshold() | Alone():
            return say("遇不到：", "never met: ") + aim_text(aim, say)
    assert_never(aim.showing)


def open_text(left: Open, say: Say) -> str:
    told = aim_text(left.aim, say)
    if left.reason == "limit":
        return told + say("（限度内没有得出）", " (not settled within the limit)")
    if left.reason == "nothing-decided":
        return told + say("（没有一个家庭能认定）", " (no household is decided)")
    at = "" if left.span is None else f" {left.span.source.name}:{left.span.line}"
    return told + say(f"（不在分析范围内：{left.reason}{at}）", f" (outside what is analysed: {left.reason}{at})")


def summary(found: Proposals, elements: Elements, say: Say) -> Iterator[str]:
    """What stands below the cases: proved never to be met, and not analysed."""
    if found.never:
        yield say(
            f"证明了遇不到的（{bound(found.sizes, elements, say)}，就所用的地方、日期、数值和读法）：",
            f"proved never to be met ({bound(found.sizes, elements, say)}, at this place and day, with these "
            "values and readings):",
        )
        yield from (f"  - {never_text(one.aim, say)}" for one in found.never)
    if found.open:
        yield say("没有分析的：", "not analysed:")
        yield from (f"  - {open_text(one, say)}" for one in found.open)


def bound(sizes: Mapping[str, int], elements: Elements, say: Say) -> str:
    told = [
        say(f"{elements.collections[id].label}至多 {most} 个", f"at most {most} of {id}")
        for id, most in sizes.items()
        if most
    ]
    return say("，", ", ").join(told) or say("任何家庭", "any household")
