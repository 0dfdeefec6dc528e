"""Files and folders that the user named: looked for before anything is done with any of them.

In: paths as they were typed; `-` is standard input.  Out: what stands there, or `Misuse` where nothing does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import click

from engine import disk
from engine.cli.command import Misuse
from engine.say import Say

SOURCES = (".yaml", ".yml", ".csv", ".tsv", ".xlsx", ".xlsm")
"""endings of files that people write and no command puts results into"""


def must_exist(paths: Iterable[str | os.PathLike[str]], say: Say, ctx: click.Context) -> None:
    """A path at which nothing stands is a typing mistake, and no fault of any policy or household."""
    for path in paths:
        if disk.kind(path) == "absent":
            raise Misuse(say(f"没有 {disk.shown(path)}", f"there is no {disk.shown(path)}"), ctx)


def must_be_a_file(name: str, say: Say, ctx: click.Context) -> None:
    """A file, a pipe or standard input to be read."""
    if name == "-":
        return
    shown = disk.shown(name)
    match disk.kind(name):
        case "folder":
            several = os.path.join(shown, "*.json")
            raise Misuse(
                say(
                    f"{shown} 是目录；写出其中的文件，如 {several}",
                    f"{shown} is a folder; name the files in it, as in {several}",
                ),
                ctx,
            )
        case "absent":
            raise Misuse(say(f"没有文件 {shown}", f"there is no file {shown}"), ctx)
        case "file" | "other":
            return


def must_name_a_file(name: str, option: str, example: str, say: Say, ctx: click.Context | None) -> None:
    """A file to be written, there or not: a name that ends as folders do would lose its end, and be a file's.

    Args:
        example: the name that a file in the folder might have.
    """
    if name in ("", "-"):
        told = say(f"{option} 要写文件名，不能写 {name}", f"{option} takes the name of a file, not {name}")
        nothing = say(f"{option} 要写文件名", f"{option} takes the name of a file")
        raise Misuse(told if name else nothing, ctx)
    if os.path.basename(name) in ("", ".", "..") or disk.kind(name) == "folder":
        shown, inside = disk.shown(name), os.path.join(disk.shown(name), example)
        raise Misuse(
            say(
                f"{option}：{shown} 是目录；写出其中的文件，如 {inside}",
                f"{option}: {shown} is a folder; name a file in it, as in {inside}",
            ),
            ctx,
        )


@contextmanager
def opened(name: str, say: Say, ctx: click.Context) -> Iterator[BinaryIO]:
    """The file, to be read piece by piece."""
    if name != "-":
        with disk.stream(name) as stream:
            yield stream
    elif sys.stdin is None:
        raise Misuse(say("标准输入是关闭的", "standard input is closed"), ctx)
    else:
        try:
            yield sys.stdin.buffer
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise disk.DiskFault("<stdin>", disk.reason_of(error)) from error
