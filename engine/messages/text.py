"""The diagnostics of a policy file as text: its encoding, its characters, its YAML."""

from __future__ import annotations

from engine.messages.code import Code, error, note

TEXT: dict[str, Code] = {
    "not-text": error(
        "这不是文本文件",
        "this is not a text file",
        "在编辑器里“另存为”，编码选 UTF-8；表格选“CSV UTF-8”，不要选“Unicode 文本”或工作簿",
        "save it again with the encoding UTF-8; a table as “CSV UTF-8”, not as “Unicode text” or a workbook",
    ),
    "not-utf8": error(
        "文件不是 UTF-8 编码",
        "the file is not in UTF-8",
        "看起来是 GBK/GB18030；请在编辑器里选“另存为”，编码选 UTF-8",
        "it looks like GBK/GB18030; save it again with the encoding UTF-8",
    ),
    "empty-file": error("文件是空的", "the file is empty"),
    "several-documents": error(
        "一个文件里有几份 YAML 文档",
        "several YAML documents in one file",
        "去掉 `---`，或分成几个文件",
        "remove the `---`, or make several files of it",
    ),
    "too-deep": error("嵌套超过 {limit} 层", "nested more than {limit} levels deep"),
    "too-many-files": error(
        "文件夹里有 {count} 个 YAML 文件，超过上限 {limit} 个",
        "there are {count} YAML files in the folder, more than the limit of {limit}",
    ),
    "too-many-entries": error(
        "文件有 {count} 个条目，超过上限 {limit} 个", "the file has {count} entries, more than the limit of {limit}"
    ),
    "too-many-periods": error(
        "改动太多、起止日期太分散：要核对的组合有 {count} 个，超过上限 {limit} 个",
        "too many changes with days and counties of their own: {count} combinations, more than the limit of {limit}",
        "让同一次公文的改动从同一天起施行，或分成几个文件",
        "let changes of one notice start on the same day, or make several files of them",
    ),
    "alias-refused": error(
        "不能用 `*` 引用别处的内容",
        "aliases (`*name`) are not allowed",
        "把内容写出来；条件可以用 `same_as`",
        "write it out; conditions have `same_as`",
    ),
    "anchor-refused": error("不能用 `&{anchor}` 做标记", "anchors (`&{anchor}`) are not allowed"),
    "tag-refused": error("不能用类型标签 `{tag}`", "the tag `{tag}` is not allowed"),
    "merge-key": error("不能用合并键 `<<`", "the merge key `<<` is not allowed", "把内容写出来", "write it out"),
    "key-not-text": error("键必须是文字", "a key must be text"),
    "duplicate-key": error(
        "键 `{key}` 写了两次", "the key `{key}` stands twice", "删去一个，或合并两处", "remove one of them"
    ),
    "first-here": note("第一次写在这里", "first here"),
    "comma-in-braces": error(
        "花括号里的表达式 `{text}…` 在逗号处被断开了",
        "inside braces the expression `{text}…` is cut at its comma",
        "把这一项改成分行写（不用花括号），或给表达式加英文引号",
        "write this entry on lines of its own, or put the expression in quotes",
    ),
    "bracket-in-braces": error(
        "花括号里的内容读不通",
        "cannot read what stands inside the braces",
        "花括号里的表达式含有 `[` 或 `{` 时，请改成分行写，或给表达式加英文引号",
        "an expression with `[` or `{` inside braces must be quoted, or written on a line of its own",
    ),
    "thousands-comma": error(
        "数字里不能有千分位逗号：花括号里的逗号是用来分开各项的",
        "a number has no commas between thousands: inside braces a comma ends the item",
        hints={"figure": ("写成 `{figure}`", "write `{figure}`")},
    ),
    "full-width-indent": error(
        "行首用了全角空格",
        "a full-width space is used as indentation",
        "换成半角空格，每层两个",
        "use plain spaces, two a level",
    ),
    "full-width-colon": error(
        "`{key}` 后面是全角冒号",
        "a full-width colon follows `{key}`",
        "改成半角冒号加一个空格 `: `",
        "use a plain colon and a space `: `",
    ),
    "curly-quotes": error(
        "`{text}` 用了中文引号，引号会成为内容的一部分",
        "`{text}` is in typographic quotes, which become part of the text",
        '改用英文引号 "…"，或去掉引号',
        'use plain quotes "…", or none',
    ),
    "tab-between": error("这里用了制表符（Tab）", "a tab stands between words", "换成空格", "use a space"),
    "tab-indent": error(
        "行首用了制表符（Tab）", "a tab is used as indentation", "换成空格，每层两个", "use spaces, two a level"
    ),
    "colon-in-value": error(
        "这里不该有冒号",
        "a colon is not allowed here",
        "值里含有 `: ` 时请加英文引号；也可能是缩进没有对齐",
        "quote a value that holds `: `; or the indentation may be off",
    ),
    "bad-character": error(
        "文件里有不能用的字符 {character}", "the file holds a character that is not allowed: {character}"
    ),
    "odd-blank": error(
        "这里是看不出来的特殊空白 {character}，不是普通空格",
        "this is not a plain space but {character}, which looks like one or like nothing",
        "删去，改成半角空格；常见于从网页、Word、微信复制的文字",
        "delete it and type a plain space; it often comes with text copied from a web page or from Word",
    ),
    "full-width-sign": error(
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
    "missing-blank": error(
        "`{sign}` 后面缺少空格", "a space is missing behind `{sign}`", "写作 `{sign} `", "write `{sign} `"
    ),
    "missing-blank-before": error(
        "`{sign}` 前面缺少空格",
        "a space is missing in front of `{sign}`",
        "`#` 后面是注释时，前面要有一个空格；`#` 属于文字时，写在引号里面",
        "a comment needs a space in front of its `#`; a `#` that belongs to the text stands inside the quotes",
    ),
    "missing-comma": error(
        "`{key}` 前面缺少逗号",
        "a comma is missing in front of `{key}`",
        "各项之间写 `, `",
        "write `, ` between entries",
    ),
    "missing-colon": error(
        "这一行没有冒号，不知道是哪一项",
        "there is no colon in this line, so it is no entry",
        "写成 `键: 值`；如果是上一行文字的下半句，接到上一行后面",
        "write `key: value`; the rest of a text belongs on the line above",
    ),
    "missing-dash": error(
        "这里缺少 `- `",
        "a `- ` is missing here",
        "与上面同一列的各项一样，以 `- ` 开头；如果属于上面那一项，再缩进两格",
        "begin it with `- ` like the entries above it; if it belongs to the entry above, indent it two spaces more",
    ),
    "dash-not-here": error(
        "这里不用 `- `",
        "no `- ` is needed here",
        "删去 `- `，按 `键: 值` 写，与同级的各项对齐；清单的各项要另起一行",
        "remove the `- ` and write `key: value` in line with its neighbours; the items of a list begin on a new line",
    ),
    "wrong-indent": error(
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
    "needs-quotes": error(
        "`{sign}` 在这里有特殊含义，不能直接写在文字里",
        "`{sign}` means something else here and cannot stand in a text without quotes",
        '给整个值加英文引号，如 `"{sign}…"`',
        'put the whole value in quotes, as in `"{sign}…"`',
    ),
    "text-after-value": error(
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
    "bad-escape": error(
        "引号里不能写 `{escape}`",
        "`{escape}` cannot stand inside quotes",
        '反斜杠本身写作 `\\\\`，引号写作 `\\"`；或改用单引号',
        'write a backslash as `\\\\` and a quote as `\\"`, or use single quotes',
    ),
    "yaml-syntax": error(
        "这里的写法 `{form}` 读不懂",
        "`{form}` is not understood here",
        "只用 `键: 值`、`- ` 开头的清单、`{…}`、`[…]`、引号和 `|` 写成的文字；属于文字的符号写在英文引号里",
        "use only `key: value`, lists with `- `, `{…}`, `[…]`, quotes and texts under `|`; quote signs that are text",
    ),
}
