"""What may be written in an expression: names of what is in scope, words, functions, options, units.

In: a `Scene` whose spot is an expression.  Out: `Item`s, the nearest first, and the word that is to find them.
Nothing is offered that the checks would refuse as soon as it stands there: no fact of an item outside its collection,
no step that rests on this one, no option of another choice.
Imports scene, phrase, left_side, meanings, telling, value_offers, items, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import get_args

from engine.editing.items import Item
from engine.editing.known import Named
from engine.editing.left_side import compared, ended, type_of
from engine.editing.meanings import MEANINGS
from engine.editing.phrase import Frame, Phrase, Token, phrase_at, tokens
from engine.editing.scene import Scene
from engine.editing.telling import summary, type_text
from engine.editing.value_offers import UNITS
from engine.language.ast import BetweenFunction, DateFunction, RoundFunction
from engine.language.types import Choice, DateType, Quantity, Several, Text, Truth, Type
from engine.language.units import Unit, all_words, parse_unit
from engine.language.words import HOUSEHOLD_NAMES, NEAR_WORDS, SELF_NAMES, WORDS, Language, Word, language_of
from engine.source import Span

_VALUES = ("fact", "term", "parameter", "reading", "cause")


def offered(scene: Scene) -> tuple[list[Item], str]:
    """What may stand at the spot, and what of it is written already."""
    begin, text = written(scene)
    phrase = phrase_at(text, scene.spot.offset - begin, scene.known.units)
    typed = text[phrase.start : scene.spot.offset - begin]
    word_end = scene.spot.span.end if phrase.expect != "unit" else scene.spot.offset
    span = Span(scene.file.source, begin + phrase.start, max(word_end, scene.spot.offset))
    rest = text[: phrase.start] + text[span.end - begin :]
    return list(_Offering(scene, phrase, span, text, rest, typed).all()), typed


def written(scene: Scene) -> tuple[int, str]:
    """Where the expression at the spot begins, and its text up to the spot and beyond; blanks behind it are no part of
    what was read."""
    scalar, offset = scene.spot.expression, scene.spot.offset
    if scalar is None or not scalar.text:
        return offset, ""
    begin = min(scalar.span.start, offset)
    return begin, scene.file.source.text[begin : max(scalar.span.end, offset)]


class _Offering:
    def __init__(self, scene: Scene, phrase: Phrase, span: Span, text: str, rest: str, typed: str) -> None:
        self.text = text
        self.scene = scene
        self.known = scene.known
        self.say = scene.say
        self.phrase = phrase
        self.span = span
        self.typed = typed
        told = [one for one in tokens(rest, self.known.units) if one.kind in ("name", "word")]
        words = any(
            one.word is None or one.word.role != "function" for one in told
        )  # people write max among Chinese names
        self.language: Language = language_of(rest if words else scene.file.source.text)
        self.order = 0

    def all(self) -> Iterator[Item]:
        match self.phrase.expect:
            case "operand":
                yield from self._operands()
            case "operator":
                yield from self._operators()
            case "unit":
                yield from self._units()
            case "collection":
                yield from self._named(self.known.of_kind("collection"))
            case "set":
                yield from self._named(self.known.of_kind("list"))
            case "key":
                yield from self._keys()
            case "member":
                yield from self._members()
            case "none":
                return

    # ---- operands

    def _operands(self) -> Iterator[Item]:
        frame = self.phrase.frame
        if frame.operator in ("=", "!=", "in", "not in", "overlaps"):
            types = [self._type_of(name) for name in frame.compared]
            at = frame.argument if frame.operator in ("=", "!=") else 0
            choices = [self._choice(one) for one in types]
            if len(types) == 1 and choices[0] is not None:
                yield from self._options(choices[0])
                if frame.operator in ("=", "!="):
                    like = (one for one in self._in_scope() if one.type == types[0] and one.id not in frame.compared)
                    yield from self._named(like)
                return
            if len(types) > 1 and at < len(types):
                return
        yield from self._standing()
        yield from self._named(one for one in self._in_scope() if self._may_stand(one))
        if frame.word is not None and frame.word.canonical in ("count", "any") and self._is_first(frame):
            yield from self._named(self.known.of_kind("collection"))
        if self.scene.item and self.phrase.aggregate is not None:
            told = self.say("正在计算的那一项的", "of the item that is worked out")
            yield self._item(f"{SELF_NAMES[self.language]}.", "word", told, "", (), 6)
        yield from self._words(("prefix", "value", "function"))

    def _standing(self) -> Iterator[Item]:
        """In `joining.parts`, the names that stand for a cause to come and for what it states of itself."""
        if self.scene.path[:2] == ("joining", "parts"):
            states = tuple(
                self.scene.text(("joining", "states", key)) for key in self.scene.keys(("joining", "states"))
            )
            for name in (self.scene.text(("joining", "cause")), *states):
                if name:
                    yield self._item(
                        name, "term", self.say("每个增加的原因的", "of each cause that is added"), "", (), 0
                    )

    def _is_first(self, frame: Frame) -> bool:
        return self.phrase.last is not None and self.phrase.last.start == frame.at

    def _in_scope(self) -> Iterator[Named]:
        """Values that have a name here: of the household, of the item at hand and of the aggregate's."""
        items = self._collections
        own = self.known.readers_of(*self.scene.owner) if self.scene.owner[0] else frozenset()
        for one in self.known.names:
            if one.kind not in _VALUES or (one.collection and one.collection not in items):
                continue
            if (one.kind, one.id) in own or (one.kind, one.id) == self.scene.owner:
                continue
            if one.type is not None and isinstance(one.type, Text) and not self.phrase.frame.compared:
                continue
            yield one

    @cached_property
    def _collections(self) -> frozenset[str]:
        """Whose items are current: of the aggregate around, and of the step itself. An aggregate whose collection is
        not written yet may be over any."""
        found = {self.scene.item}
        frame = self.phrase.call
        while frame is not None:
            if frame.collection:
                found.add(self.known.collection(frame.collection))
            elif frame.word is not None and frame.word.canonical in ("sum", "every", "any", "max", "min"):
                found |= {one.id for one in self.known.of_kind("collection")}
            break
        return frozenset(found)

    def _may_stand(self, one: Named) -> bool:
        """Whether a value of its type may stand behind what is written; one of no known type may."""
        last, frame = self.phrase.last, self.phrase.frame
        if last is None or one.type is None:
            return True
        if last.text in ("(", ",") and frame.word is not None and frame.word.canonical in _OF_NUMBERS:
            return isinstance(one.type, Quantity | DateType)
        if {one.id, one.name} & set(self.phrase.frame.compared):
            return False
        if last.text in ("+", "-", "*", "/"):
            return isinstance(one.type, Quantity | DateType)
        if last.word is not None and last.word.role == "compare":
            left = self._wanted
            if isinstance(left, Quantity) and last.word.canonical not in ("in", "not in"):
                return isinstance(one.type, Quantity)
            if isinstance(left, DateType):
                return isinstance(one.type, DateType)
            return not isinstance(one.type, Truth) or last.word.canonical in ("=", "!=")
        return True

    def _type_of(self, text: str) -> Type | None:
        owner, _, name = text.rpartition(".")
        found = [one for one in self.known.called(name) if one.type is not None]
        if owner:
            collection = self.known.collection(owner) or (self.scene.item if owner in SELF_NAMES.values() else "")
            found = [one for one in found if one.collection == collection]
        return found[0].type if found else None

    def _choice(self, type_: Type | None) -> Choice | None:
        inner = type_.of if isinstance(type_, Several) else type_
        return inner if isinstance(inner, Choice) else None

    def _options(self, choice: Choice) -> Iterator[Item]:
        """By label in Chinese where it is a name, else by id; what the brackets hold already is left out."""
        listed = {one.text for one in self.phrase.before if self.phrase.frame.at < one.start}
        for id_, label in choice.options:
            chinese = label if label.isidentifier() and self.language == "zh" else id_
            if {id_, label}.isdisjoint(listed) or self.phrase.frame.opener != "(":
                yield self._item(chinese, "option", label if chinese == id_ else id_, "", (id_, label), 0)

    # ---- names

    def _named(self, names: Iterable[Named]) -> Iterator[Item]:
        wanted = self._wanted
        for one in names:
            text = one.chinese if self.language == "zh" else one.id
            nearest = 0 if one.collection and one.collection in self._collections else 1 + min(one.depth, 2)
            fits = wanted is None or one.type is None or _alike(wanted, one.type)
            label = one.label if text.isascii() and one.label != text else ""
            told = (label, type_text(one, self.say), self.scene.document(one.policy))
            detail = " · ".join(part for part in told if part)
            spellings = (one.id, one.name, one.label)
            yield self._item(text, one.kind, detail, summary(one, self.say), spellings, nearest + (0 if fits else 3))

    @cached_property
    def _wanted(self) -> Type | None:
        """The type of what the comparison has on its left."""
        return self._type_left(compared(self.phrase))

    def _type_left(self, operand: Sequence[Token]) -> Type | None:
        """As the checks have it; of a name alone, also while what declares it is broken."""
        alone = all(one.kind == "name" or one.text == "." for one in operand)
        named = self._type_of("".join(one.text for one in operand)) if alone else None
        return named or type_of(operand, self.scene, self.phrase, self.text)

    def _members(self) -> Iterator[Item]:
        owner = self.phrase.owner
        cause = next(self.known.called(owner, "cause"), None)
        if cause is not None:
            names = (one for one in self.known.of_kind("condition") if one.collection == cause.id)
            yield from self._named(one for one in names if (self.scene.owner != ("cause", cause.id)))
        elif owner in HOUSEHOLD_NAMES:
            yield from self._named(
                one for one in self._in_scope() if not one.collection and one.kind in ("fact", "term")
            )
        else:
            itself, wanted = owner in SELF_NAMES.values(), self._wanted
            collection = self.scene.item if itself else self.known.collection(owner)
            if collection and (itself or collection in self._collections):
                fields = (one for one in self._in_scope() if one.collection == collection)
                yield from self._named(one for one in fields if wanted is None or type(one.type) is type(wanted))

    def _keys(self) -> Iterator[Item]:
        """The keys of a parameter that are not given yet, and `on` right behind the bracket."""
        frame = self.phrase.frame
        given = {one.text for one in self.phrase.before if one.start > frame.at}
        parameter = next((one.element for one in self.known.called(frame.name, "parameter", "list")), None)
        for key in getattr(parameter, "by", ()):
            named = next((one for one in self.known.called(key.rpartition(".")[2])), None)
            text = key if named is None or self.language == "en" else named.chinese
            if given.isdisjoint({text, key, key.rpartition(".")[2]}):
                detail = "" if named is None else type_text(named, self.say)
                yield self._item(f"{text} = ", "key", detail, "", (key, text), 0, shown=text)
        if frame.argument == 0:
            yield from self._words(("key",))

    # ---- words

    def _operators(self) -> Iterator[Item]:
        frame = self.phrase.frame
        roles = ["binary"]
        left = self._last_type()
        of_numbers = frame.word is not None and frame.word.canonical in _OF_NUMBERS
        if (of_numbers and frame.after in ("", "ahead") and not frame.ifs) or self._ends_collection():
            roles = []
        if roles and not frame.operator and not isinstance(left, Truth):
            roles.append("compare")
        canonical = {"in", "not in", "=", "!="} if isinstance(left, Choice) else None
        if isinstance(left, Several):
            canonical = {"overlaps"}
        elif isinstance(left, Quantity | DateType):
            canonical = {"<", "<=", ">", ">=", "=", "!="}
        for item, word in self._spelled(tuple(roles)):
            if word.role == "compare" and canonical is not None and word.canonical not in canonical:
                continue
            if word.role == "binary" and isinstance(left, Quantity | Choice | Several | DateType):
                continue  # a number alone is neither true nor false
            yield item
        links = {"then"} if frame.ifs else {"else"} if frame.thens else set()
        if frame.word is not None and not links:
            links = _links(frame)
        yield from (item for item, word in self._spelled(("link",)) if word.canonical in links)

    def _last_type(self) -> Type | None:
        """The type of what stands before, which nothing is compared with yet."""
        return self._type_left(ended(self.phrase))

    def _ends_collection(self) -> bool:
        """Whether what stands before is the collection of an aggregate, of which nothing is said yet."""
        frame, last = self.phrase.frame, self.phrase.last
        if last is None or not self.known.collection(last.text):
            return False
        return (frame.after == "for" and frame.collection == last.text) or (
            frame.word is not None
            and frame.word.canonical in ("count", "any")
            and self.phrase.before[-2].start == frame.at
        )

    def _words(self, roles: tuple[str, ...]) -> Iterator[Item]:
        yield from (item for item, _ in self._spelled(roles))

    def _spelled(self, roles: tuple[str, ...]) -> Iterator[tuple[Item, Word]]:
        """In the author's language; the other language's are found by their letters."""
        for word in WORDS.values():
            if word.role not in roles or (word.canonical == "previous" and not self._has_previous()):
                continue
            meaning = MEANINGS[word.canonical]
            for language in dict.fromkeys((self.language, "zh", "en") if self.typed else (self.language,)):
                spellings = word.zh if language == "zh" else word.en or word.signs
                for spelling in spellings[:1]:
                    function = word.role == "function"
                    insert = f"{spelling}()" if function else spelling if word.role == "value" else f"{spelling} "
                    form = meaning.forms[0].label(self.say) if meaning.forms else ""
                    item = self._item(
                        insert,
                        "function" if function else "word",
                        form or " ".join(word.signs),
                        meaning.rule(self.say) + (f"\n\n`{meaning.example}`" if meaning.example else ""),
                        tuple(near for near, meant in NEAR_WORDS.items() if meant == spelling),
                        7 if language == self.language else 9,
                        shown=spelling,
                        caret=len(insert) - 1 if function else None,
                    )
                    yield item, word

    def _has_previous(self) -> bool:
        return self.scene.path[:2] == ("replace", "terms")

    # ---- units

    def _units(self) -> Iterator[Item]:
        """The unit of what it is compared with or added to first, then others of its kind, then all."""
        wanted = self._wanted
        declared = self.known.units
        own = wanted.unit if isinstance(wanted, Quantity) else None
        texts = [*UNITS, *(word for word in all_words(declared) if word not in UNITS and not word.isascii())]
        for text in dict.fromkeys(texts):
            unit = parse_unit(text, declared)
            if unit is not None and (own is None or unit.dimension == own.dimension):
                yield self._unit(text, own, unit)
        if not self.phrase.spaced or self.phrase.start < self.span.end:
            return
        yield from self._operators()

    def _unit(self, text: str, own: Unit | None, unit: Unit) -> Item:
        gap = "" if self.phrase.spaced else " "
        same = own is not None and own.factor == unit.factor
        return self._item(f"{gap}{text}", "unit", self.say("单位", "unit"), "", (), 0 if same else 1, shown=text)

    def _item(
        self,
        insert: str,
        kind: str,
        detail: str,
        documentation: str,
        spellings: tuple[str, ...],
        group: int,
        *,
        shown: str = "",
        caret: int | None = None,
    ) -> Item:
        self.order += 1
        label = shown or insert
        told = tuple(dict.fromkeys(one for one in spellings if one and one != label))
        return Item(label, insert, self.span, kind, detail, documentation, caret, told, group, self.order)  # type: ignore[arg-type]  # kinds of names are kinds of items


_OF_NUMBERS = frozenset(
    ("sum", "max", "min", "abs", *get_args(RoundFunction), *get_args(DateFunction), *get_args(BetweenFunction))
)
"""functions in which no truth may stand"""


def _alike(wanted: Type, given: Type) -> bool:
    if isinstance(wanted, Quantity) and isinstance(given, Quantity):
        return wanted.unit.dimension == given.unit.dimension
    return type(wanted) is type(given)


def _links(frame: Frame) -> set[str]:
    """What may follow in the brackets of an aggregate."""
    assert frame.word is not None
    name = frame.word.canonical
    ends = {"else"} if name in ("max", "min") else set()
    match frame.after:
        case "" | "ahead":
            return _FIRST_LINKS.get(name, set())
        case "for":
            return {"where"} | ends
        case "where":
            return ends
        case _:
            return set()


_FIRST_LINKS: dict[str, set[str]] = {
    **{name: {"for"} for name in ("sum", "every", "max", "min")},
    "any": {"where", "for"},
    "count": {"where"},
}
