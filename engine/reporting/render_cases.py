"""Cases that failed, as text: what was expected, what came out, and why, side by side.

In: a `SuiteResult`.  Out: a text for each case that failed, and a summary.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from engine.errors import HouseholdError
from engine.escaping import Lines, Shown, joined, shown
from engine.evaluation.decision import CauseFinding, Decision, Finding
from engine.gathered import gathered
from engine.reporting.conditions import MARKS, Conditions
from engine.reporting.layout import Page, Tone, wrap
from engine.reporting.render_decision import render_decision, render_refusal
from engine.reporting.report_lines import block_lines
from engine.reporting.words import Words
from engine.source import display_width
from engine.testing.model import CaseResult, Check, SuiteResult

_GAP = 2
_NARROW, _WIDE = 10, 30
"""columns that a short and a long entry get, before what explains it gets the rest"""
_VERDICTS = frozenset({"eligible", "ineligible", "undetermined", "refused", "met", "unmet"})


def render_failures(found: SuiteResult, words: Words, page: Page, *, details: bool) -> Iterator[Lines]:
    """A case that fails alike on several policies is told once."""
    alike = gathered(
        ((one.case.policy, one.case.id, one.mismatches, one.faults, one.run.difference), one) for one in found.failed
    )
    for first, *others in alike.values():
        lines = list(_failure(first, words, page, details=details))
        if others:
            names = words.enumerated([one.run.name for one in others])
            lines.extend(page.paragraph(words("case_alike", names=names), indent=3, hanging=5, tone="quiet"))
        yield Lines.of(lines)


def render_summary(found: SuiteResult, words: Words, page: Page) -> Lines:
    cases = len({(result.case.policy, result.case.id) for result in found.results})
    text = words("cases_run", cases=cases, runs=len(found.results), failed=len(found.failed))
    tone: Tone = "good" if found.passed else "bad"
    return Lines.of([joined(page.tone(tone, words("cases_passed" if found.passed else "cases_failed")), text)])


def _failure(result: CaseResult, words: Words, page: Page, *, details: bool) -> Iterator[str]:
    case = result.case
    place = f"{case.file}:{case.span.line}"
    name, where = page.tone("strong", result.run.name), page.tone("quiet", f"‹{place}›")
    yield joined(page.tone("bad", "✗ "), " ", name, "  ", where)
    difference = result.run.difference
    yield from page.paragraph(case.why, indent=3, tone="quiet")
    if difference is not None:
        text = words("case_differs", policy=difference.policy, why=difference.why)
        yield from page.paragraph(text, indent=3, tone="quiet")
    if result.chain:
        yield from page.paragraph(words("case_decided_by", chain=" → ".join(result.chain)), indent=3, tone="quiet")
    if result.mismatches:
        yield from _table(result, words, page)
    for fault in result.faults:
        place = f"{fault.place()}: " if fault.place() else ""
        yield from page.paragraph(f"{place}{fault.message(words.language)}", indent=3)
    if details:
        yield ""
        yield from (joined("   ", line) if line else "" for line in _whole(result, words, page))


def _whole(result: CaseResult, words: Words, page: Page) -> list[Shown]:
    narrower = Page(page.width - 3, page.colour)
    if result.decision is not None:
        return render_decision(result.decision, words, narrower).each()
    return render_refusal(HouseholdError(result.refusal), words, narrower).each() if result.refusal else []


def _table(result: CaseResult, words: Words, page: Page) -> Iterator[str]:
    """Four columns: what is looked at, expected, got, and the explanation."""
    head = ("", words("case_expected"), words("case_got"), words("case_because"))
    rows = [
        (shown(_name(check)), shown(_value(check.expected.value, words)), shown(_value(check.got, words)), check)
        for check in result.mismatches
    ]
    widths = [
        min(_WIDE, max(_NARROW if place else 0, *(display_width(str(row[place])) for row in (head, *rows))))
        for place in range(3)
    ]
    left = 3 + sum(widths) + 3 * _GAP
    rest = max(_WIDE, page.width - left)
    yield from _cells([[cell] for cell in head], [*widths, rest], page, head=True)
    for *texts, check in rows:
        cells = [wrap(str(text), width) for text, width in zip(texts, widths, strict=True)]
        reasons = [line for text in _because(check, result, words) for line in wrap(text, rest)]
        yield from _cells([*cells, reasons], [*widths, rest], page)


def _cells(
    columns: Sequence[Sequence[str]], widths: Sequence[int], page: Page, *, head: bool = False
) -> Iterator[Shown]:
    """One row, as many lines high as its highest cell."""
    tones: tuple[Tone, ...] = ("strong", "good", "bad", "quiet")
    for number in range(max(len(cells) for cells in columns)):
        pieces, blanks = [], " " * (3 - _GAP)
        for cells, width, tone in zip(columns, widths, tones, strict=True):
            text = cells[number] if number < len(cells) else ""
            blanks += " " * _GAP
            if text:
                pieces += [blanks, page.tone("quiet" if head else tone, text)]
                blanks = ""
            blanks += " " * max(0, width - display_width(text))
        yield joined(*pieces)


def _name(check: Check) -> str:
    return ".".join((check.expected.kind, *check.expected.key))


def _value(value: str | tuple[str, ...], words: Words) -> str:
    """Verdicts in the reader's language with the word of the file; lists one after another."""
    if isinstance(value, tuple):
        return words.enumerated(list(value)) or words("case_none")
    if value not in _VERDICTS:
        return value
    return words.say(f"{value} {words('open' if value == 'undetermined' else value)}", value)


