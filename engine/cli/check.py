"""`doudi check [PATH…]`: everything that is wrong with policy files, at once.

In: folders or files.  Out: diagnostics on standard error, a summary on standard output; 1 where there are findings.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from engine.cli.command import Command, Day, Misuse, Say, folders_of, language_option, policies_option
from engine.cli.outputs import LEVELS, Locations, ReportTo, deliver, fails, output_options
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import complain, page_for, wants_colour, write
from engine.cli.version import installed_version, pages_address
from engine.diagnostics import Diagnostic, Language, Severity, render, shortened
from engine.reporting.layout import Tone
from engine.reporting.results import Results, Trial
from engine.source import Source, Span

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
            *output_options(say),
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
    form: str,
    reports: tuple[ReportTo, ...],
    fail_on: str,
    language: Language,
) -> int:
    say = Say(language)
    for path in (*paths, *folders):
        if not Path(path).exists():
            raise Misuse(say(f"没有 {path}", f"there is no {path}"), ctx)
    from engine.api import open_policies
    from engine.resources import policies_root

    read = _read_with(paths, folders)
    policies = open_policies(read)
    whole = policies.check(on).diagnostics
    found = shortened(whole)
    files = len(policies.ids)
    results = Results(
        "check",
        installed_version(),
        language,
        found,
        _trials(policies.library.sources, found, fail_on, language),
        locate=Locations(read if read is not None else [policies_root()]),
        pages=pages_address(),
    )
    summary = _summary(results.counts(), files, say)

    def as_json() -> str:
        from engine.reporting.diagnostics_json import diagnostics_json

        return diagnostics_json(results, {"files": files})

    def as_text() -> str:
        return "\n".join([*(render(one, language) for one in found), summary])

    deliver(results, form, reports, ctx, text=as_text, own_json=as_json)
    if form == "text":
        for one in found:
            complain(_coloured(one, language))
        write(summary)
    # a folder in which nothing was found is no folder without faults
    return FINDINGS if fails(whole, fail_on) or not files else ANSWERED


def _trials(
    sources: Sequence[Source], found: Sequence[Diagnostic], fail_on: str, language: Language
) -> tuple[Trial, ...]:
    """A trial for each file that was read, and for each that could not be; failed where something so bad was found."""
    spans = {source.name: Span(source, 0, 0) for source in sources}
    told: dict[str, list[Diagnostic]] = {name: [] for name in sorted(spans)}
    for one in found:
        told.setdefault(one.path if one.span is None else one.span.source.name, []).append(one)
    return tuple(
        Trial(
            "doudi check",
            name or "policies",
            "failed" if fails(about, fail_on) else "passed",
            "\n".join(render(one, language) for one in about),
            spans.get(name),
        )
        for name, about in told.items()
    )


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
    errors, warnings, infos = (counts[level] for level in LEVELS)
    if not files and not errors:
        return say("没有读到任何政策文件", "no policy file was found")
    if not (errors or warnings or infos):
        return say(f"检查了 {files} 份政策文件，没有问题", f"{files} policy files checked, no findings")
    return say(
        f"检查了 {files} 份政策文件：错误 {errors}，警告 {warnings}，提示 {infos}",
        f"{files} policy files checked: {errors} errors, {warnings} warnings, {infos} notes",
    )
