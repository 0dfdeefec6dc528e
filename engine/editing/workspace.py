"""Unsaved texts laid over folders: all files as they would be if everything were saved now, and what is wrong in them.

In: policy folders (or files), and texts by path.  Out: a `Snapshot`, which never changes; an edit makes the next one,
which takes over from the one before whatever the edit does not touch.
Imports recovering, testing (reading cases), policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

from engine import disk
from engine.diagnostics import Diagnostic, Reporter, errors_in, sort_key
from engine.editing.cases import CaseBook, Kept, Said
from engine.editing.recovering import recover
from engine.gathered import gathered
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.policy.declared_units import id_of, units_by_document
from engine.policy.document import Known
from engine.policy.files import HYGIENE_FILE, Contents, Listed, is_case_file, listing
from engine.policy.heads import NAMES
from engine.policy.loader import Library, read_library
from engine.policy.model import Chain, MergedPolicy
from engine.policy.overlay import merge
from engine.policy.slices import KnownRules, Slices
from engine.policy.yaml_nodes import decode, read_tree
from engine.records import dataclass
from engine.source import Source, Span, UnitWords
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree

Kind: TypeAlias = Literal["policy", "overlay", "values", "cases", "settings", "table", "other"]

_Which: TypeAlias = Literal["with", "below"]
_WHICH: tuple[_Which, _Which] = ("with", "below")
_FileKey: TypeAlias = tuple[Path, str, bytes, UnitWords]
_Cases: TypeAlias = tuple[Mapping[Path, tuple[Kept, ...]], dict[int, tuple[Tree, Said]]]
_TABLES = (".csv",)
_NOT_ASKED = frozenset({"no-case-found"})
"""what `doudi test` says of a run over nothing: nobody asked for a run"""


@dataclass(frozen=True, slots=True, eq=False)
class File:
    """One file as it stands in a snapshot.

    Attributes:
        path: with all links followed.
        name: what diagnostics call it.
        tree: of a sound file what the reader reads, of any other what can be understood of it; no entries for a table.
        sound: whether the reader of policy files reads it, so that `tree` is what the rest of the engine sees.
        id: of a document its own; of a case file that of the policy it is of; "" where it says none.
    """

    path: Path
    name: str
    source: Source
    tree: Tree
    sound: bool
    kind: Kind
    id: str

    @property
    def is_document(self) -> bool:
        return self.kind in ("policy", "overlay", "values")


@dataclass(frozen=True, slots=True)
class _Lying:
    """A file of the folder `root`, and what it holds."""

    listed: Listed
    root: Path
    data: bytes


def begun(file: File, text: str) -> File:
    """The file with another text, while no snapshot knows of it: what is asked at a keystroke is answered of this file
    against the snapshot of before, which is warm. What the text itself declares is in its tree; what it is, its own
    text says as soon as it does."""
    source = Source(file.name, text, file.source.units)
    if file.kind == "table":
        return replace(file, source=source)
    tree = recover(source)
    kind, id_ = _kind(tree, source, file.kind == "settings")
    kind, id_ = (file.kind, file.id) if kind == "other" else (kind, id_)
    return replace(file, source=source, tree=tree, sound=False, kind=kind, id=id_)


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


class Snapshot:
    """Files as they are on the disk, but for some texts. Holds caches; what they hold never changes once made.

    Args:
        texts: by real path. A path where no file stands is a file that is not saved yet.
        gone: files, by real path, that are to be there no more.
        before: a snapshot whose work may be taken over.
        read: what stood in files when they were read, by real path; others are read when they are asked for.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        texts: Mapping[Path, str],
        before: Snapshot | None = None,
        read: Mapping[Path, bytes] | None = None,
        gone: Set[Path] = frozenset(),
    ) -> None:
        self.folders = tuple(folders)
        self.texts = texts
        self.gone = gone
        self._read = read or {}
        self._contents = {**self._read, **contents_of(texts, gone)}
        self._wanted = True
        self._files: dict[_FileKey, File] = {}
        self._merged: dict[tuple[_Which, str], MergedPolicy | None] = {}
        # what may be taken over; the snapshot before is not kept itself, or none would ever go
        self._known = Known()
        self._known_rules: KnownRules = {}
        self._files_before: Mapping[_FileKey, File] = {}
        self._cases_before: _Cases = ({}, {})
        self._standing: Mapping[tuple[_Which, str], Chain] = {}
        if before is not None:
            self._take_over(before)

    def _take_over(self, before: Snapshot) -> None:
        made = vars(before)
        self._known = before.library.known_now() if "library" in made else before._known
        self._known_rules = before.slices.known_now() if "slices" in made else before._known_rules
        self._files_before = before._files if "files" in made else before._files_before
        cases = before._cases if "_diagnostics" in made else None
        self._cases_before = before._cases_before if cases is None else (cases.kept, cases.said)
        self._standing = before._last_good()

    @classmethod
    def open(cls, folders: Sequence[Path], texts: Mapping[Path, str] | None = None) -> Snapshot:
        return cls(folders, {disk.real(path): text for path, text in (texts or {}).items()})

    def with_text(self, path: Path, text: str | None) -> Snapshot:
        """The next snapshot, in which a file has another text; None for what is on the disk."""
        real = disk.real(path)
        texts = {held: other for held, other in self.texts.items() if held != real}
        texts = texts if text is None else {**texts, real: text}
        return Snapshot(self.folders, texts, self, self._read, self.gone - {real})

    # ---- what there is

    @cached_property
    def library(self) -> Library:
        library = read_library(self.folders, self._contents, self._known)
        library.checkpoint = self._checkpoint
        return library

    @cached_property
    def slices(self) -> Slices:
        return Slices(self.library, known=self._known_rules)

    @cached_property
    def files(self) -> Mapping[Path, File]:
        """Every file that is read, by real path: those that YAML ends, and tables."""
        lying: dict[Path, _Lying] = {}
        for root, one in self._listed():
            if one.kind == "yaml" or (one.kind == "other" and one.path.suffix in _TABLES):
                try:
                    real = disk.real(one.path)
                    if real not in lying:
                        lying[real] = _Lying(one, root, self.library.bytes_of(one.path, MAX_TABLE_BYTES))
                except disk.DiskFault:  # told where it is read
                    continue
        files = {real: self._file(real, one) for real, one in lying.items()}
        documents = {real: file for real, file in files.items() if file.is_document}
        known = [one.tree for one in self.library.documents.values()]
        units = units_by_document([*known, *(file.tree for file in documents.values())])
        own = {real: units[id_] for real, file in documents.items() if (id_ := id_of(file.tree)) in units}
        return files | {real: self._file(real, lying[real], words) for real, words in own.items()}

    def _listed(self) -> Iterator[tuple[Path, Listed]]:
        for folder in self.folders:
            for one in listing(folder, self._contents):
                yield (one.path.parent if one.path == folder else folder), one

    def _file(self, real: Path, lying: _Lying, units: UnitWords = ()) -> File:
        """A file as it was, where its bytes, and the units that it is read with, are what they were."""
        key = (real, lying.listed.name, lying.data, units)
        if key not in self._files:
            held = self._files_before.get(key)
            self._files[key] = held or self._new_file(real, lying, units)
        return self._files[key]

    def _new_file(self, real: Path, lying: _Lying, units: UnitWords) -> File:
        listed, data = lying.listed, lying.data
        if listed.kind == "other":
            table = decode(data, listed.name, Reporter(), limit=MAX_TABLE_BYTES, also="gb18030")
            table = _whatever(data, listed.name, ()) if table is None else table
            return File(real, listed.name, table, Map(Span(table, 0, 0), ()), True, "table", "")
        text = self.library.text_of(listed.path, listed.name, data, units)
        source, tree, found = text.source, text.tree, list(text.found)
        source = _whatever(data, listed.name, units) if source is None else source
        if tree is None and not found:  # a file of cases, which the library leaves alone
            report = Reporter()
            tree, found = read_tree(source, report), list(report)
        sound = tree is not None and not errors_in(found)
        tree = recover(source) if tree is None else tree
        kind, id_ = _kind(tree, source, listed.path == lying.root / HYGIENE_FILE)
        return File(real, listed.name, source, tree, sound, kind, id_)

    # ---- what is wrong

    def diagnostics(self) -> Mapping[Path, tuple[Diagnostic, ...]]:
        """What `doudi check` finds, and what is wrong in case files, by file in the order of printing. What lies in no
        file stands under its folder.

        Raises: Abandoned.
        """
        return self._diagnostics

    def checked(self) -> Mapping[Path, tuple[Diagnostic, ...]]:
        """What `doudi check` finds, which is there in half the time: to be shown while cases are still read.

        Raises: Abandoned.
        """
        return self._by_file(self._checked)

    def beside(self) -> Mapping[tuple[Path, str], bytes | None]:
        """What files of cases read beside themselves, by the file and the name that they give: households and tables,
        as they were when it was found what is wrong in the cases.

        Raises: Abandoned.
        """
        self.diagnostics()
        kept = self._cases.kept.items()
        return {(path, name): data for path, (now, *_) in kept for name, data in now.beside.looked.items()}

    def abandon(self) -> None:
        """Nobody waits for what is wrong here any more: whoever is working it out meets `Abandoned` soon."""
        self._wanted = False

    def _checkpoint(self) -> None:
        if not self._wanted:
            raise Abandoned

    @cached_property
    def _checked(self) -> tuple[Diagnostic, ...]:
        return self.slices.check_all(None, hygiene=True).diagnostics

    @cached_property
    def _cases(self) -> CaseBook:
        return CaseBook(self.slices, *self._cases_before)

    @cached_property
    def _diagnostics(self) -> Mapping[Path, tuple[Diagnostic, ...]]:
        seen = {_fault(one) for one in self._checked}
        cases = self._cases.diagnostics(self.folders, self._checkpoint)
        # what keeps any file from being read is found by both
        more = [one for one in cases if one.code not in _NOT_ASKED and _fault(one) not in seen]
        return self._by_file([*self._checked, *more])

    def _by_file(self, found: Iterable[Diagnostic]) -> Mapping[Path, tuple[Diagnostic, ...]]:
        names: dict[str, Path] = {}
        for path, file in self.files.items():
            names.setdefault(file.name, path)
        elsewhere = self.folders[0] if self.folders else Path()
        by_file = gathered((names.get(one.file, elsewhere), one) for one in found)
        return {path: tuple(sorted(told, key=sort_key)) for path, told in by_file.items()}

    # ---- policies put together

    def merged(self, file: File) -> MergedPolicy | None:
        """The policies up to and with a document, or with the one that cases are of; while it is broken, as they were
        when it was last sound."""
        return self._good("with", file) if file.id else None

    def below(self, file: File) -> MergedPolicy | None:
        """What an overlay is written against: the policies below it; while they are broken, as they were."""
        return self._good("below", file) if file.kind == "overlay" else None

    def _good(self, which: _Which, file: File) -> MergedPolicy | None:
        key = (which, file.id)
        if key not in self._merged:
            chain = self._chain(which, file.id, _amended(file)) or self._standing.get(key)
            self._merged[key] = None if chain is None else merge(chain, Reporter())
        return self._merged[key]

    def _chain(self, which: _Which, id_: str, amends: str) -> Chain | None:
        library = self.library
        named = id_ if which == "with" else amends
        if named not in library.documents:
            return None
        if which == "with":
            return self.slices.chain(library.whole_line(named))
        line = library.line_to(named)
        line = line[: line.index(id_)] if id_ in line else line
        return self.slices.chain(line) if line else None

    def _last_good(self) -> Mapping[tuple[_Which, str], Chain]:
        """What stands in for policies that will be broken: of each chain the last one that was sound."""
        known = {key: merged.chain for key, merged in self._merged.items() if merged is not None}
        if "_checked" in vars(self):  # everything is built anyway
            for id_, document in self.library.documents.items():
                for which in _WHICH:
                    chain = self._chain(which, id_, document.header.amends)
                    if chain is not None:
                        known[which, id_] = chain
        return {**self._standing, **known}


def contents_of(texts: Mapping[Path, str], gone: Set[Path]) -> Contents:
    return {path: text.encode("utf-8", "replace") for path, text in texts.items()} | dict.fromkeys(gone)


def _amended(file: File) -> str:
    written = file.tree.get("amends") if isinstance(file.tree, Map) else None
    return written.text if isinstance(written, Scalar) else ""


def _whatever(data: bytes, name: str, units: UnitWords) -> Source:
    """The text of a file that nobody reads: in another encoding, too large, with characters that may not be there."""
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return Source(name, text, units)


def _fault(one: Diagnostic) -> tuple[object, ...]:
    return one.code, one.place(), one.params


def _kind(tree: Tree, source: Source, settings: bool) -> tuple[Kind, str]:
    """What a file is by what it says of itself, and its id."""
    if settings:
        return "settings", ""
    named = {key: tree.get(key) for key in NAMES} if isinstance(tree, Map) else {}
    for key in ("overlay", "values", "policy"):
        if isinstance(held := named.get(key), Scalar):
            return key, held.text
    if is_case_file(source.text):
        held = tree.get("cases") if isinstance(tree, Map) else None
        return "cases", held.text if isinstance(held, Scalar) else ""
    return "other", ""
