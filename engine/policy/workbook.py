"""The sheets of an Excel workbook as rows of cells, bounded. The sole holder of python-calamine.

In: the bytes of an .xlsx.  Out: `Sheet`s and their rows, or Diagnostics. A merged cell stands in all the places that it
covers. Numbers are kept exactly: Excel's doubles become their shortest decimal text.
calamine fills every cell between the first and the last, and reads a failed formula as an empty cell. So the sheets
are looked through first: a cell too far out or given twice is refused before anything is filled, and what calamine
leaves out is kept.
python-calamine is an optional extra, imported on use. Imports csv_table, the tree and the ground floor.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeAlias
from xml.parsers import expat

from engine.diagnostics import Reporter
from engine.policy.csv_table import past_limit
from engine.source import Source, Span
from engine.tree import Scalar

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MAX_UNPACKED: Final = 32 << 20
_MOST_PARTS = 2_000
_PERCENT_FORMATS = ("9", "10")
"""Excel's own `0%` and `0.00%`"""

_Attributes: TypeAlias = dict[str, str]
_At: TypeAlias = tuple[int, int]


class Sheet(Source):
    """One sheet: each of its rows a line, so that a cell has its place in it; named as Excel does (`标准!C5`)."""

    def __init__(self, name: str, title: str, rows: Sequence[Sequence[str]]) -> None:
        shown = [[" ".join(text.split()) for text in row] for row in rows]
        super().__init__(name, "\n".join(",".join(row) for row in shown))
        self.title = title
        self._columns: list[list[int]] = []
        at = 0
        for row in shown:
            self._columns.append([])
            for text in row:
                self._columns[-1].append(at)
                at += len(text) + 1
            at += not row
        self.rows = tuple(
            tuple(
                Scalar(Span(self, start, start + len(seen)), text.strip())
                for start, seen, text in zip(self._columns[number], shown[number], row, strict=True)
            )
            for number, row in enumerate(rows)
        )

    def place(self, offset: int) -> str:
        line, _ = self.position(offset)
        column = bisect_right(self._columns[line - 1], offset) - 1
        return f"{self.name}:{self.title}!{_letters(max(column, 0))}{line}"


def _letters(column: int) -> str:
    """`A` for 0, `AA` for 26."""
    text, left = "", column + 1
    while left:
        left, last = divmod(left - 1, 26)
        text = chr(ord("A") + last) + text
    return text


def read_sheets(data: bytes, name: str, report: Reporter) -> tuple[Sheet, ...]:
    """The sheets that hold anything and are not hidden; none after a fault."""
    try:
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
    except ImportError:
        report.error("excel-not-installed", None, path=name)
        return ()
    try:
        parts = _unpacked(data)
        looked = _looked_through(parts)
        with CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts))) as book:
            shown = [
                one.name
                for one in book.sheets_metadata
                if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
            ]
            found = [_sheet(name, book.get_sheet_by_name(title), looked[title]) for title in shown]
    except _TooLarge as passed:
        report.error(passed.code, None, path=f"{name}{passed.where}", limit=str(passed.limit))
        return ()
    except Exception as fault:  # a damaged workbook fails in any of a dozen ways, none of them documented
        report.error("bad-workbook", None, path=name, problem=str(fault) or type(fault).__name__)
        return ()
    sheets = tuple(sheet for sheet in found if sheet.rows)
    if not sheets:
        report.error("empty-table", None, path=name)
    return sheets


class _TooLarge(Exception):
    def __init__(self, code: str, limit: int, where: str = "") -> None:
        self.code = code
        self.limit = limit
        self.where = where


def _unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of the file. Each is read here, as long as the directory says and no longer, and checked."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        entries = packed.infolist()
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED or len(entries) > _MOST_PARTS:
            raise _TooLarge("workbook-too-large", MAX_UNPACKED)
        return {entry.filename: packed.read(entry) for entry in entries}


def _packed(parts: dict[str, bytes]) -> bytes:
    """A workbook of the parts that were checked, so that nothing is unpacked again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, part in parts.items():
            packed.writestr(name, part)
    return out.getvalue()


# ---- what calamine does not tell


@dataclass(frozen=True, slots=True)
class _Looked:
    """Of a sheet: the texts of failed formulas and of formulas without their result (`=…`), by place; and where a
    number is shown as a percentage."""

    special: dict[_At, str]
    percent: frozenset[_At]


def _looked_through(parts: dict[str, bytes]) -> dict[str, _Looked]:
    """By the title of the sheet; hidden ones are not looked at."""
    targets = {
        one["Id"]: posixpath.normpath(posixpath.join("/xl", one["Target"])).lstrip("/")
        for tag, one in _starts(parts["xl/_rels/workbook.xml.rels"])
        if tag == "Relationship"
    }
    percent = _percent_styles(parts.get("xl/styles.xml", b""))
    found = {}
    for tag, one in _starts(parts["xl/workbook.xml"]):
        if tag == "sheet" and one.get("state", "visible") == "visible":
            target = next(targets[value] for key, value in one.items() if key.rpartition(":")[2] == "id")
            found[one["name"]] = _SheetReader(one["name"], percent).read(parts[target])
    return found


def _starts(part: bytes) -> Iterator[tuple[str, _Attributes]]:
    """The elements of a part, by their names without a prefix."""
    found: list[tuple[str, _Attributes]] = []
    _parse(part, lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes)))
    return iter(found)


def _parse(
    part: bytes,
    start: Callable[[str, _Attributes], object],
    end: Callable[[str], object] = lambda _: None,
    text: Callable[[str], object] = lambda _: None,
) -> None:
    """The events of an XML part. A part that declares a DTD is none of Excel's."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.Parse(part, True)


