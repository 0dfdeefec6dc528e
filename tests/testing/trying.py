"""Suites written for a test: case files beside a copy of nothing, or of the shipped policies, read and run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from engine import resources
from engine.api import Policies, open_policies
from engine.diagnostics import Reporter, render
from engine.testing.model import CaseResult, Suite, SuiteResult
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import Runner, finish, run

SHIPPED = resources.policies_root()

HEAD = """\
cases: shanxi_2022_60
given: {dibao_standard: 700 元/人/月}
bases:
  ill:
    household:
      id: H
      application_date: 2023-06-15
      county: "140105"
      residence: urban
      income_12m: 20000
      financial_assets: 10000
      members:
        - {id: m1, treatment_ongoing: yes, medical_gross: 20000, medical_reimbursed: 6000, medical_aid: 2000}
tests:
"""


class Tried(NamedTuple):
    policies: Policies
    suite: Suite
    found: SuiteResult

    @property
    def codes(self) -> list[str]:
        faults = [fault for result in self.found.results for fault in result.faults]
        return sorted(one.code for one in (*self.found.diagnostics, *faults))

    @property
    def told(self) -> str:
        faults = [fault for result in self.found.results for fault in result.faults]
        return "\n".join(render(one) for one in (*self.found.diagnostics, *faults))

    def named(self, name: str) -> CaseResult:
        return next(result for result in self.found.results if result.run.name == name)


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return folder


def tried(
    folder: Path,
    files: Mapping[str, str | bytes],
    *,
    selection: Selection | None = None,
    whole: bool = False,
    policies: Sequence[Path] = (SHIPPED,),
) -> Tried:
    """The files written to a folder, which is read with the policies; only the folder's cases run."""
    write(folder, files)
    loaded = open_policies([*policies, folder])
    suite = read_suite([folder], loaded.slices)
    report = Reporter()
    results = list(run(suite, loaded, selection or Selection(), report))
    return Tried(loaded, suite, finish(suite, results, loaded.slices, report, whole=whole))


__all__ = ["HEAD", "SHIPPED", "Runner", "Tried", "tried", "write"]
