"""Ranges of amounts and counts as bureaus write them: `3万以上至14.4万元`, `超过960,000元的部分`, `3人及以上`.

In: a cell, and what its key is counted in.  Out: the range, or Diagnostics at the cell.
The text is put into a form that policies read (`policy.ranges`), which alone says which side holds a boundary. What
does not say so (`36000-144000`) is never read one way or the other. Imports policy, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from engine.diagnostics import Reporter
from engine.language.types import Quantity
from engine.language.units import ONE, all_words
from engine.language.words import fold
from engine.policy.cells import HIDDEN
from engine.policy.keys import is_amount, told_range
from engine.policy.marked import is_clear
from engine.policy.model import FIRST_CUT, LAST_CUT, AmountRange, Range, WholeRange
from engine.policy.ranges import SIDES, read_amounts
from engine.records import dataclass
from engine.source import UnitWords
from engine.tree import Scalar

_TIMES: Final = {"": 1, "百": 100, "千": 1000, "万": 10_000, "百万": 1_000_000, "千万": 10_000_000, "亿": 100_000_000}
_SAID: Final = {sign: str(number) for number, sign in enumerate("一二三四五六七八九十", start=1)} | {"两": "2"}
_ALONE = re.compile(rf"(?<![{''.join(_SAID)}百千万])[{''.join(_SAID)}](?![{''.join(_SAID)}百千万])")
"""a number of one sign, as counts are often written"""
_COUNTED = "人户|口之家|口人|人口|人|口|户|个|名|周岁|岁|级|档|辆|套|间|年度|年|个?月|次|项"
_PEOPLE = ("人户", "口之家", "口人", "人口", "口")
_MARK = r"\(不?含[^()]{0,12}\)|\(不?包[含括][^()]{0,12}\)"
_DASH = re.compile(r"\s?[-–—―─~〜]+\s?")
_THOUSANDS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?!,?[0-9])")
_SIDED = re.compile(rf"{SIDES}|<=|{_MARK}")
_JOINED = re.compile(r"至|到|to|\.\.")
_BEHIND = re.compile(rf"(及?以[上下内])\s?({_MARK})")
_PARTED = re.compile(r"[0-9][^0-9.]*[,、][^0-9.]*[0-9]")
_CHAIN = re.compile(r"([^<>=≤≥]*[0-9][^<>=≤≥]*)(<=|<|≤)[^0-9<>=≤≥]{0,16}(<=|<|≤)([^<>=≤≥]*[0-9][^<>=≤≥]*)")
_INTERVAL = re.compile(r"([\[(])([^\[\](),]*[0-9][^\[\](),]*),([^\[\](),]*)([\])])")
_LONGEST: Final = 100
"""characters of a range; a longer text is a note"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the ranges of a key are of.

    Attributes:
        words: the unit as it was declared. names: what the key is called, which may stand in front of a range.
        unit: that of bare numbers, as the header states it.
        known: the words for units that the policy declares.
    """

    key: str
    kind: Quantity
    words: str
    names: Sequence[str] = ()
    unit: str = ""
    known: UnitWords = ()


def read_spoken(cell: Scalar, of: Spoken, report: Reporter) -> Range | None:
    """The range of a cell; None after a fault."""
    if not is_clear(cell, report):
        return None
    text = _plain(cell.text, of) if len(cell.text) <= _LONGEST else ""
    if is_amount(of.kind):
        made, is_open = _amounts(text, of)
        found = _read(cell, made, of, report)
        if found is None or not is_open:
            return found
        _told_open(cell, found, of, report)
        return None
    found = _read(cell, _counts(text, of), of, report)
    return None if found is None else _whole(cell, found, of, report)


def policy_form(text: str, of: Spoken) -> str:
    """A range of amounts with the numbers and units that it was written with, as a policy may have it."""
    return _amounts(_plain(text, of), of)[0]


def _plain(text: str, of: Spoken) -> str:
    """In ASCII signs, without separators of thousands, and without the name of the key in front."""
    plain = " ".join(fold(text.translate(HIDDEN)).replace("～", "~").replace("－", "-").split())
    for name in sorted(of.names, key=len, reverse=True):
        plain = plain.removeprefix(name) if name else plain
    if _SIDED.search(plain) or _JOINED.search(plain) or _DASH.search(plain):
        plain = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), plain)
    return plain.strip(" :")


def _read(cell: Scalar, text: str, of: Spoken, report: Reporter) -> AmountRange | None:
    tried = Reporter()
    found = read_amounts(Scalar(cell.span, text), of.kind.unit, of.words, of.key, tried) if text else None
    if not text or any(one.code == "bad-amounts" for one in tried):
        code = "bad-amounts" if is_amount(of.kind) else "bad-range"
        report.tell(code, cell.span, text=cell.text, key=of.key, suggestion="")
    else:
        report.extend(tried)
    return found


# ---- amounts


@cache
def _number(units: UnitWords) -> re.Pattern[str]:
    """A number with what multiplies it, its unit, and whether it is itself meant."""
    word = "|".join(map(re.escape, all_words(units)))
    times = "|".join(sorted((one for one in _TIMES if one), key=len, reverse=True))
    return re.compile(
        rf"(?P<digits>(?:(?:^|(?<=[至到过满于超,. <>=]))-)?[0-9]+(?:\.(?!\.)[0-9]+)?)"
        rf"\s?(?P<times>{times})?(?P<unit>\s?(?:%|(?:{word})(?:[/·](?:{word}))*))?\s?(?P<mark>{_MARK})?"
    )


@dataclass(frozen=True, slots=True)
class _Number:
    start: int
    end: int
    digits: str
    times: str
    unit: str
    outside: bool

    def text(self) -> str:
        number = Decimal(self.digits) * _TIMES[self.times]
        return f"{number:f}{self.unit}"


def _numbers(text: str, units: UnitWords) -> list[_Number]:
    return [
        _Number(
            one.start(),
            one.end(),
            one["digits"],
            one["times"] or "",
            (one["unit"] or "").strip(),
            (one["mark"] or "").startswith("(不"),
        )
        for one in _number(units).finditer(text)
    ]


def _amounts(text: str, of: Spoken) -> tuple[str, bool]:
    """In the form of policies, "" where it has none; whether nothing but a dash stands for the boundaries."""
    text = _BEHIND.sub(r"\2\1", text)
    text = _CHAIN.sub(lambda one: _sides(one[1], one[2] == "<", one[4], one[3] == "<"), text)
    text = _INTERVAL.sub(lambda one: _sides(one[2], one[1] == "(", one[3], one[4] == ")"), text)
    found = _numbers(text, of.known)
    if not 1 <= len(found) <= 2 or (_PARTED.search(text) and not _SIDED.search(text)):
        return "", False
    if len(found) == 2 and not (found[0].times or found[0].unit):  # `3至5万元`
        found[0] = _with(found[0], found[1].times, found[1].unit)
    if not any(one.unit for one in found):
        own = next((one for one in _TIMES if one and of.unit.startswith(one)), "")
        if own and any(one.times for one in found):
            return "", False  # 3万 under 万元
        found = [_with(one, own or one.times, of.unit.removeprefix(own)) for one in found]
    is_open = len(found) == 2 and not _SIDED.search(text) and bool(_DASH.fullmatch(text, found[0].end, found[1].start))
    made, at = "", 0
    for place, one in enumerate(found):
        between = text[at : one.start]
        made += _DASH.sub("至", between) if place else between
        made += (_outside(place, len(found), text[one.end :]) if one.outside else "") + one.text()
        at = one.end
    rest = text[at:]
    alone = len(found) == 1 and found[0].outside
    return made + (re.sub("^及?以[上下内]", "", rest) if alone else rest), is_open


def _with(number: _Number, times: str, unit: str) -> _Number:
    return _Number(number.start, number.end, number.digits, times, unit, number.outside)


def _outside(place: int, count: int, behind: str) -> str:
    """The word in front of a number that its range does not hold."""
    low = place == 0 if count == 2 else behind.removeprefix("及").startswith("以上")
    return "超过" if low else "不满"


def _sides(low: str, over: bool, high: str, under: bool) -> str:
    """`(36000,144000]` or `36000<x≤144000` in words."""
    upper = high.strip()
    first = f"{'超过' if over else '不低于'}{low.strip()}"
    return f"{first}至{'不满' if under else '不超过'}{upper}" if re.search("[0-9]", upper) else first


def _told_open(cell: Scalar, both: AmountRange, of: Spoken, report: Reporter) -> None:
    """Between two numbers stands a dash alone: the forms that it may mean are told."""
    (low, _), (high, _) = both.start, both.end
    above, below = AmountRange((low, 1), (high, 1)), AmountRange((low, 0), (high, 0))
    report.tell(
        "boundary-open",
        cell.span,
        text=cell.text,
        above=told_range(above, of.words),
        below=told_range(below, of.words),
        both=told_range(both, of.words),
    )


# ---- counts


def _counts(text: str, of: Spoken) -> str:
    """Counts in the form of amounts: in the word of the key, or without one where it has none."""
    if not re.search("[0-9]", text):
        text = _ALONE.sub(lambda one: _SAID[one[0]], text)
    if _PARTED.search(text) and not _SIDED.search(text):
        return ""
    bare = of.kind.unit == ONE
    text = re.sub(r"^第(?=[0-9])|(?<=[至到\-~])第(?=[0-9])", "", text)

    def worded(one: re.Match[str]) -> str:
        word = "人" if one[2] in _PEOPLE else one[2]
        return one[1] + ("" if bare else word)

    text = _DASH.sub("至", re.sub(rf"([0-9]+)\s?({_COUNTED})", worded, text))
    return re.sub(r"(?<=[0-9])\+$", "以上", text)


def _whole(cell: Scalar, found: AmountRange, of: Spoken, report: Reporter) -> WholeRange | None:
    (low, above), (high, through) = found.start, found.end
    least = 0 if found.start == FIRST_CUT else low + above
    most = None if found.end == LAST_CUT else high if through else high - 1
    whole = isinstance(least, int) and (most is None or isinstance(most, int))
    if not whole or not 0 <= least < 10**6 or (most is not None and not least <= most < 10**6):
        report.tell("bad-range", cell.span, text=cell.text, key=of.key, suggestion="")
        return None
    return WholeRange(int(least), None if most is None else int(most))
