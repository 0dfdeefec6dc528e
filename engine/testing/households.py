"""The household of a case: what a file says, with its changes, as the JSON that the household reader takes.

In: trees of a case file, and the facts that a policy declares.  Out: the tree that `json_text.read_json` makes, or
Diagnostics. Numbers stay the text that was written; `是`, `否`, `yes`, `no` are truths where a fact is one, the label
of an option is that option, the name of a county its code, days and numbers may be as a spreadsheet shows them, and
`unknown` is null. What is in quotes is taken as it stands. Imports evaluation (`json_text`), policy and language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from collections.abc import Mapping as Facts
from collections.abc import Sequence as Seq
from typing import Any, Final, assert_never

from engine.diagnostics import Reporter
from engine.evaluation.json_text import NumberText
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.units import NUMBER
from engine.policy.cells import day_text, number_text, percent_text, squeezed
from engine.policy.model import Elements, Fact
from engine.records import dataclass
from engine.source import Span
from engine.suggest import Near
from engine.testing.expect import UNKNOWN_WORDS
from engine.tree import Mapping, Scalar, Sequence, Tree

ABSENT_WORDS: Final = ("absent", "不填")
_NULL = ("", "~", "null", *UNKNOWN_WORDS)
_TRUE, _FALSE = ("yes", "true", "是"), ("no", "false", "否")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_BETWEEN = re.compile(r"[\s,，、;；]+")
_PATH = re.compile(r"(\w+)(?:(?:\[([0-9]{1,4})\]|\.([0-9]{1,4}))(?:\.(\w+))?)?")


@dataclass(frozen=True, slots=True)
class Field:
    """Where a change goes: a fact, a whole collection, one of its items, or a fact of that item."""

    name: str
    index: int | None
    inner: str | None

    @property
    def text(self) -> str:
        return self.name if self.index is None else f"{self.name}[{self.index}]" + (f".{self.inner}" * bool(self.inner))


@dataclass(slots=True, eq=False)
class HouseholdMaker:
    """Makes households of one policy.

    Attributes:
        _others: gives what other loaded policies declare (`vehicles`, `members.price`), which a household may state
            too.
        _names: the codes of places by their names.
        allow_unknown: fields that no policy declares are what the case is about; they pass.
    """

    _elements: Elements
    _report: Reporter
    _others: Callable[[], Container[str]]
    _names: Facts[str, Seq[str]]
    allow_unknown: bool = False

    def household(self, tree: Tree) -> dict[str, object]:
        """A household written out."""
        entries = tree.entries if isinstance(tree, Mapping) else ()
        return {key.text: self._field(key.text, key.span, value) for key, value in entries}

    def check_json(self, tree: Facts[str, object], span: Span) -> None:
        """The names of a household that comes from a JSON file."""
        for key, value in tree.items():
            if self._declared(key, span):
                collection = self._elements.collections.get(key)
                items = value if collection is not None and isinstance(value, list) else []
                for inner in {inner for item in items if isinstance(item, dict) for inner in item}:
                    self._declared_in(key, inner, span)

    def change(self, household: dict[str, object], path: Scalar, value: Tree, *, in_cell: bool = False) -> None:
        """Put one change into a household; its items are shared with none other.

        Args:
            in_cell: the value stands in a cell of a table, several of them beside each other.
        """
        field = read_path(path.text)
        if field is None:
            self._report.tell("case-bad-path", path.span, text=path.text)
        elif field.index is None:
            if isinstance(value, Scalar) and is_absent(value):
                household.pop(field.name, None)
                self._declared(field.name, path.span)
            else:
                household[field.name] = self._field(field.name, path.span, value, in_cell=in_cell)
        else:
            self._change_item(household, field, path, value, in_cell)

    def _change_item(
        self, household: dict[str, object], field: Field, path: Scalar, value: Tree, in_cell: bool
    ) -> None:
        items: Any = household.get(field.name)
        if not self._declared(field.name, path.span):
            return
        if field.name not in self._elements.collections:
            self._report.tell("case-bad-path", path.span, text=path.text)
            return
        held: list[Any] = list(items) if isinstance(items, list) else []
        index = field.index or 0
        adds = index == len(held) and field.inner is None and isinstance(value, Mapping)
        if index >= len(held) and not adds:
            self._report.tell("case-no-such-item", path.span, item=field.text, count=str(len(held)))
            return
        if field.inner is None:
            if isinstance(value, Scalar) and is_absent(value):
                del held[index]
            else:
                held[index : index + 1] = [self._item(field.name, value)]
        elif self._declared_in(field.name, field.inner, path.span):
            item = dict(held[index]) if isinstance(held[index], dict) else {}
            if isinstance(value, Scalar) and is_absent(value):
                item.pop(field.inner, None)
            else:
                facts = self._elements.collections[field.name].facts
                item[field.inner] = self._value(facts.get(field.inner), value, in_cell=in_cell)
            held[index] = item
        household[field.name] = held

    # ---- values

    def _field(self, name: str, span: Span, value: Tree, *, in_cell: bool = False) -> object:
        self._declared(name, span)
        if name in self._elements.collections and isinstance(value, Sequence):
            return [self._item(name, item) for item in value.items]
        return self._value(self._elements.facts.get(name), value, in_cell=in_cell)

    def _item(self, collection: str, tree: Tree) -> object:
        if not isinstance(tree, Mapping):
            return self._value(None, tree)
        made: dict[str, object] = {}
        facts = self._elements.collections[collection].facts
        for key, value in tree.entries:
            self._declared_in(collection, key.text, key.span)
            made[key.text] = self._value(facts.get(key.text), value)
        return made

    def _value(self, fact: Fact | None, tree: Tree, *, in_cell: bool = False, is_entry: bool = False) -> object:
        match tree:
            case Mapping(entries=entries):
                return {key.text: self._value(None, value) for key, value in entries}
            case Sequence(items=items):
                return [self._value(fact, item, is_entry=True) for item in items]
            case Scalar(text=text) if fact is not None and isinstance(fact.type, Several):
                plain = tree.style == "plain"
                if plain and text.strip() in _NULL:
                    return None
                if is_entry:
                    return _option(fact.type.of, text.strip()) if plain and isinstance(fact.type.of, Choice) else text
                return _entries(fact.type, text) if plain or in_cell else text
            case Scalar(text=text, span=span, style="plain"):
                value = _plain_value(fact, text.strip())
                return self._code(value, span) if fact is not None and isinstance(fact.type, Place) else value
            case Scalar(text=text):
                return text

    def _code(self, value: object, span: Span) -> object:
        """The code of a place that is written by its name."""
        codes = self._names.get(value, ()) if isinstance(value, str) else ()
        if len(codes) > 1:
            self._report.tell("ambiguous-place", span, name=str(value), codes=" ".join(codes))
        return codes[0] if codes else value

    # ---- names

    def _declared(self, name: str, span: Span) -> bool:
        elements = self._elements
        if name in elements.facts or name in elements.collections:
            return True
        near = Near(name, [*elements.facts, *elements.collections])
        return self._not_declared(name, near, span)

    def _declared_in(self, collection: str, name: str, span: Span) -> bool:
        facts = self._elements.collections[collection].facts
        return name in facts or self._not_declared(f"{collection}.{name}", Near(name, facts), span)

    def _not_declared(self, name: str, near: Near, span: Span) -> bool:
        passes = self.allow_unknown or name in self._others()
        if not passes:
            self._report.tell("case-unknown-fact", span, name=name, suggestion=near)
        return passes


def read_path(text: str) -> Field | None:
    """`income_12m`, `members[0].tuition`, or `members.0.tuition`, which needs no quotes in `{…}`; None for no path."""
    found = _PATH.fullmatch(text.strip())
    if found is None:
        return None
    index = found[2] or found[3]
    return Field(found[1], None if index is None else int(index), found[4])


def _plain_value(fact: Fact | None, text: str) -> object:
    """A text without quotes means what the fact's kind makes of it, however a spreadsheet writes it."""
    if text in _NULL:
        return None
    kind = None if fact is None else fact.type
    match kind:
        case Truth():
            word = squeezed(text).lower()
            return True if word in _TRUE else False if word in _FALSE else text
        case Quantity():
            digits = number_text(text) or (percent_text(text) if kind.unit.dimension == NUMBER else None)
            return text if digits is None else NumberText(digits)
        case None if _NUMBER.fullmatch(text):
            return NumberText(text)
        case None:
            return text == "true" if text in ("true", "false") else text
        case DateType():
            return day_text(text) or text
        case Place():
            return squeezed(text) if squeezed(text).isdigit() else text
        case Choice():
            return _option(kind, text)
        case Several() | Text() | ItemOf():
            return text
    assert_never(kind)


def _entries(kind: Several, text: str) -> list[object]:
    """Several entries of one cell, with blanks or signs between them; `无` is none."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    if parts in (["无"], ["none"], ["[]"]):
        return []
    return [_option(kind.of, part) if isinstance(kind.of, Choice) else part for part in parts]


def _option(choice: Choice, text: str) -> str:
    labels = {squeezed(label): option for option, label in choice.options}
    return labels.get(squeezed(text), text)


def is_absent(value: Scalar) -> bool:
    return value.style == "plain" and value.text.strip() in ABSENT_WORDS
