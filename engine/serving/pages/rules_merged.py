"""A merged policy as `show` tells it, element by element: what it says, where that stands, and who may change it.

In: a checked policy, a day, the places it is shown for, a document to be asked about (`rules_open`).
Out: `Section`s of `Entry`s for a template to print.
Imports reporting (words, tables of values, changes), evaluation (units), policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta

from engine.evaluation.figures import Measures
from engine.language.ast import Expression
from engine.language.printer import print_expression
from engine.policy.checked import CheckedPolicy
from engine.policy.model import (
    Cause,
    Change,
    Condition,
    Element,
    ElementKind,
    Header,
    Key,
    NamedList,
    Origin,
    Parameter,
    Parts,
    Reading,
    Term,
    dated_origin,
)
from engine.policy.tables import ValueInForce
from engine.records import dataclass
from engine.reporting.changes import told
from engine.reporting.decision_report import provenance
from engine.reporting.tables import last_ended, table, values_by_place
from engine.reporting.words import Words
from engine.serving.pages.places import Place
from engine.serving.pages.rules_changed import Below, Changed
from engine.serving.pages.rules_open import Asked, Opened


@dataclass(frozen=True, slots=True)
class Noted:
    """A place, and what is to be said of it: document, days, trust; `source` is the address of the publication."""

    text: str
    place: Place
    source: str = ""
    mark: str = ""
    stale: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """The values of a parameter: `names` of a row, then its values, each with its place."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, Place | None], ...]], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An element.

    Attributes:
        rule: what it says, as an expression; `value` what it comes to where that is one value.
        notes: where its values come from, and what is lacking.
        replaced: what it said before it was changed.
    """

    id: str
    label: str
    place: Place
    cites: str = ""
    unit: str = ""
    rule: str = ""
    value: str = ""
    grid: Grid | None = None
    notes: tuple[Noted, ...] = ()
    lacking: tuple[str, ...] = ()
    replaced: str = ""
    opened: Opened | None = None
    changed: tuple[Changed, ...] = ()
    inner: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`closed`: of what few ask for."""

    key: str
    title: str
    entries: tuple[Entry, ...] = field(default=())
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One of the chain, in a line."""

    id: str
    title: str
    text: str
    place: Place


def chain_of(policy: CheckedPolicy, words: Words) -> tuple[Document, ...]:
    return tuple(
        Document(one.id, one.title, _about(one, words), Place.of(one.origin.span))
        for one in policy.merged.chain.headers
    )


def _about(header: Header, words: Words) -> str:
    start = header.origin.start
    parts = [header.issuer, header.origin.document]
    parts.append("" if start is None else words("from_day", day=start.isoformat()))
    parts.append("" if header.origin.status == "official" else words(header.origin.status))
    return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Shown:
    """For what a policy is shown, and to whom."""

    policy: CheckedPolicy
    places: Sequence[str]
    as_of: date
    known_on: date | None
    words: Words
    asked: Asked
    below: Below

    def sections(self) -> tuple[Section, ...]:
        """Those that hold something, in the order in which one asks for them."""
        words, elements = self.words, self.policy.merged.elements
        every = [
            *self._changes(),
            Section("parameters", words("parameters"), tuple(self._parameters())),
            Section("causes", words.counted("causes", len(elements.causes)), tuple(self._causes())),
            Section("requirements", words("requirements"), tuple(self._requirements())),
            Section("readings", words("all_readings"), tuple(self._readings())),
            Section("lists", words("kind_lists"), tuple(self._lists())),
            Section("terms", words("terms"), tuple(self._terms())),
            Section("outputs", words("outputs"), tuple(self._outputs())),
            Section("assumptions", words("assumptions"), tuple(self._assumptions())),
            Section("facts", words("facts"), tuple(self._facts()), closed=True),
            Section("checks", words("checks"), tuple(self._checks()), closed=True),
            Section("referrals", words("referrals"), tuple(self._referrals()), closed=True),
        ]
        return tuple(one for one in every if one.entries)

    # ---- what is common to elements

    def _entry(
        self, element: Element, kind: ElementKind, *, rule: str = "", unit: str = "", inner: Sequence[Entry] = ()
    ) -> Entry:
        return Entry(
            element.id,
            element.label,
            Place.of(element.origin.span),
            element.cites,
            unit,
            rule,
            opened=self.asked.of(kind, element.id, element.origin),
            changed=tuple(self.below.get((kind, element.id), ())),
            inner=tuple(inner),
        )

    def _printed(self, rule: Expression) -> str:
        return print_expression(rule, self.words.language)

    # ---- changes

    def _changes(self) -> Iterator[Section]:
        """One section for each overlay of the chain."""
        merged = self.policy.merged
        changes = self.policy.changes(str(merged.chain.jurisdiction), self.as_of, self.known_on)
        for overlay in merged.chain.overlays:
            id_ = overlay.header.id
            mine = [one for one in changes if one.origin.policy == id_]
            mine.sort(key=lambda one: dated_origin(one).span.start)  # as in the file
            entries = tuple(self._change(one) for one in mine)
            yield Section(f"changes-{id_}", self.words("changes", policy=overlay.header.title or id_), entries)

    def _change(self, change: Change) -> Entry:
        merged, words = self.policy.merged, self.words
        one, origin = told(change, merged), dated_origin(change)
        what = one.what + (words.bracketed(words("cells", count=one.count)) if one.count else "")
        names = [merged.divisions.name_of(code) or code for code in sorted(change.counties)]
        only = words("only_in", places=words.enumerated(names)) if names else ""
        later = words("not_yet") if origin.start is not None and origin.start > self.as_of else ""
        note = self._noted(origin, words.clause([only, later]))
        label = f"{words(f'op_{one.operation}')} {what or one.target}"
        return Entry(one.target, label, Place.of(origin.span), notes=(note,))

    def _noted(self, origin: Origin, more: str = "", mark: str = "", stale: str = "") -> Noted:
        text = self.words.clause([provenance(replace(origin, source=""), self.words) or origin.policy, more])
        return Noted(text, Place.of(origin.span), origin.source, mark, stale)

    # ---- values

    def _parameters(self) -> Iterator[Entry]:
        values = values_by_place(self.policy, self.places, self.as_of, self.known_on)
        for id, parameter in self.policy.merged.elements.parameters.items():
            yield self._parameter(parameter, values.get(id, {}))

    def _parameter(self, parameter: Parameter, cells: Mapping[Key, ValueInForce]) -> Entry:
        words = self.words
        made = table(parameter, cells, self.policy, self.places, words)
        used = sorted({cell.block_index for cell in cells.values()})
        only = next(iter(cells.values())) if cells and not parameter.by else None
        lacking = [said for _, said in parameter.not_found]
        if not cells:
            lacking.insert(0, self._why_none(parameter))
        elif made.without:
            names = [self.policy.merged.divisions.name_of(code) or code for code in made.without]
            lacking.append(words("without", places=words.enumerated(names)))
        rows = tuple((words.enumerated(row.names), tuple(_cell(one, used) for one in row.values)) for row in made.rows)
        return Entry(
            parameter.id,
            parameter.label,
            Place.of(parameter.origin.span),
            parameter.cites,
            parameter.unit_text,
            value="" if only is None else only.cell.text,
            grid=Grid(parameter.label, made.headings or ("",), rows) if parameter.by and rows else None,
            notes=tuple(self._block(index, used, cells) for index in used),
            lacking=tuple(lacking),
            opened=self.asked.of("parameters", parameter.id, parameter.origin),
            changed=tuple(self.below.get(("parameters", parameter.id), ())),
        )

    def _block(self, index: int, used: Sequence[int], cells: Mapping[Key, ValueInForce]) -> Noted:
        mine = [cell for cell in cells.values() if cell.block_index == index]
        stale = self.words("stale") if any(cell.stale for cell in mine) else ""
        return self._noted(mine[0].origin, mark=_mark(index, used), stale=stale)

    def _why_none(self, parameter: Parameter) -> str:
        """Whether it had a value, is to get one, or never had."""
        words = self.words
        last = last_ended(parameter, self.policy, self.places or [""], self.as_of, self.known_on)
        if last is not None and last.end is not None:
            until, since = (last.end - timedelta(1)).isoformat(), last.end.isoformat()
            return words("ended", until=until, since=since, value="" if parameter.by else f"{last.value.text} ")
        guard = self.policy.merged.local.set.get(parameter.id)
        return words("to_be_set") if guard is not None and guard.expected else words("no_values")

    def _readings(self) -> Iterator[Entry]:
        place = str(self.policy.merged.chain.jurisdiction)
        for reading in self.policy.values(place, self.as_of, self.known_on).readings.values():
            yield self._reading(reading)

    def _reading(self, reading: Reading) -> Entry:
        labels = dict(reading.type.options)
        others = [label for id, label in reading.type.options if id != reading.chosen]
        chosen = f"{labels.get(reading.chosen, reading.chosen)} ({reading.chosen})"
        return Entry(
            reading.id,
            reading.label,
            Place.of(reading.origin.span),
            reading.cites,
            rule=reading.question,
            value=chosen,
            notes=(self._noted(reading.chosen_origin),),
            lacking=(self.words.say("也可以读作：", "may also be read as: ") + self.words.series(others),),
            opened=self.asked.of("readings", reading.id, reading.origin),
            changed=tuple(self.below.get(("readings", reading.id), ())),
        )

    def _lists(self) -> Iterator[Entry]:
        place = str(self.policy.merged.chain.jurisdiction)
        held = self.policy.values(place, self.as_of, self.known_on).lists
        for id, one in self.policy.merged.elements.lists.items():
            yield self._list(one, [" ".join(row) for row in sorted(held.get(id, ()))])

    def _list(self, one: NamedList, rows: Sequence[str]) -> Entry:
        made = self._entry(one, "lists", rule=self.words.enumerated(rows))
        return made if rows else self._entry(one, "lists", rule=self.words("no_values"))

    # ---- rules

    def _causes(self) -> Iterator[Entry]:
        seen: dict[str, str] = {}
        for cause in self.policy.merged.elements.causes.values():
            yield self._entry(cause, "causes", inner=tuple(self._conditions(cause, seen)))

    def _conditions(self, cause: Cause, seen: dict[str, str]) -> Iterator[Entry]:
        for condition in cause.conditions.values():
            yield self._condition(condition, cause.id, seen)

    def _requirements(self) -> Iterator[Entry]:
        for condition in self.policy.merged.elements.requirements.values():
            yield self._condition(condition, "", {})

    def _condition(self, condition: Condition, cause: str, seen: dict[str, str]) -> Entry:
        """A rule that an earlier cause has is not written again."""
        name = f"{cause}.{condition.id}" if cause else condition.id
        text = self._printed(condition.expression)
        text = f"{self.words.say('非', 'not')} ({text})" if condition.negated else text
        first = seen.setdefault(text, name)
        kind: str = "conditions" if cause else "requirements"
        return Entry(
            name,
            condition.label,
            Place.of(condition.origin.span),
            condition.cites,
            rule=text if first == name else f"= {first}",
            opened=self.asked.of("conditions" if cause else "requirements", condition.id, condition.origin, cause),
            changed=tuple(self.below.get((kind, name), ())),
            inner=tuple(
                Entry(
                    one.id,
                    self.words("exempt_line", label=one.label),
                    Place.of(one.origin.span),
                    one.cites,
                    rule=self._printed(one.when),
                    notes=(self._noted(one.origin),),
                )
                for one in condition.exemptions
            ),
        )

    def _terms(self) -> Iterator[Entry]:
        measures = Measures(self.policy.rules, self.policy.merged.elements)
        cores = {id: term.core for (_, id), term in self.policy.rules.terms.items()}
        for id, term in self.policy.merged.elements.terms.items():
            yield self._term(term, measures.measure(cores[id], term.unit_text).text)

    def _term(self, term: Term, unit: str) -> Entry:
        before = term.replaces
        return Entry(
            term.id,
            term.name or term.label,
            Place.of(term.origin.span),
            term.cites,
            unit,
            rule=term.body.kind if isinstance(term.body, Parts) else self._printed(term.body),
            replaced="" if before is None else self._one_line(before),
            opened=self.asked.of("terms", term.id, term.origin),
            changed=tuple(self.below.get(("terms", term.id), ())),
            inner=tuple(self._parts(term.body)) if isinstance(term.body, Parts) else (),
        )

    def _parts(self, body: Parts) -> Iterator[Entry]:
        for id, part in body.parts.items():
            yield Entry(id, "", Place.of(part.origin.span), rule=self._printed(part.expression))

    def _one_line(self, term: Term) -> str:
        if isinstance(term.body, Parts):
            return f"{term.body.kind}({', '.join(self._printed(one.expression) for one in term.body.parts.values())})"
        return self._printed(term.body)

    def _outputs(self) -> Iterator[Entry]:
        measures = Measures(self.policy.rules, self.policy.merged.elements)
        for one, core in self.policy.rules.outputs.values():
            unit = measures.measure(core, one.unit_text).text
            yield self._entry(one, "outputs", rule=self._printed(one.expression), unit=unit)

    def _assumptions(self) -> Iterator[Entry]:
        for one in self.policy.merged.elements.assumptions:
            yield Entry("", one.text, Place.of(one.origin.span), one.cites)

    def _facts(self) -> Iterator[Entry]:
        elements = self.policy.merged.elements
        for fact in elements.facts.values():
            yield self._entry(fact, "facts", unit=fact.unit_text)
        for collection in elements.collections.values():
            inner = [self._entry(fact, "facts", unit=fact.unit_text) for fact in collection.facts.values()]
            yield self._entry(collection, "collections", unit=collection.unit, inner=inner)

    def _checks(self) -> Iterator[Entry]:
        for one in self.policy.merged.elements.checks.values():
            yield self._entry(one, "checks", rule=self._printed(one.require))

    def _referrals(self) -> Iterator[Entry]:
        for one in self.policy.merged.elements.referrals.values():
            yield self._entry(one, "referrals", rule=self._printed(one.when))


def _cell(one: ValueInForce | None, used: Sequence[int]) -> tuple[str, Place | None]:
    if one is None:
        return "—", None
    mark = _mark(one.block_index, used)
    return f"{one.cell.text} {mark}".strip(), Place.of(one.cell.span)


def _mark(index: int, used: Sequence[int]) -> str:
    """The number of a block, where there are several."""
    return f"[{list(used).index(index) + 1}]" if len(used) > 1 else ""
