"""Cases of the hygiene rules as data: a small folder that has nothing to say, edits, and the findings that must come.

The cases are in `tests/cases/hygiene/*.yaml`, the folder in `tests/cases/hygiene/base/`. A case has `name`, `why`,
`edits`, `on` and `expect` as those of `bad_policies`; the severity of a finding is that of `DEFAULTS` unless it is
stated. `only` reads that file alone. A case that expects nothing shows what a rule leaves in peace.

`python -m tests.policy.hygiene_cases` fills in the places (`at`) of cases whose codes and carets are right; read the
difference before you commit it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine.diagnostics import Diagnostic
from engine.policy.hygiene.settings import DEFAULTS
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from tests.policy.bad_policies import CASES, Expected, Folder, caret_of, place_of

FOLDER = CASES / "hygiene"
BASE = FOLDER / "base"


@dataclass(frozen=True)
class Case:
    topic: str
    name: str
    edits: tuple[dict[str, Any], ...]
    expect: tuple[Expected, ...]
    on: date | None = None
    only: str = ""


@cache
def load_cases() -> tuple[Case, ...]:
    cases = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            assert entry["why"]
            expect = tuple(_expected(item) for item in entry["expect"] or ())
            on = date.fromisoformat(entry["on"]) if "on" in entry else None
            cases.append(Case(path.stem, entry["name"], tuple(entry["edits"]), expect, on, entry.get("only", "")))
    return tuple(cases)


def _expected(item: dict[str, Any]) -> Expected:
    severity = item.get("severity") or str(DEFAULTS[item["code"]])
    return Expected(**{**item, "severity": severity, "related": tuple(item.get("related", ()))})


def findings_of(case: Case, root: Path) -> tuple[Diagnostic, ...]:
    """What `doudi check` says of the case's folder, written below `root`."""
    return findings(case, folder_of(case, root))


def folder_of(case: Case, root: Path) -> Path:
    """The folder of a case, written below `root`."""
    folder = Folder(root / "policies")
    for file in sorted(BASE.rglob("*")):
        if file.is_file():
            folder.write(file.relative_to(BASE).as_posix(), file.read_bytes())
    for edit in case.edits:
        folder.apply(edit)
    return folder.root


def findings(case: Case, folder: Path) -> tuple[Diagnostic, ...]:
    """What `doudi check` says of a folder."""
    library = read_library([folder / case.only if case.only else folder])
    return Slices(library).check_all(case.on, hygiene=True).diagnostics


def _refill(path: Path) -> None:
    """Put the places of the findings into a file of cases, where the codes and carets agree."""
    chunks = re.split(r"(?m)^(?=- name: )", path.read_text(encoding="utf-8"))
    cases = [case for case in load_cases() if case.topic == path.stem]
    assert len(chunks) == len(cases) + 1, f"every case of {path.name} begins with `- name: `"
    for number, case in enumerate(cases, 1):
        with tempfile.TemporaryDirectory() as name:
            found = findings_of(case, Path(name))
            places = [place_of(one, Path(name)) for one in found]
        if [(one.code, caret_of(one)) for one in found] != [(one.code, one.caret) for one in case.expect]:
            told = [(one.code, caret_of(one), place) for one, place in zip(found, places, strict=True)]
            print(f"{case.topic}: {case.name}: left alone; found {told}", file=sys.stderr)
            continue
        for place in places:
            chunks[number] = chunks[number].replace('at: ""\n', f"at: {place}\n", 1)
    path.write_text("".join(chunks), encoding="utf-8")


if __name__ == "__main__":
    for file in sorted(FOLDER.glob("*.yaml")):
        _refill(file)
