"""What the service has others do: side-by-side floors that it may not import, and the day.

In: functions, passed in by the command.  Out: `Work`. Imports nothing but the ground floor and result types.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TypeAlias

from engine.records import dataclass

Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Work:
    """Functions of the top of a module each, so that a process that serves can be handed them.

    Attributes:
        version: of the engine, as every answer tells it.
        today: the day, for what is due and for new drafts.
        now: the moment, with its zone, for the log and for when policies came to serve.
        log: puts lines where the log goes.
    """

    version: str
    today: Callable[[], date]
    now: Clock
    log: Callable[[str], None] | None = None
