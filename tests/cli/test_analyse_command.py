"""`doudi analyse` as it is called: its words in both languages, its forms, its statuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from engine.cli.main import main
from tests.policy.bad_policies import Folder

CASES = Path(__file__).parent.parent / "cases" / "analyse"
EDITS = (
    (
        "  per_person:",
        '  support: {label: 补助, is: "max(0, 保障标准 - 扣除后人均收入)", unit: 元/人/月}\n  per_person:',
    ),
    ("有在学成员, when: 任一(家庭成员 其中 在学)", "标准够高, when: 保障标准 > 700 元/人/月"),
    (
        "低于标准, when: 扣除后人均收入 < 保障标准",
        "低于标准, when: 扣除后人均收入 < 保障标准 且 家庭收入 / 家庭人口 >= 100 元/人/月",
    ),
    ("(家庭收入 - 两项支出) / 家庭人口 < 保障标准", "家庭收入 / 家庭人口 < 保障标准"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Folder(tmp_path)
    for path in sorted((CASES / "base").iterdir()):
        made.write(path.name, path.read_bytes())
    for old, new in EDITS:
        made.apply({"file": "sound.yaml", "old": old, "new": new})
    return tmp_path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_told(language: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "--policies", str(folder), "--lang", language]) == 0
    out, err = capsys.readouterr()
    assert err + out == (CASES / f"told.{language}.txt").read_text(encoding="utf-8")


def test_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "--policies", str(folder), "--format", "json", "--fail-on", "warning"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["command"] == "analyse"
    assert {one["code"] for one in told["households"]} == {"more-either-way", "support-cliff"}
    cliff = next(one for one in told["households"] if one["code"] == "support-cliff")
    assert [one["outcome"] for one in cliff["decisions"]] == ["eligible", "ineligible"]
    assert main(["analyse", "--policies", str(folder), "--format", "sarif"]) == 0
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert {one["ruleId"] for one in results} >= {"standard-not-reached", "more-either-way"}


def test_only_what_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "city", "--policies", str(folder), "--members", "2", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["places"] == 1
    assert main(["analyse", "nobody", "--policies", str(folder)]) == 1
    assert "unknown-policy" in capsys.readouterr().err


def test_without_the_solver(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with patch.dict(sys.modules, {"z3": None}):
        assert main(["analyse", "--policies", str(folder)]) == 1
    assert "doudi[proof]" in capsys.readouterr().err
