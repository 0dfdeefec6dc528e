"""A case, begun: a household of the policy's own facts, and the answer it gets, for a person to put right.

In: the merged elements of a policy, and a function that decides a household.  Out: the text of a case file, which
`test` passes as it is. Beside what a household must state it holds all that the answer can rest on.
Imports home, yaml_text, policy, language and the ground floor; the caller passes in what decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from engine.diagnostics import Reporter
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Truth
from engine.language.units import is_of_amounts
from engine.policy.loader import Library
from engine.policy.model import Collection, Elements, Fact, Parameter, show_decimal
from engine.policy.overlay import merge
from engine.policy.rows import rows_of_parameter
from engine.policy.tables import cells_in_force
from engine.records import dataclass
from engine.writing.home import counties_of, overlay_named
from engine.writing.refused import Refused
from engine.writing.yaml_text import yaml_text

Value: TypeAlias = str | bool | list[str]
Item: TypeAlias = dict[str, Value]
Household: TypeAlias = dict[str, "Value | list[Item]"]

NAME = re.compile(r"[^\s\[\]@,，/\\]{1,80}")
_AMOUNT = "20000"
_FIRST = "1"
"""the id of the first item of each list"""


Decider: TypeAlias = Callable[[Household], str]
"""what a case states of the answer that a household gets, as an entry of `expect`"""
Used: TypeAlias = frozenset[tuple[str, str]]
"""(collection, id) of the facts that the answer can rest on, and (collection, "") of collections"""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when the household applies; `given`: parameters that the case fixes, with their values."""

    policy: str
    place: str
    place_name: str
    day: date
    given: Mapping[str, str]


def setting_for(library: Library, policy: str | None, day: date, *, fixed: bool = True) -> tuple[Setting, Elements]:
    """Where a new case applies, and what its policy declares.

    A value that depends on the place is fixed where the policy is for many places, so that the case runs in each of
    them, and where the place has none.

    Args:
        fixed: whether it is where the policy is for many places and the place has one.
    """
    roots = [held.header.id for held in library.roots()]
    if policy is None and len(roots) != 1:
        ids = " ".join(sorted(library.documents))
        raise Refused(f"用 --policy 指明哪一份政策：{ids}", f"choose the policy with --policy: {ids}")
    named = roots[0] if policy is None else policy
    document = library.documents[named] if named in roots else overlay_named(library, named)
    chain = library.chain(library.whole_line(document.header.id))
    if chain is None:
        raise Refused(f"`{named}` 有错，先运行 doudi check", f"`{named}` has errors; run doudi check first")
    merged = merge(chain, Reporter())
    counties = counties_of(merged, document.header.jurisdiction)
    if not counties:
        raise Refused(f"`{named}` 的地域里没有县（市、区）", f"there is no county in the jurisdiction of `{named}`")
    places = {fact.id for fact in merged.elements.facts.values() if fact.role == "place"}
    by_place = {one.id: one for one in merged.elements.parameters.values() if places.intersection(one.by)}
    rows = {id: rows_of_parameter(one) for id, one in by_place.items()}

    def lacking(place: str) -> list[Parameter]:
        return [one for id, one in by_place.items() if not cells_in_force(rows[id], place, day)]

    county = min(counties, key=lambda one: len(lacking(one.code)))
    given = {one.id: _value(one) for one in (by_place.values() if document.is_root and fixed else lacking(county.code))}
    return Setting(document.header.id, county.code, county.name, day, given), merged.elements


def _value(parameter: Parameter) -> str:
    if not isinstance(parameter.type, Quantity):
        return "2024-01-01" if isinstance(parameter.type, DateType) else "no"
    return f"{'700' if is_of_amounts(parameter.type.unit.dimension) else '1'} {parameter.unit_text}".strip()


def new_case(id_: str, elements: Elements, setting: Setting, used: Used, decide: Decider, schema: str) -> str:
    """The text of a case file with one case.

    Args:
        schema: the address of the case files' JSON Schema for editors, or "".
    """
    if not NAME.fullmatch(id_):
        raise Refused(
            f"`{id_}` 不能作用例的名字：不含空格、方括号、@、逗号和斜线",
            f"`{id_}` cannot name a case: no blanks, [ ] @ , /",
        )
    household = _household(id_, elements, setting, used)
    expected = decide(household)
    lines = [f"# yaml-language-server: $schema={schema}", "#"] if schema else []
    lines += [
        "## 用例：一个家庭和应有的结论。改了政策以后运行 doudi test，看结论还对不对。",
        "## 把家庭改成要试的情形，把 expect 改成按公文应有的结论（不是程序给出的结论），why 写依据。",
        "",
        f"cases: {setting.policy}",
        "title: 示例用例",
    ]
    if setting.given:
        lines.append(f"given: {{{', '.join(f'{name}: {value}' for name, value in setting.given.items())}}}")
    lines += [
        "",
        "tests:",
        f"  {yaml_text(id_)}:",
        "    why: 示例；这里写这个用例说明什么，依据哪一条",
        "    household:",
    ]
    lines += [f"      {line}".rstrip() for line in _written(household, elements, setting)]
    lines += ["    expect:", f"      {expected}"]
    return "\n".join(lines) + "\n"


