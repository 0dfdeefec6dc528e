"""A run over nothing is not green: one finding, at the folder, in every form."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli.status import FINDINGS
from tests.cli.running import Run

CODES = {"check": "no-policy-found", "test": "no-case-found", "mutate": "no-case-found"}
FOLDER = "空 的"


def _json(text: str) -> list[tuple[str, str]]:
    return [(one["code"], one.get("path")) for one in json.loads(text)["diagnostics"]]


def _sarif(text: str) -> list[tuple[str, str]]:
    (run,) = json.loads(text)["runs"]
    assert [one["location"]["uri"] for one in run["artifacts"]] == ["%E7%A9%BA%20%E7%9A%84"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]]
    return [
        (one["ruleId"], FOLDER if place == "%E7%A9%BA%20%E7%9A%84" else place)
        for one, place in zip(run["results"], places, strict=True)
    ]


def _gitlab(text: str) -> list[tuple[str, str]]:
    return [(one["check_name"], one["location"]["path"]) for one in json.loads(text)]


def _github(text: str) -> list[tuple[str, str]]:
    told = [re.fullmatch(r"::error file=([^,]*),title=doudi ([^,]*)::.+", line) for line in text.splitlines()]
    return [(found[2], found[1]) if found else ("", "") for found in told]


def _junit(text: str) -> list[tuple[str, str]]:
    """What is no answer is an error of a test case; its text names the code and the folder."""
    found = [re.search(r"(\S+): error (\S+):", f"{case.text}") for case in ET.fromstring(text).iter("error")]
    return [(one[2], FOLDER) if one and FOLDER.endswith(one[1]) else ("", "") for one in found]


READERS: dict[str, Callable[[str], list[tuple[str, str]]]] = {
    "json": _json,
    "sarif": _sarif,
    "gitlab": _gitlab,
    "github": _github,
    "junit": _junit,
}


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / ".keep").write_bytes(b"")
    return FOLDER


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("command", CODES)
def test_an_empty_folder_is_one_located_finding(run: Run, empty: str, command: str, form: str) -> None:
    ran = run(command, empty, "--format", form, "--report", f"{form}=same")
    assert (ran.status, ran.err) == (FINDINGS, "")
    assert READERS[form](ran.out) == [(CODES[command], empty)]
    assert Path("same").read_text("utf-8") == ran.out


@pytest.mark.parametrize("command", CODES)
def test_in_text_too(run: Run, empty: str, command: str) -> None:
    ran = run(command, empty)
    assert ran.status == FINDINGS
    assert ran.err.startswith(f"{empty}: error {CODES[command]}: ")
    assert ran.err.count(" error ") == 1


@pytest.mark.parametrize(
    "arguments",
    [("fmt",), ("fmt", "--check"), ("fmt", "--diff"), ("fix",), ("fix", "--dry-run"), ("show", "--policies")],
)
def test_nothing_to_write_or_to_show_is_told(run: Run, empty: str, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments, empty)
    assert ran.status == FINDINGS
    assert ran.err.startswith(f"{empty}: error no-policy-found: ")
    assert "都已整齐" not in ran.out


def test_of_several_empty_folders_each_is_told(run: Run, empty: str) -> None:
    Path("b").mkdir()
    told = json.loads(run("check", empty, "b", "--format", "json").out)["diagnostics"]
    assert [one["path"] for one in told] == ["b", empty]


@pytest.mark.parametrize("form", ["lcov", "cobertura"])
def test_coverage_of_nothing_is_a_report(run: Run, empty: str, form: str) -> None:
    assert run("test", empty, "--report", f"{form}=report").status == FINDINGS
    told = Path("report").read_text("utf-8")
    assert told == "" if form == "lcov" else ET.fromstring(told).get("lines-valid") == "0"
