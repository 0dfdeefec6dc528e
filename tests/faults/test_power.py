"""The power goes: what was saved or published is on the disk, names as well as bytes, before anybody is told so.

A rename lasts once its folder was brought to the disk; the systems' calls are watched for what would be lost.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from engine import disk
from engine.serving.drafts import judge, publish
from engine.serving.drafts.judge import Judged
from engine.serving.drafts.publish import Published
from engine.serving.people.keys import secret_in
from tests.serving.drafts.folder import office
from tests.serving.drafts.test_faults import drafted

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be brought to the disk there")


class Watched:
    """Calls of the system as they go through `engine.disk`.

    Attributes:
        lost: files and folders whose bytes, or names, would be lost by now.
        early: what was renamed before its bytes were on the disk.
        synced: how often anything was brought to the disk.
    """

    def __init__(self) -> None:
        self.lost: set[Path] = set()
        self.early: list[Path] = []
        self.synced = 0
        self._open: dict[int, Path] = {}

    def __call__(self, act: Callable[..., object], *arguments: object, **named: object) -> object:
        self._before(act, arguments)
        answer = act(*arguments, **named)
        if act is os.open:
            assert isinstance(answer, int)
            self._open[answer] = Path(str(arguments[0]))
            if int(str(arguments[1])) & os.O_CREAT:
                self.lost.add(self._open[answer].parent)
        return answer

    def _before(self, act: Callable[..., object], arguments: tuple[object, ...]) -> None:
        paths = [Path(str(one)) for one in arguments[:2]]
        if act is os.write:
            self.lost.add(self._open[int(str(arguments[0]))])
        elif act is os.fsync:
            self.synced += 1
            self.lost.discard(self._open[int(str(arguments[0]))])
        elif act is os.replace:
            self.early += [paths[0]] if paths[0] in self.lost else []
            self.lost.add(paths[1].parent)
        elif act is os.unlink:
            self.lost -= {paths[0]}
            if not paths[0].name.startswith(".doudi-"):  # nobody looks at one that comes back
                self.lost.add(paths[0].parent)
        elif act is os.makedirs:
            lacking = [one for one in (paths[0], *paths[0].parents) if not one.exists()]
            self.lost |= {one.parent for one in lacking}


def watched(act: Callable[[], object], watch: Watched) -> None:
    with patch("engine.disk.system.call", watch):
        act()


@pytest.mark.parametrize(
    "act",
    [
        lambda folder: disk.write_whole(folder / "a.yaml", b"x"),
        lambda folder: disk.write_whole(folder / "new" / "below" / "a.yaml", b"x"),
        lambda folder: disk.write_new(folder / "a.yaml", b"x"),
        lambda folder: disk.make_folder(folder / "new" / "below"),
        secret_in,
    ],
)
def test_what_is_saved_lasts(tmp_path: Path, act: Callable[[Path], object]) -> None:
    watch = Watched()
    watched(lambda: act(tmp_path), watch)
    assert not watch.lost
    assert not watch.early
    assert watch.synced


def test_lines_that_are_added_last(tmp_path: Path) -> None:
    def add() -> None:
        with disk.appending(tmp_path / "a.ndjson") as file:
            file.lines(["{}"])

    watch = Watched()
    watched(add, watch)
    assert not watch.lost


def test_a_system_that_cannot_bring_names_to_the_disk_saves_all_the_same(tmp_path: Path) -> None:
    def system(act: Callable[..., object], *arguments: object, **named: object) -> object:
        if act is os.open and Path(str(arguments[0])) == tmp_path:
            raise PermissionError
        return act(*arguments, **named)

    with patch("engine.disk.system.call", system):
        disk.write_whole(tmp_path / "a.yaml", b"x")
    assert (tmp_path / "a.yaml").read_bytes() == b"x"


class Publishing(Watched):
    """What the journal says of the folder has come to the disk before it says so."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        self.home, self.told = home, 0

    def _before(self, act: Callable[..., object], arguments: tuple[object, ...]) -> None:
        journal = next((one for one in map(str, arguments[:2]) if one.endswith("publishing.json")), "")
        if journal and act in (os.replace, os.unlink):
            self.told += 1
            assert not {one for one in self.lost if one.is_relative_to(self.home)}, act
        super()._before(act, arguments)


def test_a_publication_lasts_before_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "judged", lambda *_: Judged((), 1, 0, ()))
    desk = office(tmp_path)
    draft = drafted(desk)
    watch = Publishing(desk.home)
    done: list[object] = []
    watched(lambda: done.append(desk.publish(draft)), watch)
    assert isinstance(done[0], Published)
    assert not watch.early
    assert watch.told == 3, "begun, ready, over"
    assert not {one for one in watch.lost if one.is_relative_to(desk.home)}
    assert (desk.drafts.folder / "publishing.json") not in watch.lost


def test_what_is_only_looked_at_costs_no_disk(tmp_path: Path) -> None:
    desk, watch = office(tmp_path), Watched()
    watched(lambda: judge.judged(desk.home, {"cities/new/x.csv": b"a,b\n"}, "zh"), watch)
    assert not watch.synced
