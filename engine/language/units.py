"""Units: words to exact factors, and back.

In: the text of a unit (`元/人/月`, `元/人·月`, `万元`, `%`).  Out: a `Unit`, or None where a word is not known.
The base units are 分 (a hundredth of a 元, so that amounts are whole numbers), 月, 天, 小时, 平方米 and one base for
each counting word (人, 辆, 套 …). 年 = 学年 = 12 月 and 岁 is 年; 周 = 7 天; 月, 天 and 小时 never meet.
A policy may declare further words (`UnitWords`): one that is counted is a base as 人 is; of one that is measured the
base is its smallest step, and says so: `0.01 澳元`. So a dimension alone tells how its values are shown, and two
currencies never meet. 万澳元 is 10,000 澳元.
Imports the ground floor.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import gcd
from unicodedata import normalize

from engine.records import dataclass
from engine.source import UnitWords
from engine.suggest import nearest

MONEY, MONTH, DAY, HOUR, AREA = "分", "月", "天", "小时", "平方米"
COUNTING_WORDS = ("人", "户", "辆", "套", "间", "处", "台", "件", "个", "头", "只", "项", "次", "份", "家", "张", "笔")

# unit word -> (base, how many of the base one of it is)
_WORDS: dict[str, tuple[str, Fraction]] = {
    "分": (MONEY, Fraction(1)),
    "元": (MONEY, Fraction(100)),
    "万元": (MONEY, Fraction(1_000_000)),
    **dict.fromkeys(("月", "个月"), (MONTH, Fraction(1))),
    **dict.fromkeys(("年", "学年", "岁", "周岁"), (MONTH, Fraction(12))),
    **dict.fromkeys(("天", "日"), (DAY, Fraction(1))),
    "周": (DAY, Fraction(7)),
    "小时": (HOUR, Fraction(1)),
    "平方米": (AREA, Fraction(1)),
    "亩": (AREA, Fraction(2000, 3)),
    **{word: (word, Fraction(1)) for word in COUNTING_WORDS},
}
_ENGLISH: dict[str, str] = {
    "yuan": "元",
    **dict.fromkeys(("month", "months"), "月"),
    **dict.fromkeys(("year", "years"), "年"),
    "school_year": "学年",
    **dict.fromkeys(("day", "days"), "天"),
    **dict.fromkeys(("week", "weeks"), "周"),
    **dict.fromkeys(("hour", "hours"), "小时"),
    **dict.fromkeys(("person", "persons"), "人"),
    "sqm": "平方米",
}
UNIT_WORDS: tuple[str, ...] = tuple(sorted({*_WORDS, *_ENGLISH}, key=lambda word: (-len(word), word)))

_MEANT: dict[str, str] = {
    **dict.fromkeys(("圆", "块", "块钱", "人民币"), "元"),
    **dict.fromkeys(("万", "万圆", "万块", "万块钱"), "万元"),
    **dict.fromkeys(("名", "口", "口人", "位"), "人"),
    **dict.fromkeys(("平米", "平方", "平"), "平方米"),
    **dict.fromkeys(("周年", "整年", "个学年"), "年"),
    **dict.fromkeys(("整月", "足月", "自然月"), "月"),
    **dict.fromkeys(("日历天", "自然日"), "天"),
    **dict.fromkeys(("星期", "个星期", "礼拜", "个礼拜", "个周"), "周"),
    **dict.fromkeys(("个小时", "钟头", "个钟头", "时"), "小时"),
}
"""other words for the same units; a unit that only looks like one (`千元`, `旬`, `美元`) is never taken for it"""
_ANOTHER = ("分钟", "日元", "周末", "weekday", "weekend")

# what each base is shown as that is not shown as itself
_SHOWN: dict[str, tuple[str, Fraction]] = {MONEY: ("元", Fraction(100))}


def _shown(base: str) -> tuple[str, Fraction]:
    """The word that a base is shown by, and how many of the base one of it is: `0.01 澳元` as 100 to a 澳元."""
    step, _, word = base.rpartition(" ")
    return (word, 1 / Fraction(step)) if step else _SHOWN.get(base, (base, Fraction(1)))


def is_counted(base: str) -> bool:
    """Whether it is counted in whole numbers, as 人 is, by the language or by a policy."""
    return " " not in base and base not in (MONEY, MONTH, DAY, HOUR, AREA)


def is_count(dimension: Dimension) -> bool:
    """Whether it is that of a counting word alone."""
    return len(dimension.powers) == 1 and dimension.powers[0][1] == 1 and is_counted(dimension.powers[0][0])


def decimals_of(dimension: Dimension) -> int:
    """The digits after the point of what is measured in money, or in a unit that a policy declares so."""
    above = (base for base, power in dimension.powers if base == MONEY or (_is_amount(base) and power > 0))
    return max((len(str(_shown(base)[1])) - 1 for base in above), default=0)


def _is_amount(base: str) -> bool:
    """Whether it is money, or what a policy declares with digits after its point."""
    return base == MONEY or " " in base


def is_of_amounts(dimension: Dimension) -> bool:
    return any(_is_amount(base) for base, _ in dimension.powers)


@dataclass(frozen=True, slots=True)
class Dimension:
    """Exponents of base units, sorted, none zero: 元/人/月 is (("人", -1), ("分", 1), ("月", -1))."""

    powers: tuple[tuple[str, int], ...] = ()

    @staticmethod
    def of(base: str) -> Dimension:
        return Dimension(((base, 1),))

    def __mul__(self, other: Dimension) -> Dimension:
        return self._joined(other, 1)

    def __truediv__(self, other: Dimension) -> Dimension:
        return self._joined(other, -1)

    def _joined(self, other: Dimension, sign: int) -> Dimension:
        total = dict(self.powers)
        for base, power in other.powers:
            total[base] = total.get(base, 0) + sign * power
        return Dimension(tuple(sorted((base, power) for base, power in total.items() if power)))

    def power(self, base: str) -> int:
        return dict(self.powers).get(base, 0)


NUMBER = Dimension()
TIME = Dimension.of(MONTH)
DAYS = Dimension.of(DAY)
HOURS = Dimension.of(HOUR)


@dataclass(frozen=True, slots=True)
class Unit:
    """A dimension and how many base units one of this unit is: 元 is 100 分, 元 over 12 月 is 100/12 分/月."""

    dimension: Dimension
    factor: Fraction = Fraction(1)

    def __mul__(self, other: Unit) -> Unit:
        return Unit(self.dimension * other.dimension, self.factor * other.factor)

    def __truediv__(self, other: Unit) -> Unit:
        return Unit(self.dimension / other.dimension, self.factor / other.factor)


ONE = Unit(NUMBER)
PERCENT = Unit(NUMBER, Fraction(1, 100))


@cache
def parse_unit(text: str, declared: UnitWords = ()) -> Unit | None:
    """The unit that a text such as `元/人/月`, `元/人·月`, `元/3 月`, `%` or "" names; None where a word is not known.

    Args:
        declared: the words of the policy; `declared_in` has those that a known dimension needs.
    """
    if text == "":
        return ONE
    if text in ("%", "％"):
        return PERCENT
    unit = ONE
    for place, group in enumerate(text.replace("／", "/").split("/")):
        for word in group.replace("•", "·").replace("・", "·").split("·"):
            factor = word_unit(word, declared) or (_length(word) if place else None)
            if factor is None:
                return None
            unit = unit / factor if place else unit * factor
    return unit


def _length(word: str) -> Unit | None:
    """A length of time, as it may stand below a stroke: `3 月` in `元/3 月`."""
    found = re.fullmatch(r"([1-9][0-9]{0,3}) ?(\D+)", word)
    unit = word_unit(found[2]) if found else None
    if found is None or unit is None or unit.dimension not in (TIME, DAYS, HOURS):
        return None
    return Unit(unit.dimension, unit.factor * int(found[1]))


def word_unit(word: str, declared: UnitWords = ()) -> Unit | None:
    """The unit of a single word, Chinese or English, or declared."""
    entry = _WORDS.get(_ENGLISH.get(word, word)) or (_declared(declared).get(word) if declared else None)
    return None if entry is None else Unit(Dimension.of(entry[0]), entry[1])


@cache
def _declared(words: UnitWords) -> dict[str, tuple[str, Fraction]]:
    found = {}
    for word, decimals in words:
        if decimals is None:
            found[word] = word, Fraction(1)
        else:
            base, steps = f"{Decimal(10) ** -decimals:f} {word}", 10**decimals
            found[word], found[f"万{word}"] = (base, Fraction(steps)), (base, Fraction(10_000 * steps))
    return found


def declared_in(dimension: Dimension) -> UnitWords:
    """The words that a dimension's bases name beside those of the language."""
    steps = ((base, *_shown(base)) for base, _ in dimension.powers if base not in _WORDS)
    return tuple((word, len(str(size)) - 1 if " " in base else None) for base, word, size in steps)


