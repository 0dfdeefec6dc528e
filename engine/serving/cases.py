"""The cases of policies run for a page: what fails, what of the rules they saw, which small changes nobody notices.

In: policies, an unsaved or saved set of files.  Out: `Told`.
Imports editing (results), testing and below.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import Final

from engine.api import Policies
from engine.diagnostics import Diagnostic, Language, Reporter, errors_in
from engine.editing.case_results import CoveredLine, Results, results_of
from engine.records import dataclass
from engine.testing.coverage import measure
from engine.testing.model import CaseResult
from engine.testing.mutate import mutate
from engine.testing.plan import Selection
from engine.testing.propose import proposals
from engine.testing.read import read_suite
from engine.testing.run import finish, run
from engine.testing.strength import Mutant, Tally
from engine.testing.untried import Drafted, drafted

MOST_SECONDS: Final = 30
"""how long changes are tried for one page"""


@dataclass(frozen=True, slots=True)
class Tried:
    """Attributes:
    finished: whether every change was tried; not where the time was up.
    """

    tally: Tally
    finished: bool

    @property
    def survivors(self) -> Sequence[Mutant]:
        return self.tally.survivors


@dataclass(frozen=True, slots=True)
class Told:
    """
    Attributes:
        found: errors of the policies or of case files; where the policies have any, nothing ran.
        tried: of the file that was asked about; None where nobody asked, or a case fails.
        drafted: for changes that no case speaks of.
    """

    found: tuple[Diagnostic, ...] = ()
    results: Results = field(default_factory=Results)
    tried: Tried | None = None
    drafted: Sequence[Drafted] = ()

    @property
    def passed(self) -> int:
        return len(self.results.ran) - self.results.failed

    @property
    def lines(self) -> Mapping[str, Sequence[CoveredLine]]:
        """By file."""
        found: dict[str, list[CoveredLine]] = {}
        for line in self.results.lines:
            found.setdefault(line.file, []).append(line)
        return found


def told_of(
    policies: Policies,
    folders: Sequence[Path],
    words: tuple[str, ...],
    mutated: str,
    language: Language,
    *,
    covering: bool = True,
) -> Told:
    """
    Args:
        words: only cases whose name holds one.
        mutated: the file whose rules are changed slightly, "" for none.
        covering: whether to look at what the cases saw, which takes longer than to run them.
    """
    checked = policies.check()
    if checked.has_errors:  # cases of rules that are broken only tell the same again
        return Told(tuple(errors_in(checked)))
    suite, report = read_suite(folders, policies.slices), Reporter()
    results: list[CaseResult] = list(run(suite, policies, Selection(words), report))
    whole = finish(suite, results, policies.slices, report, whole=not words)
    seen = measure(results) if covering else []
    found = results_of(results, seen, proposals(seen, results) if covering and not words else [], {}, language)
    tried = None
    if mutated and results and not found.failed:
        tried = _tried(results, policies, mutated)
    lacking = () if words else drafted(results, policies)
    return Told(tuple(errors_in(whole.diagnostics)), found, tried, lacking)


class _TimeIsUp(Exception):
    pass


def _tried(results: Sequence[CaseResult], policies: Policies, file: str) -> Tried:
    ends, latest = time.monotonic() + MOST_SECONDS, Tally()

    def watch(tally: Tally) -> None:
        nonlocal latest
        latest = tally
        if time.monotonic() > ends:
            raise _TimeIsUp

    try:
        tally = mutate(results, policies.slices, lambda mutant: mutant.span.source.name == file, watch)
    except _TimeIsUp:
        return Tried(latest, False)
    return Tried(tally, True)
