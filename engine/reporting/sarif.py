"""Diagnostics as SARIF 2.1.0, for code scanning services and editors.

In: `Results`.  Out: a log with one run: the rules that were broken with their pages whole, the results with
places in UTF-16 code units, certain fixes, and fingerprints that know no line numbers.
Imports `results`, `places`, `code_page` and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias
from urllib.parse import quote

from engine.diagnostics import Diagnostic, Severity
from engine.escaping import Lines, as_json
from engine.fixes import TextEdit, certain_fix
from engine.messages import CODES
from engine.reporting.code_page import page_of, spelt
from engine.reporting.places import Region, exact_region, fingerprints, region_of
from engine.reporting.results import Results, whole_message
from engine.say import Say
from engine.source import Span

Json: TypeAlias = dict[str, object]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_ROOT = "%SRCROOT%"
_WINDOWS_DRIVE = re.compile(r"[A-Za-z]:/")


def sarif(results: Results) -> Lines:
    codes = sorted({found.code for found in results.diagnostics})
    paths = sorted({path for found in results.diagnostics if (path := results.path_of(found))})
    told = zip(results.diagnostics, fingerprints(results.diagnostics), strict=True)
    run: Json = {
        "tool": {"driver": _driver(results, codes)},
        "automationDetails": {"id": f"doudi/{results.command}/"},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the folder that the command ran in"}}},
        "artifacts": [{"location": _location(path)} for path in paths],
        "results": [_result(found, mark, results, codes, paths) for found, mark in told],
    }
    return as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


# ---- the rules


def _driver(results: Results, codes: Sequence[str]) -> Json:
    driver: Json = {"name": "doudi", "fullName": f"doudi {results.version}", "version": results.version}
    if results.pages:
        driver["informationUri"] = results.pages
    return driver | {"rules": [_rule(code, results) for code in codes]}


def _rule(code: str, results: Results) -> Json:
    wording, page = CODES[code], page_of(code)
    worst = min(_ORDER.index(found.severity) for found in results.diagnostics if found.code == code)
    rule: Json = {
        "id": code,
        "name": "".join(part.capitalize() for part in code.split("-")),
        "shortDescription": {"text": spelt(Say(results.language)(wording.zh, wording.en))},
        "fullDescription": {"text": f"{spelt(wording.zh)} / {spelt(wording.en)}"},
        "defaultConfiguration": {"level": _LEVELS[_ORDER[worst]]},
    }
    if page is not None:
        rule["help"] = {"text": page.text, "markdown": page.text}
    if results.pages:
        rule["helpUri"] = f"{results.pages}{code}.md"
    return rule


# ---- the results


def _result(found: Diagnostic, mark: str, results: Results, codes: Sequence[str], paths: Sequence[str]) -> Json:
    told: Json = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": _LEVELS[found.severity],
        "message": {"text": "\n".join(whole_message(found, results.language))},
        "partialFingerprints": {"doudi/v1": mark},
    }
    if path := results.path_of(found):
        told["locations"] = [{"physicalLocation": _physical(path, found.span, paths.index(path))}]
    if found.related:
        told["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(results.locate(span.source), span),
                "message": {"text": CODES[code].message(results.language, {})},
            }
            for number, (code, span) in enumerate(found.related)
        ]
    if (fix := certain_fix(found)) is not None:
        told["fixes"] = [_fix(fix, found, results)]
    return told


def _physical(path: str, span: Span | None, index: int | None = None) -> Json:
    artifact = _location(path)
    if index is not None:
        artifact["index"] = index
    told: Json = {"artifactLocation": artifact}
    if span is not None:
        told["region"] = {**_region(region_of(span)), "snippet": {"text": span.text.rstrip()}}
        told["contextRegion"] = _whole_lines(span)
    return told


def _region(place: Region) -> Json:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _whole_lines(span: Span) -> Json:
    """The lines that the span stands on; what surrounds a region has to hold all of it."""
    place = region_of(span)
    lines = [span.source.line_text(number) for number in range(place.line, place.end_line + 1)]
    return {"startLine": place.line, "endLine": place.end_line, "snippet": {"text": "\n".join(lines)}}


def _fix(fix: TextEdit, found: Diagnostic, results: Results) -> Json:
    change = {
        "artifactLocation": _location(results.locate(fix.span.source)),
        "replacements": [{"deletedRegion": _region(exact_region(fix.span)), "insertedContent": {"text": fix.text}}],
    }
    advice = found.help_lines(results.language)
    return {"description": {"text": advice[0] if advice else fix.text}, "artifactChanges": [change]}


def _location(path: str) -> Json:
    """A path as an URI: below the folder that the command ran in, or absolute."""
    if path.startswith("/"):
        return {"uri": f"file://{_quoted(path)}"}
    if _WINDOWS_DRIVE.match(path):
        return {"uri": f"file:///{path[0]}:{_quoted(path[2:])}"}
    return {"uri": _quoted(path), "uriBaseId": _ROOT}


def _quoted(path: str) -> str:
    """Each byte of the name that is no plain letter or digit by its number, those that are no UTF-8 too."""
    return quote(path.encode("utf-8", "surrogateescape"))
