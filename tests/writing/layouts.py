"""Layouts that an author may leave behind: a sound file with its spaces, signs and orders drawn anew.

Every mutation keeps the meaning: what `fmt` makes of the file must keep it too.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from random import Random

from engine.diagnostics import Reporter
from engine.fixes import TextEdit
from engine.policy.yaml_nodes import read_tree
from engine.resources import schema
from engine.source import Source, Span
from engine.tree import Mapping, Scalar, Sequence, Tree
from engine.writing.formatting import document_kind
from engine.writing.layout import outer
from engine.writing.lexemes import Lexeme, lexemes
from engine.writing.shape import shape_of
from engine.writing.text_file import TextFile

WIDE = {"(": "（", ")": "）", "+": "＋", "<": "＜", ">": "＞", "=": "＝", "*": "×", "/": "÷", ",": "，", "-": "－"}
OTHER_WORDS = {
    "且": "and", "或": "or", "非": "not", "如果": "if", "那么": "then", "否则": "else", "对": "for", "其中": "where",
    "属于": "in", "不属于": "not in", "含有": "overlaps",
}  # fmt: skip


def tree_of(file: TextFile) -> Tree:
    report = Reporter()
    tree = read_tree(file.source, report)
    assert tree is not None
    assert not report.has_errors, [str(one) for one in report]
    return tree


def loosened(file: TextFile, draw: Random, *, signs: bool, words: bool) -> TextFile:
    """Spaces anywhere; with `signs` full-width ones, with `words` some operators in the other language."""
    tree = tree_of(file)
    kind = document_kind(tree)
    assert kind is not None
    edits = list(_gaps(tree, draw))
    for scalar in shape_of(tree, schema(kind)).expressions:
        if draw.random() < 0.6:
            edits.extend(_expression(scalar, draw, signs=signs, words=words))
    return file.edited(edits)


def _expression(scalar: Scalar, draw: Random, *, signs: bool, words: bool) -> Iterator[TextEdit]:
    span = scalar.span
    before: Lexeme | None = None
    for lexeme in lexemes(span.text) or ():
        if before is not None:
            gap = span.text[before.end : lexeme.start]
            if "\n" not in gap:
                yield TextEdit(span.at(before.end, lexeme.start), _space(before, lexeme, draw))
        if lexeme.kind == "sign" and signs and lexeme.text in WIDE and draw.random() < 0.3:
            yield TextEdit(span.at(lexeme.start, lexeme.end), WIDE[lexeme.text])
        elif lexeme.text in OTHER_WORDS and words and draw.random() < 0.2:
            yield TextEdit(span.at(lexeme.start, lexeme.end), OTHER_WORDS[lexeme.text])
        before = lexeme


def _space(before: Lexeme, after: Lexeme, draw: Random) -> str:
    """Blanks, at least one where two words would run together; none before `:` could begin, nor `#`."""
    kinds = {before.kind, after.kind}
    needed = "sign" not in kinds or (before.text == "-" or after.text == "-") or "number" in kinds or "literal" in kinds
    if before.kind == "function" or {before.text, after.text} & {".", "["}:
        return " " * draw.randrange(0, 2)
    return " " * draw.randrange(1 if needed else 0, 4)


def _gaps(node: Tree, draw: Random) -> Iterator[TextEdit]:
    source = node.span.source
    match node:
        case Mapping(entries=entries, flow=flow):
            for key, value in entries:
                if value.span.end > value.span.start:
                    yield from _wider(source, outer(key).end, outer(value).start, ": ", draw)
                yield from _gaps(value, draw)
            if flow:
                yield from _inside(node.span, [(outer(key).start, outer(value).end) for key, value in entries], draw)
        case Sequence(items=items, flow=flow):
            for item in items:
                yield from _gaps(item, draw)
            if flow:
                yield from _inside(node.span, [(outer(item).start, outer(item).end) for item in items], draw)
        case Scalar():
            pass


def _inside(whole: Span, parts: list[tuple[int, int]], draw: Random) -> Iterator[TextEdit]:
    if not parts:
        return
    source = whole.source
    for (_, end), (start, _) in itertools.pairwise(parts):
        if source.text[end:start] == ", " and draw.random() < 0.3:
            yield TextEdit(Span(source, end, start), draw.choice([",  ", " , ", "  ,   "]))
    if draw.random() < 0.3 and parts[0][0] == whole.start + 1:
        yield TextEdit(Span(source, parts[0][0], parts[0][0]), "  ")


def _wider(source: Source, start: int, end: int, gap: str, draw: Random) -> Iterator[TextEdit]:
    if source.text[start:end] == gap and draw.random() < 0.2:
        yield TextEdit(Span(source, start, end), draw.choice([":  ", ":    "]))


def reordered(file: TextFile, draw: Random) -> TextFile:
    """The sections of the file, and the entries of elements in braces, in another order."""
    tree = tree_of(file)
    kind = document_kind(tree)
    assert kind is not None
    edits = []
    for mapping in shape_of(tree, schema(kind)).closed:
        if mapping.flow and draw.random() < 0.3:
            parts = [Span(file.source, outer(key).start, outer(value).end) for key, value in mapping.entries]
            gaps = [file.text[a.end : b.start] for a, b in itertools.pairwise(parts)]
            if all(gap == ", " for gap in gaps) and not any("{" in part.text for part in parts):
                texts = [part.text for part in parts]
                draw.shuffle(texts)
                edits.append(TextEdit(parts[0].to(parts[-1]), ", ".join(texts)))
    file = file.edited(edits)
    head, *sections = re.split(r"(?m)^(?=[a-z_]+:)", file.raw)
    comments = [re.search(r"(?:\n|\A)((?:\n*#[^\n]*\n+)*)\Z", section) for section in sections]
    if draw.random() < 0.5 and all(comment is not None for comment in comments):
        draw.shuffle(sections)
        return TextFile(file.name, head + "".join(sections), file.encoding, file.mark)
    return file