# ---- the explanation


def _because(check: Check, result: CaseResult, words: Words) -> list[str]:
    """Texts to be set one below the other."""
    decision = result.decision
    if decision is None:
        return [_placed(found.path, found.message(words.language), words) for found in result.refusal]
    key = check.expected.key
    match check.expected.kind:
        case "refused":
            return []
        case "outcome":
            causes = [_cause(id, found) for id, found in decision.causes.items()]
            return [*causes, *_requirements(decision)]
        case "causes":
            return [_cause(key[0], decision.causes[key[0]])] if key[0] in decision.causes else []
        case "conditions":
            found = decision.causes.get(key[0])
            return [] if found is None or key[-1] not in found.conditions else _condition(key, decision, words)
        case "requirements":
            return _condition(("", key[0]), decision, words) if key[0] in decision.requirements else []
        case "outputs":
            output = decision.outputs.get(key[0])
            return [] if output is None else [f"{output.declared.label}{words.cites(output.declared.cites)}"]
        case "missing":
            return [words.series([one.label for one in decision.missing])]
        case "readings":
            reading = decision.readings.get(key[0])
            return [] if reading is None else [f"{reading.declared.question}{words.cites(reading.declared.cites)}"]
        case "referrals":
            return [words.series([one.label for one in decision.referrals])]
        case "warnings" | "no_warnings":
            return [words.series([one.message(words.language) for one in decision.warnings if one.code == key[0]])]
    assert_never(check.expected.kind)


def _placed(path: str, message: str, words: Words) -> str:
    return words.said_of(path, message) if path not in ("", "$") else message


def _cause(id: str, found: CauseFinding) -> str:
    """The cause and, by their ids, what it fails on or what is open: as a case would name them."""
    lacking = [f"{MARKS[one.finding]} {name}" for name, one in found.conditions.items() if _lacks(one.finding)]
    return f"{MARKS[found.finding]} {id}" + (f": {', '.join(lacking)}" if lacking else "")


def _requirements(decision: Decision) -> list[str]:
    return [f"{MARKS[found.finding]} {id}" for id, found in decision.requirements.items() if _lacks(found.finding)]


def _lacks(finding: Finding) -> bool:
    return finding is not Finding.MET


def _condition(place: tuple[str, ...], decision: Decision, words: Words) -> list[str]:
    """As the explanation of a decision has it, with the figures."""
    cause, id = place[0], place[-1]
    found = decision.causes[cause].conditions[id] if cause else decision.requirements[id]
    said = Conditions(words).condition((cause, id), found)
    return [line.strip() for line in block_lines([said], Page(10_000), 0)]
