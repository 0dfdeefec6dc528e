"""Commands of the server: cases listed and run, a household decided.

In: a server.  Out: its commands, which an editor calls with plain data and gets plain data from.
Imports convert, service, editing and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

from engine.editing.case_results import CasePlace, Results, cases_in
from engine.lsp.convert import range_of
from engine.lsp.home import Home
from engine.lsp.server import Server, path_of
from engine.lsp.worker import WorkerFailed

LIST_CASES = "doudi.cases"
RUN_CASES = "doudi.runCases"
DECIDE = "doudi.decide"


def add_commands(server: Server) -> None:
    service = server.service

    @server.command(LIST_CASES)
    async def listed() -> list[dict[str, object]]:
        """Every case of every folder."""
        told: list[dict[str, object]] = []
        for home in service.homes:
            uris = _uris(server, home)
            cases = await service.apart(home, cases_in)
            told += [_case(one, home, uris) for one in cases if one.span.source.name in uris]
        return told

    @server.command(RUN_CASES)
    async def run(*arguments: Any) -> list[dict[str, object]]:
        """The cases of the folder that a file lies in, of all folders without a file; what else is said picks cases
        whose names hold one of these words."""
        uri, *words = (str(one) for one in arguments) if arguments else [""]
        path = path_of(uri) if uri else None
        home = None if path is None else service.home_of(path)
        told = []
        for one in service.homes if home is None else [home]:
            try:
                told.append(_results(await service.run_cases(one, words), one, _uris(server, one)))
            except WorkerFailed:
                _complain(server)
        return told

    @server.command(DECIDE)
    async def decide(*arguments: Any) -> str:
        """A household's JSON, and perhaps a file of the policy folder that it is to be decided by."""
        household, *rest = (str(one) for one in arguments)
        path = path_of(rest[0]) if rest else None
        home = None if path is None else service.home_of(path)
        home = home or next(iter(service.homes), None)
        if home is None:
            return server.say("没有打开政策文件夹", "no policy folder is open")
        try:
            return await service.decide(home, household)
        except WorkerFailed:
            _complain(server)
            return ""


def _complain(server: Server) -> None:
    told = server.say("没有运行完，请查看输出", "it did not come to an end; see the output")
    server.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"doudi: {told}"))


def _uris(server: Server, home: Home) -> dict[str, str]:
    return {file.name: server.service.uri_of(path) for path, file in home.current.files.items()}


def _case(one: CasePlace, home: Home, uris: Mapping[str, str]) -> dict[str, object]:
    held = range_of(one.span)
    return {
        "folder": home.folder.as_uri(),
        "uri": uris[one.span.source.name],
        "policy": one.policy,
        "id": one.id,
        "why": one.why,
        "line": held.start.line,
        "character": held.start.character,
    }


def _results(results: Results, home: Home, uris: Mapping[str, str]) -> dict[str, object]:
    return {
        "folder": home.folder.as_uri(),
        "failed": results.failed,
        "runs": [
            {
                "name": one.name,
                "case": one.case,
                "policy": one.policy,
                "target": one.target,
                "uri": uris.get(one.file, ""),
                "line": one.line - 1,
                "passed": one.passed,
                "told": list(one.told),
            }
            for one in results.ran
        ],
        "coverage": [
            {"uri": uris[one.file], "line": one.line - 1, "hits": one.hits, "seen": one.seen, "ways": one.ways}
            for one in results.lines
            if one.file in uris
        ],
    }
