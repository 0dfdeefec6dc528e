"""A fault of syntax, told in the author's words.

In: where the parser stopped, what it found there and what would have fitted (terminal names of the grammar).
Out: one Diagnostic that names the mistake where it is a common one; terminal names never reach the author.
Imports words, units, spoken and the ground floor.
"""

from __future__ import annotations

import re
from typing import Literal

from engine.diagnostics import Reporter
from engine.language.spacing import spaced
from engine.language.spoken import SLASHED, TIMES, factors, iso_day
from engine.language.units import listed, meant_unit
from engine.language.words import NEAR_FUNCTIONS, NEAR_WORDS, SIGNS, WORDS, language_of
from engine.records import dataclass
from engine.source import Span
from engine.suggest import Near

_OPERANDS = frozenset({"NAME", "NUMBER", "DATE", "TEXT", "YES", "NO", "PREVIOUS", "LPAR", "IF", "NOT", "MINUS"}) | {
    word.terminal for word in WORDS.values() if word.role == "function"
}
_COMPARISONS = frozenset(word.terminal for word in WORDS.values() if word.role == "compare")
_LINKS = ("THEN", "ELSE", "FOR", "WHERE", "COMMA", "RPAR", "RSQB", "LPAR", "EQ")
_CHARACTERS = {
    "、": "，", "；": "，", ";": "，", "：": "=", ":": "=", "&": "and", "|": "or",
    "!": "not", "！": "not", "'": '"', "‘": "“", "’": "”", "＂": '"', "＇": '"',
    "「": "“", "」": "”", "『": "“", "』": "”", "{": "(", "}": ")", "【": "(",
    "】": ")", "〔": "(", "〕": ")", "–": "-", "—": "-", "√": "yes",
}  # fmt: skip
"""what a character must mean, a comma as a Chinese one, which ends no entry in the braces of YAML; `～` and `^` have no
sign here, and one that comes near would say something else"""


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Offsets count in `text`, which is folded and as long as the author's. `found` is "" for a character that
    starts no token and `$END` for the end; `before` is the token in front of it, "" at the start."""

    text: str
    found: str
    start: int
    end: int
    expected: frozenset[str]
    before: str
    before_start: int
    before_end: int

    @property
    def found_text(self) -> str:
        return self.text[self.start : self.end]

    @property
    def before_text(self) -> str:
        return self.text[self.before_start : self.before_end]


def explain(fault: SyntaxFault, span: Span, report: Reporter) -> None:
    """Report the fault at its place in the file."""
    if (share := _around(_SHARE, fault)) is not None:
        _explain_product(fault, share, (share[1], f"{share[2]}%"), "share", span, report)
    elif (times := _around(TIMES, fault)) is not None:
        _explain_product(fault, times, factors(times), "times", span, report)
    elif (day := _around(SLASHED, fault)) is not None:
        report.tell("bad-date", span.at(*day.span()), date=day[0], suggestion=iso_day(day))
    elif fault.found == "":
        _explain_character(fault, span, report)
    elif fault.found == "$END":
        _explain_end(fault, span, report)
    elif "NUMBER" in fault.expected:
        _explain_missing_operand(fault, span, report)
    else:
        _explain_token(fault, span, report)


_SHARE = re.compile(r"((?:[^\W\d]\w*\.)?[^\W\d]\w*?)\s*的\s*([0-9]+(?:\.[0-9]+)?)\s*%")
"""the share of an amount as one says it: `家庭收入的40%`"""


def _around(pattern: re.Pattern[str], fault: SyntaxFault) -> re.Match[str] | None:
    """What the fault lies within, or begins behind the first sign of."""
    return next((one for one in pattern.finditer(fault.text) if one.start() <= fault.start < one.end()), None)


def _explain_product(
    fault: SyntaxFault, said: re.Match[str], of: tuple[str, str], hint: str, span: Span, report: Reporter
) -> None:
    """Two factors without the sign between them; `hint` says how they were put."""
    product = f"{of[0]} * {of[1]}"
    if fault.text[: said.start()].rstrip().endswith("/"):
        product = f"({product})"
    params = {"before": of[0], "found": of[1], "suggestion": "", hint: product, "where": ""}
    report.tell("missing-operator", span.at(*said.span()), path="", related=(), **params)


def _explain_character(fault: SyntaxFault, span: Span, report: Reporter) -> None:
    rest = fault.text[fault.start :]
    sign = span.text[fault.start]
    twice = rest[:2] in ("&&", "||")
    at = span.at(fault.start, fault.start + 1 + twice)
    if rest[0] in '"“':
        report.tell("unclosed-text", at, quote='"' if rest[0] == '"' else "”")
    elif rest[0] in "0123456789":
        _explain_digits(fault, rest, span, report)
    elif rest[0] == "”":
        report.tell("unexpected-character", at, character=sign, suggestion="“")
    else:
        suggestion = _CHARACTERS.get(sign, "")
        if suggestion == "not" and "NUMBER" not in fault.expected:
            suggestion = ""  # between two values it was to be a comparison, and which one is not known
        elif suggestion in ("and", "or", "not", "yes"):
            word = _spelled(suggestion.upper(), fault.text)
            before = fault.text[: fault.start][-1:]
            # a word run into its neighbours would be a part of their names
            after = rest[1 + twice :][:1]
            suggestion = f"{' ' if before.isalnum() else ''}{word}{' ' if after.isalnum() else ''}"
        shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
        # what ends a sentence, and what cannot be seen, has no place at all; a comma only inside brackets
        stray = not rest[1:].strip(" \n；;。.，,、") or not sign.isprintable()
        if stray or (suggestion == "，" and not _open_brackets(fault.text[: fault.start])):
            suggestion = ""
        params = {"character": shown, "suggestion": suggestion, "stray": shown if stray else ""}
        report.tell("unexpected-character", at, path="", related=(), **params)


def _explain_digits(fault: SyntaxFault, rest: str, span: Span, report: Reporter) -> None:
    run = re.match(r"[\w.]+", rest)
    text = run[0] if run else rest[0]
    at = span.at(fault.start, fault.start + len(text))
    day = re.match(r"([0-9]{4})[年.]([0-9]{1,2})[月.]([0-9]{1,2})日?$", text)
    if day:
        report.tell("bad-date", at, date=text, suggestion=f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}")
        return
    grouped = re.search(r"[0-9]{1,3}(?:\s*,\s*[0-9]{3})*\s*,\s*$", fault.text[: fault.start])
    if grouped and re.fullmatch(r"[0-9]{3}", text):
        whole = re.sub(r"[\s,]", "", grouped[0]) + text
        report.tell("bad-number", span.at(grouped.start(), fault.start + len(text)), number=text, suggestion=whole)
        return
    number = re.match(r"[0-9][0-9_]*(?:\.[0-9]+)?", text)
    word = text[number.end() :] if number else ""
    if number and re.fullmatch(r"[^\W\d]\w*", word) and not re.match(r"[eE][0-9]", word):
        apart = spaced(word, None)
        if apart:
            report.tell("unknown-name", at, name=text, suggestion="", apart=f"{number[0]} {apart}")
            return
        declared = span.source.units
        meant = meant_unit(word, declared)
        units = "" if meant else listed(declared)
        report.tell("unknown-unit", at, unit=word, suggestion=meant, units=units, glued=text)
        return
    plain = re.fullmatch(r"[0-9_]+(?:\.[0-9_]+)?", text)
    suggestion = re.sub(r"^0+(?=[0-9])", "", text.replace("_", "")) if plain else ""
    report.tell("bad-number", at, number=text, suggestion=suggestion)


def _explain_end(fault: SyntaxFault, span: Span, report: Reporter) -> None:
    at = span.at(fault.before_start, fault.before_end)
    open_brackets = _open_brackets(fault.text)
    if open_brackets and fault.expected & {"RPAR", "RSQB"}:
        place = open_brackets[-1]
        close = ")" if fault.text[place] == "(" else "]"
        report.tell("missing-bracket", span.at(place, place + 1), bracket=close, opening=fault.text[place])
    elif word := _expected_link(fault):
        report.tell("missing-word", at, word=word, after=fault.before_text)
    else:
        report.tell("unexpected-end", at, after=fault.before_text)


_OPERATORS = {
    "=>": ">=", ">=": ">=", ">==": ">=", "=<": "<=", "<=": "<=", "<==": "<=", "!==": "!=", "<>": "!=",
}  # fmt: skip
"""a comparison in two signs that are apart or the wrong way round; `><` and `>>` say nothing for certain"""


def _explain_missing_operand(fault: SyntaxFault, span: Span, report: Reporter) -> None:
    """A value should begin here and does not."""
    at = span.at(fault.start, fault.end)
    found = span.text[fault.start : fault.end]
    if fault.found in ("IF", "NOT"):
        report.tell("needs-brackets", at, found=found, part=found)
    elif meant := _OPERATORS.get("".join(fault.text[fault.before_start : fault.end].split()), ""):
        both = span.at(fault.before_start, fault.end)
        report.tell("unknown-operator", both, found=both.text, suggestion=meant)
    elif fault.before:
        report.tell("missing-operand", at, found=found, after=fault.before_text)
    else:
        report.tell("unexpected-word", at, found=found)


def _explain_token(fault: SyntaxFault, span: Span, report: Reporter) -> None:
    at = span.at(fault.start, fault.end)
    found = span.text[fault.start : fault.end]
    grouped = re.match(r"(?:,[0-9]{3})+(?![\w.])", fault.text[fault.start :])
    if grouped and fault.before == "NUMBER" and "COMMA" not in fault.expected:
        whole = fault.before_text + grouped[0]
        grouped_at = span.at(fault.before_start, fault.start + grouped.end())
        report.tell("bad-number", grouped_at, number=whole, suggestion=whole.replace(",", ""))
    elif fault.found == "DOT" and fault.before == "NUMBER":
        number = span.at(fault.before_start, fault.end)
        report.tell("bad-number", number, number=number.text, suggestion=fault.before_text)
    elif fault.expected <= {"NAME"}:
        report.tell("missing-name", at, found=found, after=fault.before_text)
    elif fault.before in ("IN", "NOT_IN", "OVERLAPS"):
        alone = found if fault.found == "TEXT" else ""
        report.tell("missing-list", at, found=found, after=fault.before_text, alone=alone)
    elif fault.found in _COMPARISONS and "AND" in fault.expected:
        report.tell("chained-comparison", at, operator=found, word=_spelled("AND", fault.text))
    elif fault.found in ("RPAR", "RSQB") and not _open_brackets(fault.text[: fault.start]):
        report.tell("stray-bracket", at, bracket=found)
    elif fault.found in _OPERANDS and fault.found not in fault.expected and fault.expected & {"AND", "PLUS"}:
        _explain_two_values(fault, span, report)
    else:
        day = _spelled("ON", fault.text) if fault.expected == {"EQ"} else ""
        report.tell("unexpected-word", at, found=found, word=_expected_link(fault), day=day)


def _explain_two_values(fault: SyntaxFault, span: Span, report: Reporter) -> None:
    """Two values side by side."""
    at = span.at(fault.start, fault.end)
    before, found = fault.before_text, fault.found_text
    near = NEAR_WORDS.get(before) or NEAR_WORDS.get(found)
    if near:
        wrong = before if before in NEAR_WORDS else found
        where = span.at(fault.before_start, fault.before_end) if before in NEAR_WORDS else at
        report.tell("unknown-operator", where, found=wrong, suggestion=near)
    elif fault.found == "LPAR" and fault.before == "NAME":
        name_at = span.at(fault.before_start, fault.before_end)
        meant = NEAR_FUNCTIONS.get(before.lower()) or Near(before, _FUNCTIONS)
        report.tell("unknown-function", name_at, name=before, suggestion=meant)
    elif before in _FUNCTIONS and fault.found != "LPAR":
        name_at = span.at(fault.before_start, fault.before_end)
        report.tell("needs-brackets", name_at, found=before, call=f"{before}(…)")
    elif fault.before == "NUMBER" and fault.found == "NAME" and before[-1].isdigit():
        declared = span.source.units
        meant = meant_unit(found, declared)
        report.tell("unknown-unit", at, unit=found, suggestion=meant, units="" if meant else listed(declared))
    else:
        apart = spaced(found, None) if fault.found == "NAME" else ""
        params = {"before": before, "found": found, "suggestion": apart, "where": "" if apart else _where(fault)}
        report.tell("missing-operator", at, path="", related=(), **params)


_BOTH: tuple[Literal["zh", "en"], ...] = ("zh", "en")
_FUNCTIONS = [word.spelled(language) for word in WORDS.values() if word.role == "function" for language in _BOTH]


def _where(fault: SyntaxFault) -> str:
    """Behind the collection of a calculation over its items stands the word that begins their condition."""
    call = re.search(r"(\w+)\s*\(\s*$", fault.text[: fault.before_start])
    ask = WORDS["WHERE"]
    over = call is not None and fault.before == "NAME" and call[1] in _OVER_ITEMS
    return ask.spelled(language_of(fault.text)) if over else ""


_OVER_ITEMS = {WORDS[terminal].spelled(language) for terminal in ("ANY", "EVERY", "COUNT") for language in _BOTH}


def _expected_link(fault: SyntaxFault) -> str:
    """The one word or sign that a construct still wants (`那么`, `对`, `)`), or ""."""
    if "NUMBER" in fault.expected:
        return ""
    wanted = [terminal for terminal in _LINKS if terminal in fault.expected]
    # a comparison sign fits after every value; only a parameter's key really wants its `=`
    if "EQ" in wanted and "LT" in fault.expected:
        wanted.remove("EQ")
    return _spelled(wanted[0], fault.text) if wanted else ""


def _spelled(terminal: str, text: str) -> str:
    """The word in the language the author writes in."""
    if terminal in SIGNS:
        return SIGNS[terminal]
    word = WORDS[terminal]
    if word.signs:
        return word.signs[0]
    return word.spelled(language_of(text))


def _open_brackets(text: str) -> list[int]:
    """Offsets of the brackets that are not closed, outermost first."""
    stack: list[int] = []
    for found in re.finditer(r'"[^"\n]*"|“[^”\n]*”|[()\[\]]', text):
        if found[0] in ("(", "["):
            stack.append(found.start())
        elif found[0] in (")", "]") and stack:
            stack.pop()
    return stack
