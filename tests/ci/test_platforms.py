"""The GitHub Action and the GitLab snippet: their own commands, run in bash on a repository of policies.

What the platforms do beside that (checking out, images, uploading) is theirs; `run:` and `script:` are ours.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest
import yaml

from tests.ci.scratch import ROOT, edit, environment, policy_repository

# what it sets up is set up once
pytestmark = pytest.mark.xdist_group("platforms")

ACTION = ROOT / ".github" / "actions" / "doudi" / "action.yml"
PAGES = (ROOT / "docs" / "ci.md", ROOT / "docs" / "zh" / "ci.md")
BASH = shutil.which("bash")

_EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
_TEST = re.compile(r"\$\{\{ inputs\.([\w-]+) (==|!=) '(\w*)' \}\}")


class Done(NamedTuple):
    status: int
    said: str


def action() -> dict[str, Any]:
    return dict(yaml.safe_load(ACTION.read_text(encoding="utf-8")))


def snippet(page: Path, name: str) -> str:
    (block,) = re.findall(rf"<!-- snippet: {name} -->\n```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def gitlab() -> dict[str, Any]:
    return dict(yaml.safe_load(snippet(PAGES[0], "gitlab"))["doudi"])


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A PATH whose Python is a new environment, as on a fresh runner."""
    folder = tmp_path_factory.mktemp("python") / "env"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return os.pathsep.join([str(folder / ("Scripts" if os.name == "nt" else "bin")), environment()["PATH"]])


