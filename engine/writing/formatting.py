"""A file set in the form of the house, its meaning untouched.

In: a `TextFile`.  Out: the same file with edits at some stretches, or Diagnostics where it cannot be read.
First the expressions and the spaces, then the order of keys. After each the file is read again: unless every text is
as it was, every expression parses to the same tree and every key stands where it means the same, what was done is
dropped. Doing it twice is doing it once.
Imports expressions, layout, order, shape, text_file, policy (the YAML reader) and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias

from engine.diagnostics import Reporter
from engine.fixes import TextEdit
from engine.policy.build_policy import build_units
from engine.policy.yaml_nodes import read_tree
from engine.resources import schema
from engine.source import Source, Span, UnitWords
from engine.tree import Mapping, Scalar, Tree
from engine.tree import Sequence as Listed
from engine.writing.expressions import expression_edits, parsed, prevailing_language
from engine.writing.layout import layout_edits
from engine.writing.order import order_edits
from engine.writing.shape import Shape, shape_of
from engine.writing.text_file import TextFile

DocumentKind: TypeAlias = Literal["policy", "values", "overlay", "cases"]

_ROUNDS = 64
_Edits: TypeAlias = Callable[[Tree, Shape], Sequence[TextEdit]]


def document_kind(tree: Tree | None) -> DocumentKind | None:
    """What a file is, by the key that names it; None for what is no file of ours."""
    kinds: tuple[DocumentKind, ...] = ("cases", "overlay", "values", "policy")
    if not isinstance(tree, Mapping):
        return None
    return next((kind for kind in kinds if tree.get(kind) is not None), None)


def units_among(files: Iterable[TextFile]) -> UnitWords:
    """The units that the root policies among some files declare: what overlays beside them may speak of. An expression
    with a unit that no file here declares stays as it is."""
    found: dict[str, int | None] = {}
    for file in files:
        tree = read_tree(file.source, Reporter()) if "\nunits:" in file.text else None
        if isinstance(tree, Mapping) and document_kind(tree) == "policy":
            found.update(build_units(tree.get("units"), Reporter()))
    return tuple(found.items())


def formatted(file: TextFile, report: Reporter) -> TextFile:
    """The file in form; itself where nothing is to be done, where it is no file of ours, and where it has faults."""
    faults = Reporter()
    tree = read_tree(file.source, faults)
    kind = document_kind(tree)
    if faults.has_errors:
        report.extend(faults)
        return file
    if tree is None or kind is None:
        return file
    file = _step(file, tree, kind, _spaces)
    for _ in range(_ROUNDS):
        tree = read_tree(file.source, Reporter())
        assert tree is not None, "what was kept could be read"
        moved = _step(file, tree, kind, order_edits)
        if moved is file:
            break
        file = moved
    return file


def _step(file: TextFile, tree: Tree, kind: DocumentKind, edits_of: _Edits) -> TextFile:
    before = shape_of(tree, schema(kind))
    edits = edits_of(tree, before)
    if not edits:
        return file
    changed = file.edited(edits)
    faults = Reporter()
    again = read_tree(changed.source, faults)
    if again is None or faults.has_errors:
        return file
    same = _meaning(tree, before) == _meaning(again, shape_of(again, schema(kind)))
    return changed if same else file


def _spaces(tree: Tree, shape: Shape) -> list[TextEdit]:
    edits = list(layout_edits(tree))
    language = prevailing_language(scalar.span for scalar in shape.expressions)
    in_braces = _in_braces(tree)
    for scalar in shape.expressions:
        if scalar.style == "folded":
            continue
        own: Sequence[TextEdit] = expression_edits(scalar.span, language)
        if scalar.style == "plain" and scalar.span.start in in_braces:
            own = _fit_for_braces(scalar, own)
        edits.extend(own)
    return edits


def _fit_for_braces(scalar: Scalar, edits: Sequence[TextEdit]) -> Sequence[TextEdit]:
    """Inside `{…}` a plain text ends at its first comma or bracket: one that gets these is put in quotes."""
    span = scalar.span
    inside = Source("<expression>", span.text)
    text = TextFile("<expression>", inside.text).edited(
        [TextEdit(Span(inside, e.span.start - span.start, e.span.end - span.start), e.text) for e in edits]
    )
    if not any(char in ",[]{}" for char in text.raw):
        return edits
    quote = next((quote for quote in "\"'" if quote not in text.raw and "\\" not in text.raw), "")
    return (TextEdit(span, f"{quote}{text.raw}{quote}"),) if quote and "\n" not in text.raw else ()


def _in_braces(tree: Tree, inside: bool = False) -> set[int]:
    """Where the scalars inside `{…}` and `[…]` begin."""
    match tree:
        case Scalar(span=span):
            return {span.start} if inside else set()
        case Listed(items=items, flow=flow):
            return set().union(*(_in_braces(item, inside or flow) for item in items))
        case Mapping(entries=entries, flow=flow):
            return set().union(*(_in_braces(value, inside or flow) for _, value in entries))


def _meaning(tree: Tree, shape: Shape) -> object:
    """What must not change: texts, the trees of expressions, and the order of all but the keys of the format."""
    expressions = {id(one) for one in shape.expressions}
    closed = {id(one) for one in shape.closed}

    def of(node: Tree) -> object:
        match node:
            case Scalar(text=text, style=style):
                tree = parsed(node.span.text, node.span.source.units) if id(node) in expressions else None
                return (text, style) if tree is None else tree
            case Listed(items=items):
                return [of(item) for item in items]
            case Mapping(entries=entries):
                pairs = [(key.text, of(value)) for key, value in entries]
                return dict(pairs) if id(node) in closed else pairs

    return of(tree)
