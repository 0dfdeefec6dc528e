"""`doudi check`: where the findings go, what they look like, and the status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from tests.cli.running import Run

SHIPPED = Path(__file__).parents[2] / "policies"

BROKEN = """\
format: 1
overlay: elsewhere
title: 某市补充规定
amends: shanxi_2022_60
jurisdiction: "1401"
status: illustrative
document: 某民发〔2024〕1号
from: 2024-01-01
set:
  asset_month: 24 月
"""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_what_is_shipped_has_no_errors(run: Run) -> None:
    ran = run("check")
    assert ran.status == ANSWERED
    assert "错误 0" in ran.out or "没有问题" in ran.out


def test_findings_stand_on_standard_error_with_place_caret_and_help(run: Run, broken: Path) -> None:
    ran = run("check", str(broken))
    lines = [line for line in ran.err.splitlines() if line.startswith("elsewhere.yaml")]
    assert ran.status == FINDINGS
    assert lines[0].startswith("elsewhere.yaml:10:3: error ")
    assert "^^^" in ran.err
    assert "asset_months" in ran.err
    assert "错误 1" in ran.out


def test_what_was_not_found_is_one_line_unless_asked_for(run: Run) -> None:
    ran = run("check")
    assert (ran.status, ran.err) == (ANSWERED, "")
    named = "cities/linfen.yaml、cities/shuozhou.yaml、cities/yangquan.yaml"
    line = f"写明没有查到取值的 3 处：{named}；用 --details 逐条列出\n"
    assert ran.out.startswith(line)
    assert "values that files say were not found: 3 (cities/linfen.yaml, " in run("check", "--lang", "en").out
    asked = run("check", "--details")
    assert asked.err.count("info value-unpublished") == 3
    assert asked.out == ran.out.removeprefix(line)


def test_notes_are_told_where_they_decide_the_status_and_to_machines(run: Run) -> None:
    assert run("check", "--fail-on", "info").err.count("info value-unpublished") == 3
    assert len(json.loads(run("check", "--format", "json").out)["diagnostics"]) == 3


def test_notes_do_not_hide_what_is_wrong_in_the_same_file(run: Run, tmp_path: Path) -> None:
    city = tmp_path / "x.yaml"
    city.write_text(BROKEN.replace("set:\n", "not_found: {dibao_standard: 没有查到}\nset:\n"), encoding="utf-8")
    ran = run("check", str(city))
    assert (ran.status, ran.err.count(" error ")) == (FINDINGS, 1)
    assert "写明没有查到取值的" not in ran.err


def test_in_english(run: Run, broken: Path) -> None:
    assert "1 errors" in run("check", str(broken), "--lang", "en").out


def test_as_json(run: Run, broken: Path) -> None:
    ran = run("check", str(broken), "--format", "json")
    told = json.loads(ran.out)
    errors = [one for one in told["diagnostics"] if one["severity"] == "error"]
    assert (ran.status, ran.err, told["errors"]) == (FINDINGS, "", 1)
    assert (errors[0]["file"], errors[0]["line"], errors[0]["column"]) == ("elsewhere.yaml", 10, 3)
    assert errors[0]["end_column"] > errors[0]["column"]


def test_a_file_of_the_shipped_folder_is_checked_in_its_place(run: Run) -> None:
    ran = run("check", str(SHIPPED / "cities" / "taiyuan.yaml"))
    assert ran.status == ANSWERED


def test_how_bad_is_bad_enough(run: Run) -> None:
    # a standard of which nothing was published is a note, and old ones are warnings on a late day
    assert run("check", "--fail-on", "info").status == FINDINGS
    assert run("check", "--on", "2035-01-01", "--fail-on", "warning").status == FINDINGS
    assert run("check", "--on", "2035-01-01").status == ANSWERED


@pytest.mark.parametrize("arguments", [("nowhere",), ("--policies", "nowhere"), ("--on", "soon"), ("--fail-on", "x")])
def test_misuse(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("check", *arguments).status == MISUSE


def test_an_empty_folder(run: Run, tmp_path: Path) -> None:
    ran = run("check", str(tmp_path))
    assert ran.status == FINDINGS
    assert ran.out == "没有读到任何政策文件\n"
    assert "Traceback" not in ran.err


def test_files_in_odd_encodings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes(BROKEN.encode("gb18030"))
    (tmp_path / "binary.yaml").write_bytes(b"\x00\xff\xfe\x00")
    ran = run("check", str(tmp_path))
    assert ran.status == FINDINGS
    assert "gbk.yaml" in ran.err
    assert "binary.yaml" in ran.err
    assert "Traceback" not in ran.err


def test_colour(run: Run, broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31merror " in run("check", str(broken)).err
