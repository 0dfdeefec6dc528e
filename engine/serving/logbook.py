"""The log of requests: a line each, without anything that says who or what a request was about.

In: what the gate saw.  Out: JSON lines: when, the method, the address as the table of routes has it, the status, and
how long it took. No query, no body, no name, no network address. Lines are made and written some at a time.
Imports the ground floor.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
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
        self._requests: list[tuple[float, float, str, str, int]] = []

    def request(self, begun: float, ended: float, method: str, route: str, status: int) -> None:
        """
        Args:
            begun, ended: by the clock of `monotonic`.
        """
        if self._write is not None:
            self._requests.append((begun, ended, method, route, status))
            if len(self._requests) >= MOST:
                self.flush()

    def fault(self, fault: BaseException) -> None:
        """Of a fault of the program: what kind, and where in the program; its words might quote a household."""
        self._tell({"fault": type(fault).__name__, "at": places_of(fault.__traceback__)})

    def event(self, told: str, **more: object) -> None:
        self._tell({"event": told, **more})

    def _tell(self, told: dict[str, object]) -> None:
        if self._write is not None:
            self.flush()
            self._write(as_json({"time": _written(self._clock()), **told}) + "\n")

    def flush(self) -> None:
        requests, self._requests = self._requests, []
        if requests and self._write is not None:
            began = self._clock() - timedelta(seconds=monotonic())
            self._write("".join(_line(began, *one) for one in requests))


def _line(began: datetime, begun: float, ended: float, method: str, route: str, status: int) -> str:
    """
    Args:
        began: when the clock of `monotonic` did.
    """
    when, took = _written(began + timedelta(seconds=ended)), (ended - begun) * 1000
    return f'{{"time":"{when}","method":"{method}","route":"{route}","status":{status},"ms":{took:.1f}}}\n'


def _written(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds")


def places_of(trace: TracebackType | None) -> list[str]:
    """Module and line of each call, the innermost last."""
    found: list[str] = []
    while trace is not None:
        found.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found
