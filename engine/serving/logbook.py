"""The log of requests: a line each, without anything that says who or what a request was about.

In: what the gate saw.  Out: JSON lines: when, the method, the address as the table of routes has it, the status, and
how long it took. No query, no body, no name, no network address. Lines are written some at a time.
Imports the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Final

from engine.escaping import as_json

MOST: Final = 200
"""lines that wait before they are written"""


class Logbook:
    """
    Args:
        write: puts text where the log goes; None for no log.
    """

    def __init__(self, write: Callable[[str], None] | None, clock: Callable[[], datetime]) -> None:
        self._write, self._clock = write, clock
        self._lines: list[str] = []

    def request(self, method: str, route: str, status: int, milliseconds: object) -> None:
        if self._write is not None:
            when = self._clock().isoformat(timespec="milliseconds")
            line = f'{{"time":"{when}","method":"{method}","route":"{route}","status":{status},"ms":{milliseconds}}}'
            self._put(line)

    def fault(self, fault: BaseException) -> None:
        """Of a fault of the program: what kind, and where in the program; its words might quote a household."""
        if self._write is not None:
            when = self._clock().isoformat(timespec="milliseconds")
            self._put(as_json({"time": when, "fault": type(fault).__name__, "at": places_of(fault.__traceback__)}))
            self.flush()

    def event(self, told: str, **more: object) -> None:
        if self._write is not None:
            self._put(as_json({"time": self._clock().isoformat(timespec="milliseconds"), "event": told, **more}))
            self.flush()

    def _put(self, line: str) -> None:
        self._lines.append(line)
        if len(self._lines) >= MOST:
            self.flush()

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        if lines and self._write is not None:
            self._write("".join(f"{line}\n" for line in lines))


def places_of(trace: TracebackType | None) -> list[str]:
    """Module and line of each call, the innermost last."""
    found: list[str] = []
    while trace is not None:
        found.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found
