"""Case files read again only where what they rest on changed.

In: the files of cases as they stand now, and what was read of them before.  Out: what is wrong with them.
Reading a case needs its own file, the tables beside it, and of its policies all but what their expressions say: an edit
to an expression leaves what was read of the cases as it is.
Imports testing (reading cases), policy, the tree and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cache
from pathlib import Path
from typing import TypeAlias

from engine.diagnostics import Diagnostic, Reporter
from engine.policy.slices import Slices
from engine.records import dataclass
from engine.source import Source
from engine.testing.beside import Beside
from engine.testing.case_reader import PolicyView
from engine.testing.read import CaseText, CaseTree, ReadCases, Views, case_texts, case_tree, read_cases, suite_of
from engine.tree import Mapping as Map
from engine.tree import Scalar, Tree
from engine.tree import Sequence as List

_EXPRESSIONS = frozenset({"is", "when", "unless", "require"})
"""keys whose texts are expressions wherever they stand"""
Said: TypeAlias = "str | tuple[object, ...]"


_MOST_KEPT = 3
"""readings of one file that are kept: an author goes to and fro between what is sound and what is not yet"""


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What was read of a file, and all that it was read with."""

    written: CaseTree
    beside: Beside
    views: Mapping[str, object]
    declared: frozenset[str]
    ids: frozenset[str]
    read: ReadCases


@dataclass(slots=True)
class CaseBook:
    """The case files of one snapshot. `before` are readings of them, the last one first, and `said` holds what
    documents say beside their expressions, with their trees."""

    slices: Slices
    before: Mapping[Path, tuple[Kept, ...]] = field(default_factory=dict)
    said: dict[int, tuple[Tree, Said]] = field(default_factory=dict)
    kept: dict[Path, tuple[Kept, ...]] = field(init=False, default_factory=dict)
    _views: Views = field(init=False)
    _known: dict[int, tuple[Tree, Said]] = field(init=False)
    _keys: dict[str, object] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._views = Views(self.slices)
        self._known, self.said = self.said, {}

    def diagnostics(self, folders: Sequence[Path], checkpoint: Callable[[], None]) -> tuple[Diagnostic, ...]:
        report, read = Reporter(), []
        for text in case_texts(folders, self.slices.library, report):
            checkpoint()
            read.append(self._read(text))
        return suite_of(folders, read, self.slices.library, report).diagnostics

    def _read(self, text: CaseText) -> ReadCases:
        before = [held for held in self.before.get(text.path, ()) if _alike(held.written.source, text.source)]
        held = next((held for held in before if self._stands(text.beside, held)), None)
        if held is None:
            held = self._new(before[0].written if before else case_tree(text.source), text.beside)
        self.kept[text.path] = (held, *(one for one in before if one is not held))[:_MOST_KEPT]
        return held.read

    def _new(self, written: CaseTree, beside: Beside) -> Kept:
        asking = _Asking(self._views)
        read = read_cases(written, beside, asking)
        keys = {policy: self._key(policy) for policy in asking.asked}
        return Kept(written, beside, keys, self._views.declared(), frozenset(self.slices.library.documents), read)

    def _stands(self, beside: Beside, held: Kept) -> bool:
        """Whether a file with the same text would be read as it was."""
        return (
            held.ids == self.slices.library.documents.keys()
            and held.declared == self._views.declared()
            and all(data is not None for data in held.beside.looked.values())
            and all(beside.content(name) == data for name, data in held.beside.looked.items())
            and all(self._key(policy) == key for policy, key in held.views.items())
        )

    def _key(self, policy: str) -> object:
        """What the view of a policy hangs on; equal keys make equal views, as far as cases read them."""
        if policy not in self._keys:
            view = self._views.of(policy)
            self._keys[policy] = None if view is None else self._of_view(policy, view)
        return self._keys[policy]

    def _of_view(self, policy: str, view: PolicyView) -> object:
        documents = self.slices.library.documents
        line = [documents[name] for name in self.slices.library.whole_line(policy)]
        texts = tuple((one.header.id, self._said(one.tree), tuple(table.text for table in one.tables)) for one in line)
        return texts, view.places, view.names

    def _said(self, tree: Tree) -> Said:
        at = id(tree)
        if at not in self.said:
            self.said[at] = self._known.get(at) or (tree, _without_expressions(tree))
        return self.said[at][1]


def _alike(one: Source, other: Source) -> bool:
    return (one.name, one.text) == (other.name, other.text)


class _Asking(Views):
    """Views, with those that were asked for."""

    def __init__(self, views: Views) -> None:
        self.slices = views.slices
        self.declared = views.declared
        self.asked: dict[str, PolicyView | None] = {}
        self.of = cache(lambda policy: self.asked.setdefault(policy, views.of(policy)))


def _without_expressions(tree: Tree) -> Said:
    match tree:
        case Scalar(text=text, style=style):
            return text if style == "plain" else (style, text)
        case List(items=items):
            return tuple(_without_expressions(item) for item in items)
        case Map(entries=entries):
            return tuple((key.text, _of_entry(key.text, value)) for key, value in entries)


def _of_entry(key: str, value: Tree) -> Said:
    """Of an expression only that it is one."""
    return "" if key in _EXPRESSIONS and isinstance(value, Scalar) else _without_expressions(value)
