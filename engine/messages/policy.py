"""The diagnostics of what a policy declares: fields, names, elements, tables and dated values."""

from __future__ import annotations

from engine.messages.code import NEAREST, PLACE_CODE, Code, Reason, error, info, note, rule, warning
from engine.messages.disk import REASONS

_WRITTEN = {"suggestion": ("这里写成 `{suggestion}`", "write `{suggestion}` here")}

# ---- fields, names, elements

_FIELDS = {
    "bad-day": error(
        "`{text}` 不是日期", "`{text}` is not a date", "日期写作年-月-日，如 2023-01-01", "write a date like 2023-01-01"
    ),
    "bad-truth": error(
        "`{text}` 不是“是”或“否”", "`{text}` is neither yes nor no", "写 yes 或 no，或者 是、否", "write yes or no"
    ),
    "bad-unit": error(
        "不认识单位 `{unit}`",
        "unknown unit `{unit}`",
        "写成 `元`、`元/人/月`、`元/人/年`、`月`、`%` 这样",
        "write it like `元`, `元/人/月`, `元/人/年`, `月` or `%`",
        {
            **NEAREST,
            "units": (
                "能用的单位：{units}；别的币种、单位，先在最上一级政策的 `units:` 里声明",
                "the units are {units}; any other is first declared under `units:` in the root policy",
            ),
        },
    ),
    "no-such-option": error(
        "没有选项 `{option}`", "there is no option `{option}`", "可选：{options}", "options: {options}", NEAREST
    ),
    "unknown-fact": error("没有名为 `{name}` 的信息项", "there is no fact `{name}`", hints=NEAREST),
    "unknown-table-key": error(
        "`{parameter}` 不按 `{key}` 取值",
        "`{parameter}` has no key `{key}`",
        "它的键：{keys}",
        "its keys: {keys}",
        NEAREST,
    ),
    "bad-amount": error(
        "`{text}` 不是数额",
        "`{text}` is not an amount",
        "写成 `36`、`5678.50` 或 `36 月`；不用千分位逗号，小数最多 6 位；`at_least` 低于零的才可以是负数",
        "write it like `36`, `5678.50` or `36 月`; no thousands separators, at most 6 decimals; below zero only where "
        "`at_least` is",
        {
            "plain": (
                "数字、标点要用半角：写成 `{plain}`（`doudi fix` 能改）",
                "use plain digits and signs: `{plain}` (`doudi fix` can do it)",
            )
        },
    ),
    "value-unit": error(
        "`{text}` 的单位不对，这里要的是 {wanted}",
        "`{text}` has the wrong unit; {wanted} is needed here",
        hints={"written": ("单位写错时，写作 `{written}`", "if the unit is a slip, write `{written}`")},
    ),
    "value-not-whole": error("`{text}` 应是整数", "`{text}` must be a whole number"),
    "value-out-of-bounds": error(
        "`{text}` 超出 `{parameter}` 允许的范围", "`{text}` is outside the bounds of `{parameter}`"
    ),
    "bad-default": error("`{value}` 不能作这项的缺省值", "`{value}` cannot be the default here", hints=NEAREST),
    "default-of-required": error(
        "`{name}` 必填，不能再有缺省值",
        "`{name}` is required and cannot have a default",
        "去掉 `default` 或 `required`",
        "remove `default` or `required`",
    ),
    "bad-name": error(
        "`{name}` 不能在表达式里当名称",
        "`{name}` cannot be used as a name in expressions",
        "名称只能由汉字、字母、数字和下划线组成，不以数字开头",
        "a name consists of letters, digits and underscores and does not start with a digit",
    ),
    "name-is-word": error(
        "`{name}` 是表达式里的用词，不能当名称",
        "`{name}` is a word of the expression language",
        "换一个名称",
        "choose another name",
    ),
    "name-taken": error(
        "名称 `{name}` 已经用过了",
        "the name `{name}` is taken",
        "换一个名称",
        "choose another name",
        {
            "other": (
                "已有 `{other}`：大小写、全角半角不同的，算同一个名称",
                "there is `{other}`: capitals and full-width letters make no other name",
            )
        },
    ),
    "state-not-counted": error(
        "没有一个分项用到 `{name}`，写了 joins 的原因写明它也不起作用",
        "no part uses `{name}`: what a cause that `joins` states of it would count for nothing",
        "在 `joining` 的 `parts` 里用上它，或者从 `states` 里删去",
        "use it in the `parts` of `joining`, or remove it from `states`",
    ),
    "reserved-id": error("`{id}` 有专门的含义，不能当标识", "`{id}` has a meaning of its own and cannot be an id"),
    "declared-here": note("原来的在这里", "declared here"),
    "folded-expression": error(
        "表达式不能用 `>` 折行", "an expression cannot be a folded block (`>`)", "改用 `|`", "use `|`"
    ),
    "escaped-expression": error(
        "加引号的表达式里不能有转义",
        "a quoted expression cannot hold escapes",
        "去掉引号，或改用 `|` 分行写",
        "drop the quotes, or write a `|` block",
    ),
    "unknown-counting-word": error(
        "不认识量词 `{word}`", "unknown counting word `{word}`", "可用的量词：{words}", "known: {words}", NEAREST
    ),
    "unknown-collection": error("没有名为 `{name}` 的集合", "there is no collection `{name}`", hints=NEAREST),
    "role-missing": error(
        "没有一个家庭信息项担任 `{role}`",
        "no fact of the household has the role `{role}`",
        "家庭编号写 `role: identity`，申请日期写 `role: as_of`，行政区划写 `role: place`",
        "the household's id has `role: identity`, its application date `role: as_of`, its county `role: place`",
    ),
    "role-twice": error("两个信息项都担任 `{role}`", "two facts have the role `{role}`"),
    "role-kind": error(
        "担任 `{role}` 的信息项应写 `{kind}: yes`", "the fact with the role `{role}` is declared with `{kind}: yes`"
    ),
    "refers-without-identity": error(
        "`{name}` 的各项没有编号，无法指明是哪一项",
        "the items of `{name}` have no id by which one of them could be meant",
        "在那个集合里声明一个编号：`id: {label: 编号, text: yes, role: identity}`",
        "declare an id among its facts: `id: {label: 编号, text: yes, role: identity}`",
    ),
    "no-causes": error(
        "没有写任何致贫原因，谁也不会符合",
        "no cause is declared, so that nobody could be eligible",
        "只算数字的政策不写 causes，也不写 requirements，只写 outputs",
        "a policy that only works out figures declares neither causes nor requirements, but outputs",
    ),
    "empty-cause": error(
        "原因 `{cause}` 没有任何条件，所有家庭都会符合",
        "the cause `{cause}` has no conditions, so that every household would meet it",
    ),
    "circle": error(
        "定义成了循环：{circle}",
        "definitions run in a circle: {circle}",
        "其中一步要改为不依赖后面的步骤",
        "one of these steps must not depend on the others",
    ),
    "number-may-grow": error(
        "“{step}”里的 `{text}` 可能长到 {digits} 位数字，最多允许 {limit} 位",
        "`{text}` in “{step}” can become a number of {digits} digits; at most {limit} are allowed",
        hints={
            "rounded": (
                "各项的除数不同，分母就越乘越大；先把每一项四舍五入，写成 `{rounded}`",
                "divisors that differ by item multiply into the denominator; round each item first: `{rounded}`",
            ),
            "early": (
                "除数一多，分母就越乘越大；把里面的商先四舍五入，再往下算",
                "divisors multiply into the denominator; round the quotients inside before going on",
            ),
            "bounded": (
                "少乘几次，或给相乘的事实写明上限（at_most）",
                "multiply fewer times, or state bounds (at_most) for the facts that are multiplied",
            ),
        },
    ),
}

