"""What a file says it is and where it belongs, read as strictly as it must be to leave the file out of an answer.

In: the text of a file, whole or broken.  Out: its `Head`. What is absent is the default; what is doubtful (written
twice, not well formed, behind the first fault of the file) is "", and whoever asks must then reckon with everything.
Imports territory, yaml_nodes and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Named
from typing import Final

from engine.policy.territory import CODE, Jurisdiction
from engine.policy.yaml_nodes import top_texts
from engine.records import dataclass

_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_KEYS: Final = ("policy", "values", "overlay", "amends", "jurisdiction", "role", "status")
NAMES: Final = ("policy", "values", "overlay")
"""the keys of which just one says what a file is, and its id"""
_AT_LINE_START: Final = re.compile(r"^[\"']?([a-z]+)[\"']?[ \t\u3000\u00a0]*[:：]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Head:
    """`jurisdiction` is empty where the file may be about any place; `takes_part` unless it surely is a draft or an
    illustration, which count only where they are named."""

    id: str = ""
    amends: str = ""
    jurisdiction: Jurisdiction = Jurisdiction()
    is_root: bool = False
    is_values: bool = False
    takes_part: bool = True
    sound: bool = False
    """every part of it is well formed"""


NO_HEAD: Final = Head()


def read_head(text: str) -> Head:
    """The head of a file that may be broken anywhere."""
    return head_of(top_texts(text), text)


def head_of(texts: Named[str, list[str]], text: str = "") -> Head:
    """Args:
    texts: what stands at the top of the file, by key; the items of a list with blanks between them.
    text: the whole of it. A key that stands there a second time is doubtful, wherever reading ended.
    """
    lines = [found[1] for found in _AT_LINE_START.finditer(text)]
    held: dict[str, str | None] = {}
    for key in _KEYS:
        given = texts.get(key, [])
        often = max(len(given), lines.count(key))
        held[key] = None if often == 0 else given[0] if often == 1 and given else ""
    amends = _if(_ID, held["amends"])
    named = [key for key in NAMES if held[key] is not None]
    id_ = _if(_ID, held[named[0]]) if len(named) == 1 else ""
    role, status, place = held["role"], held["status"], _places(held["jurisdiction"])
    below = held["amends"] is None
    is_root, is_values = named == ["policy"] and below, named == ["values"] and below
    sound = bool(
        id_
        and place
        and (is_root or is_values or (named == ["overlay"] and amends))
        and role in (None, "local", "amendment")
        and status in (None, "official", "draft", "illustrative")
    )
    return Head(
        id=id_,
        amends=amends,
        jurisdiction=place,
        is_root=is_root,
        is_values=is_values,
        takes_part=not (id_ and status in ("draft", "illustrative")),
        sound=sound,
    )


def _places(text: str | None) -> Jurisdiction:
    codes = (text or "").split(" ")
    return Jurisdiction(codes) if all(CODE.fullmatch(code) for code in codes) else Jurisdiction()


def _if(form: re.Pattern[str], text: str | None) -> str:
    return text if text is not None and form.fullmatch(text) else ""
