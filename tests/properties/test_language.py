"""Laws of the language floor, on generated expressions and on arbitrary text."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput

from engine.diagnostics import Reporter, render
from engine.language import ast
from engine.language.bounds import bounds
from engine.language.elaborate import elaborate
from engine.language.parser import make_lark, parse_expression
from engine.language.printer import print_expression
from engine.language.quantities import convert, literal
from engine.language.scope import Entry, FactEntry, Scope, TermEntry
from engine.language.types import Quantity
from engine.language.units import Unit, common_unit, core_unit, natural_unit, parse_unit, show_unit
from engine.language.values import UNKNOWN, Number, Value, ends
from engine.language.words import RESERVED, WORDS, fold
from engine.source import Source, Span
from tests.language.sample import HERE, ITEM_SCOPE, NAMES, SCOPE, span_of

BASES = ("元", "万元", "人", "月", "年", "学年", "辆", "平方米", "天", "岁")
UNIT_TEXTS = st.one_of(
    st.sampled_from(("", "%")),
    st.lists(st.sampled_from(BASES), min_size=1, max_size=3).flatmap(
        lambda words: st.lists(st.sampled_from("/·"), min_size=len(words) - 1, max_size=len(words) - 1).map(
            lambda signs: words[0] + "".join(sign + word for sign, word in zip(signs, words[1:], strict=True))
        )
    ),
)
NUMBERS = st.builds(lambda digits, places: Decimal(digits).scaleb(-places), st.integers(0, 10**9), st.integers(0, 6))

# ---- surface trees

NAME_TEXTS = st.one_of(
    st.sampled_from(("甲", "或有负债", "any", "sum", "家庭收入", "_x1", "是否在学", "in_debt", "对外", "年级", "x2y")),
    st.text("甲乙丙或且非在abc_1", min_size=1, max_size=6).filter(
        lambda text: not text[0].isdigit() and text not in RESERVED
    ),
)
NAMES_ = st.builds(ast.Name, st.just(HERE), NAME_TEXTS)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters='"”\n\r'), max_size=8)
LEAVES: st.SearchStrategy[ast.Expression] = st.one_of(
    NAMES_,
    st.builds(ast.NumberLiteral, st.just(HERE), NUMBERS, UNIT_TEXTS),
    st.builds(ast.DateLiteral, st.just(HERE), st.dates()),
    st.builds(ast.TextLiteral, st.just(HERE), TEXTS),
    st.builds(ast.TruthLiteral, st.just(HERE), st.booleans()),
    st.builds(ast.Dotted, st.just(HERE), NAMES_, NAMES_),
    st.just(ast.Previous(HERE)),
)


def grown(inner: st.SearchStrategy[ast.Expression]) -> st.SearchStrategy[ast.Expression]:
    here = st.just(HERE)
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    options = st.one_of(NAMES_, several)
    maybe = st.one_of(st.none(), inner)
    functions = (
        "max",
        "min",
        "how_many",
        "abs",
        *get_args(ast.RoundFunction),
        *get_args(ast.BetweenFunction),
        *get_args(ast.DateFunction),
    )
    return st.one_of(
        st.builds(ast.Negative, here, inner),
        st.builds(ast.Not, here, inner),
        st.builds(ast.And, here, inner, inner),
        st.builds(ast.Or, here, inner, inner),
        st.builds(ast.If, here, inner, inner, inner),
        st.builds(ast.Arithmetic, here, st.sampled_from("+-*/"), inner, inner, here),
        st.builds(ast.Comparison, here, st.sampled_from(("<", "<=", "=", "!=", ">=", ">")), inner, inner, here),
        st.builds(ast.Membership, here, several, st.booleans(), options),
        st.builds(ast.Overlap, here, inner, options),
        st.builds(ast.Call, here, st.sampled_from(functions), several),
        st.builds(
            ast.Aggregate, here, st.sampled_from(("sum", "any", "every", "max", "min")), inner, NAMES_, maybe, maybe
        ),
        st.builds(ast.Aggregate, here, st.sampled_from(("count", "any")), st.none(), NAMES_, maybe, st.none()),
        st.builds(ast.Keyed, here, NAMES_, st.lists(st.tuples(NAMES_, inner), min_size=1, max_size=2).map(tuple)),
    )


TREES = st.recursive(LEAVES, grown, max_leaves=12)


@given(TREES, st.sampled_from(("zh", "en")))
@settings(max_examples=400)
def test_what_is_printed_parses_to_an_equal_tree(tree: ast.Expression, language: Any) -> None:
    text = print_expression(tree, language)
    report = Reporter()
    found = parse_expression(span_of(text), report)
    assert found == tree, text + "\n" + "\n".join(render(each) for each in report)
    assert print_expression(found, language) == text


@given(TREES)
@settings(max_examples=200)
def test_full_width_text_gives_the_same_tree(tree: ast.Expression) -> None:
    if any(isinstance(node, ast.TextLiteral) for node in _all(tree)):
        return  # texts are kept as they are written
    text = print_expression(tree, "en")
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" and char not in "\"'" else char for char in text)
    assert fold(wide) == text
    assert parse_expression(span_of(wide), Reporter()) == tree


def _all(tree: ast.Expression) -> list[ast.Expression]:
    from engine.language.references import walk

    return list(walk(tree))


# ---- lexers

PIECES = st.sampled_from(
    [spelling for word in WORDS.values() for spelling in word.zh + word.en + word.signs]
    + ["甲", "乙", "或有负债", "members", "any", "max", "12", "0", "3.5", "60%", "36 月", "760 元/人/月", "5万元"]
    + ["2022-11-10", '"a"', "“乙”", "(", ")", "[", "]", ",", ".", "+", "-", "*", "/", " ", " ", " ", "\n", "！", "9x"]
)


@given(st.lists(PIECES, max_size=12), st.sampled_from(("", " ")))
@settings(max_examples=1500)
def test_the_contextual_and_the_basic_lexer_agree(pieces: list[str], joiner: str) -> None:
    text = fold(joiner.join(pieces))
    assert _outcome(make_lark("contextual"), text) == _outcome(make_lark("basic"), text)


@pytest.mark.parametrize(
    "text", ["甲 或有负债", "甲 或 有负债", "或 = 1", "any or any(x)", "sum(max for 对)", "x in in"]
)
def test_both_lexers_on_what_is_easily_misread(text: str) -> None:
    assert _outcome(make_lark("contextual"), text) == _outcome(make_lark("basic"), text)


def _outcome(parser: Lark, text: str) -> Tree[Token] | None:
    try:
        return parser.parse(text)
    except UnexpectedInput:
        return None


# ---- nothing raises

ANY_TEXT = st.one_of(
    st.text(max_size=60),
    st.lists(PIECES, max_size=30).map(" ".join),
    st.lists(st.one_of(PIECES, st.sampled_from(sorted(NAMES))), max_size=20).map(" ".join),
)


@given(ANY_TEXT, st.integers(0, 5))
@settings(max_examples=800)
def test_the_parser_never_raises(text: str, offset: int) -> None:
    report = Reporter()
    source = Source("any", " " * offset + text)
    found = parse_expression(Span(source, offset, offset + len(text)), report)
    assert (found is None) == report.has_errors
    for each in report:
        assert each.span is not None
        assert offset <= each.span.start <= each.span.end <= offset + len(text)
        assert render(each, "zh")
        assert render(each, "en")


SCOPE_NAMES = st.builds(ast.Name, st.just(HERE), st.sampled_from([*sorted(NAMES), "price", "学费", "urban", "x"]))
SCOPED_TREES = st.recursive(st.one_of(SCOPE_NAMES, LEAVES), grown, max_leaves=10)


@given(SCOPED_TREES, st.sampled_from((SCOPE, ITEM_SCOPE)))
@settings(max_examples=600)
def test_the_elaborator_never_raises(tree: ast.Expression, scope: Scope) -> None:
    text = print_expression(tree, "zh")
    written = parse_expression(span_of(text), Reporter())
    assert written is not None
    report = Reporter()
    found = elaborate(written, scope, report)
    assert (found is None) == report.has_errors
    if found is not None:
        bounds(found, scope)
    for each in report:
        assert render(each, "zh")
        assert render(each, "en")


# ---- units


@given(UNIT_TEXTS)
def test_shown_units_name_the_same_dimension(text: str) -> None:
    unit = parse_unit(text)
    assert unit is not None
    assert parse_unit(text.replace("/", "／")) == unit
    shown = parse_unit(show_unit(natural_unit(unit.dimension)).removeprefix("1"))
    assert shown is None or shown.dimension == unit.dimension or show_unit(unit).startswith("1/")


@given(NUMBERS, UNIT_TEXTS)
def test_literals_are_exact_and_whole(value: Decimal, text: str) -> None:
    unit = parse_unit(text)
    assert unit is not None
    found = literal(ast.NumberLiteral(HERE, value, text))
    assert type(found.value) is int
    assert isinstance(found.type, Quantity)
    assert found.value * found.type.unit.factor == Fraction(value) * unit.factor


@given(NUMBERS, UNIT_TEXTS, st.fractions(min_value=Fraction(1, 1000), max_value=1000))
def test_conversions_are_exact_both_ways(value: Decimal, text: str, factor: Fraction) -> None:
    found = literal(ast.NumberLiteral(HERE, value, text))
    assert isinstance(found.type, Quantity)
    other = Unit(found.type.unit.dimension, factor)
    there = cast("Any", convert(found, other))
    back = cast("Any", convert(there, found.type.unit))
    assert there.value * factor == cast("Number", found.value) * found.type.unit.factor
    assert back.value == found.value
    shared = common_unit(found.type.unit, other)
    for unit in (found.type.unit, other):
        assert (unit.factor / shared.factor).denominator == 1


@given(st.sampled_from(("元/人/月", "元/人/年")), st.integers(0, 10**8))
def test_monthly_and_yearly_amounts_are_whole_in_the_core_unit(text: str, fen: int) -> None:
    unit = parse_unit(text)
    assert unit is not None
    amount = Fraction(fen, 100) * unit.factor / core_unit(unit.dimension).factor
    assert amount.denominator == 1


# ---- bounds

QUANTITIES = ("income_12m", "medical_burden", "students", "household_size", "asset_months", "ratio")
SUMS = st.recursive(
    st.sampled_from(("income_12m", "medical_burden", "300 元/年", "0")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("+", "-")), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda text: f"({text} * 3)"),
        inner.map(lambda text: f"({text} * ratio)"),
        inner.map(lambda text: f"({text} / household_size * 1 人)"),
        inner.map(lambda text: f"(if students > 0 then {text} / students * 2 人 else {text})"),
        inner.map(lambda text: f"(-{text})"),
        inner.map(lambda text: f"round({text} + 0 元/年, 7 元/年)"),
        st.tuples(inner, inner).map(lambda pair: f"max({pair[0]}, {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"min({pair[0]}, {pair[1]})"),
        st.tuples(inner, inner, inner).map(
            lambda three: f"(if {three[0]} < {three[1]} + 0 元/年 then {three[1]} else {three[2]})"
        ),
    ),
    max_leaves=6,
)


def _declared(points: dict[str, tuple[int | None, int | None]]) -> Scope:
    """The sample scope with the bounds of some household quantities set."""
    names: dict[str, Entry] = {}
    for name, entry in NAMES.items():
        if entry.id in points and isinstance(entry, (FactEntry, TermEntry)):
            low, high = points[entry.id]
            names[name] = type(entry)(
                entry.id, entry.name, entry.span, entry.collection, entry.type, low, high, entry.unit_text
            )
        else:
            names[name] = entry
    return Scope(names)


@given(SUMS, st.data())
@settings(max_examples=400)
def test_static_bounds_contain_every_value(text: str, data: st.DataObject) -> None:
    wide: dict[str, tuple[int | None, int | None]] = {}
    exact: dict[str, tuple[int | None, int | None]] = {}
    for name in ("income_12m", "medical_burden", "students", "household_size", "ratio"):
        least = 1 if name == "household_size" else 0
        value = data.draw(st.integers(least, 50), label=name)
        low = data.draw(st.integers(least, value))
        high = data.draw(st.one_of(st.none(), st.integers(value, 100)))
        wide[name], exact[name] = (low, high), (value, value)
    tree = parse_expression(span_of(text), Reporter())
    assert tree is not None
    report = Reporter()
    found = elaborate(tree, _declared(wide), report)
    if found is None:  # `(0 * 3)` beside an amount: only a 0 written as such takes a unit
        assert {each.code for each in report} <= {"bare-number", "unit-mismatch"}
        return
    _contains(bounds(found, _declared(wide)), bounds(found, _declared(exact)))


def _contains(whole: Value, part: Value) -> None:
    if whole is UNKNOWN:
        return
    (low, high), (value, same) = ends(whole), ends(part)
    assert value == same
    assert low is None or cast("Number", low) <= cast("Number", value)
    assert high is None or cast("Number", value) <= cast("Number", high)
