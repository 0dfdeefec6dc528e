"""The text of a narrower, a wider and an incomparable overlay, in both languages, as a policy officer reads it."""

from __future__ import annotations

import json
from functools import cache

import pytest

from engine.api import load
from engine.cli.compare import line_of
from engine.diagnostics import Language
from engine.proof.compared import compare
from engine.proof.results import Comparison
from engine.reporting.compare_json import comparison_json
from engine.reporting.compare_markdown import comparison_markdown
from engine.reporting.compare_results import comparison_results
from engine.reporting.render_compare import render_comparison
from engine.reporting.sarif import sarif
from tests.golden.test_golden import golden

OVERLAYS = {
    "narrower": ("examples/cookbook", "cookbook_vehicles"),
    "wider": ("examples/cookbook", "cookbook_extra_cause"),
    "incomparable": ("examples/overlay", "demo_city"),
}


@cache
def compared(verdict: str) -> Comparison:
    folder, overlay = OVERLAYS[verdict]
    policies = load(["policies", folder])
    one, other = (line_of(name, policies) for name in ("shanxi_2022_60", overlay))
    return compare(one, other, other.places)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("verdict", OVERLAYS)
def test_a_comparison_reads_as_it_did(verdict: str, language: Language) -> None:
    found = compared(verdict)
    assert found.differences[0].verdict == verdict
    golden(f"compare-{verdict}.{language}.txt", render_comparison(found, language) + "\n")


def test_the_other_forms() -> None:
    found = compared("narrower")
    golden("compare-narrower.zh.md", comparison_markdown(found, "zh") + "\n")
    told = json.loads(comparison_json(found))
    assert [one["verdict"] for one in told["meaning"]][:2] == ["narrower", "equivalent"]
    witness = told["meaning"][0]["less"]["witness"]
    assert (witness["a"]["outcome"], witness["b"]["outcome"]) == ("eligible", "ineligible")
    assert [held["id"] for held in witness["deciding"]] == ["one_vehicle"]
    report = json.loads(sarif(comparison_results(found, "0", "zh")))
    assert [one["ruleId"] for one in report["runs"][0]["results"]] == ["meaning-changed"]
