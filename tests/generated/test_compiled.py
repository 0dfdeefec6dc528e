"""Generated code decides as the interpreter does, leaves to it what it cannot say, and holds no text of a policy."""

from __future__ import annotations

import io
import random
import re
import tokenize
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from keyword import iskeyword
from pathlib import Path
from typing import Final

import pytest

from engine.api import open_policies
from engine.errors import HouseholdError
from engine.evaluation.decide import decide
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.frame import Frame
from engine.evaluation.plain import plain_ids, shapes_of
from engine.evaluation.prepared import prepare, tables_on
from engine.generated.compiled import CALLED, MOST_PAIRS, Found, Generated, generated
from engine.generated.explaining import spreader
from engine.generated.reading import decider
from engine.generated.source import MOST_DEPTH
from engine.identity import Same
from engine.language import core
from engine.language.core import CoreExpression
from engine.language.types import TRUTH
from engine.language.values import UNKNOWN, Value
from engine.policy.checked import CheckedPolicy, CheckedTerm, Rules
from engine.policy.model import Term
from engine.program.granularity import parameter_steps
from engine.program.link import program_of as checked_program
from engine.program.model import Program
from tests.conformance.programs import ProgramEntry, facts_of, policy_of, program_entries
from tests.oracle.completions import sprinkle
from tests.oracle.households import households, standards_of
from tests.oracle.territories import write_policies
from tests.program.policies import every_policy
from tests.properties.cores import (
    _EXPRESSION,
    CHOICE,
    LEAST_ITEMS,
    NUMBER,
    OPTIONS,
    ORIGIN,
    SPAN,
    Known,
    constant,
    program_of,
)


@cache
def _outcome(policy: Same[CheckedPolicy]) -> Generated | None:
    """Whether a household is eligible, and after it the checks that refuse it where one is false."""
    program = checked_program(policy.of)
    if program.outcome is None:
        return None
    return generated(program, (program.outcome, *program.refusing), parameter_steps(policy.of))


def _found(policy: CheckedPolicy, facts: HouseholdFacts, day: date, known_on: date | None = None) -> str | None:
    code = _outcome(Same(policy))
    if code is None:
        return None
    tables = tables_on(policy, facts.place, day, known_on)
    found = code.work_out(facts.household, facts.items, Frame([], tables, list(tables.options)))
    if found is None:
        return None
    eligible, *checks = found
    held = [one for check in checks for one in (check if isinstance(check, list) else [check])]
    return "refused" if False in held else "eligible" if eligible else "ineligible"


def _told(policy: CheckedPolicy, facts: HouseholdFacts, day: date, known_on: date | None = None) -> str:
    try:
        return str(decide(policy, facts, day, known_on).outcome)
    except HouseholdError:
        return "refused"


@pytest.mark.parametrize("share", [0, 0.05])
def test_of_households_on_every_limit(share: float, tmp_path: Path) -> None:
    policies = open_policies(write_policies(tmp_path))
    outcomes = set()
    for household in households(12, range(100)):
        given = sprinkle(random.Random(household["id"]), household, share)
        policy = policies.router.routes(given, None, None, None)[0].checked
        facts = policies.router.read(given, policy)
        found = _found(policy, facts, facts.as_of)
        assert found in (_told(policy, facts, facts.as_of), None)
        published = (household["county"], household["residence"]) in standards_of(household)
        assert found is not None or share or not published
        outcomes.add(found)
    assert outcomes >= {"eligible", "ineligible", *([None] if share else [])}


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.id) for entry in program_entries()])
def test_of_program_entries(entry: ProgramEntry) -> None:
    policy = policy_of(entry)
    facts = facts_of(entry, policy)
    found = _found(policy, facts, entry.on, entry.known_on)
    assert found in (_told(policy, facts, entry.on, entry.known_on), None)


@pytest.mark.parametrize("policy", [pytest.param(policy, id=id) for id, policy in every_policy()])
def test_every_step_is_written_in_numbered_names_and_whole_numbers(policy: CheckedPolicy) -> None:
    program = checked_program(policy)
    code = generated(program, program.every, parameter_steps(policy))
    assert code is not None
    _is_ours(code.source)


@pytest.mark.parametrize("policy", [pytest.param(policy, id=id) for id, policy in every_policy()])
def test_so_is_what_reads_households_and_what_explains_them(policy: CheckedPolicy) -> None:
    program, steps, shapes = checked_program(policy), parameter_steps(policy), shapes_of(policy)
    options = [reading.options[0][0] for reading in program.outside.readings.values()]
    reads = decider(program, shapes, steps, options, plain_ids)
    told = spreader(program, shapes, steps, options, prepare(policy).told_values)
    assert (reads is None) == (program.outcome is None or bool(program.referring))
    assert told is None or not program.joins
    for made in (reads, told):
        if made is not None:
            _is_ours(made.source)


FUNCTIONS: Final = {"work_out": "household items env tables", "decide": "tree tables day env", "spread": "kept items"}
BUILT_IN: Final = "abs all any dict float int len list max min round str sum tuple type zip default"
METHODS: Final = "append chosen isalnum isascii looked_up rows_of"


