"""Ranges of amounts, as people and notices write them: `0..1000`, `超过1000元至5000元的部分`, `over 5000`.

In: a key of a table, and the unit in which the key was declared.  Out: an `AmountRange`, or Diagnostics.
Which side holds the boundary is always said: `..`, `至`, `以上`, `以下`, `不超过` hold their number, `over`, `超过`,
`under`, `不满` do not (as 民法典 第一千二百五十九条 has it).
Imports fields, keys, model, language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from engine.diagnostics import Reporter
from engine.fixes import PLAIN_FORMS
from engine.language.units import ONE, Unit, all_words, parse_unit
from engine.policy.fields import read_amount
from engine.policy.keys import amount_words
from engine.policy.model import FIRST_CUT, LAST_CUT, AmountRange
from engine.records import dataclass
from engine.source import UnitWords
from engine.tree import Scalar

_SIGNS: Final[Mapping[int, str]] = {
    **PLAIN_FORMS,
    **{ord(wide): plain for wide, plain in zip("＞＜＝（）。", "><=().", strict=True)},
}
"""one sign for one, so that places stay where they are"""

_OVER = "超过|高于|大于|over|above|>(?!=)"
_FROM = "不低于|不少于|至少|at least|from|>=|≥"
_UNDER = "不满|不足|未满|低于|小于|under|below|<(?!=)"
_UP_TO = "不超过|不高于|up to|at most|<=|≤"
_AND_ABOVE = r"及?以上(?:\s?\(含\))?|\(含\)\s?以上|or more|and above"
_AND_BELOW = r"及?以(?:下|内)(?:\s?\(含\))?|\(含\)\s?以(?:下|内)|or less"
SIDES: Final = "|".join((_OVER, _FROM, _UNDER, _UP_TO, _AND_ABOVE, _AND_BELOW))
"""what says which side has a boundary, beside the signs that join two numbers"""
_PART = r"(?:\s?的?部分|的)?"


@dataclass(frozen=True, slots=True)
class _Forms:
    """How a range is written between two ends, with its lower one, with its upper one, and as one amount."""

    both: re.Pattern[str]
    low: re.Pattern[str]
    high: re.Pattern[str]
    one: re.Pattern[str]


@cache
def _forms(units: UnitWords) -> _Forms:
    """With the words for units that a policy declares."""
    word = "|".join(map(re.escape, all_words(units)))
    number = rf"-?[0-9]+(?:\.[0-9]+)?(?:\s?(?:%|(?:{word})(?:[/·](?:{word}))*))?"
    return _Forms(
        both=re.compile(
            rf"(?:(?P<over>{_OVER})|{_FROM})?\s?(?P<low>{number})\s?(?:{_AND_ABOVE})?\s?(?:\.\.|至|到|to|[,、])?\s?"
            rf"(?:(?P<under>{_UNDER})|{_UP_TO})?\s?(?P<high>{number})\s?(?:{_AND_BELOW})?{_PART}"
        ),
        low=re.compile(
            rf"(?:(?P<over>{_OVER})|{_FROM})\s?(?P<low>{number})\s?(?:\.\.)?{_PART}"
            rf"|(?P<least>{number})\s?(?:\.\.|{_AND_ABOVE}){_PART}"
        ),
        high=re.compile(
            rf"(?:(?P<under>{_UNDER})|{_UP_TO}|\.\.)\s?(?P<high>{number}){_PART}"
            rf"|(?P<most>{number})\s?(?:{_AND_BELOW}){_PART}"
        ),
        one=re.compile(number),
    )


_NUMBERS = r"-?[0-9]+(?:\.[0-9]+)?"
_APART = r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))"
_DASH = r"\s?[-–—~～]\s?(?=[0-9])"


def read_amounts(scalar: Scalar, unit: Unit, words: str, key: str, report: Reporter) -> AmountRange | None:
    """A range of amounts counted in `unit`; None after a fault.

    Args:
        words: the unit as it was declared. key: what the range is of, for messages.
    """
    known = scalar.span.source.units
    ends = _ends(scalar.text, _forms(known))
    if ends is None:
        report.tell(
            "bad-amounts", scalar.span, text=scalar.text, key=key, suggestion=_meant(scalar.text, _forms(known))
        )
        return None
    given = [end for end in (ends[0], ends[2]) if end is not None]
    stated = (own for end in reversed(given) if (own := _unit_of(end[0], unit, words, known)) is not None)
    common = next((own for own in stated if own.dimension == unit.dimension), unit)  # a wrong one is told where it is
    counted = []
    for text, start in given:
        at = scalar.span.at(start, start + len(text)) if scalar.span.text == scalar.text else scalar.span
        own = _unit_of(text, unit, words, known) or common
        bare = re.match(_NUMBERS, text) if own.dimension == unit.dimension else None
        amount = read_amount(Scalar(at, text if bare is None else bare[0]), unit, report, own=own, words=words)
        if amount is None:
            return None
        counted.append(amount)
    low = FIRST_CUT if ends[0] is None else (counted[0], 1 if ends[1] else 0)
    high = LAST_CUT if ends[2] is None else (counted[-1], 0 if ends[3] else 1)
    if not low < high:
        report.tell("bad-amounts", scalar.span, text=scalar.text, key=key, suggestion="")
        return None
    return AmountRange(low, high, scalar.span)


_End = tuple[str, int]


def _ends(written: str, forms: _Forms) -> tuple[_End | None, bool, _End | None, bool] | None:
    """The ends with their places, and whether the range begins just above and ends just below them."""
    text = written.translate(_SIGNS).rstrip()
    offset = len(text) - len(text.lstrip())
    text = text.lstrip()
    if re.search(_APART, text):
        return None  # `1,500` may be one number or two

    def end(match: re.Match[str], *names: str) -> _End:
        name = next(name for name in names if match[name] is not None)
        return match[name].rstrip(), offset + match.start(name)

    if (found := forms.both.fullmatch(text)) and _is_parted(found):
        return end(found, "low"), bool(found["over"]), end(found, "high"), bool(found["under"])
    if found := forms.low.fullmatch(text):
        return end(found, "low", "least"), bool(found["over"]), None, False
    if found := forms.high.fullmatch(text):
        return None, False, end(found, "high", "most"), bool(found["under"])
    if forms.one.fullmatch(text):
        return (text, offset), False, (text, offset), False
    return None


def _is_parted(found: re.Match[str]) -> bool:
    """Whether a sign or a word stands between the two numbers."""
    return found.end("low") < found.start("high") and bool(found.string[found.end("low") : found.start("high")].strip())


def _unit_of(text: str, unit: Unit, words: str, known: UnitWords) -> Unit | None:
    """The unit that stands behind a number; of what accrues over some time it may be that of the amount alone."""
    own = parse_unit(re.sub(_NUMBERS, "", text).strip(), known)
    amount = parse_unit(amount_words(words), known)
    if own is None or own == ONE or amount is None or own.dimension != amount.dimension:
        return None if own == ONE else own
    return Unit(unit.dimension, own.factor / amount.factor * unit.factor)


def _meant(text: str, forms: _Forms) -> str:
    """A range written with separators of thousands, or with a dash between its ends; "" where it is none."""
    plain = re.sub(_DASH, "..", re.sub(_APART, "", text.translate(_SIGNS).strip()), count=1)
    plain = re.sub(r"\+$", "..", plain)
    return plain if plain != text and _ends(plain, forms) is not None else ""
