"""The YAML that a policy file may be written in, line by line: every slip at its place, before any parser reads it.

In: a `Source`.  Out: the text for the parser, as long as the file's, or None after reporting what is wrong.
The parsers of PyYAML differ in what they take and say at best where they lost the thread. So the form is settled here:
maps and lists by indentation, values as `yaml_values` reads them, blocks of text. What passes, both parsers read alike
(tests/policy/test_yaml_forms.py); what is not understood with certainty is refused. One slip is told once; reading goes
on where it is clear what was meant. Imports yaml_values and the ground floor.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import Literal

from engine.diagnostics import Reporter
from engine.policy.yaml_values import BLANKS, GLUED_KEY, KEY_WORD, LONGEST_KEY, Stopped, Values
from engine.records import dataclass
from engine.source import Source

_INDENT = re.compile(f"[{BLANKS}]*")
_KEY = re.compile(rf"(?:[^\n:#]++|:(?![{BLANKS}\n]|\Z)|(?<![{BLANKS}])#)*+:")
"""a text up to the first colon with a blank behind it"""
_BLOCK = re.compile(r"[|>][+-]?(?=[ \t]*(?:[ \t]#.*)?$)", re.MULTILINE)
_TEXT = re.compile(r"(?:[^\n: \t#]++|:(?![ \t\n]|\Z)|(?<![ \t\n])#|[ \t]++(?=[^ \t\n#:]|:(?![ \t\n]|\Z)))++")
"""text without quotes up to a colon that counts, a comment or the line's end"""
_WORD_KEY = re.compile(rf"""["']?{KEY_WORD}["']?[ ]*:""")
_WHOLE_QUOTES = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')[ \t]*:(?=[ \t\n]|\Z)"""
_COLON = re.compile(r"[ ]*:(?=\s|\Z)")
_MARKS = ("---", "...")
_WIDE_DASHES = "－–—"


def well_formed(source: Source, report: Reporter) -> str | None:
    """The text to parse, with odd blanks made plain ones; None where the parsers would read something else."""
    lines = _Lines(Values(source, report))
    try:
        lines.read()
    except Stopped:
        return None
    values = lines.values
    return _mended(source.text, values.blanks) if values.slips == values.mended else None


