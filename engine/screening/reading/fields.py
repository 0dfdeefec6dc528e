"""The fields that a set of policies declares, as the columns of its households.

In: what is declared.  Out: `Tables`: the household's facts, and the facts of each collection, by id, in the order in
which the documents declare them. Imports policy and this floor's `declared`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.policy.model import Collection, Fact
from engine.records import dataclass
from engine.screening.declared import Declared

HOUSEHOLD = ""
"""the household's own table, among the ids of collections"""


@dataclass(frozen=True, slots=True)
class Tables:
    """What households are made of.

    Attributes:
        facts: by collection (`HOUSEHOLD` first), then by id.
        collections: by id.
        others: fields that only policies declare which may not decide.
    """

    facts: Mapping[str, Mapping[str, Fact]]
    collections: Mapping[str, Collection]
    others: frozenset[str] = frozenset()

    def every(self) -> Iterator[Fact]:
        for held in self.facts.values():
            yield from held.values()

    def with_role(self, collection: str, role: str) -> Fact | None:
        return next((fact for fact in self.facts[collection].values() if fact.role == role), None)

    def label(self, collection: str) -> str:
        return self.collections[collection].label if collection else ""


def tables_of(declared: Declared) -> Tables:
    """Of a name that two documents give to different things the first counts; each household is read by its own.

    Where they have different defaults no cell that a file leaves out can stand for one: it is unknown.
    """
    facts: dict[str, dict[str, Fact]] = {HOUSEHOLD: {}}
    for owner, held in declared.facts.items():
        facts[owner] = {
            id: replace(every[0], default=None) if (owner, id) in declared.unsettled else every[0]
            for id, every in held.items()
        }
    return Tables(facts, declared.collections, declared.others)
