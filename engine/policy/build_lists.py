"""Dated lists of texts, options or places, or of tuples of these.

In: trees of blocks, or tables read from CSV.  Out: `NamedList`, `ListBlock`, or Diagnostics at the row.
Imports build, build_values, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from engine.language.types import TEXT, Choice, Place, Several, Type
from engine.policy.build import Maker, each_entry, no_such_option
from engine.policy.build_values import as_items, blocks_of
from engine.policy.cells import is_usable, tidy
from engine.policy.context import Context, read_counties, read_places
from engine.policy.fields import Fields
from engine.policy.model import ListBlock, NamedList
from engine.source import Span
from engine.suggest import Near
from engine.tree import Mapping, Scalar, Tree


def build_lists(tree: Tree | None, maker: Maker, context: Context) -> dict[str, NamedList]:
    lists = {}
    for key, fields in each_entry(tree, maker):
        named = maker.named(key, fields)
        columns = [found for item in fields.items("of") if (found := _column_type(item, context, maker)) is not None]
        if not columns:
            columns = [("", TEXT)]
        declared = NamedList(
            **named,
            columns=tuple(type_ for _, type_ in columns),
            column_names=tuple(name for name, _ in columns),
            blocks=(),
        )
        blocks = build_list_blocks(blocks_of(fields), declared, maker.within(named["origin"]), context)
        lists[key.text] = replace(declared, blocks=tuple(blocks))
    return lists


def _column_type(item: Tree, context: Context, maker: Maker) -> tuple[str, Type] | None:
    """What a place of a list's rows holds: texts, the options of a fact, or divisions."""
    if not isinstance(item, Scalar):
        return None
    if item.text == "text":
        return "", TEXT
    known = list(context.elements.all_facts())
    for fact in known:
        if item.text in (fact.id, fact.name):
            if isinstance(fact.type, Several):
                return fact.id, fact.type.of
            if isinstance(fact.type, Choice | Place) or fact.type == TEXT:
                return fact.id, fact.type
            maker.report.tell("bad-column-kind", item.span, name=item.text)
            return None
    names = [fact.id for fact in known]
    maker.report.tell("unknown-fact", item.span, name=item.text, suggestion=Near(item.text, names))
    return None


def build_list_blocks(tree: Tree | None, declared: NamedList, maker: Maker, context: Context) -> Iterator[ListBlock]:
    for item in as_items(tree):
        fields = Fields(item, maker.report)
        if isinstance(item, Mapping) and (partial := item.key("partial")) is not None:
            allowed = "from until published document source grade counties items table"
            maker.report.tell("unknown-key-here", partial.span, key="partial", suggestion="", allowed=allowed)
        rows: dict[tuple[str, ...], Span] = {}
        for row in fields.items("items"):
            _put_row(as_items(row), row.span, declared, rows, maker, context)
        if (path := fields.scalar("table")) is not None:
            table = context.read_table(path.text, path.span)
            for cells in table.rows if table is not None else ():
                held = tuple(replace(cell, text=tidy(cell.text)) for cell in cells[: len(declared.columns)])
                usable = [is_usable(cell, maker.report) for cell in held]
                if all(usable):
                    _put_row(held, cells[0].span, declared, rows, maker, context)
        yield ListBlock(maker.origin_of(fields, item.span), read_counties(fields, maker, context), rows)


def _put_row(
    parts: tuple[Tree, ...],
    span: Span,
    declared: NamedList,
    rows: dict[tuple[str, ...], Span],
    maker: Maker,
    context: Context,
) -> None:
    """One row; with a place that contains others one for each of these."""
    if len(parts) != len(declared.columns):
        maker.report.tell("row-width", span, wanted=str(len(declared.columns)), found=str(len(parts)))
        return
    cells = [_cell(part, type_, maker, context) for part, type_ in zip(parts, declared.columns, strict=True)]
    for row in product(*cells):
        if row in rows:
            maker.report.tell("key-twice", span, key="、".join(row), related=[("first-here", rows[row])])
            return
        rows[row] = span


def _cell(part: Tree, type_: Type, maker: Maker, context: Context) -> tuple[str, ...]:
    """The values that a cell stands for; none after a fault."""
    if not isinstance(part, Scalar):
        return ()
    text = part.text.strip()
    if isinstance(type_, Place):
        return read_places(part, maker, context)
    if not isinstance(type_, Choice):
        return (text,)
    option = next((option for option, label in type_.options if text in (option, label)), None)
    if option is None:
        no_such_option(text, part.span, type_, maker.report, labels=True)
    return () if option is None else (option,)
