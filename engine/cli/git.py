"""What git knows about the files of a folder: the one place that calls it.

In: a folder and a revision.  Out: what below the folder differs from the revision, with all that git does not know of;
or `Misuse`. Nothing that the user typed is taken for an option of git, and no external diff or monitor that the
repository configures is run.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

import click

from engine import disk
from engine.cli.command import Misuse
from engine.say import Say

_QUIET = ("-c", "core.fsmonitor=false", "-c", "core.quotepath=off", "--no-pager", "--literal-pathspecs")


def changed_since(revision: str, folder: Path, say: Say, ctx: click.Context) -> frozenset[Path]:
    """The files, and whole folders, below a folder that are not as they were in a revision; links are followed."""
    shown = disk.shown(revision)
    if not revision or revision.startswith("-") or "\0" in revision:
        raise Misuse(say(f"--since：`{shown}` 不是 git 的版本", f"--since: `{shown}` is no revision of git"), ctx)
    home = disk.real(folder)
    if _git(home, say, ctx, "rev-parse", "--is-inside-work-tree") is None:
        raise Misuse(
            say(f"--since：{disk.shown(folder)} 不在 git 里", f"--since: {disk.shown(folder)} is not kept in git"), ctx
        )
    # one commit: between two, git would not look at the files as they are
    commit = _git(home, say, ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None or not commit.strip().isalnum():
        told = say(f"git 不认识版本 {shown}；要写一个版本", f"git does not know {shown} as one revision")
        raise Misuse(told, ctx)
    since = commit.decode("ascii").strip()
    differing = _git(home, say, ctx, "diff", "--name-only", "--relative", "--no-ext-diff", "-z", since, "--")
    untracked = _git(home, say, ctx, "ls-files", "--others", "-z")
    marked = _git(home, say, ctx, "ls-files", "-v", "-z")
    if differing is None or untracked is None or marked is None:
        raise Misuse(say("git 运行出错", "git failed"), ctx)
    # what git was told not to look at may have changed
    unseen = (entry[2:] for entry in marked.split(b"\0") if entry[:1].islower() or entry[:1] == b"S")
    names = {*differing.split(b"\0"), *untracked.split(b"\0"), *unseen} - {b""}
    return frozenset(home / name.decode("utf-8", "surrogateescape") for name in names)


def extracted(revision: str, path: str, into: Path, say: Say, ctx: click.Context) -> Path:
    """The files below a path as they were in a revision, put into a folder; the path is below the working folder.

    Raises: Misuse where there is no such revision, or nothing at the path in it.
    """
    name = disk.shown(f"{revision}:{path}")
    unknown = Misuse(
        say(
            f"没有 {name}：当前文件夹、git 版本和政策编号里都找不到",
            f"there is no {name}: neither here, nor in git, nor among the ids of policies",
        ),
        ctx,
    )
    home = Path()
    if not revision or revision.startswith("-") or "\0" in revision or ".." in Path(path).parts:
        raise unknown
    packed = _git(home, say, ctx, "archive", "--format=tar", f"{revision}:./{path}".removesuffix("/"))
    if packed is None:  # one file, or nothing
        data = _git(home, say, ctx, "cat-file", "blob", f"{revision}:./{path}")
        if data is None:
            raise unknown
        single = into / Path(path).name
        disk.write_whole(single, data)
        return single
    with tarfile.TarFile(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(into, filter="data")
    return into


def _git(folder: Path, say: Say, ctx: click.Context, *arguments: str) -> bytes | None:
    """What git prints; None where it fails."""
    # a hook that calls us names the repository of its own working folder
    repository_from_folder = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *_QUIET, *arguments],
            env=repository_from_folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except (OSError, ValueError) as error:
        raise Misuse(
            say(
                "--since 要用 git，这里没有装，或运行不了",
                "--since needs git, which is not installed here or does not run",
            ),
            ctx,
        ) from error
    return done.stdout if done.returncode == 0 else None
