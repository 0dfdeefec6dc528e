"""What a screening came to, as a picture: bars by outcome, cause and city; and who changes under another rule set.

In: a `Summary`, and what another rule set changes.  Out: SVG, whose text is outlines, so that it reads alike wherever
it is shown; or the same as PNG.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from engine.diagnostics import Language
from engine.evaluation.shifts import KINDS
from engine.records import dataclass
from engine.reporting.glyphs import EM, Glyphs
from engine.reporting.screened import Told
from engine.reporting.screened_shift import ToldShift
from engine.screening.writing.summary import Region, Summary

_WIDTH: Final = 960
_MARGIN: Final = 28
_ROW: Final = 30
_BAR: Final = 18
_TITLE, _HEAD, _TEXT, _SMALL = 24, 17, 15, 13
_MOST_ROWS: Final = 60
"""cities that have a bar of their own"""
_TURNS: Final = ("gains", "loses")
_INK, _QUIET, _GRID = "#1f2933", "#5f6b76", "#e4e8ec"
_COLOURS: Final = {
    "eligible": "#2f7d5b",
    "ineligible": "#a9b4bf",
    "undetermined": "#e0a43a",
    "refused": "#b5483f",
    "figures": "#5b7fb5",
}
_CAUSE: Final = "#2f7d5b"
_CHANGES: Final = {"gains": "#2f7d5b", "loses": "#b5483f", "other": "#e0a43a", "figures": "#5b7fb5"}


def chart_bytes(summary: Summary, suffix: str, language: Language, shift: ToldShift | None = None) -> bytes:
    """Args:
    suffix: `.svg` or `.png`.
    """
    svg = chart_svg(summary, language, shift)
    if suffix == ".svg":
        return svg.encode()
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg, zoom=2))


def chart_svg(summary: Summary, language: Language, shift: ToldShift | None = None) -> str:
    drawing = _Drawing(Told(summary, language), Glyphs())
    drawing.draw()
    if shift is not None:
        drawing.draw_shift(shift)
    return drawing.svg()


@dataclass(frozen=True, slots=True)
class _Bar:
    """One row: what it is of, its stretches by colour, and what stands behind it."""

    label: str
    stretches: Sequence[tuple[str, int]]
    told: str

    @property
    def whole(self) -> int:
        return sum(count for _, count in self.stretches)


class _Drawing:
    def __init__(self, told: Told, glyphs: Glyphs) -> None:
        self._told, self._glyphs = told, glyphs
        self._parts: list[str] = []
        self._y = _MARGIN

    def draw(self) -> None:
        told, summary = self._told, self._told.summary
        self._y += _TITLE
        self._text(told.say("screened", heading=told.heading), _MARGIN, _TITLE, _INK)
        self._y += 14
        self._bars(told.say("outcome"), list(self._outcomes()), summary.households)
        if summary.labels:
            bars = [
                _Bar(label, [(_CAUSE, count)], f"{count:,}")
                for cause, label in summary.labels.items()
                for count in [summary.whole.causes.get(cause, 0)]
            ]
            self._bars(told.say("cause"), bars, max(1, *(bar.whole for bar in bars)))
        if summary.cities:
            bars = [self._of_region(region) for region in summary.cities[:_MOST_ROWS]]
            self._bars(told.say("region"), bars, max(bar.whole for bar in bars), legend=self._colours)
            self._rest(len(summary.cities) - _MOST_ROWS)

    def draw_shift(self, shift: ToldShift) -> None:
        """Who changes, and where households gain and lose."""
        whole = shift.shift.whole
        kinds = [_Bar(shift.word(kind), [(_CHANGES[kind], whole[kind])], f"{whole[kind]:,}") for kind in KINDS]
        self._bars(shift.word("shift"), kinds, max(1, *(bar.whole for bar in kinds)))
        places = [(name, held) for name, held in shift.by_place() if held["gains"] or held["loses"]]
        if places:
            bars = [
                _Bar(name, [(_CHANGES[kind], held[kind]) for kind in _TURNS], f"+{held['gains']:,} −{held['loses']:,}")
                for name, held in places[:_MOST_ROWS]
            ]
            legend = [(shift.word(kind), _CHANGES[kind]) for kind in _TURNS]
            self._bars(shift.word("region"), bars, max(bar.whole for bar in bars), legend=legend)
            self._rest(len(places) - _MOST_ROWS)

    def _rest(self, count: int) -> None:
        """How many places have no bar."""
        if count > 0:
            self._y += _ROW
            self._text(self._told.say("more_places", count=count), _MARGIN, _SMALL, _QUIET)

    @property
    def _colours(self) -> Sequence[tuple[str, str]]:
        return [(self._told.outcome(key), _COLOURS[key]) for key in self._told.outcomes]

    def _outcomes(self) -> Iterator[_Bar]:
        told, summary = self._told, self._told.summary
        for key in told.outcomes:
            count = told.count(key, summary.whole)
            yield _Bar(told.outcome(key), [(_COLOURS[key], count)], told.shared(count))

    def _of_region(self, region: Region) -> _Bar:
        told = self._told
        stretches = [(_COLOURS[key], told.count(key, region)) for key in told.outcomes]
        return _Bar(told.name(region), stretches, f"{region.rows:,}")

    def _bars(self, title: str, bars: Sequence[_Bar], longest: int, *, legend: Sequence[tuple[str, str]] = ()) -> None:
        """Rows under a title; the longest bar takes the width there is between names and figures."""
        self._y += _HEAD + 22
        self._text(title, _MARGIN, _HEAD, _INK)
        self._legend(legend, self._y)
        self._y += 8
        left = _MARGIN + max(self._width(bar.label, _TEXT) for bar in bars) + 14
        room = _WIDTH - _MARGIN - left - max(self._width(bar.told, _TEXT) for bar in bars) - 10
        top = self._y
        for bar in bars:
            self._y += _ROW
            foot = self._y - (_ROW - _TEXT) // 2 + 1
            self._put(bar.label, left - 14, foot, _TEXT, _INK, "end")
            x = left
            for place, (colour, _) in enumerate(bar.stretches):
                upto = sum(count for _, count in bar.stretches[: place + 1])
                end = left + room * upto // max(1, longest)
                end = max(end, x + 1) if bar.stretches[place][1] else end  # what there is shows
                self._rect(x, self._y - _ROW + (_ROW - _BAR) // 2 + 2, end - x, _BAR, colour)
                x = end
            self._put(bar.told, x + 8, foot, _TEXT, _QUIET)
        self._parts.append(
            f'<line x1="{left}" y1="{top + 2}" x2="{left}" y2="{self._y + 2}" stroke="{_QUIET}" stroke-width="1"/>'
        )

    def _legend(self, colours: Sequence[tuple[str, str]], foot: int) -> None:
        """What the colours are, flush right beside the title."""
        x = _WIDTH - _MARGIN
        for word, colour in reversed(colours):
            self._put(word, x, foot, _SMALL, _QUIET, "end")
            x -= self._width(word, _SMALL) + 17
            self._rect(x, foot - 10, 11, 11, colour)
            x -= 16

    # ---- pieces

    def _text(self, text: str, x: int, size: int, fill: str) -> None:
        self._put(text, x, self._y, size, fill)

    def _put(self, text: str, x: int, y: int, size: int, fill: str, anchor: str = "start") -> None:
        self._parts.append(self._glyphs.text(text, x, y, size, fill, anchor))

    def _rect(self, x: int, y: int, width: int, height: int, fill: str) -> None:
        if width > 0:
            self._parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>')

    def _width(self, text: str, size: int) -> int:
        return -(-self._glyphs.width(text) * size // EM)

    def svg(self) -> str:
        height = self._y + _MARGIN
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
            f'viewBox="0 0 {_WIDTH} {height}">{self._glyphs.definitions()}'
            f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>{"".join(self._parts)}</svg>\n'
        )
