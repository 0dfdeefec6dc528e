"""What calamine does not show of a large sheet: cells whose formula failed or kept no result, and rows that are hidden.

In: the bytes of an .xlsx.  Out: the parts of its sheets by title; of one part the cells that failed, by row and column,
and how many rows that hold something are not seen.
The XML is searched as bytes, not parsed: that alone would take longer than reading the sheet.
Imports workbook_xml only.
"""

from __future__ import annotations

import re
from posixpath import join, normpath
from typing import Final, TypeAlias

from engine.policy.workbook_xml import elements, opened, plain_tag

Failed: TypeAlias = dict[int, dict[int, str]]
"""by row and column from 0: `#N/A` for a formula that failed, `=A1+1` for one that kept no result"""
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s([^>]*)>((?:(?!</(?:\w+:)?c>).)*)</(?:\w+:)?c>", re.DOTALL)
_ROW: Final = re.compile(rb'<(?:\w+:)?row\s[^>]*?\bhidden="(?:1|true)"[^>]*(?<!/)>')
_ROW_END: Final = re.compile(rb"</(?:\w+:)?row>")
_HELD: Final = re.compile(rb"<(?:\w+:)?(?:v|is)>")
_LOOKED: Final = 1 << 16
"""where the first cell of a sheet stands, and whether its name has a prefix"""
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_VALUE: Final = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f\b[^>]*>([^<]*)<")


def part_names(data: bytes, most: int) -> dict[str, str]:
    """The part that holds each sheet, by title."""
    with opened(data, most) as packed:
        relations = elements(packed.read("xl/_rels/workbook.xml.rels"))
        targets = {
            one["Id"]: normpath(join("/xl", one["Target"])).lstrip("/")
            for tag, one in relations
            if tag == "Relationship"
        }
        sheets = [one for tag, one in elements(packed.read("xl/workbook.xml")) if tag == "sheet"]
    return {one["name"]: next(targets[value] for key, value in one.items() if plain_tag(key) == "id") for one in sheets}


def unseen(data: bytes, part: str) -> tuple[Failed, int]:
    """The cells that failed, and how many rows that hold something are hidden or filtered out."""
    with opened(data, len(data) << 20) as packed:
        text = packed.read(part)
    return _failed(text), _hidden(text)


def _failed(text: bytes) -> Failed:
    found: Failed = {}
    if b't="e"' not in text and b"<f" not in text and b"<c " in text[:_LOOKED]:
        return found
    for cell in _CELL.finditer(text):
        attributes, inner = cell.groups()
        is_error = b't="e"' in attributes
        if not is_error and b"f" not in inner:
            continue
        value, formula, place = _VALUE.search(inner), _FORMULA.search(inner), _PLACE.search(attributes)
        if place is None or not (is_error or (formula and value is None and b't="str"' not in attributes)):
            continue
        shown = value[1] if is_error and value is not None else b"=" + (formula[1] if formula else b"")
        column = 0
        for letter in place[1]:
            column = column * 26 + letter - 64
        found.setdefault(int(place[2]) - 1, {})[column - 1] = shown.decode("utf-8", "replace")
    return found


def _hidden(text: bytes) -> int:
    if b'hidden="' not in text:
        return 0
    count = 0
    for row in _ROW.finditer(text):
        end = _ROW_END.search(text, row.end())
        count += _HELD.search(text, row.end(), end.start() if end else len(text)) is not None
    return count
