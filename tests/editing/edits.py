"""Edits as people make them, and worse: drawn at random, to be made in texts that are not saved."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from engine.diagnostics import Diagnostic
from tests.fuzz.mutations import spoil_tokens

TYPED: tuple[str, ...] = (
    *"abcz09 :,-#{}[]()\"'|>.\n", "\n  ", "是", "：", "，", "元", "  ", "家庭", " + 1", "\t", "\u3000", "xx: ",
    "\U0001f600",
)  # fmt: skip


def edited(rng: random.Random, text: str, sound: str) -> str:
    """Args:
    sound: the text as it is on the disk, to which an author comes back.
    """
    at = rng.randrange(len(text) + 1)
    match rng.randrange(8):
        case 0 | 1:
            return text[:at] + rng.choice(TYPED) + text[at:]
        case 2:
            return text[:at] + text[at + rng.randrange(1, 4) :]
        case 3:
            lines = text.split("\n")
            line = rng.randrange(len(lines))
            lines[line : line + 1] = rng.choice(([], [lines[line]] * 2, [rng.choice(lines)]))
            return "\n".join(lines)
        case 4:
            return spoil_tokens(rng, text, 1)
        case 5:
            return text[:at]
        case _:
            return sound


def told(found: Mapping[Path, tuple[Diagnostic, ...]]) -> dict[str, list[object]]:
    """Findings to be compared between two snapshots, whose sources differ."""
    return {path.as_posix(): [_told(one) for one in each] for path, each in sorted(found.items())}


def _told(one: Diagnostic) -> object:
    span = one.span and (one.span.source.name, one.span.start, one.span.end)
    related = [(code, place.source.name, place.start, place.end) for code, place in one.related]
    return one.code, str(one.severity), span, one.path, one.params, related
