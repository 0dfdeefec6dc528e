"""What makes no difference: files, folders, order of entries, comments, line ends, the spelling of expressions.

And what does: every value, label, condition, date and guard changes the digest.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.api import Policies, open_policies
from engine.diagnostics import Reporter
from engine.policy.loader import read_library
from engine.policy.model import Chain, MergedPolicy
from engine.policy.overlay import merge
from engine.policy.slices import Slices
from engine.policy.stretches import Stretch
from engine.policy.tables import dated_of
from tests.policy.bad_policies import (
    BASE,
    PARTS,
    Case,
    Folder,
    check_folder,
    folder_of,
    found_once,
    load_cases,
    told_of,
)
from tests.policy.rewriting import respelt, shuffled

YAML = [name for part in PARTS.values() for name in part if name.endswith(".yaml")]
DAYS = [date(2022, 6, 1), date(2023, 1, 15), date(2023, 8, 1), date(2024, 3, 1), date(2025, 6, 1), date(2026, 2, 1)]
PLACES = ["900101", "900102", "900121", "900171", "900221"]


def member(**facts: object) -> dict[str, object]:
    return {"id": "m1", **facts}


HOUSEHOLDS: list[dict[str, object]] = [
    {"members": [member(ill=True, medical_cost=9000), {"id": "m2"}], "income": 20000, "assets": 1000},
    {"members": [member(stage="college", school_cost=8000)], "income": 12000, "assets": 90000},
    {"members": [member(ill=True, diseases=["尿毒症"])], "income": 9000, "assets": 30000, "loss": 5000},
    {"members": [member(ill=None, medical_cost=None)], "income": 9000, "assets": None},
    {"members": [member(ill=True, grant=100)], "income": None, "vehicles": [{"price": 60000}, {"price": 1}]},
]


def decided(policies: Policies) -> Iterator[dict[str, Any]]:
    """Decisions of every household in every place on every day, without the places in files."""
    for place in PLACES:
        for day in DAYS:
            for number, facts in enumerate(HOUSEHOLDS):
                known = facts if place.startswith("9001") else {k: v for k, v in facts.items() if k != "loss"}
                household = {
                    "id": f"H{number}",
                    "application_date": day.isoformat(),
                    "county": place,
                    "residence": "urban",
                    **known,
                }
                yield unplaced(policies.evaluate(household).to_dict())


def unplaced(node: Any) -> Any:
    """Without files and lines; lists in an order of their own (that of a decision follows the file)."""
    if isinstance(node, dict):
        return {key: unplaced(value) for key, value in node.items() if key != "declared"}
    if isinstance(node, list):
        return sorted((unplaced(item) for item in node), key=repr)
    return node


def digests(policies: Policies) -> dict[str, str]:
    found = {}
    for place in PLACES:
        checked, report = policies.policy_for("province", place, DAYS[-1])
        assert checked is not None, [each.code for each in report]
        found[place] = checked.digest
    return found


def sound(root: Path) -> Path:
    return folder_of(Case("base", "all", "", (), (), tuple(PARTS)), root)


@pytest.fixture(scope="module")
def base() -> tuple[dict[str, str], list[dict[str, Any]]]:
    policies = open_policies(BASE)
    return digests(policies), list(decided(policies))


def rewritten(root: Path, change: Any) -> Policies:
    folder = sound(root)
    for name in YAML:
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(change(name, text), encoding="utf-8", newline="")
    report = open_policies(folder).slices.check_all(None)
    assert [each.code for each in report] == ["value-unpublished"]
    return open_policies(folder)


def test_the_digest_is_that_of_the_chain(base: tuple[dict[str, str], list[dict[str, Any]]]) -> None:
    """Counties under one chain share it, others do not."""
    found = base[0]
    assert found["900101"] == found["900102"] == found["900171"]
    assert len(set(found.values())) == 3


# ---- files and folders


MOVES = {
    "province.yaml": "z/deep/down/policy.yml",
    "cities/jia.yaml": "a.yaml",
    "cities/yi.yaml": "z/zz.yaml",
    "counties/beishan.yaml": "0.yaml",
    "amendment.yaml": "m/amendment-of-2025.yaml",
}


def moved(folder: Path) -> Path:
    for old, new in MOVES.items():
        if (folder / old).exists():
            (folder / new).parent.mkdir(parents=True, exist_ok=True)
            (folder / old).rename(folder / new)
    return folder


def test_names_of_files_and_folders(tmp_path: Path, base: tuple[dict[str, str], list[dict[str, Any]]]) -> None:
    policies = open_policies(moved(sound(tmp_path)))
    assert digests(policies) == base[0]
    assert list(decided(policies)) == base[1]


@pytest.mark.parametrize("order", range(3))
def test_order_of_reading(order: int, base: tuple[dict[str, str], list[dict[str, Any]]]) -> None:
    """The library in another order: nothing depends on which file was met first."""
    policies = open_policies(BASE)
    names = list(policies.library.documents)
    random.Random(order).shuffle(names)
    held = policies.library.documents
    policies.library.documents = {name: held[name] for name in names}
    assert digests(policies) == base[0]
    assert list(decided(policies)) == base[1]


TOPICS = ("documents", "overlays", "rules", "values_over_time")
SHUFFLED = [case for case in load_cases() if case.topic in TOPICS]


@found_once
@pytest.mark.parametrize("case", SHUFFLED, ids=lambda case: f"{case.topic}: {case.name}")
def test_faults_wherever_the_files_are(case: Case, tmp_path: Path) -> None:
    expected = [(each.code, each.params) for each in told_of(case)[1]]
    found = [(each.code, each.params) for each in check_folder(moved(folder_of(case, tmp_path)), case.on)[1]]
    if case.name not in ("id twice", "second overlay of a city"):  # which of two is told follows the files' names
        assert sorted(found) == sorted(expected)
    assert sorted(code for code, _ in found) == sorted(code for code, _ in expected)


# ---- order of entries


@pytest.mark.parametrize("seed", range(5))
def test_order_of_entries(seed: int, tmp_path: Path, base: tuple[dict[str, str], list[dict[str, Any]]]) -> None:
    rng = random.Random(seed)
    policies = rewritten(tmp_path, lambda _, text: shuffled(text, rng))
    assert digests(policies) == base[0]
    assert list(decided(policies)) == base[1]


@found_once
@pytest.mark.parametrize(
    "case", [case for case in SHUFFLED if case.topic == "overlays"], ids=lambda case: f"{case.topic}: {case.name}"
)
def test_faults_in_whatever_order_the_entries_stand(case: Case, tmp_path: Path) -> None:
    folder = folder_of(case, tmp_path)
    before = sorted(each.code for each in told_of(case)[1])
    rng = random.Random(case.name)
    for name in YAML:
        if (folder / name).exists():
            text = (folder / name).read_text(encoding="utf-8")
            (folder / name).write_text(shuffled(text, rng), encoding="utf-8")
    assert sorted(each.code for each in check_folder(folder, case.on)[1]) == before


# ---- the fold itself


def library_chain() -> Chain:
    library = read_library([BASE])
    chain = Slices(library).chain(library.line_to("beishan"))
    assert chain is not None
    return chain


CHAIN = library_chain()


def meaning(merged: MergedPolicy, place: str, day: date) -> object:
    """What a merged policy says, with sets where order means nothing."""
    held = merged.elements
    causes = {
        name: {
            id_: (condition.expression, condition.negated, {(e.id, str(e.when)) for e in condition.exemptions})
            for id_, condition in cause.conditions.items()
        }
        for name, cause in held.causes.items()
    }
    values = dated_of(merged).on(place, day, None)
    cells = {name: {key: held.cell.value for key, held in by_key.items()} for name, by_key in values.parameters.items()}
    same = (held.facts, held.collections, held.checks, held.terms, held.requirements, held.outputs, held.referrals)
    return causes, cells, values.lists, same, values.readings, merged.local, merged.divisions


@given(st.randoms(use_true_random=False), st.sampled_from(PLACES), st.sampled_from(DAYS))
@settings(max_examples=60)
def test_order_of_changes_within_an_overlay(rng: random.Random, place: str, day: date) -> None:
    overlays = []
    for overlay in CHAIN.overlays:
        changes = list(overlay.changes)
        rng.shuffle(changes)
        overlays.append(replace(overlay, changes=tuple(changes)))
    report = Reporter()
    found = merge(replace(CHAIN, overlays=tuple(overlays)), report, Stretch(place, day, day))
    assert not report.has_errors
    assert meaning(found, place, day) == meaning(merge(CHAIN, Reporter(), Stretch(place, day, day)), place, day)


@given(st.sampled_from(PLACES), st.sampled_from(DAYS))
@settings(deadline=None)
def test_a_change_of_another_day_or_place_is_as_if_it_were_not_there(place: str, day: date) -> None:
    kept = []
    for overlay in CHAIN.overlays:
        changes = [
            change
            for change in overlay.changes
            if change.origin.holds(day, None) and (not change.counties or place in change.counties)
        ]
        kept.append(replace(overlay, changes=tuple(changes)))
    alone = merge(replace(CHAIN, overlays=tuple(kept)), Reporter(), Stretch(place, day, day))
    assert meaning(alone, place, day) == meaning(merge(CHAIN, Reporter(), Stretch(place, day, day)), place, day)


# ---- the digest


def names_of(chain: Chain) -> dict[str, str]:
    """Chinese names to ids, of what the sound province declares."""
    held = chain.root.elements
    groups = (held.facts, held.collections, held.terms, held.parameters, held.readings, held.causes, held.lists)
    names = {element.name: element.id for group in groups for element in group.values() if element.name}
    for collection in held.collections.values():
        names |= {fact.name: fact.id for fact in collection.facts.values() if fact.name}
    return names


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("by_id", [True, False])
def test_digest_ignores_the_spelling_of_expressions(
    language: str, by_id: bool, tmp_path: Path, base: tuple[dict[str, str], list[dict[str, Any]]]
) -> None:
    to_ids = names_of(CHAIN)
    to_ids |= {"因灾损失": "loss", "临时补助": "grant", "补助合计": "grants", "车价上限": "car_limit"}
    to_ids |= {"大型农机": "machines", "罕见病名录": "rare", "非在学": "none"}
    names = to_ids if by_id else {id_: name for name, id_ in to_ids.items() if id_ != "none"}
    policies = rewritten(tmp_path, lambda _, text: respelt(text, "zh" if language == "zh" else "en", names))
    assert digests(policies) == base[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#")),
        lambda text: "# 说明\n\n" + text.replace("\n\n", "\n\n# 又一行\n\n") + "\n# 完\n",
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: "---\n" + text,
        lambda text: text.replace(", ", ",  ").replace(" < ", "  <  "),
    ],
    ids=["no comments", "more comments", "line ends", "byte order mark", "document mark", "blanks"],
)
def test_digest_ignores_how_the_text_is_laid_out(
    change: Any, tmp_path: Path, base: tuple[dict[str, str], list[dict[str, Any]]]
) -> None:
    assert digests(rewritten(tmp_path, lambda _, text: change(text))) == base[0]


def test_digest_ignores_whether_a_value_stands_in_a_table(
    tmp_path: Path, base: tuple[dict[str, str], list[dict[str, Any]]]
) -> None:
    folder = Folder(sound(tmp_path))
    table = """      table: standards/jia-2023.csv
      columns:
        区县: county
        城市（元/人·月）: {residence: urban, unit: 元/人/月}
        农村（元/人·年）: {residence: rural, unit: 元/人/年}
