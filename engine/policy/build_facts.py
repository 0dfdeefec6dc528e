"""The `facts` section: household facts, and collections with the facts of their items.

In: a tree whose structure was checked.  Out: `Fact`s and `Collection`s by id, or Diagnostics.
Imports build (the maker of elements), fields, model, language and the ground floor.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never, cast

from engine.diagnostics import Reporter
from engine.language.types import (
    DATE,
    PLACE,
    TEXT,
    TRUTH,
    Choice,
    DateType,
    ItemOf,
    Place,
    Quantity,
    Several,
    Text,
    Truth,
    Type,
)
from engine.language.units import COUNTING_WORDS, DAYS, ONE, TIME, Unit
from engine.policy.build import Maker, build_choice
from engine.policy.extent import WIDEST_DIGITS, is_signed
from engine.policy.fields import Fields, customary_decimals, fact_unit, read_amount, read_day, read_flag, says_amount
from engine.policy.model import Collection, Fact
from engine.suggest import Near
from engine.tree import Mapping, Scalar, Tree

Bound: TypeAlias = int | Fraction | date


def build_facts(tree: Tree | None, maker: Maker) -> tuple[dict[str, Fact], dict[str, Collection]]:
    """The `facts` section: household facts by id, and the collections."""
    facts: dict[str, Fact] = {}
    collections: dict[str, Collection] = {}
    for key, value in tree.entries if isinstance(tree, Mapping) else ():
        if key.text == "household":
            facts = build_fact_group(value, "", maker)
        else:
            collections[key.text] = _collection(key, value, maker)
    return facts, collections


def build_fact_group(tree: Tree | None, collection: str, maker: Maker) -> dict[str, Fact]:
    """The facts of a mapping of declarations, by id; `collection` is "" for the household."""
    facts = {}
    for key, value in tree.entries if isinstance(tree, Mapping) else ():
        fact = _fact(key, Fields(value, maker.report), collection, maker)
        if fact is not None:
            facts[key.text] = fact
    return facts


def _collection(key: Scalar, value: Tree, maker: Maker) -> Collection:
    fields = Fields(value, maker.report)
    unit = fields.text("counted_in")
    counted = fields.scalar("counted_in")
    declared = [] if counted is None else [word for word, step in counted.span.source.units if step is None]
    known = (*COUNTING_WORDS, *declared)
    if counted is not None and unit not in known:
        maker.report.tell(
            "unknown-counting-word",
            counted.span,
            word=unit,
            words=" ".join(known),
            suggestion=Near(unit, known),
        )
        unit = COUNTING_WORDS[0]
    at_least = fields.text("at_least", "0")
    items = fields.get("items")
    named = maker.named(key, fields)
    return Collection(
        **named,
        unit=unit,
        at_least=int(at_least) if at_least.isdigit() else 0,
        required=fields.flag("required"),
        optional=fields.flag("optional"),
        facts={} if items is None else build_fact_group(items, key.text, maker.within(named["origin"])),
    )


def _fact(key: Scalar, fields: Fields, collection: str, maker: Maker) -> Fact | None:
    kind = _fact_type(fields, maker)
    if kind is None:
        return None
    declared, decimals, unit_text = kind
    fact = Fact(
        **maker.named(key, fields),
        collection=collection,
        type=declared,
        unit_text=unit_text,
        decimals=decimals,
        required=fields.flag("required"),
        optional=fields.flag("optional"),
        role=cast("Literal['', 'identity', 'as_of', 'place']", fields.text("role")),
        private=fields.flag("private"),
        judgement=fields.flag("judgement"),
        changeable="changeable" not in fields or fields.flag("changeable"),
    )
    if fact.role in _ROLES and type(fact.type) is not type(
        _ROLES[fact.role]
    ):  # a role that there is not is told by the schema
        maker.report.tell("role-kind", fact.origin.span, role=fact.role, kind=_ROLE_KEYS[fact.role])
    fact = replace(fact, least=_bound(fields.scalar("at_least"), fact, maker.report, signed=True))
    fact = replace(fact, most=_bound(fields.scalar("at_most"), fact, maker.report, signed=is_signed(fact)))
    if "default" in fields and fact.required:
        maker.report.tell("default-of-required", key.span, name=key.text)
        return fact
    default = _fact_value(fields.scalar("default"), fact, maker.report, signed=is_signed(fact))
    for value, name in ((fact.least, "at_least"), (default, "default")):
        scalar = fields.scalar(name)
        if scalar is not None and not _within(value, fact):
            maker.report.tell("value-out-of-bounds", scalar.span, text=scalar.text, parameter=key.text)
    return replace(fact, default=default)


_ROLES: dict[str, Type] = {"identity": TEXT, "as_of": DATE, "place": PLACE}
_ROLE_KEYS = {"identity": "text", "as_of": "date", "place": "place"}


def _bound(scalar: Scalar | None, fact: Fact, report: Reporter, *, signed: bool) -> Bound | None:
    value = _fact_value(scalar, fact, report, signed=signed)
    if scalar is not None and isinstance(value, int) and abs(value) >= 10 ** (WIDEST_DIGITS + fact.decimals):
        report.tell("value-out-of-bounds", scalar.span, text=scalar.text, parameter=fact.id)
        return None
    return value if isinstance(value, int | Fraction | date) and not isinstance(value, bool) else None


def _within(value: object, fact: Fact) -> bool:
    """Whether a value lies between the declared bounds; a value of a kind that has none does."""
    if isinstance(value, date):
        low = not isinstance(fact.least, date) or fact.least <= value
        return low and (not isinstance(fact.most, date) or value <= fact.most)
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        low = not isinstance(fact.least, int | Fraction) or fact.least <= value
        return low and (not isinstance(fact.most, int | Fraction) or value <= fact.most)
    return True


def _fact_type(fields: Fields, maker: Maker) -> tuple[Type, int, str] | None:
    """The type, the digits after the point, and the unit as written."""
    report = maker.report
    key = fields.key("decimals")
    if key is not None and "unit" not in fields and "number" not in fields:
        report.tell("missing-companion", key.span, key="decimals", needs="unit")
    plain: dict[str, Type] = {"yes_no": TRUTH, "date": DATE, "text": TEXT, "place": maker.place}
    for word, type_ in plain.items():
        if fields.flag(word):
            return type_, 0, ""
    if "refers_to" in fields:
        return ItemOf(fields.text("refers_to")), 0, ""
    if "choice" in fields:
        return build_choice(fields, "choice"), 0, ""
    if "several" in fields:
        if isinstance(fields.get("several"), Mapping):
            return Several(build_choice(fields, "several")), 0, ""
        return Several(TEXT), 0, ""
    if "whole" in fields:
        word = fields.text("whole")
        unit = ONE if read_flag(word) else fields.unit("whole")
        return None if unit is None else (Quantity(unit, whole=True), 0, "" if unit == ONE else word)
    if fields.flag("number"):
        decimals = _decimals(fields, ONE)
        return Quantity(fact_unit(ONE, None, decimals)), decimals, ""
    unit = fields.unit("unit")
    if unit is None:
        return None
    over = None
    text = fields.text("unit")
    span = fields.scalar("over")
    if span is not None:
        in_days = says_amount(span.text, Unit(DAYS)) and not says_amount(span.text, Unit(TIME))
        dimension = DAYS if in_days else TIME
        covered = read_amount(span, Unit(dimension), report)
        if covered is not None and covered <= 0:
            report.tell("bad-amount", span.span, text=span.text)
        if covered is None or covered <= 0:
            return None
        over = Unit(dimension, Fraction(covered))
        text = f"{text}/{span.text}"
    decimals = _decimals(fields, unit)
    return Quantity(fact_unit(unit, over, decimals), whole=decimals == 0), decimals, text


def _decimals(fields: Fields, unit: Unit) -> int:
    """The digits after the point: as declared, else as is customary; what the schema refuses counts as undeclared."""
    text = fields.text("decimals")
    return int(text) if re.fullmatch("[0-6]", text) else customary_decimals(unit)


def _fact_value(scalar: Scalar | None, fact: Fact, report: Reporter, *, signed: bool) -> object:
    """A default or bound, as a value of the fact's type.

    Args:
        signed: an amount may be below zero.
    """
    if scalar is None:
        return None
    match fact.type:
        case Quantity(unit=unit):
            plain = Unit(unit.dimension, unit.factor * 10**fact.decimals)
            value = read_amount(scalar, unit, report, own=plain, words=fact.unit_text, digits=WIDEST_DIGITS)
            if value is not None and ((value < 0 and not signed) or isinstance(value, Fraction)):
                code = "value-not-whole" if fact.decimals == 0 and value > 0 else "bad-amount"
                report.tell(code, scalar.span, text=scalar.text)
                return None
            return value
        case Choice(options=options):
            for option, label in options:
                if scalar.text in (option, label):
                    return option
            ids = [option for option, _ in options]
            report.tell("bad-default", scalar.span, value=scalar.text, suggestion=Near(scalar.text, ids))
        case Truth():
            if (flag := read_flag(scalar.text)) is not None:
                return flag
            report.tell("bad-default", scalar.span, value=scalar.text, suggestion="no")
        case DateType():
            return read_day(scalar, report)
        case Text() | Place() | ItemOf() | Several():
            report.tell("bad-default", scalar.span, value=scalar.text, suggestion="")
        case _:
            assert_never(fact.type)
    return None
