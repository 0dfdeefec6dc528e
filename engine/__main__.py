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
    from engine.cli.ending import ends_when_told, interrupts
    from engine.cli.main import main

    ends_when_told()
    try:
        if ours:
            interrupts()
        status = main(sys.argv[1:])
    except KeyboardInterrupt:
        status = _INTERRUPTED
    if ours:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.freeze()  # the process ends: nobody has to look through what it holds before the system takes it all
    sys.exit(status)


if __name__ == "__main__":
    run()
