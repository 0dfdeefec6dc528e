"""One column's values in the form in which native code reads them.

In: an array, and the fact that it gives.  Out: a `Column`: its form, and the addresses of its buffers. What is
malformed is marked: the interpreter reads it, and refuses it or not.
Imports evaluation, policy and this floor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, Literal, TypeAlias, assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.evaluation.facts import written_steps
from engine.evaluation.fields import day_of
from engine.evaluation.identity import same_id
from engine.evaluation.plain import is_identity
from engine.language.types import Choice, DateType, ItemOf, Place, Quantity, Several, Text, Truth, Type
from engine.policy.model import Fact
from engine.records import dataclass
from engine.screening.amounts import counted
from engine.screening.kernel.blocks import Numbers
from engine.screening.kernel.texts import DECIMALS, amounts
from engine.screening.layout import is_plain, laid_out
from engine.screening.schema import FEN, is_text, unit_of

Kind: TypeAlias = Literal["number", "decimal", "truth", "code", "day", "id", "several"]
Array: TypeAlias = Any

EPOCH: Final = date(1970, 1, 1).toordinal()
NO_DAY: Final = -(2**31)
"""what stands for no day where days are counted; beyond all that can be"""
MALFORMED, EMPTY = 1, 2
"""how a row is marked: with something that cannot be read, with an item that is null"""
_FEW: Final = 4
"""where a list of texts is so many times shorter than the column, it is gone through text by text"""
_MOST_ODD: Final = 100
"""native code knows ids of visible ASCII alone: where one of so many has another sign, each is looked at"""


@dataclass(frozen=True, slots=True)
class Form:
    """How the values of an input are held. `nullable`: whether it has to be asked which are given.
    number   64 bits, counted in the fact's steps
    decimal  128 bits, likewise
    truth    a bitmap
    code     32 bits that lead into `extra`: the number of an option, a text or a place; -1 is none of these
    day      32 bits, days since 1970
    id       offsets of 32 bits into `extra`, which is UTF-8
    several  offsets of 32 bits into `extra`, which holds codes
    """

    kind: Kind
    nullable: bool


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """`values`, `valid` and `extra` are addresses; 0 for none."""

    form: Form
    values: int
    valid: int = 0
    extra: int = 0


class Marks:
    """Which rows of a batch hold something malformed, and which an item that is null."""

    def __init__(self, rows: int) -> None:
        self.rows: Array = np.zeros(rows, dtype=np.uint8)

    def add(self, items: Array, offsets: Array | None, mark: int = MALFORMED) -> None:
        """Mark the rows of these items; without offsets each is its own row."""
        if offsets is None:
            self.rows[items] |= mark
            return
        rows: Array = np.searchsorted(offsets, items, side="right") - 1
        inside = (rows >= 0) & (rows < len(self.rows))
        self.rows[rows[inside]] |= mark


class Values:
    """Of the columns of one batch.

    Args:
        kept: takes what has to live as long as the addresses are used.
    """

    def __init__(self, numbers: Numbers, kept: list[object], marks: Marks) -> None:
        self._numbers, self._kept, self._marks = numbers, kept, marks
        self._ids: dict[str, int] = {}

    def id(self, text: str) -> int:
        """The number of an id in this batch: ids that mean the same have the same; -1 of what is no id."""
        return self._ids.setdefault(same_id(text), len(self._ids)) if is_identity(text) else -1

    def mark_all(self, array: Array, offsets: Array | None = None) -> None:
        """Mark every row that holds anything here."""
        self._marks.add(np.flatnonzero(np.asarray(array.is_valid())), offsets)

    def column(
        self, fact: Fact, array: Array, written: pa.Field, offsets: Array | None, is_read: bool
    ) -> Column | None:
        """None of a text that nothing is worked out from. Where the column as a whole cannot be read, or has a number
        that no amount can be, every row with a value there is marked: to the others it is one of nulls."""
        if isinstance(fact.type, Text) and fact.role != "identity" and not is_read:
            self._unread(plain(array), offsets)
            return None
        found = None if pa.types.is_null(array.type) else self._read(fact, plain(array), written, offsets)
        if found is not None:
            return found
        self.mark_all(array, offsets)
        kind = Text() if fact.role == "identity" else fact.type
        return self._read(fact, _nothing(kind, len(array)), written, offsets)

    def _read(self, fact: Fact, array: Array, written: pa.Field, offsets: Array | None) -> Column | None:
        """None where the column as a whole cannot be read."""
        if fact.role == "identity":
            return self._identity(array)
        match fact.type:
            case Quantity():
                return self._quantity(fact, array, written, offsets)
            case Truth():
                if not pa.types.is_boolean(array.type):
                    return None
                return Column(Form("truth", self._nullable(array)), self._bits(array), self._validity(array))
            case DateType():
                return self._date(array)
            case Choice(options=options):
                ids = {option: place for place, (option, _) in enumerate(options)}
                return self.codes(array, lambda text: ids.get(text, -1))
            case Place(any_code=any_code):
                return self.codes(array, self._numbers.of if any_code else self._place)
            case Text():
                return self.codes(array, self._numbers.of)
            case ItemOf():
                return self.codes(array, self.id)
            case Several(of=of):
                return self._several(array, of, offsets)
        assert_never(fact.type)

    def _unread(self, array: Array, offsets: Array | None) -> None:
        """A text that nothing is worked out from has to be one all the same."""
        texts = array.dictionary if pa.types.is_dictionary(array.type) else array
        if not pa.types.is_null(texts.type) and not (is_text(texts.type) and _is_sound(texts)):
            self.mark_all(array, offsets)

    def _place(self, text: str) -> int:
        return self._numbers.of(text) if len(text) == 6 and text.isascii() and text.isdigit() else -1

    def _identity(self, array: Array) -> Column | None:
        if pa.types.is_dictionary(array.type):
            if len(array.dictionary) * _FEW <= len(array):
                return self.codes(array, self.id)
            array = array.dictionary_decode()
        if not is_text(array.type):
            return None
        array = array.cast(pa.string())
        _, places, text = array.buffers()
        if text is not None and _odd_signs(array) * _MOST_ODD > len(array):
            return self.codes(array, self.id)
        self._kept.append(array)
        address = places.address + 4 * array.offset
        return Column(
            Form("id", self._nullable(array)), address, self._validity(array), 0 if text is None else text.address
        )

    def _quantity(self, fact: Fact, array: Array, written: pa.Field, offsets: Array | None) -> Column | None:
        kind, decimals = array.type, fact.decimals
        if pa.types.is_decimal(kind) and kind.scale <= decimals:
            try:
                return self._decimal(array if _is_plain(kind, decimals) else array.cast(pa.decimal128(38, decimals)))
            except pa.ArrowInvalid:  # some number has no room beside so many decimals
                return None
        if pa.types.is_integer(kind):
            steps = 1 if unit_of(written) == FEN else written_steps(fact)
            if pa.types.is_uint64(kind) or (steps != 1 and _far(array, 2**62 // steps)):
                return None
            held = array.cast(pa.int64())
            return self._number(held if steps == 1 else pc.multiply(held, steps))
        if pa.types.is_float64(kind):
            count, meant = counted(np.asarray(array.fill_null(0)), decimals)
            self._marks.add(np.flatnonzero(~meant), offsets)
            return self._number(pa.array(count, mask=np.asarray(array.is_null()) if array.null_count else None))
        if is_text(kind) or (pa.types.is_dictionary(kind) and is_text(kind.value_type)):
            return self._from_texts(array, decimals, offsets)
        return None

    def _from_texts(self, array: Array, decimals: int, offsets: Array | None) -> Column | None:
        if decimals > DECIMALS:
            return None
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        count, written = amounts(array.cast(pa.string()), decimals)
        absent = np.asarray(array.is_null()) if array.null_count else None
        self._marks.add(np.flatnonzero(~written if absent is None else ~(written | absent)), offsets)
        return self._number(pa.array(count, mask=absent))

    def _number(self, array: Array) -> Column:
        self._kept.append(array)
        address = array.buffers()[1].address + 8 * array.offset
        return Column(Form("number", self._nullable(array)), address, self._validity(array))

    def _decimal(self, array: Array) -> Column:
        self._kept.append(array)
        address = array.buffers()[1].address + 16 * array.offset
        return Column(Form("decimal", self._nullable(array)), address, self._validity(array))

    def _date(self, array: Array) -> Column | None:
        if is_text(array.type) or pa.types.is_dictionary(array.type):
            coded = self.encoded(array)
            if coded is None:
                return None
            indices, texts = coded
            days = days_of(texts)[np.asarray(indices.fill_null(0))]
            array = pa.array(days, mask=np.asarray(indices.is_null())).cast(pa.date32())
        if not pa.types.is_date32(array.type):
            return None
        self._kept.append(array)
        address = array.buffers()[1].address + 4 * array.offset
        return Column(Form("day", self._nullable(array)), address, self._validity(array))

    def codes(self, array: Array, code: Callable[[str], int]) -> Column | None:
        coded = self.encoded(array)
        if coded is None:
            return None
        indices, texts = coded
        codes = np.array([-1 if text is None else code(text) for text in texts] or [-1], dtype=np.int32)
        self._kept += [indices, codes]
        address = indices.buffers()[1].address + 4 * indices.offset
        return Column(Form("code", self._nullable(indices)), address, self._validity(indices), codes.ctypes.data)

    def encoded(self, array: Array) -> tuple[Array, Sequence[str | None]] | None:
        """Places in a list of texts, and these; None where they are none."""
        if is_text(array.type):
            array = array.dictionary_encode()
        if not pa.types.is_dictionary(array.type) or not is_text(array.type.value_type):
            return None
        if not _is_sound(array.dictionary):
            return None
        indices = array.indices if pa.types.is_int32(array.type.index_type) else array.indices.cast(pa.int32())
        texts = array.dictionary.to_pylist()
        if array.dictionary.null_count:
            empty = np.array([text is None for text in texts])[np.asarray(indices.fill_null(0))]
            indices = pa.array(np.asarray(indices.fill_null(0)), mask=empty | np.asarray(indices.is_null()))
        return indices, texts

    def _several(self, array: Array, of: Type, offsets: Array | None) -> Column | None:
        if not is_list(array.type):
            return None
        if not pa.types.is_list(array.type):
            array = array.cast(pa.list_(array.type.value_field))
        coded = self.encoded(array.values if not pa.types.is_null(array.type.value_type) else pa.nulls(0, pa.string()))
        if coded is None:
            return None
        indices, texts = coded
        ids = {option: place for place, (option, _) in enumerate(of.options)} if isinstance(of, Choice) else None
        each = [-1 if text is None else self._numbers.of(text) if ids is None else ids.get(text, -1) for text in texts]
        codes = np.array(each or [-1], dtype=np.int32)[np.asarray(indices.fill_null(0))]
        codes = np.where(np.asarray(indices.is_null()), np.int32(-1), codes).astype(np.int32)
        places = np.frombuffer(array.buffers()[1], dtype=np.int32)[array.offset : array.offset + len(array) + 1]
        wrong = np.flatnonzero(codes < 0)
        lengths = np.diff(places) > 1_000
        items = np.unique(np.concatenate([np.searchsorted(places, wrong, side="right") - 1, np.flatnonzero(lengths)]))
        self._marks.add(items[(items >= 0) & (items < len(array))], offsets)
        self._kept += [array, places, codes]
        return Column(
            Form("several", self._nullable(array)), places.ctypes.data, self._validity(array), codes.ctypes.data
        )

    # ---- bitmaps

    def _nullable(self, array: Array) -> bool:
        return bool(array.null_count)

    def _validity(self, array: Array) -> int:
        return self.bitmap(array) if array.null_count else 0

    def bitmap(self, array: Array) -> int:
        """Which values are given, from the first bit of a byte on."""
        self._kept.append(array)
        return self._aligned(array.buffers()[0], array.offset, len(array))

    def _bits(self, array: Array) -> int:
        self._kept.append(array)
        return self._aligned(array.buffers()[1], array.offset, len(array))

    def _aligned(self, buffer: pa.Buffer, offset: int, length: int) -> int:
        if offset % 8 == 0:
            return int(buffer.address) + offset // 8
        bits = np.unpackbits(np.frombuffer(buffer, dtype=np.uint8), bitorder="little")[offset : offset + length]
        made = np.packbits(bits, bitorder="little")
        self._kept.append(made)
        return int(made.ctypes.data)


def _odd_signs(texts: Array) -> int:
    """How many bytes of some texts are no visible ASCII."""
    places = np.frombuffer(texts.buffers()[1], np.int32)
    signs = np.frombuffer(texts.buffers()[2], np.uint8)[places[texts.offset] : places[texts.offset + len(texts)]]
    return int(np.count_nonzero(signs - np.uint8(0x21) > 0x7E - 0x21))


def days_of(texts: Sequence[str | None]) -> Array:
    days = [None if text is None else day_of(text) for text in texts]
    return np.array([NO_DAY if day is None else day.toordinal() - EPOCH for day in days] or [NO_DAY], np.int32)


def _nothing(kind: Type, length: int) -> Array:
    match kind:
        case Quantity():
            return pa.nulls(length, pa.int64())
        case Truth():
            return pa.nulls(length, pa.bool_())
        case DateType():
            return pa.nulls(length, pa.date32())
        case Several():
            return pa.nulls(length, pa.list_(pa.string()))
        case Choice() | Text() | Place() | ItemOf():
            return pa.nulls(length, pa.string())


def is_list(kind: pa.DataType) -> bool:
    return any(is_one(kind) for is_one in (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list))


def plain(array: Array) -> Array:
    """In a layout that is read here; dictionaries and lists with offsets stay."""
    kind = array.type
    return array if pa.types.is_dictionary(kind) or is_list(kind) or is_plain(kind) else laid_out(array)


def _is_sound(texts: Array) -> bool:
    """Whether they are UTF-8."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _is_plain(kind: pa.DataType, decimals: int) -> bool:
    return bool(pa.types.is_decimal128(kind) and kind.scale == decimals)


def _far(array: Array, limit: int) -> bool:
    ends = pc.min_max(array)
    low, high = ends["min"].as_py(), ends["max"].as_py()
    return bool(low is not None and (low < -limit or high > limit))
