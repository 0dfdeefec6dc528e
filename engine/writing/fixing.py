"""Certain repairs made, and checked by reading everything again.

In: the files that may be changed, and a function that checks a folder with other contents for some files.
Out: `Fixed`: the files after their repairs, what each repair was, and the faults that are left.
A repair is kept only where the check finds no fault in what it wrote. Faults that were hidden behind the repaired one
(a file that could not be read, a document whose rules were not looked at) are no fault of the repair; the rounds go on
with those that have a certain repair themselves.
Imports files, text_file, policy and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from engine import disk
from engine.diagnostics import Diagnostic, Reporter, Severity
from engine.fixes import TextEdit, certain_fix
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.policy.files import MAX_FILES, shown_path, yaml_files
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from engine.records import dataclass
from engine.source import Span
from engine.writing.files import load_text
from engine.writing.text_file import TextFile

Check: TypeAlias = Callable[[Mapping[Path, bytes]], Sequence[Diagnostic]]

_ROUNDS = 24
_CHINESE = re.compile(
    r"[\u2010-\u2027\u2030-\u203b\u2103\u2160-\u217b\u2190-\u2193\u2200-\u22ff\u2460-\u249b\u3000-\u9fff\uff00-\uffef·×÷°]"
)


@dataclass(frozen=True, slots=True)
class Repair:
    """`place` is `file:line:column` as it was when the repair was made; `before` and `after` are what stood there."""

    code: str
    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """`files` holds those that changed, with their old selves."""

    files: Mapping[Path, tuple[TextFile, TextFile]]
    repairs: tuple[Repair, ...]
    left: tuple[Diagnostic, ...]


def check_with(paths: Sequence[Path]) -> Check:
    """Everything that `doudi check` finds in these folders."""

    def check(contents: Mapping[Path, bytes]) -> Sequence[Diagnostic]:
        return Slices(read_library(paths, contents)).check_all(None).diagnostics

    return check


def files_to_fix(paths: Sequence[Path], report: Reporter) -> dict[str, tuple[Path, TextFile]]:
    """Policy files and the tables beside them, by the names that diagnostics give them."""
    found: dict[str, tuple[Path, TextFile]] = {}
    for path in paths:
        whole = disk.kind(path) == "folder"
        root = path if whole else path.parent
        beside = (one for one in disk.walk(root) if isinstance(one, Path) and one.suffix == ".csv") if whole else ()
        # what cannot be looked at is told by those who find the policy files
        for file in (*yaml_files(path, report), *islice(beside, MAX_FILES)):
            name = shown_path(file, root)
            if name not in found and not any(part.startswith(".") for part in file.relative_to(root).parts):
                text = load_text(file, name, report, limit=MAX_TABLE_BYTES)
                if text is not None:
                    found[name] = (file, text)
    return found


def fixed(given: Mapping[str, tuple[Path, TextFile]], check: Check) -> Fixed:
    bench = _Bench(dict(given), check)
    bench.encode()
    for _ in range(_ROUNDS):
        if not bench.round():
            break
    changed = {
        path: (given[name][1], file)
        for name, (path, file) in bench.files.items()
        if file.data() != given[name][1].data()
    }
    return Fixed(changed, tuple(bench.repairs), tuple(bench.faults()))


@dataclass(slots=True)
class _Bench:
    files: dict[str, tuple[Path, TextFile]]
    check: Check
    repairs: list[Repair] = field(default_factory=list)
    refused: set[tuple[str, str, str, str]] = field(default_factory=set)
    _contents: dict[Path, bytes] = field(default_factory=dict)
    _found: Sequence[Diagnostic] | None = None

    def faults(self) -> Sequence[Diagnostic]:
        if self._found is None:
            self._found = self.check(self._contents)
        return self._found

    def encode(self) -> None:
        """Policy files in the Chinese code page become UTF-8; tables may stay as they are."""
        for name, (path, file) in self.files.items():
            if path.suffix != ".csv" and file.encoding == "gb18030" and _is_chinese(file.raw):
                self._put(name, TextFile(name, file.raw))
                self.repairs.append(Repair("not-utf8", name, "GB18030", "UTF-8"))

    def _put(self, name: str, file: TextFile) -> None:
        path = self.files[name][0]
        self.files[name] = (path, file)
        self._contents[disk.real(path)] = file.data()
        self._found = None

    def round(self) -> bool:
        """Repair what the check finds; whether anything was repaired."""
        found = self.faults()
        done = False
        for name in self.files:
            wanted = [
                (fault, edit)
                for fault, edit in self._wanted(name, found)
                if self._mark(fault, edit) not in self.refused
            ]
            # all at once, and one by one where something is wrong with that
            if wanted and self._try(name, wanted, found):
                done = True
                continue
            for pair in wanted if len(wanted) > 1 else ():
                done = self._try(name, [pair], found) or done
        return done

    def _wanted(self, name: str, found: Sequence[Diagnostic]) -> list[tuple[Diagnostic, TextEdit]]:
        wanted: list[tuple[Diagnostic, TextEdit]] = []
        for fault in found:
            edit = certain_fix(fault)
            if edit is None or fault.span is None or fault.span.source.name != name or fault.severity is Severity.INFO:
                continue
            clear = all(other.span.end <= edit.span.start or edit.span.end <= other.span.start for _, other in wanted)
            if clear and edit.span.source.text == self.files[name][1].text:
                wanted.append((fault, edit))
        return wanted

    @staticmethod
    def _mark(fault: Diagnostic, edit: TextEdit) -> tuple[str, str, str, str]:
        return (fault.code, fault.place(), edit.span.text, edit.text)

    def _try(self, name: str, wanted: Sequence[tuple[Diagnostic, TextEdit]], found: Sequence[Diagnostic]) -> bool:
        path, before = self.files[name]
        if any(edit.span.source.text != before.text for _, edit in wanted):
            return False  # another repair of this round moved the text; the next round sees it
        after = before.edited([edit for _, edit in wanted])
        now = self.check({**self._contents, disk.real(path): after.data()})
        known = {(fault.code, fault.params) for fault in found}
        new = [one for one in now if one.severity is not Severity.INFO and (one.code, one.params) not in known]
        if any(
            _touches(one, name, stretch)
            for one in new
            for stretch in _written([edit for _, edit in wanted], after.text)
        ):
            self.refused.update(self._mark(fault, edit) for fault, edit in wanted if len(wanted) == 1)
            return False
        self._put(name, after)
        self.repairs.extend(Repair(fault.code, repr(edit.span), edit.span.text, edit.text) for fault, edit in wanted)
        return True


def _written(edits: Sequence[TextEdit], text: str) -> list[tuple[int, int]]:
    """Where the new texts stand once all edits are made; an indentation with the line behind it."""
    stretches, moved = [], 0
    for edit in sorted(edits, key=lambda one: one.span.start):
        start = edit.span.start + moved
        end = start + len(edit.text)
        moved += len(edit.text) - (edit.span.end - edit.span.start)
        line_end = text.find("\n", end)
        stretches.append((start, end if edit.text.strip() else len(text) if line_end < 0 else line_end))
    return stretches


def _touches(fault: Diagnostic, name: str, stretch: tuple[int, int]) -> bool:
    span: Span | None = fault.span
    if span is None or span.source.name != name:
        return False
    return span.start < stretch[1] and stretch[0] < max(span.end, span.start + 1)


def _is_chinese(text: str) -> bool:
    """Whether a text in another encoding was read as what it is: all that is not ASCII is Chinese."""
    other = [char for char in text if not char.isascii()]
    return bool(other) and all(_CHINESE.match(char) for char in other)
