"""Every feature of the language service as a function to text: what stands in `golden/` under its name."""

from __future__ import annotations

from collections.abc import Mapping

from engine.editing.completion import complete
from engine.editing.items import Item
from engine.editing.spot import spot_at
from tests.editing.golden_texts import CURSOR, Asked, Feature


def _spot(asked: Asked) -> str:
    spot = spot_at(asked.file, asked.offset)
    return f"{spot.role} at {'/'.join(str(step) for step in spot.path)}, the word `{spot.word}` of `{spot.span.text}`"


def _completion(asked: Asked) -> str:
    """What is offered, as it is written in and told; of a long list the first dozen."""
    items = complete(asked.snapshot, asked.file, asked.offset, asked.language)
    lines = []
    for item in items[:12]:
        insert = "" if item.insert == item.label else f" → `{_with_caret(item)}`"
        lines.append(f"{item.label}{insert} ({item.kind}{': ' if item.detail else ''}{item.detail})")
    more = len(items) - 12
    return "\n".join([*lines, *([f"… {more} more"] if more > 0 else [])]) or "nothing"


def _with_caret(item: Item) -> str:
    at = item.caret
    return item.insert if at is None else f"{item.insert[:at]}{CURSOR}{item.insert[at:]}"


FEATURES: Mapping[str, Feature] = {"spot": _spot, "completion": _completion}
