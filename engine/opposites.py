"""Names that a slip of the pen cannot tell apart, because what differs turns the meaning.

In: a name as written and one that is declared.  Out: whether reading the one for the other could say something else:
another figure (`under_16`, `under_18`), a sign, a negation (`paid`, `unpaid`), an opposite (`at_least`, `at_most`),
another Chinese character. Such a name may be suggested to a person; it is never put in.
Ground floor; imports nothing of the engine.
"""

from __future__ import annotations

import re

_SEPARATORS = r"[_\-. ]+"
_NEGATIONS = ("non", "not", "no", "un", "in", "im", "il", "ir", "dis", "mis", "anti", "counter", "de", "ex", "a")
_WITHOUT = ("less", "free", "out", "ful", "proof")
_ROMAN = frozenset("ivxlcdm")
_SHORTEST = 4
"""letters: in shorter words each letter makes another word (`no`, `not`, `now`)"""
_OPPOSITES = """\
above after all and any before below both bottom child close closed decrease down each either end even ever every
exclude excluded export exclusive female fewer first gross greater higher highest import include included inclusive
increase inner inside inter intra last later least left less long lower lowest major male maximum minimum minor minus
month more most mouth near neither net never new none nor odd old once only open outer outside over parent past plus
post prior public private right rural senior junior short some start then than top twice under until upper urban when
where with without year years young one two three four five six seven eight nine ten eleven twelve fourth fifth sixth
sixty sixteen forty fourteen
"""
_TURNING = frozenset(_OPPOSITES.split())


def may_turn(written: str, declared: str) -> bool:
    """Whether the difference of two names may be more than a slip."""
    first, second = written.casefold(), declared.casefold()
    if not (first.isascii() and second.isascii()):
        return True
    if re.sub("[a-z_. -]", "", first) != re.sub("[a-z_. -]", "", second) or _around_digits(first, second):
        return True
    words, meant = re.split(_SEPARATORS, first), re.split(_SEPARATORS, second)
    if len(words) != len(meant):
        return any(word in _NEGATIONS or word in _TURNING for word in {*words} ^ {*meant})
    differing = [(a, b) for a, b in zip(words, meant, strict=True) if a != b]
    return any(_other_word(a, b) for a, b in differing)


def _around_digits(first: str, second: str) -> bool:
    """Whether what differs touches a figure: `1_8` and `18`, `a1` and `1a`."""
    start = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), None)
    if start is None:
        start = min(len(first), len(second))
    first_end, second_end = len(first), len(second)
    while first_end > start and second_end > start and first[first_end - 1] == second[second_end - 1]:
        first_end, second_end = first_end - 1, second_end - 1
    around = first[max(0, start - 1) : first_end + 1] + second[max(0, start - 1) : second_end + 1]
    return any(char.isdigit() for char in around)


def _other_word(word: str, meant: str) -> bool:
    if min(len(word), len(meant)) < _SHORTEST or _ROMAN.issuperset(word) or _ROMAN.issuperset(meant):
        return True
    swapped = sorted(word) == sorted(meant)
    if word[0] != meant[0] or word[1:] == meant or meant[1:] == word:
        return True  # another beginning is another word: `ever` and `never`
    if word[-1] != meant[-1] and len(word) == len(meant) and not swapped:
        return True  # and another ending too: `payer` and `payee`
    if word in _TURNING and meant in _TURNING:
        return True
    negated = [[one.startswith(sign) for sign in _NEGATIONS] for one in (word, meant)]
    lacking = [[one.endswith(sign) for sign in _WITHOUT] for one in (word, meant)]
    return negated[0] != negated[1] or lacking[0] != lacking[1]
