"""Files as they lie: bytes come back as they were, but for the stretches that were edited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.fixes import TextEdit
from engine.source import Span
from engine.writing.text_file import TextFile, read_text_file

PIECES = st.lists(st.sampled_from(["甲", "b", " ", "\n", "\r\n", "\r", "：", "𠮷"]), max_size=30).map("".join)


@given(text=PIECES, encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_bytes_come_back(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    file = read_text_file(data, "x")
    assert file is not None
    assert file.data() == data


@given(before=PIECES, middle=PIECES, after=PIECES)
def test_an_edit_changes_its_stretch_only(before: str, middle: str, after: str) -> None:
    file = TextFile("x", f"{before}|{middle}|{after}")
    start = file.text.index("|") + 1
    end = file.text.index("|", start)
    changed = file.edited([TextEdit(Span(file.source, start, end), "新\n行")])
    assert changed.raw == f"{before}|新{file.line_end}行|{after}"


@pytest.mark.parametrize(
    ("raw", "end"), [("a\r\nb\r\nc\n", "\r\n"), ("a\nb\n", "\n"), ("a\rb\r", "\r"), ("", "\n"), ("a\r\nb\n", "\n")]
)
def test_the_line_end_that_prevails(raw: str, end: str) -> None:
    assert TextFile("x", raw).line_end == end


def test_bytes_of_no_text() -> None:
    assert read_text_file(b"\xff\xff\xff", "x") is None
