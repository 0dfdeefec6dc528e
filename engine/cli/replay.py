"""`doudi replay DECISIONS.ndjson`: stored records decided again, and what changed since.

In: records that `doudi evaluate --record` wrote.  Out: each answer that changed, with the change of rule that did it; 1
where there is one, where a record cannot be read, or where there was none to read.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from engine.cli.command import Command, flag, format_option, language_option, policies_option
from engine.cli.evaluate import STANDARD_INPUT
from engine.cli.given import Given
from engine.cli.homes import homes_of
from engine.cli.households import read
from engine.cli.named import must_be_a_file, must_exist, opened
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import page_for, write
from engine.diagnostics import Language
from engine.escaping import as_json
from engine.say import Say

if TYPE_CHECKING:
    from engine.testing.replay import Replay
    from engine.testing.replayed import Replayed, Tally

_MARKS = frozenset({"decision"})
"""by which a record is told from what stands in it"""


def command(say: Say) -> Command:
    return Command(
        "replay",
        say,
        _replay,
        [
            click.Argument(["files"], nargs=-1, required=True, metavar=say("记录…", "DECISIONS…")),
            policies_option(say),
            click.Option(
                ["--before", "before"],
                multiple=True,
                metavar=say("目录", "DIR"),
                help=say(
                    "当时的政策目录（如 git worktree 取出的旧版），逐处撤回改动，查明是哪一处造成的",
                    "the policies as they were (a git worktree, say): each change is undone, to find which did it",
                ),
            ),
            format_option(say),
            flag(
                say,
                "--details",
                "也列出只是数字不同的部分和无关的改动",
                "list differing figures and changes of no bearing too",
            ),
            language_option(say),
        ],
        say(
            "把存下来的认定按其当时的日期重新认定一遍，报告答复有变的每一条：当时和现在的规定的指纹，"
            "答复哪里变了，是哪条规定改了。\n\n"
            "记录（- 为标准输入）每行一条，由 `doudi evaluate --record` 写成。全部相同时退出状态为 0，否则为 1。",
            "Decides stored records again under their own days and reports every answer that changed: the digest of "
            "the rules then and now, what differs, and which change of rule did it.\n\n"
            "Records (- for standard input), one a line, are written by `doudi evaluate --record`. Exit status 0 where "
            "all answers are what they were, else 1.",
        ),
    )


@click.pass_context
def _replay(
    ctx: click.Context,
    files: tuple[str, ...],
    folders: tuple[str, ...],
    before: tuple[str, ...],
    form: str,
    details: bool,
    language: Language,
) -> int:
    say = Say(language)
    for name in files:
        must_be_a_file(name, say, ctx)
    must_exist((*folders, *before), say, ctx)
    from engine.testing.replayed import Tally, Verdict

    replay, tally = _replay_of(folders, before), Tally()
    told = _Told(form, details, language)
    for name in files:
        with opened(name, say, ctx) as stream:
            for given in read(stream, STANDARD_INPUT if name == "-" else name, _MARKS).households:
                replayed = _again(replay, given)
                tally.add(replayed)
                if replayed.verdict is not Verdict.SAME:
                    told.record(replayed)
    told.tally(tally)
    return ANSWERED if tally.all_same else FINDINGS


def _replay_of(folders: tuple[str, ...], before: tuple[str, ...]) -> Replay:
    from engine.api import open_policies
    from engine.testing.replay import Replay

    now = open_policies(homes_of(folders).folders).evaluate
    return Replay(now, open_policies(list(before)).evaluate if before else None)


def _again(replay: Replay, given: Given) -> Replayed:
    from engine.testing.replayed import Replayed, Verdict

    if given.fault:
        return Replayed(given.place, Verdict.UNREADABLE, faults=(given.diagnostic,))
    return replay.again(given.text, given.place)


class _Told:
    """Writes what changed as it is found."""

    def __init__(self, form: str, details: bool, language: Language) -> None:
        from engine.reporting.words import Words

        self._json = form == "json"
        self._details = details
        self._words = Words(language)
        self._page = page_for(sys.stdout)

    def record(self, replayed: Replayed) -> None:
        if self._json:
            from engine.reporting.replay_json import replayed_json

            self._line(replayed_json(replayed, self._words.language))
            return
        from engine.reporting.render_replay import render_replayed

        write(render_replayed(replayed, self._words, self._page, details=self._details))
        write("")

    def tally(self, tally: Tally) -> None:
        if self._json:
            from engine.reporting.replay_json import tally_json

            self._line(tally_json(tally))
            return
        from engine.reporting.render_replay import render_tally

        write(render_tally(tally, self._words, self._page))

    def _line(self, told: object) -> None:
        write(as_json(told))
