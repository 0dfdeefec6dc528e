"""The results of a suite of cases as every report format takes them.

In: a `SuiteResult`.  Out: `Results`: a trial for each run, passed ones too, and a diagnostic at each expectation that
does not hold. Imports the result types of testing, and results.
"""

from __future__ import annotations

from engine.diagnostics import Diagnostic, Language, errors_in, render, shortened
from engine.escaping import Lines
from engine.reporting.coverage import Coverage
from engine.reporting.results import Outcome, Results, Trial
from engine.testing.model import CaseResult, Check, SuiteResult


def case_results(
    found: SuiteResult,
    more: tuple[Diagnostic, ...],
    version: str,
    language: Language,
    *,
    coverage: Coverage | None = None,
) -> Results:
    """Args:
    more: diagnostics beside those of the suite, as of coverage that is too low.
    """
    failed = tuple(_fault(result, check) for result in found.results for check in result.mismatches)
    faults = tuple(fault for result in found.results for fault in result.faults)
    diagnostics = shortened(dict.fromkeys((*found.diagnostics, *faults, *failed, *more)))
    trials = (*_whole(found, more, language), *(_trial(result, language) for result in found.results))
    return Results("test", version, language, diagnostics, trials, coverage)


def _whole(found: SuiteResult, more: tuple[Diagnostic, ...], language: Language) -> tuple[Trial, ...]:
    """What is wrong with the suite as a whole is a trial of its own, or a report of it would look sound."""
    errors = errors_in((*found.diagnostics, *more))
    text = Lines.of(render(one, language) for one in errors)
    return (Trial("doudi test", "suite", "broken", text),) if errors else ()


def _fault(result: CaseResult, check: Check) -> Diagnostic:
    return Diagnostic.of(
        "case-failed",
        check.expected.span,
        case=result.run.name,
        what=".".join((check.expected.kind, *check.expected.key)),
        expected=_words(check.expected.value),
        got=_words(check.got),
    )


def _words(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else (", ".join(value) or "-")


def _trial(result: CaseResult, language: Language) -> Trial:
    lines = [_fault(result, check).message(language) for check in result.mismatches]
    lines += [fault.message(language) for fault in result.faults]
    outcome: Outcome = "passed" if result.passed else "broken" if result.faults else "failed"
    return Trial(result.case.file, result.run.name, outcome, Lines.of(lines), result.case.span)
