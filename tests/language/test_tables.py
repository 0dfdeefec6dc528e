"""The parser's tables as the build makes them: plain data, of this grammar, or not used."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.language import parser
from engine.language.parser import make_lark, tables_module

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    make_lark.cache_clear()
    yield
    make_lark.cache_clear()


def kept() -> dict[str, Any]:
    """What the module holds: literals, so that loading it runs nothing."""
    held = {}
    for node in ast.parse(tables_module()).body[1:]:
        assert isinstance(node, ast.Assign)
        assert isinstance(node.targets[0], ast.Name)
        held[node.targets[0].id] = ast.literal_eval(node.value)
    return held


def test_the_module_names_no_place_of_the_machine_that_built_it() -> None:
    assert str(ROOT) not in tables_module()
    assert set(kept()) == {"KEY", "DATA", "MEMO"}


def test_a_parser_of_kept_tables_parses_as_one_that_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["1 < 2", "合计(a 对 b 其中 c 且 非 d)", "如果 a 那么 1 元/月 否则 min(b, 2 万元)", "x[county = 甲] * 60%"]
    trees = []
    for held in (SimpleNamespace(**kept()), None):
        monkeypatch.setattr(parser, "_kept_tables", lambda held=held: held)
        make_lark.cache_clear()
        trees.append([make_lark().parse(text) for text in texts])
    assert trees[0] == trees[1]


@pytest.mark.parametrize("wrong", [SimpleNamespace(KEY="of another grammar", DATA=None, MEMO=None), None])
def test_stale_or_absent_tables_are_not_used(wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "_kept_tables", lambda: wrong)
    assert make_lark().parse("1 < 2") is not None
