"""The walk of the Chinese page, as a clerk would do it: every command in turn, every file as it is shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from textwrap import dedent

import pytest

from engine.cli.status import ANSWERED
from tests.cli.running import Run

PAGE = Path(__file__).parents[2] / "docs" / "zh" / "writing.md"
_STEP = re.compile(r"<!-- (walk|put|add)(?:: (\S+))? -->\n *```\w+\n(.*?)\n *```", re.DOTALL)


def test_the_walk(run: Run, province: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = province.parent
    monkeypatch.chdir(home)
    (province / "cities" / "yangquan.yaml").unlink()
    steps = _STEP.findall(PAGE.read_text(encoding="utf-8"))
    assert len(steps) >= 5
    for kind, name, body in steps:
        text = dedent(body) + "\n"
        if kind == "put":
            (home / name).write_text(text, encoding="utf-8")
        elif kind == "add":
            path = home / name
            path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
        else:
            for line in text.splitlines():
                ran = run(*shlex.split(line)[1:])
                assert ran.status == ANSWERED, (line, ran.out, ran.err)
    city = (province / "cities" / "yangquan.yaml").read_text(encoding="utf-8")
    assert "when: 计数(机动车) <= 1\n" in city
    case = (province / "cases" / "cities" / "一辆车.yaml").read_text(encoding="utf-8")
    assert "vehicles: []" in case
