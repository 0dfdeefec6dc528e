"""A year's standards taken over from the bureau's own table.

In: the overlay, the table's grids, and what the notice says of itself.  Out: the CSV to be kept beside the policy and
the overlay's file with one more block, or Diagnostics at the cells. Counties that the table leaves out are told of.
Imports standards, columns, insert, home, policy, language and the ground floor.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path

from engine import disk
from engine.diagnostics import Reporter
from engine.language.types import Choice, Place, Quantity
from engine.language.units import declared_in, parse_unit
from engine.policy.keys import key_type
from engine.policy.loader import Document, Library
from engine.policy.model import MergedPolicy, Parameter
from engine.policy.overlay import merge
from engine.policy.table_file import Grid
from engine.records import dataclass
from engine.suggest import nearest
from engine.tree import Mapping as Map
from engine.tree import Scalar
from engine.tree import Sequence as Listed
from engine.writing.amounts import shown_unit
from engine.writing.columns import Target
from engine.writing.home import counties_of, merged_below
from engine.writing.insert import insert_block
from engine.writing.refused import Refused
from engine.writing.standards import Column, Standards, holds_places, read_standards
from engine.writing.text_file import TextFile
from engine.writing.yaml_text import yaml_text

_CODE, _NAME = "区划代码", "区县"
_FOLDER = "standards"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says of itself, as the block will."""

    start: date
    document: str = ""
    published: date | None = None
    source: str = ""
    grade: str = ""
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is to be read where it does not say so itself.

    `confirmed`: a value far off those beside it was checked, and is so.
    """

    sheet: str = ""
    unit: str = ""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class NewValues:
    """`table` is the new CSV file; `overlay` the overlay's file with the block."""

    table: Path
    text: str
    overlay: TextFile
    counties: int
    values: int


def parameter_of(library: Library, document: Document, named: str) -> Parameter:
    """The parameter whose values are given: the one named, or the only one by county that the overlay may set."""
    below = merged_below(library, document)
    places = _place_facts(below)
    opened = {
        name: below.elements.parameters[name]
        for name, guard in below.local.set.items()
        if guard.effect != "sealed" and name in below.elements.parameters
    }
    fitting = {name: one for name, one in opened.items() if places & set(one.by)}
    for name, one in opened.items():
        if named in (name, one.name, one.label) and one.by:
            if name not in fitting:
                raise _not_so_read(one)
            return one
    if named:
        guess = nearest(named, fitting)
        raise Refused(
            f"`{document.header.id}` 不能设定 `{named}`" + (f"；是不是想写 {guess}？" if guess else ""),
            f"`{document.header.id}` may not set `{named}`" + (f"; did you mean {guess}?" if guess else ""),
        )
    if len(fitting) != 1:
        names = " ".join(fitting)
        raise Refused(
            f"用 --parameter 指明哪个参数：{names}" if names else "没有按县（市、区）取值、可以设定的参数",
            f"choose with --parameter: {names}" if names else "no parameter by county may be set",
        )
    return next(iter(fitting.values()))


def _not_so_read(parameter: Parameter) -> Refused:
    """Ranges, counts and years: their tables have no row for each county."""
    by, columns = " ".join(parameter.by), ", ".join(f"…: {key}" for key in (*parameter.by, "value"))
    return Refused(
        f"`{parameter.id}` 按 {by} 取值，不能从这样的表里读；把表存成 CSV，在 set 里写 table 和 columns: {{{columns}}}",
        f"`{parameter.id}` is keyed by {by}, which such a table cannot give: save it as CSV, and write under `set` its "
        f"`table` and `columns: {{{columns}}}`",
    )


def _place_facts(merged: MergedPolicy) -> set[str]:
    return {fact.id for fact in merged.elements.facts.values() if fact.role == "place" or isinstance(fact.type, Place)}


def target_for(library: Library, document: Document, parameter: Parameter, reading: Reading) -> Target:
    chain = library.chain(library.line_to(document.header.id))
    merged = merged_below(library, document) if chain is None else merge(chain, Reporter())
    others = [name for name in parameter.by if name not in _place_facts(merged)]
    kinds = [key_type(merged.elements, name) for name in others]
    if len(others) > 1 or len(kinds) != len(others) or not all(isinstance(kind, Choice) for kind in kinds):
        raise _not_so_read(parameter)
    options = dict(kinds[0].options) if kinds and isinstance(kinds[0], Choice) else {}
    for word, option in ((word, option) for word, named in reading.columns.items() for option in named):
        if option not in (options or (parameter.id,)):
            raise Refused(
                f"--column {word}={option}：可选 {' '.join(options) or parameter.id}",
                f"--column {word}={option}: options are {' '.join(options) or parameter.id}",
            )
    if not isinstance(parameter.type, Quantity):
        raise Refused(f"`{parameter.id}` 不是数额，请手写", f"`{parameter.id}` is no amount: write it by hand")
    counties = counties_of(merged, document.header.jurisdiction)
    if reading.unit and parse_unit(reading.unit, declared_in(parameter.type.unit.dimension)) is None:
        raise Refused(f"不认识单位 {reading.unit}", f"unknown unit {reading.unit}")
    return Target(
        merged.elements.parameters.get(parameter.id, parameter),
        parameter.type.unit,
        str(document.header.jurisdiction),
        counties,
        next(name for name in parameter.by if name not in others),
        "".join(others),
        options,
        reading.columns,
        reading.unit,
    )


