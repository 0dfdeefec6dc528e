"""Figures for Prometheus: how many requests, how long they took, which set of policies serves.

In: what the gate saw of a request.  Out: text for `/metrics`. Never a fact of a household, nor a path as it was asked:
only the address as the table of routes has it.
Where several processes serve, each keeps its figures in files of a folder (`PROMETHEUS_MULTIPROC_DIR`, which the
command sets before they begin), and whichever is asked tells those of all.
Holds prometheus_client; imports the ground floor.
"""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MutexValue, ValueClass

FORM: Final = CONTENT_TYPE_LATEST
_BUCKETS: Final = tuple(ms / 1000 for ms in (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000))


class Metrics:
    """Those of one process."""

    def __init__(self) -> None:
        own = CollectorRegistry()
        self._requests = Counter("doudi_requests", "Requests answered", ("route", "method", "status"), registry=own)
        self._seconds = Histogram(
            "doudi_request_seconds", "Time from a request to its answer", ("route",), buckets=_BUCKETS, registry=own
        )
        self._running = Gauge(
            "doudi_requests_running", "Requests not answered yet", registry=own, multiprocess_mode="livesum"
        )
        self._sound = Gauge(
            "doudi_policies_sound", "1 as long as what serves has no errors", registry=own, multiprocess_mode="livemin"
        )
        self._refused = Gauge(
            "doudi_policies_refused",
            "1 as long as a newer set has errors and does not serve",
            registry=own,
            multiprocess_mode="livemax",
        )
        self._since = Gauge(
            "doudi_policies_since_timestamp_seconds",
            "When what serves was read",
            registry=own,
            multiprocess_mode="livemin",
        )
        self._loads = Counter("doudi_policies_loads", "Sets of policies that were read", ("result",), registry=own)
        self._own = own
        self._counted: dict[tuple[str, str, int], Counter] = {}
        self._timed: dict[str, Histogram] = {}
        self._many = ValueClass is not MutexValue

    def answered(self, route: str, method: str, status: int, seconds: float) -> None:
        key = (route, method, status)
        counter = self._counted.get(key)
        if counter is None:
            counter = self._counted[key] = self._requests.labels(route, method, str(status))
            self._timed.setdefault(route, self._seconds.labels(route))
        counter.inc()
        self._timed[route].observe(seconds)

    def running(self, count: int) -> None:
        self._running.set(count)

    def policies(self, *, sound: bool, refused: bool, since: float) -> None:
        self._sound.set(sound)
        self._refused.set(refused)
        self._since.set(since)

    def loaded(self, result: str) -> None:
        self._loads.labels(result).inc()

    def told(self) -> bytes:
        if not self._many:
            return generate_latest(self._own)
        every = CollectorRegistry()
        MultiProcessCollector(every)  # type: ignore[no-untyped-call]
        return generate_latest(every)
