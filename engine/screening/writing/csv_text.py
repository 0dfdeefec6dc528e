"""Results as CSV that Excel and WPS open as it is meant: UTF-8 with its mark, and texts that stay texts.

A spreadsheet takes `140105198001011234` for a number and keeps fifteen digits of it, `0012` for 12, `1-2` for a day and
`=…` for a formula. Such a text stands as `="140105198001011234"`, which is that text and nothing else wherever the file
is opened as a sheet. Whatever is text by itself stands as it is.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc

from engine.screening.writing.texts import bytes_of, texts, whole_texts, written_columns
from engine.screening.writing.wording import Wording

_TAKEN_FOR_OTHER: Final = (
    r"^(?:[=+\-@\t\r]"  # a formula
    r"|0\d|\d{12}|\d+\.\d*$|\d+(?:\.\d+)?[eE][+\-]?\d+$|\d{1,3}(?:,\d{3})+$"  # digits that would be lost
    r"|\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?$|\d{1,2}:\d{2}"  # a day, a time
    r"|(?:\d{1,4}年)?\d{1,2}月(?:\d{1,2}日)?$|\d+ ?%$|(?i:true|false)$)"
)
_SPECIAL: Final = '[",\r\n]'


class CsvFile:
    def __init__(self, stream: BinaryIO, schema: Any, wording: Wording) -> None:
        self._stream = stream
        self._wording = wording
        self._columns = written_columns(schema)
        _write_header(stream, wording.header(self._columns))

    def add(self, table: Any) -> None:
        if not table.num_rows:
            return
        cells = []
        for name in self._columns:
            column = table.column(name)
            text = texts(column, name, self._wording)
            text = guarded(text) if pa.types.is_string(column.type) else text
            cells.append(pc.coalesce(_quoted(text), ""))
        self._stream.write(bytes_of(_lines(cells)))

    def close(self) -> None:
        pass


class Rows:
    """A file of rows made one by one: what was refused, which ids stand twice."""

    def __init__(self, stream: BinaryIO, header: Sequence[str]) -> None:
        self._stream = stream
        _write_header(stream, header)

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        cells = [[None if cell is None else str(cell) for cell in column] for column in zip(*rows, strict=True)]
        if cells:
            self.add_columns([whole_texts(column) for column in cells])

    def add_columns(self, columns: Sequence[Any]) -> None:
        """The same as arrays."""
        cells = [pc.coalesce(_quoted(guarded(column.cast(pa.string()))), "") for column in columns]
        self._stream.write(bytes_of(_lines(cells)))


def guarded(column: Any) -> Any:
    """Texts that a spreadsheet would take for something else, as formulas that are those texts."""
    taken = pc.match_substring_regex(column, _TAKEN_FOR_OTHER).fill_null(False)
    if not pc.any(taken).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(taken, pc.binary_join_element_wise('="', doubled, '"', ""), column)


def _quoted(column: Any) -> Any:
    special = pc.match_substring_regex(column, _SPECIAL).fill_null(False)
    if not pc.any(special).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), column)


def _lines(cells: Sequence[Any]) -> Any:
    return pc.binary_join_element_wise(pc.binary_join_element_wise(*cells, ","), "\n", "")


def _write_header(stream: BinaryIO, header: Sequence[str]) -> None:
    stream.write(codecs.BOM_UTF8)
    stream.write(bytes_of(_lines([_quoted(whole_texts([title])) for title in header])))