# ---- tables and dated values

_VALUES = {
    "value-needs-keys": error(
        "`{parameter}` 要按 {by} 分别取值",
        "`{parameter}` has a value for each {by}",
        "在 `values` 里逐层写，或用 `table`",
        "nest them under `values`, or use a `table`",
    ),
    "key-twice": error(
        "“{key}”写了两次，或范围重叠", "“{key}” stands twice, or its range overlaps another", ranges=("key",)
    ),
    "bad-range": error(
        "`{text}` 不是 `{key}` 的范围",
        "`{text}` is not a range of `{key}`",
        "写成 `1`、`1..2` 或 `3..`",
        "write it like `1`, `1..2` or `3..`",
        hints=NEAREST,
    ),
    "marginal-of-what": error(
        "`{parameter}` 写了 `marginal`，但取值不是比率，或 `by` 的最后一项不是数额或数目",
        "`{parameter}` is `marginal`, but its values are no rates, or the last of its `by` is no amount and no count",
        "各段分别按比率计算：`number: yes` 或写 `unit`，`by` 的最后一项是所计算的数额",
        "each part has its own rate: `number: yes` or a `unit`, and last in `by` the amount that is worked with",
    ),
    "bad-amounts": error(
        "`{text}` 不是 `{key}` 的一段",
        "`{text}` is not a range of `{key}`",
        "写成 `0..1000`、`超过1000至5000`、`1000以上不满5000`、`超过5000`、`不超过1000`；写清边界归哪一段",
        "write it like `0..1000`, `over 1000..5000`, `1000..under 5000`, `over 5000`, `up to 1000`: it says which side"
        " has the boundary",
        hints=NEAREST,
    ),
    "amounts-overlap": error(
        "“{key}”与另一段“{other}”重叠，两段都有“{shared}”",
        "“{key}” and “{other}” overlap: both have “{shared}”",
        "每个数额只能属于一段；法条“超过……至……的部分”写成 `超过1000至5000`",
        "every amount belongs to one range; what is above 1000, up to 5000, is `over 1000..5000`",
        hints=_WRITTEN,
        ranges=("key", "other", "shared", "suggestion"),
    ),
    "amounts-gap": error(
        "`{parameter}` 的各段没有包括“{gap}”",
        "the ranges of `{parameter}` leave out “{gap}”",
        "各段要前后相接；从可能的最小数额（一般是 0）开始，最后一段不封口，如 `超过5000`",
        "the ranges follow on each other, from the least amount there can be (mostly 0) on, and the last one is open"
        " like `over 5000`",
        hints=_WRITTEN,
        ranges=("gap", "suggestion"),
    ),
    "range-gap": error(
        "`{parameter}` 的范围没有包括“{count}”",
        "the ranges of `{parameter}` leave out “{count}”",
        "范围要从 1 开始、前后相接，最后一个写成 `3..` 这样不封口",
        "ranges start at 1, leave no gap, and the last one is open like `3..`",
        ranges=("count",),
    ),
    "unknown-key-kind": error(
        "没有名为 `{name}` 的家庭信息项或步骤", "there is no household fact or term `{name}`", hints=NEAREST
    ),
    "bad-key-kind": error(
        "`{name}` 不能作取值的键",
        "`{name}` cannot be a key",
        "键可以是行政区划、选项、数额，或人数一类的整数步骤；按数额分档的步骤要写 `unit`",
        "keys are the county, choices, amounts and whole counts; a term that is an amount states its `unit`",
    ),
    "bad-column-kind": error(
        "`{name}` 不是选项、文字或地点，不能列成清单", "`{name}` is no choice, text or place, and cannot be listed"
    ),
    "row-width": error("这一行有 {found} 项，应有 {wanted} 项", "this row has {found} entries instead of {wanted}"),
    "unknown-place": error(
        "没有名为 `{name}` 的县（市、区）", "there is no county `{name}`", hints={**NEAREST, **PLACE_CODE}
    ),
    "place-outside": error(
        "`{place}` 不在本文件的地域 {jurisdiction} 之内",
        "`{place}` lies outside the jurisdiction {jurisdiction} of this file",
    ),
    "ambiguous-place": error(
        "名为 `{name}` 的不止一个：{codes}",
        "several counties are called `{name}`: {codes}",
        "改写代码",
        "write the code",
    ),
    "bad-division-code": error("`{text}` 不是六位行政区划代码", "`{text}` is not a six-digit division code"),
    "bad-place-row": error(
        "`{text}` 不能作地方的代码",
        "`{text}` cannot be the code of a place",
        "只用英文字母、数字和其间的 - . _ :，不超过32个",
        "letters, digits and - . _ : between them, 32 at most",
    ),
    "unknown-parent": error(
        "区划表里没有代码 `{name}`", "the table has no place with the code `{name}`", hints=NEAREST
    ),
    "parent-circle": error(
        "`parent` 绕成了一圈：{circle}", "by their `parent`, these places contain each other: {circle}"
    ),
    "too-many-levels": error(
        "`{name}` 以上超过 {limit} 级", "`{name}` has more than the limit of {limit} levels above it"
    ),
    "zone-exists": error("代码 {zone} 已经是 {name}", "the code {zone} is already {name}"),
    "no-such-table": error(
        "找不到表格文件 `{file}`",
        "there is no table file `{file}`",
        "路径从本文件所在的文件夹或政策文件夹算起",
        "the path starts at this file's folder or at the policy folder",
        NEAREST,
    ),
    "table-not-readable": error(
        "读不了表格 `{file}`：{reason}", "cannot read the table `{file}`: {reason}", reasons=REASONS
    ),
    "path-outside": error(
        "`{file}` 在政策文件夹之外",
        "`{file}` lies outside the policy folder",
        "把文件放进政策文件夹里",
        "move the file into the policy folder",
    ),
    "bad-csv": error(
        "表格读不通：{reason}",
        "cannot read the table: {reason}",
        "在 Excel 或 WPS 里另存为 CSV UTF-8",
        "save it again as CSV UTF-8",
        reasons={
            "quote-open": Reason("有一个英文双引号没有配对", "a double quote is not closed"),
            "behind-quote": Reason(
                "英文双引号后面还有字；格子里要写双引号的，写两个",
                "text stands behind a closing double quote; a quote within a cell is written twice",
            ),
            "too-long": Reason("有一个格子太长", "a cell is too long"),
            "not-csv": Reason("不是逗号分隔的表格", "it is no table with commas between"),
        },
    ),
    "empty-table": error("表格是空的", "the table is empty"),
    "row-too-long": error(
        "这一行比表头的 {columns} 列多", "this row is longer than the {columns} columns of the header"
    ),
    "unknown-column": error(
        "表格里没有 `{column}` 这一列",
        "the table has no column `{column}`",
        hints={
            **NEAREST,
            "named": (
                "表头 `{named}` 是不是要写成 `{column}`？",
                "is the header `{named}` to be `{column}`?",
            ),
            "header": (
                "表格的列没有分开，表头读成了一列：`{header}`；列与列之间用半角逗号",
                "the columns are not parted, the header is read as one: `{header}`; part them by commas",
            ),
        },
    ),
    "column-missing": error(
        "没有说明哪一列是 {keys}", "no column is said to hold {keys}", "在 `columns` 里写明", "say so in `columns`"
    ),
    "no-start": error(
        "没有写从哪一天起施行",
        "it does not say from which day it holds",
        "写 `from: 2023-01-01`；全文件相同的写在文件开头",
        "write `from: 2023-01-01`, or at the top of the file for all of it",
    ),
    "ends-before-start": error(
        "从 {start} 起、到 {until} 止，先后颠倒", "it ends on {until}, before it starts on {start}"
    ),
    "value-overlap": error(
        "两处取值从同一天起施行，不知以哪处为准",
        "two sets of values start on the same day",
        "删去一处，或各写 `counties`、`partial: yes` 分开",
        "remove one, or tell them apart with `counties` or `partial: yes`",
    ),
    "value-gap": rule(
        "取值到 {until} 止，下一次从 {start} 起，中间没有值", "the values end on {until} and the next start on {start}"
    ),
    "next-here": note("下一次在这里", "the next ones are here"),
    "value-ends": info("取值到 {until} 止，以后没有值", "the values end on {until} and nothing follows", settable=True),
    "shadowed-value": rule(
        "`{parameter}` 的这次取值较晚，但被下级较早的取值挡住",
        "this later value of `{parameter}` is shadowed by an earlier one of a deeper level",
        "下级文件应给出新值，或写明 `until`",
        "the deeper file should state a new value, or an `until`",
    ),
    "value-retroactive": warning(
        "“{label}”的这次取值公布较晚、施行较早，从 {start} 起却以另一处较早公布的为准",
        "these values of “{label}” were published later, but from {start} on others published before hold",
        "以这一处为准的，把同样的取值再写一段：`from: {start}`、`published: {published}`；不然给它写上 `until`",
        "to let these hold, state them again with `from: {start}`, `published: {published}`; else give them an `until`",
    ),
    "partial-new-place": warning(
        "{places} 从 {start} 起才有“{label}”，写的是 `partial: yes`：{others} 仍用以前的取值",
        "{places} first have values of “{label}” from {start} on, by `partial: yes`: {others} keep those before",
        "如果是区划调整、原来的县区撤销了，写整张表，去掉 `partial`；没有撤销的，不必改",
        "where counties were merged or abolished, state the whole table without `partial`; else leave it as it is",
    ),
    "row-name-differs": warning(
        "这一行的代码是{name}，名称却写着“{text}”",
        "the code of this row is that of {name}, but it says “{text}”",
        "改正代码或名称：取值按代码算",
        "correct the code or the name: values go by the code",
    ),
    "equal-rank": error(
        "两份修订从同一天起施行、同一天公布，都改 `{name}`，不知以哪份为准",
        "two amendments of the same days change `{name}`, and neither comes last",
        "只留一份里的，或给其中一份写明较晚的 `from` 或 `published`",
        "keep it in one of them, or give one of them a later `from` or `published`",
    ),
    "shadowed-by": note("被这里挡住", "shadowed here"),
    "value-expected": rule(
        "应设定{label}（`{parameter}`），但没有设定",
        "{label} (`{parameter}`) is expected to be set and is not",
        "查到后写在 `set` 里；确实没有查到，写在 `not_found` 里说明",
        "state it under `set`, or say under `not_found` that none was found",
    ),
    "value-unpublished": info(
        "{label}没有取值：{note}",
        "{label} has no value: {note}",
        "标准起作用的家庭，结论为暂不能认定",
        "households for which it matters are undetermined",
        settable=True,
    ),
    "not-found-has-value": error(
        "`not_found` 下面只写没有查到的说明，{label}却有取值：{value}",
        "`not_found` holds remarks on what was not found, but {label} has a value: {value}",
        "要另行设定，把这一行移到 `set:` 下面；否则删去这一行",
        "to set it, move the line below `set:`; otherwise delete the line",
    ),
    "keys-without-value": info(
        "从 {start} 起，这些没有{label}：{keys}",
        "from {start} on there is no {label} for {keys}",
        "",
        "",
        {"more": ("共 {more} 处", "{more} in all")},
        settable=True,
    ),
    "value-stale": rule(
        "{label}从 {start} 起施行，到 {on} 已超过 {months} 个月，可能已有新标准",
        "{label} holds since {start}; on {on} that is more than {months} months ago and a newer one may exist",
    ),
    "unknown-then": warning(
        "按 {known_on} 已公布的规定，{start} 的家庭无法认定：这里用到的，当时还没有公布（{rule}）",
        "by what was published on {known_on} nobody is decided on {start}: this needs what came later ({rule})",
        "几处一起公布的，`published` 写同一天；确实先后公布的不用改，用 `--known-on` 查那几天会被拒绝",
        "give what was published together one `published`; else nothing is wrong, and `--known-on` refuses those days",
    ),
    "published-far": rule(
        "公布日期 {published} 与施行日期 {start} 相差两年以上",
        "published on {published}, more than two years from its start {start}",
    ),
}

POLICY: dict[str, Code] = {**_FIELDS, **_VALUES}
