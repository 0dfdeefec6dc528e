"""A publication that is cut off: by the disk, or by a process that is killed. All of it is there, or nothing."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import disk
from engine.serving.drafts import publish
from engine.serving.drafts.judge import Judged
from engine.serving.drafts.publish import Published, Publisher
from engine.serving.drafts.store import Draft, Drafts
from engine.serving.settings import Settings
from tests.faults.system import Act, refusing
from tests.faults.test_every_call import nth
from tests.serving.drafts.folder import JIA, Clock, Git, Office, office
from tests.serving.served import asked

CITY, OTHER, NEW = "cities/jia.yaml", "cities/yi.yaml", "cities/new/x.csv"
pytestmark = pytest.mark.usefixtures("green")


@pytest.fixture
def green(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is published, and by whom, is looked at elsewhere."""
    monkeypatch.setattr(publish, "judged", lambda *_: Judged((), 1, 0, ()))
    monkeypatch.setattr(publish.Publisher, "forbidden", lambda *_: ())


def drafted(desk: Office) -> Draft:
    return desk.begun({CITY: desk.raised(CITY, 670), OTHER: None, NEW: "a,b\n"})


def wanted(desk: Office) -> dict[str, bytes]:
    files = {**desk.files(), CITY: desk.raised(CITY, 670).encode(), NEW: b"a,b\n"}
    del files[OTHER]
    return files


CHANGING = (os.write, os.replace, os.unlink, os.rmdir, os.makedirs)
"""calls that leave something behind: between two of them nothing is different for who comes later"""


def changes(act: Act, arguments: tuple[object, ...]) -> bool:
    makes = act is os.open and bool(int(str(arguments[1])) & os.O_CREAT)
    return makes or act in CHANGING


def changing(desk: Office, draft: Draft) -> list[int]:
    """Which of the calls of the system that a publication makes change something."""
    calls: list[bool] = []

    def note(act: Act, arguments: tuple[object, ...]) -> None:
        calls.append(changes(act, arguments))

    with refusing(note):
        assert isinstance(desk.publish(draft), Published)
    return [at for at, one in enumerate(calls) if one]


def over_and_over(tmp_path: Path) -> tuple[Callable[[], tuple[Office, Draft]], list[int]]:
    """Makes an office with a draft in it as often as one is wanted; and the moments of publishing that."""
    first = office(tmp_path / "first")
    draft = drafted(first)
    made = iter(range(1 << 20))

    def again() -> tuple[Office, Draft]:
        folder = tmp_path / f"{next(made):04}"
        shutil.copytree(tmp_path / "first", folder)
        desk = office_over(folder)
        found = desk.drafts.get(draft.id)
        assert found is not None
        return desk, found

    return again, changing(*again())


def office_over(folder: Path) -> Office:
    clock, git = Clock(), Git()
    drafts = Drafts(folder / "drafts", folder / "policies", clock)
    return Office(folder / "policies", drafts, git, Publisher(drafts, clock, git))


def killing(moment: int) -> Callable[[Act, tuple[object, ...]], None]:
    places = iter(range(1 << 30))

    def kill(act: Act, arguments: tuple[object, ...]) -> None:
        del act, arguments
        if next(places) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is killed")
def test_a_process_that_is_killed_at_any_call_leaves_all_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    again, moments = over_and_over(tmp_path)
    ended = []
    for moment in moments:
        desk, draft = again()
        old, new = desk.files(), wanted(desk)
        pid = os.fork()
        if pid == 0:
            with refusing(killing(moment)):
                desk.publish(draft)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        later = office_over(desk.home.parent)
        with later.publisher.settled():
            found = later.files()
        assert found in (old, new), f"at call {moment}"
        ended.append(found == new)
        left = later.drafts.get(draft.id)
        assert (left is None) == bool(later.publisher.history()) == ended[-1], f"at call {moment}"
        assert ended[-1] or isinstance(later.publish(draft), Published)
        assert later.files() == new
        shutil.rmtree(desk.home.parent)
    assert ended == sorted(ended)  # from one moment on
    assert {False, True} == set(ended)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_disk_that_refuses_at_any_call_leaves_all_or_nothing(tmp_path: Path, number: int) -> None:
    (tmp_path / "first").mkdir()
    again, moments = over_and_over(tmp_path)
    for moment in moments:
        desk, draft = again()
        old, new = desk.files(), wanted(desk)
        try:
            with refusing(nth(moment, number)):
                done = desk.publish(draft)
            assert isinstance(done, Published)
            assert desk.files().keys() - new.keys() <= {name for name in desk.files() if ".doudi-" in name}
        except disk.DiskFault:
            with desk.publisher.settled():
                assert desk.files() == old, f"at call {moment}"
            assert isinstance(desk.publish(draft), Published)
        with desk.publisher.settled():
            assert desk.files() == new, f"at call {moment}"
        assert desk.drafts.get(draft.id) is None
        shutil.rmtree(desk.home.parent)


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full")
def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft, old = drafted(desk), desk.files()

    def full(act: Act, arguments: tuple[object, ...]) -> OSError | None:
        del arguments
        return OSError(errno.ENOSPC, "") if act is os.write else None

    with refusing(full), pytest.raises(disk.DiskFault, match="磁盘已满"):
        desk.publish(draft)
    assert desk.files() == old
    assert isinstance(desk.publish(draft), Published)


def test_what_somebody_writes_by_hand_after_a_crash_stands(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft = drafted(desk)
    moves = 0

    def crash(act: Act, arguments: tuple[object, ...]) -> None:
        nonlocal moves
        if act is os.replace and str(arguments[1]).endswith(".yaml"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), refusing(crash):
        desk.publish(draft)
    (desk.home / CITY).write_text("by hand", "utf-8")
    with desk.publisher.settled():
        assert desk.read(CITY) == "by hand"
        assert not (desk.home / OTHER).exists()


def test_the_service_finishes_at_its_start_what_was_cut_off(tmp_path: Path) -> None:
    desk = office(tmp_path)
    draft, new = drafted(desk), wanted(desk)

    def crash(act: Act, arguments: tuple[object, ...]) -> None:
        if act is os.replace and str(arguments[1]).endswith(".csv"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), refusing(crash):
        desk.publish(draft)
    assert desk.files() != new
    asked(Settings((str(desk.home),), drafts=str(desk.drafts.folder)))
    assert desk.files() == new
    assert [one.draft for one in desk.publisher.history()] == [draft.id]


def test_what_is_written_to_a_draft_while_it_is_published_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = office(tmp_path)
    draft = drafted(desk)

    def meanwhile(*_: object) -> Judged:
        desk.drafts.write(draft.id, CITY, desk.raised(CITY, 690), desk.drafts.expected(draft, CITY), JIA)
        return Judged((), 1, 0, ())

    monkeypatch.setattr(publish, "judged", meanwhile)
    assert isinstance(desk.publish(draft), Published)
    assert "670" in desk.read(CITY)
    left = desk.drafts.get(draft.id)
    assert left is not None
    assert list(left.files) == [CITY]
    assert "690" in (desk.drafts.text(left, CITY) or "")
