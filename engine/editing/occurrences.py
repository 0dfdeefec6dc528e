"""Every place where something is declared or spoken of, in all files of a snapshot: what definition, references,
rename, symbols, hints and tokens rest on.

In: a `Snapshot`.  Out: an `Index`, worked out file by file when it is first asked for.
Imports declared, mentions, mentions_cases, scopes, things, recovering, workspace and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import is_
from pathlib import Path
from typing import TypeAlias

from engine import disk
from engine.editing.declared import declared_in, places_in
from engine.editing.mentions import mentioned_in
from engine.editing.mentions_cases import mentioned_in_cases
from engine.editing.mentions_values import Neighbours
from engine.editing.recovering import recover
from engine.editing.scopes import Scope
from engine.editing.things import Occurrence, Thing, entries, piece
from engine.editing.workspace import File, Snapshot
from engine.gathered import gathered
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.records import dataclass
from engine.source import Source, Span
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree
from engine.tree import Sequence as Items

_SHARED = ("document", "base", "case", "table", "column", "fact", "collection", "option", "parameter")
"""kinds that files speak of that stand in no line with what declares them"""


@dataclass(frozen=True, slots=True, eq=False)
class _Spoken:
    """What a file declares and speaks of, and what that rests on.

    Attributes:
        here: of it what stands in the file itself, in order; the rest stands in tables and in households.
        scope, shared: what words meant, in its line and elsewhere.
        read: the files beside it that were looked into.
        unread: where it names one that nobody can look into.
    """

    file: File
    every: tuple[Occurrence, ...]
    here: tuple[Occurrence, ...]
    scope: Scope | None
    shared: frozenset[tuple[str, str, str]]
    read: Mapping[Path, File | None]
    unread: Sequence[tuple[Path, Span]]
    things: frozenset[int]
    """the identities of all that it speaks of; they live as long as this does"""


_Parts: TypeAlias = tuple[tuple[Thing, ...], ...]


class Index:
    """Holds caches; what they hold never changes once made.

    Args:
        before: an index whose work may be taken over where it rests on nothing that changed.

    Attributes:
        others: household files in JSON that cases name; no files of the snapshot.
    """

    def __init__(self, snapshot: Snapshot, before: Index | None = None) -> None:
        self.snapshot = snapshot
        self.files = snapshot.files
        self.others: dict[Path, File | None] = {}
        self._roots = tuple(disk.real(folder) for folder in snapshot.folders)
        self._places: dict[tuple[File, str], tuple[Thing, ...]] = {}
        self._scopes: dict[str, tuple[_Parts, Scope]] = {}
        self._spoken: dict[Path, _Spoken] = {}
        # what may be taken over; the index before is not kept itself, or none would ever go
        self._declared_before: Mapping[File, tuple[Thing, ...]] = {}
        self._places_before: Mapping[tuple[File, str], tuple[Thing, ...]] = {}
        self._scopes_before: Mapping[str, tuple[_Parts, Scope]] = {}
        self._spoken_before: Mapping[Path, _Spoken] = {}
        self._others_before: Mapping[Path, File | None] = {}
        if before is not None:
            self._declared_before = {before.files[path]: held for path, held in before._declared.items()}
            self._places_before = before._places
            self._scopes_before = {**before._scopes_before, **before._scopes}
            self._spoken_before = {**before._spoken_before, **before._spoken}
            self._others_before = {**before._others_before, **before.others}

    # ---- asking

    def at(self, file: File, offset: int) -> Occurrence | None:
        """What the word at an offset, or the one that ends there, speaks of; the narrowest where they lie in one
        another."""
        held = [one for one in self.of(file) if one.span.start <= offset <= one.span.end]
        return min(held, key=lambda one: (one.span.end == offset, one.span.end - one.span.start), default=None)

    def of(self, file: File) -> Sequence[Occurrence]:
        """What stands in a file, in order; what stands in a table, other files say."""
        return self._by_file.get(file.path, ()) if file.kind == "table" else self._spoken_of(file).here

    def in_file(self, path: Path) -> Sequence[Occurrence]:
        """What stands in a file, one of a household too."""
        return self._by_file.get(path, ())

    def text_of(self, path: Path) -> str:
        file = self.files.get(path) or self.others.get(path)
        return "" if file is None else file.source.text

    def declared_by(self, file: File) -> Sequence[Thing]:
        return self._declared.get(file.path, ())

    def every(self, thing: Thing) -> Sequence[Occurrence]:
        """Where a thing is declared and spoken of, in all files."""
        return self._by_thing.get(thing, ())

    @property
    def unread(self) -> Sequence[tuple[Path, Span]]:
        """Where files are named that nobody can look into here."""
        return [one for file in self.files.values() for one in self._spoken_of(file).unread]

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        return tuple(one for path in self.files for one in self._declared[path])

    def scope(self, id_: str) -> Scope:
        """What a word may mean in a document: in it and in all below it."""
        if id_ not in self._scopes:
            parts = tuple(part for document in self.line(id_) for part in self._parts.get(document, ()))
            self._scopes[id_] = self._made(id_, parts)
        return self._scopes[id_][1]

    def _made(self, id_: str, parts: _Parts) -> tuple[_Parts, Scope]:
        before = self._scopes_before.get(id_)
        if before is not None and len(before[0]) == len(parts) and all(map(is_, before[0], parts)):
            return before
        return parts, Scope(thing for part in parts for thing in part)

    @property
    def documents(self) -> Iterable[str]:
        """The ids of all documents."""
        return self._documents

    def line(self, id_: str) -> tuple[str, ...]:
        """The documents from the root up to one, amendments included: those whose elements it may name."""
        up: list[str] = []
        while id_ in self._documents and id_ not in up:
            up.append(id_)
            id_ = _text(self._documents[id_], "amends")
        return tuple(dict.fromkeys(each for one in reversed(up) for each in (one, *self._amendments.get(one, ()))))

    # ---- documents

    @cached_property
    def _declared(self) -> Mapping[Path, tuple[Thing, ...]]:
        before = self._declared_before
        return {path: before[file] if file in before else declared_in(file) for path, file in self.files.items()}

    @cached_property
    def _documents(self) -> Mapping[str, File]:
        """Those that have an id."""
        return {file.id: file for file in self.files.values() if file.is_document and file.id}

    @cached_property
    def _amendments(self) -> Mapping[str, Sequence[str]]:
        held = (
            (_text(one, "amends"), id_) for id_, one in self._documents.items() if _text(one, "role") == "amendment"
        )
        return gathered(held)

    @cached_property
    def _parts(self) -> Mapping[str, _Parts]:
        """What each document declares, and the places of its territory."""
        found: dict[str, _Parts] = {}
        for id_, file in self._documents.items():
            named = file.tree.get("territory") if isinstance(file.tree, Map) else None
            table = self._neighbours().table(file, named) if isinstance(named, Scalar) else None
            places = () if table is None or table.kind != "table" else self._places_in(table, id_)
            found[id_] = (self._declared[file.path], places) if places else (self._declared[file.path],)
        return found

    def _places_in(self, table: File, document: str) -> tuple[Thing, ...]:
        key = table, document
        if key not in self._places:
            self._places[key] = self._places_before.get(key) or tuple(places_in(table, document))
        return self._places[key]

    @cached_property
    def everything(self) -> Scope:
        """What any file declares."""
        own = [part for parts in self._parts.values() for part in parts]
        others = [self._declared[path] for path, file in self.files.items() if not file.is_document]
        found = self._scopes[""] = self._made("", (*own, *others))
        return found[1]

    @cached_property
    def _shared(self) -> frozenset[tuple[str, str, str]]:
        return frozenset(self.everything.all_words(_SHARED))

    @cached_property
    def _alive(self) -> frozenset[int]:
        return frozenset(map(id, self.everything.things))

    # ---- occurrences

    def _neighbours(self) -> Neighbours:
        return Neighbours(self.files, self._roots, self._household)

    def _spoken_of(self, file: File) -> _Spoken:
        if file.path not in self._spoken:
            before = self._spoken_before.get(file.path)
            kept = before is not None and before.file is file and self._stands(before)
            self._spoken[file.path] = before if kept and before is not None else self._speak(file)
        return self._spoken[file.path]

    def _stands(self, held: _Spoken) -> bool:
        """Whether all that was looked at is what it was, and every thing is still there."""
        if held.file.kind == "settings":
            return False
        scope = self.scope(held.file.id) if held.scope is not None else None
        return (
            held.scope is scope
            and held.shared == self._shared
            and all(self._beside(path) is file for path, file in held.read.items())
            and held.things <= self._alive
        )

    def _beside(self, path: Path) -> File | None:
        return self.files.get(path) if path.suffix != ".json" else self._household(path)

    def _speak(self, file: File) -> _Spoken:
        neighbours = self._neighbours()
        scope = self.scope(file.id) if file.is_document or file.kind == "cases" else None
        found = list(_declarations(self._declared[file.path]))
        if scope is not None and file.is_document:
            if self._documents.get(file.id) is file:
                found += _declarations(thing for part in self._parts[file.id][1:] for thing in part)
            found += mentioned_in(file, scope, self.everything, neighbours)
        elif scope is not None:
            found += mentioned_in_cases(file, scope, self.everything, neighbours)
        elif file.kind == "settings":
            found += self._settings(file)
        every = tuple(dict.fromkeys(found))
        here = tuple(sorted((one for one in every if one.path == file.path), key=_place))
        things = frozenset(id(thing) for one in every for thing in one.things)
        return _Spoken(file, every, here, scope, self._shared, neighbours.read, neighbours.unread, things)

    @cached_property
    def _by_file(self) -> Mapping[Path, Sequence[Occurrence]]:
        found = gathered((one.path, one) for file in self.files.values() for one in self._spoken_of(file).every)
        return {path: sorted(dict.fromkeys(held), key=_place) for path, held in found.items()}

    @cached_property
    def _by_thing(self) -> Mapping[Thing, Sequence[Occurrence]]:
        return gathered((thing, one) for held in self._by_file.values() for one in held for thing in one.things)

    def _settings(self, file: File) -> Iterator[Occurrence]:
        """Which document a setting is about, and the place in it that `element` leads to, key by key."""
        for path, key, value in entries(file.tree):
            match path:
                case ("policies", str(id_)) if key is not None:
                    yield from _said(file, key, id_, 0, self.everything.find("document", id_))
                case ("policies", str(id_), "zeros", int()) if isinstance(value, Scalar):
                    found = self.scope(id_).main(value.text, "parameter")
                    yield from _said(file, value, value.text, 0, found)
                case ("suppress", int()) if isinstance(value, Map):
                    named, element = value.get("policy"), value.get("element")
                    if not isinstance(named, Scalar):
                        continue
                    yield from _said(file, named, named.text, 0, self.everything.find("document", named.text))
                    document = self._documents.get(named.text)
                    if document is not None and isinstance(element, Scalar):
                        keys = gathered((one.span.start, one) for one in self._spoken_of(document).here)
                        items = {one.whole.start: one for one in self.declared_by(document) if one.whole is not None}
                        yield from _led(file, element, document.tree, keys, items)

    def _household(self, path: Path) -> File | None:
        """A household in JSON, which is YAML too."""
        if path not in self.others:
            self.others[path] = self._read_household(path)
        return self.others[path]

    def _read_household(self, path: Path) -> File | None:
        try:
            text = self.snapshot.library.bytes_of(path, MAX_TABLE_BYTES).decode("utf-8-sig", "replace")
        except disk.DiskFault:  # told where the case is read
            return None
        before = self._others_before.get(path)
        if before is not None and before.source.text == text:
            return before
        root = next((folder for folder in self._roots if folder in path.parents), path.parent)
        source = Source(path.relative_to(root).as_posix(), text)
        return File(path, source.name, source, recover(source), True, "other", "")


def _declarations(things: Iterable[Thing]) -> Iterator[Occurrence]:
    """Where things stand that are declared: their id, and their name where that is written."""
    for thing in things:
        if thing.kind != "table":
            yield Occurrence(thing.path, thing.key, thing.id, (thing,), declares=True)
        if thing.name_at is not None:
            yield Occurrence(thing.path, thing.name_at, thing.name, (thing,), declares=True)


def _said(file: File, scalar: Scalar, text: str, start: int, things: tuple[Thing, ...]) -> Iterator[Occurrence]:
    if things:
        yield Occurrence(file.path, piece(scalar, start, text), text, things)


def _led(
    file: File,
    element: Scalar,
    tree: Tree,
    keys: Mapping[int, Sequence[Occurrence]],
    items: Mapping[int, Thing],
) -> Iterator[Occurrence]:
    """`set.standard[2]`, `causes.illness.conditions.income`, `assumptions[3]`: what stands at each step on the way."""
    text, at = element.text, 0
    while at < len(text):
        if text[at] == ".":
            at += 1
        elif text[at] == "[":
            number, _, _ = text[at + 1 :].partition("]")
            held = tree.items if isinstance(tree, Items) else ()
            if not number.isdigit() or not 0 < int(number) <= len(held):
                return
            tree = held[int(number) - 1]
            if (thing := items.get(tree.span.start)) is not None:
                yield from _said(file, element, number, at + 1, (thing,))
            at += len(number) + 2
        else:
            entries_ = tree.entries if isinstance(tree, Map) else ()
            fitting = [one for one in entries_ if re.match(rf"{re.escape(one[0].text)}(?=[.\[]|\Z)", text[at:])]
            if not fitting:
                return
            key, tree = max(fitting, key=lambda one: len(one[0].text))
            for offset in range(key.span.start, key.span.end):
                for one in keys.get(offset, ()):
                    yield from _said(file, element, one.text, at + offset - key.span.start, one.things)
            at += len(key.text)


def _text(file: File, key: str) -> str:
    held = file.tree.get(key) if isinstance(file.tree, Map) else None
    return held.text.strip() if isinstance(held, Scalar) else ""


def _place(one: Occurrence) -> tuple[int, int]:
    return one.span.start, one.span.end
