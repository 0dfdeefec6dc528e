"""Answers about what may be changed and what the cases say: formatting, code actions, code lenses.

In: a server.  Out: its features. Imports asking, convert, editing and the ground floor.
"""

from __future__ import annotations

from lsprotocol import types

from engine.editing.actions import Action, actions, all_fixes
from engine.editing.formatting import format_file, format_range
from engine.editing.lenses import lenses
from engine.lsp.asking import Asking
from engine.lsp.commands import RUN_CASES
from engine.lsp.convert import diagnostic_of, edits_of, offset_of, range_of, workspace_edit
from engine.lsp.server import Server, path_of
from engine.lsp.service import Asked

SOURCE_FIX_ALL = "source.fixAll.doudi"
_KINDS: dict[str, str] = {
    "fix": types.CodeActionKind.QuickFix,
    "fix-all": SOURCE_FIX_ALL,
    "suppress": types.CodeActionKind.QuickFix,
    "case": types.CodeActionKind.QuickFix,
}


def add_tidying(server: Server, asking: Asking) -> None:
    _add_formatting(server, asking)
    _add_actions(server, asking)
    _add_lenses(server, asking)


def _add_formatting(server: Server, asking: Asking) -> None:
    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    async def whole(params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
        return await asking.answer(
            params.text_document.uri, lambda asked: edits_of(format_file(asked.snapshot, asked.file))
        )

    @server.feature(types.TEXT_DOCUMENT_RANGE_FORMATTING)
    async def lines(params: types.DocumentRangeFormattingParams) -> list[types.TextEdit] | None:
        def work(asked: Asked) -> list[types.TextEdit]:
            start, end = (offset_of(asked.file.source, at) for at in (params.range.start, params.range.end))
            return edits_of(format_range(asked.snapshot, asked.file, start, end))

        return await asking.answer(params.text_document.uri, work)


def _add_actions(server: Server, asking: Asking) -> None:
    service = server.service

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions([types.CodeActionKind.QuickFix, SOURCE_FIX_ALL], resolve_provider=True),
    )
    async def offered(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        uri = params.text_document.uri

        def work(asked: Asked) -> list[types.CodeAction]:
            start, end = (offset_of(asked.file.source, at) for at in (params.range.start, params.range.end))
            found = asked.home.found.get(asked.file.path, ())
            if params.context.only and SOURCE_FIX_ALL.startswith(tuple(params.context.only)):
                start, end = 0, len(asked.file.source.text)  # asked for on saving, of the whole file
            held = actions(asked.snapshot, asked.file, start, end, found, asked.home.results, server.say)
            told = [_action(one, uri, server) for one in held if server.makes_files or not one.created]
            wanted = tuple(params.context.only or ())
            return [one for one in told if not wanted or str(one.kind).startswith(wanted)]

        return await asking.answer(uri, work)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolved(action: types.CodeAction) -> types.CodeAction:
        path = None if not isinstance(action.data, str) else path_of(action.data)
        home = None if path is None else service.home_of(path)
        if action.edit is not None or home is None or path is None:
            return action
        file_path, version = path, service.version_of(path)
        edits = await service.apart(home, lambda snapshot: all_fixes(snapshot, snapshot.files[file_path]))
        if service.version_of(path) == version:
            action.edit = workspace_edit({path: edits}, service.uri_of, service.version_of)
        return action


def _action(action: Action, uri: str, server: Server) -> types.CodeAction:
    service = server.service
    edit = None
    if action.kind != "fix-all":
        edit = workspace_edit(action.edits, service.uri_of, service.version_of, action.created)
    solved = [diagnostic_of(one, server.say.language, lambda _: None) for one in action.solves]
    return types.CodeAction(
        action.title,
        _KINDS[action.kind],
        solved or None,
        is_preferred=True if action.kind == "fix" else None,
        edit=edit,
        data=uri,
    )


def _add_lenses(server: Server, asking: Asking) -> None:
    @server.feature(types.TEXT_DOCUMENT_CODE_LENS)
    async def shown(params: types.CodeLensParams) -> list[types.CodeLens] | None:
        uri = params.text_document.uri

        def work(asked: Asked) -> list[types.CodeLens]:
            return [
                types.CodeLens(
                    range_of(one.span),
                    types.Command(one.title, RUN_CASES if one.runs else "", arguments=[uri] if one.runs else None),
                )
                for one in lenses(asked.file, asked.home.results, server.say, outdated=asked.home.outdated)
            ]

        return await asking.answer(uri, work)
