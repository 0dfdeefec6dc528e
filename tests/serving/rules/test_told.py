"""What the pages of rules tell, without requests: the tree, a merged policy, what is open and what is sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from engine.api import Policies, open_policies
from engine.diagnostics import Reporter
from engine.policy.overlay import merge
from engine.reporting.words import Words
from engine.say import Language
from engine.serving.pages.places import Place
from engine.serving.pages.rules_changed import changed_below
from engine.serving.pages.rules_merged import Entry, Section, Shown, chain_of
from engine.serving.pages.rules_open import Asked, Opened
from engine.serving.pages.rules_tree import astray, branches
from tests.serving.rules.folders import CITY, folder

DAY = date(2023, 6, 15)
LOCAL = Place("sheng.yaml", 36)


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Policies:
    return open_policies(folder(tmp_path_factory.mktemp("rules") / "p"))


def asked(policies: Policies, id_: str, language: Language = "zh") -> Asked:
    line = policies.library.line_to(id_)
    line = line[: line.index(id_)]
    chain = policies.slices.chain(line) if line else None
    return Asked(id_, None if chain is None else merge(chain, Reporter()), LOCAL, Words(language))


def sections(
    policies: Policies, id_: str, places: Sequence[str] = ("140105", "140106"), day: date = DAY
) -> dict[str, Section]:
    checked = policies.overlay_for(id_, day)
    below = changed_below(policies.library, id_)
    shown = Shown(checked, places, day, None, Words("zh"), asked(policies, id_), below)
    return {one.key: one for one in shown.sections()}


def entries(section: Section) -> dict[str, Entry]:
    def every(found: Sequence[Entry]) -> Iterator[Entry]:
        for one in found:
            yield one
            yield from every(one.inner)

    return {one.id: one for one in every(section.entries)}


# ---- the tree


def test_the_tree_goes_from_the_province_down(policies: Policies) -> None:
    (province,) = branches(policies.library, Words("zh"))
    assert (province.code, province.name, province.rules) == ("14", "省民政厅", "sheng")
    assert [(one.code, one.name, one.rules, one.bare) for one in province.inside] == [
        ("1401", "太原市", "shi", False),
        ("1402", "大同市", "sheng", True),
    ]
    assert [(one.name, one.rules) for one in province.inside[0].inside] == [("小店区", "shi"), ("迎泽区", "shi")]
    (city,) = province.inside[0].leaves
    assert (city.id, city.title, city.about) == ("shi", "市里的规定", "市民发〔2023〕2号，2023-02-01 起施行")
    assert [(one.text, one.since, one.place.line) for one in city.articles] == [
        ("设定 收入上限 700 元/月", "2023-02-01 起施行", 12),
        ("设定 补助额（1 个值）", "2023-02-01 起施行", 13),
        ("替换 核算收入", "2023-02-01 起施行", 16),
    ]


def test_each_article_stands_once_by_what_weighs_most(policies: Policies) -> None:
    (province,) = branches(policies.library, Words("zh"))
    (leaf,) = province.leaves
    assert [(one.cites, one.text) for one in leaf.articles] == [
        ("二", "补助额"),
        ("一", "收入低"),
        ("一（一）", "核算收入低于收入上限"),
    ]


def test_a_document_that_amends_nothing_is_not_passed_over(tmp_path: Path) -> None:
    found = open_policies(folder(tmp_path / "p", city=CITY.replace("amends: sheng", "amends: nowhere")))
    assert [one.id for one in astray(found.library, Words("zh"))] == ["shi"]
    (province,) = branches(found.library, Words("zh"))
    assert province.inside[0].bare


def test_of_a_broken_document_its_head_is_told(tmp_path: Path) -> None:
    found = open_policies(folder(tmp_path / "p", city=CITY.replace("value: 700 元/月", "worth: 700 元/月")))
    (leaf,) = branches(found.library, Words("zh"))[0].inside[0].leaves
    assert (leaf.title, leaf.sound, leaf.articles) == ("市里的规定", False, ())


# ---- a merged policy


def test_a_value_stands_with_its_document_days_and_line(policies: Policies) -> None:
    limit = entries(sections(policies, "shi")["parameters"])["limit"]
    assert (limit.value, limit.cites, limit.place) == ("700 元/月", "一", Place("sheng.yaml", 17))
    (note,) = limit.notes
    assert note.text == "市民发〔2023〕2号，2023-02-01 起施行，2023-01-20 公布，政府网站"
    assert (note.place, note.source) == (Place("cities/shi.yaml", 12), "https://example.gov.cn/2")


def test_before_the_city_began_the_province_holds(policies: Policies) -> None:
    limit = entries(sections(policies, "shi", day=date(2023, 1, 15))["parameters"])["limit"]
    assert (limit.value, limit.notes[0].place) == ("800 元/月", Place("sheng.yaml", 17))


def test_values_by_place_are_a_table_and_who_has_none_is_named(policies: Policies) -> None:
    grant = entries(sections(policies, "shi")["parameters"])["grant"]
    assert grant.grid is not None
    assert grant.grid.rows == (("小店区", (("50 元/月", Place("cities/shi.yaml", 13)),)),)
    assert grant.lacking == ("没有公布：迎泽区",)


def test_what_was_replaced_is_told(policies: Policies) -> None:
    counted = entries(sections(policies, "shi")["terms"])["counted"]
    assert (counted.rule, counted.replaced) == ("原定义 * 90%", "月收入")
    assert counted.place == Place("cities/shi.yaml", 16)


def test_who_changes_it_below_is_told(policies: Policies) -> None:
    found = sections(policies, "sheng", ("140105",))
    told = [(one.document, one.since, one.place) for one in entries(found["parameters"])["limit"].changed]
    assert told == [("shi", "2023-02-01", Place("cities/shi.yaml", 12))]
    assert [one.document for one in entries(found["terms"])["counted"].changed] == ["shi"]
    assert not entries(found["causes"])["poor.income"].changed


def test_a_condition_stands_as_it_is_read(policies: Policies) -> None:
    income = entries(sections(policies, "shi")["causes"])["poor.income"]
    assert income.rule == "核算收入 低于 收入上限 或 strict 等于 severe"
    assert (income.cites, income.place) == ("一（一）", Place("sheng.yaml", 33))


def test_the_chain_is_told_from_the_top(policies: Policies) -> None:
    told = chain_of(policies.overlay_for("shi", DAY), Words("zh"))
    assert [(one.id, one.text) for one in told] == [
        ("sheng", "省民政厅 · 省民发〔2023〕1号 · 2023-01-01 起施行"),
        ("shi", "市民发〔2023〕2号 · 2023-02-01 起施行"),
    ]


# ---- what is open, what is sealed


def opened(policies: Policies, id_: str, section: str, element: str) -> Opened | None:
    return entries(sections(policies, id_)[section])[element].opened


@pytest.mark.parametrize(
    ("section", "element", "state", "text", "place"),
    [
        ("parameters", "limit", "open", "可以设定（不高于 800.00 元/月，只能更严）", Place("sheng.yaml", 37)),
        ("parameters", "grant", "open", "可以设定（应由各地设定）", Place("sheng.yaml", 37)),
        ("readings", "strict", "sealed", "sheng 没有向下开放", LOCAL),
        ("causes", "poor", "sealed", "sheng 没有向下开放", LOCAL),
        ("terms", "counted", "own", "写在本文件", Place("cities/shi.yaml", 16)),
        ("outputs", "gap", "sealed", "sheng 没有向下开放", LOCAL),
    ],
)
def test_what_a_city_may_change(
    policies: Policies, section: str, element: str, state: str, text: str, place: Place
) -> None:
    told = opened(policies, "shi", section, element)
    assert told == Opened(state, text, place)  # type: ignore[arg-type] # a word of the table above


def test_of_a_root_nothing_is_to_be_asked(policies: Policies) -> None:
    assert opened(policies, "sheng", "parameters", "limit") is None
    assert asked(policies, "sheng").groups() == []


def test_what_a_level_between_seals_is_laid_to_it(policies: Policies) -> None:
    chain = policies.slices.chain(["sheng", "shi"])
    assert chain is not None
    county = Asked("xian", merge(chain, Reporter()), LOCAL, Words("en"))
    limit = policies.overlay_for("shi", DAY).merged.elements.parameters["limit"]
    assert county.of("parameters", "limit", limit.origin) == Opened(
        "sealed", "sealed by shi", Place("cities/shi.yaml", 18)
    )


def test_all_that_is_open_stands_in_groups(policies: Policies) -> None:
    told = {title: [one.id for one in rows] for title, rows in asked(policies, "shi").groups()}
    assert told == {"可以设定": ["limit", "grant"], "可以替换": ["counted"]}
