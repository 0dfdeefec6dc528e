"""What may stand as a value: words of the schema, ids, options, units, places, files, dates.

In: a `Scene` whose spot is a value.  Out: `Item`s, and what is to find them.
Imports value_offers, complete_case_values, scene, the tree and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from engine.editing.complete_case_values import CaseValues
from engine.editing.items import Item
from engine.editing.known import Named
from engine.editing.places import place_items
from engine.editing.scene import Scene
from engine.editing.spot import Path
from engine.editing.value_offers import UNITS, ValueOffers
from engine.language.types import Choice, Quantity, Several, Text, Type
from engine.language.types import Place as PlaceType
from engine.language.units import parse_unit
from engine.policy.build_policy import condition_targets
from engine.policy.model import Reading
from engine.source import Span
from engine.tree import Mapping as Map
from engine.tree import Scalar, nodes

_PERIODS = ("12 月", "1 学年", "1 月", "1 年", "3 月")
_REVIEWS = ("12 月", "18 月", "24 月")


def offered(scene: Scene) -> tuple[list[Item], str]:
    """What may stand at the spot, and what of it is written already."""
    node, offset = scene.spot.node, scene.spot.offset
    span = Span(scene.file.source, offset, offset)
    text = scene.file.source.text
    if isinstance(node, Scalar) and node.span.start <= offset <= node.span.end:
        span = node.span
    elif isinstance(node, Scalar) and node.text and text[node.span.end : offset].strip(" ") == "":
        span = Span(scene.file.source, node.span.start, offset)  # blanks behind a value are no part of what is read
    typed = text[span.start : offset]
    offering = CaseValues if scene.file.kind == "cases" else _Values
    return list(offering(scene, span, typed).all()), typed


class _Values(ValueOffers):
    def _all(self) -> Iterator[Item]:
        if self.scene.file.kind == "settings" and self.name == "policy":
            yield from self._documents()
        else:
            own = _BY_KEY.get(self.name)
            if own is not None and not self._is_chosen_key():
                yield from own(self)
            else:
                yield from self._of_set()

    def _is_chosen_key(self) -> bool:
        """Whether the key is an id that the author chose, which only happens to be called so."""
        holder = self.scene.place(self.path[: self.path.index(self.name)]) if self.name in self.path else None
        return holder is not None and holder.own_keys and self.name not in holder.keys

    # ---- what is set, and numbers

    def _of_set(self) -> Iterator[Item]:
        """`set: {reading: option}`, and the unit behind a number."""
        if self.path[:1] == ("set",) and len(self.path) == 2:
            reading = next(self.known.called(str(self.path[1]), "reading"), None)
            if reading is not None:
                yield from self._options_of(reading)
                return
        if self.path[:1] == ("add",) and len(self.path) == 3 and self.path[1] == "parts":
            return
        if "columns" in self.path:
            yield from self._columns()
            return
        yield from self._units_behind(self._target_type())

    def _target_type(self) -> Type | None:
        for section in ("set", "parameters"):
            if section in self.path and len(self.path) > self.path.index(section) + 1:
                target = self.path[: self.path.index(section) + 2]
                found = next(self.known.called(str(target[-1]), "parameter"), None)
                return found.type if found is not None and found.type is not None else self._type_by_unit(target)
        return None

    def _type_by_unit(self, target: Path) -> Type | None:
        """As the unit says that is written there, while nobody has read it yet."""
        unit = parse_unit(self.scene.text((*target, "unit")), self.known.units)
        return None if unit is None else Quantity(unit)

    # ---- by key

    def _own_id(self) -> Iterator[Item]:
        """The file's name, which is what most documents are called."""
        name = self.scene.file.path.stem
        if len(self.path) == 1 and re.fullmatch("[a-z][a-z0-9_]*", name):
            yield self._item(name, "document", self.say("文件名", "the file's name"))

    def _amends(self) -> Iterator[Item]:
        for id_, document in self.scene.snapshot.library.documents.items():
            if id_ != self.scene.file.id and not document.header.is_values:
                title, group = document.header.title, 0 if document.is_root else 1
                yield self._item(id_, "document", title, spellings=(title,), group=group)

    def _jurisdiction(self) -> Iterator[Item]:
        yield from place_items(self.scene, self.span, inside=False, quoted=self.quoted, wide=True)

    def _collections(self) -> Iterator[Item]:
        if "lists" in self.path:
            yield from self._named(
                one for one in self.known.of_kind("fact") if isinstance(one.type, Choice) or _is_texts(one)
            )
        else:
            yield from self._named(self.known.of_kind("collection"))

    def _keys_by(self) -> Iterator[Item]:
        """What a parameter may be keyed by: the place, choices, whole counts."""
        for one in self.known.of_kind("fact", "term"):
            whole = isinstance(one.type, Quantity) and one.type.whole
            if isinstance(one.type, Choice | PlaceType) or whole:
                name = f"{one.collection}.{one.id}" if one.collection else one.id
                yield self._item(name, one.kind, self._told(one), spellings=(one.id, one.name, one.label))

    def _same_as(self) -> Iterator[Item]:
        for one in self.known.of_kind("condition"):
            if self.scene.owner != ("cause", one.collection):
                yield self._item(f"{one.collection}.{one.id}", "condition", one.label, spellings=(one.label, one.id))

    def _targets(self) -> Iterator[Item]:
        elements = self.scene.elements
        for target in () if elements is None else condition_targets(elements):
            yield self._item(target, "condition", "")

    def _repealed(self) -> Iterator[Item]:
        """What an amendment may take away: an element by its kind and id, or a condition of a cause."""
        elements = self.scene.elements
        for kind in () if elements is None else ("causes", "requirements", "checks", "outputs", "referrals", "terms"):
            for id_, held in getattr(elements, kind).items():
                yield self._item(f"{kind}.{id_}", "condition", held.label, spellings=(held.label, id_))
        yield from self._same_as()

    def _units(self) -> Iterator[Item]:
        yield from self._texts(tuple((unit, "") for unit in UNITS if unit != "%"), "unit")

    def _over(self) -> Iterator[Item]:
        yield from self._texts(tuple((period, "") for period in _PERIODS), "unit")

    def _review(self) -> Iterator[Item]:
        yield from self._texts(tuple((period, "") for period in _REVIEWS), "unit")

    def _chosen(self) -> Iterator[Item]:
        if self.path[:1] == ("set",):
            reading = next(self.known.called(str(self.path[1]), "reading"), None)
            if reading is not None:
                yield from self._options_of(reading)
            return
        yield from self._entries((*self.path[:-1], "options"))

    def _entries(self, path: Path) -> Iterator[Item]:
        """The keys of a map in the file, with their labels: options."""
        held = self.scene.node(path)
        for key, value in held.entries if isinstance(held, Map) else ():
            label = value.text if isinstance(value, Scalar) else ""
            yield self._item(key.text, "option", label, spellings=(label,))

    def _default(self) -> Iterator[Item]:
        beside = self.path[:-1]
        if self.scene.node((*beside, "choice")) is not None:
            yield from self._entries((*beside, "choice"))
        elif self.scene.text((*beside, "yes_no")):
            yield from self._texts((("no", self.say("否", "no")), ("yes", self.say("是", "yes"))))
        elif self.scene.node((*beside, "unit")) is not None:
            yield from self._texts((("0", ""),))

    def _guard_options(self) -> Iterator[Item]:
        reading = next(self.known.called(str(self.path[2]), "reading"), None) if len(self.path) > 2 else None
        if reading is not None and isinstance(reading.element, Reading):
            yield from self._options_of(reading)

    def _written(self) -> Iterator[Item]:
        """What the file has at other places under the same key, the last first: articles, documents, dates."""
        found = [
            value.text
            for node in nodes(self.scene.file.tree)
            if isinstance(node, Map)
            for key, value in node.entries
            if key.text in _ALIKE[self.name] and isinstance(value, Scalar) and value.text and value.span != self.span
        ]
        for text in dict.fromkeys(sorted(found, reverse=True) if self.name in _DATES else found):
            yield self._item(_quoted(text) if not self.quoted else text, "value", "", shown=text)

    def _values_from(self) -> Iterator[Item]:
        library = self.scene.snapshot.library
        for id_, document in library.documents.items():
            if document.header.is_values and document.built is not None:
                elements = getattr(document.built, "elements", None)
                for name, held in {} if elements is None else elements.parameters.items():
                    yield self._item(f"{id_}.{name}", "parameter", held.label, spellings=(held.label,))

    def _columns(self) -> Iterator[Item]:
        """What a column of a table means: one of the parameter's keys, the value, or the value of an option."""
        for section in ("set", "parameters"):
            if section not in self.path:
                continue
            target = str(self.path[self.path.index(section) + 1])
            found = next(self.known.called(target, "parameter"), None)
            by = getattr(found.element if found else None, "by", ())
            for key in by:
                named = next((one for one in self.known.called(key.rpartition(".")[2])), None)
                yield self._item(key, "key", "" if named is None else named.label)
            yield self._item("value", "key", self.say("取值", "the value"))
            for key in by:
                named = next((one for one in self.known.called(key.rpartition(".")[2])), None)
                if named is None or not isinstance(named.type, Choice) or found is None:
                    continue
                for id_, label in named.type.options:
                    text = f"{{{key}: {id_}, unit: {found.unit}}}"
                    yield self._item(text, "option", self.say(f"{label}的取值", f"the value of {label}"), group=1)


