"""What is told of a proof: what a change does, promises that are not kept, and what was not settled."""

from __future__ import annotations

from engine.messages.code import Code, Reason, Severity, error, info, note, warning
from engine.messages.installing import installing

OUTSIDE: dict[str, Reason] = {
    "limit": Reason("限度内没有得出", "not settled within the limit"),
    "nothing-decided": Reason(
        "看过的地方和日期里没有一户能认定：用到的标准没有公布，或者数据核对对谁都不受理",
        "in the places and on the days looked at no household can be decided: a standard that counts is not "
        "published, or checks of the data refuse everyone",
    ),
    "fact-of-two-kinds": Reason("同一信息项在两边种类不同", "a fact is of another kind on either side"),
    "kinds-of-two": Reason("同一数字在两边种类不同", "a figure is of another kind on either side"),
    "rounded-step": Reason("取整的单位不是写定的数", "it is rounded to a step that is not written out"),
    "rounded-quotient": Reason("对除数不定的商取整", "a quotient by what is no fixed number is rounded"),
    "free-key": Reason("按数量或金额分档查数值", "a value is looked up by a count or an amount"),
    "too-many-terms": Reason("式子太长", "the expression is too long"),
}
"""why something was not settled"""

_WITH_WHAT = {
    "count": (
        "说的是这份文件里承诺 `{effect}` 的 {count} 处改动合在一起",
        "said of all {count} changes of this file that promise `{effect}`, together",
    ),
    "beside": (
        "说的是与 `{beside}` 的其他改动合在一起",
        "said of it beside what else `{beside}` changes",
    ),
}

PROOF: dict[str, Code] = {
    "proof-not-installed": error(
        "没有安装证明用的求解器（{library}）",
        "the solver that proves ({library}) is not installed",
        *installing("proof"),
    ),
    "meaning-changed": info(
        "`{what}`{reason}",
        "`{what}` {reason}",
        reasons={
            "narrower": Reason("收窄了", "is narrower now"),
            "wider": Reason("放宽了", "is wider now"),
            "incomparable": Reason("有宽有窄", "is wider for some and narrower for others"),
            "unsettled": Reason("变没变，没有得出", "may have changed: that was not settled"),
        },
    ),
    "effect-not-kept": error(
        "这处改动写明 `effect: {effect}`，可是有家庭相反：{household}",
        "this change promises `effect: {effect}`, and of some household the opposite is true: {household}",
        "改写它，或者改正它写明的 `effect`",
        "rewrite it, or correct the `effect` that it promises",
        hints={
            "known_on": (
                "只计截至 {known_on} 已公布的（--known-on {known_on}）时是这样",
                "so it is by what was published by {known_on} (--known-on {known_on})",
            ),
            **_WITH_WHAT,
        },
    ),
    "together-with": note("连同这一处", "together with this one"),
    "effect-unproved": warning(
        "这处改动写明 `effect: {effect}`，没有证明出来：{reason}",
        "this change promises `effect: {effect}`, which was not proved: {reason}",
        reasons=OUTSIDE,
        hints=_WITH_WHAT,
        also=(Severity.ERROR,),
    ),
}
