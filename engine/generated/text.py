"""Pieces of Python text, and how they are put together.

In: texts of expressions.  Out: `Code`. What is settled beforehand is left out, and what need not be called is not.
Imports program and language.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd
from typing import Final

from engine.language import core
from engine.language.core import CoreExpression
from engine.language.references import core_walk
from engine.language.types import Quantity
from engine.program.model import HOUSEHOLD, Step
from engine.records import dataclass

FEW: Final = 8
"""more are added up by a call, for each addition would stand inside the next"""
SETTLED: Final = ("True", "False")
PARTIAL: Final = ("unknown", "divide")
"""what only an `if` around it may keep from being called: it stays where it stands"""


@dataclass(frozen=True, slots=True)
class Code:
    """An expression of Python that binds closely; the value is that of `text`, divided by `per`."""

    text: str
    per: int = 1

    def times(self, factor: int) -> str:
        return self.text if factor == 1 else f"({factor} * {self.text})"

    @property
    def value(self) -> str:
        """The value itself."""
        return self.text if self.per == 1 else f"Fraction({self.text}, {self.per})"


def shown(name: str, per: int, step: Step) -> str:
    if not isinstance(step.core.type, Quantity):
        return name
    return f"({name} if type({name}) is int else number({name}))" if per == 1 else f"divide({name}, {per})"


def depth_of(node: CoreExpression) -> int:
    """Expressions in expressions."""
    most, waiting = 0, [(node, 1)]
    while waiting:
        one, depth = waiting.pop()
        most = max(most, depth)
        waiting.extend((part, depth + 1) for part in core.operands(one))
    return most


def is_of_household(node: CoreExpression) -> bool:
    """Whether something is the same for every item and yet takes time."""
    if isinstance(node, core.Constant | core.Reference | core.ChosenReading):
        return False
    parts = core_walk(node)
    return not any(
        isinstance(one, core.Aggregate | core.Outer)
        or (isinstance(one, core.Reference) and one.collection != HOUSEHOLD)
        for one in parts
    )


def negated(text: str) -> Code:
    return Code(str(text == "False") if text in SETTLED else f"(not {text})")


def joined(word: str, texts: Sequence[str], none: str, settling: str) -> Code:
    """What is settled beforehand is left out."""
    if settling in texts:
        return Code(settling)
    left = [text for text in texts if text != none]
    if not any(one in text for text in left for one in PARTIAL):  # what takes no time first
        left.sort(key=lambda text: not text.removeprefix("(not ").removesuffix(")").isidentifier())
    return Code(left[0] if len(left) == 1 else f"({word.join(left)})" if left else none)


def added(texts: Sequence[str]) -> str:
    if len(texts) > FEW:
        return f"sum(({', '.join(texts)}))"
    first, *others = texts
    rest = (f" - {one[2:-1]}" if one.startswith("(-") else f" + {one}" for one in others)
    return f"({first}{''.join(rest)})"


def scaled(factor: Fraction, code: Code) -> Code:
    shared = gcd(factor.numerator, code.per)
    by = factor.numerator // shared
    text = "0" if by == 0 else f"(-{code.text})" if by == -1 else code.times(by)
    return Code(text, code.per // shared * factor.denominator)
