"""Policy folders read: the sole reader of policy files and of the tables beside them.

In: folders and files.  Out: a `Library` of documents by id, each read at once and built when it is first needed, with
the diagnostics of each file kept apart, so that a broken neighbour does not stop a household.
Names of folders, files and the order of reading make no difference.
Imports the build modules, yaml_nodes, schema, resources and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Collection as Codes
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Named
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from engine.diagnostics import Reporter
from engine.policy.build_overlay import build_overlay
from engine.policy.build_policy import build_header, build_policy
from engine.policy.build_values import Context
from engine.policy.consequences import told_once
from engine.policy.csv_table import MAX_TABLE_BYTES, Table, read_table
from engine.policy.files import HYGIENE_FILE, MAX_FILES, is_case_file, shown_path, yaml_files
from engine.policy.model import AddElement, Chain, Collection, Division, Fact, Header, Overlay, Policy
from engine.policy.overlay import merge
from engine.policy.territory import read_divisions
from engine.policy.yaml_nodes import decode, read_tree
from engine.resources import schema
from engine.schema import check_structure
from engine.source import Source, Span
from engine.suggest import nearest
from engine.tree import Mapping, Scalar, Tree

_ID = re.compile(rb"^(?:policy|overlay) *: *[\"']?([a-z][a-z0-9_]*)", re.MULTILINE)
Contents: TypeAlias = Named[Path, bytes]
MAX_RULES = 2_000


@dataclass(slots=True)
class Document:
    """One file: its header at once, the rest when it is built."""

    tree: Tree
    header: Header
    folder: Path
    report: Reporter
    root: Path
    built: Policy | Overlay | None = None
    tried: bool = False
    tables: list[Source] = field(default_factory=list)

    @property
    def is_root(self) -> bool:
        return not self.header.amends


@dataclass(slots=True)
class Library:
    """The documents of some folders, by id. `report` holds what concerns no single document.

    `folders` are those that files were read from, and whether all their files were. `instead` is what to take for the
    content of some files, by resolved path. `unread` are the ids of files that stand there but are no YAML.
    """

    documents: dict[str, Document] = field(default_factory=dict)
    report: Reporter = field(default_factory=Reporter)
    sources: list[Source] = field(default_factory=list)
    folders: dict[Path, bool] = field(default_factory=dict)
    instead: Contents = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def bytes_of(self, file: Path) -> bytes:
        given = self.instead.get(file.resolve()) if self.instead else None
        return file.read_bytes() if given is None else given

    # ---- finding documents

    def roots(self) -> list[Document]:
        return [held for held in self._sorted() if held.is_root]

    def _sorted(self) -> list[Document]:
        return [self.documents[name] for name in sorted(self.documents)]

    def overlays_of(self, id_: str, *, role: str, official: bool = True) -> list[Document]:
        """The overlays that amend a document; amendments in the order in which they take effect."""
        held = [
            document
            for document in self._sorted()
            if document.header.amends == id_
            and document.header.role == role
            and (document.header.origin.status == "official" or not official)
        ]
        return sorted(held, key=_effect_order)

    def root_of(self, id_: str) -> str | None:
        """The root policy under a document; None where the way down is broken or runs in a circle."""
        seen = set()
        while id_ in self.documents and id_ not in seen:
            if self.documents[id_].is_root:
                return id_
            seen.add(id_)
            id_ = self.documents[id_].header.amends
        return None

    def line_to(self, id_: str) -> list[str]:
        """The ids from the root up to a document, amendments of each level included."""
        line: list[str] = []
        while id_ in self.documents and id_ not in line:
            line.append(id_)
            id_ = self.documents[id_].header.amends
        line.reverse()
        with_amendments: list[str] = []
        for name in line:
            if name not in with_amendments:
                with_amendments.append(name)
            for amendment in self.overlays_of(name, role="amendment"):
                if amendment.header.id not in with_amendments:
                    with_amendments.append(amendment.header.id)
        return with_amendments

    def chain_ids(self, named: str, place: str) -> list[str]:
        """The ids of the chain for a place: up to the document named, then the official overlays above it.

        An amendment, where it is named, joins those of what it amends; the overlays above that follow.
        """
        line = self.line_to(named)
        header = self.documents[named].header
        top = header.amends if header.role == "amendment" else named
        while True:
            following = [
                held
                for held in self.overlays_of(top, role="local")
                if place.startswith(held.header.jurisdiction) and held.header.id not in line
            ]
            if not following:
                return line
            top = following[0].header.id
            line.append(top)
            line.extend(amendment.header.id for amendment in self.overlays_of(top, role="amendment"))

    def zones_of(self, root: str) -> frozenset[str]:
        """The codes of the zones that official overlays of a root policy declare; read without building them."""
        codes: set[str] = set()
        for name, document in self.documents.items():
            zones = document.tree.get("zones") if isinstance(document.tree, Mapping) else None
            if isinstance(zones, Mapping) and self.root_of(name) == root:
                codes.update(key.text for key, _ in zones.entries)
        return frozenset(codes)

    def declared_fields(self) -> Iterator[str]:
        """Every field of a household that some document declares: `county`, `vehicles`, `vehicles.price`."""
        for name in sorted(self.documents):
            built = self.build(name)
            if isinstance(built, Policy):
                yield from built.elements.facts
                for collection in built.elements.collections.values():
                    yield from _fields(collection)
            elif isinstance(built, Overlay):
                for change in built.changes:
                    added = change.element if isinstance(change, AddElement) else None
                    if isinstance(added, Fact):
                        yield f"{added.collection}.{added.id}" if added.collection else added.id
                    elif isinstance(added, Collection):
                        yield from _fields(added)

    # ---- building

    def build(self, id_: str) -> Policy | Overlay | None:
        """The document built, with what lies below it built first; None after errors in it."""
        document = self.documents[id_]
        if document.tried:
            return document.built
        document.tried = True
        kind = "policy" if document.is_root else "overlay"
        check_structure(document.tree, schema(kind), document.report)
        _count_rules(document)
        before, document.report = document.report, Reporter()
        if document.is_root:
            built: Policy | Overlay | None = self._build_root(document)
        else:
            built = self._build_overlay(document)
        before.extend(told_once(document.report, before, document.tree))
        document.report = before
        document.built = None if document.report.has_errors else built
        return document.built

    def _build_root(self, document: Document) -> Policy:
        reader = _Tables(document, self)
        path = document.tree.get("territory") if isinstance(document.tree, Mapping) else None
        divisions: dict[str, Division] = {}
        if isinstance(path, Scalar):
            table = reader(path.text, path.span)
            divisions = {} if table is None else read_divisions(table, document.report)
        jurisdiction = document.header.jurisdiction
        if divisions and not any(code.startswith(jurisdiction) for code in divisions):
            place = _value_span(document, "jurisdiction")
            document.report.error("unknown-jurisdiction", place, jurisdiction=jurisdiction)
        return build_policy(document.tree, document.report, divisions, reader)

    def _build_overlay(self, document: Document) -> Overlay | None:
        below = self._chain_below(document)
        if below is None:
            return None
        merged = merge(below, None, None, None, Reporter(), repealed_too=True)
        self._check_jurisdiction(document, merged.divisions)
        reader = _Tables(document, self)
        context = Context(merged.elements, dict(merged.divisions), document.header.jurisdiction, reader)
        return build_overlay(document.tree, document.report, context)

    def _chain_below(self, document: Document) -> Chain | None:
        """What an overlay is written against: its parent and everything under that."""
        amends = document.header.amends
        if self.root_of(document.header.id) is None:
            known = [name for name in self.documents if name != document.header.id]
            place = _value_span(document, "amends")
            if document.header.id in self.line_to(amends):
                document.report.error("amends-circle", place, name=amends)
            elif amends in self.documents or amends in self.unread:
                document.report.warning("below-broken", document.header.origin.span, name=amends)
            else:
                document.report.error("unknown-policy", place, name=amends, suggestion=nearest(amends, known))
            return None
        line = self.line_to(amends)
        line = line[: line.index(document.header.id)] if document.header.id in line else line
        return self.chain(line, document)

    def chain(self, ids: Sequence[str], asking: Document | None = None) -> Chain | None:
        """The chain of these documents; None where one of them has errors (told to the one that asks)."""
        built = [self.build(name) for name in ids]
        root, *overlays = built
        for name, held in zip(ids, built, strict=True):
            if held is None and asking is not None and name != asking.header.id:
                asking.report.warning("below-broken", asking.header.origin.span, name=name)
        if not isinstance(root, Policy) or any(not isinstance(held, Overlay) for held in overlays):
            return None
        return Chain(root, tuple(held for held in overlays if isinstance(held, Overlay)))

    def _check_jurisdiction(self, document: Document, divisions: Codes[str]) -> None:
        """An overlay's territory lies inside its parent's, and holds something."""
        own = document.header.jurisdiction
        parent = self.documents[document.header.amends].header.jurisdiction
        place = _value_span(document, "jurisdiction")
        amendment = document.header.role == "amendment"
        if not own.startswith(parent) or (amendment and own != parent):
            document.report.error("jurisdiction-outside", place, jurisdiction=own, parent=parent)
        elif divisions and not any(code.startswith(own) for code in divisions):
            prefixes = sorted({code[: len(own)] for code in divisions})
            document.report.error("unknown-jurisdiction", place, jurisdiction=own, suggestion=nearest(own, prefixes))

    def check_uniqueness(self) -> None:
        """One official overlay a jurisdiction, and none inside that of a sibling: a county amends its city.

        Amendments are ordered by their days instead.
        """
        seen: dict[tuple[str, str], Document] = {}
        for document in self._sorted():
            header = document.header
            if document.is_root or header.role == "amendment" or header.origin.status != "official":
                continue
            key = (header.amends, header.jurisdiction)
            if key in seen:
                self.report.error(
                    "overlay-twice",
                    header.origin.span,
                    jurisdiction=header.jurisdiction,
                    related=[("first-here", seen[key].header.origin.span)],
                )
            for (amends, jurisdiction), other in seen.items():
                first, second = sorted((header.jurisdiction, jurisdiction), key=len)
                if amends == header.amends and first != second and second.startswith(first):
                    inner, outer = (document, other) if header.jurisdiction == second else (other, document)
                    self.report.error(
                        "overlay-beside",
                        inner.header.origin.span,
                        inner=inner.header.id,
                        outer=outer.header.id,
                        related=[("declared-here", outer.header.origin.span)],
                    )
            seen.setdefault(key, document)

    def diagnostics(self) -> Reporter:
        """Everything found so far, of all documents."""
        report = Reporter()
        report.extend(self.report)
        for document in self._sorted():
            report.extend(document.report)
        return report


def _fields(collection: Collection) -> Iterator[str]:
    yield collection.id
    yield from (f"{collection.id}.{fact}" for fact in collection.facts)


def _effect_order(document: Document) -> tuple[str, str, str]:
    origin = document.header.origin
    return str(origin.start or ""), str(origin.published or ""), document.header.id


def _value_span(document: Document, key: str) -> Span:
    value = document.tree.get(key) if isinstance(document.tree, Mapping) else None
    return document.header.origin.span if value is None else value.span


def _count_rules(document: Document) -> None:
    """A bound on what one file may hold, counted in mapping entries."""
    count, open_ = 0, [document.tree]
    while open_:
        node = open_.pop()
        if isinstance(node, Mapping):
            count += len(node.entries)
            open_.extend(value for _, value in node.entries)
        elif not isinstance(node, Scalar):
            open_.extend(node.items)
    limit = MAX_RULES * 10
    if count > limit:
        document.report.error("too-many-entries", document.header.origin.span, count=str(count), limit=str(limit))


def read_library(paths: Sequence[Path], instead: Contents | None = None) -> Library:
    """Read every policy and overlay file of the folders (or the files named), without building any.

    Args:
        instead: by resolved path, what to take for the content of a file; to see what a change would do.
    """
    library = Library(instead=instead or {})
    seen: set[Path] = set()
    for path in paths:
        root = path if path.is_dir() else path.parent
        library.folders[root] = path.is_dir() or library.folders.get(root, False)
        for file in yaml_files(path, library.report):
            resolved = file.resolve()
            if resolved not in seen and file != root / HYGIENE_FILE:
                seen.add(resolved)
                _read_document(file, root, library)
    library.check_uniqueness()
    return library


def _read_document(file: Path, root: Path, library: Library) -> None:
    name = shown_path(file, root)
    report = Reporter()
    try:
        data = library.bytes_of(file)
    except OSError as error:
        library.report.error("file-not-readable", None, path=name, reason=error.strerror or type(error).__name__)
        return
    source = decode(data, name, library.report)
    if source is None:
        library.unread.update(_ids_in(data))
        return
    if is_case_file(source.text):
        return
    library.sources.append(source)
    tree = read_tree(source, report)
    if not isinstance(tree, Mapping) or (tree.get("policy") is None and tree.get("overlay") is None):
        library.unread.update(_ids_in(data) if report.has_errors else ())
        library.report.extend(report)
        if tree is not None and not report.has_errors:
            library.report.info("not-a-policy", Span(source, 0, 0))
        return
    header = build_header(tree, Reporter())  # its faults are told when the document is built
    kind = "policy" if tree.get("overlay") is None else "overlay"
    if not header.id or (kind == "overlay" and not header.amends):  # nothing can refer to it, nor it to its parent
        check_structure(tree, schema(kind), library.report)
        library.report.extend(report)
        return
    if header.id in library.documents:
        other = library.documents[header.id].header.origin.span
        library.report.extend(report)
        library.report.error("policy-twice", header.origin.span, name=header.id, related=[("first-here", other)])
        return
    library.documents[header.id] = Document(tree, header, file.parent, report, root)


def _ids_in(data: bytes) -> list[str]:
    """What a file that cannot be read says it is: what amends it has no fault of its own."""
    return [found[1].decode() for found in _ID.finditer(data)]


class _Tables:
    """Reads the tables of one document: beside its file, or from the policy folder; never outside that folder."""

    def __init__(self, document: Document, library: Library) -> None:
        self._document = document
        self._library = library

    def __call__(self, path: str, span: Span) -> Table | None:
        report, root = self._document.report, self._document.root
        inside = root.resolve()
        for folder in dict.fromkeys((self._document.folder, root)):
            try:
                file = (folder / path).resolve()
                if not file.is_relative_to(inside):
                    report.error("path-outside", span, file=path)
                    return None
                if file in self._library.instead or file.is_file():
                    return self._read(file, span)
            except (OSError, ValueError):  # a name that the system cannot even ask for
                break
        near = [shown_path(found, root) for found in sorted(root.rglob("*.csv"))[:MAX_FILES]]
        report.error("no-such-table", span, file=path, suggestion=nearest(path, near))
        return None

    def _read(self, file: Path, span: Span) -> Table | None:
        report = self._document.report
        name = shown_path(file, self._document.root.resolve())
        try:
            data = self._library.bytes_of(file)
        except OSError as error:
            report.error("table-not-readable", span, file=name, reason=error.strerror or type(error).__name__)
            return None
        source = decode(data, name, report, limit=MAX_TABLE_BYTES, also="gb18030")
        if source is None:
            return None
        self._library.sources.append(source)
        self._document.tables.append(source)
        return read_table(source, report)
