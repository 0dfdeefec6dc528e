"""What the pages have the other floors do, where their extras are installed.

In: rule sets, a table.  Out: lines about what differs, proved; households.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from engine import disk
from engine.api import Policies
from engine.diagnostics import Language

if TYPE_CHECKING:
    from engine.proof.sides import Side
    from engine.serving.impact import Unread
    from engine.serving.work import Reading

_MEMBERS = 8


def proving() -> Callable[[Policies, Policies, Language], Sequence[str]] | None:
    return compared if find_spec("z3") else None


def reading() -> Reading | None:
    return households if all(find_spec(library) for library in ("numpy", "pyarrow", "llvmlite")) else None


def compared(before: Policies, after: Policies, language: Language) -> Sequence[str]:
    """Of every root policy that both have what `doudi compare` says of the two."""
    from engine.proof.compared import compare
    from engine.reporting.render_compare import render_comparison
    from engine.say import Say

    say, told = Say(language), list[str]()
    for root in before.router.root_ids():
        if root in after.library.documents:
            one, other = _side(before, root, say("已发布", "published")), _side(after, root, say("草稿", "draft"))
            both = [place for place in one.places if place in set(other.places)]
            told.append(render_comparison(compare(one, other, both, members=_MEMBERS), language))
    return told


def _side(policies: Policies, root: str, name: str) -> Side:
    from engine.proof.sides import Side

    library = policies.library
    places = library.territory(root).inside(library.documents[root].header.jurisdiction)
    return Side(name, policies.slices, tuple(places), lambda place: tuple(library.chain_ids(root, place)))


def households(
    files: Sequence[tuple[str, bytes]], before: Policies, after: Policies, passing: bool
) -> Iterator[dict[str, object] | Unread]:
    """Those of tables as `doudi screen` reads them, with what is noted of the tables; a row that cannot be read is one
    that both refuse.

    Raises: EngineError where a table as a whole cannot be read.
    """
    from engine.screening.reading.source import source_for
    from engine.screening.rows import Rows
    from engine.screening.screen import declared_in
    from engine.screening.writing.narrowing import both
    from engine.serving.impact import Unread

    root = before.router.root_ids()[0]
    together = both(declared_in(before, root), declared_in(after, root))
    with disk.scratch() as room:
        paths = [_laid(room / f"{number}", name, data) for number, (name, data) in enumerate(files)]
        source = source_for(together, paths, passing=passing)
        yield from (Unread("", note) for note in source.notes)
        rows = Rows(source.schema, together)
        for part in source.batches():
            yield from (Unread(one.id or f"{PurePath(one.file).name}:{one.row}", one.fault) for one in part.refused)
            yield from rows.households(part.batch)


def _laid(folder: Path, name: str, data: bytes) -> str:
    """A file that somebody sent, under a name like its own: messages tell it, and tables are known by it as well."""
    disk.make_folder(folder)
    plain = PurePath(re.sub(r"[^\w.-]", "_", PurePath(name).name).lstrip(".")[-80:] or "households")
    file = folder / f"{plain.stem}{plain.suffix.lower()}"
    disk.write_whole(file, data, lasting=False)
    return str(file)
