"""What a decision says of its figures: what each came to, what it waits for, and what it was made of.

In: `findings` fills these in.  Out: `Decision` holds them; `to_dict` gives the contract's JSON.
Imports policy, language and `figures`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date
from typing import Literal

from engine.evaluation.figures import NO_MEASURE, Measure, bounds_text, texts_of
from engine.evaluation.shared import shared
from engine.gathered import gathered
from engine.language.types import Quantity, Truth, Type
from engine.language.values import Interval, Number, Value
from engine.policy.model import Fact, Origin, Output, Parameter, Term
from engine.policy.replaced import term_of
from engine.policy.tables import ValueInForce
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """What of an amount lies in a range of a marginal value, and what that comes to; `shown` says how each is shown."""

    part: Number
    comes_to: Number
    shown: tuple[Measure, Measure] = (NO_MEASURE, NO_MEASURE)

    def to_dict(self) -> dict[str, object]:
        part, comes_to = (
            {**with_value({}, value, measure), "unit": measure.text}
            for value, measure in zip((self.part, self.comes_to), self.shown, strict=True)
        )
        return {"part": part, "comes_to": comes_to}


@dataclass(frozen=True, slots=True)
class ParameterUse:
    """A parameter value that a rule read: what was asked, and what is in force (None: no value).

    Attributes:
        key: with ranges as the author of the value has them.
        on: the day, where it was not that of the decision.
        shares: of a marginal one, for each amount that was looked up and is known.
    """

    parameter: str
    key: tuple[tuple[str, str], ...]
    value: ValueInForce | None
    on: date | None = None
    shares: tuple[Share, ...] = ()

    @property
    def asked(self) -> object:
        """The same for all that asked for the same."""
        return self.parameter, self.key, self.on


def each_once(uses: Iterable[ParameterUse]) -> tuple[ParameterUse, ...]:
    """What asked for the same together, with the shares of each."""
    several = {id(use): use for use in uses}.values()  # most are one and the same
    if len(several) < 2:
        return tuple(several)
    alike = gathered((use.asked, use) for use in several)
    return tuple([one if not one.shares else _with_shares(one, each) for one, *each in alike.values()])


def _with_shares(use: ParameterUse, others: Iterable[ParameterUse]) -> ParameterUse:
    return replace(use, shares=tuple(dict.fromkeys([*use.shares, *(share for one in others for share in one.shares)])))


@dataclass(frozen=True, slots=True)
class Ended:
    """What was the last to be in force, and its last day.

    Attributes:
        text: the value as written; of a list empty.
        document: by what it was in force: the number of the document, else the title of the policy it stands in.
    """

    text: str
    last: date
    document: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Missing:
    """What would have to be found out. `path` for facts and judgements; `parameter` and `key` for parameters, and what
    they had until it `ended`, where a decision tells what it waits for."""

    kind: Literal["fact", "judgement", "parameter"]
    label: str
    path: str = ""
    parameter: str = ""
    key: tuple[tuple[str, str], ...] = ()
    on: date | None = None
    ended: Ended | None = field(default=None, compare=False)

    def to_dict(self) -> dict[str, object]:
        """`on` stands only where a value of another day than the decision's was looked for."""
        if self.kind == "parameter":
            asked: dict[str, object] = {"kind": self.kind, "parameter": self.parameter, "key": dict(self.key)}
            return asked if self.on is None else {**asked, "on": self.on.isoformat()}
        return {"kind": self.kind, "path": self.path, "label": self.label}


def with_value(told: dict[str, object], value: Value, measure: Measure) -> dict[str, object]:
    """Told, too: rounded for reading, and exact; between which ends it lies where it is not known."""
    kind = type(value)
    if kind is int and not value:  # most are
        told["value"], told["exact"] = "0.00", "0"
        return told
    told["value"], told["exact"] = (value, value) if kind is bool else texts_of(value, measure)
    if kind is Interval:
        told.update(bounds_text(value, measure))
    return told


