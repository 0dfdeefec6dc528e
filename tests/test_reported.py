"""Files of officers, strangers and testers that were once answered wrongly: each comes to what it should."""

from __future__ import annotations

import re
import shlex
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.api import open_policies
from engine.cli.main import main
from engine.diagnostics import Reporter
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import run

FOLDER = Path(__file__).parent / "cases" / "reported"
SHIPPED = str(Path(__file__).parents[1] / "policies")
EXPECTED = yaml.safe_load((FOLDER / "expected.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("one", EXPECTED, ids=lambda one: one["run"])
def test_what_was_reported(
    one: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(FOLDER)
    status = main([*shlex.split(one["run"]), *(["--policies", SHIPPED] if "shipped" in one else [])])
    told = capfd.readouterr()
    both = told.out + told.err
    assert status == one["exit"], both
    assert [text for text in one.get("says", ()) if text not in both] == [], both
    assert [text for text in one.get("not", ()) if text in both] == [], both
    for pattern in one.get("lines_never", ()):
        assert not re.search(pattern, both, re.MULTILINE), both
    if "answers" in one:
        assert len(re.findall(r'(?m)^(?:  "outcome"|\{"format")', told.out)) == one["answers"], both


def test_no_file_is_left_out() -> None:
    """Every folder and file stands in one of the runs."""
    runs = " ".join(one["run"] for one in EXPECTED)
    for kind in FOLDER.iterdir():
        for each in kind.iterdir() if kind.is_dir() else ():
            assert f"{kind.name}/{each.name}" in runs, each


@pytest.mark.parametrize(
    ("policies", "root", "place", "household", "code"),
    [
        (
            "decide/amendments-same-day/policies",
            "prov",
            "140105",
            "{id: a, application_date: 2023-08-01, county: '140105', members: [{id: a}]}",
            "equal-rank",
        ),
        (
            "hostile/overlap",
            "atk",
            "810000",
            "{hid: a, day: 2024-01-01, place: '810000', members: [{mid: a}]}",
            "value-overlap",
        ),
        ("format/root_dates_ignored", "p", "990100", "{id: a, day: 2020-01-01, place: '990100'}", "not-in-force"),
    ],
)
def test_no_case_passes_under_what_check_calls_an_error(
    policies: str, root: str, place: str, household: str, code: str, tmp_path: Path
) -> None:
    """What `evaluate` refuses is nothing that a case may rest on, nor a program."""
    folder = tmp_path / "policies"
    shutil.copytree(FOLDER / policies, folder)
    text = (
        f"cases: {root}\ntests:\n  one:\n    why: one\n    household: {household}\n    expect: {{outcome: OUTCOME}}\n"
    )
    for outcome in ("eligible", "ineligible", "undetermined", "refused"):
        (folder / "cases.yaml").write_text(text.replace("OUTCOME", outcome), encoding="utf-8")
        opened = open_policies([folder])
        suite = read_suite([folder], opened.slices)
        (result,) = run(suite, opened, Selection(), Reporter())
        assert not result.passed
        assert code in {found.code for found in result.faults}
    checked, report = open_policies([folder]).policy_for(root, place, date(2024, 1, 1))
    assert checked is None
    assert code in {found.code for found in report}