_ALIKE: dict[str, tuple[str, ...]] = {
    "cites": ("cites",),
    "document": ("document",),
    "source": ("source",),
    "issuer": ("issuer",),
    "from": ("from", "published"),
    "published": ("published", "from"),
    "until": ("until",),
}
_DATES = ("from", "published", "until")
_BY_KEY: Mapping[str, Callable[[_Values], Iterator[Item]]] = {
    **dict.fromkeys(("overlay", "policy", "values"), _Values._own_id),
    "amends": _Values._amends,
    "jurisdiction": _Values._jurisdiction,
    "counties": _Values._counties,
    "stands_with": _Values._counties,
    "of": _Values._collections,
    "refers_to": _Values._collections,
    "by": _Values._keys_by,
    "same_as": _Values._same_as,
    "to": _Values._targets,
    "must_use": _Values._targets,
    "repeal": _Values._repealed,
    "table": _Values._tables,
    "territory": _Values._tables,
    "unit": _Values._units,
    "over": _Values._over,
    "review_after": _Values._review,
    "chosen": _Values._chosen,
    "default": _Values._default,
    "options": _Values._guard_options,
    "values_from": _Values._values_from,
    **dict.fromkeys(_ALIKE, _Values._written),
}


def _is_texts(one: Named) -> bool:
    return isinstance(one.type, Several | Text) and bool(one.collection)


def _quoted(text: str) -> str:
    """As it may stand in YAML: in quotes where a sign in it would be read as one."""
    plain = re.fullmatch(r"[^\s\"'{}\[\],#&*!|>%@`:-][^\"'{}\[\],#:]*", text)
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
