"""What is allowed but hardly meant: a standard of nothing, a value far off the one before or those beside it, a new
cause that the terms for all causes do not know.

In: a subject.  Out: `value-zero`, `value-jump`, `value-outlier`, `cause-without-part`.
Imports declared, model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.language.types import Quantity
from engine.policy.hygiene.declared import Subject
from engine.policy.model import AddElement, Block, Cause, Cell, Overlay, Parameter, Parts
from engine.policy.territory import Territory

_FAR = 2
"""how many times the value before, or how small a part of it, is a jump"""
_FURTHER = 3
"""how many times the middle value of a table is an outlier"""
_ENOUGH = 4
"""values that a table must have before one of them can be called an outlier"""


def check_unlikely(subject: Subject, report: Reporter) -> None:
    merged = subject.slices[0].merged
    for parameter in merged.elements.parameters.values():
        own = sorted(
            (block for block in parameter.blocks if block.origin.policy == subject.id),
            key=lambda block: block.origin.start or date.min,
        )
        # a truth or a day is neither nothing nor far from another
        for place, block in enumerate(own if isinstance(parameter.type, Quantity) else ()):
            _zeros(parameter, block, report)
            _jumps(block, own[:place], report)
            _outliers(block, merged.divisions, report)
    if isinstance(subject.built, Overlay):
        _causes_without_part(subject, subject.built, report)


def _zeros(parameter: Parameter, block: Block, report: Reporter) -> None:
    """In a table by key; a single value of nothing may well be meant."""
    for cell in block.cells.values() if parameter.by else ():
        if cell.value == 0:
            report.tell("value-zero", cell.span, label=parameter.label, parameter=parameter.id)


def _jumps(block: Block, before: Sequence[Block], report: Reporter) -> None:
    for key, cell in block.cells.items():
        last = next((held.cells[key] for held in reversed(before) if key in held.cells), None)
        if last is not None and _far(cell, last, _FAR):
            report.tell("value-jump", cell.span, text=cell.text, last=last.text, related=[("value-before", last.span)])


def _outliers(block: Block, places: Territory, report: Reporter) -> None:
    """Against the middle of the values that share everything but the place."""
    groups = gathered((tuple(part for part in key if part not in places), cell) for key, cell in block.cells.items())
    for cells in groups.values():
        if len(cells) < _ENOUGH:
            continue
        middle = sorted(cells, key=lambda cell: cell.number)[(len(cells) - 1) // 2]
        for cell in cells:
            if _far(cell, middle, _FURTHER):
                report.tell("value-outlier", cell.span, text=cell.text, middle=middle.text)


def _far(cell: Cell, other: Cell, times: int) -> bool:
    if not cell.value or not other.value:
        return False  # nothing at all is told by itself
    return cell.number >= other.number * times or cell.number * times <= other.number


def _causes_without_part(subject: Subject, overlay: Overlay, report: Reporter) -> None:
    """A term with a part for every cause below, and none for the one that is added."""
    elements = subject.slices[-1].merged.elements
    added = [change.element for change in overlay.changes if isinstance(change, AddElement)]
    for cause in added:
        if not isinstance(cause, Cause):
            continue
        lacking = list(_terms_without(cause.id, {one.id for one in added}, subject))
        if lacking:
            first = elements.terms[lacking[0]]
            joining = subject.slices[-1].merged.chain.root.joining
            joined = joining is not None and set(lacking) <= joining.parts.keys()
            report.tell(
                "cause-without-part",
                cause.origin.span,
                cause=cause.id,
                terms="、".join(lacking),
                example=f"{lacking[0]}.{cause.id}",
                joins=", ".join(f"{state}: …" for state in joining.states) if joined and joining else "",
                related=[("declared-here", first.origin.span)],
            )


def _terms_without(cause: str, added: set[str], subject: Subject) -> Iterator[str]:
    elements = subject.slices[-1].merged.elements
    below = {id_ for id_ in elements.causes if id_ not in added}
    for term in elements.terms.values():
        if not isinstance(term.body, Parts) or cause in term.body.parts:
            continue
        # a term for all causes has a part for several of them
        if len(below & set(term.body.parts)) >= max(2, len(below) - 1):
            yield term.id
