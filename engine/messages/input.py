"""The diagnostics of a file of households as a whole."""

from __future__ import annotations

from engine.messages.code import Code, error

INPUT: dict[str, Code] = {
    "empty-input": error(
        zh="没有内容，应有一个家庭的 JSON",
        en="there is nothing in it; the JSON of a household is expected",
    ),
    "empty-element": error(
        zh="数组里有空的一项",
        en="an element of the array is empty",
        help_zh="多半是多了一个逗号",
        help_en="most likely a comma too many",
    ),
    "comma-missing": error(
        zh="数组里，这一项与前一项之间缺逗号",
        en="in the array, the comma between this element and the one before it is lacking",
    ),
    "text-after-array": error(
        zh="数组到前面已经结束，这里还有内容",
        en="the array ended before this, and something follows",
        help_zh="可能多了一个 `]`；后面能认出的家庭仍作了认定",
        help_en="there may be a `]` too many; the households that can be made out after it were answered all the same",
    ),
    "array-not-closed": error(
        zh="数组没有以 `]` 结束，文件可能不完整",
        en="the array does not end with `]`; the file may be cut off",
    ),
    "policy-unusable": error(
        zh="可能适用于这个家庭的政策文件有错，改正以前不能认定：{place}（{rule}）",
        en="a policy file that may apply to this household has errors, so it cannot be decided: {place} ({rule})",
        help_zh="运行 `doudi check` 看错在哪里",
        help_en="run `doudi check` to see the errors",
    ),
    "not-a-record": error(
        zh="不是认定记录：`{key}` 没有写，或写得不对",
        en="this is no record of a decision: `{key}` is lacking, or not as it should be",
        help_zh="每行一条记录，由 `doudi evaluate --record` 写成：`household` 是家庭，`decision` 是结论",
        help_en="one record a line, as `doudi evaluate --record` writes it: `household` and `decision`",
    ),
}
