"""Labels that say another figure, or another unit, than the rule they stand on.

In: a subject.  Out: `label-figure` (the rule has another figure), `label-figure-open` (the figure can be set, and the
label stays), `label-unit` (元/年 on what is counted per month, column headings of tables included).
A label without figures is never doubted, nor one whose rule has none of that kind. Imports declared, figures, model,
the tree and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from fractions import Fraction

from engine.diagnostics import Reporter
from engine.language.types import Quantity
from engine.language.units import MONTH, Unit, natural_unit, parse_unit
from engine.policy.checked import CheckedPolicy
from engine.policy.hygiene.declared import Subject, places
from engine.policy.hygiene.figures import Figure, Kind, Read, Reads, figures_in, figures_of, kind_of, time_covered
from engine.policy.model import Check, Element, Elements, Output, Parameter, Term
from engine.records import dataclass
from engine.source import Span
from engine.tree import Mapping, Scalar, Tree
from engine.tree import Sequence as List


def check_labels(subject: Subject, report: Reporter) -> None:
    for checked in subject.slices:
        elements = checked.merged.elements
        _Figures(checked, subject, report).look()
        for element, unit_text, unit in _with_units(elements):
            if subject.holds(element.origin.span):
                _unit(element.label, _label_span(element, subject), unit_text, unit, report)
        for header, unit_text in _columns(subject.document.tree, elements):
            _unit(header.text, header.span, unit_text, parse_unit(unit_text, header.span.source.units), report)


# ---- figures


@dataclass(slots=True)
class _Held:
    """The figures behind a label: those that stand fast, and the parameters that give others."""

    fixed: set[Figure] = field(default_factory=set)
    aside: set[Figure] = field(default_factory=set)
    parameters: list[Parameter] = field(default_factory=list)


class _Figures:
    """The labels of a document that state figures, in one slice."""

    def __init__(self, checked: CheckedPolicy, subject: Subject, report: Reporter) -> None:
        self.elements = checked.merged.elements
        self.local = checked.merged.local
        self.rules = checked.rules
        self.subject = subject
        self.report = report
        self._values: dict[str, set[Figure]] = {}

    def look(self) -> None:
        for parameter in self.elements.parameters.values():
            if figures := self._stated(parameter):
                self._judge(parameter, figures, _Held(parameters=[parameter]))
        for fact in self.elements.all_facts():
            if (figures := self._stated(fact)) and (over := time_covered(fact)) is not None:
                self._judge(fact, figures, _Held({over}))
        reads: Reads | None = None
        for element, _, expression in places(self.rules):
            if not isinstance(element, Check) and (figures := self._stated(element)):
                reads = reads or Reads(self.rules)
                self._judge(element, figures, self._held(reads.of(expression)))

    def _stated(self, element: Element) -> list[Figure]:
        return list(figures_in(element.label)) if self.subject.holds(element.origin.span) else []

    def _held(self, read: Read) -> _Held:
        facts = (self.elements.fact(*key) for key in read.facts)
        aside = {over for fact in facts if (over := time_covered(fact)) is not None}
        return _Held(read.constants, aside, [self.elements.parameters[name] for name in read.parameters])

    def _judge(self, element: Element, stated: Sequence[Figure], held: _Held) -> None:
        for figure in stated:
            if figure in held.fixed or figure in held.aside:
                continue
            parameters = [parameter for parameter in held.parameters if _kind(parameter) == figure.kind]
            opened = next((parameter for parameter in parameters if self._may_change(parameter)), None)
            here = _label_span(element, self.subject)
            if opened is not None:
                self.report.tell(
                    "label-figure-open",
                    here,
                    related=[("parameter-here", opened.origin.span)],
                    figure=figure.text,
                    parameter=opened.label,
                )
                continue
            others = {one for one in held.fixed if one.kind == figure.kind}.union(*map(self._values_of, parameters))
            if others and not any(_same(figure, one) for one in others):
                found = "、".join(sorted({one.text for one in others}))
                self.report.tell("label-figure", here, figure=figure.text, found=found)

    def _values_of(self, parameter: Parameter) -> set[Figure]:
        if parameter.id not in self._values:
            self._values[parameter.id] = figures_of(parameter)
        return self._values[parameter.id]

    def _may_change(self, parameter: Parameter) -> bool:
        """Whether another level may set it, or it already has several values."""
        guard = self.local.set.get(parameter.id)
        opened = guard is not None and guard.effect != "sealed"
        return opened or len({figure.value for figure in self._values_of(parameter)}) > 1


def _kind(parameter: Parameter) -> Kind | None:
    return kind_of(parameter.type.unit) if isinstance(parameter.type, Quantity) else None


def _same(stated: Figure, value: Figure) -> bool:
    """Equal, or the same amount stated for a year."""
    return stated.kind == value.kind and stated.value in (value.value, value.value * 12)


def _label_span(element: Element, subject: Subject) -> Span:
    """The label's own text, where it is written out; the element's key otherwise."""
    return subject.labels.get(element.origin.span.start, element.origin.span)


# ---- units

_UNIT = re.compile(r"(?:万元|元|平方米)(?:\s*[/／·•・]\s*(?:人|户|学年|年|个月|月))+")
_EACH = re.compile(r"每人?每?(月|年)(?:[^度]|$)")


def _with_units(elements: Elements) -> Iterator[tuple[Element, str, Unit | None]]:
    for fact in elements.all_facts():
        if fact.unit_text and isinstance(fact.type, Quantity):
            unit = fact.type.unit
            yield fact, fact.unit_text, Unit(unit.dimension, unit.factor * 10**fact.decimals)
    declared: tuple[Parameter | Term | Output, ...] = (
        *elements.parameters.values(),
        *elements.terms.values(),
        *elements.outputs.values(),
    )
    for element in declared:
        if element.unit_text:
            yield element, element.unit_text, parse_unit(element.unit_text, element.origin.span.source.units)


def _unit(label: str, span: Span, unit_text: str, unit: Unit | None, report: Reporter) -> None:
    """A unit that the label writes out, or `每月` and `每年` beside the time that the unit is per."""
    if unit is None:
        return
    written = _UNIT.search(label)
    if written is not None:
        stated = parse_unit(re.sub(r"\s", "", written[0]))
        if stated is not None and stated != unit:
            report.tell("label-unit", span, stated=written[0], unit=unit_text)
        return
    each = _EACH.search(label)
    months = _months_below(unit)
    if each is not None and months in (1, 12) and months != {"月": 1, "年": 12}[each[1]]:
        report.tell("label-unit", span, stated=each[0][: each.end(1) - each.start()], unit=unit_text)


def _months_below(unit: Unit) -> Fraction | None:
    """The months that the unit is per: 1 of 元/人/月, 12 of 元/人/年."""
    if unit.dimension.power(MONTH) != -1:
        return None
    return natural_unit(unit.dimension).factor / unit.factor


def _columns(tree: Tree, elements: Elements) -> Iterator[tuple[Scalar, str]]:
    """The headings of value columns, each with the unit that its values are read in."""
    add = tree.get("add") if isinstance(tree, Mapping) else None
    for section in (tree, add):
        for kind in ("set", "parameters"):
            targets = section.get(kind) if isinstance(section, Mapping) else None
            for target, value in targets.entries if isinstance(targets, Mapping) else ():
                parameter = elements.parameters.get(target.text)
                if parameter is not None:
                    yield from _columns_in(value, parameter.unit_text)


def _columns_in(value: Tree, unit: str) -> Iterator[tuple[Scalar, str]]:
    if isinstance(value, List):
        for item in value.items:
            yield from _columns_in(item, unit)
    elif isinstance(value, Mapping):
        unit = _text(value.get("unit"), unit)
        columns = value.get("columns")
        for header, meaning in columns.entries if isinstance(columns, Mapping) else ():
            if isinstance(meaning, Mapping):
                yield header, _text(meaning.get("unit"), unit)
            elif isinstance(meaning, Scalar) and meaning.text == "value":
                yield header, unit
        dated = value.get("dated")
        if dated is not None:
            yield from _columns_in(dated, unit)


def _text(tree: Tree | None, otherwise: str) -> str:
    return tree.text.strip() if isinstance(tree, Scalar) else otherwise
