"""What cannot be said to the solver: reported with its place, never guessed. Imports the ground floor."""

from __future__ import annotations

from typing import Literal, TypeAlias

from engine.source import Span

Reason: TypeAlias = Literal[
    "fact-of-two-kinds", "rounded-step", "rounded-quotient", "free-key", "too-many-terms", "kinds-of-two"
]
"""fact-of-two-kinds  two policies declare one fact, each of another kind
rounded-step       a number is rounded to a step that is not written out
rounded-quotient   what is rounded is divided by something that is no constant
free-key           a value is looked up by a count or an amount while values are free within their range
too-many-terms     it comes to more than the solver is asked about
kinds-of-two       a figure is of another kind in the other policy
"""


class Unanalysed(Exception):
    """A construct that is outside what is analysed."""

    def __init__(self, reason: Reason, span: Span | None) -> None:
        super().__init__(reason)
        self.reason, self.span = reason, span
