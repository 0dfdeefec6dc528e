"""GB18030 read as UTF-8: the same text as Python's decoder makes of it, wherever the pieces end."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.screening.kernel.encoding import utf8
from engine.screening.reading.gb18030 import AsUtf8
from engine.screening.reading.source import open_source
from tests.screening.reading.forms import households_of

_SIGNS = st.sampled_from('a,1\n" 是否王é€①㐀𠀀𬭎\ue000\uffff')  # of one byte, of two and of four
_BYTES = st.sampled_from([0x00, 0x30, 0x39, 0x40, 0x61, 0x7F, 0x80, 0x81, 0x84, 0xA1, 0xFE, 0xFF])


def _read(data: bytes, most: int) -> bytes:
    stream = AsUtf8(io.BytesIO(data))
    return b"".join(iter(lambda: bytes(stream.read(most)), b""))


@given(st.lists(_SIGNS, max_size=60).map("".join), st.integers(1, 12), st.integers(1, 12), st.integers(4, 12))
def test_texts(text: str, piece: int, most: int, some: int) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr("engine.screening.reading.gb18030._PIECE", piece)
        changed.setattr("engine.screening.reading.gb18030._SOME", some)
        assert _read(text.encode("gb18030"), most).decode() == text


@given(st.lists(_BYTES, max_size=12).map(bytes), st.integers(1, 12))
def test_what_is_none_of_it(data: bytes, piece: int) -> None:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        text = None
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr("engine.screening.reading.gb18030._PIECE", piece)
        if text is None:
            with pytest.raises(UnicodeDecodeError):
                _read(data, 8)
        else:
            assert _read(data, 8).decode() == text


def test_every_character_of_two_bytes() -> None:
    pairs = [bytes([lead, trail]) for lead in range(0x7F, 256) for trail in range(256)]
    for pair in pairs:
        try:
            text = pair.decode("gb18030")
        except UnicodeDecodeError:
            text = pair.decode("gb18030", "ignore") if pair[0] < 0x80 else ""
        made, taken = utf8(pair)
        assert (bytes(made).decode(), taken) == (text, len(text.encode("gb18030")))


def test_a_rare_character_and_a_row_of_too_many_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.screening.reading.gb18030._PIECE", 61)
    own = "家庭编号,申请日期,行政区划代码\n𠀀1,2023-06-15,140105\n𠀀2,2023-06-15,140105,多了\n"
    inner = "家庭编号,成员编号,姓名\n𠀀1,1,王㐀\n𠀀2,1,王𬭎\n"
    for name, text in (("家庭.csv", own), ("成员.csv", inner)):
        (tmp_path / name).write_bytes(text.encode("gb18030"))
    source = open_source([tmp_path], engine.load())
    [found] = households_of(source)
    assert found["id"] == "𠀀1"
    told = [one.code for part in source.batches() for one in part.refused]
    assert sorted(told) == ["item-without-household", "row-cells"]
