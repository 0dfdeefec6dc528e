"""A change by the form, as the overlay's text with it: the lines that are written, and what the engine says of them.

In: a snapshot, an overlay's file, what was chosen.  Out: `Made`. Nothing is written to the disk.
Imports opened, editing, writing, policy and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from engine.diagnostics import Diagnostic, errors_in
from engine.editing.workspace import File, Snapshot
from engine.fixes import TextEdit
from engine.records import dataclass
from engine.serving.conditions.opened import PATHS, Kind, present
from engine.serving.conditions.rows import Fault
from engine.source import Span
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree
from engine.writing.entries import Value, put_entry
from engine.writing.insert import insert_block
from engine.writing.layout import outer
from engine.writing.new_values import told_anew
from engine.writing.refused import Refused
from engine.writing.text_file import TextFile
from engine.writing.yaml_text import yaml_text

_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_AMOUNT: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:%| ?[^\W\d_]+(?:/[^\W\d_]+)*)?")
_EFFECTS: Final = ("", "narrower", "wider")
FACT_KINDS: Final = {
    "yes_no": ("是或否", "yes or no"),
    "unit": ("数额（带单位）", "an amount with a unit"),
    "whole": ("整数（人、次、套）", "a whole number"),
    "date": ("日期", "a date"),
    "text": ("文字", "a text"),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a change is to be, as typed.

    Attributes:
        target: a cause or `all`, what is exempted from, a parameter, whose fact it is; "" of a requirement.
        key: of an entry that is there, below the path of its kind; "" for a new one.
        id: of a new one; "" for the next that is free.
        value: of a threshold; `unit`, `fact_kind`, `default` of a fact.
    """

    kind: Kind
    target: str = ""
    key: str = ""
    id: str = ""
    label: str = ""
    cites: str = ""
    sense: str = "when"
    start: date | None = None
    document: str = ""
    effect: str = ""
    expression: str = ""
    value: str = ""
    unit: str = ""
    fact_kind: str = "yes_no"
    default: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """
    Attributes:
        before, after: the overlay's text.
        found: what the check says now and did not say before.
        path: the keys to what was put in or changed; `tree` is the text with it.
    """

    before: str
    after: str
    found: tuple[Diagnostic, ...]
    path: tuple[str, ...]
    tree: Tree

    @property
    def may_be_written(self) -> bool:
        return self.before != self.after and not errors_in(self.found)


def faults_of(wish: Wish) -> tuple[Fault, ...]:
    """What is lacking of a wish, told at its fields."""
    return tuple(_faults(wish))


def _faults(wish: Wish) -> Iterator[Fault]:
    if wish.kind != "threshold" and not wish.label:
        yield Fault("label", "写一个名称，结论里会印出来", "give it a name; decisions print it")
    if wish.kind == "threshold" and not wish.value:
        yield Fault("value", "写一个数值", "give a value")
    if wish.kind == "threshold" and wish.start is None:
        yield Fault("start", "写上从哪一天起施行，如 2027-01-01", "say from which day it is in force, as in 2027-01-01")
    if wish.kind in ("condition", "requirement", "exemption") and not wish.cites:
        yield Fault("cites", "写依据文件的条款，如 第三条", "give the article, as in “Article 3”")
    if wish.id and not _ID.fullmatch(wish.id):
        yield Fault("id", "标识用小写字母、数字和下划线，以字母开头", "an id has lower-case letters, digits and _")
    if wish.fact_kind == "unit" and wish.kind == "fact" and not wish.unit:
        yield Fault("unit", "写单位，如 元", "give the unit, as in 元")
    for name, text in (
        ("label", wish.label),
        ("cites", wish.cites),
        ("document", wish.document),
        ("value", wish.value),
    ):
        if _CONTROL.search(text):
            yield Fault(name, "里面有看不见的字符，删去重写", "it holds characters that cannot be seen; retype it")


def made(snapshot: Snapshot, file: File, wish: Wish) -> Made:
    """
    Raises: Refused where the file has no place for it.
    """
    if file.kind != "overlay" or not isinstance(file.tree, Map) or not file.sound:
        raise Refused("这个文件现在有错，先在“规则”里改好", "the file has errors; mend it under “rules” first")
    old = TextFile(file.name, file.source.text, units=file.source.units)
    path = _path(file, wish)
    if wish.kind == "threshold":
        new = _threshold(old, file.tree, wish)
    else:
        new = put_entry(old, file.tree, path, list(_values(wish)))
    now = snapshot.with_text(file.path, new.text)
    found = told_anew(snapshot.slices.check_all(None), now.slices.check_all(None))
    return Made(old.text, new.text, tuple(found), path, now.files[file.path].tree)


