"""The page of limits: every number is that of the code, has a code that says so and a test, and none is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import resources
from engine.messages import CODES
from tests.docs_tables import DOCS
from tests.limits import LIMITS, Limit, number_of
from tests.policy.bad_policies import load_cases
from tests.test_layers import MODULES, _bound

ROOT = DOCS.parent
NOT_OF_INPUT = {
    "engine.editing.symbols:MOST_SYMBOLS": "how many declarations an editor is shown for a few letters",
    "engine.lsp.rest:MOST_CHECKS": "after how many checks garbage is collected though somebody types",
    "engine.testing.propose:MOST_PROPOSALS": "how many proposals are printed, or shown on a page",
    "engine.serving.forms:MOST_ASKED": "how many fields are asked first; what else matters stands with the others",
    "engine.serving.forms:MOST_UNFOLDED": "how many items of a list a page unfolds at a time",
    "engine.serving.trying:MOST_ORDERED": "up to how many items questions are put in the order that settles soonest",
    "engine.testing.propose:MOST_TRIES": "how long a proposal is looked for",
    "engine.diagnostics:MOST_ALIKE": "how many findings of one code are listed for one file; the rest are counted",
    "engine.diagnostics:MOST_HELPED": "for how many of them a name is looked for that may have been meant",
    "engine.evaluation.ways:MOST_WAYS": "how many places and days have a way kept; then they are found anew",
    "engine.generated.compiled:MOST_PAIRS": "from how many pairs of items on the interpreter is faster",
    "engine.generated.source:MOST_DEPTH": "how deep an expression may be that becomes an expression of Python",
    "engine.generated.steps:MOST_BLOCKS": "how deep blocks of Python may stand in blocks before it is interpreted",
    "engine.proof.anysize:MOST_PAIRS": "pairs of aggregates; a proof that needs more is one up to a size",
    "engine.proof.groups:MOST_MEMBERS": "up to how many items of a list that is never empty a proof is about",
    "engine.proof.groups:MOST_OTHERS": "likewise of all other lists",
    "engine.program.clearing:MOST_NODES": "how long an expression may become that is cleared of quotients",
    "engine.program.narrowing:MOST_NODES": "how long what tests say of an expression may become",
    "engine.program.narrowing:MOST_LIMITS": "how much of what tests say is kept in mind",
    "engine.screening.kernel.blocks:MOST_CELLS": "how many values native code looks up; of more, the interpreter",
    "engine.screening.repeats:MOST_NAMED": "how many ids that stand more than once are named",
    "engine.screening.writing.workbook:MOST_ROWS": "rows of a sheet as Excel has it; the next sheet goes on",
    "engine.screening.table:MOST_ROWS": "how many rows of a table are screened together",
    "engine.serving.cases:MOST_SECONDS": "how long changes are tried before the page shows how far it is, and goes on",
    "engine.serving.impact:MOST_LISTED": "how many changed households a page lists; the rest are counted",
    "engine.serving.pages.impact:MOST_DRAWN": "how many households a page draws; the page says so",
    "engine.serving.pages.impact:MOST_HOUSEHOLDS": "how many households are compared for one page; the page says so",
    "engine.serving.pages.impact:MOST_FILES": "how many files a page reads together; the page says so",
    "engine.serving.pages.impact:MOST_SECONDS": "how long they are compared for one page; the page says so",
    "engine.serving.sample:MOST_MEMBERS": "how large families are that are drawn",
    "engine.serving.pages.bench:MOST_KEPT": "how many edited files one process keeps the last check of",
    "engine.testing.untried:MOST_DRAFTED": "how many cases are worked out for changes that have none; the rest follow",
    "engine.serving.offered:MOST_OFFERED_TEXT": "characters that come back with a form that the page itself made",
    "engine.serving.pages.editor_told:MOST_OFFERED": "how many completions an editor is shown",
    "engine.serving.pages.editor_told:MOST_ELSEWHERE": "how many errors of other files an editor is shown",
    "engine.whatif.asked:MOST_PAIRS": "how many pairs of facts are told that would change an answer",
    "engine.whatif.completing:MOST_TRIED": "how many values are tried of what is not known",
    "engine.whatif.ground:MOST_PAIRS_LOOKED_AT": "of how many pairs of items it is told no more what would change it",
    "engine.whatif.ground:MOST_WORK": "how much is worked out to find what would change an answer",
    "engine.whatif.settling:MOST_TOGETHER": "how many facts are looked at together",
    "engine.whatif.settling:MOST_WAYS": "how many sets of facts are told that would settle an answer",
    "engine.whatif.turning:MOST_HALVINGS": "how often stretches are halved to find where an answer turns",
    "engine.serving.difference:MOST_COMPARED": "how many lines are compared one by one",
    "engine.serving.drafts.judge:MOST_FAILED": "how many cases that fail are told of one by one",
    "engine.serving.drafts.store:MOST_DRAFTS": "how many drafts there are at a time, as a page says",
    "engine.serving.drafts.store:MOST_FILES": "how many files of one draft; likewise",
    "engine.serving.conditions.form:MOST_EXPRESSION": "what a field of a page takes; the file takes more",
    "engine.serving.conditions.rows:MOST_DEPTH": "how deep the form goes; an expression may go deeper, written out",
    "engine.serving.conditions.rows:MOST_ROWS": "how many tests of a group the form has room for, likewise",
    "engine.serving.conditions.rows:MOST_TEXT": "what a field of a page takes; the file takes more",
    "engine.serving.pages.standards:MOST_YEARS": "how many years a page shows side by side",
    "engine.serving.posted:MAX_FIELDS": "fields of a form",
    "engine.serving.standards.fields:MAX_FIELD": "what a field of a page takes; the file takes more",
    "engine.serving.live:MOST_WAITING": "how often a folder that keeps changing is waited for before it is read",
    "engine.serving.run:MOST_HEAD": "bytes of the head of a request, which no person writes",
    "engine.serving.run:MOST_CONNECTIONS": "how many connections stay open; those that wait longest make room",
    "engine.suggest:MOST_CANDIDATES": "how many names are looked through for one to offer",
}
"""constants of such a name that bound nothing people give"""


def ids(limit: Limit) -> str:
    return limit.name


@pytest.mark.parametrize("limit", LIMITS, ids=ids)
def test_a_limit_has_a_code_and_a_test(limit: Limit) -> None:
    assert limit.code in CODES
    file, _, function = limit.test.partition("::")
    if function:
        assert re.search(rf"^def {function}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE), limit.test
        return
    (case,) = [case for case in load_cases() if f"{case.topic}: {case.name}" == limit.test]
    assert limit.code in {expected.code for expected in case.expect}


@pytest.mark.parametrize("page", ["limits.md", "zh/limits.md"])
def test_the_numbers_of_the_page_are_those_of_the_code(page: str) -> None:
    """Read back from the page itself, whatever made it."""
    rows = re.findall(r"^\| .*? \| ([\d,]+)( MiB)?.*?<!-- (\S+?)(?: × (\d+))? --> \|", _text(page), re.MULTILINE)
    assert len(rows) == len(LIMITS)
    for shown, mebibytes, name, times in rows:
        value = number_of(name) * int(times or 1)
        assert int(shown.replace(",", "")) * (1 << 20 if mebibytes else 1) == value, name


def _text(page: str) -> str:
    return Path(DOCS / page).read_text(encoding="utf-8")


def test_no_limit_is_left_out() -> None:
    names = {
        f"{module}:{name}" for module, tree in MODULES.items() for name in _bound(tree) if re.match("(MAX|MOST)_", name)
    }
    for kind in ("policy", "overlay", "cases", "hygiene", "mapping"):
        text = resources.grammar_text(f"{kind}.schema.json")
        names |= set(_lengths(json.loads(text), f"{kind}.schema.json#"))
    assert names - {limit.name for limit in LIMITS} == set(NOT_OF_INPUT)


def _lengths(schema: object, place: str) -> Iterator[str]:
    """Where a schema bounds a text."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            here = f"{place}/{key}"
            if key == "maxLength" and isinstance(value, int):
                yield here
            yield from _lengths(value, here)
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from _lengths(value, f"{place}/{number}")