"""
    values = """      values:
        东城区: {城市: 760 元/人·月, 农村: 600}
        "900102": {rural: 7200 元/人/年, urban: 9120 元/人/年}
        北山县: {urban: 700, rural: 550 元/人/月}
"""
    folder.apply({"file": "cities/jia.yaml", "old": table, "new": values})
    assert digests(open_policies(folder.root)) == base[0]


EDITS = [
    ("province.yaml", "title: 支出型贫困家庭认定办法", "title: 支出型贫困家庭认定办法（试行）"),
    ("province.yaml", "document: 测民发〔2022〕1号", "document: 测民发〔2022〕2号"),
    ("province.yaml", "label: 扣除后人均收入", "label: 扣除医疗支出后人均收入, name: 扣除后人均收入"),
    ("province.yaml", "cites: 二(一)2", "cites: 二(一)3"),
    ("province.yaml", "value: 36 月", "value: 35 月"),
    ("province.yaml", "扣除后人均收入 < 保障标准", "扣除后人均收入 <= 保障标准"),
    ("province.yaml", "unless: 金融资产 > 100 万元", "when: 金融资产 > 100 万元"),
    ("province.yaml", "chosen: all_bills", "chosen: own_bills"),
    ("province.yaml", "default: 1, at_most: 20", "default: 2, at_most: 20"),
    ("province.yaml", "default: 1, at_most: 20", "default: 1, at_most: 21"),
    ("province.yaml", "items: [尿毒症, 白血病]", "items: [尿毒症, 白血病, 血友病]"),
    ("province.yaml", "3: 110", "3: 111"),
    ("province.yaml", "at_most: 36 月, effect: narrower", "at_most: 36 月, effect: any"),
    ("province.yaml", "review_after: 18 月", "review_after: 24 月"),
    ("province.yaml", "severity: warning", "severity: error"),
    ("province.yaml", "over: 12 月, cites: 一(一)", "over: 6 月, cites: 一(一)"),
    ("province.yaml", "message: 医疗费用过大", "message: 医疗费用太大"),
    ("divisions.csv", "北山县", "北峰县"),
    ("cities/jia.yaml", "asset_months: 24 月\n", "asset_months: 23 月\n"),
    ("cities/jia.yaml", "until: 2025-12-31", "until: 2025-12-30"),
    ("cities/jia.yaml", 'counties: [东城区, "900102"]', "counties: [东城区]"),
    ("cities/jia.yaml", "published: 2024-02-01", "published: 2024-02-02"),
    ("cities/jia.yaml", "    - from: 2024-01-01", "    - from: 2024-01-02"),
    ("cities/jia.yaml", "      partial: yes\n      values:\n        西城区", "      values:\n        西城区"),
    ("cities/jia.yaml", "慢性病人数 >= 2", "慢性病人数 >= 3"),
    ("cities/jia.yaml", "grade: A", "grade: B"),
    ("cities/jia.yaml", 'name: 高新区, stands_with: "900101"', 'name: 高新区, stands_with: "900102"'),
    ("standards/jia-2023.csv", "西城区,760,7200", "西城区,760,7201"),
    ("standards/jia-2023.csv", "西城区,760,7200", "西城区,760,"),
]


def test_every_change_of_meaning_changes_the_digest(
    tmp_path: Path, base: tuple[dict[str, str], list[dict[str, Any]]]
) -> None:
    found = {}
    for number, (file, old, new) in enumerate(EDITS):
        folder = Folder(sound(tmp_path / str(number)))
        folder.apply({"file": file, "old": old, "new": new})
        if file == "divisions.csv":
            folder.apply({"file": "counties/beishan.yaml", "old": "values: {北山县", "new": "values: {北峰县"})
        found[file, new] = digests(open_policies(folder.root))["900101"]
    assert len(set(found.values())) == len(found)
    assert base[0]["900101"] not in found.values()
