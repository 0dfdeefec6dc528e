"""The texts, quotes and brackets of a YAML file, read strictly: what one value is, and the slip where it is none.

In: the file's text and the offset at which a value begins.  Out: the offset behind it; a slip is reported at its place.
A value that is not understood with certainty stops the reading (`Stopped`): what follows it would be told wrongly.
Imports the ground floor only.
"""

from __future__ import annotations

import re
from dataclasses import field

from engine.diagnostics import Reporter
from engine.records import dataclass
from engine.source import Source, Span

BLANKS = " \t\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200E))) + "\u202f\u205f\u2060\u3000"
"""what looks like nothing: plain blanks, tabs, wide, unbreakable and zero-width ones"""
_BLANK_RUN = re.compile(f"[{BLANKS}]*")
_PLAIN_BLANKS = re.compile(r"[ \t]*")
KEY_WORD = r"[A-Za-z_][A-Za-z0-9_.]*"
_LINE_OF_A_KEY = rf"""[{BLANKS}]*(?:- +)*(?:["']?{KEY_WORD}["']?[ ]*[:：](?:[{BLANKS}]|$)|-(?:[ ]|$))"""
GLUED_KEY = re.compile(rf"({KEY_WORD})[ ]*(:(?!//)|：)(?=([{BLANKS}]*))")
_WIDE_COMMA = re.compile(rf"[，、](?=[{BLANKS}\n]*{KEY_WORD}[ ]*[:：])")
_PROPERTY = re.compile(
    r"\*[A-Za-z0-9_-]+(?=[ \t]*(?:[\n,\]}]|[ \t]#|\Z))|(?:&[A-Za-z0-9_-]+|!!?[A-Za-z0-9_./:-]*)(?=[ \t\n,\]}]|\Z)"
)
_ESCAPE = re.compile(r'\\(?:["\\/ntrbfeav0 _NLP]|x[0-9A-Fa-f]{2}|u(?![dD][89A-Fa-f])[0-9A-Fa-f]{4}|U000[0-9A-Fa-f]{5})')
_QUOTED = {'"': re.compile(r'(?:[^"\\\n]|\\.)*'), "'": re.compile(r"(?:[^'\n]|'')*")}
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:[.][0-9]+)?(?![0-9.]|[ ]*:)")
_CLOSER = {"{": "}", "[": "]"}
WIDE_OPENING = {"｛": "{", "［": "[", "【": "["}
_WIDE_CLOSING = {"｝": "}", "］": "]", "】": "]"}
_NOT_AT_START = "@`%|>?*&!#"
LONGEST_KEY = 1024
"""characters; YAML takes nothing longer for a key"""


class Stopped(Exception):
    """A slip was told, and what stands behind it cannot be told apart from it."""


