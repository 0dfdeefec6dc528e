"""Which comparisons are cleared, into what, how far their numbers reach, and why the others are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import pytest

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.core_text import core_text
from engine.language.types import TRUTH
from engine.policy.checked import CheckedPolicy, CheckedTerm, Rules
from engine.policy.model import Term
from engine.program.clearing import MOST_NODES, Cleared, Clearing, Comparison, Uncleared
from engine.program.granularity import edges_of, parameter_steps
from engine.program.link import program_of
from engine.program.magnitude import width
from tests.program.policies import every_policy
from tests.properties import cores
from tests.properties.cores import NUMBER, ORIGIN, SPAN, WHOLE, constant, linked

POLICIES: Final = every_policy()


def _comparisons(policy: CheckedPolicy) -> list[tuple[str, Comparison]]:
    program = program_of(policy)
    clearing = Clearing(program, parameter_steps(policy))
    steps = program.every
    return [(step.owner.name, one) for step in steps for one in clearing.comparisons(step.written)]


@pytest.mark.parametrize("policy", [pytest.param(policy, id=id) for id, policy in POLICIES])
def test_of_every_policy(policy: CheckedPolicy) -> None:
    found = {name: one.found for name, one in _comparisons(policy)}
    assert found
    left = {
        name: one.reason if isinstance(one, Uncleared) else ""
        for name, one in found.items()
        if not (isinstance(one, Cleared) and one.sharp and one.width != "exact")
    }
    # a gap, and half of a couple's assets, that are rounded to a parameter
    rounded = {"age_pension.means": "marginal-quotient", "deciding": "rounded-quotient"}
    assert left in ({}, {"requirements.gap_counts": "rounded-quotient"}, rounded)


def test_how_many_of_the_province_fit_into_which_integers() -> None:
    found = [one.found for _, one in _comparisons(dict(POLICIES)["shanxi_2022_60"])]
    assert Counter(one.width for one in found) == {"int64": 13, "int128": 4}


PROVINCE: Final = """
int64 illness.not_already_below: counted_income@24 >= income_limit@25 * household_size@23
int64 multiple.not_already_below: counted_income@24 >= income_limit@25 * household_size@23
int64 education.not_already_below: counted_income@24 >= income_limit@25 * household_size@23
int128 illness.assets: 12 * financial_assets@5 <= asset_limit@26 * household_size@23
int128 education.assets: 12 * financial_assets@5 <= asset_limit@26 * household_size@23
int64 education.income: counted_income@24 + (-1 * education_burden@32) < income_limit@25 * household_size@23
int64 disability.not_already_below: counted_income@24 >= income_limit@25 * household_size@23
int128 disability.assets: 12 * financial_assets@5 <= asset_limit@26 * household_size@23
int64 disability.income: counted_income@24 + (-1 * rehab_burden@30) < income_limit@25 * household_size@23
int64 illness.income: counted_income@24 + (-1 * medical_burden@28) < income_limit@25 * household_size@23
int128 multiple.assets: 12 * financial_assets@5 <= asset_limit@26 * household_size@23
int64 multiple.income: counted_income@24 + (-1 * joint_expense@34) < income_limit@25 * household_size@23
int64 multiple.several: present@33 >= 2
int64 checks.medical_within_gross: members.medical_reimbursed@4 + members.medical_aid@5 <= members.medical_gross@3
int64 checks.rehab_within_gross: members.disability_reimbursed@12 + members.disability_aid@13 <= members.rehab_gross@29
int64 checks.education_within_gross: members.education_aid@21 <= members.education_gross@31
int64 referrals.temporary_aid: present@33 >= 1
"""


def test_what_the_province_compares() -> None:
    told = [
        f"{found.width} {name}: {core_text(found.left)} {found.operator} {core_text(found.right)}"
        for name, one in _comparisons(dict(POLICIES)["shanxi_2022_60"])
        if isinstance(found := one.found, Cleared)
    ]
    assert told == PROVINCE.strip().splitlines()


# ---- one by one


def _fact(id: str, collection: str = "") -> core.Fact:
    return core.Fact(SPAN, WHOLE if id == "w" else NUMBER, collection, id)


N, M, W = _fact("n"), _fact("m"), _fact("w")
"""0 to 5, -3 to 3, 0 to 4"""
IN = _fact("in", "items")
"""0 to 4, of an item"""
VALUE = core.Lookup(SPAN, NUMBER, "v", (core.Fact(SPAN, cores.CHOICE, "", "c"), W))
TERM = core.TermValue(SPAN, NUMBER, "", "number")


def _over(left: CoreExpression, right: CoreExpression) -> CoreExpression:
    return core.Quotient(SPAN, NUMBER, left, right)


def _plus(*parts: CoreExpression) -> CoreExpression:
    return core.Sum(SPAN, NUMBER, parts)


def _times(factor: int | Fraction, part: CoreExpression) -> CoreExpression:
    return core.Scale(SPAN, NUMBER, factor, part)


def _most(*parts: CoreExpression) -> CoreExpression:
    return core.Greatest(SPAN, NUMBER, parts)


def _where(left: CoreExpression, operator: str, then: CoreExpression, otherwise: CoreExpression) -> CoreExpression:
    test = core.Compare(SPAN, TRUTH, operator, left, constant(0))  # type: ignore[arg-type]  # an operator
    return core.If(SPAN, NUMBER, test, then, otherwise)


def _round(part: CoreExpression, step: int | Fraction) -> CoreExpression:
    return core.Rounded(SPAN, NUMBER, "round", part, constant(step))


def _all(kind: str, body: CoreExpression, otherwise: CoreExpression | None = None) -> CoreExpression:
    return core.Aggregate(SPAN, NUMBER, kind, "items", body, None, otherwise)  # type: ignore[arg-type]  # a kind


def _rules(term: CoreExpression) -> Rules:
    declared = Term("number", "", "", "", ORIGIN, "", cores._EXPRESSION)
    return Rules({("", "number"): CheckedTerm(declared, term)}, {}, {}, {}, {}, {})


def _found(
    left: CoreExpression,
    right: CoreExpression,
    term: CoreExpression = constant(1),  # noqa: B008  # frozen
    parameters: Mapping[str, Fraction] | None = None,
) -> Cleared | Uncleared:
    """Of `left < right`, where a term of the household is worth `term`."""
    program = cores.program_of(_rules(term))
    clearing = Clearing(program, {"v": Fraction(1)} if parameters is None else parameters)
    node = core.Compare(SPAN, TRUTH, "<", left, right)
    return next(clearing.comparisons(linked(node, program))).found


ABOVE: Final = _plus(W, constant(1))
"""1 to 5"""
BELOW: Final = _plus(_times(-1, W), constant(-2))
"""-6 to -2"""
A, B = "(w@2 + 1)", "((-1 * w@2) + -2)"

CLEARED: Final[tuple[tuple[str, CoreExpression, CoreExpression, str, bool], ...]] = (
    ("nothing to clear", N, VALUE, "n@0 < v[c@5, w@2]", True),
    ("a quotient against a limit", _over(N, ABOVE), VALUE, f"n@0 < v[c@5, w@2] * {A}", True),
    ("against a number", _over(N, ABOVE), constant(Fraction(3, 2)), f"2 * n@0 < 3 * {A}", True),
    ("both sides over one divisor", _over(N, ABOVE), _over(M, ABOVE), "n@0 < m@1", False),
    ("each over its own", _over(N, ABOVE), _over(M, _plus(N, constant(1))), f"n@0 * (n@0 + 1) < m@1 * {A}", False),
    ("in a sum", _plus(_over(N, ABOVE), M), VALUE, f"n@0 + (m@1 * {A}) < v[c@5, w@2] * {A}", False),
    ("a sum over a divisor", _over(_plus(N, M), ABOVE), VALUE, f"n@0 + m@1 < v[c@5, w@2] * {A}", True),
    ("a fraction of it", _times(Fraction(-2, 3), _over(N, ABOVE)), M, f"-2 * n@0 < 3 * (m@1 * {A})", True),
    ("a negative divisor", _over(N, BELOW), M, f"-1 * n@0 < m@1 * (-1 * {B})", True),
    ("by a number", _over(N, constant(Fraction(-2, 3))), M, "-3 * n@0 < 2 * m@1", True),
    ("by a quotient", _over(N, _over(ABOVE, _plus(N, constant(1)))), M, f"n@0 * (n@0 + 1) < m@1 * {A}", False),
    ("twice", _over(_over(N, ABOVE), ABOVE), M, f"n@0 < (m@1 * {A}) * {A}", True),
    ("in max", _most(_over(N, ABOVE), constant(2)), M, f"max(n@0, 2 * {A}) < m@1 * {A}", False),
    ("a product", core.Product(SPAN, NUMBER, _over(N, ABOVE), M), M, f"n@0 * m@1 < m@1 * {A}", False),
    (
        "only where positive",
        _where(N, ">", _over(M, N), constant(7)),
        M,
        "if (n@0 > 0) then m@1 else 7 < m@1 * (if (n@0 > 0) then n@0 else 1)",
        False,
    ),
    (
        "only where negative",
        _where(M, ">=", constant(7), _over(N, M)),
        N,
        "if (m@1 >= 0) then 7 else (-1 * n@0) < n@0 * (if (m@1 >= 0) then 1 else (-1 * m@1))",
        False,
    ),
    (
        "only where its opposite is positive",
        core.If(
            SPAN,
            NUMBER,
            core.Compare(SPAN, TRUTH, "<", constant(0), _times(-1, M)),
            _over(N, M),
            constant(7),
        ),
        N,
        "if (0 < (-1 * m@1)) then (-1 * n@0) else 7 < n@0 * (if (0 < (-1 * m@1)) then (-1 * m@1) else 1)",
        False,
    ),
    (
        "only where it is a negative number",
        core.If(SPAN, NUMBER, core.Compare(SPAN, TRUTH, "=", M, constant(-2)), _over(N, M), constant(7)),
        N,
        "if (m@1 = -2) then (-1 * n@0) else 7 < n@0 * (if (m@1 = -2) then (-1 * m@1) else 1)",
        False,
    ),
    (
        "only where not zero",
        _where(M, "!=", _over(N, M), constant(7)),
        N,
        "if (m@1 != 0) then (n@0 * m@1) else 7 < n@0 * (if (m@1 != 0) then (m@1 * m@1) else 1)",
        False,
    ),
    ("rounded to halves", _round(_times(Fraction(1, 3), N), Fraction(1, 2)), M, "round((2 * n@0), 3) < 6 * m@1", True),
    ("of items", _all("sum", _over(IN, ABOVE)), M, f"sum(items.in@0 for items) < m@1 * {A}", False),
    (
        "the largest of items",
        _all("max", _over(IN, ABOVE), _times(Fraction(1, 2), N)),
        M,
        f"max(2 * items.in@0 for items else n@0 * {A}) < 2 * (m@1 * {A})",
        False,
    ),
    ("a term that is a quotient", TERM, M, f"n@0 < m@1 * {A}", True),
)


@pytest.mark.parametrize(("left", "right", "text", "sharp"), [pytest.param(*c[1:], id=c[0]) for c in CLEARED])
def test_cleared(left: CoreExpression, right: CoreExpression, text: str, sharp: bool) -> None:
    found = _found(left, right, term=_over(N, ABOVE))
    assert isinstance(found, Cleared)
    assert f"{core_text(found.left)} {found.operator} {core_text(found.right)}" == text
    assert found.sharp == sharp


def test_a_parameter_of_fractions_is_counted_in_its_steps() -> None:
    found = _found(_times(2, VALUE), N, parameters={"v": Fraction(3, 100)})
    assert isinstance(found, Cleared)
    assert core_text(found.left) == "100 * v[c@5, w@2]"
    assert core_text(found.right) == "50 * n@0"
    assert found.magnitude == 100 * 9


def test_a_term_of_fractions_is_counted_in_its_steps() -> None:
    found = _found(TERM, N, term=_times(Fraction(2, 3), N))
    assert isinstance(found, Cleared)
    assert core_text(found.left).startswith("3 * number@")


def test_a_divisor_that_only_a_guard_keeps_from_zero_is_not_sharp() -> None:
    """Its bounds touch zero: -1 over it can be anything below -1/5, while 0 times it is 0."""
    program = cores.program_of(_rules(constant(1)))
    guard = core.Compare(SPAN, TRUTH, ">", N, constant(0))
    node = core.Compare(SPAN, TRUTH, "<", _over(M, N), constant(1))
    whole = core.If(SPAN, TRUTH, guard, node, core.Constant(SPAN, TRUTH, False))
    clearing = Clearing(program, {})
    first, second = (one.found for one in clearing.comparisons(linked(whole, program)))
    assert isinstance(first, Cleared)
    assert isinstance(second, Cleared)
    assert (first.sharp, second.sharp) == (True, False)
    assert core_text(clearing.lowered(linked(whole, program))) == "if (n@0 > 0) then (m@1 < n@0) else false"


def _marginal(amount: CoreExpression) -> core.Lookup:
    return core.Lookup(SPAN, NUMBER, "g", (core.Fact(SPAN, cores.CHOICE, "", "c"), amount), marginal=True)


RATED: Final = {"g": Fraction(1, 20), edges_of("g"): Fraction(5, 2)}
"""rates of whole 5 %, edges of whole 2.50"""


@pytest.mark.parametrize(
    ("left", "parameters", "text"),
    [
        (_marginal(N), RATED, "40 * marginal g[c@5, n@0] < 40 * m@1"),
        (_marginal(_times(5, N)), RATED, "8 * marginal g[c@5, 5 * n@0] < 8 * m@1"),
        (_over(_marginal(N), ABOVE), RATED, f"40 * marginal g[c@5, n@0] < 40 * (m@1 * {A})"),
        (_marginal(N), {"g": Fraction(1), edges_of("g"): Fraction(1)}, "marginal g[c@5, n@0] < m@1"),
    ],
)
def test_a_marginal_amount_moves_by_its_rates_and_the_common_step_of_edges_and_amount(
    left: CoreExpression, parameters: Mapping[str, Fraction], text: str
) -> None:
    found = _found(left, M, parameters=parameters)
    assert isinstance(found, Cleared)
    assert f"{core_text(found.left)} {found.operator} {core_text(found.right)}" == text
    assert found.sharp


@pytest.mark.parametrize(
    ("amount", "parameters", "reason"),
    [
        (N, {"g": Fraction(1)}, "unknown-step"),
        (N, {edges_of("g"): Fraction(1)}, "unknown-step"),
        (_over(N, ABOVE), RATED, "marginal-quotient"),
    ],
)
def test_a_marginal_amount_without_a_step(
    amount: CoreExpression, parameters: Mapping[str, Fraction], reason: str
) -> None:
    found = _found(_marginal(amount), M, parameters=parameters)
    assert isinstance(found, Uncleared)
    assert found.reason == reason


def test_steps_of_the_rates_and_edges_of_a_policy() -> None:
    steps = parameter_steps(dict(POLICIES)["cookbook_brackets"])
    assert steps["aid_rate"] == Fraction(1, 100)
    assert steps[edges_of("aid_rate")] == 1
    assert edges_of("heating_grant") not in steps


def test_what_divides_is_that_of_the_item_around() -> None:
    """In a term of an item: the number of items that it reads divides all that is gone over alike."""
    mine = _plus(core.Outer(SPAN, NUMBER, IN), constant(1))
    found = _found(_all("max", _over(IN, mine), IN), N)
    assert isinstance(found, Cleared)
    text = f"{core_text(found.left)} {found.operator} {core_text(found.right)}"
    assert text == ("max(items.in@0 for items else items.in@0 * (items.in@0 + 1)) < n@0 * (items.in@0 + 1)")


def test_a_guard_of_the_item_around_is_none_of_those_gone_over() -> None:
    test = core.Compare(SPAN, TRUTH, ">", IN, constant(0))
    mine = core.Outer(SPAN, NUMBER, IN)
    for divisor, reason in ((mine, ""), (IN, "divisor-by-item")):
        node = core.If(SPAN, NUMBER, test, _all("sum", _over(IN, divisor)), constant(0))
        found = _found(node, N)
        assert ("" if isinstance(found, Cleared) else found.reason) == reason


UNCLEARED: Final[tuple[tuple[str, CoreExpression, str], ...]] = (
    ("by an item", _all("sum", _over(N, _plus(IN, constant(1)))), "divisor-by-item"),
    ("the largest by an item", _all("max", _over(N, _plus(IN, constant(1))), N), "divisor-by-item"),
    ("only where an item is positive", _all("sum", _where(IN, ">", _over(N, IN), N)), "divisor-by-item"),
    ("rounded", _round(_over(N, ABOVE), 1), "rounded-quotient"),
    ("inside", _plus(N, _times(2, _round(_over(N, ABOVE), 1))), "rounded-quotient"),
    ("for each item a term over a sum of items", _all("sum", _plus(IN, TERM)), "nested-aggregate"),
    ("of unknown steps", _plus(N, VALUE), "unknown-step"),
    (
        "many divisors",
        _plus(*(_over(N, _plus(W, constant(number))) for number in range(1, 40))),
        "too-large",
    ),
)


@pytest.mark.parametrize(("left", "reason"), [pytest.param(*c[1:], id=c[0]) for c in UNCLEARED])
def test_uncleared(left: CoreExpression, reason: str) -> None:
    term = _over(N, _plus(_all("sum", IN), constant(1)))
    found = _found(left, M, term=term, parameters={})
    assert isinstance(found, Uncleared)
    assert found.reason == reason
    assert found.width == "exact"
    assert MOST_NODES < 40 * 40


# ---- how far


@pytest.mark.parametrize(
    ("left", "right", "most"),
    [
        (N, constant(-7), 7),
        (_times(10, M), N, 30),
        (_plus(N, M, _times(-1, N)), N, 13),  # whatever is added first
        (_all("sum", IN), N, 4000),
        (_round(N, 4), N, 14),  # twice the number and the step
        (_over(N, ABOVE), VALUE, 45),
        (_where(W, ">=", N, constant(99)), N, 99),  # a branch that is never taken is worked out where columns are
    ],
)
def test_magnitude(left: CoreExpression, right: CoreExpression, most: int) -> None:
    found = _found(left, right)
    assert isinstance(found, Cleared)
    assert found.magnitude == most


@pytest.mark.parametrize(
    ("most", "takes"),
    [
        (0, "int64"),
        (2**63 - 1, "int64"),
        (2**63, "int128"),
        (2**127 - 1, "int128"),
        (2**127, "exact"),
        (None, "exact"),
    ],
)
def test_width(most: int | None, takes: str) -> None:
    assert width(most) == takes
