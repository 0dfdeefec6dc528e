"""Repairs that are certain: faults whose message leaves one way only to put them right.

In: a `Diagnostic`.  Out: the `TextEdit` that repairs it, or None where a person must decide. A repair counts as certain
where it keeps what the author plainly meant (a full-width colon, `2023年1月1日`, a key one letter off); what would say
something else about a household (a unit, a bracket, a nearest name in an expression) never does.
`doudi fix` makes the edits, and SARIF carries them. Ground floor; imports `source`, `diagnostics`, `suggest`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from engine.diagnostics import Diagnostic
from engine.records import dataclass
from engine.source import Source, Span
from engine.suggest import one_slip_from


@dataclass(frozen=True, slots=True)
class TextEdit:
    """The text to stand in the place of a stretch of a file; an insertion where the stretch is empty."""

    span: Span
    text: str


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """The text with the edits made. Of edits that overlap the first stands; equal ones are made once."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(dict.fromkeys(edits), key=lambda one: (one.span.start, one.span.end)):
        if edit.span.start >= at:
            pieces += [text[at : edit.span.start], edit.text]
            at = edit.span.end
    return "".join([*pieces, text[at:]])


def certain_fix(diagnostic: Diagnostic) -> TextEdit | None:
    """The one repair of a fault, or None."""
    repair = _REPAIRS.get(diagnostic.code)
    if repair is None or diagnostic.span is None:
        return None
    edit = repair(diagnostic.span, dict(diagnostic.params))
    return None if edit is None or edit.span.text == edit.text else edit


_Params = Mapping[str, str]
_Repair = Callable[[Span, _Params], TextEdit | None]


def _reach(span: Span, before: str, after: str) -> Span:
    """The stretch widened over the characters of two classes on its sides."""
    text, start, end = span.source.text, span.start, span.end
    while start > 0 and text[start - 1] in before:
        start -= 1
    while end < len(text) and text[end] in after:
        end += 1
    return Span(span.source, start, end)


# ---- the file as text


def _colon(span: Span, _: _Params) -> TextEdit:
    whole = _reach(span, " \u3000", " \t\u3000")
    at_end = span.source.text[whole.end : whole.end + 1] in ("", "\n")
    return TextEdit(whole, ":" if at_end else ": ")


def _indent(span: Span, _: _Params) -> TextEdit | None:
    """Wide spaces and tabs at the start of a line: two spaces each, where the lines around it leave that depth open."""
    source, line = span.source, span.line
    indent = _lead(source, line)
    if not source.line_text(line).strip():
        return TextEdit(indent, "")
    last = source.text.count("\n") + 1
    above = next((one for one in range(line - 1, 0, -1) if _says_something(source.line_text(one))), 0)
    below = next((one for one in range(line + 1, last + 1) if _says_something(source.line_text(one))), 0)
    fits = (not above or _may_follow(source, above, line)) and (not below or _may_follow(source, line, below))
    return TextEdit(indent, _evened(indent.text)) if fits else None


def _may_follow(source: Source, line: int, after: int) -> bool:
    """Whether a line is no deeper than the one before it lets it be."""
    text = source.line_text(line)
    depth = len(_evened(_lead(source, line).text)) + (2 if text.lstrip(_WIDE).startswith("- ") else 0)
    opens = re.search(r"[:：][ \t\u3000]*(?:[|>][-+0-9]*)?[ ]*$", text) is not None
    return len(_evened(_lead(source, after).text)) <= depth + (2 if opens else 0)


_WIDE = " \t\u3000"


def _lead(source: Source, line: int) -> Span:
    start = source.offset(line, 1)
    text = source.line_text(line)
    return Span(source, start, start + len(text) - len(text.lstrip(_WIDE)))


def _evened(indent: str) -> str:
    return indent.replace("\t", "  ").replace("\u3000", "  ")


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip(_WIDE).startswith("#")


def _tab(span: Span, _: _Params) -> TextEdit:
    whole = _reach(span, " \t", " \t")
    return TextEdit(whole, " ")


def _quotes(span: Span, _: _Params) -> TextEdit | None:
    inner = span.text[1:-1]
    return None if re.search(r'["\\\n]', inner) else TextEdit(span, f'"{inner}"')


def _folded(span: Span, _: _Params) -> TextEdit | None:
    return TextEdit(span, "|") if span.text == ">" else None


# ---- keys and values

PLAIN_FORMS = {
    **{ord(wide): str(digit) for digit, wide in enumerate("０１２３４５６７８９")},
    ord("，"): ",",
    ord("．"): ".",
    ord("－"): "-",
    ord("／"): "/",
    ord("\u3000"): " ",
    ord("％"): "%",
}
"""full-width digits and signs as plain ones"""
_DAY = r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?"
_GROUPED = r"([0-9]{1,3}(?:,[0-9]{3})+|0|[1-9][0-9]*)(\.[0-9]{1,6})?( ?[^\W\d_].*)?"


def _day(text: str) -> str:
    """The day that a text plainly names, as a file writes it; "" where it names none."""
    found = re.fullmatch(_DAY, text.translate(PLAIN_FORMS).strip())
    if found is None:
        return ""
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return ""


def _day_here(span: Span, params: _Params) -> TextEdit | None:
    day = _day(params["text"])
    return TextEdit(span, day) if day and span.text == params["text"] else None


