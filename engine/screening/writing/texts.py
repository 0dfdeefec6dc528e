"""Columns of answers as columns of text.

In: a column, and what its values are called.  Out: text, null where the column is.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from engine.screening.writing.wording import Wording

BETWEEN: Final = "；"
"""values of one cell"""


def written_columns(schema: Any) -> list[str]:
    """Those that a file of results has: who decided, and the row, are for the run itself."""
    return [name for name in schema.names if name not in ("by", "file", "row")]


def whole_texts(values: Iterable[str | None]) -> Any:
    """As an array. Names of files may hold halves of characters; they stand as codes."""
    whole = [None if one is None else one.encode("utf-8", "backslashreplace").decode() for one in values]
    return pa.array(whole, pa.string())


def texts(column: Any, name: str, wording: Wording) -> Any:
    """An array of strings."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        called = [wording.value(name, value) for value in column.dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(column.indices, pa.array(called, pa.string())).cast(pa.string())
    if pa.types.is_boolean(kind):
        return pc.if_else(column, wording.truths["true"], wording.truths["false"])
    if pa.types.is_list(kind):
        inner = texts(column.values, name, wording).to_pylist()
        cells = [BETWEEN.join(one or "" for one in inner[a:b]) for a, b in pairwise(column.offsets.to_pylist())]
        return pc.if_else(column.is_valid(), pa.array(cells, pa.string()), pa.scalar(None, pa.string()))
    return column.cast(pa.string())


def bytes_of(lines: Any) -> memoryview:
    """The text of an array of lines, one after another as they lie in memory."""
    ends = memoryview(lines.buffers()[1]).cast("i")[lines.offset : lines.offset + len(lines) + 1]
    return memoryview(lines.buffers()[2])[ends[0] : ends[-1]]
