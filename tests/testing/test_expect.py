"""What each kind of expectation takes for the answer, and what not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.testing.trying import HEAD, tried

HOLDS = [
    "{outcome: eligible}",
    "{outcome: 符合}",
    "{causes: {illness: met, disability: unmet, education: 不满足, multiple: 不满足}}",
    "{conditions: {illness.income: met, illness.assets: 满足, disability.income: unmet}}",
    "{outputs: {income_after_medical: 666.67, income_per_person: 1666.67 元/人/月}}",
    "{outputs: {income_after_medical: 2000/3, assets_per_person: 10000, shortfall: 100/3 元/人/月}}",
    "{outputs: {income_after_medical: 8000/12, assets_per_person: 10000.00}}",
    "{missing: []}",
    "{readings: {already_below: {counts: eligible, excluded: 符合}}}",
    "{readings: {multiple_causes: {strict: {outcome: eligible, causes: {illness: met, multiple: unmet}}}}}",
    "{referrals: [temporary_aid, medical_aid]}",
    "{warnings: [no-local-requirements], no_warnings: [stale-value, data-check-warning]}",
]
FAILS = [
    ("{outcome: ineligible}", "eligible"),
    ("{outcome: 未受理}", "eligible"),
    ("{causes: {illness: unmet}}", "met"),
    ("{conditions: {illness.income: undetermined}}", "met"),
    ("{outputs: {income_after_medical: 666.66}}", "666.67"),
    ("{outputs: {income_after_medical: 667}}", "2000/3"),
    ("{outputs: {income_after_medical: 666.67 元}}", "666.67 元/人/月"),
    ("{outputs: {income_after_medical: unknown}}", "666.67"),
    ("{missing: [income_12m]}", ()),
    ("{readings: {already_below: {excluded: ineligible}}}", "eligible"),
    ("{referrals: [medical_aid]}", ("medical_aid", "temporary_aid")),
    ("{referrals: []}", ("medical_aid", "temporary_aid")),
    ("{warnings: [stale-value]}", "no"),
    ("{no_warnings: [no-local-requirements]}", "yes"),
    ("{refused: [amount-form]}", ("eligible",)),
]


def case(expect: str, change: str = "{}") -> str:
    return f"{HEAD}  one:\n    why: x\n    base: ill\n    change: {change}\n    expect: {expect}\n"


@pytest.mark.parametrize("expect", HOLDS)
def test_what_holds(expect: str, tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": case(expect)})
    assert found.found.passed, found.told or [result.mismatches for result in found.found.failed]
    assert len(found.named("one").checks) >= 1


@pytest.mark.parametrize(("expect", "got"), FAILS)
def test_what_fails_says_what_it_got(expect: str, got: str | tuple[str, ...], tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": case(expect)})
    assert not found.found.passed
    assert found.codes == []
    assert [check.got for check in found.named("one").mismatches] == [got]


@pytest.mark.parametrize(
    ("expect", "holds"),
    [
        ("{refused: [amount-form]}", True),
        ("{refused: {amount-form: income_12m}}", True),
        ('{refused: ["amount-form income_12m"]}', True),
        ("{outcome: refused}", True),
        ("{refused: {amount-form: financial_assets}}", False),
        ("{refused: [amount-form, date-form]}", False),
        ("{refused: [date-form]}", False),
        ("{outcome: eligible}", False),
        ("{causes: {illness: met}}", False),
        ("{missing: []}", False),
    ],
)
def test_a_refusal(expect: str, holds: bool, tmp_path: Path) -> None:
    found = tried(tmp_path, {"cases.yaml": case(expect, "{income_12m: -1}")})
    assert found.found.passed is holds


def test_what_is_unknown(tmp_path: Path) -> None:
    expect = (
        "{outcome: undetermined, outputs: {income_per_person: unknown, assets_per_person: 10000}, "
        "missing: [income_12m], causes: {illness: 待查}}"
    )
    assert tried(tmp_path, {"cases.yaml": case(expect, "{income_12m: unknown}")}).found.passed


def test_missing_values_are_named_with_or_without_their_key(tmp_path: Path) -> None:
    for wanted, given in (
        ("dibao_standard", "given: {dibao_standard: unknown}"),
        ('"dibao_standard[140105, urban]"', "given: {dibao_standard: unknown}"),
    ):
        text = HEAD + f"  one:\n    why: x\n    base: ill\n    {given}\n    expect: {{missing: [{wanted}]}}\n"
        result = tried(tmp_path, {"cases.yaml": text}).named("one")
        assert result.passed, result.mismatches
