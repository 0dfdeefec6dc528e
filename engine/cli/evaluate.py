"""`doudi evaluate FILE…`: one answer for each household.

In: files of households.  Out: answers in the form of the question: one object for an object, an array for an array,
a line each otherwise. A household that is refused is answered so, and never stops the others.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import date
from typing import TYPE_CHECKING

import click

from engine.cli.command import (
    Command,
    Misuse,
    day_option,
    explain_option,
    flag,
    format_option,
    known_on_option,
    language_option,
    policies_option,
    policy_option,
)
from engine.cli.given import Given
from engine.cli.homes import Homes, homes_of
from engine.cli.households import Form, read
from engine.cli.named import must_be_a_file, opened
from engine.cli.recording import Recorder, must_hold_records, record_option, recorder
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import complain, flush, page_for, write
from engine.diagnostics import Diagnostic, Language, render, shortened
from engine.errors import HouseholdError, UnusablePolicy
from engine.escaping import Lines, as_json
from engine.records import dataclass
from engine.say import Say

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.evaluation.decision import Decision, Explain
    from engine.whatif.results import WhatIf

STANDARD_INPUT = "<stdin>"
_EVERY = "all"


def command(say: Say) -> Command:
    return Command(
        "evaluate",
        say,
        _evaluate,
        [
            click.Argument(["files"], nargs=-1, required=True, metavar=say("文件…", "FILE…")),
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
            explain_option(say),
            flag(say, "--details", "不省略任何条件、缺省值和读法", "leave out no condition, default or reading"),
            flag(
                say,
                "--what-if",
                "再说明哪些事实如果不同，结论就会不同",
                "also tell which facts, if they were otherwise, would change the answer",
            ),
            record_option(say),
            language_option(say),
        ],
        say(
            "认定家庭是否符合条件，逐条说明理由。\n\n"
            "文件（- 为标准输入）可以是一个家庭的 JSON、家庭的数组，或每行一个家庭；不必说明是哪一种。"
            "适用哪个市的规定，由家庭的行政区划代码决定。",
            "Decides households, with every reason.\n\n"
            "A file (- for standard input) holds one household as JSON, an array of households, or one household a "
            "line; which of them is seen from the content. The city's rules are found from the household's county.",
        ),
    )


@dataclass(slots=True)
class Answers:
    """Writes answers as they come, and counts them."""

    form: str
    say: Say
    explain: Explain
    details: bool
    homes: Homes
    many_files: bool
    counts: Counter[str] = field(default_factory=Counter)
    households: int = 0
    _written: int = 0
    _said: set[str] = field(default_factory=set)

    def decision(self, decision: Decision, shape: Form, what_if: WhatIf | None = None) -> None:
        self.counts["figures" if decision.outcome is None else str(decision.outcome)] += 1
        if self.form == "json":
            beside = {} if what_if is None else {"what_if": what_if.to_dict()}
            self._json({**decision.to_dict(self.say.language, self.explain), **beside}, shape)
            return
        from engine.reporting.render_decision import render_decision
        from engine.reporting.words import Words

        words, page = Words(self.say.language), page_for(sys.stdout)
        self._text(render_decision(decision, words, page, explain=self.explain, details=self.details, said=self._said))
        if what_if is not None:
            from engine.reporting.render_whatif import render_what_if

            write(render_what_if(what_if, decision, words, page, details=self.details))

    def refusal(self, refusal: HouseholdError, given: Given, shape: Form) -> None:
        self.counts["refused"] += 1
        if self.form == "json":
            self._json(refusal.to_dict(self.say.language), shape)
            for found in refusal.diagnostics:
                complain(_placed(found, given.place, self.say.language))
            return
        from engine.reporting.render_decision import render_refusal
        from engine.reporting.words import Words

        self._text(render_refusal(refusal, Words(self.say.language), page_for(sys.stdout), place=given.place))

    def _text(self, text: str) -> None:
        if self._written and self.explain != "none":
            write(Lines.of(["", "─" * 40]))
        self._written += 1
        write(text)

    def _json(self, answer: object, shape: Form) -> None:
        if self.many_files or shape in (Form.LINE, Form.LINES):
            write(as_json(answer))
        elif shape is Form.ARRAY:
            write(Lines(("," if self._written else "") + as_json(answer, indent=2)))
        else:
            write(as_json(answer, indent=2))
        self._written += 1
        flush()

    @contextmanager
    def array(self, shape: Form) -> Iterator[None]:
        """The brackets around the answers to an array."""
        brackets = shape is Form.ARRAY and self.form == "json" and not self.many_files
        if brackets:
            write("[")
        yield
        if brackets:
            write("]")

    def close(self) -> int:
        total = sum(self.counts.values())
        if self.form == "text" and (told := self.homes.told(self.say)):
            write("")
            write(page_for(sys.stdout).tone("quiet", told))
        if self.form == "text" and total != 1:
            from engine.reporting.words import Words

            names = ("eligible", "ineligible", "undetermined", "refused")
            counted = {name: self.counts[name] for name in names}
            key = "counted"
            if self.households != total:
                key = "counted_answers_1" if self.households == 1 else "counted_answers"
            words = Words(self.say.language)
            text = words(key, households=self.households, total=total, **counted)
            figures = self.counts["figures"]
            self._text(text + (words("counted_figures", count=figures) if figures else ""))
        return FINDINGS if self.counts["refused"] else ANSWERED


@click.pass_context
def _evaluate(
    ctx: click.Context,
    files: tuple[str, ...],
    folders: tuple[str, ...],
    policy: str | None,
    as_of: date | None,
    known_on: date | None,
    form: str,
    explain: Explain,
    details: bool,
    what_if: bool,
    record: str | None,
    language: Language,
) -> int:
    say = Say(language)
    for name in files:
        must_be_a_file(name, say, ctx)
    must_hold_records(record, files, say, ctx)
    from engine.api import open_policies

    homes = homes_of(folders)
    policies = open_policies(homes.folders)
    _must_be_known(policy, policies, say, ctx)
    answers = Answers(form, say, explain, details, homes, many_files=len(files) > 1)
    with recorder(record, policies, (policy, as_of, known_on)) as records:
        asked = _Asked(policies, policy, as_of, known_on, answers, records, what_if=what_if)
        for name in files:
            with opened(name, say, ctx) as stream:
                given = read(stream, STANDARD_INPUT if name == "-" else name, _marks(policies))
                # an object may have several answers when every policy is asked
                form_of = Form.ARRAY if policy == _EVERY and given.form is Form.OBJECT else given.form
                with answers.array(form_of):
                    for household in given.households:
                        asked.answer(household, form_of)
        asked.warn_of_neighbours()
    return answers.close()


@dataclass(slots=True)
class _Asked:
    policies: Policies
    policy: str | None
    as_of: date | None
    known_on: date | None
    answers: Answers
    records: Recorder | None = None
    what_if: bool = False
    _broken: set[Diagnostic] = field(default_factory=set)

    def answer(self, given: Given, shape: Form) -> None:
        self.answers.households += 1  # each has several answers where every policy is asked
        if given.fault:
            self.answers.refusal(HouseholdError([given.diagnostic]), given, shape)
            return
        try:
            decisions = self._decide(given.text)
        except HouseholdError as refusal:
            if isinstance(refusal, UnusablePolicy):
                # another household may stand under sound files: what is wrong with these is told once
                for found in shortened(refusal.faults):
                    if found not in self._broken:
                        self._broken.add(found)
                        complain(render(found, self.answers.say.language))
            self._refuse(refusal, given, shape)
        else:
            for decision in decisions:
                what_if = self.policies.what_if(given.text, decision) if self.what_if else None
                self.answers.decision(decision, shape, what_if)
            if self.records is not None:
                self.records.decisions(given.text, decisions, self.answers.say)

    def _refuse(self, refusal: HouseholdError, given: Given, shape: Form) -> None:
        self.answers.refusal(given.placed(refusal), given, shape)
        if self.records is not None:
            self.records.refusal(given.text, refusal, self.answers.say)

    def _decide(self, household: bytes) -> list[Decision]:
        if self.policy == _EVERY:
            return self.policies.evaluate_all(household, self.as_of, self.known_on)
        return [self.policies.evaluate(household, self.policy, self.as_of, self.known_on)]

    def warn_of_neighbours(self) -> None:
        """Files that could not be used, of other places than those asked about: they change no answer."""
        told = {found.file for found in self._broken}
        library = self.policies.library
        names = [*(one.file for one in library.errors()), *(one.file for one in library.unusable)]
        broken = [name for name in dict.fromkeys(names) if name not in told]
        if broken:
            say = self.answers.say
            complain(
                say(
                    f"doudi: 另有政策文件有错，不影响以上结论：{'、'.join(broken)}；运行 `doudi check` 看错在哪里",
                    f"doudi: other policy files have errors, which bear on no answer above: {', '.join(broken)}; "
                    "run `doudi check` to see them",
                )
            )


def _marks(policies: Policies) -> frozenset[str]:
    """The fields that every household has, and no item of one: by them a household is found behind a broken one."""
    from engine.policy.model import Policy

    marks: set[str] = set()
    inner: set[str] = set()
    for held in policies.library.roots():
        root = policies.library.build(held.header.id)
        if isinstance(root, Policy):
            marks.update(fact.id for fact in root.elements.facts.values() if fact.role in ("place", "as_of"))
            inner.update(id for collection in root.elements.collections.values() for id in collection.facts)
    return frozenset(marks - inner)


def _must_be_known(policy: str | None, policies: Policies, say: Say, ctx: click.Context) -> None:
    """That there is no such policy, or none at all, is no fault of a household, and is told once."""
    if policy not in (None, _EVERY, *policies.ids, *policies.library.ids_unread):
        raise policies.router.unknown(policy or "")
    if not policies.ids and not policies.library.report.has_errors:
        raise Misuse(say("没有读到任何政策文件", "no policy file was found"), ctx)


def _placed(found: Diagnostic, place: str, language: Language) -> str:
    where = f"{place}: {found.severity} {found.code}: "
    return where + (f"{found.path}: " if found.path else "") + found.message(language)
