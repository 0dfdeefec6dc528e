"""What is told of a decision or a refusal, in the order in which a clerk reads it aloud to a family.

In: a `Decision`, or a refused household.  Out: a `Report`.
The verdict stands first; then what it rests on, in the order of the policy; then what is still open. Facts of the
household that are private are never among what a decision carries, so nothing here can tell them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.evaluation.decision import (
    Assumed,
    Decision,
    Explain,
    Finding,
    Outcome,
    ReadingFinding,
)
from engine.evaluation.told import Missing, ParameterUse, Share
from engine.language.core import Compare
from engine.language.types import Choice
from engine.policy.model import Origin
from engine.reporting.conditions import Conditions, Place
from engine.reporting.decision_figures import derivations, figures, missing_label, option_figures
from engine.reporting.figures import quantity
from engine.reporting.paths import declared, grouped, json_value, key_text, owner
from engine.reporting.report import Report, Row, Said, Section, Sign, Table, section
from engine.reporting.words import Words

_OUTCOME_SIGNS: dict[Outcome, Sign] = {
    Outcome.ELIGIBLE: Sign("✓", "good"),
    Outcome.INELIGIBLE: Sign("✗", "bad"),
    Outcome.UNDETERMINED: Sign("？", "open"),
}
_FIGURES_SIGNS: dict[bool, Sign] = {True: Sign("＝", "good"), False: Sign("？", "open")}
"""of a policy that has figures only, by whether all of them are known"""


def decision_report(
    decision: Decision,
    words: Words,
    *,
    explain: Explain = "full",
    details: bool = False,
    said: set[str] | None = None,
) -> Report:
    """The answer.

    Args:
        explain: how much of it. `none` is the verdict, and the figures of a policy that has nothing else; `reasons`
            leaves out figures, assumptions and readings.
        details: leave nothing out that is the same as above or does not bear on the answer.
        said: warnings about the policy that were told with other households, which are not told again.
    """
    alone = decision.outcome is None
    return Report(
        verdict_of(decision, words),
        tuple(Said(sentence) for sentence in _because(decision, words)),
        tuple(Said(text, tone="quiet") for text in _under(decision, words)),
        tuple(
            _figures_alone(decision, words)
            if explain == "none" and alone
            else _sections(decision, words, explain, set() if said is None else said, details=details)
        ),
    )


def _figures_alone(decision: Decision, words: Words) -> Iterator[Section]:
    yield from section("missing", words("missing_figures"), _missing(decision, words))
    yield from section("outputs", words("outputs"), figures(decision, words))


def _sections(
    decision: Decision, words: Words, explain: Explain, said: set[str], *, details: bool
) -> Iterator[Section]:
    alone, full = decision.outcome is None, explain == "full"
    if explain == "none":
        return
    told = section("outputs", words("outputs"), figures(decision, words)) if full or alone else []
    # an open case is first of all a list of what to ask
    if decision.outcome in (Outcome.UNDETERMINED, None):
        yield from section("missing", words("missing_figures" if alone else "missing"), _missing(decision, words))
    if alone:
        yield from told
    conditions = Conditions(words, decision.waived, _options(decision), details)
    yield from section("causes", words.counted("causes", len(decision.causes)), conditions.causes(decision.causes))
    yield from section("requirements", words("requirements"), conditions.requirements(decision.requirements))
    yield from section("values", words("values"), _values(decision, words))
    if not alone:
        yield from told
    if full and (details or alone):
        yield from section("derived", words("derived"), derivations(decision, words))
    if full:
        title = words("assumed_all" if details else "assumed")
        yield from section("assumed", title, _assumed(decision, words, details=details))
        title = words("all_readings" if details else "readings")
        yield from section("readings", title, _readings(decision, words, details=details))
    if decision.referrals:
        labels = tuple(Said(one.label, at=one.origin.span) for one in decision.referrals)
        yield Section("referrals", words("referrals"), labels, in_a_row=True)
    yield from section("warnings", words("warnings"), _warnings(decision, words, said))
    if full and not details:
        yield from section("remarks", "", _remarks(decision, words))


def refusal_report(refusal: HouseholdError, words: Words, place: str = "") -> Report:
    """Why a household was not accepted, each reason with where in the household's data it lies."""
    name = words("household_unknown") if refusal.household is None else words("household", id=refusal.household)
    return Report(
        Said(words("refused"), Sign("✗", "bad")),
        (Said(" · ".join([name, place] if place else [name])),),
        (),
        tuple(section("reasons", words("reasons"), _reasons(refusal.diagnostics, words))),
    )


def _reasons(diagnostics: Sequence[Diagnostic], words: Words) -> Iterator[Said]:
    for found in diagnostics:
        where = f"{found.path}: " if found.path not in ("", "$") else ""
        yield Said(f"{where}{found.message(words.language)}", hangs=True, below=_help(found, words))


def _help(found: Diagnostic, words: Words) -> tuple[Said, ...]:
    return tuple(Said(line, tone="quiet") for line in found.help_lines(words.language))