def _is_ours(source: str) -> None:
    known = {*CALLED, *FUNCTIONS, *" ".join(FUNCTIONS.values()).split(), *BUILT_IN.split(), *METHODS.split()}
    known |= {"i", "x", "_", "row", "names", "ids", "plain_ids", "zero"}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        assert token.type != tokenize.STRING
        if token.type == tokenize.NAME:
            name = token.string
            ours = r"[ahklotvx]\d+|[ci]\d+_\d+|(kept|rows)l\d+"
            assert iskeyword(name) or name in known or re.fullmatch(ours, name), name
        if token.type == tokenize.NUMBER:
            assert token.string.isdigit()


# ---- what it leaves to the interpreter


ZERO: Final = constant(0)


def _program(node: CoreExpression, of_item: CoreExpression = ZERO) -> Program:
    made = {("", "tree"): node, ("items", "inumber"): of_item}
    terms = {key: CheckedTerm(Term(key[1], "", "", "", ORIGIN, key[0], _EXPRESSION), one) for key, one in made.items()}
    return program_of(Rules(terms, {}, {}, {}, {}, {}))


def _worth(program: Program, state: Known, **parameters: Fraction) -> tuple[Found, ...] | None:
    code = generated(program, program.authored, parameters)
    return None if code is None else code.work_out(state.facts, {"items": state.items}, state.frame(program))


FACTS: Final[dict[str, Value]] = {
    "n": 3,
    "m": 1,
    "w": 1,
    "p": True,
    "q": False,
    "c": "a",
    "d": "b",
    "t": date(2020, 6, 1),
    "who": "i0",
}
ITEM: Final[dict[str, Value]] = {"in": 2, "ip": True, "ic": "c", "id": "i0", "iw": "i0"}
STATE: Final = Known(FACTS, (ITEM,) * LEAST_ITEMS, {(option, 1): 9 for option in OPTIONS}, True)
N: Final = core.Fact(SPAN, NUMBER, "", "n")
C: Final = core.Fact(SPAN, CHOICE, "", "c")


def _look(key: CoreExpression) -> CoreExpression:
    return core.Lookup(SPAN, NUMBER, "v", (key, core.Fact(SPAN, NUMBER, "", "w")))


DEEP: Final[dict[str, Callable[[CoreExpression], CoreExpression]]] = {
    "not": lambda one: core.Not(SPAN, TRUTH, one),
    "sum": lambda one: core.Sum(SPAN, NUMBER, (one, N)),
    "long-sum": lambda one: core.Sum(SPAN, NUMBER, (one, *[N] * 9)),
    "scale": lambda one: core.Scale(SPAN, NUMBER, Fraction(-2, 3), one),
    "quotient": lambda one: core.Quotient(SPAN, NUMBER, one, constant(Fraction(1, 2))),
    "least": lambda one: core.Least(SPAN, NUMBER, (N, one)),
    "rounded": lambda one: core.Rounded(SPAN, NUMBER, "round", one, constant(Fraction(1, 2))),
    "max": lambda one: core.Aggregate(SPAN, NUMBER, "max", "items", N, None, one),
}


@pytest.mark.parametrize("kind", DEEP)
def test_what_is_not_too_deep_python_compiles(kind: str) -> None:
    node: CoreExpression = core.Fact(SPAN, TRUTH, "", "p") if kind == "not" else N
    for _ in range(MOST_DEPTH - 1):
        node = DEEP[kind](node)
    assert _worth(_program(node), STATE) is not None
    assert _worth(_program(DEEP[kind](node)), STATE) is None


def test_a_value_that_is_lacking() -> None:
    program = _program(_look(C))
    assert _worth(program, STATE) == (9, [0])
    assert _worth(program, replace(STATE, values={})) is None


def test_a_value_that_moves_in_other_steps_than_was_said() -> None:
    program, state = _program(_look(C)), replace(STATE, values={("a", 1): Fraction(3, 2)})  # type: ignore[dict-item]  # no whole number
    assert _worth(program, state) == (Fraction(3, 2), [0])
    assert _worth(program, state, v=Fraction(1, 4)) == (Fraction(3, 2), [0])
    assert _worth(program, state, v=Fraction(1, 3)) is None


def test_a_value_that_a_cleared_comparison_need_not_look_at() -> None:
    """`n / value > 0` is `n > 0`; but while the value is not known, neither is what the interpreter says."""
    divisor = core.Greatest(SPAN, NUMBER, (constant(1), _look(C)))
    program = _program(core.Compare(SPAN, TRUTH, ">", core.Quotient(SPAN, NUMBER, N, divisor), constant(0)))
    assert _worth(program, STATE) == (True, [0])
    assert _worth(program, replace(STATE, values={})) is None


def test_a_list_that_is_not_given() -> None:
    count = core.Aggregate(SPAN, NUMBER, "count", "items", None, None, None)
    assert _worth(_program(count), STATE) == (LEAST_ITEMS, [0] * LEAST_ITEMS)
    assert _worth(_program(count), replace(STATE, items=UNKNOWN)) is None


def test_too_many_items_held_against_each_other() -> None:
    mine = core.Fact(SPAN, NUMBER, "items", "in")
    before = core.Compare(SPAN, TRUTH, "<=", mine, core.Outer(SPAN, NUMBER, mine))
    program = _program(N, core.Aggregate(SPAN, NUMBER, "count", "items", None, before, None))
    side = 100
    assert side**2 == MOST_PAIRS
    assert _worth(program, replace(STATE, items=(ITEM,) * side)) == (3, [side] * side)
    assert _worth(program, replace(STATE, items=(ITEM,) * (side + 1))) is None
