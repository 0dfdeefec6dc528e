"""A household decided under a checked policy.

In: a `CheckedPolicy` and `HouseholdFacts`.  Out: a `Decision`, whose outcome is worked out at once and its reasons when
they are asked for; `HouseholdError` where a data check is false.
Imports program, policy and this floor.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.evaluation.assumptions import left_out
from engine.evaluation.decision import Decision
from engine.evaluation.explained import Explained, failed_checks
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.findings import outcome_of
from engine.evaluation.frame import Frame, Rows, frame_on, pairs_at_most, rows_of
from engine.evaluation.joins import MOST_PAIRS, TooManyPairs
from engine.evaluation.lookup import Tables
from engine.evaluation.prepared import Prepared, prepare, tables_on
from engine.evaluation.working import work_out, work_out_rest, workings_of
from engine.policy.checked import CheckedPolicy
from engine.program.model import Program


def decide(
    policy: CheckedPolicy, facts: HouseholdFacts, as_of: date | None = None, known_on: date | None = None
) -> Decision:
    """Decide one household.

    Args:
        as_of: the day whose rules apply; the household's application date where it is not given.
        known_on: leave out values published later.
    Raises: HouseholdError where a data check of severity `error` is false.
    """
    return decide_under(prepare(policy), facts, as_of, known_on)


def decide_under(
    prepared: Prepared, facts: HouseholdFacts, as_of: date | None = None, known_on: date | None = None
) -> Decision:
    """As `decide`, under a policy that was prepared before."""
    day = as_of or facts.as_of
    tables = tables_on(prepared.policy, facts.place, day, known_on)
    rows = rows_of(prepared.program, facts)
    try:
        program, frame = _settled(prepared, rows, tables)
    except TooManyPairs as found:
        raise HouseholdError([_too_many(found, prepared)], facts.id) from None
    if failed_checks(program.refusing, frame):
        work_out_rest(program, frame)
        raise HouseholdError(failed_checks(program.checks, frame), facts.id)
    outcome = outcome_of(program, frame)
    frame.let_go()
    explained = Explained(
        prepared, program, tables, partial(left_out, prepared, facts), known_on, rows, noticed=facts.warnings
    )
    return Decision(facts.id, outcome, prepared.policy, facts.place, day, known_on, explained)


def _settled(prepared: Prepared, rows: Rows, tables: Tables) -> tuple[Program, Frame]:
    """The frame in which the eager steps are worked out, and the program by which they are."""
    frame: Frame | None = None
    for program in prepared.programs():
        if frame is not None:
            frame.let_go()
        frame = frame_on(rows, program, tables)
        frame.left = MOST_PAIRS if program.joined and pairs_at_most(program, rows) > MOST_PAIRS else None
        known = work_out(workings_of(program)[: program.eager], frame)
        if frame.left is not None:  # what explains may not take longer either
            work_out_rest(program, frame)
        if known:
            break
    assert frame is not None, "there is always a program"
    return program, frame


def _too_many(found: TooManyPairs, prepared: Prepared) -> Diagnostic:
    lists = prepared.policy.merged.elements.collections
    return Diagnostic.of(
        "too-many-pairs",
        path=found.other,
        label=lists[found.collection].label,
        other=lists[found.other].label,
        limit=str(MOST_PAIRS),
    )
