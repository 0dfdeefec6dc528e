"""The columns of a table of households: which there may be, of which Arrow types, and what is wrong with others.

In: what the policies declare; the schema of somebody's table.  Out: the schema to fill, or `TableError` with everything
that keeps the table as a whole from being read; whatever has a meaning in one row is left to the reader of that row.
Imports evaluation, policy, language and this floor's `declared`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, assert_never

import pyarrow as pa

from engine.diagnostics import Diagnostic, Reporter
from engine.errors import TableError
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.units import MONEY
from engine.policy.extent import fact_digits
from engine.policy.model import Collection, Fact
from engine.screening.declared import Declared
from engine.suggest import Near

FEN: Final = "分"
"""the `unit` of a column of whole numbers that count fen"""
_YUAN: Final = "元"


def schema_of(declared: Declared) -> pa.Schema:
    """Every column with its type; `label`, `name` and `unit` of each in its metadata, and the options of a choice."""
    fields = [_field(facts) for facts in declared.facts[""].values()]
    for held in declared.collections.values():
        items = pa.struct([_field(facts) for facts in declared.facts[held.id].values()])
        fields.append(pa.field(held.id, pa.list_(items), metadata=_metadata(held)))
    return pa.schema(fields)


def _field(facts: Sequence[Fact]) -> pa.Field:
    """Of a name that two cities give to different things: text, which can be any of them but a truth."""
    types = [arrow_type(fact) for fact in facts]
    one = types[0] if all(type == types[0] for type in types) else pa.string()
    return pa.field(facts[0].id, one, metadata=_metadata(facts[0]))


def _metadata(element: Fact | Collection) -> dict[str, str]:
    unit = element.unit_text if isinstance(element, Fact) else element.unit
    options = dict(element.type.options) if isinstance(element, Fact) and isinstance(element.type, Choice) else {}
    told = {"label": element.label, "name": element.name, "unit": unit}
    told["options"] = json.dumps(options, ensure_ascii=False) if options else ""
    return {key: text for key, text in told.items() if text}


def arrow_type(fact: Fact) -> pa.DataType:
    """The type that a column of the fact is best made of."""
    match fact.type:
        case Quantity():
            return pa.decimal128(fact_digits(fact) + fact.decimals, fact.decimals) if fact.decimals else pa.int64()
        case Truth():
            return pa.bool_()
        case DateType():
            return pa.date32()
        case Choice():
            return pa.dictionary(pa.int32(), pa.string())
        case Text() | Place() | ItemOf():
            return pa.string()
        case Several():
            return pa.list_(pa.string())
    assert_never(fact.type)


# ---- somebody's table


def check_schema(schema: pa.Schema, declared: Declared) -> tuple[Diagnostic, ...]:
    """The warnings about a table's columns.

    Raises: TableError where the table as a whole cannot be read.
    """
    report = Reporter()
    _Check(declared, report).fields(schema, "", "")
    if report.has_errors:
        raise TableError(report.diagnostics)
    return report.diagnostics


class _Check:
    def __init__(self, declared: Declared, report: Reporter) -> None:
        self._declared = declared
        self._report = report

    def fields(self, fields: Iterable[pa.Field], owner: str, prefix: str) -> None:
        facts = self._declared.facts[owner]
        collections = {} if owner else self._declared.collections
        seen: set[str] = set()
        for field in fields:
            column = prefix + field.name
            if field.name in seen:
                self._report.tell("table-column-twice", None, path=column, column=column)
            elif field.name in collections:
                self._collection(collections[field.name], field)
            elif field.name in facts:
                self._fact(facts[field.name], field, column)
            elif column in self._declared.others:
                self._report.tell("table-column-ignored", None, path=column, column=column)
            else:
                near = Near(field.name, [*facts, *collections], lambda name: prefix + name)
                self._report.tell("table-column-unknown", None, path=column, column=column, suggestion=near)
            seen.add(field.name)
        for name in self._declared.required(owner):
            if name not in seen:
                label = facts[name][0].label if name in facts else collections[name].label
                self._report.tell("table-column-lacking", None, path=prefix + name, column=prefix + name, label=label)

    def _collection(self, held: Collection, field: pa.Field) -> None:
        type = plain_type(field.type)
        if pa.types.is_null(type):
            return
        items = plain_type(type.value_type) if is_list(type) else type
        if not is_list(type) or not pa.types.is_struct(items):
            self._wrong(held.label, field.name, field.type, "list<struct<…>>")
            return
        self.fields(items, held.id, f"{held.id}.")

    def _fact(self, facts: Sequence[Fact], field: pa.Field, column: str) -> None:
        if not any(is_readable(fact.type, field.type) for fact in facts):
            wanted = " / ".join(dict.fromkeys(str(arrow_type(fact)) for fact in facts))
            self._wrong(facts[0].label, column, field.type, wanted)
            return
        unit = unit_of(field)
        if unit and not any(_is_unit(unit, fact, field.type) for fact in facts):
            self._report.tell(
                "table-column-unit",
                None,
                path=column,
                column=column,
                label=facts[0].label,
                unit=unit,
                wanted=facts[0].unit_text,
            )

    def _wrong(self, label: str, column: str, found: pa.DataType, wanted: str) -> None:
        moment = "yes" if pa.types.is_timestamp(found) or pa.types.is_date64(found) else ""
        self._report.tell(
            "table-column-type",
            None,
            path=column,
            column=column,
            label=label,
            found=str(found),
            wanted=wanted,
            moment=moment,
        )


def _is_unit(unit: str, fact: Fact, type: pa.DataType) -> bool:
    """Whether a column may say that it counts this: as declared, or fen in whole numbers."""
    if unit == FEN:
        return counts_fen(fact) and pa.types.is_integer(plain_type(type))
    return unit == fact.unit_text or (unit == _YUAN and counts_fen(fact)) or not fact.unit_text


def counts_fen(fact: Fact) -> bool:
    return (
        isinstance(fact.type, Quantity)
        and fact.decimals == 2
        and any(base == MONEY for base, _ in fact.type.unit.dimension.powers)
    )


def unit_of(field: pa.Field) -> str:
    """What a column says that it counts; "" where it does not say."""
    metadata: Mapping[bytes, bytes] = field.metadata or {}
    return metadata.get(b"unit", b"").decode("utf-8", "replace")


# ---- Arrow types


def plain_type(type: pa.DataType) -> pa.DataType:
    """The type of the values, however they are laid out."""
    if isinstance(type, pa.BaseExtensionType):
        return plain_type(type.storage_type)
    if pa.types.is_dictionary(type) or pa.types.is_run_end_encoded(type):
        return plain_type(type.value_type)
    return type


def is_text(type: pa.DataType) -> bool:
    return any(test(type) for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view))


def is_list(type: pa.DataType) -> bool:
    return any(test(type) for test in _LISTS)


_LISTS: Final = (
    pa.types.is_list,
    pa.types.is_large_list,
    pa.types.is_list_view,
    pa.types.is_large_list_view,
    pa.types.is_fixed_size_list,
)


def is_readable(type: Type, column: pa.DataType) -> bool:
    """Whether some value of a column could be one of the fact's: else no row of it can be read."""
    plain = plain_type(column)
    if pa.types.is_null(plain):
        return True
    match type:
        case Quantity():
            # a narrower float has lost the fen before it comes here
            exact = pa.types.is_integer(plain) or pa.types.is_decimal(plain) or is_text(plain)
            return exact or pa.types.is_float64(plain)
        case Truth():
            return bool(pa.types.is_boolean(plain))
        case DateType():
            return pa.types.is_date32(plain) or is_text(plain)
        case Choice() | Text() | Place() | ItemOf():
            return is_text(plain)
        case Several():
            return bool(is_list(plain)) and is_readable(Text(), plain.value_type)
    assert_never(type)


def names_in(schema: pa.Schema) -> Iterator[str]:
    """The columns of a table, those of items as `members.id`."""
    for field in schema:
        yield field.name
        type = plain_type(field.type)
        if is_list(type) and pa.types.is_struct(plain_type(type.value_type)):
            yield from (f"{field.name}.{inner.name}" for inner in plain_type(type.value_type))
