"""Diagnostics of the hygiene rules: what is not wrong in a policy, but untidy, misleading, or likely a slip."""

from __future__ import annotations

from engine.messages.code import Code, error, info, note, rule

_UNUSED = {
    "unused-fact": rule(
        "填报的“{label}”没有任何规则用到",
        "`{label}` is asked for, and no rule reads it",
        "删去；留给各市用的，写 `optional: yes`",
        "remove it; what is there for cities to use has `optional: yes`",
    ),
    "unused-term": rule(
        "计算步骤“{label}”没有任何规则用到",
        "no rule reads the term `{label}`",
        "删去；或者检查是不是有条件本该用它而没有用",
        "remove it; or see whether a condition was meant to read it",
    ),
    "unused-parameter": rule(
        "参数“{label}”没有任何规则用到，改它的值不起作用",
        "no rule reads the parameter `{label}`; to change its value changes nothing",
        "删去；或者检查表达式里是不是直接写了数",
        "remove it; or see whether an expression has the number written out",
    ),
    "unused-list": rule(
        "名单“{label}”没有任何规则用到",
        "no rule reads the list `{label}`",
        "删去；或者检查是不是有条件本该用它而没有用",
        "remove it; or see whether a condition was meant to read it",
    ),
    "unused-reading": rule(
        "读法“{label}”没有任何规则用到，选哪一种都一样",
        "no rule reads the reading `{label}`; every choice comes to the same",
        "删去；或者写出两种读法在规则里的差别",
        "remove it; or let a rule differ by it",
    ),
}

_ENDS = {
    "left_least": ("左边最小是 {left_least}", "the left side is at least {left_least}"),
    "left_most": ("左边最大是 {left_most}", "the left side is at most {left_most}"),
    "right_least": ("右边最小是 {right_least}", "the right side is at least {right_least}"),
    "right_most": ("右边最大是 {right_most}", "the right side is at most {right_most}"),
}

_CONDITIONS = {
    "repeated-condition": rule(
        "条件“{label}”与“{other}”重复：后者成立，前者必定成立",
        "the condition `{label}` repeats `{other}`: where that holds, it holds anyway",
        "删去；或者检查是不是照抄后忘了改",
        "remove it; or see whether it was copied and not changed",
    ),
    "repeated-operand": rule(
        "`{text}` 在同一处写了两次",
        "`{text}` stands here twice",
        "删去一个；或者检查是不是照抄后忘了改",
        "remove one; or see whether it was copied and not changed",
    ),
    "first-said": note("先写的在这里", "first said here"),
    "always-true": rule(
        "`{text}` 对任何家庭都成立",
        "`{text}` holds for every household",
        "检查方向和数值；确实不必限制的，删去",
        "see whether sign and number are meant; what restricts nothing can go",
        _ENDS,
    ),
    "always-false": rule(
        "`{text}` 对任何家庭都不成立",
        "`{text}` holds for no household",
        "检查方向和数值，以及 `at_least`、`at_most` 是否写对",
        "see whether sign and number are meant, and whether `at_least` and `at_most` are right",
        _ENDS,
    ),
}

_LABELS = {
    "label-figure": rule(
        "名称里写的是{figure}，规则里是 {found}",
        "the label says `{figure}`, the rule has {found}",
        "两处改成一致；以公文为准",
        "make them agree, by the document",
    ),
    "label-figure-open": rule(
        "名称里写死了{figure}，而“{parameter}”可以另设或有几个值，改了以后名称就不对了",
        "the label states `{figure}`, but `{parameter}` can be set or has several values, and the label stays",
        "名称里不写数，写“规定的……”；结论里会列出实际数值",
        "leave the figure out of the label; a decision shows the value itself",
    ),
    "parameter-here": note("这个参数在这里", "the parameter is here"),
    "label-unit": rule(
        "名称里写的是“{stated}”，单位却是 {unit}",
        "the label says `{stated}`, but the unit is {unit}",
        "以公文为准，改名称或改 `unit`；按年公布的标准写 `元/人/年`，会自动折算",
        "by the document, change the label or `unit`; a yearly standard in `元/人/年` is converted by itself",
    ),
}

