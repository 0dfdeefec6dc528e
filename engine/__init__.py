"""doudi 兜底: declarative rules for social assistance, decided exactly and explained.

>>> import engine
>>> policies = engine.load()
>>> decision = policies.evaluate(household)  # dict, JSON text or bytes
>>> decision.outcome, decision.to_dict()

What is listed here is public; everything else may change any day. Names are imported when they are first used, so
that a command which needs none of them starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.api import Policies, load
    from engine.errors import EngineError, HouseholdError, PolicyError, TableError
    from engine.evaluation.decision import Decision, Finding, Outcome
    from engine.whatif.results import WhatIf

__all__ = [
    "Decision",
    "EngineError",
    "Finding",
    "HouseholdError",
    "Outcome",
    "Policies",
    "PolicyError",
    "TableError",
    "WhatIf",
    "load",
]

_HOMES = {
    "Decision": "engine.evaluation.decision",
    "EngineError": "engine.errors",
    "Finding": "engine.evaluation.decision",
    "HouseholdError": "engine.errors",
    "Outcome": "engine.evaluation.decision",
    "Policies": "engine.api",
    "PolicyError": "engine.errors",
    "TableError": "engine.errors",
    "WhatIf": "engine.whatif.results",
    "load": "engine.api",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
