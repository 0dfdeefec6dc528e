"""The diagnostics of the household floor: why a household is refused."""

from __future__ import annotations

from engine.messages.code import NEAREST, Code, Severity, error, warning

# ---- the JSON text

_TEXT = {
    "not-json": error(
        "不是 JSON，第 {line} 行第 {column} 列读不通",
        "not JSON: cannot be read at line {line}, column {column}",
        hints={
            "goes_on": (
                "一个家庭的 JSON 到这里已经结束，后面还有内容；几个家庭要每行写一个，或用逗号隔开、写在一对方括号里",
                "the JSON of one household ends before this place and something follows; several households stand one "
                "on each line, or with commas between them in one pair of square brackets",
            )
        },
    ),
    "json-blank": error(
        "第 {line} 行第 {column} 列有 {character}，看上去是空白，在 JSON 里不是",
        "at line {line}, column {column} stands {character}, which looks blank but is no blank in JSON",
        "删去它；JSON 里只有半角空格、制表符和换行算空白",
        "take it out; only the plain space, the tab and line ends are blanks in JSON",
    ),
    "json-encoding": error(
        "家庭数据不是 UTF-8 编码",
        "the household data are not in UTF-8",
        "如果是 GBK/GB18030 或 UTF-16，请先转成 UTF-8",
        "convert GBK/GB18030 or UTF-16 to UTF-8 first",
    ),
    "json-too-large": error(
        "家庭数据超过上限 {limit} 字节",
        "the household data are larger than the limit of {limit} bytes",
        hints={
            "passed_over": (
                "读了 {passed_over} 字节还没有完，后面的没有再读",
                "after {passed_over} bytes it had not ended; nothing after it was read",
            )
        },
    ),
    "json-too-deep": error(
        "家庭数据嵌套超过 {limit} 层", "the household data are nested more than {limit} levels deep"
    ),
    "json-duplicate-key": error("字段 `{key}` 写了两次", "the field `{key}` stands twice"),
    "json-not-finite": error("`{text}` 不是数", "`{text}` is not a number"),
    "json-lone-surrogate": error(
        "文字里有不成对的 UTF-16 代理码", "the text holds a lone UTF-16 surrogate, which is no character"
    ),
}

# ---- fields

