"""Slips of people who type Chinese, in a whole supplement upon the shipped policies: one fault each, at its place.

The supplement is `tests/cases/officers/overlay.yaml`; `slips.yaml` beside it says which line is spoiled, and what is
told of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.diagnostics import Diagnostic, Severity
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from engine.resources import policies_root

FOLDER = Path(__file__).parent.parent / "cases" / "officers"
LINES = (FOLDER / "overlay.yaml").read_text(encoding="utf-8").split("\n")
SLIPS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "slips.yaml").read_text(encoding="utf-8"))


def told(lines: list[str], folder: Path) -> list[Diagnostic]:
    """What `check` says of the supplement upon the shipped province and city."""
    (folder / "overlay.yaml").write_text("\n".join(lines), encoding="utf-8")
    found = Slices(read_library([policies_root(), folder])).check_all(None, hygiene=True)
    return [
        each
        for each in found
        if each.span is not None
        and each.span.source.name.endswith("overlay.yaml")
        and each.severity is not Severity.INFO
    ]


def test_the_supplement_is_sound(tmp_path: Path) -> None:
    assert told(LINES, tmp_path) == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: str(slip["name"]))
def test_one_fault_for_one_slip(slip: dict[str, Any], tmp_path: Path) -> None:
    lines = list(LINES)
    lines[slip["line"] - 1] = slip["text"]
    found = told(lines, tmp_path)
    assert [(each.code, f"{each.span.line}:{each.span.column}") for each in found if each.span] == [
        (slip["code"], slip["at"])
    ], [each.message() for each in found]
    assert slip["help"] in "\n".join((found[0].message(), *found[0].help_lines("zh")))
