"""Telling households apart in a file, by content alone and without reading on."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from engine.cli.households import Form, read


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
