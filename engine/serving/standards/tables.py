"""What was typed into cells, or pasted from Excel or WPS, as the table that the reader of bureaus' tables reads.

In: texts.  Out: `Grid`s, whose cells know their row and column; `Cells`, what a form holds of a table that was read.
A pasted table may come without a heading: its columns are then those of the form, in their order.
Imports writing, policy, language and the ground floor.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from engine.language.units import parse_unit
from engine.policy.cells import day_text
from engine.policy.csv_table import MAX_CELL, MAX_TABLE_BYTES, Row, past_limit
from engine.policy.table_file import Grid
from engine.policy.workbook import Sheet
from engine.policy.workbook_sheet import Looked
from engine.records import dataclass
from engine.writing.amounts import bare, is_amount, shown_unit
from engine.writing.columns import Target
from engine.writing.counties import Counties
from engine.writing.keyed import CODE, NAME
from engine.writing.refused import Refused
from engine.writing.standards import Standards

_GROUPED: Final = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_BRACKETS: Final = str.maketrans("[]［］【】", "〔〕〔〕〔〕")
_UNITS: Final = ("元/人/月", "元/人/年", "元/月", "元/年", "元", "元/人", "%")
_BEGINS: Final = re.compile(r"(\d{4}年\d{1,2}月\d{1,2}日|\d{4}[-/]\d{1,2}[-/]\d{1,2})起")
_DOCUMENT: Final = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,8}〔\d{4}〕\d{1,5}号")
_UNIT_BEHIND: Final = re.compile(r"-?[0-9.,]+ ?(.*)")


@dataclass(frozen=True, slots=True)
class Cells:
    """A table as a form holds it.

    Attributes:
        units: by option; of "" where the place is the only key.
        amounts: as typed, by the code of the county and the option.
    """

    units: Mapping[str, str]
    amounts: Mapping[tuple[str, str], str]

    @property
    def filled(self) -> bool:
        return any(text.strip() for text in self.amounts.values())


def options_of(target: Target) -> Mapping[str, str]:
    """The columns of a form: what each option is called; one for a parameter whose only key is the place."""
    return target.options or {"": target.label}


def unit_choices(target: Target) -> tuple[str, ...]:
    """Units in which the values may be given; the parameter's own first."""
    known = dict.fromkeys((target.unit_text, *_UNITS))
    units = ((text, parse_unit(text, target.units)) for text in known if text)
    return tuple(text for text, unit in units if unit is not None and unit.dimension == target.unit.dimension)


def last_units(target: Target) -> dict[str, str]:
    """The unit of each option as it was last published; the parameter's own where nothing was."""
    found = dict.fromkeys(options_of(target), target.unit_text)
    choices = unit_choices(target)
    for block in target.parameter.blocks:
        for key, cell in block.cells.items():
            option = next(
                (part for name, part in zip(target.parameter.by, key, strict=True) if name == target.option_key), ""
            )
            behind = _UNIT_BEHIND.fullmatch(cell.text)
            if isinstance(option, str) and behind is not None and behind[1] in choices:
                found[option] = behind[1]
    return found


def cells_of(read: Standards) -> Cells:
    """A table that was read, as a form holds it."""
    return Cells(
        {one.option: one.unit for one in read.columns},
        {
            (place.code, column.option): amount
            for place, amounts in read.rows
            for column, amount in zip(read.columns, amounts, strict=True)
        },
    )


def headed(grid: Grid) -> tuple[str, str]:
    """The day of effect and the document that titles and notes of a table state; "" where none, or several, are."""
    alone = [texts[0] for row in grid.rows if len(texts := [cell.text for cell in row if cell.text.strip()]) == 1]
    plain = ["".join(text.split()) for text in alone]
    days = {day_text(day) for text in plain for day in _BEGINS.findall(text)} - {None}
    documents = {one for text in plain for one in _DOCUMENT.findall(text.translate(_BRACKETS))}
    return _only(days), _only(documents)


def _only(found: set[str | None] | set[str]) -> str:
    return next(iter(found)) or "" if len(found) == 1 else ""


