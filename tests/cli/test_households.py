"""Telling households apart in a file, by content alone and without reading on."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from engine.cli import elements as elements_module
from engine.cli import households as households_module
from engine.cli.given import BLANKS, Given
from engine.cli.households import Form, read
from engine.errors import HouseholdError
from engine.evaluation.json_text import read_json


@pytest.mark.parametrize(
    ("given", "form", "found"),
    [
        (b'{"a":1}', Form.LINE, [(b'{"a":1}', "f")]),
        (b'{\n"a":1}\n', Form.OBJECT, [(b'{\n"a":1}\n', "f")]),
        (b'{"members": [\n{"a":1}\n]}', Form.OBJECT, [(b'{"members": [\n{"a":1}\n]}', "f")]),
        (b'{"a":1}\n\n{"b":2}', Form.LINES, [(b'{"a":1}\n', "f:1"), (b'{"b":2}', "f:3")]),
        # the first line is broken, not the form
        (b'{"a":1\n{"b":2}\n', Form.LINES, [(b'{"a":1\n', "f:1"), (b'{"b":2}\n', "f:2")]),
        (b"[]", Form.ARRAY, []),
        (b'[{"a":"],["},\n\n{"b":[1]}]', Form.ARRAY, [(b'{"a":"],["}', "f:1"), (b'{"b":[1]}', "f:3")]),
        # what one element fails to close spoils no other
        (b'[{"a":[1}, {"b":2}]', Form.ARRAY, [(b'{"a":[1}', "f:1"), (b'{"b":2}', "f:1")]),
        (b'[{"a":1}}, {"b":2}]', Form.ARRAY, [(b'{"a":1}}', "f:1"), (b'{"b":2}', "f:1")]),
        (b'[{"a":"x},\n{"b":2}]', Form.ARRAY, [(b'{"a":"x}', "f:1"), (b'{"b":2}', "f:2")]),
        (b'[{"a":"\\\\"}, {"b":"\\""}]', Form.ARRAY, [(b'{"a":"\\\\"}', "f:1"), (b'{"b":"\\""}', "f:1")]),
    ],
)
def test_forms(given: bytes, form: Form, found: list[tuple[bytes, str]]) -> None:
    households = read(io.BytesIO(given), "f")
    assert households.form is form
    assert [(one.text, one.place) for one in households.households] == found


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        (b"", ["empty-input"]),
        (b"[{},]", ["", "empty-element"]),
        (b"[,{}]", ["empty-element", ""]),
        (b"[{}", ["", "array-not-closed"]),
        (b"[{}] []", ["", "text-after-array"]),
    ],
)
def test_faults_of_the_file(given: bytes, faults: list[str]) -> None:
    assert [one.fault for one in read(io.BytesIO(given), "f").households] == faults


class _Endless(io.RawIOBase):
    """A stream of lines that never ends, as a pipe may be."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # any writable buffer
        line = b'{"id": 1}\n'
        buffer[: len(line)] = line
        return len(line)


def test_lines_are_read_as_they_come() -> None:
    households: Iterator[object] = read(io.BufferedReader(_Endless(), 64), "f").households  # type: ignore[type-var, arg-type, unused-ignore] # BinaryIO by structure
    assert [next(households) for _ in range(1000)]


HOUSEHOLD = b'{"county": "140105"}'
MARKS = frozenset({"county"})


@pytest.mark.parametrize(
    ("given", "form", "found"),
    [
        # line ends, marks and blanks that JSON has, and those that it has not
        (b"\xef\xbb\xbf{}\r\n{}\r\n", Form.LINES, ["f:1 {}", "f:2 {}"]),
        (b"\xef\xbb\xbf", Form.EMPTY, ["f !empty-input"]),
        (b"\r\n\t \n", Form.EMPTY, ["f !empty-input"]),
        (b"\x0c\n{}\n", Form.LINES, ["f:1 \x0c", "f:2 {}"]),
        (b"{}\n\x0b\n\xc2\xa0\n{}", Form.LINES, ["f:1 {}", "f:2 \x0b", "f:3 \u00a0", "f:4 {}"]),
        (b"[{},\x0c{}]", Form.ARRAY, ["f:1 {}", "f:1 \x0c", "f:1 {}"]),
        (b'{"a":"\xe2\x80\xa8"}\n{}', Form.LINES, ['f:1 {"a":"\u2028"}', "f:2 {}"]),
        # commas and brackets that belong to no array
        (b"{}\n,\n{}\n", Form.LINES, ["f:1 {}", "f:2 ,", "f:3 {}"]),
        (b"{},\n{},\n", Form.LINES, ["f:1 {},", "f:2 {},"]),
        (b"{}{}\n", Form.LINE, ["f {}{}"]),
        (b"{}{}\n{}\n", Form.LINES, ["f:1 {}{}", "f:2 {}"]),
        (b"][", Form.LINE, ["f ]["]),
        (b"[] []", Form.ARRAY, ["f:1 !text-after-array"]),
        (b"[{}][{}]", Form.ARRAY, ["f:1 {}", "f:1 !text-after-array", "f:1 {}"]),
        (b"[{}\n{}]", Form.ARRAY, ["f:1 {}", "f:2 !comma-missing", "f:2 {}"]),
        (b"[{},,{}]", Form.ARRAY, ["f:1 {}", "f:1 !empty-element", "f:1 {}"]),
        (b"{\n}\n{\n}\n", Form.OBJECT, ["f {\n}\n{\n}"]),
        # what is no object
        (b'"text"', Form.LINE, ['f "text"']),
        (b"5\n6\n", Form.LINES, ["f:1 5", "f:2 6"]),
        (b'["text", 5, null, [], {}]', Form.ARRAY, ['f:1 "text"', "f:1 5", "f:1 null", "f:1 []", "f:1 {}"]),
        # other encodings
        ("{}".encode("utf-16"), Form.LINE, ["f !json-encoding"]),
        ("{}".encode("utf-16-be"), Form.LINE, ["f !json-encoding"]),
        ("{}".encode("utf-32-le"), Form.LINE, ["f !json-encoding"]),
        (b"\x00" * 9, Form.LINE, ["f !json-encoding"]),
    ],
)
def test_each_has_one_clear_answer(given: bytes, form: Form, found: list[str]) -> None:
    households = read(io.BytesIO(given), "f")
    assert households.form is form
    assert [told(one) for one in households.households] == found


