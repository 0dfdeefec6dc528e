"""A household goes into a form and comes out of it as it was; whatever a form cannot hold is told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import open_policies
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.policy.model import Collection, Elements, Fact, Policy
from engine.policy.territory import Territory
from engine.reporting.words import Words
from engine.serving.filled import Posted, filled, fitted, place_text, started
from engine.serving.forms import Form, form_of
from tests.serving.trial.browsing import pairs_of

ROOT = Path(__file__).parents[3]
FOLDERS = ("policies", "examples/figures", "examples/hongkong", "examples/national_2024", "examples/values")
ALPHABET = st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"))
TEXTS = st.text(ALPHABET, min_size=1, max_size=8)


@cache
def roots() -> dict[str, tuple[Elements, Territory]]:
    """Every root policy that is shipped or shown, under its id; Australia's beside them."""
    found: dict[str, tuple[Elements, Territory]] = {}
    for folder in (*FOLDERS, "examples/australia_age_pension"):
        library = open_policies(ROOT / folder).library
        for one in library.roots():
            built = library.build(one.header.id)
            assert isinstance(built, Policy)
            found[one.header.id] = built.elements, library.territory(one.header.id)
    return found


def values(kind: Type, territory: Territory) -> st.SearchStrategy[object]:
    match kind:
        case Quantity():
            return st.decimals(0, 10**6, places=2).map(str) | st.sampled_from(["1,000", "-3", "3元"])
        case Truth():
            return st.booleans()
        case DateType():
            return st.dates().map(str)
        case Choice(options=options):
            return st.sampled_from([option for option, _ in options])
        case Place():
            return st.sampled_from(list(territory)[:200] or ["140105"])
        case Several(of=Choice(options=options)):
            return st.lists(st.sampled_from([option for option, _ in options]), unique=True).map(
                lambda chosen: [option for option, _ in options if option in chosen]
            )
        case Several():
            return st.lists(TEXTS, max_size=3)
        case Text() | ItemOf():
            return TEXTS


def facts_of(facts: Mapping[str, Fact], territory: Territory) -> st.SearchStrategy[dict[str, Any]]:
    """Some of them; each absent, unknown or known."""
    known = {id: values(fact.type, territory) for id, fact in facts.items()}
    return st.fixed_dictionaries(
        {}, optional={id: one if facts[id].required else st.none() | one for id, one in known.items()}
    )


def items_of(collection: Collection, territory: Territory) -> st.SearchStrategy[object]:
    items = st.lists(facts_of(collection.facts, territory), max_size=3)
    return items if collection.required else st.none() | items


@st.composite
def households(draw: st.DrawFn, elements: Elements, territory: Territory) -> dict[str, Any]:
    household = draw(facts_of(elements.facts, territory))
    for id, collection in elements.collections.items():
        if collection.required or draw(st.booleans()):
            household[id] = draw(items_of(collection, territory))
    return household


def again(form: Form, elements: Elements, territory: Territory) -> dict[str, Any]:
    read = filled(Posted(pairs_of(form)), elements, territory)
    assert read.faults == ()
    return read.household


@pytest.mark.parametrize("id", sorted(roots()))
def test_a_household_comes_out_of_the_form_as_it_went_in(id: str) -> None:
    elements, territory = roots()[id]

    @settings(max_examples=25, deadline=None)
    @given(households(elements, territory), st.lists(st.sampled_from(sorted(elements.facts)), max_size=3))
    def check(household: dict[str, Any], asked: list[str]) -> None:
        form = form_of(household, elements, territory, Words("zh"), asked=asked)
        assert again(form, elements, territory) == household
        fit = fitted(household, elements)
        assert (fit.household, fit.left) == (household, ())

    check()


def shanxi() -> tuple[Elements, Territory]:
    return roots()["shanxi_2022_60"]


def read(*pairs: tuple[str, str]) -> dict[str, Any]:
    return filled(Posted(pairs), *shanxi()).household


def test_left_out_not_known_and_given_are_three_things() -> None:
    name = "members[0].treatment_ongoing"
    told = [read(("n:members", "1"), (f"v:{name}", value))["members"][0] for value in ("", "?", "=no")]
    assert told == [{}, {"treatment_ongoing": None}, {"treatment_ongoing": False}]
    told = [read((f"{kind}:income_12m", value)) for kind, value in (("v", ""), ("u", "1"), ("v", "0"))]
    assert [one.get("income_12m", "absent") for one in told] == ["absent", None, "0"]
    lists = [read(("m:vehicles", mode)) for mode in ("", "?", "=")]
    assert [one.get("vehicles", "absent") for one in lists] == ["absent", None, []]


