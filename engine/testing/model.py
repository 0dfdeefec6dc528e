"""What case files say, and what running them found. Frozen data.

In: `read` makes a `Suite` of case files; `run` makes `CaseResult`s.  Out: coverage, mutation, reports and `cli` read
them.
A case is of one policy. It runs on that policy and, where every value that depends on the place is fixed by `given`,
again on each official overlay above it: each of these is a `Run`.
Imports evaluation, policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Literal, TypeAlias

from engine.diagnostics import Diagnostic, Severity
from engine.evaluation.decision import Decision
from engine.evaluation.facts import HouseholdFacts
from engine.policy.checked import CheckedPolicy
from engine.records import dataclass
from engine.source import Source, Span

ExpectKind: TypeAlias = Literal[
    "outcome",
    "causes",
    "conditions",
    "requirements",
    "outputs",
    "missing",
    "readings",
    "referrals",
    "warnings",
    "no_warnings",
    "refused",
]


@dataclass(frozen=True, slots=True)
class Expected:
    """One thing that a case states, the smallest that can hold or fail by itself.

    Attributes:
        kind: the key of `expect` it stands under.
        key: what is looked at: () for the outcome and for whole lists, (cause,), (cause, condition), (requirement,),
            (output,), (output, item), (reading, option) and (reading, option, cause), (code,) of a warning.
        value: the words that must be found; several for `missing`, `referrals` and `refused` (a code, or `code path`).
        span: where it is written.
        to_fen: a figure that is compared as it is shown, whatever stands behind its second place.
    """

    kind: ExpectKind
    key: tuple[str, ...]
    value: str | tuple[str, ...]
    span: Span = field(compare=False, repr=False)
    to_fen: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A parameter's value, or a reading's option, that holds for one case whatever the policy says.

    `value` is the text as written (`700 元/人/月`, `strict`); "" for a parameter that has no value at all.
    """

    id: str
    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A household and what must be found of it.

    Attributes:
        id: unique among the cases of its policy and of those below that; a row of a table is `table[row 3]`, or
            `table[its id]`.
        policy: the policy or overlay it is of.
        why: what it shows, with the article it stands on.
        household: the household's JSON, as `json_text.read_json` gives it.
        place, day: its division code and application date; "" and None where they are not given, or not readable.
        portable: whether it runs again on the overlays above its policy.
        unconfirmed: where it says that nobody has confirmed what it expects.
        span: its id, or the row of its table.
    """

    id: str
    policy: str
    why: str
    household: Mapping[str, object]
    as_of: date | None
    known_on: date | None
    given: tuple[Given, ...]
    expect: tuple[Expected, ...]
    place: str
    day: date | None
    portable: bool
    span: Span = field(compare=False, repr=False)
    unconfirmed: Span | None = field(default=None, compare=False, repr=False)

    @property
    def file(self) -> str:
        return self.span.source.name


@dataclass(frozen=True, slots=True)
class Difference:
    """An overlay states that it answers a case of a policy below it otherwise, and why.

    `expect` takes the place of what the case states of the same things; a refusal takes the place of everything.
    `counties` confines it, empty for everywhere.
    """

    case: str
    policy: str
    why: str
    counties: frozenset[str]
    expect: tuple[Expected, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """`again`: the cases of what the policy amends run on it too, though it is no official overlay."""

    source: Source
    policy: str
    title: str
    again: bool
    cases: tuple[Case, ...]
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """All case files that were read, in the order of their names. `diagnostics` hold what is wrong with them."""

    files: tuple[CaseFile, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def cases(self) -> tuple[Case, ...]:
        return tuple(case for file in self.files for case in file.cases)

    @property
    def differences(self) -> Mapping[tuple[str, str], Difference]:
        """By (overlay, case)."""
        return {(one.policy, one.case): one for file in self.files for one in file.differences}


@dataclass(frozen=True, slots=True)
class Run:
    """One case on one policy.

    Attributes:
        target: the policy or overlay it runs on; the case's own, or one above it.
        place: the division code put in for the household's own; "" where the household is taken as it is.
        partial: whether the target treats its counties differently, and this is not the first kind of them.
        difference: what the target says of the case, if anything.
        expect: what must be found: the case's own expectations with the difference put in.
        refused: whether it does not pass, as nobody has confirmed what the case expects.
    """

    case: Case
    target: str
    place: str
    partial: bool
    difference: Difference | None
    expect: tuple[Expected, ...]
    refused: bool = False

    @property
    def name(self) -> str:
        """`case` on its own policy, `case@overlay` on another, `case@overlay/county` in a part of that."""
        if self.target == self.case.policy:
            return self.case.id
        return f"{self.case.id}@{self.target}" + (f"/{self.place}" if self.partial else "")


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation held against the answer. `got` is worded as `expected.value` is."""

    expected: Expected
    got: str | tuple[str, ...]
    holds: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """An answer that was worked out once and is that of several runs of a case; `decision` and `facts` are those of the
    first."""

    decision: Decision
    facts: HouseholdFacts


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What running a case found.

    Attributes:
        chain: the ids of the policies that decided it; empty where it did not come so far.
        policy: what decided it, with the values that the case fixes; None where it did not come so far.
        decision, facts: the answer and the household as it was read; None where another process decided it and it
            passed. A household that a data check refuses was read all the same, and has no decision.
        refusal: why the household was refused.
        checks: one for each expectation, in the order of writing.
        tried: the changes of overlays that bore on it, as (overlay, place of the change in `Overlay.changes`): each
            structural change in force, and each block of values or list that was read.
        faults: errors of the run itself: a policy that cannot be used, a difference that no longer differs, an
            expectation that was not looked at.
        shared: the very same one in every run whose answer was worked out together; None where it is of this run alone.
    """

    run: Run
    chain: tuple[str, ...]
    policy: CheckedPolicy | None
    decision: Decision | None
    facts: HouseholdFacts | None
    refusal: tuple[Diagnostic, ...]
    checks: tuple[Check, ...]
    tried: frozenset[tuple[str, int]] = frozenset()
    faults: tuple[Diagnostic, ...] = ()
    shared: Shared | None = field(default=None, compare=False, repr=False)

    @property
    def case(self) -> Case:
        return self.run.case

    @property
    def mismatches(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.holds)

    @property
    def passed(self) -> bool:
        return not self.faults and bool(self.checks) and all(check.holds for check in self.checks)


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What running a suite found: the runs in a stable order, and the faults of the files and of the whole.

    A run's own faults stand in its result and are not repeated in `diagnostics`.
    """

    suite: Suite
    results: tuple[CaseResult, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def failed(self) -> tuple[CaseResult, ...]:
        return tuple(result for result in self.results if not result.passed)

    @property
    def passed(self) -> bool:
        """Nothing failed, nothing is wrong, and something ran."""
        errors = any(found.severity is Severity.ERROR for found in self.diagnostics)
        return bool(self.results) and not errors and not self.failed
