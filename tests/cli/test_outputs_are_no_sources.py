"""What a command writes never takes the place of what it, or another one, reads."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import click
import pytest

from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from engine.say import Say
from tests.cli.running import Run
from tests.cli.test_usage import commands

TINY = Path(__file__).parents[1] / "cases" / "codes" / "tiny"
HOUSEHOLD = {"id": "H-1", "application_date": "2023-06-15", "county": "900101", "income": 600}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(TINY, tmp_path / "policies")
    (tmp_path / "h.json").write_text(json.dumps(HOUSEHOLD), encoding="utf-8")
    (tmp_path / "lines.ndjson").write_text(f"{json.dumps(HOUSEHOLD)}\n" * 3, encoding="utf-8")
    (tmp_path / "link.sarif").symlink_to("policies/tiny.yaml")
    (tmp_path / "link.ndjson").symlink_to("lines.ndjson")
    (tmp_path / "notes.txt").write_text("notes\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "line",
    [
        "check --report sarif=policies/tiny.yaml",
        "check --report sarif=link.sarif",
        "check --report junit=policies/divisions.csv",
        "test --report lcov=policies/cases.yaml",
        "mutate --report junit=policies/cases.yaml",
        "evaluate h.json --record policies/tiny.yaml",
        "evaluate h.json --record policies/divisions.csv",
        "evaluate h.json --record h.json",
        "evaluate lines.ndjson --record lines.ndjson",
        "evaluate lines.ndjson --record link.ndjson",
        "evaluate h.json --record lines.ndjson",
        "evaluate h.json --record notes.txt",
        "evaluate h.json --record -",
    ],
)
def test_nothing_is_written_there(folder: Path, run: Run, line: str) -> None:
    before = files(folder)
    ran = run(*line.split())
    assert ran.status == MISUSE, ran.err
    assert "没有写" in ran.err or "不能写" in ran.err
    assert files(folder) == before


OUTPUTS = {
    "analyse --report": ("analyse", "--report", "sarif={}"),
    "check --report": ("check", "--report", "sarif={}"),
    "test --report": ("test", "--report", "junit={}"),
    "mutate --report": ("mutate", "--report", "json={}"),
    "evaluate --record": ("evaluate", "h.json", "--record", "{}"),
    "new case --output": ("new", "case", "word", "--output", "{}"),
    "new city --output": ("new", "city", "9001", "--output", "{}"),
    "generate --output": ("generate", "tiny", "--output", "{}"),
    "screen --output": ("screen", "lines.ndjson", "--output", "{}"),
    "screen --chart": ("screen", "lines.ndjson", "--output", "out.csv", "--chart", "{}"),
}
READ = {"screen --mapping", "compare --households", "serve --users", "serve --tokens"}
"""what names a file that is read"""


def test_every_option_that_names_a_file_is_tried() -> None:
    named = [
        f"{' '.join(path)} {param.opts[-1]}"
        for path, command in commands(Say("zh"))
        for param in command.params
        if isinstance(param, click.Option) and (param.metavar or "").endswith("文件")
    ]
    assert sorted(named) == sorted([*OUTPUTS, *READ])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "name", ["a/", "a//", "policies/", "policies", ".", "..", "./", "a/.", "a/..", "policies/a/", "-", ""]
)
@pytest.mark.parametrize("option", OUTPUTS)
def test_the_name_of_a_folder_names_no_file(folder: Path, run: Run, option: str, name: str, language: str) -> None:
    before, there = files(folder), sorted(folder.rglob("*"))
    ran = run("--lang", language, *(word.format(name) for word in OUTPUTS[option]))
    assert (ran.status, ran.out) == (MISUSE, "")
    assert option.split()[-1] in ran.err.splitlines()[0]
    assert f"`doudi {option.partition(' --')[0]} --help`" in ran.err
    assert (files(folder), sorted(folder.rglob("*"))) == (before, there)


@pytest.mark.parametrize("option", OUTPUTS)
def test_the_file_that_is_offered_can_be_written(folder: Path, run: Run, option: str) -> None:
    told = run("--lang", "en", *(word.format("policies/new/") for word in OUTPUTS[option])).err
    offered = re.search(r"as in (\S+)$", told, re.MULTILINE)
    assert offered
    (folder / "policies" / "new").mkdir()
    run(*(word.format(offered[1]) for word in OUTPUTS[option]))
    assert (folder / offered[1]).is_file()


def test_new_files_and_old_results_may_be_written(folder: Path, run: Run) -> None:
    for _ in range(2):
        assert run("evaluate", "h.json", "--record", "r.ndjson").status == ANSWERED
        assert run("check", "--report", "sarif=a.sarif").status == ANSWERED
    assert len((folder / "r.ndjson").read_text(encoding="utf-8").splitlines()) == 2
    assert run("evaluate", "r.ndjson", "--record", "new.ndjson").status == FINDINGS
    assert run("evaluate", "r.ndjson", "--record", "r.ndjson").status == MISUSE
