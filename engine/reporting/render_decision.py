"""A decision or a refusal as text that a clerk can read aloud to a family.

In: a `Decision`, or the diagnostics of a refused household.  Out: lines of text.
The verdict stands first; then what it rests on, in the order of the policy; then what is still open. Facts of the
household that are private are never among what a decision carries, so nothing here can print them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.diagnostics import Diagnostic
from engine.errors import HouseholdError
from engine.escaping import Lines, joined
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
from engine.reporting.figures import quantity
from engine.reporting.layout import Page, Tone, columns, pad
from engine.reporting.paths import declared, grouped, json_value, key_text, owner
from engine.reporting.render_figures import derivations, figures, missing_label, option_figures
from engine.reporting.words import Words

_OUTCOME_MARKS: dict[Outcome, tuple[str, Tone]] = {
    Outcome.ELIGIBLE: ("✓", "good"),
    Outcome.INELIGIBLE: ("✗", "bad"),
    Outcome.UNDETERMINED: ("？", "open"),
}
_FIGURES_MARKS: dict[bool, tuple[str, Tone]] = {True: ("＝", "good"), False: ("？", "open")}
"""of a policy that has figures only, by whether all of them are known"""


def render_decision(
    decision: Decision,
    words: Words,
    page: Page,
    *,
    explain: Explain = "full",
    details: bool = False,
    said: set[str] | None = None,
) -> Lines:
    """The answer.

    Args:
        explain: how much of it. `none` is a line, or the figures of a policy that has nothing else; `reasons` leaves
            out figures, assumptions and readings.
        details: leave nothing out that is the same as above or does not bear on the answer.
        said: warnings about the policy that were printed with other households, which are not printed again.
    """
    conditions = Conditions(page, words, decision.waived, _options(decision), details)
    alone, full = decision.outcome is None, explain == "full"
    if explain == "none" and not alone:
        return Lines(
            joined(_verdict(decision, words, page), "  ", page.tone("quiet", " · ".join(_where(decision, words))))
        )
    missing = page.section(words("missing_figures" if alone else "missing"), _missing(decision, words, page))
    told = page.section(words("outputs"), figures(decision, words, page)) if full or alone else []
    if explain == "none":
        return Lines.of([*_head(decision, words, page), *missing, *told])
    blocks = [
        _head(decision, words, page),
        # an open case is first of all a list of what to ask
        missing if decision.outcome in (Outcome.UNDETERMINED, None) else [],
        told if alone else [],
        page.section(words.counted("causes", len(decision.causes)), conditions.causes(decision.causes)),
        page.section(words("requirements"), conditions.requirements(decision.requirements)),
        page.section(words("values"), _values(decision, words, page)),
        [] if alone else told,
        page.section(words("derived"), derivations(decision, words, page)) if full and (details or alone) else [],
        _assumed(decision, words, page, details=details) if full else [],
        _readings(decision, words, page, details=details) if full else [],
        _referrals(decision, words, page),
        page.section(words("warnings"), _warnings(decision, words, page, set() if said is None else said)),
        _remarks(decision, words, page, details=details) if full else [],
    ]
    return Lines.of(line for block in blocks for line in block)


def render_refusal(refusal: HouseholdError, words: Words, page: Page, *, place: str = "") -> Lines:
    """Why a household was not accepted, each reason with where in the household's data it lies."""
    name = words("household_unknown") if refusal.household is None else words("household", id=refusal.household)
    parts = [name, place] if place else [name]
    head = joined(page.tone("bad", pad("✗", 2)), " ", page.tone("strong", words("refused")))
    lines = [head, "   " + " · ".join(parts)]
    lines.extend(page.section(words("reasons"), _reasons(refusal.diagnostics, words, page)))
    return Lines.of(lines)


