"""The diagnostics of files of households: what cannot be read, which columns are not known, which rows are none."""

from __future__ import annotations

from engine.messages.code import NEAREST, Code, Reason, error, info

_MAP = (
    "用 `--map-from` 起草一个列的对应文件，在里面写明",
    "have `--map-from` draft a mapping file, and say it there",
)

_FILES = {
    "input-not-found": error(
        "没有这个文件，文件夹里也没有可读的文件",
        "there is no such file, or no file in the folder that is read",
        "读 .parquet、.arrow、.ndjson、.csv、.xlsx；核对名字",
        "files .parquet, .arrow, .ndjson, .csv and .xlsx are read; check the name",
    ),
    "input-kind": error(
        "这种文件不读",
        "this kind of file is not read",
        "读 .parquet、.arrow、.ndjson、.csv、.xlsx；旧的 .xls、WPS 的 .et 先另存为 .xlsx",
        "files .parquet, .arrow, .ndjson, .csv and .xlsx are; save an old .xls or an .et as .xlsx first",
    ),
    "input-empty": error("文件是空的", "the file is empty"),
    "input-mixed": error(
        "NDJSON 不能与别的文件一起读",
        "other files cannot be read together with NDJSON",
        "分两次运行",
        "run twice",
    ),
    "input-damaged": error(
        "读不下去：{reason}",
        "cannot be read: {reason}",
        reasons={
            "parquet": Reason(
                "不是完整的 Parquet 文件，可能没有传完",
                "it is no whole Parquet file; perhaps it was not copied to its end",
                "重新导出或重新传一次",
                "export or copy it again",
            ),
            "arrow": Reason(
                "不是完整的 Arrow 文件，可能没有传完",
                "it is no whole Arrow file; perhaps it was not copied to its end",
                "重新导出或重新传一次",
                "export or copy it again",
            ),
            "csv": Reason(
                "不是逗号隔开的表格，或引号没有配对",
                "it is no table with commas, or a quote is not closed",
                "在 Excel、WPS 里打开看，另存为“CSV UTF-8”",
                "look at it in Excel, and save it as “CSV UTF-8”",
            ),
            "encoding": Reason(
                "文字既不全是 UTF-8，也不全是 GB18030",
                "its text is neither UTF-8 nor GB18030 throughout",
                "在 Excel、WPS 里打开看，另存为“CSV UTF-8”",
                "look at it in Excel, and save it as “CSV UTF-8”",
            ),
        },
        hints={"row": ("出错的在第 {row} 行", "it fails in line {row}")},
    ),
}

_COLUMNS = {
    "table-not-placed": error(
        "认不出这张表：没有一个表头是政策声明的信息",
        "what this table holds is not known: none of its headers is of anything that the policies declare",
        *_MAP,
    ),
    "column-not-placed": error(
        "认不出 `{column}` 这一列是什么",
        "what the column `{column}` is of is not known",
        "用不到的，写在列的对应文件的 ignore 里；用得到的，在 columns 里写明是哪一项",
        "where it is not needed, list it under `ignore` of a mapping file; where it is, say under `columns` what it is",
        hints=NEAREST,
    ),
    "columns-alike": error(
        "`{column}` 和 `{other}` 两列是同一项信息（{field}），不知道用哪一列",
        "the columns `{column}` and `{other}` are of the same field ({field}); which one is meant cannot be known",
        "在列的对应文件里，把用不到的一列写在 ignore 里",
        "list the one that is not meant under `ignore` of a mapping file",
    ),
    "column-lacking": error(
        "没有“{label}”这一列（{field}）",
        "there is no column of the {label} ({field})",
        "表头写成“{label}”；别的表头在列的对应文件里写明",
        "head it `{label}`, or say in a mapping file which column it is",
    ),
    "column-type": error(
        "`{column}` 这一列的类型是 {found}，不能是这一项信息",
        "the column `{column}` is of the type {found}, which that field cannot have",
        "导出时换一种类型：金额用 decimal 或文字，日期用 date，是否用 boolean",
        "export it otherwise: amounts as decimals or texts, days as dates, truths as booleans",
    ),
    "no-households": error(
        "没有家庭的表，只有别的表",
        "there is no table of households, only others",
        "把家庭的表也写在命令里",
        "name the table of households too",
    ),
    "items-lacking": error(
        "没有{label}的表，家庭的表里也没有{label}（{collection}）",
        "there is no table of {label}, and the households have none in their rows ({collection})",
        "把{label}的表也写在命令里",
        "name the table of {label} too",
    ),
    "join-lacking": error(
        "这张表没有说明每行属于哪一户的列，或与别的表用的不是同一种编号",
        "no column of this table says whose its rows are, or not by the number that the other tables use",
        "各表都要有“{label}”，或都要有“户主身份证号”；别的表头在列的对应文件的 join 里写明",
        "every table needs a column `{label}`, or all `户主身份证号`; a mapping file may name another under `join`",
    ),
    "sheet-passed-over": info(
        "这张工作表没有用：没有一个表头是政策声明的信息",
        "this sheet was passed over: none of its headers is of anything that the policies declare",
    ),
    "rows-hidden": info(
        "这张工作表有 {count} 行看不见（隐藏或筛选掉了），也照样读了",
        "{count} rows of this sheet are hidden or filtered out; they were read all the same",
        "不算在内的，整行删去再筛查",
        "delete the rows that do not count, and screen again",
    ),
}

