"""Completion, hover and signature help on every beginning of what is shipped; and that nothing is offered which the
checks then refuse."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable

import pytest

from engine import resources
from engine.diagnostics import Diagnostic, Severity
from engine.editing.completion import complete
from engine.editing.hover import hover
from engine.editing.items import Item
from engine.editing.meanings import MEANINGS
from engine.editing.phrase import phrase_at
from engine.editing.pinyin import begins_with, spelled
from engine.editing.recovering import recover
from engine.editing.signature import signature
from engine.editing.workspace import File, Snapshot, begun
from engine.language.words import BY_CANONICAL
from engine.source import Source
from tests.editing.golden_texts import CURSOR, LANGUAGES, standing
from tests.editing.shipped import ROOT

SNAPSHOT = standing(with_example=True)
FILES = sorted((file for file in SNAPSHOT.files.values() if file.kind != "table"), key=lambda file: file.name)
NEW = ROOT / "policies" / "cities" / "new.yaml"
HEAD = """format: 1
overlay: new_city
amends: shanxi_2022_60
jurisdiction: "1401"
title: 某市补充规定
status: draft
document: 某〔2024〕1号
from: 2024-01-01
published: 2024-01-01
"""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_beginning_of_a_file_is_too_much(file: File) -> None:
    rng = random.Random(file.name)
    text = file.source.text
    for _ in range(6):
        at = rng.randrange(len(text) + 1)
        behind = rng.choice(("", "", text[at:]))
        held = begun(file, text[:at] + rng.choice(("", "\n  ", '"', "[", "{", " 且 ", "jt", "36 ", "a.")) + behind)
        offset = min(at + rng.randrange(3), len(held.source.text))
        language = rng.choice(LANGUAGES)
        for item in complete(SNAPSHOT, held, offset, language):
            assert item.span.start <= offset <= item.span.end or not item.span.text.strip()
            assert item.filter
        hover(SNAPSHOT, held, offset, language)
        signature(SNAPSHOT, held, offset, language)


# ---- what is offered is taken


def at_cursor(text: str) -> tuple[Item, ...]:
    file = begun(
        File(NEW, "cities/new.yaml", Source("", ""), recover(Source("", "")), False, "overlay", "new_city"), ""
    )
    held = begun(file, text.replace(CURSOR, ""))
    return complete(snapshot_of(text.replace(CURSOR, "")), held, text.index(CURSOR))


def snapshot_of(text: str) -> Snapshot:
    return standing(with_example=False).with_text(NEW, text)


def refused(text: str) -> list[Diagnostic]:
    found = snapshot_of(text).diagnostics().get(NEW, ())
    return [one for one in found if one.severity is Severity.ERROR]


def names(items: Iterable[Item]) -> list[str]:
    return [item.insert for item in items if item.kind in ("fact", "term", "parameter", "reading", "cause")]


def test_every_name_that_is_offered_has_a_value_there() -> None:
    outside = names(at_cursor(f"{HEAD}add:\n  requirements:\n    x: {{label: 甲, when: {CURSOR}}}\n"))
    inside = names(at_cursor(f"{HEAD}add:\n  terms:\n    x: {{of: members, label: 甲, is: {CURSOR}}}\n"))
    assert len(inside) > len(outside) > 20
    terms = [f"  t{at}: {{label: 某步骤{at}, is: {name}}}" for at, name in enumerate(outside)]
    terms += [f"  m{at}: {{of: members, label: 某成员步骤{at}, is: {name}}}" for at, name in enumerate(inside)]
    told = refused(HEAD + "add:\n  terms:\n" + "".join(f"  {term}\n" for term in terms))
    assert not told, [one.message() for one in told]


def test_a_name_that_is_not_offered_is_refused() -> None:
    assert [
        one.code for one in refused(f"{HEAD}add:\n  requirements:\n    x: {{label: 甲, cites: 甲, when: 全日制}}\n")
    ] == ["item-fact-outside"]


def test_every_option_that_is_offered_is_one() -> None:
    when = "任一(家庭成员 其中 {} = {})"
    lines = []
    for choice in ("教育阶段", "残疾等级", "residence"):
        offered = at_cursor(
            f"{HEAD}add:\n  requirements:\n    x: {{label: 甲, when: '{when.format(choice, CURSOR)}'}}\n"
        )
        options = [item.insert for item in offered if item.kind == "option"]
        assert options
        lines += [when.format(choice, option) for option in options]
    rules = [f"    r{at}: {{label: 某要求{at}, cites: 甲, when: '{line}'}}\n" for at, line in enumerate(lines)]
    assert not refused(HEAD + "add:\n  requirements:\n" + "".join(rules))


def test_what_may_be_set_replaced_or_exempted_from_is_open() -> None:
    offered = {
        section: [item.insert.strip(": ") for item in at_cursor(f"{HEAD}{section}:\n  {CURSOR}\n")]
        for section in ("set", "exempt")
    }
    replaced = [item.insert.strip(": ") for item in at_cursor(f"{HEAD}replace:\n  terms:\n    {CURSOR}\n")]
    readings = {"multiple_causes": "strict", "already_below": "excluded", "whose_costs": "same", "joint_deducts": "all"}
    values = {**readings, "nursery": "nursery_excluded", "asset_months": "24 月"}
    assert set(offered["set"]) == {*values, "dibao_standard"}
    settings = "".join(f"  {name}: {value}\n" for name, value in values.items())
    effects = {"counted_income": "wider", "high_fee": "any"}
    steps = "".join(f"    {name}: {{is: 原定义, effect: {effects.get(name, 'narrower')}}}\n" for name in replaced)
    exempt = "".join(f"  {name}: {{label: 某家庭, cites: 甲, when: 否, effect: wider}}\n" for name in offered["exempt"])
    told = refused(f"{HEAD}set:\n{settings}replace:\n  terms:\n{steps}exempt:\n{exempt}")
    assert not told, [one.message() for one in told]


# ---- small things


def test_initials() -> None:
    assert begins_with("家庭收入", "jtsr")
    assert begins_with("家庭收入", "jt")
    assert not begins_with("家庭收入", "jtx")
    assert not begins_with("家庭", "jtsr")
    assert begins_with("重大疾病名单", "zdjb")
    assert begins_with("重大疾病名单", "cdjb")
    assert begins_with("芮城县", "rcx")  # a character that is not among the common ones
    assert spelled("人均金融资产上限") == "rjjrzcsx"
    assert spelled("income") == ""


def test_what_comes_next() -> None:
    for text, expected in {
        "": "operand", "家庭收入 ": "operator", "36 ": "unit", "36 元/": "unit", "任一(家庭成员 其中 ": "operand",
        "合计(学费 对 ": "collection", "所患疾病 含有 ": "set", "illness.": "member", "当地低保标准[": "key",
        '"1401': "none", "2022-1": "none", "(": "operand", "是 ": "operator", "max(0, ": "operand",
    }.items():  # fmt: skip
        assert phrase_at(text, len(text)).expect == expected, text


def test_every_word_has_its_meaning() -> None:
    assert set(BY_CANONICAL) < set(MEANINGS)


def test_every_description_of_a_schema_is_there_in_english() -> None:
    held = json.loads(resources.grammar_text("descriptions.en.json"))
    found: set[str] = set()

    def walk(node: object) -> None:
        for key, value in node.items() if isinstance(node, dict) else ():
            if key == "description" and isinstance(value, str):
                found.add(value)
            walk(value)
        for item in node if isinstance(node, list) else ():
            walk(item)

    for name in ("policy", "overlay", "values", "cases", "hygiene"):
        walk(json.loads(resources.grammar_text(f"{name}.schema.json")))
    assert set(held) == found
