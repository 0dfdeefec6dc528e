"""The diagnostics of what the parts of an expression are: units and kinds of values."""

from __future__ import annotations

from engine.messages.code import PLACE_CODE, QUOTED, Code, error, note

_REPAIRS = {
    "written": ("单位写错时，写作 `{written}`", "if the unit is a slip, write `{written}`"),
    "divide": ("除以人数或件数：`{divide}`", "divide by the count: `{divide}`"),
    "multiply": (
        "若是一人、一件的金额，乘以一个单位：`{multiply}`",
        "if it is the amount for one, multiply by one: `{multiply}`",
    ),
    "period": ("按它所计的整段时间算：`{period}`", "taken over the whole time that it covers: `{period}`"),
    "months": (
        "按月的标准乘以规定的月数，如 12 个月写作 `{months}`",
        "multiply the monthly amount by the months prescribed, for 12 of them `{months}`",
    ),
    "factor": ("若是月数，写明单位：`{factor}`", "if these are months, write the unit: `{factor}`"),
}

_KINDS = {
    "number": ("`{number}` 是数量", "`{number}` is a quantity"),
    "truth": ("`{truth}` 是条件（是/否）", "`{truth}` is a condition (yes/no)"),
    "date": ("`{date}` 是日期", "`{date}` is a date"),
    "choice": ("`{choice}` 是选项", "`{choice}` is a choice"),
    "text": ("`{text}` 是文字", "`{text}` is a text"),
    "place": ("`{place}` 是行政区划代码", "`{place}` is a division code"),
    "item": (
        "`{item}` 指清单中的一项，只能与那个清单的编号、或与指同一清单的内容比较",
        "`{item}` is an item of a list; it compares with the ids of that list and with what refers to the same list",
    ),
    "several": ("`{several}` 可以有几个值", "`{several}` may hold several values"),
}

_QUOTES = {
    **QUOTED,
    "unquoted": (
        "加了引号就成了文字；去掉引号，写作 `{unquoted}`",
        "in quotes it is a text; write it without them: `{unquoted}`",
    ),
}

