"""The forms for other tools, read back by other people's tools."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft202012Validator
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase
from lcov_cobertura import LcovCobertura  # type: ignore[import-untyped]  # it has no stubs
from pycobertura import Cobertura  # type: ignore[import-untyped]  # it has no stubs

from engine.diagnostics import Diagnostic, Severity
from engine.escaping import shown
from engine.fixes import CERTAIN_CODES, certain_fix
from engine.reporting.cobertura import cobertura
from engine.reporting.coverage import Branch, Coverage, CoveredFile, CoveredLine
from engine.reporting.github import github
from engine.reporting.gitlab import gitlab
from engine.reporting.junit import junit
from engine.reporting.lcov import lcov
from engine.reporting.places import fingerprints
from engine.reporting.results import Results, Trial
from engine.reporting.sarif import sarif
from engine.source import Source, Span
from tests.policy.bad_policies import Case, Folder, check_folder, found_once, load_cases, told_of

SCHEMAS = Path(__file__).parent / "schemas"
SARIF: Any = json.loads((SCHEMAS / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
CODE_QUALITY: Any = json.loads((SCHEMAS / "code-quality.json").read_text(encoding="utf-8"))
# 𠮷 takes two UTF-16 code units, one character, and four bytes
TEXT = "title: 办法\nnote: 甲𠮷乙 asets\nlast: 1\n"

SOURCE = Source("cities/甲 市.yaml", TEXT)


def span(text: str) -> Span:
    start = TEXT.index(text)
    return Span(SOURCE, start, start + len(text))


def found(code: str = "unknown-name", at: Span | None = None, **more: Any) -> Diagnostic:
    params = more.pop("params", {"name": "asets", "suggestion": "assets", "apart": ""})
    return Diagnostic(code, more.pop("severity", Severity.ERROR), at, params=tuple(sorted(params.items())), **more)


def results(*diagnostics: Diagnostic, **more: Any) -> Results:
    return Results("check", "1.2.3", more.pop("language", "zh"), diagnostics, **more)


# ---- SARIF


def run_of(of: Results) -> Any:
    log = json.loads(sarif(of))
    faults = [f"{list(fault.absolute_path)}: {fault.message}" for fault in Draft4Validator(SARIF).iter_errors(log)]
    assert not faults
    return log["runs"][0]


def test_the_published_schema_is_the_one_named_in_the_log() -> None:
    assert json.loads(sarif(results()))["$schema"] == SARIF["id"]


def test_a_run_without_findings_is_valid_and_has_results() -> None:
    assert run_of(results())["results"] == []


def test_columns_count_utf16_code_units() -> None:
    run = run_of(results(found(at=span("asets"))))
    (location,) = run["results"][0]["locations"]
    region = location["physicalLocation"]["region"]
    assert run["columnKind"] == "utf16CodeUnits"
    line = TEXT.splitlines()[1].encode("utf-16-le")
    pointed = line[2 * (region["startColumn"] - 1) : 2 * (region["endColumn"] - 1)].decode("utf-16-le")
    assert (region["startLine"], region["endLine"], pointed) == (2, 2, "asets")
    assert region["startColumn"] == 12
    assert region["snippet"] == {"text": "asets"}


def test_a_stretch_of_lines_ends_behind_its_last_word() -> None:
    whole = Span(SOURCE, TEXT.index("note"), len(TEXT))
    region = run_of(results(found(at=whole)))["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["endLine"], region["endColumn"]) == (2, 3, len("last: 1") + 1)


def test_paths_are_uris() -> None:
    def uri(path: str) -> Any:
        run = run_of(results(found(at=span("asets")), locate=lambda _: path))
        return run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]

    assert uri("policies/甲 市.yaml")["uri"] == "policies/%E7%94%B2%20%E5%B8%82.yaml"
    assert uri("policies/a.yaml")["uriBaseId"] == "%SRCROOT%"
    assert uri("/tmp/甲.yaml") == {"uri": "file:///tmp/%E7%94%B2.yaml", "index": 0}
    assert uri("C:/x/甲.yaml")["uri"] == "file:///C:/x/%E7%94%B2.yaml"


def test_a_rule_carries_its_page_in_both_languages() -> None:
    one, other = found(at=span("asets")), found(at=span("last"), severity=Severity.WARNING)
    run = run_of(results(one, other, pages="https://example.org/codes/"))
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "unknown-name"
    assert rule["shortDescription"]["text"] == "没有名为 `‹name›` 的内容"
    assert "nothing is named" in rule["fullDescription"]["text"]
    assert all(part in rule["help"]["markdown"] for part in ("## 中文", "## English", "错误 Bad", "正确 Good"))
    assert "<!--" not in rule["help"]["markdown"]
    assert rule["helpUri"] == "https://example.org/codes/unknown-name.md"
    assert rule["defaultConfiguration"]["level"] == "error"
    assert [result["level"] for result in run["results"]] == ["error", "warning"]


def test_in_english_the_results_are_english() -> None:
    run = run_of(results(found(at=span("asets")), language="en"))
    assert run["results"][0]["message"]["text"].startswith("nothing is named `asets`\ndid you mean")


def test_related_places_and_findings_without_one() -> None:
    noted = found("duplicate-key", span("asets"), params={"key": "note"}, related=(("first-here", span("title")),))
    nowhere = found("no-such-path", params={}, path="nowhere")
    run = run_of(results(noted, nowhere))
    (related,) = run["results"][0]["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 1
    assert related["message"]["text"] == "第一次写在这里"
    assert run["results"][1]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "nowhere", "uriBaseId": "%SRCROOT%", "index": 1}
    }


@found_once
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_case_of_a_bad_policy_makes_a_valid_log(language: str) -> None:
    """One log of all diagnostics that the cases expect, with fixes and places in every kind of file."""
    everything = tuple(cases_found())
    run = run_of(results(*everything, language=language))
    assert len(run["results"]) == len(everything) > 200
    assert len({result["partialFingerprints"]["doudi/v1"] for result in run["results"]}) == len(everything)


@cache
def cases_found() -> list[Diagnostic]:
    """Whatever `check` finds in the folders of the cases."""
    all_found: dict[Diagnostic, None] = {}
    for case in load_cases():
        if any("times" in edit or "copies" in edit for edit in case.edits):
            continue
        all_found |= dict.fromkeys(told_of(case)[1])
    return list(all_found)


# ---- fixes


def test_a_certain_fix_is_a_replacement_at_its_place() -> None:
    text = "标题：办法\n"
    source = Source("a.yaml", text)
    one = Diagnostic("full-width-colon", Severity.ERROR, Span(source, 2, 3), params=(("key", "标题"),))
    (fix,) = run_of(results(one))["results"][0]["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    deleted = replacement["deletedRegion"]
    assert (deleted["startLine"], deleted["startColumn"], deleted["endColumn"]) == (1, 3, 4)
    assert replacement["insertedContent"]["text"] == ": "
    assert fix["description"]["text"]


@found_once
def test_what_is_not_certain_has_no_fix() -> None:
    one = found(at=span("asets"))
    assert certain_fix(one) is None
    assert "fixes" not in run_of(results(one))["results"][0]
    fixed = [result for result in run_of(results(*cases_found()))["results"] if "fixes" in result]
    assert len(fixed) > 10
    assert {result["ruleId"] for result in fixed} <= CERTAIN_CODES


# ---- fingerprints


def test_fingerprints_outlive_lines_added_above_and_spaces() -> None:
    case = Case("x", "y", "", (), (), ("jia",))
    spoil = {"file": "cities/jia.yaml", "old": "西城区: {城市: 800}", "new": "西成区: {城市: 8e2}"}
    above = {"file": "cities/jia.yaml", "old": "overlay: jia\n", "new": "overlay: jia\n# 加了\n# 两行\n"}
    wider = {"file": "cities/jia.yaml", "old": "        西成区: {城市: 8e2}", "new": "        西成区:  {城市: 8e2}"}
    once, again, spaced = (_fingerprints(case, *edits) for edits in ((spoil,), (spoil, above), (spoil, wider)))
    assert once
    assert once == again == spaced


def _fingerprints(case: Case, *edits: dict[str, Any]) -> list[str]:
    with TemporaryDirectory() as name:
        folder = Folder(Path(name) / "policies")
        folder.fill(case.parts())
        for edit in edits:
            folder.apply(edit)
        return fingerprints(check_folder(folder.root)[1])


def test_the_same_fault_twice_has_two_fingerprints() -> None:
    source = Source("a.yaml", "x: 1\nx: 1\n")
    twins = [Diagnostic("empty-file", Severity.ERROR, Span(source, start, start + 1)) for start in (0, 5)]
    first, second = fingerprints(twins)
    assert first != second


def test_a_message_that_speaks_of_today_does_not_change_the_fingerprint() -> None:
    days = [
        Diagnostic("value-stale", Severity.WARNING, span("last"), params=(("on", day),))
        for day in ("2026-01-01", "2026-01-02")
    ]
    assert fingerprints(days[:1]) == fingerprints(days[1:])


# ---- GitHub


def unescaped(text: str) -> str:
    for escape, sign in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, sign)
    return text


def test_workflow_commands_are_one_line_each_and_read_back() -> None:
    odd = "50%,甲:乙\n::error::丙\r"
    diagnostics = (
        found(at=span("asets"), params={"name": odd, "suggestion": odd, "apart": ""}),
        found("no-such-path", params={}, path="a,b:c%.yaml", severity=Severity.WARNING),
        found("value-unpublished", params={"label": "标准", "note": ""}, severity=Severity.INFO),
    )
    lines = github(results(*diagnostics)).split("\n")
    assert len(lines) == 3
    read = [re.fullmatch(r"::(error|warning|notice) ([^:]*?)::(.*)", line) for line in lines]
    assert all(read)
    first, second, third = (mark.groups() for mark in read if mark)
    assert [first[0], second[0], third[0]] == ["error", "warning", "notice"]
    values = dict(part.split("=", 1) for part in first[1].split(","))
    assert values == {
        "file": "cities/甲 市.yaml",
        "line": "2",
        "endLine": "2",
        "col": "12",
        "endColumn": "17",
        "title": "doudi unknown-name",
    }
    # the line ends of the annotation are those between message and help; one that a name brings is shown
    assert unescaped(first[2]) == f"没有名为 `{shown(odd)}` 的内容\n是不是想写 `{shown(odd)}`？"
    assert unescaped(dict(part.split("=", 1) for part in second[1].split(","))["file"]) == "a,b:c%.yaml"
    assert third[1] == "title=doudi value-unpublished"


def test_github_gets_no_columns_of_a_stretch_of_lines() -> None:
    told = github(results(found(at=Span(SOURCE, 0, len(TEXT)))))
    assert "line=1,endLine=3," in told
    assert "col=" not in told


# ---- GitLab


@found_once
def test_the_code_quality_report_keeps_to_its_schema() -> None:
    of = results(*cases_found(), found("no-such-path", params={}), found(at=span("asets")))
    issues = json.loads(gitlab(of))
    Draft202012Validator(CODE_QUALITY).validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert issues[-1]["location"] == {"path": "cities/甲 市.yaml", "lines": {"begin": 2, "end": 2}}
    assert issues[-1]["description"] == "没有名为 `asets` 的内容；是不是想写 `assets`？"
    assert {issue["severity"] for issue in issues} == {"major", "minor", "info"}


def test_nothing_found_is_an_empty_report() -> None:
    assert json.loads(gitlab(results())) == []


# ---- JUnit

TRIALS = (
    Trial("cities/甲.yaml", "合格", "passed", span=span("last"), seconds="0.012"),
    Trial("cities/甲.yaml", "不<合格>&", "failed", "结论不同\n应为 met，得到 unmet \x00\x1b[31m", span("asets")),
    Trial("cities/乙.yaml", "坏了", "broken", "读不了"),
    Trial("cities/乙.yaml", "没跑", "skipped", "等价"),
    Trial("cities/乙.yaml", "有提示", "passed", "一条提示"),
)


def test_junit_lists_what_passed_too() -> None:
    read = JUnitXml.fromstring(junit(results(trials=TRIALS)).encode())
    assert (read.tests, read.failures, read.errors, read.skipped) == (5, 1, 1, 1)
    suites = list(read)
    assert [(suite.name, suite.tests) for suite in suites] == [("cities/甲.yaml", 2), ("cities/乙.yaml", 3)]
    cases: list[TestCase] = [case for suite in suites for case in suite]
    assert [case.name for case in cases] == [trial.name for trial in TRIALS]
    assert [case.is_passed for case in cases] == [trial.outcome == "passed" for trial in TRIALS]
    kinds = [[type(one) for one in case.result] for case in cases]
    assert kinds == [[], [Failure], [Error], [Skipped], []]
    failure = cases[1].result[0]
    assert failure.message == "结论不同"
    assert "应为 met，得到 unmet ⟨U+0000⟩⟨U+001B⟩[31m" in failure.text
    assert cases[4].system_out == "一条提示"
    assert cases[0].time == 0.012


def test_junit_says_where_a_case_is_written() -> None:
    root = ET.fromstring(junit(results(trials=TRIALS)).encode())
    case = root.findall(".//testcase")[1]
    assert (case.get("file"), case.get("line")) == ("cities/甲 市.yaml", "2")


def test_junit_is_never_empty_and_nothing_tried_is_no_success() -> None:
    read = JUnitXml.fromstring(junit(results()).encode())
    assert (read.tests, read.errors) == (1, 1)


# ---- coverage

COVERAGE = Coverage(
    (
        CoveredFile(
            SOURCE,
            (
                CoveredLine(1, 3, (Branch("真", True), Branch("假", True))),
                CoveredLine(2, 1, (Branch("真", True), Branch("假", False), Branch("不明", False))),
                CoveredLine(3, 0, (Branch("真", False), Branch("假", False))),
            ),
        ),
        CoveredFile(Source("province.yaml", "a: 1\n"), (CoveredLine(1, 7),)),
    )
)
COVERED = results(
    coverage=COVERAGE, locate=lambda source: f"policies/{source if isinstance(source, str) else source.name}"
)


def test_cobertura_is_read_by_pycobertura() -> None:
    read = Cobertura(BytesIO(cobertura(COVERED).encode()))
    assert read.files() == ["policies/cities/甲 市.yaml", "policies/province.yaml"]
    city = read.files()[0]
    assert read.total_statements() == 4
    assert read.line_statuses(city) == [(1, "hit"), (2, "partial"), (3, "miss")]
    assert read.line_rate(city) == pytest.approx(2 / 3, abs=1e-4)
    assert read.branch_rate(city) == pytest.approx(3 / 7, abs=1e-4)
    assert read.branch_rate() == pytest.approx(3 / 7, abs=1e-4)
    assert read.line_rate("policies/province.yaml") == 1


def test_lcov_is_read_by_lcov_cobertura_and_says_the_same_as_cobertura() -> None:
    converted = ET.fromstring(LcovCobertura(lcov(COVERED)).convert())
    ours = ET.fromstring(cobertura(COVERED).encode())
    for name in ("lines-covered", "lines-valid", "branches-covered", "branches-valid"):
        assert converted.get(name) == ours.get(name), name
    assert _lines(converted) == _lines(ours)


def _lines(root: ET.Element) -> set[tuple[str, ...]]:
    return {
        (one.get("filename", ""), *(line.get(key, "") for key in ("number", "hits", "branch")))
        for one in root.iter("class")
        for line in one.iter("line")
    }


def test_lcov_in_full() -> None:
    assert lcov(COVERED).splitlines()[:14] == [
        "TN:",
        "SF:policies/cities/甲 市.yaml",
        "BRDA:1,0,0,1",
        "BRDA:1,0,1,1",
        "BRDA:2,0,0,1",
        "BRDA:2,0,1,0",
        "BRDA:2,0,2,0",
        "BRDA:3,0,0,-",
        "BRDA:3,0,1,-",
        "BRF:7",
        "BRH:3",
        "DA:1,3",
        "DA:2,1",
        "DA:3,0",
    ]


def test_rates_are_rounded_down_so_that_only_all_is_one() -> None:
    lines = (*(CoveredLine(number, 1) for number in range(1, 100_000)), CoveredLine(100_000, 0))
    root = ET.fromstring(cobertura(results(coverage=Coverage((CoveredFile(SOURCE, lines),)))).encode())
    assert root.get("line-rate") == "0.9999"


def test_no_coverage_is_an_empty_report() -> None:
    assert lcov(results()) == ""
    assert ET.fromstring(cobertura(results()).encode()).get("lines-valid") == "0"


# ---- the same inputs give the same bytes


@found_once
@pytest.mark.parametrize("made", [sarif, junit, github, gitlab])
def test_the_same_results_give_the_same_bytes(made: Any) -> None:
    assert made(results(*cases_found(), trials=TRIALS)) == made(results(*cases_found(), trials=TRIALS))
