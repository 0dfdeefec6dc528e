"""Long work in a process of its own: it takes no time from answers, and ends at once when nobody wants it any more.

In: a function of some module and its arguments.  Out: what it returns. Imports nothing of the engine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")


class WorkerFailed(Exception):
    """The process ended without an answer."""


async def in_process(job: Callable[..., T], *arguments: object) -> T:
    """Cancelled, it takes the process with it.

    Raises: WorkerFailed.
    """
    context = get_context("spawn")  # a copy of a process with threads may never come to its end
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(there, job, arguments), daemon=True)
    process.start()
    there.close()
    try:
        answer: T = await asyncio.get_running_loop().run_in_executor(None, here.recv)
        return answer
    except EOFError:
        raise WorkerFailed(getattr(job, "__name__", "")) from None
    finally:
        process.terminate()


def _work(there: Connection, job: Callable[..., object], arguments: tuple[object, ...]) -> None:
    there.send(job(*arguments))
    there.close()
