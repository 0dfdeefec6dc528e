"""The order of the keys that the format itself names.

In: a document's tree and shape.  Out: edits that put entries in order, comments moving with the entry they stand above;
a block of comments that stands by itself stays below the entry it follows.
A file begins with its format, id and title and goes on from what is declared to what is opened; an element begins with
its collection, label and name; a block of values says its days and sources before its table. Keys of equal rank stay
as the author wrote them, and so do the keys that authors choose.
Imports layout, shape and the ground floor.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping as Ranks
from collections.abc import Sequence as Ordered

from engine.fixes import TextEdit
from engine.source import Source, Span
from engine.tree import Mapping, Scalar, Sequence, Tree
from engine.writing.layout import outer
from engine.writing.shape import Shape

_HEAD = ("format", "policy", "values", "overlay", "cases", "title")
_DECLARED = (
    "zones", "not_found", "keys", "facts", "checks", "lists", "parameters", "readings", "assumptions", "terms",
    "causes", "requirements", "outputs", "referrals",
)  # fmt: skip
_CHANGES = ("set", "add", "exempt", "replace", "repeal", "local", "joining")
_RULE = re.compile(r" *#+ ?[-=─—]{3}")
"""a comment that sets a section off from the one before"""
_OTHER = 100
_DOCUMENT: Ranks[str, int] = {
    **{key: rank for rank, key in enumerate(_HEAD)},
    **{key: _OTHER + 1 + rank for rank, key in enumerate(_DECLARED)},
    **dict.fromkeys(_CHANGES, 2 * _OTHER),
}
_ELEMENT: Ranks[str, int] = {"id": 0, "of": 0, "label": 0, "name": 1, "question": 2}
_TABLE: Ranks[str, int] = {
    **{
        key: rank
        for rank, key in enumerate(("from", "until", "published", "document", "source", "grade", "partial", "counties"))
    },
    "table": _OTHER + 1,
    "columns": _OTHER + 2,
}


def order_edits(tree: Tree, shape: Shape) -> tuple[TextEdit, ...]:
    """The edits of the outermost mappings that are out of order; those inside them wait for the next round."""
    edits: list[TextEdit] = []
    done = 0
    for mapping in sorted(shape.closed, key=lambda one: one.span.start):
        if mapping.span.start < done:
            continue
        edit = _reordered(mapping, mapping is tree)
        if edit is not None:
            edits.append(edit)
            done = max(edit.span.end, mapping.span.end)
    return tuple(edits)


def _reordered(mapping: Mapping, whole: bool) -> TextEdit | None:
    ranks = _DOCUMENT if whole else _TABLE if mapping.get("table") is not None else _ELEMENT
    keys = [key.text for key, _ in mapping.entries]
    order = sorted(range(len(keys)), key=lambda place: ranks.get(keys[place], _OTHER))
    if order == list(range(len(keys))):
        return None
    return _in_braces(mapping, order) if mapping.flow else _in_lines(mapping, order, whole)


def _in_braces(mapping: Mapping, order: Ordered[int]) -> TextEdit | None:
    """Entries change places between commas that stay; not around a comment."""
    source = mapping.span.source
    parts = [Span(source, outer(key).start, max(outer(key).end, outer(value).end)) for key, value in mapping.entries]
    gaps = [source.text[first.end : second.start] for first, second in itertools.pairwise(parts)]
    if any(gap.strip() != "," for gap in gaps):
        return None
    texts = [parts[place].text for place in order]
    joined = "".join(text + gap for text, gap in zip(texts, [*gaps, ""], strict=True))
    return TextEdit(parts[0].to(parts[-1]), joined)


def _in_lines(mapping: Mapping, order: Ordered[int], whole: bool) -> TextEdit | None:
    """Entries are runs of whole lines: from their own comments to where those of the next begin."""
    source = mapping.span.source
    first = mapping.entries[0][0]
    key_line, column = source.position(outer(first).start)
    indent = " " * (column - 1)
    dashed = bool(source.line_text(key_line)[: column - 1].strip())
    ends = [source.position(max(end_of(key), end_of(value)) - 1)[0] for key, value in mapping.entries]
    keys = [source.position(outer(key).start)[0] for key, _ in mapping.entries]
    if any(key <= end for key, end in zip(keys[1:], ends, strict=False)):
        return None
    starts = [_comment_start(source, key_line, indent, dashed or whole)]
    starts += [_own_start(source, end + 1, key) for key, end in zip(keys[1:], ends, strict=False)]
    last = [*(start - 1 for start in starts[1:]), ends[-1]]
    begin = outer(first).start if dashed else source.offset(starts[0], 1)
    chunks = [_lines(source, start, end) for start, end in zip(starts, last, strict=True)]
    chunks[0] = source.text[begin : line_end(source, last[0])] + "\n"
    if dashed:
        top = order[0]
        if top != 0 and not chunks[top].startswith(indent + outer(mapping.entries[top][0]).text):
            return None  # a comment or an empty line has no place behind the dash
        chunks[0] = indent + chunks[0]
        chunks[top] = chunks[top][len(indent) :]
    span = Span(source, begin, line_end(source, ends[-1]))
    return TextEdit(span, "".join(chunks[place] for place in order)[:-1])


def _comment_start(source: Source, line: int, indent: str, alone: bool) -> int:
    """The first of the comment lines right above a key, at its own depth; the key's own line where it stands `alone`
    (the comment on top of a file is the file's, not that of its first key)."""
    while not alone and line > 1:
        above = source.line_text(line - 1)
        if not above.startswith(indent + "#"):
            break
        line -= 1
    return line


def _own_start(source: Source, first: int, key: int) -> int:
    """Where the lines of a key begin, among those from `first` below the entry before: with the comments right above
    it, a rule above those, and the empty lines before them. Other comments belong to nobody, and stay."""
    start = key
    while start > first and _is_comment(source, start - 1):
        start -= 1
    blank = _blank_above(source, first, start)
    if blank > first and _RULE.match(source.line_text(blank - 1)) and not _is_comment(source, blank - 2, first):
        blank = _blank_above(source, first, blank - 1)
    return blank


def _blank_above(source: Source, first: int, line: int) -> int:
    while line > first and not source.line_text(line - 1).strip():
        line -= 1
    return line


def _is_comment(source: Source, line: int, first: int = 1) -> bool:
    return line >= first and source.line_text(line).lstrip().startswith("#")


def end_of(node: Tree) -> int:
    """The offset behind a node's last character; a block's own end mark lies further down."""
    match node:
        case Mapping(entries=(*_, (key, value)), flow=False):
            return max(end_of(key), end_of(value))
        case Sequence(items=(*_, item), flow=False):
            return end_of(item)
        case Scalar():
            return max(outer(node).end, outer(node).start + 1)
        case _:
            return node.span.end


def line_end(source: Source, line: int) -> int:
    return source.offset(line, 1) + len(source.line_text(line))


def _lines(source: Source, first: int, last: int) -> str:
    return source.text[source.offset(first, 1) : line_end(source, last)] + "\n"
