"""Values that a case fixes: a checked policy in which a parameter has one value everywhere, a reading one option, and a
term of the household one value instead of being worked out.

In: a `CheckedPolicy` and the `Given`s of a case.  Out: a `CheckedPolicy` that differs in nothing else; its rules, and
its digest, are those of the policy. Imports policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import assert_never

from engine.diagnostics import Reporter
from engine.errors import PolicyError
from engine.identity import Same
from engine.language.core import Constant, Plain
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.language.units import declared_in, parse_unit
from engine.policy.build_cells import read_value
from engine.policy.cells import day_text, number_text
from engine.policy.checked import CheckedPolicy, Rules
from engine.policy.fields import read_amount, read_flag
from engine.policy.keys import is_amount, key_type
from engine.policy.model import (
    FIRST_CUT,
    LAST_CUT,
    AmountRange,
    Block,
    Cell,
    Elements,
    Key,
    KeyPart,
    MergedPolicy,
    Origin,
    Parameter,
    WholeRange,
)
from engine.suggest import Near
from engine.testing.expect import UNKNOWN_WORDS
from engine.testing.model import Given
from engine.tree import Scalar

_NULL = ("", "~", "null", *UNKNOWN_WORDS)


def read_given(id: Scalar, value: Scalar) -> Given:
    text = value.text.strip()
    return Given(id.text, "" if text in _NULL else text, value.span)


def settled(given: Given, elements: Elements) -> Given:
    """With the option of a reading by its id, and a number as a spreadsheet may write it in plain digits."""
    reading = elements.readings.get(given.id)
    if reading is not None:
        labels = {label: option for option, label in reading.type.options}
        return replace(given, value=labels.get(given.value, given.value))
    return replace(given, value=number_text(given.value) or given.value)


def check_given(given: Given, elements: Elements, report: Reporter) -> None:
    """Report a name that is no parameter, reading or term of the household, and a value that it cannot have.

    What a term can be is known only of the policy in force; `FixedPolicies` looks at its value.
    """
    parameter, reading = elements.parameters.get(given.id), elements.readings.get(given.id)
    if parameter is not None:
        _cell(given, parameter, report)
    elif given.id in elements.terms:
        if elements.terms[given.id].collection:
            report.tell("case-given-item", given.span, name=given.id)
        elif not given.value:
            report.tell("case-given-value", given.span, name=given.id, text="unknown")
    elif reading is None:
        near = Near(given.id, [*elements.parameters, *elements.readings, *elements.terms])
        report.tell("case-unknown-given", given.span, name=given.id, suggestion=near)
    elif given.value not in dict(reading.type.options):
        options = [option for option, _ in reading.type.options]
        near = Near(given.value, options)
        report.tell("case-unknown-option", given.span, reading=given.id, option=given.value, suggestion=near)


def is_portable(given: Iterable[Given], elements: Elements) -> bool:
    """Whether every parameter that depends on the place is fixed."""
    fixed = {one.id for one in given}
    places = {fact.id for fact in elements.facts.values() if fact.role == "place"}
    return all(id in fixed for id, parameter in elements.parameters.items() if places & set(parameter.by))


class FixedPolicies:
    """Makes the policies with fixed values, each once."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], CheckedPolicy] = {}

    def fix(self, policy: CheckedPolicy, given: Sequence[Given], as_of: date, known_on: date | None) -> CheckedPolicy:
        """The policy with these values in force, and known, on these days; never out of date.

        Raises: PolicyError where a term cannot have the value that is given.
        """
        if not given:
            return policy
        known = as_of if known_on is None else min(as_of, known_on)
        key = (Same(policy), as_of, known, *((one.id, one.value) for one in given))
        if key not in self._made:
            merged = _fixed(policy.merged, given, as_of, known)
            self._made[key] = replace(policy, merged=merged, rules=_fixed_terms(policy.rules, given))
        return self._made[key]


def _fixed(merged: MergedPolicy, given: Sequence[Given], as_of: date, known: date) -> MergedPolicy:
    parameters, readings = dict(merged.elements.parameters), dict(merged.elements.readings)
    for one in given:
        if one.id in parameters:
            parameters[one.id] = _fixed_parameter(one, parameters[one.id], merged, as_of, known)
        elif one.id in readings:
            readings[one.id] = replace(readings[one.id], chosen=one.value, settings=())
    return replace(merged, elements=replace(merged.elements, parameters=parameters, readings=readings))


def _fixed_parameter(given: Given, parameter: Parameter, merged: MergedPolicy, as_of: date, known: date) -> Parameter:
    """One block for every key."""
    cell = _cell(given, parameter, Reporter())
    cells = {} if cell is None else dict.fromkeys(_keys(parameter, merged), cell)
    origin = Origin(merged.chain.root.header.id, given.span, start=as_of, published=known)
    return replace(parameter, blocks=(Block(origin, False, frozenset(), cells),))


def _fixed_terms(rules: Rules, given: Sequence[Given]) -> Rules:
    """Terms of the household that are what the case says, whatever they would be worked out to.

    Where no term is given the rules are the very same object: answers are shared among policies whose rules are.
    """
    if not any(("", one.id) in rules.terms for one in given):
        return rules
    report = Reporter()
    terms = dict(rules.terms)
    for one in given:
        term = terms.get(("", one.id))
        if term is not None:
            value = _term_value(one, term.core.type, term.declared.unit_text, report)
            if value is not None:
                terms["", one.id] = replace(term, core=Constant(term.core.span, term.core.type, value))
    if report.has_errors:
        raise PolicyError(report.diagnostics)
    return replace(rules, terms=terms)


def _term_value(given: Given, type_: Type, unit_text: str, report: Reporter) -> Plain | None:
    """The value; None after a fault."""
    value: Plain | None = None
    match type_:
        case Quantity(unit=unit):
            own = parse_unit(unit_text, declared_in(unit.dimension)) if unit_text else None
            return read_amount(Scalar(given.span, given.value), unit, report, own=own, words=unit_text)
        case Truth():
            value = read_flag(given.value)
        case DateType():
            day = day_text(given.value)
            value = None if day is None else date.fromisoformat(day)
        case Choice(options=options):
            value = next((option for option, label in options if given.value in (option, label)), None)
        case Text() | Place() | ItemOf():
            value = given.value
        case Several():
            pass
        case _:
            assert_never(type_)
    if value is None:
        report.tell("case-given-value", given.span, name=given.id, text=given.value)
    return value


def _cell(given: Given, parameter: Parameter, report: Reporter) -> Cell | None:
    """The value; None where there is none, or after a fault."""
    if not given.value:
        return None
    words = parameter.unit_text
    known = declared_in(parameter.type.unit.dimension) if isinstance(parameter.type, Quantity) else ()
    own = parse_unit(words, known) if words else None
    value = read_value(Scalar(given.span, given.value), parameter, own, report)
    return None if value is None else Cell(value, given.value, given.span)


def _keys(parameter: Parameter, merged: MergedPolicy) -> list[Key]:
    return list(product(*(_parts(by, merged) for by in parameter.by)))


def _parts(by: str, merged: MergedPolicy) -> list[KeyPart]:
    """Every part that a key may have there: counties, options, or all counts."""
    type_ = key_type(merged.elements, by)
    if isinstance(type_, Choice):
        return [option for option, _ in type_.options]
    fact = merged.elements.facts.get(by)
    if fact is not None and fact.role == "place":
        return list(merged.divisions)
    return [AmountRange(FIRST_CUT, LAST_CUT) if is_amount(type_) else WholeRange(0, None)]
