"""The forms in which `check`, `test` and `mutate` tell what they found: `--format`, `--report`, `--fail-on`.

In: `Results` and what the user asked for.  Out: one form on standard output, any number of others in files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any, Final

import click

from engine import disk
from engine.cli.command import Misuse, did_you_mean
from engine.cli.named import SOURCES, must_name_a_file
from engine.cli.terminal import write
from engine.cli.version import pages_address
from engine.diagnostics import Diagnostic, Severity
from engine.escaping import Lines
from engine.records import dataclass
from engine.reporting.results import Results
from engine.say import Say
from engine.source import Source
from engine.suggest import nearest

LEVELS: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_MADE: Final = {"json": "diagnostics_json", **{name: name for name in ("sarif", "github", "gitlab", "junit")}}
_LARGEST: Final = 5
"""bytes of a character and of the longer line end behind it"""
_COVERAGE: Final = {name: name for name in ("lcov", "cobertura")}

Text = Callable[[], Lines]


@dataclass(frozen=True, slots=True)
class ReportTo:
    """`--report FORMAT=PATH`."""

    form: str
    path: Path


class ReportType(click.ParamType):  # type: ignore[type-arg,unused-ignore] # generic from click 8.5 on only
    name = "report"

    def __init__(self, say: Say, forms: Sequence[str]) -> None:
        self.say, self.forms = say, forms

    def convert(self, value: Any, _param: click.Parameter | None, ctx: click.Context | None) -> ReportTo:
        if isinstance(value, ReportTo):
            return value
        form, _, path = str(value).partition("=")
        say = self.say
        if not path:
            raise Misuse(
                say(
                    f"--report 要写成 格式=文件，如 junit=report.xml，不是 {value}",
                    f"--report takes FORMAT=PATH, as in junit=report.xml, not {value}",
                ),
                ctx,
            )
        if form not in self.forms:
            told = say(
                f"--report 没有 {form} 这种格式，有 {'、'.join(self.forms)}",
                f"--report knows no format {form}, only {', '.join(self.forms)}",
            )
            raise Misuse(told + did_you_mean(nearest(form, self.forms), say), ctx)
        must_name_a_file(path, "--report", f"report.{form}", say, ctx)
        return ReportTo(form, Path(path))


def output_options(say: Say, *, coverage: bool = False) -> list[click.Parameter]:
    """The parameters `form`, `reports` and `fail_on`. With `coverage`, reports may be of coverage too."""
    forms = ["text", *_MADE]
    report_forms = [*forms, *(_COVERAGE if coverage else ())]
    return [
        click.Option(
            ["--format", "form"],
            type=click.Choice(forms),
            default="text",
            metavar="|".join(forms),
            help=say("结果的格式，缺省是给人看的文字", "form of the result; default: text for people"),
        ),
        click.Option(
            ["--report", "reports"],
            type=ReportType(say, report_forms),
            multiple=True,
            metavar=say("格式=文件", "FORMAT=PATH"),
            help=say(
                f"另把结果写进文件，可写多次；格式：{'、'.join(report_forms)}",
                f"also write the result to a file, may be repeated; formats: {', '.join(report_forms)}",
            ),
        ),
        click.Option(
            ["--fail-on", "fail_on"],
            type=click.Choice([str(level) for level in LEVELS]),
            default="error",
            metavar="error|warning|info",
            help=say("有这一级以上的问题时退出状态为 1，缺省 error", "exit with 1 from this level on; default: error"),
        ),
    ]


def fails(diagnostics: Iterable[Diagnostic], fail_on: str) -> bool:
    """Whether there is one as bad as that, or worse."""
    bad = LEVELS[: LEVELS.index(Severity(fail_on)) + 1]
    return any(found.severity in bad for found in diagnostics)


def deliver(
    results: Results,
    read: Iterable[str | os.PathLike[str]],
    form: str,
    reports: Sequence[ReportTo],
    ctx: click.Context,
    *,
    text: Text,
    own_json: Text | None = None,
) -> None:
    """Write every report, then the result itself to standard output unless its form is `text`.

    Args:
        read: the folders and files that it is about.
        text: the result as text for people. Printing it is the caller's, who knows streams and colours.
        own_json: the command's own JSON, where it has more to tell than diagnostics and trials.
    Raises: Misuse where two reports go to one file, or one in the place of what is read, DiskFault where one cannot be
        written.
    """
    results = replace(results, locate=Locations(read), pages=pages_address())
    own = {"text": text} | ({"json": own_json} if own_json is not None else {})
    _must_be_free(reports, results, ctx)
    for report in reports:
        told = _made(results, report.form, own)
        disk.write_whole(report.path, (told + "\n" if told else "").encode("utf-8", "backslashreplace"))
    if form != "text" and (told := _made(results, form, own)):
        write(told)


def _made(results: Results, form: str, own: dict[str, Text]) -> Lines:
    if form in own:
        return own[form]()
    name = {**_MADE, **_COVERAGE}[form]
    # a form is imported when it is asked for
    told: Lines = getattr(import_module(f"engine.reporting.{name}"), name)(results)
    return told


def _must_be_free(reports: Sequence[ReportTo], results: Results, ctx: click.Context) -> None:
    """No two go to one file, and none in the place of a file that policies, tables or cases stand in."""
    say = Say(results.language)
    seen: dict[Path, ReportTo] = {}
    for report in reports:
        target = disk.real(report.path)
        if target.name.lower().endswith(SOURCES) and disk.kind(target) != "absent":
            told = say(
                f"--report：{report.path} 是政策、表格或用例的文件，没有写；换一个名字，如 report.{report.form}",
                f"--report: {report.path} is a file of policies, tables or cases; not written. Choose another name, "
                f"such as report.{report.form}",
            )
            raise Misuse(told, ctx)
        other = seen.setdefault(target, report)
        if other is not report:
            told = say(
                f"--report：{other.form} 和 {report.form} 写到同一个文件 {report.path}",
                f"--report: {other.form} and {report.form} go to the same file {report.path}",
            )
            raise Misuse(told, ctx)


# ---- where the files are


class Locations:
    """Finds the file behind a name that diagnostics use, which is its path below its policy folder."""

    def __init__(self, read: Iterable[str | os.PathLike[str]]) -> None:
        """`read`: the folders and files that were read."""
        paths = [Path(one) for one in read]
        self._roots = list(dict.fromkeys(path if disk.kind(path) == "folder" else path.parent for path in paths))
        self._known = cache(self._find)

    def __call__(self, source: Source | str) -> str:
        return self._known(source)

    def _find(self, source: Source | str) -> str:
        name = source if isinstance(source, str) else source.name
        there = [root / name for root in self._roots if disk.taken(root / name)]
        if len(there) > 1 and isinstance(source, Source):
            there = [path for path in there if _holds(path, source.text)] or there
        return _shown(there[0]) if there else PurePath(name).as_posix()


def _holds(path: Path, text: str) -> bool:
    try:
        held = disk.read(path, _LARGEST * (len(text) + 1)).decode("utf-8-sig", "replace")
    except disk.DiskFault as fault:
        if fault.reason != "too-large":
            raise
        return False
    return held.replace("\r\n", "\n").replace("\r", "\n") == text


def _shown(path: Path) -> str:
    """Below the working folder where it lies there, else absolute."""
    try:
        whole, here = disk.absolute(path), disk.here()
    except disk.DiskFault:  # a working folder that was deleted has nothing in it
        return path.as_posix()
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()
