"""The cases of policies run for a page: what fails, what of the rules they saw, which small changes nobody notices.

In: policies, an unsaved or saved set of files; what of it is asked for.  Out: `Told`.
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
from engine.testing.mutate import mutate_on
from engine.testing.plan import Selection
from engine.testing.propose import proposals
from engine.testing.read import read_suite
from engine.testing.run import finish, run
from engine.testing.strength import Mutant
from engine.testing.untried import Drafted, drafted

FIRST_SECONDS: Final = 3
"""how long changes are tried before the page shows how far it is"""
MOST_SECONDS: Final = 10
"""how long they are tried from then on, before it shows it again"""


@dataclass(frozen=True, slots=True)
class Trying:
    """Changes of a file to be tried, a piece of them at a time.

    Attributes:
        tried, survived: what came of the pieces before: how many, and the places of those that no case noticed.
    """

    file: str
    tried: int = 0
    survived: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """
    Attributes:
        so_far: what to go on from.
        of: how many there are.
    """

    so_far: Trying
    of: int
    survivors: Sequence[Mutant]

    @property
    def finished(self) -> bool:
        return self.so_far.tried == self.of

    @property
    def noticed(self) -> int:
        return self.so_far.tried - len(self.survivors)


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
    language: Language,
    *,
    seeing: bool = False,
    trying: Trying | None = None,
) -> Told:
    """The cases run, and no more than is asked for beside.

    Args:
        words: only cases whose name holds one.
        seeing: to look at what of the rules the cases saw.
        trying: the changes to try.
    """
    checked = policies.check()
    if checked.has_errors:  # cases of rules that are broken only tell the same again
        return Told(tuple(errors_in(checked)))
    suite, report = read_suite(folders, policies.slices), Reporter()
    results: list[CaseResult] = list(run(suite, policies, Selection(words), report))
    whole = finish(suite, results, policies.slices, report, whole=not words)
    seen = measure(results) if seeing else []
    found = results_of(results, seen, proposals(seen, results) if not words else [], {}, language)
    tried = None
    if trying is not None and results and not found.failed:
        tried = _tried(results, policies, trying)
    lacking = () if words or seeing or trying is not None else drafted(results, policies)
    return Told(tuple(errors_in(whole.diagnostics)), found, tried, lacking)


def _tried(results: Sequence[CaseResult], policies: Policies, before: Trying) -> Tried:
    ends = time.monotonic() + (MOST_SECONDS if before.tried else FIRST_SECONDS)
    piece = mutate_on(
        results,
        policies.slices,
        lambda mutant: mutant.span.source.name == before.file,
        before.tried,
        lambda: time.monotonic() > ends,
    )
    survived = (*before.survived, *piece.survivors)
    survivors = [piece.mutants[place] for place in survived if place < len(piece.mutants)]
    return Tried(Trying(before.file, piece.tried, survived), len(piece.mutants), survivors)
