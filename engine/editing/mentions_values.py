"""Where values are given by key, in a document and in tables: places, options and columns.

In: the blocks of a parameter or list, and the tables that they name.  Out: `Occurrence`s, in the document and in the
tables. Imports declared, scopes, things, workspace and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from engine.editing.declared import rows_of
from engine.editing.scopes import Scope, Things, is_place
from engine.editing.things import Occurrence, Thing, piece, scalars
from engine.editing.workspace import File
from engine.policy.cells import tidy
from engine.records import dataclass
from engine.source import Span
from engine.tree import Mapping as Map
from engine.tree import Scalar, Sequence, Tree


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What files name: tables, by path, and households in JSON.

    Attributes:
        roots: the folders of policies: a document names a table beside its file, or from there.
        unread: where a file is named that cannot be looked into, a workbook among them.
        read: what was looked for, and found or not.
    """

    files: Mapping[Path, File]
    roots: tuple[Path, ...]
    json: Callable[[Path], File | None]
    unread: list[tuple[Path, Span]] = field(default_factory=list)
    read: dict[Path, File | None] = field(default_factory=dict)

    def table(self, file: File, name: Scalar) -> File | None:
        folders = (file.path.parent, *(root for root in self.roots if file.is_document and root in file.path.parents))
        for folder in folders:
            path = beside(folder, name.text.strip())
            found = self.read[path] = self.files.get(path)
            if found is not None:
                return found
        self.unread.append((file.path, name.span))
        return None

    def household(self, file: File, name: Scalar, text: str) -> File | None:
        """Args:
        text: the file's name, where it is not as written.
        """
        path = beside(file.path.parent, text)
        found = self.read[path] = self.json(path)
        if found is None:
            self.unread.append((file.path, name.span))
        return found


def beside(folder: Path, name: str) -> Path:
    """A path with its `..` taken away, without asking the disk: `folder` has no links in it."""
    for part in Path(name).parts:
        folder = folder.parent if part == ".." else folder / part
    return folder


