"""What may stand as a value: words of the schema, ids, options, units, places, files, dates.

In: a `Scene` whose spot is a value.  Out: `Item`s, and what is to find them.
Imports scene, places, tables, telling, items, the tree and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from engine.editing.items import Item, ItemKind
from engine.editing.known import Named
from engine.editing.places import place_items
from engine.editing.scene import Scene
from engine.editing.spot import Path
from engine.editing.structure import Place
from engine.editing.tables import table_paths
from engine.editing.telling import EFFECTS, PROMISES, summary, type_text
from engine.language.types import Choice, DateType, Quantity, Truth, Type
from engine.language.types import Place as PlaceType
from engine.language.units import parse_unit
from engine.policy.build_policy import condition_targets
from engine.policy.model import Guard, Reading
from engine.source import Span
from engine.tree import Mapping as Map
from engine.tree import Scalar, nodes

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?( ?)\S*\Z")
_UNITS = (
    "元", "万元", "元/人", "元/月", "元/人/月", "元/人/年", "元/学年", "月", "年", "学年", "岁", "天", "周", "小时",
    "人", "平方米", "辆", "套", "户", "次", "%",
)  # fmt: skip
_PERIODS = ("12 月", "1 学年", "1 月", "1 年", "3 月")
_REVIEWS = ("12 月", "18 月", "24 月")
_UNKNOWN = ("unknown", "未知"), ("absent", "不填")


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
    return list(_Values(scene, span, typed).all()), typed


class _Values:
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
        for item in self._all():
            if item.insert not in seen:
                seen.add(item.insert)
                yield item

    def _all(self) -> Iterator[Item]:
        if self.scene.file.kind == "cases":
            yield from self._of_cases()
        elif self.scene.file.kind == "settings" and self.name == "policy":
            yield from self._documents()
        else:
            own = _BY_KEY.get(self.name)
            if own is not None and not self._is_chosen_key():
                yield from own(self)
            else:
                yield from self._of_set()
        yield from self._words()

    def _is_chosen_key(self) -> bool:
        """Whether the key is an id that the author chose, which only happens to be called so."""
        holder = self.scene.place(self.path[: self.path.index(self.name)]) if self.name in self.path else None
        return holder is not None and holder.own_keys and self.name not in holder.keys

    # ---- words

    def _words(self) -> Iterator[Item]:
        refers = self.place.refers
        if "flag" in refers:
            yield from self._texts((("yes", self.say("是", "yes")), ("no", self.say("否", "no"))))
        elif "chosen" in refers:
            yield from self._texts((("yes", self.say("是", "yes")),))
        elif self.place.words:
            allowed = self._allowed_effects() if self.name == "effect" or "local" in self.path else None
            told = _meanings(self.place.description)
            for word in self.place.words:
                if allowed is None or word in allowed:
                    promise = self.say(told.get(word, ""), PROMISES.get(word, ""))
                    opening = self.say(*EFFECTS.get(word, ("", "")))
                    detail = opening if "local" in self.path else promise
                    english = self.scene.file.kind != "cases" or bool(self.say("", "English"))
                    own = word.isascii() == english
                    yield self._item(word, "value", detail, group=0 if own else 1)

    def _allowed_effects(self) -> frozenset[str] | None:
        """What may be promised here: a guard that demands an effect takes no other. What a level opens to the next is
        as tight, or closed."""
        guard = self._guard()
        if guard is None or guard.effect in ("any", "sealed"):
            return None
        closed = ("sealed", "expected") if self.path[0] == "local" else ()
        return frozenset({guard.effect, *closed})

    def _guard(self) -> Guard | None:
        """The guard over the change that this is part of."""
        local, path = self.scene.local, tuple(str(step) for step in self.path)
        path = path[1:] if path[:1] == ("local",) else path
        if local is None or len(path) < 2:
            return None
        match path[:2]:
            case ("set", target):
                return local.set.get(target)
            case ("add", "parts"):
                return local.add_parts.get(path[2].partition(".")[0]) if len(path) > 2 else None
            case ("add", kind):
                return local.add.get(kind)
            case ("exempt", _):
                return local.add.get("exemptions")
            case ("replace", _):
                return local.replace_terms.get(path[2]) if len(path) > 2 else None
            case _:
                return None

    def _texts(self, texts: tuple[tuple[str, str], ...], kind: ItemKind = "value") -> Iterator[Item]:
        yield from (self._item(text, kind, detail if detail != text else "") for text, detail in texts)

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
                target = str(self.path[self.path.index(section) + 1])
                found = next(self.known.called(target, "parameter"), None)
                return None if found is None else found.type
        return None

    def _units_behind(self, wanted: Type | None) -> Iterator[Item]:
        """Behind a number; those of the parameter's kind where that is known."""
        number = _NUMBER.match(self.typed)
        if number is None:
            return
        own = wanted.unit if isinstance(wanted, Quantity) else None
        digits = re.match(r"-?\d+(?:\.\d+)?", self.typed)
        assert digits is not None
        for text in _UNITS:
            unit = parse_unit(text, self.known.units)
            if unit is not None and (own is None or unit.dimension == own.dimension):
                nearest = 0 if own is not None and own.factor == unit.factor else 1
                gap = "" if text == "%" else " "
                yield self._item(f"{digits[0]}{gap}{text}", "unit", self.say("单位", "unit"), group=nearest)

    def _options_of(self, named: Named) -> Iterator[Item]:
        """Those of a reading that the levels below open."""
        local = self.scene.local
        guard = None if local is None else local.set.get(named.id)
        allowed = () if guard is None else guard.options
        if isinstance(named.type, Choice):
            for id_, label in named.type.options:
                if not allowed or id_ in allowed:
                    yield self._item(id_, "option", label, spellings=(label,))

    # ---- by key

    def _amends(self) -> Iterator[Item]:
        for id_, document in self.scene.snapshot.library.documents.items():
            if id_ != self.scene.file.id and not document.header.is_values:
                title, group = document.header.title, 0 if document.is_root else 1
                yield self._item(id_, "document", title, spellings=(title,), group=group)

    def _documents(self) -> Iterator[Item]:
        for id_, document in self.scene.snapshot.library.documents.items():
            yield self._item(id_, "document", document.header.title, spellings=(document.header.title,))

    def _jurisdiction(self) -> Iterator[Item]:
        yield from place_items(self.scene, self.span, inside=False, quoted=self.quoted, wide=True)

    def _counties(self) -> Iterator[Item]:
        yield from place_items(self.scene, self.span, inside=True, quoted=self.quoted)

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

    def _tables(self) -> Iterator[Item]:
        """Tables of cases stand behind the others, where it is no case that asks."""
        cases = {path.parent for path, file in self.scene.snapshot.files.items() if file.kind == "cases"}
        for name, path in table_paths(self.scene):
            aside = path.parent in cases and self.scene.file.kind != "cases"
            yield self._item(name, "file", "", group=int(aside))

    def _units(self) -> Iterator[Item]:
        yield from self._texts(tuple((unit, "") for unit in _UNITS if unit != "%"), "unit")

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

    # ---- cases

    def _of_cases(self) -> Iterator[Item]:
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
            yield from self._texts(((self.say("未知", "unknown"), self.say("待查", "to be verified")),))

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
    return type(one.type).__name__ in ("Several", "Text") and bool(one.collection)


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None


def _quoted(text: str) -> str:
    """As it may stand in YAML: in quotes where a sign in it would be read as one."""
    plain = re.fullmatch(r"[^\s\"'{}\[\],#&*!|>%@`:-][^\"'{}\[\],#:]*", text)
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _meanings(description: str) -> dict[str, str]:
    """What a schema says of each word in one sentence: `narrower 收紧，wider 放宽，any 都可能`."""
    found = re.findall(r"([a-z_]+) ([^，；,;（(]+)", description)
    return {word: meaning.strip() for word, meaning in found}
