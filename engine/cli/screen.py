"""`doudi screen INPUT… -o OUTPUT`: a whole population, one answer a household.

In: files of households as bureaus have them.  Out: the results in a file, what was refused beside it, and what it came
to. A bad row stops nothing: it is refused, told with its row, and the exit status is 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine import disk
from engine.cli.command import (
    Command,
    Misuse,
    day_option,
    flag,
    format_option,
    known_on_option,
    language_option,
    policies_option,
    policy_option,
)
from engine.cli.homes import Homes, homes_of
from engine.cli.screen_files import (
    FORMS,
    PICTURES,
    kept_folder,
    kept_parts,
    must_replace_nothing_read,
    run_folder,
    suffix_of,
)
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import complain, page_for, tell, write
from engine.cli.version import installed_version
from engine.cli.watching import Watching
from engine.diagnostics import Language
from engine.escaping import Lines, as_json
from engine.records import dataclass
from engine.say import Say

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.screening.reading.parts import Source
    from engine.screening.screen import Screening
    from engine.screening.writing.decided import Decider
    from engine.screening.writing.run import Ran
    from engine.screening.writing.store import Store
    from engine.screening.writing.summary import Summary
    from engine.screening.writing.wording import Wording


def command(say: Say) -> Command:
    return Command(
        "screen",
        say,
        _screen,
        [
            click.Argument(["inputs"], nargs=-1, required=True, metavar=say("输入…", "INPUT…")),
            click.Option(
                ["-o", "--output", "output"],
                metavar=say("文件", "FILE"),
                help=say(
                    "结果写到哪里，格式看结尾：.parquet、.csv、.ndjson、.xlsx",
                    "where the results go; the ending says the form: .parquet, .csv, .ndjson, .xlsx",
                ),
            ),
            click.Option(
                ["--mapping"],
                metavar=say("文件", "FILE"),
                help=say("哪一列是什么，表头看不出来时用", "which column is what, where the headers do not say"),
            ),
            click.Option(
                ["--headers"],
                type=click.Choice(["id", "label"]),
                metavar="id|label",
                help=say(
                    "列名和取值用代号（Parquet、NDJSON 缺省）或中文名称（CSV、XLSX 缺省）",
                    "ids (default of Parquet and NDJSON) or labels (default of CSV and XLSX) for columns and values",
                ),
            ),
            flag(say, "--missing", "加一列：还缺几项", "add a column: how many facts are missing"),
            flag(say, "--readings", "加几列：换一种读法结论是否不同", "add columns: would another reading differ"),
            click.Option(
                ["--chart"],
                metavar=say("文件", "FILE"),
                help=say("另画一张图，.svg 或 .png", "also draw a picture, .svg or .png"),
            ),
            flag(
                say,
                "--resume",
                "中断以后能接着做：做完的部分留在结果旁边，再运行一次就接上",
                "can be cut off: finished parts are kept beside the output, and the next run goes on from there",
            ),
            click.Option(
                ["--jobs"],
                type=click.IntRange(1, 256),
                metavar="N",
                help=say("用几个线程，缺省为处理器的个数", "number of threads; default: those of the machine"),
            ),
            click.Option(
                ["--explain"],
                metavar="ID",
                help=say(
                    "只说明编号为 ID 的那一户，逐条说明理由", "explain the household of that id, with every reason"
                ),
            ),
            policies_option(say),
            policy_option(say),
            day_option(
                say,
                "--as-of",
                "按这一天的规定，缺省为申请日期",
                "the day whose rules apply; default: the application date",
            ),
            known_on_option(say),
            format_option(say),
            flag(say, "--details", "各县（市、区）也列出", "list every county"),
            language_option(say),
        ],
        say(
            "整批筛查家庭，每户一个结论。\n\n"
            "输入是 Parquet、Arrow、CSV（UTF-8 或 GB18030）、XLSX、NDJSON 的文件、文件夹或通配符；家庭和成员可以分在"
            "几个文件或工作表里，按家庭编号接起来。有错的行不影响别的行：写进 结果.refused.csv（XLSX 是一张表），"
            "注明行号、字段和原因。\n\n"
            "退出状态：0 都已认定；1 有未受理的行或重复的编号；2 命令用错；70 程序自身出错。",
            "Screens a whole population, one answer a household.\n\n"
            "The input is files, folders or patterns of Parquet, Arrow, CSV (UTF-8 or GB18030), XLSX, NDJSON; "
            "households and members may stand in several files or sheets, joined by the household's id. A row with a "
            "fault stops no other: it goes to OUTPUT.refused.csv (a sheet of XLSX) with its row, field and reason.\n\n"
            "Exit status: 0 all answered; 1 rows refused, or ids that stand twice; 2 misuse; 70 a fault of the "
            "program.",
        ),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the user asked for, beside the files."""

    policy: str | None
    as_of: date | None
    known_on: date | None
    missing: bool
    readings: bool
    headers: str | None
    jobs: int
    form: str
    details: bool
    language: Language

    @property
    def say(self) -> Say:
        return Say(self.language)


