"""Two rule sets that look the same to somebody who does not look closely: what is claimed of them is so, and what no
claim is about is told."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from engine.cli.main import main
from engine.proof.compared import compare
from engine.reporting.render_compare import render_comparison
from tests.proof.test_days import POLICY, UNPUBLISHED, side

ROW: Final = "- {from: 2022-01-01, document: 测〔2022〕1号, value: 5000}"
FROM: Final = "from: 2020-01-01\npublished"
CHECK: Final = (
    "checks:\n  high: {severity: error, message: 收入过高，请核对, require: 收入 <= 3000 元/年, cites: 第九条}\n"
)
MILD: Final = CHECK.replace("error", "warning")
AWAY: Final = POLICY.replace("over: 12 月}", "over: 12 月}\n    old: {label: 高龄, yes_no: yes, default: no}")
OLD: Final = "收入 < 限额 且 非 高龄"


def alike(text: str, *changed: tuple[str, str]) -> str:
    for old, new in changed:
        assert old in text
        text = text.replace(old, new, 1)
    return text


LOW: Final = "收入 < 限额"
PAIRS: Final[dict[str, tuple[str, str, str, str, str, str]]] = {
    # what A and B say, by which condition, the verdict, and what is told to be left out
    "the same": (POLICY, POLICY, LOW, LOW, "equivalent", ""),
    "a check that only one makes": (POLICY, POLICY + CHECK, LOW, LOW, "equivalent", "只有一边有的数据核对"),
    "a check that refuses nobody": (POLICY, POLICY + MILD, LOW, LOW, "equivalent", ""),
    "a check of another bound": (
        POLICY + CHECK, POLICY + alike(CHECK, ("3000", "3001")), LOW, LOW, "equivalent", "数据核对两边不同",
    ),
    "a check in other words": (
        POLICY + CHECK, POLICY + alike(CHECK, ("收入过高", "过高")), LOW, LOW, "equivalent", "",
    ),
    "a narrower range": (
        POLICY, alike(POLICY, ("over: 12 月}", "over: 12 月, at_most: 3000}")), LOW, LOW, "equivalent", "取值范围",
    ),
    "a fact that has to be stated": (
        POLICY, alike(POLICY, ("over: 12 月}", "over: 12 月, required: yes}")), LOW, LOW, "equivalent", "必填",
    ),
    "another fact that has to be stated": (
        POLICY,
        alike(POLICY, ("over: 12 月}", "over: 12 月}\n    age: {label: 年龄, unit: 元, required: yes}")),
        LOW, LOW, "equivalent", "只有一边必填的信息项",
    ),
    "another default": (AWAY, alike(AWAY, ("default: no", "default: yes")), OLD, OLD, "equivalent", "缺省"),
    "another label": (AWAY, alike(AWAY, ("label: 编号", "label: 家庭编号")), OLD, OLD, "equivalent", ""),
    "ends sooner": (
        POLICY, alike(POLICY, (FROM, "from: 2020-01-01\nuntil: 2025-12-31\npublished")), LOW, LOW,
        "equivalent", "只有 a 施行的：900101，2026-01-01 起",
    ),
    "begins later": (
        POLICY, alike(POLICY, (FROM, "from: 2021-01-01\npublished")), LOW, LOW,
        "equivalent", "只有 a 施行的：900101，2020-01-01 至 2020-12-31",
    ),
    "one after the other": (
        alike(POLICY, (FROM, "from: 2020-01-01\nuntil: 2022-12-31\npublished")),
        alike(POLICY, (FROM, "from: 2023-01-01\npublished")),
        LOW, LOW, "", "只有 b 施行的：900101，2023-01-01 起",
    ),
    "a day later": (POLICY, alike(POLICY, (ROW, ROW.replace("01, doc", "02, doc").replace("5000", "6000"))),
                    LOW, LOW, "wider", ""),
    "a fen more from the last row on": (
        POLICY, alike(POLICY, (ROW, f"{ROW}\n    - {{from: 2199-12-31, document: 测, value: 5000.01}}")),
        LOW, LOW, "wider", "",
    ),
    "published later": (POLICY, alike(POLICY, (ROW, ROW.replace(", value", ", published: 2022-05-01, value"))),
                        LOW, LOW, "equivalent", ""),
    "beyond what can be written": (
        POLICY, POLICY, f"{LOW} 或 收入 < 90000000000 元/年", f"{LOW} 或 收入 < 90000000001 元/年", "equivalent", "",
    ),
    "the most that can be written": (
        POLICY, POLICY, "收入 < 9999999999.99 元/年", "收入 <= 9999999999.99 元/年", "wider", "",
    ),
    "a third below, and three times": (POLICY, POLICY, "收入 / 3 < 限额", "收入 < 限额 * 3", "equivalent", ""),
    "a third up to, and three times below": (POLICY, POLICY, "收入 / 3 <= 限额", "收入 < 限额 * 3", "narrower", ""),
    "another unit of one amount": (POLICY, alike(POLICY, ("unit: 元/年", "unit: 元/月")), LOW, LOW, "wider", ""),
    "families of nobody": (
        UNPUBLISHED, alike(UNPUBLISHED, ("at_least: 1", "at_least: 2")), LOW, LOW, "equivalent", "取值范围",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_claimed_and_what_is_left_out(name: str, tmp_path: Path) -> None:
    a, b, one_condition, other_condition, verdict, left_out = PAIRS[name]
    one, other = side(tmp_path / "a", one_condition, a), side(tmp_path / "b", other_condition, b)
    found = compare(one, other, one.places)
    assert "".join(each.verdict for each in found.differences[:1]) == verdict
    text = render_comparison(found, "zh")
    assert ("没有比对的" in text) == bool(left_out)
    assert left_out in text


def test_a_place_that_only_one_folder_has(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    side(tmp_path / "a", LOW)
    side(tmp_path / "b", LOW)
    with (tmp_path / "b" / "places.csv").open("a", encoding="utf-8") as places:
        places.write("900102,乡,9001,市\n")
    assert main(("compare", str(tmp_path / "a"), str(tmp_path / "b"), "--lang", "en")) == 0
    assert f"only {tmp_path / 'b'} decides: 900102, from 2020-01-01 on" in capsys.readouterr().out
