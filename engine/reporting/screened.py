"""What a screening came to: for people, for programs, and as the rows of a workbook's sheet of totals.

In: a `Summary`.  Out: lines, a JSON value, rows of cells. Households are counted by outcome, by cause, by city and
county; then what was refused, by reason, and the ids that stand more than once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import islice
from typing import Final

from engine.diagnostics import Language
from engine.escaping import Lines
from engine.records import dataclass
from engine.reporting.layout import Page, columns
from engine.reporting.screened_shift import ToldShift
from engine.reporting.words import Words
from engine.screening.writing.summary import Region, Summary

OUTCOMES: Final = ("eligible", "ineligible", "undetermined", "refused", "figures")
_MOST_IDS: Final = 10
_MOST_PLACES: Final = 5

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "households": ("户数", "households"),
    "share": ("占比", "share"),
    "outcome": ("结论", "Outcome"),
    "cause": ("满足的认定情形（一户可有几种）", "Causes that are met (a household may have several)"),
    "region": ("地区", "Place"),
    "elsewhere": ("地区不明", "no known place"),
    "whole": ("合计", "all"),
    "refusals": ("未受理的原因", "Reasons of refusal"),
    "times": ("次数", "times"),
    "unread": ("另有 {count} 行没有读成家庭", "{count} further rows could not be read as households"),
    "repeated": ("编号重复", "Ids that stand more than once"),
    "at": ("{file} 第 {row} 行", "{file} row {row}"),
    "more_rows": ("等 {count} 行", "and so on, {count} rows"),
    "more_ids": ("另有 {count} 个编号", "{count} ids more"),
    "more_places": ("另有 {count} 个地区", "{count} places more"),
    "more": ("另有 {count} 行没有逐一列出", "{count} rows more, not told one by one"),
    "blanks": ("空白的单元格（按不明处理）", "Blank cells (taken as unknown)"),
    "whole_many": ("共 {rows} 户", "{rows} households"),
    "screened": ("筛查结果：{heading}", "Screened: {heading}"),
    "whole_1": ("共 1 户", "1 household"),
    "figures": ("只算数字", "figures only"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Tells a summary in one language.

    Attributes:
        titles: of columns, those of the household's fields among them.
    """

    summary: Summary
    language: Language
    titles: Mapping[str, str] = field(default_factory=dict)
    shift: ToldShift | None = None

    def say(self, key: str, **places: object) -> str:
        zh, en = _WORDS[key]
        return Words(self.language).say(zh, en).format(**places)

    def outcome(self, key: str) -> str:
        return self.say(key) if key == "figures" else Words(self.language)(key)

    @property
    def outcomes(self) -> list[str]:
        """Those that there are."""
        found = self.summary.whole.outcomes
        return [key for key in OUTCOMES if key != "figures" or found.get(key)]

    def count(self, key: str, region: Region) -> int:
        return region.outcomes.get(key, 0)

    @property
    def heading(self) -> str:
        rows = self.summary.households
        return self.say("whole_1") if rows == 1 else self.say("whole_many", rows=f"{rows:,}")

    def shared(self, count: int) -> str:
        """A count, and what it is of the whole."""
        share = _share(count, self.summary.households)
        return f"{count:,}{Words(self.language).bracketed(share)}"

    # ---- for people

    def lines(self, page: Page, *, details: bool) -> Lines:
        lines: list[str] = [page.tone("strong", self.heading)]
        lines += self._outcomes()
        lines += self._causes(page)
        lines += self._regions(details)
        lines += self._refusals(page)
        lines += self._blanks(page)
        lines += self._repeated(page)
        if self.shift is not None:
            lines += self.shift.lines(page)
        return Lines.of(lines)

    def _outcomes(self) -> list[str]:
        rows = []
        for key in self.outcomes:
            count = self.count(key, self.summary.whole)
            rows.append([f"  {self.outcome(key)}", f"{count:,}", _share(count, self.summary.households)])
        told = columns(rows, right=frozenset({1, 2}))
        unread = self.summary.unread
        return [*told, f"  {self.say('unread', count=f'{unread:,}')}"] if unread else told

    def _causes(self, page: Page) -> list[str]:
        rows = [
            [f"  {label}", f"{self.summary.whole.causes.get(cause, 0):,}"]
            for cause, label in self.summary.labels.items()
        ]
        return page.section(self.say("cause"), columns(rows, right=frozenset({1})))

    def _regions(self, details: bool) -> list[str]:
        if not self.summary.cities:
            return []
        with_counties = details or len(self.summary.cities) == 1
        header = [self.say("region"), self.say("whole"), *(self.outcome(key) for key in self.outcomes)]
        rows = [[f"  {header[0]}", *header[1:]]]
        for city in self.summary.cities:
            rows.append([f"  {self.name(city)}", *self._counts(city)])
            if with_counties:
                rows += [[f"    {self.name(county)}", *self._counts(county)] for county in city.counties]
        return ["", *columns(rows, right=frozenset(range(1, len(header))))]

    def _counts(self, region: Region) -> Iterator[str]:
        yield f"{region.rows:,}"
        for key in self.outcomes:
            yield f"{self.count(key, region):,}"

    def name(self, region: Region) -> str:
        return region.name or region.code or self.say("elsewhere")

    def _refusals(self, page: Page) -> list[str]:
        found = sorted(self.summary.refusals.items(), key=lambda one: (-one[1], one[0]))
        rows = [[f"  {code}", f"{count:,}"] for code, count in found]
        return page.section(self.say("refusals"), columns(rows, right=frozenset({1})))

    def _blanks(self, page: Page) -> list[str]:
        rows = [
            [f"  {self.titles.get(field, field)}", f"{count:,}"]
            for field, count in self.summary.blanks.items()
            if count
        ]
        return page.section(self.say("blanks"), columns(rows, right=frozenset({1})))

    def _repeated(self, page: Page) -> list[str]:
        repeated = self.summary.repeated
        rows: list[str] = []
        for id, places in islice(repeated.places.items(), _MOST_IDS):
            at = [self.say("at", file=place.file, row=place.row) for place in places[:_MOST_PLACES]]
            if len(places) > _MOST_PLACES:
                at.append(self.say("more_rows", count=len(places)))
            words = Words(self.language)
            rows += page.paragraph(words.said_of(id, words.enumerated(at)), indent=2, hanging=4)
        if len(repeated.places) > _MOST_IDS:
            rows.append(f"  {self.say('more_ids', count=f'{len(repeated.places) - _MOST_IDS:,}')}")
        if repeated.more:
            rows.append(f"  {self.say('more', count=f'{repeated.more:,}')}")
        return page.section(self.say("repeated"), rows)

    # ---- for a workbook

    def rows(self) -> Iterator[Sequence[object]]:
        summary = self.summary
        yield (self.say("outcome"), self.say("households"))
        for key in self.outcomes:
            yield (self.outcome(key), self.count(key, summary.whole))
        yield (self.say("whole"), summary.households)
        if summary.labels:
            yield ()
            yield (self.say("cause"), self.say("households"))
            yield from ((label, summary.whole.causes.get(cause, 0)) for cause, label in summary.labels.items())
        if summary.cities:
            yield ()
            names = [self.outcome(key) for key in self.outcomes]
            yield (self.say("region"), self.say("whole"), *names, *summary.labels.values())
            for region in _with_counties(summary.cities):
                causes = (region.causes.get(cause, 0) for cause in summary.labels)
                indent = "  " if any(region in city.counties for city in summary.cities) else ""
                counts = (self.count(key, region) for key in self.outcomes)
                yield (indent + self.name(region), region.rows, *counts, *causes)
        for title, counted in ((self.say("refusals"), summary.refusals), (self.say("blanks"), summary.blanks)):
            if counted:
                yield ()
                yield (title, self.say("times"))
                yield from ((self.titles.get(key, key), count) for key, count in counted.items())
        if self.shift is not None:
            yield ()
            yield from self.shift.rows()


