"""Drafts: what is kept, what is refused, and two people who write one file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.serving.drafts.paths import file_in, is_path
from engine.serving.drafts.store import Conflict, Draft, Refused
from engine.serving.drafts.texts import sha
from tests.serving.drafts.folder import JIA, PROVINCE, office

CITY = "cities/jia.yaml"


@pytest.mark.parametrize(
    "path",
    [
        "", "/etc/passwd.yaml", "../x.yaml", "a/../../x.yaml", "a//b.yaml", "./a.yaml", "a/./b.yaml", ".hidden.yaml",
        ".git/config.yaml", "a/.b/c.yaml", "a\\b.yaml", "a\0.yaml", "a\n.yaml", "a.yaml\n", "a.yaml/", "a.py", "a",
        "a%2fb.yaml", "..%2fa.yaml", "c:/a.yaml", "a b.yaml", "~/a.yaml", "a.yaml.", f"{'a' * 200}.yaml", "..",
    ],
)  # fmt: skip
def test_no_other_path_is_one(path: str, tmp_path: Path) -> None:
    assert not is_path(path)
    assert file_in(tmp_path, path) is None


@pytest.mark.parametrize("path", ["a.yaml", "cities/太原.yml", "standards/taiyuan-2023.csv", "a/b/c.d.yaml"])
def test_these_are_paths(path: str, tmp_path: Path) -> None:
    assert file_in(tmp_path, path) == tmp_path.resolve() / path


def test_what_a_link_leads_to_is_no_file_of_the_folder(tmp_path: Path) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside"
    home.mkdir()
    outside.mkdir()
    (outside / "a.yaml").write_text("x")
    (home / "link.yaml").symlink_to(outside / "a.yaml")
    (home / "folder").symlink_to(outside)
    (home / "own.yaml").symlink_to(home / "other.yaml")
    for path in ("link.yaml", "folder/a.yaml", "folder/new.yaml", "own.yaml"):
        assert file_in(home, path) is None, path


def test_a_draft_lies_beside_the_published_folder(tmp_path: Path) -> None:
    desk = office(tmp_path)
    before = desk.files()
    draft = desk.begun({CITY: desk.raised(CITY, 670), "cities/new.yaml": "新"})
    assert desk.files() == before
    again = desk.drafts.get(draft.id)
    assert again == draft
    assert desk.drafts.text(draft, CITY) == desk.raised(CITY, 670)
    assert desk.drafts.base(draft, CITY) == desk.read(CITY)
    assert desk.drafts.base(draft, "cities/new.yaml") is None
    assert desk.drafts.texts(draft) == {
        (desk.home / CITY).resolve(): desk.raised(CITY, 670),
        (desk.home / "cities/new.yaml").resolve(): "新",
    }


def test_what_is_as_published_again_is_no_change(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft = desk.begun({CITY: desk.raised(CITY, 670)})
    back = desk.drafts.write(draft.id, CITY, desk.read(CITY).replace("\n", "\r\n"), sha(desk.raised(CITY, 670)), JIA)
    assert isinstance(back, Draft)
    assert not back.files
    gone = desk.drafts.write(draft.id, "cities/new.yaml", None, "", JIA)
    assert isinstance(gone, Draft)
    assert not gone.files


def test_a_file_may_go(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft = desk.begun({CITY: None})
    assert draft.files[CITY].goes
    assert desk.drafts.text(draft, CITY) is None
    dropped = desk.drafts.drop(draft.id, CITY)
    assert dropped is not None
    assert desk.drafts.text(dropped, CITY) == desk.read(CITY)


def test_of_two_who_write_one_file_the_second_is_told_and_both_texts_stay(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft = desk.begun({})
    loaded = desk.drafts.expected(draft, CITY)
    first = desk.drafts.write(draft.id, CITY, desk.raised(CITY, 670), loaded, JIA)
    assert isinstance(first, Draft)
    second = desk.drafts.write(draft.id, CITY, desk.raised(CITY, 680), loaded, PROVINCE)
    assert isinstance(second, Conflict)
    kept = desk.drafts.get(draft.id)
    assert kept is not None
    assert desk.drafts.text(kept, CITY) == desk.raised(CITY, 670)
    (aside,) = desk.drafts.conflicts(kept)
    assert (aside, aside.text, aside.by) == (second, desk.raised(CITY, 680), PROVINCE.label)
    settled = desk.drafts.write(draft.id, CITY, aside.text, desk.drafts.expected(kept, CITY), PROVINCE)
    assert isinstance(settled, Draft)
    desk.drafts.settle(draft.id, aside.id)
    assert not desk.drafts.conflicts(settled)


def test_many_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft = desk.begun({})
    loaded = desk.drafts.expected(draft, CITY)
    texts = [desk.raised(CITY, 700 + each) for each in range(12)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda text: desk.drafts.write(draft.id, CITY, text, loaded, JIA), texts))
    assert sum(isinstance(one, Draft) for one in answers) == 1
    kept = desk.drafts.get(draft.id)
    assert kept is not None
    assert {desk.drafts.text(kept, CITY), *(one.text for one in desk.drafts.conflicts(kept))} == set(texts)


def test_what_may_not_be_kept_is_refused_in_words(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft = desk.begun({})
    assert desk.drafts.write(draft.id, "../x.yaml", "x", "", JIA) == Refused("bad-path")
    assert desk.drafts.write(draft.id, "x.yaml", "x" * (1 << 20) + "x", "", JIA) == Refused("too-large")
    assert desk.drafts.write("0" * 12, CITY, "x", "", JIA) is None
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "draft.json").write_bytes((desk.drafts.folder / draft.id / "draft.json").read_bytes())
    (desk.drafts.folder / draft.id / "aside").mkdir()
    for name in ("..", "../../etc", "../outside", "", "A" * 12, f"{draft.id}/../{draft.id}", "0" * 12, "../draft.json"):
        assert desk.drafts.get(name) is None
        assert not desk.drafts.discard(name)
        assert desk.drafts.conflict(draft, name) is None
        desk.drafts.settle(draft.id, name)
    assert desk.drafts.get(draft.id) == draft


def test_a_record_that_cannot_be_understood_is_no_draft(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft = desk.begun({})
    (desk.drafts.folder / draft.id / "draft.json").write_text("{", "utf-8")
    assert desk.drafts.get(draft.id) is None
    assert desk.drafts.all() == []
    assert desk.drafts.ids() == [draft.id]


def test_a_table_in_gb18030_is_read_and_stays_so(tmp_path: Path) -> None:
    desk = office(tmp_path)
    table = desk.home / "divisions.csv"
    table.write_bytes(table.read_text("utf-8").replace("\n", "\r\n").encode("gb18030"))
    shown = desk.drafts.published("divisions.csv")
    assert shown is not None
    assert "东城区" in shown
    draft = desk.begun({"divisions.csv": shown.replace("东城区", "东区")})
    data = desk.publisher.contents(draft)["divisions.csv"]
    assert data == table.read_bytes().replace("东城区".encode("gb18030"), "东区".encode("gb18030"))
