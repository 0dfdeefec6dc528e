"""What `check` calls an error in the documents of a chain, told for that chain alone: what `evaluate` must refuse."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from engine.diagnostics import Diagnostic, Severity
from engine.policy.loader import Library, read_library
from engine.policy.slices import Slices
from tests.policy.bad_policies import Case, Folder, folder_of, found_once, load_cases, place_of, told_of

CASES = [
    case
    for case in load_cases()
    if case.topic in ("overlays", "rules", "values_over_time") and "yi" not in case.parts()
]
"""those whose documents stand in one line"""


def errors(found: Iterable[Diagnostic], root: Path) -> list[str]:
    return [f"{one.code} {place_of(one, root)}" for one in found if one.severity is Severity.ERROR]


def deepest(library: Library) -> list[str]:
    return max((library.line_to(name) for name in library.documents), key=len)


@found_once
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.topic}: {case.name}")
def test_every_error_of_a_line_is_told_for_its_chain(case: Case, tmp_path: Path) -> None:
    """In values, on whatever day and at whatever level: all that `check` says of these documents, and no warning."""
    library = read_library([folder_of(case, tmp_path)])
    line = deepest(library)
    assert set(line) == set(library.documents)
    slices = Slices(library)
    told = slices.chain_report(line)
    root, found = told_of(case)
    assert errors(told, tmp_path) == errors(found, root)
    assert len(errors(told, tmp_path)) == len(told.diagnostics)
    assert slices.chain_report(line).diagnostics == told.diagnostics


def sound(root: Path) -> Folder:
    folder = Folder(root)
    folder.fill(["province", "jia", "yi", "beishan", "amendment"])
    return folder


def test_a_sound_chain_has_none(tmp_path: Path) -> None:
    library = read_library([sound(tmp_path).root])
    assert not Slices(library).chain_report(library.chain_ids("province", "900121")).diagnostics


def test_an_error_of_another_city_is_not_told(tmp_path: Path) -> None:
    folder = sound(tmp_path)
    folder.apply({"file": "cities/yi.yaml", "append": "set: {asset_months: 99 月}\nfrom: 2023-01-01\n"})
    library = read_library([folder.root])
    slices = Slices(library)
    assert not slices.chain_report(library.chain_ids("province", "900101")).diagnostics
    assert [one.code for one in slices.chain_report(library.chain_ids("province", "900221"))] == ["value-out-of-bounds"]


def test_an_error_on_another_day_or_in_another_county_of_the_chain_is_told(tmp_path: Path) -> None:
    """A rule that begins to fail in 2030 is no rule to decide by today."""
    folder = sound(tmp_path)
    old = "one_vehicle: {label: 机动车不超过一辆, when: 计数(机动车) <= 1, cites: 第三条}"
    new = f"{old}\n    late: {{label: 以后的, when: 没有的名称 > 0, from: 2030-01-01, counties: [西城区]}}"
    folder.apply({"file": "cities/jia.yaml", "old": old, "new": new})
    library = read_library([folder.root])
    found = Slices(library).chain_report(library.chain_ids("province", "900101"))
    assert [one.code for one in found] == ["unknown-name"]


def test_a_draft_that_is_named_is_looked_at_in_its_own_chain(tmp_path: Path) -> None:
    """Beside the official line: what it makes impossible for the levels above is told."""
    folder = sound(tmp_path)
    draft = 'format: 1\noverlay: draft\namends: province\nrole: amendment\njurisdiction: "90"\nstatus: draft\n'
    folder.write("draft.yaml", f"{draft}from: 2023-01-01\nrepeal: [terms.asset_limit]\n".encode())
    library = read_library([folder.root])
    ids = library.chain_ids("draft", "900101")
    assert ids[-1] == "jia"
    assert "draft" in ids
    found = Slices(library).chain_report(ids)
    assert {one.code for one in found} == {"unknown-name"}
