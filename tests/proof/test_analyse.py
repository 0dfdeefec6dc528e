"""What the analysis of small rules finds, and what it does not: cases as data, and the wording as golden texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.api import load
from engine.diagnostics import Diagnostic, Language
from engine.proof.alternatives import Sizes, idle_changes
from engine.proof.analysis import analyse
from engine.proof.results import Contradiction
from engine.reporting.analyse_results import finding_diagnostics
from engine.say import Say
from tests.policy.bad_policies import Folder

CASES = Path(__file__).parent.parent / "cases" / "analyse"
_ALL: list[dict[str, Any]] = yaml.load((CASES / "cases.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def told(root: Path, edits: Sequence[dict[str, Any]], language: Language, members: int = 8) -> tuple[Diagnostic, ...]:
    folder = Folder(root)
    for path in sorted((CASES / "base").iterdir()):
        folder.write(path.name, path.read_bytes())
    for edit in edits:
        folder.apply(edit)
    policies = load(root)
    analysis = analyse(policies.library, policies.slices, members=members)
    assert not [one for one in analysis.findings if isinstance(one, Contradiction)]
    return finding_diagnostics(analysis.findings, Say(language))


def test_nothing_is_said_of_a_change_of_values_that_others_take() -> None:
    library = load("examples/values").library
    assert list(idle_changes(library, sorted(library.documents), Sizes(members=2, others=1))) == []


@pytest.mark.parametrize("case", _ALL, ids=[case["name"] for case in _ALL])
def test_just_what_is_so_is_told(case: dict[str, Any], tmp_path: Path) -> None:
    found = told(tmp_path, case["edits"], "zh")
    assert [(one.code, one.span and one.span.text) for one in found] == [
        (one["code"], one["caret"]) for one in case["expect"]
    ]
    for one, expected in zip(found, case["expect"], strict=True):
        assert all(piece in one.message("zh") for piece in expected.get("says", ())), one.message("zh")
        assert all(piece in "".join(one.help_lines("zh")) for piece in expected.get("help", ())), one.help_lines("zh")
        assert one.severity == expected.get("severity", one.severity)