_MAPPING = {
    "mapping-no-table": error("没有 `{name}` 这种表", "there is no such kind of table as `{name}`", hints=NEAREST),
    "mapping-no-field": error("没有 `{name}` 这一项信息", "there is no field `{name}`", hints=NEAREST),
    "mapping-no-column": error(
        "{file} 里没有 `{name}` 这一列",
        "{file} has no column `{name}`",
        hints=NEAREST,
    ),
    "mapping-no-value": error("`{name}` 不是{label}的一个选项", "`{name}` is no option of {label}", hints=NEAREST),
    "mapping-no-default": error(
        "{label}没有声明缺省值，空白只能是尚不清楚",
        "{label} has no default; a blank cell can only be unknown",
        "删去 blank，或写 unknown",
        "take `blank` out, or write `unknown`",
    ),
    "mapping-not-amount": error(
        "{label}不是数额，没有单位", "{label} is no amount and has no unit", "删去 unit", "take `unit` out"
    ),
}

_ROWS = {
    "row-cells": error(
        "这一行有 {cells} 个格子，表头有 {columns} 个",
        "the row has {cells} cells, and the header {columns}",
        "多半是文字里有逗号而没有加引号",
        "most likely a text holds a comma without being in quotes",
    ),
    "row-of-totals": error(
        "这是合计行，没有当作一户或一项来读",
        "this row is of totals; it was not read as one of the rows above it",
        "删去这一行",
        "delete the row",
    ),
    "cell-digits-lost": error(
        "{label}被表格软件变成了数，位数已经丢失：{found}",
        "a spreadsheet made a number of the {label}, and its digits are lost: {found}",
        "把这一列设为“文本”，从原来的系统重新导出",
        "make the column text, and export it again from the system that it came from",
    ),
    "cell-without-value": error(
        "{label}的格子里是公式，没有结果：{found}",
        "the cell of the {label} holds a formula without a result: {found}",
        "在 Excel、WPS 里打开、改正并保存，或改成数值",
        "open the file in Excel, mend the formula and save, or put the value itself",
    ),
    "household-twice": error(
        "家庭编号 `{id}` 有两行，不知道用哪一行",
        "the household `{id}` stands in two rows; which of them is meant cannot be known",
        "删去一行",
        "delete one of them",
    ),
    "item-without-household": error(
        "{label}的这一行属于 `{id}`，没有这一户",
        "this row of {label} is of the household `{id}`, which there is not",
        "补上这一户，或删去这一行",
        "add the household, or delete the row",
    ),
    "item-without-id": error(
        "{label}的这一行没有写属于哪一户",
        "this row of {label} does not say whose it is",
        "补上家庭编号",
        "write the household's id",
    ),
    "item-refused": error(
        "这一户另有一行读不了，少了它就认不准",
        "another row of this household cannot be read, and without it no decision is sure",
        "改正那一行",
        "mend that row",
    ),
    "count-differs": error(
        "这一户写的是 {said} 人，{label}有 {found} 行",
        "the household says {said}, and there are {found} rows of {label}",
        "补上缺的行，或改正人数",
        "add the rows that lack, or correct the number",
    ),
}

READING: dict[str, Code] = {**_FILES, **_COLUMNS, **_MAPPING, **_ROWS}