def declared_json(origin: Origin) -> dict[str, object]:
    """Which policy, file and line an element stands in."""
    return shared({"policy": origin.policy, "file": origin.span.source.name, "line": origin.span.line})


def day_json(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


# ---- what a figure is made of


@dataclass(frozen=True, slots=True, eq=False)
class PartOf:
    """A fact of the household, or a step, behind figures, as it is told of every household.

    Attributes:
        slot: where its values stand in the row of each item of `collection`.
        text: the step as written, in one line; "" of a fact.
        fixed: what JSON says of it, but for its values; `told` is all of that, where its value is one that many have.
    """

    declared: Fact | Term
    collection: str
    slot: int
    text: str
    type: Type
    measure: Measure
    fixed: dict[str, object] = field(init=False, repr=False)
    told: Mapping[Value, dict[str, object]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        declared = self.declared
        fixed: dict[str, object] = {
            "kind": "fact" if isinstance(declared, Fact) else "term",
            "id": term_of(declared.id),
            "label": self.name,
            "text": self.text or None,
            "cites": declared.cites,
            "unit": self.measure.text,
            "declared": declared_json(declared.origin),
        }
        if self.collection:
            fixed["of"] = self.collection
        usual: dict[type[Type], tuple[Value, ...]] = {Quantity: (0,), Truth: (False, True)}
        told = {one: shared(with_value(fixed.copy(), one, self.measure)) for one in usual.get(type(self.type), ())}
        object.__setattr__(self, "fixed", fixed)
        object.__setattr__(self, "told", told)

    @property
    def name(self) -> str:
        return self.declared.name or self.declared.label


@dataclass(frozen=True, slots=True)
class Part:
    """`values`: what it came to; of each item by its id for a step of a collection, else of "" alone."""

    of: PartOf
    values: tuple[tuple[str, Value], ...]


def use_json(use: ParameterUse, parameter: Parameter, measure: Measure) -> dict[str, object]:
    """A value in force that figures read."""
    found: dict[str, object] = {
        "kind": "parameter",
        "id": use.parameter,
        "key": dict(use.key),
        "label": parameter.name or parameter.label,
        "cites": parameter.cites,
    }
    if use.on is not None:
        found["on"] = use.on.isoformat()
    if use.value is None:
        return {**found, "text": None, "value": None, "exact": None, "unit": measure.text}
    cell, origin = use.value.cell, use.value.origin
    if use.shares:
        found["shares"] = [share.to_dict() for share in use.shares]
    return {
        **found,
        "text": cell.text,
        **with_value({}, cell.value, measure),
        "unit": measure.text,
        "declared": {**declared_json(origin), "file": cell.span.source.name, "line": cell.span.line},
        "document": origin.document,
        "from": day_json(origin.start),
        "published": day_json(origin.published),
        "source": origin.source,
        "grade": origin.grade,
    }


# ---- figures


@dataclass(frozen=True, slots=True)
class ItemFigure:
    """What a figure came to for one item of its collection."""

    item: str
    value: Value
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class OutputFinding:
    """`measure` is how its values are shown.

    `missing` is what would settle it, empty where it is known: an outcome may be certain while a figure is not.
    `text` is its expression as written, `parameters` are the values in force that it read. A figure of each item has
    no value of its own but `items`, which are None where the list was not given; `missing` is then that of all.
    """

    declared: Output
    value: Value
    measure: Measure
    missing: tuple[Missing, ...] = ()
    text: str = ""
    parameters: tuple[ParameterUse, ...] = ()
    items: tuple[ItemFigure, ...] | None = None

    def bare(self) -> dict[str, object]:
        """The value alone, or those of the items."""
        measure, collection = self.measure, self.declared.collection
        if not collection:
            return {**with_value({}, self.value, measure), "unit": measure.text}
        items = None if self.items is None else [with_value({"item": o.item}, o.value, measure) for o in self.items]
        return {"of": collection, "items": items, "unit": measure.text}
