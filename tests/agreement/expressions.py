"""Expressions of every type, drawn as text over the names of the drawn policies.

In: a source of chance, the names there are, a type.  Out: the text, whose units agree. Whether what
may not be zero is shown not to be, and how long numbers may grow, the checker says.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

OPTIONS: Final = ("low", "middle", "high")
DAYS: Final = ("2021-01-01", "2023-07-01", "2024-02-29", "2024-12-31")
COMPARISONS: Final = ("<", "<=", "=", "!=", ">=", ">")
COMPARED: Final = ("amount", "amount", "rate", "number", "persons", "day", "standard", "whole")
LEAF_SHARE: Final = 0.15

FACTS: Final[Mapping[str, Sequence[str]]] = {
    "amount": ("a0", "a1", "a2"),
    "rate": ("r0", "r1"),
    "number": ("n0",),
    "whole": ("w0",),
    "persons": ("c0",),
    "truth": ("t0", "t1", "t2"),
    "option": ("k0", "k1"),
    "day": ("d0", "d1"),
}
OF_ITEMS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "members": {
        "amount": ("ma",),
        "rate": ("mr",),
        "truth": ("mt", "mu"),
        "option": ("mk",),
        "day": ("md",),
        "number": ("mn",),
    },
    "things": {"amount": ("ta",), "truth": ("tt",), "option": ("tk",), "day": ("td",)},
}
UNITS: Final = {"amount": " 元", "rate": " 元/月", "number": ""}

Way: TypeAlias = Callable[[], str]


@dataclass
class Names:
    """What may be named: the collections, and the terms (by collection and type) and causes written so far."""

    collections: Sequence[str]
    terms: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    causes: list[str] = field(default_factory=list)


def expression(rng: random.Random, names: Names, kind: str, depth: int, collection: str = "") -> str:
    """Of the household, or of an item of a collection; no deeper than `depth`."""
    known = [*FACTS.get(kind, ()), *names.terms.get(("", kind), ())]
    if collection:
        known += [*OF_ITEMS[collection].get(kind, ()), *names.terms.get((collection, kind), ())] * 3
    if kind == "truth":
        known += names.causes
    if known and (depth == 0 or rng.random() < LEAF_SHARE):
        return str(rng.choice(known))
    return _Writer(rng, names, max(0, depth - 1), collection).write(kind)


def yuan(rng: random.Random) -> str:
    """A number of 元."""
    return rng.choice(("0", "1", "100", f"{rng.randrange(10_000)}", f"{rng.randrange(900)}.{rng.randrange(10, 100)}"))


def some_options(rng: random.Random) -> list[str]:
    return rng.sample(OPTIONS, rng.choice((1, 2)))


@dataclass(frozen=True)
class _Writer:
    """Writes one node; what stands below it is drawn one level deeper."""

    rng: random.Random
    names: Names
    depth: int
    collection: str

    def write(self, kind: str) -> str:
        ways: Mapping[str, Callable[[], list[Way]]] = {
            "amount": self._amounts,
            "rate": self._rates,
            "standard": self._standards,
            "number": self._numbers,
            "whole": self._wholes,
            "persons": self._persons,
            "truth": self._truths,
            "option": lambda: [lambda: self._if("option")],
            "day": self._days,
        }
        return self.rng.choice(ways[kind]())()

    def _said(self, kind: str, depth: int | None = None) -> str:
        return expression(self.rng, self.names, kind, self.depth if depth is None else depth, self.collection)

    def _pick(self, *choices: str) -> str:
        return self.rng.choice(choices)

    def _if(self, kind: str) -> str:
        depth = 0 if kind == "option" else None
        return f"(if {self._said('truth', depth)} then {self._said(kind, depth)} else {self._said(kind, depth)})"

    # ---- quantities

    def _sums(self, kind: str) -> list[Way]:
        """What every quantity may be."""

        def said() -> str:
            return self._said(kind)

        rounding = ("round", "round_up", "round_down", "round_half_even")
        found: list[Way] = [
            lambda: f"({said()} + {said()})",
            lambda: f"({said()} - {said()})",
            lambda: f"{self._pick('max', 'min')}({said()}, {said()})",
            lambda: f"max(0, {said()} - {said()})",
            lambda: f"abs({said()} - {said()})",
            lambda: f"({said()} * {self._pick('2', '60%', '0.25', 'p1')})",
            lambda: f"{self._pick(*rounding)}({said()}, {self._pick('1', '0.1', '100')}{UNITS[kind]})",
            lambda: self._if(kind),
            lambda: f"({said()} / (1 + n0))",
            lambda: f"(if w0 > 0 then {said()} / w0 else {said()})",
        ]
        inner = self.rng.choice(self.names.collections)
        if self.collection or kind not in OF_ITEMS[inner]:
            return found
        over_items: list[Way] = [
            lambda: f"sum({self._of_item(inner, kind)} for {self._items(inner)})",
            lambda: f"{self._pick('max', 'min')}({self._of_item(inner, kind)} for {self._items(inner)} else {said()})",
        ]
        return [*found, *over_items * 2]

    def _of_item(self, collection: str, kind: str) -> str:
        return expression(self.rng, self.names, kind, min(self.depth, 1), collection)

    def _items(self, collection: str) -> str:
        return collection if self.rng.random() < 0.4 else f"{collection} where {self._of_item(collection, 'truth')}"

    def _amounts(self) -> list[Way]:
        table = self._pick("p0", "p3", "p4", "p5", "p8", "p9", f"p0[k0 = {self.rng.choice(OPTIONS)}]")
        if self.collection == "members":
            table = self._pick(table, "p6")
        return [
            *self._sums("amount"),
            *[lambda: table] * 4,
            lambda: f"{yuan(self.rng)} 元",
            lambda: f"p4[{self._said('amount')}]",
            lambda: f"({self._said('rate')} * {self._pick('12 月', '1 月')})",
            lambda: f"(p1[on {self._said('day', 0)}] * {self._said('amount')})",
        ]

    def _rates(self) -> list[Way]:
        return [
            *self._sums("rate"),
            lambda: f"{yuan(self.rng)} 元/月",
            lambda: f"({self._said('amount')} / 12 月)",
            lambda: self._pick("(p2 * size)", "p7"),
        ]

    def _standards(self) -> list[Way]:
        return [
            lambda: "p2",
            lambda: f"({self._said('rate')} / size)",
            lambda: f"{yuan(self.rng)} 元/人/月",
            lambda: self._if("standard"),
            lambda: f"min(p2, {self._said('standard')})",
            lambda: f"p2[k0 = {self.rng.choice(OPTIONS)}]",
        ]

    def _numbers(self) -> list[Way]:
        return [
            *self._sums("number"),
            lambda: self._pick("0.5", "2", "0", "1.25"),
            lambda: "p1",
            lambda: f"({self._said('amount')} / max(1 元, {self._said('amount')}))",
            lambda: f"({self._said('number')} * {self._said('number')})",
            self._how_many,
        ]

    def _wholes(self) -> list[Way]:
        return [lambda: "w0", self._how_many, lambda: f"year({self._said('day')})"]

    def _how_many(self) -> str:
        return f"how_many({self._said('truth')}, {self._said('truth')})"

    def _persons(self) -> list[Way]:
        if self.collection:
            return [lambda: "size"]
        return [lambda: f"count({self._items('members')})", lambda: "c0"]

    # ---- truths, days

    def _truths(self) -> list[Way]:
        def compared() -> str:
            kind = self.rng.choice(COMPARED)
            return f"({self._said(kind)} {self.rng.choice(COMPARISONS)} {self._said(kind)})"

        found: list[Way] = [
            *[compared] * 4,
            lambda: f"({self._said('truth')} {self._pick('and', 'or')} {self._said('truth')})",
            lambda: f"(not {self._said('truth')})",
            lambda: f"({self._said('option')} {self._pick('=', '!=')} {self.rng.choice(OPTIONS)})",
            lambda: f"({self._said('option')} in ({', '.join(some_options(self.rng))}))",
            lambda: self._pick("k0 in l0", "x0 in l1", "(k0, k1) in l2", f"x0 in l1[on {self._said('day', 0)}]"),
            lambda: self._pick(
                "(k0 = k1)", "(s0 overlaps (dibao, temporary))", "s0 overlaps l3", "(m0 = wide)", "(m0 = strict)"
            ),
            lambda: f"(months_between({self._said('day')}, {self._said('day')}) >= {self._pick('0', '1', '18')} 月)",
            lambda: f"(years_between({self._said('day')}, {self._said('day')}) < {self._pick('1', '18', '60')} 岁)",
            lambda: f"(days_between({self._said('day')}, {self._said('day')}) <= {self._pick('0', '30', '365')} 天)",
            lambda: f"({self._pick('year', 'month', 'day')}({self._said('day')}) <= {self._pick('1', '12', '2024')})",
            lambda: f"(grade {self._pick('=', '!=')} low)",
            lambda: self._if("truth"),
            lambda: self._pick("yes", "no"),
        ]
        if self.collection == "members":
            found += [lambda: self._pick("(mw = members.id)", "(who = members.id)", "(mn <= 1)")]
        if self.collection:
            return found
        inner = self.rng.choice(self.names.collections)
        over_items: list[Way] = [
            lambda: f"any({inner} where {self._of_item(inner, 'truth')})",
            lambda: f"every({self._of_item(inner, 'truth')} for {self._items(inner)})",
        ]
        return [*found, *over_items * 2]

    def _days(self) -> list[Way]:
        moves = ("1 月", "12 月", "30 天", "1 天", "18 年")
        return [
            lambda: self.rng.choice(DAYS),
            lambda: f"({self._said('day')} {self._pick('+', '-')} {self._pick(*moves)})",
            lambda: f"{self._pick('month_start', 'month_end')}({self._said('day')})",
            lambda: self._if("day"),
            lambda: "filed",
        ]
