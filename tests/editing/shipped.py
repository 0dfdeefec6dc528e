"""The files that are shipped: what everything of the language service is tried on."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.diagnostics import Reporter
from engine.editing.workspace import File
from engine.policy.yaml_nodes import read_tree
from engine.source import Source
from engine.tree import Mapping, Scalar, Sequence, Tree

ROOT = Path(__file__).parent.parent.parent
POLICIES = ROOT / "policies"
FILES = sorted(file for folder in ("policies", "examples") for file in (ROOT / folder).rglob("*.yaml"))


def source_of(file: Path) -> Source:
    return Source(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))


@cache
def strict(file: Path) -> Tree:
    """What the reader of policies makes of a file."""
    report = Reporter()
    tree = read_tree(source_of(file), report)
    assert tree is not None
    assert not list(report)
    return tree


def outline(tree: Tree) -> object:
    """A tree with all its places, to be compared."""
    place = tree.span.start, tree.span.end
    match tree:
        case Scalar(text=text, style=style):
            return text, style, *place
        case Sequence(items=items, flow=flow):
            return flow, *place, [outline(item) for item in items]
        case Mapping(entries=entries, flow=flow):
            return flow, *place, [(outline(key), outline(value)) for key, value in entries]


def leaves(tree: Tree, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], Scalar]:
    """Every text of a tree by its path."""
    match tree:
        case Scalar():
            return {path: tree}
        case Sequence(items=items):
            inner = [leaves(item, (*path, at)) for at, item in enumerate(items)]
        case Mapping(entries=entries):
            inner = [leaves(value, (*path, key.text)) for key, value in entries]
    return {key: leaf for one in inner for key, leaf in one.items()}


def file_of(source: Source, tree: Tree, kind: str = "policy") -> File:
    return File(Path(source.name), source.name, source, tree, False, kind, "")  # type: ignore[arg-type]  # one of the kinds
