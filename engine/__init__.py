"""doudi 兜底: declarative rules for social assistance, decided exactly and explained.

>>> import engine
>>> policies = engine.load()
>>> decision = policies.evaluate(household)   # dict, JSON text or bytes
>>> decision.outcome, decision.to_dict()

What is listed here is public; everything else may change any day.
"""

from engine.api import Policies, load
from engine.errors import EngineError, HouseholdError, PolicyError
from engine.evaluation.decision import Decision, Finding, Outcome

__all__ = [
    "Decision",
    "EngineError",
    "Finding",
    "HouseholdError",
    "Outcome",
    "Policies",
    "PolicyError",
    "load",
]
