"""One household that is broken, in an array or among lines, stops no other: whatever was done to its bytes."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import pytest

from engine.cli.elements import elements
from engine.cli.given import Given
from engine.cli.households import read
from engine.errors import HouseholdError
from engine.evaluation.json_text import read_json
from tests.fuzz.watchdog import repetitions
from tests.oracle.households import household

MARKS: Final = frozenset({"county", "application_date"})
RUNS: Final = 160
ODD: Final = b'{}[]",:\\ \n\t0x\x00\xe5\xff\x0c'


def drawn(rng: random.Random, number: int) -> dict[str, object]:
    found: dict[str, object] = household(rng, f"H-{number}")
    if rng.random() < 0.3:
        found["remark"] = rng.choice(('a "b" {', "},{", "[", "\\", ":", "", "甲，乙", '","', "county"))
    if rng.random() < 0.2:
        found["vehicles"] = [{"price": 1, "tags": [[1, 2], {}]}] * rng.randrange(3)
    keys = list(found)
    if rng.random() < 0.3:
        rng.shuffle(keys)
    return {key: found[key] for key in keys}


def damaged(rng: random.Random, text: bytes) -> bytes:
    """Bytes put in, taken out, changed; or the text cut off."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        at = rng.randrange(len(text))
        put = bytes(rng.choice(ODD) for _ in range(rng.choice((1, 1, 2))))
        match rng.randrange(5):
            case 0:
                text = text[:at] + put + text[at:]
            case 1:
                text = text[:at] + text[at + rng.choice((1, 1, 2, 20)) :]
            case 2:
                text = text[: at + 1]
            case 3:
                text = text[at:]
            case _:
                text = text[:at] + put + text[at + len(put) :]
        if not text:
            return b"?"
    return text


Style = Callable[[object], bytes]
STYLES: Final[dict[str, tuple[Style, bytes]]] = {
    "one line": (lambda each: json.dumps(each).encode(), b", "),
    "one line, no blanks": (lambda each: json.dumps(each, separators=(",", ":")).encode(), b","),
    "one line each": (lambda each: json.dumps(each, ensure_ascii=False).encode(), b",\n"),
    "indented": (lambda each: json.dumps(each, indent=2, ensure_ascii=False).encode(), b",\r\n  "),
    "comma first": (lambda each: json.dumps(each, indent=0).encode(), b"\n, "),
}


def answered(given: Sequence[Given], sound: dict[bytes, int]) -> None:
    """Every sound household is given once, whole and on its line; all else is refused or a fault."""
    for text, line in sound.items():
        same = [one for one in given if one.text.strip(b" \t\r\n") == text]
        assert len(same) == 1, text
        assert same[0].place == f"f:{line}"
    assert [one.text.strip(b" \t\r\n") for one in given if one.text.strip(b" \t\r\n") in sound] == list(sound)


def refused(one: Given) -> bool:
    if one.fault:
        return True
    try:
        read_json(one.text)
    except HouseholdError:
        return True
    return False


@dataclass
class Array:
    """An array of households of which some are damaged, with what must come out of it."""

    text: bytes
    sound: dict[bytes, int]
    broken: int
    excused: set[bytes]


def array(rng: random.Random, style: str) -> Array:
    written, between = STYLES[style]
    made = Array(b"[", {}, 0, set())
    before = b""
    for number in range(rng.randrange(2, 7)):
        made.text += between if number else rng.choice((b"", b"\n", b" "))
        one = written(drawn(rng, number))
        if rng.random() < 0.4:
            one = damaged(rng, one)
            made.broken += 1
            if not one.lstrip(b" \t\r\n").startswith(b"{"):
                made.excused.add(before)  # the one thing that cannot be told apart: see docs/households.md
        else:
            made.sound[one] = 1 + made.text.count(b"\n")
        made.text += one
        before = one
    made.text += b"\n]\n"
    return made


@pytest.mark.parametrize("style", STYLES)
def test_an_array(style: str) -> None:
    excused = 0
    for run in repetitions(RUNS):
        made = array(random.Random(f"{style} {run}"), style)
        given = list(read(io.BytesIO(made.text), "f", MARKS).households)
        texts = {one.text for one in given}
        for text in made.excused & made.sound.keys() - texts:
            del made.sound[text]
            excused += 1
        answered(given, made.sound)
        assert len(given) <= len(made.sound) + 4 * made.broken + excused
    assert excused <= RUNS / 50


@pytest.mark.parametrize("style", STYLES)
def test_however_it_arrives(style: str) -> None:
    for run in repetitions(RUNS // 10):
        rng = random.Random(f"pieces {style} {run}")
        text = array(rng, style).text
        whole = list(elements(iter([text]), "f", 1, MARKS))
        cuts = sorted(rng.choices(range(len(text)), k=rng.choice((1, 10, len(text)))))
        pieces = [text[a:b] for a, b in pairwise([0, *cuts, len(text)]) if a < b]
        assert list(elements(iter(pieces), "f", 1, MARKS)) == whole


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n"])
def test_lines(end: bytes) -> None:
    for run in repetitions(RUNS):
        rng = random.Random(f"lines {run}")
        text, sound = b"", {}
        for number in range(rng.randrange(2, 7)):
            one = json.dumps(drawn(rng, number), ensure_ascii=False).encode()
            if rng.random() < 0.4:
                one = damaged(rng, one)
            else:
                sound[one] = 1 + text.count(b"\n")
            text += one + end
        if text.lstrip(b" \t\r\n").startswith(b"[") or len(sound) < 2:
            continue
        answered(list(read(io.BytesIO(text), "f", MARKS).households), sound)
