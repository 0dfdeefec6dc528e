"""Any complete household of so many items, as variables: what several programs are encoded over.

In: the facts that the policies declare, how many items each list has.  Out: values by item and fact, what holds of
them, and of a model the household as its JSON. A variable is made when a program first reads it. A fact that several
policies declare is one, within what each of them allows.
Imports policy, program, language and this floor's values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any, Final, TypeAlias, assert_never, cast

import z3

from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.values import ends
from engine.policy.extent import fact_extent
from engine.policy.model import Elements, Fact
from engine.program.model import HOUSEHOLD
from engine.proof import terms, values
from engine.proof.calendar import Calendar
from engine.proof.numbers import Number
from engine.proof.outside import Unanalysed
from engine.proof.terms import Bit, Int
from engine.proof.values import Code, Day, Value
from engine.records import dataclass

_TEXTS: Final = 1_000_000
"""more than there are texts in a policy: a text that none of them names is one of the rest"""
FactKey: TypeAlias = tuple[str, str]
Spot: TypeAlias = tuple[str, int, str]
"""(collection, item, fact); item 0 for the household"""


class Codes:
    """Texts, options and places by number, in the order in which they are met."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def of(self, text: str) -> int:
        return self._numbers.setdefault(text, len(self._numbers))

    def text(self, number: int) -> str:
        """The text of a number; of one that was never met some text that was not either."""
        known = list(self._numbers)
        if number < len(known):
            return known[number]
        made = f"文{number}"
        while made in self._numbers:
            made += "*"
        return made


@dataclass(frozen=True, slots=True)
class Where:
    """Where and when a household applies: one of some places, on some day from the first to the last."""

    places: tuple[str, ...]
    first: date
    last: date


