"""YAML text to a tree of texts with places. The sole holder of yaml.

In: a file's bytes.  Out: a `Source` and a `Tree`, or Diagnostics.
YAML is read as a stream of events by the C parser where PyYAML has it and by the pure Python one otherwise, with
the same result. Duplicate keys, merge keys, anchors and aliases, tags, several documents and keys that are no text
are refused; scalars stay text. Mistakes that YAML swallows without a word (a comma inside `{…}`, a full-width colon,
typographic quotes, a full-width space as indentation) have a diagnostic of their own.
Imports the ground floor and yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field

import yaml

from engine.diagnostics import Reporter
from engine.policy.yaml_forms import well_formed
from engine.records import dataclass
from engine.source import Source, Span, UnitWords
from engine.tree import Mapping, Scalar, Sequence, Style, Tree

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
MAX_TEXT = 16_384
"""characters of one text or key; what it says bounds most of them closer"""

_STYLES: dict[str | None, Style] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}
_OPENING, _CLOSING = "“”‘’「『＂", "“”‘’」』＂"


def decode(
    data: bytes, name: str, report: Reporter, *, limit: int = MAX_BYTES, also: str = "", units: UnitWords = ()
) -> Source | None:
    """The text of a file: UTF-8, with or without a byte order mark, with any line ends (kept as `\\n`).

    Args:
        also: a further encoding to accept (tables may be GB18030).
        units: what the policy declares that the text belongs to.
    """
    if len(data) > limit:
        report.tell("file-too-large", None, path=name, size=str(len(data)), limit=str(limit))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        from engine.policy.encodings import Doubt, legacy_text

        found = legacy_text(data)
        if isinstance(found, Doubt):
            report.tell("encoding-doubt", None, path=name, read=found.read, other=found.other)
            return None
        if found is None or not also:
            report.tell("not-text" if found is None else "not-utf8", None, path=name)
            return None
        text = found
    source = Source(name, text.replace("\r\n", "\n").replace("\r", "\n"), units)
    return source if _allowed(source, report) else None


def _allowed(source: Source, report: Reporter) -> bool:
    odd = _NOT_ALLOWED.search(source.text)
    if odd is not None:
        _report_character(odd[0], Span(source, odd.start(), odd.end()), report)
    return odd is None


def _report_character(character: str, span: Span, report: Reporter) -> None:
    report.tell("bad-character", span, character=f"U+{ord(character):04X}")


def read_tree(source: Source, report: Reporter, *, pure: bool = False) -> Tree | None:
    """The document as a tree; None where nothing can be said of it.

    Args:
        pure: use the pure Python parser even where the C one is there (tests compare the two).
    """
    text = well_formed(source, report) if _allowed(source, report) else None
    if text is None:
        return None
    loader = yaml.SafeLoader if pure else getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _TreeBuilder(source, report)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.feed(event)
            if builder.stopped:
                break
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        offset = min(0 if mark is None else mark.index, max(len(text) - 1, 0))
        report.tell("yaml-syntax", Span(source, offset, min(offset + 1, len(text))), form=text[offset : offset + 1])
        return None
    if not builder.stopped and builder.root is None:
        report.tell("empty-file", Span(source, 0, 0))
    return builder.root


class _TreeBuilder:
    """Puts the events together; `stopped` once a limit is passed."""

    def __init__(self, source: Source, report: Reporter) -> None:
        self.source = source
        self.report = report
        self.root: Tree | None = None
        self.stopped = False
        self._open: list[_Open] = []
        self._documents = 0

    def feed(self, event: yaml.Event) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self.report.tell("several-documents", self._span(event))
                    self.stopped = True
            case yaml.AliasEvent():
                self.report.tell("alias-refused", self._span(event))
                self._place(Scalar(self._span(event), self._span(event).text, "double"))
            case yaml.ScalarEvent():
                self._refuse_extras(event)
                if len(event.value) > MAX_TEXT:
                    count, limit = str(len(event.value)), str(MAX_TEXT)
                    self.report.tell("text-too-long", self._span(event), count=count, limit=limit)
                    self.stopped = True
                    return
                self._place(self._scalar(event))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_extras(event)
                if len(self._open) >= MAX_DEPTH:
                    self.report.tell("too-deep", self._span(event), limit=str(MAX_DEPTH))
                    self.stopped = True
                    return
                self._open.append(
                    _Open(_start(event), isinstance(event, yaml.MappingStartEvent), bool(event.flow_style))
                )
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._place(self._close(self._open.pop(), _end(event)))
            case _:
                pass

    def _span(self, event: yaml.Event) -> Span:
        return Span(self.source, _start(event), max(_end(event), _start(event) + 1))

    def _refuse_extras(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag is not None:
            self.report.tell("tag-refused", self._span(event), tag=event.tag)
        if event.anchor is not None:
            self.report.tell("anchor-refused", self._span(event), anchor=event.anchor)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        start, end = _start(event), _end(event)
        style = _STYLES[event.style]
        if style in ("single", "double"):
            start, end = start + 1, end - 1
        elif style in ("literal", "folded"):
            start, end = self._block_body(event)
        elif not event.value:  # nothing at all: the parsers differ in how far off it is
            start = end = (
                len(self.source.text[:start].rstrip()) if self.source.text[start - 1 : start].isspace() else start
            )
        scalar = Scalar(Span(self.source, start, end), event.value, style)
        text = event.value
        if style == "double" and (odd := _NOT_PRINTABLE.search(text)) is not None:
            _report_character(odd[0], scalar.span, self.report)  # written as an escape, "\e"
        if style == "plain" and len(text) > 1 and text[0] in _OPENING and text[-1] in _CLOSING:
            self.report.tell("curly-quotes", scalar.span, text=text)
            return Scalar(scalar.span.at(1, end - start - 1), text[1:-1], "double")  # as it was meant
        return scalar

    def _block_body(self, event: yaml.ScalarEvent) -> tuple[int, int]:
        """Offsets of a block scalar's text below its indicator line."""
        text = self.source.text
        start = text.find("\n", _start(event))
        if start < 0:
            return len(text), len(text)
        body = text[start + 1 : _end(event)]
        lead = len(body) - len(body.lstrip())
        stripped = body.strip()
        return start + 1 + lead, start + 1 + lead + len(stripped)

    def _place(self, node: Tree) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self.root = node

    def _close(self, opened: _Open, end: int) -> Tree:
        span = Span(self.source, opened.start, end)
        if not opened.mapping:
            return Sequence(span, tuple(opened.nodes), opened.flow)
        pairs = list(zip(opened.nodes[::2], opened.nodes[1::2], strict=True))
        if opened.flow:
            pairs = list(self._rejoin_flow(pairs))
        return Mapping(span, tuple(self._unique(pairs)), opened.flow)

    def _unique(self, pairs: list[tuple[Tree, Tree]]) -> Iterator[tuple[Scalar, Tree]]:
        seen: dict[str, Scalar] = {}
        for key, value in pairs:
            if not isinstance(key, Scalar):
                self.report.tell("key-not-text", key.span)
            elif key.text == "<<" and key.style == "plain":
                self.report.tell("merge-key", key.span)
            elif key.text in seen:
                self.report.tell("duplicate-key", key.span, key=key.text, related=[("first-here", seen[key.text].span)])
            else:
                seen[key.text] = key
                yield key, value

    def _rejoin_flow(self, pairs: list[tuple[Tree, Tree]]) -> Iterator[tuple[Tree, Tree]]:
        """Inside `{…}` YAML cuts an expression at its first comma: report it, and drop the pieces that follow."""
        depth = 0
        for key, value in pairs:
            if depth > 0:
                depth += _depth(key) + _depth(value)
                continue
            yield key, value
            depth = max(0, _depth(value))
            if depth > 0:
                self.report.tell("comma-in-braces", value.span, text=value.span.text)


