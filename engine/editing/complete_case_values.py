"""What may stand as a value in a case file: facts as households state them, outcomes, what a column changes or checks.

In: a `Scene` whose spot is a value.  Out: `Item`s.
Imports value_offers, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.editing.items import Item
from engine.editing.value_offers import ValueOffers
from engine.language.types import Choice, DateType, Truth
from engine.language.types import Place as PlaceType
from engine.tree import Scalar, nodes


class CaseValues(ValueOffers):
    def _all(self) -> Iterator[Item]:
        path = self.path
        if self.name == "cases" and len(path) == 1:
            yield from self._documents()
        elif self.name == "base":
            yield from self._texts(tuple((key, "") for key in self.scene.keys(("bases",))))
        elif self.name == "file":
            yield from self._tables()
        elif "columns" in path and "table" in path:
            yield from self._case_columns()
        elif "given" in path:
            reading = next(self.known.called(self.name, "reading"), None)
            if reading is not None:
                yield from self._options_of(reading)
            else:
                yield from self._units_behind(next((one.type for one in self.known.called(self.name)), None))
        elif "household" in path or "change" in path:
            yield from self._fact_values(re.split(r"[.\]]", self.name)[-1])
        elif "expect" in path and self.name == "referrals":
            elements = self.scene.elements
            for id_, referral in {} if elements is None else elements.referrals.items():
                yield self._item(id_, "value", referral.label, spellings=(referral.label,))

    def _fact_values(self, name: str) -> Iterator[Item]:
        fact = next(self.known.called(name, "fact"), None)
        match None if fact is None else fact.type:
            case Truth():
                yield from self._texts((("是", "yes"), ("否", "no")))
            case Choice(options=options):
                for id_, label in options:
                    yield self._item(self.say(label, id_), "option", id_, spellings=(id_, label))
            case PlaceType():
                yield from self._counties()
            case DateType():
                yield from self._dates()
            case _:
                pass
        if fact is not None:
            yield self._item(self.say("未知", "unknown"), "value", self.say("待查", "to be verified"), group=2)

    def _dates(self) -> Iterator[Item]:
        found = {node.text for node in nodes(self.scene.file.tree) if isinstance(node, Scalar) and _is_date(node.text)}
        yield from self._texts(tuple((text, "") for text in sorted(found, reverse=True)))

    def _case_columns(self) -> Iterator[Item]:
        for one in self.known.of_kind("fact"):
            if not one.collection:
                yield self._item(one.id, "fact", one.label, spellings=(one.label, one.name))
        for path, label in (
            ("expect.outcome", self.say("结论", "the outcome")),
            ("expect.missing", self.say("还须查清", "what is missing")),
            ("as_of", self.say("哪一天的规定", "the day of the rules")),
            ("known_on", self.say("截至哪一天公布", "what was known then")),
            ("why", self.say("理由", "why")),
            ("note", self.say("不读，给人看", "not read")),
        ):
            yield self._item(path, "key", label)
        for one in self.known.of_kind("condition"):
            path = f"expect.conditions.{one.collection}.{one.id}"
            yield self._item(path, "condition", one.label, spellings=(one.label,), group=2)
        for one in self.known.of_kind("fact"):
            if one.collection:
                name = f"{one.collection}.0.{one.id}"
                yield self._item(name, "fact", one.label, spellings=(one.label, one.id), group=3)


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None
