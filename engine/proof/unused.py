"""What a level opened within bounds or for an effect only, and no overlay uses: of it there is nothing to prove.

A guard is no promise of the one who writes it. It says how far others may go, and each who goes is held to it then;
what nobody has done touches nobody, and a proof of all that somebody might yet do would be one of rules that nobody
made. So it is told, and not proved.

In: a library that checks without errors.  Out: `Unused`s. Imports policy and this floor's
results.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from engine.policy.loader import Library
from engine.policy.model import (
    AddCondition,
    AddElement,
    AddExemption,
    AddPart,
    Change,
    Guard,
    Local,
    Overlay,
    Repeal,
    ReplaceTerm,
    SetList,
    SetReading,
    SetValues,
)
from engine.proof.results import Unused


def unused(library: Library) -> Iterator[Unused]:
    used = {
        (below, _name(change))
        for id in library.documents
        if isinstance(overlay := library.build(id), Overlay)
        for below in library.whole_line(id)
        if below != id
        for change in overlay.changes
    }
    for id in sorted(library.documents):
        built = library.build(id)
        local = None if built is None else built.local
        for name, guard in () if local is None else _guards(local):
            if guard.policy == id and _holds(guard) and (id, name) not in used:
                yield Unused(id, name, guard.span)


def _holds(guard: Guard) -> bool:
    """Whether it says what has to be proved of those who use it."""
    return guard.effect in ("narrower", "wider") or (guard.least, guard.most) != (None, None)


def _guards(local: Local) -> Iterator[tuple[str, Guard]]:
    yield from ((f"set.{id}", guard) for id, guard in local.set.items())
    yield from ((f"add.{kind}", guard) for kind, guard in local.add.items())
    yield from ((f"add.parts.{id}", guard) for id, guard in local.add_parts.items())
    yield from ((f"replace.terms.{id}", guard) for id, guard in local.replace_terms.items())


def _name(change: Change) -> str:
    """Of the guard under which it is made."""
    match change:
        case SetValues(target=id) | SetList(target=id) | SetReading(target=id):
            return f"set.{id}"
        case AddElement(kind=kind):
            return f"add.{kind}"
        case AddCondition():
            return "add.conditions"
        case AddExemption():
            return "add.exemptions"
        case AddPart(term=id):
            return f"add.parts.{id}"
        case ReplaceTerm(term=id):
            return f"replace.terms.{id}"
        case Repeal():
            return ""  # an amendment removes as it likes
    assert_never(change)
