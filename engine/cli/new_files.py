"""What the kinds of `doudi new` share: where files go, and that none is overwritten.

In: the folders and names of the command line.  Out: paths, the policies that are there, files written.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine import disk
from engine.cli.command import Misuse
from engine.cli.homes import homes_of
from engine.cli.named import must_name_a_file
from engine.cli.terminal import write
from engine.diagnostics import Language
from engine.say import Say

if TYPE_CHECKING:
    from engine.policy.loader import Library

_FOLDER = "policies"
# control characters, marks that turn the direction of writing, blanks without width, lone surrogates
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)

_FIRST, _PARTS = (".", "-", "~", " "), frozenset('\\/:*?"<>|')
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
"""names that Windows keeps for devices, whatever follows a dot"""


def policy_folder(folders: tuple[str, ...], ctx: click.Context, say: Say) -> Path:
    """The policy folder to write into: the one named, or `policies` here."""
    folder = Path(folders[0] if folders else _FOLDER)
    if disk.kind(folder) != "folder":
        told = say(f"没有文件夹 {folder}；用 --policies 指明", f"there is no folder {folder}; name one with --policies")
        raise Misuse(told, ctx)
    return folder


def library_of(home: Path, folders: tuple[str, ...]) -> Library:
    """The policies of the folders; what is shipped is read with them where they hold no policy of their own.

    A file that cannot be used may be that policy.
    """
    from engine.policy.loader import read_library

    paths = [home, *(Path(folder) for folder in folders[1:])]
    library = read_library(paths)
    return library if library.roots() or library.unusable else read_library([*homes_of(()).paths, *paths])


def free(path: Path, folder: Path, ctx: click.Context, say: Say) -> Path:
    """A place for a new file: in the policy folder, whatever links there are, and nothing stands there."""
    shown = disk.shown(path)
    must_be_inside(path, folder, ctx, say)
    if disk.taken(path):
        raise Misuse(say(f"已经有 {shown}，没有覆盖", f"{shown} exists and was not overwritten"), ctx)
    return path


def must_be_inside(path: Path, folder: Path, ctx: click.Context, say: Say) -> None:
    if not disk.inside(path, folder):
        shown, home = disk.shown(path), disk.shown(folder)
        raise Misuse(
            say(
                f"{shown} 在政策文件夹 {home} 之外，没有写",
                f"{shown} lies outside the policy folder {home}; not written",
            ),
            ctx,
        )


def put(path: Path, text: str, language: Language) -> None:
    disk.write_whole(path, text.encode())
    shown = disk.shown(path.as_posix())
    write(Say(language)(f"已新建 {shown}", f"wrote {shown}"))


def must_be_plain(texts: Mapping[str, str | None], ctx: click.Context, say: Say) -> None:
    """What goes into a file as it was typed holds no sign that hides, or that turns the direction of reading."""
    for option, text in texts.items():
        hidden = _HIDDEN.search(text or "")
        if hidden is not None:
            sign = f"U+{ord(hidden[0]):04X}"
            raise Misuse(
                say(
                    f"{option} 里有看不见的字符 {sign}，重新键入，不要粘贴",
                    f"{option} holds the invisible character {sign}; type it anew instead of pasting it",
                ),
                ctx,
            )


def must_be_a_file_name(name: str, ctx: click.Context, say: Say) -> None:
    """A name that every system can hold, and that is read: none that begins with a dot, none reserved."""
    stem = name.partition(".")[0].rstrip().upper()
    if name[:1] in _FIRST or name[-1:] in (".", " ") or not _PARTS.isdisjoint(name) or stem in _RESERVED:
        raise Misuse(
            say(
                f"`{name}` 不能作文件名：开头不用 . - ~ 和空格，里面不用 {' '.join(sorted(_PARTS))}，"
                "也不用 CON 一类的名字",
                f"`{name}` is no name of a file: it begins with none of . - ~ and a space, holds none of "
                f"{' '.join(sorted(_PARTS))}, and is not one such as CON",
            ),
            ctx,
        )
    if name.lower().endswith((".yaml", ".yml")):
        raise Misuse(say("名字后面不写 .yaml", "give the name without .yaml"), ctx)


def schema_address(kind: str, file: Path) -> str:
    """The way from a new file to the JSON Schema, where the two stand in one checkout."""
    from engine.resources import policies_root

    schema = policies_root().parent / "grammar" / f"{kind}.schema.json"
    if disk.kind(schema) != "file" or not disk.inside(file, policies_root().parent):
        return ""
    address = Path(os.path.relpath(disk.real(schema), disk.real(file).parent)).as_posix()
    return address if disk.shown(address) == address else ""


def output_option(say: Say) -> click.Option:
    def must_be_a_file(ctx: click.Context, _: click.Parameter, name: str | None) -> str | None:
        if name is not None:
            must_name_a_file(name, "--output", "new.yaml", say, ctx)
        return name

    return click.Option(
        ["-o", "--output", "output"],
        callback=must_be_a_file,
        metavar=say("文件", "FILE"),
        help=say("写到这个文件，缺省在政策文件夹里取名", "the file to write; default: named within the policy folder"),
    )
