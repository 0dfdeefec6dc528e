"""The schemas in an editor: completion, hover and faults, in Chinese, by the language server that editors use.

Files are opened with the modeline that our files begin with, at the places where such files stand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editor.language_server import LanguageServer, installed

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("editor"),  # one server, and one installation of it
    pytest.mark.skipif(
        shutil.which("node") is None or shutil.which("npm") is None,
        reason="needs node and npm, to run the language server that editors use; neither is needed for doudi itself",
    ),
]

POLICY = """\
# yaml-language-server: $schema=../grammar/policy.schema.json
format: 1
policy: example
title: 示例
jurisdiction: "14"
from: 2024-01-01
causes:
  illness:
    label: 因病
    conditions:
      income:
        label: 收入低于标准
        whenn: 收入 < 标准
        cites: 一
"""
OVERLAY = """\
# yaml-language-server: $schema=../../grammar/overlay.schema.json
format: 1
overlay: example
title: 示例
amends: shanxi_2022_60
jurisdiction: "1401"
from: 2024-01-01
status: offical
set:
  dibao_standard:
    - from: 2024-01-01
      publish: 2024-01-01
      values: {"140105": {urban: 700 元/人/月}}
"""
CASES = """\
# yaml-language-server: $schema=../../grammar/cases.schema.json
cases: shanxi_2022_60
tests:
  one:
    why: 示例
    expect: {outcom: eligible}
"""


@pytest.fixture(scope="module")
def server(pytestconfig: pytest.Config) -> Iterator[LanguageServer]:
    assert pytestconfig.cache is not None
    with LanguageServer(installed(pytestconfig.cache.mkdir("editor")), ROOT) as running:
        yield running


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_a_policy_file(server: LanguageServer) -> None:
    file = server.open(POLICIES / "example.yaml", POLICY + " " * 8)
    offered = server.completions(file, POLICY.count("\n") + 1, 8)
    assert {"unless", "same_as", "when"} <= set(offered)
    assert "label" not in offered, "it stands there already"
    assert [name for name, words in offered.items() if not is_chinese(words)] == []
    hovered = server.hover(file, line_of(POLICY, "conditions:"), 6)
    assert is_chinese(hovered)
    assert "policy.schema.json" in hovered
    at = line_of(POLICY, "whenn")
    assert [message for line, column, message in server.faults(file) if (line, column) == (at, 9)] == [
        "Property whenn is not allowed."
    ]
    server.close(file)


def test_an_overlay(server: LanguageServer) -> None:
    """Its schema takes over parts of the policy's, in another file."""
    file = server.open(POLICIES / "cities" / "example.yaml", OVERLAY + " " * 6)
    top = server.completions(file, OVERLAY.count("\n") + 1, 0)
    assert {"add", "exempt", "not_found"} <= set(top)
    assert is_chinese(top["exempt"])
    offered = server.completions(file, OVERLAY.count("\n") + 1, 6)
    assert {"document", "source", "grade", "partial"} <= set(offered)
    assert is_chinese(offered["grade"])
    assert set(server.completions(file, line_of(OVERLAY, "status"), 8)) >= {"official", "draft", "illustrative"}
    assert "行政区划代码" in server.hover(file, line_of(OVERLAY, "jurisdiction"), 3)
    places = {(line, column) for line, column, _ in server.faults(file)}
    assert (line_of(OVERLAY, "offical"), 9) in places
    assert (line_of(OVERLAY, "publish:"), 7) in places
    server.close(file)


def test_a_file_of_cases(server: LanguageServer) -> None:
    file = server.open(POLICIES / "cases" / "example.yaml", CASES + " " * 4)
    offered = server.completions(file, CASES.count("\n") + 1, 4)
    assert {"household", "as_of", "known_on"} <= set(offered)
    assert is_chinese(offered["known_on"])
    assert is_chinese(server.hover(file, line_of(CASES, "tests:"), 2))
    assert line_of(CASES, "outcom:") in {line for line, _, _ in server.faults(file)}
    server.close(file)


@pytest.mark.parametrize(
    "file", sorted(POLICIES.rglob("*.yaml")), ids=lambda file: file.relative_to(POLICIES).as_posix()
)
def test_the_shipped_files_have_no_fault_in_the_editor(file: Path, server: LanguageServer) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema="), "an editor would not know what the file is"
    schema = text.splitlines()[0].partition("=")[2]
    assert (file.parent / schema).resolve().is_file()
    opened = server.open(file, text)
    assert server.faults(opened) == []
    server.close(opened)


def is_chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)
