"""What running the cases found, as an editor shows it: by case, and by the conditions that the cases saw.

In: `CaseResult`s, what of the rules they saw, and cases proposed for what none saw.  Out: `Results`, small enough to be
sent from one process to another.
Imports testing (results), policy and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from engine.diagnostics import Language, Reporter
from engine.editing.workspace import Snapshot
from engine.policy.checked import CheckedPolicy, Owner
from engine.policy.hygiene.places import element_at
from engine.policy.model import Condition
from engine.policy.yaml_nodes import read_tree
from engine.records import dataclass
from engine.source import Source, Span
from engine.testing.model import CaseResult
from engine.testing.read import read_suite
from engine.testing.strength import Proposal, Seen
from engine.tree import Tree


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a case. `told` says what is otherwise than expected, a line each; `line` counts from 1."""

    name: str
    case: str
    policy: str
    target: str
    file: str
    line: int
    passed: bool
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A way in which no case has seen a part of a condition, and the case that would: one entry of `tests`, or ""."""

    text: str
    aspect: str
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Seeing:
    """What the cases saw of one condition.

    Attributes:
        file, element: where it stands, as `element_at` says it.
        rule: as results of mutations name it (`illness.income`).
        cases: how many saw it; `failed` of them.
        found: how many runs found it met, unmet, undetermined.
    """

    file: str
    element: str
    rule: str
    policy: str
    cases: int
    failed: int
    found: Mapping[str, int]
    lacking: tuple[Lack, ...] = ()


@dataclass(frozen=True, slots=True)
class CoveredLine:
    """How often the rules of a line were seen, and in how many of how many ways."""

    file: str
    line: int
    hits: int
    seen: int
    ways: int


@dataclass(frozen=True, slots=True)
class Results:
    """Attributes:
    survivors: how many changes of a rule no case noticed when that was last tried, by file and rule; empty where nobody
        looked.
    """

    ran: tuple[Ran, ...] = ()
    seen: tuple[Seeing, ...] = ()
    lines: tuple[CoveredLine, ...] = ()
    survivors: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def failed(self) -> int:
        return sum(not one.passed for one in self.ran)


def results_of(
    ran: Sequence[CaseResult],
    seen: Sequence[Seen],
    proposals: Sequence[Proposal],
    survivors: Mapping[tuple[str, str], int],
    language: Language,
) -> Results:
    places = _Places()
    lacking = _lacking(seen, proposals, places)
    tallies: dict[tuple[str, str], _Tally] = {}
    for result in ran:
        for owner, condition, finding in _conditions(result):
            where = places.of(condition)
            tally = tallies.setdefault(where, _Tally(owner.name, condition.origin.policy))
            tally.add(result, finding)
    every = {where: tallies.get(where) for where in (*tallies, *lacking)}
    return Results(
        tuple(_ran(one, language) for one in ran),
        tuple(
            Seeing(
                *where,
                tally.rule,
                tally.policy,
                len(tally.cases),
                len(tally.failed),
                dict(tally.found),
                tuple(lacking.get(where, ())),
            )
            for where, tally in every.items()
            if tally is not None
        ),
        tuple(_lines(seen)),
        survivors,
    )


@dataclass(slots=True)
class _Tally:
    rule: str
    policy: str
    cases: set[tuple[str, str]] = field(default_factory=set)
    failed: set[tuple[str, str]] = field(default_factory=set)
    found: dict[str, int] = field(default_factory=dict)

    def add(self, result: CaseResult, finding: str) -> None:
        case = (result.case.policy, result.case.id)
        self.cases.add(case)
        if not result.passed:
            self.failed.add(case)
        self.found[finding] = self.found.get(finding, 0) + 1


class _Places:
    """Where conditions stand; each file is read once."""

    def __init__(self) -> None:
        self._trees: dict[Source, Tree | None] = {}

    def of(self, condition: Condition) -> tuple[str, str]:
        span = condition.origin.span
        if span.source not in self._trees:
            self._trees[span.source] = read_tree(span.source, Reporter())
        tree = self._trees[span.source]
        return span.source.name, "" if tree is None else element_at(tree, span.start)


def _conditions(result: CaseResult) -> Iterator[tuple[Owner, Condition, str]]:
    decision = result.decision
    if decision is None:
        return
    for cause in decision.causes.values():
        for one in cause.conditions.values():
            yield Owner("condition", cause.declared.id, one.declared.id), one.declared, one.finding.value
    for one in decision.requirements.values():
        yield Owner("condition", "", one.declared.id), one.declared, one.finding.value


def _lacking(seen: Sequence[Seen], proposals: Sequence[Proposal], places: _Places) -> dict[tuple[str, str], list[Lack]]:
    proposed = {(one.probe.key, one.aspect): one.text for one in proposals}
    found: dict[tuple[str, str], dict[Lack, None]] = {}
    for one in seen:
        for probe, aspect in one.missing():
            condition = _condition_of(one.policy, probe.site.owner)
            if condition is not None:
                text = " ".join(probe.span.text.split())
                lack = Lack(text, aspect, proposed.get((probe.key, aspect), ""))
                found.setdefault(places.of(condition), {}).setdefault(lack)
    return {where: list(lacks) for where, lacks in found.items()}


def _condition_of(policy: CheckedPolicy, owner: Owner) -> Condition | None:
    if owner.kind not in ("condition", "exemption", "exempted"):
        return None
    merged = policy.merged.elements
    cause = merged.causes.get(owner.group)
    held = merged.requirements if not owner.group else {} if cause is None else cause.conditions
    return held.get(owner.id)


def _ran(result: CaseResult, language: Language) -> Ran:
    case = result.case
    told = [
        f"{'.'.join((check.expected.kind, *check.expected.key))}: {_words(check.expected.value)} ≠ {_words(check.got)}"
        for check in result.mismatches
    ]
    told += [fault.message(language) for fault in (*result.faults, *result.refusal)]
    passed = result.passed
    return Ran(
        result.run.name,
        case.id,
        case.policy,
        result.run.target,
        case.file,
        case.span.line,
        passed,
        () if passed else tuple(told),
    )


def _words(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "[" + ", ".join(value) + "]"


def _lines(seen: Iterable[Seen]) -> Iterator[CoveredLine]:
    """What several sets of rules share is seen where one of them saw it."""
    taken: dict[tuple[str, int], dict[tuple[str, int, str], int]] = {}
    for one in seen:
        for probe in one.every:
            ways = taken.setdefault((probe.span.source.name, probe.span.line), {})
            for aspect in probe.aspects:
                way = (probe.site.owner.name + probe.edge, probe.span.column, aspect)
                ways[way] = ways.get(way, 0) + one.hits.get((probe.key, aspect), 0)
    for (file, line), ways in sorted(taken.items()):
        yield CoveredLine(file, line, max(ways.values()), sum(hits > 0 for hits in ways.values()), len(ways))


# ---- cases that did not run yet


@dataclass(frozen=True, slots=True)
class CasePlace:
    """A case, or a row of a table of cases, and where it stands."""

    policy: str
    id: str
    why: str
    span: Span


def cases_in(snapshot: Snapshot) -> tuple[CasePlace, ...]:
    """All cases of the policies, in the order of running."""
    suite = read_suite(snapshot.folders, snapshot.slices)
    return tuple(CasePlace(one.policy, one.id, one.why, one.span) for one in suite.cases)
