"""Policy folders read: the sole reader of policy files and of the tables beside them.

In: folders and files.  Out: a `Library` of documents by id, each read at once and built when it is first needed, with
the diagnostics of each file kept apart, so that a broken neighbour does not stop a household. A file that is no usable
document is kept as `Unusable`, with all that can be known of the places it may be about: it is never just left out.
Names of folders, files and the order of reading make no difference.
Imports the build modules, placing, heads, marks, files, yaml_nodes, schema, resources and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Collection as Codes
from collections.abc import Mapping as Named
from dataclasses import field, replace
from itertools import chain
from pathlib import Path

from engine import disk
from engine.diagnostics import Diagnostic, Reporter, Severity, errors_in
from engine.gathered import gathered
from engine.policy.build_overlay import build_overlay
from engine.policy.build_policy import build_header, build_policy, build_values_document
from engine.policy.build_values import as_items
from engine.policy.consequences import told_once
from engine.policy.context import Context
from engine.policy.csv_table import MAX_TABLE_BYTES, Table
from engine.policy.declared_units import id_of, units_by_document
from engine.policy.document import Document, Known, ReadAs, Text, TextKey, read_as, text_of
from engine.policy.fields import Fields
from engine.policy.files import HYGIENE_FILE, MAX_FILES, Contents, is_case_file, listing, shown_path, too_many
from engine.policy.heads import NAMES, NO_HEAD, Head, head_of, read_head
from engine.policy.marks import marked_text, marked_tree, near_head, text_in
from engine.policy.model import Chain, Collection, Fact, MergedPolicy, Overlay, Policy, SetValues, Shared, added
from engine.policy.overlay import merge
from engine.policy.placing import Unusable, check_places
from engine.policy.proved import PROVED_FILE, Proof, read_proofs
from engine.policy.sequence import rank
from engine.policy.shared import takes
from engine.policy.territory import Jurisdiction, Territory, read_territory
from engine.policy.yaml_nodes import MAX_BYTES, decode, read_tree
from engine.records import dataclass
from engine.schema import check_structure
from engine.source import Source, Span, UnitWords
from engine.suggest import Near
from engine.tree import Mapping, Scalar, Tree, nodes

MAX_RULES = 2_000


@dataclass(slots=True)
class Library:
    """The documents of some folders, by id. `report` holds what concerns no single document.

    `folders` are those that files were read from, and whether all their files were. `instead` is what to take for
    the content of some files, and `known` what an earlier library knows of them. `checkpoint` is
    called between two pieces of work that take their time, and may raise where nobody waits for them any more; what
    was worked out so far holds. `unusable` are files on which nothing may rest: what could not be read, and what
    stands where something else stands. `aside` are files that were not read since their names say so.
    """

    documents: dict[str, Document] = field(default_factory=dict)
    report: Reporter = field(default_factory=Reporter)
    sources: list[Source] = field(default_factory=list)
    folders: dict[Path, bool] = field(default_factory=dict)
    instead: Contents = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    checkpoint: Callable[[], None] = lambda: None
    unusable: list[Unusable] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    proofs: dict[str, Proof] = field(default_factory=dict)
    """what was proved of overlays, by the digest of the rules that it is about; `unsound_proofs` are no such records"""
    unsound_proofs: list[str] = field(default_factory=list)
    units: Named[str, UnitWords] = field(default_factory=dict)
    """the words for units that documents are read with, by id, where there are any"""
    _texts: dict[TextKey, Text] = field(init=False, default_factory=dict)
    _tables: dict[tuple[ReadAs, bytes], tuple[Source, Table]] = field(init=False, default_factory=dict)
    _above: dict[tuple[str, str], list[Document]] = field(init=False, default_factory=dict)
    _merged: dict[tuple[str, ...], MergedPolicy | None] = field(init=False, default_factory=dict)
    _territories: dict[str | None, Territory] = field(init=False, default_factory=dict)

    def bytes_of(self, file: Path, limit: int = MAX_BYTES) -> bytes:
        """Raises: DiskFault."""
        real = disk.real(file) if self.instead else file
        if real not in self.instead:
            return disk.read(file, limit)
        if (given := self.instead[real]) is None:
            raise disk.DiskFault(file, "gone")
        return given

    def stands(self, file: Path) -> bool:
        """Whether there is something to be read at a resolved path.

        Raises: DiskFault.
        """
        if file in self.instead:
            return self.instead[file] is not None
        return disk.kind(file) in ("file", "other")

    def leave(self, file: str, head: Head, faults: Sequence[Diagnostic]) -> None:
        """Keep a file that is no document: its faults, and what is known of where it belongs."""
        self.report.extend(faults)
        self.unusable.append(Unusable.unread(file, head, faults))

    def text_of(self, file: Path, name: str, data: bytes, units: UnitWords = ()) -> Text:
        """What a file says; worked out once for the same bytes and units."""
        key = (file, name, data, units)
        if key not in self._texts:
            self._texts[key] = self.known.texts.get(key) or text_of(name, data, units)
        return self._texts[key]

    def table_of(self, read: ReadAs, data: bytes, report: Reporter, span: Span) -> tuple[Source | None, Table | None]:
        """A table; worked out once for the same bytes where nothing is wrong with it."""
        key = (read, data)
        if (held := self._tables.get(key) or self.known.tables.get(key)) is None:
            own = Reporter()
            source, table = read_as(read, data, own, span)
            report.extend(own)
            if source is None or table is None or list(own):
                return source, table
            held = source, table
        self._tables[key] = held
        return held

    def known_now(self) -> Known:
        """What the next library may take over: texts, tables, and the documents that were built without fault; of one
        that was not asked for what an earlier one knows."""
        built = {id_: one for id_, one in self.documents.items() if one.built is not None}
        waiting = {id_: one for id_, one in self.known.documents.items() if not self._tried(id_)}
        return Known(
            self._texts, {**self.known.tables, **self._tables} if waiting else self._tables, {**waiting, **built}
        )

    def _tried(self, id_: str) -> bool:
        return id_ in self.documents and self.documents[id_].tried

    @property
    def ids_unread(self) -> frozenset[str]:
        """What the files say they are that are no documents."""
        return frozenset(one.head.id for one in self.unusable if one.head.id) - self.documents.keys()

    # ---- finding documents

    def roots(self) -> list[Document]:
        """The root policies; values documents decide nobody."""
        return [held for held in self._sorted() if held.kind == "policy"]

    def _sorted(self) -> list[Document]:
        return [self.documents[name] for name in sorted(self.documents)]

    def overlays_of(self, id_: str, *, role: str) -> list[Document]:
        """The official overlays that amend a document; amendments in the order in which they take effect."""
        if not self._above:
            self._above.update(gathered(((one.header.amends, one.header.role), one) for one in self._sorted()))
        held = (one for one in self._above.get((id_, role), ()) if one.header.origin.status == "official")
        return sorted(held, key=lambda one: (*rank(one.header.origin), one.header.id))

    def root_of(self, id_: str) -> str | None:
        """The root policy, or values document, under a document; None where the way down is broken or is a circle."""
        seen = set()
        while id_ in self.documents and id_ not in seen:
            if self.documents[id_].is_root:
                return id_
            seen.add(id_)
            id_ = self.documents[id_].header.amends
        return None

    def of_values(self, id_: str) -> bool:
        """Whether a document is a values document or an overlay of one."""
        root = self.root_of(id_)
        return root is not None and self.documents[root].header.is_values

    def line_to(self, id_: str) -> list[str]:
        """The ids from the root up to a document, amendments of each level included.

        Without what its parameters take values from: `whole_line` has that too.
        """
        line: list[str] = []
        while id_ in self.documents and id_ not in line:
            line.append(id_)
            id_ = self.documents[id_].header.amends
        line.reverse()
        each = ((name, *(one.header.id for one in self.overlays_of(name, role="amendment"))) for name in line)
        return list(dict.fromkeys(chain.from_iterable(each)))

    def chain_ids(self, named: str, place: str) -> list[str]:
        """The ids of the chain for a place: up to the document named, then the official overlays above it.

        An amendment, where it is named, joins those of what it amends; the overlays above that follow, and then, for
        each document that values are taken from, those of its chain for the place.
        """
        return self._with_sources(self._standing(named, place), place)

    def whole_line(self, id_: str, place: str = "") -> list[str]:
        """The line up to a document, and what it takes values from: for its jurisdiction, or a place in it."""
        return self._with_sources(self.line_to(id_), place or self.documents[id_].header.jurisdiction)

    def sources_of(self, ids: Sequence[str]) -> tuple[str, ...]:
        """The documents that some documents take values from, there or not."""
        named = (source for id_ in ids if id_ in self.documents for source in self.documents[id_].sources)
        return tuple(dict.fromkeys(named))

    def _with_sources(self, ids: list[str], place: str | Jurisdiction) -> list[str]:
        for source in self.sources_of(ids):
            if source in self.documents and self.documents[source].is_root and source not in ids:
                ids = [*ids, *self._standing(source, place)]
        return ids

    def _standing(self, named: str, place: str | Jurisdiction) -> list[str]:
        line, territory = self.line_to(named), self.territory(named)
        header = self.documents[named].header
        top = header.amends if header.role == "amendment" else named
        while True:
            following = [
                held
                for held in self.overlays_of(top, role="local")
                if territory.holds(held.header.jurisdiction, place) and held.header.id not in line
            ]
            if not following:
                return line
            top = following[0].header.id
            line.append(top)
            line.extend(amendment.header.id for amendment in self.overlays_of(top, role="amendment"))

    # ---- places

    def territory(self, id_: str) -> Territory:
        """The places of the root under a document, with the zones that overlays declare of it and of what it takes
        values from; read without building them. Without a root that can be read, none."""
        root = self.root_of(id_)
        if root not in self._territories:
            self._territories[root] = Territory() if root is None else self._zoned(root)
        return self._territories[root]

    def _zoned(self, root: str) -> Territory:
        own, within = self._own_territory(self.documents[root]), self.documents[root].header.jurisdiction
        roots, found = {root, *self.sources_of([root])}, {}
        for name, document in self.documents.items():
            zones = document.tree.get("zones") if isinstance(document.tree, Mapping) else None
            if isinstance(zones, Mapping) and (below := self.root_of(name)) in roots:
                for key, value in zones.entries:
                    given = Fields(value, Reporter())
                    name, near = given.text("name", key.text), given.text("stands_with")
                    zone = own.zone(key.text, name, near, document.header.jurisdiction, key.span)
                    if key.text not in own.known and (below == root or own.holds_zone(within, zone)):
                        found[key.text] = zone
        return own.joined(found)

    def _own_territory(self, document: Document) -> Territory:
        """What a root's table declares. Its faults are the root's."""
        if document.territory is None:
            path = document.tree.get("territory") if isinstance(document.tree, Mapping) else None
            before, document.report = document.report, document.unread
            table = _Tables(document, self)(path.text, path.span) if isinstance(path, Scalar) else None
            document.territory = Territory() if table is None else read_territory(table, document.report)
            document.report = before
        return document.territory

    def may_concern(self, one: Unusable, place: str) -> bool:
        """Whether a file on which nothing may rest may be about a place, by the table of its root, or else by any."""
        if not one.places:
            return True
        root = self.root_of(one.head.amends or one.head.id)
        known = [self.territory(root)] if root else [self.territory(held.header.id) for held in self.roots()]
        having = [territory for territory in known if place in territory] or known or [Territory()]
        return any(territory.may_hold(code, place) for territory in having for code in one.places)

    def declared_fields(self) -> Iterator[str]:
        """Every field of a household that some document declares: `county`, `vehicles`, `vehicles.price`."""
        for name in sorted(self.documents):
            built = self.build(name)
            for element in added(built) if built is not None else ():
                if isinstance(element, Fact):
                    yield f"{element.collection}.{element.id}" if element.collection else element.id
                elif isinstance(element, Collection):
                    yield from element.fields()

    # ---- building

    def build(self, id_: str) -> Policy | Overlay | None:
        """The document built, with what lies below it built first; None after errors in it."""
        document = self.documents[id_]
        if document.tried:
            return document.built
        document.tried = True
        if (held := self.known.documents.get(id_)) is not None and self._stands_as(document, held):
            self._take_over(document, held)
            return document.built
        check_structure(document.tree, document.kind, document.report)
        _count_rules(document)
        before, document.report = document.report, Reporter()
        built = self._build_root(document) if document.is_root else self._build_overlay(document)
        before.extend(told_once(document.report, before, document.tree))
        document.report = before
        document.built = None if document.report.has_errors else built
        if document.built is not None:
            self._check_sources(document, document.built)
        return document.built

    def _stands_as(self, document: Document, before: Document) -> bool:
        """Whether a document, and all that it was built with, is what it was in an earlier library."""
        return (
            before.tree is document.tree
            and (before.root, before.folder) == (document.root, document.folder)
            and (document.is_root or tuple(self._line_below(document)) == before.below)
            and all(name in self.documents and self.build(name) is held for name, held in before.built_with.items())
            and all(self._file(file) == data for file, data in before.files.items())
        )

    def _file(self, file: Path) -> bytes | None:
        """What a table holds now, None where there is none; nothing for one that cannot be read."""
        try:
            return self.bytes_of(file, MAX_TABLE_BYTES) if self.stands(file) else None
        except disk.DiskFault:
            return b""

    def _take_over(self, document: Document, before: Document) -> None:
        for name in ("report", "built", "tables", "territory", "unread", "below", "built_with", "files"):
            setattr(document, name, getattr(before, name))
        self.sources.extend(document.tables)

    def _check_sources(self, document: Document, built: Policy | Overlay) -> None:
        """What values are taken from is there, and has values of its own. Whether they fit is for the checks."""
        for _, named in takes(built):
            if named.document in self.documents:
                document.built_with[named.document] = self.build(named.document)
            if (suggestion := self._not_shared(named, self.root_of(document.header.id))) is not None:
                document.report.tell("no-such-values", named.span, name=named.text, suggestion=suggestion)
                document.built = None

    def _not_shared(self, named: Shared, own: str | None) -> str | Near | None:
        """What to take instead of what cannot be taken; None where it can, or the faults of that document say why.

        Args:
            own: the root below the document that takes; its values are no other's.
        """
        held = self.documents.get(named.document)
        if held is not None and held.is_root and named.document != own:
            source = self.build(named.document)
            if not isinstance(source, Policy):
                return None
            parameter = source.elements.parameters.get(named.parameter)
            if parameter is not None:
                return None if parameter.values_from is None else parameter.values_from.text
        built = [
            (one.header.id, self.build(one.header.id)) for one in self._sorted() if one.is_root and one.header.id != own
        ]
        return Near(
            named.text,
            [f"{id_}.{name}" for id_, one in built if isinstance(one, Policy) for name in one.elements.parameters],
        )

    def _build_root(self, document: Document) -> Policy:
        territory = self._own_territory(document)
        document.report.extend(document.unread)
        self._check_codes(document, territory)
        build = build_values_document if document.header.is_values else build_policy
        return build(document.tree, document.report, territory, _Tables(document, self))

    def _build_overlay(self, document: Document) -> Overlay | None:
        below = self._chain_below(document)
        if below is None:
            return None
        merged = merge(below, Reporter(), repealed_too=True)
        self._check_jurisdiction(document, merged.divisions)
        reader = _Tables(document, self)
        divisions, joining = merged.divisions, below.root.joining
        context = Context(merged.elements, divisions, document.header.jurisdiction, reader, joining)
        overlay = build_overlay(document.tree, document.report, context)
        if self.of_values(document.header.id):
            for change in overlay.changes:
                if not isinstance(change, SetValues):
                    document.report.tell("values-only-set", change.origin.span, document=below.root.header.id)
        return overlay

    def _chain_below(self, document: Document) -> Chain | None:
        """What an overlay is written against: its parent and everything under that."""
        amends = document.header.amends
        if self.root_of(document.header.id) is None:
            known = [name for name in self.documents if name != document.header.id]
            place = _value_span(document, "amends")
            if document.header.id in self.line_to(amends):
                document.report.tell("amends-circle", place, name=amends)
            elif amends in self.documents or amends in self.ids_unread:
                document.report.tell("below-broken", document.header.origin.span, name=amends)
            else:
                document.report.tell("unknown-policy", place, name=amends, suggestion=Near(amends, known))
            return None
        document.below = tuple(self._line_below(document))
        return self.chain(document.below, document)

    def _line_below(self, document: Document) -> list[str]:
        line = self.line_to(document.header.amends)
        return line[: line.index(document.header.id)] if document.header.id in line else line

    def chain(self, ids: Sequence[str], asking: Document | None = None) -> Chain | None:
        """The chain of these documents, those that values are taken from last; None where one of them has errors (told
        to the one that asks)."""
        own, *others = gathered((self.root_of(name) or name, name) for name in ids).values()
        chain = self._chain(own, asking)
        sources = [self._source(tuple(line)) for line in others]
        if chain is None or any(source is None for source in sources):
            return None
        return replace(chain, sources=tuple(source for source in sources if source is not None)) if sources else chain

    def _source(self, ids: tuple[str, ...]) -> MergedPolicy | None:
        """What the chain of a document that values are taken from makes; what is wrong in it its own checks tell."""
        if ids not in self._merged:
            chain = self._chain(ids, None)
            self._merged[ids] = None if chain is None else merge(chain, Reporter())
        return self._merged[ids]

    def _chain(self, ids: Sequence[str], asking: Document | None) -> Chain | None:
        built = [self.build(name) for name in ids]
        root, *overlays = built
        if asking is not None:
            asking.built_with.update(zip(ids, built, strict=True))
        for name, held in zip(ids, built, strict=True):
            if held is None and asking is not None and name != asking.header.id:
                asking.report.tell("below-broken", asking.header.origin.span, name=name)
        if not isinstance(root, Policy) or any(not isinstance(held, Overlay) for held in overlays):
            return None
        return Chain(root, tuple(held for held in overlays if isinstance(held, Overlay)))

    def _check_jurisdiction(self, document: Document, territory: Territory) -> None:
        """An overlay's territory lies inside its parent's; an amendment has that of what it amends."""
        own, parent = document.header.jurisdiction, self.documents[document.header.amends].header.jurisdiction
        other = document.header.role == "amendment" and set(own) != set(parent)
        outside = {code for code in own if other or not territory.holds(parent, code)}
        for code in _places(document):
            if code.text in outside and territory.is_code(code.text):  # else its form is told
                document.report.tell("jurisdiction-outside", code.span, jurisdiction=code.text, parent=str(parent))
        self._check_codes(document, territory, outside)

    def _check_codes(self, document: Document, territory: Territory, told: Codes[str] = ()) -> None:
        """Each place of a jurisdiction is one, holds something, and stands in it once."""
        seen: dict[str, Span] = {}
        known, written = territory.known, {code.text for code in _places(document)}
        for code in _places(document):
            text = code.text
            if not territory.is_code(text):
                form = '"1401"' if territory.above is None else next(iter(known), "")
                document.report.tell("bad-form", code.span, key="jurisdiction", value=text, form=form)
            elif known and text not in known and text not in told:
                alike = [one for one in sorted(known.keys() - written) if territory.above or len(one) == len(text)]
                near = Near(text, alike if document.header.amends else ())
                document.report.tell("unknown-jurisdiction", code.span, jurisdiction=text, suggestion=near)
            elif text in seen:
                document.report.tell("key-twice", code.span, key=text, related=[("first-here", seen[text])])
            seen.setdefault(text, code.span)

    def build_all(self) -> None:
        """So that the faults of every document are found."""
        for name in sorted(self.documents):
            self.checkpoint()
            self.build(name)

    def diagnostics(self) -> Reporter:
        """Everything found so far, of all documents."""
        return Reporter(chain(self.report, *(document.report for document in self._sorted())))

    def errors(self) -> list[Diagnostic]:
        """The errors found so far, of all documents."""
        return errors_in(self.diagnostics())


def _places(document: Document) -> list[Scalar]:
    """Those of its jurisdiction, as written."""
    written = document.tree.get("jurisdiction") if isinstance(document.tree, Mapping) else None
    return [code for code in as_items(written) if isinstance(code, Scalar)]


def _value_span(document: Document, key: str) -> Span:
    value = document.tree.get(key) if isinstance(document.tree, Mapping) else None
    return document.header.origin.span if value is None else value.span


def _count_rules(document: Document) -> None:
    """A bound on what one file may hold, counted in mapping entries."""
    count = sum(len(node.entries) for node in nodes(document.tree) if isinstance(node, Mapping))
    limit = MAX_RULES * 10
    if count > limit:
        document.report.tell("too-many-entries", document.header.origin.span, count=str(count), limit=str(limit))


def read_library(paths: Sequence[Path], instead: Contents | None = None, known: Known | None = None) -> Library:
    """Read every policy and overlay file of the folders (or the files named), without building any.

    Args:
        instead: what to take for the content of files; to see what a change would do.
        known: what an earlier library of the same folders knows.
    """
    library = Library(instead=instead or {}, known=known or Known())
    read = list(_read_files(paths, library))
    library.units = units_by_document(
        library.text_of(one.path, one.name, one.data).tree for one in read if one.fault is None and not one.is_settings
    )
    for one in read:
        if one.fault is not None:
            library.leave(one.name, NO_HEAD, [one.fault])
        elif one.is_settings:
            _look_at_settings(one.name, one.data, library)
        else:
            _read_document(one.path, one.name, one.data, one.root, library)
    for root in library.folders:
        _read_proofs(root / PROVED_FILE, library)
    check_places(library)
    return library


@dataclass(frozen=True, slots=True)
class _Read:
    """A file of a folder, or why it could not be read."""

    path: Path
    name: str
    root: Path
    data: bytes = b""
    fault: Diagnostic | None = None

    @property
    def is_settings(self) -> bool:
        return self.path == self.root / HYGIENE_FILE


def _read_files(paths: Sequence[Path], library: Library) -> Iterator[_Read]:
    """The files of the folders, each once however often it is met."""
    seen: set[Path] = set()
    for path in paths:
        found = list(listing(path, library.instead))
        alone = len(found) == 1 and found[0].path == path
        root = path.parent if alone else path
        library.folders[root] = not alone or library.folders.get(root, False)
        library.aside.extend(one.name for one in found if one.kind == "aside")
        files = [one for one in found if one.kind in ("yaml", "fault")]
        if len(files) > MAX_FILES:
            yield _Read(path, disk.shown(path), root, fault=too_many(path, len(files)))
            continue
        for one in files:
            read = _Read(one.path, one.name, root, fault=one.fault)
            try:
                if one.fault is None and not read.is_settings:
                    if (real := disk.real(one.path)) in seen:
                        continue
                    seen.add(real)
                yield read if one.fault is not None else replace(read, data=library.bytes_of(one.path))
            except disk.DiskFault as fault:
                yield replace(read, fault=fault.diagnostic(one.name))


def _read_proofs(file: Path, library: Library) -> None:
    """They bear on no answer: what is none says nothing."""
    try:
        if not library.stands(disk.real(file)):
            return
        found = read_proofs(library.bytes_of(file))
    except disk.DiskFault as fault:
        library.report.add(fault.diagnostic(file.name))
        return
    if found is None:
        library.unsound_proofs.append(disk.shown(file))
    else:
        library.proofs.update((one.digest, one) for one in found)


def _look_at_settings(name: str, data: bytes, library: Library) -> None:
    """The settings of `check` take part in no answer; rules saved under their name would be missed by every one."""
    text, report = text_in(data), Reporter()
    source = decode(data, name, report)
    tree = None if source is None else read_tree(source, report)
    if marked_text(text) or (tree is not None and marked_tree(tree)):
        if tree is not None:
            check_structure(tree, "hygiene", report)
        library.leave(name, read_head(text), report.diagnostics)


def _read_document(file: Path, name: str, data: bytes, root: Path, library: Library) -> None:
    text = library.text_of(file, name, data)
    if units := library.units.get(id_of(text.tree)) if library.units else None:
        text = library.text_of(file, name, data, units)
    source, tree, report = text.source, text.tree, Reporter(text.found)
    if source is None:
        library.leave(name, _head_in(data), report.diagnostics)
        return
    if is_case_file(source.text):
        return
    library.sources.append(source)
    if not isinstance(tree, Mapping) or all(tree.get(key) is None for key in NAMES):
        _read_other(tree, source, report, library)
        return
    header = build_header(tree, Reporter())  # its faults are told when the document is built
    head = read_head(source.text) if report.has_errors else head_of(_top(tree))
    kind = next(key for key in reversed(NAMES) if tree.get(key) is not None)
    if not header.id or (kind == "overlay" and not header.amends):  # nothing can refer to it, nor it to its parent
        check_structure(tree, kind, report)
        library.leave(name, head, report.diagnostics)
        return
    document = Document(tree, header, head, file.parent, report, root)
    other = library.documents.setdefault(header.id, document)
    if other is not document:
        related = [("first-here", other.header.origin.span)]
        copied = name == other.header.origin.span.source.name  # a file of another folder, which is called the same
        copies = {"copies": f"{disk.shown(root)}, {disk.shown(other.root)}"} if copied else {}
        report.tell("policy-twice", header.origin.span, name=header.id, related=related, **copies)
        library.leave(name, head, report.diagnostics)
        library.unusable.append(Unusable.document(other.header, other.head))


def _read_other(tree: Tree | None, source: Source, report: Reporter, library: Library) -> None:
    """A file that is neither a policy nor an overlay. Nothing is decided past one that may have been meant to be."""
    if tree is not None and not report.has_errors and not marked_tree(tree):
        noticed = Diagnostic.of("not-a-policy", Span(source, 0, 0), suggestion="")
        library.report.add(noticed.graded(Severity.INFO))
        return
    if isinstance(tree, Mapping) and marked_tree(tree):
        near = ((key, near_head(key.text)) for key, _ in tree.entries)
        slip = next(((key.span, name) for key, name in near if name), (Span(source, 0, 0), ""))
        report.tell("not-a-policy", slip[0], suggestion=slip[1])
    elif not report.has_errors:
        report.tell("not-a-policy", Span(source, 0, 0), suggestion="")
    library.leave(source.name, read_head(source.text), report.diagnostics)


def _top(tree: Mapping) -> dict[str, list[str]]:
    return {key.text: [_text(value)] for key, value in tree.entries}


def _text(value: Tree) -> str:
    """Of a list of texts all of them; "" of what is none."""
    texts = [item.text if isinstance(item, Scalar) else "" for item in as_items(value)]
    return " ".join(texts) if all(texts) else ""


def _head_in(data: bytes) -> Head:
    """The head of a file in an encoding that cannot be used; its keys and codes are in ASCII in all that can be."""
    if len(data) > MAX_BYTES or b"\0" in data:
        return NO_HEAD
    try:
        return read_head(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return read_head(data.decode("gb18030", "replace"))


class _Tables:
    """Reads the tables of one document: beside its file, or from the policy folder; never outside that folder."""

    def __init__(self, document: Document, library: Library) -> None:
        self._document = document
        self._library = library

    def __call__(self, path: str, span: Span) -> Table | None:
        report, root = self._document.report, self._document.root
        try:
            inside = disk.real(root)
            for folder in dict.fromkeys((self._document.folder, root)):
                file = disk.real(folder / path)
                if not file.is_relative_to(inside):
                    report.tell("path-outside", span, file=path)
                    return None
                if self._library.stands(file):
                    return self._read(file, inside, span)
                self._document.files[file] = None
        except disk.DiskFault as fault:
            report.tell("table-not-readable", span, file=path, reason=fault.reason)
            return None
        near = [one.name for one in listing(root, self._library.instead) if one.name.endswith(".csv")]
        report.tell("no-such-table", span, file=path, suggestion=Near(path, near[:MAX_FILES]))
        return None

    def _read(self, file: Path, root: Path, span: Span) -> Table | None:
        report = self._document.report
        name = shown_path(file, root)
        try:
            data = self._library.bytes_of(file, MAX_TABLE_BYTES)
        except disk.DiskFault as fault:
            if fault.reason == "too-large":
                report.add(fault.diagnostic(name))
            else:
                report.tell("table-not-readable", span, file=name, reason=fault.reason)
            return None
        self._document.files[file] = data
        read = ReadAs(file, name, self._document.tree.span.source.units)
        source, table = self._library.table_of(read, data, report, span)
        if source is not None:
            self._library.sources.append(source)
            self._document.tables.append(source)
        return table
