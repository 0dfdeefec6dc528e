"""Columns of text, and of Arrow's types, as the values of a field.

In: an Arrow array, the fact that it gives and the `Rule` of its column.  Out: an array of the type that `column_type`
says, with null for what is unknown, and the rows whose cell cannot be such a value.
Amounts, days and codes stay text: what is no such value is refused where a household's JSON is read, in the same words.
Only what has no text of its own here (a truth, a list) or has lost digits (an identity number that a spreadsheet made a
number of) is refused now. Work is done on distinct values wherever a column repeats itself.
Imports policy (`cells`), evaluation (`figures`) and language; pyarrow and numpy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal, InvalidOperation
from typing import Final, assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.diagnostics import Diagnostic
from engine.evaluation.figures import default_as_json
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth
from engine.policy.cells import day_text, squeezed, tidy
from engine.policy.model import Fact
from engine.records import dataclass

TRUTHS: Final = {"是": True, "true": True, "1": True, "否": False, "false": False, "0": False}
FEN: Final = "分"
UNITS: Final = {"元": Decimal(1), FEN: Decimal("0.01"), "万元": Decimal(10_000)}
_NO_TEXT: Final = r"^(?:[0-9](?:\.[0-9]+)?[Ee]\+[0-9]+|=.+|#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!))$"
"""digits that were lost, a formula, the fault of one"""
_BETWEEN: Final = re.compile(r"[\s,，、;；]+")
_NONE: Final = ("无", "[]")
_AMOUNT: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_BLANKS: Final = 0x20
_ODD: Final = (0x27, 0x3D, 0xC2, 0xE2, 0xE3, 0xEF)
"""bytes of which one stands, beside blanks, where something may have to be taken off: marks of texts, hidden signs"""
_NO_TEXT_BYTES: Final = (0x2B, 0x23, 0x3D)
"""likewise for what is no text"""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a mapping says of a column.

    Attributes:
        unit: of its amounts, a key of `UNITS`; the fact's own without one.
        default: a blank cell is the fact's default; otherwise it is unknown.
        blanks: texts that stand for a blank cell.
        values: what its texts mean.
    """

    unit: str = ""
    default: bool = False
    blanks: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Converted:
    """`faults` by row; the array holds null there."""

    array: pa.Array
    faults: Mapping[int, Diagnostic]
    blanks: int


CODED: Final = pa.dictionary(pa.int32(), pa.string())


def column_type(fact: Fact, given: pa.DataType, unit: str = "") -> pa.DataType | None:
    """The type of a field's column, made of one of this type; None where it can be none.

    Numbers stay what they are, but for those of another unit, which become texts in yuan; whole numbers may count fen.
    """
    if given == pa.null():
        given = pa.string()
    coded = pa.types.is_dictionary(given)
    if coded:
        given = given.value_type
    text = is_text(given)
    whole = pa.types.is_integer(given)
    match fact.type:
        case Quantity():
            number = whole or pa.types.is_decimal(given) or pa.types.is_floating(given)
            kept = number and (unit in ("", "元") or (unit == FEN and whole))
            return given if kept else pa.string() if text or number else None
        case Truth():
            return pa.bool_() if text or whole or pa.types.is_boolean(given) else None
        case DateType():
            if pa.types.is_date(given) or (pa.types.is_timestamp(given) and given.tz is None):
                return pa.date32()
            return pa.string() if text else None
        case Several():
            listed = pa.types.is_list(given) or pa.types.is_large_list(given)
            return pa.list_(pa.string()) if text or (listed and is_text(given.value_type)) else None
        case Choice():
            return CODED if text else None
        case Text() | ItemOf() | Place():
            return CODED if coded and text else pa.string() if text or whole else None
    assert_never(fact.type)


def is_text(given: pa.DataType) -> bool:
    return bool(pa.types.is_string(given) or pa.types.is_large_string(given) or pa.types.is_string_view(given))


