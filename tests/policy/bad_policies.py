"""Bad policies as data: a small sound folder, one edit, and the diagnostics that must come of it.

The cases are in `tests/cases/bad_policies/*.yaml`, the sound folder in `tests/cases/base/`. A case takes only the
files its edits need (a fault of the province's file would otherwise also leave every overlay unchecked):

    name, why       what the author did, and why it matters
    files           optional: the parts of the sound folder to start from (names of `PARTS`)
    on              optional: the day of `check --on`
    edits           in order; each has `file` and one of
        old, new        a text that stands there once, and what replaces it (`times` over; with `number` each time
                        with its number for NNN and a day of its own for DDD)
        text            the whole file
        append          text put at the end
        hex             the whole file as bytes
        encode          the file as it is, in another encoding; `line_ends`, `bom` likewise
        repeat, times   a text put at the end many times
        workbook        titles of sheets, each of the rows of `rows`
        sheets          a workbook: the rows of each sheet by its title (`hidden`, the number of one that is)
        bomb            a zip file of one part, so many blanks long
        link            a symbolic link to there
        copies          so many copies of the file beside it
        remove          the file is gone
    expect          every diagnostic, in order: `code`, `at` (file:line:column, or the file), `caret` (the text
                    pointed at, its first line), and where they matter `severity` (error by default),
                    `message`, `help`, `help_en` (pieces of the wording), `related` (note and place)

`python -m tests.policy.bad_policies` fills in the places (`at`) of cases whose codes and carets are right; read the
difference before you commit it.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.diagnostics import Diagnostic
from engine.policy.loader import Library, read_library
from engine.policy.slices import Slices
from tests.writing.workbooks import workbook, workbook_of

CASES = Path(__file__).parent.parent / "cases"
FOLDER = CASES / "bad_policies"
BASE = CASES / "base"

PARTS: dict[str, tuple[str, ...]] = {
    "province": ("province.yaml", "divisions.csv", "standards/diseases.csv"),
    "jia": ("cities/jia.yaml", "standards/jia-2023.csv"),
    "yi": ("cities/yi.yaml",),
    "beishan": ("counties/beishan.yaml",),
    "amendment": ("amendment.yaml",),
}
_BELOW = {"province": (), "jia": ("province",), "yi": ("province",), "beishan": ("province", "jia"), "amendment": ()}


@dataclass(frozen=True)
class Expected:
    code: str
    at: str
    caret: str = ""
    severity: str = "error"
    message: str = ""
    help: str = ""
    help_en: str = ""
    related: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    topic: str
    name: str
    why: str
    edits: tuple[dict[str, Any], ...]
    expect: tuple[Expected, ...]
    files: tuple[str, ...] = ()
    on: date | None = None

    def parts(self) -> list[str]:
        """The parts of the sound folder that the case starts from: those it names, or those its edits touch."""
        named = list(self.files)
        if not named:
            named = [part for part, held in PARTS.items() for edit in self.edits if edit["file"] in held]
        wanted = ["province", *(below for part in named for below in _BELOW[part]), *named]
        return list(dict.fromkeys(wanted))


@dataclass
class Folder:
    """A policy folder in the making."""

    root: Path
    names: list[str] = field(default_factory=list)

    def fill(self, parts: Sequence[str]) -> None:
        for part in parts:
            for name in PARTS[part]:
                self.write(name, (BASE / name).read_bytes())

    def write(self, name: str, data: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def apply(self, edit: dict[str, Any]) -> None:
        path = self.root / edit["file"]
        name = edit["file"]
        match edit:
            case {"old": old, "new": new, "number": "yes"}:
                first = date(2023, 1, 1).toordinal()
                lines = (
                    new.replace("NNN", str(at)).replace("DDD", date.fromordinal(first + at).isoformat())
                    for at in range(int(edit["times"]))
                )
                self.write(name, path.read_text(encoding="utf-8").replace(old, "".join(lines)).encode())
            case {"old": old, "new": new}:
                text = path.read_text(encoding="utf-8")
                assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
                self.write(name, text.replace(old, new * int(edit.get("times", "1"))).encode())
            case {"text": text}:
                self.write(name, text.encode())
            case {"append": text}:
                self.write(name, path.read_bytes() + text.encode())
            case {"hex": digits}:
                self.write(name, bytes.fromhex(digits))
            case {"encode": encoding}:
                self.write(name, path.read_text(encoding="utf-8").encode(encoding))
            case {"line_ends": ends}:
                self.write(name, path.read_bytes().replace(b"\n", {"crlf": b"\r\n", "cr": b"\r"}[ends]))
            case {"bom": "yes"}:
                self.write(name, b"\xef\xbb\xbf" + path.read_bytes())
            case {"repeat": text, "times": times}:
                held = path.read_bytes() if path.exists() else b""
                self.write(name, held + text.encode() * int(times))
            case {"workbook": titles, "rows": rows}:
                self.write(name, workbook(rows, others=titles[1:], title=titles[0]))
            case {"sheets": dict() as sheets}:
                self.write(name, workbook_of(sheets, int(edit.get("hidden", "0"))))
            case {"bomb": size}:
                out = io.BytesIO()
                with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
                    packed.writestr("xl/workbook.xml", b" " * int(size))
                self.write(name, out.getvalue())
            case {"link": target}:
                path.unlink(missing_ok=True)
                path.symlink_to(target)
            case {"copies": copies}:
                for number in range(int(copies)):
                    self.write(f"{name}.{number}.yaml", path.read_bytes())
            case {"remove": "yes"}:
                path.unlink()
            case _:
                raise AssertionError(f"not an edit: {edit}")


@cache
def load_cases() -> tuple[Case, ...]:
    cases = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            expect = tuple(
                Expected(**{**item, "related": tuple(item.get("related", ()))}) for item in entry["expect"] or ()
            )
            on = date.fromisoformat(entry["on"]) if "on" in entry else None
            cases.append(
                Case(
                    path.stem,
                    entry["name"],
                    entry["why"],
                    tuple(entry["edits"]),
                    expect,
                    tuple(entry.get("files", ())),
                    on,
                )
            )
    return tuple(cases)


def folder_of(case: Case, root: Path) -> Path:
    """The folder of a case, written below `root`."""
    folder = Folder(root / "policies")
    folder.fill(case.parts())
    for edit in case.edits:
        folder.apply(edit)
    return folder.root


def check_folder(folder: Path, on: date | None = None) -> tuple[Library, tuple[Diagnostic, ...]]:
    """What `doudi check` says of a folder."""
    library = read_library([folder])
    return library, Slices(library).check_all(on).diagnostics


def diagnostics_of(case: Case, root: Path) -> tuple[Diagnostic, ...]:
    return check_folder(folder_of(case, root), case.on)[1]


found_once = pytest.mark.xdist_group("bad policies")
"""of tests that look at what is found in all cases: in one process, for which it is found once"""


def told_of(case: Case) -> tuple[Path, tuple[Diagnostic, ...]]:
    """The folder in which a case was written, gone since, and what was found in it."""
    return _told(case.topic, case.name)


@cache
def _told(topic: str, name: str) -> tuple[Path, tuple[Diagnostic, ...]]:
    case = next(one for one in load_cases() if (one.topic, one.name) == (topic, name))
    with tempfile.TemporaryDirectory() as root:
        return Path(root), diagnostics_of(case, Path(root))


def place_of(found: Diagnostic, root: Path) -> str:
    return found.place().replace(str(root / "policies"), "policies")


def caret_of(found: Diagnostic) -> str:
    """The text pointed at: its first line, at most 60 characters of it."""
    return "" if found.span is None else found.span.text.partition("\n")[0][:60].strip()


def _refill(path: Path) -> None:
    """Put the places of the diagnostics found into a file of cases, where the codes and carets agree."""
    text = path.read_text(encoding="utf-8")
    chunks = re.split(r"(?m)^(?=- name: )", text)
    cases = [case for case in load_cases() if case.topic == path.stem]
    assert len(chunks) == len(cases) + 1, f"every case of {path.name} begins with `- name: `"
    for number, case in enumerate(cases, 1):
        with tempfile.TemporaryDirectory() as name:
            found = diagnostics_of(case, Path(name))
            same = [(f.code, caret_of(f)) for f in found] == [(e.code, e.caret) for e in case.expect]
            places = iter([place_of(f, Path(name)) for f in found])
        if not same:
            print(f"{case.topic}: {case.name}: left alone", file=sys.stderr)
            continue
        chunks[number] = re.sub(r"(?m)^( +at: ).*$", lambda at: at.group(1) + next(places), chunks[number])  # noqa: B023  # used up at once
    path.write_text("".join(chunks), encoding="utf-8")


if __name__ == "__main__":
    for file in sorted(FOLDER.glob("*.yaml")):
        _refill(file)
