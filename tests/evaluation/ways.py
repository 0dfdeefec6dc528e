"""Households for the code that decides from a dict: of any policy, drawn; and one with something else in a field.

In: a random number generator.  Out: households as Python holds them, right or wrong.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

import numpy

from engine.evaluation.figures import default_as_json
from engine.evaluation.json_text import NumberText
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Fact

Tree = dict[str, Any]


class Whole(int):
    """A subclass: what it holds is read as it is."""


class Real(float):
    pass


class Word(str):
    """One that is not equal to its own text."""

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


class Plain(str):
    pass


class Dict(dict[Any, Any]):
    pass


class List(list[Any]):
    pass


class Few(IntEnum):
    ONE = 1


NUMBERS: Final[tuple[object, ...]] = (
    *(0, 1, -1, 7, 10**10 - 1, 10**10, 2**63, 2**64, 0.0, -0.0, 0.01, 0.1, 1.5, 1.005, 0.1 + 0.2, 100.10, -2.5, 1e-5),
    *(9999999999.99, 1e10, 1e16, float("nan"), float("inf"), 123456.78, 4.35, 2.675, 1.10, 0.001),
    *("0", "5", "5.5", "5.50", "5.555", "05", "-5", "1e3", "5.", ".5", "9999999999.99", "99999999999", " 5", "٥"),
    *(Decimal("1.5"), Decimal("1E+3"), Decimal("NaN"), Decimal("-0"), Decimal("2.00"), Decimal("2.000")),
    *(NumberText("1.5"), NumberText("0"), NumberText("1e3"), NumberText("NaN"), NumberText("-3"), NumberText("7.10")),
    *(Whole(5), Real(2.5), Few.ONE, Fraction(1, 2), Fraction(3), numpy.int64(3), numpy.float64(2.5), numpy.bool_(True)),
)
OTHERS: Final[tuple[object, ...]] = (
    *(
        None,
        True,
        False,
        "",
        " ",
        "x",
        "none",
        "urban",
        "是",
        "\ud800",
        "a\x00b",
        "m" * 100,
        "m" * 101,
        "M1",
        "m1 ",
        "ｍ1",
    ),
    *(
        Plain("urban"),
        Plain("m1"),
        Plain("140105"),
        Word("urban"),
        Word("m1"),
        numpy.str_("urban"),
        b"urban",
        bytearray(b"x"),
    ),
    *(date(2023, 5, 1), datetime(2023, 5, 1, 12), "2023-05-01", "2023-02-30", "2023-5-1", "20230501", "1899-12-31"),
    *(
        [],
        [1],
        ["a"],
        (),
        ("a",),
        {},
        {"a": 1},
        set(),
        frozenset({"a"}),
        List(["a"]),
        Dict(),
        range(2),
        object(),
        Ellipsis,
    ),
    *("140105", "140122", "149999", "14010", "1401055"),
)


def faulty(rng: random.Random, household: Tree) -> Iterator[Tree]:
    """The household with something else in one place, for every place and everything."""
    for owner, key in _places(household):
        for value in (*NUMBERS, *OTHERS):
            yield _changed(household, owner, key, value)
        yield _without(household, owner, key)
    for list_of in [id for id, value in household.items() if isinstance(value, list)]:
        yield from _lists(rng, household, list_of)
    for owner in _owners(household):
        for strange in ("unknown_field", "MEMBERS", 1, None, Plain("id"), ("a",), "income"):
            yield _changed(household, owner, strange, 1)
    yield Dict(copy.deepcopy(household))
    yield MappingProxyType(household)  # type: ignore[misc]  # a mapping that is no dict
    yield {Plain(key): value for key, value in household.items()}


def _lists(rng: random.Random, household: Tree, id: str) -> Iterator[Tree]:
    items = household[id]
    yield {**household, id: tuple(items)}
    yield {**household, id: List(items)}
    yield {**household, id: [*items, *items]}
    yield {**household, id: [MappingProxyType(one) for one in items]}
    yield {**household, id: [Dict(one) for one in items]}
    yield {**household, id: [*items, None]}
    yield {**household, id: [*items, []]}
    yield {**household, id: items * 1001}
    yield {**household, id: list(reversed(items))}
    yield {**household, id: {one.get("id", at): one for at, one in enumerate(items)}}
    yield {**household, id: iter(items)}
    many = (
        [{**rng.choice(items), "id": f"n{at}"} if "id" in items[0] else items[0] for at in range(30)] if items else []
    )
    yield {**household, id: many}
    if len(items) > 1 and "id" in items[0]:
        first = items[0]["id"]
        for other in (first, first.upper(), f" {first}", first.translate({49: 0xFF11}), "𝐦1", "", "\u3164", "ⅿ1"):
            yield {**household, id: [items[0], {**items[1], "id": other}, *items[2:]]}


def _owners(household: Tree) -> list[tuple[str | int, ...]]:
    found: list[tuple[str | int, ...]] = [()]
    found += [
        (id, at) for id, value in household.items() if isinstance(value, list) for at in range(min(2, len(value)))
    ]
    return found


def _places(household: Tree) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for owner in _owners(household):
        yield from ((owner, key) for key in _at(household, owner))


def _at(household: Any, owner: tuple[str | int, ...]) -> Any:
    for part in owner:
        household = household[part]
    return household


def _changed(household: Tree, owner: tuple[str | int, ...], key: object, value: object) -> Tree:
    made = {id: [dict(one) for one in held] if isinstance(held, list) else held for id, held in household.items()}
    _at(made, owner)[key] = value
    return made


def _without(household: Tree, owner: tuple[str | int, ...], key: str) -> Tree:
    made = _changed(household, owner, key, None)
    del _at(made, owner)[key]
    return made


# ---- of any policy


def drawn(rng: random.Random, policy: CheckedPolicy, place: str, day: date, odd: float = 0.02) -> Tree:
    """Args:
    odd: how many fields hold what may be anything.
    """
    elements = policy.merged.elements
    found = _object(rng, elements.facts, "", place, day, odd)
    for collection in elements.collections.values():
        if collection.required or rng.random() < 0.4:
            least = max(collection.at_least, int(rng.random() < 0.8))
            count = least + rng.choice((0, 0, 1, 2, 3))
            found[collection.id] = [
                _object(rng, collection.facts, f"m{at + 1}", place, day, odd) for at in range(count)
            ]
    return found


def _object(rng: random.Random, facts: Mapping[str, Fact], id: str, place: str, day: date, odd: float) -> Tree:
    found: Tree = {}
    for fact in facts.values():
        if rng.random() < odd:
            found[fact.id] = rng.choice((None, rng.choice(NUMBERS), rng.choice(OTHERS)))
        elif fact.required or rng.random() < (0.5 if fact.default is not None or fact.optional else 0.95):
            found[fact.id] = _value(rng, fact, id, place, day)
    return found


def _value(rng: random.Random, fact: Fact, id: str, place: str, day: date) -> object:
    if fact.role == "place":
        return place
    if fact.role == "as_of":
        return day.isoformat()
    if fact.role == "identity":
        return id or "H-1"
    match fact.type:
        case Quantity():
            return _amount(rng, fact)
        case Truth():
            return rng.random() < 0.5
        case Choice():
            return rng.choice(fact.type.options)[0]
        case DateType():
            found = date.fromordinal(day.toordinal() - rng.randrange(30_000))
            return rng.choice((found, found.isoformat()))
        case Place():
            return place
        case Text():
            return rng.choice(("张建国", "x", "Li"))
        case ItemOf():
            return rng.choice(("m1", "m2"))
        case Several():
            of = fact.type.of
            options = [option for option, _ in of.options] if isinstance(of, Choice) else ["甲", "乙", "x"]
            return rng.sample(options, rng.randrange(min(3, len(options)) + 1))
    return default_as_json(fact)


def _amount(rng: random.Random, fact: Fact) -> object:
    whole = int(rng.choice((0, 0, 1, 2, 12, 60, 760, rng.expovariate(1 / 20_000))))
    if fact.decimals == 0:
        return rng.choice((whole, str(whole), float(whole)))
    rest = rng.randrange(100)
    return rng.choice((whole, f"{whole}.{rest:02d}", whole + rest / 100, Decimal(f"{whole}.{rest:02d}"), str(whole)))
