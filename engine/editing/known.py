"""What has a name at a place: the elements of the chain, and what the file itself declares while nothing builds of it.

In: a `Snapshot` and a `File`.  Out: `Known`, every element as a `Named`: what it is called, what it is, its unit, and
where it comes from.
Imports workspace, spot, policy, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

from engine.editing.spot import Path, at_path
from engine.editing.workspace import File, Snapshot
from engine.identity import Same
from engine.language.references import references
from engine.language.types import TRUTH, Choice, Quantity, Type
from engine.language.units import ONE, show_unit
from engine.language.words import is_name
from engine.policy.check import term_types, typed_names
from engine.policy.extent import customary_unit
from engine.policy.model import AnyElement, Elements, MergedPolicy, Parts
from engine.policy.names import Names
from engine.records import dataclass
from engine.source import UnitWords
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree

NamedKind: TypeAlias = Literal["fact", "collection", "term", "parameter", "list", "reading", "cause", "condition"]
_KINDS: Mapping[str, NamedKind] = {
    "facts": "fact",
    "terms": "term",
    "parameters": "parameter",
    "lists": "list",
    "readings": "reading",
    "causes": "cause",
}


@dataclass(frozen=True, slots=True)
class Named:
    """Something that has a name.

    Attributes:
        collection: whose items have it; of a condition its cause; "" for the household.
        unit: as its author wrote it, or as it comes to.
        depth: of the document that it comes from, 0 for the nearest.
        element: None of what is declared in a file of which nothing is built.
    """

    kind: NamedKind
    id: str
    label: str
    name: str
    collection: str = ""
    type: Type | None = None
    unit: str = ""
    policy: str = ""
    depth: int = 0
    element: AnyElement | None = None

    @property
    def chinese(self) -> str:
        """What it is called in a Chinese expression."""
        return self.name if is_name(self.name) else self.id

    @property
    def key(self) -> tuple[str, str, str]:
        return self.kind, self.collection, self.id


class Known:
    """Attributes:
    merged: the chain up to and with the file, or the one below it; None where there is none yet.
    """

    def __init__(self, merged: MergedPolicy | None, names: Sequence[Named]) -> None:
        self.merged = merged
        self.names = names

    @property
    def elements(self) -> Elements | None:
        return None if self.merged is None else self.merged.elements

    @property
    def units(self) -> UnitWords:
        return () if self.merged is None else self.merged.chain.root.header.units

    @cached_property
    def by_key(self) -> Mapping[tuple[str, str, str], Named]:
        return {one.key: one for one in self.names}

    @cached_property
    def by_spelling(self) -> Mapping[str, Sequence[Named]]:
        """What may be called so, of whatever kind and collection."""
        found: dict[str, list[Named]] = {}
        for one in self.names:
            for name in dict.fromkeys((one.id, one.name)):
                if name:
                    found.setdefault(name, []).append(one)
        return found

    def called(self, text: str, *kinds: NamedKind) -> Iterator[Named]:
        """What is called so: of these kinds, or of any but conditions."""
        for one in self.by_spelling.get(text, ()):
            if one.kind in kinds or (not kinds and one.kind != "condition"):
                yield one

    def of_kind(self, *kinds: NamedKind) -> Iterator[Named]:
        return (one for one in self.names if one.kind in kinds)

    def collection(self, text: str) -> str:
        """The id of the collection that is called so, or ""."""
        return next((one.id for one in self.called(text, "collection")), "")

    def readers_of(self, kind: str, id_: str) -> frozenset[tuple[str, str]]:
        """What rests on an element already, by kind and id, itself included: naming one of it would be a circle."""
        return frozenset() if self.merged is None else _readers(_of_documents(self.merged), kind, id_)


def known_at(snapshot: Snapshot, file: File) -> Known:
    """What has a name in a file."""
    merged = snapshot.merged(file) or snapshot.below(file)
    declared = {one.key: one for one in _declared(file)} if file.is_document else {}
    held = {} if merged is None else {one.key: one for one in _elements(_of_documents(merged))}
    return Known(merged, tuple({**declared, **held}.values()))


def names_of(merged: MergedPolicy) -> Names:
    """What its expressions are checked against."""
    return _names(_of_documents(merged))


@lru_cache(maxsize=16)
def _names(of: Same[MergedPolicy]) -> Names:
    return typed_names(of.of)


def _of_documents(merged: MergedPolicy) -> Same[MergedPolicy]:
    """A merged policy under the identity of its documents: they stay where their texts do, and it is made anew."""
    chains = (merged.chain, *(source.chain for source in merged.chain.sources))
    return Same(merged, _token(tuple(Same(one) for chain in chains for one in (chain.root, *chain.overlays))))


@lru_cache(maxsize=64)
def _token(documents: tuple[Same[object], ...]) -> object:
    del documents
    return object()


# ---- elements of a merged policy


@lru_cache(maxsize=32)
def _elements(of: Same[MergedPolicy]) -> tuple[Named, ...]:
    merged = of.of
    deepest = len(merged.chain.own_ids) - 1
    depths = {id_: deepest - at for at, id_ in enumerate(merged.chain.own_ids)}
    types = term_types(merged)
    return tuple(_named(merged.elements, depths, types))


def _named(elements: Elements, depths: Mapping[str, int], types: Mapping[tuple[str, str], Type]) -> Iterator[Named]:
    def made(kind: NamedKind, held: AnyElement, type_: Type | None, unit: str = "", collection: str = "") -> Named:
        policy = held.origin.policy
        return Named(kind, held.id, held.label, held.name, collection, type_, unit, policy, depths.get(policy, 0), held)

    for fact in elements.all_facts():
        yield made("fact", fact, fact.type, fact.unit_text, fact.collection)
    for collection in elements.collections.values():
        yield made("collection", collection, None, collection.unit)
    for parameter in elements.parameters.values():
        yield made("parameter", parameter, parameter.type, parameter.unit_text)
    for listed in elements.lists.values():
        yield made("list", listed, None)
    for reading in elements.readings.values():
        yield made("reading", reading, reading.type)
    for term in elements.terms.values():
        of = next((one.id for one in elements.collections.values() if term.collection in (one.id, one.name)), "")
        type_ = types.get((of, term.id)) or term.choice
        yield made("term", term, type_, term.unit_text or _unit(type_), of)
    for cause in elements.causes.values():
        yield made("cause", cause, TRUTH)
        for condition in cause.conditions.values():
            yield made("condition", condition, TRUTH, collection=cause.id)


def _unit(type_: Type | None) -> str:
    if not isinstance(type_, Quantity) or type_.unit.dimension == ONE.dimension:
        return ""
    return show_unit(customary_unit(type_.unit))


# ---- what rests on what


@lru_cache(maxsize=128)
def _readers(of: Same[MergedPolicy], kind: str, id_: str) -> frozenset[tuple[str, str]]:
    """By kind and id, what reads an element, and what reads that."""
    reads = _reads(of)
    found = {(kind, id_)}
    while more := {one for one, read in reads.items() if one not in found and read & found}:
        found |= more
    return frozenset(found)


@lru_cache(maxsize=8)
def _reads(of: Same[MergedPolicy]) -> Mapping[tuple[str, str], frozenset[tuple[str, str]]]:
    elements = of.of.elements
    by_name = {
        name: (kind, one.id)
        for kind, held in (("term", elements.terms), ("cause", elements.causes))
        for one in held.values()
        for name in (one.id, one.name)
        if name
    }

    def read(*expressions: object) -> frozenset[tuple[str, str]]:
        texts = (name.span.text for one in expressions for name in references(one))  # type: ignore[arg-type]  # surface trees
        return frozenset(by_name[text] for text in (full.partition(".")[0] for full in texts) if text in by_name)

    found: dict[tuple[str, str], frozenset[tuple[str, str]]] = {}
    for term in elements.terms.values():
        body = term.body
        parts = [part.expression for part in body.parts.values()] if isinstance(body, Parts) else [body]
        found["term", term.id] = read(*parts)
    for cause in elements.causes.values():
        held = cause.conditions.values()
        found["cause", cause.id] = read(*(one.expression for one in held)) | read(
            *(each.when for one in held for each in one.exemptions)
        )
    return found


# ---- what a file declares of itself


def _declared(file: File) -> Iterator[Named]:
    """By the tree alone, sound or not: whatever has an id and stands where elements are declared."""
    overlay = file.kind == "overlay"
    below: Path = ("add",) if overlay else ()
    for section, kind in _KINDS.items():
        for id_, held in _entries(at_path(file.tree, (*below, section))):
            if section == "facts":
                yield from _declared_facts(file, id_, held)
            else:
                collection = _text(held, "of") if kind == "term" else ""
                yield _of_tree(file, kind, id_, held, collection)
                if kind == "cause":
                    for name, condition in _entries(at_path(held, ("conditions",))):
                        yield _of_tree(file, "condition", name, condition, id_)


def _declared_facts(file: File, id_: str, held: Tree) -> Iterator[Named]:
    items = at_path(held, ("items",))
    if id_ != "household" and items is not None:
        yield _of_tree(file, "collection", id_, held, "", _text(held, "counted_in"))
    inside = held if items is None else items
    for name, fact in _entries(inside):
        yield _of_tree(file, "fact", name, fact, "" if id_ == "household" else id_)


def _of_tree(file: File, kind: NamedKind, id_: str, held: Tree, collection: str, unit: str = "") -> Named:
    label, name = _text(held, "label"), _text(held, "name")
    options = at_path(held, ("options" if kind == "reading" else "choice",))
    type_: Type | None = (
        Choice(tuple((key, _scalar(value)) for key, value in _entries(options))) if options is not None else None
    )
    if _text(held, "yes_no") or kind in ("cause", "condition"):
        type_ = TRUTH
    spoken = name or (label if is_name(label) else "")
    return Named(kind, id_, label, spoken, collection, type_, unit or _text(held, "unit"), file.id)


def _entries(tree: Tree | None) -> Iterator[tuple[str, Tree]]:
    if isinstance(tree, Map):
        yield from ((key.text, value) for key, value in tree.entries)


def _text(tree: Tree, key: str) -> str:
    return _scalar(tree.get(key)) if isinstance(tree, Map) else ""


def _scalar(tree: Tree | None) -> str:
    return tree.text if isinstance(tree, Scalar) else ""
