"""JSON paths and keys of a decision in the words of its policy.

In: `members[0].medical_gross`, or the key of a parameter.  Out: whose it is, and the label of the fact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.evaluation.told import Missing, ParameterUse
from engine.gathered import gathered
from engine.language.types import Choice, Place, Quantity, Several
from engine.messages.ranges import range_text
from engine.policy.keys import amount_words, declared_key, key_type
from engine.policy.model import Elements, Fact, MergedPolicy
from engine.reporting.figures import truth
from engine.reporting.words import Words

_ITEM = re.compile(r"(\w+)\[(\d+)\](?:\.(\w+))?")


def owner(path: str, elements: Elements, words: Words) -> str:
    """Whose fact it is: `家庭成员第 1 人`, or "" for the household's own."""
    place = _place(path)
    return "" if place is None else _owners(place[0], [place[1]], elements, words)


def _place(path: str) -> tuple[str, int] | None:
    found = _ITEM.fullmatch(path)
    return None if found is None else (found[1], int(found[2]) + 1)


def _owners(collection: str, numbers: Sequence[int], elements: Elements, words: Words) -> str:
    declared_as = elements.collections.get(collection)
    name = collection if declared_as is None else declared_as.name or declared_as.label
    key = f"item_{declared_as.unit}" if declared_as is not None else "item"
    counted = words.enumerated([str(number) for number in numbers])
    return words(key if words.knows(key) else "item", collection=name, number=counted)


def declared(path: str, elements: Elements) -> Fact | None:
    found = _ITEM.fullmatch(path)
    if found is None:
        return elements.facts.get(path)
    collection = elements.collections.get(found[1])
    return None if collection is None or found[3] is None else collection.facts.get(found[3])


def grouped(paths: Sequence[tuple[str, str]], elements: Elements, words: Words) -> list[tuple[str, list[str]]]:
    """(path, text) pairs as (owner, texts): the household's own first, items of which the same is said together."""
    said = gathered((_place(path), text) for path, text in paths)
    own = said.pop(None, [])
    alike = gathered(((place[0], tuple(texts)), place[1]) for place, texts in said.items() if place is not None)
    items = [(_owners(name, numbers, elements, words), list(texts)) for (name, texts), numbers in alike.items()]
    return [("", own), *items] if own else items


def json_value(value: object, fact: Fact | None, words: Words) -> str:
    """A value as the household's JSON has it, in words: 否, 0 元, 非在学."""
    if isinstance(value, bool):
        return truth(value, words.language)
    kind = None if fact is None else fact.type
    if isinstance(value, str) and isinstance(kind, Choice):
        return dict(kind.options).get(value, value)
    if isinstance(value, list | tuple | frozenset | set):
        options = dict(kind.of.options) if isinstance(kind, Several) and isinstance(kind.of, Choice) else {}
        texts = [options.get(str(one), str(one)) for one in value]
        return words.enumerated(texts) or words.say("无", "none")
    if fact is not None and isinstance(kind, Quantity) and fact.unit_text:
        return f"{value} {amount_words(fact.unit_text)}"
    return str(value)


def key_text(asked: ParameterUse | Missing, merged: MergedPolicy, words: Words) -> str:
    """The key of a value: `140602 朔城区、城市`; with its day where that is not the decision's."""
    day = [] if asked.on is None else [words("on_day", day=asked.on.isoformat())]
    parameter = merged.elements.parameters.get(asked.parameter)
    last = parameter.by[-1] if parameter is not None and parameter.marginal else ""
    parts = [_key_part(name, part, merged, words, marginal=name == last) for name, part in asked.key]
    return words.enumerated([*parts, *day])


def _key_part(name: str, part: str, merged: MergedPolicy, words: Words, *, marginal: bool) -> str:
    """A county with its name, an option by its label, a number or a range behind what it is of."""
    text = part_text(name, part, merged, words, marginal=marginal)
    held = declared_key(merged.elements, name)
    match key_type(merged.elements, name):
        case Place():
            return part if text == part else f"{part} {text}"
        case Quantity() if held is not None:
            return f"{held.name or held.label}{words.after_word(text)}"
    return text


def part_text(name: str, part: str, merged: MergedPolicy, words: Words, *, marginal: bool = False) -> str:
    """A county by its name, an option by its label, a range as people write it."""
    match key_type(merged.elements, name):
        case Place():
            return merged.divisions.name_of(part) or part
        case Choice(options=options):
            return dict(options).get(part, part)
    held = declared_key(merged.elements, name)
    unit = "" if held is None else amount_words(held.unit_text)
    return range_text(part, unit, words.language, marginal=marginal)
