"""Every bad policy gives just the diagnostics that its case states, at their places and with their help."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from engine.diagnostics import Diagnostic, Reporter, render
from engine.messages import FLOORS
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from engine.policy.yaml_nodes import decode, read_tree
from engine.tree import Mapping, Scalar, Sequence, Tree
from tests.faults.system import denying
from tests.policy.bad_policies import (
    BASE,
    PARTS,
    Case,
    Expected,
    caret_of,
    check_folder,
    folder_of,
    found_once,
    load_cases,
    place_of,
    told_of,
)

ALL = load_cases()
SMALL = [case for case in ALL if not any("times" in edit or "copies" in edit for edit in case.edits)]

NOT_BY_DATA = {
    "no-such-path": "is about what the command names; tested below",
    "needs-mapping-file": "such a file is no policy, and `not-a-policy` says so; see tests/test_schema.py",
    "empty-expression": "the structure of a file says so first (`empty-value`); see the tests of the language",
}
"""codes that no case of a folder can show, with the reason"""


def ids(case: Case) -> str:
    return f"{case.topic}: {case.name}"


@found_once
@pytest.mark.parametrize("case", ALL, ids=ids)
def test_bad_policy(case: Case) -> None:
    root, found = told_of(case)
    told = "\n".join(render(each) for each in found)
    assert [described(each, root) for each in found] == [stated(each) for each in case.expect], told
    for diagnostic, expected in zip(found, case.expect, strict=True):
        assert expected.message in diagnostic.message("zh"), told
        for language, wanted in (("zh", expected.help), ("en", expected.help_en)):
            lines = diagnostic.help_lines("zh" if language == "zh" else "en")
            assert not wanted or any(wanted in line for line in lines), (told, lines)
        if expected.related:
            assert related_of(diagnostic) == expected.related, told
        assert diagnostic.code in render(diagnostic, "en")


def described(found: Diagnostic, root: Path) -> tuple[str, str, str, str]:
    return str(found.severity), found.code, place_of(found, root), caret_of(found)


def stated(expected: Expected) -> tuple[str, str, str, str]:
    return expected.severity, expected.code, expected.at, expected.caret


def related_of(found: Diagnostic) -> tuple[str, ...]:
    return tuple(f"{note} {span.source.name}:{span.line}:{span.column}" for note, span in found.related)


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({ids(case) for case in ALL}) == len(ALL)
    assert len(ALL) > 100


def test_the_cases_show_every_code() -> None:
    shown = {expected.code for case in ALL for expected in case.expect}
    shown |= {note.split()[0] for case in ALL for expected in case.expect for note in expected.related}
    codes = {*FLOORS["policy"], *FLOORS["structure"], *FLOORS["language"]}
    assert codes - shown == set(NOT_BY_DATA)


def test_the_sound_folder_is_sound(tmp_path: Path) -> None:
    """All parts together; only the city that found no standard says so."""
    case = Case("base", "all", "", (), (), tuple(PARTS))
    library, found = check_folder(folder_of(case, tmp_path))
    assert [(each.code, str(each.severity)) for each in found] == [("value-unpublished", "info")]
    assert sorted(library.documents) == ["beishan", "jia", "province", "province_2025", "yi"]


@pytest.mark.parametrize("case", SMALL, ids=ids)
def test_both_parsers_of_yaml_read_the_same(case: Case, tmp_path: Path) -> None:
    """The C parser and the pure Python one: the same tree with the same places, or a fault from both."""
    for file in sorted(folder_of(case, tmp_path).rglob("*.y*ml")):
        both_parsers_read_the_same(file.read_bytes(), file.name)


@cache
def both_parsers_read_the_same(data: bytes, name: str) -> None:
    """Once for each text: most files of a case are those of the sound folder."""
    results, codes = [], []
    for pure in (False, True):
        report = Reporter()
        source = decode(data, name, report)
        tree = None if source is None else read_tree(source, report, pure=pure)
        codes.append({each.code for each in report if each.span is not None})
        results.append(None if tree is None else outline(tree))
    assert codes[0] == codes[1]
    if codes[0] != {"tab-between"}:  # which the C parser reads over
        assert results[0] == results[1]


def outline(tree: Tree) -> object:
    """A tree with its places, to be compared."""
    match tree:
        case Scalar(span=span, text=text, style=style):
            return text, style, span.start, span.end
        case Sequence(span=span, items=items, flow=flow):
            return flow, span.start, [outline(item) for item in items]
        case Mapping(span=span, entries=entries, flow=flow):
            return flow, span.start, [(outline(key), outline(value)) for key, value in entries]


# ---- what needs the system


def base_folder(root: Path) -> Path:
    return folder_of(Case("base", "jia", "", (), (), ("jia",)), root)


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = base_folder(tmp_path)
    deny(monkeypatch, "jia.yaml")
    found = Slices(read_library([folder])).check_all(None).diagnostics
    assert [(each.code, each.place()) for each in found] == [("file-not-readable", "cities/jia.yaml")]
    assert "permission denied" in found[0].message("en").lower()


def test_a_table_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = base_folder(tmp_path)
    deny(monkeypatch, "jia-2023.csv")
    found = Slices(read_library([folder])).check_all(None).diagnostics
    assert [(each.code, each.place()) for each in found] == [("table-not-readable", "cities/jia.yaml:18:14")]


def deny(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The system refuses to open files of this name (tests may run as root, whom no mode stops)."""
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == name:
            raise PermissionError(13, os.strerror(13), str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    monkeypatch.setattr("engine.disk.system.call", denying(name))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    found = read_library([tmp_path / "nowhere"]).report.diagnostics
    assert [(each.code, each.place()) for each in found] == [("no-such-path", str(tmp_path / "nowhere"))]


def test_a_file_named_twice_is_read_once() -> None:
    library = read_library([BASE, BASE / "province.yaml", BASE])
    assert not library.report.has_errors
    assert len(library.documents) == 5
