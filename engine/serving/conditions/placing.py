"""What the check finds of the lines that a form would write, at the field of the form that it is about.

In: diagnostics, the text as it would be, the rows that it was made of.  Out: for each a field, "" for none.
An expression that was put together of rows is written in their order: a fault within it belongs to the row, and to the
part of it, that stands there. Imports making, rows, policy (values only), language's printer and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, assert_never

from engine.diagnostics import Diagnostic
from engine.serving.conditions.making import Made
from engine.serving.conditions.rows import Row, SideRow
from engine.tree import Mapping, Scalar, Tree
from engine.tree import Sequence as Items

_FIELDS: Final = {
    "label": "label", "cites": "cites", "when": "expression", "unless": "expression", "from": "start",
    "document": "document", "effect": "effect", "value": "value", "unit": "unit", "whole": "unit", "default": "default",
}  # fmt: skip
_OF_THE_ENTRY: Final = {"no-start": "start"}
"""what lacks has no line of its own"""
_AMOUNT: Final = frozenset(("bare-number", "unknown-unit"))
"""of a number that stands there, its unit is wrong"""


def field_of(fault: Diagnostic, made: Made, rows: Sequence[Row]) -> str:
    """
    Args:
        rows: none where the expression was written out.
    """
    if fault.code in _OF_THE_ENTRY:
        return _OF_THE_ENTRY[fault.code]
    if fault.span is None or fault.span.source.text != made.after:
        return ""
    found = _within(made.tree, fault.span.start)
    if found is None or found[0][: len(made.path)] != made.path:
        return ""
    path, value = found
    field = _FIELDS.get(path[-1], "") if len(path) > len(made.path) else "value" if made.path[0] == "set" else ""
    if field != "expression" or not rows:
        return field
    text = fault.span.source.text
    before, inside = text[value.span.start : fault.span.start], text[fault.span.start : fault.span.end]
    whole = text[value.span.start : value.span.end]
    start = len(_squeezed(before))
    at = _part(rows, _squeezed(whole), start, start + len(_squeezed(inside)))
    return f"{at.removesuffix('number')}unit" if at.endswith("number") and fault.code in _AMOUNT else at


def _within(tree: Tree, offset: int, path: tuple[str, ...] = ()) -> tuple[tuple[str, ...], Tree] | None:
    """The keys to what stands at a place, and it."""
    match tree:
        case Mapping(entries=entries):
            for key, value in entries:
                if key.span.start <= offset <= max(key.span.end, value.span.end):
                    return _within(value, offset, (*path, key.text)) or ((*path, key.text), value)
            return None
        case Items(items=items):
            held = (_within(one, offset, path) for one in items if one.span.start <= offset <= one.span.end)
            return next(held, None)
        case Scalar():
            return path, tree
    assert_never(tree)


# ---- rows


def _part(rows: Sequence[Row], text: str, start: int, end: int) -> str:
    """The field of the part of the rows that stands at a place of the text that they were written as."""
    found, behind = f"{rows[0].at}kind", 0
    for field, word in (part for row in rows for part in _parts(row)):
        at = text.find(_squeezed(word), behind)
        if at < 0:
            continue
        behind = at + len(_squeezed(word))
        if at < end:
            found = field
        if behind > start:
            return found
    return found


def _parts(row: Row) -> Iterator[tuple[str, str]]:
    """Its fields with what is written for them, in the order of writing."""
    match row.kind:
        case "compare":
            yield from _of_side(row.left)
            yield from _of_side(row.right)
        case "holds":
            yield f"{row.at}word", row["word"]
        case "among" | "shares":
            yield f"{row.at}word", row["word"]
            if row["listed"]:
                yield f"{row.at}listed", row["listed"]
            yield from ((f"{row.at}options", one) for one in row.options if not row["listed"])
        case "any":
            yield f"{row.at}collection", row["collection"]
            yield from (part for inner in row.rows for part in _parts(inner))
        case "every":
            yield from (part for inner in row.rows for part in _parts(inner))
            yield f"{row.at}collection", row["collection"]
        case "group":
            yield from (part for inner in row.rows for part in _parts(inner))
        case _:
            assert_never(row.kind)


def _of_side(side: SideRow) -> Iterator[tuple[str, str]]:
    if side["times"]:
        yield f"{side.at}times", side["times"]
    match side.kind:
        case "word" | "day":
            yield f"{side.at}{side.kind}", side[side.kind]
        case "amount":
            yield f"{side.at}number", f"{side['number']}{side['unit']}"
        case "sum" | "count" | "max" | "min":
            if side.kind != "count":
                yield f"{side.at}of", side["of"]
            yield f"{side.at}collection", side["collection"]
            yield from (part for inner in side.rows for part in _parts(inner))
            if side["otherwise"]:
                yield f"{side.at}otherwise", side["otherwise"]
        case _:
            assert_never(side.kind)
    for name in ("minus", "per"):
        if side[name]:
            yield f"{side.at}{name}", side[name]


def _squeezed(text: str) -> str:
    return "".join(text.split())
