"""One entry put into a document: where it goes, what stays, and that it reads back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diagnostics import Reporter
from engine.policy.yaml_nodes import read_tree
from engine.tree import Mapping
from engine.writing.entries import Value, put_entry
from engine.writing.refused import Refused
from engine.writing.text_file import TextFile

DEMO = (Path(__file__).parents[2] / "examples" / "overlay" / "demo_city.yaml").read_text(encoding="utf-8")
PATH = ("add", "conditions", "all.x")
VALUES = (Value("label", "甲"), Value("when", "乙 > 1", "expression"), Value("effect", "narrower", "plain"))
LINES = "all.x:\n      label: 甲\n      when: 乙 > 1\n      effect: narrower"


def put(text: str, path: tuple[str, ...] = PATH, values: tuple[Value, ...] = VALUES) -> str:
    file = TextFile("a.yaml", text)
    tree = read_tree(file.source, Reporter())
    assert isinstance(tree, Mapping)
    return put_entry(file, tree, path, values).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n", f"a: 1\n\nadd:\n  conditions:\n    {LINES}\n"),
        ("a: 1\nadd:\n", f"a: 1\nadd:\n  conditions:\n    {LINES}\n"),
        ("add:\n  conditions: {}  # 还没有\nb: 1\n", f"add:\n  conditions:\n    {LINES}  # 还没有\nb: 1\n"),
        (
            "add:\n  conditions:  # 说明\n  # 下面\nb: 1\n",
            f"add:\n  conditions:  # 说明\n    {LINES}\n  # 下面\nb: 1\n",
        ),
        (
            "add:\n  conditions:\n    all.y: {when: 丙}  # 说明\n\n  # 别的\nb: 1",
            f"add:\n  conditions:\n    all.y: {{when: 丙}}  # 说明\n    {LINES}\n\n  # 别的\nb: 1",
        ),
        (
            "add:\n  conditions:\n    all.x:\n      when: 乙 > 1  # 说明\n      # 还有\n      label: 老\n",
            "add:\n  conditions:\n    all.x:\n      when: 乙 > 1  # 说明\n      effect: narrower\n      # 还有\n"
            "      label: 甲\n",
        ),
        (
            "add: {conditions: {all.x: {label: '老', when: 乙}}}\n",
            "add: {conditions: {all.x: {label: 甲, when: 乙 > 1, effect: narrower}}}\n",
        ),
        (
            "add:\n  conditions:\n    all.x:\n      label: 甲\n"
            "      when: |  # 说明\n        乙\n        且 丙\n      effect: any\n",
            "add:\n  conditions:\n    all.x:\n      label: 甲\n      when: 乙 > 1\n      effect: narrower\n",
        ),
    ],
)
def test_an_entry_goes_where_it_belongs_and_all_else_stays(text: str, expected: str) -> None:
    made = put(text)
    assert made.replace("  # 还没有", "") == expected.replace("  # 还没有", "")


def test_a_key_is_taken_away_with_its_line() -> None:
    path = ("add", "requirements", "running_business")
    made = put(DEMO, path, (Value("until", ""), Value("from", "2026-01-01", "plain")))
    gone = set(DEMO.split("\n")) - set(made.split("\n"))
    assert gone == {"      until: 2025-12-31"}
    assert put(made, path, (Value("from", ""), Value("until", "2025-12-31", "plain"))) == DEMO


def test_an_entry_is_changed_in_its_words_alone() -> None:
    made = put(DEMO, ("add", "conditions", "all.luxury_study"), (Value("cites", "示例 第九条"),))
    assert [(a, b) for a, b in zip(DEMO.split("\n"), made.split("\n"), strict=True) if a != b] == [
        ("      cites: 示例 第六条", "      cites: 示例 第九条")
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("add: {conditions: {all.y: {when: 丙}}}\n", PATH),
        ("add:\n  conditions: [1]\n", PATH),
        ("add:\n  conditions:\n    all.x: 乙\n", PATH),
        ("add:\n  conditions:\n    all.x: {label: {a: 1}}\n", PATH),
    ],
)
def test_what_has_no_place_for_it_is_left_alone(text: str, path: tuple[str, ...]) -> None:
    with pytest.raises(Refused):
        put(text, path)


texts = st.text(alphabet="甲乙二(一):#[]{},'\"\\-&*!|>%@` \t\nyesno1.=<?“”", max_size=12)


@settings(max_examples=200)
@given(texts, texts, st.sampled_from(("a: 1\n", "add:\n  conditions:\n    all.x: {label: 老, when: 乙}\n", DEMO)))
def test_whatever_is_written_reads_back_or_is_refused(label: str, when: str, text: str) -> None:
    values = (Value("label", label), Value("when", when, "expression"), Value("cites", "第一条"))
    try:
        made = put(text, PATH, values)
    except Refused:
        return
    tree = read_tree(TextFile("a.yaml", made).source, Reporter())
    assert isinstance(tree, Mapping)
    assert put(made, PATH, values) == made
