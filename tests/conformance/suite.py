"""The conformance suite as data.

In: tests/conformance/*.yaml.  Out: `Entry`s, each an expression in one or both languages, what is given, and exactly
one expectation. Every scalar is read as text, so that no number passes through a float and no word turns into a
truth on the way; a key given twice is refused, so that no entry is lost silently.

The names that entries speak of are those of the policy in world/. A file of entries is `entries:`. An entry:
  id        unique in its file
  zh, en    the expression; where both are given they must mean the same. `parts: [[text, times], …]` spells a long one;
            `term: {sum: {id: expression, …}}` is a term in named parts instead
  given     facts of the household by id, collections as lists of items; `null` or absent: not known
  previous  what the term was that the expression replaces
  as        the unit asked for, or `truth`
  unless    yes: the opposite of the expression is meant, as a condition with `unless` means it
  shows     a rule of units that the entry is there to show (see test_coverage.py)
and one of
  value     a number ("12.5", "1/3") in `unit` (absent: a plain number), yes or no, a date, an option or a text
  interval  [low, high] in `unit`, or two dates; `open` for no end (dates open on both sides: `unit: date`)
  unknown   truth, choice, text, place or several: the type of what is not known
  fault     the code of the only diagnostic, at column `at`; or `faults: [[code, column], …]`
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

HERE: Final = Path(__file__).parent

Data: TypeAlias = Mapping[str, Any]

_EXPECTATIONS: Final = ("value", "interval", "unknown", "fault", "faults")
_FIELDS: Final = {
    *("id", "zh", "en", "parts", "term", "given", "previous", "as", "unless", "shows"),
    *(*_EXPECTATIONS, "unit", "at"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A known value as written; `unit` is None where it is no quantity or a plain number."""

    text: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class Between:
    """The ends as written; None for an open one."""

    low: str | None
    high: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class NotKnown:
    type: str


@dataclass(frozen=True, slots=True)
class Faults:
    """Codes with their columns (None: not stated), in order of place."""

    found: tuple[tuple[str, int | None], ...]


Expected: TypeAlias = Known | Between | NotKnown | Faults


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """`texts` are the spellings (of a `term`, its parts one after the other)."""

    id: str
    texts: tuple[str, ...]
    expected: Expected
    given: Data
    previous: str = ""
    asked: str = ""
    unless: bool = False
    term: Data | None = None
    shows: str = ""


def topic_of(id: str) -> str:
    """Of the id of an entry, or of what begins with it."""
    return id.partition("/")[0]


@cache
def entries() -> tuple[Entry, ...]:
    """All entries of all topics, in order of file name and writing."""
    found = tuple(entry for path in sorted(HERE.glob("*.yaml")) for entry in _entries_of(path))
    ids = [entry.id for entry in found]
    if len(set(ids)) != len(ids):
        raise ValueError(f"entry ids given twice: {sorted(id for id in set(ids) if ids.count(id) > 1)}")
    return found


@cache
def read(path: Path) -> Data:
    """A YAML file with every scalar as text."""
    loaded = yaml.load(path.read_text(encoding="utf-8"), _TextLoader)
    if not isinstance(loaded, dict):
        raise ValueError(f"{path.name}: not a mapping")
    return loaded


_FASTEST: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _TextLoader(_FASTEST):  # type: ignore[misc]  # one of two classes that read the same
    """Text for every scalar; a key given twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"{node.start_mark}: `{key}` is given twice")
        found: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return found


def _entries_of(path: Path) -> Iterator[Entry]:
    topic = read(path)
    for fields in topic["entries"]:
        yield _entry(path.stem, fields)


def _entry(topic: str, fields: Data) -> Entry:
    id = f"{topic}/{fields['id']}"
    strange = set(fields) - _FIELDS
    if strange:
        raise ValueError(f"{id}: unknown fields {sorted(strange)}")
    texts = [fields[language] for language in ("zh", "en") if language in fields]
    if "parts" in fields:
        texts.append("".join(text * int(times) for text, times in fields["parts"]))
    if "term" in fields:
        texts.append(", ".join(text for parts in fields["term"].values() for text in parts.values()))
    if not texts:
        raise ValueError(f"{id}: no expression")
    return Entry(
        id=id,
        texts=tuple(texts),
        expected=expectation(id, fields),
        given=fields.get("given", {}),
        previous=fields.get("previous", ""),
        asked=fields.get("as", ""),
        unless="unless" in fields,
        term=fields.get("term"),
        shows=fields.get("shows", ""),
    )


def expectation(id: str, fields: Data) -> Expected:
    """What the fields of an entry, or of one of its outputs, say of a value."""
    stated = [name for name in _EXPECTATIONS if name in fields]
    if len(stated) != 1:
        raise ValueError(f"{id}: needs exactly one expectation, not {stated}")
    unit = fields.get("unit")
    match stated[0]:
        case "value":
            return Known(fields["value"], unit)
        case "interval":
            low, high = (None if end == "open" else end for end in fields["interval"])
            return Between(low, high, unit)
        case "unknown":
            return NotKnown(fields["unknown"])
        case "fault":
            return Faults(((fields["fault"], int(fields["at"]) if "at" in fields else None),))
    return Faults(tuple((code, int(column)) for code, column in fields["faults"]))