class World:
    """Args:
    declared: what each policy declares; a fact that several have is one.
    sizes: how many items each collection has, or at least and at most.

    Attributes:
        made: what steps came to, by the number of their meaning and the item.
    """

    def __init__(self, declared: Sequence[Elements], where: Where, sizes: Mapping[str, tuple[int, int]]) -> None:
        self.codes = Codes()
        self.where = where
        self._facts = declared_facts(declared)
        self._made: dict[Spot, Value] = {}
        self.sets: dict[tuple[Spot, str], z3.BoolRef] = {}
        self.made: dict[tuple[int, int], Value] = {}
        self.holds: list[Bit] = []
        self._fresh = 0
        self.calendar = Calendar(self.fresh, self.say)  # of all programs: one day has one year, whoever asks
        self.present: dict[str, tuple[Bit, ...]] = {HOUSEHOLD: (True,)}
        for id, (least, most) in sizes.items():
            self.present[id] = tuple(True if at < least else z3.Bool(f"{id}[{at}]?") for at in range(most))
            for one, following in zip(self.present[id], self.present[id][1:], strict=False):
                self.say(terms.either((one, terms.no(following))))

    def say(self, bit: Bit) -> None:
        """What holds of every household."""
        if bit is not True:
            self.holds.append(bit)

    def fresh(self, name: str) -> z3.ArithRef:
        self._fresh += 1
        return z3.Int(f"{name}!{self._fresh}")

    def fresh_bit(self, name: str) -> z3.BoolRef:
        self._fresh += 1
        return z3.Bool(f"{name}!{self._fresh}")

    def fact(self, collection: str, index: int, id: str, *, as_item: bool = False) -> Value:
        """Args:
        as_item: whether the identity of an item is asked for as that of an item, not as a text.
        """
        if as_item:
            return Code(index)
        spot = collection, index, id
        found = self._made.get(spot)
        if found is None:
            found = self._made[spot] = self._variable(spot)
        return found

    def another(self, spot: Spot) -> Number:
        """Another amount that the fact may be."""
        found = self.fresh(spot[2])
        low, high = _ends(self._facts[spot[0], spot[2]])
        self.say(terms.both((found >= ceil(low), found <= floor(high))))
        return Number(found)

    @property
    def spots(self) -> Mapping[Spot, Value]:
        """The facts that are read, in the order of the policies."""
        order = {key: place for place, key in enumerate(self._facts)}
        return {
            spot: self._made[spot]
            for spot in sorted(
                self._made, key=lambda one: (order[one[0], ""] if one[0] else -1, one[1], order[one[0], one[2]])
            )
        }

    def declared(self, spot: Spot) -> Fact:
        return self._facts[spot[0], spot[2]][0]

    def identity(self, collection: str) -> str:
        """The fact by which items are referred to."""
        return next(fact.id for fact in self._of(collection) if fact.role == "identity")

    # ---- variables

    def _variable(self, spot: Spot) -> Value:
        collection, index, id = spot
        facts = self._facts[collection, id]
        kinds = {fact.type for fact in facts}
        name = f"{collection}[{index}].{id}" if collection else id
        if len(kinds) > 1 and not all(isinstance(kind, Choice) for kind in kinds):
            raise Unanalysed("fact-of-two-kinds", facts[-1].origin.span)
        match facts[0].type:
            case Truth():
                return values.Truth(z3.Bool(name))
            case Quantity():
                return Number(self._between(name, *_ends(facts)))
            case DateType():
                first, last = (end.toordinal() for end in _ends(facts))
                if facts[0].role == "as_of":
                    first, last = self.where.first.toordinal(), self.where.last.toordinal()
                return Day(self._between(name, first, last))
            case Choice():
                shared = [
                    option
                    for option, _ in facts[0].type.options
                    if all(option in dict(cast("Choice", fact.type).options) for fact in facts)
                ]
                return Code(self.one_of(name, shared))
            case Place():
                return Code(self.one_of(name, self.where.places))
            case Text():
                return self._text(name, facts[0], collection)
            case ItemOf(collection=other):
                found = z3.Int(name)
                self.say(terms.either(terms.both((bit, found == at)) for at, bit in enumerate(self.present[other])))
                return Code(found)
            case Several():
                return values.Several(lambda text: self._member(spot, text))
        assert_never(facts[0].type)

    def _between(self, name: str, low: int | Fraction, high: int | Fraction) -> Int:
        if ceil(low) == floor(high):
            return ceil(low)
        found = z3.Int(name)
        self.say(terms.both((found >= ceil(low), found <= floor(high))))
        return found

    def one_of(self, name: str, texts: Sequence[str]) -> Int:
        numbers = sorted(self.codes.of(text) for text in texts)
        if len(numbers) == 1:
            return numbers[0]
        if not numbers:
            self.say(False)
            return 0
        if numbers[-1] - numbers[0] + 1 == len(numbers):
            return self._between(name, numbers[0], numbers[-1])
        found = z3.Int(name)
        self.say(z3.Or(*(found == number for number in numbers)))
        return found

    def _text(self, name: str, fact: Fact, collection: str) -> Value:
        found = self._between(name, 0, _TEXTS)
        if fact.role == "identity":
            for (other, _, id), value in self._made.items():
                if (other, id) == (collection, fact.id):
                    self.say(cast("Code", value).number != found)
        return Code(found)

    def _member(self, spot: Spot, text: str) -> Bit:
        kind = cast("Several", self.declared(spot).type).of
        if isinstance(kind, Choice) and text not in dict(kind.options):
            return False
        collection, index, id = spot
        return self.sets.setdefault((spot, text), z3.Bool(f"{collection}[{index}].{id}?{text}"))

    # ---- a household

    def household(self, model: z3.ModelRef) -> dict[str, Any]:
        """The household of a model as its JSON, with what nobody reads as plain as can be; what is left at its default
        is left out."""
        tree: dict[str, Any] = {
            fact.id: told for fact in self._of(HOUSEHOLD) if (told := self._told(model, HOUSEHOLD, 0, fact)) is not None
        }
        for collection, bits in self.present.items():
            if collection != HOUSEHOLD:
                there = [at for at, bit in enumerate(bits) if bit is True or z3.is_true(model.eval(bit, True))]
                tree[collection] = [
                    {
                        fact.id: told
                        for fact in self._of(collection)
                        if (told := self._told(model, collection, at, fact)) is not None
                    }
                    for at in there
                ]
        return tree

    def _of(self, collection: str) -> Iterator[Fact]:
        return (facts[0] for (owner, id), facts in self._facts.items() if owner == collection and id)

    def _told(self, model: z3.ModelRef, collection: str, index: int, fact: Fact) -> Any:
        """None for what is left out."""
        value = self._made.get((collection, index, fact.id))
        if value is None:
            return None if fact.optional or fact.default is not None else self._plain(fact, index)
        worth = value_in(model, value)
        match fact.type:
            case Truth():
                found: Any = worth
            case Quantity():
                found = Fraction(worth)
            case DateType():
                return date.fromordinal(worth).isoformat()
            case Choice() | Text() | Place():
                found = self.codes.text(worth)
            case ItemOf(collection=other):
                return self._identity(model, other, worth)
            case Several():
                spot = collection, index, fact.id
                return [
                    text for (at, text), bit in self.sets.items() if at == spot and z3.is_true(model.eval(bit, True))
                ]
            case _:
                assert_never(fact.type)
        if found == fact.default and fact.default is not None:
            return None
        return written(fact, found) if isinstance(found, Fraction) else found

    def _identity(self, model: z3.ModelRef, collection: str, index: int) -> Any:
        return self._told(model, collection, index, self._facts[collection, self.identity(collection)][0])

    def _plain(self, fact: Fact, index: int) -> Any:
        """What stands for a fact that nothing reads."""
        match fact.type:
            case Truth():
                return False
            case Quantity():
                low, _ = ends(fact_extent(fact))
                return written(fact, Fraction(cast("int", low)))
            case DateType():
                return self.where.first.isoformat()
            case Choice():
                return fact.type.options[0][0]
            case Place():
                return self.where.places[0]
            case Text():
                return f"m{index + 1}" if fact.collection else "H-001"
            case ItemOf():
                return None
            case Several():
                return []
        assert_never(fact.type)


