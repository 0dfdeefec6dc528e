"""A policy saved under the name of something else: what the beginning of a file of another kind tells.

In: the text that a file begins with.  Out: whether it begins as a policy, and must not be passed over in silence.
A page that talks about policies, or shows one further down, a decision and a household are none.
Imports marks only.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import Final

from engine.policy.marks import HEADS, KEY_LINE, is_set_of_keys
from engine.records import dataclass

_TOKEN: Final = r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s"{}\[\]:,]+'
_BEFORE: Final = ("#", "---", "%")
"""what may stand before the first key: comments, which are headings elsewhere, and where a document begins"""
_EVERY: Final = frozenset(HEADS)
_INSIDE: Final = frozenset({"overlay"})


def begins_as_policy(text: str) -> bool:
    """Whether the first lines of a text are keys of a policy, or its objects have them."""
    if text.lstrip().startswith(("{", "[")):
        return any(head in text for head in HEADS) and _holds_policy(text)
    return is_set_of_keys(_first_keys(text))


def _first_keys(text: str) -> set[str]:
    """The outermost keys of the lines that a text begins with, up to the first that is none in YAML."""
    levels: dict[int, set[str]] = {}
    for line in text.split("\n"):
        if not line.strip() or (not levels and line.startswith(_BEFORE)) or line.startswith("#"):
            continue
        found = KEY_LINE.match(line)
        if found is not None:
            levels.setdefault(len(found[1]), set()).add(found[2])
        elif not levels or not line.startswith((" ", "\t", "\u3000", "-", "}", "]")) or line.startswith("---"):
            break
    return levels[min(levels)] if levels else set()


@dataclass(slots=True)
class _Object:
    """An object of JSON, or an array, as far as it was read: its keys, and those whose values are no objects.

    Further in, decisions and reports say to which policy something belongs; only `overlay` is telling there.
    """

    telling: frozenset[str]
    keys: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)

    @property
    def is_policy(self) -> bool:
        heads = self.plain & self.telling
        return bool(heads) and is_set_of_keys(self.keys - ({*HEADS} - self.plain))


def _holds_policy(text: str) -> bool:
    """Whether some object says what it is, as a policy does, with other keys beside; the text may end anywhere."""
    open_: list[_Object] = []
    closed: list[_Object] = []
    before, key = "", ""
    for found in re.finditer(_TOKEN, text):
        token = found[0]
        if token in "{[":
            outermost = not open_ or (len(open_) == 1 and text.lstrip().startswith("["))
            open_.append(_Object(_EVERY if outermost else _INSIDE))
            key = ""
        elif token in "}]":
            closed += [open_.pop()] if open_ else []
        elif token == ":":
            key = before.strip('"')
            if open_:
                open_[-1].keys.add(key)
        elif token != "," and key and open_:
            open_[-1].plain.add(key)
            key = ""
        before = token
    return any(held.is_policy for held in (*closed, *open_))
