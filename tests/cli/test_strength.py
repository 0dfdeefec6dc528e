"""`doudi test --coverage` and `doudi mutate`, as a developer wires them into CI."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.running import Run

ROOT = Path(__file__).parent.parent.parent
HERE = ("--policies", "examples/hongkong")
FEW = "age"
"""in the names of some cases only"""


@pytest.fixture
def doudi(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(ROOT)
    return run


def test_coverage_lists_what_no_case_has_seen(doudi: Run) -> None:
    done = doudi("test", *HERE, "--coverage")
    assert done.status == 0, done.err
    assert "条件和判断 100%" in done.out
    some = doudi("test", *HERE, "--coverage", "-k", FEW)
    assert "checks.at_most_two: 没有用例使它不成立: persons <= 2" in some.out


def test_too_little_coverage_fails_and_says_so(doudi: Run) -> None:
    done = doudi("test", *HERE, "-k", FEW, "--min-coverage", "100", "--lang", "en")
    assert done.status == 1
    assert "error coverage-too-low: coverage of truths is " in done.err
    assert doudi("test", *HERE, "--min-coverage", "100", "--min-boundary", "100").status == 0


def test_reports_of_cases_and_coverage(doudi: Run, tmp_path: Path) -> None:
    """JUnit lists what passed too; LCOV and Cobertura speak of the lines of the YAML file."""
    junit, lcov, cobertura = tmp_path / "junit.xml", tmp_path / "lcov.info", tmp_path / "cobertura.xml"
    done = doudi(
        "test", *HERE, "--report", f"junit={junit}", "--report", f"lcov={lcov}", "--report", f"cobertura={cobertura}"
    )
    assert done.status == 0, done.err
    cases = ET.parse(junit).getroot().findall(".//testcase")
    assert len(cases) > 50
    assert "oala.yaml" in lcov.read_text(encoding="utf-8")
    assert "BRDA:" in lcov.read_text(encoding="utf-8")
    lines = ET.parse(cobertura).getroot().findall(".//line")
    assert any(line.get("branch") == "true" for line in lines)


def test_json_carries_the_coverage(doudi: Run) -> None:
    told = json.loads(doudi("test", *HERE, "--coverage", "--format", "json", "-k", FEW).out)
    assert told["passed"] is True
    (rules,) = told["coverage"]
    assert rules["chains"] == [["hk_oala"]]
    assert ("checks.at_most_two", "above") in {(entry["rule"], entry["aspect"]) for entry in rules["missing"]}


def test_mutate_names_survivors_and_counts_against_the_limit(doudi: Run) -> None:
    told = json.loads(doudi("mutate", *HERE, "--format", "json", "--max-survivors", "1000").out)
    assert told["tried"] > 50
    assert told["killed"] + len(told["survivors"]) == told["tried"]
    done = doudi("mutate", *HERE, "--jobs", "2")
    assert done.status == (1 if told["survivors"] else 0)
    assert f"试了 {told['tried']} 处改动" in done.out


def test_mutate_refuses_an_unknown_revision(doudi: Run) -> None:
    done = doudi("mutate", *HERE, "--since", "no-such-revision")
    assert done.status == 2
    assert "no-such-revision" in done.err
