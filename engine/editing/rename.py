"""Another id, or another name, everywhere or nowhere.

In: an `Index`, a file, an offset and the new word.  Out: `Renaming`, edits of all files that speak of the thing; or
`Refused`, with the reason. What was edited is read again before it is offered: every word must mean what it meant.
Imports clashes, occurrences, references, scopes, things, workspace, language (words) and the ground floor.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engine.editing.clashes import refusal
from engine.editing.declared import PLACES
from engine.editing.occurrences import Index
from engine.editing.refused import Refused
from engine.editing.scopes import words
from engine.editing.things import Occurrence, Thing
from engine.editing.workspace import File, Snapshot
from engine.gathered import gathered
from engine.records import dataclass
from engine.source import Span
from engine.tree import Mapping as Map

_FIXED = {
    "county": ("行政区划的代码和名称由国家公布", "codes and names of places are published by the state"),
    "assumption": ("适用说明没有标识，请直接改它的文字", "an assumption has no id; change its text itself"),
    "table": ("文件改名请在文件夹里改", "a file is renamed in its folder"),
}


@dataclass(frozen=True, slots=True)
class Edit:
    path: Path
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Renaming:
    """What is renamed, and all edits that it takes, in order; none of them meets another."""

    thing: Thing
    edits: tuple[Edit, ...]

    def texts(self) -> Mapping[Path, str]:
        """The files as they are then."""
        return {path: applied(edits) for path, edits in gathered((one.path, one) for one in self.edits).items()}


def applied(edits: Sequence[Edit]) -> str:
    """The text of the file that the edits are of, with them."""
    text = edits[0].span.source.text
    for one in sorted(edits, key=lambda one: one.span.start, reverse=True):
        text = text[: one.span.start] + one.text + text[one.span.end :]
    return text


def renamable(index: Index, file: File, offset: int) -> Occurrence | Refused:
    """The word that would be renamed."""
    spoken = index.at(file, offset)
    if spoken is None:
        return Refused("这里没有可以改名的内容", "nothing here can be renamed")
    thing = spoken.things[0]
    if len(spoken.things) > 1:
        places = tuple(dict.fromkeys(one.key.line_place for one in spoken.things))
        return Refused(
            f"`{spoken.text}` 在这里指几项内容（{'、'.join(places)}），请到要改的那一项的声明处改",
            f"`{spoken.text}` means several things here ({', '.join(places)}); rename at the declaration of the one "
            "you mean",
        )
    if thing.kind == "column" and thing.id in (*PLACES, "value"):
        return Refused("这一列的列名是固定的", "the name of this column is fixed")
    if thing.kind in _FIXED:
        return Refused(*_FIXED[thing.kind])
    if not spoken.is_plain:
        return _hidden(spoken)
    return _sealed(index, file, thing) or spoken


def rename(index: Index, file: File, offset: int, new: str) -> Renaming | Refused:
    """Args:
    new: the new id where the word there is an id, else the new name.
    """
    spoken = renamable(index, file, offset)
    if isinstance(spoken, Refused):
        return spoken
    thing, old, new = spoken.things[0], spoken.text, new.strip()
    if new == old:
        return Renaming(thing, ())
    meant = [one for one in index.every(thing) if one.text == old or old not in words(thing)]
    refused = refusal(index, thing, old, new) or _unread(index, thing, old, new) or _unclear(index, meant)
    if refused is not None:
        return refused
    if old == thing.id and old == thing.name:  # the label is a text of its own, which happens to say the same
        meant = [one for one in meant if not (one.declares and one.span == thing.name_at)]
    renaming = Renaming(thing, tuple(_edits(meant, new)))
    before = index.snapshot
    after = Snapshot(before.folders, {**before.texts, **renaming.texts()}, before, gone=before.gone)
    return _changed(index, after, renaming) or _worse(before, after) or renaming


def _edits(meant: Sequence[Occurrence], new: str) -> Iterator[Edit]:
    places = dict.fromkeys((str(one.path), one.span.start, one.path, one.span) for one in meant)
    for *_, path, span in sorted(places, key=lambda place: place[:2]):
        yield Edit(path, span, new)


# ---- why not


def _sealed(index: Index, file: File, thing: Thing) -> Refused | None:
    """What stands in a document below belongs to it, unless that opens it to this one."""
    if file.kind != "overlay" or thing.document in ("", file.id) or thing.document not in index.line(file.id):
        return None
    below = (one for one in index.every(thing) if one.path != file.path and one.path in index.files)
    if any(_in_local(index.files[one.path], one) for one in below):
        return None
    place = thing.key.line_place
    return Refused(
        f"`{thing.id}` 是 {thing.document} 规定的，没有开放给本文件；请到 {place} 改",
        f"`{thing.id}` is laid down by {thing.document} and not open to this file; rename it at {place}",
    )


def _in_local(file: File, one: Occurrence) -> bool:
    held = file.tree.get("local") if isinstance(file.tree, Map) else None
    return held is not None and held.span.start <= one.span.start < held.span.end


def _hidden(one: Occurrence) -> Refused:
    place = one.span.line_place
    return Refused(
        f"{place} 的 `{one.text}` 是用转义或另一种写法写的，改不了；先改成直接写的",
        f"`{one.text}` at {place} is written with escapes or in another form; write it plainly first",
    )


def _unclear(index: Index, meant: Sequence[Occurrence]) -> Refused | None:
    for one in meant:
        place = one.span.line_place
        shared = any(other.span == one.span and other.things != one.things for other in index.in_file(one.path))
        if len(one.things) > 1 or shared:
            return Refused(
                f"{place} 的 `{one.text}` 同时指别的内容，改了就不再指它们",
                f"`{one.text}` at {place} means other things too, which it would no longer mean",
            )
        if not one.sure:
            return Refused(
                f"{place} 的表达式有语法错误，看不清 `{one.text}` 指什么；先改好它",
                f"the expression at {place} cannot be parsed, so what `{one.text}` means is not known; mend it first",
            )
        if not one.is_plain:
            return _hidden(one)
    return None


def _unread(index: Index, thing: Thing, old: str, new: str) -> Refused | None:
    """A file that speaks of it, or may do so, and that cannot be read."""
    word = re.compile(rf"(?<!\w)(?:{re.escape(old)}|{re.escape(new)})(?!\w)")
    for file in index.files.values():
        if not file.sound and word.search(file.source.text):
            return Refused(
                f"{file.name} 里有 `{old}` 这个词，但这个文件现在读不了；先改好它",
                f"{file.name} holds the word `{old}` but cannot be read as it is; mend it first",
            )
    if thing.kind in ("fact", "collection", "option", "column", "term"):
        for path, span in index.unread:
            if thing.kind in ("option", "column") or span.text.endswith(".json"):
                return Refused(
                    f"{span.line_place} 指的文件 {span.text} 在这里读不了，里面可能也有 `{old}`",
                    f"the file {span.text} named at {span.line_place} cannot be read here and may hold `{old}` too",
                )
            del path
    return None


def _changed(index: Index, snapshot: Snapshot, renaming: Renaming) -> Refused | None:
    """The first word that would mean something else than before."""
    after = Index(snapshot, index)
    shifts = {path: _Shift(edits) for path, edits in gathered((one.path, one) for one in renaming.edits).items()}
    for path in (*index.files, *(other for other in index.others if index.others[other] is not None)):
        edited = {one.span.start: one.text for one in renaming.edits if one.path == path}
        wanted = {_outline(one, shifts, edited.get(one.span.start)) for one in index.in_file(path)}
        found = {_outline(one, {}) for one in after.in_file(path)}
        if wanted != found:
            start = min((start for start, *_ in wanted ^ found), default=0)
            line = after.text_of(path)[:start].count("\n") + 1
            return Refused(
                f"改名以后，{path.name}:{line} 的意思会变：新的词在那里已有别的意思，或不能这样写",
                f"{path.name}:{line} would then mean something else: the new word has another meaning there, "
                "or cannot be written so",
            )
    return None


def _worse(before: Snapshot, after: Snapshot) -> Refused | None:
    """The first fault that there was none of before: two documents that have to call something alike, say."""
    known = Counter(one.code for told in before.diagnostics().values() for one in told)
    for told in after.diagnostics().values():
        for one in told:
            known[one.code] -= 1
            if known[one.code] < 0:
                place = "" if one.span is None else one.span.line_place
                return Refused(f"改名以后会有错：{place} {one.message('zh')}", f"then {place} {one.message('en')}")
    return None


@dataclass(slots=True)
class _Shift:
    """Where an offset of a file is after its edits."""

    edits: Sequence[Edit]

    def __call__(self, offset: int) -> int:
        moved = (len(one.text) - (one.span.end - one.span.start) for one in self.edits if one.span.end <= offset)
        return offset + sum(moved)


def _outline(
    one: Occurrence, shifts: Mapping[Path, _Shift], text: str | None = None
) -> tuple[int, str, bool, frozenset[tuple[Path, int]]]:
    """An occurrence by places alone, as they are after the edits, and its text (`text` where that is edited)."""

    def moved(path: Path, offset: int) -> int:
        return shifts[path](offset) if path in shifts else offset

    things = frozenset((thing.path, moved(thing.path, thing.key.start)) for thing in one.things)
    return moved(one.path, one.span.start), one.text if text is None else text, one.declares, things