def _refuse_dtd(*_: object) -> None:
    raise ValueError("DOCTYPE")


def _percent_styles(part: bytes) -> frozenset[str]:
    """The numbers of the cell styles that show a percentage."""
    formats, styles, inside = set(_PERCENT_FORMATS), set(), False
    count = 0
    for tag, one in _starts(part) if part else ():
        if tag == "numFmt" and "%" in one["formatCode"]:
            formats.add(one["numFmtId"])
        inside = tag == "cellXfs" or (inside and tag != "cellStyles")
        if inside and tag == "xf":
            if one.get("numFmtId") in formats:
                styles.add(str(count))
            count += 1
    return frozenset(styles)


class _SheetReader:
    """Looks through the XML of one sheet. `row` and `column` count from 0."""

    def __init__(self, title: str, percent: frozenset[str]) -> None:
        self._title = title
        self._percent = percent
        self._special: dict[_At, str] = {}
        self._shown: set[_At] = set()
        self._rows = self._columns = 0
        self._row = self._column = -1
        self._count = 0
        self._filled: dict[int, int] = {}
        self._columns_filled: set[int] = set()
        self._cell: _Attributes = {}
        self._texts: dict[str, list[str]] = {}
        self._inside = ""

    def read(self, part: bytes) -> _Looked:
        _parse(part, self._start, self._end, self._text)
        return _Looked(self._special, frozenset(self._shown))

    def _start(self, tag: str, attributes: _Attributes) -> None:
        if ":" in tag:
            tag = tag.rpartition(":")[2]
        if tag == "c":
            self._cell, self._texts = attributes, {}
            row, self._column = _place(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
            if self._count and row != self._row:
                raise ValueError(f"{attributes['r']} in row {self._row + 1}")
            self._row = row
        elif tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 2)) - 1, -1
            self._count += 1
            self._columns_filled.clear()
        elif tag in ("v", "f", "t"):
            self._inside = tag
            self._texts.setdefault(tag, [])

    def _text(self, text: str) -> None:
        if self._inside:
            self._texts[self._inside].append(text)

    def _end(self, tag: str) -> None:
        self._inside = ""
        if tag != "c" and not tag.endswith(":c"):
            return
        at, kind = (self._row, self._column), self._cell.get("t", "n")
        value = "".join(self._texts.get("v", ()))
        if kind == "e":
            self._special[at] = value
        elif "f" in self._texts and not value and kind != "str":
            self._special[at] = "=" + "".join(self._texts["f"])
        elif kind == "n" and self._cell.get("s") in self._percent:
            self._shown.add(at)
        if value or at in self._special or self._texts.get("t"):
            self._bound(self._row + 1, self._column + 1)
            self._once()

    def _once(self) -> None:
        """Refuse a row or a cell that stands twice: calamine takes the last, and moves what has no place of its own.

        Only filled ones are kept, so that there are no more than the limits allow.
        """
        if self._filled.setdefault(self._row, self._count) != self._count:
            raise ValueError(f"row {self._row + 1} twice")
        if self._column in self._columns_filled:
            raise ValueError(f"{_letters(self._column)}{self._row + 1} twice")
        self._columns_filled.add(self._column)

    def _bound(self, rows: int, columns: int) -> None:
        """Refuse what would fill too large an area."""
        if rows <= self._rows and columns <= self._columns:
            return
        self._rows, self._columns = max(rows, self._rows), max(columns, self._columns)
        passed = past_limit(self._rows, self._columns, self._rows * self._columns)
        if passed:
            raise _TooLarge(*passed, f":{self._title}!{_letters(columns - 1)}{rows}")


def _place(reference: str) -> _At:
    """`C5` as (4, 2)."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]) - 1, column - 1


# ---- cells


def _sheet(name: str, sheet: CalamineSheet, looked: _Looked) -> Sheet:
    rows = [[_shown(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    far = [(0, 0), *looked.special]
    if looked.special or rows:
        width = max(len(rows[0]) if rows else 0, 1 + max(column for _, column in far))
        rows.extend([] for _ in range(1 + max(row for row, _ in far) - len(rows)))
        for row in rows:
            row.extend([""] * (width - len(row)))
    for (row_at, column_at), text in looked.special.items():
        rows[row_at][column_at] = text
    for row_at, column_at in looked.percent:
        if row_at < len(rows) and column_at < len(rows[row_at]) and rows[row_at][column_at]:
            rows[row_at][column_at] = f"{(Decimal(rows[row_at][column_at]) * 100).normalize():f}%"
    _fill(rows, sheet.merged_cell_ranges or [])
    while rows and not any(rows[-1]):
        rows.pop()
    return Sheet(name, sheet.name, rows)


def _fill(rows: list[list[str]], merged: Sequence[tuple[_At, _At]]) -> None:
    """A merged cell in all the places that it covers, as far as the sheet is filled."""
    left = sum(len(row) for row in rows)
    for (top, first), (bottom, last) in merged:
        if top >= len(rows) or first >= len(rows[top]):
            continue
        text = rows[top][first]
        for row in rows[top : bottom + 1]:
            stretch = row[first : last + 1]
            left -= len(stretch)
            if left < 0:
                raise ValueError("merged areas overlap")
            row[first : last + 1] = [text] * len(stretch)


def _shown(value: object) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            text = f"{Decimal(repr(value)):f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            return value.isoformat(" ")
        case _:
            return str(value).strip()
