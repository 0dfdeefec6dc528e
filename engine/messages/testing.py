"""The diagnostics of policy cases: what is wrong with a case file, or lacking in a suite."""

from __future__ import annotations

from engine.messages.code import NEAREST, Code, error, note

# ---- the suite

_SUITE = {
    "no-case-found": error(
        "`{folder}` 里没有用例",
        "there is no case in `{folder}`",
        "用例文件是有 `cases:` 的 YAML 文件；没有用例的运行不算通过",
        "case files are YAML files with `cases:`; a run without cases does not pass",
    ),
    "no-case-selected": error("没有符合 `{filter}` 的用例", "no case matches `{filter}`", hints=NEAREST),
    "policy-without-case": error(
        "`{policy}` 没有一个自己的用例",
        "`{policy}` has no case of its own",
        "写一个用例文件，`cases: {policy}`",
        "write a case file with `cases: {policy}`",
    ),
    "cause-without-case": error(
        "没有一个用例核对 `{policy}` 的致贫原因 `{cause}`",
        "no case expects anything of the cause `{cause}` of `{policy}`",
        "写一个用例，在 `expect` 的 `causes` 或 `conditions` 里写上它",
        "add a case that states it under `causes` or `conditions` of `expect`",
    ),
    "change-without-case": error(
        "没有一个用例用到 `{policy}` 的这处改动：`{change}`",
        "no case uses this change of `{policy}`: `{change}`",
        "在这份补充文件的用例里写一个用得到它的家庭，核对它影响的结论",
        "add a household to the cases of this overlay on which it bears, and expect what it changes",
    ),
    "expectation-not-evaluated": error(
        "用例 `{case}` 有一项应有的结论没有核对", "an expectation of the case `{case}` was not looked at"
    ),
}

# ---- a case

_CASE = {
    "case-twice": error("用例名 `{case}` 已经用过了", "the case name `{case}` is taken"),
    "key-too-long": error(
        "这个名字有 {count} 个字符，最多 {limit} 个",
        "the name has {count} characters, at most {limit} are allowed",
        "写短一些，详细的写在 `label` 里，用例的写在 `why` 里",
        "shorten it, and put the details into `label`, or `why` of a case",
    ),
    "case-here": note("用例写在这里", "the case is here"),
    "case-expects-nothing": error(
        "用例 `{case}` 没有写应有的结论",
        "the case `{case}` expects nothing",
        "在 `expect` 里至少写一项",
        "state at least one thing under `expect`",
    ),
    "case-unconfirmed": error(
        "用例 `{case}` 应有的结论还没有人确认",
        "nobody has confirmed what the case `{case}` expects",
        "对照公文核对 `expect`，改正，再删去 `confirmed` 一行；暂时先运行，加 `--allow-unconfirmed`",
        "check `expect` against the law, put it right, then take the line `confirmed` away; to run it as it is, add "
        "`--allow-unconfirmed`",
    ),
    "case-without-household": error(
        "用例 `{case}` 没有写家庭",
        "the case `{case}` has no household",
        "写 `household`、`base` 或 `file`",
        "write `household`, `base` or `file`",
    ),
    "case-unknown-base": error("`bases` 里没有 `{base}`", "there is no `{base}` among the `bases`", hints=NEAREST),
    "case-base-circle": error("基础家庭 `{base}` 绕成了圈", "the base `{base}` goes round in a circle"),
    "case-household-unreadable": error(
        "`{file}` 不是一个家庭的 JSON：{reason}", "`{file}` is not the JSON of one household: {reason}"
    ),
    "case-no-such-file": error("没有文件 `{file}`", "there is no file `{file}`", hints=NEAREST),
    "case-policy-broken": error(
        "`{policy}` 有错，它的用例没有运行",
        "`{policy}` has errors; its cases were not run",
        "运行 `doudi check` 看错在哪里",
        "run `doudi check` to see the errors",
    ),
    "case-bad-path": error(
        "`{text}` 不是家庭数据里的路径",
        "`{text}` is no path into a household",
        "写成 `amount` 或 `members[0].tuition` 的样子",
        "write it like `amount` or `members[0].tuition`",
    ),
    "case-no-such-item": error(
        "没有 `{item}`：这里只有 {count} 项，序号从 0 起",
        "there is no `{item}`: the list has {count}, counted from 0",
        "要添一项，序号写 {count}，并写出整项",
        "to add one, use the index {count} and write the whole item",
    ),
}

# ---- names that nothing answers to