def _start(event: yaml.Event) -> int:
    return 0 if event.start_mark is None else event.start_mark.index


def _end(event: yaml.Event) -> int:
    return 0 if event.end_mark is None else event.end_mark.index


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end was not met yet."""

    start: int
    mapping: bool
    flow: bool
    nodes: list[Tree] = field(default_factory=list)


def _depth(node: Tree) -> int:
    """How many round brackets a plain scalar leaves open."""
    if not isinstance(node, Scalar) or node.style != "plain":
        return 0
    return sum((char in "(（") - (char in ")）") for char in node.text)


# what YAML calls not printable; by an escape a text may hold line ends, and its reader says where it must not
_NOT_PRINTABLE = re.compile("[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# what YAML calls not printable, what it takes for the end of a line or of a file's beginning
# (listed as they are: the set of all others takes eight times as long to compile, in every process)
_NOT_ALLOWED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def top_texts(text: str) -> dict[str, list[str]]:
    """What stands at the top of a file that may be broken further down: each key with the texts given to it, "" for
    what is no text. Reading ends at the first fault; a value that the fault lies in is not there.
    """
    found: dict[str, list[str]] = {}
    depth, key = 0, ""
    try:
        for event in yaml.parse(_NOT_ALLOWED.sub("\ufffd", text), Loader=yaml.SafeLoader):
            match event:
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    depth += 1
                    if depth > MAX_DEPTH or (depth == 1 and isinstance(event, yaml.SequenceStartEvent)):
                        break
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    depth -= 1
                    if depth == 1 and key:
                        found.setdefault(key, []).append("")
                        key = ""
                case yaml.ScalarEvent() if depth == 1 and not key:
                    key = event.value or " "
                case yaml.ScalarEvent() if depth == 1:
                    found.setdefault(key, []).append(event.value)
                    key = ""
                case yaml.AliasEvent() | yaml.DocumentEndEvent():
                    break
                case _:
                    pass
    except yaml.YAMLError:
        pass
    return found
