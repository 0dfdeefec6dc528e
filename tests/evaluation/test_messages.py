"""Every code of this floor has wordings in both languages that take the same parameters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine.evaluation
from engine.messages import CODES
from engine.messages.decision import DECISION
from engine.messages.household import HOUSEHOLD

PLACE = re.compile(r"\{([a-z_]+)\}")
OWN = {**HOUSEHOLD, **DECISION}


@pytest.mark.parametrize("code", OWN)
def test_both_languages_take_the_same(code: str) -> None:
    wording = OWN[code]
    assert CODES[code] is wording, "no other floor has this code"
    assert set(PLACE.findall(wording.zh)) == set(PLACE.findall(wording.en))
    assert bool(wording.help_zh) == bool(wording.help_en)
    assert not wording.zh.endswith("。")
    assert not wording.en.endswith(".")
    assert wording.en[0].islower() or wording.en[0] in "`{"


def test_codes_that_are_reported_are_worded() -> None:
    folder = Path(engine.evaluation.__file__).parent
    text = "".join(file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.py")))
    used = set(re.findall(r"(?:error|warning|_fault)\(\s*\"([a-z-]+)\"", text))
    assert len(used) > 30
    # those that say that there is no usable policy are worded on the floors below
    assert used <= set(CODES)
