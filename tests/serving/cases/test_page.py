"""用例 as a page: cases run, lines coloured by what they saw, changes that nobody notices."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.serving.markup import Markup, assert_harmless
from tests.serving.rules.folders import CITY, PROVINCE, folder
from tests.serving.served import served

CASES = """\
cases: sheng
bases:
  one: {household: {id: a, application_date: 2023-06-15, county: "140105"}}
tests:
  below: {why: 刚好不够, base: one, change: {income: 777.77}, expect: {outcome: eligible}}
  above: {why: 多一分, base: one, change: {income: 777.78}, expect: {outcome: OUTCOME}}
"""


def desk(tmp_path: Path, outcome: str = "ineligible", cases: str = CASES, **texts: str) -> TestClient:
    home = folder(tmp_path / "p", **texts)
    (home / "cases").mkdir()
    (home / "cases" / "sheng.yaml").write_text(cases.replace("OUTCOME", outcome), encoding="utf-8")
    return served(home, tmp_path / "drafts")


def run(client: TestClient, **fields: str) -> Markup:
    answered = client.post("/cases", data={"csrf": client.headers["x-csrf"], **fields})
    assert answered.status_code == 200, answered.text
    return assert_harmless(answered.text)


def test_nothing_runs_before_it_is_asked_for(tmp_path: Path) -> None:
    page = assert_harmless(desk(tmp_path).get("/cases").text)
    assert "通过" not in page.text
    assert "sheng.yaml" in page.text


def test_cases_that_pass(tmp_path: Path) -> None:
    page = run(desk(tmp_path))
    assert "没有通过 0" in page.text
    assert "还缺的用例" in page.text


def test_a_case_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    page = run(desk(tmp_path, outcome="eligible"))
    assert "outcome: eligible ≠ ineligible" in page.text
    assert any(link.endswith("cases/sheng.yaml#L6") for link in page.links)


def test_only_some_of_them(tmp_path: Path) -> None:
    assert "运行 2 次" not in run(desk(tmp_path), words="below").text


def test_lines_say_what_was_seen_of_them(tmp_path: Path) -> None:
    page = run(desk(tmp_path), file="sheng.yaml")
    rows = [one["class"] for one in page.all("tr") if one.get("class") in ("all", "some", "none")]
    assert rows, "the line of the condition"
    assert PROVINCE.splitlines()[2] in "".join(page.texts)


def test_changes_that_no_case_notices(tmp_path: Path) -> None:
    text = run(desk(tmp_path), mutated="cities/shi.yaml").text
    assert "处改动，察觉" in text
    assert "shi.yaml:13" in text, "the grant, which no case is about" if "grant" in CITY else ""


def test_changes_are_tried_once_all_cases_pass(tmp_path: Path) -> None:
    assert "先改好再试改动" in run(desk(tmp_path, outcome="eligible"), mutated="sheng.yaml").text


@pytest.mark.parametrize("name", ["../../etc/passwd", "nosuch.yaml", "/etc/passwd", "cases/sheng.yaml"])
def test_only_files_of_rules_are_shown(tmp_path: Path, name: str) -> None:
    page = run(desk(tmp_path), file=name, mutated=name)
    assert "root:" not in page.text
    assert not [one for one in page.all("table") if one.get("class") == "covered"]


def test_rules_with_errors_run_nothing(tmp_path: Path) -> None:
    page = run(desk(tmp_path, city=CITY.replace("700", "900")))
    assert "outside-guard" in page.text
    assert "运行 " not in page.text.replace("运行 结果", "")


def test_what_files_say_is_text(tmp_path: Path) -> None:
    hostile = CASES.replace("{id: a,", "{id: '<script>alert(1)</script>',")
    assert "alert(1)" in run(desk(tmp_path, cases=hostile)).text, "in the household of a case that is proposed"


def test_a_case_that_is_proposed_goes_into_a_draft(tmp_path: Path) -> None:
    client = desk(tmp_path)
    page = run(client)
    fields = {one["name"]: one["value"] for one in page.all("input") if one.get("name") in ("file", "policy")}
    proposal = "  proposed_9:\r\n    why: …\r\n    base: one\r\n    expect: {outcome: eligible}\r\n"
    taken = client.post("/cases/take", data={"csrf": client.headers["x-csrf"], **fields, "proposal": proposal})
    assert taken.status_code == 303, taken.text
    opened = client.get(taken.headers["location"]).text
    assert "proposed_1:" in opened
    assert "confirmed: no" in opened


@pytest.mark.parametrize(
    "fields", [{}, {"file": "nosuch.yaml"}, {"file": "sheng.yaml", "policy": "x", "proposal": "y"}]
)
def test_a_case_for_nothing_is_not_taken(tmp_path: Path, fields: dict[str, str]) -> None:
    assert desk(tmp_path).post("/cases/take", data=fields).status_code == 404
