"""Formatting, actions and lenses on texts that are being written, and on cases that were added before."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.editing.actions import actions
from engine.editing.formatting import format_file, format_range
from engine.editing.lenses import lenses
from engine.editing.workspace import Snapshot
from engine.fixes import apply_edits
from engine.say import Say
from tests.editing.features_tidying import RESULTS
from tests.lsp.test_server import small_folder


@pytest.mark.parametrize(
    ("name", "pieces"),
    [("cities/taiyuan.yaml", 30), ("cases.yaml", 30), ("standards/taiyuan-2023.csv", 5), ("shanxi_2022_60.yaml", 7)],
)
def test_every_beginning_of_a_file(name: str, pieces: int, tmp_path: Path) -> None:
    small_folder(tmp_path)
    path = tmp_path / "policies" / name
    text = path.read_text(encoding="utf-8")
    snapshot = Snapshot.open([tmp_path / "policies"])
    for end in range(0, len(text), len(text) // pieces + 1):
        snapshot = snapshot.with_text(path, text[:end])
        file = snapshot.files[path]
        format_file(snapshot, file)
        format_range(snapshot, file, end // 2, end)
        assert lenses(file, RESULTS, Say("zh")) or end < 200 or file.kind in ("table", "other")
        actions(snapshot, file, 0, end, (), RESULTS, Say("en"))


def test_what_is_added_twice_has_two_names(tmp_path: Path) -> None:
    small_folder(tmp_path)
    snapshot = Snapshot.open([tmp_path / "policies"])
    cases = tmp_path / "policies" / "cases.yaml"
    for _ in range(2):
        file = snapshot.files[tmp_path / "policies" / "shanxi_2022_60.yaml"]
        (added,) = actions(snapshot, file, 0, len(file.source.text), (), RESULTS, Say("zh"))
        snapshot = snapshot.with_text(cases, apply_edits(snapshot.files[cases].source.text, added.edits[cases]))
    assert snapshot.files[cases].sound
    assert "  proposed_1:\n" in snapshot.files[cases].source.text
    assert "  proposed_2:\n" in snapshot.files[cases].source.text


def test_lines_whose_form_hangs_on_others_stay(tmp_path: Path) -> None:
    """A key that moves out of the lines would stand twice, or not at all."""
    small_folder(tmp_path)
    path = tmp_path / "policies" / "cities" / "taiyuan.yaml"
    text = (
        path.read_text(encoding="utf-8").replace("status: official\n", "").replace("title:", "status: official\ntitle:")
    )
    snapshot = Snapshot.open([path.parent.parent]).with_text(path, text)
    file = snapshot.files[path]
    start = text.index("title:")
    assert format_file(snapshot, file)
    assert format_range(snapshot, file, start, start + 1) == ()


def test_no_case_is_offered_for_what_was_written_anew_since_the_cases_ran(tmp_path: Path) -> None:
    small_folder(tmp_path)
    path = tmp_path / "policies" / "shanxi_2022_60.yaml"
    snapshot = Snapshot.open([tmp_path / "policies"])
    text = snapshot.files[path].source.text
    income = "(核算收入 - 医疗费用刚性支出) / 家庭人口 < 收入标准"
    assert text.count(income) == 1

    def offered(text: str) -> list[str]:
        file = (laid := snapshot.with_text(path, text)).files[path]
        return [one.title for one in actions(laid, file, 0, len(text), (), RESULTS, Say("zh"))]

    assert len(offered(f"# 一行\n{text}")) == 1
    assert offered(text.replace(income, "核算收入 / 家庭人口 < 收入标准")) == []
