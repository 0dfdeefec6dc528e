"""A tree of any text, however broken: what a policy file says while somebody writes it.

In: a `Source`.  Out: a `Tree`, always. Of a sound file it is the very tree that `policy.yaml_nodes` reads; in a broken
one every entry that is complete stands where it did, a line without a colon is a key without a value, and what is not
understood is passed over line by line. The text is gone through once.
Imports recovering_texts, recovering_flow, yaml_values, the tree and the ground floor.
"""

from __future__ import annotations

import re
from dataclasses import field

from engine.editing.recovering_flow import read_flow, unique
from engine.editing.recovering_texts import BLOCK, Texts
from engine.policy.yaml_nodes import MAX_DEPTH
from engine.policy.yaml_values import BLANKS, GLUED_KEY, LONGEST_KEY
from engine.records import dataclass
from engine.source import Source, Span
from engine.tree import Mapping, Scalar, Sequence, Tree

_KEY = re.compile(rf"(?:[^\n:#]++|:(?![{BLANKS}\n]|\Z)|(?<![{BLANKS}])#)*+:")
"""a text up to the first colon with a blank behind it"""
_WHOLE_QUOTES = re.compile(r"""(?:"(?:[^"\\\n]|\\.)*+"|'(?:[^'\n]|'')*+')[ \t]*:(?=[ \t\n]|\Z)""")
_WIDE_KEY = re.compile(r"([^\s：:]+)[ ]*：")
_MARK = re.compile(r"(?:---|\.\.\.)(?=\s|\Z)")


def recover(source: Source) -> Tree:
    """What can be understood of a text; a map without entries where that is nothing."""
    return _Reader(Texts(source)).read()


@dataclass(slots=True)
class _Level:
    """A map or a list that is being read."""

    start: int
    indent: int
    mapping: bool
    entries: list[tuple[Scalar, Tree]] = field(default_factory=list)
    items: list[Tree] = field(default_factory=list)
    key: Scalar | None = None
    waiting: int = -1
    """behind the colon or dash whose value has not come yet"""


