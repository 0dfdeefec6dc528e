"""Rules that were published after they began to hold, and what names them as if they had been known all along.

In: the slices of a chain.  Out: warnings where a day can be decided, but not by what was known then (`--known-on`).
Imports days, model and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING

from engine.diagnostics import Diagnostic, errors_in
from engine.policy.model import Chain, SetList, SetValues
from engine.policy.stretches import own_days

if TYPE_CHECKING:
    from engine.policy.slices import Slices


def unknown_days(chain: Chain, days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days on which something holds that was published later, each with the day before that publication.

    Of values there is none that others could not do without: then they are unknown, and the answer says so.
    """
    changes = [one for overlay in chain.overlays for one in overlay.changes if not isinstance(one, SetValues | SetList)]
    found: dict[tuple[date, date], None] = {}
    for origin in (*own_days(chain), *(change.origin for change in changes)):
        start, published = origin.start, origin.published
        if start is not None and published is not None and published > start:
            known = published - timedelta(days=1)
            last = known if origin.until is None else min(known, origin.until)
            found.update(dict.fromkeys((day, known) for day in days if start <= day <= last))
    yield from sorted(found)


def refused_then(
    slices: Slices, ids: Sequence[str], chain: Chain, places: Sequence[str], late: Sequence[tuple[date, date]]
) -> Iterator[Diagnostic]:
    """A warning for each first fault of a day that only those who ask for what was known then would meet."""
    undated = {
        change.origin.span
        for overlay in chain.overlays
        for change in overlay.changes
        if isinstance(change, SetValues | SetList) and change.origin.published is None
    }
    for place, (day, known) in product(places, late):
        if slices.checked(ids, place, day, None)[0] is None:
            continue
        faults = errors_in(slices.checked(ids, place, day, known)[1])
        fault = next((one for one in faults if one.span not in undated), None)  # nobody said when it was published
        if fault is not None:
            told = {"known_on": str(known), "rule": fault.code, "start": str(day)}
            yield Diagnostic.of("unknown-then", fault.span, related=fault.related, **told)
