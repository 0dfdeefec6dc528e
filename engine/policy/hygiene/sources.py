"""Where rules and values come from, and where there are none: citations, publications, days and counties left out.

In: a subject, or all of a library.  Out: `missing-citation`, `missing-source`, `value-gap` and `value-ends` of lists,
`county-without-value`. Gaps of parameters are seen to by `dated`.
Imports declared, loader, model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.language.types import Place
from engine.policy.dated import tell_gap
from engine.policy.hygiene.declared import Subject
from engine.policy.keys import key_type
from engine.policy.loader import Library
from engine.policy.model import (
    Block,
    Cause,
    Condition,
    Exemption,
    ListBlock,
    NamedList,
    Overlay,
    Parameter,
    Policy,
    SetList,
    SetValues,
)
from engine.policy.territory import Division
from engine.policy.written import declared

_SHOWN = 6
"""how many places a message lists before it only counts"""


def check_sources(subject: Subject, report: Reporter) -> None:
    for element in declared(subject.built) if not subject.document.header.is_values else ():  # its values have sources
        if isinstance(element, Cause | Condition | Exemption | Parameter) and not element.cites:
            report.tell("missing-citation", element.origin.span, label=element.label)
    for block, label in _blocks(subject):
        if not block.origin.document and not block.origin.source:
            report.tell("missing-source", block.origin.span, label=label)
    for blocks in _lists(subject):
        _gaps(blocks, report)


def _blocks(subject: Subject) -> Iterator[tuple[Block, str]]:
    """The values that a document states, with the label of what they are values of."""
    for parameter in subject.slices[0].merged.elements.parameters.values():
        for block in parameter.blocks:
            if block.origin.policy == subject.id:
                yield block, parameter.label


def _lists(subject: Subject) -> Iterator[list[ListBlock]]:
    for element in declared(subject.built):
        if isinstance(element, NamedList):
            yield list(element.blocks)
    if isinstance(subject.built, Overlay):
        changes = (change for change in subject.built.changes if isinstance(change, SetList))
        yield from gathered((change.target, change.block) for change in changes).values()


def _gaps(blocks: Sequence[ListBlock], report: Reporter) -> None:
    """A list that ends before the next one begins is empty in between, and everyone on it would be left out."""
    dated = sorted((block for block in blocks if not block.counties), key=lambda block: block.origin.start or date.min)
    for number, block in enumerate(dated):
        until = block.origin.until
        following = dated[number + 1].origin if number + 1 < len(dated) else None
        if until is not None:
            tell_gap(block.origin, until, following, report)


# ---- counties


def check_counties(library: Library, subjects: Sequence[Subject], report: Reporter) -> None:
    """Counties for which no file has ever said a value of what every city is expected to set.

    Only where all files of the folder were read, and none has errors; a file that says it found none has said enough.
    """
    sound = {subject.id for subject in subjects}
    for subject in subjects:
        if not isinstance(subject.built, Policy) or not library.folders.get(subject.document.root, False):
            continue
        if any(name not in sound and library.root_of(name) == subject.id for name in library.documents):
            continue
        above = [one for one in subjects if one is not subject and library.root_of(one.id) == subject.id]
        for name, guard in subject.built.local.set.items():
            parameter = subject.built.elements.parameters.get(name)
            if parameter is None or not guard.expected:
                continue
            if any(isinstance(key_type(subject.built.elements, key), Place) for key in parameter.by):
                lacking = list(_without_value(parameter, subject.built, above))
                if lacking:
                    places = _words(lacking, subject.built)
                    report.tell("county-without-value", parameter.origin.span, label=parameter.label, places=places)


def _without_value(parameter: Parameter, policy: Policy, above: Sequence[Subject]) -> Iterator[Division]:
    blocks = list(parameter.blocks)
    spoken: set[str] = set()
    for subject in above:
        assert isinstance(subject.built, Overlay)
        own = [one.block for one in subject.built.changes if isinstance(one, SetValues) and one.target == parameter.id]
        blocks.extend(own)
        # a full table that leaves a county out is told at that table
        if parameter.id in subject.built.not_found or any(not block.partial for block in own):
            spoken.update(policy.divisions.inside(subject.built.header.jurisdiction))
    named = {part for block in blocks for key in block.cells for part in key if isinstance(part, str)}
    for code, division in policy.divisions.items():
        if code not in named and code not in spoken:
            yield division


def _words(lacking: Sequence[Division], policy: Policy) -> str:
    """A city as a whole where it lacks all its counties; a few names, then a count."""
    missing = {division.code for division in lacking}
    words: list[str] = []
    for division in lacking:
        city = [one.code for one in policy.divisions.values() if one.city_code == division.city_code]
        whole = division.city_name and missing.issuperset(city)
        words.append(division.city_name if whole else division.name)
    names = list(dict.fromkeys(words))
    more = f" … ({len(names)})" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more
