"""Which documents below change an element.

In: a library and a document.  Out: by kind and id of what is changed, who changes it and from which day.
Imports policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.gathered import gathered
from engine.policy.loader import Library
from engine.policy.model import Overlay, dated_origin, target_of
from engine.records import dataclass
from engine.serving.pages.places import Place


@dataclass(frozen=True, slots=True)
class Changed:
    """`since` is "" where no day is stated."""

    document: str
    since: str
    place: Place


Below = Mapping[tuple[str, str], Sequence[Changed]]


def changed_below(library: Library, id_: str) -> Below:
    """Of each document the last change of a thing."""
    found: dict[tuple[tuple[str, str], str], Changed] = {}
    for name in sorted(library.documents):
        if name == id_ or id_ not in library.line_to(name):
            continue
        built = library.build(name)
        for change in built.changes if isinstance(built, Overlay) else ():
            target, origin = target_of(change), dated_origin(change)
            if target is None:
                continue
            since = "" if origin.start is None else origin.start.isoformat()
            before = found.get((target, name))
            if before is None or before.since <= since:
                found[target, name] = Changed(name, since, Place.of(origin.span))
    return gathered((target, one) for (target, _), one in found.items())
