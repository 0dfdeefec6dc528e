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
_STEP = re.compile(r"<!-- (walk|put|under)(?:: (\S+) ?(.*?))? -->\n *```\w+\n(.*?)\n *```", re.DOTALL)
_INDENT = "   "
"""of a step's code on the page"""


def test_the_walk(run: Run, province: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = province.parent
    monkeypatch.chdir(home)
    (province / "cities" / "yangquan.yaml").unlink()
    steps = _STEP.findall(PAGE.read_text(encoding="utf-8"))
    assert len(steps) >= 5
    for kind, name, below, body in steps:
        text = dedent(body) + "\n"
        if kind == "put":
            (home / name).write_text(text, encoding="utf-8")
        elif kind == "under":
            path = home / name
            before, line, after = re.split(
                rf"(?m)^( *{re.escape(below)}\n)", path.read_text(encoding="utf-8"), maxsplit=1
            )
            own = "".join(line.removeprefix(_INDENT) for line in body.splitlines(keepends=True)) + "\n"
            path.write_text(before + line + own + after, encoding="utf-8")
        else:
            for line in text.splitlines():
                ran = run(*shlex.split(line)[1:])
                assert ran.status == ANSWERED, (line, ran.out, ran.err)
    city = (province / "cities" / "yangquan.yaml").read_text(encoding="utf-8")
    assert "when: 计数(机动车) <= 1\n" in city
    case = (province / "cases" / "cities" / "一辆车.yaml").read_text(encoding="utf-8")
    assert "vehicles: []" in case
