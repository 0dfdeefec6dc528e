"""A policy's fingerprint: over what its files mean, not over how they are written.

In: a `Chain`.  Out: `sha256:…` over a canonical form of everything it states, before any day is picked. Comments, the
order of entries, file names, line ends and the spelling of expressions (Chinese or ASCII words, spaces, ids or
Chinese names) make no difference; labels and citations do.
Imports declarations, model and language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.language import ast
from engine.language.printer import print_expression
from engine.language.types import Choice, Place, Several
from engine.language.values import LEAP_DAY
from engine.policy.declarations import named
from engine.policy.model import (
    Block,
    Cell,
    Chain,
    Change,
    Fact,
    Header,
    ListBlock,
    Output,
    Parameter,
    Reading,
    Term,
)
from engine.policy.territory import Jurisdiction
from engine.source import Span

if TYPE_CHECKING:
    from engine.policy.loader import Library

_EXPRESSIONS: tuple[type, ...] = tuple(
    kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.Node)
)
_UNSAID = object()
_SAYS_NOTHING = ((Cell, "text"), (Fact, "changeable"))
"""how a value was written (`5678 元/人/年`), the number itself being kept; and on what no decision rests"""
_ADDED_LATER: dict[tuple[type, str], object] = {
    (Output, "collection"): "",
    (Header, "leap_day"): LEAP_DAY,
    (Header, "is_values"): False,
    (Parameter, "values_from"): None,
    (Parameter, "marginal"): False,
    (Header, "units"): (),
    (Term, "choice"): None,
    (Place, "any_code"): False,
}
"""what the language came to have, with what it says where nobody writes it: policies of before keep their digest"""
_UNORDERED = (Change, Block, ListBlock)
"""what stands in the order of writing, and means the same in any"""


def chain_digest(chain: Chain) -> str:
    """The fingerprint of a root policy and its overlays, in their order, and of what they take values from."""
    parts = list(_parts(chain))
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def library_digest(library: Library) -> str:
    """The fingerprint of all documents of some folders, and of the names of what cannot be used."""
    built = {name: library.build(name) for name in sorted(library.documents)}
    parts = {name: "" if one is None else canonical(one, {}) for name, one in built.items()}
    text = json.dumps([parts, sorted(one.file for one in library.unusable)], ensure_ascii=False, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _parts(chain: Chain) -> Iterator[object]:
    names = _ids_by_name(chain)
    yield canonical(chain.root, names)
    yield from (canonical(overlay, names) for overlay in chain.overlays)
    for source in chain.sources:
        yield from _parts(source.chain)


def canonical(node: object, names: Mapping[str, str]) -> object:
    """A JSON value that is the same for everything that means the same."""
    if isinstance(node, _EXPRESSIONS):
        return print_expression(node, "en", names)  # type: ignore[arg-type]  # the classes of the closed union
    if isinstance(node, Span):
        return None
    if is_dataclass(node) and not isinstance(node, type):
        kept = {
            field.name: canonical(getattr(node, field.name), names)
            for field in fields(node)
            if field.compare
            and not isinstance(getattr(node, field.name), Span)
            and (type(node), field.name) not in _SAYS_NOTHING
            and _ADDED_LATER.get((type(node), field.name), _UNSAID) != getattr(node, field.name)
        }
        return [type(node).__name__, kept]
    if isinstance(node, Mapping):
        return {_key(key): canonical(value, names) for key, value in node.items() if not isinstance(value, Span)} or (
            sorted(_key(key) for key in node)
        )
    if isinstance(node, Jurisdiction):
        return " ".join(sorted(node))
    if isinstance(node, tuple | list):
        items = [canonical(item, names) for item in node]
        if any(isinstance(item, _UNORDERED) for item in node):
            items.sort(key=lambda item: json.dumps(item, ensure_ascii=False, sort_keys=True))
        return items
    if isinstance(node, frozenset):
        return sorted(str(item) for item in node)
    if isinstance(node, date | Fraction):
        return str(node)
    return node


def _key(key: object) -> str:
    return " ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)


def _ids_by_name(chain: Chain) -> dict[str, str]:
    """Chinese names to ids, so that either spelling of an expression gives the same text.

    Labels of options count too. What could mean several ids stays as it is written.
    """
    names: dict[str, set[str]] = {}
    options: dict[str, set[str]] = {}
    for element in named(chain):
        if element.name:
            names.setdefault(element.name, set()).add(element.id)
        held = element.type if isinstance(element, Fact | Reading) else None
        held = element.choice if isinstance(element, Term) else held
        choice = held.of if isinstance(held, Several) else held
        if isinstance(choice, Choice):
            for option, label in choice.options:
                options.setdefault(label, set()).add(option)
    for label, ids in options.items():
        names.setdefault(label, ids)
    return {name: next(iter(ids)) for name, ids in names.items() if len(ids) == 1}
