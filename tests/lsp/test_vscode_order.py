"""What VS Code sends while a new city file is opened, typed, looked at and saved, in its order and all at once.

`vscode.jsonl` holds the messages as its client (vscode-languageclient 9) puts them: at each key a change, a completion,
and the completion before called back. `${folder}` is the folder that is open, `${text:…}` the text of a file there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.at_vscode import CONFIGURED, received, send
from tests.lsp.test_server import small_folder

HERE = Path(__file__).parent
GIVEN_UP = (-32800, -32801)
"""called back; overtaken by a change"""

pytestmark = pytest.mark.xdist_group("lsp")


def messages(folder: Path) -> Iterator[dict[str, Any]]:
    for line in (HERE / "vscode.jsonl").read_text(encoding="utf-8").splitlines():
        placed = line.replace("${folder}", folder.as_uri())
        yield json.loads(re.sub(r"\$\{text:(.+?)\}", lambda found: inner(folder / "policies" / found[1]), placed))


def inner(file: Path) -> str:
    return json.dumps(file.read_text(encoding="utf-8"))[1:-1]


def test_every_request_is_answered_once(tmp_path: Path) -> None:
    small_folder(tmp_path)
    sent = list(messages(tmp_path))
    called_back = {one["params"]["id"] for one in sent if one["method"] == "$/cancelRequest"}
    waiting = {one["id"]: one["method"] for one in sent if "id" in one}
    command = [sys.executable, "-m", "engine", "lsp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None
        for message in sent:
            send(server.stdin, message)
        server.stdin.flush()
        answers: dict[int, dict[str, Any]] = {}
        while waiting.keys() - answers.keys():
            message = received(server.stdout)
            if "method" in message:
                assert message["method"] != "window/logMessage", message
                if "id" in message:
                    send(server.stdin, {"id": message["id"], "result": None})
                    server.stdin.flush()
            else:
                assert message["id"] not in answers
                answers[message["id"]] = message
        send(server.stdin, {"id": "end", "method": "shutdown", "params": None})
        send(server.stdin, {"method": "exit", "params": None})
        server.stdin.flush()
        while server.stdout.readline():
            pass
        assert server.stderr.read() == b""
        assert server.wait(30) == 0
    refused = {number: one["error"] for number, one in answers.items() if "error" in one}
    for number, error in refused.items():
        assert error["code"] in GIVEN_UP, (waiting[number], error)
        assert number in called_back or waiting[number] not in ("textDocument/hover", "textDocument/formatting")
    kept = {waiting[number]: answers[number]["result"] for number in sorted(answers.keys() - refused.keys())}
    last = max(number for number, method in waiting.items() if method == "textDocument/completion")
    assert last not in refused
    assert [symbol["name"] for symbol in kept["workspace/symbol"]] == ["dibao_standard"]
    assert {"textDocument/hover", "textDocument/codeLens", "textDocument/documentSymbol"} <= kept.keys()


def test_what_a_word_is_reads_chinese() -> None:
    """VS Code opens no list where it sees no word; `\\p{…}` means letters only in a pattern with the flag u."""
    word = CONFIGURED["wordPattern"]
    assert "\\p{L}" in word["pattern"]
    assert "u" in word["flags"]
