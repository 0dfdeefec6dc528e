"""`show --format json`: the merged policy for programs.

In: what `render_policy` shows.  Out: a JSON value in the order of the policy; the same inputs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.evaluation.figures import Measures
from engine.evaluation.told import day_json
from engine.language.printer import print_expression
from engine.policy.checked import CheckedPolicy
from engine.policy.model import (
    Change,
    Condition,
    Guard,
    Header,
    Joining,
    Key,
    Origin,
    Parameter,
    Parts,
    Term,
    dated_origin,
    show_part,
)
from engine.policy.proved import mark_of
from engine.policy.tables import ValueInForce
from engine.reporting.changes import told
from engine.reporting.promise_words import claim_json
from engine.reporting.tables import values_by_place


def policy_json(policy: CheckedPolicy, places: Sequence[str], as_of: date, known_on: date | None) -> dict[str, object]:
    merged = policy.merged
    elements = merged.elements
    chain = merged.chain
    values = values_by_place(policy, places, as_of, known_on)
    measures = Measures(policy.rules, elements)
    units = {
        id: measures.measure(term.core, term.declared.unit_text).text for (_, id), term in policy.rules.terms.items()
    }
    return {
        "format": 1,
        "policy": {
            "chain": [header_json(one) for one in chain.headers],
            "as_of": as_of.isoformat(),
            "known_on": day_json(known_on),
            "digest": policy.digest,
        },
        "changes": [
            {
                "operation": one.operation,
                "target": one.target,
                "what": one.what,
                "counties": sorted(change.counties),
                "origin": origin_json(dated_origin(change)),
                **_proved(change, policy),
            }
            for change in policy.changes(str(chain.jurisdiction), as_of, known_on)
            for one in (told(change, merged),)
        ],
        "parameters": {
            id: {
                "label": parameter.label,
                "unit": parameter.unit_text,
                "by": list(parameter.by),
                **({"marginal": True} if parameter.marginal else {}),
                **({"values_from": parameter.values_from.text} if parameter.values_from is not None else {}),
                "values": [_value(parameter, key, found) for key, found in values.get(id, {}).items()],
            }
            for id, parameter in elements.parameters.items()
        },
        "causes": {
            id: {
                "label": cause.label,
                "cites": cause.cites,
                "conditions": {key: _condition(one) for key, one in cause.conditions.items()},
                "origin": origin_json(cause.origin),
            }
            for id, cause in elements.causes.items()
        },
        "requirements": {id: _condition(one) for id, one in elements.requirements.items()},
        "terms": {id: {**_term(term), "unit": units[id]} for id, term in elements.terms.items()},
        "outputs": {
            id: {
                "label": one.label,
                "of": checked.collection or None,
                "cites": one.cites,
                "unit": measures.measure(core, one.unit_text).text,
                "is": print_expression(one.expression, "zh"),
                "origin": origin_json(one.origin),
            }
            for id, (checked, core) in policy.rules.outputs.items()
            for one in (elements.outputs[id],)
        },
        "readings": {
            id: {
                "label": reading.label,
                "question": reading.question,
                "cites": reading.cites,
                "chosen": reading.chosen,
                "options": dict(reading.type.options),
                "origin": origin_json(reading.chosen_origin),
            }
            for id, reading in policy.values(str(chain.jurisdiction), as_of, known_on).readings.items()
        },
        "assumptions": [{"text": one.text, "cites": one.cites} for one in elements.assumptions],
    }


def _proved(change: Change, policy: CheckedPolicy) -> dict[str, object]:
    """What was proved of a change, alone and together with others; nothing where nothing was."""
    if not policy.proofs:
        return {}
    mark = mark_of(change)
    claims = [one for proof in policy.proofs.values() for one in proof.claims if mark in one.changes]
    return {"proved": [{**claim_json(one), "together": len(one.changes)} for one in claims]} if claims else {}


def open_json(policy: CheckedPolicy) -> dict[str, object]:
    """What a level below may change."""
    local, joining = policy.merged.local, policy.merged.chain.root.joining
    return {
        "set": {id: _guard(guard) for id, guard in local.set.items()},
        "add": {id: _guard(guard) for id, guard in local.add.items()},
        "parts": {id: _guard(guard) for id, guard in local.add_parts.items()},
        "replace": {id: _guard(guard) for id, guard in local.replace_terms.items()},
        **({} if joining is None else {"joining": _joining(joining)}),
    }


def _joining(joining: Joining) -> dict[str, object]:
    parts = {id: print_expression(part, "zh") for id, part in joining.parts.items()}
    return {"cause": joining.cause or None, "states": dict(joining.states), "parts": parts}


def header_json(header: Header) -> dict[str, object]:
    return {
        "id": header.id,
        "title": header.title,
        "issuer": header.issuer,
        "jurisdiction": header.jurisdiction[0] if len(header.jurisdiction) == 1 else list(header.jurisdiction),
        **({"units": dict(header.units)} if header.units else {}),
        "role": "root" if not header.amends else header.role,
        "amends": header.amends or None,
        "status": header.origin.status,
        "origin": origin_json(header.origin),
    }


def origin_json(origin: Origin) -> dict[str, object]:
    return {
        "policy": origin.policy,
        "file": origin.span.source.name,
        "line": origin.span.line,
        "document": origin.document or None,
        "from": day_json(origin.start),
        "until": day_json(origin.until),
        "published": day_json(origin.published),
        "source": origin.source or None,
        "grade": origin.grade or None,
    }


def _value(parameter: Parameter, key: Key, found: ValueInForce) -> dict[str, object]:
    parts = [show_part(part) for part in key]
    return {
        "key": dict(zip(parameter.by, parts, strict=False)),
        "text": found.cell.text,
        "line": found.cell.span.line,
        "file": found.cell.span.source.name,
        "stale": found.stale,
        "origin": origin_json(found.origin),
    }


def _condition(condition: Condition) -> dict[str, object]:
    return {
        "label": condition.label,
        "cites": condition.cites,
        "unless" if condition.negated else "when": print_expression(condition.expression, "zh"),
        "exemptions": {
            one.id: {"label": one.label, "cites": one.cites, "when": print_expression(one.when, "zh")}
            for one in condition.exemptions
        },
        "origin": origin_json(condition.origin),
    }


def _term(term: Term) -> dict[str, object]:
    body: object
    if isinstance(term.body, Parts):
        body = {term.body.kind: {id: print_expression(one.expression, "zh") for id, one in term.body.parts.items()}}
    else:
        body = {"is": print_expression(term.body, "zh")}
    return {
        "label": term.label,
        "of": term.collection or None,
        "cites": term.cites,
        "body": body,
        "origin": origin_json(term.origin),
        "replaces": None if term.replaces is None else _term(term.replaces),
    }


def _guard(guard: Guard) -> dict[str, object]:
    told_of: dict[str, object] = {"effect": guard.effect}
    if guard.expected:
        told_of["expected"] = True
    if guard.options:
        told_of["options"] = list(guard.options)
    if guard.to:
        told_of["to"] = list(guard.to)
    if guard.must_use:
        told_of["must_use"] = list(guard.must_use)
    told_of["declared"] = {"policy": guard.policy, "file": guard.span.source.name, "line": guard.span.line}
    return told_of
