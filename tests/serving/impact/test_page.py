"""影响 as a page: a draft against what is published, over drawn households, JSON and tables."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.cli.serve_work import compared, households
from engine.serving.drafts.store import Draft, sha
from engine.serving.people.person import OWNER
from engine.serving.settings import Settings
from tests.serving.impact.test_impact import household
from tests.serving.markup import Markup, assert_harmless
from tests.serving.rules.folders import CITY, folder
from tests.serving.served import WORK, asked, desk_of, signed_in

FILE = "cities/shi.yaml"


class Desk:
    def __init__(self, tmp_path: Path) -> None:
        home = folder(tmp_path / "p")
        work = replace(WORK, compare=compared, households=households)
        self.client: TestClient = signed_in(asked(Settings((str(home),), str(tmp_path / "drafts")), work))
        drafts = desk_of(self.client).drafts
        assert drafts is not None
        self.drafts = drafts
        made = drafts.create(OWNER, "放宽")
        assert isinstance(made, Draft)
        self.draft = made.id
        self.write(CITY.replace("value: 700", "value: 750"))

    def write(self, text: str) -> None:
        held = self.drafts.get(self.draft)
        assert held is not None
        expected = self.drafts.text(held, FILE)
        assert expected is not None
        assert isinstance(self.drafts.write(self.draft, FILE, text, sha(expected), OWNER), Draft)

    def post(self, status: int = 200, file: tuple[str, bytes] | None = None, **fields: str) -> Markup:
        given = {"csrf": self.client.headers["x-csrf"], "source": "drawn" if file is None else "file", **fields}
        files = None if file is None else {"file": file}
        answered = self.client.post(f"/impact?draft={self.draft}", data=given, files=files)
        assert answered.status_code == status, answered.text
        return assert_harmless(answered.text)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_without_a_draft_one_is_to_be_chosen(desk: Desk) -> None:
    page = assert_harmless(desk.client.get("/impact").text)
    assert f"/impact?draft={desk.draft}" in page.links
    assert not [one for one in page.all("form") if one.get("enctype")]


def test_drawn_households(desk: Desk) -> None:
    page = desk.post(count="300", seed="1")
    assert "看了 300 户" in page.text
    assert "核算收入低于收入上限" in page.text
    assert any(link.startswith("/rules/file/sheng.yaml") and link.endswith("#L33") for link in page.links)


@pytest.mark.parametrize("count", ["", "0", "-1", "5001", "１０", "ten", "1" * 500])
def test_how_many_is_told_where_it_cannot_be(desk: Desk, count: str) -> None:
    assert "个数要写 1 至 5000" in desk.post(422, count=count).text


def test_households_of_a_file(desk: Desk) -> None:
    one, other = household("甲", "777.78"), household("乙", "9999")
    for name, data in (
        ("h.json", json.dumps([one, other]).encode()),
        ("h.ndjson", b"\xef\xbb\xbf" + "\r\n".join(map(json.dumps, (one, other))).encode()),
        ("H.JSON", json.dumps(one).encode()),
    ):
        page = desk.post(file=(name, data))
        assert "甲" in page.text
        assert "新增符合 1" in page.text, "and by which condition"


def test_a_table_is_read_as_by_the_command(desk: Desk) -> None:
    table = "家庭编号,申请日期,行政区划代码,月收入\nH-1,2023-06-15,140105,777.78\nH-2,2023-06-15,140105,12.345\n"
    page = desk.post(file=("家庭.csv", table.encode("gb18030")))
    assert "看了 2 户" in page.text
    assert "1 户不予认定" in page.text
    assert "H-1" in page.text


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("h.json", b"", "先选一个文件"),
        ("h.json", b"hello", "不是家庭的 JSON"),
        ("h.json", b"[]", "文件里没有家庭"),
        ("h.csv", b"\x00\x01", ""),
        ("h.xlsx", b"PK\x03\x04", ""),
        ("../../etc/passwd", b"root", ""),
    ],
)
def test_a_file_that_is_none(desk: Desk, name: str, data: bytes, told: str) -> None:
    page = desk.post(422, file=(name, data))
    assert told in page.text


def test_what_households_say_is_text(desk: Desk) -> None:
    page = desk.post(file=("h.json", json.dumps(household("<script>alert(1)</script>", "777.78")).encode()))
    assert "alert(1)" in page.text


def test_a_draft_that_does_not_pass_is_told(desk: Desk) -> None:
    desk.write(CITY.replace("value: 700", "value: 900"))
    assert "没有通过" in desk.post(422).text


def test_what_it_does_for_all_households_is_proved(desk: Desk) -> None:
    text = desk.post(prove="yes", count="1").text
    assert "放宽" in text
    assert "已发布 → 草稿" in text


def test_without_the_extras_the_page_says_less(desk: Desk) -> None:
    held = desk_of(desk.client)
    held.work = replace(held.work, compare=None, households=None)
    page = assert_harmless(desk.client.get(f"/impact?draft={desk.draft}").text)
    assert "prove" not in [one.get("name") for one in page.all("input")]
    assert "doudi[screen]" in desk.post(422, file=("h.csv", b"a,b\n1,2\n")).text


def test_a_change_of_some_later_day_is_looked_at_on_that_day(desk: Desk) -> None:
    """Next year's figures change nothing today."""
    later = CITY.replace("{value: 700 元/月}", "[{value: 700 元/月}, {from: 2024-03-01, value: 750 元/月}]")
    desk.write(later)
    shown = assert_harmless(desk.client.get(f"/impact?draft={desk.draft}").text)
    assert next(one for one in shown.all("input") if one.get("name") == "day")["value"] == "2024-03-01"
    assert "没有一户有变化" in desk.post(count="300", seed="1").text
    assert "户有变化。" in desk.post(count="300", seed="1", day="2024-03-01").text
    assert "不能是 x" in desk.post(422, count="300", day="x").text
