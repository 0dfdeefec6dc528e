"""The pages of drafts: begun, looked at, published; what is refused there, whoever asks and however."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.cli import git
from engine.serving.drafts.keeping import Author
from engine.serving.drafts.store import Conflict, Draft
from engine.serving.people.person import OWNER
from engine.serving.settings import Settings
from tests.serving.drafts.folder import published
from tests.serving.people.test_gate import HASH
from tests.serving.served import WORK, asked, desk_of, signed_in

CITY, OTHER = "cities/jia.yaml", "cities/yi.yaml"
USERS = f"""\
format: 1
users:
  - {{name: jia, label: 甲市民政局, password: "{HASH}", jurisdiction: "9001"}}
  - {{name: yi, label: 乙市民政局, password: "{HASH}", jurisdiction: "9002"}}
  - {{name: sheng, label: 省厅, password: "{HASH}", jurisdiction: "90"}}
  - {{name: kan, label: 只看, password: "{HASH}"}}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "users.yaml").write_text(USERS, "utf-8")
    return published(tmp_path)


def by(home: Path, name: str, keeping: bool = False) -> TestClient:
    """As somebody of the list of users."""
    users, drafts = str(home.parent / "users.yaml"), str(home.parent / "drafts")
    work = replace(WORK, commit=git.kept, entries=git.entries, texts=git.texts) if keeping else WORK
    return signed_in(asked(Settings((str(home),), drafts=drafts, users=users), work), name)


def begun(client: TestClient, title: str = "明年标准") -> str:
    answer = client.post("/versions/drafts", data={"title": title})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]


def write(client: TestClient, name: str, id_: str, path: str, text: str | None) -> object:
    desk = desk_of(client)
    assert desk.drafts is not None
    draft = desk.drafts.get(id_)
    assert draft is not None
    person = OWNER if name == OWNER.name else desk.door.users.named[name].person
    return desk.save(person, id_, path, text, desk.drafts.expected(draft, path))


def seen(client: TestClient, id_: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(f"/versions/drafts/{id_}").text)
    assert found is not None
    return found[1]


def mark(client: TestClient, id_: str) -> str:
    desk = desk_of(client)
    assert desk.drafts is not None
    draft = desk.drafts.get(id_)
    assert draft is not None
    return draft.mark


def raised(home: Path, path: str, limit: int) -> str:
    return (home / path).read_text("utf-8").replace("660", str(limit))


def test_a_draft_from_its_beginning_to_its_publication(home: Path) -> None:
    client = by(home, "jia")
    id_ = begun(client)
    assert isinstance(write(client, "jia", id_, CITY, raised(home, CITY, 670)), Draft)
    assert "明年标准" in client.get("/versions").text
    text = client.get(f"/versions/drafts/{id_}").text
    assert '<code class="quiet">set.limit</code>' in text
    assert "<td>660 元/月</td><td>670 元/月</td>" in text
    assert '<td class="gone">set: {limit: 660 元/月}</td>' in text
    assert "<del>set: {limit: 660 元/月}</del>" in client.get(f"/versions/drafts/{id_}?view=side").text
    form = {"seen": seen(client, id_), "reason": "甲民发〔2026〕1号"}
    assert client.post(f"/versions/drafts/{id_}/publish", data={**form, "reason": " "}).status_code == 422
    done = client.post(f"/versions/drafts/{id_}/publish", data=form)
    assert (done.status_code, done.headers["location"]) == (303, f"/versions?published={id_}")
    assert "670" in (home / CITY).read_text("utf-8")
    assert "甲民发〔2026〕1号" in client.get("/versions").text
    assert client.get(f"/versions/drafts/{id_}").status_code == 404


def test_what_is_wrong_is_told_where_it_stands_and_nothing_is_published(home: Path) -> None:
    client = by(home, "jia")
    id_ = begun(client)
    write(client, "jia", id_, CITY, raised(home, CITY, 640))
    answer = client.post(f"/versions/drafts/{id_}/publish", data={"seen": mark(client, id_), "reason": "x"})
    assert answer.status_code == 409
    assert "limit_jia" in answer.text
    write(client, "jia", id_, CITY, raised(home, CITY, 640).replace("set:", "sett:"))
    answer = client.post(f"/versions/drafts/{id_}/publish", data={"seen": mark(client, id_), "reason": "x"})
    assert "cities/jia.yaml:9:1" in answer.text
    assert "660" in (home / CITY).read_text("utf-8")


