"""What stands at a place of a file: the keys that lead there, the value, and whether a key, a value or an expression is
being written.

In: a `File` and an offset in characters.  Out: a `Spot`.
Imports structure, workspace, the tree and the ground floor.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Literal, TypeAlias

from engine.editing.structure import Place, schema_at
from engine.editing.workspace import File
from engine.records import dataclass
from engine.source import Span
from engine.tree import Mapping, Scalar, Sequence, Tree

Role: TypeAlias = Literal["key", "value", "expression", "none"]
Path: TypeAlias = tuple[str | int, ...]

_WORD_BEFORE = re.compile(r"\w*\Z")
_WORD_BEHIND = re.compile(r"\w*")
_LONGEST_WORD = 128


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file.

    Attributes:
        path: of the key or value there. At a key it ends with that key, as far as it is written, "" at first.
        node: the value at `path`, a key's value included; None where there is none yet.
        role: `none` in a comment, and in a file that is no tree (a table).
        span: of the word under the offset, or of the one that ends there; empty where there is none.
        expression: the text of the expression that holds the offset.
    """

    file: File
    offset: int
    path: Path
    node: Tree | None
    role: Role
    span: Span
    expression: Scalar | None = None

    @property
    def word(self) -> str:
        """What of the word stands before the offset."""
        return self.file.source.text[self.span.start : self.offset]

    @property
    def holder(self) -> Mapping | None:
        """The map that the key stands in, or is to stand in."""
        held = at_path(self.file.tree, self.path[:-1]) if self.path else None
        return held if isinstance(held, Mapping) else None

    @property
    def place(self) -> Place:
        """What the schema says of the value at `path`."""
        return schema_at(self.file.kind, self.path)

    @property
    def around(self) -> Place:
        """What the schema says of the map that the key stands in."""
        return schema_at(self.file.kind, self.path[:-1])


def spot_at(file: File, offset: int) -> Spot:
    """The spot at an offset; one outside the text counts as its nearest end."""
    text = file.source.text
    offset = max(0, min(offset, len(text)))
    span = _word(file, offset)
    if file.kind == "table" or _in_comment(file, offset):
        return Spot(file, offset, (), None, "none", span)
    steps = _way(file.tree, offset)
    begin = text.rfind("\n", 0, offset) + 1
    before = text[begin:offset]
    path, node, key = steps[-1]
    if not before.strip(" -") and not _inside(node, key, offset):
        return _new(file, offset, span, steps, len(before))
    if key is not None and offset <= key.span.end:
        return Spot(file, offset, path, node, "key", span)
    if isinstance(node, Mapping) and node.flow:
        return Spot(file, offset, (*path, ""), None, "key", span)
    if _is_key_to_be(file, path, node, key):
        assert isinstance(node, Scalar)
        return Spot(file, offset, (*path, node.text), None, "key", span)
    if isinstance(node, Scalar) and schema_at(file.kind, path).expression:
        return Spot(file, offset, path, node, "expression", span, node)
    return Spot(file, offset, path, node, "value", span)


def at_path(tree: Tree, path: Path) -> Tree | None:
    """The value at a path; None where there is none."""
    node: Tree | None = tree
    for step in path:
        match node:
            case Mapping():
                node = node.get(str(step))
            case Sequence(items=items):
                node = items[step] if isinstance(step, int) and step < len(items) else None
            case _:
                return None
    return node


# ---- the way down

_Step: TypeAlias = tuple[Path, Tree, Scalar | None]
"""a path, the value there, and its key where it has one"""


def _way(tree: Tree, offset: int) -> list[_Step]:
    """From the whole down to the innermost entry that begins before the offset."""
    steps: list[_Step] = [((), tree, None)]
    while True:
        path, node, key = steps[-1]
        if key is not None and offset <= key.span.end:
            return steps
        if node.span.start > offset or (_is_flow(node) and not _within(node, offset)):
            return steps
        match node:
            case Mapping(entries=entries):
                at = bisect_right(entries, offset, key=lambda entry: _begin(entry[0]))
                if at == 0 or (node.flow and _between(node, entries[at - 1], offset)):
                    return steps
                key, value = entries[at - 1]
                steps.append(((*path, key.text), value, key))
            case Sequence(items=items):
                at = bisect_right(items, offset, key=_begin)
                if at == 0:
                    return steps
                steps.append(((*path, at - 1), items[at - 1], None))
            case Scalar():
                return steps