def _reasons(diagnostics: Sequence[Diagnostic], words: Words, page: Page) -> Iterator[str]:
    for found in diagnostics:
        where = f"{found.path}: " if found.path not in ("", "$") else ""
        yield from page.paragraph(f"{where}{found.message(words.language)}", indent=2, hanging=4)
        for line in found.help_lines(words.language):
            yield from page.paragraph(line, indent=4, tone="quiet")


def _verdict(decision: Decision, words: Words, page: Page) -> str:
    if decision.outcome is None:
        (sign, tone), verdict = (
            _FIGURES_MARKS[not decision.missing],
            words("figures" if not decision.missing else "figures_open"),
        )
    else:
        (sign, tone), verdict = _OUTCOME_MARKS[decision.outcome], words(decision.outcome)
    verdict = verdict[0].upper() + verdict[1:]
    label = decision.policy.merged.chain.root.header.confers[1]
    if label and decision.outcome is not None:
        key = "grants" if decision.outcome is Outcome.ELIGIBLE else "applied_for"
        verdict += words(key, label=label)
    return joined(page.tone(tone, pad(sign, 2)), " ", page.tone("strong", verdict))


def _head(decision: Decision, words: Words, page: Page) -> Iterator[str]:
    yield _verdict(decision, words, page)
    for sentence in _because(decision, words):
        yield from page.paragraph(sentence, indent=3)
    yield from page.paragraph(" · ".join(_where(decision, words)), indent=3, tone="quiet")
    yield from page.paragraph(words.clause(_under(decision, words)), indent=3, tone="quiet")
    for id, proof in decision.policy.proofs.items():
        if proof.claims:
            whom = words("proved_any") if all(one.any_size for one in proof.claims) else words("proved_most")
            told = words("proved", id=id, promises=proof.promises, count=len(proof.claims), whom=whom)
            yield from page.paragraph(told, indent=3, tone="quiet")


def _where(decision: Decision, words: Words) -> list[str]:
    division = decision.policy.merged.divisions.get(decision.place)
    place = decision.place
    if division is not None:
        city = division.city_name if division.city_name != division.name else ""
        place = f"{city}{division.name} {place}"
    return [words("household", id=decision.household), place]


def _under(decision: Decision, words: Words) -> Iterator[str]:
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


def _values(decision: Decision, words: Words, page: Page) -> list[str]:
    return [line for use in decision.uses for line in _value(use, decision, words, page)]


def _value(use: ParameterUse, decision: Decision, words: Words, page: Page) -> list[str]:
    merged = decision.policy.merged
    parameter = merged.elements.parameters.get(use.parameter)
    # what has no value is told where it is asked for
    if parameter is None or (use.value is None and decision.missing):
        return []
    name = f"{parameter.name or parameter.label}{words.bracketed(key_text(use, merged, words))}"
    if use.value is None:
        lines = page.paragraph(f"{name}  {words('no_value')}", indent=2, hanging=4)
        for _, said in parameter.not_found:
            lines.extend(page.paragraph(said, indent=4, tone="quiet"))
        return lines
    lines = page.paragraph(f"{name}  {use.value.cell.text}", indent=2, hanging=4)
    if use.shares:
        lines.extend(page.paragraph(words.series([_share(one, words) for one in use.shares]), indent=4))
    whence = f"{provenance(use.value.origin, words)}  ‹{use.value.cell.span.line_place}›"
    lines.extend(page.paragraph(whence, indent=4, tone="quiet"))
    if use.value.stale:
        lines.extend(page.paragraph(words("stale"), indent=4, tone="open"))
    return lines


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


def _missing(decision: Decision, words: Words, page: Page) -> Iterator[str]:
    merged = decision.policy.merged
    facts = [(one.path, missing_label(one, words)) for one in decision.missing if one.kind != "parameter"]
    for whose, labels in grouped(facts, merged.elements, words):
        text = words.series(labels)
        yield from page.paragraph(words.said_of(whose or words("whole_family"), text), indent=2, hanging=4)
    for one in decision.missing:
        if one.kind == "parameter":
            name = f"{one.label}{words.bracketed(key_text(one, merged, words))}"
            said = [text for _, text in _not_found(one, decision)]
            told = words.series([_no_value(one, words), *said])
            yield from page.paragraph(words.said_of(name, told), indent=2, hanging=4)


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


