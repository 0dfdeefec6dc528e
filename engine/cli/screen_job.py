"""One run of `doudi screen`: the files it writes, what it keeps to go on from, and what it tells at the end.

In: what was asked for, and the rules.  Out: files, a summary, an exit status.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from engine import disk
from engine.cli.homes import Homes
from engine.cli.screen_files import kept_folder, kept_parts, run_folder
from engine.cli.screen_rules import Rules
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import complain, page_for, write
from engine.cli.version import installed_version
from engine.cli.watching import Watching
from engine.diagnostics import Language
from engine.escaping import Lines, as_json
from engine.records import dataclass
from engine.say import Say

if TYPE_CHECKING:
    from engine.reporting.screened import Told
    from engine.screening.writing.run import Ran
    from engine.screening.writing.store import Store
    from engine.screening.writing.summary import Summary
    from engine.screening.writing.wording import Wording

_MANY: Final = 10_000
"""rows from which on a rate says something"""


@dataclass(frozen=True, slots=True)
class Asked:
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


@dataclass(frozen=True, slots=True)
class Job:
    asked: Asked
    homes: Homes
    rules: Rules
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
            watching = open_things.enter_context(Watching(say, self.rules.source.rows))
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

                suffix, language = Path(self.chart).suffix.lower(), self.asked.language
                disk.write_whole(self.chart, chart_bytes(summary, suffix, language, self._told(summary).shift))
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
            self.rules.source,
            self.rules.decider(self.asked.language),
            target,
            self.rules.screening.totals(),
            self.asked.jobs,
            store,
            watch,
            lambda ran: list(self._told(self._summary(ran)).rows()),
        )

    def _wording(self) -> Wording:
        from engine.screening.writing.wording import plain

        labels = self.asked.headers == "label" if self.asked.headers else self.suffix in (".csv", ".xlsx")
        return self._labels if labels else plain(self.asked.say)

    @property
    def _labels(self) -> Wording:
        """Of both rule sets: what only one of them declares has a label too."""
        from engine.screening.writing.wording import wording_of

        return wording_of(self.rules.libraries, self.asked.say)

    def _stands_on(self) -> dict[str, str]:
        from engine.policy.digest import library_digest

        asked = self.asked
        return {
            "engine": installed_version(),
            "input": self.rules.source.fingerprint,
            "policies": library_digest(self.rules.policies.library),
            "against": "" if self.rules.other is None else library_digest(self.rules.other.policies.library),
            "policy": asked.policy or "",
            "as_of": str(asked.as_of or ""),
            "known_on": str(asked.known_on or ""),
            "columns": " ".join(self.rules.screening.answers.names),
            "language": asked.language,
        }

    def _summary(self, ran: Ran) -> Summary:
        from engine.screening.writing.summary import summary_of

        return summary_of(
            ran.totals,
            self.rules.screening.places,
            self._labels.titles,
            ran.unread,
            ran.refusals,
            ran.blanks,
            ran.repeated,
            ran.shift,
        )

    def _told(self, summary: Summary) -> Told:
        from engine.reporting.screened import Told
        from engine.reporting.screened_shift import ToldShift

        shift = None
        if summary.shift is not None:
            names = {code: place.name for code, place in self.rules.screening.places.items()}
            shift = ToldShift(summary.shift, self._labels.titles, names, self.asked.say)
        return Told(summary, self.asked.language, self._labels.titles, shift)

    def _tell(self, ran: Ran, summary: Summary, watching: Watching) -> None:
        say = self.asked.say
        if self.asked.form == "json":
            from engine.reporting.screened import screened_json

            write(as_json(screened_json(self._told(summary)), indent=2))
            return
        page = page_for(sys.stdout)
        write(self._told(summary).lines(page, details=self.asked.details))
        seconds = watching.seconds
        took = say(f"用时 {seconds} 秒", f"{seconds} seconds" if seconds > 1 else "1 second")
        if ran.rows >= _MANY:
            rate = watching.rate(ran.rows)
            took += say(f"，每秒 {rate:,} 户", f", {rate:,} households a second")
        lines = [
            "",
            took,
            *self._files(summary, say),
        ]
        if told := self.homes.told(say):
            lines.append(told)
        write(Lines.of(page.tone("quiet", line) for line in lines))

    def _files(self, summary: Summary, say: Say) -> Sequence[str]:
        told = [say(f"结果：{disk.shown(self.output)}", f"results: {disk.shown(self.output)}")]
        if self.suffix != ".xlsx":
            if self.rules.other is not None:
                changed = disk.shown(self.output.with_name(f"{self.output.stem}.changed{self.output.suffix}"))
                told.append(say(f"结论有变的家庭：{changed}", f"households that change: {changed}"))
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
