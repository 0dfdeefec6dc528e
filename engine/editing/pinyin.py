"""The letters that Chinese characters begin with in pinyin, by which people type them: `jtsr` for 家庭收入.

Out: whether typed letters are the initials of a text's beginning, or of a part of it.
GB 2312 orders its 3,755 common characters by their pinyin, so that 23 of them, the first of each letter, are all that
has to be known. A rarer character fits any letter, and one that is read in several ways each of its letters.
Imports nothing of the engine.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache

_FIRST = dict(zip("abcdefghjklmnopqrstwxyz", "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝", strict=True))
_LETTERS = tuple(_FIRST)
_STARTS = tuple(char.encode("gb2312") for char in _FIRST.values())
_LAST = "座".encode("gb2312")
_ALSO = {
    "长": "z", "重": "c", "会": "k", "率": "s", "调": "t", "给": "j", "校": "j", "系": "j", "车": "j", "省": "x",
    "降": "x", "参": "s", "单": "s", "合": "g", "期": "j", "石": "d", "乐": "y", "传": "z", "便": "p", "还": "x",
}  # fmt: skip
"""a second letter of characters that are read in two ways"""
_ANY = "abcdefghijklmnopqrstuvwxyz"


@cache
def initials(text: str) -> tuple[str, ...]:
    """For each character the letters that it may be typed by; any other character is typed by itself."""
    return tuple(_of(char) for char in text)


def begins_with(text: str, typed: str, at: int = 0) -> bool:
    """Whether the letters are the initials of the text's characters from there on, one for one."""
    letters = initials(text)[at:]
    return len(typed) <= len(letters) and all(one in fits for one, fits in zip(typed, letters, strict=False))


def holds(text: str, typed: str) -> bool:
    """Whether the letters are the initials of characters that stand together somewhere in the text."""
    return any(begins_with(text, typed, at) for at in range(len(text) - len(typed) + 1))


def spelled(text: str) -> str:
    """One letter for each character, where all are common ones; "" where there is nothing Chinese."""
    letters = initials(text)
    if not any("\u4e00" <= char <= "\u9fff" for char in text):
        return ""
    return "".join(fits[0] if fits != _ANY else "?" for fits in letters)


def _of(char: str) -> str:
    if not "\u4e00" <= char <= "\u9fff":
        return char.casefold()
    code = char.encode("gb2312", "replace")
    if len(code) < 2 or not _STARTS[0] <= code <= _LAST:
        return _ANY
    return _LETTERS[bisect_right(_STARTS, code) - 1] + _ALSO.get(char, "")
