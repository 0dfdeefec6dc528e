"""What the service has others do: side-by-side floors that it may not import, and the day.

In: functions, passed in by the command.  Out: `Work`. Imports drafts and impact (types), api and the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TypeAlias

from engine.api import Policies
from engine.diagnostics import Language
from engine.records import dataclass
from engine.serving.drafts.keeping import Committing, Recalling, Recounting, no_entries, no_texts, not_kept
from engine.serving.impact import Unread

Clock: TypeAlias = Callable[[], datetime]
Reading: TypeAlias = Callable[
    [Sequence[tuple[str, bytes]], Policies, Policies, bool], Iterator[dict[str, object] | Unread]
]


@dataclass(frozen=True, slots=True)
class Work:
    """Functions of the top of a module each, so that a process that serves can be handed them.

    Attributes:
        version: of the engine, as every answer tells it.
        today: the day, for what is due and for new drafts.
        now: the time, with its zone: for sessions, the log, and for what was written when.
        commit, entries, texts: what git keeps of the policy folder.
        compare: what two rule sets can do that the other does not, proved, as text; None without the extra `proof`.
        households: those of tables, each by the name of its file and its bytes, as `doudi screen` reads them, with the
            fields of both rule sets; the last argument says whether columns that nothing answers to are passed over.
            None without the extra `screen`.
        log: puts lines where the log goes.
    """

    version: str
    today: Callable[[], date]
    now: Clock
    commit: Committing = not_kept
    entries: Recounting = no_entries
    texts: Recalling = no_texts
    compare: Callable[[Policies, Policies, Language], Sequence[str]] | None = None
    households: Reading | None = None
    log: Callable[[str], None] | None = None
