"""The form of a new year: what was posted, as a notice and cells; what is lacking, told at its field.

In: posted fields.  Out: `Form`, and `FieldFault`s. Dates may be written as notices write them, digits full-width.
Imports tables, policy (cells), writing and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from typing import Final

from engine.policy.cells import day_text
from engine.records import dataclass
from engine.serving.standards.tables import Cells, last_units, options_of, unit_choices
from engine.writing.columns import Target
from engine.writing.new_values import Notice, Reading

MAX_FIELD: Final = 500
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_GRADES: Final = ("", "A", "B", "C")


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with a field of a form, by the field's name."""

    field: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Form:
    """As typed, so that nothing typed is lost by a fault.

    Attributes:
        words: what headers call each option, by option, for a table whose headers the reader does not know.
        unit: of columns of a file that state none.
    """

    start: str = ""
    document: str = ""
    published: str = ""
    source: str = ""
    grade: str = ""
    partial: bool = False
    confirmed: bool = False
    again: bool = False
    unit: str = ""
    sheet: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    cells: Cells = Cells({}, {})

    def day(self) -> date | None:
        """The first day, where it is one."""
        return day_in(self.start)

    def reading(self) -> Reading:
        columns = {word: (option,) for option, text in self.words.items() for word in text.split()}
        return Reading(self.sheet, self.unit, columns, self.confirmed)


def day_in(text: str) -> date | None:
    """`2026-01-01`, `2026/1/1`, `2026年1月1日`, also in full-width digits."""
    found = day_text(text.strip())
    return None if found is None else date.fromisoformat(found)


def form_of(fields: Mapping[str, str], target: Target) -> Form:
    def text(name: str) -> str:
        return fields.get(name, "").strip()[:MAX_FIELD]

    options = options_of(target)
    units = {option: _unit(fields.get(unit_field(option), ""), option, target) for option in options}
    amounts = {
        (place.code, option): typed[:MAX_FIELD]
        for place in target.counties
        for option in options
        if (typed := fields.get(cell_field(place.code, option), "").strip())
    }
    return Form(
        text("start"),
        text("document"),
        text("published"),
        text("source"),
        grade if (grade := text("grade")) in _GRADES else "",
        "partial" in fields,
        "confirmed" in fields,
        "again" in fields,
        unit if (unit := text("unit")) in unit_choices(target) else "",
        text("sheet"),
        {option: text(word_field(option)) for option in target.options},
        Cells(units, amounts),
    )


def _unit(chosen: str, option: str, target: Target) -> str:
    return chosen if chosen in unit_choices(target) else last_units(target)[option]


def cell_field(code: str, option: str) -> str:
    return f"v.{code}.{option}"


def unit_field(option: str) -> str:
    return f"u.{option}"


def word_field(option: str) -> str:
    return f"w.{option}"


def notice_of(form: Form) -> tuple[Notice | None, tuple[FieldFault, ...]]:
    """The notice, None where something is wrong with it."""
    faults = tuple(_faults(form))
    start = form.day()
    if faults or start is None:
        return None, faults
    published = day_in(form.published) if form.published else None
    return Notice(start, form.document, published, form.source, form.grade, form.partial), ()


def _faults(form: Form) -> Iterator[FieldFault]:
    if not form.start:
        yield FieldFault("start", "写上从哪一天起施行", "say from which day it is in force")
    elif form.day() is None:
        yield FieldFault(
            "start", f"“{form.start}”不是日期，写成 2026-01-01", f"“{form.start}” is no date, write 2026-01-01"
        )
    if form.published and day_in(form.published) is None:
        yield FieldFault(
            "published",
            f"“{form.published}”不是日期，写成 2026-01-01，不知道就空着",
            f"“{form.published}” is no date, write 2026-01-01, or leave it empty",
        )
    if not form.document and not form.source:
        yield FieldFault(
            "document", "文号和来源网址至少写一项", "give the notice's number, or the address where it was found"
        )
    for name, text in (("document", form.document), ("source", form.source)):
        if _CONTROL.search(text):
            yield FieldFault(name, "里面有看不见的字符，删去重写", "it holds characters that cannot be seen; retype it")
    if form.source and not re.match(r"https?://\S+\Z", form.source):
        yield FieldFault("source", "网址以 http:// 或 https:// 开头", "an address begins with http:// or https://")
