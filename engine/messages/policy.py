"""Wordings of the diagnostics of the policy floor."""

from __future__ import annotations

from engine.messages.disk import REASONS
from engine.messages.wording import Reason, Wording

_NEAREST = {"suggestion": ("是不是想写 `{suggestion}`？", "did you mean `{suggestion}`?")}

_ITS_DAYS = {
    "start": ("它从 {start} 起施行", "it holds from {start}"),
    "until": ("它施行到 {until} 为止", "it holds until {until}"),
}

# ---- the file as text

_TEXT = {
    "not-text": Wording(
        "这不是文本文件",
        "this is not a text file",
        "在编辑器里“另存为”，编码选 UTF-8；表格选“CSV UTF-8”，不要选“Unicode 文本”或工作簿",
        "save it again with the encoding UTF-8; a table as “CSV UTF-8”, not as “Unicode text” or a workbook",
    ),
    "not-utf8": Wording(
        "文件不是 UTF-8 编码",
        "the file is not in UTF-8",
        "看起来是 GBK/GB18030；请在编辑器里选“另存为”，编码选 UTF-8",
        "it looks like GBK/GB18030; save it again with the encoding UTF-8",
    ),
    "empty-file": Wording("文件是空的", "the file is empty"),
    "several-documents": Wording(
        "一个文件里有几份 YAML 文档",
        "several YAML documents in one file",
        "去掉 `---`，或分成几个文件",
        "remove the `---`, or make several files of it",
    ),
    "too-deep": Wording("嵌套超过 {limit} 层", "nested more than {limit} levels deep"),
    "too-many-files": Wording(
        "文件夹里有 {count} 个 YAML 文件，超过上限 {limit} 个",
        "there are {count} YAML files in the folder, more than the limit of {limit}",
    ),
    "too-many-entries": Wording(
        "文件有 {count} 个条目，超过上限 {limit} 个", "the file has {count} entries, more than the limit of {limit}"
    ),
    "too-many-periods": Wording(
        "改动太多、起止日期太分散：要核对的组合有 {count} 个，超过上限 {limit} 个",
        "too many changes with days and counties of their own: {count} combinations, more than the limit of {limit}",
        "让同一次公文的改动从同一天起施行，或分成几个文件",
        "let changes of one notice start on the same day, or make several files of them",
    ),
    "alias-refused": Wording(
        "不能用 `*` 引用别处的内容",
        "aliases (`*name`) are not allowed",
        "把内容写出来；条件可以用 `same_as`",
        "write it out; conditions have `same_as`",
    ),
    "anchor-refused": Wording("不能用 `&{anchor}` 做标记", "anchors (`&{anchor}`) are not allowed"),
    "tag-refused": Wording("不能用类型标签 `{tag}`", "the tag `{tag}` is not allowed"),
    "merge-key": Wording("不能用合并键 `<<`", "the merge key `<<` is not allowed", "把内容写出来", "write it out"),
    "key-not-text": Wording("键必须是文字", "a key must be text"),
    "duplicate-key": Wording(
        "键 `{key}` 写了两次", "the key `{key}` stands twice", "删去一个，或合并两处", "remove one of them"
    ),
    "first-here": Wording("第一次写在这里", "first here"),
    "comma-in-braces": Wording(
        "花括号里的表达式 `{text}…` 在逗号处被断开了",
        "inside braces the expression `{text}…` is cut at its comma",
        "把这一项改成分行写（不用花括号），或给表达式加英文引号",
        "write this entry on lines of its own, or put the expression in quotes",
    ),
    "bracket-in-braces": Wording(
        "花括号里的内容读不通",
        "cannot read what stands inside the braces",
        "花括号里的表达式含有 `[` 或 `{` 时，请改成分行写，或给表达式加英文引号",
        "an expression with `[` or `{` inside braces must be quoted, or written on a line of its own",
    ),
    "thousands-comma": Wording(
        "数字里不能有千分位逗号：花括号里的逗号是用来分开各项的",
        "a number has no commas between thousands: inside braces a comma ends the item",
        hints={"figure": ("写成 `{figure}`", "write `{figure}`")},
    ),
    "full-width-indent": Wording(
        "行首用了全角空格",
        "a full-width space is used as indentation",
        "换成半角空格，每层两个",
        "use plain spaces, two a level",
    ),
    "full-width-colon": Wording(
        "`{key}` 后面是全角冒号",
        "a full-width colon follows `{key}`",
        "改成半角冒号加一个空格 `: `",
        "use a plain colon and a space `: `",
    ),
    "curly-quotes": Wording(
        "`{text}` 用了中文引号，引号会成为内容的一部分",
        "`{text}` is in typographic quotes, which become part of the text",
        '改用英文引号 "…"，或去掉引号',
        'use plain quotes "…", or none',
    ),
    "tab-between": Wording("这里用了制表符（Tab）", "a tab stands between words", "换成空格", "use a space"),
    "tab-indent": Wording(
        "行首用了制表符（Tab）", "a tab is used as indentation", "换成空格，每层两个", "use spaces, two a level"
    ),
    "colon-in-value": Wording(
        "这里不该有冒号",
        "a colon is not allowed here",
        "值里含有 `: ` 时请加英文引号；也可能是缩进没有对齐",
        "quote a value that holds `: `; or the indentation may be off",
    ),
    "bad-character": Wording(
        "文件里有不能用的字符 {character}", "the file holds a character that is not allowed: {character}"
    ),
    "odd-blank": Wording(
        "这里是看不出来的特殊空白 {character}，不是普通空格",
        "this is not a plain space but {character}, which looks like one or like nothing",
        "删去，改成半角空格；常见于从网页、Word、微信复制的文字",
        "delete it and type a plain space; it often comes with text copied from a web page or from Word",
    ),
    "full-width-sign": Wording(
        "这里要用半角的 `{plain}`，写成了 `{sign}`",
        "`{sign}` stands where a plain `{plain}` is needed",
        hints={
            "text": (
                '分开各项用 `, `；逗号属于文字本身时，给这一项加英文引号：`"{text}"`',
                'write `, ` between items; where it belongs to the text itself, quote the item: `"{text}"`',
            ),
            "plain": ("改成半角的 `{plain}`，后面加一个空格", "write a plain `{plain}` and a space"),
        },
    ),
    "missing-blank": Wording(
        "`{sign}` 后面缺少空格", "a space is missing behind `{sign}`", "写作 `{sign} `", "write `{sign} `"
    ),
    "missing-blank-before": Wording(
        "`{sign}` 前面缺少空格",
        "a space is missing in front of `{sign}`",
        "`#` 后面是注释时，前面要有一个空格；`#` 属于文字时，写在引号里面",
        "a comment needs a space in front of its `#`; a `#` that belongs to the text stands inside the quotes",
    ),
    "missing-comma": Wording(
        "`{key}` 前面缺少逗号",
        "a comma is missing in front of `{key}`",
        "各项之间写 `, `",
        "write `, ` between entries",
    ),
    "missing-colon": Wording(
        "这一行没有冒号，不知道是哪一项",
        "there is no colon in this line, so it is no entry",
        "写成 `键: 值`；如果是上一行文字的下半句，接到上一行后面",
        "write `key: value`; the rest of a text belongs on the line above",
    ),
    "missing-dash": Wording(
        "这里缺少 `- `",
        "a `- ` is missing here",
        "与上面同一列的各项一样，以 `- ` 开头；如果属于上面那一项，再缩进两格",
        "begin it with `- ` like the entries above it; if it belongs to the entry above, indent it two spaces more",
    ),
    "dash-not-here": Wording(
        "这里不用 `- `",
        "no `- ` is needed here",
        "删去 `- `，按 `键: 值` 写，与同级的各项对齐；清单的各项要另起一行",
        "remove the `- ` and write `key: value` in line with its neighbours; the items of a list begin on a new line",
    ),
    "wrong-indent": Wording(
        "这一行缩进 {found} 格，同级是 {wanted} 格",
        "this line is indented by {found} spaces, its neighbours by {wanted}",
        hints={
            "above": (
                "与上面的行对齐：同级 {wanted} 格，上一级 {above} 格",
                "align it with the lines above: {wanted} spaces for this level, {above} for the one around it",
            ),
            "wanted": ("缩进 {wanted} 格", "indent it by {wanted} spaces"),
        },
    ),
    "needs-quotes": Wording(
        "`{sign}` 在这里有特殊含义，不能直接写在文字里",
        "`{sign}` means something else here and cannot stand in a text without quotes",
        '给整个值加英文引号，如 `"{sign}…"`',
        'put the whole value in quotes, as in `"{sign}…"`',
    ),
    "text-after-value": Wording(
        "这个值已经写完，后面不能再有内容",
        "the value is complete; nothing can follow it here",
        hints={
            "quote": (
                "引号里又有引号：里面的改成 “ ” 或 「 」，或删去",
                "there are quotes inside the quotes: write the inner ones as “ ”, or remove them",
            ),
            "quoted": (
                "方括号、花括号开头的是列表、映射；文字要加引号：写作 `{quoted}`",
                "what begins with a bracket is a list or a mapping; a text is put in quotes: write `{quoted}`",
            ),
        },
    ),
    "bad-escape": Wording(
        "引号里不能写 `{escape}`",
        "`{escape}` cannot stand inside quotes",
        '反斜杠本身写作 `\\\\`，引号写作 `\\"`；或改用单引号',
        'write a backslash as `\\\\` and a quote as `\\"`, or use single quotes',
    ),
    "yaml-syntax": Wording(
        "这里的写法 `{form}` 读不懂",
        "`{form}` is not understood here",
        "只用 `键: 值`、`- ` 开头的清单、`{…}`、`[…]`、引号和 `|` 写成的文字；属于文字的符号写在英文引号里",
        "use only `key: value`, lists with `- `, `{…}`, `[…]`, quotes and texts under `|`; quote signs that are text",
    ),
}