def pick_grid(grids: Sequence[Grid], target: Target, sheet: str) -> Grid | None:
    """The sheet asked for, or the only one that names counties; the first where none does, so that this is told."""
    if sheet:
        found = next((grid for grid in grids if grid.name == sheet), None)
        if found is None:
            names = "、".join(grid.name for grid in grids)
            if any(sheet in grid.hidden_sheets for grid in grids):
                raise Refused(
                    f"工作表 {sheet} 是隐藏的，没有读；先在 Excel、WPS 里取消隐藏",
                    f"the sheet {sheet} is hidden and was not read; unhide it first",
                )
            raise Refused(f"没有工作表 {sheet}，有 {names}", f"there is no sheet {sheet}; there are {names}")
        return found
    fitting = [grid for grid in grids if holds_places(grid, target)]
    if len(fitting) > 1:
        names = "、".join(grid.name for grid in fitting)
        raise Refused(
            f"几张工作表里都有县（市、区），用 --sheet 指明：{names}",
            f"several sheets name counties, choose with --sheet: {names}",
        )
    return fitting[0] if fitting else next((grid for grid in grids if grid.rows), None)


def new_values(
    document: Document,
    file: TextFile,
    parameter: Parameter,
    target: Target,
    grid: Grid,
    notice: Notice,
    report: Reporter,
    *,
    confirmed: bool = False,
) -> NewValues | None:
    """The two files; None after a fault in the table.

    Raises: Refused where the overlay has no place for the block, or the CSV's name is taken.
    """
    if grid.hidden_sheets:
        report.tell("sheets-hidden", grid.rows[0][0].span, names="、".join(grid.hidden_sheets))
    found = read_standards(grid, target, report, notice.start, confirmed=confirmed)
    if found is None:
        return None
    given = {one.code for one, _ in found.rows}
    lacking = [one.name for one in target.counties if one.code not in given]
    if lacking and not notice.partial:
        place = grid.rows[0][0]
        report.tell("places-without-row", place.span, places="、".join(lacking), start=str(notice.start))
    tree = document.tree
    assert isinstance(tree, Map), "an overlay is a mapping"
    folder, name = _table_place(tree, parameter.id, document, notice.start)
    block = _block(found, target, notice, f"{folder}/{name}")
    changed = insert_block(file, tree, parameter.id, notice.start, block, partial=notice.partial)
    return NewValues(document.root / folder / name, _table(found, target), changed, len(found.rows), found.values)


def _table_place(tree: Map, parameter: str, document: Document, start: date) -> tuple[str, str]:
    """The folder of the parameter's other tables, and a name that is free."""
    held = tree.get("set")
    blocks = held.get(parameter) if isinstance(held, Map) else None
    paths = [
        table.text
        for block in (blocks.items if isinstance(blocks, Listed) else ())
        if isinstance(block, Map) and isinstance(table := block.get("table"), Scalar)
    ]
    folder = paths[-1].rpartition("/")[0] if paths else _FOLDER
    for name in (f"{document.header.id}-{start.year}.csv", f"{document.header.id}-{start}.csv"):
        if not disk.taken(document.root / folder / name):
            return folder or ".", name
    taken = document.root / folder / name
    raise Refused(f"已经有 {taken}，没有覆盖", f"{taken} exists and was not overwritten")


def _header(column: Column, target: Target) -> str:
    return f"{target.options.get(column.option, target.label)}（{shown_unit(column.unit)}）"


def _block(found: Standards, target: Target, notice: Notice, table: str) -> list[str]:
    lines = [f"from: {notice.start}"]
    lines += [f"published: {notice.published}"] * (notice.published is not None)
    lines += [f"document: {yaml_text(notice.document)}"] * bool(notice.document)
    lines += [f"source: {yaml_text(notice.source)}"] * bool(notice.source)
    lines += [f"grade: {notice.grade}"] * bool(notice.grade)
    lines += ["partial: yes"] * notice.partial
    lines += [f"table: {table}", "columns:", f"  {_CODE}: {target.place_key}"]
    for column in found.columns:
        key = f"{target.option_key}: {column.option}, " if column.option else ""
        lines.append(f"  {yaml_text(_header(column, target))}: {{{key}unit: {column.unit}}}")
    return lines


def _table(found: Standards, target: Target) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_CODE, _NAME, *(_header(column, target) for column in found.columns)])
    writer.writerows([one.code, one.name, *amounts] for one, amounts in found.rows)
    return out.getvalue()
