"""Every feature of the language service as a function to text: what stands in `golden/` under its name."""

from __future__ import annotations

from collections.abc import Mapping

from engine.editing.spot import spot_at
from tests.editing.golden_texts import Asked, Feature


def _spot(asked: Asked) -> str:
    spot = spot_at(asked.file, asked.offset)
    return f"{spot.role} at {'/'.join(str(step) for step in spot.path)}, the word `{spot.word}` of `{spot.span.text}`"


FEATURES: Mapping[str, Feature] = {"spot": _spot}
