"""What stands at a place of a file; on every beginning of what is shipped without a fault."""

from __future__ import annotations

import random
from pathlib import Path
from typing import get_args

import pytest

from engine.editing.recovering import recover
from engine.editing.spot import Role, at_path, spot_at
from engine.editing.structure import NOWHERE, schema_at
from engine.editing.workspace import Kind
from engine.source import Source
from engine.tree import Mapping
from tests.editing.shipped import FILES, ROOT, file_of, source_of, strict


def spots(text: str, kind: str = "policy") -> list[tuple[str, str]]:
    """Of every place marked the role and the path."""
    parts = text.split("▮")
    source = Source("f", "".join(parts))
    file, at = file_of(source, recover(source), kind), 0
    found: list[tuple[str, str]] = []
    for part in parts[:-1]:
        at += len(part)
        spot = spot_at(file, at)
        found.append((spot.role, ".".join(map(str, spot.path))))
    return found


def spot(text: str, kind: str = "policy") -> tuple[str, str]:
    (found,) = spots(text, kind)
    return found


def test_keys() -> None:
    assert spots("poli▮cy: x\ntit▮") == [("key", "policy"), ("key", "tit")]
    assert spots("facts:\n  ▮household▮:\n    a: {▮la▮bel: 甲, ▮}") == [
        ("key", "facts.household"), ("key", "facts.household"), ("key", "facts.household.a.label"),
        ("key", "facts.household.a.label"), ("key", "facts.household.a."),
    ]  # fmt: skip
    assert spot("facts:\n  household:\n    a: {label: 甲, un▮") == ("key", "facts.household.a.un")
    assert spot("facts:\n  household:\n    a: {label: 甲,▮") == ("key", "facts.household.a.")


def test_an_empty_line_is_what_its_depth_says() -> None:
    text = "terms:\n  a:\n    is: 1\n{}\nlocal: {{}}\n"
    assert spot(text.format("▮")) == ("key", "")
    assert spot(text.format("  ▮")) == ("key", "terms.")
    assert spot(text.format("    ▮")) == ("key", "terms.a.")
    assert spot("terms:\n  ▮") == ("key", "terms.")
    assert spot("terms:\n  a:\n    ▮\n  b:\n    is: 1") == ("key", "terms.a.")
    assert spot("assumptions:\n  - ▮") == ("key", "assumptions.0.")
    assert spot("assumptions:\n  - text: a\n    ▮") == ("key", "assumptions.0.")
    assert spot("▮") == ("key", "")


def test_a_word_where_a_map_is_to_stand_is_its_first_key() -> None:
    assert spot("facts:\n  hou▮") == ("key", "facts.hou")
    assert spot("assumptions:\n  - te▮") == ("key", "assumptions.0.te")


def test_values_and_expressions() -> None:
    assert spots("format: ▮1\ngrade:▮ ▮\n") == [("value", "format"), ("value", "grade"), ("value", "grade")]
    assert spot("terms:\n  a:\n    is: 甲 + ▮") == ("expression", "terms.a.is")
    assert spot("terms:\n  a:\n    is: |\n      甲 +\n      乙▮\n") == ("expression", "terms.a.is")
    assert spot("terms:\n  a: {is: ▮}") == ("expression", "terms.a.is")
    assert spot("terms:\n  a:\n    sum: {b: 甲▮}") == ("expression", "terms.a.sum.b")
    assert spot('terms:\n  a: {label: "甲 # ▮"}') == ("value", "terms.a.label")


def test_in_a_comment_nothing_is_written() -> None:
    assert spots("# a▮\na: b # c▮\nd: e#f▮\n") == [("none", ""), ("none", ""), ("value", "d")]
    assert spot("a: ▮", "table") == ("none", "")


def test_the_word_and_what_holds_it() -> None:
    source = Source("f", "terms:\n  a:\n    is: 家庭收入 + 1\n")
    file = file_of(source, recover(source))
    found = spot_at(file, source.text.index("收入"))
    assert (found.span.text, found.word) == ("家庭收入", "家庭")
    assert found.expression is not None
    key = spot_at(file, source.text.index("is"))
    assert key.holder is not None
    assert "when" not in key.around.keys
    assert {"label", "is", "of"} <= key.around.keys.keys()


def test_what_may_stand_somewhere() -> None:
    assert schema_at("policy", ("status",)).words == ("official", "draft", "illustrative")
    assert schema_at("policy", ("terms",)).own_keys
    assert schema_at("policy", ("terms", "a", "is")).expression
    assert "date" in schema_at("policy", ("from",)).refers
    assert schema_at("policy", ("facts", "household", "a")).keys["label"].title == "名称"
    assert schema_at("overlay", ("exempt", "all.assets", "when")).expression
    assert schema_at("cases", ("tests", "a", "expect", "outcome")).words
    assert schema_at("settings", ("severity", "value-stale")).words
    assert schema_at("policy", ("format", "a")) == NOWHERE
    assert schema_at("table", ()) == NOWHERE


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_key_of_what_is_shipped_is_known_to_its_schema(file: Path) -> None:
    tree = strict(file)
    assert isinstance(tree, Mapping)
    kind = next((name for name in get_args(Kind) if name in tree.entries[1][0].text), "settings")
    kind = kind if tree.get("format") is not None else "settings" if tree.get("cases") is None else "cases"
    for key, _ in tree.entries:
        assert key.text in schema_at(kind, ()).keys, kind


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_beginnings_of_what_is_shipped(file: Path) -> None:
    """At the end of a beginning, and somewhere in it; every one is tried by `bench/editing.py --prefixes`."""
    source, rng = source_of(file), random.Random(file.name)
    for end in rng.sample(range(len(source.text)), min(30, len(source.text))):
        begun = Source("f", source.text[:end])
        held = file_of(begun, recover(begun))
        for at in (end, rng.randrange(end + 1)):
            found = spot_at(held, at)
            assert found.role in get_args(Role)
            assert found.span.start <= found.offset <= found.span.end
            if found.node is not None:
                assert at_path(held.tree, found.path) is found.node
