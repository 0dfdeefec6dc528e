"""What a folder would be worth if a draft were published: checked, and its cases run.

In: a policy folder, and what some of its files are to hold.  Out: `Judged`.
It is looked at as it would lie on the disk, in a folder of its own: what is found is found of the very bytes that are
to be published. Imports api, editing, testing and below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from engine import disk
from engine.api import open_policies
from engine.diagnostics import Diagnostic, Language, Reporter, errors_in
from engine.editing.case_results import Ran, results_of
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.policy.files import listing
from engine.records import dataclass
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import finish, run

MOST_FAILED: Final = 20
"""cases that are told of one by one"""


@dataclass(frozen=True, slots=True)
class Judged:
    """
    Attributes:
        found: what `check` finds, and what is wrong in case files.
        ran, failed: how many cases.
    """

    found: tuple[Diagnostic, ...]
    ran: int
    failed: int
    failures: tuple[Ran, ...]

    @property
    def errors(self) -> Sequence[Diagnostic]:
        return errors_in(self.found)

    @property
    def is_green(self) -> bool:
        """Nothing is wrong, nothing failed, and something ran."""
        return not self.errors and not self.failed and self.ran > 0


def judged(home: Path, contents: Mapping[str, bytes | None], language: Language) -> Judged:
    """
    Raises: DiskFault, where there is no room for a copy.
    """
    with disk.scratch() as room:
        folder = room / (home.name or "policies")
        _copy(home, folder, contents)
        return _judged(folder, language)


def _copy(home: Path, folder: Path, contents: Mapping[str, bytes | None]) -> None:
    for path in _files(home):
        if path.as_posix() not in contents:
            disk.write_whole(folder / path, disk.read(home / path, MAX_TABLE_BYTES), lasting=False)
    for name, data in contents.items():
        if data is not None:
            disk.write_whole(folder / name, data, lasting=False)


def _files(home: Path) -> Iterator[Path]:
    """All that may take part: hidden files and what editors put aside do not."""
    for one in listing(home):
        if one.kind != "aside" and one.fault is None and disk.size(one.path) <= MAX_TABLE_BYTES:
            yield one.path.relative_to(home)


def _judged(folder: Path, language: Language) -> Judged:
    policies = open_policies(folder)
    checked = policies.check()
    if checked.has_errors:  # cases of rules that are broken only tell the same again
        return Judged(checked.diagnostics, 0, 0, ())
    suite, report = read_suite([folder], policies.slices), Reporter()
    results = list(run(suite, policies, Selection(), report))
    whole = finish(suite, results, policies.slices, report, whole=True)
    told = Reporter((*checked.diagnostics, *whole.diagnostics))
    failures = results_of(whole.failed[:MOST_FAILED], (), (), {}, language).ran
    return Judged(told.diagnostics, len(results), len(whole.failed), failures)
