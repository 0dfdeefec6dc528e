"""Surface tree to typed core: names resolved, types and units checked, units made to meet.

In: an `Expression` and the `Scope` it stands in.  Out: a `CoreExpression`, or None after all its faults were
reported, each once. `names` says what names mean, `arithmetic` and `quantities` see to units, `sides` and
`comparisons` to comparisons, `aggregates` to what goes over items and to functions.
Imports those, context, core and the ground floor; sees no YAML and no household.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from engine.diagnostics import Reporter
from engine.language import ast, comparisons, core
from engine.language.aggregates import aggregate, call
from engine.language.arithmetic import product_of, sum_of
from engine.language.context import Context, make_context, text_of
from engine.language.core import CoreExpression
from engine.language.guards import COMPLEMENT, failing, holding
from engine.language.names import key_named, lookup, resolve, resolve_dotted
from engine.language.operands import all_quantities, all_truths, other_day, quantity_of, truth_of
from engine.language.quantities import (
    BARE,
    adapted,
    convert,
    joined_type,
    literal,
    negative,
    quantity,
    unify,
)
from engine.language.scope import FactEntry, ParameterEntry, Scope, TermEntry
from engine.language.sides import comparison, membership, overlap, takes_type_from_right
from engine.language.texts import text_constant
from engine.language.types import DATE, TRUTH, Quantity, Type, kind
from engine.language.unit_faults import report_unexpected
from engine.language.units import Unit, show_unit
from engine.source import Span
from engine.suggest import Near

PartsKind: TypeAlias = Literal["sum", "how_many", "any", "every", "max", "min"]


def elaborate(
    expression: ast.Expression, scope: Scope, report: Reporter, expected: Type | None = None, unit_text: str = ""
) -> CoreExpression | None:
    """The core of an expression, or None after reporting every fault in it.

    Args:
        expected: what the place wants. A quantity is converted to exactly that unit; anything else must be of the
            type. Options written bare are looked for in an expected choice.
        unit_text: the unit of `expected` in the words in which it was declared.
    """
    context = make_context(scope, report, expression)
    made = infer(expression, context, expected)
    return made if made is None or expected is None else _fit(made, expected, unit_text, context)


def negate(expression: CoreExpression) -> CoreExpression:
    """The opposite of a truth, as `unless` means it: a comparison turned round, anything else within a `Not`."""
    match expression:
        case core.Compare():
            return replace(expression, operator=COMPLEMENT[expression.operator])
        case core.Not(operand=operand):
            return operand
    return core.Not(expression.span, TRUTH, expression)


def elaborate_parts(
    kind: PartsKind, parts: Sequence[tuple[str, ast.Expression]], scope: Scope, report: Reporter, span: Span
) -> CoreExpression | None:
    """A term made of named parts. Without parts a sum and a how_many are 0, any is false, every is true."""
    contexts = [make_context(scope, report, part) for _, part in parts]
    made = [infer(part, context) for (_, part), context in zip(parts, contexts, strict=True)]
    context = contexts[0] if contexts else make_context(scope, report, ast.TruthLiteral(span, True))
    if any(part is None for part in made):
        return None
    operands = [part for part in made if part is not None]
    if kind in ("how_many", "any", "every"):
        if not all_truths(operands, kind, context):
            return None
        match kind:
            case "how_many":
                return core.HowMany(span, BARE, tuple(operands)) if operands else core.Constant(span, BARE, 0)
            case "any":
                return core.Or(span, TRUTH, tuple(operands)) if operands else core.Constant(span, TRUTH, False)
            case "every":
                return core.And(span, TRUTH, tuple(operands)) if operands else core.Constant(span, TRUTH, True)
    if not operands:
        if kind == "sum":
            return core.Constant(span, BARE, 0)
        report.tell("empty-parts", span, kind=kind)
        return None
    if not all_quantities(operands, kind, context):
        return None
    unified = unify(operands, None, "", context)
    if unified is None:
        return None
    node = core.Sum if kind == "sum" else core.Greatest if kind == "max" else core.Least
    return node(span, joined_type(unified), unified)


def infer(expression: ast.Expression, context: Context, want: Type | None = None) -> CoreExpression | None:
    """The core of an expression; `want` is the type of what stands beside it, for options and texts."""
    match expression:
        case ast.NumberLiteral():
            return literal(expression)
        case ast.DateLiteral(span=span, value=day):
            return core.Constant(span, DATE, day)
        case ast.TruthLiteral(span=span, value=truth):
            return core.Constant(span, TRUTH, truth)
        case ast.TextLiteral():
            return text_constant(expression, context, want)
        case ast.Name():
            return resolve(expression, context, want)
        case ast.Dotted():
            return resolve_dotted(expression, context)
        case ast.Keyed():
            return _keyed(expression, context)
        case ast.Previous(span=span):
            return _previous(span, context, want)
        case ast.Negative(span=span, operand=operand):
            inner = quantity_of(operand, "-", context, infer)
            return None if inner is None else negative(inner, span)
        case ast.Arithmetic(operator="+" | "-"):
            return sum_of(expression, context, infer)
        case ast.Arithmetic():
            return product_of(expression, context, infer)
        case ast.Comparison():
            return comparison(expression, context, infer)
        case ast.Membership():
            return membership(expression, context, infer)
        case ast.Overlap():
            return overlap(expression, context, infer)
        case ast.Not(span=span, operand=operand):
            inner = truth_of(operand, "not", context, infer)
            return None if inner is None else core.Not(span, TRUTH, inner)
        case ast.And() | ast.Or():
            return _logic(expression, context)
        case ast.If():
            return _if(expression, context, want)
        case ast.Call():
            return call(expression, context, infer)
        case ast.Aggregate():
            return aggregate(expression, context, infer)
    assert_never(expression)


def _fit(made: CoreExpression, expected: Type, unit_text: str, context: Context) -> CoreExpression | None:
    """The value as the place wants it."""
    if isinstance(expected, Quantity) and isinstance(made.type, Quantity):
        if made.type.unit.dimension != expected.unit.dimension:
            changed = adapted(made, expected.unit)
            if changed is None:
                report_unexpected(made, expected.unit, unit_text, context)
                return None
            made = changed
        if expected.whole and not quantity(made).whole:
            one = f"1 {show_unit(Unit(expected.unit.dimension))}".rstrip()
            suggestion = f"{context.word('round')}({text_of(made.span)}{context.comma}{one})"
            context.report.tell("expected-whole", made.span, text=text_of(made.span), suggestion=suggestion)
            return None
        return convert(made, expected.unit)
    if made.type == expected:
        return made
    if expected == TRUTH:
        text = text_of(made.span)
        about = {"found": text, kind(made.type): text}
        context.report.tell("expected-truth", made.span, path="", related=(), **about)
    else:
        comparisons.report_expected(made, expected, context)
    return None


# ---- names


def _keyed(expression: ast.Keyed, context: Context) -> CoreExpression | None:
    """`parameter[on day, key = value]`."""
    name = expression.parameter
    entry = context.scope.names.get(name.text)
    if not isinstance(entry, ParameterEntry):
        if entry is None:
            resolve(name, context, None)
        else:
            context.report.tell("not-a-parameter", name.span, name=name.text)
        return None
    given: dict[str, CoreExpression | None] = {}
    faulty = False
    if expression.last is not None and entry.by:
        given[entry.by[-1]] = _key(expression.last, entry, -1, context)
    elif expression.last is not None:
        faulty = True
        context.report.tell(
            "unknown-key",
            expression.last.span,
            parameter=name.text,
            name=text_of(expression.last.span),
            keys="-",
            suggestion="",
        )
    for key, value in expression.keys:
        identifier = key_named(key.text, entry, context)
        if identifier not in entry.by:
            faulty = True
            keys = "、".join(f"`{each}`" for each in entry.by) or "-"
            suggestion = Near(key.text, entry.by)
            context.report.tell(
                "unknown-key", key.span, parameter=name.text, name=key.text, keys=keys, suggestion=suggestion
            )
        elif identifier in given:
            faulty = True
            context.report.tell("repeated-key", key.span, name=key.text)
        else:
            given[identifier] = _key(value, entry, entry.by.index(identifier), context)
    day = other_day(expression.on, context, infer)
    faulty = faulty or (day is None and expression.on is not None)
    return None if faulty else lookup(entry, given, expression.span, context, day)


def _key(value: ast.Expression, entry: ParameterEntry, place: int, context: Context) -> CoreExpression | None:
    """What is given for a key; wrong units are told against those in which the key, and so its ranges, is declared."""
    wanted = entry.key_types[place]
    made = infer(value, context, wanted)
    collection, _, name = entry.by[place].rpartition(".")
    declared = context.entry(collection, name)
    words = declared.unit_text if isinstance(declared, (FactEntry, TermEntry)) else ""
    return None if made is None else _fit(made, wanted, words, context)


def _previous(span: Span, context: Context, want: Type | None) -> CoreExpression | None:
    """What a replacement replaces: the value of its step, or, of a mere name or literal, the same read here."""
    previous = context.scope.previous
    if previous is None:
        context.report.tell("previous-not-allowed", span, word=span.text)
        return None
    if isinstance(previous, TermEntry):
        made = core.TermValue(span, previous.type, previous.collection, previous.id)
        return core.Outer(span, made.type, made) if previous.collection and context.aggregated else made
    return infer(previous, replace(context, scope=replace(context.scope, previous=None)), want)


# ---- logic


def _logic(expression: ast.And | ast.Or, context: Context) -> CoreExpression | None:
    same = type(expression)
    operands: list[ast.Expression] = []
    node: ast.Expression = expression
    while isinstance(node, same):
        operands.append(node.right)
        node = node.left
    operands.append(node)
    word = "and" if same is ast.And else "or"
    made = [truth_of(operand, word, context, infer) for operand in reversed(operands)]
    truths = tuple(each for each in made if each is not None)
    if len(truths) < len(made):
        return None
    return (core.And if same is ast.And else core.Or)(expression.span, TRUTH, truths)


def _if(expression: ast.If, context: Context, want: Type | None) -> CoreExpression | None:
    test = truth_of(expression.test, "if", context, infer)
    holds, fails = ((), ()) if test is None else (holding(test), failing(test))
    then_context, else_context = context.with_guards(holds), context.with_guards(fails)
    swapped = want is None and takes_type_from_right(expression.then, expression.otherwise, context)
    if swapped:
        otherwise = infer(expression.otherwise, else_context, want)
        then = infer(expression.then, then_context, None if otherwise is None else otherwise.type)
    else:
        then = infer(expression.then, then_context, want)
        otherwise = infer(expression.otherwise, else_context, want or (None if then is None else then.type))
    if then is None or otherwise is None:
        return None
    if isinstance(then.type, Quantity) and isinstance(otherwise.type, Quantity):
        unified = unify([then, otherwise], expression.span, "", context)
        if unified is None or test is None:
            return None
        return core.If(expression.span, joined_type(unified), test, *unified)
    if then.type != otherwise.type:
        comparisons.report_kinds(then, otherwise, expression.span, context)
        return None
    return None if test is None else core.If(expression.span, then.type, test, then, otherwise)
