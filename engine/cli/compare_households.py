"""The stored households of a comparison, through what decides them fastest.

In: a file of JSON, or a table as `doudi screen` reads them; two rule sets.  Out: whose answer changes. Where each
decides every place by its own chain, both screen the file first: who is found eligible by both, or by neither, need
not be looked at again. All others are held against both one by one, which alone says what changes.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import click

from engine import disk
from engine.cli.named import must_be_a_file, opened
from engine.proof.results import Changed, Stored
from engine.proof.sides import Side
from engine.records import dataclass
from engine.say import Say

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.policy.model import Policy

_LINES: Final = (".ndjson", ".jsonl")
_LARGE: Final = 2_000_000
"""bytes of JSON from which on it pays to compile"""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Attributes:
    policy: the document that decides: a root, each place by its own chain (`whole`), or a document alone.
    """

    side: Side
    policies: Policies
    policy: str
    whole: bool


def stored_in(file: str, one: Compared, other: Compared, say: Say, ctx: click.Context) -> Stored:
    from engine.policy.model import Policy

    must_be_a_file(file, say, ctx)
    chain = next(filter(None, map(one.side.chain_at, one.side.places)), ())
    root = one.side.slices.library.build(chain[0]) if chain else None
    assert isinstance(root, Policy), "it decides somewhere"
    lines, is_whole = file.lower().endswith(_LINES), one.whole and other.whole
    fast = lines and is_whole and disk.size(file) >= _LARGE and _can_screen()
    if not fast and (lines or _is_json(file)):
        return _read(file, one.side, other.side, root, say, ctx)
    from engine.extras import must_be_installed

    must_be_installed("screen")
    return _screened(file, one, other, root)


def _is_json(file: str) -> bool:
    """Whether a file begins as JSON does; an empty one, too. What is not kept (a pipe) is read once, as JSON."""
    if file == "-" or disk.kind(file) != "file":
        return True
    return disk.beginning(file, 64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"", b"{", b"[")


def _can_screen() -> bool:
    return all(find_spec(library) for library in ("numpy", "pyarrow", "llvmlite"))


def _read(file: str, one: Side, other: Side, root: Policy, say: Say, ctx: click.Context) -> Stored:
    from engine.cli.households import read
    from engine.proof.stored import stored

    with opened(file, say, ctx) as stream:
        return stored(one, other, root, (given.text for given in read(stream, file).households))


def _screened(file: str, one: Compared, other: Compared, root: Policy) -> Stored:
    from engine.proof.stored import Holding
    from engine.screening.reading.source import source_for
    from engine.screening.rows import Rows
    from engine.screening.screen import declared_in
    from engine.screening.writing.alike import Alike
    from engine.screening.writing.narrowing import both

    declared = [declared_in(each.policies, each.policy) for each in (one, other)]
    together = both(declared[0], declared[1])
    source = source_for(together, [file])
    rows, holding = Rows(source.schema, together), Holding(one.side, other.side, root)
    alike = None
    if one.whole and other.whole:
        alike = Alike(source.schema, [(each.policies, each.policy) for each in (one, other)])
    count, found = 0, []
    for part in source.batches():
        found += [Changed(each.id or f"#{each.row}", "refused", "refused") for each in part.refused]
        count += part.batch.num_rows + len(part.refused)
        open_ = None if alike is None else alike.others(part.batch)
        numbers = part.rows.to_pylist() if open_ is None else part.rows.take(open_).to_pylist()
        for number, tree in zip(numbers, rows.households(part.batch, open_), strict=True):
            changed = holding.changed(tree, number)
            if changed is not None:
                found.append(changed)
    return Stored(count, tuple(found))
