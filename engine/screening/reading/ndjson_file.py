"""Households as JSON, one a line: read as every household is, so that numbers stay the text that was written.

In: the path of an NDJSON file, and what the policies declare.  Out: pieces in the policies' own columns. An absent
field is its default; a household that cannot be put into columns is refused in the words of the household reader.
Imports evaluation (`json_text`, `fields`, `figures`), parts, fields and shaping; pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias, assert_never

import pyarrow as pa

from engine import disk
from engine.diagnostics import Diagnostic, Reporter
from engine.errors import HouseholdError
from engine.evaluation.fields import read_value
from engine.evaluation.figures import default_as_json
from engine.evaluation.household import household_id
from engine.evaluation.json_text import NumberText, read_json
from engine.evaluation.reasons import Reasons
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.policy.model import Fact
from engine.screening.reading.fields import HOUSEHOLD, Tables
from engine.screening.reading.parts import ROWS_A_PART
from engine.suggest import Near

_BLANK: Final = b" \t\r\n"
Lines: TypeAlias = Iterator[tuple[int, bytes]]


class JsonRows:
    """Args:
    tables: what the policies declare.
    """

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._absent = {name: _defaults(facts) for name, facts in tables.facts.items()}
        self.schema = pa.schema(
            [pa.field(fact.id, text_type(fact)) for fact in tables.facts[HOUSEHOLD].values()]
            + [pa.field(name, pa.list_(pa.struct(self._fields(name)))) for name in tables.collections]
        )

    def _fields(self, collection: str) -> list[pa.Field]:
        return [pa.field(fact.id, text_type(fact)) for fact in self._tables.facts[collection].values()]

    def read(
        self, path: Path
    ) -> Iterator[tuple[int, pa.RecordBatch, list[int], list[tuple[int, str | None, Diagnostic]]]]:
        """First line, households, their lines, and what was refused with its id."""
        for first, lines in _by_part(_lines(path)):
            rows, numbers = [], []
            refused: list[tuple[int, str | None, Diagnostic]] = []
            for number, line in lines:
                found = self._row(line)
                if isinstance(found, dict):
                    rows.append(found)
                    numbers.append(number)
                else:
                    refused.append((number, *found))
            yield first, pa.RecordBatch.from_pylist(rows, self.schema), numbers, refused

    def _row(self, line: bytes) -> dict[str, object] | tuple[str | None, Diagnostic]:
        try:
            tree = read_json(line)
        except HouseholdError as refusal:
            return None, refusal.diagnostics[0]
        report = Reasons()
        if not isinstance(tree, dict):
            return None, Diagnostic.of("household-not-object", path="$")
        made = self._object(HOUSEHOLD, tree, "", report)
        for id, collection in self._tables.collections.items():
            items = tree.get(id)
            if items is not None and not isinstance(items, list):
                report.tell("fact-not-list", None, path=id, label=collection.label)
            elif items is not None:
                made[id] = [self._item(id, at, item, report) for at, item in enumerate(items)]
        if report.has_errors:
            first = next(found for found in report.diagnostics)
            return household_id(tree, self._tables.facts[HOUSEHOLD]), first
        return made

    def _item(self, collection: str, at: int, item: object, report: Reporter) -> dict[str, object] | None:
        path = f"{collection}[{at}]"
        if isinstance(item, dict):
            return self._object(collection, item, f"{path}.", report)
        report.tell("item-not-object", None, path=path, label=self._tables.label(collection))
        return None

    def _object(self, collection: str, tree: Mapping[str, object], prefix: str, report: Reporter) -> dict[str, object]:
        facts = self._tables.facts[collection]
        made = dict(self._absent[collection])
        for key, raw in tree.items():
            fact = facts.get(key)
            if fact is not None:
                made[key] = None if raw is None else _value(fact, raw, prefix + key, report)
            elif collection or key not in self._tables.collections:
                known = [*facts, *(() if collection else self._tables.collections)]
                report.tell("unknown-household-field", None, path=prefix + key, field=key, suggestion=Near(key, known))
        return made


def text_type(fact: Fact) -> pa.DataType:
    """The type of a field whose values came as text."""
    match fact.type:
        case Truth():
            return pa.bool_()
        case Several():
            return pa.list_(pa.string())
        case Quantity() | Choice() | DateType() | Text() | ItemOf() | Place():
            return pa.string()
    assert_never(fact.type)


def _defaults(facts: Mapping[str, Fact]) -> dict[str, object]:
    return {fact.id: _as_held(default_as_json(fact)) for fact in facts.values() if fact.default is not None}


def _as_held(default: object) -> object:
    return default if isinstance(default, bool | list) else str(default)


def _value(fact: Fact, raw: object, path: str, report: Reporter) -> object:
    """A value as its column holds it; None after a fault, which is the household reader's own."""
    match fact.type:
        case Truth():
            fits = raw is True or raw is False
        case Several():
            fits = isinstance(raw, list) and all(isinstance(one, str) for one in raw)
        case Quantity():
            if isinstance(raw, NumberText) and "e" not in raw.text.lower():
                raw = raw.text
            fits = isinstance(raw, str)
        case Choice() | DateType() | Text() | ItemOf() | Place():
            fits = isinstance(raw, str)
    if fits:
        return raw
    assert isinstance(report, Reasons), "made here"
    read_value(fact, raw, path, report)
    return None


# ---- lines


def _lines(path: Path) -> Lines:
    with disk.stream(path) as file:
        for number, line in enumerate(file, 1):
            plain = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if plain.strip(_BLANK):
                yield number, plain


def _by_part(lines: Lines) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    held: list[tuple[int, bytes]] = []
    for one in lines:
        held.append(one)
        if len(held) == ROWS_A_PART:
            yield held[0][0], held
            held = []
    if held:
        yield held[0][0], held