def _mended(text: str, blanks: list[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in sorted(blanks):
        pieces += [text[at:start], " " * (end - max(at, start))]
        at = max(at, end)
    return "".join([*pieces, text[at:]])


def _width(indent: str) -> int:
    """How deep an indentation of odd blanks looks: a tab and a wide blank are two, one of no width is none."""
    return sum(
        2 if char in "\t\u3000" else 0 if "\u200b" <= char <= "\u200d" or char == "\u2060" else 1 for char in indent
    )


@dataclass(slots=True)
class _Level:
    """A map or a list that is being read; `at` is where its first entry begins, `bare` whether that is a key alone;
    `last` is where the last key begins."""

    indent: int
    kind: Literal["map", "list"]
    at: int
    entries: int = 0
    bare: bool = False
    last: int = -1


@dataclass(slots=True)
class _Lines:
    values: Values
    levels: list[_Level] = field(default_factory=list)
    waiting: bool = True
    """the last thing was a key or a dash with nothing behind it: what follows deeper in belongs to it"""
    running: bool = False
    """the last thing was a text without quotes, which a deeper line goes on with"""
    started: bool = False
    shift: int = 0
    """columns to add in a line whose indentation is not of plain blanks"""
    alone: tuple[int, int] | None = None
    """a text outside of every map and list"""
    told: bool = False
    """an indentation was told already: how the lines behind it lie to it, nobody can say"""

    @property
    def text(self) -> str:
        return self.values.source.text

    def read(self) -> None:
        at, size = 0, len(self.text)
        while at < size:
            at = self._line(at) + 1

    def _line(self, start: int) -> int:
        """Read from the start of a line on; the end of the last line that it took."""
        values, text = self.values, self.text
        found = _INDENT.match(text, start)
        assert found is not None, "it matches nothing too"
        at, end = found.end(), values.line_end(start)
        self.shift = 0
        indent = found[0]
        if indent.strip(" "):
            values.odd_blank(at - len(indent.lstrip(" ")), at, indent=True)
            self.told, self.shift = True, _width(indent) - len(indent)
        if at >= end:
            return end
        if text[at] == "#":
            self.running = False
            return end
        if at == start and text.startswith(_MARKS, at) and (at + 3 == len(text) or text[at + 3].isspace()):
            return self._mark(at, end, text[at : at + 3])
        if self.alone is not None and not self.running:
            raise self._out_of_place("missing-colon", *self.alone)
        self.started = True
        if at == start and text[at] == "%" and not self.levels:
            raise values.form(at, end)
        return self._content(start, at)

    def _mark(self, at: int, end: int, mark: str) -> int:
        behind = self.values.skip(at + 3)
        if mark == "..." or (not self.started and behind != end and self.text[behind] != "#"):
            raise self.values.form(at, end)
        if self.started:
            raise self.values.stop("several-documents", at, at + 3)
        self.started = True
        return end

    # ---- what stands at an indentation

    def _content(self, start: int, at: int) -> int:
        """One line's content: dashes, a key, a value. The indentation is counted in characters."""
        indent = at - start + self.shift
        left = self._leave(indent)
        while True:
            if self._is_dash(at):
                self._dash(start, at, indent, left)
                at = self.values.skip(at + 1)
                if at == self.values.line_end(at) or self.text[at] == "#":
                    self.waiting, self.running = True, False
                    return self.values.line_end(at)
                indent, left, self.waiting, self.running = at - start + self.shift, 0, True, False
                continue
            key_end = self._key_end(at)
            if key_end < 0:
                return self._text_line(start, at, indent, left)
            self._key(start, at, key_end, indent, left)
            return self._value(at, key_end)

    def _leave(self, indent: int) -> int:
        """Leave the levels deeper in; the indentation of the outermost one left, 0 for none."""
        left = 0
        while self.levels and self.levels[-1].indent > indent:
            left = self.levels.pop().indent
        return left

    def _is_dash(self, at: int) -> bool:
        return self.text[at] == "-" and self.text[at + 1 : at + 2] in ("", "\n", *BLANKS)

    def _dash(self, start: int, at: int, indent: int, left: int) -> None:
        top = self.levels[-1] if self.levels else None
        if top is None or indent > top.indent:
            self._deeper(start, at, indent, left, dash=True)
            self.levels.append(_Level(indent, "list", at, 1))
        elif top.kind == "list":
            top.entries += 1
        elif left or not self.waiting:
            raise self._out_of_place("dash-not-here", at, at + 1)
        else:
            self.levels.append(_Level(indent, "list", at, 1))

    def _key(self, start: int, at: int, key_end: int, indent: int, left: int) -> None:
        top = self.levels[-1] if self.levels else None
        if top is not None and top.indent == indent and top.kind == "list":
            below = self.levels[-2] if len(self.levels) > 1 else None
            if below is not None and below.indent == indent:
                self.levels.pop()
                top = below
            elif top.entries == 1 and top.bare and self._is_bare(key_end):
                raise self._out_of_place("dash-not-here", top.at, top.at + 1)
            else:
                raise self._out_of_place("missing-dash", at, key_end - 1)
        if top is None or indent > top.indent:
            self._deeper(start, at, indent, left, dash=False)
            if top is not None and top.kind == "list" and top.entries == 1:
                top.bare = self._is_bare(key_end)
            self.levels.append(_Level(indent, "map", at))
        self.levels[-1].entries += 1
        self.levels[-1].last = at

    def _is_bare(self, key_end: int) -> bool:
        return not self.text[key_end : self.values.line_end(key_end)].partition("#")[0].strip()

    def _deeper(self, start: int, at: int, indent: int, left: int, *, dash: bool) -> None:
        """A line further in than the last level: it must belong to a key or dash that has nothing yet."""
        top = self.levels[-1] if self.levels else None
        if top is None and self.alone is not None:
            raise self._out_of_place("missing-colon", *self.alone)
        if top is None and not left:
            return
        level = left or (top.indent if top is not None else 0)
        if left or not self.waiting:
            if dash and not left and top is not None and top.kind == "map":
                raise self._out_of_place("dash-not-here", at, at + 1)
            if not left and not dash and not _WORD_KEY.match(self.text, at):
                colon = _KEY.match(self.text, at)
                where = at if colon is None else colon.end() - 1
                raise self._out_of_place("colon-in-value", where, where + 1)
            if not left and top is not None and top.last >= 0:
                self._no_dash(top.last)  # meant as one, it would hold this line
            raise self._wrong_indent(start, at, indent, level, top.indent if left and top is not None else -1)

    def _wrong_indent(self, start: int, at: int, found: int, wanted: int, above: int = -1) -> Stopped:
        params = {"found": str(found), "wanted": str(wanted), "above": str(above) if above >= 0 else ""}
        return self._out_of_place("wrong-indent", start, at, **params)

    def _out_of_place(self, code: str, start: int, end: int, **params: str) -> Stopped:
        """A line that does not fit the levels around it."""
        return Stopped() if self.told else self.values.stop(code, start, end, **params)

    # ---- keys

    def _key_end(self, at: int) -> int:
        """Behind the colon of the key that begins here; -1 where there is none."""
        values, text = self.values, self.text
        if text[at] in "\"'" and (whole := re.compile(_WHOLE_QUOTES).match(text, at)) is not None:
            return whole.end()
        if text[at] in "\"'{[|>":
            return -1
        key = _KEY.match(text, at)
        if key is None:
            return -1
        if key.end() - at > LONGEST_KEY or not key[0].rstrip(" \t:"):
            raise values.form(at, at + 1)
        if text[at] == "?" and text[at + 1 : at + 2] in (" ", "\t"):
            raise values.form(at, at + 1)
        if (tab := key[0].find("\t")) >= 0:
            values.odd_blank(at + tab, at + tab + 1)
        if self.running and self.levels and self._column(at) > self.levels[-1].indent and not _WORD_KEY.match(text, at):
            return key.end()
        values.check_start(at)
        values.wide_bracket(at, key.end() - 1)
        return key.end()

    def _column(self, at: int) -> int:
        return at - (self.text.rfind("\n", 0, at) + 1)

    def _text_line(self, start: int, at: int, indent: int, left: int) -> int:
        """A line without a key: a value on a line of its own, the rest of one, or a slip."""
        values, text = self.values, self.text
        top = self.levels[-1] if self.levels else None
        parent = top.indent if top is not None else -1
        glued = GLUED_KEY.match(text, at)
        if not left and indent > parent and self.waiting:
            if glued is None:
                return self._value(at, at)
            self.levels.append(_Level(indent, "map", at, 1))
        if not left and indent > parent and self.running:
            if glued is None:
                return self._run_on(at, values.line_end(at))
            values.glued(0, glued)
            return values.line_end(at)
        if glued is not None:
            values.glued(0, glued)
            return self._value(at, glued.end(3))
        if top is not None and top.kind == "list" and indent == top.indent:
            self._missing_dash(at)
            return values.line_end(at)
        if text[at] == "＃":
            raise values.stop("full-width-sign", at, at + 1, sign="＃", plain="#")
        if left or indent > parent >= 0:
            raise self._wrong_indent(start, at, indent, left or parent, parent if left else -1)
        wide = re.compile(r"[^\s：:]+[ ]*：").match(text, at)
        if wide is not None:
            raise values.stop("full-width-colon", wide.end() - 1, wide.end(), key=wide[0].rstrip("： "))
        if text[at] in "{[":
            behind = values.flow(at, parent)
            raise self._out_of_place("key-not-text", at, behind)
        raise self._out_of_place("missing-colon", at, at + len(text[at : values.line_end(at)].rstrip()))

    def _missing_dash(self, at: int) -> None:
        self._no_dash(at)
        raise self._out_of_place("missing-dash", at, at + 1)

    def _no_dash(self, at: int) -> None:
        """Stops at what looks like the dash of an entry and is none."""
        values, text = self.values, self.text
        if text[at] in _WIDE_DASHES:
            raise values.stop("full-width-sign", at, at + 1, sign=text[at], plain="-")
        if text[at] == "-":
            raise values.stop("missing-blank", at, at + 1, sign="-")

    # ---- values

    def _value(self, key_at: int, behind: int) -> int:
        """What stands behind a key, behind dashes or on a line of its own; the end of its last line."""
        values, text = self.values, self.text
        at = values.skip(behind) if behind > key_at else behind
        end = values.line_end(at)
        if at == end or text[at] == "#":
            self.waiting, self.running = True, False
            return end
        self.waiting = self.running = False
        if not self.levels:
            self.alone = (at, at + len(text[at:end].rstrip()))
        at = values.properties(at)
        if at == end:
            self.waiting = True
            return end
        parent = self.levels[-1].indent if self.levels else -1
        if text[at] in "|>":
            return self._block(at, parent)
        if text[at] in "{[":
            at = values.flow(at, parent)
            if (colon := _COLON.match(text, at)) is not None:
                raise values.stop("key-not-text", key_at, colon.end() - 1)
            values.nothing_more(at)
            return values.line_end(at)
        if text[at] in "\"'":
            at = values.quoted(at, parent)
            values.nothing_more(at)
            return values.line_end(at)
        values.check_start(at)
        values.wide_bracket(at, end)
        self.running = True
        return self._run_on(at, end)

    def _run_on(self, at: int, end: int) -> int:
        """Text without quotes, up to the end of its line."""
        values, text = self.values, self.text
        if text[at] == "#":
            return end
        found = _TEXT.match(text, at)
        behind = at if found is None else found.end()
        if (tab := text.find("\t", at, behind)) >= 0:
            values.odd_blank(tab, tab + 1)
        values.check_quotes(at, behind)
        rest = values.skip(behind)
        if rest < end and text[rest] == ":":
            raise values.stop("colon-in-value", rest, rest + 1)
        if rest < end:
            self.running = False  # a comment ends the text
        return end

    def _block(self, at: int, parent: int) -> int:
        """The lines of a `|` or `>`; the end of the last one."""
        values, text = self.values, self.text
        end = values.line_end(at)
        if _BLOCK.match(text, at) is None:
            if re.compile(r"[|>][-+0-9]+[ \t]*(?:#.*)?$", re.MULTILINE).match(text, at):
                raise values.form(at, end)
            raise values.stop("needs-quotes", at, at + 1, sign=text[at])
        values.skip(re.compile(r"[|>][+-]?").match(text, at).end())  # type: ignore[union-attr]  # it was matched above
        depth, blank_start, blank_end = -1, -1, -1
        while end < len(text):
            start = end + 1
            line_end = values.line_end(start)
            line = text[start:line_end]
            indent = len(line) - len(line.lstrip(" "))
            if indent == len(line):
                if depth < 0 and indent > blank_end - blank_start:
                    blank_start, blank_end = start, line_end
                end = line_end
                continue
            odd = line[indent] in BLANKS and (indent <= parent or indent < depth or depth < 0)
            if odd:
                self.told = True
                values.odd_blank(start + indent, start + indent + 1, indent=True)
                rest = line.lstrip(BLANKS)
                if not rest:
                    end = line_end
                    continue
                indent = _width(line[: len(line) - len(rest)])
            if indent <= parent:
                break
            if depth < 0:
                depth = indent
                if blank_end - blank_start > depth:
                    raise self._wrong_indent(blank_start, blank_end, blank_end - blank_start, depth)
            elif indent < depth:
                if line.lstrip(BLANKS).startswith("#"):
                    break
                raise self._wrong_indent(start, start + indent, indent, depth)
            end = line_end
        return end
