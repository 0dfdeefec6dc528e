"""`replay --format json`: a line for each record that changed, and one for the whole.

In: `Replayed` records and their `Tally`.  Out: JSON values; the same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.diagnostics import Diagnostic, Language
from engine.evaluation.told import day_json
from engine.testing.replayed import Replayed, Rule, Side, Tally, Verdict


def replayed_json(replayed: Replayed, language: Language) -> dict[str, object]:
    asked = None if replayed.record is None else replayed.record.asked
    return {
        "format": 1,
        "place": replayed.place,
        "household": replayed.household,
        "verdict": str(replayed.verdict),
        "as_of": None if asked is None else day_json(asked.as_of),
        "known_on": None if asked is None else day_json(asked.known_on),
        "then": _side(replayed.then),
        "now": _side(replayed.now),
        "differences": [{"path": list(one.path), "then": one.then, "now": one.now} for one in replayed.differences],
        "changes": [
            {
                "path": cause.change.path,
                "then": _rule(cause.change.then),
                "now": _rule(cause.change.now),
                "bears": cause.bears,
                "undone": cause.undone,
            }
            for cause in replayed.causes
        ],
        "notes": list(replayed.notes),
        "faults": _faults(replayed.faults, language),
        "faults_before": _faults(replayed.faults_before, language),
    }


def _faults(faults: Iterable[Diagnostic], language: Language) -> list[dict[str, str]]:
    return [{"code": one.code, "place": one.place(), "message": one.message(language)} for one in faults]


def tally_json(tally: Tally) -> dict[str, object]:
    counted = sorted(tally.answers.items(), key=lambda item: (-item[1], item[0][0]))
    return {
        "format": 1,
        "summary": {
            "records": tally.records,
            **{str(verdict): tally.verdicts[verdict] for verdict in Verdict},
            "same_under_other_rules": tally.same_under_other_rules,
            "changes": [
                {"path": path, "then": then, "now": now, "answers": count} for (path, then, now), count in counted
            ],
        },
    }


def _side(side: Side | None) -> dict[str, object] | None:
    if side is None:
        return None
    return {"outcome": side.outcome, "chain": list(side.chain), "digest": side.digest or None}


def _rule(rule: Rule | None) -> dict[str, object] | None:
    if rule is None:
        return None
    return {
        "is": rule.text or None,
        "at": rule.at or None,
        "document": rule.document or None,
        "since": rule.since or None,
    }