def verdict_of(decision: Decision, words: Words) -> Said:
    if decision.outcome is None:
        sign = _FIGURES_SIGNS[not decision.missing]
        verdict = words("figures" if not decision.missing else "figures_open")
    else:
        sign, verdict = _OUTCOME_SIGNS[decision.outcome], words(decision.outcome)
    verdict = verdict[0].upper() + verdict[1:]
    label = decision.policy.merged.chain.root.header.confers[1]
    if label and decision.outcome is not None:
        key = "grants" if decision.outcome is Outcome.ELIGIBLE else "applied_for"
        verdict += words(key, label=label)
    return Said(verdict, sign)


def _under(decision: Decision, words: Words) -> Iterator[str]:
    """Who and where, by which rules, and what of these was proved."""
    yield where(decision, words)
    yield words.clause(_rules(decision, words))
    for id, proof in decision.policy.proofs.items():
        if proof.claims:
            whom = words("proved_any") if all(one.any_size for one in proof.claims) else words("proved_most")
            yield words("proved", id=id, promises=proof.promises, count=len(proof.claims), whom=whom)


def where(decision: Decision, words: Words) -> str:
    """The household and its place."""
    division = decision.policy.merged.divisions.get(decision.place)
    place = decision.place
    if division is not None:
        city = division.city_name if division.city_name != division.name else ""
        place = f"{city}{division.name} {place}"
    return " · ".join([words("household", id=decision.household), place])


def _rules(decision: Decision, words: Words) -> Iterator[str]:
    chain = decision.policy.merged.chain
    documents = dict.fromkeys(
        [chain.root.header.origin.document, *(one.header.origin.document for one in chain.overlays)]
    )
    named = words.enumerated([document for document in documents if document])
    ids = " → ".join(chain.own_ids)
    for source in chain.sources:
        ids += words("values_of", ids=" → ".join(source.chain.ids))
    yield words("policy", document=named, chain=words.bracketed(ids) if named else ids)
    yield words("as_of", day=decision.as_of.isoformat())
    if decision.known_on is not None:
        yield words("known_on", day=decision.known_on.isoformat())


def _because(decision: Decision, words: Words) -> Iterator[str]:
    """The answer in a sentence."""
    met = [cause.declared.label for cause in decision.causes.values() if cause.finding is Finding.MET]
    failed = [found.declared.label for found in decision.requirements.values() if found.finding is Finding.UNMET]
    match decision.outcome:
        case Outcome.ELIGIBLE:
            yield words("because_met", causes=words.series(met))
        case Outcome.INELIGIBLE:
            none = all(cause.finding is Finding.UNMET for cause in decision.causes.values())
            if none:
                yield words.counted("because_none", len(decision.causes))
            if failed:
                yield words("because_requirement", labels=words.series(failed))
            elif not none:
                yield words("because_together")
        case Outcome.UNDETERMINED | None:
            if decision.missing or decision.outcome is not None:
                yield words.counted("because_open", len(decision.missing))
    if any(found.differs for found in decision.readings.values()):
        yield words("because_readings")


def _options(decision: Decision) -> dict[Place, dict[str, str]]:
    return {
        (cause, id): dict(held.core.left.type.options)
        for cause, id, held in decision.policy.rules.conditions()
        if isinstance(held.core, Compare) and isinstance(held.core.left.type, Choice)
    }


# ---- the values in force


def _values(decision: Decision, words: Words) -> Iterator[Said]:
    for use in decision.uses:
        # what has no value is told where it is asked for
        if use.parameter in decision.policy.merged.elements.parameters and (use.value or not decision.missing):
            yield _value(use, decision, words)


def _value(use: ParameterUse, decision: Decision, words: Words) -> Said:
    merged = decision.policy.merged
    parameter = merged.elements.parameters[use.parameter]
    name = f"{parameter.name or parameter.label}{words.bracketed(key_text(use, merged, words))}"
    if use.value is None:
        looked_for = tuple(Said(said, tone="quiet", source=origin.source) for origin, said in parameter.not_found)
        return Said(f"{name}  {words('no_value')}", hangs=True, below=looked_for, at=parameter.origin.span)
    cell, origin = use.value.cell, use.value.origin
    below = [Said(words.series([_share(one, words) for one in use.shares]))] if use.shares else []
    below.append(Said(provenance(origin, words), tone="quiet", at=cell.span, tells_at=True, source=origin.source))
    if use.value.stale:
        below.append(Said(words("stale"), tone="open"))
    return Said(f"{name}  {cell.text}", hangs=True, below=tuple(below))


def _share(share: Share, words: Words) -> str:
    part, comes_to = (
        quantity(value, measure, words.language)
        for value, measure in zip((share.part, share.comes_to), share.shown, strict=True)
    )
    return words("share", part=part, comes_to=comes_to)


