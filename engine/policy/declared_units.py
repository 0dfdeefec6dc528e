"""The words for units that each document is read with: those that the root below it declares.

In: the trees of all documents.  Out: `UnitWords` by id. They are known before anything is built of a tree, so that each
text is read with its own from the beginning. Imports build_policy, fields, heads and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.diagnostics import Reporter
from engine.policy.build_policy import build_units
from engine.policy.fields import Fields
from engine.policy.heads import NAMES
from engine.source import UnitWords
from engine.tree import Mapping as Map
from engine.tree import Tree


def units_by_document(trees: Iterable[Tree | None]) -> Mapping[str, UnitWords]:
    """Of each document whose root declares any. Of two with one id the first is the document."""
    documents = [tree for tree in trees if isinstance(tree, Map)]
    if all(tree.get("units") is None for tree in documents):
        return {}
    by_id: dict[str, Map] = {}
    for tree in documents:
        by_id.setdefault(id_of(tree), tree)
    return {id_: units for id_ in by_id if (units := _units(id_, by_id))}


def id_of(tree: Tree | None) -> str:
    """The id that a document gives itself; "" where it gives none, or is an overlay of nothing."""
    fields = Fields(tree, Reporter())
    if "overlay" in fields and not fields.text("amends"):
        return ""
    return next((text for name in NAMES if (text := fields.text(name))), "")


def _units(id_: str, by_id: Mapping[str, Map]) -> UnitWords:
    seen: set[str] = set()
    while id_ in by_id and id_ not in seen:
        seen.add(id_)
        fields = Fields(by_id[id_], Reporter())
        if not (id_ := fields.text("amends")):
            return build_units(fields.get("units"), Reporter())
    return ()
