"""Snapshots: what `doudi check` would say if everything were saved now; made from the one before as from nothing."""

from __future__ import annotations

import random
import shutil
from datetime import date
from pathlib import Path

import pytest

from engine.diagnostics import sort_key
from engine.editing.completion import complete
from engine.editing.definition import define
from engine.editing.occurrences import Index
from engine.editing.tokens import tokens
from engine.editing.workspace import Abandoned, File, Snapshot
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from tests.editing.edits import edited, told
from tests.editing.shipped import POLICIES
from tests.lsp.test_server import small_folder

BASE = Path(__file__).parent.parent / "cases" / "base"
CASES = """cases: jia
title: 甲市
tests:
  one:
    why: 条文
    household: {id: H, application_date: 2024-01-01, county: "140101", residence: urban, members: [{id: A}]}
    expect: {outcome: eligible}
"""


NEW = """format: 1
overlay: new{}
title: 新的
amends: province
jurisdiction: "9002"
from: 2024-01-01
document: 乙民发〔2024〕1号
add:
  requirements:
    no_car: {{label: 没有机动车, when: 家庭人口 > 0}}
"""
AMENDMENT = """format: 1
overlay: more
title: 再次修改
amends: province
role: amendment
jurisdiction: "90"
document: 测民发〔2026〕1号
from: 2026-01-01
published: 2025-12-01
set:
  floor_area: {{from: 2026-01-01, values: {{1..2: 96, 3..: 126}}}}
{}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BASE, tmp_path / "base")
    (tmp_path / "base" / "cases.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path / "base"


def check(folder: Path) -> list[object]:
    found = Slices(read_library([folder])).check_all(None, hygiene=True)
    return [(one.code, one.place(), one.params) for one in found]


def flat(snapshot: Snapshot) -> list[object]:
    found = [one for each in snapshot.checked().values() for one in each]
    return [(one.code, one.place(), one.params) for one in sorted(found, key=sort_key)]


def overlay(snapshot: Snapshot, id_: str) -> File:
    return next(file for file in snapshot.files.values() if file.id == id_ and file.kind == "overlay")


def test_what_is_not_saved_is_checked_as_if_it_were(folder: Path) -> None:
    snapshot = Snapshot.open([folder])
    assert flat(snapshot) == check(folder)
    for name, text in (
        ("province.yaml", (folder / "province.yaml").read_text(encoding="utf-8").replace("count(", "cuont(")),
        ("cities/jia.yaml", "overlay: jia\n"),
        ("cities/yi.yaml", "overlay: yi\namends: province\n"),
        ("hygiene.yaml", "severity: {missing-citation: error}\n"),
        ("readme.csv", "a,b\n"),
    ):
        snapshot = snapshot.with_text(folder / name, text)
        (folder / name).write_text(text, encoding="utf-8")
        assert flat(snapshot) == check(folder)
        assert told(snapshot.diagnostics()) == told(Snapshot.open([folder]).diagnostics())


def test_an_edit_taken_back_leaves_nothing(folder: Path) -> None:
    first = Snapshot.open([folder])
    before = told(first.diagnostics())
    second = first.with_text(folder / "province.yaml", "policy: x")
    assert told(second.diagnostics()) != before
    assert told(second.with_text(folder / "province.yaml", None).diagnostics()) == before
    assert told(first.diagnostics()) == before


def test_made_from_the_one_before_as_from_nothing(folder: Path) -> None:
    """Many buffers, edited at random, some without being looked at in between. `bench/editing.py --edits` does this at
    length with the shipped policies."""
    rng = random.Random(20221110)
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".csv")]
    sound = {path: path.read_text(encoding="utf-8") for path in paths}
    snapshot, texts = Snapshot.open([folder]), dict(sound)
    for step in range(60):
        path = rng.choice(paths)
        texts[path] = edited(rng, texts[path], sound[path])
        snapshot = snapshot.with_text(path, texts[path])
        if step % 3 == 0:
            assert told(snapshot.diagnostics()) == told(Snapshot.open([folder], texts).diagnostics()), step


def test_two_hundred_buffers_at_once(folder: Path) -> None:
    """New supplements that nobody has saved, written in turns."""
    rng = random.Random(200)
    texts = {folder / f"new{number:03}.yaml": "" for number in range(200)}
    snapshot = Snapshot.open([folder])
    for number, path in enumerate([*texts, *rng.sample([*texts], 40)]):
        own = NEW.format(number % 150)
        texts[path] = own if number % 10 == 0 else edited(rng, own[: rng.randrange(len(own))], own)
        snapshot = snapshot.with_text(path, texts[path])
        if number in (9, 239):
            assert told(snapshot.diagnostics()) == told(Snapshot.open([folder], dict(snapshot.texts)).diagnostics())


def test_a_table_that_is_edited_is_read_again(folder: Path) -> None:
    snapshot, path = Snapshot.open([folder]), folder / "standards" / "jia-2023.csv"
    snapshot.diagnostics()
    for text in (path.read_text(encoding="utf-8").replace(",", ";"), "", None):
        snapshot = snapshot.with_text(path, text)
        assert told(snapshot.diagnostics()) == told(Snapshot.open([folder], dict(snapshot.texts)).diagnostics())


def test_a_table_that_is_new_beside_a_file_is_taken_before_that_of_the_folder(folder: Path) -> None:
    snapshot, path = Snapshot.open([folder]), folder / "cities" / "standards" / "jia-2023.csv"
    snapshot.diagnostics()
    for text in ("a,b\n", None):
        snapshot = snapshot.with_text(path, text)
        assert told(snapshot.diagnostics()) == told(Snapshot.open([folder], dict(snapshot.texts)).diagnostics())


def test_what_comes_to_stand_in_between_is_built_on(folder: Path) -> None:
    """A further amendment of the province, written between it and a city."""
    text = AMENDMENT.format("")
    snapshot = Snapshot.open([folder], {folder / "more.yaml": "overlay: more\namends: province\n"})
    snapshot.diagnostics()
    for now in (text, AMENDMENT.format("repeal: [terms.size]\n"), "", text):
        snapshot = snapshot.with_text(folder / "more.yaml", now)
        assert told(snapshot.diagnostics()) == told(Snapshot.open([folder], dict(snapshot.texts)).diagnostics())
        merged = snapshot.below(overlay(snapshot, "jia"))
        assert merged is not None
        if now in ("", text):  # what is broken leaves what stood last
            assert [one.header.id for one in merged.chain.overlays][1:] == (["more"] if now else [])


def test_cases_are_read_again_where_their_policy_changed(folder: Path) -> None:
    path = folder / "province.yaml"
    text = path.read_text(encoding="utf-8")
    snapshot = Snapshot.open([folder])
    snapshot.diagnostics()
    for now in (text.replace("residence:", "residenz:", 1), text.replace("urban:", "urbane:", 1), "", text):
        snapshot = snapshot.with_text(path, now)
        assert told(snapshot.diagnostics()) == told(Snapshot.open([folder], dict(snapshot.texts)).diagnostics())


def test_documents_that_nothing_changed_for_are_kept(folder: Path) -> None:
    first = Snapshot.open([folder])
    first.diagnostics()
    path = folder / "cities" / "jia.yaml"
    second = first.with_text(path, path.read_text(encoding="utf-8") + "# more\n")
    second.diagnostics()
    assert second.library.documents["province"].built is first.library.documents["province"].built
    assert second.library.documents["jia"].built is not first.library.documents["jia"].built
    province = next(path for path in first.files if path.name == "province.yaml")
    assert second.files[province] is first.files[province]


def test_files_say_what_they_are(folder: Path) -> None:
    files = Snapshot.open([folder], {folder / "hygiene.yaml": "", folder / "bad.yaml": "policy: x\nfacts: {"}).files
    kinds = {path.name: (file.kind, file.id, file.sound) for path, file in files.items()}
    assert kinds["province.yaml"] == ("policy", "province", True)
    assert kinds["jia.yaml"] == ("overlay", "jia", True)
    assert kinds["cases.yaml"] == ("cases", "jia", True)
    assert kinds["bad.yaml"] == ("policy", "x", False)
    assert kinds["hygiene.yaml"][0] == "settings"
    assert {kind for name, (kind, _, _) in kinds.items() if name.endswith(".csv")} == {"table"}


def test_while_a_document_is_broken_what_stood_last_stands_in(folder: Path) -> None:
    first = Snapshot.open([folder])
    first.diagnostics()
    path = folder / "cities" / "jia.yaml"
    text = path.read_text(encoding="utf-8")
    second = first.with_text(path, text + "\nadd: {")

    whole, below = first.merged(overlay(first, "jia")), first.below(overlay(first, "jia"))
    assert whole is not None
    assert below is not None
    assert second.merged(overlay(second, "jia")) == whole
    assert second.below(overlay(second, "jia")) == below
    cases = next(file for file in second.files.values() if file.kind == "cases")
    assert second.merged(cases) == whole
    assert second.below(cases) is None
    third = second.with_text(folder / "province.yaml", "policy: province\nfacts: [")
    assert third.below(overlay(third, "jia")) == below


def test_who_is_not_waited_for_is_told_so(folder: Path) -> None:
    first = Snapshot.open([folder])
    first.abandon()
    with pytest.raises(Abandoned):
        first.diagnostics()
    second = first.with_text(folder / "province.yaml", "policy: x")
    assert told(second.diagnostics()) == told(Snapshot.open([folder], dict(second.texts)).diagnostics())


def test_a_snapshot_keeps_its_units_whatever_a_later_one_declares(folder: Path) -> None:
    """The two share what did not change, and are worked with at the same time: one answers, the other is checked."""
    root, city = folder / "province.yaml", folder / "cities" / "new.yaml"
    plain = root.read_text(encoding="utf-8")
    declares = plain.replace("confers:", "units: {课时: {counted: yes}}\nconfers:", 1)
    text = NEW.format("", "", "").replace("家庭人口 > 0", "房间数 > 3 课时")

    def looks(index: Index) -> list[tuple[str, str]]:
        return [(one.span.text, one.look) for one in tokens(index, index.files[city])]

    older = Snapshot.open([folder], {root: declares, city: text})
    older.diagnostics()
    asked = Index(older)
    before = looks(asked)
    assert ("课时", "unit") in before
    newer = older.with_text(root, plain)
    found = told(newer.diagnostics())
    assert looks(asked) == before
    again = Index(newer, asked)
    assert ("课时", "unit") not in looks(again)
    assert looks(Index(older)) == before
    assert looks(again) == looks(Index(newer))
    fresh = Snapshot.open([folder], dict(newer.texts))
    assert (found, looks(again)) == (told(fresh.diagnostics()), looks(Index(fresh)))
    # of a root that cannot be read, what can be understood counts
    broken = newer.with_text(root, declares + "\nfacts: {")
    assert looks(Index(broken)) == looks(Index(Snapshot.open([folder], dict(broken.texts)))) == before


def test_shipped_policies_are_checked_as_by_the_command() -> None:
    assert flat(Snapshot.open([POLICIES])) == check(POLICIES)


def test_a_table_that_is_not_saved_yet_is_one_of_the_files(tmp_path: Path) -> None:
    """Named by a city before it is there, then written in the editor, then thrown away."""
    small_folder(tmp_path)
    home = tmp_path / "policies"
    city, table = home / "cities" / "taiyuan.yaml", home / "standards" / "taiyuan-2024.csv"
    text = city.read_text(encoding="utf-8").replace(
        "table: standards/taiyuan-2023.csv", "table: standards/taiyuan-2024.csv"
    )
    snapshot = Snapshot.open([home]).with_text(city, text)
    assert [one.code for one in snapshot.diagnostics()[city]] == ["no-such-table"]
    rows = (home / "standards" / "taiyuan-2023.csv").read_text(encoding="utf-8")
    snapshot = snapshot.with_text(table, rows)
    assert city not in snapshot.diagnostics()
    assert snapshot.files[table].kind == "table"
    at = text.rindex("taiyuan-2024.csv") + 1
    (target,) = define(Index(snapshot), snapshot.files[city], at, date(2024, 9, 1))
    assert target.path == table
    assert "standards/taiyuan-2024.csv" in [one.insert for one in complete(snapshot, snapshot.files[city], at)]
    snapshot = snapshot.with_text(table, rows.replace("760", "abc", 1))
    assert [one.code for one in snapshot.diagnostics()[table]] == ["bad-amount"]
    started = rows.partition("\n")[0] + "\n1401"
    snapshot = snapshot.with_text(table, started)
    assert "140105" in [one.insert for one in complete(snapshot, snapshot.files[table], len(started))]
    assert table not in snapshot.with_text(table, None).files
