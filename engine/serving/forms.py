"""A household as a form: what the merged policy asks for, with what is filled in so far.

In: the elements of a merged policy, a household, what was refused, what is still to be asked.  Out: a `Form`, in the
order of the policy. What still matters stands first, then what is filled in; the rest is folded away.
Imports filled, reporting, policy, language and the ground floor; no part of the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias, assert_never

from engine.evaluation.figures import default_as_json
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.policy.model import Collection, Elements, Fact, identity_of
from engine.policy.territory import Territory
from engine.records import dataclass
from engine.reporting.paths import declared, json_value, owner
from engine.reporting.words import Words
from engine.serving.filled import GIVEN, NO, UNKNOWN, YES, Household, folded, place_text

MOST_ASKED: Final = 24
"""fields that are asked first; what else matters stands with the others"""
MOST_UNFOLDED: Final = 12
"""items of a list whose fields are shown at a time"""

Control: TypeAlias = Literal["number", "text", "lines", "place", "radios", "select", "boxes"]
Errors: TypeAlias = Mapping[str, Sequence[str]]
"""what is wrong, by path"""


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """
    Attributes:
        name: the path.
        text: what is typed; of `radios`, `select` and `boxes` the options say it.
        modes: of what may be a list: whether it is left out, empty or not known.
        unknown: whether nobody knows it; None where that is no answer.
        whose: of which item it is, "" of the household's own.
    """

    name: str
    label: str
    control: Control
    text: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    modes: tuple[Option, ...] = ()
    unknown: bool | None = None
    required: bool = False
    hints: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    whose: str = ""

    @property
    def id(self) -> str:
        return id_of(self.name)


@dataclass(frozen=True, slots=True)
class Item:
    """`fields` are filled in, or wrong; `more` are left empty."""

    index: int
    path: str
    label: str
    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class List:
    """Attributes:
    modes: where it has no items: whether it is left out, empty or not known.
    kept: items that are not unfolded, as JSON by their place.
    first: place of the first item that is unfolded.
    """

    id: str
    label: str
    one: str
    count: int
    items: tuple[Item, ...]
    modes: tuple[Option, ...]
    kept: tuple[tuple[int, str], ...]
    first: int
    hints: tuple[str, ...]
    errors: tuple[str, ...]
    asked: bool
    required: bool

    @property
    def last(self) -> int:
        return self.first + len(self.items)


@dataclass(frozen=True, slots=True)
class Form:
    """Attributes:
    placing: where and when the household applies.
    asked: what still matters, in the order to ask in; `asked_beyond` counts what else does.
    fields, more: the household's own: filled in, and left empty.
    """

    placing: tuple[Field, ...]
    asked: tuple[Field, ...]
    asked_beyond: int
    fields: tuple[Field, ...]
    more: tuple[Field, ...]
    lists: tuple[List, ...]
    places: tuple[str, ...]


def id_of(path: str) -> str:
    """Of the control in the page."""
    return "f-" + re.sub(r"[^\w]+", "-", path).strip("-")


def item_of(path: str) -> tuple[str, int] | None:
    """The list and the place of the item that a path leads to or into."""
    found = re.match(r"(\w+)\[([0-9]{1,8})\]", path)
    return None if found is None else (found[1], int(found[2]))


def control_path(path: str, elements: Elements) -> str:
    """The path of what a form shows, at which something wrong is told: of `diseases[0]` `diseases`; "" at none."""
    while path:
        if declared(path, elements) is not None or path in elements.collections:
            return path
        item = item_of(path)
        if item is not None and item[0] in elements.collections and path.endswith("]"):
            return path
        path = path[: max(path.rfind("["), path.rfind("."), 0)]
    return ""


def form_of(
    household: Household,
    elements: Elements,
    territory: Territory,
    words: Words,
    *,
    errors: Errors | None = None,
    asked: Sequence[str] = (),
    first: Mapping[str, int] | None = None,
) -> Form:
    """Args:
    asked: the paths of what still matters, in order.
    first: of a list, which of its items is the first to be unfolded.
    """
    return _Making(household, elements, territory, words, errors or {}, asked).form(first or {})


class _Making:
    def __init__(
        self,
        household: Household,
        elements: Elements,
        territory: Territory,
        words: Words,
        errors: Errors,
        asked: Sequence[str],
    ) -> None:
        self._household, self._elements, self._territory = household, elements, territory
        self._words, self._say, self._errors = words, words.say, errors
        self._asked = dict.fromkeys(asked)
        self._first_asked: dict[str, Field] = {}

    def form(self, first: Mapping[str, int]) -> Form:
        facts = self._elements.facts.values()
        placing = tuple(
            self._field(fact, self._household, fact.id) for fact in facts if fact.role in ("place", "as_of")
        )
        own = [fact for fact in facts if fact.role not in ("place", "as_of")]
        fields, more = self._parted(own, self._household, "")
        lists = tuple(self._list(one, first.get(one.id, 0)) for one in self._elements.collections.values())
        asked = tuple(self._first_asked[path] for path in self._asked if path in self._first_asked)
        places = tuple(place_text(code, self._territory) for code in self._territory)
        beyond = sum(path not in self._first_asked for path in self._asked)
        return Form(placing, asked, beyond, fields, more, lists, places)

    def _parted(
        self, facts: Iterable[Fact], held: Household, prefix: str
    ) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
        """What is filled in, and what is left empty; what is asked first stands with neither."""
        filled: list[Field] = []
        empty: list[Field] = []
        for fact in facts:
            path = prefix + fact.id
            one = self._field(fact, held, path)
            if path in self._asked and fact.id not in held and len(self._first_asked) < MOST_ASKED:
                self._first_asked[path] = one
            elif fact.id in held or one.errors or fact.required or path in self._asked:
                filled.append(one)
            else:
                empty.append(one)
        return tuple(filled), tuple(empty)

    def _list(self, collection: Collection, first: int) -> List:
        id, held = collection.id, self._household.get(collection.id)
        items: Sequence[Any] = held if isinstance(held, list) else ()
        first = max(0, min(first, len(items) - 1)) // MOST_UNFOLDED * MOST_UNFOLDED
        unfolded = range(first, min(first + MOST_UNFOLDED, len(items)))
        made = tuple(self._item(collection, index, items[index]) for index in unfolded)
        modes = () if items or collection.required else self._modes(id, self._household, "")
        hints = [self._words.cites(collection.cites).strip(), self._least(collection)]
        return List(
            id,
            collection.label,
            collection.name or collection.label,
            len(items),
            made,
            modes,
            tuple((index, folded(item)) for index, item in enumerate(items) if index not in unfolded),
            first,
            tuple(hint for hint in hints if hint),
            tuple(self._errors.get(id, ())),
            id in self._asked,
            collection.required,
        )

    def _least(self, collection: Collection) -> str:
        least, unit = collection.at_least, collection.unit
        return self._say(f"至少 {least} {unit}", f"at least {least}") if least else ""

    def _item(self, collection: Collection, index: int, item: Household) -> Item:
        path = f"{collection.id}[{index}]"
        fields, more = self._parted(collection.facts.values(), item, f"{path}.")
        label = owner(path, self._elements, self._words)
        return Item(index, path, label, fields, more, tuple(self._errors.get(path, ())))

    # ---- a field

    def _field(self, fact: Fact, held: Household, path: str) -> Field:
        value, is_given = held.get(fact.id), fact.id in held
        unknown = None if fact.required else is_given and value is None
        common: dict[str, Any] = {
            "name": path,
            "label": fact.label,
            "required": fact.required,
            "hints": tuple(hint for hint in self._hints(fact) if hint),
            "errors": tuple(self._errors.get(path, ())),
            "whose": owner(path, self._elements, self._words),
        }
        match fact.type:
            case Truth():
                chosen = UNKNOWN if unknown else "" if not is_given else YES if value else NO
                return Field(control="radios", options=self._options(fact, self._yes_no(), chosen), **common)
            case Choice() | ItemOf():
                chosen = UNKNOWN if unknown else GIVEN + str(value) if is_given else ""
                options = self._choices(fact.type, value if isinstance(value, str) else None)
                return Field(control="select", options=self._options(fact, options, chosen), **common)
            case Several(of=of):
                return self._several(of, fact, value, held, common)
            case Quantity():
                return Field(control="number", text=value or "", unit=fact.unit_text, unknown=unknown, **common)
            case DateType():
                return Field(control="text", text=value or "", unknown=unknown, **common)
            case Text():
                control: Control = "lines" if "\n" in (value or "") else "text"
                return Field(control=control, text=value or "", unknown=unknown, **common)
            case Place():
                text = place_text(value, self._territory) if value else ""
                return Field(control="place", text=text, unknown=unknown, **common)
        assert_never(fact.type)

    def _yes_no(self) -> list[tuple[str, str]]:
        return [(YES, self._say("是", "yes")), (NO, self._say("否", "no"))]

    def _choices(self, kind: Choice | ItemOf, value: str | None) -> list[tuple[str, str]]:
        options = list(kind.options) if isinstance(kind, Choice) else list(self._items_of(kind.collection))
        if value is not None and value not in dict(options):
            options.append((value, value))
        return [(GIVEN + option, label) for option, label in options]

    def _items_of(self, collection: str) -> Iterator[tuple[str, str]]:
        """The items that can be meant, by their ids."""
        identity = identity_of(self._elements.collections[collection])
        items = self._household.get(collection)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            id = item.get(identity.id) if identity is not None else None
            if isinstance(id, str):
                whose = owner(f"{collection}[{index}]", self._elements, self._words)
                yield id, f"{whose}{self._words.bracketed(id)}"

    def _options(self, fact: Fact, options: Sequence[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
        listed = [*options]
        if not fact.required:
            listed += [(UNKNOWN, self._say("不清楚", "not known"))]
        return tuple(Option(value, label, value == chosen) for value, label in [("", self._left_out(fact)), *listed])

    def _left_out(self, fact: Fact) -> str:
        """What it means to choose nothing."""
        if fact.default is None:
            return self._say("未填", "not filled in")
        default = json_value(default_as_json(fact), fact, self._words)
        return self._say(f"未填，按“{default}”", f"not filled in: “{default}”")

    def _several(self, of: Choice | Text, fact: Fact, value: Any, held: Household, common: dict[str, Any]) -> Field:
        modes = self._modes(fact.id, held, self._left_out(fact))
        if isinstance(of, Text):
            return Field(control="lines", text="\n".join(value or ()), modes=modes, **common)
        options = tuple(Option(GIVEN + option, label, option in (value or ())) for option, label in of.options)
        return Field(control="boxes", options=options, modes=modes, **common)

    def _modes(self, id: str, held: Household, left_out: str) -> tuple[Option, ...]:
        """Of what may be a list; what is in it says for itself that it is there."""
        value = held.get(id)
        chosen = "" if id not in held or value else UNKNOWN if value is None else GIVEN
        return tuple(
            Option(mode, label, mode == chosen)
            for mode, label in (
                ("", left_out or self._say("未填", "not filled in")),
                (GIVEN, self._say("没有", "none")),
                (UNKNOWN, self._say("不清楚", "not known")),
            )
        )

    def _hints(self, fact: Fact) -> Iterator[str]:
        say = self._say
        match fact.type:
            case DateType():
                yield say("年-月-日，如 2024-03-05", "year-month-day, like 2024-03-05")
            case Place():
                yield say("打字查找：区县名或区划代码", "type to search: a name or a code")
            case Several(of=Text()):
                yield say("每行一项", "one a line")
            case _:
                pass
        if fact.default is not None and not isinstance(fact.type, Truth | Choice | Several):
            default = json_value(default_as_json(fact), fact, self._words)
            yield say(f"不填按 {default}", f"left empty: {default}")
        if fact.judgement:
            yield say("由工作人员评估", "to be assessed")
        if fact.private:
            yield say("不会出现在结论里", "is not printed with the answer")
        yield self._words.cites(fact.cites).strip()
