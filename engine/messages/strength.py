"""Diagnostics of how strong the cases are: what they have not seen, and what they would not notice."""

from __future__ import annotations

from engine.messages.code import Code, error, warning

STRENGTH: dict[str, Code] = {
    "case-failed": error(
        "用例 `{case}` 的 `{what}` 应为 {expected}，得到 {got}",
        "`{what}` of the case `{case}` should be {expected} and is {got}",
        "运行 `doudi test` 看理由：规定、数值、家庭或应有的结论，总有一处要改",
        "run `doudi test` to see why: the rule, a value, the household or the expectation has to change",
    ),
    "change-not-shown": error(
        "没有用例因为 `{policy}` 的这处补充 `{change}` 而结论不同",
        "no case of `{policy}` has another answer because of this change `{change}`",
        "补一个用例：有无这处补充结论不同的家庭",
        "add a case: a household whose answer differs with and without the change",
    ),
    "mutant-survives": warning(
        "`{rule}` 改成这样，没有用例察觉：{before} → {after}",
        "no case notices when `{rule}` is changed: {before} → {after}",
        "补一个用例：改动前后结论不同的家庭",
        "add a case: a household whose answer differs before and after the change",
    ),
    "coverage-too-low": error(
        "{what}的覆盖是 {found}%，要求 {wanted}%", "coverage of {what} is {found}%, {wanted}% is asked for"
    ),
}
