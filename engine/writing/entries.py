"""One entry of a document put in, or changed, everything else left byte for byte.

In: the file, its tree, the path of the entry and its keys with their values.  Out: the file with the entry behind the
others of its section, whose heads are made where they lack; of an entry that is there, only the values that differ are
written, and comments stay.
Imports layout, order, refused, text_file, yaml_text and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, TypeAlias

from engine.diagnostics import Reporter
from engine.fixes import TextEdit
from engine.policy.yaml_nodes import read_tree
from engine.records import dataclass
from engine.source import Source, Span
from engine.tree import Mapping, Scalar, Tree
from engine.writing.layout import outer
from engine.writing.order import end_of, line_end
from engine.writing.refused import Refused
from engine.writing.text_file import TextFile
from engine.writing.yaml_text import yaml_text

Form: TypeAlias = Literal["text", "expression", "plain"]

_INDICATOR: Final = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`\s]")
_IN_BRACES: Final = re.compile(r"[,\[\]{}]")
_CUT: Final = re.compile(r":(\s|\Z)|\s#|[\n\r\t]|\s\Z")


@dataclass(frozen=True, slots=True)
class Value:
    """
    Attributes:
        form: of a text the words themselves; of an expression as it is parsed, without any escape; plain what is YAML
            already (`yes`, a day).
        text: "" takes the key away.
    """

    key: str
    text: str
    form: Form = "text"


def put_entry(file: TextFile, tree: Mapping, path: Sequence[str], values: Sequence[Value]) -> TextFile:
    """The file with the entry at a path: its head, and below it the values that are not empty.

    Raises: Refused where the file has something else in its place, or the values could not be written so that they read
        back as they are.
    """
    held, depth = _found(tree, path)
    if depth == len(path):
        if not isinstance(held, Mapping):
            raise Refused(
                f"`{path[-1]}` 不是一项项写的，没有改；请在文件里改",
                f"`{path[-1]}` is not written key by key and was not changed; change it in the file",
            )
        edits = list(_changed(held, values))
    else:
        edits = [_put(held, path[:depth], _lines(path[depth:], values))]
    made = file.edited(edits)
    _must_hold(made, path, values)
    return made


def expression_scalar(text: str, *, in_braces: bool = False) -> str:
    """An expression as a scalar of one line, without an escape, which expressions may not have.

    Raises: Refused where no quotes are left for it.
    """
    if text and not _is_cut(text, in_braces):
        return text
    quote = next((one for one in "\"'" if one not in text and "\\" not in text and "\n" not in text), "")
    if not quote:
        raise Refused("这个表达式里两种引号都有，请在文件里写", "the expression has both quotes; write it in the file")
    return f"{quote}{text}{quote}"


def _is_cut(text: str, in_braces: bool) -> bool:
    """Whether YAML would read something else than the text, were it not in quotes."""
    return bool(_CUT.search(text) or _INDICATOR.match(text) or (in_braces and _IN_BRACES.search(text)))


def _written(value: Value, *, in_braces: bool) -> str:
    match value.form:
        case "text":
            plain = value.text[0].isalpha() and not value.text.isascii() and not _is_cut(value.text, in_braces)
            return value.text if plain else yaml_text(value.text)
        case "expression":
            return expression_scalar(value.text, in_braces=in_braces)
        case "plain":
            return value.text


def _found(tree: Tree, path: Sequence[str]) -> tuple[Tree, int]:
    """The deepest value on a path that is there, and how many steps lead to it."""
    node, depth = tree, 0
    while depth < len(path) and isinstance(node, Mapping) and (inner := node.get(path[depth])) is not None:
        node, depth = inner, depth + 1
    return node, depth


# ---- an entry that lacks


def _lines(path: Sequence[str], values: Sequence[Value]) -> list[str]:
    """The heads that lack, one in the other, and the values below the last."""
    heads = [f"{'  ' * at}{step}:" for at, step in enumerate(path)]
    indent = "  " * len(path)
    given = (value for value in values if value.text)
    return [*heads, *(f"{indent}{value.key}: {_written(value, in_braces=False)}" for value in given)]


def _put(held: Tree, path: Sequence[str], lines: Sequence[str]) -> TextEdit:
    """The lines at the end of the deepest section that is there."""
    source = held.span.source
    match held:
        case Mapping(entries=((first, _), *_), flow=False):
            at, indent = (
                _line_behind(source, end_of(held)),
                " " * (outer(first).start - _line_start(source, first.span)),
            )
            gap = "\n" if not path else ""
            return TextEdit(Span(source, at, at), gap + "".join(f"\n{indent}{line}" for line in lines))
        case Mapping(entries=()) if path:
            return TextEdit(_from_colon(source, held.span), _below(source, held.span, lines))
        case Scalar() if path and held.span.start == held.span.end:
            at = _line_behind(source, held.span.start)
            return TextEdit(Span(source, at, at), _below(source, held.span, lines))
        case _:
            where = ".".join(path)
            raise Refused(
                f"`{where}` 写在花括号里，不能往里添；请在文件里改",
                f"`{where}` is written in braces, where nothing is added; change it in the file",
            )


def _below(source: Source, span: Span, lines: Sequence[str]) -> str:
    text = source.line_text(source.position(span.start)[0])
    indent = " " * (len(text) - len(text.lstrip(" ")) + 2)
    return "".join(f"\n{indent}{line}" for line in lines)


def _from_colon(source: Source, span: Span) -> Span:
    """An empty `{}` with the blank in front of it."""
    start = span.start
    while source.text[start - 1 : start] == " ":
        start -= 1
    return Span(source, start, span.end)


def _line_start(source: Source, span: Span) -> int:
    return source.offset(span.line, 1)


def _line_behind(source: Source, offset: int) -> int:
    return line_end(source, source.position(max(offset - 1, 0))[0])


# ---- an entry that is there


def _changed(held: Mapping, values: Sequence[Value]) -> Iterator[TextEdit]:
    """Each value that differs; a new key behind the one before it in the order given."""
    source = held.span.source
    gone = {value.key for value in values if not value.text}
    kept = {key.text: inner for key, inner in held.entries if key.text not in gone}
    behind: dict[int, str] = {}
    for at, value in enumerate(values):
        present = held.get(value.key)
        if present is None:
            if value.text and kept:
                before = next((one.key for one in reversed(values[:at]) if one.key in kept), [*kept][-1])
                spot = end_of(kept[before])
                spot = spot if held.flow else _line_behind(source, spot)
                behind[spot] = behind.get(spot, "") + _joined(held, value)
        elif not isinstance(present, Scalar):
            raise Refused(
                f"`{value.key}` 不是一个值，请在文件里改", f"`{value.key}` is no single value; change it there"
            )
        elif not value.text:
            yield _without(held, value.key)
        elif present.text != value.text:
            yield _replaced(present, _written(value, in_braces=held.flow))
    yield from (TextEdit(Span(source, spot, spot), text) for spot, text in behind.items())


def _joined(held: Mapping, value: Value) -> str:
    text = f"{value.key}: {_written(value, in_braces=held.flow)}"
    first = held.entries[0][0]
    indent = " " * (outer(first).start - _line_start(held.span.source, first.span))
    return f", {text}" if held.flow else f"\n{indent}{text}"


def _replaced(present: Scalar, text: str) -> TextEdit:
    """A value in the place of another; of one in a block of lines, with the mark above them."""
    source = present.span.source
    if present.style not in ("literal", "folded"):
        return TextEdit(outer(present), text)
    start = source.text.rindex(":", 0, present.span.start) + 1
    mark = re.compile(r"[ \t]*[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\n").match(source.text, start)
    while mark is None:  # a colon of a comment, or of the lines themselves
        start = source.text.rindex(":", 0, start - 1) + 1
        mark = re.compile(r"[ \t]*[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\n").match(source.text, start)
    end = end_of(present)
    text_end = len(source.text[:end].rstrip())
    return TextEdit(Span(source, start, text_end), f" {text}")


def _without(held: Mapping, key: str) -> TextEdit:
    source = held.span.source
    at = next(number for number, (one, _) in enumerate(held.entries) if one.text == key)
    name, value = held.entries[at]
    if len(held.entries) == 1:
        raise Refused("不能把一项的内容全部删去", "an entry cannot be left with nothing in it")
    if held.flow:
        last = at == len(held.entries) - 1
        start = end_of(held.entries[at - 1][1]) if last else outer(name).start
        return TextEdit(Span(source, start, end_of(value) if last else outer(held.entries[at + 1][0]).start), "")
    if at == 0:
        start = outer(name).start  # there may be a dash in front of it
        return TextEdit(Span(source, start, outer(held.entries[1][0]).start), "")
    start = _line_start(source, name.span)
    return TextEdit(Span(source, start, min(_line_behind(source, end_of(value)) + 1, len(source.text))), "")


# ---- what was made


def _must_hold(made: TextFile, path: Sequence[str], values: Sequence[Value]) -> None:
    """What was written reads back as it was meant, whatever the file looked like."""
    report = Reporter()
    tree = read_tree(made.source, report)
    held, depth = (None, -1) if tree is None else _found(tree, path)
    if depth == len(path) and isinstance(held, Mapping):
        texts = {value.key: _text(held.get(value.key)) for value in values}
        if all(texts[value.key] == value.text for value in values):
            return
    raise Refused(
        "这样写下来读不回原样，没有改；请在文件里改", "written so it would not read back; change it in the file"
    )


def _text(held: Tree | None) -> str:
    return held.text.rstrip("\n") if isinstance(held, Scalar) else ""
