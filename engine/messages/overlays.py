"""The diagnostics of documents and overlays: what is found, what amends what, what a change may do."""

from __future__ import annotations

from engine.messages.code import NEAREST, Code, Reason, Severity, error, note, warning

_ITS_DAYS = {
    "start": ("它从 {start} 起施行", "it holds from {start}"),
    "until": ("它施行到 {until} 为止", "it holds until {until}"),
}

OVERLAYS: dict[str, Code] = {
    "no-such-path": error("没有这个文件或文件夹", "there is no such file or folder"),
    "no-policy-found": error(
        "里面没有政策文件，什么也没有检查",
        "there is no policy file in it, and nothing was checked",
        "政策文件是有 `policy:` 或 `overlay:` 的 YAML 文件，以 `.yaml` 或 `.yml` 结尾；写明它所在的文件夹",
        "policy files are YAML files with `policy:` or `overlay:`, ending in `.yaml` or `.yml`; name the folder they "
        "are in",
    ),
    "not-a-policy": error(
        "不是政策文件（没有 `policy` 或 `overlay`），没有读",
        "not a policy file (no `policy` or `overlay`); it was not read",
        "政策文件写 `policy: 标识`，补充文件写 `overlay: 标识`；别的文件放到这个文件夹之外",
        "a policy has `policy: ID`, an overlay `overlay: ID`; keep other files out of this folder",
        hints=NEAREST,
        also=(Severity.INFO,),
    ),
    "not-yaml-ending": error(
        "内容是政策文件，文件名却不以 .yaml 结尾，没有读",
        "this is a policy file by its content, but its name does not end in .yaml; it was not read",
        "改名，以 .yaml 结尾；备份、副本移到这个文件夹之外",
        "rename it so that it ends in .yaml; keep copies out of this folder",
    ),
    "amends-draft": error(
        "正式文件补充的 `{name}` 是草案或示例（{status}），点名才用：本文件永远不会用到",
        "this official overlay amends `{name}`, which is {status} and counts only where named: it would never count",
        "本文件也写 `status: {status}`；或者改正 `amends`",
        "write `status: {status}` here as well, or correct `amends`",
    ),
    "amends-amendment": error(
        "`amends` 指向的 `{name}` 是修订文件：本文件永远不会用到",
        "`amends` names `{name}`, which is an amendment: this file would never count",
        "修订和补充都指向被修订的文件：`amends: {base}`，先后由 `from` 和 `published` 决定",
        "name what is amended: `amends: {base}`; `from` and `published` settle which comes last",
    ),
    "policy-twice": error(
        "标识 `{name}` 已经用在另一个文件里",
        "the id `{name}` is taken by another file",
        hints={
            "copies": (
                "同一个文件夹读了两份：{copies}；只指明其中一个",
                "a folder was read in two copies: {copies}; name one of them alone",
            )
        },
    ),
    "unknown-policy": error("没有标识为 `{name}` 的政策", "there is no policy `{name}`", hints=NEAREST),
    "no-such-values": error(
        "没有可以取用的数值 `{name}`",
        "there are no values `{name}` to take",
        "写 `values_from: 文件.参数`：数值文件或另一项政策的标识，和它自己有取值的一个参数",
        "write `values_from: DOCUMENT.PARAMETER`: the id of a values document or of another policy, and a parameter "
        "that has values of its own there",
        hints=NEAREST,
    ),
    "values-differ": error(
        "{reason}",
        "{reason}",
        "两处写成一样；取值只在那里改",
        "make the two agree; the values themselves are changed there only",
        reasons={
            "unit": Reason(
                "`{name}` 那里的单位是 {other}，这里是 {own}", "`{name}` is in {other} there, in {own} here"
            ),
            "keys": Reason(
                "`{name}` 那里按 {other} 取值，这里按 {own}", "`{name}` is keyed by {other} there, by {own} here"
            ),
            "marginal": Reason(
                "`{name}` 一处分段计算（marginal），一处整笔按一档",
                "`{name}` is `marginal` in one place, in the other the whole amount has one value",
            ),
            "least": Reason(
                "`{name}` 那里没有写同样的下限（at_least）", "`{name}` has no such least value there (`at_least`)"
            ),
            "most": Reason(
                "`{name}` 那里没有写同样的上限（at_most）", "`{name}` has no such greatest value there (`at_most`)"
            ),
        },
    ),
    "values-set-there": error(
        "`{name}` 的取值来自 `{document}`，不能在这里另定",
        "the values of `{name}` are those of `{document}`, and are not set here",
        "在补充 `{document}` 的文件里设定，取用它的各项政策都用那里的",
        "set them in an overlay that amends `{document}`; every policy that takes them has them from there",
    ),
    "values-only-set": error(
        "`{document}` 是数值文件，补充它的文件只能设定取值",
        "`{document}` is a values document; what amends it may only set its values",
        "只写 `set`、`not_found`、`zones`、`local`；条件写进政策的补充文件",
        "keep to `set`, `not_found`, `zones` and `local`; conditions belong to an overlay of a policy",
    ),
    "amends-circle": error("`amends` 绕成了圈：`{name}`", "`amends` runs in a circle: `{name}`"),
    "below-broken": warning(
        "它所补充的 `{name}` 有错，所以没有检查本文件",
        "what it amends, `{name}`, has errors; this file was not checked",
    ),
    "unknown-jurisdiction": error(
        "地域 {jurisdiction} 里没有任何县（市、区）",
        "there is no county in the jurisdiction {jurisdiction}",
        hints=NEAREST,
    ),
    "jurisdiction-outside": error(
        "地域 {jurisdiction} 不在上级的地域 {parent} 之内",
        "the jurisdiction {jurisdiction} is not inside {parent}",
        "写 {parent}，或其下某个县（市、区）的代码；对同一地域作修订时，与它相同",
        "write {parent}, or the code of a county inside it; an amendment has the jurisdiction of what it amends",
    ),
    "overlay-twice": error(
        "地域 {jurisdiction} 已经有一个补充文件",
        "there is already an overlay for the jurisdiction {jurisdiction}",
        "合并成一个文件；草案写 `status: draft`",
        "merge them; a draft has `status: draft`",
    ),
    "overlay-beside": error(
        "`{inner}` 的地域在 `{outer}` 之内，却没有以它为上级",
        "`{inner}` lies inside the jurisdiction of `{outer}` but does not amend it",
        hints={
            "whole": ("写 `amends: {whole}`", "write `amends: {whole}`"),
            "apart": (
                "{apart} 不在它之内，一个文件只有一个上级：在它之内的地方另写一个文件，写 `amends: {outer}`",
                "{apart} lies outside it, and a file amends one other: write the rest as a file of its own, with"
                " `amends: {outer}`",
            ),
        },
    ),
    "unknown-target": error("没有 `{name}` 可以改", "there is no `{name}` to change", hints=NEAREST),
    "unknown-cause": error("没有原因 `{name}`", "there is no cause `{name}`", hints=NEAREST),
    "unknown-repeal": error(
        "没有 `{target}` 可以废止",
        "there is no `{target}` to repeal",
        "写成 `requirements.x` 或 `illness.assets` 这样",
        "write it like `requirements.x` or `illness.assets`",
        NEAREST,
    ),
    "repeal-not-allowed": error(
        "只有发文机关自己的修订才能废止 `{target}`",
        "only an amendment may repeal `{target}`",
        "要停止一项改动，给它写 `until`",
        "to end a change, give it an `until`",
    ),
    "already-exists": error(
        "`{name}` 已经有了", "`{name}` already exists", "新内容要用新的标识", "new content needs a new id"
    ),
    "no-parts": error("`{term}` 没有分项，不能增加分项", "`{term}` has no parts to add to"),
    "not-open": error(
        "上级没有开放更改 `{name}`",
        "`{name}` is not open to change",
        "`doudi show {amends} --open` 列出可以改的内容",
        "`doudi show {amends} --open` lists what may be changed",
    ),
    "guarded-here": note("上级的规定在这里", "the guard is here"),
    "outside-guard": error(
        "`{parameter}` 的取值 {value} 超出上级允许的范围",
        "the value {value} of `{parameter}` is outside what the guard allows",
        hints={"key": ("这是“{key}”的取值", "it is the value for “{key}”")},
        ranges=("key",),
    ),
    "option-not-open": error(
        "上级不允许选 `{option}`", "the option `{option}` is not open", "可选：{options}", "open: {options}"
    ),
    "effect-not-open": error(
        "这项改动声明 `{effect}`，上级只允许 `{wanted}`", "the change promises `{effect}` where only `{wanted}` is open"
    ),
    "effect-not-stated": error(
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
    "target-not-in-force": error(
        "这项改动施行时，`{name}` 有时还没有、已经失效或不在那里施行",
        "the change holds on days or in counties where `{name}` does not",
        "给这项改动写上 `from`、`until` 或 `counties`，不超出它所改内容的范围",
        "give the change a `from`, `until` or `counties` within those of what it changes",
        hints=_ITS_DAYS,
    ),
    "repealed-here": note("在这里废止", "repealed here"),
    "not-in-force": error(
        "`{name}` 不是一直有、处处有，用到它的地方却没有写同样的日期或县区",
        "`{name}` does not hold always and everywhere, but what names it does",
        "给用到它的一项写上同样的 `from`、`until` 或 `counties`，或者让 `{name}` 也从那时起施行",
        "give what names it the same `from`, `until` or `counties`, or let `{name}` hold as long",
        hints=_ITS_DAYS,
    ),
    "exemption-not-open": error(
        "上级不允许豁免 `{target}`", "`{target}` is not open to exemptions", "可以豁免：{targets}", "open: {targets}"
    ),
    "must-use": error(
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
    "guard-loosened": error(
        "对 `{name}` 的限制比上级宽了",
        "the guard of `{name}` is looser than the one it inherits",
        "只能收紧",
        "it may only be tighter",
    ),
    "replacement-type": error(
        "`{term}` 改写后的类型与原来不同", "the replacement of `{term}` has another type than the original"
    ),
    "replaced-here": note("原来的在这里", "the original is here"),
}
