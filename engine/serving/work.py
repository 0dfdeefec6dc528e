"""What the service has others do: side-by-side floors that it may not import, and the day.

In: functions, passed in by the command.  Out: `Work`. Imports nothing but the ground floor and result
types.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from engine.records import dataclass
from engine.serving.drafts.keeping import Committing, Recalling, Recounting, no_entries, no_texts, not_kept


@dataclass(frozen=True, slots=True)
class Work:
    """Functions of the top of a module each, so that a process that serves can be handed them.

    Attributes:
        version: of the engine, as every answer tells it.
        today: the day, for what is due and for new drafts.
        now: the time, with its zone: for sessions, and for what was written when.
        commit, entries, texts: what git keeps of the policy folder.
    """

    version: str
    today: Callable[[], date]
    now: Callable[[], datetime]
    commit: Committing = not_kept
    entries: Recounting = no_entries
    texts: Recalling = no_texts