# ---- the household


def _household(id_: str, elements: Elements, setting: Setting, used: Used) -> Household:
    household: Household = {}
    for fact in elements.facts.values():
        if fact.role == "identity":
            household[fact.id] = id_
        elif fact.role == "as_of":
            household[fact.id] = str(setting.day)
        elif fact.role == "place":
            household[fact.id] = setting.place
        elif _asked(fact, used):
            household[fact.id] = _sample(fact, setting.place)
    referred = {
        fact.type.collection for fact in elements.all_facts() if isinstance(fact.type, ItemOf) and _asked(fact, used)
    }
    for collection in elements.collections.values():
        if collection.required or collection.at_least or collection.id in referred:
            household[collection.id] = [
                _item(collection, number, setting.place, used) for number in range(1, max(1, collection.at_least) + 1)
            ]
        elif any(owner == collection.id for owner, _ in used):
            household[collection.id] = []
    return household


def _item(collection: Collection, number: int, place: str, used: Used) -> Item:
    facts = collection.facts.values()
    return {
        fact.id: str(number) if fact.role == "identity" else _sample(fact, place)
        for fact in facts
        if fact.role == "identity" or _asked(fact, used)
    }


def _asked(fact: Fact, used: Used) -> bool:
    return fact.required or (fact.default is None and (fact.collection, fact.id) in used)


def _sample(fact: Fact, place: str) -> Value:
    match fact.type:
        case Truth():
            return False
        case Quantity(unit=unit):
            return _AMOUNT if is_of_amounts(unit.dimension) else "1"
        case DateType():
            return "1980-01-01"
        case Choice(options=((first, _), *_)):
            return first
        case Several():
            return []
        case ItemOf():
            return _FIRST
        case kind:
            return place if isinstance(kind, Place) else "示例"


# ---- its text


def _written(household: Household, elements: Elements, setting: Setting) -> Iterator[str]:
    for fact in elements.facts.values():
        if fact.id in household:
            value = household[fact.id]
            note = setting.place_name if fact.role == "place" else _note(fact)
            yield _line(fact.id, value if isinstance(value, str | bool) else [], note)
        elif fact.default is not None:
            yield "# " + _line(fact.id, _default(fact), _note(fact))
    for collection in elements.collections.values():
        items = household.get(collection.id)
        if not isinstance(items, list):
            continue
        yield f"{collection.id}:" + ("" if items else " []") + f"  # {collection.label}"
        for item in items:
            if isinstance(item, dict):
                yield from _item_lines(item, collection)


def _item_lines(item: Item, collection: Collection) -> Iterator[str]:
    dash = "  - "
    for fact in collection.facts.values():
        if fact.id in item:
            yield dash + _line(fact.id, item[fact.id], _note(fact))
            dash = "    "
    for fact in collection.facts.values():
        if fact.id not in item and fact.default is not None:
            yield "    # " + _line(fact.id, _default(fact), _note(fact))


def _line(key: str, value: Value, note: str) -> str:
    if isinstance(value, bool):
        shown = "yes" if value else "no"
    elif isinstance(value, list):
        shown = "[" + ", ".join(yaml_text(one) for one in value) + "]"
    else:
        plain = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|-?[1-9][0-9]*|0", value) and not re.fullmatch(
            r"[0-9]{6}", value
        )
        shown = value if plain and (key != "id" or "-" in value) else yaml_text(value)
    return f"{key}: {shown}  # {note}" if note else f"{key}: {shown}"


def _note(fact: Fact) -> str:
    match fact.type:
        case Choice(options=options):
            return f"{fact.label}：{'、'.join(f'{id_} {label}' for id_, label in options)}"
        case Quantity():
            return f"{fact.label}（{fact.unit_text}）" if fact.unit_text else fact.label
        case _:
            return fact.label


def _default(fact: Fact) -> Value:
    default = fact.default
    if isinstance(default, bool):
        return default
    if isinstance(default, frozenset):
        return sorted(str(one) for one in default)
    if isinstance(default, int | Fraction) and isinstance(fact.type, Quantity):
        return show_decimal(Fraction(default) / 10**fact.decimals)
    return str(default)
