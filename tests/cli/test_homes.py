"""Which policies a command reads when none are named: `policies` in the working folder, else those shipped."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.cli.status import ANSWERED, FINDINGS
from engine.resources import policies_root
from tests.cli.running import Run

HOUSEHOLD = Path(__file__).parents[2] / "examples" / "households" / "eligible.json"
HERE, SHIPPED = "当前文件夹里的 policies", "随程序附带的"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def own(empty: Path) -> Path:
    """A copy of what is shipped, in which one limit is another."""
    shutil.copytree(policies_root(), empty / "policies")
    file = empty / "policies" / "shanxi_2022_60.yaml"
    text = file.read_text("utf-8")
    assert "value: 36" in text
    file.write_text(text.replace("value: 36", "value: 35", 1), "utf-8")
    return empty / "policies"


def digest(run: Run) -> str:
    decision = json.loads(run("evaluate", str(HOUSEHOLD), "--format", "json").out)
    return str(decision["policy"]["digest"])


def test_the_folder_here_is_read_by_every_command(own: Path, run: Run) -> None:
    here = digest(run)
    (own / "shanxi_2022_60.yaml").write_text(
        (own / "shanxi_2022_60.yaml").read_text("utf-8").replace("value: 35", "value: 36", 1), "utf-8"
    )
    assert digest(run) != here
    for arguments in (
        ("evaluate", str(HOUSEHOLD)),
        ("check",),
        ("show",),
        ("show", "taiyuan"),
        ("test", "-k", "nothing"),
    ):
        assert HERE in run(*arguments).out, arguments


def test_a_slip_here_is_found_by_check_and_refused_by_evaluate(own: Path, run: Run) -> None:
    file = own / "shanxi_2022_60.yaml"
    file.write_text(file.read_text("utf-8").replace("causes:", "cause:", 1), "utf-8")
    assert run("check").status == FINDINGS
    assert run("evaluate", str(HOUSEHOLD)).status == FINDINGS


def test_without_one_those_shipped_are_read_and_it_is_said(empty: Path, run: Run) -> None:
    ran = run("evaluate", str(HOUSEHOLD))
    assert ran.status == ANSWERED
    assert SHIPPED in ran.out
    assert SHIPPED in run("check").out
    (empty / "policies").mkdir()
    (empty / "policies" / "network.yaml").write_text("kind: NetworkPolicy\n", "utf-8")
    assert SHIPPED in run("evaluate", str(HOUSEHOLD)).out


def test_a_broken_policy_here_is_still_what_is_meant(empty: Path, run: Run) -> None:
    (empty / "policies").mkdir()
    (empty / "policies" / "p.yaml").write_text('format: 1\npolicy: p\ntitle: "x\n', "utf-8")
    ran = run("evaluate", str(HOUSEHOLD))
    assert ran.status == FINDINGS
    assert "p.yaml" in ran.out + ran.err


def test_what_is_named_is_not_said_again(run: Run) -> None:
    ran = run("evaluate", str(HOUSEHOLD), "--policies", str(policies_root()))
    assert HERE not in ran.out
    assert SHIPPED not in ran.out
    assert "policies" not in run("evaluate", str(HOUSEHOLD), "--format", "json").err