@dataclass(slots=True)
class _Reader:
    texts: Texts
    levels: list[_Level] = field(default_factory=list)
    root: Tree | None = None

    def read(self) -> Tree:
        text = self.texts.text
        at = 0
        while at < len(text):
            at = self._line(at) + 1
        while self.levels:
            self._close(len(text))
        return Mapping(Span(self.texts.source, 0, len(text)), ()) if self.root is None else self.root

    def _line(self, start: int) -> int:
        """Read from the start of a line on; the end of the last line that it took."""
        text, end = self.texts.text, self.texts.line_end(start)
        at = self.texts.skip(start)
        if at >= end or text[at] == "#" or (at == start and _MARK.match(text, at)):
            return end
        indent = _width(text[start:at])
        left = False
        while True:
            indent = self._leave(indent, at)
            if self._is_dash(at):
                if not self._dash(at, indent):
                    return end
                behind = self.texts.skip(at + 1)
                if behind >= end or text[behind] == "#":
                    return end
                indent, at, left = indent + behind - at, behind, True
                continue
            return self._entry(at, indent, end, dashed=left)

    def _entry(self, at: int, indent: int, end: int, *, dashed: bool) -> int:
        """A key with its value, or a value alone."""
        key = self._key(at)
        if key is not None:
            scalar, behind = key
            if self._put_key(scalar, behind, at, indent):
                return self._value(behind)
            return end
        top = self.levels[-1] if self.levels else None
        if top is not None and top.waiting >= 0 and (indent > top.indent or dashed):
            return self._value(at)
        if top is None and self.root is None and self.texts.text[at] in "{[":
            node, behind = read_flow(self.texts, at, -1, 0)
            self.root = node
            return self.texts.line_end(behind)
        return self._bare(at, indent, end)

    # ---- levels

    def _leave(self, indent: int, at: int) -> int:
        """Close the levels deeper in; a line between two levels belongs to the deeper one.

        Returns: the indentation that the line counts for.
        """
        levels = self.levels
        while levels and levels[-1].indent > indent:
            if len(levels) == 1 or levels[-2].indent < indent:
                return levels[-1].indent
            self._close(at)
        return indent

    def _close(self, at: int) -> None:
        """Args:
        at: where what follows begins.
        """
        level = self.levels.pop()
        self._end_entry(level)
        span = Span(self.texts.source, level.start, at)
        if level.mapping:
            self._place(Mapping(span, unique(level.entries)))
        else:
            self._place(Sequence(span, tuple(level.items)))

    def _place(self, node: Tree) -> None:
        """Put a value where one is waited for; elsewhere nobody knows what it belongs to."""
        if not self.levels:
            self.root = node if self.root is None else self.root
            return
        top = self.levels[-1]
        if top.waiting < 0:
            return
        if not top.mapping:
            top.items.append(node)
        elif top.key is not None:
            top.entries.append((top.key, node))
        top.key, top.waiting = None, -1

    def _end_entry(self, level: _Level) -> None:
        """What waits for a value gets none."""
        if level.waiting >= 0:
            nothing = self.texts.nothing(level.waiting)
            if not level.mapping:
                level.items.append(nothing)
            elif level.key is not None:
                level.entries.append((level.key, nothing))
            level.key, level.waiting = None, -1

    def _is_dash(self, at: int) -> bool:
        text = self.texts.text
        return text[at] == "-" and text[at + 1 : at + 2] in ("", "\n", *BLANKS)

    def _dash(self, at: int, indent: int) -> bool:
        """Whether the dash begins an item of some list."""
        self._leave_map(at, indent)
        top = self.levels[-1] if self.levels else None
        if top is None or top.mapping or indent > top.indent:
            if len(self.levels) >= MAX_DEPTH:
                return False
            top = _Level(at, indent, mapping=False)
            self.levels.append(top)
        self._end_entry(top)
        top.waiting = at + 1
        return True

    def _put_key(self, key: Scalar, behind: int, at: int, indent: int) -> bool:
        """Whether there is a map for a key; one that is too deep in belongs to the map above."""
        self._leave_list(at, indent)
        top = self.levels[-1] if self.levels else None
        if top is None or not top.mapping or (indent > top.indent and top.waiting >= 0):
            if len(self.levels) >= MAX_DEPTH:
                return False
            top = _Level(at, indent, mapping=True)
            self.levels.append(top)
        self._end_entry(top)
        top.key, top.waiting = key, behind
        return True

    def _leave_list(self, at: int, indent: int) -> None:
        """A list may lie no deeper than the key it belongs to: the next key ends it."""
        if len(self.levels) > 1:
            below, top = self.levels[-2:]
            if not top.mapping and below.mapping and top.indent == indent == below.indent:
                self._close(at)

    def _leave_map(self, at: int, indent: int) -> None:
        """A map that lies where the dashes of its list do lacks one: the next dash ends it."""
        if len(self.levels) > 1:
            below, top = self.levels[-2:]
            if top.mapping and not below.mapping and top.indent == indent == below.indent and top.waiting < 0:
                self._close(at)

    # ---- keys

    def _key(self, at: int) -> tuple[Scalar, int] | None:
        """The key that begins here, and the offset behind its colon."""
        texts, text = self.texts, self.texts.text
        if text[at] in "\"'":
            if _WHOLE_QUOTES.match(text, at) is None:
                return None
            scalar, behind = texts.quoted(at, -1)
            return scalar, text.index(":", behind) + 1
        if text[at] in "{[|>":
            return None
        found = _KEY.match(text, at)
        if found is not None and found.end() - at <= LONGEST_KEY:
            return texts.scalar(at, at + len(found[0][:-1].rstrip(f"{BLANKS}"))), found.end()
        glued = GLUED_KEY.match(text, at)
        return None if glued is None else (texts.scalar(*glued.span(1)), glued.end(2))

    def _bare(self, at: int, indent: int, end: int) -> int:
        """A line without a key and no value either: a key that is being written, or an item."""
        self._leave_list(at, indent)
        top = self.levels[-1] if self.levels else None
        if top is not None and not top.mapping:
            if indent == top.indent:
                self._end_entry(top)
                top.waiting = at
                return self._value(at)
            return end
        wide = _WIDE_KEY.match(self.texts.text, at, end)
        if wide is not None and self._put_key(self.texts.scalar(*wide.span(1)), wide.end(), at, indent):
            return self._value(wide.end())
        word = self.texts.text[at:end].partition(" #")[0].rstrip()
        if (
            word
            and len(word) <= LONGEST_KEY
            and word[0] not in "{[\"'|>-"
            and self._put_key(self.texts.scalar(at, at + len(word)), at + len(word), at, indent)
        ):
            self._end_entry(self.levels[-1])
        return end

    # ---- values

    def _value(self, behind: int) -> int:
        """What stands behind a key, behind dashes or on a line of its own; the end of its last line."""
        texts, text = self.texts, self.texts.text
        at = texts.skip(behind)
        end = texts.line_end(at)
        if at == end or (text[at] == "#" and at > behind):
            return end
        parent = self.levels[-1].indent
        node: Tree
        if BLOCK.match(text, at):
            node, at = texts.block(at, parent)
        elif text[at] in "{[":
            node, at = read_flow(texts, at, parent, len(self.levels))
        elif text[at] in "\"'":
            node, at = texts.quoted(at, parent)
        else:
            node, at = texts.plain(at, parent)
        self._place(node)
        return texts.line_end(at)


def _width(indent: str) -> int:
    """How deep an indentation looks: a tab and a wide blank are two, one of no width is none."""
    if not indent.strip(" "):
        return len(indent)
    return sum(
        2 if char in "\t\u3000" else 0 if "\u200b" <= char <= "\u200d" or char == "\u2060" else 1 for char in indent
    )
