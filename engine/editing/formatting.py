"""A file set in form, as `doudi fmt` does it: the edits that an editor makes for the whole file or for some lines.

In: a snapshot, a file and perhaps a stretch of it.  Out: edits; none where the file has faults, is no file of ours, or
is in form.
Imports writing, workspace and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from engine.diagnostics import Reporter
from engine.editing.workspace import File, Snapshot
from engine.fixes import TextEdit, apply_edits
from engine.source import Source, Span
from engine.writing.formatting import formatted, units_among
from engine.writing.text_file import TextFile


def format_file(snapshot: Snapshot, file: File) -> tuple[TextEdit, ...]:
    """Edits of whole lines."""
    return tuple(line_edits(file.source, _in_form(snapshot, file, file.source.text)))


def format_range(snapshot: Snapshot, file: File, start: int, end: int) -> tuple[TextEdit, ...]:
    """Those edits that lie within the lines of a stretch; none where they do not stand by themselves, as when a key
    moves out of the stretch."""
    text = file.source.text
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", max(start, end - 1))
    last = len(text) if last < 0 else last + 1
    whole = _in_form(snapshot, file, text)
    edits = tuple(edit for edit in line_edits(file.source, whole) if first <= edit.span.start and edit.span.end <= last)
    if not edits or _in_form(snapshot, file, apply_edits(text, edits)) == whole:
        return edits
    return ()


def _in_form(snapshot: Snapshot, file: File, text: str) -> str:
    roots = [TextFile(one.name, one.source.text) for one in snapshot.files.values() if one.kind == "policy"]
    return formatted(TextFile(file.name, text, units=units_among(roots)), Reporter()).text


def line_edits(source: Source, after: str) -> Iterator[TextEdit]:
    """What makes one text of another, by whole lines: whoever stands elsewhere in it stays there."""
    if after == source.text:
        return
    old, new = source.text.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, first, last, begin, end in matcher.get_opcodes():
        if kind != "equal":
            yield TextEdit(Span(source, starts[first], starts[last]), "".join(new[begin:end]))