@click.pass_context
def _screen(
    ctx: click.Context,
    inputs: tuple[str, ...],
    output: str | None,
    mapping: str | None,
    headers: str | None,
    missing: bool,
    readings: bool,
    chart: str | None,
    resume: bool,
    jobs: int | None,
    explain: str | None,
    folders: tuple[str, ...],
    policy: str | None,
    as_of: date | None,
    known_on: date | None,
    form: str,
    details: bool,
    language: Language,
) -> int:
    say = Say(language)
    jobs = jobs or os.cpu_count() or 1
    asked = _Asked(policy, as_of, known_on, missing, readings, headers, jobs, form, details, language)
    if output is None and explain is None:
        raise Misuse(say("用 -o 写明结果写到哪里，如 -o result.xlsx", "say where the results go: -o result.xlsx"), ctx)
    outputs, suffix = {}, ""
    if output is not None and explain is None:
        suffix = suffix_of(output, "-o", FORMS, say, ctx)
        outputs["-o"] = Path(output)
    if chart is not None:
        suffix_of(chart, "--chart", PICTURES, say, ctx)
        outputs["--chart"] = Path(chart)
    homes = homes_of(folders)
    must_replace_nothing_read(outputs, [*inputs, *([mapping] if mapping else [])], homes.paths, say, ctx)

    from engine.screening.extra import must_be_installed

    must_be_installed()
    from engine.api import open_policies
    from engine.screening.reading.source import open_source
    from engine.screening.screen import Screening

    policies = open_policies(homes.folders)
    source = open_source(inputs, policies, mapping)
    tell(source.notes, language)
    screening = Screening(
        policies, source.schema, policy=policy, as_of=as_of, known_on=known_on, missing=missing, readings=readings
    )
    tell(screening.warnings, language)
    if explain is not None:
        from engine.cli.screen_explain import explained

        return explained(explain, source, screening, form, details, say, ctx)
    assert output is not None
    return _Job(asked, homes, policies, source, screening, Path(output), suffix, chart).run(resume, ctx)


