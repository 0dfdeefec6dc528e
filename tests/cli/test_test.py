"""`doudi test`: what it prints, and the status."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from engine.resources import policies_root
from tests.cli.running import Run
from tests.testing.trying import HEAD

ROOT = Path(__file__).parents[2]
GOOD = "  sound: {why: 二(一)1, base: ill, expect: {outcome: eligible}}\n"
BAD = "  wrong: {why: 二(一)1, base: ill, expect: {outcome: ineligible, conditions: {illness.income: unmet}}}\n"

HERE = "政策文件：当前文件夹里的 policies"
HERE_EN = "policy files: the folder `policies` here"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cases.yaml").write_text(HEAD + GOOD + BAD, encoding="utf-8")
    return tmp_path


def test_all_that_is_shipped_passes(run: Run) -> None:
    ran = run("test", "--policy", "taiyuan")
    assert ran.status == ANSWERED, ran.out + ran.err
    assert ran.out.startswith("全部通过：")
    assert ran.err == ""


@pytest.mark.parametrize(
    "folders",
    [
        ("policies", "examples/overlay"),
        ("examples/hongkong",),
        ("examples/australia_age_pension",),
        ("policies", "examples/national_2024"),
    ],
)
def test_the_examples_pass(folders: tuple[str, ...], run: Run) -> None:
    ran = run("test", *(word for name in folders for word in ("--policies", str(ROOT / name))))
    assert ran.status == ANSWERED, ran.out + ran.err


def test_a_failure_stands_with_what_was_expected_and_why(folder: Path, run: Run) -> None:
    ran = run("test", str(folder))
    assert ran.status == FINDINGS
    assert "wrong  ‹cases.yaml:16›" in ran.out
    assert "ineligible 不符合" in ran.out
    assert "eligible 符合" in ran.out
    assert "低 33.33" in ran.out
    assert "同样没有通过：wrong@changzhi" in ran.out
    assert ran.out.count("conditions.illness.income") == 1
    assert ran.out.rstrip().endswith(f"没有通过：2 个用例，运行 24 次，没有通过 12 次\n{HERE}")
    assert "纳入最低生活保障范围" not in ran.out
    assert "纳入最低生活保障范围" in run("test", str(folder), "--details").out


def test_english(folder: Path, run: Run) -> None:
    ran = run("test", str(folder), "--lang", "en", "--policy", "taiyuan")
    assert ran.status == FINDINGS
    assert "expected" in ran.out
    assert "33.33 below" in ran.out
    assert ran.out.rstrip().endswith(f"not passed: 2 cases, 2 runs, 1 failed\n{HERE_EN}")


def test_selected_by_name_and_policy(folder: Path, run: Run) -> None:
    ran = run("test", str(folder), "-k", "sound")
    assert (ran.status, ran.out) == (ANSWERED, f"全部通过：1 个用例，运行 12 次，没有通过 0 次\n{HERE}\n")
    assert run("test", str(folder), "-k", "SOUND@", "--policy", "datong").out.startswith(
        "全部通过：1 个用例，运行 1 次"
    )
    ran = run("test", str(folder), "-k", "sonud")
    assert ran.status == FINDINGS
    assert "no-case-selected" in ran.err
    assert "sound" in ran.err
    ran = run("test", str(folder), "--policy", "taiyaun")
    assert ran.status == FINDINGS
    assert "unknown-policy" in ran.err


def test_json(folder: Path, run: Run) -> None:
    ran = run("test", str(folder), "--format", "json", "--policy", "shanxi_2022_60")
    assert ran.status == FINDINGS
    told = json.loads(ran.out)
    assert told["passed"] is False
    failed = [one for one in told["results"] if not one["passed"]]
    assert [one["name"] for one in failed] == ["wrong"]
    assert failed[0]["checks"][0] == {
        "expects": "outcome",
        "expected": "ineligible",
        "got": "eligible",
        "holds": False,
    }
    assert failed[0]["decision"]["outcome"] == "eligible"


def test_nothing_to_run_does_not_pass(tmp_path: Path, run: Run) -> None:
    ran = run("test", str(tmp_path))
    assert ran.status == FINDINGS
    assert "no-case-found" in ran.err
    ran = run("test", str(tmp_path / "nowhere"))
    assert ran.status == MISUSE


def test_files_of_cases_do_not_trouble_check_or_evaluate(folder: Path, run: Run) -> None:
    ran = run("check", str(policies_root()), str(folder))
    assert ran.status == ANSWERED
    assert "cases.yaml" not in ran.out + ran.err
    # cases alone are no policies: that nothing was checked is told, and nothing of the cases
    alone = run("check", str(folder))
    assert alone.status == FINDINGS
    assert "cases.yaml" not in alone.out + alone.err


def test_a_broken_policy_beside_the_cases_is_told(folder: Path, run: Run) -> None:
    (folder / "city.yaml").write_text(
        'format: 1\noverlay: x\namends: shanxi_2022_60\njurisdiction: "1401"\nstatus: draft\n'
        "set: {asset_month: 1 月}\n",
        encoding="utf-8",
    )
    ran = run("test", str(folder), "-k", "sound")
    assert ran.status == FINDINGS
    assert "city.yaml" in ran.err


def test_a_copy_of_the_policies_is_tested_instead_of_them(tmp_path: Path, run: Run) -> None:
    """By the commands that take a folder of cases, which may hold the policies as well."""
    copytree(policies_root(), tmp_path / "copy")
    ran = run("test", str(tmp_path / "copy"), "--policy", "taiyuan")
    assert ran.status == ANSWERED, ran.out + ran.err
    assert HERE not in ran.out
    both = run("check", "--policies", str(policies_root()), "--policies", str(tmp_path / "copy"), "--lang", "en")
    assert both.status == FINDINGS
    assert f"a folder was read in two copies: {tmp_path / 'copy'}, {policies_root()}" in both.err
