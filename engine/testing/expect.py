"""What a case expects: from the file to single expectations, and each held against the answer.

In: the `expect` of a case, or a cell of a table.  Out: `Expected`s; with a decision or a refusal, `Check`s.
Words may be Chinese or English in the file; an `Expected` holds the ids of the decision's JSON.
Imports evaluation, policy (cells), language and the ground floor.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, TypeAlias, assert_never, get_args

from engine.diagnostics import Diagnostic
from engine.evaluation.decision import Decision, Finding, Outcome
from engine.evaluation.figures import Measure, decimal_text, texts_of
from engine.evaluation.told import Missing, OutputFinding
from engine.language.parser import MAX_DECIMALS
from engine.language.types import DATE, Choice, Quantity, Type
from engine.language.units import is_of_amounts
from engine.language.values import UNKNOWN, Interval, Value, is_known
from engine.policy.cells import day_text, number_text, squeezed
from engine.testing.model import Check, Expected, ExpectKind
from engine.tree import Mapping, Scalar, Tree
from engine.tree import Sequence as Items

Answer: TypeAlias = Decision | Sequence[Diagnostic]
"""a decision, or why the household was refused"""

KINDS: Final[tuple[ExpectKind, ...]] = get_args(ExpectKind)
LISTS: Final = frozenset({"missing", "referrals", "warnings", "no_warnings", "refused"})
REFUSED: Final = "refused"
ABSENT: Final = "absent"
"""what is found where the policy that decided has no such element"""
UNKNOWN_WORDS: Final = ("unknown", "未知")

WORDS: Final = {
    "符合": "eligible",
    "不符合": "ineligible",
    "暂不能认定": "undetermined",
    "未受理": REFUSED,
    "满足": "met",
    "不满足": "unmet",
    "待查": "undetermined",
}
_YES, _NO = ("yes", "true", "是"), ("no", "false", "否")
_ENTRY = re.compile(r"(?:[^\s,，、;；\[]|\[[^\]]*\])+")
_ROUNDED = re.compile(r"-?[0-9]+\.[0-9]{2}")
_FIGURE = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?(?:/[1-9][0-9]*)?)(?:\s*([^\s0-9./].*))?")


# ---- reading


def read_expect(tree: Tree | None) -> tuple[Expected, ...]:
    """The expectations in order of writing; what the schema refuses reads as nothing."""
    found: list[Expected] = []
    for key, value in tree.entries if isinstance(tree, Mapping) else ():
        for kind in KINDS:
            if key.text == kind:
                found.extend(_read(kind, value))
    return tuple(found)


def read_cell(
    kind: ExpectKind, key: tuple[str, ...], cell: Scalar, *, exact: bool, saved: bool
) -> tuple[Expected, ...]:
    """The expectation of a table's cell; a list's entries stand one after another in it.

    Args:
        exact: a figure is meant with nothing behind its last digit.
        saved: by a spreadsheet, which drops zeros and keeps what is behind the fen: 366.9 is 366.90, and so is
            366.8999.
    """
    if kind not in LISTS:
        word = _word(kind, cell)
        if kind == "outputs" and (exact or saved):
            word = _saved_word(word, exact=exact)
        return (Expected(kind, key, word, cell.span, to_fen=saved and not exact and kind == "outputs"),)
    entries = tuple(_ENTRY.findall(cell.text))
    if entries in (("none",), ("无",)):
        entries = ()
    if kind in ("warnings", "no_warnings"):
        return tuple(Expected(kind, (entry,), "yes" if kind == "warnings" else "no", cell.span) for entry in entries)
    return (Expected(kind, (), entries, cell.span),)


def _read(kind: ExpectKind, tree: Tree) -> Iterator[Expected]:
    match kind:
        case "outcome":
            if isinstance(tree, Scalar):
                yield Expected(kind, (), _word(kind, tree), tree.span)
        case "outputs":
            for name, value in tree.entries if isinstance(tree, Mapping) else ():
                if isinstance(value, Scalar):
                    yield Expected(kind, (name.text,), _word(kind, value), name.span.to(value.span))
                for item, own in _scalars(value):
                    yield Expected(kind, (name.text, item.text), _word(kind, own), item.span.to(own.span))
        case "causes" | "requirements" | "conditions":
            for key, value in _scalars(tree):
                yield Expected(kind, _key(kind, key.text), _word(kind, value), key.span.to(value.span))
        case "readings":
            yield from _read_readings(tree)
        case "warnings" | "no_warnings":
            for code in _items(tree):
                yield Expected(kind, (code.text,), "yes" if kind == "warnings" else "no", code.span)
        case "missing" | "referrals":
            yield Expected(kind, (), tuple(one.text.replace(", ", ",") for one in _items(tree)), tree.span)
        case "refused":
            placed = tuple(f"{key.text} {value.text}" for key, value in _scalars(tree))
            yield Expected(kind, (), placed or tuple(one.text for one in _items(tree)), tree.span)
        case _:
            assert_never(kind)


def _read_readings(tree: Tree) -> Iterator[Expected]:
    for reading, options in tree.entries if isinstance(tree, Mapping) else ():
        for option, value in options.entries if isinstance(options, Mapping) else ():
            key = (reading.text, option.text)
            if isinstance(value, Scalar):
                yield Expected("readings", key, _word("readings", value), option.span.to(value.span))
            elif isinstance(value, Mapping):
                outcome, causes = value.get("outcome"), value.get("causes")
                if isinstance(outcome, Scalar):
                    yield Expected("readings", key, _word("readings", outcome), outcome.span)
                for cause, finding in _scalars(causes):
                    word = _word("readings", finding)
                    yield Expected("readings", (*key, cause.text), word, cause.span.to(finding.span))


def _key(kind: ExpectKind, text: str) -> tuple[str, ...]:
    """A condition is written `cause.condition`."""
    return tuple(text.split(".", 1)) if kind == "conditions" else (text,)


def _scalars(tree: Tree | None) -> Iterator[tuple[Scalar, Scalar]]:
    for key, value in tree.entries if isinstance(tree, Mapping) else ():
        if isinstance(value, Scalar):
            yield key, value


def _items(tree: Tree) -> tuple[Scalar, ...]:
    return tuple(one for one in tree.items if isinstance(one, Scalar)) if isinstance(tree, Items) else ()


def _word(kind: ExpectKind, value: Scalar) -> str:
    text = value.text.strip()
    if kind != "outputs":
        return WORDS.get(text, text)
    word = squeezed(text).lower()
    return "yes" if word in _YES else "no" if word in _NO else "unknown" if word in UNKNOWN_WORDS else text


def _saved_word(word: str, *, exact: bool) -> str:
    """A figure as one that is compared to the fen (two places), or exactly (a fraction where there are two)."""
    number, blank, unit = word.partition(" ")
    digits = number_text(number)
    if digits is None:
        return day_text(word) or word
    if exact:
        digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
        return f"{digits}/1{blank}{unit}" if _ROUNDED.fullmatch(digits) else f"{digits}{blank}{unit}"
    whole, _, part = digits.partition(".")
    return f"{whole}.{part.ljust(2, '0')}{blank}{unit}"


# ---- holding against the answer


def check_all(expect: Sequence[Expected], answer: Answer) -> tuple[Check, ...]:
    """Each expectation with what was found, in order."""
    return tuple(_check(expected, answer) for expected in expect)


def _check(expected: Expected, answer: Answer) -> Check:
    if not isinstance(answer, Decision):
        return _check_refusal(expected, answer)
    wanted, got = expected.value, _got(expected, answer)
    holds = set(wanted) == set(got) if isinstance(wanted, tuple) and isinstance(got, tuple) else wanted == got
    return Check(expected, got, holds)


def _check_refusal(expected: Expected, reasons: Sequence[Diagnostic]) -> Check:
    if expected.kind == "outcome":
        return Check(expected, REFUSED, expected.value == REFUSED)
    if expected.kind != "refused":
        return Check(expected, REFUSED, False)
    wanted = expected.value if isinstance(expected.value, tuple) else (expected.value,)
    placed = {word.partition(" ")[0] for word in wanted if " " in word}
    got = tuple(f"{found.code} {found.path}" if found.code in placed else found.code for found in reasons)
    return Check(expected, got, set(got) == set(wanted))


def _got(expected: Expected, decision: Decision) -> str | tuple[str, ...]:
    """What the decision says of the thing that is expected."""
    key = expected.key
    match expected.kind:
        case "outcome":
            return _word_of(decision.outcome)
        case "causes":
            return _word_of(decision.finding(key[0]))
        case "conditions":
            # `cause.condition`; without a cause it names none
            return _word_of(decision.finding(key[0], key[-1])) if len(key) > 1 and key[0] else ABSENT
        case "requirements":
            return _word_of(decision.finding("", key[0]))
        case "outputs":
            output = decision.outputs.get(key[0])
            if output is None:
                return ABSENT
            value = _of_item(output, key[1:])
            if value is None:
                return ABSENT
            type_ = decision.policy.rules.outputs[key[0]][1].type
            return _shown(value, output.measure, type_, str(expected.value), to_fen=expected.to_fen)
        case "missing":
            return tuple(dict.fromkeys(_lacking(one, expected.value) for one in decision.missing))
        case "readings":
            return _reading(key, decision)
        case "referrals":
            return tuple(one.id for one in decision.referrals)
        case "warnings" | "no_warnings":
            return "yes" if any(found.code == key[0] for found in decision.warnings) else "no"
        case "refused":
            return (_word_of(decision.outcome),)
    assert_never(expected.kind)


def stated(decision: Decision) -> str:
    """What a case states of a decision, as an entry of `expect`: the outcome, or the figures where there is none."""
    if decision.outcome is not None:
        return f"outcome: {decision.outcome}"
    figures = []
    for id, found in decision.outputs.items():
        if not found.declared.collection:
            figures.append(f"{id}: {_word_for(found.value, found.measure)}")
        elif found.items:
            items = ", ".join(f"{json.dumps(o.item)}: {_word_for(o.value, found.measure)}" for o in found.items)
            figures.append(f"{id}: {{{items}}}")
    return f"outputs: {{{', '.join(figures)}}}"


def _word_for(value: Value, measure: Measure) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    shown = decimal_text(value, measure)
    if shown is None:
        return "unknown"
    return json.dumps(shown, ensure_ascii=False) if isinstance(value, str | frozenset) else shown


def _word_of(found: Outcome | Finding | None) -> str:
    return ABSENT if found is None else str(found)


def _reading(key: tuple[str, ...], decision: Decision) -> str:
    reading = decision.readings.get(key[0])
    option = None if reading is None else reading.options.get(key[1])
    if option is None:
        return ABSENT
    if len(key) == 2:
        return _word_of(option.outcome)
    return str(option.causes[key[2]]) if key[2] in option.causes else ABSENT


def _lacking(missing: Missing, wanted: str | tuple[str, ...]) -> str:
    """A path; a parameter by its id where the case names it so, else with the key that has no value."""
    if missing.kind != "parameter":
        return missing.path
    if missing.parameter in wanted or not missing.key:
        return missing.parameter
    return f"{missing.parameter}[{','.join(part for _, part in missing.key)}]"


def _of_item(output: OutputFinding, item: tuple[str, ...]) -> Value | None:
    """The figure, or that of the item that is named; None where there is no such one. Of a list that was not given
    every item is unknown."""
    if not output.declared.collection:
        return None if item else output.value
    if not item:
        return None
    items = None if output.items is None else {one.item: one.value for one in output.items}
    return UNKNOWN if items is None else items.get(item[0])


def _shown(value: Value, measure: Measure, type_: Type, wanted: str, *, to_fen: bool) -> str:
    """What was found, in the words of the case where these say the same: an option's label, a day as `2025/6/15`."""
    if isinstance(type_, Quantity):
        return _figure(value, measure, wanted, _places(wanted, type_) if to_fen else None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not is_known(value) or isinstance(value, Interval):
        return "unknown"
    shown = decimal_text(value, measure) or ""
    label = dict(type_.options).get(shown) if isinstance(type_, Choice) else None
    return wanted if wanted == label or (type_ == DATE and day_text(wanted) == shown) else shown


def _places(wanted: str, type_: Quantity) -> int | None:
    """To how many places a spreadsheet's figure is compared: money to the fen, another number to the last place that a
    policy can write where a formula left more; None for one that is exact."""
    form = _FIGURE.fullmatch(wanted)
    if form is None or "/" in form[1]:
        return None
    written = len(form[1].partition(".")[2])
    if is_of_amounts(type_.unit.dimension):
        return 2 if written > 2 else None
    return MAX_DECIMALS if written > MAX_DECIMALS else None


def _figure(value: Value, measure: Measure, wanted: str, places: int | None) -> str:
    """The value in the form in which it is wanted, with the unit or without.

    Two places are the figure as it is shown, rounded; whatever else is written (`500`, `1100891/3000`) is exact, unless
    it is compared to so many `places`. Equal figures are told in the words of the case.
    """
    if not is_known(value) or isinstance(value, Interval):
        return "unknown"
    form = _FIGURE.fullmatch(wanted)
    shown = decimal_text(value, measure) or ""
    if form is None:
        return shown
    unit = f" {measure.text}" if form[2] else ""
    if not _ROUNDED.fullmatch(form[1]) and places != 2:
        shown = texts_of(value, measure)[1] or ""
    if not _FIGURE.fullmatch(shown):
        return shown + unit
    found, stated = _fraction(shown), _fraction(form[1])
    same = found == stated if places is None else _rounded(found, places) == _rounded(stated, places)
    return wanted if same and (not form[2] or form[2].strip() == measure.text) else shown + unit


def _rounded(number: Fraction, places: int) -> int:
    """Half away from zero, in units of the last place."""
    size = int(abs(number) * 10**places + Fraction(1, 2))
    return -size if number < 0 else size


def _fraction(text: str) -> Fraction:
    """`366.97`, `1100891/3000` and `25199.99/36`."""
    above, _, below = text.partition("/")
    return Fraction(above) / int(below or 1)
