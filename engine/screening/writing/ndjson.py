"""Results as NDJSON: an object a line, amounts as text, so that nobody reads them through a binary float."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from engine.screening.writing.texts import bytes_of, texts, written_columns
from engine.screening.writing.wording import Wording

_SPECIAL = r'[\x00-\x1f"\\\x7f]'
"""characters that JSON has escapes for"""


class NdjsonFile:
    def __init__(self, stream: BinaryIO, schema: Any, wording: Wording) -> None:
        self._stream = stream
        self._wording = wording
        self._columns = written_columns(schema)
        self._keys = [f"{json.dumps(title, ensure_ascii=False)}:" for title in wording.header(self._columns)]

    def add(self, table: Any) -> None:
        if not table.num_rows:
            return
        fields = []
        for name, key in zip(self._columns, self._keys, strict=True):
            value = pc.coalesce(self._values(table.column(name), name), "null")
            fields.append(pc.binary_join_element_wise(key, value, ""))
        lines = pc.binary_join_element_wise("{", pc.binary_join_element_wise(*fields, ","), "}\n", "")
        self._stream.write(bytes_of(lines))

    def _values(self, column: Any, name: str) -> Any:
        """Each value as JSON."""
        kind = column.type
        if pa.types.is_boolean(kind):
            return pc.if_else(column, "true", "false")
        if pa.types.is_integer(kind):
            return column.cast(pa.string())
        if pa.types.is_list(kind):
            inner = self._values(column.values, name).to_pylist()
            offsets = column.offsets.to_pylist()
            cells = [
                "[" + ",".join(one or "null" for one in inner[start:end]) + "]" for start, end in pairwise(offsets)
            ]
            return pc.if_else(column.is_valid(), pa.array(cells, pa.string()), pa.scalar(None, pa.string()))
        return _quoted(texts(column, name, self._wording))

    def close(self) -> None:
        pass


def _quoted(column: Any) -> Any:
    plain = pc.binary_join_element_wise('"', column, '"', "")
    special = pc.match_substring_regex(column, _SPECIAL).fill_null(False)
    if not pc.any(special).as_py():
        return plain
    values = [json.dumps(value, ensure_ascii=False) for value in column.filter(special).to_pylist()]
    return pc.replace_with_mask(plain, special, pa.array(values, pa.string()))
