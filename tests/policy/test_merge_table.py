"""Every line of docs/merge-table.md: an operation on a target under a guard gives what the line says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml

from engine.diagnostics import Severity, render
from engine.language.printer import print_expression
from engine.policy.loader import read_library
from engine.policy.model import MergedPolicy, Parts, Term
from engine.policy.overlay import merge
from engine.policy.slices import Slices
from engine.policy.stretches import Stretch
from engine.policy.tables import dated_of
from tests.policy.bad_policies import CASES, Folder

PAGE = CASES.parent.parent / "docs" / "merge-table.md"

CITY = """\
format: 1
overlay: city
amends: province
jurisdiction: "9001"
from: 2023-01-01
"""
AMENDMENT = CITY.replace('"9001"', '"90"').replace("2023-01-01\n", "2023-01-01\nrole: amendment\n")
COUNTY = CITY.replace("city", "county").replace('"9001"', '"900101"').replace("amends: province", "amends: city")


@dataclass(frozen=True)
class Line:
    operation: str
    target: str
    guard: str


@dataclass(frozen=True)
class MergeCase:
    line: Line
    overlay: str
    amendment: bool
    county: str
    province: tuple[str, ...]
    day: date
    refused: str
    merged: dict[str, str]
    since: str


def load() -> list[MergeCase]:
    cases = []
    for path in sorted((CASES / "merge").glob("*.yaml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            cases.append(
                MergeCase(
                    Line(entry["operation"], entry["target"], entry["guard"]),
                    entry["overlay"],
                    entry.get("head") == "amendment",
                    entry.get("county", ""),
                    tuple(entry.get("province", ())),
                    date.fromisoformat(entry.get("day", "2024-01-01")),
                    entry.get("refused", ""),
                    entry.get("merged", {}),
                    entry.get("since", "2023-01-01"),
                )
            )
    return cases


ALL = load()


def page_lines() -> Iterator[tuple[Line, str]]:
    """The lines of the first table of the page, with their results; an empty operation repeats the one above."""
    operation, inside = "", False
    for text in PAGE.read_text(encoding="utf-8").splitlines():
        if not text.startswith("|"):
            if inside:
                return
            continue
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        operation = cells[0] or operation
        if inside and not set(cells[1]) <= {"-"}:
            yield Line(operation, cells[1], cells[2]), cells[3]
        inside = True


def write(case: MergeCase, root: Path) -> Path:
    folder = Folder(root)
    folder.fill(["province"])
    if case.province:
        folder.apply({"file": "province.yaml", "old": case.province[0], "new": case.province[1]})
    head = AMENDMENT if case.amendment else CITY
    head = head.replace("2023-01-01", case.since)
    folder.write("city.yaml", f"{head}{case.overlay}\n".encode())
    if case.county:
        amends = "amends: province" if case.amendment else "amends: city"
        folder.write("county.yaml", f"{COUNTY.replace('amends: city', amends)}{case.county}\n".encode())
    return root


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.line.operation} {case.line.target}, {case.line.guard}")
def test_line(case: MergeCase, tmp_path: Path) -> None:
    library = read_library([write(case, tmp_path)])
    slices = Slices(library)
    found = slices.check_all(None)
    told = "\n".join(render(each) for each in found)
    assert [each.code for each in found if each.severity is Severity.ERROR] == ([case.refused] if case.refused else [])
    assert case.refused or case.merged, "a case says what comes of it"
    if not case.merged:
        return
    chain = slices.chain(library.line_to("county" if case.county else "city"))
    assert chain is not None, told
    merged = merge(chain, found, Stretch("900101", case.day, case.day))
    assert {path: shown(merged, path, case.day) for path in case.merged} == case.merged


def shown(merged: MergedPolicy, path: str, day: date) -> str:
    """What a merged policy says at a path of a case."""
    held = merged.elements
    kind, _, name = path.partition(" ")
    match kind:
        case "requirements" | "outputs" | "referrals" | "checks" | "lists" | "causes" | "facts":
            return " ".join(getattr(held, kind))
        case "fields":
            return " ".join(held.collections[name].facts)
        case "value":
            (in_force,) = dated_of(merged).on("900101", day, None).parameters[name].values()
            return in_force.cell.text
        case "list":
            (first, *_) = merged.elements.lists[name].columns
            rows = dated_of(merged).on("900101", day, None).lists[name]
            assert first is not None
            return " ".join(" ".join(row) for row in sorted(rows))
        case "chosen":
            return dated_of(merged).on("900101", day, None).readings[name].chosen
        case "parts":
            body = held.terms[name].body
            assert isinstance(body, Parts)
            return " ".join(body.parts)
        case "exempt":
            cause, _, condition = name.partition(".")
            among = held.requirements if cause == "requirements" else held.causes[cause].conditions
            exemptions = among[condition].exemptions
            return " ".join(print_expression(exemption.when, "zh") for exemption in exemptions)
        case _ if kind in held.causes:
            return " ".join(held.causes[kind].conditions)
        case _:
            return written_out(held.terms[kind])


def written_out(term: Term) -> str:
    assert not isinstance(term.body, Parts)
    text = print_expression(term.body, "zh")
    return text if term.replaces is None else text.replace("原定义", written_out(term.replaces))


def test_every_line_has_a_case_and_every_case_a_line() -> None:
    results = dict(page_lines())
    assert len(results) > 40
    assert {case.line for case in ALL} == set(results)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.line.operation} {case.line.target}, {case.line.guard}")
def test_the_page_names_the_refusal(case: MergeCase) -> None:
    result = dict(page_lines())[case.line]
    if case.refused and "`" in result and not result.startswith("replaced"):
        assert result == f"`{case.refused}`"
