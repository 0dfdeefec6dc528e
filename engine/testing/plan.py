"""Which case runs on which policy.

In: a `Suite`, the policies, and what was asked for.  Out: `Run`s in a stable order: by file, by case, on the case's own
policy first and then on the overlays above it by id.
Imports policy (slices) and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.policy.slices import Slices
from engine.policy.stretches import representative_places
from engine.records import dataclass
from engine.suggest import nearest
from engine.testing.case_reader import over
from engine.testing.model import Case, Difference, Run, Suite


@dataclass(frozen=True, slots=True)
class Selection:
    """`words`: a run is meant when its name holds any of them, whatever the case of letters. `policy`: it runs on that
    policy or overlay. Nothing said selects every run."""

    words: tuple[str, ...] = ()
    policy: str = ""
    unconfirmed: bool = False

    @property
    def everything(self) -> bool:
        return not self.words and not self.policy

    def takes(self, run: Run) -> bool:
        name = run.name.casefold()
        return (not self.policy or run.target == self.policy) and (
            not self.words or any(word.casefold() in name for word in self.words)
        )


def plan(suite: Suite, slices: Slices, selection: Selection, report: Reporter) -> tuple[Run, ...]:
    """The runs that were asked for; a word or a policy that matches none is an error."""
    library = slices.library
    if selection.policy and selection.policy not in library.documents:
        near = nearest(selection.policy, library.documents)
        report.tell("unknown-policy", None, name=selection.policy, suggestion=near)
        return ()
    every = tuple(_Planner(suite, slices, unconfirmed=selection.unconfirmed).runs())
    for word in selection.words:
        one = Selection((word,))
        if every and not any(one.takes(run) for run in every):
            # `income` of `income[row 3]` too
            names = ((run.case.id, run.case.id.partition("[")[0]) for run in every)
            near = nearest(word, dict.fromkeys(chain.from_iterable(names)))
            report.tell("no-case-selected", None, filter=word, suggestion=near)
    taken = tuple(run for run in every if selection.takes(run))
    if every and not taken and not report.has_errors:
        report.tell(
            "no-case-selected", None, filter=" ".join((*selection.words, selection.policy)).strip(), suggestion=""
        )
    return taken


class _Planner:
    def __init__(self, suite: Suite, slices: Slices, *, unconfirmed: bool) -> None:
        self._unconfirmed = unconfirmed
        self._suite = suite
        self._slices = slices
        self._overlays_above = cache(lambda policy: tuple(self._find_above(policy)))
        stated = (one for file in suite.files for one in file.differences)
        self._differences = gathered(((one.policy, one.case), one) for one in stated)

    def runs(self) -> Iterator[Run]:
        for case in self._suite.cases:
            refused = case.unconfirmed is not None and not self._unconfirmed
            yield Run(case, case.policy, "", False, None, case.expect, refused)
            if case.portable:
                for target, place, partial in self._overlays_above(case.policy):
                    difference = self._difference(target, place, case)
                    expect = case.expect if difference is None else over(case.expect, difference.expect)
                    yield Run(case, target, place, partial, difference, expect)

    def _find_above(self, policy: str) -> Iterator[tuple[str, str, bool]]:
        """Each overlay on which the policy's cases run again, with a place of each kind of its counties."""
        library = self._slices.library
        asked = {file.policy for file in self._suite.files if file.again}
        for name, document in sorted(library.documents.items()):
            header = document.header
            line = library.line_to(name)
            official = header.origin.status == "official" and header.role == "local"
            if name == policy or policy not in line or not (official or name in asked):
                continue
            chain = self._slices.chain(library.whole_line(name))
            places = () if chain is None else tuple(representative_places(chain, header.jurisdiction))
            for index, place in enumerate(places or ("",)):
                yield name, place, index > 0

    def _difference(self, target: str, place: str, case: Case) -> Difference | None:
        """What the nearest level says, from the target down to the case's own policy."""
        for name in reversed(self._slices.library.line_to(target)):
            for stated in self._differences.get((name, case.id), ()):
                if not stated.counties or place in stated.counties:
                    return stated
        return None
