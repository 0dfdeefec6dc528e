"""Files of officers, strangers and testers that were once answered wrongly: each comes to what it should."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.cli.main import main

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
