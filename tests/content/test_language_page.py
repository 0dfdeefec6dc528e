"""The language page's example households: each expression comes to what stands beside it, in both languages' pages."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import engine
from engine.errors import HouseholdError
from tests.docs_tables import DOCS

_HEAD = """\
format: 1
policy: page
title: 例
document: 例〔2022〕1号
jurisdiction: "14"
from: 2022-01-01
territory: divisions.csv
"""


_DIVISIONS = (
    "code,name,city_code,city_name\n140105,小店区,1401,太原市\n140106,迎泽区,1401,太原市\n140212,新荣区,1402,大同市\n"
)
_OUTCOMES = ("eligible", "ineligible", "undetermined")


class Row(NamedTuple):
    """An expression in a root policy, or `outcome` of the household, or what `check` says; and what it comes to."""

    policy: str
    asked: str
    answer: str


class Example(NamedTuple):
    """Files by name, that of the policy `page` without what `_HEAD` says; the household, what each row comes to, other
    households with their outcomes or the codes by which they are refused, and parameters with the codes of theirs."""

    files: dict[str, str]
    household: str
    rows: list[Row]
    others: list[tuple[str, str]]
    faults: list[tuple[str, str]]


def examples(page: str) -> list[Example]:
    text = (DOCS / page).read_text(encoding="utf-8")
    found = []
    for part in re.findall(r"<!-- household -->(.*?)<!-- end -->", text, re.DOTALL):
        blocks = re.findall(r"```(yaml|json|csv)(?: ([\w-]+))?\n(.*?)```", part, re.DOTALL)
        faults = [(name, text) for kind, name, text in blocks if kind == "yaml" and "-" in name]
        written = [(kind, name, text) for kind, name, text in blocks if kind != "json" and "-" not in name]
        files = {f"{name or 'page'}.{kind}": text for kind, name, text in written}
        (household,) = (text for kind, name, text in blocks if kind == "json" and not name)
        rows = [_row(line) for line in re.findall(r"^\| (.+) \|$", part, re.MULTILINE)]
        others = [(name, text) for kind, name, text in blocks if kind == "json" and name]
        found.append(Example(files, household, [row for row in rows if row is not None], others, faults))
    return found


def _row(line: str) -> Row | None:
    *policy, asked, answer = line.split(" | ")
    if asked.startswith(("outcome", "check")):
        return Row("page", asked, answer)
    if not asked.startswith("`"):
        return None  # the head of the table
    return Row(policy[0].strip("`") if policy else "page", asked.strip("`"), answer)


def loaded(example: Example, folder: Path) -> engine.Policies:
    """Root policies whose outputs are the expressions; of the items whose ids stand in the answer."""
    held = {key: value for key, value in json.loads(example.household).items() if isinstance(value, list)}
    files = {"divisions.csv": _DIVISIONS, **example.files}
    own = re.findall(r"^\w+:", files["page.yaml"], re.MULTILINE)
    head = "".join(line for line in _HEAD.splitlines(keepends=True) if line.partition(":")[0] + ":" not in own)
    files["page.yaml"] = f"{head}\n{files['page.yaml']}"
    for name in dict.fromkeys(row.policy for row in example.rows):
        outputs = ""
        for place, (policy, text, answer) in enumerate(example.rows):
            if policy == name and not text.startswith(("outcome", "check")):
                item = re.match(r"([\w\[\]]+): ", answer)
                of = "".join(f"of: {key}, " for key, value in held.items() if item and item[1] in _ids(key, value))
                outputs += f"  o{place}: {{{of}label: 第{place}行, is: '{text}', cites: 例}}\n"
        files[f"{name}.yaml"] += f"\noutputs:\n{outputs}"
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return engine.load(folder)


def _ids(key: str, items: list[dict[str, object]]) -> list[object]:
    return [item.get("id", f"{key}[{place}]") for place, item in enumerate(items)]


@pytest.mark.parametrize("place", range(len(examples("language.md"))))
def test_each_expression_comes_to_what_the_page_says(place: int, tmp_path: Path) -> None:
    example = examples("language.md")[place]
    assert len(example.rows) >= 3
    policies = loaded(example, tmp_path)
    answers: dict[str, Any] = {
        decision.policy.merged.chain.root.header.id: decision.to_dict()
        for decision in policies.evaluate_all(json.loads(example.household))
    }
    found = [row._replace(answer=_answer(at, row, answers, tmp_path)) for at, row in enumerate(example.rows)]
    assert found == example.rows
    for said_of_it, household in example.others:
        if said_of_it in _OUTCOMES:
            assert policies.evaluate(json.loads(household)).outcome == said_of_it
            continue
        with pytest.raises(HouseholdError) as caught:
            policies.evaluate(json.loads(household))
        assert [one.code for one in caught.value.diagnostics] == [said_of_it]
    for code, parameter in example.faults:
        sound = (tmp_path / "page.yaml").read_text(encoding="utf-8")
        (tmp_path / "page.yaml").write_text(sound.replace("\nparameters:\n", f"\nparameters:\n  {parameter}"), "utf-8")
        with pytest.raises(engine.PolicyError) as refused:
            engine.load(tmp_path)
        assert [one.code for one in refused.value.diagnostics] == [code]
        (tmp_path / "page.yaml").write_text(sound, "utf-8")


def _answer(place: int, row: Row, answers: dict[str, Any], folder: Path) -> str:
    match row.asked:
        case "outcome":
            return str(answers["page"]["outcome"])
        case "check":
            return _told(folder)
        case "check without hygiene":
            (folder / "hygiene.yaml").unlink()
            return _told(folder)
    return said(answers[row.policy]["outputs"][f"o{place}"])


def _told(folder: Path) -> str:
    found = engine.load(folder).check()
    return ", ".join(sorted({one.code for one in found if one.severity != "info"})) or "—"


def test_the_examples_of_both_pages_are_the_same() -> None:
    assert examples("language.md") == examples("zh/language.md")
    assert len(examples("language.md")) == 12


def said(output: dict[str, Any]) -> str:
    """An answer as the pages write it: of each item, exact beside the rounded, and behind `?` what would tell it."""
    unit = output["unit"]
    if "items" in output:
        return "; ".join(f"{one['item']}: {_value(one, unit)}" for one in output["items"])
    return _value(output, unit)


def _value(told: dict[str, Any], unit: str | None) -> str:
    if told["value"] is None:
        ends = f"{_number(told['low'])}..{_number(told['high'])}" if "low" in told else ""
        return " ".join(
            filter(None, (ends, unit, "?", ", ".join(one.get("path") or one["parameter"] for one in told["missing"])))
        )
    if isinstance(told["value"], bool):
        return "是" if told["value"] else "否"
    fraction = "/" in str(told["exact"]) and Fraction(told["exact"]) != Fraction(told["value"])
    return " ".join(filter(None, (_number(told["value"]), unit, f"({told['exact']})" if fraction else "")))


def _number(value: object) -> str:
    text = str(value)
    return format(Decimal(text).normalize(), "f") if re.fullmatch(r"-?[0-9]+\.[0-9]+", text) else text
