"""A household that was tried, as a case: without names, under ids of its own, with the answer it got for a person to
confirm.

In: a household as its JSON has it (amounts as texts), the elements of its policy, the answer.  Out: the text of a case
file with one case. Imports proposed_cases, policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.language.types import ItemOf
from engine.policy.model import Collection, Elements, Fact, identity_of
from engine.say import Say
from engine.writing.new_case import NAME
from engine.writing.proposed_cases import Case, case_lines
from engine.writing.refused import Refused

HOUSEHOLD: Final = "T-1"


def saved_case(
    name: str,
    why: str,
    policy: str,
    household: Mapping[str, Any],
    elements: Elements,
    expected: str,
    days: Mapping[str, str],
    say: Say,
) -> str:
    """Args:
        expected: the answer, as an entry of `expect`.
        days: `as_of` and `known_on`, where they are given.
    Raises: Refused where the name cannot be one, or a text holds what no file can.
    """
    if not NAME.fullmatch(name):
        raise Refused(
            f"`{name}` 不能作用例的名字：1 到 80 个字，不含空格、方括号、@、逗号和斜线",
            f"`{name}` cannot name a case: 1 to 80 characters, no blanks, [ ] @ , /",
        )
    case = Case(name, (why,), nameless(household, elements), (expected,), days=days)
    lines = [
        say(
            "# 由试算保存的用例：姓名已去掉，编号已换掉。expect 是程序的结论，不是公文的：核对，改正，\n"
            "# 再把 confirmed: 否 一行删去。",
            "# Saved from a trial: without names, under other ids. What stands under expect is the program's answer,\n"
            "# not the law's: check it, put it right, then take the line confirmed: no away.",
        ),
        "",
        f"cases: {policy}",
        f"title: {say('试算保存的用例', 'Cases saved from trials')}",
        "",
        "tests:",
        *case_lines(name, case, elements, say),
    ]
    text = "\n".join(lines).rstrip("\n") + "\n"
    hidden = next((char for char in text if not char.isprintable() and char != "\n"), None)
    if hidden is not None:
        code = f"U+{ord(hidden):04X}"
        raise Refused(
            f"家庭信息里有看不见的字符 {code}，删去后再保存",
            f"the household holds the invisible character {code}; take it out",
        )
    return text


def confirmed_cases(policy: str, cases: Sequence[Case], elements: Elements, say: Say) -> str:
    """The text of a case file whose answers a person has confirmed."""
    lines = [
        say(
            "# 程序按改动提出的家庭，结论由人核对过。",
            "# Households that the program proposed for a change; a person has checked the answers.",
        ),
        "",
        f"cases: {policy}",
        f"title: {say('改动的用例', 'Cases of a change')}",
        "",
        "tests:",
    ]
    lines += [line for case in cases for line in case_lines(case.name, case, elements, say)]
    return "\n".join(lines).rstrip("\n") + "\n"


def nameless(household: Mapping[str, Any], elements: Elements) -> dict[str, Any]:
    """Without private facts, every id replaced: by it nobody can be found again. What refers to an item still does."""
    renamed = {id: dict(_numbers(household.get(id), one)) for id, one in elements.collections.items()}
    kept: dict[str, Any] = _kept(household, elements.facts, HOUSEHOLD, renamed)
    for id, collection in elements.collections.items():
        if id in household:
            items = household[id]
            kept[id] = items and [
                _kept(item, collection.facts, str(number), renamed) for number, item in enumerate(items, 1)
            ]
    return kept


def _numbers(items: Any, collection: Collection) -> Iterator[tuple[str, str]]:
    identity = identity_of(collection)
    for number, item in enumerate(items or (), 1):
        if identity is not None and identity.id in item:
            yield item[identity.id], str(number)


def _kept(
    held: Mapping[str, Any], facts: Mapping[str, Fact], id: str, renamed: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in held.items():
        fact = facts.get(key)
        if fact is None or fact.private:
            continue
        if fact.role == "identity":
            value = id
        elif isinstance(fact.type, ItemOf):
            value = renamed.get(fact.type.collection, {}).get(value, value)
        found[key] = value
    return found
