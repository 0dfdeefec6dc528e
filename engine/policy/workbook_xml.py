"""The parts of an Excel workbook as bytes and as XML events: bounded, and nothing in them expanded.

In: the bytes of an .xlsx.  Out: its parts by name; the events of a part. What is wrong is raised as `Damaged`, with a
stable word for the kind. Imports the standard library only.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias
from xml.parsers import expat

_MOST_PARTS = 2_000
_ENCRYPTED = 0x1

Attributes: TypeAlias = dict[str, str]


class Damaged(Exception):
    """`kind`: a word of `bad-workbook` in `engine.messages`; `where`: the cell, where there is one."""

    def __init__(self, kind: str, where: str = "") -> None:
        self.kind = kind
        self.where = where


class TooLarge(Exception):
    def __init__(self, code: str, limit: int, where: str = "") -> None:
        self.code = code
        self.limit = limit
        self.where = where


def unpacked(data: bytes, most: int) -> dict[str, bytes]:
    """The parts of the file. Each is read here, as long as the directory says and no longer, and checked.

    Args:
        most: how many bytes they may be together.
    """
    with opened(data, most) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@contextmanager
def opened(data: bytes, most: int) -> Iterator[zipfile.ZipFile]:
    """The file, once its directory was looked at; what is wrong with it while it is read is `Damaged` too."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            if sum(entry.file_size for entry in entries) > most or len(entries) > _MOST_PARTS:
                raise TooLarge("workbook-too-large", most)
            if any(entry.flag_bits & _ENCRYPTED for entry in entries):
                raise Damaged("encrypted")
            names = {entry.filename for entry in entries}
            if "xl/workbook.bin" in names:
                raise Damaged("binary")
            if "xl/workbook.xml" not in names:
                raise Damaged("not-a-workbook")
            yield packed
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as fault:
        raise Damaged("damaged" if data.startswith(b"PK\x03\x04") else "not-a-workbook") from fault


def packed(parts: dict[str, bytes]) -> bytes:
    """A workbook of the parts that were checked, so that nothing is unpacked again."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return out.getvalue()


def elements(part: bytes) -> Iterator[tuple[str, Attributes]]:
    """The elements of a part, by their names without a prefix."""
    found: list[tuple[str, Attributes]] = []
    parse(part, lambda tag, attributes: found.append((plain_tag(tag), attributes)))
    return iter(found)


def parse(
    part: bytes,
    start: Callable[[str, Attributes], object],
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
    try:
        parser.Parse(part, True)
    except expat.ExpatError as fault:
        raise Damaged("damaged") from fault


def _refuse_dtd(*_: object) -> None:
    raise Damaged("doctype")


def plain_tag(tag: str) -> str:
    return tag.rpartition(":")[2] if ":" in tag else tag


def is_on(value: str) -> bool:
    """A truth as XML writes it."""
    return value in ("1", "true")
