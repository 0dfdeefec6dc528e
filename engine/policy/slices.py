"""A library cut along its structure: the checked policy of a stretch of days and of places alike, made once.

In: a `Library`.  Out: `CheckedPolicy`s, and for `check` every stretch of every chain with its diagnostics.
Values, lists and readings cut nothing: they are rows, looked up by place and day. Stretches of the same structure share
one policy, and chains of the same structure their rules, which are elaborated once.
Imports check, dated, loader, overlay, stretches, model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import TypeAlias

from engine.diagnostics import Diagnostic, Reporter, errors_in
from engine.policy.check import check_rules
from engine.policy.checked import CheckedPolicy, Fingerprint, Rules
from engine.policy.dated import check_values
from engine.policy.document import Document
from engine.policy.files import report_nothing_found
from engine.policy.loader import Library
from engine.policy.model import Chain, Change, Policy
from engine.policy.overlay import merge
from engine.policy.ranks import equal_amendments
from engine.policy.stretches import Cuts, Stretch, is_rows
from engine.records import dataclass
from engine.source import Span

MAX_WORK = 100_000
"""changes times days times places; a city with ten years of changes of its own stays far below"""


@dataclass(frozen=True, slots=True, eq=False)
class _Lasting:
    """Rules that hang on nothing but what they are made `of`. It is kept with them: another thing made later must not
    have the identity of one that is gone."""

    rules: tuple[Rules | None, Reporter]
    of: tuple[Policy | Change, ...]


KnownRules: TypeAlias = Mapping[tuple[int, ...], _Lasting]


class Slices:
    """Checked policies of one library. Holds caches; what they hold never changes once made.

    Args:
        instead: chains that stand in for those of the library, by the ids of their documents.
        beside: slices of the same library, with which the rules of equal structure are shared.
        known: rules of an earlier library, of which this one may hold some documents.
    """

    def __init__(
        self,
        library: Library,
        instead: Mapping[tuple[str, ...], Chain] | None = None,
        beside: Slices | None = None,
        known: KnownRules | None = None,
    ) -> None:
        self.library = library
        self._chains: dict[tuple[str, ...], Chain | None] = {**(instead or {})}
        self._cuts: dict[tuple[str, ...], Cuts] = {}
        self._digests: dict[tuple[str, ...], Fingerprint] = {}
        self._rules: dict[tuple[int, ...], tuple[Rules | None, Reporter]] = {} if beside is None else beside._rules
        self._known: KnownRules = known or {}
        self._lasting: dict[tuple[int, ...], _Lasting] = {}
        self._policies: dict[tuple[tuple[str, ...], tuple[int, ...]], CheckedPolicy] = {}
        self._checked: dict[tuple[tuple[str, ...], Stretch], tuple[CheckedPolicy | None, Reporter]] = {}
        self._errors: dict[tuple[tuple[str, ...], str], tuple[Diagnostic, ...]] = {}

    def known_now(self) -> KnownRules:
        """What the slices of the next library may take over; of one that was not asked what an earlier one had."""
        return self._lasting or self._known

    def chain(self, ids: Sequence[str]) -> Chain | None:
        """The chain of these documents, built; None where one of them has errors."""
        key = tuple(ids)
        if key not in self._chains:
            self._chains[key] = self.library.chain(key)
        return self._chains[key]

    def checked(
        self, ids: Sequence[str], place: str, as_of: date, known_on: date | None
    ) -> tuple[CheckedPolicy | None, Reporter]:
        """The policy for a place and day, and what was found in it on the days of their stretch; None after errors."""
        key = tuple(ids)
        chain = self.chain(key)
        if chain is None:
            return None, Reporter(found for name in key for found in self.library.documents[name].report)
        where = (key, self.cuts(chain).stretch(place, as_of, known_on))
        if where not in self._checked:
            self._checked[where] = self._make(key, chain, where[1])
        return self._checked[where]

    def cuts(self, chain: Chain) -> Cuts:
        """Where the rules of a chain may turn."""
        if chain.ids not in self._cuts:
            self._cuts[chain.ids] = Cuts(chain)
        return self._cuts[chain.ids]

    def _make(self, ids: tuple[str, ...], chain: Chain, stretch: Stretch) -> tuple[CheckedPolicy | None, Reporter]:
        """INVARIANT: stretches of the same structure make the same policy; what is found of values may differ.

        The library keeps every document, so that the identity of a change as written is its own.
        """
        report = Reporter()
        merged = merge(chain, report, stretch)
        changes = (change for overlay in chain.overlays for change in overlay.changes if not is_rows(change))
        turned = self.cuts(chain).turns.within(stretch)
        # rules are elaborated within the bounds of what is taken from others, which their roots declare
        roots = (chain.root, *(source.chain.root for source in chain.sources))
        of = (*roots, *(change for change in changes if stretch.applies(change)))
        structure = (*map(id, of), *turned)
        if structure not in self._rules:
            sound = not report.has_errors and not chain.sources
            if sound and structure in self._known:
                self._lasting[structure] = self._known[structure]
                self._rules[structure] = self._known[structure].rules
            else:
                found = Reporter()
                refused = merged.applied if report.has_errors else ()
                self._rules[structure] = (check_rules(merged, found, refused), found)
                if sound:
                    self._lasting[structure] = _Lasting(self._rules[structure], of)
        rules, found = self._rules[structure]
        report.extend(found)
        if rules is None or report.has_errors:
            return None, report
        if ids not in self._digests:
            self._digests[ids] = Fingerprint(chain, self.library.proofs)
        return self._policies.setdefault((ids, structure), CheckedPolicy(merged, rules, self._digests[ids])), report

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
                self.library.checkpoint()
                report.extend(self._check_line(self._line(document), document, on))
        report.extend(self._refused_then(documents))
        report.extend(self.library.diagnostics())
        if not documents and not report.has_errors:
            report_nothing_found(self.library.folders, report)
        if hygiene:
            self.library.checkpoint()
            from engine.policy.hygiene.survey import check_hygiene

            return check_hygiene(self.library, self.policies_of, report, on)
        return report

    def _refused_then(self, documents: Sequence[Document]) -> Iterator[Diagnostic]:
        """What only those meet who ask for the rules as they were known on a day: once for each place in a file."""
        from engine.policy.published_late import refused_then, unknown_days

        told: set[tuple[str, Span | None]] = set()
        for document in documents:
            ids = self._line(document)
            chain = None if document.built is None else self.chain(ids)
            late = [] if chain is None else list(unknown_days(chain, self.cuts(chain).each_day()))
            if chain is None or not late or self._work(chain, document) > MAX_WORK:
                continue
            places = self.cuts(chain).places(document.header.jurisdiction)
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
        lines = [(tuple(self.library.whole_line(name)), name) for name in ids]
        root = self.library.root_of(ids[0])
        last = next(name for name in reversed(ids) if self.library.root_of(name) == root)
        for line, name in dict.fromkeys([*lines, (tuple(ids), last)]):
            if (line, name) not in self._errors:
                document = self.library.documents[name]
                self.library.build(name)
                found = [*document.report, *(self._check_line(line, document, None) if document.built else ())]
                self._errors[line, name] = tuple(errors_in(found))
            report.extend(self._errors[line, name])
        return report

    def policies_of(self, document: Document) -> tuple[CheckedPolicy, ...]:
        """The policies that a document's own chain makes, one for each set of rules; none where one has errors."""
        ids = self._line(document)
        found: dict[int, CheckedPolicy] = {}
        for place, day in self._cells(ids, document):
            checked, _ = self.checked(ids, place, day, None)
            if checked is None:
                return ()
            found.setdefault(id(checked.rules), checked)
        return tuple(found.values())

    def _line(self, document: Document) -> tuple[str, ...]:
        return tuple(self.library.whole_line(document.header.id))

    def _cells(self, ids: tuple[str, ...], document: Document) -> Iterator[tuple[str, date]]:
        """Of every stretch of a chain, in each way in which places of a document differ, a place and a day."""
        chain = self.chain(ids)
        if chain is not None and self._work(chain, document) <= MAX_WORK:
            yield from product(self.cuts(chain).places(document.header.jurisdiction), self.cuts(chain).each_day())

    def _work(self, chain: Chain, document: Document) -> int:
        """How many changes are looked at, on how many days and in how many places that have rules of their own."""
        cuts = self.cuts(chain)
        changes = sum(not is_rows(change) for overlay in chain.overlays for change in overlay.changes)
        places = len(cuts.places(document.header.jurisdiction))
        return (changes + len(cuts.turns.elements)) * len(cuts.days) * places

    def _check_line(self, ids: tuple[str, ...], document: Document, on: date | None) -> Reporter:
        """What is found in a chain, within the jurisdiction of one of its documents, and in that one's values."""
        report = Reporter()
        chain = self.chain(ids)
        if chain is None:
            return report
        work = self._work(chain, document)
        if work > MAX_WORK:
            head = document.header.origin.span
            report.tell("too-many-periods", head, count=str(work), limit=str(MAX_WORK))
        for place, day in self._cells(ids, document):
            report.extend(self.checked(ids, place, day, None)[1])
        merged = merge(chain, Reporter())
        check_values(merged, document.header, report, on)
        equal_amendments(chain, report)
        return report
