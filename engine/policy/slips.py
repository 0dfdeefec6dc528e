"""A slip in the name that is declared: told once, with the declaration, instead of at each use of the right name.

In: what was found in a chain's expressions, and the chain.  Out: the same, less the repetitions.
The name must be called by nobody, stand in the same file, and be one edit away from the one that is missed: then it is
the odd one out. What another file offers to be used may well be used for the first time.
Imports declarations, written, model, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.diagnostics import Diagnostic
from engine.gathered import gathered
from engine.language import ast
from engine.language.references import references
from engine.policy.declarations import named
from engine.policy.model import Chain, Overlay, Policy
from engine.policy.written import expressions
from engine.source import Span
from engine.suggest import is_one_slip

_NEAREST = {"unknown-name": "suggestion", "not-a-collection": "suggestion", "not-a-list": "near"}
"""codes that say that nothing is called so, with what they offer instead"""


def told_at_declarations(found: Iterable[Diagnostic], chain: Chain) -> Iterator[Diagnostic]:
    """What was found; of several that miss the same name, where its declaration has the slip, the first alone."""
    found = tuple(found)
    missed = gathered((dict(one.params)["name"], one) for one in found if one.code in _NEAREST)
    unused = dict(_unused(chain)) if missed else {}
    instead: dict[Diagnostic, Diagnostic | None] = {}
    for name, uses in missed.items():
        if not any(dict(one.params).get(_NEAREST[one.code]) for one in uses):
            continue  # nothing is near, or so many names are missed that no more are looked for
        meant = [one for one, at in unused.items() if _in_file(at, uses[0].span) and is_one_slip(name, one)]
        if len(meant) == 1:
            # of one use alone nobody can say which of the two has the slip
            told = _at(uses[0], meant[0], unused[meant[0]], offer=len(uses) == 1)
            instead |= {**dict.fromkeys(uses, None), uses[0]: told}
    for one in found:
        if (kept := instead.get(one, one)) is not None:
            yield kept


def _in_file(place: Span, use: Span | None) -> bool:
    return use is not None and use.source is place.source


def _at(use: Diagnostic, declared: str, place: Span, *, offer: bool) -> Diagnostic:
    params = {**dict(use.params), "declared": declared}
    if not offer:
        params[_NEAREST[use.code]] = ""
    related = (*use.related, ("declared-so", place))
    return replace(use, params=tuple(sorted(params.items())), related=related)


def _unused(chain: Chain) -> Iterator[tuple[str, Span]]:
    """Names that no expression has. An id is not among them: it is what other sections go by."""
    documents: list[Policy | Overlay] = [chain.root, *chain.overlays]
    used = {text for built in documents for _, one in expressions(built) for text in _said(one)}
    for element in named(chain):
        if element.name and element.name not in used:
            yield element.name, element.origin.span


def _said(expression: ast.Expression) -> Iterator[str]:
    for read in references(expression):
        match read:
            case ast.Name(text=text):
                yield text
            case ast.Dotted(owner=owner, member=member):
                yield from (owner.text, member.text)
            case ast.Keyed(parameter=parameter):
                yield parameter.text
