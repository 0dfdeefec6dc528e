"""What may be changed in one document, and what is sealed, and why.

In: a document of a chain, the policy that it is written against.  Out: `Opened`, of any element whether it may be
changed there; `May`, all that may be done there.
Imports reporting (words of guards), policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from engine.policy.model import ElementKind, Guard, MergedPolicy, Origin
from engine.records import dataclass
from engine.reporting.render_open import how_far, openings
from engine.reporting.words import Words
from engine.serving.pages.places import Place

State: TypeAlias = Literal["own", "open", "sealed"]


@dataclass(frozen=True, slots=True)
class Opened:
    """Whether a document may change an element, in words, and where that is laid down."""

    state: State
    text: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class May:
    """Something that may be done, how far it may go (""), and where that is laid down."""

    id: str
    label: str
    how: str
    place: Place


@dataclass(frozen=True, slots=True)
class Asked:
    """A document, and what it is written against; None for a root, where all is its own and nothing is to be asked.

    Attributes:
        local: where the root says what is open; None where it says nothing.
    """

    id: str
    below: MergedPolicy | None
    local: Place | None
    words: Words

    def groups(self) -> list[tuple[str, list[May]]]:
        """All that may be done, group by group."""
        every = [] if self.below is None else openings(self.below, self.words)
        return [(title, [May(one.id, one.label, one.how, Place.of(one.span)) for one in rows]) for title, rows in every]

    def of(self, kind: ElementKind | Literal["conditions"], id: str, origin: Origin, cause: str = "") -> Opened | None:
        """Of an element; of a condition `id` is its own, beside that of its `cause`."""
        say = self.words.say
        if self.below is None:
            return None
        if origin.policy == self.id:
            return Opened("own", say("写在本文件", "written here"), Place.of(origin.span))
        found = list(self._guards(self.below, kind, id, cause))
        held = [(said, guard) for said, guard in found if guard.effect != "sealed"]
        if held:
            text = self.words.say("；", "; ").join(self._may(said, guard, id) for said, guard in held)
            return Opened("open", text, Place.of(held[0][1].span))
        closed = next((guard for _, guard in found), None)
        if closed is not None:
            return Opened(
                "sealed", say(f"由 {closed.policy} 封住", f"sealed by {closed.policy}"), Place.of(closed.span)
            )
        root = self.below.chain.root.header.id
        return Opened(
            "sealed",
            say(f"{root} 没有向下开放", f"{root} does not open it to levels below"),
            self.local,
        )

    def _may(self, said: str, guard: Guard, id: str) -> str:
        assert self.below is not None
        return said + self.words.bracketed(how_far(guard, self.below, self.words, id))

    def _guards(
        self, below: MergedPolicy, kind: ElementKind | Literal["conditions"], id: str, cause: str
    ) -> Iterator[tuple[str, Guard]]:
        say, local = self.words.say, below.local
        if kind in ("parameters", "readings", "lists") and id in local.set:
            yield say("可以设定", "may be set"), local.set[id]
        if kind == "terms" and id in local.replace_terms:
            yield say("可以替换", "may be replaced"), local.replace_terms[id]
        if kind == "terms" and id in local.add_parts:
            yield say("可以增加分项", "may get further parts"), local.add_parts[id]
        if kind == "causes" and "conditions" in local.add:
            yield say("可以增加条件", "may get further conditions"), local.add["conditions"]
        if kind in ("conditions", "requirements") and (guard := local.add.get("exemptions")) is not None:
            names = {f"{cause}.{id}", f"all.{id}"} if kind == "conditions" else {f"requirements.{id}"}
            if not guard.to or names & set(guard.to):
                yield say("可以规定免除", "may be exempted from"), guard
