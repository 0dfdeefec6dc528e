"""The diagnostics of a file's structure: keys, and the kinds of values that stand under them."""

from __future__ import annotations

from engine.messages.code import NEAREST, Code, error, note

# ---- keys

_KEYS = {
    "unknown-key-here": error(
        "这里没有 `{key}` 这个键",
        "there is no key `{key}` here",
        hints={**NEAREST, "allowed": ("这里可以写：{allowed}", "keys allowed here: {allowed}")},
        unsaid=("certain",),
    ),
    "overlay-only-key": error(
        "`{key}` 只能写在补充文件的改动里",
        "`{key}` belongs to a change in an overlay only",
        "删去这个键；各市的不同写在各市自己的文件里",
        "remove the key; what differs by city is written in the city's own file",
    ),
    "bad-key": error(
        "`{key}` 不能作这里的键",
        "`{key}` cannot be a key here",
        "应写成 `{form}` 这样",
        "write it like `{form}`",
        {"label": ("中文名称写在下面的 `{label}` 里", "the Chinese name goes into its `{label}`")},
    ),
    "missing-key": error("缺少 `{key}`（{title}）", "`{key}` is missing ({title})"),
    "missing-companion": error("写了 `{key}` 就要写 `{needs}`", "`{key}` needs `{needs}` beside it"),
    "missing-one-of": error("要写其中一个：{keys}", "one of these keys is needed: {keys}"),
    "only-one-of": error(
        "`{key}` 和 `{other}` 只能写一个", "`{key}` and `{other}` exclude each other", "删去一个", "remove one of them"
    ),
    "other-key": note("另一个写在这里", "the other one is here"),
}

# ---- values

_VALUES = {
    "empty-value": error("`{key}` 没有写内容", "nothing is written at `{key}`"),
    "needs-mapping": error(
        "`{key}` 下面应是一行行的“键: 值”",
        "`{key}` holds lines of the form `key: value`",
        "冒号后面换行，每行缩进两格写“键: 值”",
        "start a new line after the colon and indent each `key: value` by two spaces",
    ),
    "needs-mapping-file": error("文件应由一行行的“键: 值”组成", "the file consists of lines of the form `key: value`"),
    "needs-list": error(
        "`{key}` 应是一个列表",
        "`{key}` holds a list",
        "写成 `[甲, 乙]`，或每行以 `- ` 开头",
        "write `[a, b]`, or lines that begin with `- `",
    ),
    "needs-value": error(
        "`{key}` 应是一个值",
        "`{key}` holds a single value",
        "写在冒号后面；值里有逗号、方括号或花括号时加英文引号",
        "write it after the colon; quote a value that holds commas or brackets",
    ),
    "list-not-here": error("`{key}` 这里不能写列表", "a list cannot stand at `{key}`"),
    "mapping-not-here": error("`{key}` 下面不能写“键: 值”", "`key: value` lines cannot stand at `{key}`"),
    "needs-text": error(
        "`{key}` 应是文字，`{value}` 会读成别的意思",
        "`{key}` holds text, and `{value}` would be read as something else",
        "给它加上英文引号",
        "put it in quotes",
    ),
    "text-too-long": error(
        "这段文字有 {count} 个字符，最多 {limit} 个",
        "this text has {count} characters, at most {limit} are allowed",
        "写短一些；长的说明可以写成注释（以 `#` 开头的行）",
        "shorten it; a long explanation may stand in a comment (lines that begin with `#`)",
    ),
    "text-not-one-line": error(
        "`{key}` 里有换行或控制符 {character}，应是一行文字",
        "`{key}` holds the line end or control character {character}; it is a text of one line",
        "写成一行；文字太长要分行写的，在键后面写 `>`，各行会接成一行",
        "write it on one line; where it is too long for that, begin with `>`, which joins its lines to one",
    ),
    "needs-whole-number": error("`{key}` 应是整数，不是 `{value}`", "`{key}` holds a whole number, not `{value}`"),
    "too-small": error("`{key}` 不能小于 {least}", "`{key}` cannot be less than {least}"),
    "not-allowed-value": error(
        "`{key}` 不能写 `{value}`", "`{key}` cannot be `{value}`", "可以写：{allowed}", "allowed: {allowed}", NEAREST
    ),
    "bad-form": error(
        "`{key}` 的写法不对：`{value}`",
        "`{key}` is not written as expected: `{value}`",
        "应写成 `{form}` 这样",
        "write it like `{form}`",
    ),
    "too-few": error("`{key}` 里至少要写 {least} 项", "`{key}` holds at least {least}"),
}

STRUCTURE: dict[str, Code] = {**_KEYS, **_VALUES}
