"""Spaces between the keys and values of a document.

In: a `Tree` whose file was read without faults.  Out: edits: one space after a colon and after the commas of `{…}` and
`[…]`, none inside the brackets, no blanks at the ends of lines, a line end at the end of the file.
Lines with a comment keep their ends, line breaks stay where they are, and nothing inside a text is touched.
Imports the ground floor.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from engine.fixes import TextEdit
from engine.source import Source, Span
from engine.tree import Mapping, Scalar, Sequence, Tree

_COLON = re.compile(r" *: *")
_COMMA = re.compile(r" *, *")
_BLANKS = re.compile(r" +")
_LINE_BLANKS = re.compile(r"[ \t]+$", re.MULTILINE)


def layout_edits(tree: Tree) -> Iterator[TextEdit]:
    source = tree.span.source
    yield from _between(tree, source)
    yield from _line_ends(tree, source)


def outer(node: Tree) -> Span:
    """The stretch of a node with its quotes."""
    span = node.span
    if isinstance(node, Scalar) and node.style in ("single", "double"):
        return Span(span.source, span.start - 1, span.end + 1)
    return span


def _between(node: Tree, source: Source) -> Iterator[TextEdit]:
    match node:
        case Mapping(entries=entries, flow=flow):
            for key, value in entries:
                if value.span.end > value.span.start:
                    yield from _gap(source, outer(key).end, outer(value).start, _COLON, ": ")
            if flow:
                pairs = [(outer(key).start, outer(value).end) for key, value in entries]
                yield from _in_brackets(node.span, pairs)
            for _, value in entries:
                yield from _between(value, source)
        case Sequence(items=items, flow=flow):
            if flow:
                yield from _in_brackets(node.span, [(outer(item).start, outer(item).end) for item in items])
            for item in items:
                yield from _between(item, source)
        case Scalar():
            pass


def _in_brackets(whole: Span, parts: list[tuple[int, int]]) -> Iterator[TextEdit]:
    if not parts or any(start > end for start, end in parts):
        return
    source = whole.source
    yield from _gap(source, whole.start + 1, parts[0][0], _BLANKS, "")
    for (_, end), (start, _) in itertools.pairwise(parts):
        yield from _gap(source, end, start, _COMMA, ", ")
    yield from _gap(source, parts[-1][1], whole.end - 1, _BLANKS, "")


def _gap(source: Source, start: int, end: int, form: re.Pattern[str], wanted: str) -> Iterator[TextEdit]:
    """Where the gap holds nothing but what its form says, on one line, it is written as wanted."""
    text = source.text[start:end]
    if start < end and text != wanted and form.fullmatch(text):
        yield TextEdit(Span(source, start, end), wanted)


def _line_ends(tree: Tree, source: Source) -> Iterator[TextEdit]:
    kept = _kept_lines(tree, source)
    for found in _LINE_BLANKS.finditer(source.text):
        line = source.position(found.start())[0]
        if line not in kept and "#" not in source.line_text(line):
            yield TextEdit(Span(source, found.start(), found.end()), "")
    end = len(source.text)
    last = source.position(end)[0]
    if source.text and not source.text.endswith("\n") and last not in kept and source.line_text(last).strip():
        at = Span(source, end, end)
        yield TextEdit(at, "\n")


def _kept_lines(tree: Tree, source: Source) -> set[int]:
    """The lines of texts that go over several lines, with those between a block text and what follows it."""
    scalars = sorted(_scalars(tree), key=lambda one: one.span.start)
    following = [*(one.span.start for one in scalars[1:]), len(source.text)]
    kept: set[int] = set()
    for scalar, after in zip(scalars, following, strict=True):
        first, last = source.position(scalar.span.start)[0], source.position(scalar.span.end)[0]
        if scalar.style in ("literal", "folded"):
            last = max(last, source.position(after)[0] - (after < len(source.text)))
        if last > first or scalar.style in ("literal", "folded"):
            kept.update(range(first, last + 1))
    return kept


def _scalars(node: Tree) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Sequence(items=items):
            for item in items:
                yield from _scalars(item)
        case Mapping(entries=entries):
            for key, value in entries:
                yield key
                yield from _scalars(value)
