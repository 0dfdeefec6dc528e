"""How often somebody may try to sign in.

In: who tries from where, and when.  Out: how long to wait. Imports disk.
A try counts before its password is looked at: many at once are no more than many one after the other. Processes that
serve side by side count together, in a file; one alone counts in its memory.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

from engine import disk

WITHIN: Final = 300
"""seconds"""
TRIES: Final = 8
"""of one name from one address"""
TRIES_OF_ADDRESS: Final = 60
"""of all names: a whole bureau may come from one"""
REMEMBERED: Final = 10_000
_NETWORK: Final = 64
"""bits of an IPv6 address that are somebody's; the rest he draws as he likes"""
_MOST: Final = 1 << 26

_Tries: TypeAlias = dict[str, list[int]]
"""when, the oldest first, by who and where; who tried last stands last"""


class Throttle:
    """
    Args:
        file: where processes count together; None for one alone.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file, self._lock = file, Lock()
        self._alone: _Tries = {}

    def begin(self, name: str, address: str, now: int) -> int:
        """Seconds until the next try; 0 for at once, and then this one counts.

        Raises: DiskFault.
        """
        of_name, of_address = _keys(name, address)
        with self._held() as tries:
            wait = max(_wait(tries, of_name, TRIES, now), _wait(tries, of_address, TRIES_OF_ADDRESS, now))
            if not wait:
                for key in (of_name, of_address):
                    tries[key] = [*_recent(tries, key, now), now]
                    tries[key] = tries.pop(key)
                for oldest in list(tries)[: max(0, len(tries) - REMEMBERED)]:
                    del tries[oldest]
            return wait

    def succeeded(self, name: str, address: str) -> None:
        """It was no try of somebody who guesses.

        Raises: DiskFault.
        """
        of_name, of_address = _keys(name, address)
        with self._held() as tries:
            tries.pop(of_name, None)
            if of_address in tries:
                tries[of_address].pop()

    @contextmanager
    def _held(self) -> Iterator[_Tries]:
        with self._lock:
            if self._file is None:
                yield self._alone
                return
            with disk.alone(self._file.with_suffix(".lock")):
                tries = _read(self._file)
                yield tries
                disk.write_whole(self._file, json.dumps(tries).encode("ascii"), lasting=False)


def _read(file: Path) -> _Tries:
    if disk.kind(file) == "absent":
        return {}
    held: _Tries = json.loads(disk.read(file, _MOST))
    return held


def _keys(name: str, address: str) -> tuple[str, str]:
    """Of one length, whatever somebody calls himself; and no file tells who tried."""
    network = _network(address)
    return _hashed(f"{network}\0{name}"), _hashed(network)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or int(found) >> (128 - _NETWORK))


def _wait(tries: _Tries, key: str, most: int, now: int) -> int:
    recent = _recent(tries, key, now)
    return 0 if len(recent) < most else recent[-most] + WITHIN - now


def _recent(tries: _Tries, key: str, now: int) -> list[int]:
    return [at for at in tries.get(key, ()) if at > now - WITHIN]
