"""What `previous` 原定义 stands for: a step of its own, shared however often it is written.

A replaced term keeps what it replaces, and that what it replaced in turn. Those versions that some `previous` above
them reads are steps beside the term itself, under ids that nobody can write: `high_fee^0` is the first definition,
`high_fee^1` the one that replaced it.
Imports model and language (the surface tree).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engine.language.ast import Expression, Previous
from engine.language.references import walk
from engine.policy.model import Parts, Term

_MARK: Final = "^"


def versions(term: Term) -> tuple[Term, ...]:
    """The term and all that it replaces, directly and through others, the newest first."""
    found = [term]
    while (older := found[-1].replaces) is not None:
        found.append(older)
    return tuple(found)


def read_versions(term: Term) -> tuple[Term, ...]:
    """The term, and of what it replaces as much as `previous` reads, the newest first."""
    found = [term]
    while (older := found[-1].replaces) is not None and reads_previous(found[-1].body):
        found.append(older)
    return tuple(found)


def reads_previous(body: Expression | Parts) -> bool:
    return not isinstance(body, Parts) and any(isinstance(node, Previous) for node in walk(body))


def as_step(term: Term, age: int) -> Term:
    """A version as the step that works it out; `age` is its place among all versions, 0 the first definition."""
    return replace(term, id=f"{term.id}{_MARK}{age}", name="", replaces=None)


def is_version(step: str) -> bool:
    """Whether the id of a step is that of a version, which no author can name."""
    return _MARK in step


def term_of(step: str) -> str:
    """The id of the term whose step this is, or whose older version."""
    return step.partition(_MARK)[0]


def age_of(step: str) -> int:
    """Which version it is, 0 the first definition."""
    return int(step.partition(_MARK)[2])
