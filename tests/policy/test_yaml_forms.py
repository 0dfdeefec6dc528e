"""Which YAML is read, and what is said of the rest: the same with the C parser of PyYAML and with the pure one.

`tests/cases/yaml_forms.yaml` lists forms; every slip that people make is then made on every line of a real supplement
where it can be made.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import yaml

from engine.diagnostics import Reporter
from engine.policy.yaml_forms import well_formed
from engine.policy.yaml_nodes import decode, read_tree
from engine.resources import policies_root
from engine.source import Source
from engine.tree import Mapping, Scalar, Sequence, Tree
from tests.fuzz.mutations import spoil_tokens
from tests.policy.test_bad_policies import outline

CASES = Path(__file__).parent.parent / "cases"
FORMS: dict[str, list[dict[str, Any]]] = yaml.load(
    (CASES / "yaml_forms.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)
TEXTS = {
    "officers": (CASES / "officers" / "overlay.yaml").read_text(encoding="utf-8"),
    "datong": (policies_root() / "cities" / "datong.yaml").read_text(encoding="utf-8"),
    "province": (CASES / "base" / "province.yaml").read_text(encoding="utf-8"),
    "jia": (CASES / "base" / "cities" / "jia.yaml").read_text(encoding="utf-8"),
}


def read(text: str, *, pure: bool) -> tuple[Tree | None, list[tuple[str, str]]]:
    report = Reporter()
    source = decode(text.encode(), "f", report)
    tree = None if source is None else read_tree(source, report, pure=pure)
    return tree, [(each.code, each.place().removeprefix("f:")) for each in report]


def both(text: str) -> tuple[Tree | None, list[tuple[str, str]]]:
    """What both parsers make of a text."""
    tree, told = read(text, pure=False)
    other, also_told = read(text, pure=True)
    assert told == also_told
    assert (None if tree is None else outline(tree)) == (None if other is None else outline(other))
    return tree, told


def said(tree: Tree) -> object:
    match tree:
        case Scalar(text=text):
            return text
        case Sequence(items=items):
            return [said(item) for item in items]
        case Mapping(entries=entries):
            return {key.text: said(value) for key, value in entries}


@pytest.mark.parametrize("form", FORMS["read"], ids=lambda form: repr(form["text"]))
def test_what_is_read(form: dict[str, Any]) -> None:
    tree, told = both(form["text"])
    assert told == []
    assert tree is not None
    assert said(tree) == form["as"]


@pytest.mark.parametrize("form", FORMS["refused"], ids=lambda form: repr(form["text"]))
def test_what_is_refused(form: dict[str, Any]) -> None:
    assert both(form["text"])[1] == [(form["code"], form["at"])]


# ---- slips, made wherever they can be made

Slip = Callable[[str], Iterator[tuple[str, int]]]
"""the spoiled lines of a line, each with the column at which it must be told"""
_KEY_AND_TEXT = re.compile(r"( *(?:- )?[a-z_.]+): ([^\s\"'{\[|>#].*)")
_ENTRY = re.compile(r", (?=[a-z_]+: )")
_FLOW_PAIR = re.compile(r"(?<=[{,]) ?[a-z_]+: ")


def on_text(make: Callable[[str, str], tuple[str, int]]) -> Slip:
    def slip(line: str) -> Iterator[tuple[str, int]]:
        if (found := _KEY_AND_TEXT.fullmatch(line)) is not None:
            yield make(found[1], found[2])

    return slip


def glued(key: str, text: str) -> tuple[str, int]:
    return f"{key}:{text}", len(key) + 1


def behind_key(put: str, column: int) -> Slip:
    return on_text(lambda key, text: (f"{key}{put}{text}", len(key) + column))


def before_text(put: str) -> Slip:
    return on_text(lambda key, text: (f"{key}: {put}{text}", len(key) + 3))


def around_text(make: str, column: int) -> Slip:
    return on_text(lambda key, text: (f"{key}: {make.format(text.replace(chr(34), ''))}", len(key) + 2 + column))


def in_entry(put: str) -> Slip:
    def slip(line: str) -> Iterator[tuple[str, int]]:
        for found in _ENTRY.finditer(line) if "{" in line else ():
            yield line[: found.start()] + put + line[found.end() :], found.start() + 1

    return slip


def comma_gone(line: str) -> Iterator[tuple[str, int]]:
    for found in _ENTRY.finditer(line) if "{" in line else ():
        yield line[: found.start()] + line[found.start() + 1 :], found.start() + 2


def colon_glued(line: str) -> Iterator[tuple[str, int]]:
    for found in _FLOW_PAIR.finditer(line):
        if line[found.end()] not in "\"'{[":
            yield line[: found.end() - 1] + line[found.end() :], found.end() - 1


def unclosed(line: str) -> Iterator[tuple[str, int]]:
    if line.endswith("}") and line.count("{") == 1:
        yield line[:-1], line.index("{") + 1


def indent(put: str) -> Slip:
    def slip(line: str) -> Iterator[tuple[str, int]]:
        if (lead := re.match(r" +(?=[a-z])", line)) is not None:
            yield put + line[lead.end() :], 1

    return slip


def shallow(line: str) -> Iterator[tuple[str, int]]:
    if re.match(r"  +[a-z_.]+:", line):
        yield line[1:], 1


SLIPS: dict[str, tuple[str, Slip]] = {
    "no blank behind a colon": ("missing-blank", on_text(glued)),
    "full-width colon": ("full-width-colon", behind_key("：", 1)),
    "full-width blank behind a colon": ("odd-blank", behind_key(":\u3000", 2)),
    "no-break blank behind a colon": ("odd-blank", behind_key(":\u00a0", 2)),
    "zero-width blank behind a colon": ("odd-blank", behind_key(":\u200b", 2)),
    "tab behind a colon": ("tab-between", behind_key(":\t", 2)),
    **{f"`{sign}` in front": ("needs-quotes", before_text(sign)) for sign in "@%`"},
    **{f"`{sign}甲` in front": ("needs-quotes", before_text(f"{sign}甲")) for sign in "*&!"},
    "dash behind a key": ("dash-not-here", before_text("- ")),
    "quote never closed": ("unclosed-text", around_text('"{}', 1)),
    "quote never opened": (
        "unclosed-text",
        on_text(
            lambda key, text: (f'{key}: {text.replace(chr(34), "")}"', len(key) + 3 + len(text.replace(chr(34), "")))
        ),
    ),
    "single quote never closed": ("unclosed-text", around_text("'{}", 1)),
    "quotes inside quotes": ("text-after-value", around_text('"甲"乙"{}"', 4)),
    "comment glued to quotes": ("missing-blank-before", around_text('"甲"#{}', 4)),
    "colon in a text": ("colon-in-value", around_text("甲: {}", 2)),
    "full-width brace": ("full-width-sign", around_text("｛a: {}｝", 1)),
    "full-width comma": ("full-width-sign", in_entry("，")),
    "full-width comma and blank": ("full-width-sign", in_entry("， ")),
    "enumeration comma": ("full-width-sign", in_entry("、")),
    "comma gone": ("missing-comma", comma_gone),
    "no blank behind a colon in braces": ("missing-blank", colon_glued),
    "brace never closed": ("missing-bracket", unclosed),
    "tab as indentation": ("tab-indent", indent("\t")),
    "full-width indentation": ("full-width-indent", indent("\u3000\u3000")),
    "no-break indentation": ("odd-blank", indent("\u00a0\u00a0\u00a0\u00a0")),
    "zero-width indentation": ("odd-blank", indent("\u200b    ")),
    "one space too few": ("wrong-indent", shallow),
}


def spoiled(text: str, slip: Slip) -> Iterator[tuple[str, str]]:
    """The text with the slip at each of its places, and where it must be told."""
    lines = text.split("\n")
    block = -1
    for number, line in enumerate(lines):
        depth = len(line) - len(line.lstrip())
        if block >= 0 and (depth > block or not line.strip()):
            continue
        block = depth if re.search(r"[|>][+-]?$", line) else -1
        for other, column in () if line.lstrip().startswith("#") else slip(line):
            yield "\n".join([*lines[:number], other, *lines[number + 1 :]]), f"{number + 1}:{column}"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("name", SLIPS)
def test_one_slip_is_told_once_at_its_place(name: str, text: str) -> None:
    code, slip = SLIPS[name]
    for bad, place in spoiled(text, slip):
        report = Reporter()
        well_formed(Source("f", bad), report)
        told = [(each.code, each.place().removeprefix("f:")) for each in report]
        if name == "one space too few" and told == []:
            continue  # the first line of its level: all behind it lies too deep, and that is told
        if name == "one space too few":
            told = [(code, place)] if told[0][0] == code else told
        assert told == [(code, place)], "\n".join(each.message("en") for each in report)


def test_every_slip_has_its_places() -> None:
    for name, (_, slip) in SLIPS.items():
        assert sum(1 for text in TEXTS.values() for _ in spoiled(text, slip)) >= 3, name


# ---- both parsers, on what nobody thought of

SIGNS = [*" :-#\"'{}[],\t\n|>?%&*!@：，", "\u3000", "\u00a0", "\n ", "  ", ": ", "- ", " #", "|\n", "\n---\n"]


@pytest.mark.parametrize("name", TEXTS)
def test_what_passes_both_parsers_read_alike(name: str) -> None:
    """Random spoiling: the forms are settled before a parser reads them, so that none has a word of its own."""
    passed = 0
    for run in range(120):
        rng = random.Random(f"{name} {run}")
        text = TEXTS[name] if run % 2 else spoil_tokens(rng, TEXTS[name])
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(text))
            text = text[:at] + rng.choice(SIGNS) + text[at + rng.randint(0, 1) :]
        report = Reporter()
        source = decode(text.encode("utf-8", "surrogatepass"), "f", report)
        if source is None or well_formed(source, report) is None:
            assert report.has_errors
            continue
        passed += 1
        assert "yaml-syntax" not in {code for code, _ in both(text)[1]}, text
    assert passed > 5


# ---- growth

REPEATED = {
    "tabs in a list": lambda n: "a: [" + "b,\t" * n + "c]\n",
    "tabs on lines": lambda n: "a:\tb\n" * n,
    "tabs as indentation": lambda n: "a:\n" + "\tb: c\n" * n,
    "full-width colons": lambda n: "a：b\n" * n,
    "glued colons": lambda n: "a:b\n" * n,
    "open braces": lambda n: "a: " + "{b: " * n,
    "open brackets": lambda n: "a: " + "[" * n,
    "unclosed quotes": lambda n: 'a: "b\n' * n,
    "quotes in a text": lambda n: "a: " + 'b" ' * n + "\n",
    "a text over lines": lambda n: "a: b\n" + "  c\n" * n,
    "dashes": lambda n: "- " * n + "a\n",
    "blanks": lambda n: "a:" + " " * n + "b\n",
    "colons without a blank": lambda n: "a: " + "b:" * n + "c\n",
    "hashes": lambda n: "a: " + "#b" * n + "\n",
    "no-break blanks": lambda n: "a: [" + "b,\u00a0" * n + "c]\n",
    "empty values": lambda n: "a: {" + "b: , " * n + "c: d}\n",
    "escapes": lambda n: 'a: "' + "\\q" * n + '"\n',
}


@pytest.mark.parametrize("name", REPEATED)
def test_the_reading_grows_with_the_text(name: str) -> None:
    """Eight times the text takes about eight times as many calls, those into the library of expressions among them."""

    def calls(size: int) -> int:
        counted = 0

        def count(frame: FrameType, event: str, arg: object) -> None:
            nonlocal counted
            del frame, arg
            counted += event in ("call", "c_call")

        text = REPEATED[name](size)
        before = sys.getprofile()
        sys.setprofile(count)
        try:
            read(text, pure=False)
        finally:
            sys.setprofile(before)
        return counted

    assert calls(8_000) < 8 * 1.5 * calls(1_000) + 2_000
