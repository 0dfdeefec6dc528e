"""`--format`, `--report` and `--fail-on`: where each form goes, and what stands in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from tests.cli.running import Run

CITY = """\
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
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "我的 政策" / "elsewhere.yaml"
    path.parent.mkdir()
    path.write_text(CITY, encoding="utf-8")
    return path


def read_json(path: Path) -> Any:
    return json.loads(path.read_bytes().decode("utf-8"))


def test_several_reports_in_one_run(run: Run, broken: Path, tmp_path: Path) -> None:
    names = {"json": "d.json", "sarif": "new/folder/s.sarif", "github": "g.txt", "gitlab": "q.json", "junit": "j.xml"}
    ran = run("check", str(broken), "--report", "text=t.txt", *_reports(names))
    assert ran.status == FINDINGS
    assert "error unknown-target" in ran.err
    paths = {form: tmp_path / name for form, name in names.items()}
    assert read_json(paths["json"])["diagnostics"]
    (result,) = [one for one in read_json(paths["sarif"])["runs"][0]["results"] if one["level"] == "error"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "%E6%88%91%E7%9A%84%20%E6%94%BF%E7%AD%96/elsewhere.yaml"
    assert place["region"]["startLine"] == 10
    assert "::error file=我的 政策/elsewhere.yaml,line=10," in paths["github"].read_text(encoding="utf-8")
    (issue,) = [one for one in read_json(paths["gitlab"]) if one["severity"] == "major"]
    assert issue["location"]["path"] == "我的 政策/elsewhere.yaml"
    text = (tmp_path / "t.txt").read_text(encoding="utf-8")
    assert "elsewhere.yaml:10:3: error unknown-target" in text
    assert text.endswith(ran.out)


def _reports(names: dict[str, str]) -> list[str]:
    return [part for form, name in names.items() for part in ("--report", f"{form}={name}")]


@pytest.mark.parametrize("form", ["json", "sarif", "gitlab"])
def test_json_forms_go_to_standard_output_alone(run: Run, broken: Path, form: str) -> None:
    ran = run("check", str(broken), "--format", form)
    assert (ran.status, ran.err) == (FINDINGS, "")
    assert json.loads(ran.out)


def test_github_and_junit_on_standard_output(run: Run, broken: Path) -> None:
    told = run("check", str(broken), "--format", "github").out
    assert all(line.startswith("::") for line in told.splitlines())
    read = JUnitXml.fromstring(run("check", str(broken), "--format", "junit").out.encode())
    assert read.failures == 1
    assert read.tests > 10


def test_a_form_and_its_report_are_the_same(run: Run, broken: Path, tmp_path: Path) -> None:
    for form in ("json", "sarif", "github", "gitlab", "junit"):
        told = run("check", str(broken), "--format", form, "--report", f"{form}=same").out
        assert (tmp_path / "same").read_text(encoding="utf-8") == told


def test_files_that_pass_are_listed(run: Run) -> None:
    ran = run("check", "--format", "junit")
    read = JUnitXml.fromstring(ran.out.encode())
    names = [case.name for suite in read for case in suite]
    assert ran.status == ANSWERED
    assert (read.failures, read.errors) == (0, 0)
    assert {"shanxi_2022_60.yaml", "cities/taiyuan.yaml", "standards/taiyuan-2023.csv"} <= set(names)


def test_the_level_that_fails_fails_the_case_too(run: Run) -> None:
    ran = run("check", "--format", "junit", "--fail-on", "info")
    assert ran.status == FINDINGS
    assert JUnitXml.fromstring(ran.out.encode()).failures > 0


def test_an_empty_folder_is_no_empty_report(run: Run, tmp_path: Path) -> None:
    read = JUnitXml.fromstring(run("check", str(tmp_path), "--format", "junit").out.encode())
    assert read.errors == 1


def test_a_file_that_cannot_be_read_is_located(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "gbk.yaml").write_bytes(CITY.encode("gb18030"))
    issues = json.loads(run("check", "p", "--format", "gitlab").out)
    assert [(one["check_name"], one["location"]["path"]) for one in issues] == [("not-utf8", "p/gbk.yaml")]
    read = JUnitXml.fromstring(run("check", "p", "--format", "junit").out.encode())
    assert (read.tests, read.failures) == (1, 1)


def test_of_two_files_of_one_name_the_right_one_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, text in (("a", CITY), ("b", CITY.replace("elsewhere", "other").replace("asset_month:", "asset_mont:"))):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.yaml").write_text(text, encoding="utf-8")
    issues = json.loads(run("check", "a", "b", "--format", "gitlab").out)
    found = {one["location"]["path"]: one["description"] for one in issues}
    assert set(found) == {"a/x.yaml", "b/x.yaml"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--report", "sarif"), "格式=文件"),
        (("--report", "sarif="), "格式=文件"),
        (("--report", "sarf=x"), "是不是想写 sarif"),
        (("--report", "lcov=x"), "lcov"),
        (("--report", "json=."), "目录"),
        (("--report", "json=x", "--report", "sarif=./x"), "同一个文件"),
        (("--report", "json=/dev/null/x"), "写不了"),
        (("--format", "xml"), "sarif"),
        (("--fail-on", "fatal"), "warning"),
    ],
)
def test_misuse(
    run: Run, arguments: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("check", *arguments)
    assert ran.status == MISUSE
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_help_lists_the_forms(run: Run) -> None:
    told = run("check", "--help").out
    assert "text|json|sarif|github|gitlab|junit" in told
    assert "--report" in told