@dataclass(slots=True)
class Values:
    """Reads single values of a text; `blanks` are the offsets of blanks that are to be read as plain ones."""

    source: Source
    report: Reporter
    slips: int = 0
    mended: int = 0
    """how many of the slips leave the text readable: odd blanks between two things"""
    blanks: list[tuple[int, int]] = field(default_factory=list)
    _blank_line: int = 0

    # ---- reporting

    def slip(self, code: str, start: int, end: int, **params: str) -> None:
        """A slip that leaves clear what was meant; the reading goes on."""
        self.slips += 1
        self.report.tell(code, Span(self.source, start, end), path="", related=(), **params)

    def stop(self, code: str, start: int, end: int, **params: str) -> Stopped:
        self.slip(code, start, end, **params)
        return Stopped()

    def form(self, start: int, end: int) -> Stopped:
        """A way of writing that is YAML, or nearly, and not read here."""
        return self.stop("yaml-syntax", start, end, form=self.source.text[start:end])

    def odd_blank(self, start: int, end: int, *, indent: bool = False) -> None:
        """Blanks other than plain ones where YAML wants plain ones; told once a line."""
        line = self.source.position(start)[0]
        if not indent:
            self.blanks.append((start, end))
        if line == self._blank_line:
            return
        self._blank_line = line
        self.mended += not indent
        char = self.source.text[start]
        if char == "\t":
            self.slip("tab-indent" if indent else "tab-between", start, start + 1 if indent else end)
        elif char == "\u3000" and indent:
            self.slip("full-width-indent", start, start + 1)
        else:
            self.slip("odd-blank", start, end, character=f"U+{ord(char):04X}")

    # ---- blanks

    def skip(self, at: int) -> int:
        """Behind the blanks that stand between two things; those that are not plain are told."""
        found = _BLANK_RUN.match(self.source.text, at)
        assert found is not None, "it matches nothing too"
        if found[0].strip(" "):
            self._odd_among(found[0], at)
        return found.end()

    def _odd_among(self, blanks: str, at: int) -> None:
        for odd in re.finditer("[^ ]+", blanks):
            run = re.match("(.)\\1*", odd[0])
            assert run is not None
            self.odd_blank(at + odd.start(), at + odd.start() + run.end())
            if odd.end() > odd.start() + run.end():
                self.blanks.append((at + odd.start() + run.end(), at + odd.end()))

    def line_end(self, at: int) -> int:
        end = self.source.text.find("\n", at)
        return len(self.source.text) if end < 0 else end

    def nothing_more(self, at: int) -> None:
        """Behind a value of a line: a comment at most, and a blank before it."""
        text = self.source.text
        behind = self.skip(at)
        if behind == self.line_end(at) or (text[behind] == "#" and behind > at):
            return
        raise self._text_after(at, behind)

    def _text_after(self, at: int, behind: int) -> Stopped:
        text = self.source.text
        if text[behind] == "#":
            return self.stop("missing-blank-before", behind, behind + 1, sign="#")
        if text[behind] in "}]":
            return self.stop("stray-bracket", behind, behind + 1, bracket=text[behind])
        if (key := re.compile(rf"{KEY_WORD}[ ]*[:：]").match(text, behind)) is not None and text[at - 1] not in "]}":
            return self.stop("missing-comma", behind, key.end(), key=key[0].rstrip(" :："))
        quote = text[at - 1] if text[at - 1] in "\"'" else ""
        return self.stop("text-after-value", behind, behind + 1, quote=quote, quoted=self._in_quotes(at))

    def _in_quotes(self, at: int) -> str:
        """The value of a line as the text that it was to be, where it begins with a bracket: `[重度]残疾`."""
        text = self.source.text
        line = text[text.rfind("\n", 0, at) + 1 : self.line_end(at)]
        value = re.fullmatch(_BRACKETED, line)
        return f'"{value[1]}"' if value else ""

    # ---- quotes

    def quoted(self, start: int, parent: int) -> int:
        """Behind the closing quote. A text may go on over lines that are indented and look like no key.

        Args:
            parent: the indentation of what the text belongs to.
        """
        text, quote = self.source.text, self.source.text[start]
        at = start + 1
        while True:
            found = _QUOTED[quote].match(text, at)
            assert found is not None, "it matches nothing too"
            end = found.end()
            if text.startswith(quote, end):
                break
            if text.startswith("\\\n", end) or not text.startswith("\n", end) or not self._goes_on(end + 1, parent):
                raise self.stop("unclosed-text", start, start + 1, quote=quote)
            at = end + 1
        self._check_end(start, end)
        if quote == '"':
            for escape in re.finditer(r"\\(.)", text[start:end], re.DOTALL):
                where = start + escape.start()
                if not _ESCAPE.match(text, where):
                    self.slip("bad-escape", where, where + 2, escape=escape[0])
        return end + 1

    def _goes_on(self, start: int, parent: int) -> bool:
        line = self.source.text[start : self.line_end(start)]
        indent = len(line) - len(line.lstrip(" "))
        return not line.strip() or (indent > parent and not re.match(_LINE_OF_A_KEY, line))

    def _check_end(self, start: int, end: int) -> None:
        """A quote that closes in front of more text did not close this one, where a sign stands before it."""
        text = self.source.text
        behind = _PLAIN_BLANKS.match(text, end + 1)
        assert behind is not None
        rest = text[behind.end() : behind.end() + 1]
        if rest in ("", "\n", "#", ":", ",", "]", "}", "，", "：", "、", "］", "｝", "】"):
            return
        inside = text[start + 1 : end]
        if "\n" in inside or re.search(r"[:：,，\[{][ ]*$", inside):
            raise self.stop("unclosed-text", start, start + 1, quote=text[start])

    # ---- what a text may begin with

    def properties(self, at: int) -> int:
        """Behind anchors, aliases and tags: the reader of the events refuses them by name."""
        while (found := _PROPERTY.match(self.source.text, at)) is not None:
            at = self.skip(found.end())
        return at

    def check_start(self, at: int) -> None:
        """A text without quotes does not begin with a sign that means something to YAML."""
        text = self.source.text
        char = text[at]
        if char in "-?" and text[at + 1 : at + 2] in (" ", "\n", "\t", ""):
            raise self.stop("dash-not-here", at, at + 1) if char == "-" else self.form(at, at + 1)
        if char in _NOT_AT_START and not (char == "?" and text[at + 1 : at + 2] not in (" ", "\n", "")):
            raise self.stop("needs-quotes", at, at + 1, sign=char)
        if char in ",]}:":
            raise self.form(at, at + 1)
        if char in "｜＞" and not text[at + 1 : self.line_end(at)].strip():
            raise self.stop("full-width-sign", at, at + 1, sign=char, plain="|")

    def check_quotes(self, start: int, end: int) -> None:
        """A closing quote without its opening one."""
        inner = self.source.text[start:end]
        if inner.count('"') % 2 and not inner.startswith(("“", "「", "『")):
            at = start + inner.rindex('"')
            self.slip("unclosed-text", at, at + 1, quote='"')

    def wide_bracket(self, start: int, end: int) -> None:
        """Full-width brackets where a list or a map was meant: `｛label: 甲｝`, `【甲, 乙】`."""
        text = self.source.text
        char = text[start]
        if char in "｛［" or (char == "【" and text[start:end].rstrip()[-1:] in "】]"):
            raise self.stop("full-width-sign", start, start + 1, sign=char, plain=WIDE_OPENING[char])

    def glued(self, start: int, key: re.Match[str]) -> None:
        """A key and its value with nothing between them that YAML takes for a colon."""
        colon = start + key.start(2)
        if key[2] == "：":
            self.slip("full-width-colon", colon, colon + 1, key=key[1])
        elif key[3]:
            self.odd_blank(colon + 1, colon + 1 + len(key[3]))
        else:
            self.slip("missing-blank", colon, colon + 1, sign=":")

    # ---- brackets

    def flow(self, start: int, parent: int) -> int:
        """Behind the bracket that closes the one at `start`."""
        return _Flow(self, parent).read(start)


