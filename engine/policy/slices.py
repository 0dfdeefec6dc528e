"""A library cut along time and place: the checked policy for one place and day, made once for all that share it.

In: a `Library`.  Out: `CheckedPolicy`s, and for `check` every slice of every chain with its diagnostics.
Between two days on which something begins or ends nothing changes, and rules that differ only in values and readings
are elaborated once.
Imports check, dated, loader, overlay, model and the ground floor.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product

from engine.diagnostics import Diagnostic, Reporter, Severity
from engine.policy.check import check_rules
from engine.policy.checked import CheckedPolicy, Fingerprint, Rules
from engine.policy.dated import check_values
from engine.policy.days import Turns, own_days, turns
from engine.policy.files import report_nothing_found
from engine.policy.loader import Document, Library
from engine.policy.model import Chain, Change, Division, MergedPolicy, SetList, SetReading, SetValues, stands_with
from engine.policy.overlay import breakpoints, in_force, merge, publications
from engine.policy.published_late import refused_then, unknown_days
from engine.policy.ranks import equal_amendments
from engine.source import Span

MAX_WORK = 100_000
"""changes times days times places; a city with ten years of changes of its own stays far below"""

_Where = tuple[tuple[str, ...], str, int, int]
"""ids, place, and between which days and which publications"""
_Merged = tuple[tuple[str, ...], tuple[int, ...], tuple[bool, ...]]
"""ids, changes in force, and what else turns with the days"""
_Same = tuple[tuple[str, ...], tuple[int, ...], tuple[bool, ...], tuple[bool, ...]]
"""likewise, with the values that hold where those matter"""


class Slices:
    """Checked policies of one library. Holds caches; what they hold never changes once made."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._chains: dict[tuple[str, ...], Chain | None] = {}
        self._breaks: dict[tuple[str, ...], tuple[date, ...]] = {}
        self._publications: dict[tuple[str, ...], tuple[date, ...]] = {}
        self._digests: dict[tuple[str, ...], Fingerprint] = {}
        self._rules: dict[tuple[int, ...], tuple[Rules | None, Reporter]] = {}
        self._checked: dict[_Where, tuple[CheckedPolicy | None, Reporter]] = {}
        self._turns: dict[tuple[str, ...], Turns] = {}
        self._errors: dict[tuple[tuple[str, ...], str], tuple[Diagnostic, ...]] = {}
        self._by_day: set[_Merged] = set()
        self._merged: dict[_Same, tuple[CheckedPolicy | None, Reporter]] = {}

    def chain(self, ids: Sequence[str]) -> Chain | None:
        """The chain of these documents, built; None where one of them has errors."""
        key = tuple(ids)
        if key not in self._chains:
            self._chains[key] = self.library.chain(key)
        return self._chains[key]

    def checked(
        self, ids: Sequence[str], place: str, as_of: date, known_on: date | None
    ) -> tuple[CheckedPolicy | None, Reporter]:
        """The policy for a place and day, and what was found in it; None after errors."""
        key = tuple(ids)
        chain = self.chain(key)
        if chain is None:
            return None, self._documents_report(key)
        if key not in self._publications:
            self._publications[key] = publications(chain)
        known = self._publications[key]
        told = len(known) if known_on is None else bisect_right(known, known_on)
        where = (key, place, bisect_right(self.days(key), as_of), told)
        if where not in self._checked:
            self._checked[where] = self._make(key, chain, place, as_of, known_on)
        return self._checked[where]

    def _documents_report(self, ids: tuple[str, ...]) -> Reporter:
        report = Reporter()
        for name in ids:
            report.extend(self.library.documents[name].report)
        return report

    def _make(
        self, ids: tuple[str, ...], chain: Chain, place: str, as_of: date, known_on: date | None
    ) -> tuple[CheckedPolicy | None, Reporter]:
        report = Reporter()
        stands = stands_with(place, chain_divisions(chain))
        # the library keeps every document, so that the identity of a change as written is its own
        picked = [change for overlay in chain.overlays for change in in_force(overlay, place, as_of, known_on, stands)]
        if ids not in self._turns:
            self._turns[ids] = turns(chain)
        turned = self._turns[ids].on(as_of, known_on)
        same = (ids, tuple(id(change) for change in picked), turned)
        valued = tuple(
            change.block.origin.holds(as_of, known_on) for change in picked if isinstance(change, SetValues | SetList)
        )
        key: _Same = (*same, valued if same in self._by_day else ())
        if key not in self._merged:
            merged = merge(chain, place, as_of, known_on, report, stands=stands)
            if merged.by_day:
                self._by_day.add(same)
                key = (*same, valued)
            structure = (id(chain.root), *(id(change) for change in picked if _is_structural(change)), *turned)
            self._merged[key] = self._elaborate(ids, merged, structure, report)
        return self._merged[key]

    def _elaborate(
        self, ids: tuple[str, ...], merged: MergedPolicy, structure: tuple[int, ...], report: Reporter
    ) -> tuple[CheckedPolicy | None, Reporter]:
        if structure not in self._rules:
            found = Reporter()
            refused = merged.applied if report.has_errors else ()
            self._rules[structure] = (check_rules(merged, found, refused), found)
        rules, found = self._rules[structure]
        report.extend(found)
        if rules is None or report.has_errors:
            return None, report
        if ids not in self._digests:
            self._digests[ids] = Fingerprint(merged.chain)
        return CheckedPolicy(merged, rules, self._digests[ids]), report

    def check_all(self, on: date | None, *, hygiene: bool = False) -> Reporter:
        """Every slice of every document's chain; with `on`, also what is out of date on that day.

        Args:
            hygiene: also what is not wrong but untidy, as the settings of each policy folder have it.
        """
        report = Reporter()
        self.library.build_all()
        documents = [self.library.documents[name] for name in sorted(self.library.documents)]
        for document in documents:
            if document.built is not None:
                report.extend(self._check_line(self._line(document), document, on))
        report.extend(self._refused_then(documents))
        report.extend(self.library.diagnostics())
        if not documents and not report.has_errors:
            report_nothing_found(self.library.folders, report)
        if hygiene:
            from engine.policy.hygiene.survey import check_hygiene

            return check_hygiene(self.library, self._slices_of, report, on)
        return report

    def days(self, ids: Sequence[str]) -> tuple[date, ...]:
        """The days on which something in a chain begins, or has just ended."""
        key = tuple(ids)
        chain = self.chain(key)
        if key not in self._breaks and chain is not None:
            self._breaks[key] = breakpoints(chain)
        return self._breaks.get(key, ())

    def _refused_then(self, documents: Sequence[Document]) -> Iterator[Diagnostic]:
        """What only those meet who ask for the rules as they were known on a day: once for each place in a file."""
        told: set[tuple[str, Span | None]] = set()
        for document in documents:
            ids = self._line(document)
            chain = None if document.built is None else self.chain(ids)
            late = [] if chain is None else list(unknown_days(chain, self.days(ids)))
            if chain is None or not late or _work(chain, document.header.jurisdiction) > MAX_WORK:
                continue
            places = list(representative_places(chain, document.header.jurisdiction))
            for found in refused_then(self, ids, chain, places, late):
                place = (dict(found.params)["rule"], found.span)
                if place not in told:
                    told.add(place)
                    yield found

    def chain_report(self, ids: Sequence[str]) -> Reporter:
        """Every error that `check` reports for the documents of a chain: in their files, values, and every slice.

        Made once for each document, whatever the household; what is found on some other day counts too.
        """
        report = Reporter()
        lines = [(tuple(self.library.line_to(name)), name) for name in ids]
        for line, name in dict.fromkeys([*lines, (tuple(ids), ids[-1])]):
            if (line, name) not in self._errors:
                document = self.library.documents[name]
                self.library.build(name)
                found = [*document.report, *(self._check_line(line, document, None) if document.built else ())]
                self._errors[line, name] = tuple(one for one in found if one.severity is Severity.ERROR)
            report.extend(self._errors[line, name])
        return report

    def _slices_of(self, document: Document) -> tuple[CheckedPolicy, ...]:
        """The policies that a document's own chain makes, one for each set of rules; none where one has errors."""
        ids = self._line(document)
        found: dict[int, CheckedPolicy] = {}
        for place, day in self._cuts(ids, document):
            checked, _ = self.checked(ids, place, day, None)
            if checked is None:
                return ()
            found.setdefault(id(checked.rules), checked)
        return tuple(found.values())

    def _line(self, document: Document) -> tuple[str, ...]:
        return tuple(self.library.line_to(document.header.id))

    def _cuts(self, ids: tuple[str, ...], document: Document) -> Iterator[tuple[str, date]]:
        """Every place of a document and every day at which a chain may differ."""
        chain = self.chain(ids)
        if chain is not None and _work(chain, document.header.jurisdiction) <= MAX_WORK:
            yield from product(representative_places(chain, document.header.jurisdiction), self.days(ids))

    def _check_line(self, ids: tuple[str, ...], document: Document, on: date | None) -> Reporter:
        """What is found in a chain, within the jurisdiction of one of its documents, and in that one's values."""
        report = Reporter()
        chain = self.chain(ids)
        if chain is None:
            return report
        work = _work(chain, document.header.jurisdiction)
        if work > MAX_WORK:
            head = document.header.origin.span
            report.tell("too-many-periods", head, count=str(work), limit=str(MAX_WORK))
        for place, day in self._cuts(ids, document):
            report.extend(self.checked(ids, place, day, None)[1])
        merged = merge(chain, None, None, None, Reporter())
        check_values(merged, document.header, report, on)
        equal_amendments(chain, report)
        return report


