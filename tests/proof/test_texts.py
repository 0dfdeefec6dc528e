"""The text of a narrower, a wider and an incomparable overlay, in both languages, as a policy officer reads it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

import pytest

from engine.api import load
from engine.cli.compare import line_of
from engine.diagnostics import Language
from engine.proof.compared import compare
from engine.reporting.compare_json import comparison_json
from engine.reporting.compare_markdown import comparison_markdown
from engine.reporting.compare_results import comparison_results
from engine.reporting.render_compare import render_comparison
from engine.reporting.sarif import sarif
from tests.golden.test_golden import golden

LANGUAGES: tuple[Language, ...] = ("zh", "en")
OVERLAYS = {
    "narrower": ("examples/cookbook", "cookbook_vehicles"),
    "wider": ("examples/cookbook", "cookbook_extra_cause"),
    "incomparable": ("examples/overlay", "demo_city"),
}


@dataclass(frozen=True)
class Told:
    verdict: str
    texts: dict[Language, str]
    markdown: str
    json: str
    sarif: str


def told(verdict: str) -> Told:
    folder, overlay = OVERLAYS[verdict]
    policies = load(["policies", folder])
    one, other = (line_of(name, policies) for name in ("shanxi_2022_60", overlay))
    found = compare(one, other, other.places)
    return Told(
        found.differences[0].verdict,
        {language: render_comparison(found, language) for language in LANGUAGES},
        comparison_markdown(found, "zh"),
        comparison_json(found),
        sarif(comparison_results(found, "0", "zh")),
    )


@cache
def compared(verdict: str) -> Told:
    """In a process of its own, as a command is: how far the solver comes depends on what it did before."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(told, (verdict,))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verdict", OVERLAYS)
def test_a_comparison_reads_as_it_did(verdict: str, language: Language) -> None:
    found = compared(verdict)
    assert found.verdict == verdict
    golden(f"compare-{verdict}.{language}.txt", found.texts[language] + "\n")


def test_the_other_forms() -> None:
    found = compared("narrower")
    golden("compare-narrower.zh.md", found.markdown + "\n")
    told = json.loads(found.json)
    assert [one["verdict"] for one in told["meaning"]][:2] == ["narrower", "equivalent"]
    witness = told["meaning"][0]["less"]["witness"]
    assert (witness["a"]["outcome"], witness["b"]["outcome"]) == ("eligible", "ineligible")
    assert [held["id"] for held in witness["deciding"]] == ["one_vehicle"]
    report = json.loads(found.sarif)
    assert [one["ruleId"] for one in report["runs"][0]["results"]] == ["meaning-changed"]
