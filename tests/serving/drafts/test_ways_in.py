"""Every way into a draft, for whoever may write the file and for whoever may not: nothing comes into a draft that this
person could not publish."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from engine.serving.app import ROOMS
from engine.serving.drafts.store import Draft, Drafts, Refused
from tests.serving.cases.test_offers import NEXT_YEAR, changed, offered
from tests.serving.conditions.test_pages import RULE
from tests.serving.drafts.folder import published
from tests.serving.drafts.test_versions import CITY, OTHER, USERS, begun, by, raised, write
from tests.serving.officers import officer
from tests.serving.people.test_attacks import posts
from tests.serving.people.test_gate import HASH
from tests.serving.served import desk_of, signed_in

ROLES: Final = ("jia", "yi", "sheng", "kan")
MAY: Final = ("jia", "sheng")
HOUSEHOLD: Final = {"v:id": "1", "v:application_date": "2023-06-15", "v:county": "900101", "v:income": "650"}
PROPOSED: Final = "  proposed_9:\n    why: …\n    household: {id: 一}\n    expect: {outcome: eligible}\n"
NEW_CASES: Final = "cases: jia\ntests: {}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "users.yaml").write_text(USERS, "utf-8")
    return published(tmp_path)


def drafts_of(client: TestClient) -> Drafts:
    drafts = desk_of(client).drafts
    assert drafts is not None
    return drafts


def contents(client: TestClient) -> dict[str, dict[str, str | None]]:
    """What all drafts hold. One that was begun and holds nothing is none."""
    drafts = drafts_of(client)
    return {one.id: {path: drafts.text(one, path) for path in one.files} for one in drafts.all() if one.files}


# ---- of the file of a city, from each page


def edited(client: TestClient, id_: str) -> int:
    told = {
        "text": raised(drafts_of(client).home, CITY, 670),
        "expected": drafts_of(client).expected(draft(client, id_), CITY),
    }
    return client.post(f"/rules/edit?draft={id_}&file={CITY}", data={**told, "do": "save"}).status_code


def edited_by_script(client: TestClient, id_: str) -> int:
    told = {"path": CITY, "text": raised(drafts_of(client).home, CITY, 670)}
    told["expected"] = drafts_of(client).expected(draft(client, id_), CITY)
    return client.post(f"/rules/editor/save?draft={id_}", json=told).status_code


def started(client: TestClient, id_: str) -> int:
    """The editor alone writes nothing: whoever may not write is not even let in."""
    if client.post("/rules/edit/start", data={"file": CITY}).status_code == 303:
        return edited(client, id_)
    return 403


def tried(client: TestClient, id_: str) -> int:
    data = {"act": "save", **HOUSEHOLD, "name": "一户", "why": "一"}
    return client.post(f"/trial?draft={id_}", data=data).status_code


def kept(client: TestClient, id_: str) -> int:
    fields = offered(client, id_)
    return client.post(f"/cases?draft={id_}", data={"do": "keep", **fields, "confirmed.0": "yes"}).status_code


def taken(client: TestClient, id_: str) -> int:
    data = {"file": CITY, "policy": "jia", "proposal": PROPOSED}
    return client.post(f"/cases/take?draft={id_}", data=data).status_code


def taken_where_there_are_none(client: TestClient, id_: str) -> int:
    """The cases then go into a new file."""
    (drafts_of(client).home / "cities" / "jia.cases.yaml").unlink()
    desk_of(client).live.look()
    desk_of(client).live.look()
    return taken(client, id_)


def file_begun(client: TestClient, id_: str) -> int:
    return client.post(f"/rules/new?draft={id_}", data={"place": "tiny/900101"}).status_code


def settled(client: TestClient, id_: str) -> int:
    """A text that came too late, put in the place of the one that stands there."""
    drafts, person = drafts_of(client), desk_of(client).door.users.named["sheng"].person
    drafts.write(id_, CITY, "another", "x", person)
    [aside] = drafts.conflicts(draft(client, id_))
    data = {
        "keep": "mine",
        "text": raised(drafts.home, CITY, 690),
        "expected": drafts.expected(draft(client, id_), CITY),
    }
    return client.post(f"/versions/drafts/{id_}/aside/{aside.id}", data=data).status_code


def dropped(client: TestClient, id_: str) -> int:
    return client.post(f"/versions/drafts/{id_}/drop", data={"path": CITY}).status_code


def draft(client: TestClient, id_: str) -> Draft:
    held = drafts_of(client).get(id_)
    assert held is not None
    return held


WAYS: Final[Mapping[str, tuple[str, Callable[[TestClient, str], int]]]] = {
    "edited": ("/rules/edit", edited),
    "edited by the script": ("/rules/editor/{what}", edited_by_script),
    "begun to be edited": ("/rules/edit/start", started),
    "a household that was tried": ("/trial", tried),
    "an offered case": ("/cases", kept),
    "a proposed case": ("/cases/take", taken),
    "a proposed case, the first": ("/cases/take", taken_where_there_are_none),
    "a new file": ("/rules/new", file_begun),
    "one of two texts": ("/versions/drafts/{draft:str}/aside/{aside:str}", settled),
    "a file as it is published": ("/versions/drafts/{draft:str}/drop", dropped),
}
"""each with the address that is posted to"""
ELSEWHERE: Final = {
    "/standards/new", "/conditions/form",  # below, on the shipped policies
    "/versions/undo",  # test_undo.py: needs a repository
    "/versions/drafts", "/versions/drafts/{draft:str}/rename", "/versions/drafts/{draft:str}/discard",  # of no file
    "/versions/drafts/{draft:str}/stand", "/versions/drafts/{draft:str}/publish",  # what is in the draft already
    "/impact", "/login", "/logout",
}  # fmt: skip


def test_every_post_of_a_page_is_looked_at() -> None:
    assert ROOMS
    assert {address for address, _ in WAYS.values()} | ELSEWHERE == set(posts())


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("way", WAYS)
def test_only_who_may_write_the_file_brings_anything_into_a_draft(home: Path, way: str, role: str) -> None:
    id_ = changed(home, by(home, "jia"))
    client = by(home, role)
    client.get("/rules")
    before = contents(client)
    status = WAYS[way][1](client, id_)
    if role in MAY:
        assert status in (200, 303), status
        assert contents(client) != before
    else:
        assert contents(client) == before
        assert status in (200, 403, 422), status


# ---- of texts, whatever page they come from


TEXTS: Final[Mapping[str, tuple[str, str, bool]]] = {
    "cases of another city": ("cases/new.yaml", "cases: yi\ntests: {}\n", False),
    "cases of the province": ("cases/new.yaml", "cases: tiny\ntests: {}\n", False),
    "cases of another city, not whole yet": ("cases/new.yaml", "cases: yi\ntests: [\n", False),
    "own cases": ("cases/new.yaml", "cases: jia\ntests: {}\n", True),
    "cases of nobody yet": ("cases/new.yaml", "cases: nobody\ntests: {}\n", True),
    "own cases turned into another city's": ("cities/jia.cases.yaml", "cases: yi\ntests: {}\n", False),
    "own cases, broken meanwhile": ("cities/jia.cases.yaml", "cases: [\n", True),
    "another city's overlay": ("cities/new.yaml", 'overlay: new\njurisdiction: "9002"\n', False),
    "own overlay given to another city": (CITY, "JURISDICTION", False),
    "what is left out of checks": ("hygiene.yaml", "format: 1\n", False),
    "a table that nothing reads yet": ("tables/new.csv", "code,value\n", True),
    "what is nothing yet": ("notes.yaml", "", True),
}
"""each with a path, a text, and whether a city may keep it"""


@pytest.mark.parametrize("what", TEXTS)
def test_a_city_keeps_no_text_that_is_anothers(home: Path, what: str) -> None:
    path, text, may = TEXTS[what]
    if text == "JURISDICTION":
        text = (home / CITY).read_text("utf-8").replace('"9001"', '"9002"')
    client = by(home, "jia")
    made = write(client, "jia", begun(client), path, text)
    assert isinstance(made, Draft) if may else made == Refused("not-yours"), made
    by_province = write(by(home, "sheng"), "sheng", begun(client), path, text)
    assert isinstance(by_province, Draft)
    assert write(by(home, "kan"), "kan", begun(client), path, text) == Refused("not-yours")


@pytest.mark.parametrize("role", ROLES)
def test_what_is_left_out_of_checks_is_for_all_places(home: Path, role: str) -> None:
    """A finding of a city's own file is left out in a file of everybody's."""
    client = by(home, role)
    id_ = begun(by(home, "jia"))
    text = (home / CITY).read_text("utf-8")
    text = f"{text[: text.index('set:')]}{NEXT_YEAR}".replace("700", "66000")
    found = client.post(f"/rules/editor/problems?draft={id_}", json={"path": CITY, "text": text}).json()["problems"]
    assert {one["code"]: one["leave"] for one in found} == {"value-jump": role == "sheng"}
    expected = drafts_of(client).expected(draft(client, id_), CITY)
    told = {"text": text, "expected": expected, "do": "leave-0"}
    answered = client.post(f"/rules/edit?draft={id_}&file={CITY}", data=told)
    assert answered.status_code == (200 if role == "sheng" else 403)
    assert [*draft(client, id_).files] == (["hygiene.yaml"] if role == "sheng" else [])


def test_what_another_city_keeps_is_not_taken_out(home: Path) -> None:
    client, other = by(home, "jia"), by(home, "yi")
    id_ = begun(client)
    assert isinstance(write(client, "jia", id_, "cases/new.yaml", NEW_CASES), Draft)
    assert write(other, "yi", id_, "cases/new.yaml", None) == Refused("not-yours")
    assert other.post(f"/versions/drafts/{id_}/drop", data={"path": "cases/new.yaml"}).status_code == 403
    assert isinstance(write(client, "jia", id_, "cases/new.yaml", None), Draft)


def test_of_several_files_all_are_kept_or_none(home: Path) -> None:
    """Two cities' changes lie in one draft; an officer of one ticks cases of both."""
    client, other = by(home, "jia"), by(home, "yi")
    id_ = changed(home, client)
    text = (home / OTHER).read_text("utf-8")
    more = text[: text.index("set:")] + "set:\n  limit:\n    - {from: 2024-01-01, value: 720 元/月}\n"
    assert isinstance(write(other, "yi", id_, OTHER, more), Draft)
    before, fields = contents(client), offered(client, id_)
    ticked = {name.replace("policy", "confirmed"): "yes" for name in fields if name.startswith("policy.")}
    assert {fields[name] for name in fields if name.startswith("policy.")} == {"jia", "yi"}
    refused = client.post(f"/cases?draft={id_}", data={"do": "keep", **fields, **ticked})
    assert refused.status_code == 403
    assert "不归您改" in unescape(refused.text)
    assert contents(client) == before


