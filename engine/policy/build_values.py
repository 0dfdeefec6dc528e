"""Dated values: parameters, and the blocks that give them values.

In: trees of declarations and blocks.  Out: `Parameter`, `Block`, or Diagnostics.
Imports build, build_cells, context, fields, keys, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.language.types import DATE, TRUTH, Choice, Place, Quantity, Type
from engine.language.units import ONE, TIME, Unit
from engine.policy.build import Maker, each_entry
from engine.policy.build_cells import Cells, KeyKind, own_unit
from engine.policy.context import Context, read_counties
from engine.policy.fields import Fields, parameter_unit, read_amount
from engine.policy.keys import COUNT, declared_key, find_key, key_type
from engine.policy.model import Block, Fact, Parameter, Shared
from engine.suggest import Near
from engine.tree import Scalar, Sequence, Tree


def build_parameters(tree: Tree | None, maker: Maker, context: Context) -> dict[str, Parameter]:
    parameters = {}
    for key, fields in each_entry(tree, maker):
        plain = _plain_type(fields)
        unit = ONE if plain is not None or fields.flag("number") else fields.unit("unit")
        if unit is None:
            continue
        counted, whole = parameter_unit(unit)
        bounds = [
            None
            if plain is not None or scalar is None
            else read_amount(scalar, counted, maker.report, own=unit, words=fields.text("unit"))
            for scalar in (fields.scalar("at_least"), fields.scalar("at_most"))
        ]
        review = fields.scalar("review_after")
        marginal = fields.scalar("marginal") if fields.flag("marginal") else None
        months = None if review is None else read_amount(review, Unit(TIME), maker.report)
        named = maker.named(key, fields)
        by = tuple(found for item in fields.items("by") if (found := _key_kind(item, context, maker)) is not None)
        parameter = Parameter(
            **named,
            type=Quantity(counted, whole) if plain is None else plain,
            unit_text=fields.text("unit"),
            by=tuple(name for name, _ in by),
            review_after=None if months is None else int(months),
            least=bounds[0],
            most=bounds[1],
            blocks=(),
            values_from=_values_from(fields),
            marginal=marginal is not None,
        )
        if len(by) < len(fields.items("by")):
            continue  # nothing can be said of values whose keys are not known
        if marginal is not None and not (
            isinstance(parameter.type, Quantity) and by and isinstance(by[-1][1], Quantity)
        ):
            maker.report.tell("marginal-of-what", marginal.span, parameter=key.text)
            continue
        blocks = tuple(build_blocks(blocks_of(fields), parameter, unit, maker.within(named["origin"]), context))
        if "dated" not in fields:
            blocks = tuple(replace(block, origin=replace(block.origin, span=key.span)) for block in blocks)
        parameters[key.text] = replace(parameter, blocks=blocks)
    return parameters


def _values_from(fields: Fields) -> Shared | None:
    scalar = fields.scalar("values_from")
    document, dot, name = ("", "", "") if scalar is None else scalar.text.strip().partition(".")
    return Shared(document, name, scalar.span) if scalar is not None and dot else None


def _plain_type(fields: Fields) -> Type | None:
    """A truth or a date, which have neither unit nor bounds; None for a quantity."""
    for key, type_ in (("yes_no", TRUTH), ("date", DATE)):
        if not fields.flag(key):
            continue
        for bound in ("at_least", "at_most"):
            if (scalar := fields.scalar(bound)) is not None:
                fields.report.tell("only-one-of", scalar.span, key=bound, other=key)
        return type_
    return None


def blocks_of(fields: Fields) -> Tree | None:
    """The blocks of a declaration: under `dated`, or the declaration itself where it holds the values."""
    if "dated" in fields:
        return fields.get("dated")
    return fields.tree if any(key in fields for key in ("value", "values", "table", "items")) else None


def _key_kind(item: Tree, context: Context, maker: Maker) -> KeyKind | None:
    if not isinstance(item, Scalar):
        return None
    text, elements = item.text, context.elements
    if key := find_key(elements, text):
        held, type_ = declared_key(elements, key), key_type(elements, key)
        if isinstance(held, Fact) and held.role == "place":
            return key, context.divisions.kind  # a place of another kind was told where it is declared
        if _can_be_key(type_) or (isinstance(type_, Place) and "." not in key):
            return key, type_
        maker.report.tell("bad-key-kind", item.span, name=text)
        return None
    of_items = [key for collection in elements.collections if (key := find_key(elements, f"{collection}.{text}"))]
    names = sorted(name for name in (*elements.facts, *elements.terms) if find_key(elements, name))
    # what a step without options counts is not known here
    known = [key for key in of_items if key_type(elements, key) is not COUNT]
    fit = next((key for key in known if _can_be_key(key_type(elements, key))), "")
    near = fit if of_items else Near(text, names)  # of what is of items no other name helps
    maker.report.tell("unknown-key-kind", item.span, name=text, suggestion=near)
    return None


def _can_be_key(type_: Type) -> bool:
    return isinstance(type_, Choice | Quantity)


def build_blocks(
    tree: Tree | None, parameter: Parameter, unit: Unit, maker: Maker, context: Context
) -> Iterator[Block]:
    """The blocks of a declaration or of a `set` entry: one mapping, a sequence of them, or a bare value."""
    for item in as_items(tree):
        fields = Fields(item, maker.report)
        origin = (
            replace(maker.origin, span=item.span) if isinstance(item, Scalar) else maker.origin_of(fields, item.span)
        )
        own = own_unit(fields, parameter, maker)
        if own is None and "unit" in fields:
            continue
        own = own or unit
        cells = Cells(parameter, own, maker, context)
        if isinstance(item, Scalar):
            cells.put((), item)
        else:
            cells.read(fields)
        yield Block(origin, fields.flag("partial"), read_counties(fields, maker, context), cells.found)


def as_items(tree: Tree | None) -> tuple[Tree, ...]:
    if tree is None:
        return ()
    return tree.items if isinstance(tree, Sequence) else (tree,)