def screened_json(told: Told) -> dict[str, object]:
    """The same inputs give the same bytes: nothing of time, threads or names of temporary files."""
    summary = told.summary
    whole = summary.whole
    outcomes = {key: whole.outcomes.get(key, 0) for key in OUTCOMES if key != "figures" or whole.outcomes.get(key)}
    return {
        "format": 1,
        "households": summary.households,
        "unread": summary.unread,
        "outcomes": outcomes,
        "causes": {
            cause: {"label": label, "met": whole.causes.get(cause, 0)} for cause, label in summary.labels.items()
        },
        "cities": [
            {**_region_json(city), "counties": [_region_json(county) for county in city.counties]}
            for city in summary.cities
        ],
        "refusals": dict(sorted(summary.refusals.items())),
        "blanks": dict(summary.blanks),
        "repeated": {
            "ids": [
                {"id": id, "places": [{"file": one.file, "row": one.row} for one in places]}
                for id, places in summary.repeated.places.items()
            ],
            "more": summary.repeated.more,
        },
        "decided_by": dict(summary.makers),
        **({} if told.shift is None else {"against": told.shift.to_dict()}),
    }


def _region_json(region: Region) -> dict[str, object]:
    return {
        "code": region.code or None,
        "name": region.name or None,
        "households": region.rows,
        "outcomes": _known(region.outcomes),
        "causes": dict(region.causes),
    }


def _known(counts: Mapping[str, int]) -> dict[str, int]:
    return {key: counts.get(key, 0) for key in OUTCOMES if key != "figures" or counts.get(key)}


def _with_counties(cities: Iterable[Region]) -> Iterator[Region]:
    for city in cities:
        yield city
        yield from city.counties


def _share(count: int, whole: int) -> str:
    """A tenth of a percent, rounded half up; no float between."""
    if not whole:
        return ""
    tenths = (count * 2000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"
