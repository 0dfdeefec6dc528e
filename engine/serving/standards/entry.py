"""The page of a new year: the form as it is, what was read into it, what it would change.

In: a place, what was posted.  Out: `Entry`, which the template shows. Imports fields, tables, taking, told and below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from engine.policy.rows import rows_of_parameter
from engine.records import dataclass
from engine.say import Say
from engine.serving.standards.fields import FieldFault, Form, cell_field, notice_of
from engine.serving.standards.tables import Cells, headed, last_units, options_of, pasted
from engine.serving.standards.taking import Place, Preview, Read, place_of, preview, read_grid, read_upload
from engine.serving.standards.told import Told, told
from engine.writing.refused import Refused


@dataclass(frozen=True, slots=True)
class Upload:
    """What a file or a pasted text brings; `data` is None where no file was chosen."""

    pasted: str = ""
    data: bytes | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    Attributes:
        last: by county and option, what is in force before the new year begins.
        faults: of fields of the notice.
        trouble: why nothing came of what was asked, in a sentence; "" where something did.
        read: what is told of a file or a pasted text; `was_read` what came of it.
    """

    place: Place
    form: Form
    last: Mapping[str, Mapping[str, str]]
    faults: tuple[FieldFault, ...] = ()
    trouble: str = ""
    read: tuple[Told, ...] = ()
    was_read: str = ""
    preview: Preview | None = None
    told: tuple[Told, ...] = ()
    pasted: str = ""

    @property
    def may_be_written(self) -> bool:
        return self.preview is not None and self.preview.may_be_written and not self.faults

    @property
    def cell_faults(self) -> dict[str, Told]:
        """The faults of cells, by their fields: the table of the preview has a row for each county that was given."""
        if self.preview is None:
            return {}
        options = list(options_of(self.place.target))
        found: dict[str, Told] = {}
        for one in self.told:
            at = ord(one.column) - ord("C") if len(one.column) == 1 else -1
            if one.row > 1 and 0 <= at < len(options):
                code = self.preview.grid.rows[one.row - 1][0].text
                found.setdefault(cell_field(code, options[at]), one)
        return found


def blank(place: Place, again: str, today: date) -> Entry:
    """The form before anything was typed, or, `again`, with the block of that day, to be put right."""
    cells = Cells(last_units(place.target), _of_block(place, again))
    return as_filled(place, Form(start=again, again=bool(again), cells=cells), today)


def _of_block(place: Place, start: str) -> dict[tuple[str, str], str]:
    target, own = place.target, place.document.header.id
    found = {}
    for block in target.parameter.blocks:
        if block.origin.policy == own and str(block.origin.start) == start:
            for key, cell in block.cells.items():
                parts = dict(zip(target.parameter.by, key, strict=True))
                found[str(parts[target.place_key]), str(parts.get(target.option_key, ""))] = cell.text.partition(" ")[0]
    return found


def as_filled(place: Place, form: Form, today: date) -> Entry:
    target, day = place.target, form.day() or today
    rows = rows_of_parameter(target.parameter)
    last = {
        one.code: {
            option: held.text for option in options_of(target) if (held := target.last(rows, one.code, option, day))
        }
        for one in target.counties
    }
    return Entry(place, form, last)


def read(place: Place, form: Form, upload: Upload, today: date, say: Say) -> Entry:
    """The form with what a file or a pasted text brings."""
    entry = replace(as_filled(place, form, today), pasted=upload.pasted)
    try:
        found = _read(place, form, upload, form.day() or today, say)
    except Refused as refused:
        return replace(entry, trouble=say(refused.zh, refused.en))
    faults = told(found.found, found.grid, say)
    if found.cells is None:
        trouble = say("没有读进来，按下面指出的格子改好再试", "nothing was read; mend the cells named below")
        return replace(entry, read=faults, trouble=trouble)
    filled = replace(form, cells=Cells({**form.cells.units, **found.cells.units}, found.cells.amounts))
    start, document = ("", "") if found.grid is None else headed(found.grid)
    filled = replace(filled, start=form.start or start, document=form.document or document)
    taken = [text for text, own in ((start, form.start), (document, form.document)) if text and not own]
    was_read = _count(found.cells, say) + _heading(taken, say)
    return replace(entry, form=filled, read=faults, was_read=was_read, pasted="")


def _heading(taken: Sequence[str], say: Say) -> str:
    """What was filled in of the notice."""
    if not taken:
        return ""
    names = say.names(taken)
    return say(f"；{names} 取自表格的标题，请核对", f"; {names} was taken from the title of the table, check it")


def _read(place: Place, form: Form, upload: Upload, start: date, say: Say) -> Read:
    header, parameter = place.document.header, place.target.parameter
    place = place_of(place.snapshot, header.id, parameter.id, form.reading())
    if upload.data is not None:
        return read_upload(place, upload.data, upload.name, form.sheet, start)
    if upload.pasted.strip():
        title = say("粘贴的内容", "what was pasted")
        return read_grid(place, pasted(place.target, upload.pasted, form.cells.units, title), start)
    raise Refused("选一个文件，或者把表格粘贴进来", "choose a file, or paste a table")


def _count(cells: Cells, say: Say) -> str:
    filled = [key for key, text in cells.amounts.items() if text]
    places = len({code for code, _ in filled})
    return say(
        f"读到 {places} 个县（市、区）、{len(filled)} 个数值，已填进下面的表格",
        f"{places} counties, {len(filled)} values were read into the cells below",
    )


def previewed(place: Place, form: Form, today: date, say: Say) -> Entry:
    """The form with what it would change."""
    entry = as_filled(place, form, today)
    notice, faults = notice_of(form)
    if notice is None:
        return replace(entry, faults=faults)
    title = say("填写的表", "the form")
    try:
        made = preview(place, form.cells, notice, title, confirmed=form.confirmed, again=form.again)
    except Refused as refused:
        return replace(entry, trouble=say(refused.zh, refused.en))
    return replace(entry, preview=made, told=told(made.found, made.grid, say))
