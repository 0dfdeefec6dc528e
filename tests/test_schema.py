"""The structure of policy files: every fault at its place, in our words, told once; and the schemas themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine import resources
from engine.diagnostics import Reporter, render
from engine.keeps import compiled
from engine.messages.structure import STRUCTURE
from engine.policy.yaml_nodes import read_tree
from engine.schema import check_structure
from engine.source import Source, Span
from engine.tree import Mapping, Scalar, Sequence, Tree, plain
from tests.growth import calls_in

CASES = sorted((Path(__file__).parent / "cases" / "structure").glob("*.yaml"))
PROVINCE = resources.policies_root() / "shanxi_2022_60.yaml"
KINDS = ("policy", "overlay", "hygiene", "mapping")
KEYWORDS = {
    "format",
    *("$schema", "$defs", "$ref", "title", "description", "examples"),
    *("type", "enum", "const", "pattern", "maxLength", "minimum", "minItems", "minProperties"),
    *("properties", "propertyNames", "additionalProperties", "required", "dependentRequired", "items"),
    *("oneOf", "anyOf", "allOf", "not", "if", "then", "else"),
}


def tree_of(text: str) -> Tree:
    report = Reporter()
    tree = read_tree(Source("case.yaml", text), report)
    assert tree is not None, [render(found) for found in report]
    return tree


def faults(tree: Tree, kind: str) -> Reporter:
    report = Reporter()
    check_structure(tree, kind, report)
    return report


def kind_of(text: str) -> str:
    return next((kind for kind in ("overlay", "cases") if f"\n{kind}: " in text), "policy")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_every_fault_of_a_case_is_told_once_and_at_its_place(case: Path) -> None:
    text = case.read_text(encoding="utf-8")
    body, _, listed = text.partition("# faults:\n")
    expected = [line.removeprefix("# ") for line in listed.splitlines()]
    found = []
    for fault in faults(tree_of(body), kind_of(body)):
        assert fault.span is not None
        found.append(f"{fault.span.line}:{fault.span.column} {fault.code}")
        for language in ("zh", "en"):
            assert "{" not in fault.message(language)
    assert found == expected


def test_the_cases_show_every_code() -> None:
    shown = {line.split()[-1] for case in CASES for line in case.read_text(encoding="utf-8").splitlines()}
    # `needs-mapping-file` has a test of its own; `other-key` is a note beside `only-one-of`
    assert set(STRUCTURE) - shown == {"needs-mapping-file", "other-key"}


@pytest.mark.parametrize("text", ["文字", "[1, 2]", "- a: 1"])
def test_a_file_that_is_no_mapping(text: str) -> None:
    for kind in KINDS:
        assert [found.code for found in faults(tree_of(text), kind)] == ["needs-mapping-file"]


def test_a_caret_stands_under_a_word_behind_chinese_text() -> None:
    text = CASES[0].read_text(encoding="utf-8")
    printed = [render(found) for found in faults(tree_of(text), kind_of(text))]
    assert any(
        "  20 |   terms: {net: {label: 净额, is: 1, effect: narower}}\n"
        "     |                                             ^^^^^^^\n"
        "  帮助: 是不是想写 `narrower`？" in fault
        for fault in printed
    ), "\n".join(printed)


def test_a_chinese_title_is_offered_as_the_key() -> None:
    text = PROVINCE.read_text(encoding="utf-8").replace("\n    cites: 二(一)\n", "\n    出处: 二(一)\n", 1)
    (found,) = faults(tree_of(text), "policy")
    assert dict(found.params)["suggestion"] == "cites"


def test_the_shipped_policies_are_well_formed() -> None:
    for file in sorted(resources.policies_root().rglob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        kind = "hygiene" if file.name == "hygiene.yaml" else kind_of(text)
        assert not [render(found) for found in faults(tree_of(text), kind)], file.name


def test_checking_the_provincial_file_takes_few_calls() -> None:
    """How the calls grow is in `test_growth.py`; this is how many there are for each text of the file."""
    tree = tree_of(PROVINCE.read_text(encoding="utf-8"))
    faults(tree, "policy")  # what is made once: the schema, its validator's classes
    each = calls_in(lambda: faults(tree, "policy")) / sum(isinstance(node, Scalar) for node in nodes(tree))
    assert each < 200, f"{each:.0f}; 127 when this was written"


def nodes(tree: Tree) -> Iterator[Tree]:
    yield tree
    match tree:
        case Mapping(entries=entries):
            for key, value in entries:
                yield key
                yield from nodes(value)
        case Sequence(items=items):
            for item in items:
                yield from nodes(item)


# ---- the schemas


def subschemas(node: object, *, names: bool = False) -> Iterator[dict[str, object]]:
    """Every schema inside a schema; the objects whose keys are names (`properties`, `$defs`) are passed through."""
    if isinstance(node, list):
        for value in node:
            yield from subschemas(value)
    elif isinstance(node, dict):
        if not names:
            yield node
        for key, value in node.items():
            if names or key not in ("enum", "const", "examples", "required", "dependentRequired"):
                yield from subschemas(value, names=not names and key in ("properties", "$defs"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_are_valid_and_keep_to_the_shapes_that_can_be_told(kind: str) -> None:
    schema = resources.schema(kind)
    Draft202012Validator.check_schema(schema)
    definitions = cast("dict[str, object]", schema["$defs"])
    for part in subschemas(schema):
        assert set(part) <= KEYWORDS, part
        assert part.get("format", "line") == "line", "the one format that the checker knows"
        if "$ref" in part:
            assert str(part["$ref"]).removeprefix("#/$defs/") in definitions
        if part.get("type") == "object":
            assert "additionalProperties" in part, part


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_chinese_title_and_description(kind: str) -> None:
    schema = resources.schema(kind)
    definitions = cast("dict[str, dict[str, object]]", schema["$defs"])
    for part in subschemas(schema):
        for key, value in cast("dict[str, dict[str, object]]", part.get("properties", {})).items():
            if value == {"not": {}}:
                continue
            shown = {**definitions.get(str(value.get("$ref", "")).removeprefix("#/$defs/"), {}), **value}
            for word in ("title", "description"):
                assert any("\u4e00" <= char <= "\u9fff" for char in str(shown.get(word, ""))), (key, word)


def test_the_schema_files_are_plain_json_with_chinese_unescaped() -> None:
    for kind in KINDS:
        text = resources.grammar_text(f"{kind}.schema.json")
        assert json.loads(text)
        assert "\\u" not in text


# ---- whatever is done to a file: jsonschema's verdict, and a place for every fault


SPAN = Span(Source("made.yaml", "made"), 0, 4)
WORDS = st.sampled_from(
    ["label", "lable", "unit", "元", "yes", "2022-11-10", "36 月", "", "true", "0", "when", "is", "x.y"]
)
SCALARS = WORDS.map(lambda text: Scalar(SPAN, text))


def mappings(values: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.dictionaries(WORDS, values, max_size=3).map(
        lambda entries: Mapping(SPAN, tuple((Scalar(SPAN, key), value) for key, value in entries.items()))
    )


TREES: st.SearchStrategy[Tree] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3).map(lambda items: Sequence(SPAN, tuple(items))) | mappings(inner),
    max_leaves=4,
)


@st.composite
def spoilt(draw: st.DrawFn, tree: Tree) -> Tree:
    """The tree with one thing changed somewhere below: a value replaced, an entry dropped, added or renamed."""
    inner: tuple[Tree, ...]
    match tree:
        case Mapping(entries=entries) if entries and draw(st.integers(0, 9)) > 0:
            at = draw(st.integers(0, len(entries) - 1))
            key, value = entries[at]
            keys = {name.text for name, _ in entries}
            fresh = draw(WORDS.filter(lambda word: word not in keys))
            match draw(st.sampled_from(["inside"] * 6 + ["drop", "rename", "add"])):
                case "drop":
                    changed: tuple[tuple[Scalar, Tree], ...] = ()
                case "rename":
                    changed = ((Scalar(key.span, fresh), value),)
                case "add":
                    changed = ((key, value), (Scalar(key.span, fresh), draw(TREES)))
                case _:
                    changed = ((key, draw(spoilt(value))),)
            return Mapping(tree.span, entries[:at] + changed + entries[at + 1 :], tree.flow)
        case Sequence(items=items) if items and draw(st.integers(0, 9)) > 0:
            at = draw(st.integers(0, len(items) - 1))
            inner = (draw(spoilt(items[at])),)
            return Sequence(tree.span, items[:at] + inner + items[at + 1 :], tree.flow)
        case _:
            return draw(TREES)


GOOD = [
    ("policy", tree_of(PROVINCE.read_text(encoding="utf-8"))),
    *(
        (kind, tree_of(text))
        for case in CASES
        for text in [case.read_text(encoding="utf-8")]
        for kind in [kind_of(text)]
    ),
]


@settings(max_examples=300)
@given(st.data())
def test_whatever_jsonschema_refuses_is_told_and_nothing_else(data: st.DataObject) -> None:
    kind, tree = data.draw(st.sampled_from(GOOD))
    for _ in range(data.draw(st.integers(1, 3))):
        tree = data.draw(spoilt(tree))
    found = list(faults(tree, kind))
    assert bool(found) is not Draft202012Validator(resources.schema(kind)).is_valid(plain(tree))
    for fault in found:
        assert render(fault, "zh")
        assert render(fault, "en")


def test_a_keyword_that_no_test_is_made_of_is_a_fault_of_the_program() -> None:
    with pytest.raises(NotImplementedError, match="maxItems"):
        compiled({"type": "array", "maxItems": 3}, {})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_yes_or_no_is_what_jsonschema_says(case: Path) -> None:
    body = case.read_text(encoding="utf-8").partition("# faults:\n")[0]
    schema = resources.schema(kind_of(body))
    definitions = cast("dict[str, object]", schema["$defs"])
    wholes = [schema]
    for name in definitions:
        wholes.append({"$defs": definitions, "$ref": f"#/$defs/{name}"})
    for part in _parts(plain(tree_of(body))):  # and of everything in it, which keeps to some definition or to none
        for whole in wholes:
            assert compiled(whole, {})(part) == Draft202012Validator(whole).is_valid(part)


def _parts(value: object) -> Iterator[object]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(inner)
