"""Wordings of the diagnostics of the language floor."""

from __future__ import annotations

from engine.messages.wording import Wording

_MEANT = {"suggestion": ("是不是想写 `{suggestion}`？", "did you mean `{suggestion}`?")}
_WRITE = {"suggestion": ("请写作 `{suggestion}`", "write `{suggestion}`")}
_SPACED = {
    **_MEANT,
    "apart": ("运算词两边要有空格：`{apart}`", "word operators need a space on both sides: `{apart}`"),
}

_TIMES = {
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
    "several": ("`{several}` 可以有几个值", "`{several}` may hold several values"),
}

_SYNTAX = {
    "expression-too-long": Wording(
        zh="表达式有 {length} 个字符，最多 {limit} 个",
        en="the expression has {length} characters, at most {limit} are allowed",
        help_zh="把其中一部分写成单独的 terms 条目，再按名称引用",
        help_en="make a part of it a term of its own and refer to it by name",
    ),
    "expression-too-deep": Wording(
        zh="表达式嵌套超过 {limit} 层",
        en="the expression is nested more than {limit} levels deep",
        help_zh="把其中一部分写成单独的 terms 条目，再按名称引用",
        help_en="make a part of it a term of its own and refer to it by name",
    ),
    "chain-too-long": Wording(
        zh="一个表达式里连写的项超过 {limit} 个",
        en="more than {limit} items are strung together in one expression",
        help_zh="把其中一部分写成单独的 terms 条目，再按名称引用",
        help_en="make a part of it a term of its own and refer to it by name",
    ),
    "empty-expression": Wording(zh="这里应有一个表达式", en="an expression should stand here"),
    "unexpected-character": Wording(
        zh="表达式中不能出现字符 `{character}`",
        en="the character `{character}` cannot stand in an expression",
        hints={**_MEANT, "stray": ("删去这个字符", "delete it")},
    ),
    "unclosed-text": Wording(
        zh="文字没有写完，缺少结束的引号 {quote}",
        en="the text is not closed; the quote {quote} is missing",
    ),
    "unexpected-word": Wording(
        zh="`{found}` 不能出现在这里",
        en="`{found}` cannot stand here",
        hints={"word": ("这里应有 `{word}`", "`{word}` should stand here")},
    ),
    "unexpected-end": Wording(
        zh="表达式没有写完，`{after}` 后面应有一个值",
        en="the expression is not finished; a value should follow `{after}`",
    ),
    "missing-word": Wording(
        zh="表达式没有写完，`{after}` 后面应有 `{word}`",
        en="the expression is not finished; `{word}` should follow `{after}`",
    ),
    "missing-operand": Wording(
        zh="`{after}` 和 `{found}` 之间缺少一个值",
        en="a value is missing between `{after}` and `{found}`",
    ),
    "missing-operator": Wording(
        zh="`{before}` 和 `{found}` 之间缺少运算符",
        en="an operator is missing between `{before}` and `{found}`",
        hints={
            "share": ("某数的百分之几用乘法：写作 `{share}`", "a share of an amount is a product: write `{share}`"),
            "times": ("某数的几倍用乘法：写作 `{times}`", "so many times an amount is a product: write `{times}`"),
            "suggestion": (
                "运算词两边要有空格：是不是想写 `{suggestion}`？",
                "word operators need a space on both sides: did you mean `{suggestion}`?",
            ),
            "where": (
                "是不是漏了 `{where}`？写作 `{before} {where} {found}`",
                "is `{where}` missing? write `{before} {where} {found}`",
            ),
        },
    ),
    "unknown-operator": Wording(zh="`{found}` 不是运算词", en="`{found}` is not an operator", hints=_MEANT),
    "unknown-function": Wording(
        zh="没有名为 `{name}` 的函数",
        en="there is no function `{name}`",
        hints=_MEANT,
    ),
    "missing-bracket": Wording(
        zh="这个 `{opening}` 没有对应的 `{bracket}`",
        en="this `{opening}` has no matching `{bracket}`",
    ),
    "stray-bracket": Wording(zh="多余的 `{bracket}`", en="this `{bracket}` closes nothing"),
    "needs-brackets": Wording(
        zh="`{found}` 用在这里要加括号",
        en="`{found}` needs brackets here",
        hints={
            "part": (
                "把从 `{part}` 起的这一段写在括号里",
                "put the part that begins with `{part}` in brackets",
            ),
            "call": ("写作 `{call}`", "write `{call}`"),
        },
    ),
    "missing-name": Wording(
        zh="`{after}` 后面应是一个名称，而不是 `{found}`",
        en="a name should follow `{after}`, not `{found}`",
    ),
    "missing-list": Wording(
        zh="`{after}` 后面应是括号里的几个选项或一个名单的名称，而不是 `{found}`",
        en="options in brackets or the name of a list should follow `{after}`, not `{found}`",
        help_zh="只有一个选项时也要加括号，如 `(甲)`",
        help_en="a single option needs brackets too, as in `(a)`",
        hints={"alone": ("写作 `({alone})`", "write `({alone})`")},
    ),
    "chained-comparison": Wording(
        zh="比较不能连写，`{operator}` 前面已经有一个比较",
        en="comparisons cannot be chained; there is one before `{operator}` already",
        help_zh="拆成两个比较，用 `{word}` 连接",
        help_en="split it into two comparisons joined by `{word}`",
    ),
    "bad-date": Wording(
        zh="`{date}` 不是日期",
        en="`{date}` is not a date",
        help_zh="日期写作年-月-日，如 2022-11-10；要做减法时，减号两边加空格",
        help_en="dates are written year-month-day, as in 2022-11-10; for a subtraction put spaces around the minus",
        hints=_MEANT,
    ),
    "bad-number": Wording(
        zh="`{number}` 不是数字",
        en="`{number}` is not a number",
        help_zh="数字只用 0 到 9 和小数点，不加前导零、分隔符和指数",
        help_en="numbers are digits and a decimal point, without leading zeros, separators or exponents",
        hints=_MEANT,
    ),
    "number-too-long": Wording(
        zh="数字的整数部分最多 {digits} 位，小数部分最多 {decimals} 位",
        en="a number has at most {digits} digits before and {decimals} after the decimal point",
    ),
    "unknown-unit": Wording(
        zh="没有名为 `{unit}` 的单位",
        en="there is no unit `{unit}`",
        hints={
            **_MEANT,
            "units": (
                "能用的单位：{units}；量别的东西，声明时写 `number: yes`，单位写进名称，表达式里只写数",
                "the units are {units}; for another measure declare `number: yes` and write the number alone",
            ),
            "glued": ("名称不能以数字开头：`{glued}`", "a name does not start with a digit: `{glued}`"),
        },
    ),
}