def test_a_city_cannot_have_anothers_file_published_however_it_asks(home: Path) -> None:
    client, before = by(home, "jia"), (home / OTHER).read_text("utf-8")
    id_ = begun(client)
    for path, text in [
        (OTHER, raised(home, OTHER, 900)),
        (OTHER, None),
        (OTHER, before.replace("9002", "9001")),
        ("tiny.yaml", "x: 1\n"),
        ("divisions.csv", "code,name\n"),
        ("hygiene.yaml", None),
        ("cities/neu.yaml", before.replace("overlay: yi", "overlay: neu")),
        ("cities/../cities/yi.yaml", "x"),
        ("cities/yi.yaml\0", "x"),
        ("cities\\yi.yaml", "x"),
        ("..%2fx.yaml", "x"),
        (".git/x.yaml", "x"),
    ]:
        made = write(client, "jia", id_, path, text)
        assert not isinstance(made, Draft) or not made.files, (path, made)
    # a draft of the other city, published by this one
    theirs = begun(by(home, "yi"))
    write(by(home, "yi"), "yi", theirs, OTHER, raised(home, OTHER, 670))
    for what in ("publish", "discard", "rename", "drop", "stand"):
        form = {"seen": mark(client, theirs), "reason": "x", "path": OTHER, "title": "x"}
        assert client.post(f"/versions/drafts/{theirs}/{what}", data=form).status_code == 403, what
    page = client.get(f"/versions/drafts/{theirs}").text
    assert "不归您改" in page
    assert "检查并发布" not in page
    # written past the check, as by hand: the publication looks again
    desk = desk_of(client)
    assert desk.drafts is not None
    desk.drafts.write(id_, OTHER, raised(home, OTHER, 900), desk.drafts.expected(desk.drafts.get(id_), OTHER), OWNER)  # type: ignore[arg-type]
    form = {"seen": mark(client, id_), "reason": "x"}
    assert client.post(f"/versions/drafts/{id_}/publish", data=form).status_code == 403
    assert (home / OTHER).read_text("utf-8") == before
    assert by(home, "sheng").post(f"/versions/drafts/{id_}/publish", data=form).status_code in (303, 409)


def test_who_only_reads_changes_nothing(home: Path) -> None:
    client, id_ = by(home, "kan"), begun(by(home, "jia"))
    assert client.post("/versions/drafts", data={"title": "x"}).status_code == 403
    assert write(client, "kan", id_, CITY, raised(home, CITY, 670)) is not None
    for what in ("publish", "discard", "rename"):
        form = {"seen": mark(client, id_), "reason": "x", "title": "x"}
        assert client.post(f"/versions/drafts/{id_}/{what}", data=form).status_code in (403, 409), what
    assert mark(client, id_) == mark(by(home, "jia"), id_)
    assert "您只能看" in client.get("/versions").text


def test_two_people_who_write_one_file(home: Path) -> None:
    jia, sheng = by(home, "jia"), by(home, "sheng")
    id_ = begun(jia)
    desk = desk_of(sheng)
    assert desk.drafts is not None
    draft = desk.drafts.get(id_)
    assert draft is not None
    loaded = desk.drafts.expected(draft, CITY)
    assert isinstance(write(jia, "jia", id_, CITY, raised(home, CITY, 670)), Draft)
    late = desk.save(desk.door.users.named["sheng"].person, id_, CITY, raised(home, CITY, 680), loaded)
    assert isinstance(late, Conflict)
    assert f"/versions/drafts/{id_}/aside/{late.id}" in sheng.get(f"/versions/drafts/{id_}").text
    place = f"/versions/drafts/{id_}/aside/{late.id}"
    text = sheng.get(place).text
    assert "670" in text
    assert "680" in text
    expected = re.search(r'name="expected" value="([0-9a-f]*)"', text)
    assert expected is not None
    assert by(home, "yi").post(place, data={"keep": "theirs"}).status_code == 403
    form = {"keep": "mine", "text": raised(home, CITY, 675).replace("\n", "\r\n"), "expected": expected[1]}
    assert sheng.post(place, data=form).headers["location"] == f"/versions/drafts/{id_}"
    now = desk.drafts.get(id_)
    assert now is not None
    assert desk.drafts.text(now, CITY) == raised(home, CITY, 675)
    assert sheng.get(place).status_code == 404


def test_what_was_published_meanwhile_is_shown_before_it_is_changed(home: Path) -> None:
    jia, sheng = by(home, "jia"), by(home, "sheng")
    mine, his = begun(jia), begun(sheng)
    write(jia, "jia", mine, CITY, raised(home, CITY, 670))
    write(sheng, "sheng", his, CITY, raised(home, CITY, 680))
    form = {"seen": mark(sheng, his), "reason": "x"}
    assert sheng.post(f"/versions/drafts/{his}/publish", data=form).status_code == 303
    late = jia.post(f"/versions/drafts/{mine}/publish", data={"seen": mark(jia, mine), "reason": "x"})
    assert late.status_code == 409
    assert "<td>680 元/月</td><td>670 元/月</td>" in late.text
    stand = {"path": CITY, "seen": re.findall(r'name="seen" value="([0-9a-f]{64})"', late.text)[0]}
    assert jia.post(f"/versions/drafts/{mine}/stand", data={**stand, "seen": "0" * 64}).status_code == 409
    assert jia.post(f"/versions/drafts/{mine}/stand", data=stand).status_code == 303
    form = {"seen": mark(jia, mine), "reason": "x"}
    assert jia.post(f"/versions/drafts/{mine}/publish", data=form).status_code == 303
    assert "670" in (home / CITY).read_text("utf-8")