@dataclass(frozen=True, slots=True)
class _Job:
    asked: _Asked
    homes: Homes
    policies: Policies
    source: Source
    screening: Screening
    output: Path
    suffix: str
    chart: str | None

    def run(self, resume: bool, ctx: click.Context) -> int:
        say = self.asked.say
        with ExitStack() as open_things:
            store: Store | None = None
            if resume:
                store = open_things.enter_context(kept_parts(self.output, self._stands_on(), say, ctx))
                if store.finished:
                    complain(
                        say(
                            f"doudi: 接着做，已有 {store.finished} 个部分",
                            f"doudi: going on after {store.finished} parts",
                        )
                    )
            folder = store.folder if store else open_things.enter_context(run_folder(self.output))
            watching = open_things.enter_context(Watching(say, self.source.rows))
            try:
                ran = self._ran(folder, store, watching)
            except BaseException:
                if store and store.finished:
                    watching.__exit__()
                    complain(_kept(store, say))
                raise
            summary = self._summary(ran)
            if self.chart:
                from engine.reporting.chart import chart_bytes

                disk.write_whole(self.chart, chart_bytes(summary, Path(self.chart).suffix.lower(), self.asked.language))
        if not resume:
            disk.clear(kept_folder(self.output))  # of a run that was cut off: all is done now
        self._tell(ran, summary, watching)
        return FINDINGS if summary.refused or summary.repeated.places else ANSWERED

    def _ran(self, folder: Path, store: Store | None, watching: Watching) -> Ran:
        from engine.screening.writing.results import Target
        from engine.screening.writing.run import run

        target = Target(self.output, self.suffix, folder, self._wording())

        def watch(ran: Ran, again: bool) -> None:
            if again:
                watching.done_before = ran.rows
            watching.show(ran.rows)

        return run(
            self.source,
            self._decider(),
            target,
            self.screening.totals(),
            self.asked.jobs,
            store,
            watch,
            lambda ran: list(self._told(self._summary(ran)).rows()),
        )

    def _decider(self) -> Decider:
        from engine.screening.writing.decided import Decider

        screening = self.screening
        return Decider(screening, screening.place_column, screening.reasons, self.asked.language)

    def _wording(self) -> Wording:
        from engine.screening.writing.wording import plain, wording_of

        labels = self.asked.headers == "label" if self.asked.headers else self.suffix in (".csv", ".xlsx")
        say = self.asked.say
        return wording_of(self.policies.library, say) if labels else plain(say)

    def _stands_on(self) -> dict[str, str]:
        from engine.policy.digest import library_digest

        asked = self.asked
        return {
            "engine": installed_version(),
            "input": self.source.fingerprint,
            "policies": library_digest(self.policies.library),
            "policy": asked.policy or "",
            "as_of": str(asked.as_of or ""),
            "known_on": str(asked.known_on or ""),
            "columns": " ".join(self.screening.answers.names),
            "language": asked.language,
        }

    def _summary(self, ran: Ran) -> Summary:
        from engine.screening.writing.summary import summary_of
        from engine.screening.writing.wording import wording_of

        titles = wording_of(self.policies.library, self.asked.say).titles
        return summary_of(ran.totals, self.screening.places, titles, ran.unread, ran.refusals, ran.blanks, ran.repeated)

    def _told(self, summary: Summary) -> Any:
        from engine.reporting.screened import Told

        return Told(summary, self.asked.language)

    def _tell(self, ran: Ran, summary: Summary, watching: Watching) -> None:
        say = self.asked.say
        if self.asked.form == "json":
            from engine.reporting.screened import screened_json

            write(as_json(screened_json(summary), indent=2))
            return
        page = page_for(sys.stdout)
        write(self._told(summary).lines(page, details=self.asked.details))
        seconds = watching.seconds
        lines = [
            "",
            say(
                f"用时 {seconds} 秒，每秒 {watching.rate(ran.rows):,} 户",
                f"{seconds} seconds, {watching.rate(ran.rows):,} households a second",
            ),
            *self._files(summary, say),
        ]
        if told := self.homes.told(say):
            lines.append(told)
        write(Lines.of(page.tone("quiet", line) for line in lines))

    def _files(self, summary: Summary, say: Say) -> Sequence[str]:
        told = [say(f"结果：{disk.shown(self.output)}", f"results: {disk.shown(self.output)}")]
        if self.suffix != ".xlsx":
            if summary.refused:
                told.append(say(f"未受理：{self.output}.refused.csv", f"refused: {self.output}.refused.csv"))
            if summary.repeated.places:
                told.append(say(f"编号重复：{self.output}.repeated.csv", f"repeated ids: {self.output}.repeated.csv"))
        if self.chart:
            told.append(say(f"图：{self.chart}", f"picture: {self.chart}"))
        return told


def _kept(store: Store, say: Say) -> str:
    count, folder = store.finished, disk.shown(store.folder)
    return say(
        f"doudi: 做完的 {count} 个部分留在 {folder}；加 --resume 再运行一次就接着做",
        f"doudi: {count} finished parts are kept in {folder}; run again with --resume to go on",
    )
