"""What the styles of an Excel workbook say of its cells: their number formats, and what is struck out or raised.

In: `styles.xml` and `sharedStrings.xml`.  Out: `Styles`. Conditional formats, colours and sizes are not looked at.
Imports marked, number_formats and workbook_xml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cache

from engine.policy.marked import Mark
from engine.policy.number_formats import BUILT_IN, MOST_CHARACTERS, NumberFormat
from engine.policy.workbook_xml import Attributes, Damaged, is_on, parse, plain_tag
from engine.records import dataclass

_MOST_LEVELS = 32
_MOST_FORMATS = 10_000
"""no spreadsheet keeps more than some hundreds"""


@dataclass(frozen=True, slots=True)
class Style:
    format: NumberFormat
    is_struck: bool = False


GENERAL = Style(NumberFormat("General"))


@dataclass(frozen=True, slots=True)
class Styles:
    """`of` by the number that cells name; `texts`: shared texts of which a part is marked, by their number."""

    of: Mapping[str, Style] = field(default_factory=dict)
    texts: Mapping[str, Mark] = field(default_factory=dict)


def read_styles(parts: Mapping[str, bytes]) -> Styles:
    by_name = {name.lower(): part for name, part in parts.items()}  # as calamine finds them
    texts = by_name.get("xl/sharedstrings.xml", b"")
    marked = _SharedTexts().read(texts) if b"strike" in texts or b"vertAlign" in texts else {}
    return Styles(_StyleReader().read(by_name.get("xl/styles.xml", b"")), marked)


class _StyleReader:
    def __init__(self) -> None:
        self._inside: list[str] = []
        self._codes = dict(BUILT_IN)
        self._format = cache(lambda number: NumberFormat(self._codes.get(number, "General")))
        self._struck: list[bool] = []
        self._styles: dict[str, Style] = {}

    def read(self, part: bytes) -> dict[str, Style]:
        if part:
            parse(part, self._start, self._end)
        return self._styles

    def _start(self, tag: str, attributes: Attributes) -> None:
        tag = plain_tag(tag)
        if len(self._inside) > _MOST_LEVELS:
            raise Damaged("damaged")
        match self._inside[1:], tag:
            case ["numFmts"], "numFmt":
                code = attributes["formatCode"]
                if len(code) > MOST_CHARACTERS or len(self._codes) > _MOST_FORMATS:
                    raise Damaged("damaged")
                self._codes[attributes["numFmtId"]] = code
            case ["fonts"], "font":
                self._struck.append(False)
            case ["fonts", "font"], "strike":
                self._struck[-1] = is_on(attributes.get("val", "1"))
            case ["cellXfs"], "xf":
                font = int(attributes.get("fontId", "0"))
                is_struck = 0 <= font < len(self._struck) and self._struck[font]
                self._styles[str(len(self._styles))] = Style(self._format(attributes.get("numFmtId", "0")), is_struck)
            case _:  # whatever else a style says changes no value
                pass
        self._inside.append(tag)

    def _end(self, _: str) -> None:
        self._inside.pop()


class Runs:
    """The stretches of one text, each struck out, raised (a footnote's number) or neither."""

    def __init__(self) -> None:
        self._texts: list[tuple[bool, bool, str]] = []
        self._struck = self._raised = False

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "r":
            self._struck = self._raised = False
        elif tag == "strike":
            self._struck = is_on(attributes.get("val", "1"))
        elif tag == "vertAlign":
            self._raised = attributes.get("val") != "baseline"

    def text(self, text: str) -> None:
        self._texts.append((self._struck, self._raised, text))

    def mark(self) -> Mark | None:
        """None where nothing that counts is struck out or raised."""
        if any(struck and text.strip() for struck, _, text in self._texts):
            return Mark(struck=True, kept="".join(text for struck, _, text in self._texts if not struck).strip())
        raised = "".join(text for _, raised, text in self._texts if raised).strip()
        all_raised = all(raised for _, raised, _ in self._texts)
        return Mark(raised=raised) if re.search(r"[0-9０-９]", raised) and not all_raised else None


class _SharedTexts:
    def __init__(self) -> None:
        self._count = 0
        self._runs = Runs()
        self._in_text = False
        self._found: dict[str, Mark] = {}

    def read(self, part: bytes) -> dict[str, Mark]:
        parse(part, self._start, self._end, self._text)
        return self._found

    def _start(self, tag: str, attributes: Attributes) -> None:
        tag = plain_tag(tag)
        if tag == "si":
            self._runs = Runs()
        self._in_text = tag == "t"
        self._runs.start(tag, attributes)

    def _text(self, text: str) -> None:
        if self._in_text:
            self._runs.text(text)

    def _end(self, tag: str) -> None:
        self._in_text = False
        if plain_tag(tag) != "si":
            return
        mark = self._runs.mark()
        if mark is not None:
            self._found[str(self._count)] = mark
        self._count += 1