# ---- fields, names, elements

_FIELDS = {
    "bad-day": Wording(
        "`{text}` 不是日期", "`{text}` is not a date", "日期写作年-月-日，如 2023-01-01", "write a date like 2023-01-01"
    ),
    "bad-truth": Wording(
        "`{text}` 不是“是”或“否”", "`{text}` is neither yes nor no", "写 yes 或 no，或者 是、否", "write yes or no"
    ),
    "bad-unit": Wording(
        "不认识单位 `{unit}`",
        "unknown unit `{unit}`",
        "写成 `元`、`元/人/月`、`元/人/年`、`月`、`%` 这样",
        "write it like `元`, `元/人/月`, `元/人/年`, `月` or `%`",
        {
            **_NEAREST,
            "units": (
                "能用的单位：{units}；量别的东西，不写 `unit`，写 `number: yes`，单位写进名称",
                "the units are {units}; for another measure write `number: yes` in place of `unit`",
            ),
        },
    ),
    "no-such-option": Wording(
        "没有选项 `{option}`", "there is no option `{option}`", "可选：{options}", "options: {options}", _NEAREST
    ),
    "unknown-fact": Wording("没有名为 `{name}` 的信息项", "there is no fact `{name}`", hints=_NEAREST),
    "unknown-table-key": Wording(
        "`{parameter}` 不按 `{key}` 取值",
        "`{parameter}` has no key `{key}`",
        "它的键：{keys}",
        "its keys: {keys}",
        _NEAREST,
    ),
    "bad-amount": Wording(
        "`{text}` 不是数额",
        "`{text}` is not an amount",
        "写成 `36`、`5678.50` 或 `36 月`；不用千分位逗号，不写负数，小数最多 6 位",
        "write it like `36`, `5678.50` or `36 月`; no thousands separators, no minus sign, at most 6 decimals",
        {
            "plain": (
                "数字、标点要用半角：写成 `{plain}`（`doudi fix` 能改）",
                "use plain digits and signs: `{plain}` (`doudi fix` can do it)",
            )
        },
    ),
    "value-unit": Wording(
        "`{text}` 的单位不对，这里要的是 {wanted}",
        "`{text}` has the wrong unit; {wanted} is needed here",
        hints={"written": ("单位写错时，写作 `{written}`", "if the unit is a slip, write `{written}`")},
    ),
    "value-not-whole": Wording("`{text}` 应是整数", "`{text}` must be a whole number"),
    "value-out-of-bounds": Wording(
        "`{text}` 超出 `{parameter}` 允许的范围", "`{text}` is outside the bounds of `{parameter}`"
    ),
    "bad-default": Wording("`{value}` 不能作这项的缺省值", "`{value}` cannot be the default here", hints=_NEAREST),
    "default-of-required": Wording(
        "`{name}` 必填，不能再有缺省值",
        "`{name}` is required and cannot have a default",
        "去掉 `default` 或 `required`",
        "remove `default` or `required`",
    ),
    "bad-name": Wording(
        "`{name}` 不能在表达式里当名称",
        "`{name}` cannot be used as a name in expressions",
        "名称只能由汉字、字母、数字和下划线组成，不以数字开头",
        "a name consists of letters, digits and underscores and does not start with a digit",
    ),
    "name-is-word": Wording(
        "`{name}` 是表达式里的用词，不能当名称",
        "`{name}` is a word of the expression language",
        "换一个名称",
        "choose another name",
    ),
    "name-taken": Wording(
        "名称 `{name}` 已经用过了", "the name `{name}` is taken", "换一个名称", "choose another name"
    ),
    "reserved-id": Wording("`{id}` 有专门的含义，不能当标识", "`{id}` has a meaning of its own and cannot be an id"),
    "declared-here": Wording("原来的在这里", "declared here"),
    "folded-expression": Wording(
        "表达式不能用 `>` 折行", "an expression cannot be a folded block (`>`)", "改用 `|`", "use `|`"
    ),
    "escaped-expression": Wording(
        "加引号的表达式里不能有转义",
        "a quoted expression cannot hold escapes",
        "去掉引号，或改用 `|` 分行写",
        "drop the quotes, or write a `|` block",
    ),
    "unknown-counting-word": Wording(
        "不认识量词 `{word}`", "unknown counting word `{word}`", "可用的量词：{words}", "known: {words}", _NEAREST
    ),
    "unknown-collection": Wording("没有名为 `{name}` 的集合", "there is no collection `{name}`", hints=_NEAREST),
    "role-missing": Wording(
        "没有一个家庭信息项担任 `{role}`",
        "no fact of the household has the role `{role}`",
        "家庭编号写 `role: identity`，申请日期写 `role: as_of`，行政区划写 `role: place`",
        "the household's id has `role: identity`, its application date `role: as_of`, its county `role: place`",
    ),
    "role-twice": Wording("两个信息项都担任 `{role}`", "two facts have the role `{role}`"),
    "role-kind": Wording(
        "担任 `{role}` 的信息项应写 `{kind}: yes`",
        "the fact with the role `{role}` is declared with `{kind}: yes`",
    ),
    "no-causes": Wording(
        "没有写任何致贫原因，谁也不会符合",
        "no cause is declared, so that nobody could be eligible",
        "只算数字的政策不写 causes，也不写 requirements，只写 outputs",
        "a policy that only works out figures declares neither causes nor requirements, but outputs",
    ),
    "empty-cause": Wording(
        "原因 `{cause}` 没有任何条件，所有家庭都会符合",
        "the cause `{cause}` has no conditions, so that every household would meet it",
    ),
    "circle": Wording(
        "定义成了循环：{circle}",
        "definitions run in a circle: {circle}",
        "其中一步要改为不依赖后面的步骤",
        "one of these steps must not depend on the others",
    ),
}

