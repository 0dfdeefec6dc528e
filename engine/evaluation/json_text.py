"""JSON text or bytes to a plain tree, strictly: numbers stay the text that was written.

In: what a user sent.  Out: dicts, lists, texts, truths, None and `NumberText`; or `HouseholdError`, each trouble with
its own code. No number goes through a float, no key is lost, nothing is nested deeper or larger than the limits.
Ground floor only.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final

from engine.diagnostics import Reporter
from engine.errors import HouseholdError
from engine.evaluation.reasons import Reasons
from engine.records import dataclass

MOST_BYTES: Final = 4 * 1024 * 1024
MOST_LEVELS: Final = 32
_BLANKS: Final = " \t\r\n"

# a whole string, or all that is left where it is not closed: taken at once, so that no text is looked at twice
_BRACKETS = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]'
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


@dataclass(frozen=True, slots=True)
class NumberText:
    """A number as it was written. `NaN` and `Infinity`, which JSON does not have, are kept only to be refused."""

    text: str


class _Object(dict[str, object]):
    """An object some of whose keys stand more than once."""

    repeated: tuple[str, ...] = ()


def read_json(data: str | bytes | bytearray) -> object:
    """The tree of one JSON text.

    Raises: HouseholdError with `json-too-large`, `json-encoding`, `json-too-deep`, `not-json`, `json-duplicate-key`,
        `json-not-finite`, `json-blank` or `json-lone-surrogate`.
    """
    report = Reasons()
    text = _decoded(data, report)
    tree = None if text is None else _parsed(text, report)
    if report.has_errors:
        raise HouseholdError(report.diagnostics)
    return tree


def _decoded(data: str | bytes | bytearray, report: Reporter) -> str | None:
    if len(data) > MOST_BYTES or (isinstance(data, str) and _bytes_of(data) > MOST_BYTES):
        report.tell("json-too-large", None, path="$", limit=str(MOST_BYTES))
        return None
    if not isinstance(data, str):
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError:
            report.tell("json-encoding", None, path="$")
            return None
    return data.removeprefix("\ufeff")


def _bytes_of(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _parsed(text: str, report: Reporter) -> object:
    if _too_deep(text):
        report.tell("json-too-deep", None, path="$", limit=str(MOST_LEVELS))
        return None
    is_odd = False
    try:
        try:
            tree: object = _STRICT.decode(text)
        except _Odd:
            is_odd, tree = True, _MARKING.decode(text)
    except json.JSONDecodeError as fault:
        _refuse_text(fault, report)
        return None
    if is_odd or _SURROGATE_ESCAPE.search(text) or has_lone_surrogate(text):
        for path, node in _nodes(tree, ""):
            _refuse_odd(node, path or "$", report)
    return tree


class _Odd(Exception):
    """A key stands more than once, or `NaN`: where, is found when the text is read again."""


def _once(entries: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(entries)
    if len(found) != len(entries):
        raise _Odd
    return found


def _marked(entries: list[tuple[str, object]]) -> dict[str, object]:
    found = _Object(entries)
    times = Counter(key for key, _ in entries)
    found.repeated = tuple(key for key in found if times[key] > 1)
    return found


def _not_finite(name: str) -> object:
    raise _Odd(name)


_STRICT: Final = json.JSONDecoder(
    parse_int=NumberText, parse_float=NumberText, parse_constant=_not_finite, object_pairs_hook=_once
)
_MARKING: Final = json.JSONDecoder(
    parse_int=NumberText, parse_float=NumberText, parse_constant=NumberText, object_pairs_hook=_marked
)


def _refuse_text(fault: json.JSONDecodeError, report: Reporter) -> None:
    text = fault.doc
    # what is lacking at the end is lacking behind the last character, not on a line that is not there
    at = min(fault.pos, len(text.rstrip(_BLANKS)))
    line, column = str(text.count("\n", 0, at) + 1), str(at - text.rfind("\n", 0, at))
    char = text[at : at + 1]
    in_text = fault.msg.startswith("Invalid control character")
    if char not in _BLANKS and not in_text and (char.isspace() or unicodedata.category(char) == "Cf"):
        shown = f"U+{ord(char):04X}"
        report.tell("json-blank", None, path="$", line=line, column=column, character=shown)
        return
    goes_on = "yes" if fault.msg.startswith("Extra data") else ""
    report.tell("not-json", None, path="$", line=line, column=column, goes_on=goes_on)


def _too_deep(text: str) -> bool:
    if text.count("[") + text.count("{") <= MOST_LEVELS:
        return False
    level = 0
    for found in re.finditer(_BRACKETS, text, re.DOTALL):
        char = found[0]
        if char in "[{":
            level += 1
            if level > MOST_LEVELS:
                return True
        elif char in "]}":
            level -= 1
    return False


def _nodes(tree: object, path: str) -> Iterator[tuple[str, object]]:
    """Every node with its path; keys count as nodes too."""
    yield path, tree
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield path, key
            yield from _nodes(value, f"{path}.{printable(key)}" if path else printable(key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _nodes(value, f"{path}[{index}]")


def _refuse_odd(node: object, path: str, report: Reporter) -> None:
    if isinstance(node, _Object):
        for key in node.repeated:
            report.tell("json-duplicate-key", None, path=path, key=printable(key))
    elif isinstance(node, NumberText):
        if node.text[-1] in "Ny":
            report.tell("json-not-finite", None, path=path, text=node.text)
    elif isinstance(node, str) and has_lone_surrogate(node):
        report.tell("json-lone-surrogate", None, path=path)


def has_lone_surrogate(text: str) -> bool:
    """There is no other character that UTF-8 cannot write."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def printable(text: str) -> str:
    """The text with what cannot be printed shown by its code, cut where it is long."""
    shown = text if text.isprintable() else "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:80])
    return shown if len(shown) <= 80 else f"{shown[:79]}…"
