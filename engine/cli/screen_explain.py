"""`doudi screen … --explain ID`: the full decision of one record, as `doudi evaluate` prints it.

In: a source and an id.  Out: every household of that id, decided and explained.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from engine.cli.command import Misuse
from engine.cli.status import ANSWERED, FINDINGS
from engine.cli.terminal import page_for, write
from engine.errors import HouseholdError
from engine.escaping import Lines, as_json
from engine.say import Say

if TYPE_CHECKING:
    from engine.cli.screen_rules import Rules
    from engine.screening.screen import Screening


def explained(id: str, rules: Rules, form: str, details: bool, say: Say, ctx: click.Context) -> int:
    from engine.screening.writing.found import found

    status, told, screening = ANSWERED, 0, rules.screening
    for household in found(rules.source, screening.id_column, id):
        if told and form == "text":
            write(Lines.of(["", "─" * 40]))
        told += 1
        place = f"{household.file}:{household.row}"
        if not _tell(rules.narrow(household.batch), place, screening, form, details, say):
            status = FINDINGS
    if not told:
        raise Misuse(say(f"没有编号为 {id} 的家庭", f"there is no household {id}"), ctx)
    return status


def _tell(batch: object, place: str, screening: Screening, form: str, details: bool, say: Say) -> bool:
    """Whether it was decided."""
    from engine.reporting.render_decision import render_decision, render_refusal
    from engine.reporting.words import Words

    words, page = Words(say.language), page_for(sys.stdout)
    try:
        decision = screening.decision(batch)
    except HouseholdError as refusal:
        if form == "json":
            write(as_json(refusal.to_dict(say.language), indent=2))
        else:
            write(render_refusal(refusal, words, page, place=place))
        return False
    if form == "json":
        write(as_json(decision.to_dict(say.language), indent=2))
    else:
        write(render_decision(decision, words, page, details=details, said=set()))
    return True
