"""Diagnostics as GitLab's Code Quality report, which merge requests show.

In: `Results`.  Out: a JSON array. An empty one says that nothing was found, and resolves what the last one held.
Imports `results`, `places` and the ground floor.
"""

from __future__ import annotations

from engine.diagnostics import Diagnostic, Severity
from engine.escaping import Lines, as_json
from engine.reporting.places import fingerprints, region_of
from engine.reporting.results import Results, whole_message
from engine.say import Say

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def gitlab(results: Results) -> Lines:
    diagnostics = results.diagnostics
    issues = [
        _issue(found, fingerprint, results)
        for found, fingerprint in zip(diagnostics, fingerprints(diagnostics), strict=True)
    ]
    return as_json(issues, indent=2)


def _issue(found: Diagnostic, fingerprint: str, results: Results) -> dict[str, object]:
    span = found.span
    lines = {"begin": 1, "end": 1}
    if span is not None:
        place = region_of(span)
        lines = {"begin": place.line, "end": place.end_line}
    separator = Say(results.language)("；", "; ")
    return {
        "description": separator.join(whole_message(found, results.language)),
        "check_name": found.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[found.severity],
        # a path is asked for even of what concerns no file
        "location": {"path": results.path_of(found) or ".", "lines": lines},
    }
