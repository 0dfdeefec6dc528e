"""The diagnostics of the screening floor: what keeps a whole table of households from being read."""

from __future__ import annotations

from engine.messages.code import NEAREST, Code, error, warning
from engine.messages.installing import installing

SCREENING: dict[str, Code] = {
    "screen-not-installed": error(
        "没有安装筛查整张表的部分（缺 {library}）",
        "what screens whole tables is not installed ({library} is lacking)",
        *installing("screen"),
    ),
    "table-not-arrow": error(
        "交来的不是表：{found} 没有 Arrow 接口（`__arrow_c_stream__`）",
        "this is no table: {found} has no Arrow interface (`__arrow_c_stream__`)",
        "交 pyarrow、pandas、Polars 或 DuckDB 的表；单个家庭用 `evaluate`",
        "pass a table of pyarrow, pandas, Polars or DuckDB; a single household goes to `evaluate`",
    ),
    "table-column-unknown": error(
        "没有政策声明过 `{column}` 这一列",
        "no policy declares the column `{column}`",
        "改正列名；政策用不到的列去掉",
        "correct its name, or leave the column out where no policy needs it",
        hints=NEAREST,
    ),
    "table-column-twice": error(
        "有两列都叫 `{column}`", "two columns are called `{column}`", "去掉一列", "leave one of them out"
    ),
    "table-column-lacking": error(
        "缺 `{column}` 这一列：{label}必须填写",
        "the column `{column}` is lacking: {label} must be given",
        "补上这一列",
        "add the column",
    ),
    "table-column-type": error(
        "{label}（`{column}`）这一列是 {found} 类型，读不成{label}",
        "the column `{column}` ({label}) is of the type {found}, which cannot be read",
        "转成 {wanted}",
        "convert it to {wanted}",
        hints={
            "moment": (
                "时刻不是日期：在哪个时区算哪一天，只有制表的人知道",
                "a moment is no day: which day it was in which time zone, only the maker of the table knows",
            )
        },
    ),
    "table-column-unit": error(
        "{label}（`{column}`）这一列注明的单位是 {unit}，应是 {wanted}",
        "the column `{column}` ({label}) says that it counts {unit}, not {wanted}",
        "换算以后再交，或改正这一列元数据里的 `unit`；整数的分可以直接写 `分`",
        "convert it, or correct `unit` in its metadata; whole numbers of fen may say `分`",
    ),
    "table-column-ignored": warning(
        "`{column}` 这一列只有别的政策用，已忽略",
        "the column `{column}` is of other policies only and was ignored",
    ),
}
