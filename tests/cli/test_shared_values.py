"""Values that several root policies take from one document: when they hold, and whom a fault in them refuses.

What is wrong in such documents is data too: tests/cases/bad_policies/shared_values.yaml.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.api import Policies, open_policies
from engine.errors import PolicyError, UnusablePolicy
from engine.evaluation.decision import Decision
from engine.evaluation.told import ParameterUse
from engine.policy.loader import read_library
from engine.policy.slices import Slices
from tests.cli.running import Run

FOLDER = Path(__file__).parents[2] / "examples" / "values"
HOUSEHOLD: Mapping[str, Any] = json.loads((FOLDER / "household.json").read_text("utf-8"))
BOTH = ("notice_2022", "rule_2024")
JIA = "cities/jia_standards.yaml"
COUNTIES = ("900101", "900201")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FOLDER, tmp_path / "p")
    return tmp_path / "p"


def edit(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    (folder / name).write_text(text.replace(old, new), "utf-8")


def decided(policies: Policies, **facts: object) -> dict[str, Any]:
    """Of each root policy its decision."""
    made = policies.evaluate_all({**HOUSEHOLD, **facts})
    return {one.policy.merged.chain.root.header.id: one.to_dict() for one in made}


def standards(policies: Policies, known_on: date | None = None, **facts: object) -> dict[str, tuple[str, str]]:
    """What each policy took for its standard, and where it stands."""
    found = {}
    for one in policies.evaluate_all({**HOUSEHOLD, **facts}, known_on=known_on):
        for use in uses(one):
            if use.value is not None and use.parameter in ("dibao_standard", "standard"):
                span = use.value.cell.span
                found[one.policy.merged.chain.root.header.id] = use.value.cell.text, f"{span.source.name}:{span.line}"
    return found


def uses(decision: Decision) -> tuple[ParameterUse, ...]:
    """What the conditions of its causes took, each once."""
    held = (found for cause in decision.causes.values() for found in cause.conditions.values())
    return tuple(dict.fromkeys(use for found in held for use in found.parameters))


def outcomes(folder: Path) -> dict[str, str]:
    """By county and policy."""
    policies, found = open_policies(folder), {}
    for county in COUNTIES:
        for policy in BOTH:
            try:
                made = policies.evaluate({**HOUSEHOLD, "county": county}, policy)
                found[f"{county} {policy}"] = str(made.outcome)
            except UnusablePolicy:
                found[f"{county} {policy}"] = "refused"
    return found


DECIDED = {f"{county} {policy}": "eligible" for county in COUNTIES for policy in BOTH}
_REFUSED_IN_JIA = {key: "refused" if key.startswith("900101") else "eligible" for key in DECIDED}
_REFUSED_BESIDE = {key: "eligible" if key.startswith("900101") else "refused" for key in DECIDED}
"""as in a policy: the overlay inside that does not amend it cannot stand beside it"""


def test_two_policies_have_one_table(folder: Path) -> None:
    found = standards(open_policies(folder))
    assert found == dict.fromkeys(BOTH, ("820 元/人/月", f"{JIA}:19"))


def test_a_change_of_the_table_changes_both_and_their_digests(folder: Path) -> None:
    before = decided(open_policies(folder))
    edit(folder, JIA, "820", "1200")
    after = decided(open_policies(folder))
    assert standards(open_policies(folder))["rule_2024"][0] == "1200 元/人/月"
    assert {id_: one["outcome"] for id_, one in after.items()} == {"notice_2022": "eligible", "rule_2024": "ineligible"}
    assert all(before[id_]["policy"]["digest"] != after[id_]["policy"]["digest"] for id_ in BOTH)


def test_the_table_of_another_city_changes_nothing(folder: Path) -> None:
    before = decided(open_policies(folder))
    edit(folder, "cities/yi_standards.yaml", "700", "710")
    assert decided(open_policies(folder)) == before


def test_the_chain_names_what_values_are_taken_from(folder: Path) -> None:
    found = decided(open_policies(folder))
    assert found["rule_2024"]["policy"]["chain"] == ["rule_2024", "standards", "jia_standards"]
    assert found["notice_2022"]["policy"]["chain"] == ["notice_2022", "standards", "jia_standards"]


def test_values_have_the_days_and_publication_of_where_they_stand(folder: Path) -> None:
    policies = open_policies(folder)
    assert standards(policies, application_date="2023-06-01") == {
        "notice_2022": ("760 元/人/月", "standards/jia-2023.csv:2")
    }
    early = standards(policies, date(2024, 1, 15), application_date="2024-03-01")
    assert {text for text, _ in early.values()} == {"760 元/人/月"}, "known later, taken by nobody before"
    assert standards(policies, application_date="2022-06-01") == {}


def test_a_county_without_a_value_is_undetermined(folder: Path) -> None:
    (folder / "cities" / "yi_standards.yaml").unlink()
    found = decided(open_policies(folder), county="900201", medical_cost="9000")
    assert {one["outcome"] for one in found.values()} == {"undetermined", "ineligible"}
    missing = found["notice_2022"]["missing"]
    assert [(one["parameter"], one["key"]["county"]) for one in missing] == [("dibao_standard", "900201")]


def test_bounds_of_the_document_hold_where_the_policy_states_none(folder: Path) -> None:
    """No standard is below 300: an income after expenses below that is below every standard."""
    (folder / "cities" / "yi_standards.yaml").unlink()
    found = decided(open_policies(folder), county="900201", income="7199.99", medical_cost="0")
    assert found["notice_2022"]["outcome"] == "eligible"
    assert decided(open_policies(folder), county="900201", income="7200", medical_cost="0")["notice_2022"][
        "outcome"
    ] == ("undetermined")


SLIPS: dict[str, tuple[str, str, str, dict[str, str]]] = {
    "a city's file that is no YAML": (JIA, "set:\n", "set: [\n", _REFUSED_IN_JIA),
    "a city's file with a fault": (JIA, "urban: 820", "urban: 八百", _REFUSED_IN_JIA),
    "a city's file below the bound": (JIA, "urban: 820", "urban: 82", _REFUSED_IN_JIA),
    "a city's file without its head": (JIA, "overlay: jia_standards\n", "", _REFUSED_IN_JIA),
    "a city's file that amends nothing": (JIA, "amends: standards", "amends: standard", _REFUSED_IN_JIA),
    "a city's file for the whole province": (JIA, '"9001"', '"90"', _REFUSED_BESIDE),
    "a table that is not there": (JIA, "jia-2023.csv", "jia-2032.csv", _REFUSED_IN_JIA),
    "the document is no YAML": ("standards.yaml", "keys:\n", "keys: [\n", dict.fromkeys(DECIDED, "refused")),
    "the document has another id": (
        "standards.yaml",
        "values: standards",
        "values: standard",
        dict.fromkeys(DECIDED, "refused"),
    ),
    "the document without its head": ("standards.yaml", "values: standards\n", "", dict.fromkeys(DECIDED, "refused")),
    "a key of the document misspelt": (
        "standards.yaml",
        "review_after",
        "review_aftr",
        dict.fromkeys(DECIDED, "refused"),
    ),
    "an option of the document misspelt": (
        "standards.yaml",
        "urban: 城市",
        "city: 城市",
        dict.fromkeys(DECIDED, "refused"),
    ),
}


def test_the_sound_folder_decides_all(folder: Path) -> None:
    assert outcomes(folder) == DECIDED


@pytest.mark.parametrize("name", SLIPS)
def test_a_file_that_cannot_be_used_refuses_those_whose_values_it_may_hold(name: str, folder: Path) -> None:
    file, old, new, wanted = SLIPS[name]
    edit(folder, file, old, new)
    assert outcomes(folder) == wanted


def test_a_document_that_is_not_there_refuses_all_and_says_who_wants_it(folder: Path) -> None:
    (folder / "standards.yaml").unlink()
    assert outcomes(folder) == dict.fromkeys(DECIDED, "refused")
    with pytest.raises(UnusablePolicy) as refused:
        open_policies(folder).evaluate(dict(HOUSEHOLD), "rule_2024")
    assert "no-such-values" in {one.code for one in refused.value.faults}


def test_a_broken_document_that_a_policy_does_not_take_from_refuses_nobody(folder: Path) -> None:
    other = (folder / "standards.yaml").read_text("utf-8").replace("values: standards", "values: others")
    (folder / "others.yaml").write_text(other.replace("review_after", "review_aftr"), "utf-8")
    assert outcomes(folder) == DECIDED


def test_a_broken_overlay_of_a_document_that_a_policy_does_not_take_from_refuses_nobody(folder: Path) -> None:
    other = (folder / "standards.yaml").read_text("utf-8").replace("values: standards", "values: others")
    (folder / "others.yaml").write_text(other, "utf-8")
    city = (folder / JIA).read_text("utf-8").replace("amends: standards", "amends: others")
    (folder / "others_jia.yaml").write_text(city.replace("overlay: jia_standards\n", ""), "utf-8")
    assert outcomes(folder) == DECIDED


def test_a_file_named_alone_brings_the_values_that_it_takes(folder: Path) -> None:
    made = open_policies(folder / "rule_2024.yaml").evaluate(dict(HOUSEHOLD))
    assert str(made.outcome) == "eligible"


def test_a_values_document_decides_nobody(folder: Path) -> None:
    policies = open_policies(folder)
    assert set(policies.ids) >= {"standards", "jia_standards"}
    for named in ("standards", "jia_standards"):
        with pytest.raises(PolicyError, match="unknown-policy"):
            policies.evaluate(dict(HOUSEHOLD), named)


def test_zones_of_values_are_places_of_the_policies(folder: Path) -> None:
    edit(folder, JIA, "\nset:", '\nzones:\n  "900171": {name: 高新区, stands_with: "900101"}\n\nset:')
    edit(folder, JIA, "values: {东城区", "values: {高新区: {urban: 900, rural: 800}, 东城区")
    found = standards(open_policies(folder), county="900171")
    assert {text for text, _ in found.values()} == {"900 元/人/月"}


def test_values_of_another_policy_are_taken_with_what_its_cities_set(folder: Path) -> None:
    """The notice has a table of its own, which its city sets; the rule of 2024 takes it from there."""
    taken = "    by: [county, residence]\n    values_from: standards.dibao_standard\n"
    edit(folder, "notice_2022.yaml", taken, "    by: [county, residence]\n")
    with (folder / "notice_2022.yaml").open("a", encoding="utf-8") as notice:
        notice.write("\nlocal:\n  set: {dibao_standard: expected}\n")
    edit(folder, "rule_2024.yaml", "standards.dibao_standard", "notice_2022.dibao_standard")
    for city in (JIA, "cities/yi_standards.yaml"):
        edit(folder, city, "amends: standards", "amends: notice_2022")
    policies = open_policies(folder)
    assert outcomes(folder) == DECIDED
    assert standards(policies)["rule_2024"] == ("820 元/人/月", f"{JIA}:19")
    assert decided(policies)["rule_2024"]["policy"]["chain"] == [
        "rule_2024",
        "notice_2022",
        "jia_standards",
        "standards",
    ]


def test_every_document_is_checked(folder: Path) -> None:
    assert not Slices(read_library([folder])).check_all(None, hygiene=True).diagnostics


def test_values_that_nobody_takes_are_told(folder: Path) -> None:
    edit(folder, "rule_2024.yaml", "standards.disposable_income", "standards.dibao_standard")
    edit(folder, "rule_2024.yaml", "    unit: 元/人/年\n", "    unit: 元/人/月\n    by: [county, residence]\n")
    found = Slices(read_library([folder])).check_all(None, hygiene=True)
    assert [(one.code, one.span.line if one.span else 0) for one in found] == [("unused-parameter", 26)]


def test_what_is_shown(run: Run, folder: Path) -> None:
    shown = run("show", "rule_2024", "--policies", str(folder), "--lang", "en").out
    assert "低保标准 standard〔第三条〕; values from standards.dibao_standard" in shown.replace(
        " [第三条]", "〔第三条〕"
    )
    assert "standards.yaml" in shown
    explained = run("evaluate", str(folder / "household.json"), "--policies", str(folder), "--policy", "all").out
    assert explained.count(f"‹{JIA}:19›") == 2
    assert "取值于 standards → jia_standards" in explained
    assert "当地低保标准（900101 东城区、城市）" in explained
    assert "低保标准（900101 东城区、城镇）" in explained, "labels are those of each policy"


def test_a_new_year_is_entered_into_the_overlay_of_the_values(run: Run, folder: Path) -> None:
    table = folder.parent / "t.csv"
    table.write_text("区县,城市,农村\n南岭县,730,640\n", "utf-8")
    given = ("--from", "2024-01-01", "--document", "乙民发〔2024〕1号", "--unit", "元/人/月")
    ran = run("new", "values", "yi_standards", str(table), *given, "--policies", str(folder))
    assert ran.status == 0, ran.err
    found = standards(open_policies(folder), county="900201")
    assert {text for text, _ in found.values()} == {"730 元/人/月"}


def test_a_case_may_fix_a_value_that_is_taken(run: Run, folder: Path) -> None:
    case = (folder / "cases_notice.yaml").read_text("utf-8").partition("\n  at_standard:")[0]
    fixed = case.replace("\nbases:", "\ngiven: {dibao_standard: 375 元/人/月}\n\nbases:").replace(
        "eligible", "ineligible"
    )
    (folder / "cases_fixed.yaml").write_text(fixed, "utf-8")
    ran = run("test", "--policies", str(folder), str(folder / "cases_fixed.yaml"))
    assert ran.status == 0, ran.out + ran.err
