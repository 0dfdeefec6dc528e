"""The reader of households: forms, units, defaults, and a refusal of its own for every fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import HouseholdError
from engine.evaluation.household import Routing, read_household, read_routing
from engine.language.interpreter import MAX_ITEMS
from engine.language.values import UNKNOWN, Interval
from tests.evaluation.samples import DAY, PLACE, household, sample_policy


def refusal(given: object, other_fields: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    with pytest.raises(HouseholdError) as caught:
        read_household(given, sample_policy(), other_fields=other_fields)
    for found in caught.value.diagnostics:
        for language in ("zh", "en"):
            assert found.message(language)
            found.help_lines(language)
    return [(found.code, found.path) for found in caught.value.diagnostics]


def member(**more: object) -> dict[str, object]:
    return {"id": "a", "kind": "adult", **more}


def with_member(**more: object) -> dict[str, object]:
    return household(members=[member(**more)])


def test_units_are_counted() -> None:
    facts = read_household(household(income="900.50", savings=100, rooms=3, area="12.5"), sample_policy())
    assert facts.household["income"] == 90050
    assert facts.household["savings"] == 10000
    assert facts.household["rooms"] == 3
    assert facts.household["area"] == 1250
    assert facts.items["members"] != UNKNOWN
    assert (facts.id, facts.place, facts.as_of) == ("H-1", PLACE, DAY)


@pytest.mark.parametrize("written", ["620.5", "620.50", 620.5, Decimal("620.5"), Decimal("620.50"), Decimal("6205E-1")])
def test_forms_of_an_amount(written: object) -> None:
    assert read_household(household(income=written), sample_policy()).household["income"] == 62050


@pytest.mark.parametrize("written", [2, "2", 2.0, "2.0", "2.00", Decimal(2), Decimal("2E0")])
def test_forms_of_a_count(written: object) -> None:
    assert read_household(household(rooms=written), sample_policy()).household["rooms"] == 2


@pytest.mark.parametrize("text", ["0.1", "0.29", "1.005", "2.675", "9999999999.99"])
def test_amounts_never_pass_through_a_float(text: str) -> None:
    given = json.dumps(household(income="X")).replace('"X"', text)
    if len(text.partition(".")[2]) > 2:
        assert refusal(given) == [("amount-form", "income")]
    else:
        assert read_household(given, sample_policy()).household["income"] == int(Decimal(text) * 100)


@pytest.mark.parametrize(
    ("field", "written", "counted"),
    [
        ("profit", -5_000_000, -500_000_000),
        ("profit", "-5000000.50", -500_000_050),
        ("profit", -0.5, -50),
        ("profit", Decimal("-0.01"), -1),
        ("profit", "-0", 0),
        ("profit", 12, 1200),
        ("shops", -20, -20),
        ("shops", "-3.0", -3),
        ("rate", "7.123456", 7_123_456),
        ("rate", "0.000001", 1),
        ("rate", 7, 7_000_000),
        ("width", "3.1234", 31_234),
        ("turnover", 10**11, 10**13),
        ("turnover", "499999999999.99", 49_999_999_999_999),
        ("turnover", 5 * 10**11, 5 * 10**13),
    ],
)
def test_what_a_fact_declares(field: str, written: object, counted: int) -> None:
    """Below zero, decimals, digits."""
    assert read_household(household(**{field: written}), sample_policy()).household[field] == counted
    if not isinstance(written, Decimal):
        given = json.dumps(household(**{field: written}))
        assert read_household(given, sample_policy()).household[field] == counted


def test_unknown_facts_reach_as_far_as_is_declared() -> None:
    names = ("profit", "shops", "rate", "width", "turnover")
    facts = read_household(household(**dict.fromkeys(names)), sample_policy()).household
    assert [facts[name] for name in names] == [
        Interval(-500_000_050, 999_999_999_999),
        Interval(-20, -1),
        Interval(0, 10**16 - 1),
        Interval(0, 10**14 - 1),
        Interval(0, 5 * 10**13),
    ]


def test_defaults_and_unknowns() -> None:
    given = household()
    for name in ("savings", "rooms", "residence", "vehicles", "hardship"):
        del given[name]
    given["income"] = None
    given["members"] = [{"id": "a", "cost": None}]
    facts = read_household(given, sample_policy())
    assert facts.household["savings"] == 50
    assert facts.household["rooms"] == 2
    assert facts.household["residence"] is UNKNOWN
    assert facts.household["income"] == Interval(0, 999_999_999_999)
    assert facts.household["moved_in"] == Interval(date(2000, 1, 1), date(2199, 12, 31))
    assert facts.items["vehicles"] is UNKNOWN
    assert facts.items["members"][0]["cost"] == Interval(0, 999_999_999_999)  # type: ignore[index]  # a list
    assert facts.defaulted == (("", -1, "savings"), ("", -1, "rooms"), ("members", 0, "ill"))


def test_a_default_does_not_stand_for_null() -> None:
    facts = read_household(household(rooms=None), sample_policy())
    assert facts.household["rooms"] == Interval(0, 20)
    assert facts.defaulted == ()


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        (None, "household-not-object", "$"),
        ("[]", "household-not-object", "$"),
        (b"3", "household-not-object", "$"),
        (household(id=None), "required-fact", "id"),
        (household(id=5), "fact-not-text", "id"),
        (household(id=""), "identity-form", "id"),
        (household(id="a\n"), "identity-form", "id"),
        (household(id="x" * 101), "identity-form", "id"),
        (household(id="\ud800"), "json-lone-surrogate", "id"),
        (household(note=5), "fact-not-text", "note"),
        (household(county=140105), "fact-not-text", "county"),
        (household(county="14010"), "place-form", "county"),
        (household(county="１４０１０５"), "place-form", "county"),
        (household(county="140105\n"), "place-form", "county"),
        (household(application_date=20230615), "fact-not-date", "application_date"),
        (household(application_date=datetime(2023, 6, 15)), "fact-not-date", "application_date"),
        (household(application_date="2023-6-15"), "date-form", "application_date"),
        (household(application_date="2023-02-30"), "date-form", "application_date"),
        (household(application_date="20230615"), "date-form", "application_date"),
        (household(application_date="2023-W24-4"), "date-form", "application_date"),
        (household(application_date="1899-12-31"), "fact-out-of-bounds", "application_date"),
        (household(moved_in="1999-12-31"), "fact-out-of-bounds", "moved_in"),
        (household(rooms=21), "fact-out-of-bounds", "rooms"),
        (household(rooms=1.5), "whole-form", "rooms"),
        (household(rooms=True), "fact-not-number", "rooms"),
        (household(income=True), "fact-not-number", "income"),
        (household(income=[]), "fact-not-number", "income"),
        (household(income="1,000"), "amount-form", "income"),
        (household(income=" 1"), "amount-form", "income"),
        (household(income="１"), "amount-form", "income"),
        (household(income="01"), "amount-form", "income"),
        (household(income="+1"), "amount-form", "income"),
        (household(income=".5"), "amount-form", "income"),
        (household(income="1."), "amount-form", "income"),
        (household(income=-1), "amount-form", "income"),
        (household(income=0.001), "amount-form", "income"),
        (household(income=10**10), "amount-form", "income"),
        (household(income=10**5000), "amount-form", "income"),
        (household(income=10**11), "amount-form", "income"),
        (household(profit="-5000000.51"), "fact-out-of-bounds", "profit"),
        (household(profit=-(10**9)), "fact-out-of-bounds", "profit"),
        (household(profit=-(10**10)), "signed-form", "profit"),
        (household(profit="-0.001"), "signed-form", "profit"),
        (household(profit="--1"), "signed-form", "profit"),
        (household(profit="- 1"), "signed-form", "profit"),
        (household(profit="-"), "signed-form", "profit"),
        (household(profit="−1"), "signed-form", "profit"),  # the sign of mathematics
        (household(profit="+1"), "signed-form", "profit"),
        (household(profit="-01"), "signed-form", "profit"),
        (household(profit=-1e22), "number-with-exponent", "profit"),
        (household(profit=float("-inf")), "json-not-finite", "profit"),
        (household(shops="-1.5"), "signed-form", "shops"),
        (household(shops=0), "fact-out-of-bounds", "shops"),
        (household(shops=-21), "fact-out-of-bounds", "shops"),
        (household(rate="7.1234567"), "amount-form", "rate"),
        (household(rate="7.1234560"), "amount-form", "rate"),
        (household(rate=-1), "amount-form", "rate"),
        (household(width="3.12345"), "amount-form", "width"),
        (household(turnover="500000000000.01"), "fact-out-of-bounds", "turnover"),
        (household(turnover=10**12), "amount-form", "turnover"),
        (household(income=1e22), "number-with-exponent", "income"),
        (household(income=Decimal("1E+400")), "number-with-exponent", "income"),
        (household(income=float("nan")), "json-not-finite", "income"),
        (household(income=Decimal("Infinity")), "json-not-finite", "income"),
        (household(residence="town"), "not-an-option", "residence"),
        (household(residence=1), "fact-not-text", "residence"),
        (household(hardship="no"), "fact-not-yes-no", "hardship"),
        (household(hardship=0), "fact-not-yes-no", "hardship"),
        (household(needs="food"), "fact-not-list", "needs"),
        (household(needs=["food", "drink"]), "not-an-option", "needs[1]"),
        (household(needs=["food"] * 1001), "too-many-items", "needs"),
        (household(members=None), "required-fact", "members"),
        (household(members=[]), "too-few-items", "members"),
        (household(members={}), "fact-not-list", "members"),
        (household(members="ab"), "fact-not-list", "members"),
        (household(members=[None]), "item-not-object", "members[0]"),
        (household(members=[{}]), "required-fact", "members[0].id"),
        (household(members=[member(), member(id="b"), member()]), "repeated-identity", "members[2].id"),
        (household(applicant="x"), "reference-to-nobody", "applicant"),
        (household(applicant=1), "fact-not-text", "applicant"),
        (household(applicant="\t"), "identity-form", "applicant"),
        (household(members=[member(id="b"), member(id="c", carer="a")]), "reference-to-nobody", "members[1].carer"),
        (household(members=[member(id=str(n)) for n in range(1001)]), "too-many-items", "members"),
        (with_member(cost="x"), "amount-form", "members[0].cost"),
        (with_member(price=1), "unknown-household-field", "members[0].price"),
        (household(incme=1), "unknown-household-field", "incme"),
        (household(**{"\ud800": 1}), "unknown-household-field", "\\ud800"),
        (dict([*household().items(), (5, 1)]), "unknown-household-field", "5"),
    ],
)
def test_refused(given: object, code: str, path: str) -> None:
    assert refusal(given) == [(code, path)]


def test_exponents_of_json_text() -> None:
    for text in ("1e3", "1E400", "1e999999999"):
        given = json.dumps(household(income="X")).replace('"X"', text)
        assert refusal(given) == [("number-with-exponent", "income")]


def test_every_fault_is_told_with_the_household() -> None:
    given = household(income="x", residence="x", extra=1, members=[{"id": "a", "ill": 1}])
    with pytest.raises(HouseholdError) as caught:
        read_household(given, sample_policy())
    told = caught.value.to_dict()
    assert told["household"] == "H-1"
    reasons: Any = told["reasons"]
    assert [reason["path"] for reason in reasons] == ["extra", "income", "members[0].ill", "residence"]
    assert "`x`" not in str(told)
    assert all(reason["message"] for reason in reasons)


def test_nearest_names_are_offered() -> None:
    for given, meant in ((household(incme=1), "income"), (household(residence="城市"), "urban")):
        with pytest.raises(HouseholdError) as caught:
            read_household(given, sample_policy())
        assert any(meant in line for found in caught.value.diagnostics for line in found.help_lines("zh"))


def test_private_values_are_not_repeated() -> None:
    with pytest.raises(HouseholdError) as caught:
        read_household(household(note=4711), sample_policy())
    assert "4711" not in str(caught.value.to_dict())


def test_fields_of_other_policies_are_passed_over() -> None:
    others = frozenset({"pets", "members.height", "boats"})
    given: Mapping[str, object] = household(
        pets=3, boats=[{"nonsense": {}}], members=[{"id": "a", "height": "tall", "kind": "adult"}]
    )
    facts = read_household(given, sample_policy(), other_fields=others)
    assert sorted(found.path for found in facts.warnings) == ["boats", "members[0].height", "pets"]
    assert refusal(household(height=1), others) == [("unknown-household-field", "height")]


def test_most_items() -> None:
    members = [member(id=str(number)) for number in range(MAX_ITEMS)]
    assert len(read_household(household(members=members), sample_policy()).items["members"]) == MAX_ITEMS  # type: ignore[arg-type]


def test_text_bytes_dict_and_tree_agree() -> None:
    given = household(income=900.5)
    expected = read_household(given, sample_policy())
    text = json.dumps(given)
    for data in (text, text.encode(), {**given, "members": tuple(given["members"])}):  # type: ignore[arg-type]
        assert read_household(data, sample_policy()) == expected


def test_routing() -> None:
    facts = sample_policy().merged.elements.facts
    assert read_routing(household(), facts) == Routing("H-1", PLACE, DAY)
    assert read_routing({"county": PLACE, "application_date": "2023-06-15"}, facts) == Routing(None, PLACE, DAY)
    with pytest.raises(HouseholdError) as caught:
        read_routing({"id": "H", "county": None}, facts)
    assert [found.path for found in caught.value.diagnostics] == ["application_date", "county"]
    assert caught.value.household == "H"
