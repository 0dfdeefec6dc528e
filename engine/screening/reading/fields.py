"""The fields that a set of policies declares, as the columns of its households.

In: loaded policies.  Out: `Tables`: the household's facts, and the facts of each collection, by id, in the order in
which the documents declare them. Imports policy and language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.policy.loader import Library
from engine.policy.model import Collection, Fact, added
from engine.records import dataclass

HOUSEHOLD = ""
"""the household's own table, among the ids of collections"""


@dataclass(frozen=True, slots=True)
class Tables:
    """What households are made of.

    Attributes:
        facts: by collection (`HOUSEHOLD` first), then by id.
        collections: by id.
    """

    facts: Mapping[str, Mapping[str, Fact]]
    collections: Mapping[str, Collection]

    def every(self) -> Iterator[Fact]:
        for held in self.facts.values():
            yield from held.values()

    def with_role(self, collection: str, role: str) -> Fact | None:
        return next((fact for fact in self.facts[collection].values() if fact.role == role), None)

    def label(self, collection: str) -> str:
        return self.collections[collection].label if collection else ""


def tables_of(library: Library) -> Tables:
    """The first declaration of a field counts; documents that cannot be used declare nothing."""
    facts: dict[str, dict[str, Fact]] = {HOUSEHOLD: {}}
    collections: dict[str, Collection] = {}
    roots = sorted(library.documents, key=lambda name: (not library.documents[name].is_root, name))
    for name in roots:
        built = library.build(name)
        for element in added(built) if built is not None else ():
            match element:
                case Fact():
                    facts.setdefault(element.collection, {}).setdefault(element.id, element)
                case Collection():
                    collections.setdefault(element.id, element)
                    held = facts.setdefault(element.id, {})
                    for fact in element.facts.values():
                        held.setdefault(fact.id, fact)
                case _:
                    pass
    known = {HOUSEHOLD, *collections}
    return Tables({name: held for name, held in facts.items() if name in known}, collections)
