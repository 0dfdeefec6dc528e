"""Differences in text and in what is said."""

from __future__ import annotations

from difflib import ndiff, restore

from hypothesis import given
from hypothesis import strategies as st

from engine.serving.difference import counted, hunks
from engine.serving.drafts.meaning import Said, said

LINES = st.lists(st.sampled_from("abc"), max_size=12)


@given(LINES, LINES)
def test_what_differs_says_how_to_get_from_one_to_the_other(old: list[str], new: list[str]) -> None:
    told = hunks("\n".join(old), "\n".join(new))
    rows = [row for hunk in told for row in hunk.lines]
    gone = {row.old_line for row in rows if row.kind == "removed"}
    come = {row.new_line: row.new for row in rows if row.kind == "added"}
    kept = iter(line for at, line in enumerate(old, 1) if at not in gone)
    made = [come[at] if at in come else next(kept) for at in range(1, len(new) + 1)]
    assert made == new
    assert counted("\n".join(old), "\n".join(new)) == (len(come), len(gone))
    assert list(restore(ndiff(old, new), 2)) == made


def test_a_few_lines_around_are_shown() -> None:
    old = "\n".join(map(str, range(100)))
    (one, other) = hunks(old, old.replace("\n20\n", "\n二十\n").replace("\n60\n", "\n"))
    assert [row.kind for row in one.rows] == ["same"] * 3 + ["changed"] + ["same"] * 3
    assert (one.rows[0].new_line, [row.kind for row in other.rows][3]) == (18, "removed")
    assert hunks(old, old) == []


def test_what_is_said_is_told_by_element() -> None:
    old = (
        "title: 甲 # 旧\nset:\n  limit:\n    - {from: 2023-01-01, value: 660}\n    - {from: 2024-01-01, value: 680}\n"
        "add: {label: 无, is: a}\n"
    )
    new = (
        "set:\n  limit:\n    - {value: 665, from: 2023-01-01}\n    - {from: 2025-01-01, value: 700}\n"
        "title: '甲'\nmore: {label: 新, is: b}\n"
    )
    assert said(old, new, "a.yaml") == [
        Said("changed", "set.limit[2023-01-01].value", "甲", "660", "665"),
        Said("added", "set.limit[2025-01-01].from", "甲", "", "2025-01-01"),
        Said("added", "set.limit[2025-01-01].value", "甲", "", "700"),
        Said("removed", "set.limit[2024-01-01].from", "甲", "2024-01-01", ""),
        Said("removed", "set.limit[2024-01-01].value", "甲", "680", ""),
        Said("added", "more.label", "新", "", "新"),
        Said("added", "more.is", "新", "", "b"),
        Said("removed", "add.label", "无", "无", ""),
        Said("removed", "add.is", "无", "a", ""),
    ]
    assert said(old, old + "# 只加了说明\n", "a.yaml") == []
    assert said(old, "a: [", "a.yaml") is None
    assert said("", "a: 1\n", "a.yaml") == [Said("added", "a", "", "", "1")]


def test_a_table_is_told_by_cell() -> None:
    old, new = "区划,标准\n01,660\n02,670\n", "区划,标准,备注\n01,665,x\n03,680,\n"
    assert said(old, new, "a.csv") == [
        Said("added", "备注", "", "", ""),
        Said("changed", "01 标准", "", "660", "665"),
        Said("added", "03", "", "", "03 680 "),
        Said("removed", "02", "", "02 670", ""),
    ]
    assert said("a,b\n1,2\n1,3\n", old, "a.csv") is None
