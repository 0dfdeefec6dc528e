"""Formatting, code actions and code lenses as texts, for their golden files."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.editing.actions import Action, actions, all_fixes
from engine.editing.case_results import Lack, Ran, Results, Seeing
from engine.editing.formatting import format_file, format_range
from engine.editing.lenses import lenses
from engine.fixes import TextEdit, apply_edits
from engine.say import Say
from tests.editing.golden_texts import Asked, Feature
from tests.editing.shipped import ROOT

_PROVINCE = "shanxi_2022_60.yaml"
_ROOT = "shanxi_2022_60"
_INCOME = "causes.illness.conditions.income"
_PROPOSED = '  proposed_1:\n    why: …\n    household: {"id": "一"}\n    expect: {}'
_AT_INCOME = "(核算收入 - 医疗费用刚性支出) / 家庭人口 < 收入标准"
_OTHERWISE = "outcome: eligible ≠ ineligible"
RESULTS = Results(
    (
        Ran("a", "a", _ROOT, _ROOT, "cases/a.yaml", 3, True, ()),
        Ran("b", "b", _ROOT, _ROOT, "cases/a.yaml", 9, False, (_OTHERWISE,)),
    ),
    (
        Seeing(
            _PROVINCE,
            _INCOME,
            "illness.income",
            _ROOT,
            2,
            1,
            {"met": 1, "unmet": 1},
            (
                Lack(
                    _AT_INCOME,
                    "at",
                    '  proposed_1:\n    why: …\n    household: {"id": "一"}\n    expect: {}',
                ),
                Lack(_AT_INCOME, "unknown"),
            ),
        ),
        Seeing(_PROVINCE, "causes.illness.conditions.assets", "illness.assets", _ROOT, 2, 0, {"met": 2}),
    ),
    survivors={(_PROVINCE, "illness.assets"): 2, ("other.yaml", "illness.income"): 3},
)
"""of two cases, one of which fails; another policy has a rule of the same name"""


def _formatting(asked: Asked) -> str:
    """Of the whole file; with `lines=N`, of so many lines from the cursor on."""
    text = asked.file.source.text
    if "lines" not in asked.given:
        return _edited(asked.file.name, text, format_file(asked.snapshot, asked.file))
    end = asked.offset
    for _ in range(int(asked.given["lines"])):
        end = text.index("\n", end) + 1
    return _edited(asked.file.name, text, format_range(asked.snapshot, asked.file, asked.offset, end))


def _actions(asked: Asked) -> str:
    found = asked.snapshot.diagnostics().get(asked.file.path, ())
    say = Say(asked.language)
    offered = actions(asked.snapshot, asked.file, asked.offset, asked.offset, found, RESULTS, say)
    return "\n".join(_action(one, asked) for one in offered) or "nothing"


def _action(one: Action, asked: Asked) -> str:
    edits: Mapping[Path, Iterable[TextEdit]] = one.edits
    if one.kind == "fix-all":
        edits = {asked.file.path: all_fixes(asked.snapshot, asked.file)}
    texts = {path: file.source.text for path, file in asked.snapshot.files.items()}
    told = [_edited(path.relative_to(ROOT).as_posix(), texts[path], own) for path, own in edits.items()]
    told += [f"new {path.relative_to(ROOT).as_posix()}:\n{text}" for path, text in one.created.items()]
    return f"{one.kind}: {one.title}\n" + "".join(told)


def _lenses(asked: Asked) -> str:
    """Before the cases ran, after, and after something has changed since."""
    told = []
    for results, outdated in ((None, False), (RESULTS, False), (RESULTS, True)):
        for one in lenses(asked.file, results, Say(asked.language), outdated=outdated):
            told.append(f"{one.span.text}: {one.title}{' (runs)' if one.runs else ''}")
        told.append("")
    return "\n".join(told)


def _edited(name: str, text: str, edits: Iterable[TextEdit]) -> str:
    after = apply_edits(text, edits)
    lines = difflib.unified_diff(text.splitlines(), after.splitlines(), name, name, n=0, lineterm="")
    return "".join(f"{line}\n" for line in lines if not line.startswith(("---", "@@"))) or "nothing\n"


TIDYING: Mapping[str, Feature] = {"formatting": _formatting, "actions": _actions, "lenses": _lenses}