class Cells:
    """Makes the values of one field.

    Args:
        path: of the field, for faults (`members.tuition`).
        wanted: the type of the field, of which `column_type` tells.
        typed: the file itself tells texts from what is absent (Parquet, Arrow, JSON): "" is a text, and blanks count.
    """

    def __init__(self, fact: Fact, path: str, rule: Rule, wanted: pa.DataType, *, typed: bool) -> None:
        self.fact = fact
        self.path = path
        self.type = made = wanted
        self._rule = rule
        self._typed = typed
        self._default = plain_default(fact, made, rule.unit) if rule.default else None
        self._of_text = self._reader()
        self._kept: dict[str, object] = {}

    def __call__(self, column: pa.Array) -> Converted:
        given = column.type
        if pa.types.is_null(given):
            column = column.cast(pa.string())
        elif pa.types.is_dictionary(given) and self.type != CODED:
            column = column.dictionary_decode()
        if isinstance(self.fact.type, Quantity) and not is_text(self.type):
            return self._filled(column, {})
        if column.type == self.type and not is_text(column.type) and column.type != CODED:
            return self._filled(column, {})
        if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
            return self._days(column)
        if pa.types.is_large_list(column.type) or pa.types.is_list(column.type):
            return self._filled(column.cast(self.type), {})
        if column.type != pa.string() and not pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        return self._texts(column) if self._of_text is None else self._distinct(column, self._of_text)

    # ---- texts

    def _texts(self, column: pa.Array) -> Converted:
        """Texts that stand for themselves; of those that stand as codes each is looked at once."""
        if pa.types.is_dictionary(column.type):
            return self._distinct(column, self._itself)
        column = self._trimmed(column)
        if isinstance(self.fact.type, Quantity) or not _has_any(_bytes(column), _NO_TEXT_BYTES):
            return self._filled(column, {})
        wrong = pc.match_substring_regex(column, _NO_TEXT).fill_null(False)
        found = np.flatnonzero(wrong.to_numpy(zero_copy_only=False)) if wrong.true_count else ()
        faults = {int(at): self._no_text(column[int(at)].as_py()) for at in found}
        return self._filled(column, faults)

    def _itself(self, text: str) -> object:
        return self._no_text(text) if re.match(_NO_TEXT, text) else text

    def _no_text(self, text: str) -> Diagnostic:
        code = "cell-digits-lost" if text[:1].isdigit() else "cell-without-value"
        shown = "…" if self.fact.private else text
        return Diagnostic.of(code, path=self.path, label=self.fact.label, found=shown)

    def _trimmed(self, column: pa.Array) -> pa.Array:
        """Without blanks around and the marks by which spreadsheets keep numbers text; blank cells are null."""
        if self._typed:
            return column
        data = _bytes(column)
        odd = bool((data <= _BLANKS).any()) or _has_any(data, _ODD)
        if odd:
            column = pc.utf8_trim_whitespace(column)
            marked = pc.match_substring_regex(column, "^['’‘＇=]|[\u200b\u200c\u200d\u2060\ufeff]")
            if marked.true_count:
                plain = pa.array([None if text is None else tidy(text) for text in column.to_pylist()], pa.string())
                column = pc.if_else(marked, plain, column)
        elif not self._rule.blanks:
            return column
        blank = pc.is_in(column, value_set=pa.array(["", *self._rule.blanks], pa.string()), skip_nulls=True)
        return pc.if_else(blank, None, column) if blank.true_count else column

    def _filled(self, column: pa.Array, faults: Mapping[int, Diagnostic]) -> Converted:
        """With the default in the place of blanks, where the mapping says so; a default of fen counts them."""
        blanks = column.null_count
        if self._default is not None and blanks:
            decoded = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            column = pc.if_else(decoded.is_null(), self._default, decoded)
            column = column.dictionary_encode() if pa.types.is_dictionary(self.type) else column
        return Converted(column, faults, blanks)

    # ---- distinct values

    def _distinct(self, column: pa.Array, read: Callable[[str], object]) -> Converted:
        """Each distinct text is read once."""
        coded = column if pa.types.is_dictionary(column.type) else self._trimmed(column).dictionary_encode()
        texts = coded.dictionary.to_pylist()
        wrong: dict[int, Diagnostic] = {}
        values: list[object] = []
        for at, text in enumerate(texts):
            value = self._kept.get(text, _UNREAD)
            if value is _UNREAD:
                value = self._rule.values.get(text, text)
                value = read(str(value))
                if len(self._kept) < _MOST_KEPT:
                    self._kept[text] = value
            if isinstance(value, Diagnostic):
                wrong[at] = value
                value = None
            values.append(value)
        made = self._taken(values, coded)
        faults: dict[int, Diagnostic] = {}
        if wrong:
            indices = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            for row in np.flatnonzero(np.isin(indices, list(wrong))):
                faults[int(row)] = wrong[int(indices[row])]
        found = self._filled(made, faults)
        return Converted(found.array, faults, found.blanks - len(faults))

    def _taken(self, values: Sequence[object], coded: pa.DictionaryArray) -> pa.Array:
        """The values at their places; options stay codes, of which each stands for another option."""
        if not pa.types.is_dictionary(self.type):
            return pa.array(values, self.type).take(coded.indices)
        options = list(dict.fromkeys(value for value in values if value is not None))
        if options == values == coded.dictionary.to_pylist():
            return coded.cast(self.type)
        codes = {option: code for code, option in enumerate(options)}
        places = pa.array([codes.get(value) for value in values], pa.int32())
        return pa.DictionaryArray.from_arrays(places.take(coded.indices), pa.array(options, pa.string()))

    def _reader(self) -> Callable[[str], object] | None:
        """What a distinct text is; None for texts that stand for themselves."""
        match self.fact.type:
            case Truth():
                return self._truth
            case Choice() as choice:
                options = options_of(choice)
                return lambda text: options.get(squeezed(text), text)
            case DateType():
                return lambda text: day_text(text) or text
            case Place():
                return lambda text: squeezed(text) if squeezed(text).isdigit() else text
            case Several(of=of):
                return lambda text: _entries(of, text)
            case Quantity():
                factor = UNITS[self._rule.unit or "元"]
                if factor != 1:
                    return lambda text: _scaled(text, factor)
            case Text() | ItemOf():
                pass
        return str if self._rule.values else None

    def _truth(self, text: str) -> object:
        found = TRUTHS.get(squeezed(text).lower())
        if found is not None:
            return found
        shown = "…" if self.fact.private else f"“{text}”"
        return Diagnostic.of("fact-not-yes-no", path=self.path, label=self.fact.label, found=shown)

    # ---- types of Arrow

    def _days(self, column: pa.Array) -> Converted:
        """A moment that is not midnight is no day."""
        days = column.cast(pa.date32(), safe=False)
        faults: dict[int, Diagnostic] = {}
        if pa.types.is_timestamp(column.type):
            back = days.cast(column.type)
            for at in np.flatnonzero(pc.not_equal(back, column).fill_null(False).to_numpy(zero_copy_only=False)):
                found = "…" if self.fact.private else str(column[int(at)])
                faults[int(at)] = Diagnostic.of("date-form", path=self.path, label=self.fact.label, found=found)
        return self._filled(days, faults)


