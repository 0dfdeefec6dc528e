"""The wording of every diagnostic, by code, Chinese and English side by side.

In: nothing.  Out: `WORDINGS`, one `Wording` a code; each floor keeps its codes in a module of its own, so that
the voice of a floor can be read as one.  Imports nothing of the engine outside this folder.
"""

from __future__ import annotations

from engine.messages.decision import DECISION
from engine.messages.disk import DISK
from engine.messages.household import HOUSEHOLD
from engine.messages.hygiene import HYGIENE
from engine.messages.input import INPUT
from engine.messages.language import LANGUAGE
from engine.messages.policy import POLICY
from engine.messages.strength import STRENGTH
from engine.messages.structure import STRUCTURE
from engine.messages.tables import TABLES
from engine.messages.testing import TESTING
from engine.messages.wording import Wording
from engine.messages.writing import WRITING

WORDINGS: dict[str, Wording] = {
    **DISK,
    **STRUCTURE,
    **LANGUAGE,
    **POLICY,
    **HYGIENE,
    **HOUSEHOLD,
    **DECISION,
    **INPUT,
    **TABLES,
    **TESTING,
    **WRITING,
    **STRENGTH,
}

__all__ = ["WORDINGS", "Wording"]
