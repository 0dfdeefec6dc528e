"""What the language server has done in processes of its own: cases run, a household decided.

In: a policy folder.  Out: `Results` of its cases, or a decision as `doudi evaluate` prints it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from engine import disk
from engine.diagnostics import Language, Reporter, render
from engine.editing.case_results import Results, results_of
from engine.policy.csv_table import MAX_TABLE_BYTES


def run_cases(folder: str, words: tuple[str, ...], mutants: str, language: Language) -> Results:
    from engine.cli.test import open_suite
    from engine.testing.coverage import measure
    from engine.testing.plan import Selection
    from engine.testing.propose import proposals
    from engine.testing.run import run

    policies, suite = open_suite((folder,), (folder,))
    results = list(run(suite, policies, Selection(words), Reporter()))
    seen = measure(results)
    proposed = [] if words else proposals(seen, results)
    return results_of(results, seen, proposed, _survivors(mutants), language)


def _survivors(file: str) -> dict[str, int]:
    """How many changes of each rule no case noticed, out of what `doudi mutate --format json` wrote; none where it
    cannot be read: it may be from another day, or half written."""
    if not file:
        return {}
    try:
        told = json.loads(disk.read(file, MAX_TABLE_BYTES))
    except (disk.DiskFault, ValueError):
        return {}
    found: dict[str, int] = {}
    for one in told.get("survivors", []) if isinstance(told, Mapping) else []:
        rule = str(one.get("rule", "")) if isinstance(one, Mapping) else ""
        found[rule] = found.get(rule, 0) + 1
    return found


def decide(folder: str, household: str, language: Language) -> str:
    from engine.api import open_policies
    from engine.errors import EngineError
    from engine.reporting.layout import Page
    from engine.reporting.render_decision import render_decision
    from engine.reporting.words import Words

    try:
        decision = open_policies([folder]).evaluate(household)
    except EngineError as refused:
        return "\n".join(render(one, language) for one in refused.diagnostics)
    return render_decision(decision, Words(language), Page(width=100, colour=False))
