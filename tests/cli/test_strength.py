"""`doudi test --coverage` and `doudi mutate`, as a developer wires them into CI."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
HERE = ("--policies", "examples/hongkong")
FEW = "age"
"""in the names of some cases only"""


def doudi(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_coverage_lists_what_no_case_has_seen() -> None:
    done = doudi("test", *HERE, "--coverage")
    assert done.returncode == 0, done.stderr
    assert "条件和判断 100%" in done.stdout
    some = doudi("test", *HERE, "--coverage", "-k", FEW)
    assert "checks.at_most_two: 没有用例使它不成立: persons <= 2" in some.stdout


def test_too_little_coverage_fails_and_says_so() -> None:
    done = doudi("test", *HERE, "-k", FEW, "--min-coverage", "100", "--lang", "en")
    assert done.returncode == 1
    assert "error coverage-too-low: coverage of truths is " in done.stderr
    assert doudi("test", *HERE, "--min-coverage", "100", "--min-boundary", "100").returncode == 0


def test_reports_of_cases_and_coverage(tmp_path: Path) -> None:
    """JUnit lists what passed too; LCOV and Cobertura speak of the lines of the YAML file."""
    junit, lcov, cobertura = tmp_path / "junit.xml", tmp_path / "lcov.info", tmp_path / "cobertura.xml"
    done = doudi(
        "test", *HERE, "--report", f"junit={junit}", "--report", f"lcov={lcov}", "--report", f"cobertura={cobertura}"
    )
    assert done.returncode == 0, done.stderr
    cases = ET.parse(junit).getroot().findall(".//testcase")
    assert len(cases) > 50
    assert "oala.yaml" in lcov.read_text(encoding="utf-8")
    assert "BRDA:" in lcov.read_text(encoding="utf-8")
    lines = ET.parse(cobertura).getroot().findall(".//line")
    assert any(line.get("branch") == "true" for line in lines)


def test_json_carries_the_coverage() -> None:
    told = json.loads(doudi("test", *HERE, "--coverage", "--format", "json", "-k", FEW).stdout)
    assert told["passed"] is True
    (rules,) = told["coverage"]
    assert rules["chains"] == [["hk_oala"]]
    assert ("checks.at_most_two", "above") in {(entry["rule"], entry["aspect"]) for entry in rules["missing"]}


def test_mutate_names_survivors_and_counts_against_the_limit() -> None:
    told = json.loads(doudi("mutate", *HERE, "--format", "json", "--max-survivors", "1000").stdout)
    assert told["tried"] > 50
    assert told["killed"] + len(told["survivors"]) == told["tried"]
    done = doudi("mutate", *HERE, "--jobs", "2")
    assert done.returncode == (1 if told["survivors"] else 0)
    assert f"试了 {told['tried']} 处改动" in done.stdout


def test_mutate_refuses_an_unknown_revision() -> None:
    done = doudi("mutate", *HERE, "--since", "no-such-revision")
    assert done.returncode == 2
    assert "no-such-revision" in done.stderr
