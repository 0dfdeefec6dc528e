"""The reasons why one household is refused, and what was noticed of it: so many, and then how many more.

In: what the readers report.  Out: as any `Reporter`, but no more than can be read. A household with fifty misspelt
fields for each of a thousand members is refused as well by the first hundred, and its refusal costs no more.
Imports the ground floor.
"""

from __future__ import annotations

from typing import Final

from engine.diagnostics import Diagnostic, Reporter, Severity

MOST_REASONS: Final = 100


class Reasons(Reporter):
    """Keeps the first `MOST_REASONS` of each severity in the order of reading; of the others it keeps the number."""

    def __init__(self) -> None:
        super().__init__()
        self._counted: dict[Severity, int] = {}

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        beyond = [
            Diagnostic.of("more-reasons", path="$", count=str(counted - MOST_REASONS)).graded(severity)
            for severity, counted in self._counted.items()
            if counted > MOST_REASONS
        ]
        return (*super().diagnostics, *beyond)

    def add(self, diagnostic: Diagnostic) -> None:
        self._counted[diagnostic.severity] = counted = self._counted.get(diagnostic.severity, 0) + 1
        if counted <= MOST_REASONS:
            super().add(diagnostic)
