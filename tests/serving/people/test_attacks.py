"""Somebody hostile: with names of hosts, addresses of files, ids, texts; and a city that writes what is another's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from engine.serving.app import ROOMS
from engine.serving.drafts.store import Conflict, Draft
from engine.serving.people.checks import is_host, is_own
from tests.serving.drafts.folder import published
from tests.serving.drafts.test_versions import CITY, OTHER, USERS, begun, by, raised, write
from tests.serving.markup import HOSTILE, assert_harmless
from tests.serving.served import desk_of, signed_in

ODD_PATHS = (
    "../users.yaml", "..%2fusers.yaml", "%2e%2e/users.yaml", "..\\users.yaml", "..%5cusers.yaml", "cities/%00jia.yaml",
    "cities/jia.yaml%00.csv", "/etc/passwd", "%2fetc%2fpasswd", "cities/../../users.yaml", "．．/users.yaml",
    "‥/users.yaml", "cities∕jia.yaml", "\u202ejia.yaml", "\ud83d", "cities/jia.yaml\n.yaml", "C:\\users.yaml",
    "a" * 5_000,
)  # fmt: skip
ODD_IDS = ("%2e%2e", "%2e%2e%2f%2e%2e", "0" * 11, "0" * 13, "ABCDEF012345", "０１２３４５６７８９ab", "\0" * 12, "<b>")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "users.yaml").write_text(USERS, "utf-8")
    return published(tmp_path)


def contents(home: Path) -> dict[str, bytes]:
    """Of everything but the drafts."""
    files = (path for path in home.parent.rglob("*") if path.is_file() and "drafts" not in path.parts)
    return {str(path): path.read_bytes() for path in files}


# ---- where a request says that it goes, and comes from


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8711@evil.example", "127.0.0.1#evil.example", "127.0.0.1\\evil.example", "127.0.0.1 evil.example",
        "localhost:8711:80", "localhost:port", "localhost:", "[::1", "::1]", "[::1]evil.example", "[::1].evil.example",
        "[evil.example]", "localhost..", "①②⑦.0.0.1", "ｌocalhost", "localhost\u3002", "xn--localhost", "127.1",
        "0x7f.1", "2130706433", "localhost%00", "localhost%2eevil.example", "[::1%25eth0]", "localhost/", "*",
    ],
)  # fmt: skip
def test_these_are_no_hosts_of_ours(host: str) -> None:
    assert not is_host(host, ("doudi.example",))


@pytest.mark.parametrize("host", ["Doudi.EXAMPLE.:443", "[::FFFF:127.0.0.1]:8711", "[2001:DB8::1]", "LocalHost.:1"])
def test_these_are(host: str) -> None:
    assert is_host(host, ("doudi.example",))


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("HTTP://LOCALHOST:8711", "localhost:8711", True),
        ("http://localhost:8711.", "localhost:8711", False),
        ("http://localhost:8711@evil.example", "localhost:8711", False),
        ("http://localhost", "localhost:8711", False),
        ("ftp://localhost:8711", "localhost:8711", False),
        ("http://[::1]:8711", "[::1]:8711", True),
        ("http://[::1]:8712", "[::1]:8711", False),
        ("", "localhost:8711", False),
        ("null", "localhost:8711", False),
        ("http://localhost:8711, https://evil.example", "localhost:8711", False),
    ],
)
def test_an_origin_is_ours_or_not(origin: str, host: str, own: bool) -> None:
    assert is_own([origin], [], host) == own


def test_what_claims_to_be_forwarded_changes_nothing(home: Path) -> None:
    client = by(home, "jia")
    claims = {
        "x-forwarded-host": "evil.example", "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https",
        "x-original-url": "/versions", "x-rewrite-url": "/versions", "x-http-method-override": "GET",
        "forwarded": "host=evil.example;proto=https",
    }  # fmt: skip
    plain, claimed = client.get("/rules"), client.get("/rules", headers=claims)
    assert (plain.status_code, claimed.status_code) == (200, 200)
    assert "evil.example" not in claimed.text
    assert "evil.example" not in client.get("/", headers=claims).headers["location"]
    del client.headers["x-csrf"]
    assert client.post("/versions/drafts", data={"title": "x"}, headers=claims).status_code == 403


def test_of_two_hosts_or_origins_none_counts(home: Path) -> None:
    client = by(home, "jia")
    own, other = ("host", "127.0.0.1:8711"), ("host", "evil.example")
    assert client.get("/rules", headers=[own, other]).status_code == 421
    two = [("origin", "http://127.0.0.1:8711"), ("origin", "https://evil.example")]
    for headers in (two, two[::-1]):
        assert client.post("/versions/drafts", data={"title": "x"}, headers=headers).status_code == 403
    sites = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]
    for headers in (sites, sites[::-1]):
        assert client.post("/versions/drafts", data={"title": "x"}, headers=headers).status_code == 403


# ---- files and drafts by odd names


@pytest.mark.parametrize("path", ODD_PATHS)
def test_no_name_leads_out_of_the_folder(home: Path, path: str) -> None:
    client = by(home, "sheng")
    id_ = begun(client)
    before = contents(home)
    asked = quote(path, safe="%/\\", errors="replace")
    for address in (f"/rules/file/{asked}", f"/static/{asked}", f"/rules/document/{asked}", f"/v1/policies/{asked}"):
        answer = client.get(address)
        assert answer.status_code in (303, 307, 400, 401, 404, 405), (address, answer.status_code)
        assert "scrypt" not in answer.text
    query = {"draft": id_, "file": path.encode("utf-8", "replace").decode()}
    assert client.get("/rules/edit", params=query).status_code in (403, 404)
    for text in ("x", None):
        assert not isinstance(write(client, "sheng", id_, path, text), Draft)
    form = {"path": query["file"], "file": query["file"], "seen": ""}
    for address in ("/rules/edit/start", f"/versions/drafts/{id_}/drop", f"/versions/drafts/{id_}/stand"):
        assert client.post(address, data=form).status_code in (403, 404), address
    assert client.post(f"/rules/editor/save?draft={id_}", json={"path": form["path"], "text": "x"}).status_code == 404
    assert contents(home) == before


@pytest.mark.parametrize("id_", ODD_IDS)
def test_no_id_leads_to_another_draft(home: Path, id_: str) -> None:
    client, before = by(home, "sheng"), contents(home)
    asked = quote(id_, safe="%/")
    for address in ("/rules", "/trial", "/impact", "/cases", "/standards", "/conditions"):
        assert client.get(address, params={"draft": id_}).status_code == 404, address
    for what in ("", "/rename", "/discard", "/drop", "/stand", "/publish", "/aside/000000000000"):
        answer = client.post(f"/versions/drafts/{asked}{what}", data={"title": "x", "reason": "x"})
        assert answer.status_code in (307, 404, 405), what
    assert client.get(f"/versions/commits/{asked}").status_code in (307, 404)
    assert contents(home) == before


# ---- a city and what is another's


def posts() -> Iterator[str]:
    for room in ROOMS:
        for route in room:
            if isinstance(route, Route) and "POST" in (route.methods or ()) and not route.path.startswith("/v1/"):
                yield route.path


@pytest.mark.parametrize("address", sorted(set(posts()) - {"/login", "/logout"}))
@pytest.mark.parametrize("name", ["jia", "kan"])
def test_a_city_writes_nothing_of_anothers_through_any_post(home: Path, address: str, name: str) -> None:
    """Into no published file, and into no draft of another's: as its own account, and as one that only reads."""
    province = by(home, "sheng")
    id_ = begun(province)
    assert isinstance(write(province, "sheng", id_, OTHER, raised(home, OTHER, 670)), Draft)
    drafts = desk_of(province).drafts
    assert drafts is not None
    before, text = contents(home), drafts.text
    draft = drafts.get(id_)
    assert draft is not None
    aside = drafts.write(id_, OTHER, "another", "x", desk_of(province).door.users.named["sheng"].person)
    assert isinstance(aside, Conflict)
    form = {
        "title": "mine", "path": OTHER, "file": OTHER, "text": "overlay: yi\n", "seen": draft.mark, "reason": "x",
        "expected": drafts.expected(draft, OTHER), "do": "save", "act": "save", "keep": "mine", "name": "yi",
        "json": '{"id": "乙", "application_date": "2023-06-15", "county": "900201", "income": 650}',
        "mark": "x", "why": "x",
    }  # fmt: skip
    client = by(home, name)
    path = address.replace("{draft:str}", id_).replace("{aside:str}", aside.id).replace("{what}", "save")
    query = {"draft": id_, "file": OTHER, "place": "yi", "parameter": "limit", "kind": "threshold"}
    for sent in ({"data": form}, {"json": form}):
        answer = client.post(path, params=query, **sent)  # type: ignore[arg-type]
        assert answer.status_code < 500, answer.text
    assert contents(home) == before
    kept = drafts.get(id_)
    assert kept is not None, "not thrown away"
    assert (kept.mark, kept.title) == (draft.mark, draft.title)
    assert text(kept, OTHER) == raised(home, OTHER, 670)
    assert [one.id for one in drafts.conflicts(kept)] == [aside.id]


