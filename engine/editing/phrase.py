"""Where in an expression somebody is writing: what may come next, inside which brackets, over which items.

In: the text of an expression, however broken, and an offset in it.  Out: a `Phrase`. It is read from the left, word by
word, as the grammar has them; only the collection of an aggregate is also sought behind the offset.
Imports language and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal, TypeAlias

from engine.language.parser import MAX_CHARACTERS
from engine.language.units import all_words
from engine.language.words import WORDS, Word, fold
from engine.records import dataclass
from engine.source import UnitWords

Expect: TypeAlias = Literal["operand", "operator", "unit", "collection", "set", "key", "member", "none"]
TokenKind: TypeAlias = Literal["word", "name", "number", "date", "text", "sign"]

_SPELLED: dict[str, Word] = {
    spelling: word for word in WORDS.values() for spelling in (*word.zh, *word.en, *word.signs)
}
_FUNCTIONS = {spelling for spelling, word in _SPELLED.items() if word.role == "function"}
_NUMBER_BEFORE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?P<blank> ?)(?P<unit>[^\W\d_]*(?:[/·](?:\d+ ?)?[^\W\d_]*)*)\Z")
_LONGEST_UNIT = 64
_LONGEST_ROW = 64
_DATE_BEFORE = re.compile(r"(?<![\w.])\d{4}-\d{1,2}(?:-\d{0,2})?\Z")


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    text: str
    start: int
    end: int
    word: Word | None = None


@dataclass(slots=True)
class Frame:
    """What is open: the whole expression, or a bracket.

    Attributes:
        opener: the sign, "" of the whole. word: the function before it. name: the parameter or list before a `[`.
        argument: how many commas stand before.
        collection: the name behind `for`, or of `count(C where …)`. after: the words `for`, `where`, `else` that were
            read in it, the last one.
        compared: the texts left of a comparison with options that goes on, and its operator.
        tests: how many `if` wait for their `then`, and how many `then` for their `else`.
    """

    opener: str
    at: int
    word: Word | None = None
    name: str = ""
    argument: int = 0
    collection: str = ""
    after: str = ""
    compared: tuple[str, ...] = ()
    operator: str = ""
    ifs: int = 0
    thens: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Attributes:
    expect: what may come next; `none` inside a text or a date.
    start: of the word that is being written; with a unit, of the unit.
    frames: what is open, the outermost first.
    before: the tokens before that word.
    owner: the name before a dot.
    """

    expect: Expect
    start: int
    frames: Sequence[Frame]
    before: Sequence[Token]
    owner: str = ""
    spaced: bool = True
    """whether a blank stands between a number and its unit"""

    @property
    def frame(self) -> Frame:
        return self.frames[-1]

    @property
    def last(self) -> Token | None:
        return self.before[-1] if self.before else None

    @property
    def call(self) -> Frame | None:
        """The innermost bracket of a function."""
        return next((one for one in reversed(self.frames) if one.word is not None), None)

    @property
    def aggregate(self) -> Frame | None:
        """The innermost aggregate over a collection that is known."""
        return next((one for one in reversed(self.frames) if one.word is not None and one.collection), None)


@cache
def _pattern(units: UnitWords) -> re.Pattern[str]:
    unit = "|".join(map(re.escape, all_words(units)))
    words = sorted((one for one in _SPELLED if one[0].isalpha()), key=len, reverse=True)
    spelled = "|".join(one.replace(" ", r"\s+") for one in words if one not in _FUNCTIONS)
    called = "|".join(one for one in words if one in _FUNCTIONS)
    return re.compile(
        r'(?P<text>"[^"\n]*"?|“[^”\n]*”?)'
        r"|(?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{0,2})"
        rf"|(?P<number>[0-9]+(?:\.[0-9]+)?(?:%| ?(?:{unit})(?:[/·](?:[0-9]+ ?)?(?:{unit}))*(?!\w))?)"
        rf"|(?P<word>(?:{spelled})(?!\w)|(?:{called})(?=\s*\())"
        r"|(?P<name>[^\W\d]\w*)"
        r"|(?P<sign><=|>=|!=|<>|==|[^\s\w])"
    )


def tokens(text: str, units: UnitWords = ()) -> list[Token]:
    """The tokens of a text, as far as it can be told apart; offsets count from its start."""
    found = []
    for match in _pattern(units).finditer(fold(text)):
        kind = match.lastgroup or "sign"
        written = match[0]
        word = _SPELLED.get(" ".join(written.split())) if kind in ("word", "sign") else None
        found.append(Token(kind, written, match.start(), match.end(), word))  # type: ignore[arg-type]  # groups are kinds
    return found