def provenance(origin: Origin, words: Words) -> str:
    """Document, days and source of a value or change, in one line."""
    parts = [origin.document]
    if origin.start is not None:
        parts.append(words("from_day", day=origin.start.isoformat()))
    if origin.until is not None:
        parts.append(words("until_day", day=origin.until.isoformat()))
    if origin.published is not None and origin.published != origin.start:
        parts.append(words("published", day=origin.published.isoformat()))
    return words.clause([*parts, " ".join([*_grade(origin, words), origin.source]).strip()])


def _grade(origin: Origin, words: Words) -> list[str]:
    """How far the source is to be trusted, where that is stated."""
    if not origin.grade:
        return []
    return [words(f"grade_{origin.grade}") if words.knows(f"grade_{origin.grade}") else origin.grade]


# ---- what the decision says beside its conditions


def _missing(decision: Decision, words: Words) -> Iterator[Said]:
    merged = decision.policy.merged
    facts = [(one.path, missing_label(one, words)) for one in decision.missing if one.kind != "parameter"]
    for whose, labels in grouped(facts, merged.elements, words):
        yield Said(words.said_of(whose or words("whole_family"), words.series(labels)), hangs=True)
    for one in decision.missing:
        if one.kind == "parameter":
            name = f"{one.label}{words.bracketed(key_text(one, merged, words))}"
            said = [text for _, text in _not_found(one, decision)]
            yield Said(words.said_of(name, words.series([_no_value(one, words), *said])), hangs=True)


def _no_value(one: Missing, words: Words) -> str:
    """That there is none, and what there was before."""
    if one.ended is None:
        return words("no_value")
    origin, value = one.ended.origin, one.ended.text
    whence = words.clause([one.ended.document, *_grade(origin, words)])
    return words("value_ended", value=f"{value} " if value else "", until=one.ended.last.isoformat(), whence=whence)


def _not_found(one: Missing, decision: Decision) -> tuple[tuple[Origin, str], ...]:
    parameter = decision.policy.merged.elements.parameters.get(one.parameter)
    return () if parameter is None else parameter.not_found


def _assumed(decision: Decision, words: Words, *, details: bool) -> Iterator[Said]:
    told = [one for one in decision.assumed if one.matters or details]
    pairs = [(one.path, _assumed_text(one, decision, words)) for one in told]
    for whose, texts in grouped(pairs, decision.policy.merged.elements, words):
        yield Said(words.said_of(whose or words("whole_family"), words.series(texts)), hangs=True)
    rest = len(decision.assumed) - len(told)
    if told and rest:
        yield Said(words.counted("assumed_rest", rest), tone="quiet")


def _assumed_text(one: Assumed, decision: Decision, words: Words) -> str:
    value = json_value(one.value, declared(one.path, decision.policy.merged.elements), words)
    return words("assumed_as", label=one.label, value=value)


def _readings(decision: Decision, words: Words, *, details: bool) -> Iterator[Said]:
    told = [found for found in decision.readings.values() if found.differs or details]
    yield from (_reading(found, words) for found in told)
    same = len(decision.readings) - len(told)
    if told and same:
        yield Said(words.counted("readings_rest", same), tone="quiet")


def _reading(found: ReadingFinding, words: Words) -> Said:
    reading = found.declared
    rows: list[Row] = []
    for option, label in reading.type.options:
        if option not in found.options:
            continue
        outcome = found.options[option].outcome
        key = "reading_now" if option == reading.chosen else "reading_else"
        if outcome is None:
            sign = _FIGURES_SIGNS[True]
            verdict = words.series(option_figures(found.options[option], found.options[reading.chosen], words))
        else:
            sign, verdict = _OUTCOME_SIGNS[outcome], words(outcome)
        rows.append(Row((words(key, option=label), verdict), sign))
    head, options = f"{reading.question}{words.cites(reading.cites)}", Table(tuple(rows))
    return Said(head, hangs=True, below=(options,), at=reading.origin.span)


def _warnings(decision: Decision, words: Words, said: set[str]) -> Iterator[Said]:
    """What to look at; that a value is missing or old has been told where it stands, and what is said of the policy
    with every household is said with the first."""
    for found in decision.warnings:
        if found.code not in ("value-not-found", "value-ended", "stale-value"):
            whole = "" if found.path else f"{found.code} {found.message(words.language)}"
            if whole in said:
                continue
            said.update([whole] if whole else ())
            where = owner(found.path, decision.policy.merged.elements, words)
            message = found.message(words.language)
            text = words.said_of(where, message) if where else message
            yield Said(text, hangs=True, below=_help(found, words))


def _remarks(decision: Decision, words: Words) -> Iterator[Said]:
    """That something has no bearing on the answer, in a line each."""
    if decision.assumed and not any(one.matters for one in decision.assumed):
        yield Said(words.counted("assumed_none", len(decision.assumed)), tone="quiet")
    if decision.readings and not any(found.differs for found in decision.readings.values()):
        yield Said(words.counted("readings_same", len(decision.readings)), tone="quiet")
