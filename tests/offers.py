"""What the help of a diagnostic offers to write, put into the file as a person would who follows it.

In: a diagnostic and the text of its file.  Out: for each offer the text with it written in.
`OFFERS` says of each code which parameters of its hints are such offers, and where each goes; `TOLD` which ones only
tell something (a figure, a kind, a list to choose from, the argument of a command).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from engine.diagnostics import Diagnostic
from engine.fixes import apply_edits, certain_fix
from engine.messages import CODES

Way: TypeAlias = Callable[[str, Diagnostic, str], str | None]
"""The text of the file with the offer in its place; None where it is not in the file."""


def _start(fault: Diagnostic) -> int:
    return 0 if fault.span is None else fault.span.start


def _put(text: str, start: int, end: int, offer: str) -> str:
    return text[:start] + offer + text[end:]


def whole(text: str, fault: Diagnostic, offer: str) -> str:
    """In the place of all that the fault points at."""
    assert fault.span is not None
    return _put(text, fault.span.start, fault.span.end, offer)


def of(name: str) -> Way:
    """In the place of what a parameter quotes: within the stretch or behind it, else before it."""

    def way(text: str, fault: Diagnostic, offer: str) -> str | None:
        quoted = dict(fault.params)[name]
        at = text.find(quoted, _start(fault))
        at = text.rfind(quoted, 0, _start(fault)) if at < 0 else at
        return None if at < 0 else _put(text, at, at + len(quoted), offer)

    return way


def in_quotes(text: str, fault: Diagnostic, offer: str) -> str | None:
    """In the place of a text of a household, which the message shows in quotes."""
    found = f'"{dict(fault.params)["found"].strip("“”")}"'
    return text.replace(found, f'"{offer}"', 1) if found in text else None


def literal(text: str, fault: Diagnostic, offer: str) -> str | None:
    """In the place of the number that it begins with."""
    params = dict(fault.params)
    number = re.match(r"[0-9.]+", offer)
    assert number is not None
    for side in ("right", "left"):
        if params[side].startswith(number[0]):
            return of(side)(text, fault, offer)
    return None


def compared(text: str, fault: Diagnostic, offer: str) -> str | None:
    """In the place of the comparison; of the side that it begins with where there is none."""
    params = dict(fault.params)
    assert fault.span is not None
    if params["left"] in fault.span.text and params["right"] in fault.span.text:
        return whole(text, fault, offer)
    side = max((params[name] for name in ("left", "right") if offer.strip("(").startswith(params[name])), key=len)
    at = text.rfind(side, 0, fault.span.end)
    return _put(text, at, at + len(side), offer)


def declared(text: str, fault: Diagnostic, offer: str) -> str | None:
    """Where it is declared, by the name that is used."""
    place = dict(fault.related)["declared-so"].start
    at = text.index(offer, place)
    return _put(text, at, at + len(offer), dict(fault.params)["name"])


def requoted(text: str, fault: Diagnostic, offer: str) -> str | None:
    """In the place of what it says without quotes, or with them, within what the fault points at."""
    assert fault.span is not None
    inside = fault.span.text
    bare = offer.strip("“”") if offer.startswith("“") else f'"{offer}"'
    bare = bare if bare in inside else f"“{offer}”" if f"“{offer}”" in inside else inside
    return whole(text, fault, inside.replace(bare, offer, 1))


def bracketed(text: str, fault: Diagnostic, offer: str) -> str | None:
    """In the place of the text without its quotes, which ends behind the fault."""
    at = text.rfind(offer[1:2], 0, _start(fault))
    at = text.rindex(offer[1:-1], 0, _start(fault) + len(offer)) if at >= 0 else at
    return None if at < 0 else _put(text, at, at + len(offer) - 2, offer)


def guarded(text: str, fault: Diagnostic, offer: str) -> str | None:
    """In the place of the quotient that it guards."""
    inner = re.search(r"(?:那么|then) (.*) (?:否则|else) 0\)$", offer)
    assert inner is not None
    at = text.rindex(inner[1], 0, _start(fault) + len(inner[1]))
    return _put(text, at, at + len(inner[1]), offer)


def across(text: str, fault: Diagnostic, offer: str) -> str | None:
    """In the place of the comparison, which goes to the end of its line."""
    left = re.split(r" [<>=!]+ ", offer)[0]
    at = text.rindex(left, 0, _start(fault))
    end = re.compile(r"['}]*\n").search(text, at)
    assert end is not None
    return _put(text, at, end.start(), offer)


def rounded(text: str, fault: Diagnostic, offer: str) -> str | None:
    """In the place of what it rounds; in quotes, since its comma would end an entry in braces."""
    inner = re.match(r"\w+\((.*), ", offer)
    assert inner is not None
    assert fault.span is not None
    calculation = fault.span.text.replace(inner[1], offer)
    return _put(text, fault.span.start, fault.span.end, f'"{calculation}"')


def at_end(word: str) -> Way:
    """Behind the last value of a calculation."""

    def way(text: str, fault: Diagnostic, offer: str) -> str | None:
        del offer
        assert fault.span is not None
        return _put(text, fault.span.end - 1, fault.span.end, f" {dict(fault.params)[word]} 0)")

    return way


def line_for(key: str) -> Way:
    """The line of a key of the file, which it replaces; a line below the first where there is none."""

    def way(text: str, fault: Diagnostic, offer: str) -> str | None:
        del fault
        changed, times = re.subn(rf"(?m)^{key}:.*$", f"{key}: {offer}", text, count=1)
        return changed if times else text.replace("\n", f"\n{key}: {offer}\n", 1)

    return way


def entry(key: str) -> Way:
    """In the place of the value of a key of the entry that the fault points into."""

    def way(text: str, fault: Diagnostic, offer: str) -> str | None:
        start = text.rindex("\n", 0, _start(fault)) + 1
        return text[:start] + re.sub(rf"(?<={key}: )[^,}}]+", offer, text[start:], count=1)

    return way


def promise(text: str, fault: Diagnostic, offer: str) -> str | None:
    """As a further key of the change; what had no keys of its own first gets one."""
    params = dict(fault.params)
    start = _start(fault)
    end = text.index("\n", start)
    key, _, value = text[start:end].partition(": ")
    if params.get("bare"):
        return _put(text, start, end, f"{key}: {{{params['bare']}: {value}, effect: {offer}}}")
    return _put(text, start, end, f"{key}: {value.rstrip('}')}, effect: {offer}}}")


def taken_over(text: str, fault: Diagnostic, offer: str) -> str | None:
    """As a condition of the cause."""
    del offer
    params = dict(fault.params)
    line = f"{params['condition']}: {{same_as: {params['source']}}}"
    empty = text.find("conditions: {}", _start(fault))
    return None if empty < 0 else _put(text, empty, empty + len("conditions: {}"), f"conditions: {{{line}}}")


def set_apart(text: str, fault: Diagnostic, offer: str) -> str:
    """With a blank behind it, where there is none yet."""
    assert fault.span is not None
    behind = text[fault.span.end : fault.span.end + 1]
    return whole(text, fault, offer if behind.isspace() else f"{offer} ")


def indented(text: str, fault: Diagnostic, offer: str) -> str | None:
    assert fault.span is not None
    return _put(text, fault.span.start, fault.span.start + len(fault.span.text), " " * int(offer))


def asked(text: str, fault: Diagnostic, offer: str) -> str | None:
    """In front of what it begins."""
    assert fault.span is not None
    return whole(text, fault, f"{offer} {fault.span.text}")


def renamed(text: str, fault: Diagnostic, offer: str) -> str | None:
    """A header, which the fault points at, by the name that it must have."""
    del offer
    return whole(text, fault, dict(fault.params)["column"])


def quoted_item(text: str, fault: Diagnostic, offer: str) -> str | None:
    del fault
    return text.replace(offer, f'"{offer}"', 1)


_NEAREST: Mapping[str, Way] = {"suggestion": whole}
_NAMED = ("unknown-cause", "unknown-collection", "unknown-target")


def _quoted(code: str) -> str:
    """The parameter that holds what was written: the first in the message that stands in backticks."""
    quoted: list[str] = re.findall(r"`\{([a-z]+)\}`", CODES[code].zh)
    return quoted[-1] if code in ("case-unknown-option",) else quoted[0]


_CASES = [
    code
    for code, held in CODES.items()
    if code.startswith(("case-", "difference-")) and "suggestion" in (held.hints or {})
]

_PLAIN = """
amounts-gap amounts-overlap bad-amounts
bad-date bad-default bad-number bad-range bad-unit condition-alone date-difference expected-whole item-fact-outside
missing-unit no-such-option no-such-table not-a-policy not-a-value not-allowed-value not-an-owner
row-place unexpected-character unknown-condition unknown-counting-word unknown-fact unknown-field unknown-function
unknown-jurisdiction unknown-key unknown-key-here unknown-key-kind unknown-operator unknown-option unknown-parent
unknown-policy unknown-repeal unknown-table-key
"""

OFFERS: Mapping[str, Mapping[str, Way]] = {
    **dict.fromkeys(
        _PLAIN.split(),
        _NEAREST,
    ),
    **{code: {"suggestion": of(_quoted(code))} for code in _CASES},
    **{code: {"suggestion": of("name")} for code in _NAMED},
    "bad-place-code": {"quoted": whole},
    "expected-type": {"quoted": whole, "unquoted": whole},
    "type-mismatch": {"quoted": requoted, "unquoted": requoted},
    "unknown-place": {**_NEAREST, "quoted": whole},
    "ambiguous-name": {"household": whole, "item": whole},
    "amends-amendment": {"base": whole},
    "amends-draft": {"status": line_for("status")},
    "bad-amount": {"plain": whole},
    "bare-number": {"suggestion": whole, "plain": of("other")},
    "confusable-character": {"meant": whole},
    "effect-not-stated": {"wanted": promise},
    "expected-unit": dict.fromkeys(("written", "divide", "multiply", "period", "months", "factor"), whole),
    "full-width-sign": {"text": quoted_item, "plain": set_apart},
    "jurisdiction-outside": {"parent": whole},
    "thousands-comma": {"figure": whole},
    "missing-blank": {"sign": lambda text, fault, offer: whole(text, fault, f"{offer} ")},
    "missing-operator": {"suggestion": whole, "share": whole, "times": whole, "where": asked},
    "missing-list": {"alone": lambda text, fault, offer: whole(text, fault, f"({offer})")},
    "must-use": {"source": taken_over},
    "needs-else": {"word": at_end("word")},
    "not-a-collection": {**_NEAREST, "declared": declared},
    "not-a-list": {
        "declared": declared,
        "suggestion": lambda text, fault, offer: whole(text, fault, f"({offer})"),
        "near": whole,
    },
    "not-an-option": {"suggestion": in_quotes},
    "not-in-territory": {"suggestion": of("place")},
    "not-several": {"suggestion": of("operator")},
    "number-may-grow": {"rounded": rounded},
    "overlay-beside": {"whole": line_for("amends")},
    "possible-zero-divisor": {"guarded": guarded, "across": across},
    "several-needs-overlaps": {"word": of("operator")},
    "text-after-value": {"quoted": bracketed},
    "unit-mismatch": {
        "written": literal,
        **dict.fromkeys(("both", "divide", "multiply", "period", "months", "factor", "spread"), compared),
    },
    "unknown-column": {"suggestion": whole, "named": renamed},
    "no-such-values": {"suggestion": of("name")},
    "reference-to-nobody": {"suggestion": in_quotes},
    "table-column-unknown": {"suggestion": of("column")},
    "unknown-argument": {"suggestion": of("name")},
    "unknown-household-field": {"suggestion": of("field")},
    "unknown-name": {"declared": declared, "suggestion": whole, "quoted": whole, "apart": whole, "joined": whole},
    "unknown-unit": {"suggestion": of("unit")},
    "column-not-placed": {"suggestion": of("column")},
    **{f"mapping-no-{what}": {"suggestion": of("name")} for what in ("table", "field", "column", "value")},
    "unused-suppression": {"policy": entry("policy"), "element": entry("element"), "profile": whole},
    "value-unit": {"written": whole},
    "wrong-indent": {"wanted": indented, "above": indented},
}
"""where the offers of a code go, by the parameter that holds them"""

_TOLD = """
policy-twice: copies
reference-to-nobody: list there
effect-not-kept effect-unproved: beside count effect known_on
values-set-there: document
always-false always-true: left_least left_most right_least right_most
bad-form bad-key: form
bad-key: label
bad-unit unknown-unit: units
bidi-character confusable-character invisible-character keys-without-value: more
case-no-such-item: count
bad-workbook: where
case-no-such-sheet: hidden
cause-without-part column-lacks-unit no-value-columns: example
cause-without-part: joins
cell-struck: kept
input-damaged: row
column-lacking items-lacking join-lacking: label
rows-hidden: count
chained-comparison: word
unexpected-word: day word
column-not-known: both choice other
date-difference: days
effect-not-stated: bare
encoding-doubt: other
exemption-not-open: targets
expected-truth expected-type type-mismatch: choice date item number place several text truth
expected-type: want_choice
json-too-large: passed_over
key-without-column: headers key label
boundary-open: above below both
values-mixed: text
missing-operator: before found
must-use: condition
needs-brackets: call part
name-taken: other
needs-quotes: sign
nested-aggregate: text
no-case-selected: suggestion
no-policy-in-force: known_on
no-such-option no-value-columns option-not-open: options
not-allowed-value unknown-key-here: allowed
not-in-force: name
not-in-force target-not-in-force: start until
not-open: amends
outside-guard: key
overlay-beside: apart outer
places-without-row value-retroactive: start
policy-without-case: policy
table-column-type: moment wanted
unit-mismatch: days
not-a-collection not-a-list unknown-name: name
unknown-column: column header
unknown-counting-word: words
unknown-table-key: keys
unknown-unit: glued
value-retroactive: published
no-such-method: allowed
not-acceptable: offered
not-that-media bad-argument: wanted
unknown-argument: known
never-met never-fails standard-not-reached condition-implied cause-covered check-refuses-all check-refuses-none: only
more-either-way: household losing
support-cliff: household
readings-alike: household open
"""
TOLD: Mapping[str, frozenset[str]] = {
    code: frozenset(
        name
        for codes, names in (line.split(": ") for line in _TOLD.strip().splitlines())
        if code in codes.split()
        for name in names.split()
    )
    for code in CODES
}
"""what only tells something: a figure, a kind, all that is possible, a form, a word of many, a command's argument"""

