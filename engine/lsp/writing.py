"""Answers while somebody writes: completion, hover, signature help.

In: a server.  Out: its features. Imports asking, convert, editing and the ground floor.
"""

from __future__ import annotations

import re
from typing import Final

from lsprotocol import types

from engine.editing.completion import complete
from engine.editing.hover import hover
from engine.editing.items import Item, ItemKind
from engine.editing.signature import Signature, signature
from engine.lsp.asking import Asking
from engine.lsp.convert import offset_of, range_of
from engine.lsp.server import Server
from engine.lsp.service import Asked
from engine.utf16 import units_in

_KINDS: Final[dict[ItemKind, types.CompletionItemKind]] = {
    "key": types.CompletionItemKind.Property,
    "fact": types.CompletionItemKind.Variable,
    "collection": types.CompletionItemKind.Class,
    "term": types.CompletionItemKind.Field,
    "parameter": types.CompletionItemKind.Constant,
    "list": types.CompletionItemKind.Enum,
    "reading": types.CompletionItemKind.Enum,
    "cause": types.CompletionItemKind.Module,
    "condition": types.CompletionItemKind.Method,
    "option": types.CompletionItemKind.EnumMember,
    "unit": types.CompletionItemKind.Unit,
    "word": types.CompletionItemKind.Keyword,
    "function": types.CompletionItemKind.Function,
    "place": types.CompletionItemKind.EnumMember,
    "value": types.CompletionItemKind.Value,
    "document": types.CompletionItemKind.File,
    "file": types.CompletionItemKind.File,
    "column": types.CompletionItemKind.Field,
}
_ESCAPED = re.compile(r"[\\$}]")


def add_writing(server: Server, asking: Asking) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=list(": ([{,.-/")))
    async def completion(params: types.CompletionParams) -> types.CompletionList | None:
        def work(asked: Asked) -> types.CompletionList:
            offset = offset_of(asked.file.source, params.position)
            items = complete(asked.snapshot, asked.file, offset, server.say.language)
            # what is typed next may find others: not only by what they begin with
            return types.CompletionList(True, [_item(at, one, offset, server) for at, one in enumerate(items)])

        return await asking.answer(params.text_document.uri, work, last="completion", in_writing=True)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        def work(asked: Asked) -> types.Hover | None:
            offset = offset_of(asked.file.source, params.position)
            found = hover(asked.snapshot, asked.file, offset, server.say.language)
            return None if found is None else types.Hover(_markdown(found.text), range_of(found.span))

        return await asking.answer(params.text_document.uri, work, in_writing=True)

    @server.feature(types.TEXT_DOCUMENT_SIGNATURE_HELP, types.SignatureHelpOptions(["(", ",", " "]))
    async def signed(params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        def work(asked: Asked) -> types.SignatureHelp | None:
            offset = offset_of(asked.file.source, params.position)
            found = signature(asked.snapshot, asked.file, offset, server.say.language)
            if found is None:
                return None
            return types.SignatureHelp([_signature(one) for one in found.forms], found.form, found.place)

        return await asking.answer(params.text_document.uri, work, last="signature", in_writing=True)


def _item(at: int, item: Item, offset: int, server: Server) -> types.CompletionItem:
    """Editors that filter and rank by themselves drop what is found inside a name, or by initials there: to them all of
    these begin with what is typed, and stand in the order that they were found in."""
    typed = item.span.source.text[item.span.start : offset]
    text, form = item.insert, types.InsertTextFormat.PlainText
    if item.caret is not None and server.takes_snippets:
        start = item.caret - item.over
        parts = (text[:start], text[start : item.caret], text[item.caret :])
        before, over, after = (_ESCAPED.sub(r"\\\g<0>", part) for part in parts)
        text, form = f"{before}{f'${{1:{over}}}{after}$0' if over else f'$0{after}'}", types.InsertTextFormat.Snippet
    return types.CompletionItem(
        item.label,
        kind=_KINDS[item.kind],
        detail=item.detail or None,
        documentation=_markdown(item.documentation) if item.documentation else None,
        sort_text=f"{at:04}",
        filter_text=typed or item.filter,
        insert_text_format=form,
        text_edit=types.TextEdit(range_of(item.span), text),
        command=server.ask_again if item.goes_on else None,
    )


def _signature(one: Signature) -> types.SignatureInformation:
    places = [
        types.ParameterInformation((units_in(one.label[:start]), units_in(one.label[:end])), told)
        for start, end, told in one.places
    ]
    return types.SignatureInformation(one.label, _markdown(one.documentation), places)


def _markdown(text: str) -> types.MarkupContent:
    return types.MarkupContent(types.MarkupKind.Markdown, text)
