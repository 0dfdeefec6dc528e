"""Australia's Age Pension: its cases see every condition and limit, and notice every small change."""

from __future__ import annotations

import json
from pathlib import Path

from engine.cli.status import ANSWERED
from tests.cli.running import Run

HERE = Path(__file__).parents[2] / "examples" / "australia_age_pension"


def test_its_cases_see_everything(run: Run) -> None:
    ran = run("test", "--policies", str(HERE), str(HERE), "--coverage", "--format", "json")
    assert ran.status == ANSWERED, ran.out + ran.err
    (entry,) = json.loads(ran.out)["coverage"]
    assert entry["missing"] == []


def test_its_cases_notice_every_change(run: Run) -> None:
    ran = run("mutate", "--policies", str(HERE), str(HERE))
    assert ran.status == ANSWERED, ran.out
    assert "未察觉 0 处" in ran.out
