"""The exceptions that the engine raises for what outsiders gave it.

Imports `diagnostics` only. Anything else that escapes the engine is a fault of the engine itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.diagnostics import Diagnostic, Language, render


class EngineError(Exception):
    """Carries every fault found in one run, in `diagnostics`."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(render(found) for found in self.diagnostics))

    def __reduce__(self) -> tuple[object, ...]:
        """Another process raises it too (`--jobs`)."""
        return type(self), (self.diagnostics,), self.__dict__


class PolicyError(EngineError):
    """The policy files cannot be used."""


class TableError(EngineError):
    """A table of households cannot be read as a whole; the path of each diagnostic names the column."""


class NotInstalled(EngineError):
    """What was asked for needs libraries of an extra."""


class HouseholdError(EngineError):
    """The household is refused; every reason has a code and a JSON path."""

    def __init__(self, diagnostics: Iterable[Diagnostic], household: str | None = None) -> None:
        super().__init__(diagnostics)
        self.household = household

    def to_dict(self, language: Language = "zh") -> dict[str, object]:
        """The refusal as contract JSON: `{"format": 1, "household", "outcome": "refused", "reasons": […]}`."""
        return {
            "format": 1,
            "household": self.household,
            "outcome": "refused",
            "reasons": [
                {"code": found.code, "path": found.path, "message": found.message(language)}
                for found in self.diagnostics
            ],
        }


class UnusablePolicy(HouseholdError):
    """The household is refused (`policy-unusable`): a file that may belong to its rules cannot be used.

    Attributes:
        faults: what is wrong with those files.
    """

    def __init__(
        self, diagnostics: Iterable[Diagnostic], household: str | None, faults: Iterable[Diagnostic] = ()
    ) -> None:
        super().__init__(diagnostics, household)
        self.faults = tuple(faults)
