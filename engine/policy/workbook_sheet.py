"""What the XML of an Excel workbook says that python-calamine does not tell.

In: the parts of a workbook.  Out: for each sheet that is shown a `Looked`: failed formulas, percentages, what is struck
out or shown as another number, hidden rows and columns that hold something. A cell too far out or given twice is
refused before anything is filled. Imports csv_table, marked and the other `workbook_` modules.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import field
from decimal import Decimal
from typing import TypeAlias

from engine.policy.csv_table import MAX_COLUMNS, past_limit
from engine.policy.marked import Mark
from engine.policy.workbook_styles import GENERAL, Runs, Styles, read_styles
from engine.policy.workbook_xml import Attributes, Damaged, TooLarge, elements, is_on, parse, plain_tag
from engine.records import dataclass

At: TypeAlias = tuple[int, int]

_MOST_COLUMN_PARTS = 16_384
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Looked:
    """Attributes:
    special: the texts of failed formulas and of formulas without their result (`=…`), by place.
    percent: where a number is shown as a percentage.
    marks: what is struck out, or may be shown as another number.
    hidden_rows, hidden_columns: those that hold something, each with its first place that does.
    """

    special: dict[At, str] = field(default_factory=dict)
    percent: set[At] = field(default_factory=set)
    marks: dict[At, Mark] = field(default_factory=dict)
    hidden_rows: dict[int, At] = field(default_factory=dict)
    hidden_columns: dict[int, At] = field(default_factory=dict)


def looked_through(parts: dict[str, bytes]) -> tuple[dict[str, Looked], tuple[str, ...]]:
    """By the title of the sheet; and the titles of those that are hidden, which are not looked at."""
    targets = {
        one["Id"]: posixpath.normpath(posixpath.join("/xl", one["Target"])).lstrip("/")
        for tag, one in elements(parts["xl/_rels/workbook.xml.rels"])
        if tag == "Relationship"
    }
    styles = read_styles(parts)
    found: dict[str, Looked] = {}
    hidden = []
    for tag, one in elements(parts["xl/workbook.xml"]):
        if tag == "sheet" and one.get("state", "visible") == "visible":
            target = next(targets[value] for key, value in one.items() if plain_tag(key) == "id")
            found[one["name"]] = _SheetReader(one["name"], styles).read(parts[target])
        elif tag == "sheet":
            hidden.append(one["name"])
    return found, tuple(hidden)


class _SheetReader:
    """Looks through the XML of one sheet. `row` and `column` count from 0."""

    def __init__(self, title: str, styles: Styles) -> None:
        self._title = title
        self._styles = styles
        self._looked = Looked()
        self._hidden_columns: set[int] = set()
        self._column_parts = 0
        self._row_is_hidden = False
        self._rows = self._columns = 0
        self._row = self._column = -1
        self._count = 0
        self._filled: dict[int, int] = {}
        self._columns_filled: set[int] = set()
        self._cell: Attributes = {}
        self._texts: dict[str, list[str]] = {}
        self._runs: Runs | None = None
        self._inside = ""

    def read(self, part: bytes) -> Looked:
        parse(part, self._start, self._end, self._text)
        return self._looked

    def _start(self, tag: str, attributes: Attributes) -> None:
        tag = plain_tag(tag)
        if tag == "c":
            self._cell, self._texts, self._runs = attributes, {}, None
            row, self._column = _place(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
            if self._count and row != self._row:
                raise Damaged("cell-twice", f"{self._title}!{attributes['r']}")
            self._row = row
        elif tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 2)) - 1, -1
            self._row_is_hidden = _is_hidden(attributes, attributes.get("ht"))
            self._count += 1
            self._columns_filled.clear()
        elif tag in ("v", "f", "t"):
            self._inside = tag
            self._texts.setdefault(tag, [])
        elif tag == "col" and not self._count:
            self._take_columns(attributes)
        elif tag == "is":
            self._runs = Runs()
        elif self._runs is not None:
            self._runs.start(tag, attributes)

    def _take_columns(self, attributes: Attributes) -> None:
        self._column_parts += 1
        if self._column_parts > _MOST_COLUMN_PARTS:
            raise Damaged("damaged")
        if _is_hidden(attributes, attributes.get("width")):
            last = min(int(attributes["max"]), MAX_COLUMNS)
            self._hidden_columns.update(range(int(attributes["min"]) - 1, last))

    def _text(self, text: str) -> None:
        if self._inside:
            self._texts[self._inside].append(text)
            if self._runs is not None:
                self._runs.text(text)

    def _end(self, tag: str) -> None:
        self._inside = ""
        if tag != "c" and not tag.endswith(":c"):
            return
        at, kind = (self._row, self._column), self._cell.get("t", "n")
        value = "".join(self._texts.get("v", ()))
        if kind == "e":
            self._looked.special[at] = value
        elif "f" in self._texts and not value and kind != "str":
            self._looked.special[at] = "=" + "".join(self._texts["f"])
        if value or at in self._looked.special or self._texts.get("t"):
            self._bound(self._row + 1, self._column + 1)
            self._once()
            self._mark(at, kind, value)

    def _mark(self, at: At, kind: str, value: str) -> None:
        style = self._styles.of.get(self._cell.get("s", "0"), GENERAL)
        if kind == "n" and at not in self._looked.special and style.format.is_percent:
            self._looked.percent.add(at)
        mark = self._styles.texts.get(value) if kind == "s" else None if self._runs is None else self._runs.mark()
        if style.is_struck or mark is not None:
            self._looked.marks[at] = Mark(struck=True) if style.is_struck or mark is None else mark
        elif kind == "n" and value and style.format.may_differ(value) and _NUMBER.fullmatch(value):
            self._looked.marks[at] = Mark(stored=value, format=style.format)
        if self._row_is_hidden:
            self._looked.hidden_rows.setdefault(self._row, at)
        if self._column in self._hidden_columns:
            self._looked.hidden_columns.setdefault(self._column, at)

    def _once(self) -> None:
        """Refuse a row or a cell that stands twice: calamine takes the last, and moves what has no place of its own.

        Only filled ones are kept, so that there are no more than the limits allow.
        """
        if self._filled.setdefault(self._row, self._count) != self._count or self._column in self._columns_filled:
            raise Damaged("cell-twice", f"{self._title}!{letters(self._column)}{self._row + 1}")
        self._columns_filled.add(self._column)

    def _bound(self, rows: int, columns: int) -> None:
        """Refuse what would fill too large an area."""
        if rows <= self._rows and columns <= self._columns:
            return
        self._rows, self._columns = max(rows, self._rows), max(columns, self._columns)
        passed = past_limit(self._rows, self._columns, self._rows * self._columns)
        if passed:
            raise TooLarge(*passed, f":{self._title}!{letters(columns - 1)}{rows}")


def _is_hidden(attributes: Attributes, size: str | None) -> bool:
    """Hidden, filtered out, folded away, or drawn to nothing."""
    return is_on(attributes.get("hidden", "0")) or (size is not None and Decimal(size) == 0)


def _place(reference: str) -> At:
    """`C5` as (4, 2)."""
    head = reference.rstrip("0123456789")
    column = 0
    for letter in head.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(head) :]) - 1, column - 1


def letters(column: int) -> str:
    """`A` for 0, `AA` for 26."""
    text, left = "", column + 1
    while left:
        left, last = divmod(left - 1, 26)
        text = chr(ord("A") + last) + text
    return text
