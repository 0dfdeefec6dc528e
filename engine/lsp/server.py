"""The server of pygls: what it keeps of a connection, and the life of documents and folders.

In: `Work` for what takes long.  Out: a `Server`, to be started on streams or on a port.
What it answers stands in `answers` and `commands`. Imports service, convert, positions and the ground floor.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path

from engine import disk
from engine.diagnostics import Diagnostic
from engine.editing.workspace import Snapshot
from engine.lsp.convert import diagnostic_of
from engine.lsp.documents import Change, Document
from engine.lsp.homes import BESIDE, EDITED
from engine.lsp.service import Asked, Options, Service, Work
from engine.say import Say


class _Protocol(LanguageServerProtocol):
    """Documents are kept by the service: pygls would end their lines where the protocol does not."""

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Generator[Any, Any, None]:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None


class Server(LanguageServer):
    def __init__(self, version: str, work: Work) -> None:
        super().__init__("doudi", version, protocol_cls=_Protocol)
        self.service = Service(work, self._publish, self._apologise)
        self.service.lenses_changed = self._lenses_changed
        self.done = False
        """whether the editor said so"""
        self.background: asyncio.Future[None] | None = None
        """kept, or nobody would hold it"""
        self.ask_again: types.Command | None = None
        """what the editor is to do where one choice leads to the next: show the list again"""

    @property
    def say(self) -> Say:
        return self.service.say

    def asked(self, uri: str, *, in_writing: bool = False) -> Asked | None:
        path = path_of(uri)
        if path is None:
            return None
        return self.service.asked_in_writing(path) if in_writing else self.service.asked(path)

    @property
    def makes_files(self) -> bool:
        """Whether the editor makes a file that an edit is to stand in."""
        workspace = self.client_capabilities.workspace
        edit = None if workspace is None else workspace.workspace_edit
        return edit is not None and types.ResourceOperationKind.Create in (edit.resource_operations or ())

    @property
    def takes_snippets(self) -> bool:
        """Whether the editor puts the cursor where an insertion says."""
        document = self.client_capabilities.text_document
        held = None if document is None or document.completion is None else document.completion.completion_item
        return held is not None and bool(held.snippet_support)

    def _publish(self, uri: str, found: Sequence[Diagnostic], asked: Snapshot, version: int | None) -> None:
        names = {file.name: path for path, file in asked.files.items()}

        def uri_of(name: str) -> str | None:
            return self.service.uri_of(names[name]) if name in names else None

        told = [diagnostic_of(one, self.say.language, uri_of) for one in found]
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, told, version))

    def _lenses_changed(self) -> None:
        lens = self.client_capabilities.workspace and self.client_capabilities.workspace.code_lens
        if lens and lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    def report_server_error(self, error: Exception, source: Any) -> None:
        del source
        if isinstance(error, JsonRpcInternalError) or not isinstance(error, JsonRpcException):
            self._apologise(error)

    def _apologise(self, error: Exception) -> None:
        """A fault of the program itself is told as such, in the editor's own place for messages."""
        told = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        message = self.say(
            f"doudi：程序自身出错（{told}）。这不是您的文件的问题；请把这句话告诉维护者。",
            f"doudi: the program itself failed ({told}). This is not your file's fault; tell the maintainers.",
        )
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, message))

    def shutdown(self) -> None:
        self.service.close()
        super().shutdown()  # type: ignore[no-untyped-call]  # pygls leaves it so


def path_of(uri: str) -> Path | None:
    """The real path of an address; None for what is no file."""
    name = to_fs_path(uri)
    try:
        return None if name is None else disk.real(name)
    except disk.DiskFault:
        return None


def quiet() -> None:
    """pygls tells its log of every fault, with a traceback; an editor would show it to the author."""
    for name in ("pygls", "asyncio"):
        log = logging.getLogger(name)
        log.addHandler(logging.NullHandler())
        log.propagate = False


def add_life(server: Server) -> None:
    """Beginning and end, folders and documents."""
    service = server.service

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options if isinstance(params.initialization_options, Mapping) else {}
        service.say = _language(params.locale, options)
        server.ask_again = _command(options.get("askAgain"))
        named = options.get("policies")
        policies = [named] if isinstance(named, str) else named if isinstance(named, list) else []
        service.options = Options(tuple(str(one) for one in policies if one), str(options.get("mutants") or ""))

    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        folders = server.workspace.folders.values()
        roots = [folder.uri for folder in folders] or [uri for uri in [server.workspace.root_uri] if uri]
        service.open_folders(_paths(roots))
        watched = server.client_capabilities.workspace and server.client_capabilities.workspace.did_change_watched_files
        if watched and watched.dynamic_registration:
            server.background = asyncio.ensure_future(_watch(server))

    @server.feature(types.SHUTDOWN)
    def shutdown(_: Any) -> None:
        service.close()
        server.done = True

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        service.close_folders(_paths(folder.uri for folder in params.event.removed))
        service.open_folders(_paths(folder.uri for folder in params.event.added))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        service.files_changed(_paths(change.uri for change in params.changes))

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: types.DidOpenTextDocumentParams) -> None:
        held = params.text_document
        path = path_of(held.uri)
        if path is not None:
            service.opened(Document(held.uri, path, held.text, held.version), held.language_id)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: types.DidChangeTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            service.changed(path, [_change(one) for one in params.content_changes], params.text_document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: types.DidCloseTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            service.closed(path)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(params: types.DidSaveTextDocumentParams) -> None:
        path = path_of(params.text_document.uri)
        if path is not None:
            service.files_changed([path])


def _command(named: object) -> types.Command | None:
    """A command of the editor's own, as an option of it names it."""
    name = named.get("command") if isinstance(named, Mapping) else None
    given = named.get("arguments") if isinstance(named, Mapping) else None
    if not isinstance(name, str):
        return None
    return types.Command("", name, arguments=given if isinstance(given, list) else None)


def _language(locale: str | None, options: Mapping[str, object]) -> Say:
    """What is asked for, else that of the editor, else Chinese."""
    for name in (str(options.get("language") or ""), locale or ""):
        if name:
            return Say("zh" if name.lower().startswith("zh") else "en")
    return Say("zh")


def _paths(uris: Iterable[str]) -> list[Path]:
    return [path for path in map(path_of, uris) if path is not None]


def _change(one: types.TextDocumentContentChangeEvent) -> Change:
    match one:
        case types.TextDocumentContentChangePartial(text=text, range=held):
            start, end = held.start, held.end
            return Change(text, ((start.line, start.character), (end.line, end.character)))
        case types.TextDocumentContentChangeWholeDocument(text=text):
            return Change(text)


async def _watch(server: Server) -> None:
    endings = ",".join(ending.removeprefix(".") for ending in (*EDITED, *BESIDE))
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(f"**/*.{{{endings}}}")])
    wanted = types.Registration("doudi-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    await server.client_register_capability_async(types.RegistrationParams([wanted]))