# ---- tables and dated values

_VALUES = {
    "value-needs-keys": Wording(
        "`{parameter}` 要按 {by} 分别取值",
        "`{parameter}` has a value for each {by}",
        "在 `values` 里逐层写，或用 `table`",
        "nest them under `values`, or use a `table`",
    ),
    "key-twice": Wording("`{key}` 写了两次，或范围重叠", "`{key}` stands twice, or its range overlaps another"),
    "bad-range": Wording(
        "`{text}` 不是 `{key}` 的范围",
        "`{text}` is not a range of `{key}`",
        "写成 `1`、`1..2` 或 `3..`",
        "write it like `1`, `1..2` or `3..`",
    ),
    "range-gap": Wording(
        "`{parameter}` 的范围没有包括 {count}",
        "the ranges of `{parameter}` leave out {count}",
        "范围要从 1 开始、前后相接，最后一个写成 `3..` 这样不封口",
        "ranges start at 1, leave no gap, and the last one is open like `3..`",
    ),
    "unknown-key-kind": Wording(
        "没有名为 `{name}` 的家庭信息项或步骤", "there is no household fact or term `{name}`", hints=_NEAREST
    ),
    "bad-key-kind": Wording(
        "`{name}` 不能作取值的键",
        "`{name}` cannot be a key",
        "键可以是行政区划、选项，或人数一类的整数步骤",
        "keys are the county, choices, and whole counts",
    ),
    "bad-column-kind": Wording(
        "`{name}` 不是选项或文字，不能列成清单", "`{name}` is neither a choice nor text, and cannot be listed"
    ),
    "row-width": Wording("这一行有 {found} 项，应有 {wanted} 项", "this row has {found} entries instead of {wanted}"),
    "unknown-place": Wording("没有名为 `{name}` 的县（市、区）", "there is no county `{name}`", hints=_NEAREST),
    "place-outside": Wording(
        "`{place}` 不在本文件的地域 {jurisdiction} 之内",
        "`{place}` lies outside the jurisdiction {jurisdiction} of this file",
    ),
    "ambiguous-place": Wording(
        "名为 `{name}` 的不止一个：{codes}",
        "several counties are called `{name}`: {codes}",
        "改写六位代码",
        "write the six-digit code",
    ),
    "bad-division-code": Wording("`{text}` 不是六位行政区划代码", "`{text}` is not a six-digit division code"),
    "zone-exists": Wording("代码 {zone} 已经是 {name}", "the code {zone} is already {name}"),
    "no-such-table": Wording(
        "找不到表格文件 `{file}`",
        "there is no table file `{file}`",
        "路径从本文件所在的文件夹或政策文件夹算起",
        "the path starts at this file's folder or at the policy folder",
        _NEAREST,
    ),
    "table-not-readable": Wording(
        "读不了表格 `{file}`：{reason}", "cannot read the table `{file}`: {reason}", reasons=REASONS
    ),
    "path-outside": Wording(
        "`{file}` 在政策文件夹之外",
        "`{file}` lies outside the policy folder",
        "把文件放进政策文件夹里",
        "move the file into the policy folder",
    ),
    "bad-csv": Wording(
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
    "empty-table": Wording("表格是空的", "the table is empty"),
    "row-too-long": Wording(
        "这一行比表头的 {columns} 列多", "this row is longer than the {columns} columns of the header"
    ),
    "unknown-column": Wording(
        "表格里没有 `{column}` 这一列",
        "the table has no column `{column}`",
        hints={
            **_NEAREST,
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
    "column-missing": Wording(
        "没有说明哪一列是 {keys}", "no column is said to hold {keys}", "在 `columns` 里写明", "say so in `columns`"
    ),
    "no-start": Wording(
        "没有写从哪一天起施行",
        "it does not say from which day it holds",
        "写 `from: 2023-01-01`；全文件相同的写在文件开头",
        "write `from: 2023-01-01`, or at the top of the file for all of it",
    ),
    "ends-before-start": Wording(
        "从 {start} 起、到 {until} 止，先后颠倒", "it ends on {until}, before it starts on {start}"
    ),
    "value-overlap": Wording(
        "两处取值从同一天起施行，不知以哪处为准",
        "two sets of values start on the same day",
        "删去一处，或各写 `counties`、`partial: yes` 分开",
        "remove one, or tell them apart with `counties` or `partial: yes`",
    ),
    "value-gap": Wording(
        "取值到 {until} 止，下一次从 {start} 起，中间没有值", "the values end on {until} and the next start on {start}"
    ),
    "next-here": Wording("下一次在这里", "the next ones are here"),
    "value-ends": Wording("取值到 {until} 止，以后没有值", "the values end on {until} and nothing follows"),
    "shadowed-value": Wording(
        "`{parameter}` 的这次取值较晚，但被下级较早的取值挡住",
        "this later value of `{parameter}` is shadowed by an earlier one of a deeper level",
        "下级文件应给出新值，或写明 `until`",
        "the deeper file should state a new value, or an `until`",
    ),
    "value-retroactive": Wording(
        "“{label}”的这次取值公布较晚、施行较早，从 {start} 起却以另一处较早公布的为准",
        "these values of “{label}” were published later, but from {start} on others published before hold",
        "以这一处为准的，把同样的取值再写一段：`from: {start}`、`published: {published}`；不然给它写上 `until`",
        "to let these hold, state them again with `from: {start}`, `published: {published}`; else give them an `until`",
    ),
    "partial-new-place": Wording(
        "{places} 从 {start} 起才有“{label}”，写的是 `partial: yes`：{others} 仍用以前的取值",
        "{places} first have values of “{label}” from {start} on, by `partial: yes`: {others} keep those before",
        "如果是区划调整、原来的县区撤销了，写整张表，去掉 `partial`；没有撤销的，不必改",
        "where counties were merged or abolished, state the whole table without `partial`; else leave it as it is",
    ),
    "row-name-differs": Wording(
        "这一行的代码是{name}，名称却写着“{text}”",
        "the code of this row is that of {name}, but it says “{text}”",
        "改正代码或名称：取值按代码算",
        "correct the code or the name: values go by the code",
    ),
    "equal-rank": Wording(
        "两份修订从同一天起施行、同一天公布，都改 `{name}`，不知以哪份为准",
        "two amendments of the same days change `{name}`, and neither comes last",
        "只留一份里的，或给其中一份写明较晚的 `from` 或 `published`",
        "keep it in one of them, or give one of them a later `from` or `published`",
    ),
    "shadowed-by": Wording("被这里挡住", "shadowed here"),
    "value-expected": Wording(
        "应设定{label}（`{parameter}`），但没有设定",
        "{label} (`{parameter}`) is expected to be set and is not",
        "查到后写在 `set` 里；确实没有查到，写在 `not_found` 里说明",
        "state it under `set`, or say under `not_found` that none was found",
    ),
    "value-unpublished": Wording(
        "{label}没有取值：{note}",
        "{label} has no value: {note}",
        "标准起作用的家庭，结论为暂不能认定",
        "households for which it matters are undetermined",
    ),
    "not-found-has-value": Wording(
        "`not_found` 下面只写没有查到的说明，{label}却有取值：{value}",
        "`not_found` holds remarks on what was not found, but {label} has a value: {value}",
        "要另行设定，把这一行移到 `set:` 下面；否则删去这一行",
        "to set it, move the line below `set:`; otherwise delete the line",
    ),
    "keys-without-value": Wording(
        "从 {start} 起，这些没有{label}：{keys}",
        "from {start} on there is no {label} for {keys}",
        "",
        "",
        {"more": ("共 {more} 处", "{more} in all")},
    ),
    "value-stale": Wording(
        "{label}从 {start} 起施行，到 {on} 已超过 {months} 个月，可能已有新标准",
        "{label} holds since {start}; on {on} that is more than {months} months ago and a newer one may exist",
    ),
    "unknown-then": Wording(
        "按 {known_on} 已公布的规定，{start} 的家庭无法认定：这里用到的，当时还没有公布（{rule}）",
        "by what was published on {known_on} nobody is decided on {start}: this needs what came later ({rule})",
        "几处一起公布的，`published` 写同一天；确实先后公布的不用改，用 `--known-on` 查那几天会被拒绝",
        "give what was published together one `published`; else nothing is wrong, and `--known-on` refuses those days",
    ),
    "published-far": Wording(
        "公布日期 {published} 与施行日期 {start} 相差两年以上",
        "published on {published}, more than two years from its start {start}",
    ),
}

# ---- documents and overlays

_OVERLAYS = {
    "no-such-path": Wording("没有这个文件或文件夹", "there is no such file or folder"),
    "no-policy-found": Wording(
        "里面没有政策文件，什么也没有检查",
        "there is no policy file in it, and nothing was checked",
        "政策文件是有 `policy:` 或 `overlay:` 的 YAML 文件，以 `.yaml` 或 `.yml` 结尾；写明它所在的文件夹",
        "policy files are YAML files with `policy:` or `overlay:`, ending in `.yaml` or `.yml`; name the folder they "
        "are in",
    ),
    "not-a-policy": Wording(
        "不是政策文件（没有 `policy` 或 `overlay`），没有读",
        "not a policy file (no `policy` or `overlay`); it was not read",
        "政策文件写 `policy: 标识`，补充文件写 `overlay: 标识`；别的文件放到这个文件夹之外",
        "a policy has `policy: ID`, an overlay `overlay: ID`; keep other files out of this folder",
        hints=_NEAREST,
    ),
    "not-yaml-ending": Wording(
        "内容是政策文件，文件名却不以 .yaml 结尾，没有读",
        "this is a policy file by its content, but its name does not end in .yaml; it was not read",
        "改名，以 .yaml 结尾；备份、副本移到这个文件夹之外",
        "rename it so that it ends in .yaml; keep copies out of this folder",
    ),
    "amends-draft": Wording(
        "正式文件补充的 `{name}` 是草案或示例（{status}），点名才用：本文件永远不会用到",
        "this official overlay amends `{name}`, which is {status} and counts only where named: it would never count",
        "本文件也写 `status: {status}`；或者改正 `amends`",
        "write `status: {status}` here as well, or correct `amends`",
    ),
    "amends-amendment": Wording(
        "`amends` 指向的 `{name}` 是修订文件：本文件永远不会用到",
        "`amends` names `{name}`, which is an amendment: this file would never count",
        "修订和补充都指向被修订的文件：`amends: {base}`，先后由 `from` 和 `published` 决定",
        "name what is amended: `amends: {base}`; `from` and `published` settle which comes last",
    ),
    "policy-twice": Wording("标识 `{name}` 已经用在另一个文件里", "the id `{name}` is taken by another file"),
    "unknown-policy": Wording("没有标识为 `{name}` 的政策", "there is no policy `{name}`", hints=_NEAREST),
    "number-may-grow": Wording(
        zh="“{step}”里的 `{text}` 可能长到 {digits} 位数字，最多允许 {limit} 位",
        en="`{text}` in “{step}” can become a number of {digits} digits; at most {limit} are allowed",
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
    "amends-circle": Wording("`amends` 绕成了圈：`{name}`", "`amends` runs in a circle: `{name}`"),
    "below-broken": Wording(
        "它所补充的 `{name}` 有错，所以没有检查本文件",
        "what it amends, `{name}`, has errors; this file was not checked",
    ),
    "unknown-jurisdiction": Wording(
        "地域 {jurisdiction} 里没有任何县（市、区）",
        "there is no county in the jurisdiction {jurisdiction}",
        hints=_NEAREST,
    ),
    "jurisdiction-outside": Wording(
        "地域 {jurisdiction} 不在上级的地域 {parent} 之内",
        "the jurisdiction {jurisdiction} is not inside {parent}",
        "写 {parent}，或其下某个县（市、区）的六位代码；对同一地域作修订时，与它相同",
        "write {parent}, or the code of a county inside it; an amendment has the jurisdiction of what it amends",
    ),
    "overlay-twice": Wording(
        "地域 {jurisdiction} 已经有一个补充文件",
        "there is already an overlay for the jurisdiction {jurisdiction}",
        "合并成一个文件；草案写 `status: draft`",
        "merge them; a draft has `status: draft`",
    ),
    "overlay-beside": Wording(
        "`{inner}` 的地域在 `{outer}` 之内，却没有以它为上级",
        "`{inner}` lies inside the jurisdiction of `{outer}` but does not amend it",
        "写 `amends: {outer}`",
        "write `amends: {outer}`",
    ),
    "unknown-target": Wording("没有 `{name}` 可以改", "there is no `{name}` to change", hints=_NEAREST),
    "unknown-cause": Wording("没有原因 `{name}`", "there is no cause `{name}`", hints=_NEAREST),
    "unknown-repeal": Wording(
        "没有 `{target}` 可以废止",
        "there is no `{target}` to repeal",
        "写成 `requirements.x` 或 `illness.assets` 这样",
        "write it like `requirements.x` or `illness.assets`",
        _NEAREST,
    ),
    "repeal-not-allowed": Wording(
        "只有发文机关自己的修订才能废止 `{target}`",
        "only an amendment may repeal `{target}`",
        "要停止一项改动，给它写 `until`",
        "to end a change, give it an `until`",
    ),
    "already-exists": Wording(
        "`{name}` 已经有了", "`{name}` already exists", "新内容要用新的标识", "new content needs a new id"
    ),
    "no-parts": Wording("`{term}` 没有分项，不能增加分项", "`{term}` has no parts to add to"),
    "not-open": Wording(
        "上级没有开放更改 `{name}`",
        "`{name}` is not open to change",
        "`doudi show {amends} --open` 列出可以改的内容",
        "`doudi show {amends} --open` lists what may be changed",
    ),
    "guarded-here": Wording("上级的规定在这里", "the guard is here"),
    "outside-guard": Wording(
        "`{parameter}` 的取值 {value} 超出上级允许的范围",
        "the value {value} of `{parameter}` is outside what the guard allows",
        hints={"key": ("这是 {key} 的取值", "it is the value for {key}")},
    ),
    "option-not-open": Wording(
        "上级不允许选 `{option}`", "the option `{option}` is not open", "可选：{options}", "open: {options}"
    ),
    "effect-not-open": Wording(
        "这项改动声明 `{effect}`，上级只允许 `{wanted}`", "the change promises `{effect}` where only `{wanted}` is open"
    ),
    "effect-not-stated": Wording(
        "上级只允许 `{wanted}` 的改动，这项改动没有写 `effect`",
        "only `{wanted}` changes are open here, and this one states no `effect`",
        "确实如此，就在这项改动里写上 `effect: {wanted}`",
        "if it keeps that promise, write `effect: {wanted}` in the change",
        hints={
            "bare": (
                "只写了内容、没有写键的，先写成 `{{bare}: …, effect: {wanted}}`",
                "written without keys of its own, it first becomes `{{bare}: …, effect: {wanted}}`",
            )
        },
    ),
    "target-not-in-force": Wording(
        "这项改动施行时，`{name}` 有时还没有、已经失效或不在那里施行",
        "the change holds on days or in counties where `{name}` does not",
        "给这项改动写上 `from`、`until` 或 `counties`，不超出它所改内容的范围",
        "give the change a `from`, `until` or `counties` within those of what it changes",
        hints=_ITS_DAYS,
    ),
    "repealed-here": Wording("在这里废止", "repealed here"),
    "not-in-force": Wording(
        "`{name}` 不是一直有、处处有，用到它的地方却没有写同样的日期或县区",
        "`{name}` does not hold always and everywhere, but what names it does",
        "给用到它的一项写上同样的 `from`、`until` 或 `counties`，或者让 `{name}` 也从那时起施行",
        "give what names it the same `from`, `until` or `counties`, or let `{name}` hold as long",
        hints=_ITS_DAYS,
    ),
    "exemption-not-open": Wording(
        "上级不允许豁免 `{target}`", "`{target}` is not open to exemptions", "可以豁免：{targets}", "open: {targets}"
    ),
    "must-use": Wording(
        "原因 `{cause}` 必须原样沿用条件 `{condition}`{reason}",
        "the cause `{cause}` must take over the condition `{condition}` unchanged{reason}",
        "写 `{condition}: {same_as: {source}}`",
        "write `{condition}: {same_as: {source}}`",
        reasons={
            "begins-later": Reason(
                "，{start} 之前没有",
                "; before {start} it does not",
                "删去 `{condition}` 自己的 `from`",
                "remove the `from` of `{condition}`",
            ),
            "ends-earlier": Reason(
                "，{until} 之后没有",
                "; after {until} it does not",
                "删去 `{condition}` 自己的 `until`",
                "remove the `until` of `{condition}`",
            ),
            "only-within": Reason(
                "，只在 {start} 至 {until} 有",
                "; it does so from {start} to {until} only",
                "删去 `{condition}` 自己的 `from` 和 `until`",
                "remove the `from` and `until` of `{condition}`",
            ),
            "known-later": Reason(
                "，`{condition}` 却到 {published} 才公布，晚于这个原因",
                "; but `{condition}` was published on {published} only, after the cause",
                "让 `{condition}` 和这个原因同日公布、同日施行",
                "give `{condition}` no `published` or `from` later than that of the cause",
            ),
            "changed": Reason("，它自 {start} 起改成了另一样", "; it is another from {start} on"),
        },
    ),
    "guard-loosened": Wording(
        "对 `{name}` 的限制比上级宽了",
        "the guard of `{name}` is looser than the one it inherits",
        "只能收紧",
        "it may only be tighter",
    ),
    "replacement-type": Wording(
        "`{term}` 改写后的类型与原来不同", "the replacement of `{term}` has another type than the original"
    ),
    "replaced-here": Wording("原来的在这里", "the original is here"),
}

POLICY: dict[str, Wording] = {**_TEXT, **_FIELDS, **_VALUES, **_OVERLAYS}
