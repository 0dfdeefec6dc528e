"""A year's figures taken into a draft: read from cells or a file, held against what is published, checked, written.

In: a snapshot of the rules, a place's document, a parameter, a notice, a table.  Out: `Read`, what a file holds;
`Preview`, what would be written and what it changes. Nothing is written here: a preview holds the texts.
The reader is that of `doudi new values`. Imports tables, changes, editing, writing, policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from engine import disk
from engine.diagnostics import Diagnostic, Reporter, Severity, errors_in
from engine.editing.workspace import File, Snapshot
from engine.policy.document import Document
from engine.policy.files import shown_path
from engine.policy.table_file import Grid, read_grids
from engine.records import dataclass
from engine.serving.standards.changes import Changes, changes
from engine.serving.standards.tables import Cells, cells_of, typed
from engine.tree import Mapping as Map
from engine.tree import Scalar
from engine.tree import Sequence as Listed
from engine.writing.columns import Target
from engine.writing.new_values import (
    NewValues,
    Notice,
    Reading,
    new_values,
    parameter_of,
    pick_grid,
    target_for,
    told_anew,
)
from engine.writing.refused import Refused
from engine.writing.standards import read_standards
from engine.writing.text_file import TextFile


@dataclass(frozen=True, slots=True)
class Place:
    """Where figures go: the overlay of a place, as it stands in the draft, and what it may be given."""

    snapshot: Snapshot
    document: Document
    file: File
    target: Target

    @property
    def path(self) -> Path:
        return self.file.path

    @property
    def text(self) -> TextFile:
        return TextFile(self.file.name, self.file.source.text)

    def starts(self) -> tuple[str, ...]:
        """The days on which its own blocks begin."""
        tree = self.document.tree
        held = tree.get("set") if isinstance(tree, Map) else None
        blocks = held.get(self.target.parameter.id) if isinstance(held, Map) else None
        items = blocks.items if isinstance(blocks, Listed) else () if blocks is None else (blocks,)
        days = (item.get("from") for item in items if isinstance(item, Map))
        return tuple(day.text for day in days if isinstance(day, Scalar))


def place_of(snapshot: Snapshot, document: str, parameter: str, reading: Reading | None = None) -> Place:
    """
    Raises: Refused where the document may not set the parameter, or its values are not amounts by county.
    """
    library = snapshot.library
    held = library.documents.get(document)
    file = next((one for one in snapshot.files.values() if one.is_document and one.id == document), None)
    if held is None or file is None or held.is_root:
        raise Refused(f"没有名为 {document} 的文件", f"there is no file {document}")
    wanted = parameter_of(library, held, parameter)
    target = target_for(library, held, wanted, reading or Reading())
    match target:
        case Target():
            return Place(snapshot, held, file, target)
    raise Refused(
        f"“{wanted.label}”不是按县（市、区）的数额表，请在“规则”里编辑",
        f"“{wanted.label}” is no table of amounts by county; edit it under “rules”",
    )


# ---- reading a file


@dataclass(frozen=True, slots=True)
class Read:
    """`cells` as a form holds them, None after a fault; `grid` the table that the faults are about."""

    cells: Cells | None
    grid: Grid | None
    found: tuple[Diagnostic, ...]


def read_upload(place: Place, data: bytes, name: str, sheet: str, start: date) -> Read:
    """What an uploaded workbook or CSV file holds.

    Raises: Refused where a sheet has to be chosen.
    """
    report = Reporter()
    grids = read_grids(data, name, report)
    grid = pick_grid(grids, place.target, sheet) if grids else None
    return Read(None, None, report.diagnostics) if grid is None else read_grid(place, grid, start, report)


def read_grid(place: Place, grid: Grid, start: date, report: Reporter | None = None) -> Read:
    """What a table holds; values far off others are taken, and named by the preview."""
    report = report or Reporter()
    if grid.hidden_sheets:
        report.tell("sheets-hidden", grid.rows[0][0].span, names="、".join(grid.hidden_sheets))
    found = read_standards(grid, place.target, report, start, confirmed=True)
    return Read(None if found is None else cells_of(found), grid, report.diagnostics)


# ---- what would be written


@dataclass(frozen=True, slots=True)
class Preview:
    """
    Attributes:
        grid: the cells of the form as a table, which the faults are told at.
        before, after: the overlay's text. table: the path of the new table; `old_table` its text so far, None for none.
        changes: None where the policies cannot be put together.
        found: errors keep it from being written; whatever else is told.
    """

    grid: Grid
    found: tuple[Diagnostic, ...]
    before: str = ""
    after: str = ""
    table: Path | None = None
    table_text: str = ""
    old_table: str | None = None
    changes: Changes | None = None

    @property
    def may_be_written(self) -> bool:
        return self.table is not None and not errors_in(self.found)


def preview(place: Place, cells: Cells, notice: Notice, title: str, *, confirmed: bool, again: bool) -> Preview:
    """
    Args:
        confirmed: values far off others were checked; without it they are told, and what they change is shown all the
            same.
        again: a block that starts on the same day is written anew.
    Raises: Refused where the overlay has no place for the block.
    """
    grid = typed(place.target, cells, title)
    if len(grid.rows) < 2:
        raise Refused("一个数值也没有填", "no value was given")
    report = Reporter()
    made = _made(place, grid, notice, report, confirmed=confirmed, again=again)
    if made is None and not confirmed:
        shown = Reporter()
        made = _made(place, grid, notice, shown, confirmed=True, again=again)
        report.extend(one for one in shown if one.severity is not Severity.ERROR)
    if made is None:
        return Preview(grid, report.diagnostics)
    return _previewed(place, made, notice, grid, report.diagnostics)


def _made(
    place: Place, grid: Grid, notice: Notice, report: Reporter, *, confirmed: bool, again: bool
) -> NewValues | None:
    texts = place.snapshot.texts
    return new_values(
        place.document,
        place.text,
        place.target.parameter,
        place.target,
        grid,
        notice,
        report,
        confirmed=confirmed,
        again=again,
        taken_name=lambda path: disk.taken(path) or disk.real(path) in texts,
    )


def _previewed(place: Place, made: NewValues, notice: Notice, grid: Grid, found: Sequence[Diagnostic]) -> Preview:
    before = place.snapshot
    now = before.with_text(place.path, made.overlay.text).with_text(made.table, made.text)
    name = shown_path(made.table, place.document.root)
    new = errors_in(told_anew(before.slices.check_all(None), now.slices.check_all(None)))
    every = (*found, *made.told_at_cells(new, name, place.text))
    merged = [snapshot.merged(place.file) for snapshot in (before, now)]
    divisions = place.target.counties
    told = None
    if merged[0] is not None and merged[1] is not None:
        told = changes(merged[0], merged[1], place.target.parameter.id, divisions, notice.start)
    real = disk.real(made.table)
    held = before.files.get(real)
    text = None if held is None else held.source.text
    return Preview(grid, every, place.text.text, made.overlay.text, real, made.text, text, told)
