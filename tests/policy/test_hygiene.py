"""The hygiene rules tell just what their cases state, leave in peace what they should, and obey the settings."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import cast

import pytest

import engine
from engine import resources
from engine.api import open_policies
from engine.diagnostics import Severity, render
from engine.messages.hygiene import HYGIENE
from engine.policy.hygiene.figures import figures_in
from engine.policy.hygiene.places import element_at
from engine.policy.hygiene.settings import DEFAULTS
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from engine.tree import Mapping
from tests.policy.hygiene_cases import BASE, Case, findings_of, load_cases
from tests.policy.test_bad_policies import described, related_of, stated

ALL = load_cases()
ROOT = Path(__file__).parents[2]


def ids(case: Case) -> str:
    return f"{case.topic}: {case.name}"


@pytest.mark.parametrize("case", ALL, ids=ids)
def test_hygiene(case: Case, tmp_path: Path) -> None:
    found = findings_of(case, tmp_path)
    told = "\n".join(render(each) for each in found)
    assert [described(each, tmp_path) for each in found] == [stated(each) for each in case.expect], told
    for diagnostic, expected in zip(found, case.expect, strict=True):
        assert expected.message in diagnostic.message("zh"), told
        for language, wanted in (("zh", expected.help), ("en", expected.help_en)):
            lines = diagnostic.help_lines("zh" if language == "zh" else "en")
            assert not wanted or any(wanted in line for line in lines), (told, lines)
        if expected.related:
            assert related_of(diagnostic) == expected.related, told
        for word in (diagnostic.message("en"), *diagnostic.help_lines("en")):
            assert "{" not in word or "{" in told


def test_every_case_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(map(ids, ALL)).items() if times > 1] == []


def test_the_cases_show_every_code_and_every_rule_leaves_something_in_peace() -> None:
    shown = {expected.code for case in ALL for expected in case.expect}
    shown |= {note.split()[0] for case in ALL for expected in case.expect for note in expected.related}
    assert set(HYGIENE) <= shown
    assert {case.topic for case in ALL} == {case.topic for case in ALL if not case.expect}


@pytest.mark.parametrize(
    "folders",
    [
        ["policies"],
        ["policies", "examples/overlay"],
        ["examples/hongkong"],
        ["examples/australia_age_pension"],
        ["policies", "examples/national_2024"],
        [str(BASE.relative_to(ROOT))],
    ],
    ids=lambda folders: folders[-1],
)
def test_our_own_files_are_tidy(folders: list[str]) -> None:
    """All that is left to say of them is which cities publish no standard."""
    found = open_policies([ROOT / folder for folder in folders]).check().diagnostics
    assert {each.code for each in found} <= {"value-unpublished"}, "\n".join(map(render, found))


# ---- the settings


def test_the_schema_knows_every_code_that_can_be_set() -> None:
    schema = json.loads(resources.grammar_text("hygiene.schema.json"))
    properties = cast("dict[str, dict[str, object]]", schema["properties"])
    severities = list(cast("dict[str, object]", schema["$defs"]["severities"]["properties"]))
    assert sorted(severities) == sorted(DEFAULTS)
    item = cast("dict[str, dict[str, dict[str, object]]]", properties["suppress"]["items"])
    assert item["properties"]["code"]["enum"] == severities


def test_only_what_is_no_error_by_itself_can_be_set(tmp_path: Path) -> None:
    """The defaults are what the checks report, so that `settings` is the one place to look."""
    for case in ALL:
        if case.topic != "settings":
            for found in findings_of(case, tmp_path / case.topic / case.name.replace("/", "_")):
                if found.code in DEFAULTS:
                    assert found.severity is DEFAULTS[found.code]
    assert [code for code, severity in DEFAULTS.items() if severity is Severity.ERROR] == ["bidi-character"]


def test_a_finding_keeps_no_household_from_being_decided(tmp_path: Path) -> None:
    """However severe a folder makes it: loading raises for what is wrong only."""
    for file in BASE.rglob("*"):
        if file.is_file():
            target = tmp_path / file.relative_to(BASE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes().replace("cites: 二(一)1, when".encode(), b"when"))
    (tmp_path / "hygiene.yaml").write_text("format: 1\nseverity: {missing-citation: error}\n", encoding="utf-8")
    policies = engine.load(tmp_path)
    assert [str(found.severity) for found in policies.check()] == ["error"]


def test_a_file_of_settings_deeper_down_is_told(tmp_path: Path) -> None:
    (tmp_path / "cities").mkdir()
    (tmp_path / "cities" / "hygiene.yaml").write_text("format: 1\n", encoding="utf-8")
    found = Slices(read_library([tmp_path])).check_all(None, hygiene=True).diagnostics
    assert [each.code for each in found] == ["no-policy-found", "not-a-policy"]


_STALE = """format: 1
suppress:
  - {code: missing-citation, policy: province, element: causes.illness, reason: 条款尚未编号}
  - {code: missing-citation, policy: jia, element: set, reason: 条款尚未编号}
  - {code: missing-citation, policy: nowhere, element: set, reason: 条款尚未编号}
