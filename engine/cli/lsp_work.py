"""What the language server has done in processes of its own: cases run, a household decided.

In: a policy folder, and the texts over its files that are not saved yet.  Out:
`Results` of its cases, or a decision as `doudi evaluate` prints it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine import disk
from engine.diagnostics import Language, Reporter, render
from engine.editing.case_results import Results, results_of
from engine.policy.csv_table import MAX_TABLE_BYTES
from engine.policy.loader import read_library

if TYPE_CHECKING:  # what decides is loaded in the process that does
    from engine.api import Policies


def run_cases(
    folder: str, texts: Mapping[Path, str], words: tuple[str, ...], mutants: str, language: Language
) -> Results:
    from engine.testing.coverage import measure
    from engine.testing.plan import Selection
    from engine.testing.propose import proposals
    from engine.testing.read import read_suite
    from engine.testing.run import run

    policies = _policies(folder, texts)
    suite = read_suite([Path(folder)], policies.slices)
    results = list(run(suite, policies, Selection(words), Reporter()))
    seen = measure(results)
    proposed = [] if words else proposals(seen, results)
    return results_of(results, seen, proposed, _survivors(mutants), language)


def _policies(folder: str, texts: Mapping[Path, str]) -> Policies:
    """As they would be if everything were saved now."""
    from engine.api import Policies

    return Policies(
        read_library([Path(folder)], {path: text.encode("utf-8", "replace") for path, text in texts.items()})
    )


def _survivors(file: str) -> dict[tuple[str, str], int]:
    """How many changes of each rule no case noticed, out of what `doudi mutate --format json` wrote; none where it
    cannot be read: it may be half written."""
    if not file:
        return {}
    try:
        told = json.loads(disk.read(file, MAX_TABLE_BYTES))
    except (disk.DiskFault, ValueError):
        return {}
    found: dict[tuple[str, str], int] = {}
    for one in told.get("survivors", []) if isinstance(told, Mapping) else []:
        if isinstance(one, Mapping):
            rule = str(one.get("file", "")), str(one.get("rule", ""))
            found[rule] = found.get(rule, 0) + 1
    return found


def decide(folder: str, texts: Mapping[Path, str], household: str, language: Language) -> str:
    from engine.errors import EngineError
    from engine.reporting.layout import Page
    from engine.reporting.render_decision import render_decision
    from engine.reporting.words import Words

    try:
        decision = _policies(folder, texts).evaluate(household)
    except EngineError as refused:
        return "\n".join(render(one, language) for one in refused.diagnostics)
    return render_decision(decision, Words(language), Page(width=100, colour=False))
