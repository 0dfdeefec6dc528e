"""A household decided under a checked policy, with every reason.

In: a `CheckedPolicy` and `HouseholdFacts`.  Out: a `Decision`; `HouseholdError` where a data check is false.
Imports policy, language and this floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.diagnostics import Reporter
from engine.errors import HouseholdError
from engine.evaluation.assumptions import assumed_facts
from engine.evaluation.decision import Decision, Missing, OptionFinding, Outcome, ParameterUse, ReadingFinding
from engine.evaluation.facts import HouseholdFacts
from engine.evaluation.findings import FINDINGS, OUTCOMES, Reasons
from engine.evaluation.frame import Frame, Unseen, household_frame
from engine.evaluation.interpreter import evaluate
from engine.evaluation.missing import missing_of
from engine.evaluation.needs import need
from engine.evaluation.prepared import Prepared, prepare, tables_on
from engine.evaluation.trial import trial, work_out
from engine.policy.checked import CheckedPolicy


def decide(
    policy: CheckedPolicy, facts: HouseholdFacts, as_of: date | None = None, known_on: date | None = None
) -> Decision:
    """Decide one household.

    Args:
        as_of: the day whose rules apply; the household's application date where it is not given.
        known_on: leave out values published later.
    Raises: HouseholdError where a data check of severity `error` is false.
    """
    prepared = prepare(policy)
    day = as_of or facts.as_of
    tables = tables_on(prepared, facts.place, day, known_on)
    frame = household_frame(policy.rules, tables, dict(prepared.chosen), facts, prepared.unseen)
    work_out(prepared.steps, frame)
    report = Reporter()
    _check_data(prepared, frame, report)
    if report.has_errors:
        raise HouseholdError(report.diagnostics, facts.id)
    reasons = Reasons(prepared, frame)
    causes, requirements, outputs = reasons.causes(), reasons.requirements(), reasons.outputs()
    outcome = OUTCOMES[frame.findings["", ""]]
    missing = missing_of(prepared, need(prepared.steps.outcome, frame)) if outcome is Outcome.UNDETERMINED else ()
    referrals = tuple([referral for referral, node in policy.rules.referrals.values() if evaluate(node, frame) is True])
    _warn_of_policies(prepared, report)
    _warn_of_values(prepared, reasons.uses(), known_on, report)
    _warn_of_gaps(prepared, missing, report)
    assumed, readings = assumed_facts(prepared, facts, frame), _readings(prepared, frame)
    frame.items.clear()  # items know their household and it knows them; let go of both at once
    return Decision(
        facts.id,
        outcome,
        policy,
        facts.place,
        day,
        known_on,
        causes,
        requirements,
        outputs,
        missing,
        assumed,
        readings,
        referrals,
        (*facts.warnings, *report.diagnostics),
    )


def _check_data(prepared: Prepared, frame: Frame, report: Reporter) -> None:
    """A false check refuses the household or warns; an unknown one does neither."""
    for check, node in prepared.policy.rules.checks.values():
        items = frame.items[check.collection] if check.collection else (frame,)
        for item in () if isinstance(items, Unseen) else items:
            if evaluate(node, item) is not False:
                continue
            path = f"{check.collection}[{item.index}]" if check.collection else "$"
            if check.severity == "error":
                report.error("data-check-failed", None, path=path, check=check.id, message=check.label)
            else:
                report.warning("data-check-warning", None, path=path, where=path, message=check.label)


def _readings(prepared: Prepared, frame: Frame) -> dict[str, ReadingFinding]:
    """What each option of each reading would have given, the other readings as chosen."""
    found = {}
    as_chosen = _option(prepared, frame)
    for id, reading in prepared.policy.merged.elements.readings.items():
        options: dict[str, OptionFinding] = {}
        for option, _ in reading.type.options:
            if option == reading.chosen:
                options[option] = as_chosen
                continue
            with trial(prepared.steps, frame, readings={id: option}) as changed:
                options[option] = _option(prepared, frame) if changed else as_chosen
        differs = len({one.outcome for one in options.values()}) > 1
        found[id] = ReadingFinding(reading, options, differs)
    return found


def _option(prepared: Prepared, frame: Frame) -> OptionFinding:
    findings = frame.findings
    causes = {cause: FINDINGS[findings[cause, ""]] for cause in prepared.policy.rules.causes}
    return OptionFinding(OUTCOMES[findings["", ""]], causes)


# ---- warnings


def _warn_of_policies(prepared: Prepared, report: Reporter) -> None:
    chain = prepared.policy.merged.chain
    for header in (chain.root.header, *(overlay.header for overlay in chain.overlays)):
        if header.origin.status != "official":
            report.warning(f"{header.origin.status}-policy", None, policy=header.id)
    if not prepared.policy.rules.requirements:
        report.warning("no-local-requirements", None)


def _warn_of_values(prepared: Prepared, uses: Sequence[ParameterUse], known_on: date | None, report: Reporter) -> None:
    parameters = prepared.policy.merged.elements.parameters
    for use in uses:
        if use.value is None:
            continue
        parameter = parameters[use.parameter]
        origin = parameter.blocks[use.value.block_index].origin
        key, since = _key_text(use.key), str(origin.start or "—")
        if use.value.stale:
            report.warning("stale-value", None, label=parameter.label, key=key, since=since)
        if known_on is not None and origin.published is None:
            report.warning("publication-unknown", None, label=parameter.label, key=key, since=since)


def _warn_of_gaps(prepared: Prepared, missing: Sequence[Missing], report: Reporter) -> None:
    """Where a level looked for a value and found none, its own words say so."""
    parameters = prepared.policy.merged.elements.parameters
    for one in missing:
        if one.kind == "parameter" and one.parameter in parameters:
            for _, text in parameters[one.parameter].not_found:
                report.warning("value-not-found", None, label=one.label, key=_key_text(one.key), text=text)


def _key_text(key: tuple[tuple[str, str], ...]) -> str:
    return "、".join(part for _, part in key) or "—"