_ADVICE = """
effect-unproved meaning-changed policy-twice
cell-digits-lost cell-without-value column-lacking column-type columns-alike count-differs household-twice
input-damaged input-kind input-mixed input-not-found item-refused item-without-household item-without-id items-lacking
join-lacking rows-hidden mapping-no-default mapping-not-amount no-households row-cells row-of-totals
table-not-placed
alias-refused already-exists always-false always-true ambiguous-place bad-csv bad-escape bad-key bad-key-kind bad-name
bad-place-row bad-truth bad-workbook bidi-character boundary-open bracket-in-braces
case-bad-path case-expects-nothing case-failed case-given-item
case-given-value case-no-such-item case-policy-broken case-row-length case-several-sheets case-unconfirmed
case-without-household
cause-without-case cause-without-part cell-amount cell-blank cell-day cell-error cell-far cell-far-before cell-formula
cell-not-cents cell-raised cell-range cell-shown cell-struck cell-zero chain-too-long chained-comparison
change-not-shown change-without-case circle colon-in-value column-hidden column-lacks-unit column-missing
column-not-known column-twice column-unit columns-disagree comma-in-braces constant-in-expression county-without-value
dash-not-here default-of-required difference-gone difference-not-run duplicate-key empty-element encoding-doubt
equal-rank escaped-expression excel-not-installed exemption-not-open expected-truth expression-too-deep
expression-too-long file-not-readable file-not-writable file-too-large guard-loosened header-twice invisible-character
json-blank json-encoding json-too-large key-too-long key-without-column keys-without-value label-figure
label-figure-open label-unit
marginal-of-what merge-key missing-blank-before missing-citation missing-colon missing-comma missing-dash
missing-source more-reasons
mutant-survives name-is-word name-taken needs-brackets needs-list needs-mapping needs-quotes needs-value
nested-aggregate no-case-found no-case-selected no-causes no-local-requirements no-places-found no-policy-found
no-policy-in-force no-start no-value-columns not-a-record not-found-has-value not-in-force not-json not-open
not-ordered not-text not-utf8 not-yaml-ending only-one-of option-not-open options-without-column outside-guard
overlay-only-key overlay-twice partial-new-place path-outside places-without-row policy-unusable policy-without-case
range-gap refers-without-identity repeal-not-allowed repeated-condition repeated-identity repeated-operand
role-missing proof-not-installed lsp-not-installed serve-not-installed user-twice
password-not-hashed effect-not-kept
screen-not-installed table-column-lacking table-column-twice table-column-type table-column-unit
table-not-arrow row-ambiguous row-hidden row-lacks-key
row-name-differs self-outside several-documents several-policies severity-fixed shadowed-value sheets-hidden
stale-value state-not-counted
table-kind table-not-readable table-too-long table-too-many-cells table-too-wide target-not-in-force text-after-array
text-not-one-line text-too-long too-many-pairs too-many-periods tuple-needs-list
unexpected-word unknown-then
unused-fact unused-list unused-parameter unused-reading unused-term value-expected value-jump value-needs-keys
value-ended value-outlier value-overlap value-retroactive value-unpublished value-zero values-differ values-mixed
values-only-set
values-set-there workbook-too-large yaml-syntax zero-step
cause-covered change-without-effect check-refuses-all check-refuses-none condition-implied more-either-way never-fails
never-met not-analysed readings-alike standard-not-reached support-cliff
wrong-host wrong-origin no-token
no-such-address no-such-method not-acceptable not-that-media body-too-large body-too-slow bad-argument
too-many-households too-many-at-once service-busy service-slow service-failed
"""
ADVICE = frozenset(_ADVICE.split())
"""codes whose help says what to do in words only, and whose repairs are not certain"""


def offers(fault: Diagnostic, text: str) -> Iterator[tuple[str, str]]:
    """Each offer of a diagnostic by its parameter, `certain` for its edit, and the text with it written in."""
    params = CODES[fault.code].worded("zh", dict(fault.params))
    for name, way in OFFERS.get(fault.code, {}).items():
        if params.get(name) and (after := way(text, fault, params[name])) is not None:
            yield name, after
    if (edit := certain_fix(fault)) is not None:
        yield "certain", apply_edits(text, [edit])
