"""Surface tree to core: units, names, kinds, and every fault told once. Cases are in elaborating.yaml."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.diagnostics import Reporter, render
from engine.language import core
from engine.language.bounds import bounds
from engine.language.core import CoreExpression
from engine.language.core_text import core_text
from engine.language.elaborate import elaborate, elaborate_parts, negate
from engine.language.parser import MAX_CHAIN, MAX_NESTING, parse_expression
from engine.language.references import core_reads, core_walk, references
from engine.language.scope import Scope, TermEntry
from engine.language.types import TRUTH, Quantity, Type, kind
from engine.language.units import core_unit, parse_unit
from engine.language.values import UNKNOWN, ends
from tests.language.sample import HERE, ITEM_SCOPE, NAMES, RESIDENCE, SCOPE, span_of
from tests.language.test_parser import parse

CASES: dict[str, Any] = yaml.load(
    (Path(__file__).parent / "elaborating.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)


def sound(text: str, scope: Scope = SCOPE, expected: Type | None = None) -> CoreExpression:
    report = Reporter()
    surface = parse_expression(span_of(text), report)
    found = None if surface is None else elaborate(surface, scope, report, expected)
    assert found is not None, "\n".join(render(each) for each in report)
    assert not report.has_errors
    return found


@pytest.mark.parametrize("case", CASES["sound"], ids=lambda case: case["text"])
def test_sound(case: dict[str, Any]) -> None:
    found = sound(case["text"])
    if "kind" in case:
        assert kind(found.type) == case["kind"]
        return
    unit = parse_unit(case["unit"])
    assert isinstance(found.type, Quantity)
    assert unit is not None
    assert found.type.unit.dimension == unit.dimension
    assert found.type.unit.factor == Fraction(case["factor"])
    value = bounds(found, SCOPE)
    assert value is not UNKNOWN
    assert ["open" if end is None else str(end) for end in ends(value)] == case["bounds"]


@pytest.mark.parametrize("case", CASES["sound"], ids=lambda case: case["text"])
def test_numbers_of_the_core_are_whole(case: dict[str, Any]) -> None:
    for node in core_walk(sound(case["text"])):
        if isinstance(node, core.Constant):
            assert type(node.value) is not Fraction
        # rounding to whole units may go from finer units to coarser ones: its value stays whole
        if isinstance(node, core.Scale) and not isinstance(node.operand, core.Rounded):
            assert type(node.factor) is int


@pytest.mark.parametrize("case", CASES["faults"], ids=lambda case: case["text"])
def test_faults(case: dict[str, Any]) -> None:
    report = Reporter()
    surface = parse(case["text"])
    scope = ITEM_SCOPE if "within" in case else SCOPE
    assert elaborate(surface, scope, report) is None
    told = "\n".join(render(each) + "\n" + render(each, "en") for each in report)
    assert [each.code for each in report] == case["codes"], told
    first = report.diagnostics[0]
    if "at" in case:
        assert first.span is not None
        assert first.span.text == case["at"], told
    params = dict(first.params)
    for key, value in case.items():
        if key not in ("text", "codes", "at", "within"):
            assert params[key] == value, told


@pytest.mark.parametrize("case", CASES["expected"], ids=lambda case: f"{case['text']} as {case['as']}")
def test_as_the_place_asks(case: dict[str, Any]) -> None:
    unit = parse_unit(case["as"])
    wanted: Type = TRUTH if unit is None else Quantity(core_unit(unit.dimension))
    report = Reporter()
    found = elaborate(parse(case["text"]), SCOPE, report, wanted)
    assert [each.code for each in report] == case.get("codes", [])
    if "sound" in case:
        assert found is not None
        assert isinstance(found.type, Quantity) == (unit is not None)
        if isinstance(found.type, Quantity) and isinstance(wanted, Quantity):
            assert found.type.unit == wanted.unit
    params = dict(report.diagnostics[0].params) if "codes" in case else {}
    for key in ("divide", "suggestion"):
        assert params.get(key, "") == case.get(key, "")


def test_sides_of_a_comparison_keep_the_author_s_number_below_the_change_of_unit() -> None:
    found = sound("家庭收入 / 家庭人口 < 760 元/人/月")
    assert isinstance(found, core.Compare)
    assert isinstance(found.left, core.Quotient)
    assert isinstance(found.right, core.Scale)
    assert (found.right.factor, found.right.span.text) == (1200, "760 元/人/月")
    assert isinstance(found.right.operand, core.Constant)
    assert found.right.operand.value == 760


def test_a_chosen_option_wins_over_a_name() -> None:
    found = sound("教育阶段 = nursery", ITEM_SCOPE)
    assert isinstance(found, core.Compare)
    assert isinstance(found.right, core.Constant)
    assert found.right.value == "nursery"
    reading = sound("nursery = high_fee_only")
    assert isinstance(reading, core.Compare)
    assert isinstance(reading.left, core.ChosenReading)


def test_keys_come_in_the_order_of_the_parameter() -> None:
    found = sound('当地低保标准[residence = urban, county = "140105"]')
    assert isinstance(found, core.Lookup)
    assert [getattr(key, "value", None) for key in found.keys] == ["140105", "urban"]
    implied = sound("当地低保标准[residence = urban]")
    assert isinstance(implied, core.Lookup)
    assert isinstance(implied.keys[0], core.Fact)


def test_an_expected_choice_finds_options() -> None:
    found = sound("if illness then urban else rural", expected=RESIDENCE)
    assert found.type == RESIDENCE


def test_previous_stands_for_what_is_replaced() -> None:
    scope = Scope(NAMES, item="members", previous=parse("仍需治疗"))
    found = sound("previous or 学费 > 12 月 * 当地低保标准 * 1 人 / 12 月", scope)
    assert isinstance(found, core.Or)
    assert isinstance(found.operands[0], core.Fact)


def test_previous_is_shared() -> None:
    """However often it is written, what it stands for is worked out by one step."""
    step = TermEntry("ill^0", "", parse("甲").span, "members", TRUTH)
    found = sound("previous or not previous", Scope(NAMES, item="members", previous=step))
    assert isinstance(found, core.Or)
    assert found.operands[0] == core.TermValue(found.span, TRUTH, "members", "ill^0")
    assert found.operands[1] == core.Not(found.span, TRUTH, found.operands[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("count(members where birth_date < self.birth_date)", "members.birth_date < outer members.birth_date"),
        ("计数(家庭成员 其中 家庭成员.出生日期 < 本人.出生日期)", "members.birth_date < outer members.birth_date"),
        ("count(vehicles where price > medical_net * 12 月)", "price > outer"),
        ("count(vehicles where price > members.medical_net * 12 月)", "price > outer"),
        ("count(vehicles where price > self.medical_net * 12 月)", "price > outer"),
    ],
)
def test_who_is_read_inside_an_aggregate_of_an_item(text: str, said: str) -> None:
    """A bare name is that of the items gone over, else that of the item whose expression it is."""
    found = sound(text, ITEM_SCOPE)
    assert isinstance(found, core.Aggregate)
    assert found.where is not None
    if said == "price > outer":
        read = [core_text(node) for node in core_walk(found.where) if isinstance(node, core.Fact | core.Outer)]
        assert read == ["vehicles.price", "outer members.medical_net"]
    else:
        assert core_text(found.where) == said


def test_the_current_item_outside_of_an_aggregate() -> None:
    assert sound("self.medical_net > 0", ITEM_SCOPE) == sound("medical_net > 0", ITEM_SCOPE)


def test_a_guard_of_the_current_item_holds_inside_of_an_aggregate() -> None:
    sound("if medical_net > 0 then sum(medical_net / self.medical_net for members) else 0", ITEM_SCOPE)


def test_negation() -> None:
    assert negate(sound("家庭人口 < 3")) == sound("家庭人口 >= 3")
    assert negate(sound("illness")) == sound("not illness")
    assert negate(negate(sound("illness"))) == sound("illness")


@pytest.mark.parametrize(
    ("kind_", "texts", "node"),
    [
        ("sum", ["if illness then 医疗费用刚性支出 else 0", "0", "3 元/年"], core.Sum),
        ("how_many", ["illness", "存在因病情形"], core.HowMany),
        ("any", ["illness"], core.Or),
        ("every", ["illness"], core.And),
        ("max", ["家庭收入", "0"], core.Greatest),
        ("min", ["家庭收入"], core.Least),
        ("sum", [], core.Constant),
        ("any", [], core.Constant),
    ],
)
def test_parts(kind_: Any, texts: list[str], node: type) -> None:
    report = Reporter()
    found = elaborate_parts(kind_, [(str(i), parse(text)) for i, text in enumerate(texts)], SCOPE, report, HERE)
    assert isinstance(found, node), "\n".join(render(each) for each in report)


def test_faulty_parts() -> None:
    report = Reporter()
    parts = [("a", parse("家庭收入")), ("b", parse("3 人")), ("c", parse("家庭收人"))]
    assert elaborate_parts("sum", parts, SCOPE, report, HERE) is None
    assert [each.code for each in report] == ["unknown-name"]
    assert elaborate_parts("sum", parts[:2], SCOPE, report, HERE) is None
    assert elaborate_parts("any", parts[:1], SCOPE, report, HERE) is None
    assert elaborate_parts("max", [], SCOPE, report, HERE) is None
    assert {each.code for each in report} == {"unknown-name", "unit-mismatch", "not-a-truth", "empty-parts"}


def test_reads() -> None:
    text = "sum(学费 for members where whose_costs = any) < 当地低保标准 * 1 人 and illness.income and illness"
    names = [node.span.text for node in references(parse(text))]
    assert names == ["members", "学费", "whose_costs", "any", "当地低保标准", "illness.income", "illness"]
    assert core_reads(sound(text)) == {
        ("collection", "", "members"),
        ("fact", "members", "tuition"),
        ("reading", "", "whose_costs"),
        ("parameter", "", "dibao_standard"),
        ("fact", "", "county"),
        ("fact", "", "residence"),
        ("condition", "illness", "income"),
        ("cause", "", "illness"),
    }


DEEP = {
    "nots": "not " * (MAX_NESTING - 1) + "illness",
    "calls": "max(1, " * (MAX_NESTING - 2) + "students / 1 人" + ")" * (MAX_NESTING - 2),
    "ifs": "if illness then 1 else " * (MAX_NESTING - 1) + "2",
    "sums": " + ".join(["家庭收入"] * MAX_CHAIN),
    "products": " * ".join(["自付比例"] * MAX_CHAIN),
    "quotients": " / ".join(["家庭收入", *["家庭人口"] * (MAX_CHAIN - 1)]),
    "alternatives": " or ".join(["illness"] * MAX_CHAIN),
    "brackets": "(1 + " * (MAX_NESTING - 1) + "2" + ")" * (MAX_NESTING - 1),
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_the_deepest_that_the_parser_lets_pass(text: str) -> None:
    found = sound(text)
    bounds(found, SCOPE)
    assert hash(found) == hash(sound(text))
    assert core_reads(found) == core_reads(sound(text))