def _work(chain: Chain, jurisdiction: str) -> int:
    """How many changes are looked at, on how many days and in how many places that have rules of their own."""
    changes = [change.origin for overlay in chain.overlays for change in overlay.changes if _is_structural(change)]
    changes += own_days(chain)
    days = {day for origin in changes for day in (origin.start, origin.until)}
    return len(changes) * len(days) * len(list(representative_places(chain, jurisdiction)))


def _is_structural(change: Change) -> bool:
    return not (_is_valued(change) or isinstance(change, SetReading))


def _is_valued(change: Change) -> bool:
    return isinstance(change, SetValues | SetList)


def chain_divisions(chain: Chain) -> dict[str, Division]:
    """The territory of a chain: the root's divisions and the zones that overlays declare."""
    divisions = dict(chain.root.divisions)
    for overlay in chain.overlays:
        divisions.update(overlay.zones)
    return divisions


def representative_places(chain: Chain, jurisdiction: str) -> Iterator[str]:
    """One place for each way in which changes are confined to counties, within a jurisdiction."""
    seen: set[frozenset[int]] = set()
    confined = [change for overlay in chain.overlays for change in overlay.changes if change.counties]
    for code, division in chain_divisions(chain).items():
        if not code.startswith(jurisdiction):
            continue
        if not confined:
            yield code  # rules are the same everywhere
            return
        stands = division.stands_with or code  # which it follows in all but values
        signature = frozenset(
            id(change) for change in confined if (code if _is_valued(change) else stands) in change.counties
        )
        if signature not in seen:
            seen.add(signature)
            yield code
