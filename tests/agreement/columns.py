"""How facts stand in a table: each in one of the forms that a column may have.

In: a declared fact.  Out: `Column`s, each of which draws values as JSON has them and puts the same into an Arrow array.
What a form cannot hold is never drawn for it: no text among decimals, no unknown option among truths.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final, cast

import pyarrow as pa

from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.values import ends
from engine.policy.extent import fact_digits, fact_extent, is_signed
from engine.policy.model import Collection, Elements, Fact

FEN: Final = {b"unit": "分".encode()}
BAD_NUMBERS: Final = (
    "",
    " 1",
    "01",
    "1.2345678",
    "-1",
    "1e5",
    "NaN",
    "１２",
    "1,000",
    "99999999999999999",
    "abc",
    "+1",
)
BAD_DAYS: Final = ("", "2024-02-30", "20240101", "2024-1-1", "1899-12-31", "2200-01-01", "2024-01-01T00:00:00")
BAD_TEXTS: Final = ("", "\u200b", "a\tb", "x" * 101)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What values may be drawn from: places, days and amounts (in counts of their units) that rules may turn on."""

    places: Sequence[str]
    days: Sequence[date]
    counts: Sequence[int]
    bad: float = 0.0
    """how often a value is one that is refused"""
    null: float = 0.05
    lack: float = 0
    """how often something that has to be given is not"""
    ends: bool = False
    """whether amounts and days are all the least or the greatest there are"""