def _assumed(decision: Decision, words: Words, page: Page, *, details: bool) -> list[str]:
    told = [one for one in decision.assumed if one.matters or details]
    if not told:
        return []
    lines: list[str] = []
    pairs = [(one.path, _assumed_text(one, decision, words)) for one in told]
    for whose, texts in grouped(pairs, decision.policy.merged.elements, words):
        text = words.said_of(whose or words("whole_family"), words.series(texts))
        lines.extend(page.paragraph(text, indent=2, hanging=4))
    rest = len(decision.assumed) - len(told)
    if rest:
        lines.extend(page.paragraph(words.counted("assumed_rest", rest), indent=2, tone="quiet"))
    return page.section(words("assumed_all" if details else "assumed"), lines)


def _assumed_text(one: Assumed, decision: Decision, words: Words) -> str:
    value = json_value(one.value, declared(one.path, decision.policy.merged.elements), words)
    return words("assumed_as", label=one.label, value=value)


def _readings(decision: Decision, words: Words, page: Page, *, details: bool) -> list[str]:
    told = [found for found in decision.readings.values() if found.differs or details]
    if not told:
        return []
    lines = [line for found in told for line in _reading(found, words, page)]
    same = len(decision.readings) - len(told)
    if same:
        lines.extend(page.paragraph(words.counted("readings_rest", same), indent=2, tone="quiet"))
    return page.section(words("all_readings" if details else "readings"), lines)


def _remarks(decision: Decision, words: Words, page: Page, *, details: bool) -> list[str]:
    """That something has no bearing on the answer, in a line each."""
    remarks: list[str] = []
    if decision.assumed and not details and not any(one.matters for one in decision.assumed):
        remarks.append(words.counted("assumed_none", len(decision.assumed)))
    if decision.readings and not details and not any(found.differs for found in decision.readings.values()):
        remarks.append(words.counted("readings_same", len(decision.readings)))
    return ["", *(line for one in remarks for line in page.paragraph(one, tone="quiet"))] if remarks else []


def _reading(found: ReadingFinding, words: Words, page: Page) -> Iterator[str]:
    reading = found.declared
    yield from page.paragraph(f"{reading.question}{words.cites(reading.cites)}", indent=2, hanging=4)
    rows = []
    for option, label in reading.type.options:
        if option not in found.options:
            continue
        outcome = found.options[option].outcome
        key = "reading_now" if option == reading.chosen else "reading_else"
        if outcome is None:
            sign, tone = _FIGURES_MARKS[True]
            verdict = words.series(option_figures(found.options[option], found.options[reading.chosen], words))
        else:
            (sign, tone), verdict = _OUTCOME_MARKS[outcome], words(outcome)
        rows.append((page.tone(tone, pad(sign, 2)), words(key, option=label), verdict))
    set_columns = columns([[label, verdict] for _, label, verdict in rows])
    yield from (joined("    ", sign, " ", line) for (sign, _, _), line in zip(rows, set_columns, strict=True))


def _referrals(decision: Decision, words: Words, page: Page) -> list[str]:
    if not decision.referrals:
        return []
    labels = words.series([one.label for one in decision.referrals])
    title = words("referrals")
    first, *rest = page.paragraph(words.said_of(title, labels), hanging=2)
    return ["", joined(page.tone("strong", title), first[len(title) :]), *rest]


def _warnings(decision: Decision, words: Words, page: Page, said: set[str]) -> Iterator[str]:
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
            yield from page.paragraph(words.said_of(where, message) if where else message, indent=2, hanging=4)
            for line in found.help_lines(words.language):
                yield from page.paragraph(line, indent=4, tone="quiet")
