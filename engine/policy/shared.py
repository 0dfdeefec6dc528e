"""Values that several policies share: a parameter that takes them from another document (`values_from`).

In: a parameter, and what the documents that its chain takes values from make for the place.  Out: the parameter with
their blocks, each with its own file, line, day and source; or Diagnostics where the two do not mean the same.
There is one table: whoever takes values sets none of them. Imports keys, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.diagnostics import Reporter
from engine.language.types import Choice, Quantity, Type
from engine.policy.keys import COUNT, declared_key, is_amount, key_type
from engine.policy.model import Elements, MergedPolicy, Overlay, Parameter, Policy, Shared, added
from engine.tree import Mapping, Scalar, Tree


def takes(built: Policy | Overlay) -> Iterator[tuple[Parameter, Shared]]:
    """The parameters of a document that take their values from elsewhere."""
    for parameter in added(built):
        if isinstance(parameter, Parameter) and parameter.values_from is not None:
            yield parameter, parameter.values_from


def named_in(tree: Tree) -> tuple[str, ...]:
    """The documents that a file takes values from, read without building it."""
    top = tree if isinstance(tree, Mapping) else None
    added = None if top is None else top.get("add")
    found: dict[str, None] = {}
    for holder in (top, added):
        declared = holder.get("parameters") if isinstance(holder, Mapping) else None
        for _, value in declared.entries if isinstance(declared, Mapping) else ():
            named = value.get("values_from") if isinstance(value, Mapping) else None
            if isinstance(named, Scalar):
                found[named.text.partition(".")[0]] = None
    return tuple(found)


def bound(parameter: Parameter, sources: Sequence[MergedPolicy]) -> Parameter:
    """The parameter with the values that it takes; itself where it takes none, or where they are not there."""
    held = source_of(parameter, sources)
    given = None if held is None else held[1].parameters.get(held[0].id)
    if given is None:
        return parameter
    return replace(
        parameter,
        review_after=given.review_after if parameter.review_after is None else parameter.review_after,
        least=given.least if parameter.least is None else parameter.least,
        most=given.most if parameter.most is None else parameter.most,
        blocks=given.blocks,
        not_found=given.not_found,
    )


def check_taken(merged: MergedPolicy, report: Reporter) -> None:
    """What takes values and what gives them have the same unit and keys, and bounds that the values keep."""
    for parameter in merged.elements.parameters.values():
        held = source_of(parameter, merged.chain.sources)
        if parameter.values_from is None or held is None:
            continue
        given, elements = held
        for reason, own, other in _differences(parameter, merged.elements, given, elements):
            report.tell(
                "values-differ",
                parameter.values_from.span,
                name=parameter.values_from.text,
                reason=reason,
                own=own,
                other=other,
                related=[("declared-here", given.origin.span)],
            )


def source_of(parameter: Parameter, sources: Sequence[MergedPolicy]) -> tuple[Parameter, Elements] | None:
    """The declaration that a parameter takes values from, and the elements that it stands among."""
    named = parameter.values_from
    for source in sources:
        if named is not None and source.chain.root.header.id == named.document:
            declared = source.chain.root.elements.parameters.get(named.parameter)
            return None if declared is None else (declared, source.elements)
    return None


def _differences(
    parameter: Parameter, elements: Elements, given: Parameter, others: Elements
) -> Iterator[tuple[str, str, str]]:
    """In what the two differ, and how each has it, as text."""
    if parameter.type != given.type:
        yield "unit", parameter.unit_text or "-", given.unit_text or "-"
        return
    kinds = [key_type(elements, key) for key in parameter.by], [key_type(others, key) for key in given.by]
    if len(parameter.by) != len(given.by) or not all(map(_alike, *kinds)):
        yield "keys", _keys(parameter, elements), _keys(given, others)
    if parameter.marginal != given.marginal:
        yield "marginal", "", ""
    if parameter.least is not None and (given.least is None or given.least < parameter.least):
        yield "least", "", ""
    if parameter.most is not None and (given.most is None or given.most > parameter.most):
        yield "most", "", ""


def _alike(own: Type, other: Type) -> bool:
    """Whether every key of one table can be a key of the other; what a step counts is not known here."""
    if isinstance(own, Choice) and isinstance(other, Choice):
        return {id_ for id_, _ in own.options} == {id_ for id_, _ in other.options}
    if isinstance(own, Quantity) and isinstance(other, Quantity):
        return own == other or (own == COUNT and other.whole)
    return own == other


def _keys(parameter: Parameter, elements: Elements) -> str:
    def shown(name: str) -> str:
        kind = key_type(elements, name)
        if isinstance(kind, Choice):
            return f"{name} ({' '.join(sorted(id_ for id_, _ in kind.options))})"
        held = declared_key(elements, name)
        return f"{name} ({held.unit_text})" if is_amount(kind) and held is not None and held.unit_text else name

    return ", ".join(shown(name) for name in parameter.by) or "-"
