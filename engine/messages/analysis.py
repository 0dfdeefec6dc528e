"""What the analysis of rules tells: what can never hold, what changes nothing, what one more of an amount does.

`{bound}` says of which households and values it is proved.
"""

from __future__ import annotations

from engine.messages.code import Code, Reason, error, info, note, warning
from engine.messages.proof import OUTSIDE

_ONLY = {"only": ("只在这些地方如此：{only}", "it is so only in: {only}")}
_SHOWN = {"household": ("这样的家庭：{household}", "such a household: {household}")}

ANALYSIS: dict[str, Code] = {
    "never-met": warning(
        "没有一个家庭满足{what}“{label}”；已证明：{bound}",
        "no household meets the {what} `{label}`; proved for: {bound}",
        "看看是不是数值、方向写错，或者几个条件互相排斥；本来就用不到的，删去",
        "see whether a number or a sign is wrong, or conditions exclude each other; what is never used can go",
        _ONLY,
    ),
    "never-fails": warning(
        "没有一个家庭不满足{what}“{label}”，它不起作用；已证明：{bound}",
        "every household meets the {what} `{label}`, which decides nothing; proved for: {bound}",
        "看看是不是数值、方向写错；确实不必限制的，删去",
        "see whether a number or a sign is wrong; what restricts nothing can go",
        _ONLY,
    ),
    "standard-not-reached": warning(
        "已公布的标准没有一个达到{what}“{label}”里的界限，{reason}；已证明：{bound}",
        "no published standard reaches the limit in the {what} `{label}`: {reason}; proved for: {bound}",
        "看看界限的数值、单位、方向是不是写错；要等以后的标准才用得上的，不必改",
        "see whether a number, a unit or a sign of the limit is wrong; if it waits for a standard to come, leave it",
        _ONLY,
        reasons={
            "never-met-so-far": Reason("没有一个家庭满足它", "no household meets it"),
            "never-fails-so-far": Reason("没有一个家庭不满足它", "every household meets it"),
        },
    ),
    "condition-implied": warning(
        "去掉{what}“{label}”什么也不变：{reason}；已证明：{bound}",
        "without the {what} `{label}` nothing changes: {reason}; proved for: {bound}",
        "看看是不是漏写了区别；确实多余的，删去",
        "see whether a difference was left out; what is not needed can go",
        _ONLY,
        reasons={
            "condition": Reason(
                "同一致贫原因的其他条件都满足的家庭，都满足它", "whoever meets all others of its cause meets it"
            ),
            "requirement": Reason(
                "符合某个致贫原因、又满足其他要求的家庭，都满足它",
                "whoever meets a cause and all other requirements meets it",
            ),
        },
    ),
    "cause-covered": warning(
        "符合“{label}”的家庭都符合{reason}，去掉“{label}”没有一个家庭的结论会变；已证明：{bound}",
        "whoever meets `{label}` meets {reason}: without `{label}` no outcome changes; proved for: {bound}",
        "看看是不是少写了条件，或者另一个原因写宽了；两个都要的，不必改",
        "see whether a condition is missing, or the other cause is too wide; if both are meant, leave it",
        _ONLY,
        reasons={
            "one": Reason("“{others}”", "`{others}`"),
            "several": Reason("其他原因之一（{others}）", "one of the others ({others})"),
        },
    ),
    "change-without-effect": warning(
        "去掉这处改动，结论、致贫原因和数字都和现在一样；已证明：{bound}；读法按现在选的，或者换其中任何一项",
        "without this change outcome, causes and figures are what they are with it; proved for: {bound}; "
        "readings as chosen, or any one of them chosen otherwise",
        "看看是不是写错了对象、数值或施行日期；确实不起作用的，删去",
        "see whether its object, number or day is wrong; what has no effect can go",
    ),
    "check-refuses-all": error(
        "没有一个家庭通过{reason}；已证明：{bound}",
        "no household gets through {reason}; proved for: {bound}",
        "看看 `require` 的方向：写的是数据应当怎样",
        "look at the sign in `require`: it says how the data should be",
        _ONLY,
        reasons={
            "alone": Reason("数据核对“{label}”", "the data check `{label}`"),
            "together": Reason("“{label}”同{others}这些数据核对", "the data checks `{label}` and {others} together"),
        },
    ),
    "check-refuses-none": warning(
        "没有一个家庭会违反数据核对“{label}”；已证明：{bound}",
        "no household ever fails the data check `{label}`; proved for: {bound}",
        "看看是不是写反了，或者其他核对已经拒收；确实多余的，删去",
        "see whether it is the wrong way round, or other checks refuse it already; what is not needed can go",
        _ONLY,
    ),
    "readings-alike": info(
        "读法“{label}”选“{one}”还是“{other}”，{reason}；已证明：{bound}，其他读法按现在选的",
        "with the reading `{label}` as `{one}` or as `{other}` {reason}; proved for: {bound}, other readings as chosen",
        "",
        "",
        {
            "household": ("{household}", "{household}"),
            "open": ("没有得出是否不同的：{open}", "whether these differ was not settled: {open}"),
        },
        reasons={
            "all": Reason("结论、致贫原因和数字都一样", "outcome, causes and figures are the same"),
            "outcome": Reason(
                "结论总是一样，不同的只有{differing}", "the outcome is the same; what differs is {differing}"
            ),
            "figures": Reason("数字都一样", "all figures are the same"),
        },
    ),
    "more-either-way": warning(
        "“{label}”从 {before} 多到 {after}，有家庭由不符合变为符合；从 {less} 多到 {more}，又有家庭由符合变为不符合",
        "more of `{label}` makes one household eligible ({before} to {after}), another ineligible ({less} to {more})",
        "看看条文是不是要这样；不是的，检查用到它的条件各自的方向",
        "see whether the law means it so; if not, look at the sign in each condition that reads it",
        {
            "household": ("由不符合变为符合的家庭：{household}", "the household that becomes eligible: {household}"),
            "losing": ("由符合变为不符合的家庭：{losing}", "the household that becomes ineligible: {losing}"),
        },
    ),
    "support-cliff": info(
        "“{label}”从 {before} 多到 {after}，{reason}，“{figure}”就少 {lost}（从 {had} 到 {has}）",
        "with {after} of `{label}` in place of {before} {reason}; `{figure}` is lower by {lost} ({had} to {has})",
        "",
        "",
        _SHOWN,
        reasons={
            "turned": Reason("这户家庭由符合变为不符合", "this household is no longer eligible"),
            "still": Reason("这户家庭符合与否不变", "this household stays what it is"),
        },
    ),
    "figure-here": note("这个数字在这里", "the figure is here"),
    "not-analysed": info(
        "{labels}没有分析完：{reason}",
        "not analysed to the end: {labels}: {reason}",
        reasons={
            **OUTSIDE,
            "nothing-decided": Reason(
                "这里没有一个家庭能得出结论：要查的目录或数值没有公布",
                "no household is decided here: lists or values that are looked up are not published",
            ),
        },
    ),
}
