"""The disk module on real files of every odd kind."""

from __future__ import annotations

import errno
import os
import pickle
import socket
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import disk
from engine.diagnostics import render
from engine.disk import DiskFault
from tests.faults.system import Act, refusing

posix = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and modes of another kind")


def reason(act: Callable[[], object]) -> str:
    with pytest.raises(DiskFault) as raised:
        act()
    return raised.value.reason


def failing(name: str, number: int) -> Callable[[Act, tuple[object, ...]], OSError | None]:
    def decide(act: Act, arguments: tuple[object, ...]) -> OSError | None:
        del arguments
        return OSError(number, "") if getattr(act, "__name__", "") == name else None

    return decide


# ---- reading


@posix
def test_what_is_no_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nothing")
    (tmp_path / "file").write_bytes(b"")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        for name, why in (
            ("pipe", "not-regular"),
            ("socket", "not-regular"),
            ("/dev/zero", "not-regular"),
            (".", "is-folder"),
            ("loop", "loop"),
            ("dangling", "gone"),
            ("nothing", "gone"),
            ("file/x", "not-folder"),
            ("a" * 300, "name-too-long"),
            ("a/" * 3000, "name-too-long"),
            ("nul\0", "bad-name"),
        ):
            path = os.path.join(tmp_path, name)
            assert reason(lambda path=path: disk.read(path, 100)) == why, name  # type: ignore[misc]


def test_the_size_is_looked_at_before_the_content(tmp_path: Path) -> None:
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(20 << 30)
    read: list[Act] = []
    with refusing(lambda act, _: read.append(act)), pytest.raises(DiskFault) as raised:
        disk.read(sparse, 1000)
    assert (raised.value.reason, raised.value.size, raised.value.limit) == ("too-large", 20 << 30, 1000)
    assert os.read not in read
    assert raised.value.diagnostic().code == "file-too-large"


@posix
def test_a_file_that_hides_its_size_is_read_no_further_than_the_limit() -> None:
    assert reason(lambda: disk.read("/proc/self/status", 10)) == "too-large"


def test_exactly_as_much_as_allowed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert disk.read(tmp_path / "a", 5) == b"12345"
    assert reason(lambda: disk.read(tmp_path / "a", 4)) == "too-large"


@posix
def test_a_stream_may_be_a_pipe_and_its_faults_are_told(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"x" * 100))
    writer.start()
    with disk.stream(pipe) as stream:
        assert stream.read() == b"x" * 100
    writer.join()
    assert reason(lambda: disk.stream(tmp_path).__enter__()) == "is-folder"
    (tmp_path / "a").write_bytes(b"1")
    with disk.stream(tmp_path / "a") as stream, refusing(failing("read", errno.EIO)):
        assert reason(stream.read) == "input-output"


# ---- where things are


@posix
def test_kinds(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "dangling").symlink_to("nothing")
    (tmp_path / "loop").symlink_to("loop")
    kinds = {".": "folder", "a": "file", "link": "file", "pipe": "other", "dangling": "absent", "a/b": "absent"}
    assert {name: disk.kind(tmp_path / name) for name in kinds} == kinds
    assert disk.taken(tmp_path / "dangling")
    assert not disk.taken(tmp_path / "nothing")
    assert reason(lambda: disk.kind(tmp_path / "loop")) == "loop"
    assert reason(lambda: disk.kind("nul\0")) == "bad-name"


