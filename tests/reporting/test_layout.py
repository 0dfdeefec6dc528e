"""Widths, breaks and columns of text that holds Chinese."""

from __future__ import annotations

from engine.reporting.layout import Page, columns, pad, pad_left, wrap
from engine.source import display_width


def test_padding_counts_display_columns() -> None:
    assert pad("标准", 6) == "标准  "
    assert pad_left("760.00", 8) == "  760.00"
    assert pad("标准", 2) == "标准"


def test_columns_are_no_wider_than_needed() -> None:
    lines = columns([["城市", "760.00"], ["农村人口", "5.00"]], right=frozenset({1}))
    assert lines == ["城市      760.00", "农村人口    5.00"]
    assert columns([]) == []


def test_lines_break_between_chinese_characters_but_not_before_a_closing_mark() -> None:
    lines = wrap("家庭人均收入低于当地低保标准，符合条件。", 14)
    assert all(display_width(line) <= 15 for line in lines)
    assert not any(line[0] in "，。" for line in lines)
    assert "".join(lines) == "家庭人均收入低于当地低保标准，符合条件。"


def test_an_opening_mark_does_not_end_a_line() -> None:
    lines = wrap("一二三四五（六七", 12)
    assert lines == ["一二三四五", "（六七"]


def test_amounts_paths_and_addresses_stay_whole() -> None:
    lines = wrap("来源 https://example.org/a/b?c=1 和 members[0].medical_gross", 20, 0, 2)
    assert any("https://example.org/a/b?c=1" in line for line in lines)
    assert any("members[0].medical_gross" in line for line in lines)


def test_hanging_lines_stand_where_they_are_told() -> None:
    lines = Page(width=48).paragraph("字" * 60, indent=2, hanging=6)
    assert lines[0].startswith("  字")
    assert all(line.startswith("      字") for line in lines[1:])


def test_tones_are_colours_only_where_colour_is_wanted() -> None:
    assert Page().tone("good", "符合") == "符合"
    assert Page(colour=True).tone("good", "符合") == "\x1b[32m符合\x1b[0m"
    assert Page(colour=True).tone("good", "") == ""


def test_a_label_of_several_lines_begins_no_line_of_its_own() -> None:
    assert wrap("甲\n✓  符合", 40) == ["甲⟨U+000A⟩✓  符合"]
