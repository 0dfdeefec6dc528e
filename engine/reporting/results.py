"""What a command found, as every report is made of it: one model for `check`, `test` and `mutate`.

In: diagnostics, and what was tried one by one (a file checked, a case run, a mutant).  Out: `Results`; the modules
`sarif`, `junit`, `github`, `gitlab`, `diagnostics_json`, `lcov` and `cobertura` turn them into text.
Imports the ground floor and `coverage`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Literal, TypeAlias

from engine.diagnostics import Diagnostic, Language, Severity
from engine.records import dataclass
from engine.reporting.coverage import Coverage
from engine.source import Source, Span

Outcome: TypeAlias = Literal["passed", "failed", "broken", "skipped"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that was tried.

    Attributes:
        group: what it belongs to, as a file (`cities/x.yaml`).
        name: unique within the group.
        outcome: `failed` for the wrong answer, `broken` where there was none.
        text: what there is to say of it, as it is printed for people; its first line stands for the whole.
        span: where it is written.
        seconds: how long it took, `0.012`; "" where nobody measured.
    """

    group: str
    name: str
    outcome: Outcome
    text: str = ""
    span: Span | None = None
    seconds: str = ""


def as_named(source: Source | str) -> str:
    """A file as the diagnostics name it."""
    return source if isinstance(source, str) else source.name


@dataclass(frozen=True, slots=True)
class Results:
    """What a command found.

    Attributes:
        command: `check`, `test`, `mutate`.
        version: of this program.
        locate: the path of a file for other tools, with forward slashes: relative to the folder that the command ran
            in where the file lies below it. Takes a source, or the name of a file that could not be read.
        pages: address of the folder of the pages on codes, ending in `/`; "" where they are nowhere on the web.
    """

    command: str
    version: str
    language: Language = "zh"
    diagnostics: tuple[Diagnostic, ...] = ()
    trials: tuple[Trial, ...] = ()
    coverage: Coverage | None = None
    locate: Callable[[Source | str], str] = as_named
    pages: str = ""

    def path_of(self, found: Diagnostic) -> str:
        """The path of the file that a diagnostic is about, "" where it is about none."""
        if found.span is not None:
            return self.locate(found.span.source)
        return self.locate(found.path) if found.path else ""

    def counts(self) -> Counter[Severity]:
        """How many were found, those that are only counted too."""
        found: Counter[Severity] = Counter()
        for one in self.diagnostics:
            found[one.severity] += one.stands_for
        return found


def whole_message(found: Diagnostic, language: Language) -> list[str]:
    """What is wrong, and what to do: a line each."""
    return [found.message(language), *found.help_lines(language)]
