"""Never green by accident: each way in which a suite could pass without saying anything is an error of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.messages.testing import TESTING
from engine.testing.plan import Selection
from tests.testing.trying import HEAD, SHIPPED, Tried, tried

GOOD = "  one: {why: x, base: ill, expect: {outcome: eligible}}\n"
CITY = """\
format: 1
overlay: stricter
title: 从严
amends: taiyuan
jurisdiction: "140105"
status: draft
from: 2023-01-01
set: {asset_months: 12 月}
"""
# what is written below the head, and the fault with the place where it is told
BAD: dict[str, tuple[str, str]] = {
    "case-expects-nothing": ("  one: {why: x, base: ill, expect: {}}\n", "15:3"),
    "case-without-household": ("  one: {why: x, expect: {outcome: eligible}}\n", "15:3"),
    "case-unknown-base": ("  one: {why: x, base: il, expect: {outcome: eligible}}\n", "15:23"),
    "case-unknown-place": (
        '  one: {why: x, base: ill, change: {county: "140199"}, expect: {outcome: eligible}}\n',
        "15:3",
    ),
    "case-unknown-fact": ("  one: {why: x, base: ill, change: {income: 5}, expect: {outcome: eligible}}\n", "15:37"),
    "case-bad-path": ("  one: {why: x, base: ill, change: {income 12: 5}, expect: {outcome: eligible}}\n", "15:37"),
    "case-no-such-item": (
        "  one: {why: x, base: ill, change: {members.2.tuition: 5}, expect: {outcome: eligible}}\n",
        "15:37",
    ),
    "case-unknown-cause": ("  one: {why: x, base: ill, expect: {causes: {ilness: met}}}\n", "15:46"),
    "case-unknown-condition": ("  one: {why: x, base: ill, expect: {conditions: {illness.asets: met}}}\n", "15:50"),
    "case-unknown-requirement": ("  one: {why: x, base: ill, expect: {requirements: {vehicle: met}}}\n", "15:52"),
    "case-unknown-output": ("  one: {why: x, base: ill, expect: {outputs: {shortfal: 5}}}\n", "15:47"),
    "case-unknown-reading": ("  one: {why: x, base: ill, expect: {readings: {nurseri: {a: eligible}}}}\n", "15:58"),
    "case-unknown-option": (
        "  one: {why: x, base: ill, expect: {readings: {nursery: {all: eligible}}}}\n",
        "15:58",
    ),
    "case-unknown-referral": ("  one: {why: x, base: ill, expect: {referrals: [medical]}}\n", "15:48"),
    "case-unknown-code": ("  one: {why: x, base: ill, expect: {warnings: [stale]}}\n", "15:48"),
    "case-unknown-given": (
        "  one: {why: x, base: ill, given: {standard: 5}, expect: {outcome: eligible}}\n",
        "15:46",
    ),
    "case-no-such-file": ("  one: {why: x, file: a.json, expect: {outcome: eligible}}\n", "15:23"),
    "case-table-empty": (
        "  one: {why: x, base: ill, table: {columns: {a: expect.outcome}, rows: []}}\n",
        "15:35",
    ),
    "case-column-empty": (
        "  one: {why: x, base: ill, expect: {outcome: eligible}, table: {columns: {a: expect.missing}, rows: [[~]]}}\n",
        "15:75",
    ),
    "case-row-length": (
        "  one: {why: x, base: ill, table: {columns: {a: expect.outcome}, rows: [[eligible, eligible]]}}\n",
        "15:73",
    ),
    "case-bad-column": (
        "  one: {why: x, base: ill, expect: {outcome: eligible}, table: {columns: {a: expect.outcom}, rows: [[a]]}}\n",
        "15:78",
    ),
    "case-unknown-word": (
        "  one: {why: x, base: ill, table: {columns: {a: expect.outcome}, rows: [[eligable]]}}\n",
        "15:74",
    ),
}


def faults(found: Tried) -> list[tuple[str, str]]:
    return [
        (one.code, f"{one.span.line}:{one.span.column}" if one.span is not None else "")
        for one in found.found.diagnostics
    ]


@pytest.mark.parametrize("code", BAD)
def test_a_case_that_says_nothing_is_an_error_at_its_place(code: str, tmp_path: Path) -> None:
    body, place = BAD[code]
    found = tried(tmp_path, {"cases.yaml": HEAD + body + GOOD.replace("one", "good")})
    assert (code, place) in faults(found), faults(found)
    assert {other for other, _ in faults(found)} == {code}
    assert not found.found.passed
    assert found.named("good").passed, "what is sound runs all the same"


def test_every_code_has_both_languages_and_a_test() -> None:
    elsewhere = {
        *("no-case-found", "no-case-selected", "policy-without-case", "cause-without-case", "change-without-case"),
        *("expectation-not-evaluated", "case-twice", "case-here", "case-base-circle", "case-household-unreadable"),
        *("case-policy-broken", "case-unknown-policy", "case-unknown-column", "case-no-such-column"),
        *("difference-unknown-case", "difference-not-run", "difference-twice", "difference-gone"),
        "case-unconfirmed",  # tests/testing/test_unconfirmed.py
        # tests/testing/test_saved_tables.py
        *("case-given-item", "case-given-value", "case-several-sheets", "case-no-such-sheet", "key-too-long"),
    }
    assert set(BAD) | elsewhere <= set(TESTING)
    # how a failed case and coverage are told is the reports' business
    assert all(code.startswith(("coverage-", "case-fails")) for code in set(TESTING) - set(BAD) - elsewhere)


def test_no_case_found(tmp_path: Path) -> None:
    (tmp_path / "0").mkdir()
    every: list[dict[str, str | bytes]] = [
        {},
        {"other.yaml": "a: 1\n"},
        {"cases.yaml": "cases: shanxi_2022_60\ntests: {}\n"},
    ]
    for place, files in enumerate(every):
        found = tried(tmp_path / str(place), files)
        assert found.codes == ["no-case-found"]
        assert not found.found.passed


@pytest.mark.parametrize(
    ("selection", "code"),
    [
        (Selection(("oen",)), "no-case-selected"),
        (Selection(("one", "nothing")), "no-case-selected"),
        (Selection((), "shanxi_2022_61"), "unknown-policy"),
        (Selection(("one@taiyuan",), "datong"), "no-case-selected"),
    ],
)
def test_a_filter_that_matches_nothing(selection: Selection, code: str, tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": HEAD + GOOD}, selection=selection)
    assert found.codes == [code]
    assert not found.found.passed


def test_the_nearest_name_is_offered(tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": HEAD + BAD["case-unknown-cause"][0]})
    assert dict(found.found.diagnostics[0].params)["suggestion"] == "illness"
    found = tried(tmp_path, {"cases.yaml": HEAD + GOOD}, selection=Selection(("oen",)))
    assert dict(found.found.diagnostics[0].params)["suggestion"] == "one"


def test_a_policy_that_does_not_exist_or_has_errors(tmp_path: Path) -> None:
    found = tried(tmp_path / "a", {"cases.yaml": (HEAD + GOOD).replace("shanxi_2022_60", "shanxi_2022_6")})
    assert found.codes == ["case-unknown-policy"]
    files = {"cases.yaml": (HEAD + GOOD).replace("shanxi_2022_60", "stricter"), "city.yaml": CITY.replace("月", "年年")}
    found = tried(tmp_path / "b", dict(files))
    assert "case-policy-broken" in found.codes
    assert not found.found.passed


def test_a_name_used_twice(tmp_path: Path) -> None:
    twice: dict[str, str | bytes] = {"a.yaml": HEAD + GOOD, "b.yaml": HEAD + GOOD}
    assert tried(tmp_path / "a", twice).codes == ["case-twice"]
    city: dict[str, str | bytes] = {"a.yaml": HEAD + GOOD, "b.yaml": (HEAD + GOOD).replace("shanxi_2022_60", "taiyuan")}
    assert tried(tmp_path / "b", city).codes == ["case-twice"]
    cities: dict[str, str | bytes] = {
        "a.yaml": (HEAD + GOOD).replace("shanxi_2022_60", "taiyuan"),
        "b.yaml": (HEAD + GOOD).replace("shanxi_2022_60", "datong").replace("140105", "140213"),
    }
    assert tried(tmp_path / "c", cities).codes == []


def test_bases_that_go_round_and_files_that_are_no_household(tmp_path: Path) -> None:
    circle = HEAD.replace("bases:\n", "bases:\n  a: {base: b}\n  b: {base: a}\n")
    found = tried(tmp_path / "a", {"cases.yaml": circle + GOOD.replace("ill", "a")})
    assert found.codes == ["case-base-circle"]
    body = GOOD.replace("base: ill", "file: a.json")
    for text in ("[]", "{", '{"a": 1, "a": 2}'):
        found = tried(tmp_path / "b", {"cases.yaml": HEAD + body, "a.json": text})
        assert found.codes == ["case-household-unreadable"]
    found = tried(tmp_path / "c", {"cases/cases.yaml": HEAD + body.replace("a.json", "../../a.json"), "x.json": "{}"})
    assert found.codes == ["path-outside"]


def test_columns_of_a_csv_that_nobody_reads(tmp_path: Path) -> None:
    body = "  one: {why: x, base: ill, table: {file: t.csv, columns: {income: income_12m, outcome: expect.outcome}}}\n"
    found = tried(tmp_path, {"cases.yaml": HEAD + body, "t.csv": "income,outcom\n20000,eligible\n"})
    assert found.codes == ["case-column-empty", "case-expects-nothing", "case-no-such-column", "case-unknown-column"]


def test_a_file_that_is_refused_for_its_structure_is_not_passed_over(tmp_path: Path) -> None:
    found = tried(tmp_path, {"a.yaml": HEAD + GOOD, "b.yaml": "cases: shanxi_2022_60\ntets: {}\n"})
    assert "unknown-key-here" in found.codes
    assert not found.found.passed


# ---- the whole


def test_what_no_case_speaks_of(tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": HEAD + GOOD, "city.yaml": CITY}, whole=True)
    assert "policy-without-case" in found.codes
    told = {
        (one.code, dict(one.params).get("cause") or dict(one.params).get("change")) for one in found.found.diagnostics
    }
    assert {("cause-without-case", cause) for cause in ("illness", "disability", "education", "multiple")} <= told
    assert ("change-without-case", "set.asset_months 2023-01-01") in told
    assert ("change-without-case", "set.dibao_standard 2023-01-01") in told
    assert not found.found.passed


def test_a_case_of_the_overlay_counts_for_its_changes(tmp_path: Path) -> None:
    city = (HEAD + GOOD.replace("one", "city")).replace("shanxi_2022_60", "stricter")
    found = tried(tmp_path, {"cases.yaml": city, "city.yaml": CITY}, whole=True)
    told = {dict(one.params).get("change") for one in found.found.diagnostics if one.code == "change-without-case"}
    assert "set.asset_months 2023-01-01" not in told
    assert "set.dibao_standard 2023-01-01" in told, "the case fixes the standard, so that the city's was not tried"


def test_the_shipped_policies_stand_apart(tmp_path: Path) -> None:
    assert SHIPPED.is_dir()
    assert not tmp_path.is_relative_to(SHIPPED)
