"""The cases of one file: households put together from bases and changes, tables unrolled, names checked.

In: the file's tree, whose structure was checked, and what its policy declares.  Out: `Case`s, or Diagnostics.
Imports evaluation, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date
from typing import TypeAlias

from engine.diagnostics import Reporter
from engine.errors import HouseholdError
from engine.evaluation.json_text import read_json
from engine.policy.cells import day_text
from engine.policy.fields import Fields, read_day, read_flag
from engine.policy.model import Elements
from engine.records import dataclass
from engine.source import Span
from engine.suggest import Near
from engine.testing.beside import Beside
from engine.testing.expect import REFUSED, read_cell, read_expect
from engine.testing.given import check_given, is_portable, read_given, settled
from engine.testing.households import HouseholdMaker
from engine.testing.model import Case, Expected, Given
from engine.testing.names import check_names
from engine.testing.tables import Row, read_rows
from engine.tree import Mapping, Scalar, Tree

_OPEN_FIELDS = "unknown-household-field"
Household: TypeAlias = dict[str, object]
Codes: TypeAlias = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class PolicyView:
    """What the cases of a policy may name: its elements whatever their dates, the places of its territory by code and
    the codes by name, and what other policies declare of households."""

    policy: str
    elements: Elements
    places: frozenset[str]
    names: Codes
    others: Callable[[], frozenset[str]]

    def role(self, role: str) -> str:
        return next((fact.id for fact in self.elements.facts.values() if fact.role == role), "")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A case on its way: what it is made of, before names are checked."""

    id: str
    policy: Scalar
    why: str
    span: Span
    source: Fields
    file: Scalar | None
    changes: tuple[tuple[Scalar, Tree], ...]
    cells: tuple[tuple[Scalar, Tree], ...]
    as_of: Scalar | None
    known_on: Scalar | None
    given: tuple[Given, ...]
    expect: tuple[Expected, ...]
    unconfirmed: Span | None


