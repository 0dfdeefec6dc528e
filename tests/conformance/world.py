"""The entries of expressions, put into a policy as its authors would write them.

In: world/ (a policy with all names that entries speak of) and the entries.  Out: of each spelling its checked policy,
in which the expression is an output (a requirement where a truth is asked for, a term where it has parts or speaks of
what it replaces), or the diagnostics that an author would get. All spellings stand in one overlay, read and checked at
once by the loader that reads every policy; a policy of one of them keeps the rules of the world and its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from engine.diagnostics import Diagnostic, Reporter, render
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.household import read_household
from engine.language import ast
from engine.language.core import CoreExpression
from engine.language.parser import parse_expression
from engine.language.values import UNKNOWN, Value
from engine.policy.checked import CheckedPolicy
from engine.policy.loader import read_library
from engine.policy.replaced import term_of
from engine.policy.slices import Slices
from engine.source import Source, Span
from tests.conformance.answer import Answer, Backend
from tests.conformance.comparable import DECLARED_UNITS
from tests.conformance.household import as_json
from tests.conformance.suite import HERE, Entry, Faults, entries

WORLD: Final = HERE / "world"
DAY: Final = date(2022, 11, 10)
COUNTY: Final = "140105"
WHO: Final = {"id": "h", "filed": DAY.isoformat(), "here": COUNTY}
_TRUTHS: Final[Mapping[str, Value]] = {"met": True, "unmet": False, "undetermined": UNKNOWN}


@dataclass(frozen=True, slots=True, eq=False)
class Spelling:
    """One of the texts of an entry; `key` is the id of what stands for it in the policy."""

    entry: Entry
    text: str
    key: str

    @property
    def told(self) -> str:
        """The id of the output that tells its value."""
        return f"{self.key}_told" if self.is_term else self.key

    @property
    def is_condition(self) -> bool:
        return self.entry.unless or self.entry.asked == "truth"

    @property
    def is_term(self) -> bool:
        return self.entry.term is not None or bool(self.entry.previous)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A spelling that was understood: its expression, and the policy that has it and the world's rules."""

    spelling: Spelling
    core: CoreExpression
    policy: CheckedPolicy

    def value(self, backend: Backend, facts: HouseholdFacts) -> Value:
        answer: Answer = backend(self.policy, facts, DAY, None)
        if self.spelling.is_condition:
            return _TRUTHS[answer.findings[f"requirements.{self.spelling.key}"]]
        return answer.outputs[self.spelling.told]


@cache
def spellings() -> tuple[Spelling, ...]:
    return tuple(
        Spelling(entry, text, f"x{place}_{number}")
        for place, entry in enumerate(entries())
        for number, text in enumerate(entry.texts)
    )


@cache
def decided() -> Mapping[str, tuple[Asked, ...]]:
    """Every entry that has a value, by its id, in each of its spellings."""
    wanted = [one for one in spellings() if not isinstance(one.entry.expected, Faults)]
    found: dict[str, tuple[Asked, ...]] = {}
    for asked in understood(wanted):
        id = asked.spelling.entry.id
        found[id] = (*found.get(id, ()), asked)
    return found


@cache
def faults() -> Mapping[str, tuple[Diagnostic, ...]]:
    """What is found in each spelling that has a fault, by its key.

    A fault of syntax hides those of names, types and units, so what had none is looked at again without what had.
    """
    waiting = [one for one in spellings() if isinstance(one.entry.expected, Faults)]
    found: dict[str, tuple[Diagnostic, ...]] = {}
    while waiting:
        written = _Written(waiting)
        policy, report = written.read()
        by_key = written.by_key(report)
        found |= by_key
        left = [one for one in waiting if one.key not in by_key]
        if policy is not None or len(left) == len(waiting):
            return found
        waiting = left
    return found


@cache
def facts_of(entry: Entry) -> HouseholdFacts:
    """What an entry says of its household, read as every household is."""
    world = world_policy()
    return read_household(as_json({**WHO, **entry.given}, world.merged.elements), world)


@cache
def world_policy() -> CheckedPolicy:
    """The world alone."""
    return _sound(*_Written([]).read())


def understood(wanted: Iterable[Spelling]) -> Iterator[Asked]:
    """Spellings without a fault, all checked in one go."""
    held = list(wanted)
    policy = _sound(*_Written(held).read())
    names = set(world_policy().rules.terms)
    rules = policy.rules
    world = replace(
        rules, terms={key: term for key, term in rules.terms.items() if key in names}, requirements={}, outputs={}
    )
    for one in held:
        if one.is_condition:
            condition = rules.requirements[one.key]
            core, alone = condition.core, replace(world, requirements={one.key: condition})
        else:
            output = rules.outputs[one.told]
            own = {key: term for key, term in rules.terms.items() if term_of(key[1]) == one.key}
            core = rules.terms["", one.key].core if one.is_term else output[1]
            alone = replace(world, outputs={one.told: output}, terms={**world.terms, **own})
        yield Asked(one, core, replace(policy, rules=alone))


