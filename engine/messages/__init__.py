"""The record of every diagnostic, by code: severity, wording in Chinese and English, what to do, parameters.

In: nothing.  Out: `CODES`, one `Code` each, and the same by floor; each floor keeps its codes together, so that its
voice can be read as one.  Imports of the engine outside this folder `say` and `records` only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.messages.analysis import ANALYSIS
from engine.messages.code import Code
from engine.messages.decision import DECISION
from engine.messages.disk import DISK
from engine.messages.editing import EDITING
from engine.messages.household import HOUSEHOLD
from engine.messages.hygiene import HYGIENE
from engine.messages.input import INPUT
from engine.messages.language import LANGUAGE
from engine.messages.overlays import OVERLAYS
from engine.messages.policy import POLICY
from engine.messages.proof import PROOF
from engine.messages.reading import READING
from engine.messages.requests import REQUESTS
from engine.messages.screening import SCREENING
from engine.messages.serving import SERVING
from engine.messages.strength import STRENGTH
from engine.messages.structure import STRUCTURE
from engine.messages.tables import TABLES
from engine.messages.testing import TESTING
from engine.messages.text import TEXT
from engine.messages.types import TYPES
from engine.messages.writing import WRITING

FLOORS: Final[Mapping[str, Mapping[str, Code]]] = {
    "disk": DISK,
    "structure": STRUCTURE,
    "language": {**LANGUAGE, **TYPES},
    "policy": {**TEXT, **POLICY, **OVERLAYS},
    "hygiene": HYGIENE,
    "household": HOUSEHOLD,
    "decision": DECISION,
    "input": INPUT,
    "tables": TABLES,
    "testing": TESTING,
    "writing": WRITING,
    "strength": STRENGTH,
    "screening": SCREENING,
    "reading": READING,
    "proof": PROOF,
    "analysis": ANALYSIS,
    "editing": EDITING,
    "serving": SERVING,
    "requests": REQUESTS,
}
CODES: Final[Mapping[str, Code]] = {code: held for floor in FLOORS.values() for code, held in floor.items()}
