"""In which way a household is answered otherwise under other rules, and how that is said.

In: two outcomes.  Out: a `Kind`, with its words. Imports decision.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from engine.evaluation.decision import Outcome

Kind: TypeAlias = Literal["gains", "loses", "other", "figures"]
KINDS: Final[tuple[Kind, ...]] = ("gains", "loses", "other", "figures")
"""becomes eligible; is eligible no more; any other change of outcome; the same outcome with other figures"""
WORDS: Final[dict[str, tuple[str, str]]] = {
    "gains": ("新增符合", "newly eligible"),
    "loses": ("不再符合", "no longer eligible"),
    "other": ("其他结论变化", "another outcome"),
    "figures": ("只有数字变化", "figures only"),
}


def kind_of(before: Outcome | None, after: Outcome | None) -> Kind:
    """Of a household whose answers differ."""
    if before is after:
        return "figures"
    if after is Outcome.ELIGIBLE:
        return "gains"
    return "loses" if before is Outcome.ELIGIBLE else "other"
