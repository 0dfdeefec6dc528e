"""Diagnostics as workflow commands of GitHub Actions, which shows them at their lines.

In: `Results`.  Out: one `::error …::message` a diagnostic.
Imports `results`, `places` and the ground floor.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.diagnostics import Diagnostic, Severity
from engine.escaping import Lines, shown
from engine.reporting.places import region_of
from engine.reporting.results import Results, whole_message

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github(results: Results) -> Lines:
    return Lines("\n".join(_command(found, results) for found in results.diagnostics))


def _command(found: Diagnostic, results: Results) -> str:
    values = {"file": results.path_of(found)}
    if found.span is not None:
        place = region_of(found.span)
        values |= {"line": str(place.line), "endLine": str(place.end_line)}
        # GitHub refuses columns of a stretch over several lines
        if place.line == place.end_line:
            values |= {"col": str(place.column), "endColumn": str(place.end_column)}
    values["title"] = f"doudi {found.code}"
    told = ",".join(f"{name}={_value(text)}" for name, text in values.items() if text)
    return f"::{_COMMANDS[found.severity]} {told}::{_data(whole_message(found, results.language))}"


def _data(lines: Sequence[str]) -> str:
    return "%0A".join(shown(line).replace("%", "%25") for line in lines)


def _value(text: str) -> str:
    return _data([text]).replace(":", "%3A").replace(",", "%2C")
