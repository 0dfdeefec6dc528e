"""Comparisons and memberships of elaboration.

In: core sides already elaborated.  Out: `Compare`, `InSet`, `InList`, `OverlapsSet`, `OverlapsList`, or None after a
reported fault. Imports context, core, quantities and names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from engine.language import ast, core
from engine.language.context import Context, text_of
from engine.language.core import CoreExpression
from engine.language.names import list_of
from engine.language.quantities import unify
from engine.language.scope import FactEntry
from engine.language.texts import requoted
from engine.language.types import TRUTH, Choice, DateType, ItemOf, Place, Quantity, Several, Text, Type, kind
from engine.source import Span


def compare(
    operator: ast.CompareOperator, left: CoreExpression, right: CoreExpression, span: Span, sign: Span, context: Context
) -> CoreExpression | None:
    """Two values of one kind. The outermost `Scale` of a side is its change to the common unit."""
    if isinstance(left.type, Several) or isinstance(right.type, Several):
        side = left if isinstance(left.type, Several) else right
        _report_several(side, sign.text, context)
        return None
    if isinstance(left.type, Quantity) and isinstance(right.type, Quantity):
        unified = unify([left, right], span, sign.text, context, keep_literals=True)
        return None if unified is None else core.Compare(span, TRUTH, operator, unified[0], unified[1])
    left, right = _as_item(left, right.type, context), _as_item(right, left.type, context)
    if not same_kind(left.type, right.type):
        report_kinds(left, right, span, context)
        return None
    if operator not in ("=", "!=") and not isinstance(left.type, DateType):
        context.report.tell("not-ordered", span, text=text_of(left.span), operator=sign.text)
        return None
    return core.Compare(span, TRUTH, operator, left, right)


def same_kind(first: Type, second: Type) -> bool:
    """Whether values of the two types may be compared or be alternatives (quantities: units are another matter)."""
    if isinstance(first, Quantity) and isinstance(second, Quantity):
        return True
    return first == second


def _as_item(made: CoreExpression, other: Type, context: Context) -> CoreExpression:
    """The id of an item beside what refers to an item of its collection: which item it is."""
    read = made.operand if isinstance(made, core.Outer) else made
    if not isinstance(read, core.Fact) or other != ItemOf(read.collection):
        return made
    entry = context.entry(read.collection, read.id)
    if not isinstance(entry, FactEntry) or not entry.identity:
        return made
    read = replace(read, type=other)
    return replace(made, type=other, operand=read) if isinstance(made, core.Outer) else read


def report_kinds(left: CoreExpression, right: CoreExpression, span: Span, context: Context) -> None:
    """Two values of different kinds where one kind is wanted."""
    from engine.language.spoken import SLASHED, iso_day

    first, second = text_of(left.span), text_of(right.span)
    for one, other in ((left, right), (right, left)):
        day = SLASHED.fullmatch(text_of(one.span))
        if day is not None and isinstance(one.type, Quantity) and isinstance(other.type, DateType):
            context.report.tell("bad-date", one.span, date=day[0], suggestion=iso_day(day))
            return
    kinds = {kind(left.type): first, kind(right.type): second}
    about = kinds if len(kinds) == 2 or "item" in kinds else {}
    about = {**about, **requoted(left, right.type, context), **requoted(right, left.type, context)}
    context.report.tell("type-mismatch", span, path="", related=(), left=first, right=second, **about)


def in_options(
    left: CoreExpression, options: Sequence[CoreExpression], span: Span, context: Context
) -> CoreExpression | None:
    """`x in (a, b)`: a set of rows for options, texts and places, otherwise one comparison after the other."""
    if isinstance(left.type, Several):
        _report_several(left, context.word("in"), context)
        return None
    if not isinstance(left.type, (Choice, Text, Place)):
        compared = [compare("=", left, option, option.span, option.span, context) for option in options]
        if any(each is None for each in compared):
            return None
        return core.Or(span, TRUTH, tuple(each for each in compared if each is not None))
    rows = _written(options, left.type, left, context)
    return None if rows is None else core.InSet(span, TRUTH, (left,), frozenset((row,) for row in rows))


def in_list(
    left: Sequence[CoreExpression], name: ast.Name, day: CoreExpression | None, span: Span, context: Context
) -> CoreExpression | None:
    """`x in list`, `(x, y) in list`; as of another day than the decision's where one is given."""
    entry = list_of(name, context, left[0].type if len(left) == 1 else None)
    if entry is None:
        return None
    if len(entry.columns) != len(left):
        context.report.tell(
            "wrong-column-count", span, list=name.text, wanted=str(len(entry.columns)), given=str(len(left))
        )
        return None
    faulty = False
    for each, column in zip(left, entry.columns, strict=True):
        if isinstance(each.type, Several):
            faulty = True
            _report_several(each, context.word("in"), context)
        elif each.type != column:
            faulty = True
            report_expected(each, column, context)
    return None if faulty else core.InList(span, TRUTH, tuple(left), entry.id, day)


def overlaps_options(
    left: CoreExpression, options: Sequence[CoreExpression], span: Span, context: Context
) -> CoreExpression | None:
    several = _several(left, context)
    if several is None:
        return None
    members = _written(options, several.of, left, context)
    return None if members is None else core.OverlapsSet(span, TRUTH, left, frozenset(members))


def overlaps_list(
    left: CoreExpression, name: ast.Name, day: CoreExpression | None, span: Span, context: Context
) -> CoreExpression | None:
    several = _several(left, context)
    entry = list_of(name, context, None if several is None else several.of)
    if several is None or entry is None:
        return None
    if len(entry.columns) != 1:
        context.report.tell("wrong-column-count", span, list=name.text, wanted=str(len(entry.columns)), given="1")
        return None
    if entry.columns[0] != several.of:
        report_expected(left, Several(cast("Choice | Text", entry.columns[0])), context)
        return None
    return core.OverlapsList(span, TRUTH, left, entry.id, day)


def report_expected(found: CoreExpression, wanted: Type, context: Context) -> None:
    """A value of one kind stands where another is wanted."""
    text = text_of(found.span)
    options = "、".join(label for _, label in wanted.options) if isinstance(wanted, Choice) else "-"
    params = {f"want_{kind(wanted)}": options}
    if kind(found.type) != kind(wanted):
        params[kind(found.type)] = text
    params |= requoted(found, wanted, context)
    context.report.tell("expected-type", found.span, path="", related=(), found=text, **params)


def _several(left: CoreExpression, context: Context) -> Several | None:
    if isinstance(left.type, Several):
        return left.type
    text, word = text_of(left.span), context.word("overlaps")
    suggestion = context.word("in") if isinstance(left.type, (Choice, Text, Place)) else ""
    context.report.tell("not-several", left.span, text=text, operator=word, suggestion=suggestion)
    return None


def _report_several(side: CoreExpression, operator: str, context: Context) -> None:
    word = context.word("overlaps")
    context.report.tell("several-needs-overlaps", side.span, text=text_of(side.span), operator=operator, word=word)


def _written(
    options: Sequence[CoreExpression], wanted: Type, left: CoreExpression, context: Context
) -> list[str] | None:
    """The options or texts of a bracketed list, which must be written out."""
    found: list[str] = []
    faulty = False
    for option in options:
        if option.type != wanted:
            faulty = True
            report_kinds(left, option, option.span, context)
        elif isinstance(option, core.Constant):
            found.append(cast("str", option.value))
        else:
            faulty = True
            context.report.tell("not-written-out", option.span, text=text_of(option.span))
    return None if faulty else found