_NAMES = {
    "unknown-name": Wording(
        zh="没有名为 `{name}` 的内容",
        en="nothing is named `{name}`",
        hints={
            **_SPACED,
            "joined": ("单位要连着写：`{joined}`", "a unit is written without spaces: `{joined}`"),
        },
    ),
    "unknown-option": Wording(
        zh="没有选项 `{option}`，可选：{options}",
        en="there is no option `{option}`; the options are {options}",
        hints=_MEANT,
    ),
    "unknown-condition": Wording(
        zh="`{cause}` 没有名为 `{condition}` 的条件",
        en="`{cause}` has no condition named `{condition}`",
        hints=_MEANT,
    ),
    "unknown-field": Wording(
        zh="`{collection}` 没有名为 `{name}` 的内容",
        en="`{collection}` has nothing named `{name}`",
        hints=_MEANT,
    ),
    "unknown-key": Wording(
        zh="参数 `{parameter}` 不按 `{name}` 取值，它按这些取值：{keys}",
        en="parameter `{parameter}` is not keyed by `{name}`; it is keyed by {keys}",
        hints=_MEANT,
    ),
    "repeated-key": Wording(zh="`{name}` 给了两次", en="`{name}` is given twice"),
    "not-a-collection": Wording(
        zh="`{name}` 不是可以逐项计算的一组内容",
        en="`{name}` is not a collection",
        hints=_MEANT,
    ),
    "not-a-parameter": Wording(
        zh="`{name}` 不是参数，不能用 `[…]`", en="`{name}` is not a parameter; `[…]` does not apply"
    ),
    "not-a-list": Wording(
        zh="`{name}` 不是名单",
        en="`{name}` is not a list",
        hints={
            "suggestion": ("单个选项请写作 `({suggestion})`", "for a single option write `({suggestion})`"),
            "near": ("是不是想写 `{near}`？", "did you mean `{near}`?"),
        },
    ),
    "not-a-value": Wording(
        zh="`{name}` 本身没有值，不能用在这里",
        en="`{name}` has no value of its own and cannot stand here",
        hints=_MEANT,
    ),
    "not-an-owner": Wording(
        zh="`{name}` 下面没有可用 `.` 取的内容",
        en="`{name}` has nothing to be taken with `.`",
        hints=_MEANT,
    ),
    "item-fact-outside": Wording(
        zh="`{name}` 是 `{collection}` 每一项的内容，这里没有说是哪一项",
        en="`{name}` belongs to each item of `{collection}`, and none is meant here",
        hints=_WRITE,
    ),
    "ambiguous-name": Wording(
        zh="`{name}` 既可指家庭的，也可指 `{collection}` 每一项的",
        en="`{name}` may be the household's or that of an item of `{collection}`",
        help_zh="写作 `{household}` 或 `{item}`",
        help_en="write `{household}` or `{item}`",
    ),
    "condition-alone": Wording(
        zh="条件 `{name}` 要连同所属的致贫原因一起写",
        en="the condition `{name}` must be named together with its cause",
        hints=_WRITE,
    ),
    "previous-not-allowed": Wording(
        zh="`{word}` 只能用在替换（replace）里",
        en="`{word}` can only be used in a replacement (replace)",
    ),
    "nested-aggregate": Wording(
        zh="逐项计算不能套在另一个逐项计算里",
        en="a calculation over items cannot stand inside another",
        help_zh="把 `{text}` 写成家庭层面的 terms 条目，再按名称引用",
        help_en="make `{text}` a term of the household and refer to it by name",
    ),
    "needs-else": Wording(
        zh="`{collection}` 可能一项都没有，`{function}` 要说明那时取什么值",
        en="`{collection}` may have no item; say what `{function}` is then",
        help_zh="在最后加上 `{word} 0` 之类的值",
        help_en="add a value such as `{word} 0` at the end",
    ),
    "else-not-allowed": Wording(
        zh="`{function}` 不需要 `{word}`：一项都没有时它的值是确定的",
        en="`{function}` takes no `{word}`: its value without any item is settled",
    ),
    "wrong-argument-count": Wording(
        zh="`{function}` 要 {wanted} 个参数，这里有 {given} 个",
        en="`{function}` takes {wanted} arguments, not {given}",
    ),
    "wrong-column-count": Wording(
        zh="名单 `{list}` 每行有 {wanted} 列，这里给了 {given} 个值",
        en="each row of the list `{list}` has {wanted} columns, and {given} values are given",
    ),
    "tuple-needs-list": Wording(
        zh="几个值一起只能与名单比对",
        en="several values together can only be looked up in a named list",
        help_zh="先在 lists 里写好名单，这里写它的名称",
        help_en="declare the rows under lists and write its name here",
    ),
    "empty-parts": Wording(zh="`{kind}` 至少要有一个分项", en="`{kind}` needs at least one part"),
}