def declared_facts(declared: Sequence[Elements]) -> dict[FactKey, list[Fact]]:
    """Every fact by collection and id, as each policy declares it; (collection, "") marks where a list stands."""
    found: dict[FactKey, list[Fact]] = {}
    for elements in declared:
        for fact in elements.facts.values():
            found.setdefault((HOUSEHOLD, fact.id), []).append(fact)
        for held in elements.collections.values():
            found.setdefault((held.id, ""), [])
            for fact in held.facts.values():
                found.setdefault((held.id, fact.id), []).append(fact)
    return found


def value_in(model: z3.ModelRef, value: Value) -> Any:
    """What a value is in a model: a bool, a Fraction, a number of a day or of a text."""
    match value:
        case values.Truth(bit=bit):
            return bit if isinstance(bit, bool) else z3.is_true(model.eval(bit, True))
        case Number(above=above, below=below):
            return Fraction(whole_in(model, above), whole_in(model, below) or 1)
        case Day(ordinal=number) | Code(number=number):
            return whole_in(model, number)
        case values.Several():
            return None
    assert_never(value)


def whole_in(model: z3.ModelRef, number: Int) -> int:
    return number if isinstance(number, int) else int(model.eval(number, True).as_long())


def written(fact: Fact, count: Fraction) -> str:
    """An amount as a household's JSON has it: counted in the unit that an author wrote."""
    scale = 10**fact.decimals
    sign, whole = "-" if count < 0 else "", abs(int(count))
    digits = f"{whole % scale:0{fact.decimals}}".rstrip("0") if fact.decimals else ""
    return f"{sign}{whole // scale}" + (f".{digits}" if digits else "")


def _ends(facts: Sequence[Fact]) -> tuple[Any, Any]:
    """Within what all of them allow."""
    lows, highs = zip(*(ends(fact_extent(fact)) for fact in facts), strict=True)
    return max(lows), min(highs)