def _grouped(text: str, comma: int) -> re.Match[str] | None:
    """A figure written with commas between thousands, around the first of them."""
    start = comma
    while start and text[start - 1].isascii() and text[start - 1].isdigit():
        start -= 1
    return _GROUPED.match(text, start) if start and text[start - 1] == " " else None


@dataclass(slots=True)
class _Open:
    at: int
    sign: str
    part: str = "begin"
    """`begin` of an entry, `key` read, `value` to come, `end` of an entry"""
    text_from: int = -1
    """where the last text without quotes began, which the next line may continue"""


@dataclass(slots=True)
class _Flow:
    """`{…}` and `[…]`, over lines too."""

    values: Values
    parent: int
    opened: list[_Open] = field(default_factory=list)

    def read(self, start: int) -> int:
        values, text = self.values, self.values.source.text
        self.opened = [_Open(start, text[start])]
        at = start + 1
        while self.opened:
            at = self._between(at)
            top, char = self.opened[-1], text[at]
            if char in "{[":
                at = self._open(at, top)
            elif char in "}]":
                at = self._close(at, top)
            elif char == ",":
                if top.part == "begin":
                    raise values.form(at, at + 1)
                if top.sign == "{" and (figure := _grouped(text, at)) is not None:
                    raise values.stop("thousands-comma", *figure.span(), figure=figure[0].replace(",", ""))
                top.part, top.text_from, at = "begin", -1, at + 1
            elif char == ":" and top.part != "begin":
                at = self._colon(at, top)
            elif char in "\"'" and top.part in ("begin", "value"):
                at = values.quoted(at, self.parent)
                self._read_one(top)
            else:
                at = self._plain(at, top)
        return at

    def _between(self, at: int) -> int:
        """Behind blanks, comments and line ends; a line that lies as far out as the opening one is outside."""
        values, text = self.values, self.values.source.text
        while True:
            behind = values.skip(at)
            if behind == len(text):
                raise self._unclosed()
            if text[behind] == "#":
                if behind == at and text[at - 1] != "\n":
                    raise values.stop("missing-blank-before", behind, behind + 1, sign="#")
                self.opened[-1].text_from = -1
                at = values.line_end(behind)
                continue
            if text[behind] != "\n":
                return behind
            at = behind + 1
            line = text[at : values.line_end(at)]
            content = line.lstrip(" ")
            if content and content[0] not in "}]#" and len(line) - len(content) <= self.parent:
                raise self._unclosed()

    def _unclosed(self) -> Stopped:
        last = self.opened[-1]
        closer = _CLOSER[last.sign]
        text = self.values.source.text
        line = text[last.at : self.values.line_end(last.at)].rstrip()
        if line and _WIDE_CLOSING.get(line[-1]) == closer:
            at = last.at + len(line) - 1
            return self.values.stop("full-width-sign", at, at + 1, sign=line[-1], plain=closer)
        return self.values.stop("missing-bracket", last.at, last.at + 1, opening=last.sign, bracket=closer)

    def _read_one(self, top: _Open) -> None:
        top.part = "key" if top.part == "begin" else "end"
        top.text_from = -1

    def _open(self, at: int, top: _Open) -> int:
        if top.part in ("key", "end"):
            raise self.values.stop("bracket-in-braces", at, at + 1)
        self._read_one(top)
        self.opened.append(_Open(at, self.values.source.text[at]))
        return at + 1

    def _close(self, at: int, top: _Open) -> int:
        if _CLOSER[top.sign] != self.values.source.text[at]:
            raise self.values.stop("missing-bracket", top.at, top.at + 1, opening=top.sign, bracket=_CLOSER[top.sign])
        self.opened.pop()
        return at + 1

    def _colon(self, at: int, top: _Open) -> int:
        values, text = self.values, self.values.source.text
        if top.part != "key" or top.sign == "[":
            raise self._second_colon(at, top)
        if text[at + 1 : at + 2] in (",", "]", "}"):
            raise values.stop("missing-blank", at, at + 1, sign=":")
        if text[at + 1 : at + 2] not in ("", "\n", *BLANKS):
            values.slip("missing-blank", at, at + 1, sign=":")
        if top.text_from >= 0 and ("\n" in text[top.text_from : at] or at - top.text_from > LONGEST_KEY):
            raise self._second_colon(at, top)
        top.part, top.text_from = "value", -1
        return at + 1

    def _second_colon(self, at: int, top: _Open) -> Stopped:
        """A key where no new entry began: its comma is full-width or missing, or the colon belongs to the text."""
        values, text = self.values, self.values.source.text
        begin = top.text_from if top.text_from >= 0 else at
        before = text[begin:at]
        if (comma := re.search(rf"[，、；;][{BLANKS}\n]*{KEY_WORD}[ ]*$", before)) is not None:
            where = begin + comma.start()
            return values.stop("full-width-sign", where, where + 1, sign=text[where], plain=",")
        if (word := re.search(rf"(?<=[ \n]){KEY_WORD}[ ]*$", before)) is not None:
            return values.stop("missing-comma", begin + word.start(), at + 1, key=word[0].strip())
        return values.stop("colon-in-value", at, at + 1)

    def _plain(self, at: int, top: _Open) -> int:
        values, text = self.values, self.values.source.text
        if top.part in ("begin", "value"):
            begin = values.properties(at)
            if begin != at:
                if text[begin] in ",]}":
                    self._read_one(top)
                return begin
            if text[at] in "，、" and top.part == "begin":
                raise values.stop("full-width-sign", at, at + 1, sign=text[at], plain=",")
            values.check_start(at)
        elif top.text_from < 0:
            raise self._not_joined(at, top)
        end = self._plain_end(at)
        if top.text_from < 0:
            self._read_one(top)
            top.text_from = at
        self._check_text(at, end, top)
        return end

    def _not_joined(self, at: int, top: _Open) -> Stopped:
        values, text = self.values, self.values.source.text
        if text[at] in "，、；;":
            return values.stop("full-width-sign", at, at + 1, sign=text[at], plain=",")
        if text[at] == "：" and top.part == "key":
            return values.stop("full-width-sign", at, at + 1, sign="：", plain=":")
        key = re.compile(rf"{KEY_WORD}[ ]*[:：]").match(text, at)
        if key is not None:
            return values.stop("missing-comma", at, key.end(), key=key[0].rstrip(" :："))
        return values.stop("text-after-value", at, at + 1, quote='"')

    def _plain_end(self, at: int) -> int:
        found = _FLOW_TEXT.match(self.values.source.text, at)
        return at + 1 if found is None else found.end()

    def _check_text(self, start: int, end: int, top: _Open) -> None:
        values, inner = self.values, self.values.source.text[start:end]
        if (tab := inner.find("\t")) >= 0:
            values.odd_blank(start + tab, start + tab + 1)
        values.check_quotes(start, end)
        behind = values.source.text[end : end + 1]
        if behind in ",}]\n" and (glued := GLUED_KEY.match(inner)) and top.part == "key" and top.sign == "{":
            values.glued(start, glued)
            top.part = "end"
        if top.sign == "{" and (comma := _WIDE_COMMA.search(inner)) is not None:
            where = start + comma.start()
            raise values.stop("full-width-sign", where, where + 1, sign=comma[0], plain=",")
        if (mark := inner.find("?")) >= 0:  # the C parser alone takes it for text
            values.slip("needs-quotes", start + mark, start + mark + 1, sign="?")
        if inner[0] in WIDE_OPENING:
            values.wide_bracket(start, end)


_FLOW_TEXT = re.compile(
    r"(?:[^,\[\]{}\n: \t#]++|:(?![ \t\n,\[\]{}]|\Z)|(?<![ \t\n])#"
    r"|[ \t]++(?=[^ \t\n#,\[\]{}:]|:(?![ \t\n,\[\]{}]|\Z)))++"
)
"""text without quotes inside brackets, up to a comma, a bracket, a colon that counts, a comment or the line's end"""

_BRACKETED = r"[ ]*(?:- )*[^\s:\[\]{}\"'#]+:[ ]+([\[{][^\"\\#]*[^\"\\#\s])[ ]*(?: #.*)?"
"""a line of a key whose value begins with a bracket, and could stand in quotes as it is"""
