"""Choices and expressions: what the form writes parses to what was chosen, and what it can say is read back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.language.printer import print_expression
from engine.serving.conditions.choices import (
    Among,
    Amount,
    Compares,
    Day,
    Holds,
    Joined,
    Over,
    Shares,
    Side,
    Test,
    Total,
    Word,
    expression_of,
    rule_of,
)
from engine.serving.conditions.rows import MOST_ROWS, chosen, fields_of, fits, posted, rows_of
from engine.writing.expressions import parsed

SAID = (
    "任一(家庭成员 其中 就读高收费学校 且 境外亲属资助学费 > 0)",
    "合计(建筑面积 对 住房) <= 住房建筑面积上限",
    "生活用车数 <= 1 且 最大(购置价 对 机动车 其中 车辆用途 = private 否则 0 元) <= 机动车购置价上限",
    "(核算收入 - 灾后刚性支出) / 家庭人口 < 收入标准",
    "计数(住房) >= 2 且 任一(住房 其中 住房用途 = vacant)",
    "每一(年龄 >= 老人年龄 对 家庭成员)",
    "非 (甲 或 乙) 且 丙 属于 (a, b) 或 丁 不属于 名单",
    "所患疾病 含有 重大疾病名单",
    "学费 > 2 * 当地低保标准",
    "出生日期 < 2000-01-01",
    "illness.assets",
)
UNSAID = (
    "甲 + 乙 > 丙",
    "如果 甲 那么 乙 否则 丙",
    "甲 - (乙 - 丙) > 0",
    "甲 * 乙 > 丙",
    "(甲, 乙) 属于 名单",
    "甲 属于 名单[于 2024-01-01]",
    "任一(甲 + 1 > 乙 对 家庭成员)",
    "max(甲, 乙) > 0",
    "是",
    "非 非 甲",
    "合计(甲 + 乙 对 家庭成员) > 0",
    "标准[于 2024-01-01] > 1",
)


@pytest.mark.parametrize("text", SAID)
def test_what_the_form_can_say_is_read_and_written_back(text: str) -> None:
    tree = parsed(text)
    assert tree is not None
    rule = rule_of(tree)
    assert rule is not None
    assert expression_of(rule) == tree


@pytest.mark.parametrize("text", UNSAID)
def test_what_it_cannot_say_is_left_to_the_editor(text: str) -> None:
    tree = parsed(text)
    assert tree is not None
    assert rule_of(tree) is None


# ---- whatever is chosen

names = st.sampled_from(("甲", "学费", "家庭人口", "income", "illness.assets"))
words = st.sampled_from(("甲", "学费", "income"))
numbers = st.decimals(0, 10**9, places=2).map(lambda one: Decimal(f"{one.normalize():f}"))
amounts = st.builds(Amount, numbers, st.sampled_from(("", "元", "元/人/月", "%", "岁")))
flags = st.booleans()


def sides(tests: st.SearchStrategy[Test]) -> st.SearchStrategy[Side]:
    where = st.none() | joined(tests)
    totals = st.builds(Total, st.just("count"), st.just(""), words, where) | st.builds(
        Total, st.sampled_from(("sum",)), names, words, where
    )
    most = st.builds(Total, st.sampled_from(("max", "min")), names, words, where, st.none() | amounts)
    base = (
        st.builds(Word, names) | amounts | st.builds(Day, st.dates(date(1900, 1, 1), date(2100, 1, 1))) | totals | most
    )
    return st.builds(Side, base, st.none() | numbers, st.just("") | names, st.just("") | names)


def joined(tests: st.SearchStrategy[Test], least: int = 1) -> st.SearchStrategy[Joined]:
    return st.builds(
        Joined, st.sampled_from(("all", "any")), st.lists(tests, min_size=least, max_size=3).map(tuple)
    ).map(plain)


def plain(rule: Joined) -> Joined:
    """As it is read back: one test alone counts as all, and what stands first is not a group of the same kind."""
    first = rule.tests[0]
    if len(rule.tests) == 1:
        return first if isinstance(first, Joined) and not first.negated else Joined("all", rule.tests)
    if isinstance(first, Joined) and not first.negated and first.how == rule.how:
        return Joined(rule.how, (*first.tests, *rule.tests[1:]))
    return rule


def groups(tests: st.SearchStrategy[Test]) -> st.SearchStrategy[Test]:
    return joined(tests, 2).flatmap(lambda one: flags.map(lambda negated: Joined(one.how, one.tests, negated)))


atoms: st.SearchStrategy[Test] = (
    st.builds(Holds, names, flags)
    | st.builds(Among, names, st.lists(words, min_size=1, max_size=3).map(tuple), st.just(""), flags)
    | st.builds(Among, names, st.just(()), words, flags)
    | st.builds(Shares, names, words, flags)
)
inner = atoms | st.builds(
    Compares, sides(atoms), st.sampled_from(("<", "<=", "=", "!=", ">=", ">")), sides(atoms), flags
)
every = inner | groups(inner) | st.builds(Over, st.sampled_from(("any", "every")), words, joined(inner), flags)
rules = joined(every)


@settings(max_examples=150)
@given(rules)
def test_what_the_form_writes_parses_to_what_was_chosen(rule: Joined) -> None:
    made = expression_of(rule)
    for language in ("zh", "en"):
        assert parsed(print_expression(made, language)) == made
    assert rule_of(made) == rule


@settings(max_examples=100)
@given(rules)
def test_what_is_shown_and_posted_is_what_was_chosen(rule: Joined) -> None:
    assume(fits(rule))
    how, rows = posted(fields_of(rule.how, rows_of(rule)))
    made, faults = chosen(how, rows)
    assert not faults
    assert made == rule


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.from_regex(
            r"(r\.[0-3]\.|left\.|right\.){0,4}(kind|word|how|number|operator|collection|options)", fullmatch=True
        ),
        st.lists(st.text(max_size=8) | st.sampled_from(("any", "group", "among", "sum", "compare", "甲")), max_size=2),
        max_size=14,
    ),
    st.sampled_from(("", "add:", "add:r.0.", "drop:r.0.", "add:<b>", "preview")),
)
def test_whatever_is_posted_is_rows_and_perhaps_faults(fields: dict[str, list[str]], do: str) -> None:
    how, rows = posted(fields, do)
    made, faults = chosen(how, rows)
    assert made is not None or faults
    once = posted(fields_of(how, rows))
    assert posted(fields_of(*once)) == once


def test_what_the_form_has_no_room_for_does_not_fit() -> None:
    most = tuple(Holds("甲") for _ in range(MOST_ROWS))
    assert fits(Joined("all", most))
    assert not fits(Joined("all", (*most, Holds("乙"))))
    deep = Joined("all", (Holds("甲"), Holds("乙")))
    for how in ("any", "all", "any", "all"):
        assert fits(deep)
        deep = Joined(how, (Holds("甲"), deep))
    assert not fits(deep)


def test_a_row_is_added_and_taken_away() -> None:
    rule = Joined("any", (Holds("甲"), Holds("乙")))
    fields = fields_of("any", rows_of(rule))
    how, more = posted(fields, "add:")
    assert (how, [one.at for one in more]) == ("any", ["r.0.", "r.1.", "r.2."])
    _, fewer = posted(fields, "drop:r.0.")
    assert [one["word"] for one in fewer] == ["乙"]