def _begin(node: Tree) -> int:
    """Where a value begins, its opening quote included."""
    return node.span.start - (isinstance(node, Scalar) and node.style in ("single", "double"))


def _is_flow(node: Tree) -> bool:
    return not isinstance(node, Scalar) and node.flow


def _within(node: Tree, offset: int) -> bool:
    """Whether an offset lies between the brackets; behind one that nobody closed too."""
    closed = node.span.text[-1:] in ("}", "]")
    return node.span.start < offset <= node.span.end - closed


def _between(node: Mapping, last: tuple[Scalar, Tree], offset: int) -> bool:
    """Whether a comma stands between the last entry of `{…}` and the offset: the next one begins."""
    end = max(last[0].span.end, last[1].span.end)
    return end < offset and "," in node.span.source.text[end:offset]


def _inside(node: Tree, key: Scalar | None, offset: int) -> bool:
    """Whether the innermost value itself reaches the offset, so that the line does not begin something new."""
    if key is not None and key.span.start <= offset <= key.span.end:
        return True
    if isinstance(node, Scalar):
        return _begin(node) <= offset <= node.span.end and bool(node.text)
    return _is_flow(node) and _within(node, offset)


def _new(file: File, offset: int, span: Span, steps: list[_Step], column: int) -> Spot:
    """A line that is still empty: what is to stand there, its indentation says."""
    text = file.source.text
    begin = text.rfind("\n", 0, offset) + 1
    dashed = "-" in text[begin:offset]
    path, node, key = steps[-1]
    if isinstance(node, Scalar) and not node.text:
        if key is None and path and dashed:
            return _first_in(file, offset, span, path)
        if key is not None and column > _column(file, key.span.start):
            return _first_in(file, offset, span, (*path, 0) if dashed else path)
    for path, node, _ in reversed(steps):
        if isinstance(node, Mapping) and not node.flow and node.entries:
            if _column(file, node.span.start) <= column:
                return Spot(file, offset, (*path, ""), None, "key", span)
        elif isinstance(node, Sequence) and not node.flow:
            if _column(file, node.span.start) < column:
                return _first_in(file, offset, span, (*path, max(len(node.items) - 1, 0)))
            if _column(file, node.span.start) == column and not _shares_column(file, steps, path, column):
                return Spot(file, offset, (*path, len(node.items)), None, "none", span)
    return Spot(file, offset, ("",), None, "key", span)


def _shares_column(file: File, steps: list[_Step], path: Path, column: int) -> bool:
    """Whether the dashes of a list stand under the key that it is the value of, where the next key may stand too."""
    key = next(key for other, _, key in steps if other == path)
    return key is not None and _column(file, key.span.start) == column


def _first_in(file: File, offset: int, span: Span, path: Path) -> Spot:
    """What begins where nothing stands yet: the schema says whether it is a key or a value."""
    place = schema_at(file.kind, path)
    if "mapping" in place.kinds or not place.kinds:
        return Spot(file, offset, (*path, ""), None, "key", span)
    return Spot(file, offset, path, None, "expression" if place.expression else "value", span)


def _is_key_to_be(file: File, path: Path, node: Tree, key: Scalar | None) -> bool:
    """A word on a line of its own where a map may stand: the first key of it, whose colon is still to come. A value
    would stand on the line of its key, but for an expression."""
    if not isinstance(node, Scalar) or node.style != "plain" or not node.text or "\n" in node.span.text:
        return False
    place = schema_at(file.kind, path)
    alone = key is None or key.span.line != node.span.line
    return alone and (not path or ("mapping" in place.kinds and not place.expression))


# ---- text


def _column(file: File, offset: int) -> int:
    return offset - (file.source.text.rfind("\n", 0, offset) + 1)


def _word(file: File, offset: int) -> Span:
    text = file.source.text
    before = _WORD_BEFORE.search(text, max(0, offset - _LONGEST_WORD), offset)
    behind = _WORD_BEHIND.match(text, offset, offset + _LONGEST_WORD)
    start = offset if before is None else before.start()
    return Span(file.source, start, offset if behind is None else behind.end())


def _in_comment(file: File, offset: int) -> bool:
    """Whether the offset stands behind a `#` that begins a comment; one inside a value is part of it."""
    text = file.source.text
    begin = text.rfind("\n", 0, offset) + 1
    found = re.search(r"(?:^|(?<=[ \t]))#", text[begin:offset])
    if found is None:
        return False
    path, node, key = _way(file.tree, begin + found.start())[-1]
    del path
    return not _inside(node, key, begin + found.start())
