"""What was filled in, as a household, and a household as what can be filled in.

In: the fields of a posted form, or a household's JSON; the elements of a merged policy.  Out: the household as JSON has
it, every amount as the text that was typed; what of it no form can hold. A field that is left empty is left out, so
that its default stands; one of which nobody knows is null.
Imports evaluation, policy, language and the ground floor; no part of the web.

The fields of a form, PATH being a JSON path: `v:PATH` the value (of a choice `=` and its option), `u:PATH` where it is
not known, `m:PATH` of lists whether they are left out, empty or not known (`v:` then holds what was chosen or typed),
`n:LIST` how many items there are, `j:LIST[0]` an item as JSON that the page did not unfold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias, assert_never

from engine.errors import HouseholdError
from engine.escaping import as_json
from engine.evaluation.json_text import NumberText, read_json
from engine.gathered import gathered
from engine.language.interpreter import MAX_ITEMS
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.policy.model import Collection, Elements, Fact, identity_of
from engine.policy.territory import Territory
from engine.records import dataclass
from engine.suggest import nearest

Household: TypeAlias = dict[str, Any]
UNKNOWN: Final = "?"
GIVEN: Final = "="
"""before an option; alone, of a list that is there"""
YES, NO = "=yes", "=no"
_ITEM: Final = re.compile(r"([a-z]:)(\w+)\[(\d+)\](.*)", re.DOTALL)
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Fault:
    """What the form itself cannot take, in Chinese and English, by path."""

    path: str
    zh: str
    en: str


class Posted:
    """The fields of a form in the order in which they were sent."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs = tuple(pairs)
        self._held = gathered(self.pairs)

    def one(self, name: str) -> str:
        return self._held[name][0] if name in self._held else ""

    def every(self, name: str) -> Sequence[str]:
        return self._held.get(name, ())

    def count(self, collection: str) -> int:
        text = self.one(f"n:{collection}")
        return min(int(text), MAX_ITEMS + 1) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    def with_item(self, collection: str, identity: Fact | None) -> Posted:
        """One more item; what tells the items apart is numbered."""
        count = self.count(collection)
        if count > MAX_ITEMS:
            return self
        others = [(name, value) for name, value in self.pairs if name != f"n:{collection}"]
        if identity is not None:
            taken = set(self._identities(collection, identity))
            number = next(str(one) for one in range(count + 1, 2 * count + 3) if str(one) not in taken)
            others.append((f"v:{collection}[{count}].{identity.id}", number))
        return Posted([*others, (f"n:{collection}", str(count + 1))])

    def _identities(self, collection: str, identity: Fact) -> Iterator[str]:
        for index in range(self.count(collection)):
            yield self.one(f"v:{collection}[{index}].{identity.id}").strip()
            if folded := self.one(f"j:{collection}[{index}]"):
                yield str(_item_of(folded).get(identity.id, ""))

    def without_item(self, collection: str, index: int) -> Posted:
        """The items behind it move up."""
        count = self.count(collection)
        if not 0 <= index < count:
            return self
        kept = [
            (moved, value)
            for name, value in self.pairs
            if name != f"n:{collection}" and (moved := _moved(name, collection, index)) is not None
        ]
        return Posted([*kept, (f"n:{collection}", str(count - 1))])


def _moved(name: str, collection: str, index: int) -> str | None:
    found = _ITEM.fullmatch(name)
    if found is None or found[2] != collection or int(found[3]) < index:
        return name
    return None if int(found[3]) == index else f"{found[1]}{collection}[{int(found[3]) - 1}]{found[4]}"


# ---- from the form


@dataclass(frozen=True, slots=True)
class Filled:
    household: Household
    faults: tuple[Fault, ...]


def filled(posted: Posted, elements: Elements, territory: Territory) -> Filled:
    reading = _Reading(posted, territory)
    household = reading.facts(elements.facts, "")
    for collection in elements.collections.values():
        items = reading.items(collection)
        if items is not _ABSENT:
            household[collection.id] = items
    return Filled(household, tuple(reading.faults))


