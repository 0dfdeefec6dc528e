"""The diagnostics of a file of households as a whole."""

from __future__ import annotations

from engine.messages.code import Code, error

INPUT: dict[str, Code] = {
    "empty-input": error(
        "没有内容，应有一个家庭的 JSON", "there is nothing in it; the JSON of a household is expected"
    ),
    "empty-element": error(
        "数组里有空的一项", "an element of the array is empty", "多半是多了一个逗号", "most likely a comma too many"
    ),
    "comma-missing": error(
        "数组里，这一项与前一项之间缺逗号",
        "in the array, the comma between this element and the one before it is lacking",
    ),
    "text-after-array": error(
        "数组到前面已经结束，这里还有内容",
        "the array ended before this, and something follows",
        "可能多了一个 `]`；后面能认出的家庭仍作了认定",
        "there may be a `]` too many; the households that can be made out after it were answered all the same",
    ),
    "array-not-closed": error(
        "数组没有以 `]` 结束，文件可能不完整", "the array does not end with `]`; the file may be cut off"
    ),
    "policy-unusable": error(
        "可能适用于这个家庭的政策文件有错，改正以前不能认定：{place}（{rule}）",
        "a policy file that may apply to this household has errors, so it cannot be decided: {place} ({rule})",
        "运行 `doudi check` 看错在哪里",
        "run `doudi check` to see the errors",
    ),
    "not-a-record": error(
        "不是认定记录：`{key}` 没有写，或写得不对",
        "this is no record of a decision: `{key}` is lacking, or not as it should be",
        "每行一条记录，由 `doudi evaluate --record` 写成：`household` 是家庭，`decision` 是结论",
        "one record a line, as `doudi evaluate --record` writes it: `household` and `decision`",
    ),
}
