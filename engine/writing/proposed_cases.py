"""Proposed cases as a case file: each with what it is for, marked as not yet confirmed by a person.

In: households with the answer each gets, and sentences.  Out: the text of a case file, the same for the same.
Imports yaml_text, policy and the ground floor.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from engine.language.types import Place
from engine.policy.model import Elements, Fact
from engine.records import dataclass
from engine.say import Say
from engine.writing.yaml_text import yaml_text

_NO_NAME = re.compile(r"[\s\[\]@,，/\\]+")
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_ID = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)
_UNKNOWN = ("unknown", "未知", "absent", "不填")
_LONGEST_NAME = 76
"""of a case; a number may follow"""


@dataclass(frozen=True, slots=True)
class Case:
    """Attributes:
    name: of what it is proposed for.
    shows: sentences; the first is why it was proposed.
    expect: entries of `expect`, each a line.
    days: `as_of` and `known_on`, where they are given.
    confirmed: whether a person has said that the law answers so.
    """

    name: str
    shows: tuple[str, ...]
    household: Mapping[str, Any]
    expect: tuple[str, ...]
    given: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False


def case_file(
    policy: str,
    given: Mapping[str, str],
    cases: Sequence[Case],
    below: Iterable[str],
    elements: Elements,
    schema: str,
    say: Say,
) -> str:
    """Args:
    below: what is told after the cases, as comments.
    schema: the address of the case files' JSON Schema for editors, or "".
    """
    lines = [f"# yaml-language-server: $schema={schema}", "#"] if schema else []
    lines += [
        say(
            "# 由 doudi generate 提出的用例。expect 是程序的结论，不是公文的：逐个核对，改正，\n"
            "# 再把 confirmed: 否 一行删去。",
            "# Proposed by doudi generate. What stands under expect is the program's answer, not the law's:\n"
            "# check each, put it right, then take the line confirmed: no away.",
        ),
        say("# 没有确认的用例，doudi test 不算通过。", "# Cases that nobody has confirmed do not pass doudi test."),
        "",
        f"cases: {policy}",
        f"title: {say('待确认的用例', 'Cases to be confirmed')}",
    ]
    if given:
        lines.append(f"given: {{{', '.join(f'{name}: {value}' for name, value in given.items())}}}")
    lines += ["", "tests:" if cases else "tests: {}"]
    names: Counter[str] = Counter()
    for case in cases:
        name = _NO_NAME.sub("_", case.name)[:_LONGEST_NAME]
        names[name] += 1
        lines += case_lines(name if names[name] == 1 else f"{name}.{names[name]}", case, elements, say)
    lines += [f"# {line}" for line in below]
    return "\n".join(lines).rstrip("\n") + "\n"


def case_lines(name: str, case: Case, elements: Elements, say: Say) -> Iterator[str]:
    why, *others = case.shows
    yield f"  {name if _ID.fullmatch(name) else yaml_text(name)}:"
    yield f"    why: {yaml_text(why)}"
    for one in others:
        yield say(f"    # 也检验：{one}", f"    # also: {one}")
    if not case.confirmed:
        yield say("    confirmed: 否  # 待确认", "    confirmed: no  # to be confirmed")
    yield from (f"    {key}: {day}" for key, day in case.days.items())
    if case.given:
        yield f"    given: {{{', '.join(f'{name}: {value}' for name, value in case.given.items())}}}"
    yield "    household:"
    for key, value in case.household.items():
        if key in elements.collections and value is not None:
            yield f"      {key}:" + ("" if value else " []")
            for one in value:
                told = ", ".join(f"{id}: {_text(held, elements.fact(key, id))}" for id, held in one.items())
                yield f"        - {{{told}}}"
        else:
            yield f"      {key}: {_text(value, elements.facts.get(key))}"
    yield "    expect:"
    yield from (f"      {line}" for line in case.expect)
    yield ""


def _text(value: Any, fact: Fact | None) -> str:
    if value is None:
        return _UNKNOWN[0]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "[" + ", ".join(_quoted(one) for one in value) + "]"
    is_place = fact is not None and isinstance(fact.type, Place)
    return value if _PLAIN.fullmatch(value) and not is_place else _quoted(value)


def _quoted(text: str) -> str:
    """In quotes where it would be read as a word for that something is not known, or not stated."""
    return f'"{text}"' if text in _UNKNOWN else yaml_text(text)
