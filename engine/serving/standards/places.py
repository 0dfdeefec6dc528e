"""Which policies and places a page of standards is about, for the person who looks at it.

In: a snapshot, a person.  Out: `Choice`s for the page. A person of a city sees and writes that city's counties; whoever
may write nothing, or everything, sees all. Imports figures, people, editing, policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from engine.editing.workspace import Snapshot
from engine.policy.document import Document
from engine.policy.model import MergedPolicy
from engine.policy.territory import Territory
from engine.records import dataclass
from engine.serving.people.person import Person
from engine.serving.standards.figures import merged_of, tabled


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several that a page can be about."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Root:
    """A policy with figures by place, and the parameters that have them."""

    id: str
    label: str
    merged: MergedPolicy
    parameters: tuple[Choice, ...]


def roots(snapshot: Snapshot) -> tuple[Root, ...]:
    found = []
    for document in snapshot.library.roots():
        merged = merged_of(snapshot, (document.header.id,))
        if merged is not None and (held := tabled(merged)):
            parameters = tuple(Choice(id_, one.label) for id_, one in held.items())
            found.append(Root(document.header.id, document.header.title, merged, parameters))
    return tuple(found)


def counties_for(person: Person, territory: Territory) -> tuple[str, ...]:
    """The counties that a person is shown."""
    own = tuple(code for code in territory if person.may_write(code, territory))
    if own:
        return own
    above = tuple(code for code in territory if any(code in territory.up(place) for place in person.places if place))
    return above or tuple(territory)


def cities_of(territory: Territory, codes: tuple[str, ...]) -> tuple[Choice, ...]:
    """What contains these counties, each once."""
    named = {code: territory[code].city_name for code in codes}
    found: dict[str, str] = {}
    for code, name in named.items():
        up = territory.up(code)
        found.setdefault(up[1] if len(up) > 1 else code, name or territory[code].name)
    return tuple(Choice(code, name) for code, name in found.items())


def documents_for(
    snapshot: Snapshot, person: Person, root: Root, parameter: str, may_edit: Callable[[Path], bool]
) -> tuple[Choice, ...]:
    """The overlays that a person may write a parameter's figures into, as the places are called."""
    library = snapshot.library
    editable = {file.id for file in snapshot.files.values() if file.is_document and may_edit(file.path)}
    found = []
    for document in library.documents.values():
        document_id = document.header.id
        if document_id not in editable or not _is_overlay(document) or library.root_of(document_id) != root.id:
            continue
        if not person.may_write(document.header.jurisdiction, root.merged.divisions):
            continue
        below = merged_of(snapshot, library.line_to(document.header.amends))
        guard = None if below is None else below.local.set.get(parameter)
        if guard is not None and guard.effect != "sealed":
            found.append(Choice(document.header.id, _called(document, root.merged.divisions)))
    return tuple(sorted(found, key=lambda one: str(library.documents[one.id].header.jurisdiction)))


def _is_overlay(document: Document) -> bool:
    header = document.header
    return not document.is_root and header.role == "local" and header.origin.status == "official"


def _called(document: Document, territory: Territory) -> str:
    names = [territory.name_of(code) or code for code in document.header.jurisdiction]
    return "、".join(names) or document.header.title
