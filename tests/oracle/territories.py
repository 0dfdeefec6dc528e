"""Made-up counties' standards for the tests: as overlays for the engine, and as exact numbers for the oracle.

The codes are real, the figures are not. Every way in which a city may state a standard occurs: per month and per
year, whole and with fen, a yearly figure that twelve divides and one that it does not, two periods, a county's
own overlay over its city's, a residence without a figure, a county without any, a city without an overlay.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Final

from tests.oracle.oracle import Standards

PROVINCE: Final = Path(__file__).resolve().parents[2] / "policies"
RESIDENCES: Final = ("urban", "rural")

FIRST, SECOND = date(2023, 1, 1), date(2024, 7, 1)


@dataclass(frozen=True, slots=True)
class Stated:
    """What one overlay states from a day on: county to (urban, rural), each as written, None where it is silent."""

    overlay: str
    jurisdiction: str
    start: date
    values: Mapping[str, tuple[str | None, str | None]]


STATED: Final = (
    Stated(
        "taiyuan",
        "1401",
        FIRST,
        {"140105": ("760 元/人/月", "760 元/人/月"), "140122": ("760 元/人/月", "7092 元/人/年")},
    ),
    Stated(
        "taiyuan",
        "1401",
        SECOND,
        {"140105": ("805.50 元/人/月", "805.50 元/人/月"), "140122": ("805.50 元/人/月", "7445 元/人/年")},
    ),
    Stated(
        "datong",
        "1402",
        FIRST,
        {"140213": ("633.33 元/人/月", "5678 元/人/年"), "140221": ("601 元/人/月", "5678.01 元/人/年")},
    ),
    Stated("jinzhong", "1407", FIRST, {"140702": ("8123.45 元/人/年", "7001 元/人/年")}),
    # a county that speaks for itself above its city
    Stated("jinzhong", "1407", FIRST, {"140728": ("7200 元/人/年", "6000 元/人/年")}),
    Stated("pingyao", "140728", FIRST, {"140728": ("655.05 元/人/月", "6125 元/人/年")}),
    # rural only
    Stated("yuncheng", "1408", FIRST, {"140802": (None, "6013 元/人/年")}),
)
BELOW: Final = {"pingyao": "jinzhong"}
"""the city's overlay that a county's stands on"""
COUNTIES: Final = ("140105", "140122", "140213", "140221", "140702", "140728")
"""counties with both standards"""
SILENT: Final = ("140802", "140829", "140902")
"""urban missing; not listed by its city; no overlay at all"""


def standards_on(day: date) -> Standards:
    """The standards in force, by (county, residence); what no overlay states is absent."""
    found: dict[tuple[str, str], Fraction] = {}
    for stated in sorted(STATED, key=lambda each: (len(each.jurisdiction), each.start)):
        if stated.start <= day:
            for county, texts in stated.values.items():
                for residence, text in zip(RESIDENCES, texts, strict=True):
                    if text is not None:
                        found[county, residence] = monthly(text)
    return found


def monthly(text: str) -> Fraction:
    """`5678 元/人/年` is 5678/12 yuan per person and month."""
    figure, unit = text.split()
    return Fraction(figure) / {"元/人/月": 1, "元/人/年": 12}[unit]


def write_policies(
    folder: Path, readings: Mapping[str, str] | None = None, more: Mapping[str, str] | None = None
) -> Path:
    """A policy folder: the province as shipped, and one overlay for each jurisdiction above.

    Args:
        readings: chosen in every city, over the province's choice.
        more: one standard (`700 元/人/月`) for every county of `SILENT`, by residence.
    """
    root = folder / "policies"
    (root / "cities").mkdir(parents=True)
    for name in ("shanxi_2022_60.yaml", "divisions.csv"):
        shutil.copy(PROVINCE / name, root / name)
    stated = list(STATED)
    if more is not None:
        pair = (more["urban"], more["rural"])
        stated.append(Stated("yuncheng", "1408", FIRST, {county: pair for county in SILENT if county[:4] == "1408"}))
        stated.append(Stated("xinzhou", "1409", FIRST, {county: pair for county in SILENT if county[:4] == "1409"}))
    for overlay in dict.fromkeys(each.overlay for each in stated):
        blocks = [each for each in stated if each.overlay == overlay]
        # only the level nearest the province chooses, so that a county does not choose again
        chosen = readings if len(blocks[0].jurisdiction) == 4 else None
        (root / "cities" / f"{overlay}.yaml").write_text(overlay_text(blocks, chosen or {}), encoding="utf-8")
    return root


def overlay_text(blocks: list[Stated], readings: Mapping[str, str]) -> str:
    first = blocks[0]
    lines = [
        "format: 1",
        f"overlay: {first.overlay}",
        f"title: {first.overlay}低保标准（测试用）",
        f"amends: {BELOW.get(first.overlay, 'shanxi_2022_60')}",
        f'jurisdiction: "{first.jurisdiction}"',
        "status: official",
        "document: 测〔2023〕1号",
        f"from: {FIRST}",
        f"published: {FIRST}",
        'source: "https://example.org/"',
        "grade: A",
        "set:",
        *(f"  {reading}: {option}" for reading, option in readings.items()),
        "  dibao_standard:",
    ]
    by_start: dict[date, dict[str, tuple[str | None, str | None]]] = {}
    for block in blocks:
        by_start.setdefault(block.start, {}).update(block.values)
    for start, values in by_start.items():
        lines += [f"    - from: {start}", f"      published: {start}", "      values:"]
        for county, texts in values.items():
            pairs = zip(RESIDENCES, texts, strict=True)
            inner = ", ".join(f"{residence}: {text}" for residence, text in pairs if text is not None)
            lines.append(f'        "{county}": {{{inner}}}')
    return "\n".join(lines) + "\n"
