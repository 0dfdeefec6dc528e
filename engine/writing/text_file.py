"""A file as it lies on the disk, to be changed at some stretches only.

In: its bytes.  Out: a `Source` whose offsets the rest of the engine knows (line ends as `\\n`, no byte order mark), and
the bytes again after edits: encoding, byte order mark, and each line end that was not touched are as they were.
Imports policy (encodings) and the ground floor.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

from engine.fixes import TextEdit
from engine.policy.encodings import legacy_text
from engine.source import Source, UnitWords

Encoding: TypeAlias = Literal["utf-8", "gb18030"]

_MARK = "\ufeff"


@dataclass(frozen=True)
class TextFile:
    """`raw` is the text with its own line ends, without a byte order mark; `units` what its policy declares."""

    name: str
    raw: str
    encoding: Encoding = "utf-8"
    mark: bool = False
    units: UnitWords = ()

    @cached_property
    def source(self) -> Source:
        return Source(self.name, self.raw.replace("\r\n", "\n").replace("\r", "\n"), self.units)

    @property
    def text(self) -> str:
        return self.source.text

    @cached_property
    def line_end(self) -> str:
        """The line end that prevails."""
        return max(("\n", "\r\n", "\r"), key=self._counted)

    def _counted(self, end: str) -> int:
        pairs = self.raw.count("\r\n")
        return pairs if end == "\r\n" else self.raw.count(end) - pairs

    def edited(self, edits: Sequence[TextEdit]) -> TextFile:
        """The file with edits made; their offsets are those of `source`, and no two overlap."""
        pieces, at = [], 0
        for edit in sorted(edits, key=lambda one: (one.span.start, one.span.end)):
            pieces += [self.raw[at : self._raw(edit.span.start)], edit.text.replace("\n", self.line_end)]
            at = self._raw(edit.span.end)
        return replace(self, raw="".join([*pieces, self.raw[at:]]))

    @cached_property
    def _pairs(self) -> list[int]:
        """Offsets in `source` of the line ends that are two characters in `raw`."""
        return [found.start() - before for before, found in enumerate(re.finditer("\r\n", self.raw))]

    def _raw(self, offset: int) -> int:
        return offset + bisect_left(self._pairs, offset)

    def data(self) -> bytes:
        text = _MARK + self.raw if self.mark and self.encoding == "utf-8" else self.raw
        return text.encode(self.encoding)


def read_text_file(data: bytes, name: str) -> TextFile | None:
    """The file: UTF-8, or GB18030 where it is no UTF-8; None where it is neither, or may be something else."""
    encoding: Encoding = "utf-8"
    try:
        text: object = data.decode(encoding)
    except UnicodeDecodeError:
        encoding, text = "gb18030", legacy_text(data)
    if not isinstance(text, str):
        return None
    return TextFile(name, text.removeprefix(_MARK), encoding, text.startswith(_MARK))