class _Reading:
    def __init__(self, posted: Posted, territory: Territory) -> None:
        self._posted, self._territory = posted, territory
        self.faults: list[Fault] = []

    def facts(self, facts: Mapping[str, Fact], prefix: str) -> Household:
        read = {id: self._value(fact, prefix + id) for id, fact in facts.items()}
        return {id: value for id, value in read.items() if value is not _ABSENT}

    def items(self, collection: Collection) -> object:
        count = self._posted.count(collection.id)
        if count or collection.required:
            return [self._item(collection, f"{collection.id}[{index}]") for index in range(count)]
        match self._posted.one(f"m:{collection.id}"):
            case "=":
                return []
            case "?":
                return None
        return _ABSENT

    def _item(self, collection: Collection, path: str) -> Household:
        folded = self._posted.one(f"j:{path}")
        return _item_of(folded) if folded else self.facts(collection.facts, f"{path}.")

    def _value(self, fact: Fact, path: str) -> object:
        match fact.type:
            case Truth():
                chosen = self._posted.one(f"v:{path}")
                return {YES: True, NO: False, UNKNOWN: None}.get(chosen, _ABSENT)
            case Choice() | ItemOf():
                return self._chosen(self._posted.one(f"v:{path}"))
            case Several():
                return self._several(fact.type, path)
            case Quantity() | DateType() | Text() | Place():
                return self._typed(fact, path)
        assert_never(fact.type)

    def _chosen(self, text: str) -> object:
        if text.startswith(GIVEN):
            return text[1:]
        return None if text == UNKNOWN else _ABSENT

    def _several(self, kind: Several, path: str) -> object:
        mode, sent = self._posted.one(f"m:{path}"), self._posted.every(f"v:{path}")
        if isinstance(kind.of, Choice):
            found = [one[1:] for one in sent if one.startswith(GIVEN)]
        else:
            found = [line for text in sent for line in (one.strip() for one in text.splitlines()) if line]
        if found and mode == UNKNOWN:
            self._both(path)
        if found:
            return found
        return None if mode == UNKNOWN else [] if mode == GIVEN else _ABSENT

    def _typed(self, fact: Fact, path: str) -> object:
        text, is_unknown = self._posted.one(f"v:{path}"), bool(self._posted.one(f"u:{path}"))
        if not text.strip():
            return None if is_unknown else _ABSENT
        if is_unknown:
            self._both(path)
        if isinstance(fact.type, Text):
            return text.replace("\r\n", "\n")
        # an input method leaves signs of full width, and blanks
        text = unicodedata.normalize("NFKC", text).strip()
        return self._place(text, path) if isinstance(fact.type, Place) else text

    def _both(self, path: str) -> None:
        self.faults.append(
            Fault(
                path,
                "填了内容，又勾了“不清楚”：留下一个",
                "something is filled in and “not known” is marked: leave one",
            )
        )

    def _place(self, text: str, path: str) -> str:
        """The code of a place that was written by its code, its name, or as the list has it."""
        codes = codes_named(text, self._territory)
        if len(codes) == 1:
            return codes[0]
        if codes:
            shown = "、".join(place_text(code, self._territory) for code in codes)
            self.faults.append(
                Fault(path, f"不止一处叫“{text}”：{shown}", f"several places are called “{text}”: {shown}")
            )
        elif self._territory and not text.isdigit():
            near = nearest(text, [one.name for one in self._territory.values()])
            hint, meant = (f"，是不是“{near}”", f"; is it “{near}”?") if near else ("", "")
            self.faults.append(Fault(path, f"没有叫“{text}”的地方{hint}", f"there is no place called “{text}”{meant}"))
        return text


def codes_named(text: str, territory: Territory) -> list[str]:
    first = text.split()[0] if text.split() else ""
    if first in territory:
        return [first]
    wanted = _bare(text)
    return [one.code for one in territory.values() if wanted in (_bare(one.name), _bare(one.city_name + one.name))]


