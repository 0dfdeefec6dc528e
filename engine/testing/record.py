"""Records of decisions: a household, the answer it got, and what the answer rested on, one JSON object a line.

In: a household's JSON and its `Decision`, or a line written earlier.  Out: a line, or a `Record`.
A record stands by itself: lines can be cut out, joined and kept for years. What a record must hold is the household and
the decision; `asked` and `basis` are what `doudi evaluate --record` adds, so that an auditor sees the rules of then.
Imports evaluation, policy and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, cast

from engine.diagnostics import Diagnostic, Language
from engine.errors import HouseholdError
from engine.escaping import as_json
from engine.evaluation.decision import Decision
from engine.evaluation.json_text import NumberText, read_json
from engine.evaluation.told import day_json
from engine.policy.checked import CheckedPolicy
from engine.policy.model import Elements
from engine.program.link import program_of
from engine.testing.replayed import Asked, Basis, Record, Rule

FORMAT: Final = 1
_WHOLE = re.compile(r"-?\d{1,15}")
_OUTCOMES = ("eligible", "ineligible", "undetermined", "refused", None)


# ---- writing


def record_line(
    household: object,
    answer: Decision | HouseholdError,
    asked: Asked,
    basis: Basis,
    program: str,
    language: Language,
    private: frozenset[tuple[str, str]] = frozenset(),
) -> str:
    """One line, without its end.

    Args:
        household: the tree that `read_json` gave; its numbers are written as they were.
        private: facts that are left out of the household, as (collection, id).
    """
    as_of, known_on = day_json(asked.as_of), day_json(asked.known_on)
    parts = {
        "format": str(FORMAT),
        "household": _written(_without(household, private)),
        "decision": as_json(answer.to_dict(language)),
        "asked": as_json({"policy": asked.policy, "as_of": as_of, "known_on": known_on}),
        "basis": as_json({path: _rule_json(rule) for path, rule in basis.items()}),
        "program": as_json(program),
    }
    return "{" + ",".join(f'"{key}":{text}' for key, text in parts.items()) + "}"


def unread_private(policy: CheckedPolicy) -> frozenset[tuple[str, str]]:
    """The private facts that no rule reads: a record has no need of them."""
    return private_facts(policy.merged.elements) - program_of(policy).used


def private_facts(elements: Elements) -> frozenset[tuple[str, str]]:
    owners = {"": elements.facts, **{id: collection.facts for id, collection in elements.collections.items()}}
    return frozenset((owner, id) for owner, facts in owners.items() for id, fact in facts.items() if fact.private)


def _without(household: object, private: Iterable[tuple[str, str]]) -> object:
    if not isinstance(household, dict):
        return household
    kept = dict(household)
    for owner, id in private:
        items = kept.get(owner)
        if not owner:
            kept.pop(id, None)
        elif isinstance(items, list):
            kept[owner] = [
                {key: value for key, value in item.items() if key != id} if isinstance(item, dict) else item
                for item in items
            ]
    return kept


def _written(tree: object) -> str:
    """A tree of `read_json` as JSON again, each number as it was written."""
    if isinstance(tree, NumberText):
        return tree.text
    if isinstance(tree, dict):
        return "{" + ",".join(f"{as_json(key)}:{_written(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ",".join(_written(item) for item in tree) + "]"
    return as_json(tree)


def _rule_json(rule: Rule) -> dict[str, str]:
    told = {"is": rule.text, "at": rule.at, "document": rule.document, "since": rule.since}
    return {key: value for key, value in told.items() if value}


# ---- reading


def read_record(text: bytes) -> Record:
    """The record of a line.

    Raises: HouseholdError with `not-a-record`, or what makes the line no JSON.
    """
    tree = read_json(text)
    household = tree.get("household") if isinstance(tree, dict) else None
    whole = plain(tree)
    if not isinstance(whole, dict) or not isinstance(household, dict):
        raise _no_record("household")
    decision = whole.get("decision")
    if not isinstance(decision, dict) or decision.get("outcome", "") not in _OUTCOMES:
        raise _no_record("decision")
    if whole.get("format", FORMAT) != FORMAT or decision.get("format", FORMAT) != FORMAT:
        raise _no_record("format")
    return Record(household, decision, _asked(whole, decision), _basis(whole), str(whole.get("program") or ""))


def plain(tree: object) -> object:
    """The tree with whole numbers as such and other numbers as their text."""
    if isinstance(tree, NumberText):
        return int(tree.text) if _WHOLE.fullmatch(tree.text) else tree.text
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [plain(item) for item in tree]
    return tree


def _asked(whole: Mapping[str, object], decision: Mapping[str, object]) -> Asked:
    """What the record says was asked; the days that the decision itself names come first."""
    asked, policy = _part(whole, "asked"), _part(decision, "policy")
    if not policy and decision["outcome"] != "refused":
        raise _no_record("decision.policy")
    named = asked.get("policy")
    if "policy" not in asked:
        # of a record that does not say: the last of the chain, above which official overlays are found again
        chain = policy.get("chain")
        named = chain[-1] if isinstance(chain, list) and chain else None
    return Asked(
        None if named is None else str(named),
        _date(policy.get("as_of", asked.get("as_of")), "as_of"),
        _date(policy.get("known_on", asked.get("known_on")), "known_on"),
    )


def _basis(whole: Mapping[str, object]) -> Basis | None:
    told = whole.get("basis")
    if not isinstance(told, dict) or not told:
        return None
    return {path: _rule(path, cast("Mapping[str, object]", one)) for path, one in told.items() if isinstance(one, dict)}


def _rule(path: str, told: Mapping[str, object]) -> Rule:
    is_, at, document, since = (str(told.get(key) or "") for key in ("is", "at", "document", "since"))
    return Rule(path, is_, at, document, since)


def _part(tree: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = tree.get(key)
    return found if isinstance(found, dict) else {}


def _date(value: object, key: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _no_record(key) from None


def _no_record(key: str) -> HouseholdError:
    return HouseholdError([Diagnostic.of("not-a-record", path="$", key=key)])
