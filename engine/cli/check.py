"""`doudi check [PATH…]`: everything that is wrong with policy files, at once.

In: folders or files.  Out: diagnostics on standard error, a summary on standard output; 1 where there are findings.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from engine.cli.command import Command, Day, Misuse, Say, folders_of, format_option, language_option, policies_option
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import complain, page_for, wants_colour, write
from engine.diagnostics import Diagnostic, Language, Severity, render
from engine.reporting.layout import Tone

_LEVELS = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_TONES: dict[Severity, Tone] = {Severity.ERROR: "bad", Severity.WARNING: "open", Severity.INFO: "quiet"}


def command(say: Say) -> Command:
    return Command(
        "check",
        say,
        _check,
        [
            click.Argument(["paths"], nargs=-1, metavar=say("[路径…]", "[PATH…]")),
            policies_option(say),
            click.Option(
                ["--on", "on"],
                type=Day(say),
                metavar=say("日期", "DATE"),
                help=say("另查到这一天哪些数值已过时、缺失", "also report what is out of date or lacking on that day"),
            ),
            click.Option(
                ["--fail-on", "fail_on"],
                type=click.Choice([str(level) for level in _LEVELS]),
                default="error",
                metavar="error|warning|info",
                help=say(
                    "有这一级以上的问题时退出状态为 1，缺省 error", "exit with 1 from this level on; default: error"
                ),
            ),
            format_option(say),
            language_option(say),
        ],
        say(
            "检查政策文件：语法、结构、名称、类型和单位、合并、权限、日期。一次列出全部问题。\n\n"
            "路径是政策目录或文件；缺省检查随程序附带的政策。只给一个文件时，与附带的政策一起检查。",
            "Validates policy files: syntax, structure, names, types and units, merge, guards, dates; all faults "
            "at once.\n\n"
            "A path is a policy folder or a file; default: the policies shipped, with which a file alone is checked.",
        ),
    )


@click.pass_context
def _check(
    ctx: click.Context,
    paths: tuple[str, ...],
    folders: tuple[str, ...],
    on: date | None,
    fail_on: str,
    form: str,
    language: Language,
) -> int:
    say = Say(language)
    for path in (*paths, *folders):
        if not Path(path).exists():
            raise Misuse(say(f"没有 {path}", f"there is no {path}"), ctx)
    from engine.api import open_policies

    policies = open_policies(_read_with(paths, folders))
    found = policies.check(on).diagnostics
    counts = Counter(one.severity for one in found)
    if form == "json":
        write(json.dumps(_as_json(found, counts, len(policies.ids), language), ensure_ascii=False, indent=2))
    else:
        for one in found:
            complain(_coloured(one, language))
        write(_summary(counts, len(policies.ids), say))
    failing = _LEVELS[: _LEVELS.index(Severity(fail_on)) + 1]
    return FINDINGS if any(counts[level] for level in failing) else ANSWERED


def _read_with(paths: Sequence[str], folders: Sequence[str]) -> list[str] | None:
    """The folders to read. A file alone says nothing about what it amends: what is shipped is read with it."""
    from engine.resources import policies_root

    if not paths:
        return folders_of(folders)
    beside = list(folders) or [str(policies_root())] if all(Path(path).is_file() for path in paths) else list(folders)
    # a file of a folder that is read whole belongs to that folder: its tables are named from there
    homes = [Path(folder).resolve() for folder in beside]
    alone = [path for path in paths if not any(Path(path).resolve().is_relative_to(home) for home in homes)]
    return [*beside, *alone]


def _coloured(found: Diagnostic, language: Language) -> str:
    text = render(found, language)
    if not wants_colour(sys.stderr):
        return text
    head, newline, rest = text.partition("\n")
    word = f"{found.severity} {found.code}:"
    before, between, after = head.partition(word)
    page = page_for(sys.stderr)
    return before + page.tone(_TONES[found.severity], between) + page.tone("strong", after) + newline + rest


def _summary(counts: Counter[Severity], files: int, say: Say) -> str:
    errors, warnings, infos = (counts[level] for level in _LEVELS)
    if not (errors or warnings or infos):
        return say(f"检查了 {files} 份政策文件，没有问题", f"{files} policy files checked, no findings")
    return say(
        f"检查了 {files} 份政策文件：错误 {errors}，警告 {warnings}，提示 {infos}",
        f"{files} policy files checked: {errors} errors, {warnings} warnings, {infos} notes",
    )


def _as_json(
    found: Sequence[Diagnostic], counts: Counter[Severity], files: int, language: Language
) -> dict[str, object]:
    return {
        "format": 1,
        "files": files,
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
        "diagnostics": [_diagnostic(one, language) for one in found],
    }


def _diagnostic(found: Diagnostic, language: Language) -> dict[str, object]:
    span = found.span
    told: dict[str, object] = {
        "severity": str(found.severity),
        "code": found.code,
        "file": found.path or None if span is None else span.source.name,
    }
    if span is not None:
        end = span.source.position(max(span.start, span.end))
        told |= {"line": span.line, "column": span.column, "end_line": end[0], "end_column": end[1]}
    return told | {
        "message": found.message(language),
        "help": list(found.help_lines(language)),
        "related": [
            {"file": other.source.name, "line": other.line, "column": other.column, "code": code}
            for code, other in found.related
        ],
    }
