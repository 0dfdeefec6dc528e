"""Single values of a broken YAML text: quoted texts, blocks, texts without quotes; each of them ends somewhere.

In: the text and the offset at which a value begins.  Out: the value with its place, and the offset behind it.
What is sound is read as `policy.yaml_nodes` reads it. Imports yaml_values, the tree and the ground floor.
"""

from __future__ import annotations

import re
from dataclasses import field

from engine.policy.yaml_values import BLANKS, KEY_WORD
from engine.records import dataclass
from engine.source import Source, Span
from engine.tree import Scalar

_BLANK_RUN = re.compile(f"[{BLANKS}]*")
_PLAIN = re.compile(r"(?:[^\n#]++|(?<![ \t\n])#)*+")
"""text without quotes, up to a comment or the line's end"""
_LINE_OF_A_KEY = re.compile(
    rf"""[{BLANKS}]*(?:- +)*(?:["']?{KEY_WORD}["']?[ ]*[:：](?:[{BLANKS}]|$)|-(?:[ ]|$))""", re.MULTILINE
)
_FOLD = re.compile(r"(?<![ \t])[ \t]*\n[ \t\n]*")
_QUOTED = {
    '"': re.compile(r'(?:[^"\\\n]++|\\[^\n])*+'),
    "'": re.compile(r"(?:[^'\n]++|'')*+"),
}
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U000([0-9A-Fa-f]{5})|([^\n]))" rf"|{_FOLD.pattern}")
_ESCAPED = {
    **dict(zip("0abtnvfre", "\0\a\b\t\n\v\f\r\x1b", strict=True)),
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_OPENING, _CLOSING = "“”‘’「『＂", "“”‘’」』＂"
BLOCK = re.compile(r"[|>]([+-]?)[0-9]?[+-]?[ \t]*(?:[ \t]#.*)?$", re.MULTILINE)


@dataclass(slots=True)
class Texts:
    """Reads values of one text."""

    source: Source
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.source.text

    def line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end

    def skip(self, at: int) -> int:
        """Behind blanks."""
        found = _BLANK_RUN.match(self.text, at)
        assert found is not None, "it matches nothing too"
        return found.end()

    def scalar(self, start: int, end: int, text: str | None = None) -> Scalar:
        """A text without quotes; with typographic ones, as it was meant."""
        text = self.text[start:end] if text is None else text
        if len(text) > 1 and text[0] in _OPENING and text[-1] in _CLOSING:
            return Scalar(Span(self.source, start + 1, end - 1), text[1:-1], "double")
        return Scalar(Span(self.source, start, end), text)

    def nothing(self, at: int) -> Scalar:
        """The value of a key that has none."""
        return Scalar(Span(self.source, at, at), "")

    def goes_on(self, start: int, parent: int) -> bool:
        """Whether a text can go on in a line: one that is deeper in and begins with no key."""
        line = self.text[start : self.line_end(start)]
        indent = len(line) - len(line.lstrip(" "))
        return not line.strip(" \t") or (indent > parent and not _LINE_OF_A_KEY.match(line))

    # ---- without quotes

    def plain(self, start: int, parent: int) -> tuple[Scalar, int]:
        """A text without quotes, with the lines that go on with it; the offset of the last line's end."""
        found = _PLAIN.match(self.text, start)
        assert found is not None, "it matches nothing too"
        end = start + len(found[0].rstrip(" \t"))
        line_end = self.line_end(start)
        while found.end() == line_end < len(self.text):
            at = self._next_text(line_end + 1, parent)
            if at < 0:
                break
            found = _PLAIN.match(self.text, at)
            assert found is not None, "it matches nothing too"
            end, line_end = at + len(found[0].rstrip(" \t")), self.line_end(at)
        return self.scalar(start, end, folded(self.text[start:end])), line_end

    def _next_text(self, line: int, parent: int) -> int:
        """Where the text of a line begins that goes on with the text above, blank lines between; -1 for none."""
        while line <= len(self.text):
            end = self.line_end(line)
            at = line + len(self.text[line:end]) - len(self.text[line:end].lstrip(" \t"))
            if at < end:
                return at if self.text[at] != "#" and self.goes_on(line, parent) else -1
            line = end + 1
        return -1

    # ---- in quotes

    def quoted(self, start: int, parent: int) -> tuple[Scalar, int]:
        """A text in quotes and the offset behind it; one without a closing quote ends where no line goes on with it."""
        text, quote = self.text, self.text[start]
        at = start + 1
        while True:
            found = _QUOTED[quote].match(text, at)
            assert found is not None, "it matches nothing too"
            end = found.end()
            if text.startswith(quote, end):
                return self._unquoted(start + 1, end, quote), end + 1
            if text.startswith("\\", end):  # before the line's end
                end += 1
            if end >= len(text) or not self.goes_on(end + 1, parent):
                return self._unquoted(start + 1, end, quote), end
            at = end + 1

    def _unquoted(self, start: int, end: int, quote: str) -> Scalar:
        text = self.text[start:end]
        span = Span(self.source, start, end)
        if quote == "'":
            return Scalar(span, folded(text).replace("''", "'"), "single")
        return Scalar(span, _ESCAPE.sub(_unescaped, text), "double")

    # ---- blocks

    def block(self, start: int, parent: int) -> tuple[Scalar, int]:
        """The lines below a `|` or `>`; the offset of the last one's end."""
        head = BLOCK.match(self.text, start)
        assert head is not None
        literal, keep = self.text[start] == "|", head[1]
        end, depth = self.line_end(start), -1
        pieces: list[str] = []
        broken, breaks, blank_before = "", 0, False
        while end < len(self.text):
            line = self.text[end + 1 : self.line_end(end + 1)]
            indent = len(line) - len(line.lstrip(" "))
            if indent < len(line):
                if indent <= parent or indent < depth:
                    break
                depth = indent if depth < 0 else depth
            end += 1 + len(line)
            ended = end < len(self.text)
            if depth < 0 or len(line) <= depth:
                breaks += ended
                continue
            blank = line[depth] in " \t"
            folds = not literal and broken and not blank_before and not blank
            pieces += [("" if breaks else " ") if folds else broken, "\n" * breaks, line[depth:]]
            broken, breaks, blank_before = "\n" * ended, 0, blank
        pieces.append({"-": "", "": broken, "+": broken + "\n" * breaks}[keep])
        body = self.text[self.line_end(start) + 1 : end]
        # one that is blank is said to stand behind its last line end
        blank = not body.strip()
        first = self.text.rfind("\n", 0, end + 1) + 1 if blank else end - len(body.lstrip())
        span = Span(self.source, first, first + len(body.strip()))
        return Scalar(span, "".join(pieces), "literal" if literal else "folded"), end


def folded(text: str) -> str:
    """A text over lines, as YAML puts it into one."""
    return _FOLD.sub(_line_ends, text) if "\n" in text else text


def _line_ends(found: re.Match[str]) -> str:
    """One line end is a blank, and of several all but the first stay."""
    return "\n" * (found[0].count("\n") - 1) or " "


def _unescaped(found: re.Match[str]) -> str:
    code, sign = found[1] or found[2] or found[3], found[4]
    if code:
        sign = chr(int(code, 16))
        return "\ufffd" if "\ud800" <= sign <= "\udfff" else sign
    return _line_ends(found) if sign is None else _ESCAPED.get(sign, sign)
