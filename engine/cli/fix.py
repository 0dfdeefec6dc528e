"""`doudi fix [PATH…]`: the certain repairs made, everything else left to a person.

In: folders or files.  Out: what was repaired on standard output, the faults that are left on standard error; 1 where
errors are left.
"""

from __future__ import annotations

from pathlib import Path

import click

from engine import disk
from engine.cli.command import Command, flag, language_option, policies_option
from engine.cli.homes import homes_of
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import tell, write
from engine.cli.texts import asking, difference, paths_of
from engine.diagnostics import Language, Reporter, Severity
from engine.say import Say


def command(say: Say) -> Command:
    return Command(
        "fix",
        say,
        _fix,
        [
            click.Argument(["paths"], nargs=-1, metavar=say("[路径…]", "[PATH…]")),
            policies_option(say),
            flag(say, "--dry-run", "只列出改动，不写文件", "show the repairs and write nothing"),
            language_option(say),
        ],
        say(
            "改正改法确定的错误：全角冒号、引号和缩进，GBK 编码，差一个字母的键，写法不合的日期和数字，"
            "连写的运算词。\n\n"
            "改完重新检查；改了会出新错的不改，要人判断的一律不动。缺省改这里的 policies 文件夹。",
            "Repairs what can be repaired with certainty: full-width colons, quotes and indentation, GBK files, keys "
            "one letter off, dates and numbers in another form, word operators without spaces.\n\n"
            "Everything is checked again; a repair that brings a fault is not made, and what a person must decide is "
            "left alone. Default: the folder `policies` here.",
        ),
    )


@click.pass_context
def _fix(
    ctx: click.Context, paths: tuple[str, ...], folders: tuple[str, ...], dry_run: bool, language: Language
) -> int:
    say = Say(language)
    return asking(ctx, say, lambda: _run(paths_of(paths, folders, ctx, say), dry_run, language))


def _run(targets: list[Path], dry_run: bool, language: Language) -> int:
    from engine.policy.files import report_nothing_found
    from engine.writing.fixing import check_with, files_to_fix, fixed

    say = Say(language)
    report = Reporter()
    files = files_to_fix(targets, report)
    if not files and not report.has_errors:
        report_nothing_found(targets, report)
    done = fixed(files, check_with(_read_with(targets)))
    for repair in done.repairs:
        write(f"{repair.place}: {repair.code}: `{_shown(repair.before)}` → `{_shown(repair.after)}`")
    for path, (before, after) in done.files.items():
        if dry_run:
            write(difference(before, after, path.as_posix()))
        else:
            disk.write_whole(path, after.data())
    report.extend(found for found in done.left if found.severity is not Severity.INFO)
    tell(report, language)
    write(_summary(len(done.repairs), len(done.files), dry_run, say))
    return FINDINGS if report.has_errors else ANSWERED


def _read_with(targets: list[Path]) -> list[Path]:
    """A file alone is checked with the policies that `check` would take."""
    if any(disk.kind(path) != "file" for path in targets):
        return targets
    homes = homes_of(()).paths
    return [*homes, *(path for path in targets if not any(disk.inside(path, home) for home in homes))]


def _shown(text: str) -> str:
    """Blanks made visible."""
    return text.replace("\t", "⇥").replace("\u3000", "□").replace("\n", "⏎")


def _summary(repairs: int, files: int, dry_run: bool, say: Say) -> str:
    if not repairs:
        return say("没有改法确定的错误", "nothing that can be repaired with certainty")
    if dry_run:
        return say(
            f"可改 {repairs} 处，在 {files} 个文件里；没有写", f"{repairs} repairs in {files} files; nothing written"
        )
    return say(f"改了 {repairs} 处，在 {files} 个文件里", f"{repairs} repairs in {files} files")
