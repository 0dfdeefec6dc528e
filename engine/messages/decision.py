"""The diagnostics of the decision floor: what a decision warns of."""

from __future__ import annotations

from engine.messages.code import Code, warning

DECISION: dict[str, Code] = {
    "stale-value": warning(
        "{label}（{key}）用的是 {since} 起施行的值，已过应复核的期限",
        "the value in use for {label} ({key}) has been in force since {since} and is past its time of review",
        "请核实当地是否公布了新的标准",
        "check whether a newer value was published",
    ),
    "publication-unknown": warning(
        "{label}（{key}）的公布日期没有记录，按施行日期 {since} 计",
        "the day on which {label} ({key}) was published is not recorded; its start {since} counts instead",
    ),
    "value-not-found": warning("{label}（{key}）没有可用的值：{text}", "{label} ({key}) has no value in force: {text}"),
    "value-ended": warning(
        "{label}（{key}）没有施行中的值：{value}施行到 {until} 为止（{document}），此后没有录入接着施行的",
        "{label} ({key}) has no value in force: {value}ended on {until} ({document}), "
        "and none that takes its place is on file",
        "请查当地是否已延长或另行规定；查清以前不能认定",
        "look up whether it was extended or replaced; until then nothing can be decided",
    ),
    "draft-policy": warning(
        "`{policy}` 是草案，本结论不能作为正式认定依据",
        "`{policy}` is a draft; this decision is no basis for an official one",
    ),
    "illustrative-policy": warning(
        "`{policy}` 是示例，其中的规定和数值并非当地正式文件",
        "`{policy}` is an illustration; its rules and values are not official",
    ),
    "no-local-requirements": warning(
        "没有录入对全家的要求（如家庭财产的规定），结论只依据各认定情形的条件",
        "no requirement on the whole family (such as its property) is on file; only the causes were looked at",
        "当地有这类规定的，请核对，并写进当地的补充文件",
        "where there is a local rule of the kind, look it up, and state it in the local overlay",
    ),
    "data-check-warning": warning("{where}：{message}", "{where}: {message}"),
}
