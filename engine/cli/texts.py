"""What the writing commands share: which files they are about, what a change looks like, what cannot be written.

In: the paths of the command.  Out: files, differences as text.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from engine import disk
from engine.cli.command import Misuse
from engine.cli.named import must_exist
from engine.cli.terminal import page_for, tell
from engine.diagnostics import Diagnostic
from engine.escaping import Lines
from engine.reporting.layout import Tone
from engine.say import Say
from engine.writing.text_file import TextFile

_TONES: dict[str, Tone] = {"+": "good", "-": "bad", "@": "quiet"}


def paths_of(paths: Sequence[str], folders: Sequence[str], ctx: click.Context, say: Say) -> list[Path]:
    """The paths named; without any, `policies` in the working folder. What is shipped is never changed unasked."""
    named = [Path(path) for path in (*paths, *folders)]
    must_exist(named, say, ctx)
    if named:
        return named
    if disk.kind("policies") != "folder":
        told = say(
            "请写明文件或文件夹（这里没有 policies 文件夹）",
            "name files or folders (there is no folder `policies` here)",
        )
        raise Misuse(told, ctx)
    return [Path("policies")]


def difference(before: TextFile, after: TextFile, name: str) -> Lines:
    """The change as a unified difference, coloured on a terminal."""
    lines = difflib.unified_diff(
        before.text.split("\n"), after.text.split("\n"), f"a/{name.lstrip('/')}", f"b/{name.lstrip('/')}", lineterm=""
    )
    page = page_for(sys.stdout)
    return Lines.of(page.tone(_TONES[line[0]], line) if line[:1] in _TONES else line for line in lines)


def asking(
    ctx: click.Context, say: Say, ask: Callable[[], int], unread: Callable[[], Iterable[Diagnostic]] = tuple
) -> int:
    """What `ask` answers. Where it refuses, what could not be read is told too: that may be what is lacking."""
    from engine.writing.refused import Refused

    try:
        return ask()
    except Refused as refused:
        tell(unread(), say.language)
        raise Misuse(say(refused.zh, refused.en), ctx) from refused
