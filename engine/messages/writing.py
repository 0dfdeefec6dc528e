"""The diagnostics of the writing floor: a bureau's table of values, read cell by cell."""

from __future__ import annotations

from engine.messages.code import NEAREST, Code, error, info, warning

WRITING: dict[str, Code] = {
    "no-places-found": error(
        "没有哪一列写的是 {jurisdiction} 的县（市、区）",
        "no column holds counties of {jurisdiction}",
        "要有一列写六位代码，或写与政策里相同的县（市、区）名称",
        "one column must hold six-digit codes, or names of counties as the policy has them",
    ),
    "no-value-columns": error(
        "没有认出哪一列是{label}的数值",
        "no column was recognised as values of {label}",
        "表头要写明是哪一种（{options}）和单位，如 `{example}`",
        "the header says which kind ({options}) and the unit, as in `{example}`",
    ),
    "column-not-known": error(
        "表头 `{header}` 不知道是哪一种：{options}",
        "the header `{header}` is of no kind that is known: {options}",
        "改写表头；或用 --column 说明，如 --column 城镇=urban",
        "correct the header, or say what it is, as in --column town=urban",
        hints={
            "both": ("这一列管每一种的，写 --column 表头={both}", "where it is for each, write --column HEADER={both}"),
            "other": (
                "`{other}` 说的不是标准本身；另有标准列的，补上那一列",
                "`{other}` is not the standard itself; add the column of the standard where there is one",
            ),
            "choice": (
                "确实要录入这一列的，写 --column '{choice}'",
                "where this column is what is wanted, write --column '{choice}'",
            ),
        },
    ),
    "columns-disagree": error(
        "{place}的两列对不上：`{first}` 和 `{second}`",
        "the two columns of {place} do not agree: `{first}` and `{second}`",
        "核对原文；只按其中一列录入的，删去另一列",
        "check the document; to take one of them only, delete the other column",
    ),
    "options-without-column": warning(
        "表里没有{options}的数值",
        "the table has no values of {options}",
        "它们从施行日期起没有值；只调整一部分的，加 --partial",
        "they have no value from that day on; where only a part changes, add --partial",
    ),
    "column-lacks-unit": error(
        "表头 `{header}` 没有写单位",
        "the header `{header}` states no unit",
        "写成 `{example}` 这样；或用 --unit 指明没有写单位的列的单位",
        "write it like `{example}`, or give the unit of such columns with --unit",
    ),
    "column-unit": error(
        "表头 `{header}` 的单位 `{unit}` 不能换成 {wanted}",
        "the unit `{unit}` of the header `{header}` does not convert to {wanted}",
        "改写表头里的单位",
        "correct the unit in the header",
    ),
    "row-place": error(
        "没有名为 `{name}` 的县（市、区）",
        "there is no county `{name}` in this jurisdiction",
        "没有行政区划代码的开发区，先在本地的文件里用 `zones` 声明；用不到的行删去",
        "a development zone without a division code is declared under `zones` of the overlay first; delete rows that "
        "are not needed",
        hints=NEAREST,
    ),
    "row-ambiguous": error(
        "`{name}` 可以是：{names}",
        "`{name}` may be any of {names}",
        "写全名，或写六位代码",
        "write the whole name, or the six-digit code",
    ),
    "row-places-differ": error(
        "代码 {stated} 是 {named}，这一行却写着 `{name}`", "the code {stated} is {named}, but the row says `{name}`"
    ),
    "row-twice": error("{place} 在表里出现了两次", "{place} stands twice in the table"),
    "cell-amount": error(
        "`{text}` 不是数额",
        "`{text}` is not an amount",
        "只写数字，可带“元”；没有公布的格子留空",
        "write digits, with `元` or without; leave the cell empty where nothing was published",
    ),
    "cell-range": error(
        "`{text}` 是一个范围，不是一个数额",
        "`{text}` is a range, no single amount",
        "标准按县（市、区）各写一个数；按范围定的，在政策里另设参数",
        "a standard is one amount for a county; what is set as a range needs parameters of its own in the policy",
    ),
    "cell-far": error(
        "`{text}` 与别的县（市、区）差好几倍，中间的一个是 `{middle}`",
        "`{text}` is several times off those of other counties, the middle of which is `{middle}`",
        "核对小数点、单位和上标的注号；核对过确实如此的，加 --confirmed",
        "check the point, the unit and a raised footnote mark; where it is so indeed, add --confirmed",
    ),
    "cell-far-before": error(
        "`{text}` 与上一次的 {last} 差好几倍",
        "`{text}` is several times off {last}, the value before",
        "核对小数点、单位和 --unit，是不是年和月弄混了；核对过确实如此的，加 --confirmed",
        "check the point, the unit and --unit, and whether a year was taken for a month; where it is so indeed, add "
        "--confirmed",
    ),
    "cell-unit": error("`{text}` 的单位与表头的 {unit} 不同", "the unit of `{text}` differs from {unit} in the header"),
    "cell-not-cents": error(
        "`{text}` 不是整分的数额",
        "`{text}` is not a whole number of fen",
        "标准至多两位小数；请核对原文，不要用公式算出来的数",
        "a standard has at most two decimals; check the document, and do not use computed values",
    ),
    "cell-zero": error(
        "标准不会是 `{text}`",
        "a standard cannot be `{text}`",
        "没有公布的格子留空，不填 0",
        "leave the cell empty where nothing was published",
    ),
    "places-without-row": warning(
        "表里没有这些县（市、区）：{places}",
        "the table lacks {places}",
        "它们从 {start} 起没有标准；只调整部分县区的，加 --partial",
        "they have no value from {start} on; where only some counties change, add --partial",
    ),
    "unit-per-one": info("表头 `{header}` 的单位按 {unit} 读", "the unit of the header `{header}` was read as {unit}"),
    "key-without-column": error(
        "没有哪一列的表头写的是{label}（`{key}`），不知道各行是谁的数值",
        "no column is headed {label} (`{key}`), so that it cannot be known what the values are of",
        "表头写成 `{label}`；或用 --column 说明，如 --column 表头={key}",
        "head it `{label}`, or say which it is, as in --column HEADER={key}",
        hints={"headers": ("表里的表头有：{headers}", "the headers are {headers}")},
    ),
    "row-lacks-key": error(
        "这一行有数值，却没有写{label}",
        "the row has values, but no {label}",
        "补上；用不到的行删去",
        "add it, or delete the row where it is not needed",
    ),
    "boundary-open": error(
        "`{text}` 没有写明边界上的数额归哪一段",
        "`{text}` does not say which range has the amount at its boundary",
        "按原文写成 `{above}` 或 `{below}`；两头都含的写成 `{both}`",
        "write it as the document means it: `{above}`, `{below}`, or, with both ends, `{both}`",
        ranges=("above", "below", "both"),
    ),
    "values-mixed": error(
        "`{text}` 没有带 %，同一列的别的数值带",
        "`{text}` has no % though others of its column do",
        "写成 `{text}%`，或写成小数",
        "write `{text}%`, or all of them as plain numbers",
    ),
}
