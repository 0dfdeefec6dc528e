"""A report as lines of a terminal.

In: a `Report` or parts of it, and a `Page`.  Out: lines. What is below a statement stands below its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import assert_never

from engine.escaping import Shown, joined
from engine.reporting.layout import Page, columns, pad
from engine.reporting.report import NO_SIGN, Block, Report, Said, Section, Sign, Table
from engine.reporting.words import Words
from engine.source import display_width

_SIGN = 3  # columns that a sign and the space after it take
_STEP = 2
_FEW = 3
"""so many rows stand one below the other"""


def report_lines(report: Report, words: Words, page: Page) -> Iterator[str]:
    yield verdict_line(report.verdict, page)
    yield from block_lines([*report.because, *report.under], page, _SIGN)
    yield from section_lines(report.sections, words, page)


def verdict_line(verdict: Said, page: Page) -> Shown:
    return joined(_sign(verdict.sign, page), page.tone("strong", verdict.text))


def section_lines(sections: Iterable[Section], words: Words, page: Page) -> Iterator[str]:
    for one in sections:
        if one.in_a_row:
            yield from _row_of_words(one, words, page)
        elif one.title:
            yield from page.section(one.title, block_lines(one.blocks, page, _STEP))
        else:
            yield from ("", *block_lines(one.blocks, page, 0))


def block_lines(blocks: Iterable[Block], page: Page, indent: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Said():
                yield from _said(block, page, indent)
            case Table():
                yield from _table(block, page, indent)
            case _:
                assert_never(block)


def _said(said: Said, page: Page, indent: int) -> Iterator[str]:
    text = f"· {said.text}" if said.item else said.text
    if said.tells_at and said.at is not None:
        text += f"  ‹{said.at.line_place}›"
    hanging = _STEP if said.hangs or said.item else 0
    if said.sign is None or said.sign is NO_SIGN:
        indent += _SIGN if said.sign else 0
        yield from page.paragraph(text, indent=indent, hanging=indent + hanging, tone=said.tone)
        yield from block_lines(said.below, page, indent + _STEP)
        return
    indent += _SIGN
    first, *others = page.paragraph(text, indent=indent, hanging=indent + hanging)
    words = first[indent:]
    yield joined(" " * (indent - _SIGN), _sign(said.sign, page), page.tone(said.tone, words) if said.tone else words)
    yield from others
    yield from block_lines(said.below, page, indent)


def _sign(sign: Sign | None, page: Page) -> Shown:
    return joined("" if sign is None else joined(page.tone(sign.tone, pad(sign.text, 2)), " "))


def _table(table: Table, page: Page, indent: int) -> Iterator[str]:
    """One row below the other, or in two columns where the page has room for them."""
    lines = columns([row.cells for row in table.rows], right=table.right)
    if table.may_pair and len(lines) > _FEW:
        half = (len(lines) + 1) // 2
        pairs = zip_longest(lines[:half], lines[half:], fillvalue="")
        paired = columns([[left, right] for left, right in pairs], gap=4)
        if all(display_width(line) + indent <= page.width for line in paired):
            yield from (f"{' ' * indent}{line}" for line in paired)
            return
    signs = [_sign(row.sign, page) for row in table.rows]
    yield from (joined(" " * indent, sign, line) for sign, line in zip(signs, lines, strict=True))


def _row_of_words(one: Section, words: Words, page: Page) -> Iterator[str]:
    text = words.said_of(one.title, words.series([said.text for said in one.blocks if isinstance(said, Said)]))
    first, *rest = page.paragraph(text, hanging=_STEP)
    yield ""
    yield joined(page.tone("strong", one.title), first[len(one.title) :])
    yield from rest