@dataclass(slots=True, eq=False)
class CaseReader:
    """Attributes:
    view: what a policy declares; None where it has errors or does not exist.
    """

    _fields: Fields
    _policy: Scalar
    _beside: Beside
    _view: Callable[[str], PolicyView | None]
    _known: Sequence[str]
    _report: Reporter
    _bases: dict[str, Fields] = field(init=False)
    _told: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self._bases = {key.text: Fields(value, self._report) for key, value in self._fields.entries("bases")}

    def cases(self) -> Iterator[Case]:
        common = _given(self._fields)
        for key, value in self._fields.entries("tests"):
            for draft in self._drafts(key, Fields(value, self._report), common):
                case = self._case(draft)
                if case is not None:
                    yield case

    # ---- what is written

    def _drafts(self, key: Scalar, fields: Fields, common: tuple[Given, ...]) -> Iterator[_Draft]:
        file = fields.scalar("file")
        changes = tuple(fields.entries("change"))
        draft = _Draft(
            key.text,
            self._policy,
            " ".join(fields.text("why").split("\n")),
            key.span,
            fields,
            file,
            changes,
            (),
            fields.scalar("as_of"),
            fields.scalar("known_on"),
            _over(common, _given(fields)),
            read_expect(fields.get("expect")),
            _unconfirmed(fields.scalar("confirmed")),
        )
        table = fields.get("table")
        if not isinstance(table, Mapping):
            yield draft
            return
        own = Reporter()
        pattern = Fields(table, own).text("households")
        for row in read_rows(table, self._beside, own):
            yield self._row(draft, row, pattern)
        self._report.extend(own)

    def _row(self, draft: _Draft, row: Row, pattern: str) -> _Draft:
        """The case of a row: what all share, with the row's cells put in."""
        id, why, file = row.plain("id"), row.plain("why"), row.plain("file")
        changes = [(Scalar(cell.span, column.change), cell) for column, cell in row.cells if column.change]
        given = [read_given(Scalar(cell.span, column.given), cell) for column, cell in row.cells if column.given]
        expect = [
            expected
            for column, cell in row.cells
            if column.expect is not None
            for expected in read_cell(column.expect, column.key, cell, exact=column.exact, saved=row.saved)
        ]
        if file is not None and pattern:
            file = replace(file, text=pattern.replace("*", file.text.strip()))
        return replace(
            draft,
            id=f"{draft.id}[{f'row {row.number}' if id is None else id.text}]",
            policy=row.plain("policy") or draft.policy,
            why=draft.why if why is None else f"{draft.why}：{why.text}",
            span=row.span,
            file=file or draft.file,
            cells=tuple(changes),
            as_of=_day_cell(row.plain("as_of")) or draft.as_of,
            known_on=_day_cell(row.plain("known_on")) or draft.known_on,
            given=_over(draft.given, tuple(given)),
            expect=over(draft.expect, tuple(expect)),
        )

    # ---- what it means

    def _case(self, draft: _Draft) -> Case | None:
        view = self._view(draft.policy.text)
        if view is None:
            self._refuse_policy(draft.policy)
            return None
        report = Reporter()
        if not draft.expect:
            report.tell("case-expects-nothing", draft.span, case=draft.id)
        check_names(draft.expect, view.elements, report)
        given = tuple(settled(one, view.elements) for one in draft.given)
        for one in given:
            check_given(one, view.elements, report)
        household = self._household(draft, view, report)
        as_of, known_on = _day(draft.as_of, report), _day(draft.known_on, report)
        place, day = _text(household, view.role("place")), _text(household, view.role("as_of"))
        if place and place not in view.places and not _expects(draft.expect, "not-in-territory", "place-form"):
            report.tell("case-unknown-place", draft.span, place=place, suggestion=Near(place, sorted(view.places)))
        # what nobody has confirmed is not yet asked of other policies
        portable = draft.unconfirmed is None and place in view.places and is_portable(given, view.elements)
        self._report.extend(report)
        if report.has_errors or household is None:
            return None
        return Case(
            draft.id,
            view.policy,
            draft.why,
            household,
            as_of,
            known_on,
            given,
            draft.expect,
            place,
            _as_day(day),
            portable,
            draft.span,
            draft.unconfirmed,
        )

    def _refuse_policy(self, policy: Scalar) -> None:
        """Once for a policy that does not exist; one that cannot be used is told with the policies."""
        if policy.text in self._told:
            return
        self._told.add(policy.text)
        if policy.text in self._known:
            self._report.tell("case-policy-broken", policy.span, policy=policy.text)
        else:
            near = Near(policy.text, self._known)
            self._report.tell("case-unknown-policy", policy.span, policy=policy.text, suggestion=near)

    def _household(self, draft: _Draft, view: PolicyView, report: Reporter) -> Household | None:
        open_fields = _expects(draft.expect, _OPEN_FIELDS)
        maker = HouseholdMaker(view.elements, report, view.others, view.names, allow_unknown=open_fields)
        household = self._start(draft, maker, report)
        if household is None:
            return None
        for path, value in draft.changes:
            maker.change(household, path, value)
        for path, value in draft.cells:
            maker.change(household, path, value, in_cell=True)
        return household

    def _start(self, draft: _Draft, maker: HouseholdMaker, report: Reporter) -> Household | None:
        """The household before the case's own changes: the last base's, with the changes of each base above it."""
        source, file = draft.source, draft.file
        changes: list[Fields] = []
        seen: set[str] = set()
        while (base := source.scalar("base")) is not None and file is None and source.get("household") is None:
            below = self._bases.get(base.text)
            if below is None:
                near = Near(base.text, self._bases)
                report.tell("case-unknown-base", base.span, base=base.text, suggestion=near)
                return None
            if base.text in seen:
                report.tell("case-base-circle", base.span, base=base.text)
                return None
            seen.add(base.text)
            changes.append(below)
            source, file = below, below.scalar("file")
        written = source.get("household")
        if file is not None:
            household = self._from_file(file, maker, report)
        elif written is not None:
            household = maker.household(written)
        else:
            report.tell("case-without-household", draft.span, case=draft.id)
            return None
        if household is not None:
            for stated in reversed(changes):
                for path, value in stated.entries("change"):
                    maker.change(household, path, value)
        return household

    def _from_file(self, file: Scalar, maker: HouseholdMaker, report: Reporter) -> Household | None:
        data = self._beside.read(file, report, file.text)
        if data is None:
            return None
        try:
            tree = read_json(data[1])
        except HouseholdError as refusal:
            reason = "；".join(found.message() for found in refusal.diagnostics)
            report.tell("case-household-unreadable", file.span, file=file.text, reason=reason)
            return None
        if not isinstance(tree, dict):
            report.tell("case-household-unreadable", file.span, file=file.text, reason="{…}")
            return None
        maker.check_json(tree, file.span)
        return dict(tree)


def over(below: tuple[Expected, ...], above: tuple[Expected, ...]) -> tuple[Expected, ...]:
    """Expectations with others put in: of the same thing the latter hold; a refusal, or none, takes all the place."""
    if _refuses(below) != _refuses(above) and above and any(one.kind in ("outcome", "refused") for one in above):
        return above
    stated = {(one.kind, one.key) for one in above}
    return (*(one for one in below if (one.kind, one.key) not in stated), *above)


def _refuses(expect: Sequence[Expected]) -> bool:
    return any(one.kind == REFUSED or one.value == REFUSED for one in expect)


def _expects(expect: Sequence[Expected], *codes: str) -> bool:
    """Whether the case is about a refusal for one of these reasons."""
    return any(entry.partition(" ")[0] in codes for one in expect if one.kind == REFUSED for entry in one.value)


def _unconfirmed(written: Scalar | None) -> Span | None:
    return None if written is None or read_flag(written.text) is not False else written.span


def _given(fields: Fields) -> tuple[Given, ...]:
    return tuple(read_given(key, value) for key, value in fields.entries("given") if isinstance(value, Scalar))


def _over(below: tuple[Given, ...], above: tuple[Given, ...]) -> tuple[Given, ...]:
    ids = {one.id for one in above}
    return (*(one for one in below if one.id not in ids), *above)


def _day_cell(cell: Scalar | None) -> Scalar | None:
    """A day as spreadsheets write it."""
    return None if cell is None else replace(cell, text=day_text(cell.text) or cell.text)


def _day(written: Scalar | None, report: Reporter) -> date | None:
    return None if written is None else read_day(written, report)


def _text(household: Household | None, key: str) -> str:
    value = None if household is None else household.get(key)
    return value if isinstance(value, str) else ""


def _as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
