"""Every place where something is declared or spoken of, in all files of a snapshot: what definition, references,
rename, symbols, hints and tokens rest on.

In: a `Snapshot`.  Out: an `Index`, worked out file by file when it is first asked for.
Imports declared, mentions, mentions_cases, scopes, things, recovering, workspace and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from engine import disk
from engine.diagnostics import Reporter
from engine.editing.declared import declared_in, places_in
from engine.editing.mentions import mentioned_in
from engine.editing.mentions_cases import mentioned_in_cases
from engine.editing.mentions_values import Neighbours
from engine.editing.recovering import recover
from engine.editing.scopes import Scope
from engine.editing.things import Occurrence, Thing, entries, piece
from engine.editing.workspace import File, Snapshot
from engine.gathered import gathered
from engine.policy.build_policy import build_units
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.source import Source, Span
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree
from engine.tree import Sequence as Items


class Index:
    """Holds caches; what they hold never changes once made.

    Attributes:
        others: household files in JSON that cases name; no files of the snapshot.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.files = snapshot.files
        self.others: dict[Path, File | None] = {}
        self._roots = tuple(disk.real(folder) for folder in snapshot.folders)
        self._neighbours = Neighbours(self.files, self._roots, self._household)
        self._scopes: dict[str, Scope] = {}

    # ---- asking

    def at(self, file: File, offset: int) -> Occurrence | None:
        """What the word at an offset, or the one that ends there, speaks of; the narrowest where they lie in one
        another."""
        held = [one for one in self.of(file) if one.span.start <= offset <= one.span.end]
        return min(held, key=lambda one: (one.span.end == offset, one.span.end - one.span.start), default=None)

    def of(self, file: File) -> Sequence[Occurrence]:
        """What stands in a file, in order."""
        return self._by_file.get(file.path, ())

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
        _ = self._by_file
        return self._neighbours.unread

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        return tuple(one for path in self.files for one in self._declared[path])

    def scope(self, id_: str) -> Scope:
        """What a word may mean in a document: in it and in all below it."""
        if id_ not in self._scopes:
            own = [one for document in self.line(id_) for one in self._of_document.get(document, ())]
            self._scopes[id_] = Scope((*own, *self._shared))
        return self._scopes[id_]

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
        return {path: declared_in(file) for path, file in self.files.items()}

    @cached_property
    def _documents(self) -> Mapping[str, File]:
        """Those that have an id; their texts are read with the units of their root from here on."""
        found = {file.id: file for file in self.files.values() if file.is_document and file.id}
        for file in found.values():
            root, seen = file, {file.id}
            while (below := found.get(_text(root, "amends"))) is not None and below.id not in seen:
                root = below
                seen.add(root.id)
            stated = root.tree.get("units") if isinstance(root.tree, Map) else None
            file.source.units = build_units(stated, Reporter())
        return found

    @cached_property
    def _amendments(self) -> Mapping[str, Sequence[str]]:
        held = (
            (_text(one, "amends"), id_) for id_, one in self._documents.items() if _text(one, "role") == "amendment"
        )
        return gathered(held)

    @cached_property
    def _of_document(self) -> Mapping[str, Sequence[Thing]]:
        """What each document declares, with the places of its territory."""
        found: dict[str, list[Thing]] = {}
        for id_, file in self._documents.items():
            found[id_] = [*self._declared[file.path]]
            named = file.tree.get("territory") if isinstance(file.tree, Map) else None
            table = self._neighbours.table(file, named) if isinstance(named, Scalar) else None
            if table is not None and table.kind == "table":
                found[id_].extend(places_in(table, id_))
        return found

    @cached_property
    def _shared(self) -> tuple[Thing, ...]:
        """What is known by its file, whichever document speaks of it."""
        kinds = ("table", "column", "base", "case", "document")
        return tuple(one for held in self._declared.values() for one in held if one.kind in kinds)

    @cached_property
    def everything(self) -> Scope:
        """What any document declares."""
        return Scope((*(one for held in self._of_document.values() for one in held), *self._shared))

    # ---- occurrences

    @cached_property
    def _by_file(self) -> Mapping[Path, Sequence[Occurrence]]:
        found = gathered((one.path, one) for one in self._all())
        return {path: sorted(dict.fromkeys(held), key=_place) for path, held in found.items()}

    @cached_property
    def _by_thing(self) -> Mapping[Thing, Sequence[Occurrence]]:
        return gathered((thing, one) for held in self._by_file.values() for one in held for thing in one.things)

    def _all(self) -> Iterator[Occurrence]:
        keys: dict[str, dict[int, list[Occurrence]]] = {}
        yield from _declarations(self._shared)
        for id_, file in self._documents.items():
            spoken = mentioned_in(file, self.scope(id_), self.everything, self._neighbours)
            own = [*_declarations(self._of_document[id_]), *spoken]
            yield from own
            here = (one for one in own if one.path == file.path)
            keys[id_] = gathered((one.span.start, one) for one in here)
        for file in self.files.values():
            if file.kind == "cases":
                yield from mentioned_in_cases(file, self.scope(file.id), self.everything, self._neighbours)
            elif file.kind == "settings":
                yield from self._settings(file, keys)

    def _settings(self, file: File, keys: Mapping[str, Mapping[int, Sequence[Occurrence]]]) -> Iterator[Occurrence]:
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
                        yield from _led(file, element, document.tree, keys.get(named.text, {}))

    def _household(self, path: Path) -> File | None:
        """A household in JSON, which is YAML too."""
        if path not in self.others:
            self.others[path] = None
            try:
                text = self.snapshot.library.bytes_of(path, MAX_TABLE_BYTES).decode("utf-8-sig", "replace")
            except disk.DiskFault:  # told where the case is read
                return None
            source = Source(path.name, text)
            self.others[path] = File(path, path.name, source, recover(source), True, "other", "")
        return self.others[path]


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


def _led(file: File, element: Scalar, tree: Tree, keys: Mapping[int, Sequence[Occurrence]]) -> Iterator[Occurrence]:
    """`set.standard[2]`, `causes.illness.conditions.income`: what stands at each key on the way."""
    text, at = element.text, 0
    while at < len(text):
        if text[at] == ".":
            at += 1
        elif text[at] == "[":
            number, _, _ = text[at + 1 :].partition("]")
            items = tree.items if isinstance(tree, Items) else ()
            if not number.isdigit() or not 0 < int(number) <= len(items):
                return
            tree, at = items[int(number) - 1], at + len(number) + 2
        else:
            held = tree.entries if isinstance(tree, Map) else ()
            fitting = [one for one in held if re.match(rf"{re.escape(one[0].text)}(?=[.\[]|\Z)", text[at:])]
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
