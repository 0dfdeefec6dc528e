"""Causes and conditions: the mark, what is asked, how it stands, and by how much.

In: the findings of a decision.  Out: statements.
What is told once is not told again: a condition that repeats an earlier one word for word says so, and a cause
that fails says what it fails on and passes over what it meets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from typing import TypeAlias, cast

from engine.evaluation.decision import CauseFinding, ComparisonFinding, ConditionFinding, Finding, Operand, Side
from engine.evaluation.figures import Measure
from engine.language.units import is_of_amounts
from engine.language.values import UNKNOWN, Interval, Number, ends, is_known
from engine.records import dataclass
from engine.reporting.figures import figure, quantity
from engine.reporting.layout import Tone
from engine.reporting.report import NO_SIGN, Said, Sign
from engine.reporting.words import Words

MARKS: dict[Finding, str] = {Finding.MET: "✓", Finding.UNMET: "✗", Finding.UNDETERMINED: "？"}
TONES: dict[Finding, Tone] = {Finding.MET: "good", Finding.UNMET: "bad", Finding.UNDETERMINED: "open"}
Place: TypeAlias = tuple[str, str]


def sign_of(finding: Finding) -> Sign:
    return Sign(MARKS[finding], TONES[finding])


@dataclass(slots=True)
class Conditions:
    """Tells conditions one after another; remembers what was told.

    Attributes:
        details: every condition in full, with those that the chosen reading does not ask for.
        waived: (cause, condition) pairs that the chosen reading does not ask for; the cause of a requirement is "".
        options: labels of the options that a condition compares, by (cause, condition).
    """

    words: Words
    waived: frozenset[Place] = frozenset()
    options: Mapping[Place, Mapping[str, str]] = field(default_factory=dict)
    details: bool = False
    _told: set[object] = field(default_factory=set)

    def causes(self, causes: Mapping[str, CauseFinding]) -> Iterator[Said]:
        for id, cause in causes.items():
            yield self._cause(id, cause)

    def requirements(self, requirements: Mapping[str, ConditionFinding]) -> Iterator[Said]:
        for id, found in requirements.items():
            yield from self._asked("", id, found)

    def _cause(self, id: str, cause: CauseFinding) -> Said:
        conditions = [(key, found) for key, found in cause.conditions.items() if self._shows(id, key)]
        head = f"{cause.declared.label}{self.words.cites(cause.declared.cites)}"
        sign, at = sign_of(cause.finding), cause.declared.origin.span
        failing = [(key, found) for key, found in conditions if found.finding is Finding.UNMET]
        # what simply is not the case (nobody studies) says more than the amounts that follow from it
        absent = [((id, key), found) for key, found in failing if not _is_about_money(found)]
        if absent and not self.details:
            return Said(head + self._lacks(*absent[0]), sign, at=at)
        below: list[Said] = []
        if cause.finding is Finding.UNMET and not any(
            one.finding is Finding.UNMET for one in cause.conditions.values()
        ):
            below.append(Said(self.words("because_together")))
        passed_over = 0
        for key, found in conditions:
            if failing and not self.details and (found.finding is Finding.UNDETERMINED or self._is_told_and_met(found)):
                passed_over += found.finding is Finding.MET
            else:
                below += self._asked(id, key, found)
        if passed_over:
            below.append(Said(self.words.counted("rest_met", passed_over), sign_of(Finding.MET), tone="quiet"))
        return Said(head, sign, "strong", below=tuple(below), at=at)

    def _shows(self, cause: str, id: str) -> bool:
        return self.details or (cause, id) not in self.waived

    def _is_told_and_met(self, found: ConditionFinding) -> bool:
        return found.finding is Finding.MET and self._known(found)

    def _lacks(self, place: Place, found: ConditionFinding) -> str:
        told = self.words("lacks", label=found.declared.label)
        if found.comparison is None:
            return told
        return told + self.words.bracketed(self._stands(found.comparison, found, place))

    def _asked(self, cause: str, id: str, found: ConditionFinding) -> Iterator[Said]:
        if (cause, id) not in self.waived:
            yield self.condition((cause, id), found)
        elif self.details:
            text = found.declared.label + self.words.cites(found.declared.cites) + self.words("not_asked")
            yield Said(text, NO_SIGN, "quiet", at=found.declared.origin.span)

    def condition(self, place: Place, found: ConditionFinding) -> Said:
        """The condition, and below it how it was found where that was not told before."""
        head = f"{found.declared.label}{self.words.cites(found.declared.cites)}"
        repeated = self._known(found)
        if repeated and found.comparison is not None and not self.details:
            head += self.words("as_above")
        self._told.add(_content(found))
        below: list[Said] = []
        if found.comparison is not None and (self.details or not repeated):
            below += self._comparison(found.comparison, found, place)
        for exemption in found.exempted_by:
            text = self.words("exempted", label=exemption.label) + self.words.cites(exemption.cites)
            below.append(Said(text, at=exemption.origin.span))
        return Said(head, sign_of(found.finding), below=tuple(below), at=found.declared.origin.span)

    def _known(self, found: ConditionFinding) -> bool:
        return _content(found) in self._told

    def _comparison(self, compared: ComparisonFinding, found: ConditionFinding, place: Place) -> Iterator[Said]:
        yield Said(self._stands(compared, found, place))
        if worked := calculation(compared.left, self.words):
            yield Said(self.words("calculation", text=worked), tone="quiet", hangs=True)

    def _stands(self, compared: ComparisonFinding, found: ConditionFinding, place: Place) -> str:
        """What it comes to, how it must stand to the limit, and by how much it does or does not."""
        words = self.words
        holds = _holds(compared, found.finding, bool(found.exempted_by))
        options = self.options.get(place, {})
        value = quantity(compared.left.value, compared.left.measure, words.language)
        limit = quantity(compared.right.value, compared.right.measure, words.language)
        name = compared.right.text
        if options:
            value, limit = options.get(value, value), options.get(limit, limit)
        elif _is_name(name):
            limit = f"{name} {limit}" if is_known(compared.right.value) else name + words.bracketed(limit)
        stands = f"{'does' if holds is True else 'must'}_{compared.operator}"
        if _is_day(compared) and words.knows(f"{stands}_day"):
            stands = f"{stands}_day"
        parts = [
            words("found", value=words.after_word(value)),
            words(stands, limit=words.after_word(limit)),
            words("cannot_tell") if holds is None else self._margin(compared, holds),
        ]
        return words.clause(parts)

    def _margin(self, compared: ComparisonFinding, holds: bool) -> str:
        """By how much; `margin` is negative where the comparison fails."""
        margin = compared.margin
        if margin is None or margin is UNKNOWN or isinstance(margin, Interval):
            known = is_known(compared.left.value) and is_known(compared.right.value)
            return "" if known else self.words("surely_met" if holds else "surely_unmet")
        by = cast("Number", margin)
        if by == 0:
            return self.words("exactly")
        text = _size(by if by > 0 else -by, compared.right.measure, self.words)
        match compared.operator, holds:
            case ("<", True):
                key = "below_by"
            case ("<=", True):
                key = "room"
            case (">" | ">=", True):
                key = "above_by"
            case ("<" | "<=", False):
                key = "over_by"
            case (">" | ">=", False):
                key = "short_by"
            case _:
                key = "apart_by"
        return self.words(key, margin=self.words.say(self.words.after_word(text), text))


def _is_day(compared: ComparisonFinding) -> bool:
    """Whether days are compared; one of them may be unknown."""
    return any(isinstance(end, date) for side in (compared.left, compared.right) for end in ends(side.value))


def _is_about_money(found: ConditionFinding) -> bool:
    counted = None if found.comparison is None else found.comparison.right.measure.counted
    return counted is not None and is_of_amounts(counted.dimension)


def _holds(compared: ComparisonFinding, finding: Finding, exempted: bool) -> bool | None:
    """Whether the comparison itself holds: an exempted condition is met although it may not."""
    if exempted:
        margin = compared.margin
        if margin is None or margin is UNKNOWN or isinstance(margin, Interval):
            return None
        by = cast("Number", margin)
        return by > 0 or (by == 0 and compared.operator in ("<=", ">=", "="))
    match finding:
        case Finding.MET:
            return True
        case Finding.UNMET:
            return False
        case Finding.UNDETERMINED:
            return None


def _content(found: ConditionFinding) -> object:
    compared = found.comparison
    figures = None if compared is None else (compared.left.text, compared.operator, compared.right.text)
    return (found.declared.label, found.finding, figures)


def _size(by: Number, measured: Measure, words: Words) -> str:
    """A difference that is not nought is never shown as 0.00."""
    text = figure(by, measured, words.language)
    return text if text.strip("0.") else words("less_than_a_fen")


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[^\W\d]\w*", text) is not None


def calculation(side: Side, words: Words) -> str:
    """The side's text with the numbers put in after each name; "" for a bare name or number."""
    text = " ".join(side.text.split()).replace(" * ", " × ").replace(" / ", " ÷ ")
    if _is_name(text) or not re.search(r"[^\W\d]", text):
        return ""
    return put_in(text, [(one.text, _operand(one, words)) for one in side.operands])


def _operand(one: Operand, words: Words) -> str:
    """The value as it follows its name; a range or an unknown one in brackets."""
    text = quantity(one.value, one.measure, words.language)
    return f" {text}" if is_known(one.value) else words.bracketed(text)


def put_in(text: str, values: Sequence[tuple[str, str]]) -> str:
    """Each name followed by its value; whole names only."""
    if not values:
        return text
    known = dict(values)
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    return re.sub(rf"(?<!\w)({names})(?!\w)", lambda found: f"{found[1]}{known[found[1]]}", text)
