"""What the kinds of `doudi new` share: where files go, and that none is overwritten.

In: the folders and names of the command line.  Out: paths, the policies that are there, files written.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.command import Misuse, Say
from engine.cli.homes import homes_of
from engine.cli.terminal import complain, write
from engine.diagnostics import Diagnostic, Language, render

if TYPE_CHECKING:
    from engine.policy.loader import Library

_FOLDER = "policies"


def policy_folder(folders: tuple[str, ...], ctx: click.Context, say: Say) -> Path:
    """The policy folder to write into: the one named, or `policies` here."""
    folder = Path(folders[0] if folders else _FOLDER)
    if not folder.is_dir():
        told = say(f"没有文件夹 {folder}；用 --policies 指明", f"there is no folder {folder}; name one with --policies")
        raise Misuse(told, ctx)
    return folder


def library_of(home: Path, folders: tuple[str, ...]) -> Library:
    """The policies of the folders; what is shipped is read with them where they hold no policy of their own."""
    from engine.policy.loader import read_library

    paths = [home, *(Path(folder) for folder in folders[1:])]
    library = read_library(paths)
    return library if library.roots() else read_library([*homes_of(()).paths, *paths])


def free(path: Path, ctx: click.Context, say: Say) -> Path:
    if path.exists():
        raise Misuse(say(f"已经有 {path}，没有覆盖", f"{path} exists and was not overwritten"), ctx)
    return path


def put(path: Path, text: str, language: Language) -> None:
    from engine.writing.files import save

    save(path, text.encode())
    write(Say(language)(f"已新建 {path.as_posix()}", f"wrote {path.as_posix()}"))


def tell(found: Iterable[Diagnostic], language: Language) -> None:
    for one in found:
        complain(render(one, language))


def schema_address(kind: str, file: Path) -> str:
    """The way from a new file to the JSON Schema, where the two stand in one checkout."""
    from engine.resources import policies_root

    schema = policies_root().parent / "grammar" / f"{kind}.schema.json"
    inside = schema.is_file() and file.resolve().is_relative_to(policies_root().parent.resolve())
    return Path(os.path.relpath(schema, file.resolve().parent)).as_posix() if inside else ""


def output_option(say: Say) -> click.Option:
    return click.Option(
        ["-o", "--output", "output"],
        metavar=say("文件", "FILE"),
        help=say("写到这个文件，缺省在政策文件夹里取名", "the file to write; default: named within the policy folder"),
    )
