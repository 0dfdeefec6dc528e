"""The diagnostics of expressions as written: signs, words, names."""

from __future__ import annotations

from engine.messages.code import NEAREST, Code, error

_WRITE = {"suggestion": ("请写作 `{suggestion}`", "write `{suggestion}`")}
_SPACED = {
    **NEAREST,
    "apart": ("运算词两边要有空格：`{apart}`", "word operators need a space on both sides: `{apart}`"),
}

_SYNTAX = {
    "expression-too-long": error(
        zh="表达式有 {length} 个字符，最多 {limit} 个",
        en="the expression has {length} characters, at most {limit} are allowed",
        help_zh="把其中一部分写成单独的 terms 条目，再按名称引用",
        help_en="make a part of it a term of its own and refer to it by name",
    ),
    "expression-too-deep": error(
        zh="表达式嵌套超过 {limit} 层",
        en="the expression is nested more than {limit} levels deep",
        help_zh="把其中一部分写成单独的 terms 条目，再按名称引用",
        help_en="make a part of it a term of its own and refer to it by name",
    ),
    "chain-too-long": error(
        zh="一个表达式里连写的项超过 {limit} 个",
        en="more than {limit} items are strung together in one expression",
        help_zh="把其中一部分写成单独的 terms 条目，再按名称引用",
        help_en="make a part of it a term of its own and refer to it by name",
    ),
    "empty-expression": error(zh="这里应有一个表达式", en="an expression should stand here"),
    "unexpected-character": error(
        zh="表达式中不能出现字符 `{character}`",
        en="the character `{character}` cannot stand in an expression",
        hints={**NEAREST, "stray": ("删去这个字符", "delete it")},
    ),
    "unclosed-text": error(
        zh="文字没有写完，缺少结束的引号 {quote}",
        en="the text is not closed; the quote {quote} is missing",
    ),
    "unexpected-word": error(
        zh="`{found}` 不能出现在这里",
        en="`{found}` cannot stand here",
        hints={"word": ("这里应有 `{word}`", "`{word}` should stand here")},
    ),
    "unexpected-end": error(
        zh="表达式没有写完，`{after}` 后面应有一个值",
        en="the expression is not finished; a value should follow `{after}`",
    ),
    "missing-word": error(
        zh="表达式没有写完，`{after}` 后面应有 `{word}`",
        en="the expression is not finished; `{word}` should follow `{after}`",
    ),
    "missing-operand": error(
        zh="`{after}` 和 `{found}` 之间缺少一个值",
        en="a value is missing between `{after}` and `{found}`",
    ),
    "missing-operator": error(
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
    "unknown-operator": error(zh="`{found}` 不是运算词", en="`{found}` is not an operator", hints=NEAREST),
    "unknown-function": error(
        zh="没有名为 `{name}` 的函数",
        en="there is no function `{name}`",
        hints=NEAREST,
    ),
    "missing-bracket": error(
        zh="这个 `{opening}` 没有对应的 `{bracket}`",
        en="this `{opening}` has no matching `{bracket}`",
    ),
    "stray-bracket": error(zh="多余的 `{bracket}`", en="this `{bracket}` closes nothing"),
    "needs-brackets": error(
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
    "missing-name": error(
        zh="`{after}` 后面应是一个名称，而不是 `{found}`",
        en="a name should follow `{after}`, not `{found}`",
    ),
    "missing-list": error(
        zh="`{after}` 后面应是括号里的几个选项或一个名单的名称，而不是 `{found}`",
        en="options in brackets or the name of a list should follow `{after}`, not `{found}`",
        help_zh="只有一个选项时也要加括号，如 `(甲)`",
        help_en="a single option needs brackets too, as in `(a)`",
        hints={"alone": ("写作 `({alone})`", "write `({alone})`")},
    ),
    "chained-comparison": error(
        zh="比较不能连写，`{operator}` 前面已经有一个比较",
        en="comparisons cannot be chained; there is one before `{operator}` already",
        help_zh="拆成两个比较，用 `{word}` 连接",
        help_en="split it into two comparisons joined by `{word}`",
    ),
    "bad-date": error(
        zh="`{date}` 不是日期",
        en="`{date}` is not a date",
        help_zh="日期写作年-月-日，如 2022-11-10；要做减法时，减号两边加空格",
        help_en="dates are written year-month-day, as in 2022-11-10; for a subtraction put spaces around the minus",
        hints=NEAREST,
    ),
    "bad-number": error(
        zh="`{number}` 不是数字",
        en="`{number}` is not a number",
        help_zh="数字只用 0 到 9 和小数点，不加前导零、分隔符和指数",
        help_en="numbers are digits and a decimal point, without leading zeros, separators or exponents",
        hints=NEAREST,
    ),
    "number-too-long": error(
        zh="数字的整数部分最多 {digits} 位，小数部分最多 {decimals} 位",
        en="a number has at most {digits} digits before and {decimals} after the decimal point",
    ),
    "unknown-unit": error(
        zh="没有名为 `{unit}` 的单位",
        en="there is no unit `{unit}`",
        hints={
            **NEAREST,
            "units": (
                "能用的单位：{units}；量别的东西，声明时写 `number: yes`，单位写进名称，表达式里只写数",
                "the units are {units}; for another measure declare `number: yes` and write the number alone",
            ),
            "glued": ("名称不能以数字开头：`{glued}`", "a name does not start with a digit: `{glued}`"),
        },
    ),
}

_NAMES = {
    "unknown-name": error(
        zh="没有名为 `{name}` 的内容",
        en="nothing is named `{name}`",
        hints={
            **_SPACED,
            "joined": ("单位要连着写：`{joined}`", "a unit is written without spaces: `{joined}`"),
        },
    ),
    "unknown-option": error(
        zh="没有选项 `{option}`，可选：{options}",
        en="there is no option `{option}`; the options are {options}",
        hints=NEAREST,
    ),
    "unknown-condition": error(
        zh="`{cause}` 没有名为 `{condition}` 的条件",
        en="`{cause}` has no condition named `{condition}`",
        hints=NEAREST,
    ),
    "unknown-field": error(
        zh="`{collection}` 没有名为 `{name}` 的内容",
        en="`{collection}` has nothing named `{name}`",
        hints=NEAREST,
    ),
    "unknown-key": error(
        zh="参数 `{parameter}` 不按 `{name}` 取值，它按这些取值：{keys}",
        en="parameter `{parameter}` is not keyed by `{name}`; it is keyed by {keys}",
        hints=NEAREST,
    ),
    "repeated-key": error(zh="`{name}` 给了两次", en="`{name}` is given twice"),
    "not-a-collection": error(
        zh="`{name}` 不是可以逐项计算的一组内容",
        en="`{name}` is not a collection",
        hints=NEAREST,
    ),
    "not-a-parameter": error(
        zh="`{name}` 不是参数，不能用 `[…]`", en="`{name}` is not a parameter; `[…]` does not apply"
    ),
    "not-a-list": error(
        zh="`{name}` 不是名单",
        en="`{name}` is not a list",
        hints={
            "suggestion": ("单个选项请写作 `({suggestion})`", "for a single option write `({suggestion})`"),
            "near": ("是不是想写 `{near}`？", "did you mean `{near}`?"),
        },
    ),
    "not-a-value": error(
        zh="`{name}` 本身没有值，不能用在这里",
        en="`{name}` has no value of its own and cannot stand here",
        hints=NEAREST,
    ),
    "not-an-owner": error(
        zh="`{name}` 下面没有可用 `.` 取的内容",
        en="`{name}` has nothing to be taken with `.`",
        hints=NEAREST,
    ),
    "item-fact-outside": error(
        zh="`{name}` 是 `{collection}` 每一项的内容，这里没有说是哪一项",
        en="`{name}` belongs to each item of `{collection}`, and none is meant here",
        hints=_WRITE,
    ),
    "ambiguous-name": error(
        zh="`{name}` 既可指家庭的，也可指 `{collection}` 每一项的",
        en="`{name}` may be the household's or that of an item of `{collection}`",
        help_zh="写作 `{household}` 或 `{item}`",
        help_en="write `{household}` or `{item}`",
    ),
    "condition-alone": error(
        zh="条件 `{name}` 要连同所属的致贫原因一起写",
        en="the condition `{name}` must be named together with its cause",
        hints=_WRITE,
    ),
    "previous-not-allowed": error(
        zh="`{word}` 只能用在替换（replace）里",
        en="`{word}` can only be used in a replacement (replace)",
    ),
    "nested-aggregate": error(
        zh="逐项计算不能套在另一个逐项计算里",
        en="a calculation over items cannot stand inside another",
        help_zh="把 `{text}` 写成家庭层面的 terms 条目，再按名称引用",
        help_en="make `{text}` a term of the household and refer to it by name",
    ),
    "needs-else": error(
        zh="`{collection}` 可能一项都没有，`{function}` 要说明那时取什么值",
        en="`{collection}` may have no item; say what `{function}` is then",
        help_zh="在最后加上 `{word} 0` 之类的值",
        help_en="add a value such as `{word} 0` at the end",
    ),
    "else-not-allowed": error(
        zh="`{function}` 不需要 `{word}`：一项都没有时它的值是确定的",
        en="`{function}` takes no `{word}`: its value without any item is settled",
    ),
    "wrong-argument-count": error(
        zh="`{function}` 要 {wanted} 个参数，这里有 {given} 个",
        en="`{function}` takes {wanted} arguments, not {given}",
    ),
    "wrong-column-count": error(
        zh="名单 `{list}` 每行有 {wanted} 列，这里给了 {given} 个值",
        en="each row of the list `{list}` has {wanted} columns, and {given} values are given",
    ),
    "tuple-needs-list": error(
        zh="几个值一起只能与名单比对",
        en="several values together can only be looked up in a named list",
        help_zh="先在 lists 里写好名单，这里写它的名称",
        help_en="declare the rows under lists and write its name here",
    ),
    "empty-parts": error(zh="`{kind}` 至少要有一个分项", en="`{kind}` needs at least one part"),
}

LANGUAGE: dict[str, Code] = {**_SYNTAX, **_NAMES}
