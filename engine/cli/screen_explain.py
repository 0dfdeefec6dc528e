"""`doudi screen … --explain ID`: the full decision of one record, as `doudi evaluate` prints it.

In: a source and an id.  Out: every household of that id, decided and explained.
"""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING

import click

from engine import disk
from engine.cli.command import Misuse
from engine.cli.screen_job import Asked
from engine.cli.screen_rules import Rules
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import page_for, write
from engine.errors import HouseholdError
from engine.escaping import Lines, as_json
from engine.records import dataclass

if TYPE_CHECKING:
    from engine.evaluation.decision import Decision
    from engine.screening.writing.found import Found

_LINES = (".ndjson", ".jsonl")


def explained(id: str, rules: Rules, asked: Asked, ctx: click.Context) -> int:
    from engine.screening.writing.found import found

    explaining, status, told = _Explaining(rules, asked), ANSWERED, 0
    for household in found(rules.source, rules.screening.id_column, id):
        if told and asked.form == "text":
            write(Lines.of(["", "─" * 40]))
        told += 1
        if not explaining.show(household):
            status = FINDINGS
    if not told:
        raise Misuse(asked.say(f"没有编号为 {id} 的家庭", f"there is no household {id}"), ctx)
    return status


@dataclass(frozen=True, slots=True)
class _Explaining:
    rules: Rules
    asked: Asked

    def show(self, household: Found) -> bool:
        """Whether it was decided."""
        from engine.reporting.render_decision import render_decision, render_refusal
        from engine.reporting.words import Words

        asked = self.asked
        words, page = Words(asked.language), page_for(sys.stdout)
        try:
            decision = self._decision(household)
        except HouseholdError as refusal:
            if asked.form == "json":
                write(as_json(refusal.to_dict(asked.language), indent=2))
            else:
                write(render_refusal(refusal, words, page, place=f"{household.file}:{household.row}"))
            return False
        if asked.form == "json":
            write(as_json(decision.to_dict(asked.language), indent=2))
        else:
            write(render_decision(decision, words, page, details=asked.details, said=set()))
        return True

    def _decision(self, household: Found) -> Decision:
        asked = self.asked
        if not household.file.lower().endswith(_LINES):
            return self.rules.screening.decision(self.rules.narrow(household.batch))
        # in a table every household has every column; the line says which fields were left out
        with disk.stream(household.file) as lines:
            line = next(islice(lines, household.row - 1, None))
        return self.rules.policies.evaluate(
            line.removeprefix(b"\xef\xbb\xbf"), asked.policy, asked.as_of, asked.known_on
        )
