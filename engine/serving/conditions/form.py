"""The page of a condition: what was typed, what it says, the lines that it would write.

In: posted fields, a snapshot, a file.  Out: `Sheet`, which the template shows.
Imports making, opened, rows, vocabulary, choices and below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from engine.diagnostics import Diagnostic, render
from engine.editing.workspace import File, Snapshot
from engine.language.printer import print_expression
from engine.policy.cells import day_text
from engine.records import dataclass
from engine.say import Say
from engine.serving.conditions.choices import How, expression_of, rule_of
from engine.serving.conditions.making import Made, Wish, faults_of, made, taken
from engine.serving.conditions.opened import KINDS, Kind, Opening, Present, opened, present
from engine.serving.conditions.placing import field_of
from engine.serving.conditions.rows import MOST_TEXT, Fault, Row, SideRow, chosen, fits, new_row, posted, rows_of
from engine.serving.conditions.vocabulary import Vocabulary, vocabulary
from engine.writing.expressions import parsed
from engine.writing.refused import Refused

MOST_EXPRESSION: Final = 4000
_EFFECT_WORDS: Final = {"narrower": ("“只会更严”", "“only narrower”"), "wider": ("“只会更宽”", "“only wider”")}
"""as the form offers them"""
_TEXTS: Final = (
    "target", "key", "id", "label", "cites", "sense", "start", "document", "effect", "value", "unit", "fact_kind",
    "default",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What the check says of the change, with the line it is about.

    Attributes:
        field: of the form, that it is about; "" for none. Then `fault` is what to do there.
    """

    is_error: bool
    text: str
    field: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    Attributes:
        texts: the fields besides the rows, as typed.
        raw: whether the expression is written out, not chosen; `expression` is what it is either way.
        trouble: why nothing came of it, in a sentence.
    """

    file: File
    kind: Kind
    opening: Opening | None
    words: Vocabulary
    texts: Mapping[str, str]
    how: How
    rows: tuple[Row, ...]
    raw: bool
    expression: str = ""
    faults: tuple[Fault, ...] = ()
    trouble: str = ""
    made: Made | None = None
    told: tuple[Told, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.texts.get(name, "")

    @property
    def target_label(self) -> str:
        """What people call what it is about."""
        targets = () if self.opening is None else self.opening.targets
        return next((one.label for one in targets if one.id == self["target"]), self["target"])

    @property
    def has_expression(self) -> bool:
        return self.kind in ("condition", "requirement", "exemption")

    @property
    def may_be_written(self) -> bool:
        return self.made is not None and self.made.may_be_written and not self.faults


def begun(snapshot: Snapshot, file: File, kind: Kind, target: str, say: Say) -> Sheet:
    """An empty form."""
    opening = _opening(snapshot, file, kind, target, say)
    effect = "" if opening is None else opening.effect
    texts = {"target": target, "sense": "when", "effect": effect, "fact_kind": "yes_no"}
    rows = (new_row("r.0."),)
    return Sheet(file, kind, opening, vocabulary(snapshot, file, say), texts, "all", rows, raw=False)


def of_present(snapshot: Snapshot, file: File, one: Present, say: Say) -> Sheet:
    """The form of what is there; with the expression written out where choices cannot say it."""
    known = dict(one.values)
    target = one.key.partition(".")[0] if one.kind in ("condition", "fact") else one.key
    target = "" if one.kind == "requirement" else target
    texts = {
        "target": target, "key": one.key, "label": one.label, "cites": one.cites, "sense": one.sense or "when",
        "start": one.start, "document": one.document, "effect": one.effect, "unit": known.get("unit", ""),
        "default": known.get("default", ""), "value": one.expression if one.kind == "threshold" else "",
        "fact_kind": next((kind for kind in ("yes_no", "unit", "whole", "date", "text") if kind in known), "yes_no"),
    }  # fmt: skip
    rule = one.rule if one.rule is not None and fits(one.rule) else None
    how: How = "all" if rule is None else rule.how
    rows = () if rule is None else rows_of(rule)
    opening = _opening(snapshot, file, one.kind, target, say)
    words = vocabulary(snapshot, file, say)
    return Sheet(file, one.kind, opening, words, texts, how, rows, rule is None, one.expression)


def found_present(file: File, kind: str, key: str) -> Present | None:
    return next((one for one in present(file) if (one.kind, one.key) == (kind, key)), None)


def answered(snapshot: Snapshot, file: File, fields: Mapping[str, Sequence[str]], say: Say) -> Sheet:
    """The form as posted, with what it would write."""

    def one(name: str, most: int = MOST_TEXT) -> str:
        return next(iter(fields.get(name, ())), "").strip()[:most]

    do, kind = one("do"), one("kind")
    chosen_kind: Kind = kind if kind in KINDS else "condition"
    texts = {name: one(name) for name in _TEXTS}
    how, rows = posted(fields, do)
    raw = bool(one("raw")) if do not in ("choose", "write-out") else do == "write-out"
    opening = _opening(snapshot, file, chosen_kind, texts["target"], say)
    words = vocabulary(snapshot, file, say)
    if do not in ("preview", "write"):  # it is shown before anything comes of it
        rows = tuple(_with_units(row, words) for row in rows)
    sheet = Sheet(file, chosen_kind, opening, words, texts, how, rows, raw, one("expression", MOST_EXPRESSION))
    return _worked_out(snapshot, _with_expression(sheet, do, say), say)


def _with_units(row: Row, words: Vocabulary) -> Row:
    """With the unit of what an amount is held against, where neither number nor unit is given yet."""
    left, right = (
        replace(one, rows=tuple(_with_units(inner, words) for inner in one.rows)) for one in (row.left, row.right)
    )
    inner = tuple(_with_units(one, words) for one in row.rows)
    return replace(row, left=_in_unit(left, right, words), right=_in_unit(right, left, words), rows=inner)


def _in_unit(side: SideRow, beside: SideRow, words: Vocabulary) -> SideRow:
    other = beside["word"] if beside.kind == "word" else beside["of"] if beside.is_total else ""
    units = words.units_for(other) if words.named(other) is not None else ("",)
    if side.kind != "amount" or side["unit"] or side["number"] or not units or "" in units:
        return side
    return replace(side, values={**side.values, "unit": units[0]})


def _with_expression(sheet: Sheet, do: str, say: Say) -> Sheet:
    """With the expression that the rows say, or with the rows of an expression that was written out."""
    if not sheet.has_expression:
        return sheet
    if do == "choose":
        tree = parsed(sheet.expression, sheet.file.source.units)
        rule = None if tree is None else rule_of(tree)
        if rule is None or not fits(rule):
            text = say("这个表达式表单说不了，仍用文字写", "the form cannot say this expression; it stays written out")
            return replace(sheet, raw=True, trouble=text)
        return replace(sheet, how=rule.how, rows=rows_of(rule))
    if sheet.raw and do != "write-out":
        if sheet.expression:
            return sheet
        return replace(sheet, faults=(Fault("expression", "写一个表达式", "write an expression"),))
    rule, faults = chosen(sheet.how, sheet.rows)
    if rule is None:
        return replace(sheet, faults=faults)
    return replace(sheet, expression=print_expression(expression_of(rule), "zh"))


def wish_of(sheet: Sheet) -> tuple[Wish, tuple[Fault, ...]]:
    texts = sheet.texts
    day = day_text(texts.get("start", ""))
    bad = (
        (Fault("start", "不是日期，写成 2027-01-01", "no date; write 2027-01-01"),)
        if texts.get("start") and day is None
        else ()
    )
    start = None if day is None else date.fromisoformat(day)
    given = {name: texts.get(name, "") for name in _TEXTS if name != "start"}
    expression = " ".join(sheet.expression.split()) if sheet.has_expression else ""
    wish = Wish(sheet.kind, start=start, expression=expression, **given)
    return wish, (*(one for one in faults_of(wish) if not bad or one.field != "start"), *bad)


def _worked_out(snapshot: Snapshot, sheet: Sheet, say: Say) -> Sheet:
    wish, faults = wish_of(sheet)
    sheet = replace(sheet, faults=(*faults, *taken(sheet.file, wish), *sheet.faults))
    if sheet.opening is None:
        text = say("上级没有放开这一项，不能改", "the level above has not opened this")
        return replace(sheet, trouble=text)
    if sheet.faults or sheet.trouble:
        return sheet
    try:
        result = made(snapshot, sheet.file, wish)
    except Refused as refused:
        return replace(sheet, trouble=say(refused.zh, refused.en))
    return replace(sheet, made=result, told=tuple(_told(sheet, result, one, say) for one in result.found))


def _told(sheet: Sheet, made: Made, one: Diagnostic, say: Say) -> Told:
    is_error, text = one.severity == "error", str(render(one, say.language))
    field = field_of(one, made, () if sheet.raw else sheet.rows) if is_error else ""
    words = say("；", "; ").join((one.message(say.language), *one.help_lines(say.language)))
    for effect, told in _EFFECT_WORDS.items() if field == "effect" else ():
        words = words.replace(f"`{effect}`", say(*told))
    return Told(is_error, text, field, words if field else "")


def _opening(snapshot: Snapshot, file: File, kind: Kind, target: str, say: Say) -> Opening | None:
    """What opens it: of thresholds the one of that name; of others that of the kind, if it has the target."""
    held = [one for one in opened(snapshot, file, say).openings if one.kind == kind]
    fitting = [one for one in held if any(each.id == target for each in one.targets)]
    return next(iter(fitting), held[0] if held and not target else None)
