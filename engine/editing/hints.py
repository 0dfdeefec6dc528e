"""What an author would have to look up, shown between his words: the unit that a step comes to, the value of a
parameter that is in force, what a reference leads to.

In: an `Index`, a file, a day and a language.  Out: `Hint`s in order, each at an offset.
Imports in_force, occurrences, scopes, structure, things, workspace, policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, TypeAlias

from engine.editing.in_force import rows_in_force
from engine.editing.occurrences import Index
from engine.editing.structure import schema_at
from engine.editing.things import Occurrence, Thing, entries
from engine.editing.workspace import File
from engine.language.types import Quantity, Type
from engine.language.units import NUMBER, natural_unit, show_unit
from engine.policy.model import Cell
from engine.policy.rows import Row
from engine.records import dataclass
from engine.say import Language, Say
from engine.tree import Scalar

_LONGEST = 24
"""characters of a label that are shown"""

What: TypeAlias = Literal["unit", "value", "meaning"]


@dataclass(frozen=True, slots=True)
class Hint:
    offset: int
    text: str
    what: What


def hints(index: Index, file: File, day: date, language: Language) -> tuple[Hint, ...]:
    """Args:
    day: on which values are to be in force.
    """
    if not file.is_document:
        return ()
    found = [*_units(index, file), *_Meanings(index, file, day, Say(language)).all()]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.offset, one.what == "unit")))


# ---- units


def _units(index: Index, file: File) -> Iterator[Hint]:
    """Behind the expression of a step that does not state its unit."""
    types = _types(index, file)
    scope = index.scope(file.id)
    for thing in index.declared_by(file):
        formula = thing.says("is")
        if thing.kind == "term" and isinstance(formula, Scalar) and not thing.text("unit"):
            type_ = types.get((scope.collection(thing.owner), thing.id))
            if isinstance(type_, Quantity) and type_.unit.dimension != NUMBER:
                yield Hint(_end(formula), f"= {show_unit(natural_unit(type_.unit.dimension))}", "unit")


def _types(index: Index, file: File) -> Mapping[tuple[str, str], Type]:
    """Of every step what it comes to; none where the policies have errors."""
    library = index.snapshot.library
    known = file.id in library.documents and library.build(file.id) is not None
    policies = index.snapshot.slices.policies_of(library.documents[file.id]) if known else ()
    return {key: term.core.type for policy in policies for key, term in policy.rules.terms.items()}


def _end(scalar: Scalar) -> int:
    """Behind the last character of a text, whatever blank lines follow in its block."""
    return scalar.span.start + len(scalar.span.text.rstrip())


# ---- values and references


class _Meanings:
    def __init__(self, index: Index, file: File, day: date, say: Say) -> None:
        self.index = index
        self.file = file
        self.day = day
        self.say = say
        self._rows: dict[str, list[Row[Cell]]] = {}

    def all(self) -> Iterator[Hint]:
        spans = [
            (value.span.start, value.span.end)
            for path, _, value in entries(self.file.tree)
            if isinstance(value, Scalar) and schema_at(self.file.kind, path).expression
        ]
        for one in self.index.of(self.file):
            if len(one.things) == 1 and any(start <= one.span.start < end for start, end in spans):
                yield from self._in_expression(one, one.things[0])
            elif len(one.things) == 1 and one.declares and one.text == one.things[0].id:
                yield from self._value(one, one.things[0])
        for path, _, value in entries(self.file.tree):
            if path[-1] == "same_as" and isinstance(value, Scalar):
                yield from self._same(value)

    def _in_expression(self, one: Occurrence, thing: Thing) -> Iterator[Hint]:
        behind = self.file.source.text[one.span.end : one.span.end + 1]
        if thing.kind == "parameter" and behind != "[":
            keys = self.index.scope(self.file.id).keys_of(thing)
            names = ", ".join("?" if key is None else key.name or key.id for key in keys)
            if names:
                yield Hint(one.span.end, f"[{names}]", "meaning")
            yield from self._value(one, thing)
        elif thing.kind == "option" and one.text == thing.id and thing.name not in ("", thing.id):
            yield Hint(one.span.end, self.say(f"（{thing.name}）", f" ({thing.name})"), "meaning")

    def _value(self, one: Occurrence, thing: Thing) -> Iterator[Hint]:
        """The value of a parameter that has one for everybody, and the notice that it comes from."""
        if thing.kind != "parameter":
            return
        if thing.id not in self._rows:
            self._rows[thing.id] = list(rows_in_force(self.index.snapshot, self.file, thing.id, self.day))
        rows = self._rows[thing.id]
        if len(rows) == 1 and not rows[0].key:
            document = rows[0].origin.document or rows[0].origin.policy
            text = rows[0].value.text
            yield Hint(one.span.end, self.say(f"：{text}（{document}）", f": {text} ({document})"), "value")

    def _same(self, scalar: Scalar) -> Iterator[Hint]:
        cause, _, condition = scalar.text.strip().partition(".")
        found = self.index.scope(self.file.id).condition(cause, condition)
        label = found[0].label if len(found) == 1 else ""
        label = label if len(label) <= _LONGEST else f"{label[:_LONGEST]}…"
        if label:
            yield Hint(scalar.span.end, self.say(f"：{label}", f": {label}"), "meaning")