"""


def _stale_at(paths: list[Path]) -> list[str]:
    """The lines of the suppressions that are told to be of no use."""
    found = Slices(read_library(paths)).check_all(None, hygiene=True).diagnostics
    return [each.place().split(":")[1] for each in found if each.code == "unused-suppression"]


@pytest.fixture
def stale(tmp_path: Path) -> Path:
    """The base with suppressions of which none is of use."""
    folder = tmp_path / "policies"
    for file in BASE.rglob("*"):
        if file.is_file():
            target = folder / file.relative_to(BASE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    (folder / "hygiene.yaml").write_text(_STALE, encoding="utf-8")
    return folder


def test_suppressions_of_a_folder_that_was_read_are_judged(stale: Path) -> None:
    assert _stale_at([stale]) == ["3", "4", "5"]
    assert _stale_at([stale, stale / "hygiene.yaml"]) == ["3", "4", "5"]
    assert _stale_at([stale / "hygiene.yaml", stale]) == ["3", "4", "5"]


@pytest.mark.parametrize("file", ["hygiene.yaml", "divisions.csv", "province.yaml", "notes.txt", "cases.yaml"])
@pytest.mark.parametrize("beside", [True, False])
def test_suppressions_of_a_folder_that_was_not_read_are_not_judged(stale: Path, file: str, beside: bool) -> None:
    """A file of it alone, with or without the same policies elsewhere: nothing of the folder was looked for."""
    (stale / "notes.txt").write_text("", encoding="utf-8")
    (stale / "cases.yaml").write_text("cases: []\n", encoding="utf-8")
    assert _stale_at([*([BASE] if beside else []), stale / file]) == []


@pytest.mark.parametrize(
    "text", [b"\xff\xfe\x00", b"overlay: nowhere\namends: province\nset: [\n", b"overlays: nowhere\n"]
)
def test_a_suppression_of_what_could_not_be_read_is_not_judged(stale: Path, text: bytes) -> None:
    """It may be the policy that is meant."""
    (stale / "cities" / "nowhere.yaml").write_bytes(text)
    assert _stale_at([stale]) == ["3", "4"]


def test_a_suppression_of_another_policy_than_the_one_unread_is_judged(stale: Path) -> None:
    (stale / "cities" / "bing.yaml").write_bytes(b"overlay: bing\namends: province\nset: [\n")
    assert _stale_at([stale]) == ["3", "4", "5"]


def test_a_suppression_of_a_policy_of_another_folder_is_judged_by_its_own(stale: Path, tmp_path: Path) -> None:
    """It can be of use for files of its own folder only."""
    other = tmp_path / "other"
    other.mkdir()
    (stale / "cities" / "jia.yaml").rename(other / "jia.yaml")
    (stale / "standards").rename(other / "standards")
    (other / "hygiene.yaml").write_text("format: 1\n", encoding="utf-8")
    assert _stale_at([stale, other]) == ["3", "4", "5"]


# ---- places and figures


def test_elements_are_named_by_their_keys() -> None:
    library = read_library([BASE])
    tree = library.documents["province"].tree
    text = tree.span.source.text
    assert isinstance(tree, Mapping)
    for piece, element in (
        ("# 测试用", ""),
        ("policy: province", "policy"),
        ("when: 房间数", "requirements.few_rooms.when"),
        ("房间数 <=", "requirements.few_rooms.when"),
        ("primary, college]}", "lists.stages.items[1]"),
        ("college]}", "lists.stages.items[2]"),
        ("illness: 任一", "terms.present.how_many.illness"),
    ):
        assert element_at(tree, text.index(piece)) == element


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不超过36个月", [("time", 36)]),
        ("不超过三十六个月", [("time", 36)]),
        ("十二个月内", [("time", 12)]),
        ("年满六十五歲", [("time", 780)]),
        ("一学年", [("time", 12)]),
        ("十万元", [("money", 10_000_000)]),
        ("10万元以上", [("money", 10_000_000)]),
        ("十二万五千元", [("money", 12_500_000)]),
        ("5678.50元", [("money", 567_850)]),
        ("二百平方米", [("area", 200)]),
        ("九十天", [("days", 90)]),
        ("百分之六十", [("ratio", "3/5")]),
        ("60％", [("ratio", "3/5")]),
        ("2倍", [("ratio", 2)]),
        ("第2年", []),
        ("2022年", []),
        ("二〇二二年", []),
        ("12月31日", []),
        ("1月份", []),
        ("没有一辆车", []),
        ("万元户", []),
        ("一、二", []),
        ("每月", []),
    ],
)
def test_figures_are_read_from_words(text: str, expected: list[tuple[str, object]]) -> None:
    assert [(figure.kind, str(figure.value)) for figure in figures_in(text)] == [(k, str(v)) for k, v in expected]
