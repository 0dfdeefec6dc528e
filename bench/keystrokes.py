"""How long an editor waits for `doudi lsp`, over its protocol: `python bench/keystrokes.py [--keys 60] [--svg FILE]`.

A letter is put into expressions of the province's file and taken out again, over all shipped policies and cases: from
the change being sent to the diagnostics of that text, and to the answers of a completion and a hover asked for at once.
Milliseconds, and how many times a bare parse of the file by PyYAML's C reader.
"""

from __future__ import annotations

import argparse
import json
import queue
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
FILE: Final = ROOT / "policies" / "shanxi_2022_60.yaml"
PATIENCE_S: Final = 20
Message = dict[str, Any]


class Editor:
    """As much of one as it takes."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "engine", "lsp"]
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        self._came: queue.Queue[tuple[float, Message]] = queue.Queue()
        self._asked = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        stream = self.server.stdout
        assert stream is not None
        while line := stream.readline():
            length = 0
            while line.strip():
                if line.lower().startswith(b"content-length"):
                    length = int(line.split(b":")[1])
                line = stream.readline()
            self._came.put((time.perf_counter(), json.loads(stream.read(length))))

    def _write(self, message: Message) -> float:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream = self.server.stdin
        assert stream is not None
        stream.write(b"Content-Length: %d\r\n\r\n" % len(data) + data)
        stream.flush()
        return time.perf_counter()

    def tell(self, method: str, params: Message) -> float:
        return self._write({"method": method, "params": params})

    def ask(self, method: str, params: Message) -> float:
        """Seconds until the answer."""
        self._asked += 1
        number = self._asked
        sent = self._write({"id": number, "method": method, "params": params})
        return self.wait(lambda message: message.get("id") == number and "method" not in message) - sent

    def wait(self, wanted: Callable[[Message], bool]) -> float:
        """When it came; what the server asks meanwhile is answered by nothing."""
        while True:
            came, message = self._came.get(timeout=PATIENCE_S)
            if "method" in message and "id" in message:
                self._write({"id": message["id"], "result": None})
            if wanted(message):
                return came

    def found(self, uri: str, version: int | None = None) -> float:
        """When it was told what is wrong in a text."""

        def wanted(message: Message) -> bool:
            told = message.get("params", {})
            here = message.get("method") == "textDocument/publishDiagnostics" and told["uri"] == uri
            return here and version in (None, told.get("version"))

        return self.wait(wanted)


def measured(keys: int) -> dict[str, list[float]]:
    editor, uri, text = Editor(), FILE.as_uri(), FILE.read_text(encoding="utf-8")
    began = time.perf_counter()
    client = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}
    folders = [{"uri": ROOT.as_uri(), "name": "doudi"}]
    editor.ask("initialize", {"processId": None, "rootUri": None, "capabilities": client, "workspaceFolders": folders})
    editor.tell("initialized", {})
    document = {"uri": uri, "languageId": "doudi-policy", "version": 1, "text": text}
    editor.tell("textDocument/didOpen", {"textDocument": document})
    seconds: dict[str, list[float]] = {"start to first diagnostics": [editor.found(uri) - began]}
    time.sleep(3)
    expressions = [at for at, line in enumerate(text.split("\n")) if "when:" in line]
    version, draw = 1, random.Random(1)
    for _ in range(keys):
        line = draw.choice(expressions)
        at = len(text.split("\n")[line].rstrip("}")) - 3
        for typed, end in (("哈", at), ("", at + 1)):
            version += 1
            stretch = {"start": {"line": line, "character": at}, "end": {"line": line, "character": end}}
            changes = [{"range": stretch, "text": typed}]
            sent = editor.tell(
                "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}
            )
            place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": at}}
            for kind in ("completion", "hover"):
                seconds.setdefault(kind, []).append(editor.ask(f"textDocument/{kind}", place))
            seconds.setdefault("diagnostics", []).append(editor.found(uri, version) - sent)
            time.sleep(0.3)
    editor.server.kill()
    return seconds


def parse_seconds() -> float:
    text, runs = FILE.read_text(encoding="utf-8"), []
    for _ in range(20):
        began = time.perf_counter()
        yaml.compose(text, Loader=yaml.CSafeLoader)
        runs.append(time.perf_counter() - began)
    return statistics.median(runs)


def drawn(rows: dict[str, tuple[float, float]]) -> str:
    """Medians as bars, and a line to the 99th of a hundred; milliseconds."""
    most = max(high for _, high in rows.values())
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="200" font-family="sans-serif" font-size="12">'
    ]
    parts.append('<rect width="720" height="200" fill="white"/>')
    for place, (name, (median, high)) in enumerate(rows.items()):
        y, width, end = 24 + 42 * place, 420 * median / most, 420 * high / most
        parts.append(f'<text x="170" y="{y + 12}" text-anchor="end">{name}</text>')
        parts.append(f'<rect x="180" y="{y}" width="{width:.1f}" height="16" fill="#3b78b5"/>')
        parts.append(f'<path d="M{180 + width:.1f} {y + 8}H{180 + end:.1f}" stroke="#3b78b5"/>')
        parts.append(f'<text x="{188 + end:.1f}" y="{y + 12}">{median:.0f} / {high:.0f} ms</text>')
    return "\n".join([*parts, "</svg>\n"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keys", type=int, default=60)
    parser.add_argument("--svg", type=Path)
    asked = parser.parse_args()
    parse, rows = parse_seconds(), {}
    print("| | median ms | 99 of 100 within ms | median in parses |\n| --- | ---: | ---: | ---: |")
    for name, seconds in measured(asked.keys).items():
        held = sorted(seconds)
        median, high = statistics.median(held), held[max(0, -(-len(held) * 99 // 100) - 1)]
        print(f"| {name} | {median * 1e3:.0f} | {high * 1e3:.0f} | {median / parse:.0f} |")
        rows[name] = median * 1e3, high * 1e3
    if asked.svg:
        del rows["start to first diagnostics"]
        asked.svg.write_text(drawn(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
