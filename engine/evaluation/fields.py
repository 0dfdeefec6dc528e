"""One field of a household to a value of its declared type.

In: a declared `Fact` and what stands in the field.  Out: the value, counted in the fact's unit; None after a fault was
reported. A private fact's value is never repeated in a message. Imports policy, language and this floor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from typing import assert_never, cast

from engine.evaluation.facts import written_steps
from engine.evaluation.figures import plain_number
from engine.evaluation.identity import same_id
from engine.evaluation.json_text import NumberText, has_lone_surrogate, printable
from engine.evaluation.reasons import Reasons
from engine.language.interpreter import MAX_ITEMS
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.language.values import Value, ends
from engine.policy.extent import MOST_DIGITS, WIDEST_DIGITS, fact_digits, fact_extent, is_signed
from engine.policy.model import Fact
from engine.suggest import Near

_TOO_LARGE = 10**MOST_DIGITS
_AMOUNT = re.compile(rf"(-?)(0|[1-9][0-9]{{0,{WIDEST_DIGITS - 1}}})(?:\.([0-9]+))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE = re.compile(r"[0-9]{6}")
_IDENTITY = re.compile(r"[^\x00-\x1f\x7f]{1,100}")


def read_value(fact: Fact, raw: object, path: str, report: Reasons) -> Value | None:
    """The value of a field that is not null."""
    match fact.type:
        case Quantity():
            return _quantity(fact, raw, path, report)
        case Truth():
            if raw is True or raw is False:
                return raw
            _fault("fact-not-yes-no", fact, raw, path, report)
            return None
        case Choice():
            return _option(fact, fact.type, raw, path, report)
        case DateType():
            return _date(fact, raw, path, report)
        case Place():
            text = _text(fact, raw, path, report)
            if text is None or fact.type.any_code or _PLACE.fullmatch(text):
                return text
            _fault("place-form", fact, raw, path, report)
            return None
        case Text() | ItemOf():
            text = _text(fact, raw, path, report)
            is_id = isinstance(fact.type, ItemOf) or fact.role == "identity"
            if text is None or not is_id or (_IDENTITY.fullmatch(text) and same_id(text)):
                return text
            report.tell("identity-form", None, path=path, label=fact.label)
            return None
        case Several():
            return _several(fact, fact.type, raw, path, report)
    assert_never(fact.type)


def day_of(text: str) -> date | None:
    """The day that a text of a field says; None of one in another form, or of a day that there is none of."""
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def number_text(raw: object) -> str | None:
    """The text of a number as it was written, or a Python number's shortest decimal text; None for what is none.

    A fraction is none: it may have no decimal text.
    """
    match raw:
        case NumberText(text=text):
            return text
        case bool():
            return None
        case Integral():  # whole numbers of other libraries too
            whole = int(raw)
            return str(whole) if whole.bit_length() < 64 else "…"
        case float():
            return float.__repr__(raw)
        case Decimal():
            # str(Decimal("1E+3")) has an exponent although the value is a plain 1000
            return format(raw, "f") if raw.is_finite() and -9 < raw.adjusted() < 20 else str(raw)
        case _:
            return None


def show(raw: object) -> str:
    """What stands in a field, short enough for a message."""
    text = number_text(raw)
    if text is not None:
        return printable(text)
    match raw:
        case str():
            return f"“{printable(raw)}”"
        case True | False:
            return "true" if raw else "false"
        case None:
            return "null"
        case dict():
            return "{…}"
        case list() | tuple():
            return "[…]"
        case date():
            return raw.isoformat()
        case _:
            return "…"


def _fault(code: str, fact: Fact, raw: object, path: str, report: Reasons, **params: str | Near) -> None:
    report.tell(code, None, path=path, related=(), label=fact.label, found="…" if fact.private else show(raw), **params)


# ---- numbers


def _quantity(fact: Fact, raw: object, path: str, report: Reasons) -> Value | None:
    if type(raw) is int and 0 <= raw < _TOO_LARGE:
        return _bounded(fact, raw * written_steps(fact), raw, path, report)
    text = raw if isinstance(raw, str) else number_text(raw)
    if text is None:
        _fault("fact-not-number", fact, raw, path, report)
        return None
    found = _AMOUNT.fullmatch(text)
    if found is not None:
        sign, whole, rest = found.groups("")
        digits = fact.decimals
        fits = len(whole) <= MOST_DIGITS or len(whole) <= fact_digits(fact)
        if fits and len(rest) <= max(digits, 2) and not rest[digits:].strip("0") and (not sign or is_signed(fact)):
            value = int(whole + rest[:digits].ljust(digits, "0"))
            return _bounded(fact, -value if sign else value, raw, path, report)
    if not isinstance(raw, str) and text.lstrip("+-").lower() in ("nan", "inf", "infinity", "snan"):
        report.tell("json-not-finite", None, path=path, text=text)
        return None
    if not isinstance(raw, str) and "e" in text.lower():
        _fault("number-with-exponent", fact, raw, path, report)
        return None
    form = {"digits": str(fact_digits(fact))}
    if fact.decimals or is_signed(fact):
        code = "signed-form" if is_signed(fact) else "amount-form"
        _fault(code, fact, raw, path, report, decimals=str(fact.decimals), **form)
    else:
        _fault("whole-form", fact, raw, path, report, **form)
    return None


def _bounded(fact: Fact, value: int, raw: object, path: str, report: Reasons) -> Value | None:
    if fact.least is None and fact.most is None:
        return value
    least, most = ends(fact_extent(fact))
    if cast("int", least) <= value <= cast("int", most):
        return value
    steps = written_steps(fact)
    low, high = (str(plain_number(Fraction(cast("int", end)) / steps)) for end in (least, most))
    _fault("fact-out-of-bounds", fact, raw, path, report, least=low, most=high)
    return None


# ---- dates, texts, options


def _date(fact: Fact, raw: object, path: str, report: Reasons) -> Value | None:
    day: date | None
    if isinstance(raw, date) and not isinstance(raw, datetime):
        day = raw
    elif not isinstance(raw, str):
        _fault("fact-not-date", fact, raw, path, report)
        return None
    else:
        day = day_of(raw)
    first, last = cast("tuple[date, date]", ends(fact_extent(fact)))
    if day is None:
        _fault("date-form", fact, raw, path, report)
        return None
    if first <= day <= last:
        return day
    _fault("fact-out-of-bounds", fact, raw, path, report, least=first.isoformat(), most=last.isoformat())
    return None


def _text(fact: Fact, raw: object, path: str, report: Reasons) -> str | None:
    if not isinstance(raw, str):
        _fault("fact-not-text", fact, raw, path, report)
        return None
    if has_lone_surrogate(raw):
        report.tell("json-lone-surrogate", None, path=path)
        return None
    return str.__str__(raw)  # of a subclass its plain text


def _option(fact: Fact, choice: Choice, raw: object, path: str, report: Reasons) -> str | None:
    if not isinstance(raw, str):
        _fault("fact-not-text", fact, raw, path, report)
        return None
    for option, _ in choice.options:
        if raw == option:
            return option
    options = [option for option, _ in choice.options]
    by_label = {label: option for option, label in choice.options}
    meant = by_label.get(raw) or Near(raw, options)
    _fault("not-an-option", fact, raw, path, report, options="、".join(options), suggestion=meant)
    return None


def _several(fact: Fact, kind: Several, raw: object, path: str, report: Reasons) -> Value | None:
    if not isinstance(raw, Sequence | frozenset | set) or isinstance(raw, str | bytes | bytearray):
        report.tell("fact-not-list", None, path=path, label=fact.label)
        return None
    if len(raw) > MAX_ITEMS:
        report.tell("too-many-items", None, path=path, label=fact.label, limit=str(MAX_ITEMS))
        return None
    found = set()
    for index, one in enumerate(raw if isinstance(raw, Sequence) else sorted(raw, key=show)):
        place = f"{path}[{index}]"
        value = (
            _option(fact, kind.of, one, place, report)
            if isinstance(kind.of, Choice)
            else _text(fact, one, place, report)
        )
        if value is not None:
            found.add(value)
    return frozenset(found)
