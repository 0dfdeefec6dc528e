"""A change by the form: what is open, what is there, the lines that are written, and what the check says of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from engine.editing.workspace import File, Snapshot
from engine.say import Say
from engine.serving.conditions.form import Sheet, answered, found_present, of_present
from engine.serving.conditions.making import Made, Wish, faults_of, made
from engine.serving.conditions.opened import opened, present
from engine.serving.conditions.rows import fields_of
from engine.serving.conditions.vocabulary import vocabulary
from engine.writing.refused import Refused

ROOT = Path(__file__).parents[3]
ZH = Say("zh")
START = date(2026, 1, 1)
NEW = Wish("condition", "all", label="a", cites="b", expression="金融资产总额 < 5 万元", start=START, effect="narrower")


@cache
def shipped() -> Snapshot:
    return Snapshot.open([ROOT / "policies", ROOT / "examples" / "overlay"])


@cache
def overlay(id_: str) -> File:
    return next(one for one in shipped().files.values() if one.kind == "overlay" and one.id == id_)


def change(wish: Wish, id_: str = "datong") -> Made:
    return made(shipped(), overlay(id_), wish)


def added(result: Made) -> str:
    before = result.before.split("\n")
    return "\n".join(line for line in result.after.split("\n") if line not in before)


def test_only_what_the_province_opens_is_offered() -> None:
    told = {(one.kind, one.targets[0].id): one for one in opened(shipped(), overlay("datong"), ZH).openings}
    assert set(told) == {
        ("condition", "all"), ("requirement", ""), ("exemption", "all.assets"), ("fact", "household"),
        ("threshold", "asset_months"),
    }  # fmt: skip
    assert told["condition", "all"].effect == "narrower"
    assert told["exemption", "all.assets"].effect == "wider"
    limit = told["threshold", "asset_months"]
    assert (limit.words, limit.targets[0].now) == ("只可收紧，至多 36 月", "36 月")


def test_a_condition_is_written_and_checked() -> None:
    wish = Wish(
        "condition", "all", label="没有出国留学的成员", cites="第三条", sense="unless", start=START,
        expression="任一(家庭成员 其中 出国留学)", effect="narrower",
    )  # fmt: skip
    result = change(wish)
    assert result.may_be_written
    assert added(result) == (
        "add:\n  conditions:\n    all.local_condition_1:\n      label: 没有出国留学的成员\n      cites: 第三条\n"
        "      unless: 任一(家庭成员 其中 出国留学)\n      from: 2026-01-01\n      effect: narrower"
    )


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (
            Wish("condition", "all", label="a", cites="b", expression="出国", start=START, effect="narrower"),
            "unknown-name",
        ),
        (
            Wish(
                "condition",
                "all",
                label="a",
                cites="b",
                expression="金融资产总额 < 5 万",
                start=START,
                effect="narrower",
            ),
            "unknown-unit",
        ),
        (Wish("threshold", "asset_months", value="48 月", start=START), "outside-guard"),
        (replace(NEW, kind="requirement", target="", start=None), "no-start"),
    ],
)
def test_what_the_engine_refuses_is_told_and_not_written(wish: Wish, code: str) -> None:
    result = change(wish)
    assert not result.may_be_written
    assert code in {one.code for one in result.found}


def test_a_limit_that_stands_alone_becomes_the_first_of_a_list() -> None:
    result = change(Wish("threshold", "asset_months", value="18 月", start=START), "demo_city")
    assert "  asset_months:\n    - value: 24 月\n    - from: 2026-01-01\n      value: 18 月\n" in result.after
    assert result.may_be_written


def test_a_fact_is_added_below_whose_it_is() -> None:
    result = change(Wish("fact", "members", label="党员", fact_kind="yes_no", default="no", cites="第二条", id="party"))
    assert (
        "  facts:\n    members:\n      party:\n        label: 党员\n        yes_no: yes\n        default: no\n"
        in result.after
    )


def test_a_root_policy_is_not_changed_by_this_form() -> None:
    root = next(one for one in shipped().files.values() if one.kind == "policy")
    with pytest.raises(Refused):
        made(shipped(), root, Wish("requirement", label="a", cites="b", expression="是"))


def test_what_lacks_is_told_at_its_field() -> None:
    assert {one.field for one in faults_of(Wish("condition", "all"))} == {"label", "cites"}
    assert {one.field for one in faults_of(Wish("threshold", "x"))} == {"value", "start"}
    assert {one.field for one in faults_of(Wish("fact", label="a\u202eb", fact_kind="unit"))} == {"label", "unit"}
    assert {one.field for one in faults_of(Wish("requirement", label="a", cites="b", id="../x"))} == {"id"}


# ---- what is there


@pytest.mark.parametrize("one", [held for held in present(overlay("demo_city")) if held.sense], ids=lambda one: one.key)
def test_what_is_there_opens_in_the_form_and_unchanged_writes_nothing(one: object) -> None:
    held = next(each for each in present(overlay("demo_city")) if each == one)
    sheet = of_present(shipped(), overlay("demo_city"), held, ZH)
    assert not sheet.raw
    again = answer(sheet)
    assert not again.faults
    assert not again.trouble
    assert again.made is not None
    first, last = (" ".join(text.split()) for text in (again.made.before, again.made.after))
    assert _signs(first) == _signs(last)


def _signs(text: str) -> str:
    """With the signs of comparisons as the words that the form writes."""
    told = {" >= ": " 不低于 ", " <= ": " 不超过 ", " > ": " 高于 ", " < ": " 低于 ", " = ": " 等于 ", " | ": " "}
    for sign, word in told.items():
        text = text.replace(sign, word)
    return text


def answer(sheet: Sheet, **other: str) -> Sheet:
    fields = {name: [text] for name, text in {**sheet.texts, "kind": sheet.kind, **other}.items()}
    return answered(shipped(), overlay("demo_city"), {**fields, **fields_of(sheet.how, sheet.rows)}, ZH)


def test_what_choices_cannot_say_opens_written_out_and_goes_back_where_they_can() -> None:
    held = found_present(overlay("demo_city"), "condition", "all.luxury_study")
    assert held is not None
    sheet = of_present(shipped(), overlay("demo_city"), held, ZH)
    out = answer(sheet, do="write-out")
    assert (out.raw, out.expression) == (True, "任一(家庭成员 其中 就读高收费学校 且 境外亲属资助学费 高于 0)")
    back = answer(out, do="choose", raw="yes", expression=out.expression)
    assert (back.raw, back.rows) == (False, sheet.rows)
    stays = answer(out, do="choose", raw="yes", expression="如果 是 那么 是 否则 否")
    assert stays.raw
    assert stays.trouble


def test_an_entry_of_what_is_sealed_is_refused() -> None:
    fields = {"kind": ["threshold"], "target": ["dibao_standard"], "value": ["1"], "start": ["2026-01-01"]}
    sheet = answered(shipped(), overlay("datong"), fields, ZH)
    assert sheet.trouble
    assert sheet.made is None


def test_the_form_names_what_is_in_scope() -> None:
    words = vocabulary(shipped(), overlay("demo_city"), ZH)
    inside = [one.word for items in words.within("members", "quantity").values() for one in items]
    outside = [one.word for items in words.within("", "quantity").values() for one in items]
    assert "学费" in inside
    assert "学费" not in outside
    assert {"核算收入", "当地低保标准"} <= set(inside) & set(outside)
    assert words.units_for("学费")[:2] == ("元/学年", "元/月"), "its own first"
