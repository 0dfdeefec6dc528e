"""A change is ranked by its own days: `tests/cases/ranks/`, whatever files and documents are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.diagnostics import Diagnostic, Severity, render
from engine.policy.loader import read_library
from engine.policy.model import MergedPolicy, Parts
from engine.policy.overlay import merge
from engine.policy.slices import Slices
from engine.policy.stretches import Stretch
from tests.policy.bad_policies import CASES, Folder
from tests.policy.test_merge_table import shown

CITY = """\
format: 1
overlay: city
amends: province
jurisdiction: "9001"
from: 2023-01-01
not_found: {standard: 没有查到}
"""
LEVELS = {"province": ("province", "90"), "city": ("city", "9001")}


@dataclass(frozen=True)
class RankCase:
    name: str
    files: tuple[dict[str, Any], ...]
    levels: tuple[str, ...]
    base: str
    province: tuple[str, ...]
    on: dict[str, dict[str, str]]
    refused: tuple[str, ...]
    warned: tuple[str, ...]


def load() -> list[RankCase]:
    return [
        RankCase(
            entry["name"],
            tuple(entry["files"]),
            tuple(entry.get("levels", LEVELS)),
            entry.get("base", ""),
            tuple(entry.get("province", ())),
            entry.get("on", {}),
            tuple(entry.get("refused", ())),
            tuple(entry.get("warned", ())),
        )
        for path in sorted((CASES / "ranks").glob("*.yaml"))
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    ]


ALL = [(case, level) for case in load() for level in case.levels]


def orders(count: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """What the files and their documents are called, as numbers: every order of the one, and of the other."""
    for names in permutations(range(count)):
        for ids in permutations(range(count)):
            yield names, ids


def write(case: RankCase, level: str, names: tuple[int, ...], ids: tuple[int, ...], root: Path) -> Path:
    root.mkdir()
    folder = Folder(root)
    folder.fill(["province"])
    if case.province:
        folder.apply({"file": "province.yaml", "old": case.province[0], "new": case.province[1]})
    folder.write("city.yaml", f"{CITY}{case.base}\n".encode())
    amends, jurisdiction = LEVELS[level]
    for held, name, id_ in zip(case.files, names, ids, strict=True):
        head = {"format": 1, "overlay": f"amendment_{id_}", "amends": amends, "role": "amendment", **held["head"]}
        lines = [f"{key}: {value}" for key, value in head.items()]
        text = "\n".join([*lines, f'jurisdiction: "{jurisdiction}"', held["changes"], ""])
        folder.write(f"a{name}.yaml", text.encode())
    return root


def files_of(found: Diagnostic) -> set[str]:
    spans = [found.span, *(span for _, span in found.related)]
    return {span.source.name for span in spans if span is not None}


@pytest.mark.parametrize(("case", "level"), ALL, ids=lambda held: held if isinstance(held, str) else held.name)
def test_case(case: RankCase, level: str, tmp_path: Path) -> None:
    assert case.on or case.refused, "a case says what comes of it"
    for number, (names, ids) in enumerate(orders(len(case.files))):
        slices = Slices(read_library([write(case, level, names, ids, tmp_path / str(number))]))
        found = slices.check_all(None)
        told = "\n".join(render(each) for each in found)
        wrong = {each.code for each in found if each.severity is Severity.ERROR}
        warned = {each.code for each in found if each.severity is Severity.WARNING}
        assert wrong == set(case.refused), told
        assert warned == set(case.warned), told
        for each in found:
            if each.code in ("equal-rank", "already-exists", "value-retroactive", "shadowed-value"):
                assert len(files_of(each)) == 2, told
        chain = slices.chain(slices.library.line_to("city"))
        assert chain is not None, told
        for day, expected in case.on.items():
            merged = merge(chain, found, Stretch("900101", date.fromisoformat(day), date.fromisoformat(day)))
            assert {path: said(merged, path, date.fromisoformat(day)) for path in expected} == expected, (day, names)


def said(merged: MergedPolicy, path: str, day: date) -> str:
    """What a merged policy says; `parts before x`: the parts of what the definition in force took the place of."""
    if not path.startswith("parts before "):
        return shown(merged, path, day)
    older = merged.elements.terms[path.removeprefix("parts before ")].replaces
    assert older is not None
    assert isinstance(older.body, Parts)
    return " ".join(older.body.parts)
