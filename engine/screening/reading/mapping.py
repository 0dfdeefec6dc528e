"""The mapping file: which column of a bureau's files gives which field, where their headers do not say so.

In: the YAML text of a mapping, and what the policies declare.  Out: a `Mapping`, or Diagnostics at its lines.
Structure is held against grammar/mapping.schema.json. Imports policy (`yaml_nodes`), schema and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping as Entries
from dataclasses import field
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Final, cast

from engine import disk
from engine.diagnostics import Reporter
from engine.errors import EngineError
from engine.language.types import Choice, Quantity, Several, Truth
from engine.policy.model import Fact
from engine.policy.yaml_nodes import MAX_BYTES, decode, read_tree
from engine.records import dataclass
from engine.schema import check_structure
from engine.screening.reading.cells import TRUTHS, Rule
from engine.screening.reading.fields import HOUSEHOLD, Tables
from engine.screening.reading.headers import plain
from engine.source import Span
from engine.suggest import Near
from engine.tree import Mapping as Tree
from engine.tree import Scalar, Sequence

OWN: Final = "household"
"""what a mapping calls the households' own table"""
_TRUTHS: Final = {"yes": "true", "no": "false", **{word: str(held).lower() for word, held in TRUTHS.items()}}


@dataclass(frozen=True, slots=True)
class Entry:
    header: Scalar
    fact: Fact
    rule: Rule


@dataclass(frozen=True, slots=True)
class TableMap:
    """Attributes:
    collection: `HOUSEHOLD`, or a collection's id.
    join: the header of the column that joins, None where it is found.
    columns, ignore: by plain header.
    """

    span: Span
    collection: str
    files: str
    sheet: str
    join: Scalar | None
    columns: Entries[str, Entry]
    ignore: Entries[str, Scalar]

    def is_of(self, name: str, sheet: str) -> bool:
        """Whether it speaks of a table."""
        file = PurePath(name.removesuffix(f":{sheet}") if sheet else name).name
        return (not self.files or fnmatchcase(file, self.files)) and (not self.sheet or self.sheet == sheet)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Attributes:
    passing: whether columns that nothing answers to are passed over, and noted; else they are faults.
    """

    tables: tuple[TableMap, ...] = ()
    text: str = field(default="", compare=False)
    passing: bool = False

    def table(self, name: str, sheet: str) -> TableMap | None:
        return next((one for one in self.tables if one.is_of(name, sheet)), None)


def read_mapping(path: disk.AnyPath, tables: Tables) -> Mapping:
    """Raises: EngineError with every fault of the file; DiskFault."""
    report = Reporter()
    source = decode(disk.read(path, MAX_BYTES), disk.shown(path), report)
    tree = None if source is None else read_tree(source, report)
    if tree is not None and not report.has_errors:
        check_structure(tree, "mapping", report)
    if source is None or not isinstance(tree, Tree) or report.has_errors:
        raise EngineError(report)
    listed = tree.get("tables")
    assert isinstance(listed, Sequence), "its structure was checked"
    made = [_table(cast("Tree", one), tables, report) for one in listed.items]
    if report.has_errors:
        raise EngineError(report)
    return Mapping(tuple(one for one in made if one is not None), source.text)


def _table(tree: Tree, tables: Tables, report: Reporter) -> TableMap | None:
    of = cast("Scalar", tree.get("of"))
    collection = HOUSEHOLD if of.text == OWN else of.text
    if collection not in tables.facts:
        report.tell("mapping-no-table", of.span, name=of.text, suggestion=Near(of.text, [OWN, *tables.collections]))
        return None
    columns = tree.get("columns")
    ignored = tree.get("ignore")
    join = tree.get("join")
    entries = {}
    for header, value in columns.entries if isinstance(columns, Tree) else ():
        entry = _entry(header, value, collection, tables, report)
        if entry is not None:
            entries[plain(header.text)] = entry
    words = ignored.items if isinstance(ignored, Sequence) else ()
    return TableMap(
        tree.span,
        collection,
        _word(tree, "files"),
        _word(tree, "sheet"),
        join if isinstance(join, Scalar) else None,
        entries,
        {plain(one.text): one for one in words if isinstance(one, Scalar)},
    )


def _entry(header: Scalar, value: object, collection: str, tables: Tables, report: Reporter) -> Entry | None:
    name = value if isinstance(value, Scalar) else cast("Tree", value).get("field")
    assert isinstance(name, Scalar), "its structure was checked"
    facts = tables.facts[collection]
    fact = facts.get(name.text)
    if fact is None:
        report.tell("mapping-no-field", name.span, name=name.text, suggestion=Near(name.text, facts))
        return None
    if not isinstance(value, Tree):
        return Entry(header, fact, Rule())
    unit, blank = value.get("unit"), value.get("blank")
    if isinstance(unit, Scalar) and not isinstance(fact.type, Quantity):
        report.tell("mapping-not-amount", unit.span, label=fact.label)
    if isinstance(blank, Scalar) and blank.text == "default" and fact.default is None:
        report.tell("mapping-no-default", blank.span, label=fact.label)
    blanks = value.get("blanks")
    texts = tuple(one.text for one in (blanks.items if isinstance(blanks, Sequence) else ()) if isinstance(one, Scalar))
    return Entry(
        header,
        fact,
        Rule(_word(value, "unit"), _word(value, "blank") == "default", texts, _values(value, fact, report)),
    )


def _values(tree: Tree, fact: Fact, report: Reporter) -> dict[str, str]:
    """What its texts mean: an option of a choice, a truth, or any other text."""
    values = tree.get("values")
    found: dict[str, str] = {}
    match fact.type:
        case Choice(options=options) | Several(of=Choice(options=options)):
            known = {word: option for option, label in options for word in (label, option)}
        case Truth():
            known = _TRUTHS
        case _:
            known = {}
    for word, value in values.entries if isinstance(values, Tree) else ():
        assert isinstance(value, Scalar), "its structure was checked"
        if known and value.text not in known:
            report.tell(
                "mapping-no-value", value.span, name=value.text, label=fact.label, suggestion=Near(value.text, known)
            )
        found[word.text] = known.get(value.text, value.text)
    return found


def _word(tree: Tree, key: str) -> str:
    held = tree.get(key)
    return held.text.strip() if isinstance(held, Scalar) else ""