def written(wanted: Iterable[Spelling], folder: Path) -> str:
    """Write the overlays in which some spellings stand; the id of the one to ask by."""
    return _Written(wanted).write(folder)


def parsed(text: str, name: str) -> ast.Expression:
    source = Source(name, text, DECLARED_UNITS)
    tree = parse_expression(Span(source, 0, len(text)), Reporter())
    if tree is None:
        raise ValueError(f"{name}: {text}")
    return tree


def _sound(policy: CheckedPolicy | None, report: Reporter) -> CheckedPolicy:
    if policy is None:
        raise ValueError("\n".join(render(found) for found in report))
    return policy


# ---- the overlay of the entries


_HEAD: Final = """\
format: 1
overlay: {name}
title: {name}
amends: {amends}
jurisdiction: "{jurisdiction}"
document: 测民发〔2022〕2号
from: 2022-01-01
published: 2022-01-01
"""


class _Written:
    """The overlays in which some spellings stand, one on each line: an overlay of the city adds them all, one of the
    county replaces those that speak of a previous definition."""

    def __init__(self, wanted: Iterable[Spelling]) -> None:
        self._held = {one.key: one for one in wanted}
        held = self._held.values()
        added = {
            "terms": [_term(one) for one in held if one.is_term],
            "outputs": [_output(one) for one in held if not one.is_condition],
            "requirements": [_requirement(one) for one in held if one.is_condition],
        }
        replaced = [one for one in held if one.entry.previous]
        lines = [_HEAD.format(name="entries", amends="world", jurisdiction=COUNTY[:4]), "add:\n"]
        for section, elements in added.items():
            lines += [f"  {section}:\n", *elements] if elements else []
        if replaced:
            lines += ["local:\n  replace:\n    terms:\n", *(f"      {one.key}: any\n" for one in replaced)]
        self._texts = {"entries": "".join(lines)}
        if replaced:
            head = _HEAD.format(name="replacing", amends="entries", jurisdiction=COUNTY)
            body = "".join(f"    {one.key}: {{is: {_quoted(one.text)}}}\n" for one in replaced)
            self._texts["replacing"] = f"{head}replace:\n  terms:\n{body}"

    def write(self, folder: Path) -> str:
        """Returns: the overlay that stands on the others."""
        for name, text in self._texts.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return list(self._texts)[-1]

    def read(self) -> tuple[CheckedPolicy | None, Reporter]:
        with TemporaryDirectory() as folder:
            last = self.write(Path(folder))
            library = read_library([WORLD, Path(folder)])
            return Slices(library).checked(library.line_to(last), COUNTY, DAY, None)

    def by_key(self, report: Reporter) -> dict[str, tuple[Diagnostic, ...]]:
        """The diagnostics of each spelling. Each element stands on a line of its own, which begins with its key."""
        found: dict[str, tuple[Diagnostic, ...]] = {}
        by_told = {one.told: one.key for one in self._held.values()}
        for one in report:
            line = one.span.source.text.splitlines()[one.span.line - 1].strip() if one.span else ""
            name = line.partition(":")[0]
            key = by_told.get(name, name)
            if key not in self._held:
                raise ValueError(render(one))
            found[key] = (*found.get(key, ()), one)
        return found


def column(found: Diagnostic, spelling: Spelling) -> int | None:
    """Where in the expression a diagnostic points, counted from 1."""
    if found.span is None:
        return None
    begins = found.span.source.text.splitlines()[found.span.line - 1].find(_quoted(spelling.text))
    return found.span.column - begins - 1


def _output(one: Spelling) -> str:
    text = one.key if one.is_term else one.text
    if "\n" in text:
        return f"    {one.told}:\n      label: '#'\n      is: {_quoted(text)}"
    unit = f", unit: '{one.entry.asked}'" if one.entry.asked else ""
    return f"    {one.told}: {{label: '#', is: {_quoted(text)}{unit}}}\n"


def _requirement(one: Spelling) -> str:
    return f"    {one.key}: {{label: '#', {'unless' if one.entry.unless else 'when'}: {_quoted(one.text)}}}\n"


def _term(one: Spelling) -> str:
    if one.entry.previous:
        return f"    {one.key}: {{label: '#', is: {_quoted(one.entry.previous)}}}\n"
    assert one.entry.term is not None
    ((kind, parts),) = one.entry.term.items()
    inner = ", ".join(f"{id}: {_quoted(text)}" for id, text in parts.items())
    return f"    {one.key}: {{label: '#', {kind}: {{{inner}}}}}\n"


def _quoted(text: str) -> str:
    """An expression as a value of YAML: on one line as far as it goes, for quoted texts may hold no escapes."""
    if "\n" in text:
        return "|\n" + "".join(f"        {line}\n" for line in text.splitlines())
    return f'"{text}"' if "'" in text else f"'{text}'"