_TYPES = {
    "unit-mismatch": Wording(
        zh="`{left}` 的单位是 {left_unit}，`{right}` 的单位是 {right_unit}，不能放在一起比较或加减",
        en="`{left}` is in {left_unit} and `{right}` in {right_unit}; they cannot be compared, added or subtracted",
        hints={
            "both": ("两边化成同一单位：`{both}`", "bring both sides to one unit: `{both}`"),
            "written": ("单位写错时，写作 `{written}`", "if the unit is a slip, write `{written}`"),
            "divide": ("除以人数或件数：`{divide}`", "divide by the count: `{divide}`"),
            "multiply": (
                "若是一人、一件的金额，乘以一个单位：`{multiply}`",
                "if it is the amount for one, multiply by one: `{multiply}`",
            ),
            **_TIMES,
            "days": (
                "月和天不能互相换算：用 `{days}` 按月计算",
                "months and days do not convert: count months with `{days}`",
            ),
        },
    ),
    "expected-unit": Wording(
        zh="`{text}` 的单位是 {unit}，这里应为 {wanted}",
        en="`{text}` is in {unit}, but {wanted} is wanted here",
        hints={
            "written": ("单位写错时，写作 `{written}`", "if the unit is a slip, write `{written}`"),
            "divide": ("除以人数或件数：`{divide}`", "divide by the count: `{divide}`"),
            "multiply": (
                "若是一人、一件的金额，乘以一个单位：`{multiply}`",
                "if it is the amount for one, multiply by one: `{multiply}`",
            ),
            **_TIMES,
        },
    ),
    "bare-number": Wording(
        zh="`{number}` 没有单位，`{other}` 的单位是 {unit}",
        en="`{number}` has no unit, `{other}` is in {unit}",
        hints={
            "suggestion": ("请写明单位：`{suggestion}`", "write the unit: `{suggestion}`"),
            "plain": (
                "年份、月份、日不带单位，写作 `{plain}`",
                "years, months and days of a date have no unit: `{plain}`",
            ),
        },
    ),
    "missing-unit": Wording(
        zh="`{number}` 没有单位，这里应为 {unit}",
        en="`{number}` has no unit, but {unit} is wanted here",
        hints={"suggestion": ("请写明单位：`{suggestion}`", "write the unit: `{suggestion}`")},
    ),
    "unexpected-unit": Wording(
        zh="`{text}` 的单位是 {unit}，这里应是没有单位的数",
        en="`{text}` is in {unit}, but a number without unit is wanted here",
    ),
    "not-a-number": Wording(
        zh="`{text}` 不是数量，不能用于 `{operator}`", en="`{text}` is not a quantity; `{operator}` needs one"
    ),
    "not-a-truth": Wording(
        zh="`{text}` 不是是/否，不能用于 `{operator}`",
        en="`{text}` is neither true nor false; `{operator}` needs a condition",
    ),
    "not-a-date": Wording(
        zh="`{text}` 不是日期，不能用于 `{operator}`", en="`{text}` is not a date; `{operator}` needs one"
    ),
    "not-several": Wording(
        zh="`{text}` 不是多选的内容，不能用于 `{operator}`",
        en="`{text}` is not a set; `{operator}` needs one",
        hints={"suggestion": ("单个值请用 `{suggestion}`", "for a single value use `{suggestion}`")},
    ),
    "several-needs-overlaps": Wording(
        zh="`{text}` 可以有几个值，不能用 `{operator}`",
        en="`{text}` may hold several values; `{operator}` does not apply",
        help_zh="用 `{word}`",
        help_en="use `{word}`",
    ),
    "not-ordered": Wording(
        zh="`{text}` 没有大小先后，不能用 `{operator}` 比较",
        en="`{text}` has no order; it cannot be compared with `{operator}`",
        help_zh="用 `=`、`!=` 或 `in`",
        help_en="use `=`, `!=` or `in`",
    ),
    "type-mismatch": Wording(
        zh="`{left}` 和 `{right}` 不是同一类内容，不能放在一起",
        en="`{left}` and `{right}` are of different kinds and do not go together",
        hints=_KINDS,
    ),
    "expected-type": Wording(
        zh="`{found}` 不是这里要的内容",
        en="`{found}` is not what is wanted here",
        hints={
            **_KINDS,
            "want_number": ("这里应是数量", "a quantity is wanted"),
            "want_date": ("这里应是日期", "a date is wanted"),
            "want_choice": ("这里应是选项：{want_choice}", "an option is wanted: {want_choice}"),
            "want_text": ("这里应是文字", "a text is wanted"),
            "want_place": ("这里应是六位行政区划代码", "a six-digit division code is wanted"),
            "want_several": ("这里应是可以有几个值的内容", "a set of values is wanted"),
        },
    ),
    "expected-truth": Wording(
        zh="这里应是一个条件，`{found}` 不是",
        en="a condition should stand here; `{found}` is none",
        hints=_KINDS,
    ),
    "expected-whole": Wording(
        zh="`{text}` 不一定是整数，这里要整数",
        en="`{text}` need not be a whole number, and one is wanted here",
        hints={"suggestion": ("可以取整：`{suggestion}`", "round it: `{suggestion}`")},
    ),
    "zero-step": Wording(
        zh="`{function}` 要取到大于零的数的倍数，`{text}` 可能不大于零",
        en="`{function}` rounds to multiples of what is above zero; `{text}` may not be",
        help_zh="直接写出，如 `1 元`；用参数的，在参数里写明下限，如 `at_least: 0.01 元`",
        help_en="write it out, as in `1 元`; of a parameter say the least it can be, as in `at_least: 0.01 元`",
    ),
    "not-written-out": Wording(
        zh="`{text}` 不是直接写出的选项或文字",
        en="`{text}` is not an option or a text written out",
    ),
    "bad-place-code": Wording(
        zh="`{place}` 不是六位行政区划代码",
        en="`{place}` is not a six-digit division code",
    ),
    "date-difference": Wording(
        zh="两个日期不能直接相减",
        en="dates cannot be subtracted from each other",
        help_zh="相隔的整月数写作 `{suggestion}`，天数写作 `{days}`",
        help_en="the completed months between them are `{suggestion}`, the days `{days}`",
    ),
    "date-shift": Wording(
        zh="日期只能加减整月或整天的时长，`{text}` 不是以月、年或天计的时长",
        en="only whole months, years or days can be added to a date; `{text}` is no such duration",
    ),
    "possible-zero-divisor": Wording(
        zh="除数 `{divisor}` 可能为零",
        en="the divisor `{divisor}` may be zero",
        hints={
            "guarded": (
                "除数为零时算作 0 的，写作 `{guarded}`",
                "where the result is 0 if the divisor is zero, write `{guarded}`",
            ),
            "across": ("或改写成乘法：`{across}`", "or multiply across: `{across}`"),
        },
    ),
}

_SIZES: dict[str, Wording] = {}

LANGUAGE: dict[str, Wording] = {**_SYNTAX, **_NAMES, **_TYPES, **_SIZES}
