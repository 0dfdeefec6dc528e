"""Wordings of what is wrong with a table as such: its file, its size, its header, a cell that holds no value."""

from __future__ import annotations

from engine.messages.wording import Wording

TABLES: dict[str, Wording] = {
    "table-kind": Wording(
        "这种文件不能当表格读；只读 CSV 和 .xlsx，政策自己的 `table:` 只读 CSV",
        "this kind of file is not read as a table; CSV and .xlsx are, and only CSV for the `table:` of a policy",
        "旧的 .xls、WPS 的 .et、.ods 和网页，在 Excel、WPS 里另存为 .xlsx 或“CSV UTF-8”；加了密码的先取消密码",
        "save an old .xls, an .et, .ods or web page as .xlsx or “CSV UTF-8”; take a password off first",
    ),
    "excel-not-installed": Wording(
        "没有安装读 Excel 文件的部分",
        "what reads Excel files is not installed",
        "运行 `pip install 'doudi[excel]'`；或者在 Excel、WPS 里另存为“CSV UTF-8”",
        "run `pip install 'doudi[excel]'`, or save the table as “CSV UTF-8”",
    ),
    "bad-workbook": Wording(
        "这个 Excel 文件打不开：{problem}",
        "cannot open the workbook: {problem}",
        "在 Excel、WPS 里打开，另存为 .xlsx 再试",
        "open it in Excel and save it again as .xlsx",
    ),
    "encoding-doubt": Wording(
        "看不准这个表格的编码：按 GB18030 读出来是 `{read}`，不像平常的文字",
        "the encoding of the table is in doubt: as GB18030 it reads `{read}`, which is no ordinary text",
        "在 Excel、WPS 里打开，看文字对不对，另存为“CSV UTF-8”",
        "open it in Excel, see that the text is right, and save it as “CSV UTF-8”",
        hints={"other": ("按 Big5 读出来是 `{other}`", "as Big5 it reads `{other}`")},
    ),
    "table-too-long": Wording(
        "表格超过 {limit} 行",
        "the table has more than {limit} rows",
        "分成几个表格；远在表格下面的格子，删去那些行",
        "part it into several; where a cell stands far below the table, delete those rows",
    ),
    "table-too-wide": Wording(
        "表格超过 {limit} 列",
        "the table has more than {limit} columns",
        "只留用得到的列；远在表格右边的格子，删去那些列",
        "keep the columns that are needed; where a cell stands far to the right, delete those columns",
    ),
    "table-too-many-cells": Wording(
        "表格超过 {limit} 个格子",
        "the table has more than {limit} cells",
        "分成几个表格，或删去用不到的列",
        "part it into several, or delete the columns that are not needed",
    ),
    "workbook-too-large": Wording(
        "这个 Excel 文件解开以后超过 {limit} 字节",
        "unpacked, the workbook has more than {limit} bytes",
        "只把用得到的那张表复制到新的工作簿里",
        "copy the sheet that is needed into a new workbook",
    ),
    "header-twice": Wording(
        "表头 `{header}` 有两列，不知道用哪一列",
        "two columns have the header `{header}`; which one is meant cannot be known",
        "删去一列，或者给它另起一个表头；只差空格、全角半角的算作同一个",
        "delete one, or give it another header; those that differ in blanks or width only are the same",
    ),
    "column-twice": Wording(
        "两列都是 {column}",
        "two columns are {column}",
        "删去一列",
        "delete one of them",
    ),
    "cell-formula": Wording(
        "这个格子是公式，文件里没有存它的结果",
        "the cell is a formula whose result the file does not hold",
        "在 Excel、WPS 里打开并保存一次，或改成数值",
        "open and save the file in Excel, or put the value itself",
    ),
    "cell-error": Wording(
        "这个格子的公式出错了：`{text}`",
        "the formula of this cell failed: `{text}`",
        "改正公式，或写上数值；没有的留空",
        "mend the formula or write the value; leave the cell empty where there is none",
    ),
}
