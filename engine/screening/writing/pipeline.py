"""Parts decided on several threads and handed on in their order.

In: a source and what decides a part of it.  Out: `Decided` parts, no more than a few of them at a time. What fails on a
thread fails here.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from engine.screening.reading.parts import Part, Source
from engine.screening.writing.decided import Decided, Decider

_GIVES_WAY: Final = 1 / 5_000
"""seconds after which a thread lets another have the interpreter: each asks for it between many short native calls, and
would wait most of the time by the usual five milliseconds"""


def decided(source: Source, decider: Decider, jobs: int, start: int = 0) -> Iterator[Decided]:
    """The parts from one on."""
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="part")
    before = sys.getswitchinterval()
    sys.setswitchinterval(_GIVES_WAY)
    waiting: deque[Future[Decided]] = deque()
    try:
        for work in _works(source, decider, start):
            waiting.append(pool.submit(work))
            if len(waiting) > jobs:  # one more than is worked at, so that nobody waits for the writer
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        sys.setswitchinterval(before)


def _works(source: Source, decider: Decider, start: int) -> Iterator[Callable[[], Decided]]:
    """Reading is part of the work where parts can be read in any order."""
    first = source.part(start) if source.parts is not None and start < source.parts else None
    if first is None or source.parts is None:
        yield from (_deciding(decider, part) for part in source.batches(start))
        return
    yield _deciding(decider, first)
    yield from (_reading(source, decider, number) for number in range(start + 1, source.parts))


def _deciding(decider: Decider, part: Part) -> Callable[[], Decided]:
    return lambda: decider(part)


def _reading(source: Source, decider: Decider, number: int) -> Callable[[], Decided]:
    def work() -> Decided:
        part = source.part(number)
        assert part is not None, "parts can be read in any order, or none can"
        return decider(part)

    return work
