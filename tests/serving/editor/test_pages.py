"""The editor as it is asked for: the page that needs no script, and the answers for the script over it."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from anyio import run, to_thread
from starlette.requests import Request
from starlette.testclient import TestClient

from engine.editing.workspace import Snapshot
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.serving.drafts.store import Draft
from engine.serving.drafts.texts import sha
from engine.serving.pages import editor
from tests.faults.system import Act, refusing
from tests.serving.markup import HOSTILE, Markup, assert_harmless
from tests.serving.rules.folders import CITY, folder
from tests.serving.served import asked as served_with
from tests.serving.served import desk_of, served, signed_in

FILE = "cities/shi.yaml"
WRONG = CITY.replace("title: 市", "title：市")


@dataclass
class Desk:
    """Somebody with a draft of one file."""

    client: TestClient
    home: Path
    address: str

    @property
    def draft(self) -> str:
        return parse_qs(urlsplit(self.address).query)["draft"][0]

    def read(self, status: int = 200) -> Markup:
        answered = self.client.get(self.address)
        assert answered.status_code == status, answered.text
        return assert_harmless(answered.text)

    def post(self, text: str, do: str, status: int = 200, **more: str) -> Markup:
        expected = more.pop("expected", sha(CITY))
        fields = {"text": text.replace("\n", "\r\n"), "expected": expected, "do": do, **more}
        answered = self.client.post(self.address, data=fields)
        assert answered.status_code == status, answered.text
        return assert_harmless(answered.text)

    def ask(self, what: str, text: str, status: int = 200, **more: object) -> dict[str, Any]:
        body = {"path": FILE, "text": text, **more}
        answered = self.client.post(f"/rules/editor/{what}?draft={self.draft}", json=body)
        assert answered.status_code == status, answered.text
        told: dict[str, Any] = answered.json()
        return told

    def kept(self) -> str | None:
        drafts = desk_of(self.client).drafts
        assert drafts is not None
        draft = drafts.get(self.draft)
        assert isinstance(draft, Draft)
        return drafts.text(draft, FILE)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    home = folder(tmp_path / "p")
    client = served(home, tmp_path / "drafts")
    answered = client.post("/rules/edit/start", data={"file": FILE})
    assert answered.status_code == 303, answered.text
    yield Desk(client, home, answered.headers["location"])
    assert (home / FILE).read_text(encoding="utf-8") == CITY, "the published file is as it was"


def field(page: Markup, name: str) -> str:
    return next(one["value"] for one in page.all("input") if one.get("name") == name)


# ---- the page


def test_the_page_leads_to_a_draft_and_goes_on_with_it(desk: Desk) -> None:
    page = Markup(desk.client.get(f"/rules/document/shi?draft={desk.draft}").text)
    form = next(one for one in page.all("form") if one.get("method") == "post")
    answered = desk.client.post(form["action"], data={"file": FILE})
    assert answered.headers["location"] == desk.address


def test_the_text_and_its_mark_stand_in_a_plain_form(desk: Desk) -> None:
    page = desk.read()
    assert field(page, "expected") == sha(CITY)
    assert "没有发现问题" in page.text or "提示" in page.text
    assert CITY in "".join(page.texts)
    first = page.elements.index(next(one for one in page.elements if one.attributes.get("id") == "edit")) + 1
    assert page.elements[first].attributes["name"] == "csrf", "the mark of the session is the first field"


def test_a_text_that_begins_with_an_empty_line_keeps_it(desk: Desk) -> None:
    desk.post(f"\n\n{CITY}", "save", 303)
    answered = desk.client.get(desk.address).text
    assert f">\n\n\n{CITY[:20]}" in answered, "a field drops the first line end that it begins with"


def test_what_is_wrong_is_listed_with_links_to_lines_and_repairs(desk: Desk) -> None:
    page = desk.post(WRONG, "check")
    assert "#L3" in page.links
    assert "L3" in page.ids, "of the text with line numbers"
    assert "full-width-colon" in page.text
    fix = next(one for one in page.all("button") if one.get("value", "").startswith("fix-"))
    assert fix["form"] == "edit"
    mended = desk.post(WRONG, fix["value"])
    assert CITY in "".join(mended.texts)
    assert "data-unsaved" in next(iter(mended.all("textarea")))
    assert desk.kept() == CITY, "nothing was kept by that"


@pytest.mark.parametrize("do", ["format", "repair"])
def test_a_text_is_set_in_form_and_repaired_without_a_script(desk: Desk, do: str) -> None:
    text = CITY.replace("from: 2023-02-01", "from:   2023-02-01") if do == "format" else WRONG
    assert CITY in "".join(desk.post(text, do).texts)


def test_a_text_is_kept_and_shown_again(desk: Desk) -> None:
    text = CITY.replace("700", "650")
    answered = desk.client.post(desk.address, data={"text": text, "expected": sha(CITY), "do": "save"})
    assert answered.status_code == 303
    page = assert_harmless(desk.client.get(answered.headers["location"]).text)
    assert "已保存到草稿" in page.text
    assert desk.kept() == text
    assert "650 元/月" in desk.client.get(f"/rules/document/shi?draft={desk.draft}").text
    assert "650 元/月" not in desk.client.get("/rules/document/shi").text


def test_the_second_is_led_to_where_both_texts_are_shown(desk: Desk) -> None:
    first, second = CITY.replace("700", "650"), CITY.replace("700", "600")
    desk.post(first, "save", 303)
    answered = desk.client.post(desk.address, data={"text": second, "expected": sha(CITY), "do": "save"})
    assert answered.status_code == 303
    page = assert_harmless(desk.client.get(answered.headers["location"]).text)
    assert "两份都留着" in page.text
    assert second in "".join(page.texts)
    assert desk.kept() == first


def test_what_cannot_be_kept_is_told(desk: Desk) -> None:
    page = desk.post("#" * (1 << 20) + "\n" + CITY, "save", 422)
    assert "没有保存：文件太大" in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/rules/edit?draft=000000000000&file=cities/shi.yaml",
        "/rules/edit?draft=../../x&file=cities/shi.yaml",
        "/rules/edit?file=cities/shi.yaml",
    ],
)
def test_without_a_draft_there_is_nothing_to_edit(desk: Desk, address: str) -> None:
    assert desk.client.get(address).status_code == 404


@pytest.mark.parametrize(
    "file", ["../p/sheng.yaml", "/etc/passwd", "no.yaml", "cities", "cities/shi.yaml/..", "", "a\0b.yaml"]
)
def test_nothing_outside_the_folder_is_edited(desk: Desk, file: str) -> None:
    assert desk.client.get("/rules/edit", params={"draft": desk.draft, "file": file}).status_code == 404
    assert desk.client.post("/rules/edit/start", data={"file": file}).status_code == 404
    asked = {"path": file, "text": "x", "expected": ""}
    assert desk.client.post(f"/rules/editor/save?draft={desk.draft}", json=asked).status_code == 404


def test_nothing_that_was_written_becomes_markup(desk: Desk) -> None:
    bad = json.dumps(HOSTILE, ensure_ascii=False)
    text = CITY.replace("title: 市里的规定", f"title: {bad}").replace("set:\n", f"set:\n  {bad}: 1\n")
    page = desk.post(text, "check")
    assert "<script>alert(1)</script>" in page.text
    told = desk.ask("problems", text)
    assert "<script>" in json.dumps(told), "text for the script, which makes no markup of it"
    answered = desk.client.post(f"/rules/editor/problems?draft={desk.draft}", json={"path": FILE, "text": text})
    assert answered.headers["content-type"] == "application/json"
    desk.post(text, "save", 303)
    assert "<script>alert(1)</script>" in desk.read().text


# ---- answers for the script


def test_problems_come_with_their_repairs(desk: Desk) -> None:
    told = desk.ask("problems", WRONG)
    assert told["summary"].startswith("1 个错误")
    (one,) = [one for one in told["problems"] if one["severity"] == "error"]
    assert (one["code"], one["line"], one["fixes"][0]["title"]) == ("full-width-colon", 3, "改为 :")


def test_answers_speak_the_language_of_the_reader(desk: Desk) -> None:
    body = {"path": FILE, "text": WRONG}
    answered = desk.client.post(f"/rules/editor/problems?draft={desk.draft}&lang=en", json=body)
    assert answered.json()["summary"].startswith("errors: 1")


def test_what_may_be_written_and_what_it_is_are_told_at_once(desk: Desk) -> None:
    text = CITY.replace("  limit:", "  li")
    assert desk.ask("completion", text, at=text.index("  li") + 4)["items"][0]["label"] == "limit"
    assert desk.ask("hover", CITY, at=CITY.index("limit"))["text"].startswith("**收入上限**")
    assert desk.ask("signature", CITY, at=0) == {}


@pytest.mark.parametrize("at", [-5, 10**30])
def test_a_place_that_is_nowhere_is_the_nearest(desk: Desk, at: int) -> None:
    assert desk.ask("completion", CITY, at=at)["items"] is not None


@pytest.mark.parametrize("path", ["new.csv", "x.bak/y.yaml", "new.yaml"])
def test_of_a_file_that_is_not_read_nothing_is_told(desk: Desk, path: str) -> None:
    for what in ("problems", "completion", "format", "repair"):
        body = {"path": path, "text": "a: 1\n", "at": 1}
        assert desk.client.post(f"/rules/editor/{what}?draft={desk.draft}", json=body).status_code == 200, what


def test_half_a_character_breaks_nothing(desk: Desk) -> None:
    body = b'{"path": "cities/shi.yaml", "text": "a: \\ud800\\n", "at": 3}'
    for what in ("problems", "completion", "hover", "format"):
        answered = desk.client.post(f"/rules/editor/{what}?draft={desk.draft}", content=body)
        assert answered.status_code == 200, (what, answered.text)


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("problems", b"", 400),
        ("problems", b"[]", 400),
        ("problems", b"{" * 100_000, 400),
        ("problems", b'{"path": "cities/shi.yaml", "text": "' + b"x" * (9 << 20) + b'"}', 413),
        ("nothing", b'{"path": "cities/shi.yaml", "text": ""}', 404),
        ("completion", b'{"path": "cities/shi.yaml", "text": "", "at": true}', 404),
        ("completion", b'{"path": "cities/shi.yaml", "text": "", "at": "1"}', 404),
        ("problems", b'{"path": ["a"], "text": {}}', 404),
    ],
)
def test_what_is_no_question_is_refused(desk: Desk, what: str, body: bytes, status: int) -> None:
    assert desk.client.post(f"/rules/editor/{what}?draft={desk.draft}", content=body).status_code == status


def test_a_text_is_kept_where_nobody_was_faster(desk: Desk) -> None:
    text = CITY.replace("700", "650")
    told = desk.ask("save", text, expected=sha(CITY))
    assert (told["expected"], desk.kept()) == (sha(text), text)
    desk.ask("save", CITY.replace("700", "600"), 409, expected=sha(CITY))
    assert desk.kept() == text


def test_work_that_nobody_waits_for_is_given_up(desk: Desk) -> None:
    """The browser calls a question off when more was typed: what is being worked out meets the end soon."""
    snapshot, begun = Snapshot.open([desk.home]), Event()

    async def gone() -> dict[str, Any]:
        await to_thread.run_sync(begun.wait)
        return {"type": "http.disconnect"}

    def work() -> dict[str, object]:
        begun.set()
        while True:
            snapshot.library.checkpoint()  # as the check does, again and again

    async def asked() -> int:
        request = Request({"type": "http", "headers": []}, gone)
        return (await editor._unless_gone(request, snapshot, work)).status_code

    assert run(asked) == 499


# ---- who may


def test_a_file_whose_name_drafts_do_not_know_is_not_edited_here(desk: Desk) -> None:
    (desk.home / "县 里.yaml").write_text(CITY.replace("overlay: shi", "overlay: xian"), encoding="utf-8")
    page = assert_harmless(served(desk.home, desk.home.parent / "drafts").get("/rules/file/县 里.yaml").text)
    assert "这份文件不能在这里改：要在 --policies 写的第一个文件夹 p 里" in page.text


USERS = """\
format: 1
users:
  - {name: zhang, label: 张三, proxy: zhang, jurisdiction: "1402"}
  - {name: li, label: 李四, proxy: li}