def typed(target: Target, cells: Cells, title: str) -> Grid:
    """The cells of a form as a table: a row for each county that has any, headed by code, name and options."""
    options = list(options_of(target))
    rows = [
        [place.code, place.name, *(cells.amounts.get((place.code, option), "") for option in options)]
        for place in target.counties
        if any(cells.amounts.get((place.code, option), "").strip() for option in options)
    ]
    return Grid("", Sheet(title, "", [_heading(target, cells.units), *rows], Looked()).rows)


def pasted(target: Target, text: str, units: Mapping[str, str], title: str) -> Grid:
    """A pasted text as a table, of cells between tabs, commas or blanks.

    Raises: Refused where it holds nothing, too much, or has columns of which nobody knows what they are.
    """
    rows = list(_rows(text))
    if not rows:
        raise Refused("没有粘贴任何内容", "nothing was pasted")
    width = max(len(row) for row in rows)
    passed = past_limit(len(rows), width, width * len(rows))
    if passed is not None or len(text) > MAX_TABLE_BYTES or any(len(cell) > MAX_CELL for row in rows for cell in row):
        raise Refused("粘贴的内容太大", "what was pasted is too large")
    sheet = Sheet(title, "", [[*row, *[""] * (width - len(row))] for row in rows], Looked())
    held = sheet.rows
    if not _is_body(held[0], target):
        return Grid("", held)
    return Grid("", (_given_heading(held, target, units), *held))


def _rows(text: str) -> Iterator[list[str]]:
    """The rows that hold anything: cells parted by tabs, else by commas, else by blanks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    plain = [_GROUPED.sub("", line.replace("，", ",")) for line in lines.split("\n")]
    if "\t" in lines:
        found = [[" ".join(cell.split()) for cell in row] for row in _quoted(lines)]
    elif all("," in line for line in plain if line.strip()):
        found = [[cell.strip() for cell in line.split(",")] for line in plain]
    else:
        found = [line.split() for line in lines.split("\n")]
    return (row for row in found if any(row))


def _quoted(lines: str) -> Iterator[list[str]]:
    """As Excel lays cells on the clipboard: one with a line end or a quote in it stands between quotes."""
    try:
        yield from csv.reader(lines.split("\n"), delimiter="\t", strict=True)
    except csv.Error:
        yield from (line.split("\t") for line in lines.split("\n"))


def _is_body(row: Row, target: Target) -> bool:
    """Whether a row gives an amount to a county, so that no heading stands above it."""
    known = Counties(target.counties)
    places = [known.coded(cell.text) is not None or known.may_name(cell.text) for cell in row]
    return any(places) and any(
        is_amount(cell, target.units) for cell, place in zip(row, places, strict=True) if not place
    )


def _given_heading(rows: Sequence[Row], target: Target, units: Mapping[str, str]) -> Row:
    """A heading over columns that have none: the options of the form, in their order."""
    known = Counties(target.counties)
    width = range(len(rows[0]))
    places = {at for at in width if any(known.coded(row[at].text) or known.may_name(row[at].text) for row in rows)}
    values = [
        at
        for at in width
        if at not in places and any(row[at].text for row in rows) and not _counts_rows([row[at].text for row in rows])
    ]
    options = list(options_of(target))
    if len(values) != len(options):
        labels = "、".join(options_of(target).values())
        raise Refused(
            f"粘贴的内容没有表头，有 {len(values)} 列数值，不知道各是什么；"
            f"连表头一起复制，或者只留 {len(options)} 列：{labels}",
            f"what was pasted has no heading and {len(values)} columns of values; copy the heading too, or only the "
            f"{len(options)} columns {labels}",
        )
    texts = [""] * len(rows[0])
    for at, option in zip(values, options, strict=True):
        texts[at] = _header(target, option, units)
    heading = Sheet("", "", [texts], Looked()).rows
    return heading[0]


def _counts_rows(texts: Sequence[str]) -> bool:
    """Whether a column numbers the rows: 1, 2, 3 …"""
    return len(texts) > 1 and [bare(text) for text in texts] == [str(at + 1) for at in range(len(texts))]


def _heading(target: Target, units: Mapping[str, str]) -> list[str]:
    return [CODE, NAME, *(_header(target, option, units) for option in options_of(target))]


def _header(target: Target, option: str, units: Mapping[str, str]) -> str:
    return f"{options_of(target)[option]}（{shown_unit(units.get(option) or target.unit_text)}）"
