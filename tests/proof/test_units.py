"""Two sides may count one thing in two units: an amount in twelfths of a fen, and in nineteenths."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from engine.proof.compared import compare
from engine.proof.results import Difference, Unsettled, Witness
from tests.proof.test_days import POLICY, UNPUBLISHED, side

FIGURE: Final = (
    POLICY.replace("over: 12 月}\n", "over: 12 月}\n    savings: {label: 存款, unit: 元}\n", 1)
    + "outputs:\n  monthly: {label: 每月, is: FIGURE}\n"
)
WITH_SAVINGS: Final = "(收入 + 存款 / 12 月) * 1 月"


def _figure(folder: Path, one: str, other: str) -> Difference:
    sides = [
        side(folder / name, "收入 < 限额", FIGURE.replace("FIGURE", told)) for name, told in (("a", one), ("b", other))
    ]
    return compare(sides[0], sides[1], sides[0].places).differences[-1]


@pytest.mark.parametrize(("months", "verdict"), [(19, "narrower"), (7, "wider")])
def test_a_figure_is_compared_in_one_unit(tmp_path: Path, months: int, verdict: str) -> None:
    found = _figure(tmp_path, WITH_SAVINGS, WITH_SAVINGS.replace("12", str(months)))
    assert found.verdict == verdict
    (way,) = [way for _, way in found.ways if isinstance(way, Witness)]
    assert way.household["savings"] != "0"


def test_figures_of_other_kinds_are_not(tmp_path: Path) -> None:
    found = _figure(tmp_path, "收入", "收入 * 1 月")
    assert [way.reason for _, way in found.ways if isinstance(way, Unsettled)] == ["kinds-of-two"] * 2


def test_a_value_in_another_unit_is_another(tmp_path: Path) -> None:
    one, other = (
        side(tmp_path / name, "收入 < 限额", POLICY.replace("unit: 元/年", f"unit: {unit}"))
        for name, unit in (("a", "元/年"), ("b", "元/月"))
    )
    assert compare(one, other, one.places).differences[0].verdict == "wider"


def test_values_of_two_kinds_are_not_free_together(tmp_path: Path) -> None:
    one = side(tmp_path / "a", "收入 < 限额", UNPUBLISHED)
    other = side(tmp_path / "b", "收入 < 限额 / 1 月", UNPUBLISHED.replace("unit: 元/年", "unit: 元"))
    found = compare(one, other, one.places).differences[0]
    assert isinstance(found.less, Unsettled)
    assert found.less.reason == "nothing-decided"
