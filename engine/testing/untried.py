"""Cases for the changes of overlays that no case speaks of: the nearest household there is, on the change's first day.

In: the results of a suite, the policies they ran on.  Out: `Drafted` cases, whose households were decided and whose
answers do rest on the change. Where one amount of a household turns the answer, it stands on both sides of that edge:
just at a new year's standard, and a fen beside it. The answers are the engine's own: whoever keeps a case must agree.
Imports evaluation, policy, language and this floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from typing import Final, TypeAlias

from engine.evaluation.decision import Decision
from engine.language.references import core_reads
from engine.language.values import Value
from engine.policy.loader import Library
from engine.policy.model import Change, Overlay, SetValues, dated_origin
from engine.records import dataclass
from engine.testing.coverage import measure
from engine.testing.decided import Decided, decided
from engine.testing.expect import stated
from engine.testing.model import Case, CaseResult, Run
from engine.testing.propose import across, changed, places_of, written
from engine.testing.run import Decider, Runner
from engine.testing.strength import SIDES, Probe

MOST_DRAFTED: Final = 12
"""cases that are worked out at once"""
_MOST_ALIKE: Final = 60
"""households that one change is tried with"""

Group: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """
    Attributes:
        policy, change: the overlay, and the change that the case is of.
        household: its JSON, as `json_text` gives it.
        edge: the label of the fact whose amount turns the answer, "" where none was found.
    """

    policy: str
    change: Change
    household: Mapping[str, object]
    decision: Decision
    edge: str = ""


def drafted(results: Sequence[CaseResult], policies: Decider) -> list[Drafted]:
    """Cases for the first few changes that no case speaks of; none where no household at hand rests on the change."""
    counted = [one for one in results if one.run.place == "" or one.run.difference is not None]
    tried = frozenset(change for one in counted for change in one.tried)
    library, runner = policies.slices.library, Runner(policies)
    found: list[Drafted] = []
    for name in sorted(library.documents):
        built = library.build(name)
        for index, change in enumerate(built.changes if isinstance(built, Overlay) else ()):
            if (name, index) not in tried and len(found) < MOST_DRAFTED:
                found.extend(_Drafting(runner, policies, results, name, index, change).cases())
    return found[:MOST_DRAFTED]


class _Drafting:
    """Cases for one change."""

    def __init__(
        self,
        runner: Runner,
        policies: Decider,
        results: Sequence[CaseResult],
        name: str,
        index: int,
        change: Change,
    ) -> None:
        self.runner = runner
        self.name = name
        self.index = index
        self.change = change
        self.place_field = policies.router.place_field(name)
        self.start = dated_origin(change).start
        self.results = results
        self.places = _places_of(policies.slices.library, name)

    def cases(self) -> Iterator[Drafted]:
        """A pair for each part of the table that the households at hand read; one where nothing turns the answer."""
        found: dict[Group, list[Drafted]] = {}
        for one in islice(self._dated(), _MOST_ALIKE):
            group = self._group(one)
            if len(found.get(group, ())) < 2:
                pair = self._pair(one)
                if pair or group not in found:
                    found[group] = pair or [self._drafted(one, "")]
        for made in found.values():
            yield from made

    def _dated(self) -> Iterator[Decided]:
        """The households at hand on the first day of the change, as far as their answers rest on it."""
        seen: set[str] = set()
        own = [one for one in decided(self.results) if not one.result.run.place]
        near = sorted(own, key=lambda one: self.name not in one.result.chain)
        for one in islice(near, _MOST_ALIKE * 4):
            household = dict(one.case.household)
            if self.name not in one.result.chain:
                if not self.places:
                    return
                household[self.place_field] = self.places[0]
            if self.start is not None:
                household[_day_field(one)] = self.start.isoformat()
            if (text := repr(household)) in seen:
                continue
            seen.add(text)
            if (made := self._run(one.case, household)) is not None:
                yield made

    def _run(self, case: Case, household: Mapping[str, object]) -> Decided | None:
        """The household decided, where the answer rests on the change."""
        asked = replace(
            case,
            policy=self.name,
            household=household,
            as_of=None,
            known_on=None,
            given=(),
            expect=(),
            portable=False,
            unconfirmed=None,
        )
        result = self.runner.run(Run(asked, self.name, "", False, None, ()))
        if result.decision is None or (self.name, self.index) not in result.tried:
            return None
        return next(decided([result]), None)

    def _group(self, one: Decided) -> Group:
        """By what of the table it reads, whatever the place."""
        assert one.result.decision is not None
        if not isinstance(self.change, SetValues):
            return ()
        parts = (
            part
            for use in one.result.decision.uses
            if use.parameter == self.change.target
            for _, part in use.key
            if part != one.place
        )
        return tuple(parts)

    def _pair(self, one: Decided) -> list[Drafted]:
        """The household on both sides of an amount that turns the answer; [] where no amount alone does."""
        for probe in self._probes(one):
            for place, fact in places_of(one):
                near = sorted({value for value in across(one, probe, place, fact) if isinstance(value, int)})
                tried = [self._with(one, place, value) for value in near]
                for low, high in pairwise(tried):
                    if low is not None and high is not None and _answer(low) != _answer(high):
                        return [self._drafted(low, fact.label), self._drafted(high, fact.label)]
        return []

    def _probes(self, one: Decided) -> list[Probe]:
        """The comparisons it is decided by, those first that read what the change sets."""
        probes = [probe for seen in measure([one.result]) for probe in seen.probes if probe.aspects == SIDES]
        if not isinstance(self.change, SetValues):
            return probes
        target = ("parameter", "", self.change.target)
        return sorted(probes, key=lambda probe: target not in core_reads(probe.site.node))

    def _with(self, one: Decided, place: tuple[str, int, str], value: Value) -> Decided | None:
        household = changed(one.case.household, place, written(one, place, value))
        return self._run(one.case, household)

    def _drafted(self, one: Decided, edge: str) -> Drafted:
        assert one.result.decision is not None
        return Drafted(self.name, self.change, one.case.household, one.result.decision, edge)


def _answer(one: Decided) -> str:
    assert one.result.decision is not None
    return stated(one.result.decision)


def _day_field(one: Decided) -> str:
    return next(fact.id for fact in one.policy.merged.elements.facts.values() if fact.role == "as_of")


def _places_of(library: Library, name: str) -> tuple[str, ...]:
    return library.territory(name).inside(library.documents[name].header.jurisdiction)
