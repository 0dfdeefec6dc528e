"""`doudi evaluate --record FILE`: each household and its answer, a line of a file.

In: households and their answers.  Out: whole lines at the end of the file; what stands in it stays, other programs may
add to it at the same time, and a line that cannot be written leaves nothing behind and ends the command.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Final

import click

from engine import disk
from engine.cli.command import Misuse
from engine.cli.named import SOURCES, must_name_a_file
from engine.cli.version import installed_version
from engine.errors import HouseholdError
from engine.say import Say

if TYPE_CHECKING:
    from engine.api import Policies
    from engine.evaluation.decision import Decision

_FIRST_LINE: Final = 1 << 24


def record_option(say: Say) -> click.Option:
    return click.Option(
        ["--record", "record"],
        metavar=say("文件", "FILE"),
        help=say(
            "把家庭、结论和所依据的规定逐行添到这个文件（`doudi replay` 用）",
            "add household, decision and the rules it rests on to this file, a line each (for `doudi replay`)",
        ),
    )


class Recorder:
    """Writes records. Private facts that no rule reads are left out of them."""

    def __init__(
        self, file: disk.Appending, policies: Policies, policy: str | None, as_of: date | None, known_on: date | None
    ):
        from engine.testing.replayed import Asked

        self._file = file
        self._policies = policies
        self._asked = Asked(policy, as_of, known_on)
        self._program = f"doudi {installed_version()}"

    def decisions(self, household: bytes, decisions: Sequence[Decision], say: Say) -> None:
        from engine.evaluation.json_text import read_json
        from engine.testing.basis import basis_of
        from engine.testing.record import record_line, unread_private
        from engine.testing.replayed import Asked

        asked, tree = self._asked, read_json(household)
        for decision in decisions:
            # of several answers each is that of one root policy
            named = decision.policy.merged.chain.ids[0] if asked.policy == "all" else asked.policy
            under = Asked(named, asked.as_of, asked.known_on)
            private = unread_private(decision.policy)
            line = record_line(tree, decision, under, basis_of(decision), self._program, say.language, private)
            self._file.lines([line])

    def refusal(self, household: bytes, refusal: HouseholdError, say: Say) -> None:
        """A refused household is recorded too, unless its text is no JSON object."""
        from engine.evaluation.json_text import read_json
        from engine.policy.model import Policy
        from engine.testing.record import private_facts, record_line
        from engine.testing.replayed import Asked

        try:
            tree = read_json(household)
        except HouseholdError:
            return
        if not isinstance(tree, dict):
            return
        private: frozenset[tuple[str, str]] = frozenset()
        for root in self._policies.library.roots():
            if isinstance(root.built, Policy):
                private |= private_facts(root.built.elements)
        asked = self._asked
        under = Asked(None if asked.policy == "all" else asked.policy, asked.as_of, asked.known_on)
        self._file.lines([record_line(tree, refusal, under, {}, self._program, say.language, private)])


def must_hold_records(name: str | None, files: Sequence[str], say: Say, ctx: click.Context) -> None:
    """A file that is there already holds records and nothing else: no household, no policy; nor is it read here."""
    if name is None:
        return
    shown, first = disk.shown(name), b""
    must_name_a_file(name, "--record", "records.ndjson", say, ctx)
    if disk.kind(name) == "file":
        with disk.stream(name) as file:
            first = file.readline(_FIRST_LINE)
    read_here = any(file != "-" and disk.real(file) == disk.real(name) for file in files)
    if read_here or disk.real(name).name.lower().endswith(SOURCES) or (first.strip() and not _is_record(first)):
        told = say(
            f"--record：{shown} 里不是认定记录，没有写；换一个名字，如 records.ndjson",
            f"--record: {shown} holds no records; not written. Choose another name, such as records.ndjson",
        )
        raise Misuse(told, ctx)


def _is_record(line: bytes) -> bool:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(held, dict) and {"household", "decision"} <= held.keys()


@contextmanager
def recorder(
    name: str | None, policies: Policies, asked: tuple[str | None, date | None, date | None]
) -> Iterator[Recorder | None]:
    """The recorder of a file; None without one. A new file is its owner's alone: it holds families' facts."""
    if name is None:
        yield None
        return
    with disk.appending(name, mode=0o600) as file:
        yield Recorder(file, policies, *asked)