def test_what_an_input_method_leaves_is_taken_off() -> None:
    assert read(("v:income_12m", " １２００．５０　"))["income_12m"] == "1200.50"


def test_filled_in_and_marked_as_not_known_is_asked_about() -> None:
    found = filled(Posted([("v:income_12m", "3"), ("u:income_12m", "1")]), *shanxi())
    assert [one.path for one in found.faults] == ["income_12m"]


@pytest.mark.parametrize("text", ["140105", "小店区", "太原市小店区", "140105 小店区（太原市）", "小店区 "])
def test_a_county_is_found_by_code_and_name(text: str) -> None:
    assert read(("v:county", text))["county"] == "140105"


def test_a_name_that_several_counties_have_is_asked_about() -> None:
    elements, territory = shanxi()
    found = filled(Posted([("v:county", "城区")]), elements, territory)
    assert "140302 城区（阳泉市）" in found.faults[0].zh
    lost = filled(Posted([("v:county", "小店县")]), elements, territory)
    assert "小店区" in lost.faults[0].zh


def test_a_county_is_shown_by_name_with_its_city() -> None:
    _, territory = shanxi()
    assert place_text("140105", territory) == "140105 小店区（太原市）"


def test_items_are_added_and_removed_with_those_behind_moving_up() -> None:
    elements, territory = shanxi()
    identity = elements.collections["members"].facts["id"]
    posted = Posted(
        [("n:members", "2"), ("v:members[0].id", "1"), ("v:members[1].id", "3"), ("v:members[1].name", "乙")]
    )
    more = filled(posted.with_item("members", identity), elements, territory).household["members"]
    assert [one["id"] for one in more] == ["1", "3", "4"]
    fewer = filled(posted.without_item("members", 0), elements, territory).household["members"]
    assert fewer == [{"id": "3", "name": "乙"}]
    assert posted.without_item("members", 7) is posted


def test_a_thousand_members_are_carried_and_few_unfolded() -> None:
    elements, territory = shanxi()
    household: dict[str, Any] = {"members": [{"id": str(n), "medical_gross": "1.5"} for n in range(1000)]}
    form = form_of(household, elements, territory, Words("zh"), first={"members": 990})
    assert (form.lists[0].first, len(form.lists[0].items), len(form.lists[0].kept)) == (984, 12, 988)
    assert again(form, elements, territory)["members"] == household["members"]


def test_no_more_items_are_made_up_than_a_household_may_have() -> None:
    assert len(read(("n:members", "99999999"))["members"]) == 1001
    assert read(("n:members", "１２"))["members"] == []


def test_what_no_form_can_hold_is_told() -> None:
    elements, _ = shanxi()
    tree = {
        "id": 5,
        "county": ["1"],
        "foo": 1,
        "members": [{"treatment_ongoing": "yes", "diseases": ["a\nb"]}, 3],
        "vehicles": {},
    }
    fit = fitted(tree, elements)
    assert fit.left == (
        "id", "county", "foo", "members[0].treatment_ongoing", "members[0].diseases", "members[1]", "vehicles",
    )  # fmt: skip


def test_a_new_household_has_what_tells_it_apart() -> None:
    elements, _ = shanxi()
    assert started(elements, "2024-01-01") == {
        "id": "1", "application_date": "2024-01-01", "members": [{"id": "1"}],
    }  # fmt: skip


def test_what_is_asked_stands_first_and_once() -> None:
    elements, territory = shanxi()
    household: dict[str, Any] = {"income_12m": "3", "members": [{"id": "1"}]}
    asked = ["members[0].treatment_ongoing", "financial_assets", "income_12m"]
    form = form_of(household, elements, territory, Words("zh"), asked=asked)
    assert [one.name for one in form.asked] == ["financial_assets", "members[0].treatment_ongoing"][::-1]
    names = [name for name, _ in pairs_of(form)]
    assert len(names) == len(set(names))
    assert "income_12m" in [one.name for one in form.fields]
