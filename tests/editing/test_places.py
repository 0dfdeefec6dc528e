"""Where things are declared and spoken of: renaming changes no answer, whatever text an editor holds has an index."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from engine.api import open_policies
from engine.diagnostics import Reporter
from engine.editing.definition import define
from engine.editing.folding import folds
from engine.editing.hints import hints
from engine.editing.occurrences import Index
from engine.editing.refused import Refused
from engine.editing.rename import Renaming, rename
from engine.editing.symbols import outline, workspace_symbols
from engine.editing.things import Occurrence, Thing
from engine.editing.tokens import tokens
from engine.editing.workspace import File, Snapshot
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import run
from tests.editing.shipped import POLICIES, ROOT

DAY = date(2024, 9, 1)
EXAMPLES = ("hongkong", "figures", "values", "national_2024", "australia_age_pension")
RENAMED = 6
"""things of each example that are renamed"""


def opened(*folders: Path) -> Index:
    return Index(Snapshot.open(folders))


def asked_all(index: Index, file: File, rng: random.Random) -> None:
    """Everything that an editor asks of a file."""
    size = len(file.source.text)
    outline(index, file)
    workspace_symbols(index, "jt")
    folds(file)
    hints(index, file, DAY, "zh")
    found = tokens(index, file)
    assert all(one.span.end <= other.span.start for one, other in pairwise(found))
    for offset in (size, *(rng.randrange(size + 1) for _ in range(3))):
        define(index, file, offset, DAY)
        rename(index, file, offset, "zz_other")


@pytest.mark.parametrize("name", EXAMPLES)
def test_beginnings_of_files_have_an_index(name: str) -> None:
    """A file that is being written stands among others that are whole."""
    folder = ROOT / "examples" / name
    rng = random.Random(name)
    snapshot = Snapshot.open([folder])
    paths = sorted(snapshot.files)
    for path in rng.sample(paths, min(3, len(paths))):
        text = snapshot.files[path].source.text
        broken = snapshot.with_text(path, text[: rng.randrange(len(text))])
        asked_all(Index(broken), broken.files[path], rng)


def test_the_beginning_of_the_province_has_an_index() -> None:
    path = POLICIES / "shanxi_2022_60.yaml"
    text = path.read_text(encoding="utf-8")
    rng = random.Random(11)
    broken = Snapshot.open([POLICIES], {path: text[: rng.randrange(len(text))]})
    asked_all(Index(broken), broken.files[path], rng)


def test_every_name_of_the_shipped_expressions_is_known() -> None:
    """All of them but units and words: none is left without a meaning, none has two."""
    index = opened(POLICIES, ROOT / "examples" / "overlay")
    for file in index.files.values():
        if file.is_document:
            assert [one for one in tokens(index, file) if one.look == "unknown"] == [], file.name
            for one in index.of(file):
                assert len(one.things) == 1 or one.text in ("assets", "not_already_below"), one


def test_an_index_that_takes_over_is_that_of_a_fresh_start() -> None:
    """Edits here and there, each upon the last."""
    rng = random.Random(7)
    index = opened(ROOT / "examples" / "national_2024")
    for _ in range(10):
        path = rng.choice(sorted(index.files))
        text = index.files[path].source.text
        at = rng.randrange(len(text) + 1)
        new = text[:at] + rng.choice(("甲", "x", "\n", ": ", "")) + text[at + rng.randrange(3) :]
        snapshot = index.snapshot.with_text(path, new)
        index = Index(snapshot, index)
        assert places(index) == places(Index(Snapshot.open(snapshot.folders, snapshot.texts))), (path, at)


def places(index: Index) -> dict[Path, list[object]]:
    def told(one: Occurrence) -> object:
        things = {(thing.path, thing.key.start, thing.kind, thing.id) for thing in one.things}
        return one.span.start, one.text, one.declares, one.sure, things

    paths = (*index.files, *index.others)
    return {path: [told(one) for one in index.in_file(path)] for path in paths}


# ---- renaming


def said(folder: Path) -> tuple[Counter[str], Counter[tuple[bool, str]]]:
    """What `check` and `test` say, without the names in it."""
    snapshot = Snapshot.open([folder])
    found = Counter(one.code for told in snapshot.diagnostics().values() for one in told)
    policies = open_policies(folder)
    suite = read_suite([folder], policies.slices)
    results = run(suite, policies, Selection(), Reporter())
    return found, Counter((one.passed, "" if one.decision is None else str(one.decision.outcome)) for one in results)


def copied(folder: Path, texts: Mapping[Path, str], copy: Path) -> Path:
    """The folder with other texts, elsewhere."""
    shutil.copytree(folder, copy)
    for path, text in texts.items():
        (copy / path.relative_to(folder)).write_text(text, encoding="utf-8", newline="\n")
    return copy


@pytest.mark.parametrize("name", EXAMPLES)
def test_things_that_are_renamed_change_no_answer(name: str, tmp_path: Path) -> None:
    """One after another, by id or by name; of most things none is refused."""
    folder = ROOT / "examples" / name
    index = opened(folder)
    rng = random.Random(name)
    done = 0
    for _ in range(RENAMED):
        things = [one for one in index.things if one.kind not in ("county", "table", "column", "case")]
        thing = rng.choice(things)
        found = renamed(index, thing, by_name=thing.name_at is not None and rng.random() < 0.5)
        if isinstance(found, Renaming):
            assert found.edits, thing
            index = Index(Snapshot.open([folder], {**index.snapshot.texts, **found.texts()}))
            done += 1
    assert done >= RENAMED - 2
    assert said(copied(folder, index.snapshot.texts, tmp_path / name)) == said(folder)


def renamed(index: Index, thing: Thing, *, by_name: bool) -> Renaming | Refused:
    place = thing.name_at if by_name else thing.key
    assert place is not None
    new = f"另{thing.name}" if by_name else f"zz_{thing.id}"
    return rename(index, index.files[thing.path], place.start, new)