"""


def as_user(desk: Desk, name: str) -> Desk:
    """Somebody else, on the same drafts."""
    users = desk.home.parent / "users.yaml"
    users.write_text(USERS, encoding="utf-8")
    settings = replace(desk_of(desk.client).settings, users=str(users))
    return Desk(signed_in(served_with(settings), name), desk.home, desk.address)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("zhang", "这份文件属于太原市（1401），您的账号可以改的是：大同市（1402）。"),
        ("li", "您的账号只能看，不能改。"),
    ],
)
def test_another_city_sees_why_and_changes_nothing(desk: Desk, name: str, why: str) -> None:
    desk = as_user(desk, name)
    page = assert_harmless(desk.client.get("/rules/document/shi").text)
    assert why in page.text
    assert not [one for one in page.all("form") if one.get("action", "").startswith("/rules/edit")]
    desk.read(403)
    desk.post(CITY.replace("700", "1"), "save", 403)
    desk.ask("save", CITY.replace("700", "1"), 403, expected=sha(CITY))
    assert desk.client.post("/rules/edit/start", data={"file": FILE}).status_code == 403
    assert desk.kept() == CITY


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_disk_that_takes_no_draft_is_told_as_one(desk: Desk, number: int) -> None:
    def full(act: Act, arguments: tuple[object, ...]) -> OSError | None:
        del arguments
        return OSError(number, "") if act is os.write else None

    with refusing(full):
        page = desk.post(CITY.replace("800", "801"), "save", 507)
    assert {errno.ENOSPC: "磁盘已满", errno.EACCES: "没有权限"}[number] in page.text
    assert str(desk.home.parent) not in page.html
    assert desk.kept() == CITY


def test_the_longest_text_of_a_file_fits_into_what_may_be_posted(desk: Desk) -> None:
    """A form that wrote three escapes for each character would not let it through."""
    forms = [one for one in desk.read().all("form") if one.get("id") == "edit"]
    assert [one["enctype"] for one in forms] == ["multipart/form-data"]
    fields = {"text": (None, "长" * (MAX_TABLE_BYTES // 3)), "do": (None, "save"), "expected": (None, sha(CITY))}
    answered = desk.client.post(desk.address, files=fields)
    assert answered.status_code == 422, "of a table it would be kept, of rules it is told that it is too large"
    answered = desk.client.post(desk.address, files={**fields, "text": (None, "x" * (6 << 20))})
    assert answered.status_code == 413
    assert_harmless(answered.text)
    told = desk.client.post(
        "/rules/editor/hover", content=b" " * (6 << 20), headers={"content-type": "application/json"}
    )
    assert (told.status_code, told.json()["code"]) == (413, "body-too-large"), "its script reads no page"


# ---- what the language server offers as well


def test_words_are_told_by_what_they_mean(desk: Desk) -> None:
    looks = desk.ask("looks", CITY)["looks"]
    assert {look for _, _, look in looks} >= {"parameter"}
    assert all(0 <= start < end <= len(CITY) for start, end, _ in looks)


def test_a_finding_is_left_out_in_the_draft_and_its_reason_asked_for(desk: Desk) -> None:
    unused = CITY.replace("value: 700 元/月", "value: 800 元/月")  # what it is already
    problems = desk.ask("problems", unused)["problems"]
    number = next(at for at, one in enumerate(problems) if one["leave"])
    page = desk.post(unused, f"leave-{number}")
    assert "理由还空着" in page.text
    assert any("hygiene.yaml" in link for link in page.links)
    drafts = desk_of(desk.client).drafts
    assert drafts is not None
    draft = drafts.get(desk.draft)
    assert draft is not None
    assert problems[number]["code"] in (drafts.text(draft, "hygiene.yaml") or "")
