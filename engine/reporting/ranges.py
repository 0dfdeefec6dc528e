"""Ranges of counts and amounts, as people of a language write them: `超过 10000 元`, `over 10000 元`.

In: a range as `show_part` has it, which JSON keeps, and the unit of its numbers.  Out: text.
Imports words.
"""

from __future__ import annotations

import re

from engine.reporting.words import Words

_NUMBER = r"-?\d+(?:\.\d+|/\d+)?"
_RANGE = rf"(>?)({_NUMBER})?(\.\.)?(<=?)?({_NUMBER})?"
_BETWEEN_CHINESE = r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])"


def range_text(part: str, unit: str, words: Words, *, marginal: bool = False) -> str:
    """Args:
    marginal: it is the part of an amount that lies in the range.
    """
    found = re.fullmatch(_RANGE, part)
    if found is None:
        return part
    over, low, to, under, high = found.groups(default="")
    shape = f"{over}{'a' if low else ''}{to}{under}{'b' if high else ''}"
    begin = low if low == "0" and high else f"{low} {unit}".strip()
    text = words(f"range_{shape}", a=begin, b=f"{high} {unit}".strip())
    told = words("range_part", range=text) if marginal and shape != "a" else text
    return re.sub(_BETWEEN_CHINESE, "", told)
