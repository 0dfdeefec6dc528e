"""What refers to an item: whose id it is, however either was typed, and what is said of one that is nobody's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from engine.api import Policies, open_policies
from engine.diagnostics import Diagnostic, render
from engine.errors import HouseholdError
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.household import read_household
from engine.evaluation.reasons import MOST_REASONS
from engine.language.values import UNKNOWN
from engine.policy.checked import CheckedPolicy
from tests.evaluation.samples import DAY, PLACE

POLICY = """\
format: 1
policy: sample
title: 样例政策（测试用）
document: 测〔2023〕1号
issuer: 测试
jurisdiction: "14"
from: 2023-01-01
published: 2023-01-01
confers: {id: help, label: 纳入救助范围}
territory: divisions.csv
facts:
  household:
    hid: {label: 家庭编号, text: yes, required: yes, role: identity}
    day: {label: 申请日期, date: yes, required: yes, role: as_of}
    county: {label: 行政区划代码, place: yes, required: yes, role: place}
    applicant: {label: 申请人, refers_to: members}
  members:
    label: 家庭成员
    counted_in: 人
    items:
      id: {label: 成员编号, text: yes, role: identity@}
      carer: {label: 照料人, refers_to: members#}
  bills:
    label: 票据
    counted_in: 张
    items:
      patient: {label: 就医成员, refers_to: members}
outputs:
  own: {label: 申请人, is: 申请人}
  same: {label: 同一人的票据, of: bills, is: 计数(票据 其中 就医成员 = 本人.就医成员), unit: 张}
"""


@cache
def policy(*, private_id: bool = False, private_reference: bool = False) -> CheckedPolicy:
    with TemporaryDirectory() as folder:
        text = POLICY.replace("@", ", private: yes" * private_id).replace("#", ", private: yes" * private_reference)
        Path(folder, "p.yaml").write_text(text, encoding="utf-8")
        Path(folder, "divisions.csv").write_text(f"code,name,city_code,city_name\n{PLACE},一县,,\n", encoding="utf-8")
        opened: Policies = open_policies([folder])
        errors = [render(one) for one in opened.check() if one.severity.value == "error"]
        assert not errors, "\n".join(errors)
        checked, _ = opened.slices.checked(["sample"], PLACE, DAY, None)
    assert checked is not None
    return checked


def read(members: object, *, under: CheckedPolicy | None = None, **more: object) -> HouseholdFacts:
    given = {"hid": "H", "day": DAY.isoformat(), "county": PLACE, "members": members, **more}
    return read_household(given, under or policy())


def refused(members: object, *, under: CheckedPolicy | None = None, **more: object) -> Sequence[Diagnostic]:
    with pytest.raises(HouseholdError) as caught:
        read(members, under=under, **more)
    return caught.value.diagnostics


@pytest.mark.parametrize("typed", ["m1x", "M1X", " m1x ", "ｍ１ｘ", "m1×", "m1\u200bx"])
def test_ids_are_compared_as_everywhere_and_written_as_the_item_does(typed: str) -> None:
    facts = read([{"id": "m1x"}, {"id": "m2", "carer": typed}], applicant=typed, bills=[{"patient": typed}])
    assert facts.household["applicant"] == "m1x"
    members, bills = facts.items["members"], facts.items["bills"]
    assert members is not UNKNOWN
    assert bills is not UNKNOWN
    assert [members[1]["carer"], bills[0]["patient"]] == ["m1x", "m1x"]


def test_what_is_not_known_stays_so() -> None:
    facts = read([{"id": "a"}], applicant=None, bills=[{}, {"patient": None}])
    bills = facts.items["bills"]
    assert bills is not UNKNOWN
    assert [facts.household["applicant"], *(one["patient"] for one in bills)] == [UNKNOWN] * 3


@pytest.mark.parametrize("members", [None, [{"id": "a"}, {"id": None}]], ids=["list", "id"])
def test_who_is_not_found_may_yet_be_there(members: object) -> None:
    """And is the same wherever he is referred to, however he was typed."""
    facts = read(members, applicant="Ｚ", bills=[{"patient": "z"}, {"patient": " Z"}])
    bills = facts.items["bills"]
    assert bills is not UNKNOWN
    assert {facts.household["applicant"], *(one["patient"] for one in bills)} == {"Ｚ"}


def test_each_is_refused_by_its_place_with_who_there_is() -> None:
    found = refused([{"id": "a1"}, {"id": "b", "carer": "nobody"}], applicant="a2", bills=[{"patient": "c"}])
    assert [(one.code, one.path) for one in found] == [
        ("reference-to-nobody", "applicant"),
        ("reference-to-nobody", "bills[0].patient"),
        ("reference-to-nobody", "members[1].carer"),
    ]
    assert found[0].message("zh") == "申请人 `a2` 不是家庭成员中任何一项的编号"
    assert list(found[0].help_lines("zh")) == ["是不是想写 `a1`？", "家庭成员中有：a1、b"]
    assert list(found[2].help_lines("en")) == ["there are, in 家庭成员: a1、b"]


def test_of_an_empty_list_there_is_nobody() -> None:
    (found,) = refused([], bills=[{"patient": "a"}])
    assert (found.path, list(found.help_lines("zh"))) == ("bills[0].patient", [])


def test_a_bad_id_is_told_once() -> None:
    """Who is referred to may be the one whose id could not be read."""
    (found,) = refused([{"id": "a\u0000"}], applicant="a")
    assert (found.code, found.path) == ("identity-form", "members[0].id")


def test_of_many_only_so_many_are_listed_and_so_many_told() -> None:
    found = refused([{"id": f"m{n}"} for n in range(1000)], bills=[{"patient": f"x{n}"} for n in range(1000)])
    assert len(found) == MOST_REASONS + 1
    (there,) = (line for line in found[0].help_lines("zh") if "中有" in line)
    assert there.count("m") == 20
    assert there.endswith("……")


def test_what_cannot_be_seen_is_shown_by_its_code() -> None:
    (found,) = refused([{"id": "a"}], applicant="b\u200b")
    assert "b\\u200b" in found.message("zh")


def test_private_ids_are_not_repeated() -> None:
    (found,) = refused([{"id": "secret1"}], under=policy(private_id=True), applicant="secret2")
    assert "secret" not in "\n".join(render(found))
    (found,) = refused([{"id": "a", "carer": "secret"}], under=policy(private_reference=True))
    assert "secret" not in "\n".join(render(found))