def _form(span: Span, params: _Params) -> TextEdit | None:
    """A day written in another way, or a code that lacks its quotes or has wide digits."""
    value, form = params["value"], params["form"]
    if span.text != value:
        return None
    if _day(form) == form:
        return TextEdit(span, _day(value)) if _day(value) else None
    code, plain = form.strip('"'), value.translate(PLAIN_FORMS)
    if not code.isdigit() or not re.fullmatch("[0-9]+", plain) or len(plain) not in {2, 4, 6} | {len(code)}:
        return None
    if plain == value:
        return _quoted(span)
    quoted = span.source.text[span.start - 1 : span.start] in ("'", '"')
    return TextEdit(span, plain if quoted else f'"{plain}"')


def _text(span: Span, params: _Params) -> TextEdit | None:
    return _quoted(span) if span.text == params["value"] else None


def _quoted(span: Span) -> TextEdit | None:
    text = span.source.text
    quoted = text[span.start - 1 : span.start] in ("'", '"') if span.start else False
    return None if quoted or re.search(r'["\\\n]', span.text) else TextEdit(span, f'"{span.text}"')


def _amount(span: Span, params: _Params) -> TextEdit | None:
    """Wide digits and thousands separators."""
    found = re.fullmatch(_GROUPED, params["text"].translate(PLAIN_FORMS))
    if found is None or span.text.strip() != params["text"]:
        return None
    return TextEdit(span, found[1].replace(",", "") + (found[2] or "") + (found[3] or ""))


def _key(span: Span, params: _Params) -> TextEdit | None:
    """The check of the structure says whether another key could be meant."""
    return TextEdit(span, params["suggestion"]) if params.get("certain") and span.text == params["key"] else None


def _one_of(name: str, allowed: str) -> _Repair:
    """A value that is one slip away from one only of those allowed."""

    def repair(span: Span, params: _Params) -> TextEdit | None:
        meant = one_slip_from(params[name], params[allowed].split())
        return TextEdit(span, meant) if meant and span.text == params[name] else None

    return repair


# ---- expressions

_SAME = {
    **dict.fromkeys(("小于", "少于"), "低于"),
    **dict.fromkeys(("大于", "多于"), "高于"),
    **dict.fromkeys(("大于等于", "不小于", "不少于"), "不低于"),
    **dict.fromkeys(("小于等于", "不大于", "不高于", "不多于"), "不超过"),
    **dict.fromkeys(("并且", "而且"), "且"),
    "等於": "等于", "或者": "或", "若": "如果", "则": "那么", "乘以": "*", "除以": "/",
    "AND": "and", "OR": "or", "NOT": "not", "IF": "if", "THEN": "then", "ELSE": "else", "IN": "in",
    "True": "true", "False": "false",
}  # fmt: skip
"""words that say just what a word of the language says; others (`和`, `达到`, `为`) are only near"""
_SIGNS = {"【": "(", "〔": "(", "】": ")", "〕": ")"}
"""brackets alone: a dash may be a minus or stand between the ends of a range"""


def _word(span: Span, params: _Params) -> TextEdit | None:
    meant = _SAME.get(params["found"])
    return TextEdit(span, meant) if meant and meant == params["suggestion"] else None


def _sign(span: Span, params: _Params) -> TextEdit | None:
    meant = _SIGNS.get(span.text)
    return TextEdit(span, meant) if meant and meant == params["suggestion"] else None


def _suggested(name: str) -> _Repair:
    """The message itself says how to write it, in this parameter."""

    def repair(span: Span, params: _Params) -> TextEdit | None:
        return TextEdit(span, params[name]) if params.get(name) else None

    return repair


def _number(span: Span, params: _Params) -> TextEdit | None:
    """Separators and zeros in front taken away; with a blank between them they may be two numbers."""
    meant = params.get("suggestion", "")
    same = re.sub("[_,]", "", span.text).lstrip("0").rstrip(".") == meant.lstrip("0")
    return TextEdit(span, meant) if meant and same else None


def _missing_blank(span: Span, params: _Params) -> TextEdit:
    return TextEdit(span, f"{params['sign']} ")


def _plain_sign(span: Span, params: _Params) -> TextEdit | None:
    """A full-width comma in front of a key; a bracket or quote may have been meant as text."""
    if params["plain"] != "," or params.get("text"):
        return None
    whole = _reach(span, " \u3000", " \t\u3000\u00a0")
    return TextEdit(whole, "," if span.source.text[whole.end : whole.end + 1] == "\n" else ", ")


def _odd_blank(span: Span, _: _Params) -> TextEdit | None:
    """Between two things any blank is a plain one; as indentation its depth is not sure."""
    before = span.source.text[: span.start].rpartition("\n")[2]
    return TextEdit(_reach(span, " ", " "), " ") if before.strip() else None


def _single_option(span: Span, params: _Params) -> TextEdit | None:
    meant = params.get("suggestion", "")
    return TextEdit(span, f"({meant})") if meant == span.text and not params.get("near") else None


_REPAIRS: Mapping[str, _Repair] = {
    "full-width-colon": _colon,
    "full-width-indent": _indent,
    "tab-indent": _indent,
    "tab-between": _tab,
    "curly-quotes": _quotes,
    "missing-blank": _missing_blank,
    "thousands-comma": _suggested("figure"),
    "full-width-sign": _plain_sign,
    "odd-blank": _odd_blank,
    "folded-expression": _folded,
    "bad-day": _day_here,
    "bad-form": _form,
    "needs-text": _text,
    "bad-amount": _amount,
    "unknown-key-here": _key,
    "not-allowed-value": _one_of("value", "allowed"),
    "no-such-option": _one_of("option", "options"),
    "unknown-operator": _word,
    "unexpected-character": _sign,
    "unknown-name": _suggested("apart"),
    "bad-date": _suggested("suggestion"),
    "bad-number": _number,
    "not-a-list": _single_option,
}

CERTAIN_CODES: frozenset[str] = frozenset(_REPAIRS)
"""Codes that have a certain repair in some of their cases."""