def _path(file: File, wish: Wish) -> tuple[str, ...]:
    """The keys to the entry."""
    if wish.kind == "threshold":
        return (*PATHS[wish.kind], wish.target)
    key = wish.key or _new_key(file, wish)
    return (*PATHS[wish.kind], *(key.split(".", 1) if wish.kind == "fact" else (key,)))


def _new_key(file: File, wish: Wish) -> str:
    """The key of a new entry."""
    if wish.kind == "exemption":
        held = {one.key for one in present(file) if one.kind == "exemption"}
        if wish.target in held:
            raise Refused(
                f"`{wish.target}` 已经有一项豁免，打开那一项改", f"`{wish.target}` has an exemption; open that one"
            )
        return wish.target
    words = _ids(file)
    free = (f"local_{wish.kind}_{number}" for number in range(1, len(words) + 2))
    id_ = wish.id or next(one for one in free if one not in words)
    return id_ if wish.kind == "requirement" else f"{wish.target}.{id_}"


def taken(file: File, wish: Wish) -> tuple[Fault, ...]:
    """That a new id is one of the file already, told at its field."""
    if wish.key or not wish.id or wish.id not in _ids(file):
        return ()
    return (Fault("id", f"标识 {wish.id} 在这个文件里已经有了，另取一个", f"the id {wish.id} is taken in this file"),)


def _ids(file: File) -> set[str]:
    return set(re.findall(r"[a-z][a-z0-9_]*", file.source.text))


def _values(wish: Wish) -> Iterator[Value]:
    yield Value("label", wish.label)
    if wish.kind == "fact":
        yield from _fact(wish)
        yield Value("cites", wish.cites)
        return
    yield Value("cites", wish.cites)
    other = "when" if wish.sense == "unless" else "unless"
    yield Value(wish.sense, wish.expression, "expression")
    yield Value(other, "", "expression")
    yield Value("from", "" if wish.start is None else wish.start.isoformat(), "plain")
    yield Value("document", wish.document)
    yield Value("effect", wish.effect if wish.effect in _EFFECTS else "", "plain")


def _fact(wish: Wish) -> Iterator[Value]:
    for kind in FACT_KINDS:
        text = "" if kind != wish.fact_kind else wish.unit or "yes" if kind in ("unit", "whole") else "yes"
        yield Value(kind, text, "text" if kind in ("unit", "whole") and text != "yes" else "plain")
    plain = wish.default in ("yes", "no") or _AMOUNT.fullmatch(wish.default)
    yield Value("default", wish.default, "plain" if plain else "text")


def _threshold(old: TextFile, tree: Map, wish: Wish) -> TextFile:
    """A block from its day on; a value that stood alone becomes the first of the list."""
    held = tree.get("set")
    present_value = held.get(wish.target) if isinstance(held, Map) else None
    start = wish.start
    assert start is not None, "it was asked"
    block = list(_block(wish, start))
    if isinstance(present_value, Scalar) and isinstance(held, Map):
        first = [f"value: {_amount(present_value.text)}"]
        return _as_list(old, held, wish.target, [first, block])
    return insert_block(old, tree, wish.target, start, block, partial=False, again=True)


def _block(wish: Wish, start: date) -> Iterator[str]:
    yield f"from: {start}"
    if wish.document:
        yield f"document: {yaml_text(wish.document)}"
    if wish.effect:
        yield f"effect: {wish.effect}"
    yield f"value: {_amount(wish.value)}"


def _amount(text: str) -> str:
    """As files have amounts: with nothing around them."""
    return text if _AMOUNT.fullmatch(text) else yaml_text(text)


def _as_list(old: TextFile, held: Map, name: str, blocks: Sequence[Sequence[str]]) -> TextFile:
    key, value = next((key, value) for key, value in held.entries if key.text == name)
    if held.flow:
        raise Refused("`set` 写在花括号里，请在文件里改", "`set` is written in braces; change it in the file")
    indent = " " * (key.span.column + 1)
    lines = [f"\n{indent}{'- ' if at == 0 else '  '}{line}" for block in blocks for at, line in enumerate(block)]
    start = outer(value).start
    while old.text[start - 1] == " ":
        start -= 1
    return old.edited([TextEdit(Span(old.source, start, outer(value).end), "".join(lines))])
