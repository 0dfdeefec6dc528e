"""The diagnostics of expressions as written: signs, words, names."""

from __future__ import annotations

from engine.messages.code import DECLARED, NEAREST, QUOTED, Code, error, note

_WRITE = {"suggestion": ("请写作 `{suggestion}`", "write `{suggestion}`")}
_SPACED = {
    **NEAREST,
    "apart": ("运算词两边要有空格：`{apart}`", "word operators need a space on both sides: `{apart}`"),
}

_SHORTER = (
    "把其中一部分写成单独的 terms 条目，再按名称引用",
    "make a part of it a term of its own and refer to it by name",
)

_SYNTAX = {
    "expression-too-long": error(
        "表达式有 {length} 个字符，最多 {limit} 个",
        "the expression has {length} characters, at most {limit} are allowed",
        *_SHORTER,
    ),
    "expression-too-deep": error(
        "表达式嵌套超过 {limit} 层",
        "the expression is nested more than {limit} levels deep",
        *_SHORTER,
    ),
    "chain-too-long": error(
        "一个表达式里连写的项超过 {limit} 个",
        "more than {limit} items are strung together in one expression",
        *_SHORTER,
    ),
    "empty-expression": error("这里应有一个表达式", "an expression should stand here"),
    "unexpected-character": error(
        "表达式中不能出现字符 `{character}`",
        "the character `{character}` cannot stand in an expression",
        hints={**NEAREST, "stray": ("删去这个字符", "delete it")},
    ),
    "unclosed-text": error(
        "文字没有写完，缺少结束的引号 {quote}", "the text is not closed; the quote {quote} is missing"
    ),
    "unexpected-word": error(
        "`{found}` 不能出现在这里",
        "`{found}` cannot stand here",
        hints={
            "word": ("这里应有 `{word}`", "`{word}` should stand here"),
            "day": (
                "要另一天的，紧接 `[` 写 `{day} 日期`，与日期之间空一格",
                "for another day write `{day} DATE` right behind the `[`, with a blank between",
            ),
        },
    ),
    "unexpected-end": error(
        "表达式没有写完，`{after}` 后面应有一个值", "the expression is not finished; a value should follow `{after}`"
    ),
    "missing-word": error(
        "表达式没有写完，`{after}` 后面应有 `{word}`",
        "the expression is not finished; `{word}` should follow `{after}`",
    ),
    "missing-operand": error(
        "`{after}` 和 `{found}` 之间缺少一个值", "a value is missing between `{after}` and `{found}`"
    ),
    "missing-operator": error(
        "`{before}` 和 `{found}` 之间缺少运算符",
        "an operator is missing between `{before}` and `{found}`",
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
    "unknown-operator": error("`{found}` 不是运算词", "`{found}` is not an operator", hints=NEAREST),
    "unknown-function": error("没有名为 `{name}` 的函数", "there is no function `{name}`", hints=NEAREST),
    "missing-bracket": error("这个 `{opening}` 没有对应的 `{bracket}`", "this `{opening}` has no matching `{bracket}`"),
    "stray-bracket": error("多余的 `{bracket}`", "this `{bracket}` closes nothing"),
    "needs-brackets": error(
        "`{found}` 用在这里要加括号",
        "`{found}` needs brackets here",
        hints={
            "part": (
                "把从 `{part}` 起的这一段写在括号里",
                "put the part that begins with `{part}` in brackets",
            ),
            "call": ("写作 `{call}`", "write `{call}`"),
        },
    ),
    "missing-name": error(
        "`{after}` 后面应是一个名称，而不是 `{found}`", "a name should follow `{after}`, not `{found}`"
    ),
    "missing-list": error(
        "`{after}` 后面应是括号里的几个选项或一个名单的名称，而不是 `{found}`",
        "options in brackets or the name of a list should follow `{after}`, not `{found}`",
        "只有一个选项时也要加括号，如 `(甲)`",
        "a single option needs brackets too, as in `(a)`",
        hints={"alone": ("写作 `({alone})`", "write `({alone})`")},
    ),
    "chained-comparison": error(
        "比较不能连写，`{operator}` 前面已经有一个比较",
        "comparisons cannot be chained; there is one before `{operator}` already",
        "拆成两个比较，用 `{word}` 连接",
        "split it into two comparisons joined by `{word}`",
    ),
    "bad-date": error(
        "`{date}` 不是日期",
        "`{date}` is not a date",
        "日期写作年-月-日，如 2022-11-10；要做减法时，减号两边加空格",
        "dates are written year-month-day, as in 2022-11-10; for a subtraction put spaces around the minus",
        hints=NEAREST,
    ),
    "bad-number": error(
        "`{number}` 不是数字",
        "`{number}` is not a number",
        "数字只用 0 到 9 和小数点，不加前导零、分隔符和指数",
        "numbers are digits and a decimal point, without leading zeros, separators or exponents",
        hints=NEAREST,
    ),
    "number-too-long": error(
        "数字的整数部分最多 {digits} 位，小数部分最多 {decimals} 位",
        "a number has at most {digits} digits before and {decimals} after the decimal point",
    ),
    "unknown-unit": error(
        "没有名为 `{unit}` 的单位",
        "there is no unit `{unit}`",
        hints={
            **NEAREST,
            "units": (
                "能用的单位：{units}；别的币种、单位，先在最上一级政策的 `units:` 里声明",
                "the units are {units}; any other is first declared under `units:` in the root policy",
            ),
            "glued": ("名称不能以数字开头：`{glued}`", "a name does not start with a digit: `{glued}`"),
        },
    ),
}

_NAMES = {
    "unknown-name": error(
        "没有名为 `{name}` 的内容",
        "nothing is named `{name}`",
        hints={
            **_SPACED,
            **QUOTED,
            **DECLARED,
            "joined": ("单位要连着写：`{joined}`", "a unit is written without spaces: `{joined}`"),
        },
    ),
    "declared-so": note("声明的地方在这里", "this is how it is declared"),
    "unknown-option": error(
        "没有选项 `{option}`，可选：{options}",
        "there is no option `{option}`; the options are {options}",
        hints=NEAREST,
    ),
    "unknown-condition": error(
        "`{cause}` 没有名为 `{condition}` 的条件", "`{cause}` has no condition named `{condition}`", hints=NEAREST
    ),
    "unknown-field": error(
        "`{collection}` 没有名为 `{name}` 的内容", "`{collection}` has nothing named `{name}`", hints=NEAREST
    ),
    "unknown-key": error(
        "参数 `{parameter}` 不按 `{name}` 取值，它按这些取值：{keys}",
        "parameter `{parameter}` is not keyed by `{name}`; it is keyed by {keys}",
        hints=NEAREST,
    ),
    "repeated-key": error("`{name}` 给了两次", "`{name}` is given twice"),
    "not-a-collection": error(
        "`{name}` 不是可以逐项计算的一组内容", "`{name}` is not a collection", hints={**NEAREST, **DECLARED}
    ),
    "not-a-parameter": error("`{name}` 不是参数，不能用 `[…]`", "`{name}` is not a parameter; `[…]` does not apply"),
    "not-a-list": error(
        "`{name}` 不是名单",
        "`{name}` is not a list",
        hints={
            "suggestion": ("单个选项请写作 `({suggestion})`", "for a single option write `({suggestion})`"),
            "near": ("是不是想写 `{near}`？", "did you mean `{near}`?"),
            **DECLARED,
        },
    ),
    "not-a-value": error(
        "`{name}` 本身没有值，不能用在这里", "`{name}` has no value of its own and cannot stand here", hints=NEAREST
    ),
    "self-outside": error(
        "这里不是逐项的内容，`{name}` 不知指谁",
        "this is not the expression of an item, so that `{name}` is nobody",
        "写在 of: 某一类的 terms 条目里；家庭的内容写作 `家庭.…`",
        "write it in a term `of:` a collection; what is the household's is `household.…`",
    ),
    "not-an-owner": error(
        "`{name}` 下面没有可用 `.` 取的内容", "`{name}` has nothing to be taken with `.`", hints=NEAREST
    ),
    "item-fact-outside": error(
        "`{name}` 是 `{collection}` 每一项的内容，这里没有说是哪一项",
        "`{name}` belongs to each item of `{collection}`, and none is meant here",
        hints=_WRITE,
    ),
    "ambiguous-name": error(
        "`{name}` 既可指家庭的，也可指 `{collection}` 每一项的",
        "`{name}` may be the household's or that of an item of `{collection}`",
        "写作 `{household}` 或 `{item}`",
        "write `{household}` or `{item}`",
    ),
    "condition-alone": error(
        "条件 `{name}` 要连同所属的致贫原因一起写",
        "the condition `{name}` must be named together with its cause",
        hints=_WRITE,
    ),
    "previous-not-allowed": error(
        "`{word}` 只能用在替换（replace）里", "`{word}` can only be used in a replacement (replace)"
    ),
    "nested-aggregate": error(
        "逐项计算不能套在另一个逐项计算里",
        "a calculation over items cannot stand inside another",
        "把 `{text}` 写成 terms 条目，再按名称引用；每一项各有一个值的，写 of: 它的集合",
        "make `{text}` a term and refer to it by name; one that differs from item to item is `of:` their collection",
    ),
    "needs-else": error(
        "`{collection}` 可能一项都没有，`{function}` 要说明那时取什么值",
        "`{collection}` may have no item; say what `{function}` is then",
        "在最后加上 `{word} 0` 之类的值",
        "add a value such as `{word} 0` at the end",
    ),
    "else-not-allowed": error(
        "`{function}` 不需要 `{word}`：一项都没有时它的值是确定的",
        "`{function}` takes no `{word}`: its value without any item is settled",
    ),
    "wrong-argument-count": error(
        "`{function}` 要 {wanted} 个参数，这里有 {given} 个", "`{function}` takes {wanted} arguments, not {given}"
    ),
    "wrong-column-count": error(
        "名单 `{list}` 每行有 {wanted} 列，这里给了 {given} 个值",
        "each row of the list `{list}` has {wanted} columns, and {given} values are given",
    ),
    "tuple-needs-list": error(
        "几个值一起只能与名单比对",
        "several values together can only be looked up in a named list",
        "先在 lists 里写好名单，这里写它的名称",
        "declare the rows under lists and write its name here",
    ),
    "empty-parts": error("`{kind}` 至少要有一个分项", "`{kind}` needs at least one part"),
}

LANGUAGE: dict[str, Code] = {**_SYNTAX, **_NAMES}
