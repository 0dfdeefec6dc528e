"""Whether a thing may be called by a new word: as far as its form goes, and what else is called so.

In: an `Index`, a `Thing`, its old word and the new one.  Out: `Refused`, or None.
Imports occurrences, refused, scopes, things, policy (build, fields), language (words) and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.editing.occurrences import Index
from engine.editing.refused import Refused
from engine.editing.scopes import MAIN, Scope
from engine.editing.things import Thing
from engine.language.words import HOUSEHOLD_NAMES, SELF_NAMES, WORDS, is_name
from engine.policy.build import RESERVED
from engine.policy.fields import identifier

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SAID_ELSE = {*RESERVED, *HOUSEHOLD_NAMES, *SELF_NAMES.values(), "null", "text", "value", "unit"}
"""words that stand for something else where things are named"""
_FREE = ("base", "case", "column")
"""what its author calls as he likes"""
_LONGEST = 80


def refusal(index: Index, thing: Thing, old: str, new: str) -> Refused | None:
    return _form(thing, old, new) or _taken(index, thing, new)


def _form(thing: Thing, old: str, new: str) -> Refused | None:
    if thing.kind in _FREE or (thing.kind == "option" and old != thing.id):
        if new and len(new) <= _LONGEST and new.isprintable() and not re.search("[,\"'#:{}\\[\\]]", new):
            return None
        return Refused(
            f"`{new}` 不能这样用：不能为空，不能有逗号、引号、冒号、# 和括号",
            f"`{new}` cannot be used: it must not be empty nor hold commas, quotes, colons, # or brackets",
        )
    if old == thing.id and thing.kind != "state" and not _ID.fullmatch(new):
        return Refused(
            f"标识 `{new}` 要以小写字母开头，由小写字母、数字和下划线组成",
            f"an id begins with a small letter and holds small letters, digits and underscores only: `{new}` does not",
        )
    if new in _SAID_ELSE:
        return Refused(f"`{new}` 在这门语言里另有所指", f"`{new}` stands for something else in the language")
    if thing.kind in (*MAIN, "state", "condition") and not (is_name(new) and identifier(new)):
        return Refused(
            f"`{new}` 不能作名称：名称由汉字、字母、数字和下划线组成，不以数字开头，也不能是表达式里的词",
            f"`{new}` cannot be a name: a name holds letters, digits and underscores, does not begin with a digit, "
            "and is no word of the language",
        )
    words = {spelling for word in WORDS.values() for spelling in (*word.zh, *word.en)}
    if thing.kind in MAIN and new in words:
        return Refused(f"`{new}` 是表达式里的词", f"`{new}` is a word of the language")
    return None


def _taken(index: Index, thing: Thing, new: str) -> Refused | None:
    """Another thing that is called so, in any document in which this one has a name."""
    for document in (*index.documents, ""):
        alone = thing.kind == "document" or thing.document not in index.documents
        if thing.document in index.line(document) or (alone and not document):
            scope = index.scope(document) if document else index.everything
            for other in _called(scope, thing, new):
                if other != thing:
                    return Refused(
                        f"`{new}` 已经是 {other.key.line_place} 的名称",
                        f"`{new}` is taken by what is declared at {other.key.line_place}",
                    )
    return None


def _called(scope: Scope, thing: Thing, new: str) -> Iterator[Thing]:
    """What shares a namespace with a thing: of items also the household, and of the household all items."""
    group, owner = scope.space(thing)
    yield from scope.in_space(group, owner, new)
    if group == "main":
        yield from scope.main(new)
        for collection in () if owner else scope.collections():
            yield from scope.field(collection, new)
        yield from (one for one in scope.things if one.kind == "state" and one.name == new)
    elif group == "condition":
        yield from scope.condition("all", new) if owner == "all" else scope.condition(owner, new)
    elif thing.kind == "state":
        yield from scope.main(new)
