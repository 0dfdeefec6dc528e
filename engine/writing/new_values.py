"""A year's values taken over from the bureau's own table.

In: the overlay, the table's grids, and what the notice says of itself.  Out: the CSV to be kept beside the policy and
the overlay's file with one more block, or Diagnostics at the cells. Amounts by county are read as `standards`, whose
columns may be given by month and by year at once; tables by anything else as `keyed`.
Imports standards, keyed, insert, home, policy, language and the ground floor.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from engine import disk
from engine.diagnostics import Diagnostic, Reporter
from engine.language.types import Choice, Place, Quantity
from engine.language.units import ONE, declared_in, parse_unit
from engine.policy.csv_table import read_rows
from engine.policy.document import Document
from engine.policy.keys import declared_key, key_type
from engine.policy.loader import Library
from engine.policy.model import MergedPolicy, Parameter
from engine.policy.overlay import merge
from engine.policy.table_file import Grid
from engine.records import dataclass
from engine.source import Source, Span
from engine.suggest import nearest
from engine.tree import Mapping as Map
from engine.tree import Scalar
from engine.tree import Sequence as Listed
from engine.writing.amounts import shown_unit
from engine.writing.columns import Target
from engine.writing.headings import By, KeyedTarget, has_heading
from engine.writing.home import counties_of, merged_below
from engine.writing.insert import insert_block
from engine.writing.keyed import CODE, NAME, Keyed, read_keyed
from engine.writing.refused import Refused
from engine.writing.standards import Column, holds_places, read_standards
from engine.writing.text_file import TextFile
from engine.writing.yaml_text import yaml_text

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
    """`table` is the new CSV file, which holds what was `taken`; `overlay` the overlay's file with the block."""

    table: Path
    taken: Keyed
    overlay: TextFile
    by_county: bool

    @property
    def text(self) -> str:
        """Of the CSV file."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header for header, _ in self.taken.columns)
        writer.writerows([cell.text for cell in row] for row in self.taken.rows)
        return out.getvalue()

    def told_at_cells(self, found: Iterable[Diagnostic], name: str, old: TextFile) -> list[Diagnostic]:
        """Faults of the new table, which is called `name`, at the cells of the bureau's that they were read from; those
        of the block, which `old` lacks, at the heading."""
        rows = read_rows(Source(name, self.text), Reporter()) or []
        cells = (
            pair
            for row, origin in zip(rows[1:], self.taken.rows, strict=True)
            for pair in zip(row, origin, strict=False)
        )
        spans = {cell.span.start: taken.span for cell, taken in cells}
        starts = sorted(spans)
        text = self.overlay.text
        begin = text.rfind("\n", 0, _alike(old.text, text)) + 1
        end = len(text) - _alike(old.text[begin:][::-1], text[begin:][::-1])

        def moved(span: Span) -> Span:
            if span.source.name == name:
                at = bisect_right(starts, span.start)
                return spans[starts[at - 1]] if at else span
            in_block = span.source.name == self.overlay.name and begin <= span.start < end
            return self.taken.top if in_block else span

        return [
            replace(
                one,
                span=None if one.span is None else moved(one.span),
                related=tuple((code, moved(span)) for code, span in one.related),
            )
            for one in found
        ]


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def parameter_of(library: Library, document: Document, named: str) -> Parameter:
    """The parameter whose values are given: the one named, or the only one with keys that the overlay may set, one by
    county before all others."""
    below = merged_below(library, document)
    places = _place_facts(below)
    opened = {
        name: held
        for name, guard in below.local.set.items()
        if guard.effect != "sealed" and (held := below.elements.parameters.get(name)) is not None and held.by
    }
    for name, one in opened.items():
        if named and named in (name, one.name, one.label):
            return one
    if named:
        guess = nearest(named, opened)
        raise Refused(
            f"`{document.header.id}` 不能设定 `{named}`" + (f"；是不是想写 {guess}？" if guess else ""),
            f"`{document.header.id}` may not set `{named}`" + (f"; did you mean {guess}?" if guess else ""),
        )
    fitting = {name: one for name, one in opened.items() if places & set(one.by)} or opened
    if len(fitting) != 1:
        names = " ".join(fitting)
        raise Refused(
            f"用 --parameter 指明哪个参数：{names}" if names else "没有列成表、可以设定的参数",
            f"choose with --parameter: {names}" if names else "no parameter that has a table may be set",
        )
    return next(iter(fitting.values()))


def _place_facts(merged: MergedPolicy) -> set[str]:
    return {fact.id for fact in merged.elements.facts.values() if fact.role == "place" or isinstance(fact.type, Place)}


def target_for(library: Library, document: Document, parameter: Parameter, reading: Reading) -> Target | KeyedTarget:
    """What the table is read for: amounts by county and one choice at most, or anything else by its keys."""
    chain = library.chain(library.line_to(document.header.id))
    merged = merged_below(library, document) if chain is None else merge(chain, Reporter())
    parameter = merged.elements.parameters.get(parameter.id, parameter)
    jurisdiction = str(document.header.jurisdiction)
    counties = counties_of(merged, document.header.jurisdiction)
    by = tuple(_by(merged, name) for name in parameter.by)
    places = [one for one in by if isinstance(one.type, Place)]
    others = [one for one in by if not isinstance(one.type, Place)]
    choices = [one.type for one in others if isinstance(one.type, Choice)]
    is_standard = places and len(others) < 2 and len(choices) == len(others) and isinstance(parameter.type, Quantity)
    options = {option: label for choice in choices for option, label in choice.options}
    keys = () if is_standard else (parameter.id, *(one.id for one in others))
    _check_words(reading.columns, (*options, *keys) or (parameter.id,))
    unit = parameter.type.unit if isinstance(parameter.type, Quantity) else ONE
    if reading.unit and parse_unit(reading.unit, declared_in(unit.dimension)) is None:
        raise Refused(f"不认识单位 {reading.unit}", f"unknown unit {reading.unit}")
    if not is_standard:
        units = document.tree.span.source.units
        return KeyedTarget(parameter, by, jurisdiction, counties, reading.columns, reading.unit, units)
    return Target(
        parameter,
        unit,
        jurisdiction,
        counties,
        places[0].id,
        "".join(one.id for one in others),
        options,
        reading.columns,
        reading.unit,
    )


def _by(merged: MergedPolicy, name: str) -> By:
    held = declared_key(merged.elements, name)
    assert held is not None, "the policy was checked"
    names = tuple(one for one in (held.label, held.name, name, held.id) if one)
    fact = merged.elements.facts.get(name)
    kind = merged.divisions.kind if fact is not None and fact.role == "place" else key_type(merged.elements, name)
    return By(name, names, kind, held.unit_text)


def _check_words(columns: Mapping[str, tuple[str, ...]], known: Sequence[str]) -> None:
    for word, option in ((word, option) for word, named in columns.items() for option in named):
        if option not in known:
            raise Refused(
                f"--column {word}={option}：可选 {' '.join(known)}",
                f"--column {word}={option}: options are {' '.join(known)}",
            )


def pick_grid(grids: Sequence[Grid], target: Target | KeyedTarget, sheet: str) -> Grid | None:
    """The sheet asked for, or the only one that holds such a table; the first where none does, so that this is told."""
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
    fitting = [grid for grid in grids if grid.rows and _is_such(grid, target)]
    if len(fitting) > 1:
        names = "、".join(grid.name for grid in fitting)
        raise Refused(
            f"几张工作表里都有这样的表，用 --sheet 指明：{names}",
            f"several sheets hold such a table, choose with --sheet: {names}",
        )
    return fitting[0] if fitting else next((grid for grid in grids if grid.rows), None)


def _is_such(grid: Grid, target: Target | KeyedTarget) -> bool:
    match target:
        case Target():
            return holds_places(grid, target)
        case KeyedTarget():
            return has_heading(grid.rows, target)


def new_values(
    document: Document,
    file: TextFile,
    parameter: Parameter,
    target: Target | KeyedTarget,
    grid: Grid,
    notice: Notice,
    report: Reporter,
    *,
    confirmed: bool = False,
    again: bool = False,
    taken_name: Callable[[Path], bool] = disk.taken,
) -> NewValues | None:
    """The two files; None after a fault in the table.

    Args:
        grid: read with the units of the document.
        again: a block that starts on the same day, and its table, are written anew.
        taken_name: whether there is a file of that name, where not all of them lie on the disk.
    Raises: Refused where the overlay has no place for the block, or the CSV's name is taken.
    """
    if grid.hidden_sheets:
        report.tell("sheets-hidden", grid.rows[0][0].span, names="、".join(grid.hidden_sheets))
    match target:
        case Target():
            named = document.header.id
            taken = _standards(grid, target, report, notice.start, confirmed=confirmed)
        case KeyedTarget():
            named = f"{document.header.id}-{parameter.id}"
            taken = read_keyed(grid, target, report, notice.start, confirmed=confirmed)
    if taken is None:
        return None
    if taken.columns[0][0] == CODE and not notice.partial:
        given = {row[0].text for row in taken.rows}
        lacking = "、".join(one.name for one in target.counties if one.code not in given)
        if lacking:
            report.tell("places-without-row", grid.rows[0][0].span, places=lacking, start=str(notice.start))
    tree = document.tree
    assert isinstance(tree, Map), "an overlay is a mapping"
    folder, name = _table_place(tree, parameter.id, document, named, notice.start, taken_name, again=again)
    block = _block(taken, notice, f"{folder}/{name}")
    changed = insert_block(file, tree, parameter.id, notice.start, block, partial=notice.partial, again=again)
    return NewValues(document.root / folder / name, taken, changed, by_county=isinstance(target, Target))


def _standards(grid: Grid, target: Target, report: Reporter, start: date, *, confirmed: bool) -> Keyed | None:
    """A row for each county, a column for each option."""
    found = read_standards(grid, target, report, start, confirmed=confirmed)
    if found is None:
        return None
    top = grid.rows[0][0]
    said = ((one, f"{target.option_key}: {one.option}, " if one.option else "") for one in found.columns)
    columns = ((_header(one, target), f"{{{key}unit: {one.unit}}}") for one, key in said)
    rows = (
        tuple(Scalar(top.span, text) for text in (one.code, one.name, *amounts))  # of no use: each cell was checked
        for one, amounts in found.rows
    )
    return Keyed(((CODE, target.place_key), (NAME, ""), *columns), tuple(rows), top.span)


def _table_place(
    tree: Map,
    parameter: str,
    document: Document,
    named: str,
    start: date,
    taken_name: Callable[[Path], bool],
    *,
    again: bool,
) -> tuple[str, str]:
    """The folder of the parameter's other tables, and a name that is free; the block's own, where it is written
    again."""
    held = tree.get("set")
    blocks = held.get(parameter) if isinstance(held, Map) else None
    tables = [
        (_text(block.get("from")), table.text)
        for block in (blocks.items if isinstance(blocks, Listed) else ())
        if isinstance(block, Map) and isinstance(table := block.get("table"), Scalar)
    ]
    own = next((path for day, path in tables if again and day == start.isoformat()), "")
    folder = (own or tables[-1][1]).rpartition("/")[0] if tables else _FOLDER
    if own:
        return folder or ".", own.rpartition("/")[2]
    for name in (f"{named}-{start.year}.csv", f"{named}-{start}.csv"):
        if not taken_name(document.root / folder / name):
            return folder or ".", name
    taken = document.root / folder / name
    raise Refused(f"已经有 {taken}，没有覆盖", f"{taken} exists and was not overwritten")


def _text(held: object) -> str:
    return held.text if isinstance(held, Scalar) else ""


def told_anew(before: Iterable[Diagnostic], now: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What a check says now and did not say before, wherever lines have moved to."""
    held = Counter((one.code, one.params) for one in before)
    seen: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    new: list[Diagnostic] = []
    for one in now:
        seen[one.code, one.params] += 1
        if seen[one.code, one.params] > held[one.code, one.params]:
            new.append(one)
    return new


def _header(column: Column, target: Target) -> str:
    return f"{target.options.get(column.option, target.label)}（{shown_unit(column.unit)}）"


def _block(found: Keyed, notice: Notice, table: str) -> list[str]:
    lines = [f"from: {notice.start}"]
    lines += [f"published: {notice.published}"] * (notice.published is not None)
    lines += [f"document: {yaml_text(notice.document)}"] * bool(notice.document)
    lines += [f"source: {yaml_text(notice.source)}"] * bool(notice.source)
    lines += [f"grade: {notice.grade}"] * bool(notice.grade)
    lines += ["partial: yes"] * notice.partial
    lines += [f"table: {table}", "columns:"]
    return lines + [f"  {yaml_text(header)}: {said}" for header, said in found.columns if said]
