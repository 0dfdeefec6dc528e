"""What the rules of policies can never do, proved or shown by households: all that is looked for, in one go.

In: a library that checks without errors, and which of its documents.  Out: an `Analysis`. What `check` finds without a
solver is not told again. Imports policy and this floor.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from engine.gathered import gathered
from engine.policy.loader import Library
from engine.policy.slices import Slices
from engine.proof.alternatives import Sizes, alike_readings, idle_changes
from engine.proof.claims import claims, subjects
from engine.proof.findings import Analysis, Claim, Finding, Subject
from engine.proof.groups import MOST_MEMBERS, MOST_OTHERS, groups
from engine.proof.neighbours import neighbours
from engine.proof.scope import Scope
from engine.proof.sides import Case, Pairing, Side

_FOUND_BY_CHECK = frozenset({"always-true", "always-false", "repeated-condition"})


def analyse(
    library: Library,
    slices: Slices,
    ids: Sequence[str] = (),
    *,
    members: int = MOST_MEMBERS,
    others: int = MOST_OTHERS,
) -> Analysis:
    """The rules of some documents, each with what it stands on; without ids all that decide, place by place.

    Args:
        members, others: up to how many items a proof is about: of lists that are never empty, and of all others.
    """
    sides = [_line(id, library, slices) for id in ids] or list(_roots(library, slices))
    places = {place: None for side in sides for place in side.places}
    cases = [case for side in sides for case in Pairing(side, side).cases(side.places)]
    scopes = [Scope(group, members, others) for group in groups(cases)]
    sizes = Sizes(members, others)
    found: list[Finding] = [
        *_without_known(list(claims(scopes)), list(subjects(scopes)), slices),
        *idle_changes(library, ids or sorted(library.documents), sizes),
        *_readings(cases, sizes),
        *neighbours(scopes),
    ]
    return Analysis(len(places), len(cases), len(list(subjects(scopes))), tuple(found))


def _readings(cases: Sequence[Case], sizes: Sizes) -> Iterator[Finding]:
    for alike in gathered((case.policies[0].merged.chain.root.header.id, case) for case in cases).values():
        yield from alike_readings(alike, sizes)


def _roots(library: Library, slices: Slices) -> Iterator[Side]:
    """Everything that decides, each place by its own chain."""
    for id, document in library.documents.items():
        if library.root_of(id) == id and slices.chain((id,)) is not None:
            places = library.territory(id).inside(document.header.jurisdiction)
            yield Side(id, slices, tuple(places), lambda place, id=id: tuple(library.chain_ids(id, place)))  # type: ignore[misc]


def _line(id: str, library: Library, slices: Slices) -> Side:
    """A document and what it stands on, in its own places."""
    root = library.root_of(id)
    assert root is not None, "what was loaded is sound"
    places = library.territory(root).inside(library.documents[id].header.jurisdiction)
    return Side(id, slices, tuple(places), lambda place: tuple(library.whole_line(id, place)))


def _without_known(found: Sequence[Finding], rules: Iterable[Subject], slices: Slices) -> Iterator[Finding]:
    """Without what `check` says at the same rule: from where it stands to where the next one does."""
    if not any(isinstance(one, Claim) for one in found):
        return iter(found)
    starts = gathered((one.span.source.name, one.span.start) for one in rules)
    ordered = {file: sorted(set(held)) for file, held in starts.items()}

    def rule_of(file: str, at: int) -> tuple[str, int]:
        return file, bisect_right(ordered.get(file, ()), at)

    told = {
        rule_of(one.file, one.span.start)
        for one in slices.check_all(None, hygiene=True).diagnostics
        if one.code in _FOUND_BY_CHECK and one.span is not None
    }
    return (
        one
        for one in found
        if not (isinstance(one, Claim) and rule_of(one.subject.span.source.name, one.subject.span.start) in told)
    )