TYPES: dict[str, Code] = {
    "unit-mismatch": error(
        "`{left}` 的单位是 {left_unit}，`{right}` 的单位是 {right_unit}，不能放在一起比较或加减",
        "`{left}` is in {left_unit} and `{right}` in {right_unit}; they cannot be compared, added or subtracted",
        hints={
            "both": ("两边化成同一单位：`{both}`", "bring both sides to one unit: `{both}`"),
            **_REPAIRS,
            "spread": (
                "若是这段时间的总额，除以这段时间：`{spread}`",
                "if it is the total over that time, divide by the time: `{spread}`",
            ),
            "days": (
                "月和天不能互相换算：用 `{days}` 按月计算",
                "months and days do not convert: count months with `{days}`",
            ),
        },
    ),
    "other-side": note("另一边写在这里", "the other one is here"),
    "expected-unit": error(
        "`{text}` 的单位是 {unit}，这里应为 {wanted}",
        "`{text}` is in {unit}, but {wanted} is wanted here",
        hints=_REPAIRS,
    ),
    "bare-number": error(
        "`{number}` 没有单位，`{other}` 的单位是 {unit}",
        "`{number}` has no unit, `{other}` is in {unit}",
        hints={
            "suggestion": ("请写明单位：`{suggestion}`", "write the unit: `{suggestion}`"),
            "plain": (
                "年份、月份、日不带单位，写作 `{plain}`",
                "years, months and days of a date have no unit: `{plain}`",
            ),
        },
    ),
    "missing-unit": error(
        "`{number}` 没有单位，这里应为 {unit}",
        "`{number}` has no unit, but {unit} is wanted here",
        hints={"suggestion": ("请写明单位：`{suggestion}`", "write the unit: `{suggestion}`")},
    ),
    "unexpected-unit": error(
        "`{text}` 的单位是 {unit}，这里应是没有单位的数",
        "`{text}` is in {unit}, but a number without unit is wanted here",
    ),
    "not-a-number": error(
        "`{text}` 不是数量，不能用于 `{operator}`", "`{text}` is not a quantity; `{operator}` needs one"
    ),
    "not-a-truth": error(
        "`{text}` 不是是/否，不能用于 `{operator}`",
        "`{text}` is neither true nor false; `{operator}` needs a condition",
    ),
    "not-a-date": error("`{text}` 不是日期，不能用于 `{operator}`", "`{text}` is not a date; `{operator}` needs one"),
    "not-several": error(
        "`{text}` 不是多选的内容，不能用于 `{operator}`",
        "`{text}` is not a set; `{operator}` needs one",
        hints={"suggestion": ("单个值请用 `{suggestion}`", "for a single value use `{suggestion}`")},
    ),
    "several-needs-overlaps": error(
        "`{text}` 可以有几个值，不能用 `{operator}`",
        "`{text}` may hold several values; `{operator}` does not apply",
        "用 `{word}`",
        "use `{word}`",
    ),
    "not-ordered": error(
        "`{text}` 没有大小先后，不能用 `{operator}` 比较",
        "`{text}` has no order; it cannot be compared with `{operator}`",
        "用 `=`、`!=` 或 `in`",
        "use `=`, `!=` or `in`",
    ),
    "type-mismatch": error(
        "`{left}` 和 `{right}` 不是同一类内容，不能放在一起",
        "`{left}` and `{right}` are of different kinds and do not go together",
        hints={**_KINDS, **_QUOTES},
    ),
    "expected-type": error(
        "`{found}` 不是这里要的内容",
        "`{found}` is not what is wanted here",
        hints={
            **_KINDS,
            "want_number": ("这里应是数量", "a quantity is wanted"),
            "want_date": ("这里应是日期", "a date is wanted"),
            "want_choice": ("这里应是选项：{want_choice}", "an option is wanted: {want_choice}"),
            "want_text": ("这里应是文字", "a text is wanted"),
            "want_item": ("这里应是清单中的一项", "an item of a list is wanted"),
            "want_place": ("这里应是六位行政区划代码", "a six-digit division code is wanted"),
            **_QUOTES,
            "want_several": ("这里应是可以有几个值的内容", "a set of values is wanted"),
        },
    ),
    "expected-truth": error(
        "这里应是一个条件，`{found}` 不是", "a condition should stand here; `{found}` is none", hints=_KINDS
    ),
    "expected-whole": error(
        "`{text}` 不一定是整数，这里要整数",
        "`{text}` need not be a whole number, and one is wanted here",
        hints={"suggestion": ("可以取整：`{suggestion}`", "round it: `{suggestion}`")},
    ),
    "zero-step": error(
        "`{function}` 要取到大于零的数的倍数，`{text}` 可能不大于零",
        "`{function}` rounds to multiples of what is above zero; `{text}` may not be",
        "直接写出，如 `1 元`；用参数的，在参数里写明下限，如 `at_least: 0.01 元`",
        "write it out, as in `1 元`; of a parameter say the least it can be, as in `at_least: 0.01 元`",
    ),
    "not-written-out": error("`{text}` 不是直接写出的选项或文字", "`{text}` is not an option or a text written out"),
    "bad-place-code": error(
        "`{place}` 不是六位行政区划代码", "`{place}` is not a six-digit division code", hints=PLACE_CODE
    ),
    "date-difference": error(
        "两个日期不能直接相减",
        "dates cannot be subtracted from each other",
        "相隔的整月数写作 `{suggestion}`，天数写作 `{days}`",
        "the completed months between them are `{suggestion}`, the days `{days}`",
    ),
    "date-shift": error(
        "日期只能加减整月或整天的时长，`{text}` 不是以月、年或天计的时长",
        "only whole months, years or days can be added to a date; `{text}` is no such duration",
    ),
    "possible-zero-divisor": error(
        "除数 `{divisor}` 可能为零",
        "the divisor `{divisor}` may be zero",
        hints={
            "guarded": (
                "除数为零时算作 0 的，写作 `{guarded}`",
                "where the result is 0 if the divisor is zero, write `{guarded}`",
            ),
            "across": ("或改写成乘法：`{across}`", "or multiply across: `{across}`"),
        },
    ),
}
