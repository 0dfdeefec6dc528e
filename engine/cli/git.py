"""What git knows about the files of a folder: the one place that calls it.

In: a folder and a revision, or what the service has published.  Out: what below the folder differs from the revision,
with all that git does not know of; or `Misuse`; a commit. Nothing that the user typed is taken for an option of git,
and no external diff, monitor or hook that the repository configures is run.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import tarfile
from collections.abc import Sequence
from pathlib import Path

import click

from engine import disk
from engine.cli.command import Misuse
from engine.say import Say
from engine.serving.drafts.keeping import Author, Commit, Entry

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
        disk.write_whole(single, data, lasting=False)
        return single
    with tarfile.TarFile(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(into, filter="data")
    return into


# ---- what is published by the service


def kept(folder: Path, paths: Sequence[str], author: Author, reason: str) -> Commit | None:
    """Exactly these files of a folder committed, whatever else is changed or staged; None where no repository holds it.

    Nothing that the repository configures is run: no hook, no signing.
    """
    home = disk.real(folder)
    inside = _ran(home, "rev-parse", "--is-inside-work-tree")
    if inside is None or inside.returncode != 0:
        return None if inside is None or _is_no_repository(inside) else Commit(fault=_said(inside))
    ignored = _ran(home, "check-ignore", "-z", "--stdin", text="\0".join(paths))
    left_out = set() if ignored is None else set(ignored.stdout.decode("utf-8", "surrogateescape").split("\0"))
    wanted = [path for path in paths if path not in left_out]
    there = [path for path in wanted if disk.kind(home / path) != "absent"]
    for arguments in (
        ["add", "--", *there] if there else [],
        ["commit", "--quiet", "--file=-", "--only", "--", *wanted],
    ):
        if not arguments or not wanted:
            continue
        done = _ran(home, *arguments, text=reason, author=author)
        if done is None or done.returncode != 0:
            return Commit(fault="" if done is None else _said(done))
    made = _ran(home, "rev-parse", "HEAD")
    return Commit("" if made is None else made.stdout.decode("ascii", "replace").strip())


def entries(folder: Path, most: int) -> list[Entry]:
    """The last commits that changed something in a folder, the newest first."""
    form = "--format=%x1e%H%x1f%aI%x1f%an%x1f%s%x1f"
    done = _ran(
        disk.real(folder),
        "log",
        f"--max-count={most}",
        form,
        "--name-only",
        "--no-renames",
        "--relative",
        "-z",
        "--",
        ".",
    )
    if done is None or done.returncode != 0:
        return []
    return [_entry(one) for one in done.stdout.decode("utf-8", "replace").split("\x1e")[1:]]


def _entry(told: str) -> Entry:
    id_, at, author, reason, paths = told.split("\x1f")
    return Entry(id_, at, author, reason, tuple(path for path in re.split("[\0\n]+", paths) if path))


def texts(folder: Path, id_: str, path: str) -> tuple[str | None, str | None]:
    """What a file of a folder held before a commit, and after it; None where it was not there."""
    home = disk.real(folder)
    return _held(home, f"{id_}^", path), _held(home, id_, path)


def _held(home: Path, revision: str, path: str) -> str | None:
    if not _REVISION.fullmatch(revision) or ".." in Path(path).parts or "\0" in path:
        return None
    done = _ran(home, "cat-file", "blob", f"{revision}:./{path}")
    return None if done is None or done.returncode != 0 else done.stdout.decode("utf-8", "replace")


_REVISION = re.compile(r"[0-9a-f]{40}\^?")
_SERVED = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "gc.auto=0")


def _ran(
    home: Path, *arguments: str, text: str = "", author: Author | None = None
) -> subprocess.CompletedProcess[bytes] | None:
    """None where git is not installed, or does not run."""
    named = {} if author is None else _named(author)
    try:
        return subprocess.run(
            ["git", "-C", str(home), *_QUIET, *_SERVED, *arguments],
            env={**_repository_from_folder(), **named, "LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0"},
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            check=False,
        )
    except (OSError, ValueError):
        return None


def _named(author: Author) -> dict[str, str]:
    """The author is who published; committed by the service. An address is asked for, and is none."""
    name = re.sub(r"[<>\x00-\x1f]", "", author.label).strip() or author.name
    sign_in = re.sub(r"[^\w.@+-]", "_", author.name) or "doudi"
    mail = sign_in if "@" in sign_in else f"{sign_in}@doudi.invalid"
    committer = {"GIT_COMMITTER_NAME": "doudi", "GIT_COMMITTER_EMAIL": "doudi@doudi.invalid"}
    return {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail, **committer}


def _is_no_repository(done: subprocess.CompletedProcess[bytes]) -> bool:
    return b"not a git repository" in done.stderr


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """The last line that git wrote."""
    lines = (done.stderr or done.stdout).decode("utf-8", "replace").strip().splitlines()
    return lines[0] if lines else f"status {done.returncode}"


def _repository_from_folder() -> dict[str, str]:
    """A hook that calls us names the repository of its own working folder."""
    return {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}


def _git(folder: Path, say: Say, ctx: click.Context, *arguments: str) -> bytes | None:
    """What git prints; None where it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *_QUIET, *arguments],
            env=_repository_from_folder(),
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
