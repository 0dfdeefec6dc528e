"""Standard streams: UTF-8 everywhere, colours where they are wanted, the width of the page.

In: the process's streams and environment.  Out: pages, and text written. Only `Lines` have several lines: any other
text is written as one, whatever stands in it.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from engine.diagnostics import Diagnostic, Language, render, shortened
from engine.disk import DiskFault, reason_of
from engine.escaping import Lines
from engine.reporting.layout import Page

_PLAIN_WIDTH = 100  # of a file or a pipe: the same bytes wherever it runs
_WIDEST, _NARROWEST = 100, 60


STANDARD_OUTPUT = "<stdout>"


def prepare_streams() -> None:
    """Write UTF-8 with plain line ends also where the console's own code page is another.

    Raises: DiskFault where standard output is closed: there is nowhere to answer to. A closed standard error is none:
    the exit status tells as much.
    """
    for number in range(3):  # a closed stream's number would go to the next file that is opened
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - as long as the process
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - likewise; what ends the process flushes it
        raise DiskFault(STANDARD_OUTPUT, "closed", writing=True)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a lone surrogate (out of a file name, say) is written as an escape, never a crash
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def page_for(stream: TextIO) -> Page:
    width = _PLAIN_WIDTH
    if _is_terminal(stream):
        width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_PLAIN_WIDTH, 24)).columns))
    return Page(width=width, colour=wants_colour(stream))


def wants_colour(stream: TextIO) -> bool:
    """NO_COLOR wins, then FORCE_COLOR, then whether it is a terminal that can show colours."""
    if os.environ.get("NO_COLOR"):
        return False
    forced = os.environ.get("FORCE_COLOR")
    if forced is not None and forced != "":
        return forced != "0"
    return _is_terminal(stream) and os.environ.get("TERM") != "dumb"


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def write(text: str) -> None:
    """A result, to standard output: `Lines`, or one line.

    Raises: DiskFault where it takes nothing more.
    """
    with _output():
        sys.stdout.write(Lines.of([text]) + "\n")


def flush() -> None:
    """Let what was written so far be read.

    Raises: DiskFault where it takes nothing more.
    """
    with _output():
        sys.stdout.flush()


@contextmanager
def _output() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise DiskFault(STANDARD_OUTPUT, reason_of(error), writing=True) from error


def complain(text: str) -> None:
    """A diagnostic, to standard error; results already written go out first, so that the two keep their order."""
    flush()
    try:
        sys.stderr.write(Lines.of([text]) + "\n")
    except BrokenPipeError:
        raise
    except OSError:  # nobody can be told; the exit status says that something was to be
        return


def tell(found: Iterable[Diagnostic], language: Language) -> None:
    """Diagnostics, to standard error; of many alike in one file the rest is counted."""
    for one in shortened(found):
        complain(render(one, language))


def discard_output() -> None:
    """After a broken pipe or a full disk: the interpreter must not fail again when it flushes at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is sys.stdout or stream.closed:
                os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError, AttributeError, io.UnsupportedOperation):
            continue
