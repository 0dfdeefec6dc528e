"""Cases run: each household decided under its policy, and the answer held against what was expected.

In: a `Suite`, the policies and a selection.  Out: `CaseResult`s in the order of the plan, one at a time, so that
progress can be shown; `run_suite` gathers them with what is wrong with the whole.
With several processes each reads the policies itself, decides a share of the runs and tells which passed; those that
failed are decided again here, to be explained. Imports evaluation, policy and this floor.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from itertools import chain, repeat
from typing import Protocol, TypeAlias

from engine.diagnostics import Diagnostic, Reporter, errors_in
from engine.errors import HouseholdError, PolicyError
from engine.evaluation.decide import decide
from engine.evaluation.decision import Decision
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.routing import Router
from engine.policy.checked import CheckedPolicy
from engine.policy.slices import Slices
from engine.records import dataclass
from engine.testing.expect import Answer, check_all
from engine.testing.given import FixedPolicies
from engine.testing.model import CaseResult, Check, Run, Shared, Suite, SuiteResult
from engine.testing.plan import Selection, plan
from engine.testing.sharing import SharedAnswers, moved
from engine.testing.tried import Tried, report_untried

SHARE = 64
"""so many runs go to another process at a time"""


class Decider(Protocol):
    """What the runner needs of loaded policies (`api.Policies`)."""

    slices: Slices
    router: Router

    def evaluate(
        self, household: object, policy: str | None = ..., as_of: date | None = ..., known_on: date | None = ...
    ) -> Decision: ...


Opened: TypeAlias = tuple[Decider, Suite]
Opener: TypeAlias = Callable[[], Opened]
"""reads the policies and the suite; where several processes run, it is sent to them and must equal its copy there"""


@dataclass(slots=True)
class _Attempt:
    """How far a run came before its household was refused."""

    policy: CheckedPolicy | None = None
    facts: HouseholdFacts | None = None
    shared: Shared | None = None


class Runner:
    """Decides runs. What the policies are made of is kept from one run to the next."""

    def __init__(self, policies: Decider) -> None:
        self._policies = policies
        self._fixed = FixedPolicies()
        self._tried = Tried()
        self._shared = SharedAnswers()

    def run(self, run: Run) -> CaseResult:
        """One case on one policy; whatever goes wrong is part of the result."""
        result = self._run(run, share=True)
        # a failure is explained by a decision of its own place
        return result if result.passed or not run.place else self._run(run, share=False)

    def _run(self, run: Run, *, share: bool) -> CaseResult:
        household = dict(run.case.household)
        if run.place:
            household[self._policies.router.place_field(run.case.policy)] = run.place
        refusal: tuple[Diagnostic, ...] = ()
        decision: Decision | None = None
        attempt = _Attempt()
        try:
            decision = self._decide(run, household, attempt, share=share)
        except HouseholdError as refused:
            refusal = refused.diagnostics
        except PolicyError as broken:
            errors = tuple(errors_in(broken.diagnostics))
            errors = errors or (Diagnostic.of("policy-unusable", place=run.case.policy, rule="below-broken"),)
            return CaseResult(run, (), None, None, None, (), (), frozenset(), errors)
        answer: Answer = refusal if decision is None else decision
        checks = check_all(run.expect, answer)
        policy = attempt.policy if decision is None else decision.policy
        return CaseResult(
            run,
            () if policy is None else policy.merged.chain.ids,
            policy,
            decision,
            attempt.facts,
            refusal,
            checks,
            frozenset() if decision is None else self._tried.by(decision),
            _faults(run, answer, len(checks)),
            attempt.shared,
        )

    def _decide(self, run: Run, household: dict[str, object], attempt: _Attempt, *, share: bool) -> Decision:
        case, router = run.case, self._policies.router
        # a case that may run anywhere is decided by the target alone, any other as the household would be
        route = router.route_under(household, run.target, case.as_of, case.known_on, alone=case.portable)
        if route is None:
            # the way of every household: it says why this one cannot be placed
            return self._policies.evaluate(household, run.target, case.as_of, case.known_on)
        day, place = case.as_of or route.routing.as_of, route.routing.place
        fixed = attempt.policy = self._fixed.fix(route.checked, case.given, day, case.known_on)
        shared = self._shared.find(case, fixed) if share and case.portable else None
        if shared is not None:
            attempt.shared = shared
            decision, attempt.facts = moved(shared, fixed, place)
            return decision
        facts = attempt.facts = router.read(household, fixed)
        decision = decide(fixed, facts, case.as_of, case.known_on)
        if case.portable:
            attempt.shared = self._shared.keep(case, fixed, decision, facts)
        return decision


def _faults(run: Run, answer: Answer, checked: int) -> tuple[Diagnostic, ...]:
    """What is wrong with the case itself."""
    report = Reporter()
    if checked != len(run.expect):
        report.tell("expectation-not-evaluated", run.case.span, case=run.name)
    if run.refused:
        report.tell("case-unconfirmed", run.case.unconfirmed, case=run.name)
    stated = run.difference
    if stated is not None and all(check.holds for check in check_all(run.case.expect, answer)):
        related = [("case-here", run.case.span)]
        report.tell("difference-gone", stated.span, related=related, case=run.case.id, policy=run.target)
    return report.diagnostics


# ---- all of them


def run(
    suite: Suite,
    policies: Decider,
    selection: Selection,
    report: Reporter,
    *,
    jobs: int = 1,
    opener: Opener | None = None,
) -> Iterator[CaseResult]:
    """The results of the runs that were asked for, as they come, in the order of the plan.

    Args:
        report: receives what is wrong with the selection, before the first result.
        jobs: processes to share the work; only with an `opener`, by which each reads the policies and the suite.
    """
    runs = plan(suite, policies.slices, selection, report)
    runner = Runner(policies)
    if jobs <= 1 or opener is None or len(runs) <= SHARE:
        yield from (runner.run(one) for one in runs)
        return
    with processes(jobs) as pool:
        shares = pool.map(_share, repeat(opener), repeat(selection), range(0, len(runs), SHARE))
        for one, slim in zip(runs, chain.from_iterable(shares), strict=True):
            if slim.passed:
                yield CaseResult(one, slim.chain, None, None, None, (), slim.as_checks(one), slim.tried)
            else:
                yield runner.run(one)


def finish(
    suite: Suite, results: Sequence[CaseResult], slices: Slices, report: Reporter, *, whole: bool
) -> SuiteResult:
    """The whole, with the faults of the policies, of the case files and of the selection.

    Args:
        whole: every case of every policy ran, so that what none speaks of is a fault.
    """
    slices.library.build_all()
    told = Reporter((*suite.diagnostics, *slices.library.errors(), *report))
    if whole and results:
        report_untried(suite, results, slices.library, told)
    return SuiteResult(suite, tuple(results), told.diagnostics)


@dataclass(frozen=True, slots=True)
class _Slim:
    """What another process tells of a run; the rest of the result would take longer to send than to make."""

    passed: bool
    chain: tuple[str, ...]
    tried: frozenset[tuple[str, int]]
    got: tuple[str | tuple[str, ...], ...]

    def as_checks(self, one: Run) -> tuple[Check, ...]:
        return tuple(Check(expected, got, True) for expected, got in zip(one.expect, self.got, strict=True))


def processes(jobs: int) -> ProcessPoolExecutor:
    """Processes that help; Ctrl-C ends them at once, and the one that they help tells of it."""
    return ProcessPoolExecutor(jobs, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_DFL))


@cache
def _opened(opener: Opener, selection: Selection) -> tuple[Runner, tuple[Run, ...]]:
    """What a process that helps works with, made once in it."""
    policies, suite = opener()
    return Runner(policies), plan(suite, policies.slices, selection, Reporter())


def _share(opener: Opener, selection: Selection, start: int) -> list[_Slim]:
    runner, runs = _opened(opener, selection)
    results = [runner.run(one) for one in runs[start : start + SHARE]]
    return [_Slim(one.passed, one.chain, one.tried, tuple(check.got for check in one.checks)) for one in results]
