"""The examples of the pages on codes, as data: for each code a bad folder that gives it and a good one that does not.

`tests/cases/codes/by_case.yaml` names the case of a bad policy or of a hygiene rule that shows a code, so that nothing
is written twice. `tests/cases/codes/examples.yaml` holds the others; an entry has

    code        the code
    run         `check` (default); `evaluate` and `replay` with household.json as the input; `structure` and
                `expression` for what the reader of files says before its turn comes; `values` where `new values` reads
                the bureau's table.csv (or .xlsx) of the city jia, `workbook` where the CSV is made a workbook first;
                `screen` where the columns of table.txt are those of a table of households, a line each: name, type,
                unit; `input` where the tables of tests/cases/codes/input are read as households, with mapping.yaml
                if the example has one
                `analyse` for what `doudi analyse` says of the rules in tests/cases/analyse/base
                `users` where users.yaml is the list of users of `doudi serve`
                `write` where a report goes to the files of `arguments`
                `request` for what `doudi serve` answers to request.http, with limits.json as its limits
    arguments, good_arguments   further arguments of `evaluate`; those of the good example where they differ
    files, on   as in a case of a bad policy (see tests/policy/bad_policies.py)
    bad         edits of the sound folder (and of household.json) that give the code
    good        optional: edits that do not give it; the sound folder itself without them
    also        other codes that cannot but come with it
    denied      a file that the system refuses to open, in the bad example
    without     a library that is not installed, in the bad example
    marks       of a `workbook`, in the bad example: the number format of a cell (`C4: "0.00,"`), `struck` for one that
                is struck out, `raised` for one with a footnote's number, `hidden` for a row (`4`), a column (`C`) or a
                further sheet (`去年`)
    read        what is read in place of the folder, in the bad example
    untested    why no file can bring the code about
    shown       optional: `bad` and `good` as they are shown, where the files themselves would say nothing

What a page shows is where the good folder and the bad one differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import cache
from textwrap import dedent
from typing import Any

import yaml

from tests.policy import hygiene_cases
from tests.policy.bad_policies import CASES, Case, load_cases

FILES = CASES / "codes"
TINY = FILES / "tiny"
ANALYSED = CASES / "analyse" / "base"
HOUSEHOLD = "household.json"
_MOST_LINES, _MOST_WIDTH = 14, 150


@dataclass(frozen=True)
class Example:
    """`note`: the code only stands beside another fault."""

    code: str
    parts: tuple[str, ...]
    bad: tuple[dict[str, Any], ...]
    good: tuple[dict[str, Any], ...] = ()
    on: date | None = None
    note: bool = False
    run: str = "check"
    arguments: tuple[str, ...] = ()
    good_arguments: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    denied: str = ""
    without: str = ""
    read: str = ""
    untested: str = ""
    shown: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)


@cache
def examples() -> Mapping[str, Example]:
    """By code."""
    found: dict[str, Example] = {}
    bad_policies = {f"{case.topic} / {case.name}": case for case in load_cases()}
    hygiene = {f"{case.topic} / {case.name}": case for case in hygiene_cases.load_cases()}
    assert not set(bad_policies) & set(hygiene)
    for code, entry in _read("by_case.yaml").items():
        named: dict[str, Any] = {"case": entry} if isinstance(entry, str) else entry
        tidy = hygiene.get(named["case"])
        case = tidy or bad_policies[named["case"]]
        found[code] = Example(
            code,
            () if isinstance(case, hygiene_cases.Case) else tuple(case.parts()),
            case.edits,
            _good(case.edits, named),
            case.on,
            note=code not in {expected.code for expected in case.expect},
            run="hygiene" if tidy else "check",
            shown=named.get("shown", {}),
            also=tuple(named.get("also", ())),
        )
    for entry in _read("examples.yaml"):
        code, bad = entry["code"], tuple(entry["bad"])
        assert code not in found, f"{code} has two examples"
        parts = tuple(Case("codes", code, "", bad, (), tuple(entry.get("files", ()))).parts())
        found[code] = Example(
            code,
            () if entry.get("run") in ("mutate", "test --coverage", "analyse") else parts,
            bad,
            tuple(entry.get("good", ())),
            date.fromisoformat(entry["on"]) if "on" in entry else None,
            run=entry.get("run", "check"),
            arguments=tuple(entry.get("arguments", ())),
            good_arguments=tuple(entry.get("good_arguments", entry.get("arguments", ()))),
            also=tuple(entry.get("also", ())),
            denied=entry.get("denied", ""),
            without=entry.get("without", ""),
            read=entry.get("read", ""),
            untested=entry.get("untested", ""),
            note="note" in entry,
            shown=entry.get("shown", {}),
            marks=entry.get("marks", {}),
        )
    return found


def _good(edits: Sequence[Mapping[str, Any]], named: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The edits of the good example: none where the sound folder is it."""
    if "good" in named:
        return (_instead(edits[0], named["good"]),)
    if "good_last" in named:
        return (*(dict(edit) for edit in edits[:-1]), _instead(edits[-1], named["good_last"]))
    return ()


def _instead(edit: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The edit with another text to put in."""
    written = next(key for key in ("new", "text", "append") if key in edit)
    return {**edit, written: text}


def _read(name: str) -> Any:
    return yaml.load((FILES / name).read_text(encoding="utf-8"), yaml.BaseLoader)


# ---- what is shown


def snippets(example: Example, bad: Mapping[str, str], good: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """File, bad lines and good lines, for each file that differs."""
    if example.shown:
        return [
            (
                example.bad[0]["file"] if example.bad else "",
                example.shown["bad"].rstrip("\n"),
                example.shown["good"].rstrip("\n"),
            )
        ]
    shown = []
    for name in dict.fromkeys([*good, *bad]):
        before, after = good.get(name, "").splitlines(), bad.get(name, "").splitlines()
        if before != after:
            shown.append((name, _lines(after, before, 1), _lines(before, after, 0)))
    return shown


def _lines(own: list[str], other: list[str], side: int) -> str:
    """The lines of one text that the other has not; with their neighbours where the other has lines and it has none."""
    pair = (other, own) if side else (own, other)
    kept: list[str] = []
    last = 0
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, *pair, autojunk=False).get_opcodes():
        if operation == "equal":
            continue
        start, end = (j1, j2) if side else (i1, i2)
        if i1 == i2 or j1 == j2:
            start, end = max(last, start - 1), min(len(own), end + 1)
        start = max(last, start)
        if kept and start > last:
            kept.append("…")
        kept += own[start:end]
        last = end
    return _cut(dedent("\n".join(kept)).splitlines())


def _cut(lines: list[str]) -> str:
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], "…"]
    return "\n".join(line if len(line) <= _MOST_WIDTH else line[:_MOST_WIDTH] + "…" for line in lines).rstrip()
