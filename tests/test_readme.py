"""The commands and outputs of the READMEs: those that CI runs in a fresh clone, and the rest run here."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def marked(readme: str, mark: str) -> str:
    """The block of code below a mark."""
    found = re.search(rf"<!-- {mark} -->\n```\w+\n(.*?)```", text_of(readme), re.DOTALL)
    assert found, f"{readme} has no block for {mark}"
    return found[1]


def run(arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("name", ["evaluate", "test"])
@pytest.mark.parametrize("readme", READMES)
def test_each_of_the_two_commands_is_one_line_and_the_same_everywhere(readme: str, name: str) -> None:
    command = marked(readme, f"command: {name}")
    assert command == marked("README.md", f"command: {name}")
    assert command.count("\n") == 1
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -q ")


@pytest.mark.parametrize("name", ["evaluate", "test"])
def test_ci_runs_the_commands_as_they_are_written(name: str) -> None:
    script = text_of(".ci/run")
    assert f'"$(readme_command {name})"' in script
    if (bash := shutil.which("bash")) is None:
        return
    function = re.search(r"^readme_command\(\).*?^\}", script, re.DOTALL | re.MULTILINE)
    assert function
    told = subprocess.run(
        [bash, "-c", f"{function[0]}\nreadme_command {name}"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert told.stdout == marked("README.md", f"command: {name}")


@pytest.mark.parametrize("readme", READMES)
def test_the_windows_commands_are_the_same_in_both(readme: str) -> None:
    (block,) = re.findall(r"```bat\n(.*?)```", text_of(readme), re.DOTALL)
    slashes = [marked(readme, f"command: {name}").replace("/bin/", "/Scripts/") for name in ("evaluate", "test")]
    there = "".join(slashes).replace("python3", "py").replace("'", "").replace("/", "\\")
    assert block == there


@pytest.mark.parametrize("readme", READMES)
def test_the_output_shown_is_the_output(readme: str) -> None:
    """Lines left out are marked `…`."""
    (arguments,) = re.findall(r"<!-- output: (.*?) -->", text_of(readme))
    shown = marked(readme, f"output: {re.escape(arguments)}")
    output = run(["-m", "engine", *shlex.split(arguments)])
    for part in re.split(r"^\s*…\n", shown, flags=re.MULTILINE):
        assert part.strip("\n"), "something is shown between two gaps"
        assert part in output


EXAMPLES = tuple(
    f"examples/{folder}/README.md" for folder in ("overlay", "hongkong", "national_2024", "australia_age_pension")
)


def snippets() -> list[str]:
    """Every `doudi …` line of the pages that is not one of the two commands, without its comment."""
    found: list[str] = []
    for page in (*READMES, "CONTRIBUTING.md", *EXAMPLES):
        for block in re.findall(r"(?<!-->\n)```sh\n(.*?)```", text_of(page), re.DOTALL):
            found.extend(line for line in block.splitlines() if line.startswith("doudi "))
    return sorted({shlex.join(shlex.split(line, comments=True)) for line in found})


@pytest.mark.parametrize("line", snippets())
def test_the_other_commands_run(line: str) -> None:
    assert run(["-m", "engine", *shlex.split(line)[1:]])


@pytest.mark.parametrize("readme", READMES)
def test_the_python_example_runs(readme: str) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", text_of(readme), re.DOTALL)
    assert "eligible" in run(["-c", code])