@dataclass(frozen=True, slots=True)
class Column:
    """One fact in one form. `places` are the digits after the point of a column of decimals."""

    fact: Fact
    form: str
    places: int = 0

    @property
    def field(self) -> pa.Field:
        return pa.field(self.fact.id, self._type(), metadata=FEN if self.form == "fen" else None)

    def _type(self) -> pa.DataType:
        match self.form:
            case "decimal":
                return pa.decimal128(18 + self.places, self.places)
            case "wholes" | "fen":
                return pa.int64()
            case "doubles":
                return pa.float64()
            case "truths":
                return pa.bool_()
            case "days":
                return pa.date32()
            case "coded":
                return pa.dictionary(pa.int32(), pa.string())
            case "long":
                return pa.large_string()
            case "several":
                return pa.list_(pa.string())
        return pa.string()

    # ---- as JSON has it

    def drawn(self, rng: random.Random, of: Drawn, ids: Sequence[str] = ()) -> object:
        """A value as the household's JSON has it; None where it is not known.

        Args:
            ids: of the items of the collection that the fact refers to.
        """
        fact = self.fact
        required = fact.required or fact.role
        if rng.random() < (max(of.null / 20, of.lack) if required else of.null):
            return None
        bad = rng.random() < of.bad
        match fact.type:
            case Quantity():
                if bad and (found := self._bad_number(rng)) is not None:
                    return found
                return self.written(self._count(rng, of))
            case Truth():
                return rng.random() < 0.5
            case Choice(options=options):
                return rng.choice(("nope", "", options[0][1])) if bad else rng.choice(options)[0]
            case DateType():
                return self._day(rng, of, bad=bad)
            case Place():
                return rng.choice((*BAD_TEXTS, "14010", "999999", "１４０１０５")) if bad else rng.choice(of.places)
            case ItemOf():
                return "nobody" if bad else rng.choice(ids) if ids else None
            case Text():
                if bad and fact.role:
                    return rng.choice(BAD_TEXTS)
                # a text may say which item is meant
                return f"{rng.choice('ttm')}{rng.randrange(1, 5)}"
            case Several(of=kind):
                words = [id for id, _ in kind.options] if isinstance(kind, Choice) else ["t0", "t1", "t2", "尿毒症"]
                many = [rng.choice(words) for _ in range(rng.choice((0, 1, 1, 2, 3)))]
                return [*many, "nope"] if bad and isinstance(kind, Choice) else many

    def written(self, count: int) -> object:
        """The quantity of so many counts, as near as the form can say it."""
        steps = 10**self.fact.decimals
        match self.form:
            case "decimal":
                cut = 10 ** (self.fact.decimals - self.places)
                return Decimal(count // cut).scaleb(-self.places)
            case "wholes":
                return count // steps
            case "doubles" if "e" not in repr(count / steps):
                return count / steps
            case "doubles":
                return Decimal(count).scaleb(-self.fact.decimals)
        whole, rest = divmod(abs(count), steps)
        digits = f".{rest:0{self.fact.decimals}}" if steps > 1 and (rest or self.form == "fen") else ""
        text = f"{'-' if count < 0 else ''}{whole}{digits}"
        return Decimal(text) if self.form == "fen" else text

    def _count(self, rng: random.Random, of: Drawn) -> int:
        low, high = ends(fact_extent(self.fact))
        least, most = math.ceil(low), math.floor(high)  # type: ignore[arg-type]  # a quantity's ends are numbers
        steps = 10**self.fact.decimals
        kind = rng.random()
        if kind < 0.03 or of.ends:
            return rng.choice((least, most, most))
        if kind < 0.35 and of.counts:
            count = rng.choice(of.counts) + rng.choice((-1, 0, 0, 1))
        elif kind < 0.5:
            count = rng.choice((0, 0, 1, steps, 12 * steps))
        else:
            # many amounts are whole 元, and nearly all households have small ones
            count = int(rng.lognormvariate(1 if steps == 1 else 8, 2)) * steps + rng.choice((0, rng.randrange(steps)))
        if is_signed(self.fact) and rng.random() < 0.3:
            count = -count
        return min(max(count, least), most)

    def _bad_number(self, rng: random.Random) -> object:
        """A number that is refused, or None where the form has none."""
        most = 10 ** (fact_digits(self.fact) + 1)
        match self.form:
            case "text":
                return rng.choice(BAD_NUMBERS)
            case "doubles":
                tiny = 1e-05 if self.fact.decimals < 5 else 0.12345678
                return rng.choice((math.nan, math.inf, -math.inf, 0.12345678, -1.5, float(most), tiny, 1e22))
            case "decimal":
                return Decimal(rng.choice((-1, most)))
            case "fen":
                return Decimal(rng.choice((-1, most * 100))).scaleb(-2)
        return rng.choice((-1, most))

    def _day(self, rng: random.Random, of: Drawn, *, bad: bool) -> object:
        if bad:
            return rng.choice(BAD_DAYS) if self.form == "text" else rng.choice((date(1850, 1, 1), date(2250, 1, 1)))
        low, high = cast("tuple[date, date]", ends(fact_extent(self.fact)))
        kind = rng.random()
        if self.fact.role or kind < 0.4:
            found = rng.choice(of.days) + timedelta(rng.choice((-1, 0, 0, 1, 30, 365, 700)))
        elif kind < 0.45 or of.ends:
            found = rng.choice((low, high))
        else:
            found = rng.choice(of.days) - timedelta(rng.randrange(36_000))
        found = min(max(found, low), high)
        return found.isoformat() if self.form == "text" else found

    # ---- as the array has it

    def stored(self, value: object, rng: random.Random) -> object:
        if value is None:
            return None
        match self.form:
            case "fen":
                return int(Decimal(str(value)) * 100)
            case "doubles" if isinstance(value, Decimal):
                return float(value)
            case "doubles" if isinstance(value, float) and math.isfinite(value) and value and rng.random() < 0.2:
                # as a spreadsheet has it: a bit beside; where that is no longer the same amount, it is not moved
                beside = math.nextafter(value, math.inf)
                steps = 10 ** max(self.fact.decimals, 0)
                near = abs(Fraction(beside) * steps - round(Fraction(beside) * steps)) < Fraction(1, 10**6)
                return beside if near and _is_clean(value, self.fact.decimals) else value
        return value


def _is_clean(value: float, decimals: int) -> bool:
    text = repr(value)
    return "e" not in text and value > 0 and len(text.partition(".")[2].rstrip("0")) <= decimals


def column_of(fact: Fact, rng: random.Random) -> Column:
    """A fact in a form drawn for it."""
    match fact.type:
        case Quantity():
            forms = ["decimal", "decimal", "wholes", "text", "doubles"]
            if fact.decimals == 2 and fact.unit_text.startswith("元") and fact_digits(fact) <= 15:
                forms += ["fen", "fen"]
            return Column(fact, rng.choice(forms), rng.choice((fact.decimals, fact.decimals, 0)))
        case Truth():
            return Column(fact, "truths")
        case DateType():
            return Column(fact, rng.choice(("days", "days", "text")))
        case Several():
            return Column(fact, "several")
        case Choice() | Place() | Text() | ItemOf():
            return Column(fact, rng.choice(("text", "coded", "long")))


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one table: of the household, and of each collection that has one."""

    household: Sequence[Column]
    lists: Sequence[tuple[Collection, Sequence[Column]]]

    @property
    def schema(self) -> pa.Schema:
        nested = (pa.field(held.id, pa.list_(pa.struct([one.field for one in inner]))) for held, inner in self.lists)
        return pa.schema([*(one.field for one in self.household), *nested])


def layout_of(policies: Sequence[Elements], rng: random.Random, absent: float) -> Layout:
    """The columns of all facts that some policies declare; each is absent now and then, unless it is required."""

    def kept(one: Fact | Collection) -> bool:
        return one.required or bool(isinstance(one, Fact) and one.role) or rng.random() >= absent

    facts = {fact.id: fact for one in policies for fact in one.facts.values()}
    collections = {held.id: held for one in policies for held in one.collections.values()}
    household = [column_of(fact, rng) for fact in facts.values() if kept(fact)]
    rng.shuffle(household)
    lists = []
    for held in filter(kept, collections.values()):
        inner = {
            fact.id: fact
            for one in policies
            if held.id in one.collections
            for fact in one.collections[held.id].facts.values()
        }
        if columns := [column_of(fact, rng) for fact in inner.values() if kept(fact)]:
            lists.append((held, columns))
    return Layout(household, lists)
