"""Text to tree, tree to text, and what is said of text that is no expression. Cases are in parsing.yaml."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.diagnostics import Reporter, render
from engine.language import ast
from engine.language.parser import MAX_CHAIN, MAX_CHARACTERS, MAX_NESTING, parse_expression
from engine.language.printer import print_expression
from engine.language.references import walk
from engine.source import Source, Span
from tests.language.sample import span_of

CASES: dict[str, Any] = yaml.load((Path(__file__).parent / "parsing.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)


def parse(text: str) -> ast.Expression:
    report = Reporter()
    found = parse_expression(span_of(text), report)
    assert found is not None, "\n".join(render(each) for each in report)
    return found


@pytest.mark.parametrize("case", CASES["prints"], ids=lambda case: case["text"])
def test_prints_in_both_languages_and_parses_back(case: dict[str, str]) -> None:
    tree = parse(case["text"])
    assert print_expression(tree, "en") == case["en"]
    assert print_expression(tree, "zh") == case["zh"]
    assert parse(case["en"]) == parse(case["zh"]) == tree


@pytest.mark.parametrize("case", CASES["faults"], ids=lambda case: case["text"])
def test_tells_one_fault_at_its_place(case: dict[str, Any]) -> None:
    text = case["text"]
    report = Reporter()
    assert parse_expression(span_of(text), report) is None
    (found,) = report
    told = render(found)
    assert found.code == case["code"], told
    if "at" in case:
        assert found.span is not None
        assert found.span.text == case["at"], told
        assert text[: found.span.start].count(case["at"]) == int(case.get("occurrence", 1)) - 1 or not case["at"]
    if "suggestion" in case:
        assert dict(found.params)["suggestion"] == case["suggestion"], told
    for language in ("zh", "en"):
        assert found.message(language)


@pytest.mark.parametrize("text", [case["text"] for case in CASES["faults"]])
def test_never_speaks_in_terminal_names(text: str) -> None:
    report = Reporter()
    parse_expression(span_of(text), report)
    for found in report:
        said = found.message("en") + " ".join(found.help_lines("en"))
        for terminal in ("LPAR", "RPAR", "NAME", "NUMBER", "$END", "__ANON", "Token("):
            assert terminal not in said


def test_spans_are_file_offsets_and_reparse_to_their_node() -> None:
    text = "when: （甲 - 乙） / max(丙, 3 人) 低于 合计(丁 对 戊 其中 己 且 非 庚)  "
    source = Source("file.yaml", text)
    report = Reporter()
    tree = parse_expression(Span(source, 5, len(text)), report)
    assert tree is not None
    assert tree.span.start == 6
    for node in walk(tree):
        assert parse(node.span.text) == node
    comparison = tree
    assert isinstance(comparison, ast.Comparison)
    assert comparison.operator_span.text == "低于"
    assert comparison.left.span.text == "（甲 - 乙） / max(丙, 3 人)"


def test_a_fault_in_a_later_line_is_placed_there() -> None:
    source = Source("file.yaml", "when: |\n  甲 且\n  乙 丙\n")
    report = Reporter()
    assert parse_expression(Span(source, 10, 20), report) is None
    (found,) = report
    assert found.span is not None
    assert (found.span.line, found.span.column) == (3, 5)
    assert "^^" in render(found)


def test_names_are_shown_by_another_name() -> None:
    tree = parse("sum(cost for members) < household.limit")
    shown = print_expression(tree, "zh", {"cost": "费用", "members": "家庭成员", "limit": "限额"})
    assert shown == "合计(费用 对 家庭成员) 低于 household.限额"


DEEP = {
    "brackets": "(" * 2000 + "a" + ")" * 2000,
    "open brackets": "(" * MAX_CHARACTERS,
    "nots": "not " * 1000 + "a",
    "minuses": "-" * 4000 + "1",
    "ifs": "if a then b else " * 200 + "c",
    "nested ifs": "if " * 130 + "a" + " then b else c" * 130,
    "calls": "max(a, " * 500 + "b" + ")" * 500,
    "brackets within sums": "a + (" * 600 + "b" + ")" * 600,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_depth_is_a_typed_fault(text: str) -> None:
    report = Reporter()
    assert parse_expression(span_of(text), report) is None
    (found,) = report
    assert found.code in ("expression-too-deep", "missing-bracket", "unexpected-end")


@pytest.mark.parametrize("joiner", [" + ", " * ", " or ", " and ", " - "])
def test_long_chains(joiner: str) -> None:
    longest = joiner.join(["a"] * MAX_CHAIN)
    tree = parse(longest)
    assert tree == parse(print_expression(tree, "zh"))
    assert hash(tree) == hash(parse(longest))
    assert repr(tree)
    report = Reporter()
    assert parse_expression(span_of(longest + joiner + "a"), report) is None
    assert [found.code for found in report] == ["chain-too-long"]


@pytest.mark.parametrize("deepest", ["(" * MAX_NESTING + "a" + ")" * MAX_NESTING, "not " * (MAX_NESTING - 1) + "a"])
def test_what_is_just_allowed(deepest: str) -> None:
    tree = parse(deepest)
    assert parse(print_expression(tree, "en")) == tree


def test_too_many_characters() -> None:
    report = Reporter()
    assert parse_expression(span_of("a" * (MAX_CHARACTERS + 1)), report) is None
    assert [found.code for found in report] == ["expression-too-long"]


def test_every_bad_literal_is_told() -> None:
    report = Reporter()
    assert parse_expression(span_of("2022-13-01 < 2022-1-1 or 0.1234567 = 1"), report) is None
    assert [found.code for found in report] == ["bad-date", "bad-date", "number-too-long"]


def test_lark_is_loaded_only_when_something_is_parsed() -> None:
    script = "import sys, engine.language.elaborate, engine.language.parser; print('lark' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
