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


class Example(NamedTuple):
    """What is declared, the household, what each expression comes to, and households refused with their codes."""

    declared: str
    household: str
    rows: list[tuple[str, str]]
    refused: list[tuple[str, str]]


def examples(page: str) -> list[Example]:
    text = (DOCS / page).read_text(encoding="utf-8")
    found = []
    for part in re.findall(r"<!-- household -->(.*?)<!-- end -->", text, re.DOTALL):
        blocks = re.findall(r"```(yaml|json)(?: ([\w-]+))?\n(.*?)```", part, re.DOTALL)
        (declared,) = (text for kind, _, text in blocks if kind == "yaml")
        (household,) = (text for kind, code, text in blocks if kind == "json" and not code)
        rows = re.findall(r"^\| `(.+)` \| (.+) \|$", part, re.MULTILINE)
        found.append(Example(declared, household, rows, [(code, text) for _, code, text in blocks if code]))
    return found


def loaded(example: Example, folder: Path) -> engine.Policies:
    """A policy whose outputs are the expressions; of the items whose ids stand in the answer."""
    held = {key: value for key, value in json.loads(example.household).items() if isinstance(value, list)}
    outputs = ""
    for place, (text, answer) in enumerate(example.rows):
        item = re.match(r"([\w\[\]]+): ", answer)
        of = "".join(f"of: {key}, " for key, value in held.items() if item and item[1] in _ids(key, value))
        outputs += f"  o{place}: {{{of}label: 第{place}行, is: '{text}', cites: 例}}\n"
    (folder / "page.yaml").write_text(f"{_HEAD}\n{example.declared}\noutputs:\n{outputs}", encoding="utf-8")
    (folder / "divisions.csv").write_text(
        "code,name,city_code,city_name\n140105,小店区,1401,太原市\n", encoding="utf-8"
    )
    return engine.load(folder)


def _ids(key: str, items: list[dict[str, object]]) -> list[object]:
    return [item.get("id", f"{key}[{place}]") for place, item in enumerate(items)]


@pytest.mark.parametrize("place", range(len(examples("language.md"))))
def test_each_expression_comes_to_what_the_page_says(place: int, tmp_path: Path) -> None:
    example = examples("language.md")[place]
    assert len(example.rows) >= 3
    policies = loaded(example, tmp_path)
    told: Any = policies.evaluate(json.loads(example.household)).to_dict()["outputs"]
    assert [(text, said(told[f"o{at}"])) for at, (text, _) in enumerate(example.rows)] == example.rows
    for code, household in example.refused:
        with pytest.raises(HouseholdError) as caught:
            policies.evaluate(json.loads(household))
        assert [one.code for one in caught.value.diagnostics] == [code]


def test_the_examples_of_both_pages_are_the_same() -> None:
    assert examples("language.md") == examples("zh/language.md")
    assert len(examples("language.md")) == 6


def said(output: dict[str, Any]) -> str:
    """An answer as the pages write it: of each item, exact beside the rounded, and behind `?` what would tell it."""
    unit = output["unit"]
    if "items" in output:
        return "; ".join(f"{one['item']}: {_value(one, unit)}" for one in output["items"])
    return _value(output, unit)


def _value(told: dict[str, Any], unit: str | None) -> str:
    if told["value"] is None:
        ends = f"{_number(told['low'])}..{_number(told['high'])}" if "low" in told else ""
        return " ".join(filter(None, (ends, unit, "?", ", ".join(one["path"] for one in told["missing"]))))
    if isinstance(told["value"], bool):
        return "是" if told["value"] else "否"
    fraction = "/" in str(told["exact"]) and Fraction(told["exact"]) != Fraction(told["value"])
    return " ".join(filter(None, (_number(told["value"]), unit, f"({told['exact']})" if fraction else "")))


def _number(value: object) -> str:
    text = str(value)
    return format(Decimal(text).normalize(), "f") if re.fullmatch(r"-?[0-9]+\.[0-9]+", text) else text