class Values:
    def __init__(self, file: File, scope: Scope, others: Scope, neighbours: Neighbours) -> None:
        self.file = file
        self.scope = scope
        self.others = others
        self.neighbours = neighbours
        held = file.tree.get("jurisdiction") if isinstance(file.tree, Map) else None
        self.jurisdiction = tuple(one.text.strip() for one in scalars(held))

    # ---- words

    def wide(self, text: str) -> Things:
        """A place by code, also by the first digits that China's codes have in common."""
        return self.scope.find("county", text) or self.scope.find("county", text.ljust(6, "0"))

    def place(self, text: str) -> Things:
        """A place by code or name; of those that share a name, the ones in the document's jurisdiction."""
        found = self.scope.find("county", text.strip())
        inside = tuple(one for one in found if one.id.startswith(self.jurisdiction)) if self.jurisdiction else ()
        return inside or found

    def of(self, holder: Thing | None, text: str) -> Things:
        """An option of what a key or column is, or a place."""
        return self.place(text) if is_place(holder) else self.scope.option(holder, text.strip())

    def key(self, scalar: Scalar) -> Iterator[Occurrence]:
        """`county`, `members.stage`."""
        text = scalar.text.strip()
        things, owners = self.scope.key(text)
        owner, dot, name = text.rpartition(".")
        yield from self.say(self.file, scalar, owners, owner)
        yield from self.say(self.file, scalar, things, name, len(owner) + len(dot))

    def say(self, file: File, scalar: Scalar, things: Things, text: str = "", start: int = 0) -> Iterator[Occurrence]:
        text = text or tidy(scalar.text)
        if things and text:
            yield Occurrence(file.path, piece(scalar, start or scalar.text.find(text), text), text, things)

    # ---- blocks

    def blocks(self, thing: Thing, value: Tree) -> Iterator[Occurrence]:
        """Of a parameter or list: what stands in its declaration, or in an entry of `set`."""
        dated = value.get("dated") if isinstance(value, Map) else None
        for block in (value, *(dated.items if isinstance(dated, Sequence) else ())):
            for one in block.items if isinstance(block, Sequence) else (block,):
                if isinstance(one, Map):
                    yield from self._list(thing, one) if thing.kind == "list" else self._parameter(thing, one)

    def _parameter(self, thing: Thing, block: Map) -> Iterator[Occurrence]:
        keys = self.scope.keys_of(thing)
        if (values := block.get("values")) is not None:
            yield from self._nested(values, keys)
        path, columns = block.get("table"), block.get("columns")
        table = self.table(path)
        if isinstance(path, Scalar):
            yield from self.file_named(path)
        at: dict[str, Thing | None] = {}
        for header, target in columns.entries if isinstance(columns, Map) else ():
            if table is not None:
                yield from self.say(self.file, header, self.column(table, header.text))
            if isinstance(target, Scalar):
                yield from self.key(target)
                at[header.text] = next(iter(self.scope.key(target.text.strip())[0]), None)
            else:
                yield from self._fixed(target)
        if table is not None:
            yield from self._cells(table, at, thing if not isinstance(columns, Map) else None)

    def _nested(self, tree: Tree, keys: list[Thing | None]) -> Iterator[Occurrence]:
        if not isinstance(tree, Map) or not keys:
            return
        for key, value in tree.entries:
            yield from self.say(self.file, key, self.of(keys[0], key.text))
            yield from self._nested(value, keys[1:])

    def _fixed(self, target: Tree) -> Iterator[Occurrence]:
        """`{residence: urban, unit: …}`: the keys that a column gives outright."""
        for key, value in target.entries if isinstance(target, Map) else ():
            if key.text != "unit" and isinstance(value, Scalar):
                yield from self.key(key)
                holder = next(iter(self.scope.key(key.text)[0]), None)
                yield from self.say(self.file, value, self.of(holder, value.text))

    def _list(self, thing: Thing, block: Map) -> Iterator[Occurrence]:
        columns = self.scope.columns_of(thing)
        items, path = block.get("items"), block.get("table")
        for row in items.items if isinstance(items, Sequence) else ():
            for scalar, holder in zip(scalars(row), columns, strict=False):
                yield from self.say(self.file, scalar, self.of(holder, scalar.text))
        if isinstance(path, Scalar):
            yield from self.file_named(path)
            table = self.table(path)
            for cells in rows_of(table)[1:] if table is not None else ():
                for cell, holder in zip(cells, columns, strict=False):
                    if table is not None:
                        yield from self.say(table, cell, self.of(holder, tidy(cell.text)))

    # ---- tables

    def table(self, path: Tree | None) -> File | None:
        return self.neighbours.table(self.file, path) if isinstance(path, Scalar) else None

    def file_named(self, scalar: Scalar) -> Iterator[Occurrence]:
        table = self.table(scalar)
        if table is not None:
            yield from self.say(self.file, scalar, self.others.find("table", table.name, str(table.path)))

    def column(self, table: File, text: str) -> Things:
        return self.others.find("column", text.strip(), str(table.path))

    def _cells(self, table: File, at: Mapping[str, Thing | None], bare: Thing | None) -> Iterator[Occurrence]:
        """Args:
        at: what a column holds, by its header.
        bare: the parameter, where no columns are given and headers are its keys themselves.
        """
        rows = rows_of(table)
        held = [at.get(cell.text) for cell in rows[0]] if rows else []
        for place, cell in enumerate(rows[0] if rows and bare is not None else ()):
            things, _ = self.scope.key(cell.text.strip())
            known = {one.id for one in self.scope.keys_of(bare) if one is not None} if bare is not None else set()
            things = tuple(one for one in things if one.id in known)
            yield from self.say(table, cell, things)
            held[place] = next(iter(things), None)
        for row in rows[1:]:
            for cell, holder in zip(row, held, strict=False):
                if holder is not None:
                    yield from self.say(table, cell, self.of(holder, tidy(cell.text)))
