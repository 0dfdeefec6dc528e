"""Two texts of a file by what they say: elements that came, went or say something else. Comments, layout and the order
of keys are no difference.

In: two texts.  Out: `Said`s, in the order of the new text; None where one of the two cannot be read.
Imports policy (YAML) and the ground floor.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from engine.diagnostics import Reporter
from engine.policy.yaml_nodes import read_tree
from engine.records import dataclass
from engine.source import Source, Span
from engine.tree import Mapping, Scalar, Tree
from engine.tree import Sequence as Items

How: TypeAlias = Literal["added", "removed", "changed"]
_IDS = ("from", "id", "code", "name")
"""what tells an item of a list from the others"""
_LABELS = ("label", "title")


@dataclass(frozen=True, slots=True)
class Said:
    """
    Attributes:
        element: the keys to it from the top of the file; of a table the row and the column.
        label: what people call it, or what it is in.
        old, new: what it says, in a line; "" where it is not there, or holds more than a line.
    """

    how: How
    element: str
    label: str
    old: str
    new: str


def said(old: str, new: str, path: str) -> list[Said] | None:
    if path.endswith(".csv"):
        return _rows(old, new)
    before, after = (_read(text, path) for text in (old, new))
    return None if before is None or after is None else list(_differing(before, after, "", ""))


def _read(text: str, path: str) -> Tree | None:
    source = Source(path, text)
    return read_tree(source, Reporter()) if text.strip() else Mapping(Span(source, 0, 0), ())


def _differing(old: Tree, new: Tree, element: str, label: str) -> Iterator[Said]:
    label = _label(new) or _label(old) or label
    match old, new:
        case Mapping(), Mapping():
            pairs = [(key.text, old.get(key.text), value) for key, value in new.entries]
            gone = [(key.text, value, None) for key, value in old.entries if new.get(key.text) is None]
            yield from _pairs([*pairs, *gone], f"{element}." if element else "", label)
        case Items(), Items():
            mine, his = _named(old), _named(new)
            pairs = [(name, mine.get(name), value) for name, value in his.items()]
            gone = [(name, value, None) for name, value in mine.items() if name not in his]
            yield from _pairs([*pairs, *gone], element, label)
        case _ if not _alike(old, new):
            yield Said("changed", element, label, _line(old), _line(new))
        case _:
            pass


def _pairs(pairs: Sequence[tuple[str, Tree | None, Tree | None]], before: str, label: str) -> Iterator[Said]:
    for name, old, new in pairs:
        element = f"{before}{name}"
        if old is not None and new is not None:
            yield from _differing(old, new, element, label)
        elif new is not None:
            yield from (Said("added", at, what, "", line) for at, what, line in _whole(new, element, label))
        elif old is not None:
            yield from (Said("removed", at, what, line, "") for at, what, line in _whole(old, element, label))


def _whole(tree: Tree, element: str, label: str) -> Iterator[tuple[str, str, str]]:
    """All that something says that came or went: where each part stands, what it is in, its line."""
    label = _label(tree) or label
    line = _line(tree)
    match tree:
        case Mapping(entries=entries) if entries:
            for key, value in entries:
                yield from _whole(value, f"{element}.{key.text}", label)
        case Items() if not line and tree.items:
            for name, value in _named(tree).items():
                yield from _whole(value, f"{element}{name}", label)
        case _:
            yield element, label, line


def _named(items: Items) -> dict[str, Tree]:
    """Items by what tells them apart; by their number where nothing does."""
    names = [_name(one) for one in items.items]
    seen = Counter(names)
    return {
        f"[{name}]" if name and seen[name] == 1 else f"[{at}]": one
        for at, (name, one) in enumerate(zip(names, items.items, strict=True), 1)
    }


def _name(item: Tree) -> str:
    found = (item.get(key) for key in _IDS) if isinstance(item, Mapping) else ()
    return next((one.text for one in found if isinstance(one, Scalar)), "")


def _label(tree: Tree) -> str:
    found = (tree.get(key) for key in _LABELS) if isinstance(tree, Mapping) else ()
    return next((one.text for one in found if isinstance(one, Scalar)), "")


def _alike(old: Tree, new: Tree) -> bool:
    return isinstance(old, Scalar) and isinstance(new, Scalar) and old.text.split() == new.text.split()


def _line(tree: Tree) -> str:
    match tree:
        case Scalar(text=text):
            return " ".join(text.split())
        case Items(items=items):
            return "、".join(_line(one) for one in items) if all(isinstance(one, Scalar) for one in items) else ""
        case Mapping():
            return ""


# ---- tables


def _rows(old: str, new: str) -> list[Said] | None:
    before, after = (_table(text) for text in (old, new))
    if before is None or after is None:
        return None
    (old_head, mine), (new_head, his) = before, after
    found = [Said("removed", column, "", "", "") for column in old_head if column not in new_head]
    found += [Said("added", column, "", "", "") for column in new_head if column not in old_head]
    for key, row in his.items():
        if key not in mine:
            found.append(Said("added", key, "", "", " ".join(row.values())))
            continue
        cells = ((column, mine[key].get(column, ""), value) for column, value in row.items() if column in old_head)
        found += [Said("changed", f"{key} {column}", "", was, value) for column, was, value in cells if was != value]
    return found + [Said("removed", key, "", " ".join(row.values()), "") for key, row in mine.items() if key not in his]


def _table(text: str) -> tuple[list[str], dict[str, dict[str, str]]] | None:
    """The columns, and the rows by their first cell; None where that is no table, or does not tell rows apart."""
    rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines()) if any(row)]
    if not rows:
        return [], {}
    head, body = rows[0], rows[1:]
    keyed = {row[0]: dict(zip(head, row, strict=False)) for row in body}
    return (head, keyed) if len(keyed) == len(body) else None
