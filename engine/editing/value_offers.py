"""What the offers of values have in common, whatever file they are in: options, units, places, tables, documents.

In: a `Scene` whose spot is a value.  Out: `Item`s.
Imports scene, openings, places, tables, telling, items, language and the ground floor.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator

from engine.editing.items import Item, ItemKind
from engine.editing.known import Named
from engine.editing.openings import allowed_effects
from engine.editing.places import place_items
from engine.editing.scene import Scene
from engine.editing.spot import Path
from engine.editing.structure import Place
from engine.editing.tables import table_paths
from engine.editing.telling import EFFECTS, PROMISES, summary, type_text
from engine.language.types import Choice, Quantity, Type
from engine.language.units import parse_unit
from engine.source import Span

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?( ?)\S*\Z")
UNITS = (
    "元", "万元", "元/人", "元/月", "元/人/月", "元/人/年", "元/年", "元/学年", "月", "年", "学年", "岁", "天", "周",
    "小时", "人", "平方米", "辆", "套", "户", "次", "%",
)  # fmt: skip


class ValueOffers(ABC):
    """Attributes:
    span: what an item takes the place of. typed: what of it is written. quoted: whether it stands between quotes.
    name: the key that the value, or the list that it is in, belongs to.
    """

    def __init__(self, scene: Scene, span: Span, typed: str) -> None:
        self.scene = scene
        self.span = span
        self.typed = typed
        self.say = scene.say
        self.known = scene.known
        text = span.source.text
        self.quoted = text[span.start - 1 : span.start] in ('"', "'")
        self.place: Place = scene.place(scene.path)
        self.path: Path = scene.path
        self.name = self._key_name()
        self.order = 0

    def _key_name(self) -> str:
        """The key that the value, or the list that it is in, belongs to."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    def all(self) -> Iterator[Item]:
        seen: set[str] = set()
        for item in (*self._all(), *self._words()):
            if item.insert not in seen:
                seen.add(item.insert)
                yield item

    @abstractmethod
    def _all(self) -> Iterator[Item]:
        """Besides the words that the schema allows."""

    # ---- words

    def _words(self) -> Iterator[Item]:
        refers = self.place.refers
        if "flag" in refers:
            yield from self._texts((("yes", self.say("是", "yes")), ("no", self.say("否", "no"))))
        elif "chosen" in refers:
            yield from self._texts((("yes", self.say("是", "yes")),))
        elif self.place.words:
            allowed = allowed_effects(self.scene) if self.name == "effect" or "local" in self.path else None
            told = _meanings(self.place.description)
            for word in self.place.words:
                if allowed is None or word in allowed:
                    promise = self.say(told.get(word, ""), PROMISES.get(word, ""))
                    opening = self.say(*EFFECTS.get(word, ("", "")))
                    detail = opening if "local" in self.path else promise
                    english = self.scene.file.kind != "cases" or bool(self.say("", "English"))
                    own = word.isascii() == english
                    yield self._item(word, "value", detail, group=0 if own else 1)

    def _texts(self, texts: tuple[tuple[str, str], ...], kind: ItemKind = "value") -> Iterator[Item]:
        yield from (self._item(text, kind, detail if detail != text else "") for text, detail in texts)

    def _options_of(self, named: Named) -> Iterator[Item]:
        """Those of a reading that the levels below open."""
        local = self.scene.local
        guard = None if local is None else local.set.get(named.id)
        allowed = () if guard is None else guard.options
        if isinstance(named.type, Choice):
            for id_, label in named.type.options:
                if not allowed or id_ in allowed:
                    yield self._item(id_, "option", label, spellings=(label,))

    def _units_behind(self, wanted: Type | None) -> Iterator[Item]:
        """Behind a number; those of the parameter's kind where that is known."""
        number = _NUMBER.match(self.typed)
        if number is None:
            return
        own = wanted.unit if isinstance(wanted, Quantity) else None
        digits = re.match(r"-?\d+(?:\.\d+)?", self.typed)
        assert digits is not None
        for text in UNITS:
            unit = parse_unit(text, self.known.units)
            if unit is not None and (own is None or unit.dimension == own.dimension):
                nearest = 0 if own is not None and own.factor == unit.factor else 1
                gap = "" if text == "%" else " "
                yield self._item(f"{digits[0]}{gap}{text}", "unit", self.say("单位", "unit"), group=nearest)

    def _counties(self) -> Iterator[Item]:
        yield from place_items(self.scene, self.span, inside=True, quoted=self.quoted)

    def _documents(self) -> Iterator[Item]:
        for id_, document in self.scene.snapshot.library.documents.items():
            yield self._item(id_, "document", document.header.title, spellings=(document.header.title,))

    def _tables(self) -> Iterator[Item]:
        """Tables of cases stand behind the others, where it is no case that asks."""
        cases = {path.parent for path, file in self.scene.snapshot.files.items() if file.kind == "cases"}
        for name, path in table_paths(self.scene.snapshot, self.scene.file):
            aside = path.parent in cases and self.scene.file.kind != "cases"
            yield self._item(name, "file", "", group=int(aside))

    # ---- one of them

    def _named(self, names: Iterator[Named]) -> Iterator[Item]:
        for one in names:
            yield self._item(one.id, one.kind, self._told(one), summary(one, self.say), (one.name, one.label))

    def _told(self, one: Named) -> str:
        return " · ".join(dict.fromkeys(part for part in (one.label, type_text(one, self.say)) if part))

    def _item(
        self,
        text: str,
        kind: ItemKind,
        detail: str,
        documentation: str = "",
        spellings: tuple[str, ...] = (),
        group: int = 0,
        shown: str = "",
    ) -> Item:
        self.order += 1
        found = tuple(dict.fromkeys(one for one in spellings if one and one != text))
        return Item(shown or text, text, self.span, kind, detail, documentation, None, found, group, self.order)


def _meanings(description: str) -> dict[str, str]:
    """What a schema says of each word in one sentence: `narrower 收紧，wider 放宽，any 都可能`."""
    found = re.findall(r"([A-Za-z_]+) ([^，；,;（(]+)", description)
    return {word: meaning.strip() for word, meaning in found}
