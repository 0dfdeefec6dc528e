"""JSON text read strictly: every trouble has its own code and place, numbers keep their text."""

from __future__ import annotations

import pytest

from engine.errors import HouseholdError
from engine.evaluation.json_text import MOST_BYTES, MOST_LEVELS, NumberText, printable, read_json


def refusal(data: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(HouseholdError) as caught:
        read_json(data)
    assert caught.value.to_dict()["outcome"] == "refused"
    return [(found.code, found.path) for found in caught.value.diagnostics]


def test_numbers_keep_their_text() -> None:
    assert read_json('{"a": 1.10, "b": 1e999999999, "c": -0, "d": [12345678901234567890]}') == {
        "a": NumberText("1.10"),
        "b": NumberText("1e999999999"),
        "c": NumberText("-0"),
        "d": [NumberText("12345678901234567890")],
    }


def test_text_bytes_and_byte_order_mark() -> None:
    expected = {"姓名": "张三", "x": [True, False, None]}
    text = '{"姓名": "张三", "x": [true, false, null]}'
    for data in (text, "\ufeff" + text, text.encode(), b"\xef\xbb\xbf" + text.encode(), bytearray(text.encode())):
        assert read_json(data) == expected


@pytest.mark.parametrize(
    ("data", "code", "path"),
    [
        ("", "not-json", "$"),
        ("{", "not-json", "$"),
        ("{'a': 1}", "not-json", "$"),
        ('{"a": 1,}', "not-json", "$"),
        ('{"a": 01}', "not-json", "$"),
        ('{"a": "\n"}', "not-json", "$"),
        ('{"a": 1} {"b": 2}', "not-json", "$"),
        ('{"id": "张三"}'.encode("gb18030"), "json-encoding", "$"),
        ("{}".encode("utf-16"), "json-encoding", "$"),
        (b'{"a": "\xed\xa0\x80"}', "json-encoding", "$"),
        (" " * (MOST_BYTES + 1), "json-too-large", "$"),
        ("[" * (MOST_LEVELS + 1) + "]" * (MOST_LEVELS + 1), "json-too-deep", "$"),
        ("[" * 100_000, "json-too-deep", "$"),
        ('{"a":' * 100_000, "json-too-deep", "$"),
        ('{"members": [{"id": "a", "id": "b"}]}', "json-duplicate-key", "members[0]"),
        ('{"a": 1, "a": 1}', "json-duplicate-key", "$"),
        ('{"members": [{"cost": NaN}]}', "json-not-finite", "members[0].cost"),
        ('{"a": -Infinity}', "json-not-finite", "a"),
        ('{"members": [{"id": "\\ud800"}]}', "json-lone-surrogate", "members[0].id"),
        ('{"a": {"\\uDC00": 1}}', "json-lone-surrogate", "a"),
        ('{"a": "\ud800"}', "json-lone-surrogate", "a"),
    ],
)
def test_refused(data: str | bytes, code: str, path: str) -> None:
    assert refusal(data) == [(code, path)]


def test_all_troubles_of_a_text_are_told() -> None:
    assert refusal('{"a": NaN, "b": {"c": 1, "c": 2}, "d": "\\ud800"}') == [
        ("json-not-finite", "a"),
        ("json-duplicate-key", "b"),
        ("json-lone-surrogate", "d"),
    ]


def test_what_is_not_refused() -> None:
    deep = "[" * MOST_LEVELS + "]" * MOST_LEVELS
    assert read_json(deep) is not None
    brackets = '{"a": "' + "[" * 1000 + '", "b": "\\"' + "{" * 1000 + '"}'
    assert read_json(brackets) == {"a": "[" * 1000, "b": '"' + "{" * 1000}
    assert read_json('"\\ud83d\\ude00"') == "😀"


def test_printable() -> None:
    assert printable("家庭编号") == "家庭编号"
    assert printable("a\ud800\n") == "a\\ud800\\u000a"
    assert len(printable("x" * 1000)) == 80
