"""One household as it was given: its text, unread, and where it stands."""

from __future__ import annotations

import codecs
from dataclasses import replace
from typing import Final

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.evaluation.json_text import MOST_BYTES
from engine.records import dataclass

BOM: Final = codecs.BOM_UTF8
BLANKS: Final = b" \t\r\n"
"""what JSON takes for blank, and nothing else"""
MOST_PASSED_OVER: Final = 1 << 30
"""bytes that are read in search of the end of a household that is too long; behind it others may stand"""


@dataclass(frozen=True, slots=True)
class Given:
    """Attributes:
    place: as it is told: the file, and the line where there are several households.
    fault: a code where there is no text to read.
    line, column: of the file, where the text begins.
    endless: the end was not found, and nothing after it was read.
    """

    text: bytes
    place: str
    fault: str = ""
    line: int = 1
    column: int = 1
    endless: bool = False

    @property
    def diagnostic(self) -> Diagnostic:
        """The fault."""
        if self.fault != "json-too-large":
            return Diagnostic.of(self.fault)
        passed_over = str(MOST_PASSED_OVER) if self.endless else ""
        return Diagnostic.of("json-too-large", path="$", limit=str(MOST_BYTES), passed_over=passed_over)

    def placed(self, refusal: HouseholdError) -> HouseholdError:
        """A refusal of the text with the lines and columns of the file."""
        if (self.line, self.column) == (1, 1) or all("line" not in dict(one.params) for one in refusal.diagnostics):
            return refusal
        return HouseholdError([self._placed(one) for one in refusal.diagnostics], refusal.household)

    def _placed(self, found: Diagnostic) -> Diagnostic:
        params = dict(found.params)
        if "line" not in params or "column" not in params:
            return found
        line, column = int(params["line"]), int(params["column"])
        params["line"] = str(self.line + line - 1)
        params["column"] = str(self.column + column - 1 if line == 1 else column)
        return replace(found, params=tuple(sorted(params.items())))
