"""`show`: a merged policy for the officer who answers for it; what each level changed comes first.

In: a checked policy, a day, the divisions it is shown for.  Out: text.
Every value, condition and change stands with the file and line that it comes from, its document, days and source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from engine.escaping import Lines
from engine.evaluation.figures import Measures
from engine.language.ast import Expression
from engine.language.printer import print_expression
from engine.language.types import Quantity
from engine.language.values import LEAP_DAY
from engine.policy.checked import CheckedPolicy
from engine.policy.keys import declared_key, key_type
from engine.policy.model import (
    Cell,
    Change,
    Condition,
    Elements,
    Header,
    Key,
    Origin,
    Parameter,
    Parts,
    Reading,
    Term,
    dated_origin,
)
from engine.policy.proved import Claim, mark_of
from engine.policy.rows import Row as ValueRow
from engine.policy.tables import ValueInForce
from engine.records import dataclass
from engine.reporting.changes import told
from engine.reporting.decision_report import provenance
from engine.reporting.layout import Page, columns
from engine.reporting.promise_words import labels_of, proved_words
from engine.reporting.render_facts import fact_lines
from engine.reporting.tables import Table, last_ended, table, values_by_place
from engine.reporting.words import Words
from engine.source import display_width


def render_policy(
    policy: CheckedPolicy,
    places: Sequence[str],
    as_of: date,
    known_on: date | None,
    words: Words,
    page: Page,
    *,
    details: bool = False,
) -> Lines:
    """The merged policy on a day; `details` adds the facts, checks and referrals."""
    elements = policy.merged.elements
    measures = Measures(policy.rules, elements)
    values = values_by_place(policy, places, as_of, known_on)
    readings = policy.values(str(policy.merged.chain.jurisdiction), as_of, known_on).readings
    shown = _Shown(policy, places, as_of, known_on)
    blocks: list[Iterable[str]] = [
        _head(policy, as_of, words, page),
        _changes(policy, as_of, known_on, words, page),
        page.section(words("parameters"), _parameters(policy, values, shown, words, page)),
        page.section(words.counted("causes", len(elements.causes)), _causes(elements, words, page)),
        page.section(words("requirements"), _requirements(elements, words, page)),
        page.section(words("terms"), _terms(policy, measures, words, page)),
        page.section(words("outputs"), _outputs(policy, measures, words, page)),
        page.section(words("all_readings"), _readings(readings, words, page)),
        page.section(words("assumptions"), _assumptions(elements, words, page)),
    ]
    if details:
        blocks += [
            page.section(words("facts"), fact_lines(elements, words, page)),
            page.section(words("checks"), _checks(elements, words, page)),
            page.section(words("referrals"), _referrals(elements, words, page)),
        ]
    return Lines.of(line for block in blocks for line in block)


def _head(policy: CheckedPolicy, as_of: date, words: Words, page: Page) -> Iterator[str]:
    chain = policy.merged.chain
    yield page.tone("strong", chain.root.header.title)
    for header in chain.headers:
        parts = [header.id, *_header_parts(header, words), header.origin.span.line_place]
        yield from page.paragraph(" · ".join(part for part in parts if part), indent=2, hanging=4)
    about = words("rules_on", day=as_of.isoformat()) + " · " + policy.digest[:19]
    yield from page.paragraph(about, indent=2, tone="quiet")


def _header_parts(header: Header, words: Words) -> Iterator[str]:
    yield from (header.title if header.amends or header.is_values else "", header.issuer, header.origin.document)
    if header.origin.start is not None:
        yield words("from_day", day=header.origin.start.isoformat())
    if header.leap_day != LEAP_DAY:
        yield words("leap_day")
    if header.units:
        yield words("own_units", units="、".join(word for word, _ in header.units))
    if header.role == "amendment":
        yield words("amendment")
    if header.origin.status != "official":
        yield words(header.origin.status)


def _changes(policy: CheckedPolicy, as_of: date, known_on: date | None, words: Words, page: Page) -> Iterator[str]:
    """One section for each overlay of the chain: what its head says of all its changes, then a line for each."""
    merged = policy.merged
    changes = policy.changes(str(merged.chain.jurisdiction), as_of, known_on)
    for overlay in merged.chain.overlays:
        common = provenance(overlay.header.origin, words)
        lines = page.paragraph(words("unless_said", whence=common), indent=2, tone="quiet") if common else []
        mine = [one for one in changes if one.origin.policy == overlay.header.id]
        mine.sort(key=lambda one: dated_origin(one).span.start)  # as in the file
        proof = policy.proofs.get(overlay.header.id)
        claims = () if proof is None else proof.claims
        for change in mine:
            lines.extend(_change(change, policy, common, as_of, words, page))
            lines.extend(_proved([one for one in claims if _is_of(one, change)], merged.elements, words, page))
        together = [one for one in claims if len(one.changes) > 1]
        lines.extend(_proved(together, merged.elements, words, page, indent=2))
        if not mine:
            lines = page.paragraph(words("changes_none"), indent=2)
        yield from page.section(words("changes", policy=overlay.header.id), lines)


def _is_of(claim: Claim, change: Change) -> bool:
    return claim.changes == (mark_of(change),)


def _proved(claims: Iterable[Claim], elements: Elements, words: Words, page: Page, indent: int = 4) -> Iterator[str]:
    labels = labels_of(elements)
    for claim in claims:
        yield from page.paragraph(
            proved_words(claim, words.say, labels), indent=indent, hanging=indent + 2, tone="good"
        )


def _change(change: Change, policy: CheckedPolicy, common: str, as_of: date, words: Words, page: Page) -> list[str]:
    merged = policy.merged
    one = told(change, merged)
    origin = dated_origin(change)
    what = one.what + (words.bracketed(words("cells", count=one.count)) if one.count else "")
    names = [merged.divisions.name_of(code) or code for code in sorted(change.counties)]
    only = words("only_in", places=words.enumerated(names)) if names else ""
    head = f"{words(f'op_{one.operation}')} {one.target}  {what}  ‹{origin.span.line_place}›"
    lines = page.paragraph(head, indent=2, hanging=4)
    own = provenance(origin, words)
    later = words("not_yet") if origin.start is not None and origin.start > as_of else ""
    note = words.clause(["" if own == common else own, only, later])
    return lines + (page.paragraph(note, indent=4, tone="quiet") if note else [])


@dataclass(frozen=True, slots=True)
class _Shown:
    """For what the values are shown: a policy, divisions, a day, and what was known on another."""

    policy: CheckedPolicy
    places: Sequence[str]
    as_of: date
    known_on: date | None

    def ended(self, parameter: Parameter, place: str | None = None) -> ValueRow[Cell] | None:
        """What ended last, in one place or in any."""
        places = [place] if place is not None else self.places or [""]
        return last_ended(parameter, self.policy, places, self.as_of, self.known_on)


def _parameters(
    policy: CheckedPolicy, values: Mapping[str, Mapping[Key, ValueInForce]], shown: _Shown, words: Words, page: Page
) -> Iterator[str]:
    for id, parameter in policy.merged.elements.parameters.items():
        yield from _parameter(shown, parameter, values.get(id, {}), words, page)


def _parameter(
    shown: _Shown, parameter: Parameter, cells: Mapping[Key, ValueInForce], words: Words, page: Page
) -> Iterator[str]:
    policy = shown.policy
    head = f"{parameter.label} {parameter.id}{words.cites(parameter.cites)}"
    elements = policy.merged.elements
    keys = [declared_key(elements, key) for key in parameter.by if isinstance(key_type(elements, key), Quantity)]
    names = words.enumerated([one.name or one.label for one in keys if one is not None])
    ranged = words("marginal" if parameter.marginal else "by_ranges", keys=names) if names else ""
    if parameter.values_from is not None:
        head += words("values_of", ids=parameter.values_from.text)
    if not cells:
        yield from _valueless(shown, parameter, f"{head}{ranged}", words, page)
        return
    made = table(parameter, cells, policy, shown.places, words)
    used = sorted({cell.block_index for cell in cells.values()})
    if not parameter.by:
        only = next(iter(cells.values()))
        yield from page.paragraph(f"{head}  {only.cell.text}", indent=2, hanging=4)
    else:
        unit = _unit([cell for row in made.rows for cell in row.values], parameter)
        yield from page.paragraph(head + words.bracketed(unit) + ranged, indent=2, hanging=4)
        yield from _rows(made, parameter, used, words, page)
    for index in used:
        marked = f"{_number(index, used)} " if len(used) > 1 else ""
        mine = [cell for cell in cells.values() if cell.block_index == index]
        origin, stale = mine[0].origin, any(cell.stale for cell in mine)
        text = words.clause([origin.span.line_place, provenance(origin, words), words("stale") if stale else ""])
        yield from page.paragraph(marked + text, indent=4, hanging=4, tone="open" if stale else "quiet")
    yield from _without(made, parameter, shown, words, page)


def _valueless(shown: _Shown, parameter: Parameter, head: str, words: Words, page: Page) -> Iterator[str]:
    """A parameter that has no value in force: whether it had one, is to get one, or never had."""
    last, guard = shown.ended(parameter), shown.policy.merged.local.set.get(parameter.id)
    if last is not None:
        none = _ended("ended", last, words, value="" if parameter.by else f"{last.value.text} ")
    else:
        none = words("to_be_set") if guard is not None and guard.expected else words("no_values")
    yield from page.paragraph(f"{head}：{none}", indent=2, hanging=4)
    if last is not None:
        whence = words.clause([last.origin.span.line_place, provenance(last.origin, words)])
        yield from page.paragraph(whence, indent=4, hanging=4, tone="quiet")
    for _, said in parameter.not_found:
        yield from page.paragraph(said, indent=4, tone="quiet")


def _without(made: Table, parameter: Parameter, shown: _Shown, words: Words, page: Page) -> Iterator[str]:
    """The divisions without a value: those where it has ended by the day on which it did, and those of none."""
    told: dict[str, list[str]] = {}
    for code in made.without:
        last, name = shown.ended(parameter, code), shown.policy.merged.divisions.name_of(code) or code
        said = words("without", places="{}") if last is None else _ended("ended_there", last, words, places="{}")
        told.setdefault(said, []).append(name)
    for said, names in told.items():
        yield from page.paragraph(said.replace("{}", words.enumerated(names)), indent=4, hanging=6)


def _ended(said: str, last: ValueRow[Cell], words: Words, **more: str) -> str:
    assert last.end is not None, "it has ended"
    return words(said, until=(last.end - timedelta(1)).isoformat(), since=last.end.isoformat(), **more)


def _rows(made: Table, parameter: Parameter, used: Sequence[int], words: Words, page: Page) -> Iterator[str]:
    units = [_unit(column, parameter) for column in zip(*(row.values for row in made.rows), strict=True)]
    shared = units[0] if len(set(units)) == 1 else ""
    headed = zip(made.headings, units, strict=True) if made.headings else ()
    heads = [heading + words.bracketed("" if unit == shared else unit) for heading, unit in headed]
    rows = []
    for row in made.rows:
        texts = ["—" if cell is None else _cell(cell, unit, used) for cell, unit in zip(row.values, units, strict=True)]
        rows.append((texts, words.enumerated(list(row.names))))
    figures = columns([*([heads] if heads else []), *(texts for texts, _ in rows)], right=frozenset(range(len(units))))
    if heads:
        yield f"    {figures.pop(0)}"
    for figure, (_, names) in zip(figures, rows, strict=True):
        yield from page.paragraph(f"{figure}  {names}", indent=4, hanging=6 + display_width(figure))


def _unit(cells: Sequence[ValueInForce | None], parameter: Parameter) -> str:
    """The unit that all values of a column were written in; "" where they were not written alike."""
    units = {cell.cell.text.partition(" ")[2] or parameter.unit_text for cell in cells if cell is not None}
    return units.pop() if len(units) == 1 else ""


def _cell(cell: ValueInForce, unit: str, used: Sequence[int]) -> str:
    """The number alone where the heading has its unit; with the number of its block where there are several."""
    text = cell.cell.text.partition(" ")[0] if unit else cell.cell.text
    return f"{text} {_number(cell.block_index, used)}" if len(used) > 1 else text


def _number(index: int, used: Sequence[int]) -> str:
    return f"[{list(used).index(index) + 1}]"


def _causes(elements: Elements, words: Words, page: Page) -> Iterator[str]:
    seen: dict[str, str] = {}
    for cause in elements.causes.values():
        yield from page.paragraph(f"{cause.label} {cause.id}{words.cites(cause.cites)}", indent=2, tone="strong")
        for condition in cause.conditions.values():
            yield from _condition(condition, f"{cause.id}.{condition.id}", seen, words, page)


def _requirements(elements: Elements, words: Words, page: Page) -> Iterator[str]:
    for condition in elements.requirements.values():
        yield from _condition(condition, condition.id, {}, words, page)


def _condition(condition: Condition, id: str, seen: dict[str, str], words: Words, page: Page) -> Iterator[str]:
    """Label and article, the rule itself with its place; a rule that an earlier cause has is not written again."""
    text = print_expression(condition.expression, words.language)
    if condition.negated:
        text = f"{words.say('非', 'not')} ({text})"
    yield from page.paragraph(f"{condition.label}{words.cites(condition.cites)}", indent=4, hanging=6)
    first = seen.setdefault(text, id)
    rule = text if first == id else f"= {first}"
    yield from page.paragraph(f"{rule}  ‹{condition.origin.span.line_place}›", indent=6, hanging=8, tone="quiet")
    for exemption in condition.exemptions:
        head = words("exempt_line", label=exemption.label) + words.cites(exemption.cites)
        when = print_expression(exemption.when, words.language)
        yield from page.paragraph(head, indent=6, hanging=8)
        yield from page.paragraph(f"{when}  ‹{exemption.origin.span.line_place}›", indent=8, hanging=10, tone="quiet")


def _readings(readings: Mapping[str, Reading], words: Words, page: Page) -> Iterator[str]:
    for id, reading in readings.items():
        label = dict(reading.type.options).get(reading.chosen, reading.chosen)
        text = f"{reading.label} {id}{words.cites(reading.cites)}：{label} ({reading.chosen})"
        where = f"  ‹{reading.chosen_origin.span.line_place}›"
        yield from page.paragraph(text + where, indent=2, hanging=4)


def _assumptions(elements: Elements, words: Words, page: Page) -> Iterator[str]:
    for one in elements.assumptions:
        yield from page.paragraph(f"· {one.text}{words.cites(one.cites)}", indent=2, hanging=4)


def _terms(policy: CheckedPolicy, measures: Measures, words: Words, page: Page) -> Iterator[str]:
    kinds = {id: (collection, term.core) for (collection, id), term in policy.rules.terms.items()}
    for id, term in policy.merged.elements.terms.items():
        collection, core = kinds[id]
        of = f"[{collection}]" if collection else ""
        unit = words.bracketed(measures.measure(core, term.unit_text).text)
        head = f"{term.name or term.label} {id}{of}{unit}{words.cites(term.cites)}  ‹{term.origin.span.line_place}›"
        yield from page.paragraph(head, indent=2, hanging=4)
        yield from _body(term, words, page)
        if term.replaces is not None:
            previous = words("replaced", text=_one_line(term.replaces, words))
            yield from page.paragraph(previous, indent=4, hanging=6, tone="quiet")


def _body(term: Term, words: Words, page: Page) -> Iterator[str]:
    if not isinstance(term.body, Parts):
        yield from page.paragraph(_one_line(term, words), indent=4, hanging=6, tone="quiet")
        return
    yield from page.paragraph(term.body.kind, indent=4, tone="quiet")
    for id, part in term.body.parts.items():
        text = f"{id}: {print_expression(part.expression, words.language)}  ‹{part.origin.span.line_place}›"
        yield from page.paragraph(text, indent=6, hanging=8, tone="quiet")


def _one_line(term: Term, words: Words) -> str:
    if isinstance(term.body, Parts):
        parts = [print_expression(part.expression, words.language) for part in term.body.parts.values()]
        return f"{term.body.kind}({', '.join(parts)})"
    return print_expression(term.body, words.language)


def _checks(elements: Elements, words: Words, page: Page) -> Iterator[str]:
    for one in elements.checks.values():
        yield from _expression(one.label, one.require, one.origin, words, page)


def _outputs(policy: CheckedPolicy, measures: Measures, words: Words, page: Page) -> Iterator[str]:
    for id, (one, core) in policy.rules.outputs.items():
        of = f"[{one.collection}]" if one.collection else ""
        unit = words.bracketed(measures.measure(core, one.unit_text).text)
        label = f"{one.label} {id}{of}{unit}{words.cites(one.cites)}"
        yield from _expression(label, one.expression, one.origin, words, page)


def _referrals(elements: Elements, words: Words, page: Page) -> Iterator[str]:
    for one in elements.referrals.values():
        yield from _expression(one.label, one.when, one.origin, words, page)


def _expression(label: str, rule: Expression, origin: Origin, words: Words, page: Page) -> Iterator[str]:
    yield from page.paragraph(label, indent=2, hanging=4)
    text = f"{print_expression(rule, words.language)}  ‹{origin.span.line_place}›"
    yield from page.paragraph(text, indent=4, hanging=6, tone="quiet")
