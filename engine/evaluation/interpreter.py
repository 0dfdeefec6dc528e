"""The meaning of the core: what an expression is worth for a household. Every other back end agrees with this one.

In: a core expression and a `Frame`.  Out: a `Value`. Total: a checked expression never raises, whatever is unknown.
Kinds of node stand in the order of how often they are met. Imports language and `frame`.
Source: docs/semantics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never, cast

from engine.evaluation.facts import MOST_ITEMS
from engine.evaluation.frame import Frame, Unseen
from engine.language import core, values
from engine.language.core import CoreExpression
from engine.language.values import UNKNOWN, Truth3, Value, conjunction, disjunction


def evaluate(node: CoreExpression, frame: Frame) -> Value:
    """What the expression is worth: a plain value where it is known, otherwise an interval or `UNKNOWN`."""
    match node:
        case core.TermValue():
            owner = frame if frame.collection == node.collection else frame.of(node.collection)
            value = owner.terms.get(node.id)
            return _term(node, owner) if value is None else value
        case core.Fact():
            owner = frame if frame.collection == node.collection else frame.of(node.collection)
            return owner.facts[node.id]
        case core.Compare():
            return values.compare(node.operator, evaluate(node.left, frame), evaluate(node.right, frame))
        case core.Constant():
            return node.value
        case core.Scale():
            return values.scale(node.factor, evaluate(node.operand, frame))
        case core.Sum():
            return values.add([evaluate(operand, frame) for operand in node.operands])
        case core.Or():
            return _or(node.operands, frame)
        case core.And():
            return _and(node.operands, frame)
        case core.ChosenReading():
            return frame.readings[node.reading]
        case core.ConditionMet():
            return _condition(node.cause, node.condition, frame)
        case core.Quotient():
            return values.divide(evaluate(node.left, frame), evaluate(node.right, frame))
        case core.If():
            return _if(node, frame)
        case core.Greatest():
            return values.greatest([evaluate(operand, frame) for operand in node.operands])
        case core.Aggregate():
            return _aggregate(node, frame)
        case core.InSet():
            return _is_row(node.operands, node.rows, frame)
        case core.CauseMet():
            return _cause(node.cause, frame)
        case core.Not():
            return values.negation(evaluate(node.operand, frame))
        case core.Lookup():
            keys = tuple([evaluate(key, frame) for key in node.keys])
            return frame.tables.parameters[node.parameter].value(keys, node.keys)
        case core.Product():
            return values.multiply(evaluate(node.left, frame), evaluate(node.right, frame))
        case core.Least():
            return values.least([evaluate(operand, frame) for operand in node.operands])
        case core.HowMany():
            return values.how_many([evaluate(operand, frame) for operand in node.operands])
        case core.InList():
            rows = frame.tables.lists.get(node.list)
            return UNKNOWN if rows is None else _is_row(node.operands, rows, frame)
        case core.OverlapsSet():
            return _overlaps(evaluate(node.operand, frame), node.members)
        case core.OverlapsList():
            rows = frame.tables.lists.get(node.list)
            members = None if rows is None else frozenset(row[0] for row in rows)
            return UNKNOWN if members is None else _overlaps(evaluate(node.operand, frame), members)
        case core.Rounded():
            return values.round_to(node.step, evaluate(node.operand, frame))
        case core.ShiftDate():
            amount = values.scale(node.sign, evaluate(node.amount, frame))
            return values.shift_date(node.part, evaluate(node.date, frame), amount)
        case core.MonthsBetween():
            return values.between("months", evaluate(node.start, frame), evaluate(node.end, frame))
        case core.YearsBetween():
            return values.between("years", evaluate(node.start, frame), evaluate(node.end, frame))
        case core.YearOf():
            return values.year_of(evaluate(node.operand, frame))
    assert_never(node)


# ---- names of rules


def _term(node: core.TermValue, owner: Frame) -> Value:
    value = owner.terms[node.id] = evaluate(owner.rules.terms[node.collection, node.id].core, owner)
    return value


def _condition(cause: str, condition: str, frame: Frame) -> Truth3:
    """A condition is met when it holds or some exemption from it does; cause "" names a requirement."""
    value = frame.findings.get((cause, condition))
    if value is None:
        rules, household = frame.rules, frame.of("")
        checked = rules.causes[cause].conditions[condition] if cause else rules.requirements[condition]
        value = cast("Truth3", evaluate(checked.whole, household))
        frame.findings[cause, condition] = value
    return value


def _cause(cause: str, frame: Frame) -> Truth3:
    value = frame.findings.get((cause, ""))
    if value is None:
        conditions = frame.rules.causes[cause].conditions
        value = conjunction([_condition(cause, condition, frame) for condition in conditions])
        frame.findings[cause, ""] = value
    return value


# ---- truth


def _and(operands: Sequence[CoreExpression], frame: Frame) -> Truth3:
    result: Truth3 = True
    for operand in operands:
        value = evaluate(operand, frame)
        if value is False:
            return False
        if value is UNKNOWN:
            result = UNKNOWN
    return result


def _or(operands: Sequence[CoreExpression], frame: Frame) -> Truth3:
    result: Truth3 = False
    for operand in operands:
        value = evaluate(operand, frame)
        if value is True:
            return True
        if value is UNKNOWN:
            result = UNKNOWN
    return result


def _if(node: core.If, frame: Frame) -> Value:
    test = evaluate(node.test, frame)
    if test is UNKNOWN:
        return values.hull(evaluate(node.then, frame), evaluate(node.otherwise, frame))
    return evaluate(node.then if test else node.otherwise, frame)


def _is_row(operands: Sequence[CoreExpression], rows: frozenset[tuple[str, ...]], frame: Frame) -> Truth3:
    """Whether the operands are a row; false already where no row agrees with those that are known."""
    row = tuple([evaluate(operand, frame) for operand in operands])
    if UNKNOWN not in row:
        return row in rows
    for candidate in rows:
        if all(value is UNKNOWN or value == text for value, text in zip(row, candidate, strict=True)):
            return UNKNOWN
    return False


def _overlaps(value: Value, members: frozenset[str]) -> Truth3:
    if value is UNKNOWN:
        return UNKNOWN if members else False
    return not members.isdisjoint(cast("frozenset[str]", value))


# ---- aggregates


def _aggregate(node: core.Aggregate, frame: Frame) -> Value:
    items = frame.items_of(node.collection)
    if isinstance(items, Unseen):
        return _aggregate_unseen(node, items.item, items.least, frame)
    body, where = node.body, node.where
    passed: Sequence[tuple[Frame, Value]]
    if where is None:
        passed = [(item, True) for item in items]
    else:
        passed = [(item, test) for item in items if (test := evaluate(where, item)) is not False]
    if body is None:
        return values.how_many([test for _, test in passed])
    match node.kind:
        case "sum":
            return values.add([_if_passed(evaluate(body, item), test) for item, test in passed])
        case "any":
            return disjunction(conjunction((test, evaluate(body, item))) for item, test in passed)
        case "every":
            return conjunction(disjunction((values.negation(test), evaluate(body, item))) for item, test in passed)
        case "max" | "min":
            return _extreme(node, [(evaluate(body, item), test) for item, test in passed], frame)
        case "count":
            raise AssertionError("a count has no body")
    assert_never(node.kind)


def _if_passed(value: Value, test: Value) -> Value:
    """What an item adds to a sum: nothing, or the value, while its filter is unknown."""
    return value if test is True else values.hull(0, value)


def _extreme(node: core.Aggregate, passed: Sequence[tuple[Value, Value]], frame: Frame) -> Value:
    """The greatest or least of the items that pass; those that may pass can only push it outward."""
    if not passed:
        return evaluate(_otherwise(node), frame)
    pick = values.greatest if node.kind == "max" else values.least
    certain = [value for value, test in passed if test is True]
    if len(certain) == len(passed):
        return pick(certain)
    possible = [value for value, _ in passed]
    if certain:
        return values.hull(pick(certain), pick(possible))
    # any one of them alone, or none
    result = evaluate(_otherwise(node), frame)
    for value in possible:
        result = values.hull(result, value)
    return result


def _otherwise(node: core.Aggregate) -> CoreExpression:
    """INVARIANT: `max` and `min` without `otherwise` have a collection that is never empty and no filter."""
    if node.otherwise is None:
        raise AssertionError("max or min of nothing")
    return node.otherwise


def _aggregate_unseen(node: core.Aggregate, item: Frame, least: int, frame: Frame) -> Value:
    """Over a list that was not given: between its least number of items and the most that a list may hold, all of
    them somewhere within what an item of which nothing is known can be.

    Args:
        least: how many items the list has at least.
    """
    test: Value = True if node.where is None else evaluate(node.where, item)
    if node.body is None:
        counts = values.how_many([test])
        low, high = values.ends(counts)
        return values.interval(least * cast("int", low), MOST_ITEMS * cast("int", high))
    if test is False:
        return _of_nothing(node, frame)
    value = evaluate(node.body, item)
    match node.kind:
        case "sum":
            return values.multiply(values.interval(least, MOST_ITEMS), _if_passed(value, test))
        case "any":
            found = conjunction((test, value))
            return UNKNOWN if found is True and least == 0 else found
        case "every":
            kept = disjunction((values.negation(test), value))
            return UNKNOWN if kept is False and least == 0 else kept
        case "max" | "min":
            if test is True and least > 0:
                return value
            return values.hull(value, evaluate(_otherwise(node), frame))
        case "count":
            raise AssertionError("a count has no body")
    assert_never(node.kind)


def _of_nothing(node: core.Aggregate, frame: Frame) -> Value:
    match node.kind:
        case "sum" | "count":
            return 0
        case "any":
            return False
        case "every":
            return True
        case "max" | "min":
            return evaluate(_otherwise(node), frame)
    assert_never(node.kind)