def test_only_what_one_may_keep_is_offered_to_be_ticked(home: Path) -> None:
    client = by(home, "jia")
    id_ = changed(home, client)

    def boxes(name: str) -> list[str]:
        text = by(home, name).post(f"/cases?draft={id_}", data={"do": "offer"}).text
        return re.findall(r'<input type="checkbox" name="confirmed[^>]*>', text)

    for name in ROLES:
        found = boxes(name)
        assert found
        assert all(("disabled" in box) == (name not in MAY) for box in found), name


# ---- on the shipped policies, which have tables of standards and rules that cities may add


USERS_OF_SHANXI: Final = f"""\
  - {{name: taiyuan, label: 太原市民政局, password: "{HASH}", jurisdiction: "1401"}}
"""
FIGURES: Final[Mapping[str, str]] = {
    "start": "2026年1月1日", "document": "同民发〔2026〕1号", "v.140213.urban": "750", "v.140213.rural": "7560",
    "partial": "yes",
}  # fmt: skip


@pytest.fixture(scope="module")
def shanxi(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return officer(tmp_path_factory.mktemp("shanxi"), also=USERS_OF_SHANXI)


@pytest.mark.parametrize(("role", "may"), [("datong", True), ("taiyuan", False), ("sheng", True), ("kan", False)])
@pytest.mark.parametrize(
    ("address", "fields"),
    [("/standards/new?place=datong&parameter=dibao_standard", FIGURES), ("/conditions/form?place=datong", RULE)],
)
def test_figures_and_conditions(
    shanxi: TestClient, address: str, fields: Mapping[str, Any], role: str, may: bool
) -> None:
    province = signed_in(shanxi, "sheng")
    seen = province.post(address, data={**fields, "do": "preview"})
    found = re.search(r'name="mark" value="([0-9a-f]{64})"', seen.text)
    assert found is not None
    before = contents(shanxi)
    answered = signed_in(shanxi, role).post(address, data={**fields, "mark": found[1], "do": "write"})
    assert answered.status_code == (303 if may else 403)
    assert (contents(shanxi) != before) == may