_UNREAD: Final = object()
_MOST_KEPT: Final = 1 << 16


def _bytes(column: pa.Array) -> np.ndarray:
    """All bytes of its texts, and perhaps of their neighbours."""
    data = column.buffers()[2]
    return np.frombuffer(data if data is not None else b"", np.uint8)


def _has_any(data: np.ndarray, wanted: tuple[int, ...]) -> bool:
    return any(bool((data == byte).any()) for byte in wanted)


def options_of(choice: Choice) -> dict[str, str]:
    labels = {squeezed(label): option for option, label in choice.options}
    return labels | {option: option for option, _ in choice.options}


def _entries(kind: Choice | Text, text: str) -> list[str]:
    """Several entries of one cell, with blanks or signs between them; `无` is none."""
    if text in _NONE:
        return []
    options = options_of(kind) if isinstance(kind, Choice) else {}
    return [options.get(squeezed(part), part) for part in _BETWEEN.split(text) if part]


def _scaled(text: str, factor: Decimal) -> str:
    """An amount in yuan; what is none stays, and is refused in its own words."""
    if not _AMOUNT.fullmatch(text):
        return text
    try:
        return f"{(Decimal(text) * factor).normalize():f}"
    except InvalidOperation:
        return text


def plain_default(fact: Fact, type_: pa.DataType, unit: str) -> pa.Scalar | None:
    """The value of an absent field, as its column has it."""
    if fact.default is None:
        return None
    value = default_as_json(fact)
    if isinstance(value, bool | list):
        return pa.scalar(value, type_)
    text = f"{Decimal(str(value)) * 100:f}" if unit == FEN and not is_text(type_) else str(value)
    return pa.scalar(text, pa.string()).cast(type_.value_type if pa.types.is_dictionary(type_) else type_)
