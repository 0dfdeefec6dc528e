"""Whose a file is, and so who may write it.

In: a snapshot, a path.  Out: a truth for a person.
A document is its jurisdiction's; cases are of the policy that they try; a table is of every document and case file that
reads it. What is nobody's in particular (the settings of `check`, a table that nothing reads, a file that cannot be
read) may be written by whoever may write every root policy of the folder.
Places are judged by the published territory, also of a draft: nobody moves himself up by editing the table of places.
Imports editing, policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from engine import disk
from engine.editing.workspace import File, Snapshot
from engine.gathered import gathered
from engine.policy.build_values import as_items
from engine.policy.document import Document
from engine.policy.territory import Jurisdiction, Territory
from engine.serving.people.person import Person
from engine.tree import Mapping, Scalar, nodes


class Owners:
    """The documents that the files of a snapshot belong to."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def of(self, real: Path) -> Sequence[Document]:
        """None where a file is nobody's in particular."""
        file = self.snapshot.files.get(real)
        if file is None:  # a table that is not saved yet is in no list
            return self._readers.get(real, ())
        match file.kind:
            case "policy" | "overlay" | "values":
                document = self.snapshot.library.documents.get(file.id)
                # of two files with one id only one is the document
                return () if document is None or document.tree is not file.tree else (document,)
            case "cases":
                document = self.snapshot.library.documents.get(file.id) if file.sound else None
                return () if document is None else (document,)
            case "table":
                return self._readers.get(real, ())
            case "settings" | "other":
                return ()

    @cached_property
    def _readers(self) -> dict[Path, list[Document]]:
        """The documents that read each table, themselves or by their cases."""
        documents = self.snapshot.library.documents
        self.snapshot.library.build_all()
        own = ((path, one) for one in documents.values() for path, data in one.files.items() if data is not None)
        cases = (
            (path, documents[file.id])
            for file in self.snapshot.files.values()
            if file.kind == "cases" and file.id in documents
            for path in _tables_of_cases(file)
        )
        return gathered([*own, *cases])


class Rights:
    """
    Args:
        published: whose places count.
    """

    def __init__(self, published: Snapshot) -> None:
        self._owners = Owners(published)
        self._library = published.library

    def may_write(self, person: Person, path: Path, drafted: Owners | None = None) -> bool:
        """Whether a file is a person's as it is published, and as it would be by a draft."""
        real = disk.real(path)
        before = not _is_there(real) or self._owns(person, self._owners, real)
        after = drafted is None or real not in drafted.snapshot.texts or self._owns(person, drafted, real)
        return person.writes and before and after

    def may_keep(self, person: Person, path: Path, drafted: Owners) -> bool:
        """Whether a text may be kept in a draft: the file as it is published, and what the text says that it is. What
        cannot be read yet, or is read by nothing yet, may become anything; it is looked at again before it is
        published."""
        real = disk.real(path)
        before = not _is_there(real) or self._owns(person, self._owners, real)
        return person.writes and before and self._may_become(person, drafted, real)

    def may_leave_out(self, person: Person) -> bool:
        """Whether somebody may lay down which findings of a check are left out: that is for all places together."""
        return person.writes and all(self._is_of(person, one) for one in self._library.roots())

    def may_keep_cases(self, person: Person, document: Document) -> bool:
        """Whether cases of a document may be kept in a draft."""
        return person.writes and self._is_of(person, document)

    def _may_become(self, person: Person, drafted: Owners, real: Path) -> bool:
        file = drafted.snapshot.files.get(real)
        if file is not None and file.kind == "settings":
            return self.may_leave_out(person)
        named = None if file is None else drafted.snapshot.library.documents.get(file.id)
        whose = drafted.of(real) or ([named] if named is not None and file is not None and file.kind == "cases" else ())
        if whose:
            return all(self._is_of(person, one) for one in whose)
        written = None if file is None else _jurisdiction(file)
        return written is None or person.may_write(written, self._territory(named))

    def _owns(self, person: Person, owners: Owners, real: Path) -> bool:
        whose = owners.of(real) or self._library.roots()
        return bool(whose) and all(self._is_of(person, one) for one in whose)

    def _is_of(self, person: Person, document: Document) -> bool:
        return person.may_write(document.header.jurisdiction, self._territory(document))

    def _territory(self, document: Document | None) -> Territory:
        """That of the root below a document, as it is published; below a new root, that of China."""
        if document is None:
            return Territory()
        known = document.header.id in self._library.documents
        return self._library.territory(document.header.id if known else document.header.amends)


def _is_there(real: Path) -> bool:
    return disk.kind(real) != "absent"


def _tables_of_cases(file: File) -> Iterator[Path]:
    for node in nodes(file.tree):
        if isinstance(node, Scalar) and node.text.lower().endswith(".csv") and "\0" not in node.text:
            yield disk.real(file.path.parent / node.text)


def _jurisdiction(file: File) -> Jurisdiction | None:
    """What a document says of its places, sound or not."""
    written = file.tree.get("jurisdiction") if isinstance(file.tree, Mapping) else None
    codes = [code.text for code in as_items(written) if isinstance(code, Scalar)]
    return Jurisdiction(codes) if codes else None
