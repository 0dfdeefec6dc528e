"""The reader of broken texts: of sound ones it makes what the strict reader does, of a beginning what is complete."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnostics import Reporter
from engine.editing.recovering import recover
from engine.policy.yaml_nodes import MAX_DEPTH, read_tree
from engine.source import Source
from engine.tree import Mapping, Scalar, Sequence, Tree
from tests.editing.shipped import FILES, ROOT, leaves, outline, source_of, strict
from tests.fuzz.mutations import spoil_tokens
from tests.policy.test_yaml_forms import said

FORMS: list[dict[str, Any]] = yaml.load(
    (ROOT / "tests" / "cases" / "yaml_forms.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)["read"]


def read(text: str) -> object:
    return said(recover(Source("f", text)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_sound_file_gives_the_very_tree_of_the_strict_reader(file: Path) -> None:
    assert outline(recover(source_of(file))) == outline(strict(file))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["text"])
def test_every_form_that_is_read(form: dict[str, Any]) -> None:
    source = Source("f", form["text"])
    tree = read_tree(source, Reporter())
    assert tree is not None
    assert outline(recover(source)) == outline(tree)


TEXTS = st.text("ab:,[]{}\"'|>-# \n中：，", max_size=40)
PIECES = ("a: ", "b", "\n", "  ", "- ", "{", "}", ", ", "|\n", "'x'", '"y"', "#")


@given(TEXTS | st.lists(st.sampled_from(PIECES)).map("".join))
@settings(max_examples=300)
def test_whatever_the_strict_reader_finds_sound_is_read_as_it_reads_it(text: str) -> None:
    source, report = Source("f", text), Reporter()
    tree = read_tree(source, report)
    found = recover(source)
    if tree is not None and not list(report) and isinstance(tree, Mapping):
        assert outline(found) == outline(tree)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_what_is_complete_in_a_beginning_stands_as_it_did(file: Path) -> None:
    """Of a long file a sample of its beginnings; every one of them is tried by `bench/editing.py --prefixes`."""
    source = source_of(file)
    whole = leaves(strict(file))
    size = len(source.text)
    ends = range(size) if size < 1_000 else sorted(random.Random(file.name).sample(range(size), 25))
    for end in ends:
        found = leaves(recover(Source("f", source.text[:end])))
        for path, leaf in whole.items():
            if leaf.span.end < end:
                assert path in found, (end, path)
                other = found[path]
                assert (leaf, leaf.span.start, leaf.span.end) == (other, other.span.start, other.span.end), (end, path)


def test_slips_are_read_as_they_were_meant() -> None:
    assert read("label： 甲\nunit：元\nwhen:乙") == {"label": "甲", "unit": "元", "when": "乙"}
    assert read("a: {label: 甲，unit: 元}") == {"a": {"label": "甲", "unit": "元"}}
    assert read("a: {label: 甲 unit: 元}") == {"a": {"label": "甲", "unit": "元"}}
    assert read("a: {label：甲, unit: 元}") == {"a": {"label": "甲", "unit": "元"}}
    assert read("a: {label: 甲\n  unit: 元}") == {"a": {"label": "甲", "unit": "元"}}
    assert read("label: “甲”") == {"label": "甲"}
    assert read("a:\n\u3000b: c\n  d: e") == {"a": {"b": "c", "d": "e"}}
    assert read("a:\n\tb: c") == {"a": {"b": "c"}}


def test_what_is_not_closed_ends_with_its_line() -> None:
    assert read('a: "b\nc: d') == {"a": "b", "c": "d"}
    assert read("a: {b: c, d: \ne: f") == {"a": {"b": "c", "d": ""}, "e": "f"}
    assert read("x:\n  a: [b, {c: d\n  e: f") == {"x": {"a": ["b", {"c": "d"}], "e": "f"}}
    assert read("a: [b}, c]\nd: e") == {"a": ["b", "c"], "d": "e"}


def test_a_word_alone_is_a_key_to_be() -> None:
    assert read("a: b\nlab\nc: d") == {"a": "b", "lab": "", "c": "d"}
    assert read("a:\n  b: c\n  lab\n  d: e\nf: g") == {"a": {"b": "c", "lab": "", "d": "e"}, "f": "g"}
    assert read("a:\n  - b: c\n    lab") == {"a": [{"b": "c", "lab": ""}]}


def test_a_line_at_an_odd_depth_belongs_to_what_is_nearest() -> None:
    assert read("a:\n  b: c\n   d: e\nf: g") == {"a": {"b": "c", "d": "e"}, "f": "g"}
    assert read("a:\n    b: c\n  d: e\nf: g") == {"a": {"b": "c", "d": "e"}, "f": "g"}
    assert read("  a: b\nc: d") == {"a": "b", "c": "d"}


def test_nothing_is_a_map_without_entries() -> None:
    assert [read(text) for text in ("", "\n", "# a", "---\n")] == [{}] * 4


MANY = 9_999
LONG = [
    "[" * MANY, "{a: " * MANY, "- " * MANY, "a: b\n" * MANY, "a:\n" + "  - b\n c\n" * 3_000, '"' * MANY,
    "a: '" + "\n " * MANY, "a: |\n" + " \n" * MANY, "a: b\n" + " \n" * MANY, "(" * MANY + ":",
    "{a: b c" * 3_000, "a: " + " " * MANY + "\n", "：" * MANY, 'a: "' + " " * MANY + '\n b"', "[" + "b\n" * MANY,
    "".join(" " * at + "a:\n" for at in range(300)),
]  # fmt: skip


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_it_is_gone_through_once(text: str) -> None:
    begin = process_time()
    tree = recover(Source("f", text))
    assert process_time() - begin < 1.5
    assert depth(tree) <= MAX_DEPTH + 1


def depth(tree: Tree) -> int:
    match tree:
        case Scalar():
            return 0
        case Sequence(items=items):
            return 1 + max(map(depth, items), default=0)
        case Mapping(entries=entries):
            return 1 + max((depth(value) for _, value in entries), default=0)


def test_spoilt_files_are_read() -> None:
    rng = random.Random(11)
    texts = [file.read_text(encoding="utf-8") for file in FILES]
    for _ in range(60):
        text = rng.choice(texts)
        for _ in range(rng.randrange(1, 6)):
            text = spoil_tokens(rng, text)
        assert depth(recover(Source("f", text))) <= MAX_DEPTH + 1


def test_blocks_that_are_blank_or_end_in_blanks() -> None:
    """Every text of a few lines below an indicator, lines of a tab alone among them: none ends the strict reader."""
    for head in ("a: |", "a: >-", "- |+\n", "a:\n  b: >"):
        for size in range(5):
            for tail in product(["\n", " ", "b: 1", "  x", "\t"], repeat=size):
                source, report = Source("f", head + "\n" + "".join(tail)), Reporter()
                tree = read_tree(source, report)
                if tree is not None and not list(report):
                    assert outline(recover(source)) == outline(tree), source.text
