"""Texts kept warm: the same answers as from nothing, of the text as it is now; and no more kept than is to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.editing.hover import hover
from engine.editing.workspace import File, Snapshot
from engine.serving.pages.bench import Bench
from tests.serving.rules.folders import CITY, folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return folder(tmp_path / "p").resolve()


def told(snapshot: Snapshot) -> list[tuple[str, str]]:
    return sorted((one.code, one.place()) for found in snapshot.diagnostics().values() for one in found)


def test_what_is_taken_over_changes_no_answer(home: Path) -> None:
    bench, saved, path = Bench(), Snapshot.open([home]), home / "cities" / "shi.yaml"
    for text in (CITY, CITY.replace("700", "900"), CITY.replace("limit", "limits"), CITY):
        asked = bench.next("a", saved, path, text)
        assert told(asked) == told(Snapshot.open([home], {path: text}))
        bench.keep("a", asked)


def test_what_is_asked_at_a_keystroke_is_of_the_text_as_it_is(home: Path) -> None:
    bench, saved, path = Bench(), Snapshot.open([home]), home / "cities" / "shi.yaml"
    bench.keep("a", bench.next("a", saved, path, CITY))
    text = f"# 又一行\n{CITY}"

    def work(asked: Snapshot, file: File) -> str:
        found = hover(asked, file, file.source.text.index("limit"))
        return "" if found is None else found.text

    assert (bench.ask("a", saved, path, text, work) or "").startswith("**收入上限**")


def test_texts_of_others_are_not_answered_from(home: Path) -> None:
    """Two edit two files of one draft: neither is answered by what the other has not saved."""
    bench, saved = Bench(), Snapshot.open([home])
    province, city = home / "sheng.yaml", home / "cities" / "shi.yaml"
    unsaved = province.read_text(encoding="utf-8").replace("收入上限", "别人还没保存")
    bench.keep("a", bench.next("a", saved, province, unsaved))

    def labels(asked: Snapshot, file: File) -> str:
        found = hover(asked, file, file.source.text.index("limit"))
        return "" if found is None else found.text

    assert "别人还没保存" not in (bench.ask("a", saved, city, CITY, labels) or "")


def test_a_file_that_is_not_there_is_asked_nothing(home: Path) -> None:
    found = Bench().ask("a", Snapshot.open([home]), home / "no.txt", "x", lambda _, file: file.name)
    assert found is None


def test_no_more_is_kept_than_is_to_be(home: Path) -> None:
    bench, saved, path = Bench(most=2), Snapshot.open([home]), home / "cities" / "shi.yaml"
    for key in "abcab":
        bench.keep(key, bench.next(key, saved, path, CITY))
    assert len(bench) == 2
