"""Diagnostics of what is wrong with a table as such: its file, its size, its header, a cell that holds no value."""

from __future__ import annotations

from engine.messages.code import Code, Reason, error, info
from engine.messages.installing import installing

_AGAIN = ("在 Excel、WPS 里打开，另存为 .xlsx 再试", "open it in Excel and save it again as .xlsx")
_INSTALL = installing("excel")

TABLES: dict[str, Code] = {
    "table-kind": error(
        "这种文件不能当表格读；只读 CSV 和 .xlsx，政策自己的 `table:` 只读 CSV",
        "this kind of file is not read as a table; CSV and .xlsx are, and only CSV for the `table:` of a policy",
        "旧的 .xls、WPS 的 .et、.ods 和网页，在 Excel、WPS 里另存为 .xlsx 或“CSV UTF-8”；加了密码的先取消密码",
        "save an old .xls, an .et, .ods or web page as .xlsx or “CSV UTF-8”; take a password off first",
    ),
    "excel-not-installed": error(
        "没有安装读 Excel 文件的部分",
        "what reads Excel files is not installed",
        f"{_INSTALL[0]}；或者在 Excel、WPS 里另存为“CSV UTF-8”",
        f"{_INSTALL[1]}; or save the table as “CSV UTF-8”",
    ),
    "bad-workbook": error(
        "这个 Excel 文件打不开：{reason}",
        "cannot open the workbook: {reason}",
        hints={"where": ("写了两次的是 `{where}`", "what stands twice is `{where}`")},
        reasons={
            "not-a-workbook": Reason(
                "里面不是工作簿，可能只改了扩展名", "it holds no workbook; perhaps only its name was changed", *_AGAIN
            ),
            "binary": Reason("这是 .xlsb，不是 .xlsx", "this is an .xlsb, not an .xlsx", *_AGAIN),
            "encrypted": Reason(
                "文件加了密码",
                "it has a password",
                "在 Excel、WPS 里打开，取消密码，再保存",
                "open it in Excel, take the password off and save it",
            ),
            "damaged": Reason("文件损坏，或没有存完", "it is damaged, or was not saved to its end", *_AGAIN),
            "doctype": Reason("里面有工作簿不会有的 DOCTYPE", "it holds a DOCTYPE, which no workbook does", *_AGAIN),
            "cell-twice": Reason("有一行或一个格子写了两次", "a row or cell stands in it twice", *_AGAIN),
            "merged-twice": Reason("合并的单元格互相重叠", "merged areas lie upon each other", *_AGAIN),
        },
    ),
    "encoding-doubt": error(
        "看不准这个表格的编码：按 GB18030 读出来是 `{read}`，不像平常的文字",
        "the encoding of the table is in doubt: as GB18030 it reads `{read}`, which is no ordinary text",
        "在 Excel、WPS 里打开，看文字对不对，另存为“CSV UTF-8”",
        "open it in Excel, see that the text is right, and save it as “CSV UTF-8”",
        hints={"other": ("按 Big5 读出来是 `{other}`", "as Big5 it reads `{other}`")},
    ),
    "table-too-long": error(
        "表格超过 {limit} 行",
        "the table has more than {limit} rows",
        "分成几个表格；远在表格下面的格子，删去那些行",
        "part it into several; where a cell stands far below the table, delete those rows",
    ),
    "table-too-wide": error(
        "表格超过 {limit} 列",
        "the table has more than {limit} columns",
        "只留用得到的列；远在表格右边的格子，删去那些列",
        "keep the columns that are needed; where a cell stands far to the right, delete those columns",
    ),
    "table-too-many-cells": error(
        "表格超过 {limit} 个格子",
        "the table has more than {limit} cells",
        "分成几个表格，或删去用不到的列",
        "part it into several, or delete the columns that are not needed",
    ),
    "workbook-too-large": error(
        "这个 Excel 文件解开以后超过 {limit} 字节",
        "unpacked, the workbook has more than {limit} bytes",
        "只把用得到的那张表复制到新的工作簿里",
        "copy the sheet that is needed into a new workbook",
    ),
    "header-twice": error(
        "表头 `{header}` 有两列，不知道用哪一列",
        "two columns have the header `{header}`; which one is meant cannot be known",
        "删去一列，或者给它另起一个表头；只差空格、全角半角的算作同一个",
        "delete one, or give it another header; those that differ in blanks or width only are the same",
    ),
    "column-twice": error("两列都是 {column}", "two columns are {column}", "删去一列", "delete one of them"),
    "cell-formula": error(
        "这个格子是公式，文件里没有存它的结果",
        "the cell is a formula whose result the file does not hold",
        "在 Excel、WPS 里打开并保存一次，或改成数值",
        "open and save the file in Excel, or put the value itself",
    ),
    "cell-error": error(
        "这个格子的公式出错了：`{text}`",
        "the formula of this cell failed: `{text}`",
        "改正公式，或写上数值；没有的留空",
        "mend the formula or write the value; leave the cell empty where there is none",
    ),
    "cell-struck": error(
        "`{text}` 上有删除线，不知道还作不作数",
        "`{text}` is struck out; whether it still counts cannot be known",
        "作数的，去掉删除线；作废的，删去，只留新的数值（整行作废的，删去这一行）",
        "where it counts, take the line off; where it does not, delete it (and the row, where all of it is void)",
        hints={"kept": ("没有划掉的是 `{kept}`", "what is not struck out is `{kept}`")},
    ),
    "cell-shown": error(
        "这个格子存的是 `{stored}`，显示的是 `{shown}`，不知道哪一个是对的",
        "the cell holds `{stored}` and shows `{shown}`; which of the two is right cannot be known",
        "按公文直接写上数值，单元格格式改为“常规”，单位写在表头里；用例里要一点不差的数，除不尽的写分数，格式改为“文本”",
        "write the value itself as the document has it, under the format General, with its unit in the header; in a "
        "case, an exact figure without end is written as a fraction, under the format Text",
    ),
    "cell-blank": error(
        "这个格子存着 `{stored}`，显示的却是空白",
        "the cell holds `{stored}` and shows nothing",
        "要用的，单元格格式改为“常规”；用不到的删去",
        "put it under the format General where it is meant, and delete it where it is not",
    ),
    "cell-day": error(
        "这个格子存的是 {stored}，显示的是 {shown}，不知道是不是这一天",
        "the cell holds {stored} and shows {shown}; whether this very day is meant cannot be known",
        "写全年、月、日，单元格格式改为年月日都显示的",
        "write the whole day, under a format that shows its year, month and day",
    ),
    "cell-raised": error(
        "`{text}` 里的 `{raised}` 是上标或下标，是注号还是数值的一部分，看不出来",
        "`{raised}` in `{text}` is raised or lowered; whether it marks a note or belongs to the value cannot be known",
        "注号写成 ①、*，或删去；是数值的，取消上标",
        "write the mark of a note as ① or *, or delete it; where it belongs to the value, put it on the line",
    ),
    "row-hidden": error(
        "第 {row} 行看不见（隐藏、筛选掉或行高为 0），里面却有内容",
        "row {row} is not seen (hidden, filtered out or without height), yet holds something",
        "清除筛选、取消隐藏再看：要用的留着，用不到的整行删去",
        "clear the filter or unhide it, and look: keep it where it is meant, delete the row where it is not",
    ),
    "column-hidden": error(
        "{column} 列看不见（隐藏或列宽为 0），里面却有内容",
        "column {column} is not seen (hidden or without width), yet holds something",
        "取消隐藏再看：要用的留着，用不到的整列删去",
        "unhide it and look: keep it where it is meant, delete the column where it is not",
    ),
    "sheets-hidden": info(
        "隐藏的工作表没有读：{names}",
        "hidden sheets were not read: {names}",
        "要用的，先取消隐藏",
        "unhide what is meant",
    ),
}
