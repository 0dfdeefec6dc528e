"""What an expression reads: by name before elaboration, by id after it.

Out: `references` for the order in which terms are elaborated and for cycles; `core_reads` for what a rule uses;
`children`, `walk` and `core_walk` for passes that do not care what the nodes are.
Walks with a list of its own, so that no depth of tree is too much. Imports `ast` and `core`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from engine.language import ast, core

Read: TypeAlias = tuple[str, str, str]
"""(kind, collection, id); kind is fact, term, parameter, reading, cause, condition (collection holds the cause),
list or collection (whose id stands in the third place)."""


def children(expression: ast.Expression) -> tuple[ast.Expression, ...]:
    """The expressions directly inside one, in the order of writing. Names of lists, collections, keys and owners
    are not among them."""
    match expression:
        case ast.Negative(operand=operand) | ast.Not(operand=operand):
            return (operand,)
        case ast.Arithmetic() | ast.Comparison() | ast.And() | ast.Or():
            return (expression.left, expression.right)
        case ast.Membership(left=left, options=options, on=on):
            return _with_day(left, on) if isinstance(options, ast.Name) else (*left, *options)
        case ast.Overlap(left=tested, options=options, on=on):
            return _with_day((tested,), on) if isinstance(options, ast.Name) else (tested, *options)
        case ast.If(test=test, then=then, otherwise=otherwise):
            return (test, then, otherwise)
        case ast.Call(arguments=arguments):
            return arguments
        case ast.Aggregate(body=body, where=where, otherwise=otherwise_item):
            return tuple(part for part in (body, where, otherwise_item) if part is not None)
        case ast.Keyed(keys=keys, on=on, last=last):
            first = (part for part in (on, last) if part is not None)
            return (*first, *(value for _, value in keys))
        case (
            ast.NumberLiteral()
            | ast.DateLiteral()
            | ast.TextLiteral()
            | ast.TruthLiteral()
            | ast.Name()
            | ast.Dotted()
            | ast.Previous()
        ):
            return ()
    assert_never(expression)


def _with_day(left: tuple[ast.Expression, ...], on: ast.Expression | None) -> tuple[ast.Expression, ...]:
    return left if on is None else (*left, on)


def references(expression: ast.Expression) -> Iterator[ast.Name | ast.Dotted | ast.Keyed]:
    """Every name that an expression reads, as written: values, collections, lists. Options are among them, since
    only elaboration tells them apart; the keys of a `Keyed` come by their own, its parameter with it."""
    for node in walk(expression):
        match node:
            case ast.Name() | ast.Dotted() | ast.Keyed():
                yield node
            case ast.Membership(options=ast.Name() as name) | ast.Overlap(options=ast.Name() as name):
                yield name
            case ast.Aggregate(collection=collection):
                yield collection


def walk(expression: ast.Expression) -> Iterator[ast.Expression]:
    """The expression and all inside it, from the outside in and from left to right."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def core_walk(expression: core.CoreExpression) -> Iterator[core.CoreExpression]:
    """The core expression and all inside it, from the outside in and from left to right."""
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(core.operands(node)))


def core_reads(expression: core.CoreExpression) -> set[Read]:
    """All that an expression reads directly: (kind, collection, id)."""
    found: set[Read] = set()
    for node in core_walk(expression):
        match node:
            case core.Fact(collection=collection, id=fact):
                found.add(("fact", collection, fact))
            case core.TermValue(collection=collection, id=term):
                found.add(("term", collection, term))
            case core.Lookup(parameter=parameter):
                found.add(("parameter", "", parameter))
            case core.ChosenReading(reading=reading):
                found.add(("reading", "", reading))
            case core.CauseMet(cause=cause):
                found.add(("cause", "", cause))
            case core.ConditionMet(cause=cause, condition=condition):
                found.add(("condition", cause, condition))
            case core.InList(list=name) | core.OverlapsList(list=name):
                found.add(("list", "", name))
            case core.Aggregate(collection=collection):
                found.add(("collection", "", collection))
    return found
