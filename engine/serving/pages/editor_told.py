"""What the language service says, as the editor in the browser takes it: plain values, positions in units of UTF-16.

In: a snapshot, a file of it, places in the text as a browser counts them.  Out: values for JSON; texts in the language
of the reader.
Imports editing, utf16 and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from engine.diagnostics import Diagnostic, Severity, shortened
from engine.editing.actions import all_fixes
from engine.editing.completion import complete
from engine.editing.formatting import format_file, line_edits
from engine.editing.hover import hover
from engine.editing.items import Item
from engine.editing.occurrences import Index
from engine.editing.signature import signature
from engine.editing.tokens import tokens
from engine.editing.workspace import File, Snapshot
from engine.fixes import TextEdit, apply_edits, certain_fix
from engine.messages import CODES
from engine.policy.hygiene.settings import DEFAULTS
from engine.records import dataclass
from engine.say import Say
from engine.source import Source, Span
from engine.utf16 import Units, units_in

MOST_OFFERED: Final = 100
"""completions of one place; who types one letter more sees others"""
MOST_ELSEWHERE: Final = 20
"""errors of other files that are told beside those of the file that is edited"""

Value = dict[str, object]
GRADES: Final = {
    Severity.ERROR: ("错误", "error"),
    Severity.WARNING: ("提醒", "warning"),
    Severity.INFO: ("提示", "note"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of the text that is edited, or, with a `file`, of another one.

    Attributes:
        start, end: in characters.
        fix: the one certain repair; what it puts there stands in `title`.
        may_leave: whether it may be left out for a reason, as findings of hygiene may.
    """

    code: str
    severity: str
    grade: str
    message: str
    help: tuple[str, ...]
    related: tuple[str, ...]
    file: str
    line: int
    start: int
    end: int
    fix: TextEdit | None = None
    title: str = ""
    may_leave: bool = False


# ---- what is wrong


def problems_of(file: File, found: Iterable[Diagnostic], say: Say, *, may_leave: bool = True) -> tuple[Problem, ...]:
    """
    Args:
        may_leave: whether who asks may lay down what is left out.
    """
    told = (_problem(one, file.source, say) for one in shortened(found))
    return tuple(replace(one, may_leave=one.may_leave and may_leave) for one in told)


def elsewhere(file: File, found: Mapping[Path, Sequence[Diagnostic]], say: Say) -> tuple[Problem, ...]:
    """Errors of other files: they may come of what was just written here."""
    others = (one for path, own in found.items() if path != file.path for one in own)
    errors = (one for one in others if one.severity is Severity.ERROR)
    return tuple(problem_elsewhere(one, say) for one in islice(errors, MOST_ELSEWHERE))


def problem_elsewhere(one: Diagnostic, say: Say) -> Problem:
    return _problem(one, None, say)


def _problem(one: Diagnostic, source: Source | None, say: Say) -> Problem:
    """Args:
    source: the text that is edited; None for that of another file.
    """
    span, language = one.span, say.language
    here = span is not None and source is not None and span.source.text == source.text
    edit = certain_fix(one) if here else None
    written = "" if edit is None else edit.text.strip() or repr(edit.text)
    return Problem(
        one.code,
        one.severity.value,
        say(*GRADES[one.severity]),
        one.message(language) if span is not None or not one.path else f"{one.path}: {one.message(language)}",
        one.help_lines(language),
        tuple(f"{place.line_place}: {CODES[code].message(language, {})}" for code, place in one.related),
        one.file,
        1 if span is None else span.line,
        span.start if span is not None and here else 0,
        span.end if span is not None and here else 0,
        edit,
        say(f"改为 {written}", f"change to {written}") if edit is not None else "",
        here and one.code in DEFAULTS,
    )


def summary_of(problems: Sequence[Problem], others: Sequence[Problem], say: Say) -> str:
    """`2 个错误，1 个提醒`, or that there is nothing."""
    counted = {word: sum(one.severity == word.value for one in problems) for word in Severity}
    names = {
        Severity.ERROR: ("{} 个错误", "errors: {}"),
        Severity.WARNING: ("{} 个提醒", "warnings: {}"),
        Severity.INFO: ("{} 个提示", "notes: {}"),
    }
    parts = [say(*names[word]).format(count) for word, count in counted.items() if count]
    if others:
        parts.append(say(f"其他文件 {len(others)} 个错误", f"errors in other files: {len(others)}"))
    return say("，", ", ").join(parts) if parts else say("没有发现问题", "nothing was found to be wrong")


