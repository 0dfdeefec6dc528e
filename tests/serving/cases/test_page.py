"""用例 as a page: cases run, lines coloured by what they saw, changes that nobody notices."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.serving.markup import Markup, assert_harmless
from tests.serving.rules.folders import CITY, PROVINCE, folder
from tests.serving.served import desk_of, served

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
    assert "还缺的用例" not in page.text, "a part that is still to come"


def test_a_case_that_fails_is_told_with_its_line(tmp_path: Path) -> None:
    page = run(desk(tmp_path, outcome="eligible"))
    assert "outcome: eligible ≠ ineligible" in page.text
    assert any(link.endswith("cases/sheng.yaml#L6") for link in page.links)


def test_only_some_of_them(tmp_path: Path) -> None:
    assert "运行 2 次" not in run(desk(tmp_path), words="below").text


def test_lines_say_what_was_seen_of_them(tmp_path: Path) -> None:
    page = run(desk(tmp_path), do="see", file="sheng.yaml")
    rows = [one["class"] for one in page.all("tr") if one.get("class") in ("all", "some", "none")]
    assert rows, "the line of the condition"
    assert PROVINCE.splitlines()[2] in "".join(page.texts)


def test_changes_that_no_case_notices(tmp_path: Path) -> None:
    text = run(desk(tmp_path), do="change", mutated="cities/shi.yaml").text
    assert "处改动，察觉" in text
    assert "shi.yaml:13" in text, "the grant, which no case is about" if "grant" in CITY else ""


def test_changes_are_tried_once_all_cases_pass(tmp_path: Path) -> None:
    assert "先改好再试改动" in run(desk(tmp_path, outcome="eligible"), mutated="sheng.yaml").text


# ---- in parts


def forms(page: Markup) -> dict[str, dict[str, str]]:
    """The parts that are still to come, by what each asks for."""
    found, fields = {}, {}
    for one in page.elements:
        if one.tag == "form":
            fields = {"trigger": one.attributes.get("hx-trigger", ""), "doing": one.attributes.get("data-doing", "")}
        elif one.tag == "input" and one.attributes.get("name") == "do":
            found[one.attributes["value"]] = fields
        if one.tag == "input" and "name" in one.attributes:
            fields[one.attributes["name"]] = one.attributes.get("value", "")
    return found


def test_what_takes_long_comes_in_parts_one_after_the_other_and_says_what_is_done(tmp_path: Path) -> None:
    client = desk(tmp_path)
    asked = {"words": "", "file": "sheng.yaml", "mutated": "sheng.yaml"}
    parts = forms(run(client, **asked))
    assert {do: one["trigger"] for do, one in parts.items()} == {"see": "submit, load", "change": ""}
    assert all(one["doing"] for one in parts.values())
    assert all({name: one[name] for name in asked} == asked for one in parts.values())
    parts = forms(run(client, do="see", **asked))
    assert {do: one["trigger"] for do, one in parts.items()} == {"change": "submit, load"}
    page = run(client, do="change", **asked)
    assert "每一处都有用例察觉" in page.text or page.all("ul")
    assert {do: one["trigger"] for do, one in forms(page).items()} == {"see": ""}, "by its button"


def test_changes_are_tried_piece_by_piece_and_come_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = desk(tmp_path)
    asked = {"do": "change", "words": "", "file": "", "mutated": "sheng.yaml"}
    whole = run(client, **asked)
    monkeypatch.setattr("engine.serving.cases.FIRST_SECONDS", 0)
    monkeypatch.setattr("engine.serving.cases.MOST_SECONDS", 0)
    page, pieces = run(client, **asked), 1
    while left := forms(page).get("change"):
        assert left["tried"] == str(pieces)
        [bar] = [one for one in page.all("progress") if "value" in one]
        assert bar["value"] == str(pieces)
        page, pieces = (
            run(client, **{**asked, **{name: left[name] for name in ("mark", "tried", "survived")}}),
            pieces + 1,
        )
        assert pieces < 100
    assert pieces > 3
    assert survivors(page) == survivors(whole)
    assert f"试了 {pieces} 处改动" in page.text


def survivors(page: Markup) -> str:
    return page.text.partition("没有用例察觉的改动")[2]


@pytest.mark.parametrize(
    "odd",
    [
        {"mark": "x", "tried": "3", "survived": "1"}, {"tried": "-1"}, {"tried": "9" * 50}, {"tried": "²"},
        {"tried": "999999999"}, {"survived": "a b"}, {"tried": "2", "survived": "0 0 1 7"},
    ],
)  # fmt: skip
def test_what_odd_pieces_are_posted_ends_all_the_same(tmp_path: Path, odd: dict[str, str]) -> None:
    client = desk(tmp_path)
    mark = desk_of(client).live.now.fingerprint
    page = run(client, **{"do": "change", "mutated": "sheng.yaml", "mark": mark, **odd})
    assert "处改动，察觉" in page.text
    assert "-" not in page.text.partition("试了")[2].partition("处改动，察觉")[0]


def test_of_rules_that_changed_meanwhile_all_changes_are_tried_anew(tmp_path: Path) -> None:
    client = desk(tmp_path)
    page = run(client, do="change", mutated="sheng.yaml", mark="of before", tried="2", survived="0 1")
    assert survivors(page) == survivors(run(client, do="change", mutated="sheng.yaml"))


@pytest.mark.parametrize("name", ["../../etc/passwd", "nosuch.yaml", "/etc/passwd", "cases/sheng.yaml"])
def test_only_files_of_rules_are_shown(tmp_path: Path, name: str) -> None:
    for do in ("run", "see", "change"):
        page = run(desk(tmp_path / do), do=do, file=name, mutated=name)
        assert "root:" not in page.text
        assert not [one for one in page.all("table") if one.get("class") == "covered"]
        assert "处改动，察觉" not in page.text


def test_rules_with_errors_run_nothing(tmp_path: Path) -> None:
    page = run(desk(tmp_path, city=CITY.replace("700", "900")))
    assert "outside-guard" in page.text
    assert "次：通过" not in page.text


def test_what_files_say_is_text(tmp_path: Path) -> None:
    hostile = CASES.replace("{id: a,", "{id: '<script>alert(1)</script>',")
    assert "alert(1)" in run(desk(tmp_path, cases=hostile), do="see").text, (
        "in the household of a case that is proposed"
    )


def test_a_case_that_is_proposed_goes_into_a_draft(tmp_path: Path) -> None:
    client = desk(tmp_path)
    page = run(client, do="see")
    assert "没有人核对过" in page.text, "before it is taken"
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
