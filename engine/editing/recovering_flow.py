"""`{…}` and `[…]` of a broken YAML text: what stands between the brackets, whether or not they are closed.

In: the offset of the opening bracket.  Out: the tree and the offset behind it. What nobody closed ends with the line
that lies no deeper than what it belongs to. A comma or a colon that is missing or full-width is read as it was meant.
Imports recovering_texts, yaml_values, the tree and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field

from engine.editing.recovering_texts import Texts, folded
from engine.policy.yaml_nodes import MAX_DEPTH
from engine.policy.yaml_values import BLANKS, GLUED_KEY, KEY_WORD
from engine.records import dataclass
from engine.source import Span
from engine.tree import Mapping, Scalar, Sequence, Tree

_TEXT = re.compile(
    r"(?:[^,\[\]{}\n: \t#]++|:(?![ \t\n,\[\]{}]|\Z)|(?<![ \t\n])#"
    r"|[ \t]++(?=[^ \t\n#,\[\]{}:]|:(?![ \t\n,\[\]{}]|\Z)))++"
)
"""text without quotes inside brackets, up to a comma, a bracket, a colon that counts, a comment or the line's end"""
_NEW_ENTRY = re.compile(rf"""[{BLANKS}]*["']?{KEY_WORD}["']?[ ]*[:：](?:[{BLANKS}]|$)""", re.MULTILINE)
_LAST_WORD = re.compile(rf"(?:[，、；;][{BLANKS}\n]*|(?<=[ \n]))({KEY_WORD})[ ]*\Z")
_WORD_REACH = 80
"""characters before a colon in which the key is sought that a missing comma leaves in the value before"""
_CLOSER = {"{": "}", "[": "]"}


@dataclass(slots=True)
class _Open:
    at: int
    sign: str
    entries: list[tuple[Scalar, Tree]] = field(default_factory=list)
    items: list[Tree] = field(default_factory=list)
    key: Tree | None = None
    colon: int = -1
    """behind the colon after `key`"""
    value: Tree | None = None


def read_flow(texts: Texts, start: int, parent: int, deep: int) -> tuple[Tree, int]:
    """Args:
    parent: the indentation of what it belongs to.
    deep: how many levels it stands in.
    """
    return _Flow(texts, parent, deep).read(start)