_SOURCES = {
    "missing-citation": rule(
        "“{label}”没有写出自哪一条",
        "`{label}` cites no article",
        "加上 `cites`，如 `cites: 二(一)1`；结论里会印出来",
        "add `cites`, like `cites: 二(一)1`; decisions print it",
    ),
    "missing-source": rule(
        "“{label}”的取值没有写文号，也没有写来源",
        "the values of `{label}` name neither a document nor a source",
        "加上 `document`（文号）或 `source`（网址）",
        "add `document` or `source`",
    ),
    "constant-in-expression": info(
        "表达式里直接写了 {text}，调整时不好找，也不能由各市另设",
        "{text} is written into the expression, where it is hard to find and no city can set it",
        "在 `parameters` 里给它起个名，写上出处，表达式里写名称",
        "give it a name under `parameters`, with its article, and write the name here",
        settable=True,
    ),
    "county-without-value": info(
        "这些地方没有任何文件给出{label}：{places}",
        "no file gives a {label} for {places}",
        "查到后写在该市的文件里；确实没有查到，写在 `not_found` 里说明",
        "state it in the city's file, or say under `not_found` there that none was found",
        settable=True,
    ),
}

_MORE = {"more": ("这个文件里共有 {more} 处", "{more} of them in this file")}

_CHARACTERS = {
    "bidi-character": error(
        "这里有改变文字方向的隐形字符 {character}，看到的顺序和实际的不一样",
        "an invisible {character} turns the direction of writing: what is seen is not what is there",
        "删去这个字符；整行重新打一遍最稳妥",
        "delete it; to type the line again is safest",
        _MORE,
        settable=True,
    ),
    "invisible-character": rule(
        "这里有看不见的字符 {character}",
        "there is an invisible character {character} here",
        "多半是从网页或 WPS 复制来的；删去，该空格的地方用普通空格",
        "likely copied from a web page; delete it, or use a plain space",
        _MORE,
    ),
    "confusable-character": rule(
        "“{written}”（{character}）不是它看上去的那个字",
        "`{written}` ({character}) is not the character that it looks like",
        "",
        "",
        {
            "meant": ("改成普通的“{meant}”", "use the plain `{meant}`"),
            **_MORE,
        },
    ),
}

_SETTINGS = {
    "severity-fixed": error(
        "`{rule}` 是政策文件的错误，级别不能改，也不能压下",
        "`{rule}` is a fault of a policy; its severity is fixed, and it cannot be suppressed",
        "能改级别的代码见 docs/zh/hygiene.md",
        "docs/hygiene.md lists the codes that can be set",
    ),
    "unused-suppression": rule(
        "这一条已经没有什么可压的了：那里没有 `{rule}`",
        "this suppresses nothing: there is no `{rule}` at that place",
        "删去这一条",
        "remove it",
        {
            "policy": ("`policy` 是不是想写 `{policy}`？", "did you mean the policy `{policy}`?"),
            "element": ("`element` 是不是想写 `{element}`？", "did you mean the element `{element}`?"),
            "profile": ("是不是想写 `{profile}`？", "did you mean `{profile}`?"),
        },
    ),
}

_UNLIKELY = {
    "value-zero": rule(
        "{label}是零，多半是漏填",
        "{label} is zero, which is likely a gap",
        "没有公布的，那一格留空：没有值和零不是一回事",
        "leave the cell empty where none was published: no value is not zero",
        unsaid=("parameter",),
    ),
    "value-jump": rule(
        "{text} 与上一次的 {last} 相差一倍以上",
        "{text} is far from {last}, the value before",
        "核对是不是多写或少写了一位，是不是年和月弄混了；没有错的，在 hygiene.yaml 里写明理由",
        "look for a digit too many or too few, or a year taken for a month; if it is right, say why in hygiene.yaml",
    ),
    "value-before": note("上一次的值在这里", "the value before is here"),
    "value-outlier": rule(
        "{text} 与同一张表里的其他值（多在 {middle} 左右）相差悬殊",
        "{text} is far from the other values of its table (around {middle})",
        "核对是不是多写或少写了一位，是不是年和月弄混了；没有错的，在 hygiene.yaml 里写明理由",
        "look for a digit too many or too few, or a year taken for a month; if it is right, say why in hygiene.yaml",
    ),
    "cause-without-part": rule(
        "新增的原因 `{cause}` 没有写进这些步骤：{terms}",
        "the new cause `{cause}` has no part in these terms: {terms}",
        "其他原因在里面各有一个分项；在 `parts` 里写 `{example}: …`，不需要的在 hygiene.yaml 里写明理由",
        "every other cause has a part there; write `{example}: …` under `parts`, or say in hygiene.yaml why not",
        {
            "joins": (
                "在这个原因里写一次 `joins: {{joins}}`，就都有了",
                "write `joins: {{joins}}` in the cause, and it has them all",
            )
        },
    ),
}

HYGIENE: dict[str, Code] = {**_UNUSED, **_CONDITIONS, **_LABELS, **_SOURCES, **_CHARACTERS, **_SETTINGS, **_UNLIKELY}
