"""A person at VS Code: keys, the list that opens and what is chosen from it, as the editor does with our extension.

Its files in `editors/vscode` say what a word is, what a bracket closes and how far a new line is indented. The list
holds what the server sends, of which VS Code drops what its own matching does not find, in the order of `sortText`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import IO, Any, cast

from engine.lsp.positions import Lines

EXTENSION = Path(__file__).parent.parent.parent / "editors" / "vscode"
CONFIGURED = json.loads((EXTENSION / "language-configuration.json").read_text(encoding="utf-8"))
PAIRS = {pair["open"]: pair["close"] for pair in CONFIGURED["autoClosingPairs"]}
ABOUT = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
SETTINGS = ABOUT["contributes"]["configurationDefaults"]["[doudi-policy]"]
RULED = SETTINGS["editor.autoIndent"] in ("advanced", "full")
"""whether rules for new lines count; by the other settings they do not"""
ENTER = [(re.compile(rule["beforeText"]), rule["action"]) for rule in CONFIGURED["onEnterRules"] if RULED]
TAB: int = SETTINGS["editor.tabSize"]
AGAIN = {"command": "editor.action.triggerSuggest", "arguments": [{"auto": True}]}
CAPABILITIES = {
    "textDocument": {
        "completion": {"contextSupport": True, "completionItem": {"snippetSupport": True}},
        "publishDiagnostics": {"versionSupport": True},
    },
    "workspace": {"workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}},
}
_SNIPPET = re.compile(r"(.*?)(?:\$\{1:(.*)\}|\$0)(.*?)(?:\$0)?")
_SEPARATORS = "_-./\\'\":$<>()[]{} \t"


def send(stream: IO[bytes], message: Mapping[str, Any]) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)


def received(stream: IO[bytes]) -> dict[str, Any]:
    length = 0
    while (header := stream.readline()).strip():
        name, _, value = header.partition(b":")
        length = int(value) if name.lower() == b"content-length" else length
    return cast("dict[str, Any]", json.loads(stream.read(length)))


class Served:
    """`doudi lsp` and what it said so far."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._to, self._from = process.stdin, process.stdout
        self._numbers = count(1)
        self._faults: dict[str, tuple[int, list[dict[str, Any]]]] = {}
        about = {"locale": "zh-cn", "capabilities": CAPABILITIES, "initializationOptions": {"askAgain": AGAIN}}
        opened = {"workspaceFolders": [{"uri": folder.as_uri(), "name": "家"}]}
        answer = self.request("initialize", {"processId": None, "rootUri": folder.as_uri(), **about, **opened})
        self.triggers = "".join(answer["capabilities"]["completionProvider"]["triggerCharacters"])
        self.notify("initialized", {})

    def notify(self, method: str, params: Mapping[str, Any]) -> None:
        send(self._to, {"method": method, "params": params})
        self._to.flush()

    def request(self, method: str, params: Mapping[str, Any] | None) -> Any:
        number = next(self._numbers)
        send(self._to, {"id": number, "method": method, "params": params})
        self._to.flush()
        while True:
            message = self._next()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def faults(self, uri: str, version: int) -> list[dict[str, Any]]:
        """Of a version of a text, once it is checked."""
        while self._faults.get(uri, (0, []))[0] != version:
            self._next()
        return self._faults[uri][1]

    def _next(self) -> dict[str, Any]:
        message = received(self._from)
        params = message.get("params", {})
        assert message.get("method") != "window/logMessage", params
        if message.get("method") == "textDocument/publishDiagnostics":
            self._faults[params["uri"]] = params.get("version") or 0, params["diagnostics"]
        elif "method" in message and "id" in message:
            send(self._to, {"id": message["id"], "result": None})
            self._to.flush()
        return message


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    command = [sys.executable, "-m", "engine", "lsp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        server = Served(process, folder)
        yield server
        server.request("shutdown", None)
        server.notify("exit", {})
        assert process.stderr is not None
        assert process.stderr.read() == b""


class Editor:
    """A file that is open, with the cursor. `offered` is the list as it shows, empty where none does."""

    def __init__(self, server: Served, path: Path, language: str = "doudi-policy") -> None:
        self.path = path
        self.uri = path.as_uri()
        self.text = path.read_text(encoding="utf-8")
        self.cursor = 0
        self.version = 1
        self.offered: list[dict[str, Any]] = []
        self._server = server
        self._closers: list[str] = []
        self._chosen = 0
        """characters before the cursor that the next key takes the place of"""
        self._stop: int | None = None
        """where the tab key goes, from the end of the text"""
        self._before: list[tuple[str, int]] = []
        self._undone: list[tuple[str, int]] = []
        self._in_word = False
        item = {"uri": self.uri, "languageId": language, "version": 1, "text": self.text}
        server.notify("textDocument/didOpen", {"textDocument": item})

    # ---- keys

    def type(self, text: str) -> Editor:
        """Fast, so that VS Code asks for the list only behind the last sign."""
        for sign in text:
            shows = self._key(sign)
        self.offered = self.offered if shows else []
        if shows and text[-1] in self._server.triggers:
            self._list({"triggerKind": 2, "triggerCharacter": text[-1]})
        elif shows:  # the list that shows is not complete: it is asked for again
            self._list({"triggerKind": 3 if self.offered else 1})
        return self

    def back(self, times: int = 1) -> Editor:
        """The key that takes away what stands before; of indentation a whole step."""
        for _ in range(times):
            self._step(in_word=False)
            head = self.head
            width = (len(head) - 1) % TAB + 1 if head and not head.strip() else 1
            self._edit(self.cursor - width, self.cursor, "")
        self.offered = []
        return self

    def tab(self) -> Editor:
        """To where the snippet ends."""
        assert self._stop is not None
        self.cursor, self._stop, self._chosen = len(self.text) - self._stop, None, 0
        return self

    def undo(self, times: int = 1) -> Editor:
        """Ctrl+Z: word by word, what was chosen from the list at once."""
        for _ in range(times):
            self._undone.append((self.text, self.cursor))
            self._put(*self._before.pop())
        return self

    def redo(self, times: int = 1) -> Editor:
        for _ in range(times):
            self._before.append((self.text, self.cursor))
            self._put(*self._undone.pop())
        return self

    @property
    def steps(self) -> int:
        """How many there are to be undone."""
        return len(self._before)

    def _put(self, text: str, cursor: int) -> None:
        """As one change of what differs; the list closes, and a snippet is left."""
        start = _alike(self.text, text)
        behind = _alike(self.text[start:][::-1], text[start:][::-1])
        self._edit(start, len(self.text) - behind, text[start : len(text) - behind])
        self.cursor, self.offered, self._closers = cursor, [], []
        self._chosen, self._stop, self._in_word = 0, None, False

    def _step(self, *, in_word: bool) -> None:
        """What comes can be undone by itself, but for signs of one word."""
        if not (in_word and self._in_word):
            self._before.append((self.text, self.cursor))
        self._undone, self._in_word = [], in_word

    def ask(self) -> Editor:
        """Ctrl+Space."""
        self._list({"triggerKind": 1})
        return self

    def _key(self, sign: str) -> bool:
        """Whether the list opens behind it."""
        self._step(in_word=sign.isalnum())
        if self._chosen:
            self._edit(self.cursor - self._chosen, self.cursor, "")
            self._chosen = 0
        behind = self.text[self.cursor : self.cursor + 1]
        if self._closers and sign == self._closers[-1] == behind:
            self._closers.pop()
            self.cursor += 1
            return False
        if sign == "\n":
            self._edit(self.cursor, self.cursor, "\n" + self._indented())
            self._closers = []
        elif sign in PAIRS and not behind.strip(")]}, \n"):
            self._edit(self.cursor, self.cursor, sign + PAIRS[sign])
            self.cursor -= 1
            self._closers.append(PAIRS[sign])
        else:
            self._edit(self.cursor, self.cursor, sign)
        return sign in self._server.triggers or sign.isalnum()

    def _indented(self) -> str:
        head = self.head
        action = next((action for rule, action in ENTER if rule.search(head)), {"indent": "none"})
        blanks = " " * (len(head) - len(head.lstrip(" ")))
        return blanks + " " * TAB * (action["indent"] == "indent") + str(action.get("appendText", ""))

    def _edit(self, start: int, end: int, new: str) -> None:
        lines = Lines(self.text)
        (top, left), (bottom, right) = lines.position(start), lines.position(end)
        span = {"start": {"line": top, "character": left}, "end": {"line": bottom, "character": right}}
        self.version += 1
        self._server.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri, "version": self.version},
                "contentChanges": [{"range": span, "rangeLength": end - start, "text": new}],
            },
        )
        self.text = self.text[:start] + new + self.text[end:]
        self.cursor = start + len(new)

    # ---- the list

    @property
    def head(self) -> str:
        """The line up to the cursor."""
        return self.text[self.text.rfind("\n", 0, self.cursor) + 1 : self.cursor]

    @property
    def labels(self) -> list[str]:
        return [item["label"] for item in self.offered]

    def choose(self, label: str) -> Editor:
        """With Enter, from the list that shows."""
        assert label in self.labels, f"‹{self.head}▮› offers {self.labels}, not {label}"
        item = self.offered[self.labels.index(label)]
        self.offered = []
        self._step(in_word=False)
        start, end = self._range(item)
        new = item["textEdit"]["newText"]
        if item.get("insertTextFormat") == 2:
            self._insert(start, end, new)
        else:
            self._edit(start, end, new)
        if "command" in item:
            assert item["command"]["command"] == AGAIN["command"]
            self._list({"triggerKind": 1})
        return self

    def _insert(self, start: int, end: int, snippet: str) -> None:
        """`a$0b`, or `a${1:b}c$0` whose `b` is written over."""
        before, over, after = cast("re.Match[str]", _SNIPPET.fullmatch(snippet)).groups(default="")
        self._edit(start, end, re.sub(r"\\([\\$}])", r"\1", before + over + after))
        self._stop = len(self.text) - self.cursor
        self.cursor -= len(after)
        self._chosen = len(over)

    def _list(self, context: dict[str, Any]) -> None:
        line, character = Lines(self.text).position(self.cursor)
        place = {"textDocument": {"uri": self.uri}, "position": {"line": line, "character": character}}
        found = self._server.request("textDocument/completion", {**place, "context": context})
        items = [] if found is None else found["items"]
        kept = [one for one in items if _matches(self._typed(one), one.get("filterText", one["label"]))]
        self.offered = sorted(kept, key=lambda one: one.get("sortText", one["label"]))

    def _typed(self, item: dict[str, Any]) -> str:
        return self.text[self._range(item)[0] : self.cursor]

    def _range(self, item: dict[str, Any]) -> tuple[int, int]:
        lines, span = Lines(self.text), item["textEdit"]["range"]
        ends = [lines.offset(span[end]["line"], span[end]["character"]) for end in ("start", "end")]
        assert ends[0] <= self.cursor <= ends[1]
        return ends[0], ends[1]

    # ---- what else shows

    def told(self, word: str) -> str:
        """What shows where the pointer rests on a word, the last of its kind."""
        line, character = Lines(self.text).position(self.text.rindex(word) + 1)
        place = {"textDocument": {"uri": self.uri}, "position": {"line": line, "character": character}}
        found = self._server.request("textDocument/hover", place)
        return "" if found is None else str(found["contents"]["value"])

    def rest(self) -> Editor:
        """A moment without a key: VS Code asks what else is called like the word at the cursor, which waits for the
        check of all files."""
        line, character = Lines(self.text).position(self.cursor)
        place = {"textDocument": {"uri": self.uri}, "position": {"line": line, "character": character}}
        self._server.request("textDocument/documentHighlight", place)
        return self

    def faults(self) -> list[dict[str, Any]]:
        return self._server.faults(self.uri, self.version)

    def save(self) -> None:
        self.path.write_text(self.text, encoding="utf-8")
        self._server.notify("textDocument/didSave", {"textDocument": {"uri": self.uri}})


def _alike(one: str, other: str) -> int:
    """How many signs two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _matches(typed: str, text: str) -> bool:
    """VS Code's own: sign for sign in order, the first at the beginning of a word."""
    sought, held = typed.lower().lstrip(), text.lower()
    starts = (at for at, sign in enumerate(held) if sign == sought[:1] and _begins_word(text, at))
    return not sought or any(_in_order(sought, held[at:]) for at in starts)


def _in_order(sought: str, held: str) -> bool:
    rest = iter(held)
    return all(sign in rest for sign in sought)


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in _SEPARATORS or (text[at].isupper() and not text[at - 1].isupper())
