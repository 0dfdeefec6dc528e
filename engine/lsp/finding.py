"""Answers about where things stand: definition, references, rename, symbols, folding, hints, tokens.

In: a server.  Out: its features. Imports asking, convert, editing and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from engine.editing.definition import define
from engine.editing.folding import folds
from engine.editing.hints import Hint, hints
from engine.editing.occurrences import Index
from engine.editing.references import here, references
from engine.editing.refused import Refused
from engine.editing.rename import renamable, rename
from engine.editing.symbols import Symbol, outline, workspace_symbols
from engine.editing.things import Kind
from engine.editing.tokens import Look, Token, tokens
from engine.editing.workspace import File
from engine.fixes import TextEdit
from engine.gathered import gathered
from engine.lsp.asking import Asking
from engine.lsp.convert import offset_of, position_of, range_of, workspace_edit
from engine.lsp.server import Server
from engine.lsp.service import Asked
from engine.source import Source, Span

_SYMBOLS: Final[dict[Kind, types.SymbolKind]] = {
    "document": types.SymbolKind.File,
    "fact": types.SymbolKind.Variable,
    "collection": types.SymbolKind.Class,
    "term": types.SymbolKind.Field,
    "parameter": types.SymbolKind.Constant,
    "reading": types.SymbolKind.Enum,
    "list": types.SymbolKind.Array,
    "cause": types.SymbolKind.Module,
    "condition": types.SymbolKind.Boolean,
    "requirement": types.SymbolKind.Boolean,
    "exemption": types.SymbolKind.Boolean,
    "check": types.SymbolKind.Event,
    "output": types.SymbolKind.Number,
    "option": types.SymbolKind.EnumMember,
    "assumption": types.SymbolKind.String,
    "case": types.SymbolKind.Method,
    "base": types.SymbolKind.Object,
}
_LOOKS: Final[dict[Look, str]] = {
    "fact": "variable",
    "collection": "class",
    "term": "property",
    "parameter": "parameter",
    "reading": "enum",
    "list": "enum",
    "cause": "namespace",
    "condition": "method",
    "option": "enumMember",
    "other": "type",
    "word": "keyword",
    "function": "function",
    "operator": "operator",
    "number": "number",
    "unit": "type",
    "date": "number",
    "text": "string",
}
"""what nothing declares has no colour"""
_TYPES: Final = list(dict.fromkeys(_LOOKS.values()))
_LEGEND: Final = types.SemanticTokensLegend(_TYPES, ["declaration"])


def add_finding(server: Server, asking: Asking) -> None:
    _add_places(server, asking)
    _add_rename(server, asking)
    _add_symbols(server, asking)
    _add_looks(server, asking)


def _add_places(server: Server, asking: Asking) -> None:
    service = server.service

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def defined(params: types.DefinitionParams) -> list[types.Location] | None:
        day = service.today()

        def work(index: Index, file: File) -> list[types.Location]:
            found = define(index, file, offset_of(file.source, params.position), day)
            return [types.Location(service.uri_of(one.path), range_of(one.span)) for one in found]

        return await asking.find(params.text_document.uri, work)

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def mentioned(params: types.ReferenceParams) -> list[types.Location] | None:
        def work(index: Index, file: File) -> list[types.Location]:
            offset = offset_of(file.source, params.position)
            found = references(index, file, offset, declared=params.context.include_declaration)
            return [types.Location(service.uri_of(one.path), range_of(one.span)) for one in found]

        return await asking.find(params.text_document.uri, work)

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    async def highlighted(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight] | None:
        def work(index: Index, file: File) -> list[types.DocumentHighlight]:
            found = here(index, file, offset_of(file.source, params.position))
            kinds = {True: types.DocumentHighlightKind.Write, False: types.DocumentHighlightKind.Read}
            return [types.DocumentHighlight(range_of(one.span), kinds[one.declares]) for one in found]

        return await asking.find(params.text_document.uri, work)


def _add_rename(server: Server, asking: Asking) -> None:
    service = server.service

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepared(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        def work(index: Index, file: File) -> types.PrepareRenamePlaceholder:
            found = renamable(index, file, offset_of(file.source, params.position))
            if isinstance(found, Refused):
                raise _refusal(found, server)
            return types.PrepareRenamePlaceholder(range_of(found.span), found.text)

        return await asking.find(params.text_document.uri, work)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def renamed(params: types.RenameParams) -> types.WorkspaceEdit | None:
        def work(index: Index, file: File) -> types.WorkspaceEdit:
            found = rename(index, file, offset_of(file.source, params.position), params.new_name)
            if isinstance(found, Refused):
                raise _refusal(found, server)
            edits = gathered((one.path, TextEdit(one.span, one.text)) for one in found.edits)
            return workspace_edit(edits, service.uri_of, service.version_of)

        return await asking.find(params.text_document.uri, work)


def _refusal(refused: Refused, server: Server) -> JsonRpcException:
    """An editor shows its message to the author."""
    return JsonRpcException(refused.said(server.say.language), types.LSPErrorCodes.RequestFailed)


def _add_symbols(server: Server, asking: Asking) -> None:
    service = server.service

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def outlined(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        return await asking.find(
            params.text_document.uri, lambda index, file: [_symbol(one) for one in outline(index, file)]
        )

    @server.feature(types.WORKSPACE_SYMBOL)
    async def looked_up(params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol]:
        told: list[types.WorkspaceSymbol] = []
        for home in list(service.homes):
            for one in await service.find(home, lambda index: workspace_symbols(index, params.query)):
                place = types.Location(service.uri_of(one.path), range_of(one.span))
                told.append(types.WorkspaceSymbol(place, _name(one), _kind(one), container_name=one.holder or None))
        return told

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    async def folded(params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
        def work(asked: Asked) -> list[types.FoldingRange]:
            return [
                types.FoldingRange(
                    one.first - 1,
                    one.last - 1,
                    kind=types.FoldingRangeKind.Comment if one.kind == "comment" else types.FoldingRangeKind.Region,
                )
                for one in folds(asked.file)
            ]

        return await asking.answer(params.text_document.uri, work)


def _symbol(one: Symbol) -> types.DocumentSymbol:
    inner = [_symbol(inside) for inside in one.inside]
    return types.DocumentSymbol(
        _name(one), _kind(one), _whole(one), range_of(one.span), one.label or None, children=inner
    )


def _whole(one: Symbol) -> types.Range:
    """The protocol wants the word inside of it."""
    start, end = min(one.whole.start, one.span.start), max(one.whole.end, one.span.end)
    return range_of(Span(one.span.source, start, end))


def _name(one: Symbol) -> str:
    return one.id or one.label or "?"


def _kind(one: Symbol) -> types.SymbolKind:
    return _SYMBOLS.get(one.kind, types.SymbolKind.Key)


def _add_looks(server: Server, asking: Asking) -> None:
    @server.feature(types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, _LEGEND)
    async def coloured(params: types.SemanticTokensParams) -> types.SemanticTokens | None:
        return await asking.find(
            params.text_document.uri,
            lambda index, file: types.SemanticTokens(list(_encoded(tokens(index, file), file.source))),
        )

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def hinted(params: types.InlayHintParams) -> list[types.InlayHint] | None:
        day, language = server.service.today(), server.say.language

        def work(index: Index, file: File) -> list[types.InlayHint]:
            start, end = (offset_of(file.source, at) for at in (params.range.start, params.range.end))
            found = (one for one in hints(index, file, day, language) if start <= one.offset <= end)
            return [_hint(one, file.source) for one in found]

        return await asking.find(params.text_document.uri, work)


def _hint(one: Hint, source: Source) -> types.InlayHint:
    kind = types.InlayHintKind.Type if one.what == "unit" else None
    return types.InlayHint(position_of(source, one.offset), one.text, kind, padding_left=True)


def _encoded(found: Iterable[Token], source: Source) -> Iterator[int]:
    """Five numbers each: lines down, characters on, length, type, whether it declares."""
    line = character = 0
    for one in found:
        start, end = position_of(source, one.span.start), position_of(source, one.span.end)
        if one.look not in _LOOKS or start.line != end.line:
            continue
        down = start.line - line
        on = start.character - (0 if down else character)
        yield from (down, on, end.character - start.character, _TYPES.index(_LOOKS[one.look]), int(one.declares))
        line, character = start.line, start.character
