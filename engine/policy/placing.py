"""Where documents belong, and which files say it in a way that nothing may rest on.

In: a `Library` whose files were read.  Out: `Unusable`s, the files past which no household of certain places may be
decided, and Diagnostics: one official overlay a place, inside that of what it amends, none beside another inside
its jurisdiction, none that amends a draft or an amendment; an id once.
Imports heads, model, territory and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from engine.diagnostics import Diagnostic, errors_in
from engine.policy.heads import Head
from engine.policy.model import Header
from engine.policy.territory import Jurisdiction
from engine.records import dataclass
from engine.tree import Mapping

if TYPE_CHECKING:
    from engine.policy.document import Document
    from engine.policy.loader import Library


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file on which nothing may rest.

    Attributes:
        file: what diagnostics call it.
        places: all places that it may be about; none where that is any.
        faults: what is wrong with it, where that is known at once; else the document's own report says it.
        id: of the document that it is; "" where it is none.
    """

    file: str
    head: Head
    places: Jurisdiction
    faults: tuple[Diagnostic, ...] = ()
    id: str = ""

    @classmethod
    def unread(cls, file: str, head: Head, faults: Sequence[Diagnostic]) -> Unusable:
        return cls(file, head, head.jurisdiction, tuple(faults))

    @classmethod
    def document(cls, header: Header, head: Head, others: Jurisdiction | None = None) -> Unusable:
        """Args:
        others: further places that it may have been meant for; none stands for any.
        """
        if others is not None:
            places = Jurisdiction((*head.jurisdiction, *others)) if head.jurisdiction and others else Jurisdiction()
        else:
            places = head.jurisdiction
        return cls(header.origin.span.source.name, head, places, (), header.id)


def check_places(library: Library) -> None:
    """Find the documents that cannot stand where they stand. What depends on a table is checked when it is read."""
    for document in _sorted(library.documents.values()):
        header = document.header
        if not document.head.sound:
            _refuse(library, document)
        elif not header.amends:
            continue
        elif library.root_of(header.id) is None:  # told when it is built
            _refuse(library, document)
        elif library.documents[header.amends].header.role == "amendment":
            _check_amended(library, document)
        elif not library.territory(header.amends).holds(
            below := library.documents[header.amends].header.jurisdiction, header.jurisdiction
        ):
            _refuse(library, document, below)
    official = [one for one in _sorted(library.documents.values()) if one.header.origin.status == "official"]
    for document in official:
        _check_below(library, document)
    _check_beside(library, [one for one in official if one.header.amends and one.header.role == "local"])


def _check_amended(library: Library, document: Document) -> None:
    """An amendment is amended by another one of what it amends: no chain would ever come by what stands on it."""
    named = library.documents[document.header.amends].header
    written = document.tree.get("amends") if isinstance(document.tree, Mapping) else None
    library.report.tell(
        "amends-amendment",
        document.header.origin.span if written is None else written.span,
        name=named.id,
        base=named.amends,
        related=[("declared-here", named.origin.span)],
    )
    _refuse(library, document)


def _refuse(library: Library, document: Document, others: Jurisdiction | None = None) -> None:
    library.unusable.append(Unusable.document(document.header, document.head, others))


def _sorted(documents: Iterable[Document]) -> list[Document]:
    return sorted(documents, key=lambda one: one.header.id)


def _check_below(library: Library, document: Document) -> None:
    """A draft takes part only where it is named, and so would all that amends it."""
    below = library.documents.get(document.header.amends)
    if below is not None and below.header.origin.status != "official":
        library.report.tell(
            "amends-draft",
            document.header.origin.span,
            name=below.header.id,
            status=below.header.origin.status,
            related=[("declared-here", below.header.origin.span)],
        )
        _refuse(library, document)


def _check_beside(library: Library, overlays: Sequence[Document]) -> None:
    """One overlay a place, and none inside that of a sibling: a county amends its city.

    Amendments are ordered by their days instead.
    """
    first: dict[tuple[str, str], Document] = {}
    for document in overlays:
        header = document.header
        others = {code: first.setdefault((header.amends, code), document) for code in header.jurisdiction}
        for code, other in others.items():
            if other is not document:
                related = [("first-here", other.header.origin.span)]
                library.report.tell("overlay-twice", header.origin.span, jurisdiction=code, related=related)
                _refuse(library, document)
                _refuse(library, other)
                break  # the same two may share more
    for inner in overlays:
        amends = inner.header.amends
        wider = (above for code in inner.header.jurisdiction for above in library.territory(amends).up(code)[1:])
        found = (first[amends, code] for code in wider if (amends, code) in first)
        for outer in {one.header.id: one for one in found}.values():
            if outer is not inner:
                places = library.territory(amends)
                apart = [one for one in inner.header.jurisdiction if not places.holds(outer.header.jurisdiction, one)]
                library.report.tell(
                    "overlay-beside",
                    inner.header.origin.span,
                    inner=inner.header.id,
                    outer=outer.header.id,
                    whole="" if apart else outer.header.id,
                    apart="、".join(apart),
                    related=[("declared-here", outer.header.origin.span)],
                )
                _refuse(library, inner)


def faults_of(unusable: Unusable, library: Library) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with the file."""
    if unusable.faults:
        return tuple(errors_in(unusable.faults))
    library.build(unusable.id)
    found = [*library.documents[unusable.id].report, *(one for one in library.report if _lies_in(one, unusable.file))]
    return tuple(errors_in(found))


def _lies_in(found: Diagnostic, file: str) -> bool:
    return file in (found.file, *(span.source.name for _, span in found.related))