def alike_word(word: str, declared: UnitWords) -> str:
    """A word for a unit that nobody tells from this one, by capitals or full-width letters alone; "" for none."""
    return next((one for one in all_words(declared) if _plain(one) == _plain(word)), "")


def _plain(word: str) -> str:
    return normalize("NFKC", word).casefold()


@cache
def all_words(declared: UnitWords) -> tuple[str, ...]:
    """Every word for a unit, the longest first."""
    return tuple(sorted({*UNIT_WORDS, *_declared(declared)}, key=lambda word: (-len(word), word)))


def listed(declared: UnitWords) -> str:
    """All units that there are, for a message."""
    return "、".join((*_WORDS, *(word for word, _ in declared)))


def meant_unit(word: str, declared: UnitWords = ()) -> str:
    """The unit that an unknown word must mean: another word for it, one with more behind it, a slip of the pen; or "".

    `每` is the stroke of a unit: `元每人每年` is 元/人/年.
    Units that differ by a letter differ in size: only long ones can be slips.
    """
    if "每" in word:
        parts = [part if word_unit(part, declared) else meant_unit(part, declared) for part in word.split("每")]
        return "/".join(parts) if all(parts) else ""
    if word in _MEANT:
        return _MEANT[word]
    for unit, _ in declared:
        if unit.casefold() == word.casefold():
            return unit
    if word.startswith(_ANOTHER):
        return ""
    begun = next((unit for unit in all_words(declared) if word.startswith(unit)), "")
    return begun or nearest(word, (unit for unit in (*_ENGLISH, *_declared(declared)) if len(unit) > 3))