def bash(script: str, folder: Path, path: str, **env: str) -> Done:
    """As the runners call it."""
    assert BASH is not None
    done = subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=environment({"PATH": path, **env}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Done(done.returncode, done.stdout)


# ---- the GitHub Action


INSTALL = "Install doudi"


class Runner:
    """Runs the action's steps one after the other, until one fails. What is installed stays so from one run to the
    next: it hangs on nothing that the policies hold."""

    def __init__(self, folder: Path, path: str, temp: Path) -> None:
        self.folder, self.path, self.temp = folder, path, temp
        self.output = temp / "output"
        self.installed = False
        self.ran: list[str] = []
        self.said = ""

    def run(self, **given: str) -> int:
        whole = action()
        inputs = {name: str(one.get("default", "")) for name, one in whole["inputs"].items()} | given
        known = {f"inputs.{name}": value for name, value in inputs.items()}
        known |= {"github.action_path": str(ACTION.parent), "runner.temp": str(self.temp)}
        self.output.write_text("")
        self.ran, self.said = [], ""
        for step in whole["runs"]["steps"]:
            if "run" not in step or not _wanted(step.get("if", ""), inputs):
                continue
            if self.installed and step["name"] == INSTALL:
                continue
            env = {name: _filled(value, known) for name, value in step.get("env", {}).items()}
            done = bash(step["run"], self.folder, self.path, GITHUB_OUTPUT=str(self.output), **env)
            self.ran.append(step["name"])
            self.said += done.said
            if done.status:
                return done.status
            self.installed |= step["name"] == INSTALL
        return 0

    @property
    def outputs(self) -> dict[str, Path]:
        lines = self.output.read_text(encoding="utf-8").splitlines()
        return {name: Path(value) for name, _, value in (line.partition("=") for line in lines)}


def _filled(text: str, known: Mapping[str, str]) -> str:
    return _EXPRESSION.sub(lambda found: known[found[1]], text)


def _wanted(test: str, inputs: Mapping[str, str]) -> bool:
    if not test:
        return True
    found = _TEST.fullmatch(test)
    assert found, f"a test that this runner cannot read: {test}"
    return (inputs[found[1]] == found[3]) is (found[2] == "==")


def test_no_input_becomes_part_of_a_script() -> None:
    """Whoever may set an input could otherwise run what they like."""
    for step in action()["runs"]["steps"]:
        if "run" in step:
            assert "${{" not in step["run"], step["name"]
            assert step["shell"] == "bash"


def test_the_inputs_and_outputs_of_the_action_are_documented() -> None:
    whole = action()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert [name for name in (*whole["inputs"], *whole["outputs"]) if name not in text] == []
    used = yaml.load(snippet(PAGES[0], "github"), yaml.BaseLoader)
    (step,) = [one for one in used["jobs"]["doudi"]["steps"] if one.get("id") == "doudi"]
    assert step["uses"].partition("@")[0].endswith(f"doudi/{ACTION.parent.relative_to(ROOT).as_posix()}")
    assert set(step["with"]) <= set(whole["inputs"])
    outputs = re.findall(r"steps\.doudi\.outputs\.(\w+)", snippet(PAGES[0], "github"))
    assert outputs
    assert set(outputs) <= set(whole["outputs"])


@pytest.mark.slow
@pytest.mark.skipif(BASH is None, reason="needs bash")
def test_the_action_lets_good_policies_pass_and_no_others(tmp_path: Path, path: str) -> None:
    folder = policy_repository(tmp_path / "bureau")
    runner = Runner(folder, path, tmp_path)
    assert runner.run() == 0, runner.said
    assert runner.ran == [INSTALL, "Check", "Form", "Cases"]
    assert set(runner.outputs) == set(action()["outputs"]) - {"comment"}
    assert json.loads(runner.outputs["sarif"].read_text(encoding="utf-8"))["version"] == "2.1.0"
    cases = ElementTree.parse(runner.outputs["junit"]).getroot()
    assert len(list(cases.iter("testcase"))) >= 2

    edit(folder, "when: 家庭月收入 < 收入标准", "when: 家庭月收入 <= 收入标准")
    assert runner.run() == 1
    assert runner.ran[-1] == "Cases"
    assert "::error" in runner.said
    assert runner.run(cases="false") == 0
    assert runner.run(cases="false", compare="HEAD") == 0, runner.said
    assert set(runner.outputs) == set(action()["outputs"]) - {"junit"}
    assert "example.yaml" in runner.outputs["comment"].read_text(encoding="utf-8")

    edit(folder, "家庭月收入 <= 收入标准", "家庭月收入 <= 收入标淮")
    assert runner.run() == 1
    assert runner.ran[-1] == "Check"
    assert re.search(r"^::error .*example\.yaml.*unknown-name", runner.said, re.MULTILINE)
    (found,) = json.loads(runner.outputs["sarif"].read_text(encoding="utf-8"))["runs"]
    assert [one["ruleId"] for one in found["results"]] == ["unknown-name"]

    edit(folder, "家庭月收入 <= 收入标淮", "家庭月收入<收入标准")
    assert runner.run() == 1
    assert runner.ran[-1] == "Form"
    assert runner.run(form="false") == 0

    # a folder that is not there is no policy that is sound
    assert runner.run(policies="nowhere; echo injected") == 2
    assert "injected\n" not in runner.said.replace("nowhere; echo injected", "")


# ---- the GitLab snippet


@pytest.mark.parametrize("name", ["pre-commit", "github", "gitlab"])
def test_the_snippets_are_the_same_in_both_languages(name: str) -> None:
    first, second = (snippet(page, name) for page in PAGES)
    assert first == second


@pytest.mark.slow
@pytest.mark.skipif(BASH is None, reason="needs bash")
def test_the_gitlab_job_lets_good_policies_pass_and_no_others(tmp_path: Path, path: str) -> None:
    folder, job = policy_repository(tmp_path / "bureau"), gitlab()
    reports = job["artifacts"]["reports"]
    script = "\n".join([*job["before_script"], *job["script"]])
    done = bash(script, folder, path, DOUDI=str(ROOT))
    assert done.status == 0, done.said
    assert json.loads((folder / reports["codequality"]).read_text(encoding="utf-8")) == []
    assert ElementTree.parse(folder / reports["junit"]).getroot().find(".//testcase") is not None

    edit(folder, "when: 家庭月收入 < 收入标准", "when: 家庭月收入 < 收入标淮")
    assert bash("\n".join(job["script"]), folder, path).status == 1
    (found,) = json.loads((folder / reports["codequality"]).read_text(encoding="utf-8"))
    assert found["check_name"] == "unknown-name"
    assert (folder / found["location"]["path"]).is_file(), "the path is one of the repository"
