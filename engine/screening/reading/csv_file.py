"""A CSV file of any size as a table: all cells as text, in pieces of some ten thousand rows.

UTF-8 with or without a mark at its beginning, or GB18030. The header is the first row that names a field: over it
spreadsheets have titles. Imports policy (`encodings`), tabular and parts; pyarrow.
"""

from __future__ import annotations

import csv
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from engine import disk
from engine.diagnostics import Diagnostic
from engine.policy.encodings import Doubt, legacy_text
from engine.screening.reading.gb18030 import AsUtf8
from engine.screening.reading.parts import ROWS_A_PART
from engine.screening.reading.tabular import Bad, Piece, Unreadable, of_text
from engine.screening.reading.threads import ahead

_BLOCK: Final = 1 << 21
_SEEN: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_TITLES: Final = 10
"""rows that may stand over the header"""
_BETWEEN: Final = (",", "\t", ";")
"""what may stand between cells: that by which most headers are known"""
_MARK: Final = b"\xef\xbb\xbf"


class CsvTable:
    sheet = ""
    typed = False
    units: Mapping[str, str] = MappingProxyType({})
    rows: int | None = None
    pieces: int | None = None

    def __init__(self, path: Path, name: str, size: int, named: Callable[[Sequence[str]], int]) -> None:
        self.name, self.size = name, size
        self._path = path
        self._encoding = _encoding(path, name)
        if self._encoding == "utf8" and (line := _broken_line(path, "utf8")):
            raise self._fault("encoding", line)  # told before anything is decided; GB18030 is seen as it is read
        head = _head(path, self._encoding)
        most = -1
        for delimiter in _BETWEEN:
            for at, row in _first_rows(head, delimiter):
                if (count := named(row)) > most:
                    most, self._delimiter, self._line, cells = count, delimiter, at, row
        if most < 0:
            raise Unreadable.since("input-empty", name)
        self._lines = _lines_of(cells)
        self.headers = tuple(cells)
        self.types: tuple[pa.DataType, ...] = (pa.string(),) * len(cells)

    def read(self, columns: Sequence[int]) -> Iterator[Piece]:
        names = [f"c{at}" for at in range(len(self.headers))]
        wrong: list[Bad] = []

        def skip(row: pc.InvalidRow) -> str:
            wrong.append(_bad(row, self._delimiter))
            return "skip"

        asked = [names[at] for at in columns] or names[:1]
        reading = pc.ReadOptions(
            use_threads=False,
            block_size=_BLOCK,
            skip_rows=self._line + self._lines,
            column_names=names,
        )
        parsing = pc.ParseOptions(
            delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=skip, ignore_empty_lines=False
        )
        converting = pc.ConvertOptions(
            column_types=dict.fromkeys(asked, pa.string()),
            include_columns=asked,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        )
        with self._as_utf8() as file:
            with self._told():
                opened = pc.open_csv(file, reading, parsing, converting)
            yield from self._pieces(opened, wrong)

    @contextmanager
    def _as_utf8(self) -> Iterator[Path | AsUtf8]:
        if self._encoding == "utf8":
            yield self._path
            return
        with disk.stream(self._path) as stream, closing(AsUtf8(stream)) as file:
            yield file

    def piece(self, number: int, columns: Sequence[int]) -> Piece:
        raise AssertionError(f"pieces are only read in order: {number}, {columns}")

    def _pieces(self, opened: pc.CSVStreamingReader, wrong: list[Bad]) -> Iterator[Piece]:
        """Cut to `ROWS_A_PART`; the rows that were passed over are counted in."""
        first = row = self._line + self._lines + 1
        waiting: list[pa.RecordBatch] = []
        held = 0
        for batch in chain(ahead(self._batches(opened)), [None]):
            while held >= ROWS_A_PART or (batch is None and held):
                together = pa.concat_batches(waiting)
                rest = together.slice(ROWS_A_PART)
                waiting, held = [rest] if rest.num_rows else [], rest.num_rows
                piece, row = self._piece(together.slice(0, ROWS_A_PART), row, wrong)
                yield piece
            if batch is not None:
                waiting.append(batch)
                held += batch.num_rows
        if wrong or row == first:
            empty = pa.RecordBatch.from_arrays([pa.array([], one.type) for one in opened.schema], schema=opened.schema)
            piece, row = self._piece(empty, row, wrong, last=True)
            yield piece
        self._check_end(piece, row)

    def _batches(self, opened: pc.CSVStreamingReader) -> Iterator[pa.RecordBatch]:
        with self._told():
            yield from opened

    def _piece(self, batch: pa.RecordBatch, row: int, wrong: list[Bad], *, last: bool = False) -> tuple[Piece, int]:
        """With the rows of a wrong width that stand among its own; and the row behind it."""
        numbers, end = _numbers(row, batch.num_rows, [one.row for one in wrong])
        bad = tuple(one for one in wrong if last or one.row < end)
        del wrong[: len(bad)]
        return of_text(row, batch, pa.array(numbers, pa.int64()), bad), end

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the library says of the file; whether its encoding is at fault is seen by looking."""
        try:
            yield
        except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise disk.DiskFault(self._path, disk.reason_of(error)) from error
            line = _broken_line(self._path, self._encoding)
            raise self._fault("encoding" if line else "csv", line) from error

    def _fault(self, reason: str, row: str) -> Unreadable:
        return Unreadable.since("input-damaged", self.name, reason=reason, row=row)

    def _check_end(self, last: Piece, row: int) -> None:
        """A quote that is never closed takes everything behind it for one text."""
        texts = [cell for bad in last.bad for cell in bad.cells]
        if last.batch.num_rows:
            texts += [str(column[-1].as_py()) for column in last.batch.columns]
        is_bad = any(bad.row == row - 1 for bad in last.bad)
        if (is_bad or any("\n" in text for text in texts)) and _quotes(self._path) % 2:
            raise self._fault("csv", str(row - 1))


def _numbers(row: int, count: int, wrong: Sequence[int]) -> tuple[np.ndarray, int]:
    """The rows of the file that so many good ones stand in, from one on; and the row behind the last."""
    numbers = np.arange(row, row + count, dtype=np.int64)
    for bad in wrong:  # in order
        passed = numbers >= bad
        if not passed.any() and bad > row + count:
            break
        numbers[passed] += 1
    end = int(numbers[-1]) + 1 if count else row
    while end in wrong:
        end += 1
    return numbers, end


def _lines_of(cells: Sequence[str]) -> int:
    """How many lines a header takes whose cells may hold line ends."""
    return 1 + sum(cell.count("\n") for cell in cells)


def _bad(row: pc.InvalidRow, delimiter: str) -> Bad:
    """A row with more or fewer cells than the header."""
    fault = Diagnostic.of("row-cells", cells=str(row.actual_columns), columns=str(row.expected_columns))
    return Bad(row.number or 0, fault, tuple(next(csv.reader([row.text], delimiter=delimiter), [])))


# ---- looked at beforehand, or once something failed


def _broken_line(path: Path, encoding: str) -> str:
    """The first line that is none of the encoding; "" where all are."""
    decoder = getincrementaldecoder("utf-8" if encoding == "utf8" else encoding)()
    line = 1
    with disk.stream(path) as file:
        while piece := file.read(_SEEN):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                return str(line + piece[: max(0, error.start)].count(b"\n"))
            line += piece.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return str(line)
    return ""


def _quotes(path: Path) -> int:
    with disk.stream(path) as file:
        return sum(piece.count(b'"') for piece in iter(lambda: file.read(_SEEN), b""))


def _encoding(path: Path, name: str) -> str:
    """By the first stretch that is not ASCII alone: the only one that tells."""
    with disk.stream(path) as file:
        seen = file.read(_SEEN)
        if b"\x00" in seen[:4096] or seen.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Unreadable.since("input-damaged", name, reason="encoding", row="")
        while seen.isascii() and (more := file.read(_SEEN)):
            seen = more
    whole = len(seen) < _SEEN
    try:
        seen.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not whole and error.start > len(seen) - 4:
            return "utf8"  # a character cut off
    else:
        return "utf8"
    found = legacy_text(seen if len(seen) < _SAMPLE else _whole_lines(seen[:_SAMPLE]))
    if isinstance(found, Doubt):
        raise Unreadable.since("encoding-doubt", name, read=found.read, other=found.other)
    if found is None:
        raise Unreadable.since("input-damaged", name, reason="encoding", row="")
    return "gb18030"


def _whole_lines(data: bytes) -> bytes:
    """No byte of a character of GB18030 is a line end."""
    return data[: data.rfind(b"\n") + 1] or data


def _head(path: Path, encoding: str) -> str:
    data = disk.beginning(path, _SEEN).removeprefix(_MARK)
    python = "utf-8" if encoding == "utf8" else encoding
    return data.decode(python, "ignore")


def _first_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The first rows that hold anything, each with the number of lines over it."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    line = 0
    for _ in range(_TITLES):
        try:
            cells = next(reader, None)
        except csv.Error:
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num
