"""The process: `doudi`, and `python -m engine`.

Whoever presses Ctrl-C sees no traceback, however early or late: while the program starts and when it is done the signal
ends the process as the system does, and in between it is `main`'s. A process that is told to end (SIGTERM, SIGHUP) puts
away what it was writing first.
"""

from __future__ import annotations

import gc
import signal
import sys

_INTERRUPTED = 130
_BETWEEN_COLLECTIONS = 200_000
"""new objects, more than it takes to read the policies and decide a household: a command keeps almost all that it
makes, and at the usual 700 looks through it again and again"""


def run() -> None:
    gc.set_threshold(_BETWEEN_COLLECTIONS)
    ours = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not where the caller has it ignored
    if ours:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from engine.cli.main import main

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _ended)
    try:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        status = main(sys.argv[1:])
    except KeyboardInterrupt:
        status = _INTERRUPTED
    if ours:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.freeze()  # the process ends: nobody has to look through what it holds before the system takes it all
    sys.exit(status)


def _ended(number: int, frame: object) -> None:
    del frame
    raise SystemExit(128 + number)


if __name__ == "__main__":
    run()
