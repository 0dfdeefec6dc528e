"""Diagnostics, and what was tried, as JSON of our own.

In: `Results`.  Out: JSON text. Lines and columns count from 1 and in characters, as in the printed form.
Imports `results`, `places` and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagnostics import Diagnostic, Severity
from engine.escaping import Lines, as_json
from engine.fixes import certain_fix
from engine.reporting.places import fingerprints
from engine.reporting.results import Results
from engine.source import Span


def diagnostics_json(results: Results, summary: Mapping[str, object] | None = None) -> Lines:
    """`summary`: what else the command tells, put before the counts."""
    counts = results.counts()
    told: dict[str, object] = {
        "format": 1,
        "command": results.command,
        **(summary or {}),
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
        "diagnostics": [
            _diagnostic(found, fingerprint, results)
            for found, fingerprint in zip(results.diagnostics, fingerprints(results.diagnostics), strict=True)
        ],
    }
    if results.trials:
        told["trials"] = [
            {"group": trial.group, "name": trial.name, "outcome": trial.outcome, "text": trial.text}
            for trial in results.trials
        ]
    return as_json(told, indent=2)


def _diagnostic(found: Diagnostic, fingerprint: str, results: Results) -> dict[str, object]:
    span, fix = found.span, certain_fix(found)
    told: dict[str, object] = {
        "severity": str(found.severity),
        "code": found.code,
        "file": found.path or None if span is None else span.source.name,
        "path": results.path_of(found) or None,
    }
    if span is not None:
        told |= _stretch(span)
    told |= {
        "message": found.message(results.language),
        "help": list(found.help_lines(results.language)),
        "related": [
            {"file": other.source.name, "line": other.line, "column": other.column, "code": code}
            for code, other in found.related
        ],
        "fingerprint": fingerprint,
    }
    if fix is not None:
        told["fix"] = {**_stretch(fix.span), "text": fix.text}
    return told


def _stretch(span: Span) -> dict[str, int]:
    end_line, end_column = span.source.position(max(span.start, span.end))
    return {"line": span.line, "column": span.column, "end_line": end_line, "end_column": end_column}