def told(one: Given) -> str:
    return f"{one.place} !{one.fault}" if one.fault else f"{one.place} {one.text.strip(BLANKS).decode()}"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        # the first line is broken in a way that the second could go on with
        (b'{"id":"a",\n' + HOUSEHOLD, ["f:1", "f:2"]),
        (b'{"members":[\n' + HOUSEHOLD, ["f:1", "f:2"]),
        (b'{"members":[\n' + HOUSEHOLD + b"\n" + HOUSEHOLD, ["f:1", "f:2", "f:3"]),
        (b"x\ny\n" + HOUSEHOLD, ["f:1", "f:2", "f:3"]),
        # an object over several lines, broken or not, is one
        (b'{"members":[{"a":1},\n{"b":2}\n]}', ["f"]),
        (b'{"members":[{"a":1}\n{"b":2}\n]}', ["f"]),
        (b'{"id": "a,\n"members":[\n{"b":2}\n]}', ["f"]),
        (b'\n\n{\n"id" "a"}\n', ["f"]),
    ],
)
def test_lines_and_an_object_over_lines_are_told_apart(given: bytes, found: list[str]) -> None:
    assert [one.place for one in read(io.BytesIO(given), "f", MARKS).households] == found


def test_a_fault_is_placed_in_the_file() -> None:
    for given, place in (
        (b'\n\n{\n"id" "a"}\n', ("4", "6")),
        (b'[{},\n  {"\xe7\x94\xb2" 1}]', ("2", "8")),
        (b'[{}, {"a"\n1}]', ("2", "1")),
        (b'{}\n{"a" 1}', ("2", "6")),
        (b'{}\n{"a":\n', ("2", "6")),
    ):
        *_, last = read(io.BytesIO(given), "f", MARKS).households
        with pytest.raises(HouseholdError) as caught:
            read_json(last.text)
        (found,) = last.placed(caught.value).diagnostics
        params = dict(found.params)
        assert (params["line"], params["column"]) == place


class _Long(io.RawIOBase):
    """A stream of a beginning, one byte over and over, and an end."""

    def __init__(self, first: bytes, byte: bytes, times: int, last: bytes) -> None:
        self._parts = [first, last] if first else [last]
        self._byte, self._times = byte, times

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # any writable buffer
        if len(self._parts) == 1 and self._times:
            size = min(len(buffer), self._times)
            buffer[:size] = self._byte * size
            self._times -= size
            return size
        part = self._parts.pop(0) if self._parts else b""
        buffer[: len(part)] = part
        return len(part)


def long(first: bytes, byte: bytes, times: int, last: bytes) -> io.BufferedReader:
    return io.BufferedReader(_Long(first, byte, times, last), 1 << 10)  # type: ignore[arg-type] # any writable buffer


MOST = 1 << 13


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (households_module, elements_module):
        monkeypatch.setattr(module, "MOST_BYTES", MOST)
        monkeypatch.setattr(module, "MOST_PASSED_OVER", 10 * MOST)
    monkeypatch.setattr(households_module, "_PIECE", 1 << 10)


BETWEEN = {
    "lines": (b'{"county":1}\n{"a":"', b"x", b'"}\n{"county":2}\n'),
    "lines, the first": (b'{"a":"', b"x", b'"}\n{"county":2}\n'),
    "lines, blank": (b'{"county":1}\n', b" ", b'\n{"county":2}\n'),
    "array, a text": (b'[{"county":1},{"a":"', b"x", b'"},{"county":2}]'),
    "array, a number": (b'[{"county":1},', b"7", b',{"county":2}]'),
    "array, lists": (b'[{"county":1},{"a":', b"[", b'},{"county":2}]'),
    "array, an unclosed text": (b'[{"county":1},{"a":"', b"\\", b',{"county":2}]'),
}


@pytest.mark.parametrize("kind", BETWEEN)
@pytest.mark.usefixtures("small_limits")
def test_one_that_is_too_long_is_not_held(kind: str) -> None:
    first, byte, last = BETWEEN[kind]
    tracemalloc.start()
    given = list(read(long(first, byte, 8 * MOST, last), "f", MARKS).households)  # type: ignore[arg-type, unused-ignore]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sound = [one.text.strip(BLANKS) for one in given if one.text]
    assert sound == [one for one in (b'{"county":1}', b'{"county":2}') if one in first + last]
    assert [one.fault for one in given if one.fault] == ["json-too-large"]
    assert most < 12 * MOST


@pytest.mark.parametrize("first", [b"", b"{", b"[", b'[{"a":"', b'{}\n{"a":"'])
@pytest.mark.usefixtures("small_limits")
def test_what_never_ends_is_given_up(first: bytes) -> None:
    for byte in (b"\x00", b"x", b"{", b'"'):
        given = list(read(long(first, byte, 1 << 60, b""), "f", MARKS).households)  # type: ignore[arg-type, unused-ignore]
        last = given[-1]
        assert last.fault in ("json-too-large", "json-encoding")
        assert all(last.diagnostic.message(language) for language in ("zh", "en"))
        assert last.fault == "json-encoding" or last.endless