_NAMES = {
    "case-unknown-policy": error("没有标识为 `{policy}` 的政策", "there is no policy `{policy}`", hints=NEAREST),
    "case-unknown-place": error(
        "行政区划代码 `{place}` 不在这项政策的地域之内",
        "no county `{place}` lies in the policy's territory",
        hints=NEAREST,
    ),
    "case-unknown-fact": error("政策里没有 `{name}` 这项信息", "the policy has no fact `{name}`", hints=NEAREST),
    "case-unknown-given": error(
        "政策里没有参数、读法或中间量 `{name}`", "the policy has no parameter, reading or term `{name}`", hints=NEAREST
    ),
    "case-given-item": error(
        "`{name}` 是逐项计算的，不能用 `given` 固定成一个数",
        "`{name}` is worked out for each item and cannot be fixed by `given`",
        "固定全家的中间量，或者改家庭里这一项的信息",
        "fix a term of the household, or change what the household says of the item",
    ),
    "case-given-value": error(
        "`{name}` 不能固定为 `{text}`",
        "`{name}` cannot be fixed as `{text}`",
        "写一个数额、是或否、日期，或者选项的标识、名称",
        "write an amount, yes or no, a day, or the id or label of an option",
    ),
    "case-unknown-option": error(
        "读法 `{reading}` 没有选项 `{option}`", "the reading `{reading}` has no option `{option}`", hints=NEAREST
    ),
    "case-unknown-cause": error("政策里没有致贫原因 `{name}`", "the policy has no cause `{name}`", hints=NEAREST),
    "case-unknown-condition": error(
        "政策里没有条件 `{name}`",
        "the policy has no condition `{name}`",
        "条件写成“原因.条件”；对全家的要求写在 `requirements` 下",
        "conditions are written `cause.condition`; those on the whole family stand under `requirements`",
        hints=NEAREST,
    ),
    "case-unknown-requirement": error(
        "政策里没有对全家的要求 `{name}`", "the policy has no requirement `{name}`", hints=NEAREST
    ),
    "case-unknown-output": error("政策里没有附带数字 `{name}`", "the policy has no output `{name}`", hints=NEAREST),
    "case-unknown-reading": error("政策里没有读法 `{name}`", "the policy has no reading `{name}`", hints=NEAREST),
    "case-unknown-referral": error("政策里没有转办 `{name}`", "the policy has no referral `{name}`", hints=NEAREST),
    "case-unknown-code": error("没有提示代码 `{name}`", "there is no code `{name}`", hints=NEAREST),
    "case-unknown-word": error(
        "不能写 `{word}`，只能写：{words}", "`{word}` is no answer; it may be: {words}", hints=NEAREST
    ),
}

# ---- tables

_TABLES = {
    "case-bad-column": error(
        "列不能写 `{text}`",
        "a column cannot be `{text}`",
        "写家庭数据的路径，或 `given.参数`、`expect.outcome`、`expect.conditions.原因.条件`、`id`、`why`、`note` 等",
        "write a path into the household, `given.PARAMETER`, `expect.outcome`, `expect.conditions.CAUSE.CONDITION`, "
        "`id`, `why`, `note` and the like",
        hints=NEAREST,
    ),
    "case-row-length": error(
        "这一行有 {cells} 个格子，应有 {columns} 个",
        "this row has {cells} cells where there are {columns} columns",
        "不改、不核对的格子写 `~`",
        "write `~` for a cell that changes and expects nothing",
    ),
    "case-unknown-column": error(
        "`columns` 里没有写 `{column}` 这一列是什么",
        "`columns` does not say what the column `{column}` is",
        "只是备注的列写成 `note`",
        "a column that is only a remark is a `note`",
        hints=NEAREST,
    ),
    "case-no-such-column": error("表格里没有 `{column}` 这一列", "the table has no column `{column}`", hints=NEAREST),
    "case-no-such-sheet": error(
        "没有工作表 `{sheet}`，有：{names}",
        "there is no sheet `{sheet}`; there are {names}",
        hints={
            **NEAREST,
            "hidden": (
                "`{hidden}` 是隐藏的，没有读；先在 Excel、WPS 里取消隐藏",
                "`{hidden}` is hidden and was not read; unhide it first",
            ),
        },
    ),
    "case-several-sheets": error(
        "文件里有几张工作表：{names}",
        "the file holds several sheets: {names}",
        "用 `sheet` 指明哪一张",
        "say which with `sheet`",
    ),
    "case-column-empty": error(
        "`{column}` 这一列没有一个格子写了应有的结论", "no cell of the column `{column}` expects anything"
    ),
    "case-table-empty": error("表格里没有一行", "the table has no row"),
}

# ---- differences

_DIFFERENCES = {
    "difference-unknown-case": error(
        "上级政策没有用例 `{case}`", "no policy below this one has a case `{case}`", hints=NEAREST
    ),
    "difference-not-run": error(
        "用例 `{case}` 不在本地运行，这一条没有核对",
        "the case `{case}` is not run here, so that this entry was not looked at",
        "在那个用例里用 `given` 固定按县区取值的参数；不是正式文件的，写 `again: yes`；写了 `counties` 的，核对代码",
        "fix with `given` what depends on the county in that case; write `again: yes` unless the overlay is official; "
        "check the codes under `counties`",
    ),
    "difference-twice": error(
        "用例 `{case}` 的不同之处已经写过了", "a difference from the case `{case}` is stated already"
    ),
    "difference-gone": error(
        "`{policy}` 对用例 `{case}` 的结论已经没有不同",
        "`{policy}` answers the case `{case}` no differently any more",
        "删去这一条，或者改正政策",
        "remove this entry, or mend the policy",
    ),
}

TESTING: dict[str, Code] = {**_SUITE, **_CASE, **_NAMES, **_TABLES, **_DIFFERENCES}