@posix
def test_real_places(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    (root / "a").mkdir()
    (root / "link").symlink_to("a")
    (root / "dangling").symlink_to("../nothing")
    (root / "loop").symlink_to("loop")
    assert disk.real(root / "link" / "new.yaml") == root / "a" / "new.yaml"
    assert disk.real(root / "dangling") == root.parent / "nothing"
    assert not disk.inside(root / "dangling", root)
    assert not disk.inside(root / "a" / ".." / ".." / "x", root)
    assert disk.inside(root / "link", root)
    assert reason(lambda: disk.real(root / "loop" / "x")) == "loop"
    assert reason(lambda: disk.real("a" * 300)) == "name-too-long"
    assert reason(lambda: disk.real("nul\0")) == "bad-name"


def test_names_are_shown_whatever_they_hold() -> None:
    strange = os.fsdecode(b"\xff\xe4\xb8\xad") if sys.platform != "win32" else "\udcff中"
    assert disk.shown(strange) == "\\xff中"
    fault = DiskFault(strange, "denied")
    render(fault.diagnostic()).encode("utf-8")
    assert pickle.loads(pickle.dumps(fault)).diagnostics == fault.diagnostics


# ---- folders


def walked(folder: Path, most: int = disk.MAX_WALKED) -> list[str]:
    """The files by name, and the faults as `name: reason`."""
    root = str(folder) + os.sep
    return [
        f"{found.path.removeprefix(root)}: {found.reason}"
        if isinstance(found, DiskFault)
        else found.relative_to(folder).as_posix()
        for found in disk.walk(folder, most)
    ]


@posix
def test_a_folder_with_everything_in_it(tmp_path: Path) -> None:
    folder, outside = tmp_path / "f", tmp_path / "outside"
    for name in ("b/c.yaml", "b.yaml", "a.yaml", ".git/x", "d/e/f.csv", ".data/m.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    outside.mkdir()
    (outside / "secret").write_bytes(b"")
    os.mkfifo(folder / "pipe")
    for name, target in (
        ("to-file", "a.yaml"),
        ("to-folder", "b"),
        ("to-hidden", ".data"),
        ("up", ".."),
        ("out", str(outside)),
        ("out-file", str(outside / "secret")),
        ("nowhere", "nothing"),
        ("ring", "ring"),
        ("b/back", ".."),
        (".#lock", "somebody@somewhere"),
    ):
        (folder / name).symlink_to(target)
    assert walked(folder) == [
        ".#lock",
        ".data",
        ".git",
        "a.yaml",
        "b/c.yaml",
        "b.yaml",
        "d/e/f.csv",
        "nowhere: gone",
        "out: outside",
        "out-file: outside",
        "pipe: not-regular",
        "ring: loop",
        "to-file",
        "to-hidden/m.yaml",
        "up: outside",
    ]
    in_order = [found for found in disk.walk(folder) if isinstance(found, Path)]
    assert in_order == sorted(in_order)


def test_a_folder_without_end(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number:02}").write_bytes(b"")
    assert walked(tmp_path, 20) == [f"{number:02}" for number in range(20)]
    assert walked(tmp_path, 19) == [f"{tmp_path}: too-many"]


@posix
def test_a_folder_deeper_than_calls_go(tmp_path: Path) -> None:
    deep = [f"{tmp_path}{'/d' * depth}" for depth in range(1, 1201)]
    for folder in deep:
        os.mkdir(folder)
    try:
        disk.write_whole(f"{deep[-1]}/x", b"")
        assert walked(tmp_path) == ["d/" * 1200 + "x"]
        os.unlink(f"{deep[-1]}/x")
    finally:
        for folder in reversed(deep):
            os.rmdir(folder)


def test_a_folder_that_cannot_be_listed(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "c").write_bytes(b"")

    def decide(act: Act, arguments: tuple[object, ...]) -> OSError | None:
        denied = getattr(act, "__name__", "") == "listed" and Path(str(arguments[0])).name == "b"
        return OSError(errno.EACCES, "") if denied else None

    with refusing(decide):
        assert walked(tmp_path) == ["b: denied", "c"]
    assert walked(tmp_path / "nothing") == [f"{tmp_path / 'nothing'}: gone"]


@posix
def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    name = os.path.join(os.fsencode(tmp_path), b"\xff.yaml")
    try:
        with open(name, "wb") as file:
            file.write(b"x")
    except OSError:
        pytest.skip("this disk takes UTF-8 only")
    found = list(disk.walk(tmp_path))
    assert [os.fsencode(one) for one in found if isinstance(one, Path)] == [name]
    assert isinstance(found[0], Path)
    assert disk.read(found[0], 10) == b"x"


# ---- writing


@posix
def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    old, link = tmp_path / "a", tmp_path / "link"
    old.write_bytes(b"old")
    old.chmod(0o640)
    link.symlink_to("a")
    disk.write_whole(link, b"new")
    assert old.read_bytes() == b"new"
    assert link.is_symlink()
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    disk.write_whole(tmp_path / "x" / "y" / "z", b"1")
    assert (tmp_path / "x" / "y" / "z").read_bytes() == b"1"
    assert reason(lambda: disk.write_whole(tmp_path, b"")) == "is-folder"
    assert reason(lambda: disk.write_whole(old / "x", b"")) == "not-folder"


class Stopped(BaseException):
    pass


@pytest.mark.parametrize("name", ["open", "write", "chmod", "fsync", "close", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.EIO, ""), Stopped(), KeyboardInterrupt()])
def test_nothing_is_left_over(tmp_path: Path, name: str, error: BaseException) -> None:
    """After a failure, and when somebody presses Ctrl-C; also when the call was made before that."""
    (tmp_path / "a").write_bytes(b"old")

    def decide(act: Act, arguments: tuple[object, ...]) -> OSError | None:
        if getattr(act, "__name__", "") == name and not isinstance(error, OSError):
            if name != "close":
                act(*arguments)
            raise error
        return error if isinstance(error, OSError) and getattr(act, "__name__", "") == name else None

    with refusing(decide), pytest.raises((DiskFault, Stopped, KeyboardInterrupt)):
        disk.write_whole(tmp_path / "a", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == (b"new" if name == "replace" and not isinstance(error, OSError) else b"old")


@posix
def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    disk.write_whole("/dev/null", b"x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert reason(lambda: disk.write_whole("/dev/full", b"x")) == "full"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    disk.write_whole(pipe, b"through")
    reader.join()
    assert got == [b"through"]


# ---- lines added


def add(path: Path, *lines: str) -> None:
    with disk.appending(path, 0o600) as file:
        file.lines(lines)


@pytest.mark.parametrize(
    ("held", "after"),
    [(None, b"1\n2\n"), (b"", b"1\n2\n"), (b"0\n", b"0\n1\n2\n"), (b"0", b"0\n1\n2\n"), (b"\n", b"\n1\n2\n")],
)
def test_a_last_line_left_open_is_ended_first(tmp_path: Path, held: bytes | None, after: bytes) -> None:
    path = tmp_path / "r"
    if held is not None:
        path.write_bytes(held)
    add(path, "1", "2")
    assert path.read_bytes() == after


@posix
def test_a_full_disk_leaves_whole_lines(tmp_path: Path) -> None:
    """Half of the line is written, then the disk is full."""
    path = tmp_path / "r"
    path.write_bytes(b"0\n")
    written: list[int] = []

    def decide(act: Act, arguments: tuple[object, ...]) -> OSError | None:
        if act is not os.write:
            return None
        if written:
            return OSError(errno.ENOSPC, "")
        handle, data = arguments
        assert isinstance(handle, int)
        assert isinstance(data, memoryview)
        written.append(os.write(handle, data[: len(data) // 2]))
        return OSError(errno.ENOSPC, "")

    with refusing(decide):
        assert reason(lambda: add(path, "line")) == "full"
    assert written
    assert path.read_bytes() == b"0\n"
    add(path, "line")
    assert path.read_bytes() == b"0\nline\n"


@posix
def test_the_lines_of_several_writers_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "r"

    def work(sign: str) -> None:
        with disk.appending(path) as file:
            for _ in range(50):
                file.lines([sign * 9000])

    writers = [threading.Thread(target=work, args=(sign,)) for sign in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = path.read_text().splitlines()
    assert len(lines) == 200
    assert all(len(line) == 9000 and len(set(line)) == 1 for line in lines)


@posix
def test_families_facts_are_their_owners_alone(tmp_path: Path) -> None:
    add(tmp_path / "r", "x")
    assert stat.S_IMODE((tmp_path / "r").stat().st_mode) == 0o600
    assert reason(lambda: add(Path("/dev/full"), "x")) == "full"
    assert reason(lambda: add(tmp_path, "x")) == "is-folder"
