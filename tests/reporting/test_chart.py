"""The picture of a screening: legible without a font, well formed, true to the numbers."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

import pytest

import engine
from engine.reporting.chart import chart_bytes, chart_svg
from engine.reporting.glyphs import Glyphs
from engine.reporting.screened import _WORDS
from engine.reporting.screened_shift import ToldShift
from engine.reporting.words import Words
from engine.say import Say
from engine.screening.writing.summary import Numbers, Region, Repeated, Shift, Summary
from engine.screening.writing.wording import wording_of

SVG = "{http://www.w3.org/2000/svg}"


def region(name: str, causes: Numbers | None = None, **outcomes: int) -> Region:
    return Region("1401", name, outcomes, causes or {})


def summary(*cities: Region, unread: int = 0) -> Summary:
    outcomes: Counter[str] = Counter()
    for city in cities:
        outcomes.update(city.outcomes)
    whole = Region("", "", outcomes, {"illness": 3})
    labels = {"illness": "因病致贫", "none": "因<残>&致贫"}
    return Summary(whole, cities, labels, unread, {}, {}, {}, Repeated({}))


CITIES = (region("太原市", eligible=3, ineligible=5), region("长治市", undetermined=1, refused=1))


def told_shift(places: dict[str, Counter[str]]) -> ToldShift:
    return ToldShift(Shift(places, {}, {}, {}), {}, {"140105": "小店区", "140106": "迎泽区"}, Say("zh"))


def test_who_gains_and_who_loses_by_county() -> None:
    """Two counties with bars of two colours, one in which only figures change and one that nobody knows."""
    places = {
        "140106": Counter(gains=3),
        "140105": Counter(gains=10, loses=5, figures=90),
        "140107": Counter(figures=7),
        "": Counter(loses=1),
    }
    plain = chart_svg(summary(*CITIES), "zh")
    svg = chart_svg(summary(*CITIES), "zh", told_shift(places))
    assert ElementTree.fromstring(svg).tag == f"{SVG}svg"
    added = svg.replace("</svg>", "").count("<rect") - plain.count("<rect")
    # four kinds of which one is empty, three places with four stretches, two marks of the legend
    assert added == 3 + 4 + 2
    drawn = chart_svg(summary(*CITIES), "zh", told_shift({}))
    assert drawn.count("<rect") == plain.count("<rect")


def test_every_character_is_an_outline() -> None:
    tree = ElementTree.fromstring(chart_svg(summary(*CITIES), "zh"))
    assert not list(tree.iter(f"{SVG}text"))
    told = [group.get("aria-label", "") for group in tree.iter(f"{SVG}g")]
    assert {"筛查结果：共 10 户", "太原市", "因<残>&致贫", "3（30.0%）"} <= set(told)
    defined = {path.get("id") for path in tree.iter(f"{SVG}path")}
    used = {str(use.get("href")).removeprefix("#") for use in tree.iter(f"{SVG}use")}
    assert used <= defined
    assert {f"u{ord(char):x}" for label in told for char in label if not char.isspace()} <= used


def test_the_words_of_the_shipped_policies_have_outlines() -> None:
    policies = engine.load()
    texts = [*wording_of([policies.library], Say("zh")).titles.values(), *(zh + en for zh, en in _WORDS.values())]
    for name in policies.library.documents:
        for place in policies.library.territory(name).values():
            texts += [place.name, place.city_name]
    texts += [Words("zh")(key) for key in ("eligible", "ineligible", "undetermined", "refused")]
    drawn = Glyphs()
    assert "<text" not in "".join(drawn.text(text, 0, 0, 15, "#000") for text in dict.fromkeys(texts))


def test_a_rare_character_is_text() -> None:
    drawn = Glyphs().text("㐂县", 0, 0, 15, "#000")
    assert drawn.count("<text") == 1
    assert "㐂" in drawn


def test_bars_are_as_long_as_their_numbers() -> None:
    tree = ElementTree.fromstring(chart_svg(summary(*CITIES), "zh"))
    widths = [int(rect.get("width", "")) for rect in tree.iter(f"{SVG}rect") if rect.get("height") == "18"]
    outcomes = widths[:4]
    assert [round(width / max(outcomes) * 5) for width in outcomes] == [3, 5, 1, 1]


@pytest.mark.parametrize(
    "cities", [(), (region("", refused=1),), tuple(region(f"市{n}", eligible=n) for n in range(200))]
)
def test_few_and_many_places(cities: tuple[Region, ...]) -> None:
    tree = ElementTree.fromstring(chart_svg(summary(*cities, unread=2), "en"))
    told = [group.get("aria-label", "") for group in tree.iter(f"{SVG}g")]
    assert ("140 places more" in told) == (len(cities) > 60)
    assert int(tree.get("height", "")) < 4000


def test_the_same_numbers_give_the_same_bytes() -> None:
    assert chart_bytes(summary(*CITIES), ".svg", "zh") == chart_bytes(summary(*CITIES), ".svg", "zh")


def test_png() -> None:
    pytest.importorskip("resvg_py")
    data = chart_bytes(summary(*CITIES), ".png", "zh")
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(data[16:20], "big") == 1920
    assert len(re.findall(b"IDAT", data)) >= 1
