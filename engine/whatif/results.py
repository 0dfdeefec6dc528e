"""What is told of what would change an answer. Frozen data; `to_dict` gives the JSON.

In: `asked` fills these in, each replayed.  Out: `reporting`, `cli` and programmers read them.
Imports policy and evaluation (what a decision says).
"""

from __future__ import annotations

from typing import Literal

from engine.evaluation.decision import Outcome
from engine.policy.model import Collection, Fact
from engine.records import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that would be otherwise.

    Attributes:
        before, after: as the household's JSON has them.
        by: of an amount, in the same unit, or of a date, in days; with a sign. "" of others.
        given: whether the household states it; a default stands for it otherwise.
        fixed: no family can change it: so it is declared, or it is a day that had come by the day of application.
    """

    path: str
    declared: Fact
    before: object
    after: object
    by: str
    given: bool
    fixed: bool

    def to_dict(self) -> dict[str, object]:
        return {
            "path": self.path,
            "label": self.declared.label,
            "from": self.before,
            "to": self.after,
            "by": self.by or None,
            "given": self.given,
            "fixed": self.fixed,
            "judgement": self.declared.judgement,
        }


@dataclass(frozen=True, slots=True)
class Alternative:
    """Changes that together would turn the answer into `outcome`; none of them less while the others stand."""

    outcome: Outcome
    changes: tuple[Change, ...]

    @property
    def fixed(self) -> bool:
        return any(one.fixed for one in self.changes)

    def to_dict(self) -> dict[str, object]:
        return {"outcome": str(self.outcome), "changes": [one.to_dict() for one in self.changes]}


@dataclass(frozen=True, slots=True)
class Found:
    """What would have to be found out of something not known.

    Attributes:
        declared: the fact, or the list that was not given.
        least, most: of an amount or a date the ends of what it may be; None for no limit but its own.
        value: of others, as the household's JSON would have it; an empty list for a list.
    """

    path: str
    declared: Fact | Collection
    least: object = None
    most: object = None
    value: object = None

    @property
    def kind(self) -> Literal["judgement", "fact"]:
        return "judgement" if isinstance(self.declared, Fact) and self.declared.judgement else "fact"

    def to_dict(self) -> dict[str, object]:
        found: dict[str, object] = {"kind": self.kind, "path": self.path, "label": self.declared.label}
        if self.value is not None:
            return {**found, "value": self.value}
        return {**found, "least": self.least, "most": self.most}


@dataclass(frozen=True, slots=True)
class Settlement:
    """What, once found out, settles the answer, whatever the rest may be.

    Attributes:
        smallest: whether no fewer facts do; otherwise none of these can be left out.
    """

    outcome: Outcome
    facts: tuple[Found, ...]
    smallest: bool

    def to_dict(self) -> dict[str, object]:
        return {
            "outcome": str(self.outcome),
            "smallest": self.smallest,
            "facts": [one.to_dict() for one in self.facts],
        }


@dataclass(frozen=True, slots=True)
class NotAnalysed:
    """What was not looked at: a fact of this kind, by its path without places (`members.diseases`)."""

    path: str
    declared: Fact

    def to_dict(self) -> dict[str, object]:
        return {"path": self.path, "label": self.declared.label}


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would change an answer.

    Attributes:
        outcome: the answer as it is; None where the policy has figures only, of which nothing is told.
        turns: of a decided household, the nearest first: amounts by how much, then days, then the others; those that
            no family can change after those that it may.
        settles: of one that is not decided, for either answer the smallest sets of facts.
        whole: whether all was looked at that is said to be.
    """

    outcome: Outcome | None
    turns: tuple[Alternative, ...] = ()
    settles: tuple[Settlement, ...] = ()
    not_analysed: tuple[NotAnalysed, ...] = ()
    whole: bool = True

    def to_dict(self) -> dict[str, object]:
        return {
            "turns": [one.to_dict() for one in self.turns],
            "settles": [one.to_dict() for one in self.settles],
            "not_analysed": [one.to_dict() for one in self.not_analysed],
            "whole": self.whole,
        }
