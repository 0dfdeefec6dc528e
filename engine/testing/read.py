"""Case files to cases: the sole reader of files with the key `cases`.

In: folders and files, and the policies that the cases are of.  Out: a `Suite`; what is wrong with a file is told once,
at its place, and a case with a fault in it is left out of the run (the suite fails all the same).
Imports policy (loader, overlay, yaml_nodes), evaluation and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from engine import disk
from engine.diagnostics import Diagnostic, Reporter
from engine.gathered import gathered
from engine.policy.fields import Fields, read_flag
from engine.policy.files import is_case_file, shown_path, yaml_files
from engine.policy.loader import Library
from engine.policy.model import Elements
from engine.policy.overlay import merge
from engine.policy.slices import Slices
from engine.policy.stretches import chain_divisions
from engine.policy.yaml_nodes import decode, read_tree
from engine.records import dataclass
from engine.schema import check_structure
from engine.source import Source
from engine.suggest import Near
from engine.testing.beside import Beside
from engine.testing.case_reader import CaseReader, PolicyView
from engine.testing.expect import read_expect
from engine.testing.model import Case, CaseFile, Difference, Suite
from engine.testing.names import check_names
from engine.tree import Mapping, Scalar, Tree


def read_suite(paths: Sequence[Path], slices: Slices) -> Suite:
    """Every case file of the folders (or the files named).

    Args:
        slices: the policies that the cases are of, already read.
    """
    report = Reporter()
    views = Views(slices)
    texts = case_texts(paths, slices.library, report)
    read = [read_cases(case_tree(one.source), one.beside, views) for one in texts]
    return suite_of(paths, read, slices.library, report)


def suite_of(paths: Sequence[Path], read: Sequence[ReadCases], library: Library, report: Reporter) -> Suite:
    """What was read of each file, and the cases held against each other.

    Args:
        report: holds what was found while the files were looked for.
    """
    for one in read:
        report.extend(one.found)
    files = [one.file for one in read if one.file is not None]
    if not any(file.cases for file in files) and not report.has_errors:
        for path in paths:
            report.tell("no-case-found", None, path=str(path), folder=str(path))
    _refuse_repeated(files, library, report)
    _check_differences(files, library, report)
    return Suite(tuple(files), report.diagnostics)


@dataclass(frozen=True, slots=True)
class CaseText:
    """A file of cases before it is read."""

    path: Path
    source: Source
    beside: Beside


@dataclass(frozen=True, slots=True)
class CaseTree:
    """A file of cases by itself; no tree where its structure is not that of one."""

    source: Source
    tree: Tree | None
    found: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class ReadCases:
    """What one file of cases says, and what is wrong with it; no file where nothing can be said of it."""

    file: CaseFile | None
    found: tuple[Diagnostic, ...]


class Views:
    """What the cases of each policy may name, put together once."""

    def __init__(self, slices: Slices) -> None:
        self.slices = slices
        self.declared = cache(self._declared)
        self.of = cache(self._view)
        """what a case of a policy may name; None where it has errors, which are told with the policies"""

    def elements(self, policy: str) -> Elements | None:
        view = self.of(policy)
        return None if view is None else view.elements

    def _view(self, policy: str) -> PolicyView | None:
        library = self.slices.library
        chain = self.slices.chain(library.whole_line(policy)) if policy in library.documents else None
        if chain is None:
            return None
        # everything that stands in it on some day
        elements = merge(chain, Reporter(), repealed_too=True).elements
        names = gathered((division.name, division.code) for division in chain_divisions(chain).values())
        return PolicyView(policy, elements, frozenset(library.territory(policy)), names, self.declared)

    def _declared(self) -> frozenset[str]:
        """Every field of a household that some loaded policy declares."""
        return frozenset(self.slices.library.declared_fields())


def case_tree(source: Source) -> CaseTree:
    report, own = Reporter(), Reporter()
    tree = read_tree(source, report)
    if isinstance(tree, Mapping):
        check_structure(tree, "cases", own)
        report.extend(own)
    sound = isinstance(tree, Mapping) and not own.has_errors
    return CaseTree(source, tree if sound else None, report.diagnostics)


def read_cases(written: CaseTree, beside: Beside, views: Views) -> ReadCases:
    report, file = Reporter(written.found), None
    if isinstance(written.tree, Mapping):
        file = _read_file(written.tree, written.source, beside, views, report)
    return ReadCases(file, report.diagnostics)


def case_texts(paths: Sequence[Path], library: Library, report: Reporter) -> Iterator[CaseText]:
    """The files of cases among those of the folders (or the files named)."""
    seen: set[Path] = set()
    for path in paths:
        root = path if disk.kind(path) == "folder" else path.parent
        for file in yaml_files(path, report, library.instead):
            resolved = disk.real(file)
            if resolved in seen:
                continue
            seen.add(resolved)
            source = _source(file, shown_path(file, root), library, report)
            if source is not None and is_case_file(source.text):
                yield CaseText(resolved, source, Beside(file.parent, root, library.instead))
            elif path == file and source is not None:
                report.tell("no-case-found", None, path=str(path), folder=str(path))


def _source(file: Path, name: str, library: Library, report: Reporter) -> Source | None:
    try:
        data = library.bytes_of(file)
    except disk.DiskFault as fault:
        report.add(fault.diagnostic(name))
        return None
    if b"cases" not in data:
        return Source(name, "")
    return decode(data, name, report)


def _read_file(tree: Mapping, source: Source, beside: Beside, views: Views, report: Reporter) -> CaseFile:
    fields = Fields(tree, report)
    policy = tree.get("cases")
    assert isinstance(policy, Scalar), "the schema was checked"
    reader = CaseReader(fields, policy, beside, views.of, sorted(views.slices.library.documents), report)
    again = read_flag(fields.text("again")) is True
    cases = tuple(reader.cases())
    differences = tuple(_differences(fields, policy.text, views))
    return CaseFile(source, policy.text, fields.text("title"), again, cases, differences)


def _differences(fields: Fields, policy: str, views: Views) -> Iterator[Difference]:
    elements = views.elements(policy)
    for key, value in fields.entries("differs"):
        stated = Fields(value, fields.report)
        expect = read_expect(stated.get("expect"))
        if not expect:
            fields.report.tell("case-expects-nothing", key.span, case=key.text)
        if elements is not None:
            check_names(expect, elements, fields.report)
        counties = frozenset(one.text for one in stated.items("counties") if isinstance(one, Scalar))
        yield Difference(key.text, policy, stated.text("why"), counties, expect, key.span)


# ---- the suite as a whole


def _refuse_repeated(files: Sequence[CaseFile], library: Library, report: Reporter) -> None:
    """One name, one case, for a policy and those below it; two cities may both have `standards`."""
    first: dict[tuple[str, str], Case] = {}
    for file in files:
        for case in file.cases:
            key = (case.policy, case.id)
            if key in first:
                report.tell("case-twice", case.span, case=case.id, related=[("first-here", first[key].span)])
            first.setdefault(key, case)
    told: set[tuple[str, str]] = set()
    for (policy, id), case in first.items():
        named = (policy, id.partition("[")[0])
        for below in library.line_to(policy):
            other = first.get((below, id))
            if other is not None and below != policy and named not in told:
                told.add(named)
                report.tell("case-twice", case.span, case=id, related=[("first-here", other.span)])


def _check_differences(files: Sequence[CaseFile], library: Library, report: Reporter) -> None:
    """A difference is from a case that runs on the policy that states it."""
    seen: dict[tuple[str, str], Difference] = {}
    for file in files:
        for stated in file.differences:
            below = library.line_to(stated.policy)[:-1] if stated.policy in library.documents else []
            cases = [case for other in files for case in other.cases if case.policy in below]
            match = next((case for case in cases if case.id == stated.case), None)
            if match is None:
                near = Near(stated.case, [case.id for case in cases])
                report.tell("difference-unknown-case", stated.span, case=stated.case, suggestion=near)
            key = (stated.policy, stated.case)
            if key in seen:
                related = [("first-here", seen[key].span)]
                report.tell("difference-twice", stated.span, case=stated.case, related=related)
            seen.setdefault(key, stated)
