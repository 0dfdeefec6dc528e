"""One file of policies as it was read: what its bytes say, what was built of it, and what that rests on.

In: bytes.  Out: `Text`, a table, a `Document` for the loader to build; `Known`, for the next loader to take over.
Imports the readers of YAML and tables, heads, model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping as Named
from dataclasses import field
from pathlib import Path
from typing import TypeAlias

from engine.diagnostics import Diagnostic, Reporter
from engine.policy.csv_table import Table, read_table
from engine.policy.files import is_case_file
from engine.policy.heads import Head
from engine.policy.model import Header, Overlay, Policy
from engine.policy.shared import named_in
from engine.policy.table_file import csv_source
from engine.policy.territory import Territory
from engine.policy.yaml_nodes import decode, read_tree
from engine.records import dataclass
from engine.source import Source, Span, UnitWords
from engine.tree import Tree

TextKey: TypeAlias = tuple[Path, str, bytes, UnitWords]
"""a file as it is read: where it stands, what it is called, what it holds, and the units of the policy it belongs to"""


@dataclass(frozen=True, slots=True)
class Text:
    """What the bytes of a file say, whatever stands beside it; None where they cannot be read so far."""

    source: Source | None
    tree: Tree | None
    found: tuple[Diagnostic, ...]


@dataclass(slots=True)
class Document:
    """One file: its header at once, the rest when it is built.

    What it was built with beside its own tree: `below`, the line it is written against, `built_with`, the documents of
    that line and those it takes values from, and `files`, the tables that were looked for, None for one not there.
    """

    tree: Tree
    header: Header
    head: Head
    folder: Path
    report: Reporter
    root: Path
    built: Policy | Overlay | None = None
    tried: bool = False
    tables: list[Source] = field(default_factory=list)
    territory: Territory | None = None
    """of a root, once its table was read; `unread` is what is wrong there"""
    unread: Reporter = field(default_factory=Reporter)
    below: tuple[str, ...] = ()
    built_with: dict[str, Policy | Overlay | None] = field(default_factory=dict)
    files: dict[Path, bytes | None] = field(default_factory=dict)

    @property
    def is_root(self) -> bool:
        return not self.header.amends

    @property
    def kind(self) -> str:
        """As its schema is called."""
        return "overlay" if not self.is_root else "values" if self.header.is_values else "policy"

    @property
    def sources(self) -> tuple[str, ...]:
        """The documents that it takes values from, by what it says itself."""
        return named_in(self.tree)


def text_of(name: str, data: bytes, units: UnitWords = ()) -> Text:
    """What the bytes of a file say; of a case file no tree, as nobody who decides pays for reading it."""
    report = Reporter()
    source = decode(data, name, report, units=units)
    tree = None if source is None or is_case_file(source.text) else read_tree(source, report)
    return Text(source, tree, report.diagnostics)


@dataclass(frozen=True, slots=True)
class ReadAs:
    """A table as a document reads it: where it stands, what it is called, the units of the document."""

    file: Path
    name: str
    units: UnitWords


@dataclass(frozen=True, slots=True)
class Known:
    """What one library has worked out that another may take over, where nothing changed that it rests on."""

    texts: Named[TextKey, Text] = field(default_factory=dict)
    tables: Named[tuple[ReadAs, bytes], tuple[Source, Table]] = field(default_factory=dict)
    documents: Named[str, Document] = field(default_factory=dict)


def read_as(read: ReadAs, data: bytes, report: Reporter, span: Span) -> tuple[Source | None, Table | None]:
    source = csv_source(data, read.name, report, span, units=read.units)
    return (None, None) if source is None else (source, read_table(source, report))