def test_a_role_that_is_taken_away_counts_at_once(home: Path) -> None:
    client = by(home, "jia")
    id_ = begun(client)
    assert isinstance(write(client, "jia", id_, CITY, raised(home, CITY, 670)), Draft)
    address = f"/versions/drafts/{id_}/drop"
    (home.parent / "users.yaml").write_text(USERS.replace(', jurisdiction: "9001"', ""), "utf-8")
    assert client.post(address, data={"path": CITY}).status_code == 401, "the session is over"
    signed_in(client, "jia")
    assert client.post(address, data={"path": CITY}).status_code == 403


# ---- texts


def test_texts_of_a_hostile_folder_are_texts_on_every_page(home: Path) -> None:
    for name in ("tiny.yaml", CITY, OTHER):
        held = (home / name).read_text("utf-8")
        for plain in ("收入限额", "甲市", "补充规定", "民发"):
            held = held.replace(f"label: {plain}", f"label: {_quoted(plain + HOSTILE)}")
        lines = [_titled(line) for line in held.splitlines()]
        (home / name).write_text("\n".join(lines) + "\n", "utf-8")
    rows = list(csv.reader(io.StringIO((home / "divisions.csv").read_text("utf-8"))))
    out = io.StringIO()
    csv.writer(out).writerows([rows[0], *([row[0], row[1] + HOSTILE, row[2], row[3] + HOSTILE] for row in rows[1:])])
    (home / "divisions.csv").write_text(out.getvalue(), "utf-8")
    odd = "cities/<img src=x onerror=alert(1)>'\".yaml"
    (home / odd).write_text((home / CITY).read_text("utf-8").replace("overlay: jia", "overlay: bing"), "utf-8")
    client = by(home, "sheng")
    id_ = begun(client, "草稿" + HOSTILE)
    write(client, "sheng", id_, CITY, (home / CITY).read_text("utf-8").replace("660", "670") + f"# {HOSTILE}\n")
    pages = [
        "/rules", "/rules/document/jia", "/rules/document/tiny", f"/rules/file/{quote(odd)}", f"/rules/file/{CITY}",
        "/rules/file/divisions.csv", "/trial", "/trial?policy=tiny", "/standards", "/conditions", "/impact", "/cases",
        "/versions", f"/versions/drafts/{id_}", f"/versions/drafts/{id_}?view=side", f"/rules/edit?file={CITY}",
        f"/rules/document/jia?on={quote(HOSTILE)}", f"/trial?policy={quote(HOSTILE)}", f"/nothing/{quote(HOSTILE)}",
        f"/login?next={quote(HOSTILE)}", f"/rules?lang={quote(HOSTILE)}", f"/standards?city={quote(HOSTILE)}",
    ]  # fmt: skip
    for page in pages:
        for draft in ("", id_):
            shown = client.get(page + (f"{'&' if '?' in page else '?'}draft={draft}" if draft else ""))
            assert shown.status_code < 500, page
            if "text/html" in shown.headers.get("content-type", ""):
                assert_harmless(shown.text)
    household = f'{{"id": {_json(HOSTILE)}, "application_date": "2023-06-15", "county": "900201", "income": 650}}'
    for act in ("load", "try", "save"):
        shown = client.post("/trial", data={"act": act, "json": household, "name": HOSTILE, "why": HOSTILE})
        assert shown.status_code < 500
        assert_harmless(shown.text)
    files = {"file": (HOSTILE + ".ndjson", household.encode())}
    shown = client.post(f"/impact?draft={id_}", data={"source": "file", "seed": HOSTILE}, files=files)
    assert shown.status_code < 500
    assert_harmless(shown.text)
    assert_harmless(client.post("/cases", data={"words": HOSTILE, "file": HOSTILE, "mutated": HOSTILE}).text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _titled(line: str) -> str:
    key, _, value = line.partition(": ")
    return f"{key}: {_quoted(value.strip() + HOSTILE)}" if key in ("title", "issuer", "document") else line


def _json(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_what_is_downloaded_is_named_by_us_alone(home: Path) -> None:
    client: TestClient = by(home, "sheng")
    form = {"act": "download", "name": 'x"\r\nSet-Cookie: a=b', "policy": "tiny\r\nX: y"}
    answer = client.post("/trial", data=form)
    assert answer.status_code == 200
    assert answer.headers.get("content-disposition", 'attachment; filename="household.json"').isascii()
    assert "a=b" not in str(answer.headers)