@dataclass(slots=True)
class _Flow:
    texts: Texts
    parent: int
    deep: int
    opened: list[_Open] = field(default_factory=list)

    def read(self, start: int) -> tuple[Tree, int]:
        text = self.texts.text
        self.opened = [_Open(start, text[start])]
        at = start + 1
        while True:
            at, outside = self._between(at)
            if outside:
                return self._close_all(at)
            char = text[at]
            if char in "{[":
                if self.deep + len(self.opened) < MAX_DEPTH:
                    self.opened.append(_Open(at, char))
                at += 1
            elif char in "}]":
                at += 1
                if (whole := self._close(char, at)) is not None:
                    return whole, at
            elif char == ",":
                self._end_entry(at)
                at += 1
            elif char == ":":
                self._colon(at)
                at += 1
            elif char in "\"'":
                scalar, at = self.texts.quoted(at, self.parent)
                self._put(scalar, at)
            else:
                at = self._plain(at)

    def _between(self, at: int) -> tuple[int, bool]:
        """Behind blanks, comments and line ends; and whether what is open ends there, for want of anything more."""
        texts, text = self.texts, self.texts.text
        last = at
        while True:
            at = texts.skip(at)
            if at < len(text) and text[at] == "#" and text[at - 1] in f"\n{BLANKS}":
                at = texts.line_end(at)
            if at == len(text):
                return last, True
            if text[at] != "\n":
                return at, False
            line = text[at + 1 : texts.line_end(at + 1)]
            content = line.lstrip(" ")
            if content and content[0] not in "}]#" and len(line) - len(content) <= self.parent:
                return last, True
            at += 1

    # ---- what was read

    def _put(self, node: Tree, behind: int) -> None:
        top = self.opened[-1]
        if top.sign == "[":
            if top.value is not None:
                self._end_entry(node.span.start)
            top.value = node
        elif top.key is None:
            top.key = node
        elif top.colon >= 0 and top.value is None:
            top.value = node
        else:  # a comma is missing
            self._end_entry(behind)
            top.key = node

    def _colon(self, at: int) -> None:
        top = self.opened[-1]
        if top.sign == "[":
            return
        if isinstance(top.value, Scalar) and top.value.style == "plain":
            self._split_last_word(top, top.value)
        if top.key is not None and top.colon < 0:
            top.colon = at + 1

    def _split_last_word(self, top: _Open, value: Scalar) -> None:
        """`{label: 甲 unit: 元}`, `{label: 甲，unit: 元}`: a new key stands at the end of the value."""
        text, start, end = self.texts.text, value.span.start, value.span.end
        found = _LAST_WORD.search(text, max(start, end - _WORD_REACH), end)
        if found is not None and found.start() > start:
            kept = text[start : found.start()].rstrip()
            top.value = self.texts.scalar(start, start + len(kept), " ".join(kept.split("\n")))
            self._end_entry(found.start())
            top.key = self.texts.scalar(*found.span(1))

    def _end_entry(self, at: int) -> None:
        """Args:
        at: where what follows begins.
        """
        top = self.opened[-1]
        if top.sign == "[":
            if top.value is not None:
                top.items.append(top.value)
        elif top.key is not None:
            value = self._nothing(top, at) if top.value is None else top.value
            if isinstance(top.key, Scalar):
                top.entries.append((top.key, value))
        top.key, top.colon, top.value = None, -1, None

    def _nothing(self, top: _Open, at: int) -> Scalar:
        begin = max(top.at, top.colon)
        return self.texts.nothing(begin + len(self.texts.text[begin:at].rstrip()))

    def _close(self, bracket: str, behind: int) -> Tree | None:
        """Close the last bracket that this one closes, and all behind it; the whole where that was the first."""
        if all(_CLOSER[one.sign] != bracket for one in self.opened):
            return None
        while True:
            fits = _CLOSER[self.opened[-1].sign] == bracket
            self._end_entry(behind - 1)
            node = self._made(self.opened.pop(), behind)
            if not self.opened:
                return node
            self._put(node, behind)
            if fits:
                return None

    def _close_all(self, at: int) -> tuple[Tree, int]:
        while True:
            self._end_entry(at)
            node = self._made(self.opened.pop(), at)
            if not self.opened:
                return node, at
            self._put(node, at)

    def _made(self, one: _Open, end: int) -> Tree:
        span = Span(self.texts.source, one.at, end)
        if one.sign == "[":
            return Sequence(span, tuple(one.items), flow=True)
        return Mapping(span, unique(one.entries), flow=True)

    # ---- texts without quotes

    def _plain(self, start: int) -> int:
        texts, text = self.texts, self.texts.text
        glued = GLUED_KEY.match(text, start)
        top = self.opened[-1]
        if glued is not None and top.sign == "{" and top.key is None:
            self._put(texts.scalar(*glued.span(1)), glued.end(2))
            top.colon = glued.end(2)
            return glued.end(2)
        end = self._text_end(start)
        while (following := self._next_line(end)) >= 0:
            end = self._text_end(following)
        kept = text[start:end]
        self._put(texts.scalar(start, end, folded(kept)), end)
        return end

    def _text_end(self, at: int) -> int:
        found = _TEXT.match(self.texts.text, at)
        return at + 1 if found is None else found.end()

    def _next_line(self, at: int) -> int:
        """Where a text goes on that ended with its line; -1 where it does not."""
        texts, text = self.texts, self.texts.text
        if texts.skip(at) != texts.line_end(at):
            return -1
        behind, outside = self._between(at)
        if outside or text[behind] in ",}]{[:#" or "#" in text[at:behind] or _NEW_ENTRY.match(text, behind):
            return -1
        return behind


def unique(pairs: Iterable[tuple[Scalar, Tree]]) -> tuple[tuple[Scalar, Tree], ...]:
    """Of entries with one key the first, and none for a key that merges."""
    kept: dict[str, tuple[Scalar, Tree]] = {}
    for key, value in pairs:
        if key.text != "<<" or key.style != "plain":
            kept.setdefault(key.text, (key, value))
    return tuple(kept.values())
