"""The facts for which a default may stand, and what is told of each that was left out.

In: a policy's elements and its `Program`.  Out: of the household, or of an item, its `Assumable`s by id, made once for
a policy: what is told of a fact left out hangs on its place alone, and on whether it matters.
Imports program, policy and this floor's `decision`, `facts`, `figures`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from engine.evaluation.decision import Assumed
from engine.evaluation.facts import FactPlace, path_of
from engine.evaluation.figures import default_as_json
from engine.policy.model import Elements, Fact
from engine.program.model import HOUSEHOLD, Program
from engine.records import dataclass

FIRST_KEPT: Final = 32
"""items of a list for whose facts this is kept: few households have more"""


@dataclass(frozen=True, slots=True, eq=False)
class Assumable:
    """A fact for which a default may stand: its place, and the same by its slot in its row; `either` is what is told of
    it where that does not matter, and where it does."""

    place: FactPlace
    at: tuple[str, int, int]
    either: tuple[Assumed, Assumed]


class AssumableFacts:
    def __init__(self, elements: Elements, program: Program) -> None:
        self._program = program
        self._kept: dict[tuple[str, int], dict[str, Assumable]] = {}
        groups = {HOUSEHOLD: elements.facts, **{id: held.facts for id, held in elements.collections.items()}}
        self._facts: Mapping[str, Sequence[Fact]] = {
            owner: [fact for id, fact in facts.items() if fact.default is not None and (owner, id) in program.used]
            for owner, facts in groups.items()
        }

    def of(self, collection: str, index: int) -> Mapping[str, Assumable]:
        """Those of the household, or of an item, that rules read."""
        found = self._kept.get((collection, index))
        if found is None:
            found = {fact.id: self._made(collection, index, fact) for fact in self._facts[collection]}
            if index < FIRST_KEPT:
                self._kept[collection, index] = found
        return found

    def _made(self, collection: str, index: int, fact: Fact) -> Assumable:
        place, default = (collection, index, fact.id), default_as_json(fact)
        without, with_ = (Assumed(path_of(place), fact.label, default, matters) for matters in (False, True))
        return Assumable(place, (collection, index, self._program.inputs[collection, fact.id].slot), (without, with_))
