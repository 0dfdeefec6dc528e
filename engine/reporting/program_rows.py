"""The dated values of a program: where, when and to whose knowledge each is in force.

In: `Dated`.  Out: lines of text, and JSON; days from the first to the last on which a row holds.
Imports program and policy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeAlias

from engine.evaluation.told import day_json
from engine.policy.model import Cell, show_part
from engine.policy.rows import Row
from engine.policy.tables import Dated
from engine.reporting.layout import Page, columns
from engine.source import Span


def dated_json(dated: Dated) -> dict[str, object]:
    return {kind: {id: [_json(*one) for one in rows] for id, rows in held.items()} for kind, held in _every(dated)}


def dated_lines(dated: Dated, page: Page) -> Iterator[str]:
    """A line a row, by table, list and reading."""
    for _, held in _every(dated):
        for id, rows in held.items():
            yield page.tone("strong", f"{id}  {len(rows)}")
            yield from columns([["", *_texts(row), _text(value), span.line_place] for row, value, span in rows])
            yield ""


_Shown: TypeAlias = tuple[Row[Any], str | list[tuple[str, ...]], Span]
"""a row with its value as text, or as tuples in order, and where it is stated"""


def _every(dated: Dated) -> Iterator[tuple[str, Mapping[str, list[_Shown]]]]:
    tables, lists, readings = dated.tables.items(), dated.lists.items(), dated.readings.items()
    yield "tables", {id: [(row, row.value.text, row.value.span) for row in rows] for id, rows in tables}
    yield "lists", {id: [(row, sorted(row.value), row.origin.span) for row in rows] for id, rows in lists}
    yield "readings", {id: [(row, row.value, row.origin.span) for row in rows] for id, rows in readings}


def _json(row: Row[Any], value: object, span: Span) -> dict[str, object]:
    """`places` are those that are named, or, with `but`, all others; `null` where a side is open. Of a table `number`
    is the value, counted in the unit of its type."""
    number = {"number": str(row.value.value)} if isinstance(row.value, Cell) else {}
    return {
        "key": [show_part(part) for part in row.key],
        "places": sorted(row.places.named),
        "but": row.places.but,
        "from": day_json(row.start),
        "to": day_json(_last(row.end)),
        "known_from": day_json(row.known_from),
        "known_to": day_json(_last(row.known_until)),
        "stale_from": day_json(row.stale_from),
        "value": value,
        **number,
        "declared": span.line_place,
    }


def _texts(row: Row[Any]) -> Sequence[str]:
    known = _stretch(row.known_from, row.known_until)
    return (
        " ".join(show_part(part) for part in row.key),
        _places(row),
        _stretch(row.start, row.end),
        "" if known == ".." else f"known {known}",
        "" if row.stale_from is None else f"stale {row.stale_from}",
    )


def _places(row: Row[Any]) -> str:
    named = " ".join(sorted(row.places.named))
    return "" if row.places.but and not named else f"but {named}" if row.places.but else named


def _stretch(start: date | None, end: date | None) -> str:
    return f"{start or ''}..{_last(end) or ''}"


def _last(end: date | None) -> date | None:
    return None if end is None else end - timedelta(1)


_SHOWN = 3
"""rows of a list that a line shows"""


def _text(value: str | list[tuple[str, ...]]) -> str:
    if isinstance(value, str):
        return value
    more = f" … {len(value)}" if len(value) > _SHOWN else ""
    return f"{{{' '.join(','.join(row) for row in value[:_SHOWN])}{more}}}"
