"""Results of the language service as the protocol says them.

In: spans, diagnostics, edits, by file.  Out: the types of lsprotocol. Imports positions, editing and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from lsprotocol import types

from engine.diagnostics import Diagnostic, Severity
from engine.fixes import TextEdit
from engine.lsp.positions import Lines, lines_of
from engine.messages import CODES
from engine.say import Language, Say
from engine.source import Source, Span

SOURCE = "doudi"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_UNUSED = frozenset({"unused-fact", "unused-term", "unused-parameter", "unused-list", "unused-reading"})
_START = types.Range(types.Position(0, 0), types.Position(0, 0))


def position_of(source: Source, offset: int) -> types.Position:
    return types.Position(*lines_of(source).position(offset))


def range_of(span: Span) -> types.Range:
    return types.Range(position_of(span.source, span.start), position_of(span.source, span.end))


def offset_of(source: Source, position: types.Position) -> int:
    return lines_of(source).offset(position.line, position.character)


def diagnostic_of(found: Diagnostic, language: Language, uri_of: Callable[[str], str | None]) -> types.Diagnostic:
    """Args:
    uri_of: the address of a file by the name that diagnostics give it.
    """
    head = found.message(language)
    if found.span is None and found.path:
        head = f"{found.path}: {head}"
    word = Say(language)("帮助", "help")
    related = [
        types.DiagnosticRelatedInformation(types.Location(uri, range_of(span)), CODES[code].message(language, {}))
        for code, span in found.related
        if (uri := uri_of(span.source.name)) is not None
    ]
    return types.Diagnostic(
        range=_START if found.span is None else range_of(found.span),
        message="\n".join([head, *(f"{word}: {line}" for line in found.help_lines(language))]),
        severity=_SEVERITIES[found.severity],
        code=found.code,
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if found.code in _UNUSED else None,
        related_information=related or None,
    )


def edits_of(edits: Iterable[TextEdit]) -> list[types.TextEdit]:
    return [types.TextEdit(range_of(edit.span), edit.text) for edit in edits]


def workspace_edit(
    edits: Mapping[Path, Sequence[TextEdit]],
    uri_of: Callable[[Path], str],
    version_of: Callable[[Path], int | None],
    created: Mapping[Path, str] | None = None,
) -> types.WorkspaceEdit:
    """Edits of several files; those to be made come first."""
    changes: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    for path, text in (created or {}).items():
        changes.append(types.CreateFile(uri_of(path), options=types.CreateFileOptions(ignore_if_exists=True)))
        start = types.Range(types.Position(0, 0), types.Position(0, 0))
        changes.append(
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri_of(path), None), [types.TextEdit(start, text)]
            )
        )
    for path, own in edits.items():
        changes.append(
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri_of(path), version_of(path)), [*edits_of(own)]
            )
        )
    return types.WorkspaceEdit(document_changes=changes)


def whole_range(text: str) -> types.Range:
    lines = Lines(text)
    return types.Range(types.Position(0, 0), types.Position(*lines.position(len(text))))
