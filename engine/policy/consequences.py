"""One mistake told once: faults that only follow from one that was told already are left out.

In: what a stage found, what the stages before it found, and the tree.  Out: what is left of the former.
A value that the file's text or structure spoilt is not judged again; a name is not missing where its declaration is
there but could not be read, or where a whole section is misspelt; an expression is not faulted for naming a step that
has a fault of its own.
Imports the tree and the ground floor.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator

from engine.diagnostics import Diagnostic, Reporter, Severity
from engine.source import Span
from engine.tree import Mapping, Scalar, Tree

_REFERENCES = {
    "unknown-target": "name",
    "unknown-cause": "name",
    "unknown-fact": "name",
    "unknown-key-kind": "name",
    "unknown-repeal": "target",
}
"""codes that say that something is not declared, with the parameter that holds its name"""
_TERRITORY = ("jurisdiction-outside", "unknown-jurisdiction")
"""codes that leave it open where the file applies"""
_PLACES = ("place-outside", "unknown-place", "zone-exists")
_NAMES = ("unknown-name", "unknown-field", "not-a-list", "unknown-condition")
"""codes that say so of a name inside an expression"""
_MISPLACED = frozenset({"unknown-key-here", "needs-mapping", "duplicate-key"})
"""codes that lose whole declarations"""


def told_once(found: Reporter, before: Reporter, tree: Tree) -> list[Diagnostic]:
    """What reading found that is no consequence of what was found before in the file's text and structure."""
    spoilt = _Stretches(known.span for known in before if known.span and known.severity is Severity.ERROR)
    lost = _lost_sections(before, tree)
    declared = frozenset(_declared(tree))
    kept, doubtful = [], []
    nowhere = any(diagnostic.code in _TERRITORY for diagnostic in (*before, *found))
    for diagnostic in found:
        if diagnostic.span is not None and spoilt.hold(diagnostic.span):
            continue
        parameter = _REFERENCES.get(diagnostic.code)
        if (nowhere and diagnostic.code in _PLACES) or (
            parameter is not None and (lost or dict(diagnostic.params)[parameter] in declared)
        ):
            doubtful.append(diagnostic)
        else:
            kept.append(diagnostic)
    # INVARIANT: a file with faults keeps at least one
    if before.has_errors or any(diagnostic.severity is Severity.ERROR for diagnostic in kept):
        return kept
    return [*kept, *doubtful]


def without_names(found: Iterable[Diagnostic], broken: Collection[str]) -> Iterator[Diagnostic]:
    """What checking found, less the names of steps that were told to be broken themselves."""
    for diagnostic in found:
        params = dict(diagnostic.params)
        name = params.get("condition") if diagnostic.code == "unknown-condition" else params.get("name")
        if diagnostic.code not in _NAMES or name not in broken:
            yield diagnostic


class _Stretches:
    """Where something was told: for each source the starts in order, and how far what began until there reaches."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: dict[int, list[int]] = {}
        self._reach: dict[int, list[int]] = {}
        for span in sorted(spans, key=lambda one: one.start):
            end, reach = max(span.end, span.start + 1), self._reach.setdefault(id(span.source), [])
            self._starts.setdefault(id(span.source), []).append(span.start)
            reach.append(max(end, reach[-1]) if reach else end)

    def hold(self, span: Span) -> bool:
        """Whether it begins inside one of them."""
        at = bisect_right(self._starts.get(id(span.source), ()), span.start)
        return at > 0 and span.start < self._reach[id(span.source)][at - 1]


def _lost_sections(before: Reporter, tree: Tree) -> bool:
    """Whether a section of the file, or of its additions, went by a wrong key."""
    places = {key.span.start for key in _section_keys(tree)}
    return any(known.code in _MISPLACED and known.span is not None and known.span.start in places for known in before)


def _section_keys(tree: Tree) -> Iterator[Scalar]:
    for section in (tree, tree.get("add") if isinstance(tree, Mapping) else None):
        if isinstance(section, Mapping):
            yield from (key for key, _ in section.entries)


def _declared(tree: Tree, owner: str = "") -> Iterator[str]:
    """Everything that the file gives a name to: ids, `cause.condition` and `all.condition`, labels and names."""
    if isinstance(tree, Mapping):
        for key, value in tree.entries:
            yield key.text
            yield f"{owner}.{key.text}"
            yield f"all.{key.text}"
            if key.text in ("label", "name") and isinstance(value, Scalar):
                yield value.text.strip()
            yield from _declared(value, owner if key.text == "conditions" else key.text)
