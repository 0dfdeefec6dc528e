"""What a policy asks a household, as a list for people who fill it in or write the form.

In: the elements of a policy.  Out: lines, the household's own facts first, then each collection's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.policy.model import Elements, Fact
from engine.reporting.figures import typed
from engine.reporting.layout import Page
from engine.reporting.words import Words


def fact_lines(elements: Elements, words: Words, page: Page) -> Iterator[str]:
    for fact in elements.facts.values():
        yield from _fact(fact, 2, words, page)
    for collection in elements.collections.values():
        parts = [
            collection.unit,
            words("required") if collection.required else "",
            _optional(collection.optional, words),
        ]
        head = f"{collection.label} {collection.id}  {words.clause(parts)}  ‹{collection.origin.span.line_place}›"
        yield from page.paragraph(head, indent=2, hanging=4)
        for fact in collection.facts.values():
            yield from _fact(fact, 4, words, page)


def _optional(optional: bool, words: Words) -> str:
    return words("optional") if optional else ""


def _fact(fact: Fact, indent: int, words: Words, page: Page) -> list[str]:
    parts = [_kind(fact, words), words("required") if fact.required else "", _optional(fact.optional, words)]
    if fact.default is not None:
        parts.append(words("default", value=_default(fact, words)))
    head = f"{fact.label} {fact.id}{words.cites(fact.cites)}  {words.clause(parts)}"
    return page.paragraph(f"{head}  ‹{fact.origin.span.line_place}›", indent=indent, hanging=indent + 2)


def _default(fact: Fact, words: Words) -> str:
    value = fact.default
    if isinstance(value, bool | str | frozenset):
        return typed(value, fact.type, words.language)
    return str(value)


def _kind(fact: Fact, words: Words) -> str:
    say = words.say
    match fact.type:
        case Truth():
            return say("是/否", "yes/no")
        case DateType():
            return say("日期", "date")
        case Text():
            return say("文字", "text")
        case Place():
            return say("区划代码", "division code")
        case ItemOf(collection=collection):
            return say(f"{collection} 中一项的编号", f"id of an item of {collection}")
        case Choice(options=options) | Several(of=Choice(options=options)):
            return "、".join(f"{label} {option}" for option, label in options)
        case Several():
            return say("文字（可多项）", "several texts")
        case Quantity():
            return fact.unit_text or say("数", "number")
    assert_never(fact.type)