def word_sizes(base: str) -> frozenset[Fraction]:
    """How many of the base one of each word is: 1, 100 and 1,000,000 of 分."""
    if " " in base:
        return frozenset({_shown(base)[1], 10_000 * _shown(base)[1]})
    return frozenset(size for held, size in _WORDS.values() if held == base) or frozenset({Fraction(1)})


def show_unit(unit: Unit) -> str:
    """A text for the unit: `元/人/月`, `元/12月` for 元 over 12 月, "" for a plain number.

    The text parses back to the same dimension; a factor that no single word has is kept with the time word
    (`元/12月`), or left to the caller, who shows values in base units.
    """
    if unit == PERCENT:
        return "%"
    above: list[str] = []
    below: list[str] = []
    rest = unit.factor
    for base, power in sorted(unit.dimension.powers, key=lambda entry: (_order(entry[0]), entry[0])):
        word, size = _shown(base)
        rest /= size**power
        (above if power > 0 else below).extend([word] * abs(power))
    times = 1 / rest
    if MONTH in below and times != 1 and times.denominator == 1:
        word = "年" if times == 12 and "人" in below else f"{times}月"
        below[below.index(MONTH)] = word
    elif DAY in below and times != 1 and times.denominator == 1:
        below[below.index(DAY)] = f"{times}天" if times % 7 else "周" if times == 7 else f"{times / 7}周"
    elif above == [MONTH] and rest == 12:
        above = ["年"]
    elif above == [DAY] and rest == 7:
        above = ["周"]
    return "/".join(["·".join(above) or "1", *below]) if below else "·".join(above)


def _order(base: str) -> int:
    return 0 if _is_amount(base) else {AREA: 1, "人": 2, MONTH: 4, DAY: 5, HOUR: 6}.get(base, 3)


def natural_unit(dimension: Dimension) -> Unit:
    """The unit that people name a dimension by: 元, 元/人/月, 平方米, 月."""
    factor = Fraction(1)
    for base, power in dimension.powers:
        factor *= _shown(base)[1] ** power
    return Unit(dimension, factor)


def common_unit(first: Unit, second: Unit) -> Unit:
    """The largest unit that both are whole multiples of; they must have one dimension."""
    a, b = first.factor, second.factor
    shared = gcd(a.numerator * b.denominator, b.numerator * a.denominator)
    return Unit(first.dimension, Fraction(shared, a.denominator * b.denominator))


def core_unit(dimension: Dimension) -> Unit:
    """The unit in which values of a dimension are kept whole: 分 for money, a hundredth of a 平方米 or 小时, and a
    twelfth where 月 stands below, so that monthly and yearly standards are both whole numbers."""
    factor = Fraction(1)
    if dimension.power(AREA) > 0 or dimension.power(HOUR) > 0:
        factor /= 100
    if dimension.power(MONTH) < 0:
        factor /= 12
    return Unit(dimension, factor)
