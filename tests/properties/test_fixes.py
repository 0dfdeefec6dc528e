"""A name that differs by what turns the meaning is never put in for another, whatever else is alike."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diagnostics import Reporter, Severity
from engine.fixes import certain_fix
from engine.opposites import may_turn
from engine.suggest import one_slip_from
from engine.writing.fixing import check_with, files_to_fix, fixed
from tests.policy.bad_policies import BASE, CASES

_WORDS = "income months preschool medical assets married paid able stage school"
WORDS = st.sampled_from(_WORDS.split())
NAMES = st.lists(WORDS, min_size=1, max_size=3).map("_".join)
PAIRS = [
    tuple(pair.split())
    for pair in """
under_16 under_18
month_10 month_12
month_12 month_21
level1 level2
grade_i grade_ii
grade_iii grade_iv
paid unpaid
upaid unpaid
married unmarried
able unable
legal illegal
ever never
one_child none_child
or_above nor_above
class_a class_b
typical atypical
payer payee
employee employer
month_paid mouth_paid
at_last_two at_least_two
minus_1 minus1
x-1_rate x_1_rate
plus+1 plus-1
不享受低保 享受低保
男性成员 女性成员
城市户籍人 城镇户籍人
上半年度 下半年度
婚前财产 婚后财产
非农业户 农业户
未成年人 成年人
无残疾证 有残疾证
一级残疾 二级残疾
seven_days eleven_days
male_head female_head
useful_life useless_life
exclusive inclusive
includ_all unclud_all
no_table notable
un_married married_
lower_rate power_rate
high_rate nigh_rate
""".strip().splitlines()
]


@pytest.mark.parametrize(("written", "declared"), [*PAIRS, *((b, a) for a, b in PAIRS)])
def test_pairs_that_turn_the_meaning(written: str, declared: str) -> None:
    assert one_slip_from(written, [declared]) == ""


@given(NAMES, st.integers(0, 99), st.integers(0, 99), st.sampled_from(["{}_{}", "{}{}", "{1}_{0}", "{}_{}_x"]))
def test_another_figure_is_another_name(name: str, first: int, second: int, form: str) -> None:
    written, declared = form.format(name, first), form.format(name, second)
    assert written == declared or one_slip_from(written, [declared]) == ""


@given(NAMES, st.sampled_from(["non", "not_", "no_", "un", "in", "dis", "a", "n"]), st.booleans())
def test_a_negation_is_another_name(name: str, negation: str, reverse: bool) -> None:
    pair = (name, negation + name)
    written, declared = reversed(pair) if reverse else pair
    assert one_slip_from(written, [declared]) == ""


@given(st.text("不非未无有男女城乡上下前后一二三家庭成员收入", min_size=1, max_size=8), st.data())
def test_another_chinese_character_is_another_name(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name)))
    put = data.draw(st.sampled_from([*"不非未无否反男女", ""]))
    other = name[:at] + put + name[at + data.draw(st.integers(0, 1)) :]
    assert other == name or one_slip_from(name, [other]) == ""


@pytest.mark.parametrize(
    ("written", "declared"),
    [
        ("jurisdicton", "jurisdiction"),
        ("pubished", "published"),
        ("form", "from"),
        ("require_ments", "requirements"),
        ("lable", "label"),
    ],
)
def test_slips_of_the_pen_are_still_mended(written: str, declared: str) -> None:
    assert not may_turn(written, declared)


def test_fix_leaves_figures_of_a_whole_policy_alone(tmp_path: Path) -> None:
    """`under_16` where `under_18` is declared, `month_10` where `month_12` is: told, and both left as they are."""
    folder = tmp_path / "policies"
    shutil.copytree(CASES / "fix_digits", folder)
    report = Reporter()
    done = fixed(files_to_fix([folder], report), check_with([folder]))
    assert (done.files, done.repairs) == ({}, ())
    told = {each.span.text for each in done.left if each.span is not None and each.severity is Severity.ERROR}
    assert told == {"under_16", "month_10"}
    assert [edit for each in done.left if (edit := certain_fix(each)) is not None] == []  # which SARIF would carry


def test_fix_leaves_another_figure_alone(tmp_path: Path) -> None:
    """An option with another figure: a suggestion for a person, never an edit."""
    folder = tmp_path / "policies"
    shutil.copytree(BASE, folder)
    file = folder / "province.yaml"
    text = file.read_text(encoding="utf-8").replace("{none: 非在学", "{none_16: 非在学")
    file.write_text(text.replace("default: none\n", "default: none_18\n"), encoding="utf-8")
    report = Reporter()
    done = fixed(files_to_fix([folder], report), check_with([folder]))
    assert not [each for each in done.repairs if "none" in each.before]
    assert "none_18" in file.read_text(encoding="utf-8")