@pytest.mark.parametrize("id_", ["%2e%2e", "..%2f..", "0" * 12, "x", "session.key", "a%00b", "ABCDEF012345"])
def test_what_is_no_draft_is_none(home: Path, id_: str) -> None:
    client = by(home, "sheng")
    begun(client)
    for place in (f"/versions/drafts/{id_}", f"/versions/drafts/{id_}/aside/{id_}", f"/rules?draft={id_}"):
        assert client.get(place).status_code in (404, 303), place
    assert client.post(f"/versions/drafts/{id_}/discard", data={"seen": "x"}).status_code in (404, 405)
    assert (home.parent / "drafts").exists()


def test_nothing_that_somebody_wrote_is_markup(home: Path) -> None:
    evil = "<script>alert(1)</script>{{ 31337 * 3 }}"
    client = by(home, "sheng")
    id_ = begun(client, evil)
    write(client, "sheng", id_, CITY, raised(home, CITY, 670).replace("jia补充规定", f"'{evil}'"))
    for place in ("/versions", f"/versions/drafts/{id_}", f"/versions/drafts/{id_}?view=side"):
        text = client.get(place).text
        assert "<script>alert" not in text, place
        assert "{{ 31337 * 3 }}" in text, place
        assert "94011" not in text, place


# ---- git


def run(home: Path, *arguments: str) -> str:
    named = ("-c", "user.name=x", "-c", "user.email=x@x")
    done = subprocess.run(["git", *named, *arguments], cwd=home, capture_output=True, text=True, check=True)
    return done.stdout


def test_git_keeps_exactly_the_files_of_the_draft_with_author_and_reason(home: Path) -> None:
    run(home.parent, "init", "-q")
    run(home, "add", ".")
    run(home, "commit", "-q", "-m", "begin")
    hook = home.parent / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {home.parent}/ran\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    (home / "tiny.yaml").write_text((home / "tiny.yaml").read_text("utf-8") + "# 别人正在改\n", "utf-8")
    run(home, "add", "tiny.yaml")  # somebody else's, staged
    client = by(home, "sheng", keeping=True)
    id_ = begun(client)
    write(client, "sheng", id_, CITY, raised(home, CITY, 670))
    write(client, "sheng", id_, OTHER, None)
    write(client, "sheng", id_, "cities/yi.cases.yaml", None)
    write(client, "sheng", id_, "--help.yaml", raised(home, OTHER, 675))
    write(client, "sheng", id_, "cities/b.yaml", (home / "cities/yi.cases.yaml").read_text("utf-8"))
    form = {"seen": mark(client, id_), "reason": "--amend\n\n依据：晋民发〔2026〕1号"}
    done = client.post(f"/versions/drafts/{id_}/publish", data=form)
    assert done.status_code == 303, done.text
    told = run(home, "log", "-1", "--format=%an|%ae|%cn|%s", "--name-only", "--no-renames").split("\n")
    assert told[0] == "省厅|sheng@doudi.invalid|doudi|--amend"
    cities = {f"policies/cities/{name}" for name in ("jia.yaml", "yi.yaml", "yi.cases.yaml", "b.yaml")}
    assert set(told[2:-1]) == {"policies/--help.yaml", *cities}
    assert run(home, "diff", "--cached", "--name-only") == "policies/tiny.yaml\n"
    assert not (home.parent / "ran").exists()
    first = client.get("/versions").text
    found = re.search(r"/versions/commits/([0-9a-f]{40})", first)
    assert found is not None
    assert "670 元/月" in client.get(f"/versions/commits/{found[1]}").text
    assert client.get("/versions/commits/HEAD").status_code == 404


def test_a_folder_in_no_repository_is_published_all_the_same(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(home.parent))
    assert git.kept(home, [CITY], Author("x", "x"), "x") is None
    assert git.entries(home, 5) == []
    monkeypatch.setenv("PATH", "/nowhere")
    assert git.kept(home, [CITY], Author("x", "x"), "x") is None


def test_what_git_does_not_take_is_told_and_published(home: Path) -> None:
    run(home, "init", "-q")
    (home / ".git" / "index.lock").write_text("", "utf-8")
    client = by(home, "sheng", keeping=True)
    id_ = begun(client)
    write(client, "sheng", id_, CITY, raised(home, CITY, 670))
    form = {"seen": mark(client, id_), "reason": "x"}
    assert client.post(f"/versions/drafts/{id_}/publish", data=form).status_code == 303
    assert "没有记入 git" in client.get("/versions").text
    assert "670" in (home / CITY).read_text("utf-8")
