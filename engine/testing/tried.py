"""Which changes of overlays bore on a decision, and what of the policies no case speaks of.

In: decisions, and the results of a whole suite.  Out: (overlay, place of the change in `Overlay.changes`) pairs, and
Diagnostics for each cause and each change without a case.
A case of a level below counts for an overlay only where the overlay states a difference, or where the household was
decided just as it would be in its own place.
Imports evaluation, policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TypeAlias, assert_never

from engine.diagnostics import Reporter
from engine.evaluation.decision import Decision
from engine.identity import Same
from engine.policy.loader import Library
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    Cause,
    Chain,
    Change,
    Overlay,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
    added,
    dated_origin,
)
from engine.policy.stretches import concerns
from engine.source import Span
from engine.testing.model import CaseResult, Suite

TriedChange: TypeAlias = tuple[str, int]


class Tried:
    """Finds the changes that bore on decisions; what is the same for many of them is worked out once."""

    def __init__(self) -> None:
        self._structural: dict[tuple[Same[Chain], str, date, date | None], frozenset[TriedChange]] = {}
        self._blocks = cache(_value_blocks)

    def by(self, decision: Decision) -> frozenset[TriedChange]:
        """Each structural change in force, and each block of values or list that was in use."""
        chain = decision.policy.merged.chain
        if not chain.overlays:
            return frozenset()
        same = Same(chain)
        where = (same, decision.place, decision.as_of, decision.known_on)
        if where not in self._structural:
            self._structural[where] = frozenset(_in_force(chain, decision))
        return self._structural[where] | frozenset(self._read(decision, self._blocks(same)))

    def _read(self, decision: Decision, blocks: Mapping[tuple[int, int, int], TriedChange]) -> Iterator[TriedChange]:
        parameters = decision.policy.merged.elements.parameters
        for use in decision.uses:
            if use.value is not None and use.parameter in parameters:
                span = use.value.origin.span
                if _place(span) in blocks:
                    yield blocks[_place(span)]


def _place(span: Span) -> tuple[int, int, int]:
    return id(span.source), span.start, span.end


def _value_blocks(chain: Same[Chain]) -> dict[tuple[int, int, int], TriedChange]:
    return {
        _place(change.block.origin.span): (overlay.header.id, index)
        for overlay in chain.of.overlays
        for index, change in enumerate(overlay.changes)
        if isinstance(change, SetValues)
    }


def _in_force(chain: Chain, decision: Decision) -> Iterator[TriedChange]:
    divisions = decision.policy.merged.divisions
    lists = decision.policy.values(decision.place, decision.as_of, decision.known_on).lists
    for overlay in chain.overlays:
        for index, change in enumerate(overlay.changes):
            held = concerns(change, decision.place, divisions, decision.as_of, decision.known_on)
            if not held or isinstance(change, SetValues):
                continue
            if isinstance(change, SetList) and lists.get(change.target) != frozenset(change.block.rows):
                continue
            yield overlay.header.id, index


# ---- the whole


def report_untried(suite: Suite, results: Sequence[CaseResult], library: Library, report: Reporter) -> None:
    """An error for each policy, each cause and each change of an overlay that no case speaks of, and for each
    difference that was not looked at."""
    counted = [result for result in results if result.run.place == "" or result.run.difference is not None]
    tried = frozenset(change for result in counted for change in result.tried)
    spoken = frozenset(
        (document, check.expected.key[0])
        for result in counted
        for check in result.checks
        if check.expected.kind in ("causes", "conditions")
        for document in result.chain
    )
    applied = {id(result.run.difference) for result in results}
    for file in suite.files:
        for stated in file.differences:
            if id(stated) not in applied:
                report.tell("difference-not-run", stated.span, case=stated.case)
    own = {result.case.policy for result in results}
    own.update(result.run.difference.policy for result in results if result.run.difference is not None)
    for name in sorted(library.documents):
        built = library.build(name)
        if built is None:
            continue
        if name not in own:
            report.tell("policy-without-case", built.header.origin.span, policy=name)
        for cause in added(built):
            if isinstance(cause, Cause) and (name, cause.id) not in spoken:
                report.tell("cause-without-case", cause.origin.span, cause=cause.id, policy=name)
        for index, change in enumerate(built.changes if isinstance(built, Overlay) else ()):
            if (name, index) not in tried:
                report.tell("change-without-case", dated_origin(change).span, change=change_name(change), policy=name)


def change_name(change: Change) -> str:
    """How the file has it: `set.dibao_standard 2023-01-01`, `add.requirements.vehicles`."""
    match change:
        case SetValues() | SetList():
            since = change.block.origin.start
            return f"set.{change.target}" + ("" if since is None else f" {since}")
        case SetReading():
            return f"set.{change.target}"
        case AddElement():
            return f"add.{change.kind}.{change.element.id}"
        case AddCondition():
            return f"add.conditions.{change.cause}.{change.condition.id}"
        case AddPart():
            return f"add.parts.{change.term}.{change.id}"
        case AddExemption():
            return f"exempt.{change.cause}.{change.condition}"
        case ReplaceTerm():
            return f"replace.terms.{change.term}"
        case Repeal():
            return f"repeal.{change.target}"
    assert_never(change)
