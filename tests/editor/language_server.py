"""The real yaml-language-server (what VS Code's YAML extension runs), from npm, spoken to over its protocol.

In: the text of a file.  Out: what an editor would show: completions, hovers, faults.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, cast

HERE = Path(__file__).parent
PINNED = ("package.json", "package-lock.json")
PATIENCE = 120
"""seconds for one answer; a cold start on a busy machine takes a few"""
STARTS = 3
"""how often a server is started that does not answer at all"""


def installed(cache: Path) -> Path:
    """The folder with the pinned packages; made once, complete or not at all, whoever else may be making it too."""
    folder = cache / "yaml-language-server"
    lock = (HERE / "package-lock.json").read_bytes()
    if (folder / "package-lock.json").is_file() and (folder / "package-lock.json").read_bytes() == lock:
        return folder
    npm = shutil.which("npm")
    assert npm is not None
    making = cache / f"yaml-language-server-{os.getpid()}"
    making.mkdir(parents=True)
    for name in PINNED:
        shutil.copy(HERE / name, making)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=making,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"npm ci\n{done.stdout}\n{done.stderr}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        making.rename(folder)
    except OSError:  # another worker was first
        shutil.rmtree(making)
    return folder


class LanguageServer:
    """One server process. Asks are answered in order; faults come when the server is done with a file."""

    def __init__(self, packages: Path, root: Path) -> None:
        node = shutil.which("node")
        assert node is not None
        script = packages / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
        self._command = [node, str(script), "--stdio"]
        text_document = {
            "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
            "hover": {"contentFormat": ["markdown"]},
        }
        self._start(root)
        for left in reversed(range(STARTS)):
            try:
                self._ask(
                    "initialize",
                    processId=os.getpid(),
                    rootUri=root.as_uri(),
                    capabilities={"textDocument": text_document},
                )
                break
            except queue.Empty:  # on a busy machine it happens that a server never says a word
                if not left:
                    raise
                self._stop()
                self._start(root)
        self._patience = float(PATIENCE)
        self._tell("initialized")

    def _start(self, root: Path) -> None:
        self._process = subprocess.Popen(self._command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._faults: dict[str, list[dict[str, Any]]] = {}
        self._asked = 0
        self._patience = PATIENCE / STARTS
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def _stop(self) -> None:
        self._process.kill()
        self._process.wait()
        self._listening.join()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    # ---- what an editor does

    def open(self, file: Path, text: str) -> str:
        """Open a file, which need not exist, with a text; the address to ask about it by."""
        address = file.as_uri()
        self._faults.pop(address, None)
        self._tell("textDocument/didOpen", textDocument=_document(address) | {"version": 1, "text": text})
        return address

    def close(self, address: str) -> None:
        self._tell("textDocument/didClose", textDocument={"uri": address})

    def completions(self, address: str, line: int, character: int) -> dict[str, str]:
        """What is offered at a position, with what is said of it."""
        result = self._ask("textDocument/completion", **_at(address, line, character))
        items = result.get("items", []) if isinstance(result, dict) else result or []
        return {item["label"]: _words(item.get("documentation")) for item in items}

    def hover(self, address: str, line: int, character: int) -> str:
        result = self._ask("textDocument/hover", **_at(address, line, character))
        return _words(result["contents"]) if result else ""

    def faults(self, address: str) -> list[tuple[int, int, str]]:
        """(line, column, message) of each, counted from 1 as people do."""
        while address not in self._faults:
            self._next()
        found = self._faults[address]
        return sorted(
            (one["range"]["start"]["line"] + 1, one["range"]["start"]["character"] + 1, one["message"]) for one in found
        )

    # ---- the protocol

    def _ask(self, method: str, **params: Any) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._next()
            if message.get("id") == self._asked and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _next(self) -> dict[str, Any]:
        """The next thing that the server says; its own questions are answered with nothing."""
        message = self._said.get(timeout=self._patience)
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self._faults[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif method is not None and "id" in message:
            asked = message.get("params", {}).get("items", [])
            self._send({"id": message["id"], "result": [_settings(item) for item in asked]})
        return message

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
                header = stream.readline()
            if body := stream.read(length):  # nothing when the server is ended
                self._said.put(cast("dict[str, Any]", json.loads(body)))


def _settings(item: dict[str, Any]) -> dict[str, Any] | None:
    """The extension's settings as they are before anyone changes them; no schemas from the web."""
    if item.get("section") != "yaml":
        return None
    return {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}


def _document(address: str) -> dict[str, Any]:
    return {"uri": address, "languageId": "yaml"}


def _at(address: str, line: int, character: int) -> dict[str, Any]:
    """Positions in an editor count from 0; lines here from 1, as people do."""
    return {"textDocument": {"uri": address}, "position": {"line": line - 1, "character": character}}


def _words(said: object) -> str:
    if isinstance(said, dict):
        return str(said["value"])
    return "" if said is None else str(said)
