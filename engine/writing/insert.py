"""A block of values put into an overlay's file, everything else left byte for byte.

In: the file, its tree, the parameter and the lines of the block.  Out: the file with the block among its own, in the
order of their days; a note under `not_found` that the block answers is taken out.
Imports order's measure of entries, refused, text_file and the ground floor.
"""

from __future__ import annotations

from collections.abc import Sequence as Lines
from datetime import date

from engine.fixes import TextEdit
from engine.source import Source, Span
from engine.tree import Mapping, Scalar, Sequence, Tree
from engine.writing.order import end_of, line_end
from engine.writing.refused import Refused
from engine.writing.text_file import TextFile


def insert_block(
    file: TextFile, tree: Mapping, parameter: str, start: date, block: Lines[str], *, partial: bool, again: bool = False
) -> TextFile:
    """The file with one more block. `block` are its lines, not indented, without the dash.

    Args:
        again: the block takes the place of one that starts on the same day, where there is one.
    Raises: Refused where the file holds the values in a form that has no place for it.
    """
    held = tree.get("set")
    values = held.get(parameter) if isinstance(held, Mapping) else None
    removed = _answered(tree, parameter)
    if values is not None:
        edits = [_into_list(values, parameter, start, block, partial, again)]
    elif isinstance(held, Mapping) and not held.flow and held.entries:
        first = held.entries[0][0]
        at = file.source.offset(first.span.line, 1)
        text = "\n".join(_under(parameter, block, " " * (first.span.column - 1))) + "\n"
        edits = [TextEdit(Span(file.source, at, at), text)]
    elif _is_empty(held):
        assert isinstance(held, Scalar), "only a text can be empty"
        at = _end_of_line(file.source, held.span.start)
        edits = [TextEdit(Span(file.source, at, at), "\n" + "\n".join(_under(parameter, block, "  ")))]
    elif held is not None:
        raise Refused("`set` 不是一行行写的，没有改", "`set` is not written on lines of its own; it was not changed")
    else:
        edits = [_at_end(tree, ["set:", *_under(parameter, block, "  ")], removed)]
    if removed is not None and all(edit.span.end <= removed.start or removed.end <= edit.span.start for edit in edits):
        edits.append(TextEdit(removed, ""))
    return file.edited(edits)


def _is_empty(held: Tree | None) -> bool:
    """A head with nothing under it but comments."""
    return isinstance(held, Scalar) and held.span.start == held.span.end


def _under(parameter: str, block: Lines[str], indent: str) -> list[str]:
    return [f"{indent}{parameter}:", *_item(block, indent + "  ")]


def _item(block: Lines[str], indent: str) -> list[str]:
    return [f"{indent}{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(block)]


def _into_list(values: Tree, parameter: str, start: date, block: Lines[str], partial: bool, again: bool) -> TextEdit:
    """Behind the last block that does not start later; in front of the first, where all do; in the place of the last
    that starts on the same day, where it is written again."""
    if not isinstance(values, Sequence) or values.flow or not values.items:
        raise Refused(
            f"`{parameter}` 下面不是一段段的 `- from: …`，没有改；先把已有的一段写成列表的一项",
            f"`{parameter}` is no list of `- from: …` blocks and was not changed; make what is there an item of a list",
        )
    source = values.span.source
    days = [_day(item) for item in values.items]
    if again and start.isoformat() in days:
        held = values.items[len(days) - 1 - days[::-1].index(start.isoformat())]
        return _instead(held, block)
    if start.isoformat() in days and not partial:
        raise Refused(
            f"`{parameter}` 已经有一段从 {start} 起施行；改那一段，或者只补充部分县区时加 --partial",
            f"`{parameter}` has a block that starts on {start}; change that one, or add counties to it with --partial",
        )
    first_line = source.line_text(values.items[0].span.line)
    indent = first_line[: len(first_line) - len(first_line.lstrip())]
    text = "\n".join(_item(block, indent))
    before = [item for item, day in zip(values.items, days, strict=True) if day <= start.isoformat()]
    if not before:
        at = source.offset(values.items[0].span.line, 1)
        return TextEdit(Span(source, at, at), text + "\n")
    at = _end_of_line(source, end_of(before[-1]))
    return TextEdit(Span(source, at, at), "\n" + text)


def _instead(item: Tree, block: Lines[str]) -> TextEdit:
    """The lines of an item, from behind its dash."""
    source = item.span.source
    start = item.span.start
    indent = " " * (item.span.column - 1)
    return TextEdit(Span(source, start, _end_of_line(source, end_of(item))), f"\n{indent}".join(block))


def _day(item: Tree) -> str:
    day = item.get("from") if isinstance(item, Mapping) else None
    return day.text if isinstance(day, Scalar) else ""


def _at_end(tree: Mapping, lines: Lines[str], removed: Span | None) -> TextEdit:
    """Behind the last entry of the file; in its place, where it is the note that the block answers."""
    source = tree.span.source
    at = _end_of_line(source, end_of(tree))
    if removed is not None and removed.start <= at <= removed.end:
        return TextEdit(removed, "\n".join(lines) + "\n")
    return TextEdit(Span(source, at, at), "\n\n" + "\n".join(lines))


def _answered(tree: Mapping, parameter: str) -> Span | None:
    """The lines of a `not_found` note of this parameter; the whole section where it is the only one."""
    notes = tree.get("not_found")
    if not isinstance(notes, Mapping) or notes.get(parameter) is None:
        return None
    source = tree.span.source
    if len(notes.entries) == 1:
        key = tree.key("not_found")
        assert key is not None, "it was just read"
        return _whole_lines(source, key.span.start, end_of(notes))
    if notes.flow:
        return None
    key, value = next((key, value) for key, value in notes.entries if key.text == parameter)
    return _whole_lines(source, key.span.start, end_of(value))


def _whole_lines(source: Source, start: int, end: int) -> Span:
    first = source.offset(source.position(start)[0], 1)
    return Span(source, first, min(_end_of_line(source, end) + 1, len(source.text)))


def _end_of_line(source: Source, offset: int) -> int:
    return line_end(source, source.position(max(offset - 1, 0))[0])