_FIELDS = {
    "household-not-object": error("一个家庭应是一个 JSON 对象", "a household must be one JSON object"),
    "fact-not-list": error("{label}应是列表 […]", "{label} must be a list"),
    "item-not-object": error("{label}的每一项应是 JSON 对象", "each entry of {label} must be a JSON object"),
    "fact-not-text": error(
        "{label}应是文字（加引号），写的是 {found}", "{label} must be text (in quotes), not {found}"
    ),
    "fact-not-yes-no": error("{label}应是 true 或 false，写的是 {found}", "{label} must be true or false, not {found}"),
    "fact-not-number": error("{label}应是数，写的是 {found}", "{label} must be a number, not {found}"),
    "fact-not-date": error(
        '{label}应是 "2023-06-15" 这样的日期，写的是 {found}',
        '{label} must be a date such as "2023-06-15", not {found}',
    ),
    "number-with-exponent": error(
        "{label}不能写成科学记数 {found}", "{label} must be written without an exponent, not {found}"
    ),
    "amount-form": error(
        "{label}应是不带符号的数，小数点前至多 {digits} 位、后至多 {decimals} 位，写的是 {found}",
        "{label} must be a number without sign, at most {digits} digits before the point and {decimals} after, "
        "not {found}",
    ),
    "signed-form": error(
        "{label}应是数，可以带负号，小数点前至多 {digits} 位、后至多 {decimals} 位，写的是 {found}",
        "{label} must be a number, perhaps with a minus sign, at most {digits} digits before the point and {decimals} "
        "after, not {found}",
    ),
    "whole-form": error(
        "{label}应是不带符号的整数，至多 {digits} 位，写的是 {found}",
        "{label} must be a whole number without sign of at most {digits} digits, not {found}",
    ),
    "date-form": error(
        "{label}应是真实存在的日期，写成 2023-06-15 的样子，写的是 {found}",
        "{label} must be a date of the calendar, written like 2023-06-15, not {found}",
    ),
    "place-form": error("{label}应是六位数字，写的是 {found}", "{label} must be six digits, not {found}"),
    "identity-form": error(
        "{label}应有 1 至 100 个字符，不能只有空白，不含控制字符",
        "{label} must have 1 to 100 characters, not blanks alone, and no control characters",
    ),
    "not-an-option": error(
        "{label}没有 {found} 这个选项，可填：{options}",
        "{label} has no option {found}; it may be: {options}",
        hints=NEAREST,
    ),
    "fact-out-of-bounds": error(
        "{label}应在 {least} 与 {most} 之间，写的是 {found}", "{label} must be from {least} to {most}, not {found}"
    ),
    "required-fact": error("{label}必须填写", "{label} must be given"),
    "too-few-items": error("{label}至少要有 {least} 项", "{label} must have at least {least}"),
    "too-many-items": error("{label}超过上限 {limit} 项", "{label} has more than the limit of {limit}"),
    "repeated-identity": error(
        "{label} `{found}` 与 {other} 的 `{earlier}` 重复",
        "the {label} `{found}` is the same as `{earlier}` of {other}",
        hints={
            "alike": (
                "空格、看不见的字符、全角半角、大小写不计，两个编号相同：同一个人只写一次，不是同一个人就改一个编号",
                "blanks, invisible characters, width and case do not count, so the two are one: give a person once, "
                "and different persons different ids",
            )
        },
    ),
    "reference-to-nobody": error(
        "{label} `{found}` 不是{list}中任何一项的编号",
        "the {label} `{found}` is the id of nobody in {list}",
        hints={
            **NEAREST,
            "there": ("{list}中有：{there}", "there are, in {list}: {there}"),
        },
    ),
    "unknown-household-field": error("没有 `{field}` 这个字段", "no policy has a field `{field}`", hints=NEAREST),
    "field-of-other-policy": warning(
        "字段 {where} 不属于本家庭适用的政策，已忽略",
        "the field {where} is none of this household's policy and was ignored",
    ),
}

# ---- the household as a whole

_WHOLE = {
    "not-in-territory": error(
        "行政区划代码 `{place}` 不在任何已有政策的范围内", "no policy covers the county `{place}`", hints=NEAREST
    ),
    "no-policy-in-force": error(
        "{day} 没有施行中的政策",
        "no policy is in force on {day}",
        hints={
            "known_on": ("只计了截至 {known_on} 已公布的政策", "only policies published by {known_on} were counted"),
        },
    ),
    "place-not-of-policy": error(
        "行政区划代码 `{place}` 不在政策 `{policy}` 的地域之内",
        "the county `{place}` lies outside the policy `{policy}`",
    ),
    "several-policies": error(
        "有几项政策都适用：{policies}",
        "several policies apply: {policies}",
        "用 --policy 指定一项，或用 --policy all 各出一份结论",
        "name one with --policy, or ask for each with --policy all",
    ),
    "more-reasons": error(
        "同样轻重的还有 {count} 处，没有列出",
        "{count} more of this severity are not listed",
        "先改正列出的，再运行一次",
        "mend those that are listed, then run it again",
        also=(Severity.WARNING,),
    ),
    "too-many-pairs": error(
        "要把{label}的每一项与{other}的各项相比，一户合计超过上限 {limit} 次",
        "each item of {label} is held against those of {other}, in all more often than the limit of {limit}",
        "缩短清单；政策的条件里写明两项什么相同的（`… = 本人.…`），相同的才相比",
        "shorten the lists; where the policy asks for what is equal in both (`… = self.…`), only those that "
        "are equal count",
    ),
    "data-check-failed": error("数据核对不通过（{check}）：{message}", "a data check fails ({check}): {message}"),
}

HOUSEHOLD: dict[str, Code] = {**_TEXT, **_FIELDS, **_WHOLE}