def place_text(code: str, territory: Territory) -> str:
    """`140602 朔城区（朔州市）`; a code that is none as it was typed."""
    if code not in territory:
        return code
    one = territory[code]
    return f"{code} {one.name}" + (f"（{one.city_name}）" if one.city_name not in ("", one.name) else "")


def _bare(text: str) -> str:
    return re.sub(r"[\s（）()·,，]+", "", text)


# ---- an item that is not unfolded


def folded(item: Mapping[str, Any]) -> str:
    return as_json(item)


def _item_of(text: str) -> Household:
    try:
        tree = read_json(text)
    except HouseholdError:
        return {}
    plain = _plain(tree)
    return plain if isinstance(plain, dict) else {}


def _plain(tree: object) -> Any:
    """Numbers as their text, so that a form can hold them."""
    match tree:
        case NumberText(text=text):
            return text
        case dict():
            return {str(key): _plain(value) for key, value in tree.items()}
        case list():
            return [_plain(value) for value in tree]
        case _:
            return tree


# ---- to the form


@dataclass(frozen=True, slots=True)
class Fitted:
    """`left`: the paths of what no form can hold."""

    household: Household
    left: tuple[str, ...]


def fitted(tree: Mapping[str, object], elements: Elements) -> Fitted:
    """What of a household a form can hold, with every number as its text."""
    left: list[str] = []
    plain = _plain(dict(tree))
    own = {key: value for key, value in plain.items() if key not in elements.collections}
    household = _fitted(own, elements.facts, "", left)
    for collection in elements.collections.values():
        value = plain.get(collection.id, _ABSENT)
        if isinstance(value, list):
            household[collection.id] = [
                _fitted(
                    item if isinstance(item, dict) else {"": item}, collection.facts, f"{collection.id}[{index}].", left
                )
                for index, item in enumerate(value)
            ]
        elif value is None and not collection.required:
            household[collection.id] = None
        elif value is not _ABSENT:
            left.append(collection.id)
    return Fitted(household, tuple(left))


def _fitted(
    plain: Household,
    facts: Mapping[str, Fact],
    prefix: str,
    left: list[str],
    beside: Mapping[str, object] | None = None,
) -> Household:
    found: Household = {}
    for key, value in plain.items():
        if key in facts and _fits(facts[key], value):
            found[key] = value
        elif key not in (beside or {}):
            left.append(f"{prefix}{key}".rstrip("."))
    return found


def _fits(fact: Fact, value: object) -> bool:
    if value is None:
        return not fact.required
    match fact.type:
        case Truth():
            return isinstance(value, bool)
        case Several(of=of):
            return isinstance(value, list) and all(_fits_in_list(of, one) for one in value)
        case Choice() | ItemOf():
            return isinstance(value, str)
        case Text():
            return isinstance(value, str) and bool(value.strip()) and "\r" not in value
        case Quantity() | DateType() | Place():
            return isinstance(value, str) and value == unicodedata.normalize("NFKC", value).strip() != ""
    assert_never(fact.type)


def _fits_in_list(kind: Choice | Text, value: object) -> bool:
    match kind:
        case Choice(options=options):
            return value in dict(options)
        case Text():
            return isinstance(value, str) and value.splitlines() == [value.strip()]


def started(elements: Elements, day: str) -> Household:
    """A household of which nothing is known yet but that it is there: what tells things apart is numbered."""
    household: Household = {}
    for fact in elements.facts.values():
        if fact.role == "identity":
            household[fact.id] = "1"
        elif fact.role == "as_of":
            household[fact.id] = day
    for collection in elements.collections.values():
        if collection.required:
            identity = identity_of(collection)
            count = range(1, max(1, collection.at_least) + 1)
            household[collection.id] = [{} if identity is None else {identity.id: str(number)} for number in count]
    return household
