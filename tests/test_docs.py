"""What the documentation says is so: its tables, its examples, its links."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path
from textwrap import dedent
from typing import get_args

import pytest

import engine
from engine import resources
from engine.cli.main import COMMANDS
from engine.diagnostics import Reporter, Severity, render
from engine.language.parser import parse_expression
from engine.messages import CODES, FLOORS
from engine.program.clearing import Reason
from engine.source import Source, Span
from tests.docs_tables import DOCS, rendered

ROOT = DOCS.parent
PAGES = sorted(DOCS.rglob("*.md"))
ALL_PAGES = [*PAGES, *sorted(ROOT.glob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_tables_agree_with_the_program(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == rendered(text), "run `python -m tests.docs_tables`"


def test_every_code_is_listed_once() -> None:
    codes = [code for wordings in FLOORS.values() for code in wordings]
    assert sorted(codes) == sorted(CODES), "a code of two floors, or a floor without a table"
    page = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| \[`([a-z0-9-]+)`\]\(codes/\1\.md\) \|", page, re.MULTILINE)) == sorted(codes)


def test_the_results_of_the_merge_table_are_codes() -> None:
    page = (DOCS / "merge-table.md").read_text(encoding="utf-8")
    results = [row.rsplit("|", 2)[1].strip() for row in page.splitlines() if row.startswith("|")]
    codes = {result.strip("`") for result in results if result.startswith("`")}
    assert len(codes) > 15
    assert codes <= set(CODES)


def test_the_format_pages_name_every_key_of_the_schemas() -> None:
    wanted: set[str] = set()
    for kind in ("policy", "overlay"):
        _keys(resources.schema(kind), wanted)
    for page in ("policy-format.md", "zh/policy-format.md"):
        text = (DOCS / page).read_text(encoding="utf-8")
        assert not [key for key in sorted(wanted) if f"`{key}`" not in text], page


def _keys(node: object, found: set[str]) -> None:
    if isinstance(node, list):
        for value in node:
            _keys(value, found)
    elif isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            found.update(node["properties"])
        for value in node.values():
            _keys(value, found)


@pytest.mark.parametrize("name", ["language.md", "zh/language.md"])
def test_the_examples_of_the_language_page_parse(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    blocks = re.findall(r"```expression\n(.*?)```", page, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) > 15
    for line in lines:
        report = Reporter()
        assert parse_expression(Span(Source("language.md", line), 0, len(line)), report), [
            render(found) for found in report
        ]


def test_the_files_of_the_guide_are_a_policy_that_checks(tmp_path: Path) -> None:
    """What the guide tells to write is written into a copy of the policies, and checked."""
    policies = tmp_path / "policies"
    shutil.copytree(resources.policies_root(), policies)
    page = (DOCS / "zh" / "adding.md").read_text(encoding="utf-8")
    blocks = re.findall(r"<!-- (file|add): (\S+) -->\n *```\w+\n(.*?)```", page, re.DOTALL)
    assert [kind for kind, _, _ in blocks] == ["file", "file", "add"]
    for kind, name, text in blocks:
        before = (policies / name).read_text(encoding="utf-8") + "\n" if kind == "add" else ""
        (policies / name).write_text(before + dedent(text), encoding="utf-8")
    found = engine.load(policies).check()
    own = [render(one) for one in found if one.place().startswith("cities/yangquan") if one.severity != Severity.INFO]
    assert not own
    household = (ROOT / "examples" / "households" / "eligible.json").read_text(encoding="utf-8")
    moved = household.replace('"140105"', '"140311"').replace("2023-06-15", "2026-06-15")
    decision = engine.load(policies).evaluate(moved)
    assert decision.to_dict()["policy"]["chain"] == ["shanxi_2022_60", "yangquan"]  # type: ignore[index]  # JSON
    assert "vehicle" in decision.requirements


OTHER_WORDS = {
    "doudi-fmt", "doudi-prove", "doudi-compare", "doudi-policy", "fail-on", "yaml-language-server", "if-then-else",
    "stale-valu",
    *get_args(Reason),
}  # fmt: skip
"""hooks, inputs of actions and the like, a slip that a page shows, and why comparisons are not cleared"""


def test_the_units_that_the_guide_shows_are_read() -> None:
    page = (DOCS / "zh" / "adding.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^ *\| .*\| (`.*?) *\|$", page.partition("| 写的是 | 例 |")[2].partition("\n- ")[0], re.MULTILINE
    )
    shown = [text for row in rows for text in re.findall(r"`(\d[^`]*)`", row)]
    assert len(shown) > 8
    for text in shown:
        report = Reporter()
        assert parse_expression(Span(Source("adding.md", text), 0, len(text)), report), text


CHANGING = [ROOT / "README.md", DOCS / "adding.md", ROOT / "CONTRIBUTING.md"]
"""pages that tell which files to touch"""
_PATH = re.compile(
    r"`((?:engine|grammar|tests|docs|policies|bench|examples|\.ci)/[\w./-]*)`(?:, (?:definition )?`(\w+)`)?"
)


@pytest.mark.parametrize("page", CHANGING, ids=named)
def test_the_files_and_names_to_touch_exist(page: Path) -> None:
    """Every path in backticks is there, and so is a name beside it; `<…>` stands for what is new."""
    mentioned = _PATH.findall(page.read_text(encoding="utf-8"))
    assert mentioned
    wrong = []
    for path, name in mentioned:
        file = ROOT / path
        if not file.exists():
            wrong.append(path)
        elif name and not _holds(file, name):
            wrong.append(f"{path}: {name}")
    assert not wrong


def _holds(file: Path, name: str) -> bool:
    return _defines(file, name) if file.suffix == ".py" else name in file.read_text(encoding="utf-8")


def _defines(file: Path, name: str) -> bool:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=found) | ast.FunctionDef(name=found) if found == name:
                return True
            case ast.AnnAssign(target=ast.Name(id=found)) if found == name:
                return True
            case ast.Assign(targets=[ast.Name(id=found)]) if found == name:
                return True
            case _:
                pass
    return False


def test_a_name_that_is_nowhere_is_noticed() -> None:
    assert not _defines(ROOT / "engine" / "policy" / "build.py", "build_condition")
    assert _PATH.findall("2. `engine/policy/build.py`, `build_condition`: reads it.") == [
        ("engine/policy/build.py", "build_condition")
    ]


@pytest.mark.parametrize("page", ALL_PAGES, ids=named)
def test_every_code_that_is_named_exists(page: Path) -> None:
    """A word in backticks with a hyphen between small letters is a code, or one of the words that are not."""
    told = re.findall(r"`([a-z]+(?:-[a-z]+)+)`", page.read_text(encoding="utf-8"))
    assert not sorted(set(told) - set(CODES) - OTHER_WORDS)


@pytest.mark.parametrize("page", ALL_PAGES, ids=named)
def test_every_command_that_is_named_exists(page: Path) -> None:
    told = set(re.findall(r"(?:^|`|&& )doudi ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
    assert not told - set(COMMANDS)


@pytest.mark.parametrize("page", ALL_PAGES, ids=named)
def test_no_link_is_broken(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in _anchors(file)):
            broken.append(target)
    assert not broken


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
