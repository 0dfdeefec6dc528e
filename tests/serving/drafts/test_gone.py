"""A file that a draft removes, and one that somebody else removed where it is published."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.serving.drafts.store import Draft
from tests.serving.drafts.folder import published
from tests.serving.drafts.test_versions import CITY, OTHER, USERS, begun, by, mark, raised, seen, write
from tests.serving.served import desk_of

CASES, PLACES, UNTIDY = "cities/yi.cases.yaml", "divisions.csv", "hygiene.yaml"
HOUSEHOLD = '{"id": "乙", "application_date": "2023-06-15", "county": "900201", "income": 680}'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "users.yaml").write_text(USERS, "utf-8")
    return published(tmp_path)


@pytest.fixture
def client(home: Path) -> TestClient:
    client = by(home, "sheng")
    client.headers["accept-language"] = "en"
    return client


def without(client: TestClient, *paths: str) -> str:
    """A draft in which files are gone."""
    id_ = begun(client)
    for path in paths:
        assert isinstance(write(client, "sheng", id_, path, None), Draft)
    return id_


def test_what_a_draft_removes_is_nowhere_in_what_it_shows(client: TestClient) -> None:
    id_ = without(client, OTHER, CASES)
    for page in ("/rules", "/conditions", "/standards", "/trial", "/impact", "/cases"):
        shown = client.get(f"{page}?draft={id_}")
        assert shown.status_code == 200
        assert "yi补充规定" not in shown.text, page
        assert OTHER not in shown.text, page
    assert OTHER in client.get("/rules").text + client.get("/rules/document/yi").text
    for address in ("/rules/document/yi", f"/rules/file/{OTHER}", f"/rules/file/{CASES}"):
        assert client.get(address).status_code == 200, address
        assert client.get(f"{address}?draft={id_}").status_code == 404, address
    assert client.get(f"/rules/edit?draft={id_}&file={OTHER}").status_code == 404


def test_a_household_is_tried_without_what_a_draft_removes(client: TestClient) -> None:
    id_ = without(client, OTHER, CASES)
    form = {"act": "load", "json": HOUSEHOLD}
    own = client.post("/trial", data=form).text
    over = client.post(f"/trial?draft={id_}", data=form).text
    assert "660" in own
    assert "660" not in over
    assert "700" in over


def test_whom_a_removed_file_touches_is_told(client: TestClient) -> None:
    id_ = without(client, OTHER, CASES)
    households = {"file": ("h.json", HOUSEHOLD.encode())}
    told = client.post(f"/impact?draft={id_}", data={"source": "file"}, files=households)
    assert told.status_code == 200
    assert "newly eligible" in told.text
    assert "900201" in told.text or "西城区" in told.text


def test_cases_are_run_and_checked_without_what_a_draft_removes(client: TestClient) -> None:
    assert "limit_yi" in client.post(f"/cases?draft={without(client)}", data={"words": "limit_yi"}).text
    told = client.post(f"/cases?draft={without(client, OTHER)}", data={}).text
    assert "cities/yi.cases.yaml" in told, "cases of a policy that is gone"
    assert "unknown-policy" in told or "yi" in told
    id_ = without(client, PLACES)
    told = client.post(f"/cases?draft={id_}", data={}).text
    assert "divisions.csv" in told, "a table that is gone"
    assert client.get(f"/rules/file/{PLACES}?draft={id_}").status_code == 404


def test_settings_go_as_well(client: TestClient, home: Path) -> None:
    desk = desk_of(client)
    (home / UNTIDY).write_text("severity: {no-such-code: off}\n", "utf-8")
    desk.live.look()
    desk.live.look()
    assert UNTIDY in client.post(f"/cases?draft={without(client)}", data={}).text
    assert UNTIDY not in client.post(f"/cases?draft={without(client, UNTIDY)}", data={}).text


# ---- gone where it is published


@pytest.mark.parametrize("elsewhere", [None, "cities/renamed.yaml"])
def test_a_file_that_somebody_else_removed_or_renamed_is_a_conflict(
    client: TestClient, home: Path, elsewhere: str | None
) -> None:
    id_ = begun(client)
    text = raised(home, CITY, 670)
    assert isinstance(write(client, "sheng", id_, CITY, text), Draft)
    if elsewhere is None:
        (home / CITY).unlink()
    else:
        (home / CITY).rename(home / elsewhere)
    desk_of(client).live.look()
    desk_of(client).live.look()
    before = {path: path.read_bytes() for path in home.rglob("*.yaml")}
    page = client.get(f"/versions/drafts/{id_}").text
    assert "was published otherwise" in page or "meanwhile" in page
    answer = client.post(f"/versions/drafts/{id_}/publish", data={"seen": mark(client, id_), "reason": "x"})
    assert answer.status_code == 409
    assert CITY in answer.text
    assert {path: path.read_bytes() for path in home.rglob("*.yaml")} == before
    assert client.get(f"/rules/edit?draft={id_}&file={CITY}").status_code == 200
    stood = client.post(f"/versions/drafts/{id_}/stand", data={"path": CITY, "seen": ""})
    assert stood.status_code == 303, "whoever has seen it may publish it as a new file"
    form = {"seen": seen(client, id_), "reason": "x"}
    done = client.post(f"/versions/drafts/{id_}/publish", data=form)
    if elsewhere is None:
        assert done.status_code == 303, done.text
        assert (home / CITY).read_text("utf-8") == text
    else:
        assert done.status_code == 409, "of two files with one id none is published"
        assert {path: path.read_bytes() for path in home.rglob("*.yaml")} == before


def test_what_both_removed_is_no_change_any_more(client: TestClient, home: Path) -> None:
    id_ = without(client, OTHER, CASES)
    (home / OTHER).unlink()
    assert client.get(f"/versions/drafts/{id_}").status_code == 200
    client.post(f"/versions/drafts/{id_}/stand", data={"path": OTHER, "seen": ""})
    drafts = desk_of(client).drafts
    assert drafts is not None
    draft = drafts.get(id_)
    assert draft is not None
    assert list(draft.files) == [CASES]