def problems_json(
    file: File, problems: Sequence[Problem], others: Sequence[Problem], say: Say, href: Callable[[str, int], str]
) -> Value:
    """Args:
    href: the address of a line of a file.
    """
    units = Units(file.source.text)
    return {
        "summary": summary_of(problems, others, say),
        "problems": [
            {**_json(one), **_stretch(units, one.start, one.end), "fixes": _fixes(one, units), "leave": one.may_leave}
            for one in problems
        ],
        "elsewhere": [
            {**_json(one), "place": f"{one.file}:{one.line}", "href": href(one.file, one.line)} for one in others
        ],
    }


def _json(one: Problem) -> Value:
    return {
        "code": one.code,
        "severity": one.severity,
        "grade": one.grade,
        "message": one.message,
        "help": [*one.help, *one.related],
        "line": one.line,
    }


def _fixes(one: Problem, units: Units) -> list[Value]:
    return [] if one.fix is None else [{"title": one.title, "edits": [_edit(one.fix, units)]}]


def _stretch(units: Units, start: int, end: int) -> Value:
    return {"from": units.units(start), "to": units.units(end)}


def _edit(edit: TextEdit, units: Units) -> Value:
    return {**_stretch(units, edit.span.start, edit.span.end), "text": edit.text}


def edits_json(file: File, edits: Iterable[TextEdit], told: str) -> Value:
    units = Units(file.source.text)
    return {"edits": [_edit(one, units) for one in edits], "told": told}


# ---- while somebody writes


def completion_json(snapshot: Snapshot, file: File, at: int, say: Say) -> Value:
    units = Units(file.source.text)
    offset = units.offset(at)
    items = complete(snapshot, file, offset, say.language)[:MOST_OFFERED]
    span = items[0].span if items else Span(file.source, offset, offset)
    return {**_stretch(units, span.start, span.end), "items": [_item(one, units) for one in items]}


def _item(item: Item, units: Units) -> Value:
    caret = item.insert if item.caret is None else item.insert[: item.caret]
    return {
        **_stretch(units, item.span.start, item.span.end),
        "label": item.label,
        "detail": item.detail,
        "documentation": item.documentation,
        "insert": item.insert,
        "caret": units_in(caret),
    }


def hover_json(snapshot: Snapshot, file: File, at: int, say: Say) -> Value:
    units = Units(file.source.text)
    found = hover(snapshot, file, units.offset(at), say.language)
    return {} if found is None else {**_stretch(units, found.span.start, found.span.end), "text": found.text}


def signature_json(snapshot: Snapshot, file: File, at: int, say: Say) -> Value:
    found = signature(snapshot, file, Units(file.source.text).offset(at), say.language)
    if found is None:
        return {}
    form = found.forms[found.form]
    start, end, told = form.places[found.place] if found.place < len(form.places) else (0, 0, "")
    label = Units(form.label)
    return {**_stretch(label, start, end), "label": form.label, "place": told, "documentation": form.documentation}


def looks_json(snapshot: Snapshot, file: File) -> Value:
    """What each word is, so that it is coloured by it."""
    units = Units(file.source.text)
    found = tokens(Index(snapshot), file)
    return {"looks": [[units.units(one.span.start), units.units(one.span.end), one.look] for one in found]}


# ---- what is done to a whole text


def formatting(snapshot: Snapshot, file: File, say: Say) -> tuple[tuple[TextEdit, ...], str]:
    """The edits, and what is to be said of them."""
    edits = format_file(snapshot, file)
    none = say(
        "没有改动：已经合乎格式，或者还有错误要先改正", "nothing to change: it is in form, or has errors to mend first"
    )
    return edits, say("已经排好格式", "set in form") if edits else none


def repairs(snapshot: Snapshot, file: File, say: Say) -> tuple[tuple[TextEdit, ...], str]:
    """Every certain repair, likewise."""
    edits = tuple(line_edits(file.source, apply_edits(file.source.text, all_fixes(snapshot, file))))
    none = say("没有改法确定的错误", "there is nothing that can be repaired with certainty")
    return edits, say("改法确定的都改好了", "repaired what can be repaired with certainty") if edits else none
