"""The group: help, languages, statuses, colours, and the process around it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.cli import main as module
from engine.cli.status import ANSWERED, FAULT, FINDINGS, INTERRUPTED, MISUSE
from tests.cli.running import Run

ROOT = Path(__file__).parents[2]
ELIGIBLE = ROOT / "examples" / "households" / "eligible.json"


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_lists_the_commands(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.status == ANSWERED
    assert all(name in ran.out for name in module.COMMANDS)
    assert "用法：doudi" in ran.out


@pytest.mark.parametrize("name", module.COMMANDS)
@pytest.mark.parametrize("arguments", [("--lang", "en", "--help"), ("--help", "--lang=en")])
def test_help_of_each_command_in_english(run: Run, name: str, arguments: tuple[str, ...]) -> None:
    ran = run(name, *arguments)
    assert ran.status == ANSWERED
    assert ran.out.startswith(f"Usage: doudi {name}")
    assert not [char for char in ran.out if "一" <= char <= "鿿"]


def test_the_language_may_come_from_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUDI_LANG", "en")
    assert run("--help").out.startswith("Usage: ")
    assert run("--help", "--lang", "zh").out.startswith("用法：")


def test_an_unknown_command(run: Run) -> None:
    ran = run("evalute")
    assert ran.status == MISUSE
    assert "是不是想写 evaluate？" in ran.err


def test_the_version(run: Run) -> None:
    assert run("--version").out.startswith("doudi ")


def _raising(fault: BaseException) -> object:
    def call(arguments: object, say: object) -> int:
        del arguments, say
        raise fault

    return call


def test_a_fault_of_the_program_is_owned(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_call", _raising(KeyError("x")))
    ran = run("check")
    assert ran.status == FAULT
    assert "KeyError" in ran.err
    assert "Traceback" not in ran.err
    monkeypatch.setenv("DOUDI_DEBUG", "1")
    with pytest.raises(KeyError):
        run("check")


def test_an_interruption(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_call", _raising(KeyboardInterrupt()))
    ran = run("check")
    assert (ran.status, ran.err) == (INTERRUPTED, "已中断\n")


def doudi(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    cleared = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "engine", *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env={**cleared, **environment},
        timeout=60,
    )


def test_colours_are_for_those_who_want_them() -> None:
    assert b"\x1b[" not in doudi("evaluate", str(ELIGIBLE)).stdout
    assert b"\x1b[32m" in doudi("evaluate", str(ELIGIBLE), FORCE_COLOR="1").stdout
    assert b"\x1b[" not in doudi("evaluate", str(ELIGIBLE), FORCE_COLOR="0").stdout
    assert b"\x1b[" not in doudi("evaluate", str(ELIGIBLE), FORCE_COLOR="1", NO_COLOR="1").stdout


def test_output_is_utf_8_whatever_the_console_is() -> None:
    ran = doudi("evaluate", str(ELIGIBLE), PYTHONIOENCODING="gbk", PYTHONUTF8="0", LC_ALL="C")
    assert ran.returncode == ANSWERED
    assert ran.stdout.decode("utf-8").startswith("✓  符合")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently there")
def test_a_broken_pipe_is_silent() -> None:
    line = json.dumps(json.loads(ELIGIBLE.read_text("utf-8"))).encode() + b"\n"
    process = subprocess.Popen(
        [sys.executable, "-m", "engine", "evaluate", "-", "--format", "json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(line * 2)
    process.stdin.flush()
    assert process.stdout.readline()
    process.stdout.close()
    try:
        process.stdin.write(line * 200)
        process.stdin.close()
    except BrokenPipeError:
        pass
    assert process.stderr.read() == b""
    assert process.wait(60) == 141


def test_refusals_exit_with_1() -> None:
    ran = doudi("evaluate", "-", given=b"{}")
    assert ran.returncode == FINDINGS
    assert b"Traceback" not in ran.stderr
