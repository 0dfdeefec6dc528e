"""What is still to be asked about a household: what matters, and first what may settle the answer soonest.

In: a household so far.  Out: `Asking`: the outcome, and questions in order. What no answer can hang on any more is not
asked. Facts that settle the answer by themselves come first, then those that do it together with others, the fewer the
better; what else is missing follows in the order of the document.
Imports api, whatif, evaluation and below; no part of the web.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

from engine.api import Policies
from engine.errors import HouseholdError
from engine.evaluation.decision import Decision
from engine.evaluation.json_text import read_json
from engine.evaluation.told import Missing
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, kind
from engine.policy.model import Collection, Elements, Fact
from engine.records import dataclass
from engine.say import Say
from engine.whatif.questions import soonest_first, together_of

Kind: TypeAlias = Literal["fact", "judgement", "list", "parameter"]
_ITEM: Final = re.compile(r"(\w+)\[\d+\]\.(\w+)")
LACKING: Final = "required-fact"
"""the code of what no household may leave out"""


@dataclass(frozen=True, slots=True)
class Option:
    value: object
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """
    Attributes:
        kind: `list` for items none of which is known; `parameter` for a value that no policy has.
        type: `number`, `truth`, `date`, `choice`, `several`, `text`, `place`, `item`; "" of lists and parameters.
        together: how many facts, this one among them, settle the answer at the least; None for no such set.
    """

    kind: Kind
    path: str
    label: str
    type: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    cites: str = ""
    required: bool = False
    together: int | None = None
    key: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "path": self.path,
            "label": self.label,
            "type": self.type or None,
            "unit": self.unit or None,
            "options": [{"value": one.value, "label": one.label} for one in self.options],
            "cites": self.cites or None,
            "required": self.required,
            "together": self.together,
            **({"key": dict(self.key)} if self.key else {}),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """`decision` is None as long as it is not known which rules apply."""

    decision: Decision | None
    questions: tuple[Question, ...]
    whole: bool = True
    """whether all was looked at by which questions are put in order"""


def next_questions(
    policies: Policies,
    household: str | bytes | Mapping[str, object],
    say: Say,
    policy: str | None = None,
    as_of: date | None = None,
    known_on: date | None = None,
) -> Asking:
    """
    Raises: HouseholdError where something in it is wrong, and not only lacking; PolicyError as `evaluate`.
    """
    tree = read_json(household) if isinstance(household, str | bytes) else household
    try:
        decision = policies.evaluate(tree, policy, as_of, known_on)
    except HouseholdError as refusal:
        lacking = _lacking(policies, refusal, policy, say)
        if lacking is None:
            raise
        return Asking(None, tuple(lacking))
    if not decision.missing:
        return Asking(decision, ())
    found = policies.what_if(tree, decision)
    elements = decision.policy.merged.elements
    together = together_of(found)
    asked = soonest_first(decision.missing, found)
    return Asking(decision, tuple(_question(one, elements, say, together.get(one.path)) for one in asked), found.whole)


def _lacking(policies: Policies, refusal: HouseholdError, policy: str | None, say: Say) -> list[Question] | None:
    """What every household has to say, where that is all that is wrong."""
    if any(one.code != LACKING for one in refusal.diagnostics):
        return None
    checked = policies.router.reads_unplaced(policy)
    if checked is None:
        return None
    elements = checked.merged.elements
    paths = dict.fromkeys(one.path for one in refusal.diagnostics)
    return [_of_path(path, elements, say, None, judged=False) for path in paths]


def _question(missing: Missing, elements: Elements, say: Say, together: int | None) -> Question:
    if missing.kind == "parameter":
        return Question("parameter", missing.parameter, missing.label, key=missing.key)
    return _of_path(missing.path, elements, say, together, judged=missing.kind == "judgement")


def _of_path(path: str, elements: Elements, say: Say, together: int | None, *, judged: bool) -> Question:
    declared = _declared(path, elements)
    if isinstance(declared, Collection):
        return Question(
            "list", path, declared.label, cites=declared.cites, required=declared.required, together=together
        )
    return Question(
        "judgement" if judged else "fact",
        path,
        declared.label,
        kind(declared.type),
        declared.unit_text,
        tuple(_options(declared, say)),
        declared.cites,
        declared.required,
        together,
    )


def _declared(path: str, elements: Elements) -> Fact | Collection:
    item = _ITEM.fullmatch(path)
    if item is not None:
        return elements.fact(item[1], item[2])
    return elements.collections[path] if path in elements.collections else elements.fact("", path)


def _options(fact: Fact, say: Say) -> Iterator[Option]:
    match fact.type:
        case Truth():
            yield from (Option(True, say("是", "yes")), Option(False, say("否", "no")))
        case Choice(options=options) | Several(of=Choice(options=options)):
            yield from (Option(value, label) for value, label in options)
        case Quantity() | DateType() | Text() | Place() | ItemOf() | Several():
            return
