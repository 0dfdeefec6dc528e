"""Every call of the system that a command makes is let fail, one at a time, with the errors that it can end in.

A clean run counts the calls; then the command runs again for each of them, in a folder made anew. It must end with the
very same answer, or with a refusal that names the file: never in a traceback or a fault of the program, never with a
file half written or left over, never with an answer from which a file was left out.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

import pytest

from engine import disk, resources
from engine.cli.main import main
from engine.messages.disk import REASONS
from engine.reporting.code_page import page_of
from tests.faults.system import Act, refusing

TINY = Path(__file__).parents[1] / "cases" / "codes" / "tiny"
HOUSEHOLD = '{"id": "H-1", "application_date": "2023-06-15", "county": "900101", "income": 600}'
CITY = """\
format: 1
overlay: jia
title: 甲市补充规定
amends: tiny
jurisdiction: "9001"
status: official
document: 甲民发〔2023〕2号
from: 2023-01-01
"""
AMENDMENT = """\
format: 1
overlay: lower
title: 限额修订
amends: tiny
role: amendment
jurisdiction: "90"
status: official
document: 测民发〔2023〕2号
from: 2023-06-01
set: {limit: 500 元/月}
"""

_PATH = (errno.EACCES, errno.ELOOP, errno.ENAMETOOLONG, errno.EIO)
_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)
ERRORS: dict[str, tuple[int, ...]] = {
    # that there is nothing is an answer of `stat`, and no error
    "stat": _PATH,
    "lstat": _PATH,
    "realpath": _PATH,
    "open": (*_PATH, errno.ENOENT, errno.EMFILE, errno.ENOMEM, errno.ENXIO, errno.ENOSPC, errno.EROFS, errno.EBUSY),
    "fstat": (errno.EIO, errno.ENOMEM),
    "read": (errno.EIO, errno.EISDIR, errno.ESTALE),
    "listed": (*_PATH, errno.ENOENT, errno.ENOTDIR, errno.EMFILE),
    "getcwd": (errno.ENOENT, errno.EACCES),
    "makedirs": (*_PATH, *_SPACE, errno.ENOTDIR, errno.EEXIST),
    "access": (errno.EIO,),
    "write": (*_SPACE, errno.EFBIG, errno.EPIPE),
    "fsync": _SPACE,
    "chmod": (errno.EPERM, errno.EIO),
    "chown": (errno.EIO,),
    "replace": (*_SPACE, errno.EACCES, errno.EBUSY, errno.EXDEV),
    "flock": (errno.ENOLCK, errno.ENOSYS),
    "locking": (errno.EDEADLK,),
    "lseek": (errno.EIO, errno.ESPIPE),
    "close": (errno.EIO, errno.ENOSPC),
    # these are tried only when something has failed already, or to put away what is not wanted
    "ftruncate": (errno.EIO,),
    "unlink": (errno.EACCES,),
    "rmdir": (errno.EACCES, errno.EBUSY),
}


@dataclass(frozen=True)
class Command:
    """`arguments` stand in a folder with `policies` and `h.json`; `prepare` puts there what else it takes.

    `fresh`: the engine's own schemas and pages are read anew, as by a process that has just begun.
    """

    arguments: tuple[str, ...]
    prepare: Callable[[Path], None] = lambda _: None
    fresh: bool = False


def _record(folder: Path) -> None:
    with redirect_stdout(io.StringIO()):
        assert (
            main(["evaluate", str(folder / "h.json"), "--record", str(folder / "old.ndjson"), *_policies(folder)]) == 0
        )


def _amended(folder: Path) -> None:
    """By a file in a folder of its own, without which the household would be eligible."""
    (folder / "policies" / "amendments").mkdir()
    (folder / "policies" / "amendments" / "lower.yaml").write_text(AMENDMENT, "utf-8")


def _untidy(folder: Path) -> None:
    tiny = folder / "policies" / "tiny.yaml"
    tiny.write_text(tiny.read_text("utf-8").replace("家庭收入 < 收入限额", "家庭收入<收入限额"), "utf-8")


def _mistyped(folder: Path) -> None:
    tiny = folder / "policies" / "tiny.yaml"
    tiny.write_text(tiny.read_text("utf-8").replace("issuer: ", "issuer："), "utf-8")


def _bureau(folder: Path) -> None:
    tiny = folder / "policies" / "tiny.yaml"
    text = tiny.read_text("utf-8").replace("unit: 元/月, value: 700,", "unit: 元/月, by: [county],")
    tiny.write_text(text + "local: {set: {limit: expected}}\n", "utf-8")
    (folder / "policies" / "jia.yaml").write_text(CITY, "utf-8")
    (folder / "t.csv").write_text("区划代码,区县,标准（元/月）\n900101,东城区,710\n", "utf-8")


def _policies(folder: Path) -> tuple[str, str]:
    return "--policies", str(folder / "policies")


def _lines(folder: Path) -> None:
    """One household decided, one refused: there is a file of refused rows too."""
    (folder / "in.ndjson").write_text(f"{HOUSEHOLD}\n{HOUSEHOLD.replace('600', '-1').replace('H-1', 'H-2')}\n", "utf-8")


COMMANDS = {
    "evaluate": Command(("evaluate", "{}/h.json")),
    "evaluate with an amendment": Command(("evaluate", "{}/h.json"), _amended),
    "evaluate --record": Command(("evaluate", "{}/h.json", "--record", "{}/new.ndjson")),
    "evaluate --record to an old file": Command(("evaluate", "{}/h.json", "--record", "{}/old.ndjson"), _record),
    "check": Command(("check",), fresh=True),
    "check --report": Command(("check", "--report", "sarif={}/out/a.sarif", "--report", "json={}/h.json")),
    "test": Command(("test",)),
    "test --report": Command(("test", "--coverage", "--report", "lcov={}/a.lcov")),
    "mutate": Command(("mutate", "--report", "junit={}/a.xml")),
    "show": Command(("show", "tiny", "--as-of", "2024-01-01")),
    "replay": Command(("replay", "{}/old.ndjson"), _record),
    "schema": Command(("schema", "overlay"), fresh=True),
    "schema household": Command(("schema", "household", "--as-of", "2024-01-01")),
    "explain": Command(("explain", "not-utf8"), fresh=True),
    "fmt": Command(("fmt",), _untidy),
    "fix": Command(("fix",), _mistyped),
    "new city": Command(("new", "city", "9001")),
    "new case": Command(("new", "case", "x", "--on", "2024-01-01")),
    "screen": Command(("screen", "{}/in.ndjson", "-o", "{}/out.csv", "--jobs", "1", "--format", "json"), _lines),
    "new values": Command(("new", "values", "jia", "{}/t.csv", "--from", "2026-01-01", "--document", "一号"), _bureau),
}


@dataclass(frozen=True)
class Ended:
    status: int
    out: str
    err: str
    files: dict[str, bytes]


@dataclass
class Kitchen:
    """Makes the same folder as often as it is wanted."""

    root: Path
    command: Command
    made: int = 0

    @cached_property
    def first(self) -> Path:
        folder = self.root / "first"
        shutil.copytree(TINY, folder / "policies")
        (folder / "h.json").write_text(HOUSEHOLD, "utf-8")
        self.command.prepare(folder)
        return folder

    def folder(self) -> Path:
        self.made += 1
        return shutil.copytree(self.first, self.root / f"{self.made:05}")

    def run(self, folder: Path, decide: Callable[[Act, tuple[object, ...]], OSError | None]) -> Ended:
        if self.command.fresh:
            resources.schema.cache_clear()
            resources._stored.cache_clear()
            resources._used.cache_clear()
            page_of.cache_clear()
        out, err = io.StringIO(), io.StringIO()
        arguments = [one.replace("{}", str(folder)) for one in self.command.arguments]
        named = () if arguments[0] == "explain" or arguments[:2] == ["schema", "overlay"] else _policies(folder)
        with redirect_stdout(out), redirect_stderr(err), refusing(decide):
            status = main([*arguments, *named])
        named_alike = str(folder)
        return Ended(
            status,
            out.getvalue().replace(named_alike, "@"),
            err.getvalue().replace(named_alike, "@"),
            {key: data.replace(named_alike.encode(), b"@") for key, data in files(folder).items()},
        )


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def named(act: Act) -> str:
    return str(getattr(act, "__name__", act))


@dataclass(frozen=True)
class Call:
    """`line` is the way through the engine that led to it."""

    name: str
    line: tuple[tuple[str, int], ...]


def line_here() -> tuple[tuple[str, int], ...]:
    frames, frame = [], sys._getframe(1)
    while frame is not None:
        if f"{os.sep}engine{os.sep}" in frame.f_code.co_filename:
            frames.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back  # type: ignore[assignment] # None at the end
    return tuple(frames)


def faults(calls: list[Call]) -> Iterator[tuple[int, int]]:
    """Which call fails, and with what: with everything where the engine comes to it by another way than before."""
    seen: set[Call] = set()
    for place, call in enumerate(calls):
        assert call.name in ERRORS, f"a call that no error is known for: {call}"
        numbers = ERRORS[call.name][: 1 if call in seen else None]
        seen.add(call)
        yield from ((place, number) for number in numbers)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_any_call_may_fail(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOUDI_DEBUG", raising=False)
    kitchen = Kitchen(tmp_path, COMMANDS[name])
    calls: list[Call] = []

    def count(act: Act, arguments: tuple[object, ...]) -> None:
        del arguments
        calls.append(Call(named(act), line_here()))

    before = files(kitchen.folder())
    kitchen.run(kitchen.folder(), lambda *_: None)  # what a process keeps is there from now on
    clean = kitchen.run(kitchen.folder(), count)
    assert clean.status in (0, 1), clean.err
    assert calls
    wrong = []
    for place, number in faults(calls):
        ended = kitchen.run(kitchen.folder(), nth(place, number))
        said = complaint(ended, clean, before)
        if said:
            wrong.append(f"{calls[place].name} (call {place}) {errno.errorcode[number]}: {said}\n{ended.err}")
    assert not wrong, f"{len(wrong)} of {sum(1 for _ in faults(calls))}\n" + "\n".join(wrong[:20])


def are_records(held: bytes, old: bytes, whole: bytes) -> bool:
    """Whole lines are added: none, some, or all of those of a sound run, or that the household was refused."""
    if not held.startswith(old) or (held and not held.endswith(b"\n")):
        return False
    refused = all(json.loads(line)["decision"]["outcome"] == "refused" for line in held[len(old) :].splitlines())
    return whole.startswith(held) or refused


def are_refused(held: bytes) -> bool:
    """Whole lines, of which each is refused since its policies cannot be read, and says so."""
    head, *rows = held.decode("utf-8-sig").splitlines()
    return held.endswith(b"\n") and len(rows) >= 2 and all("policy-unusable" in row for row in rows) and "," in head


def is_report(name: str, data: bytes) -> bool:
    text = data.decode("utf-8")
    match name.rpartition(".")[2]:
        case "json" | "sarif":
            return "diagnostics" in json.loads(text) or "runs" in json.loads(text)
        case "lcov":
            return not text or text.endswith("end_of_record\n")
        case "xml":
            return ElementTree.fromstring(text).tag == "testsuites"
        case _:
            return False


def nth(place: int, number: int) -> Callable[[Act, tuple[object, ...]], OSError | None]:
    """Lets the call at a place fail; a write has got half of its bytes out by then, as on a disk that fills up."""
    places = iter(range(1 << 30))

    def decide(act: Act, arguments: tuple[object, ...]) -> OSError | None:
        if next(places) != place:
            return None
        if act is os.write:
            handle, data = cast("tuple[int, memoryview]", arguments)
            os.write(handle, data[: len(data) // 2])
        return OSError(number, os.strerror(number), *map(str, arguments[:1]))

    return decide


def complaint(ended: Ended, clean: Ended, before: dict[str, bytes]) -> str:
    """What is wrong with how a run ended, or ""."""
    if ended.status not in (0, 1, 2):
        return f"status {ended.status}"
    if "Traceback" in ended.err:
        return "a traceback"
    for key in ended.files.keys() | before.keys():
        held, old, whole = (one.get(key) for one in (ended.files, before, clean.files))
        if key.endswith(".ndjson"):
            sound = held is None or are_records(held, old or b"", whole or b"")
        elif key.startswith("out.csv"):
            sound = held in (old, whole) or (held is not None and are_refused(held))
        else:
            # a report tells of the fault, and is whole
            sound = held in (old, whole) or (held is not None and whole is not None and is_report(key, held))
        if not sound:
            return f"{key} is neither as it was nor as it should be"
    if (ended.status, ended.out, ended.files) == (clean.status, clean.out, clean.files):
        return ""
    if ended.status == 0:
        return "another answer, as if all were well"
    told = ended.err + ended.out
    if "cases.yaml（file-not-readable）" in told + ended.files.get("out.csv.refused.csv", b"").decode():
        return ""
    if not re.search(r"(?m)^ *[^ :]+(:\d+:\d+)?: .*(读不了|写不了)", told):
        return "no file is named"
    return ""


def test_every_error_has_its_words() -> None:
    """Also those of other systems; whatever is not known is an error of the disk."""
    for number in errno.errorcode:
        assert disk.reason_of(OSError(number, "")) in REASONS
    assert disk.reason_of(ValueError("embedded null byte")) == "bad-name"
    assert {disk.reason_of(OSError(getattr(errno, name), "")) for name in ("EACCES", "ENOSPC", "ELOOP", "EIO")} == {
        "denied",
        "full",
        "loop",
        "input-output",
    }
