"""Our own suite passes, and goes red when any one condition, change of an overlay, or case file is deleted."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from engine.api import open_policies
from engine.diagnostics import Reporter, Severity, render
from engine.policy.yaml_nodes import read_tree
from engine.source import Source, Span
from engine.testing.model import Suite
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import finish, run
from engine.testing.tried import report_untried
from engine.tree import Mapping, Sequence, Tree
from tests.testing.ours import ours, read
from tests.testing.trying import SHIPPED

PROVINCE = "shanxi_2022_60.yaml"
CITIES = sorted(file.name for file in (SHIPPED / "cities").glob("*.yaml"))


def tree_of(file: Path) -> Mapping:
    tree = read_tree(Source(file.name, file.read_text(encoding="utf-8")), Reporter())
    assert isinstance(tree, Mapping)
    return tree


def inside(tree: Tree | None, *path: str) -> Mapping:
    for key in path:
        assert isinstance(tree, Mapping)
        tree = tree.get(key)
    assert isinstance(tree, Mapping)
    return tree


def conditions() -> list[tuple[str, Span]]:
    """Each condition of the province, with all that it says."""
    return [
        (f"{cause.text}.{condition.text}", condition.span.to(value.span))
        for cause, declared in inside(tree_of(SHIPPED / PROVINCE), "causes").entries
        for condition, value in inside(declared, "conditions").entries
    ]


def changes() -> list[tuple[str, Span]]:
    """Each change of each city: a block of values, or whatever else stands under an operation."""
    found = []
    for name in CITIES:
        tree = tree_of(SHIPPED / "cities" / name)
        for operation in ("set", "add", "exempt", "replace"):
            entries = inside(tree, operation).entries if tree.get(operation) is not None else ()
            for key, value in entries:
                blocks = value.items if isinstance(value, Sequence) else ()
                for place, block in enumerate(blocks):
                    found.append((f"{name} {operation}.{key.text}[{place}]", block.span))
                if not blocks:
                    found.append((f"{name} {operation}.{key.text}", key.span.to(value.span)))
    return found


def without_lines(span: Span) -> str:
    """The file without the lines of the stretch."""
    lines = span.source.text.split("\n")
    # a block reaches to the next word in the file
    last = span.source.position(span.start + len(span.text.rstrip()) - 1)[0]
    return "\n".join(lines[: span.line - 1] + lines[last:])


def copied(folder: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, folder / "policies"))


def test_our_own_suite_passes() -> None:
    suite, results = ours().suite, ours().results
    found = finish(suite, results, ours().policies.slices, Reporter(), whole=True)
    assert found.passed, [render(one) for one in found.diagnostics] + [result.run.name for result in found.failed]
    assert len(suite.cases) >= 300
    targets = {result.run.target for result in results}
    assert targets == set(ours().policies.ids)


def test_every_case_says_why_by_an_article() -> None:
    """What is refused for its form stands on no article."""
    article = re.compile(r"[一二三](\([一二三四]\)[0-9]*)?[：、 ]|办法第|通知 ")
    decided = [case for case in ours().suite.cases if all(one.kind != "refused" for one in case.expect)]
    assert not [case.id for case in decided if not article.search(case.why)]


@pytest.mark.parametrize(("name", "span"), conditions(), ids=[name for name, _ in conditions()])
def test_red_without_a_condition(name: str, span: Span, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    (folder / PROVINCE).write_text(without_lines(span), encoding="utf-8")
    policies = open_policies(folder)
    suite = read_suite([folder], policies.slices)
    codes = {one.code for one in suite.diagnostics if one.severity is Severity.ERROR}
    assert codes & {"case-unknown-condition", "case-policy-broken"}, name


@pytest.mark.parametrize(("name", "span"), changes(), ids=[name for name, _ in changes()])
def test_red_without_a_change(name: str, span: Span, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    file = name.split()[0]
    text = without_lines(span)
    if "dibao_standard:" in text and "    - " not in text:
        text = text.replace("  dibao_standard:\n", "").replace("set:\n", "")
    (folder / "cities" / file).write_text(text, encoding="utf-8")
    policies = open_policies(folder)
    own = [folder / "cases" / "cities" / file]
    suite = read_suite(own, policies.slices)
    assert not suite.diagnostics, [render(one) for one in suite.diagnostics]
    results = list(run(suite, policies, Selection(), Reporter()))
    assert [result.run.name for result in results if not result.passed], name


@pytest.mark.parametrize("file", [file.source.name for file in read()[1].files])
def test_red_without_a_case_file(file: str) -> None:
    files = tuple(one for one in ours().suite.files if one.source.name != file)
    gone = {id(case) for one in ours().suite.files if one.source.name == file for case in one.cases}
    results = [result for result in ours().results if id(result.case) not in gone]
    report = Reporter()
    report_untried(Suite(files, ()), results, ours().policies.library, report)
    assert report.has_errors
