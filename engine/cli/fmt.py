"""`doudi fmt [PATH…]`: policy files set in the form of the house.

In: folders or files.  Out: the files rewritten where they are not in form, their names on standard output; 1 where a
file cannot be read, and with `--check` where one would change.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from engine import disk
from engine.cli.command import Command, flag, language_option, policies_option
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import tell, write
from engine.cli.texts import asking, difference, paths_of
from engine.diagnostics import Language, Reporter
from engine.say import Say


def command(say: Say) -> Command:
    return Command(
        "fmt",
        say,
        _fmt,
        [
            click.Argument(["paths"], nargs=-1, metavar=say("[路径…]", "[PATH…]")),
            policies_option(say),
            flag(
                say,
                "--check",
                "只看要不要改，不写文件；要改时退出状态为 1",
                "write nothing; exit with 1 where a file would change",
            ),
            flag(say, "--diff", "列出改动，不写文件", "show the changes and write nothing"),
            language_option(say),
        ],
        say(
            "整理政策文件的写法：表达式的空格、全角运算符、花括号里的空格、键的次序。\n\n"
            "含义不变，注释和没有改动的行一个字节也不变。缺省整理这里的 policies 文件夹。",
            "Sets policy files in form: spaces and full-width operators of expressions, spaces inside braces, the "
            "order of keys.\n\n"
            "The meaning stays, and comments and untouched lines stay byte for byte. Default: the folder "
            "`policies` here.",
        ),
    )


@click.pass_context
def _fmt(
    ctx: click.Context, paths: tuple[str, ...], folders: tuple[str, ...], check: bool, diff: bool, language: Language
) -> int:
    say = Say(language)
    return asking(ctx, say, lambda: _run(paths_of(paths, folders, ctx, say), check, diff, language))


def _run(paths: list[Path], check: bool, diff: bool, language: Language) -> int:
    from engine.policy.files import report_nothing_found
    from engine.writing.files import files_of, load_text
    from engine.writing.formatting import formatted, units_among

    say = Say(language)
    report = Reporter()
    seen = changed = 0
    files = [(path, file) for path in files_of(paths, report) if (file := load_text(path, path.as_posix(), report))]
    units = units_among(file for _, file in files)
    for path, read in files:
        file = replace(read, units=units)
        if file.encoding != "utf-8":
            report.tell("not-utf8", None, path=file.name)
            continue
        seen += 1
        after = formatted(file, report)
        if after is file or after.raw == file.raw:
            continue
        if not (check or diff):
            disk.write_whole(path, after.data())
        changed += 1
        write(
            say(
                f"{'要改' if check or diff else '已改'} {file.name}",
                f"{'would change' if check or diff else 'changed'} {file.name}",
            )
        )
        if diff:
            write(difference(file, after, file.name))
    if not seen and not report.has_errors:
        report_nothing_found(paths, report)
    tell(report, language)
    write(_summary(seen, changed, check or diff, say))
    return FINDINGS if report.has_errors or (check and changed) else ANSWERED


def _summary(seen: int, changed: int, only: bool, say: Say) -> str:
    if not seen:
        return say("没有看到可以整理的文件", "no file to set in form was found")
    if not changed:
        return say(f"看了 {seen} 个文件，都已整齐", f"{seen} files, all in form")
    if only:
        return say(f"看了 {seen} 个文件，{changed} 个要改", f"{seen} files, {changed} would change")
    return say(f"看了 {seen} 个文件，改了 {changed} 个", f"{seen} files, {changed} changed")
