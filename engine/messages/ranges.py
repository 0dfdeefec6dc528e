"""Ranges of counts and amounts, as people of a language write them: `超过 10000 元`, `over 10000 元`.

In: a range in the plain form that JSON keeps (`>1000..5000`), and the unit of its numbers.  Out: text.
Reports and diagnostics say a range alike, and a policy reads what is said here as that range again.
Imports say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from engine.say import Language, Say

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "a": ("{a}", "{a}"),
    "a..b": ("{a} 至 {b}", "{a} to {b}"),
    ">a..b": ("超过 {a} 至 {b}", "over {a} to {b}"),
    "a..<b": ("{a} 以上不满 {b}", "{a} to under {b}"),
    ">a..<b": ("超过 {a} 不满 {b}", "over {a} to under {b}"),
    "a..": ("{a} 以上", "{a} or more"),
    ">a": ("超过 {a}", "over {a}"),
    "<=b": ("不超过 {b}", "up to {b}"),
    "<b": ("不满 {b}", "under {b}"),
    "..": ("不论多少", "any"),
}
_NUMBER = r"-?\d+(?:\.\d+|/\d+)?"
_RANGE = rf"(>?)({_NUMBER})?(\.\.)?(<=?)?({_NUMBER})?"
_BETWEEN_CHINESE = r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])"


def range_text(part: str, unit: str, language: Language, *, marginal: bool = False) -> str:
    """A key that is no range stays as it is.

    Args:
        marginal: it is the part of an amount that lies in the range.
    """
    found = re.fullmatch(_RANGE, part)
    if found is None:
        return part
    over, low, to, under, high = found.groups(default="")
    shape = f"{over}{'a' if low else ''}{to}{under}{'b' if high else ''}"
    if shape not in _WORDS:
        return part
    begin = low if low == "0" and high else f"{low} {unit}".strip()
    say = Say(language)
    text = say(*_WORDS[shape]).format(a=begin, b=f"{high} {unit}".strip())
    if marginal and shape != "a":
        text = say(f"{text} 的部分", text)
    return re.sub(_BETWEEN_CHINESE, "", text)


def ranges_text(told: str, language: Language) -> str:
    """What a diagnostic holds of a key: its parts with `、` between, a range with its unit behind it."""
    parts = (one.partition(" ") for one in told.split("、"))
    said = (
        range_text(part, unit, language) if re.fullmatch(_RANGE, part) else f"{part}{blank}{unit}"
        for part, blank, unit in parts
    )
    return Say(language).names(said)