def phrase_at(text: str, offset: int, units: UnitWords = ()) -> Phrase:
    """What may be written at an offset of an expression."""
    folded = fold(text)
    if len(text) > MAX_CHARACTERS:  # which no expression may have
        return Phrase("none", offset, [Frame("", 0)], [])
    near = max(0, offset - _LONGEST_UNIT)
    if _DATE_BEFORE.search(folded, near, offset):
        before = tokens(folded[:offset], units)
        return Phrase("none", offset, _read(before), before)
    number = _NUMBER_BEFORE.search(folded, near, offset)
    if number is not None and not _in_text(folded, offset):
        before = tokens(folded[: number.start()], units)
        frames = _read(before)
        return Phrase("unit", number.start("unit"), frames, before, spaced=bool(number["blank"]))
    start = offset
    while start and (folded[start - 1].isalnum() or folded[start - 1] == "_"):
        start -= 1
    before = tokens(folded[:start], units)
    frames = _read(before)
    _look_ahead(frames, folded, offset, units)
    last = before[-1] if before else None
    if last is not None and last.kind in ("text", "date") and (last.end == start and not _is_closed(last)):
        return Phrase("none", start, frames, before)
    if last is not None and last.text == "." and len(before) > 1 and before[-2].kind == "name":
        return Phrase("member", start, frames, before, before[-2].text)
    return Phrase(_expected(frames, before), start, frames, before)


def _in_text(text: str, offset: int) -> bool:
    return text.count('"', 0, offset) % 2 == 1 or text.count("“", 0, offset) > text.count("”", 0, offset)


def _is_closed(token: Token) -> bool:
    return token.kind == "text" and len(token.text) > 1 and token.text[-1] in '"”'


# ---- from the left


def _read(before: Sequence[Token]) -> list[Frame]:
    frames = [Frame("", 0)]
    for at, token in enumerate(before):
        frame = frames[-1]
        role = None if token.word is None else token.word.role
        if token.text in ("(", "["):
            frames.append(_opened(token, before[at - 1] if at else None, frame))
        elif token.text in (")", "]"):
            if len(frames) > 1:
                frames.pop()
        elif token.text == ",":
            frame.argument += 1
            if frame.operator not in ("in", "not in", "overlaps") or frame.opener != "(":
                frame.compared, frame.operator = (), ""
        elif token.word is not None and role == "compare":
            left = _left(before, at)
            frame.compared, frame.operator = left, token.word.canonical
        elif token.word is not None and role in ("binary", "prefix", "link"):
            frame.compared, frame.operator = (), ""
            _link(frame, token.word.canonical)
        elif token.kind == "name" and frame.after == "for" and not frame.collection:
            frame.collection = token.text
    return frames


def _opened(token: Token, last: Token | None, outer: Frame) -> Frame:
    if token.text == "[":
        return Frame("[", token.start, name=last.text if last is not None and last.kind == "name" else "")
    if last is not None and last.word is not None and last.word.role == "function":
        return Frame("(", token.start, last.word)
    if last is not None and last.word is not None and last.word.canonical in ("in", "not in", "overlaps"):
        return Frame("(", token.start, compared=outer.compared, operator=outer.operator)
    return Frame("(", token.start)


def _link(frame: Frame, canonical: str) -> None:
    if canonical == "if":
        frame.ifs += 1
    elif canonical == "then" and frame.ifs:
        frame.ifs, frame.thens = frame.ifs - 1, frame.thens + 1
    elif canonical == "else" and frame.thens:
        frame.thens -= 1
    elif canonical in ("for", "where", "else"):
        frame.after = canonical


def _left(read: Sequence[Token], at: int) -> tuple[str, ...]:
    """The names left of a comparison: one, one of an item (`a.b`), or those of a row in brackets."""
    if at and read[at - 1].kind == "name":
        dotted = at > 2 and read[at - 2].text == "."
        return (f"{read[at - 3].text}.{read[at - 1].text}" if dotted else read[at - 1].text,)
    if not at or read[at - 1].text != ")":
        return ()
    names: list[str] = []
    for token in reversed(read[max(0, at - _LONGEST_ROW) : at - 1]):
        if token.text == "(":
            return tuple(reversed(names))
        if token.kind == "name":
            names.append(token.text)
        elif token.text != ",":
            return ()
    return ()


def _look_ahead(frames: Sequence[Frame], text: str, offset: int, units: UnitWords) -> None:
    """The collections of aggregates whose `for` stands behind the offset, and of `count(C where …)`."""
    open_ = list(frames)
    for token in tokens(text[offset:], units):
        if token.text in ("(", "["):
            open_.append(Frame(token.text, offset))
        elif token.text in (")", "]") and len(open_) > 1:
            open_.pop()
        frame = open_[-1]
        if token.word is not None and token.word.canonical == "for" and not frame.collection:
            frame.after = frame.after or "ahead"
        elif token.kind == "name" and frame.after == "ahead" and not frame.collection:
            frame.collection = token.text
    for frame in frames:
        if frame.word is not None and not frame.collection and frame.after in ("where", "else"):
            frame.collection = _first_name(text, frame.at)


def _first_name(text: str, at: int) -> str:
    found = re.match(r"\(\s*([^\W\d]\w*)", text[at:])
    return found[1] if found else ""


def _expected(frames: Sequence[Frame], before: Sequence[Token]) -> Expect:
    last = before[-1] if before else None
    frame = frames[-1]
    if last is None:
        return "operand"
    if last.text == "[":
        return "key"
    if frame.opener == "[" and last.text == ",":
        return "key"
    if last.word is not None:
        if last.word.canonical in ("in", "not in", "overlaps"):
            return "set"
        if last.word.canonical == "for":
            return "collection"
        return "operator" if last.word.role == "value" else "operand"
    if last.kind in ("name", "number", "date", "text") or last.text in (")", "]"):
        return "operator"
    return "operand"
