"""The words of the expression language, Chinese and English side by side: the language reference in one table.

Out: `WORDS`, how each terminal of grammar/expression.lark is spelled; the printer writes the first spelling of a
language, messages speak it, and a test holds table and grammar equal. The parser itself reads only the grammar.
Imports nothing of the engine.
"""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from engine.records import dataclass

Language: TypeAlias = Literal["zh", "en"]
Role: TypeAlias = Literal["compare", "binary", "prefix", "link", "function", "key", "value"]


@dataclass(frozen=True, slots=True)
class Word:
    """One terminal: its spellings as words, the first of each language being the one that is printed.

    Attributes:
        canonical: how the surface tree stores it.
        signs: spellings that are no words, and so need no space around them.
        role: `function` words count as such only before a bracket, and may be names elsewhere (`whose_costs = any`);
            `key` words only right behind the `[` of a parameter or list.
    """

    terminal: str
    canonical: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    role: Role
    signs: tuple[str, ...] = ()

    def spelled(self, language: Language) -> str:
        if language == "zh" and self.zh:
            return self.zh[0]
        return self.en[0] if self.en else self.signs[0]


_TABLE: Final = (
    Word("LT", "<", ("低于",), (), "compare", ("<",)),
    Word("GE", ">=", ("不低于",), (), "compare", (">=", "≥")),
    Word("GT", ">", ("高于",), (), "compare", (">",)),
    Word("LE", "<=", ("不超过",), (), "compare", ("<=", "≤")),
    Word("EQ", "=", ("等于",), (), "compare", ("=", "==")),
    Word("NE", "!=", ("不等于",), (), "compare", ("!=", "<>", "≠")),
    Word("IN", "in", ("属于",), ("in",), "compare"),
    Word("NOT_IN", "not in", ("不属于",), ("not in",), "compare"),
    Word("OVERLAPS", "overlaps", ("含有",), ("overlaps",), "compare"),
    Word("AND", "and", ("且",), ("and",), "binary"),
    Word("OR", "or", ("或",), ("or",), "binary"),
    Word("NOT", "not", ("非",), ("not",), "prefix"),
    Word("IF", "if", ("如果",), ("if",), "prefix"),
    Word("THEN", "then", ("那么",), ("then",), "link"),
    Word("ELSE", "else", ("否则",), ("else",), "link"),
    Word("FOR", "for", ("对",), ("for",), "link"),
    Word("WHERE", "where", ("其中",), ("where",), "link"),
    Word("SUM", "sum", ("合计",), ("sum",), "function"),
    Word("COUNT", "count", ("计数",), ("count",), "function"),
    Word("ANY", "any", ("任一",), ("any",), "function"),
    Word("EVERY", "every", ("每一",), ("every",), "function"),
    Word("MAX", "max", ("最大",), ("max",), "function"),
    Word("MIN", "min", ("最小",), ("min",), "function"),
    Word("HOW_MANY", "how_many", ("几项",), ("how_many",), "function"),
    Word("ABS", "abs", ("绝对值",), ("abs",), "function"),
    Word("ROUND", "round", ("四舍五入",), ("round",), "function"),
    Word("ROUND_DOWN", "round_down", ("只舍不入",), ("round_down",), "function"),
    Word("ROUND_UP", "round_up", ("只入不舍",), ("round_up",), "function"),
    Word("ROUND_HALF_EVEN", "round_half_even", ("四舍六入五成双",), ("round_half_even",), "function"),
    Word("YEAR", "year", ("年份",), ("year",), "function"),
    Word("MONTH", "month", ("月份",), ("month",), "function"),
    Word("DAY", "day", ("日",), ("day",), "function"),
    Word("MONTH_START", "month_start", ("月初",), ("month_start",), "function"),
    Word("MONTH_END", "month_end", ("月末",), ("month_end",), "function"),
    Word("YEARS_BETWEEN", "years_between", ("周年数",), ("years_between",), "function"),
    Word("MONTHS_BETWEEN", "months_between", ("足月数",), ("months_between",), "function"),
    Word("DAYS_BETWEEN", "days_between", ("相隔天数",), ("days_between",), "function"),
    Word("ON", "on", ("于",), ("on",), "key"),
    Word("PREVIOUS", "previous", ("原定义",), ("previous",), "value"),
    Word("YES", "yes", ("是",), ("yes", "true"), "value"),
    Word("NO", "no", ("否",), ("no", "false"), "value"),
)
WORDS: Final[dict[str, Word]] = {word.terminal: word for word in _TABLE}
BY_CANONICAL: Final[dict[str, Word]] = {word.canonical: word for word in _TABLE}

SIGNS: Final[dict[str, str]] = {
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "COMMA": ",",
    "DOT": ".",
}
"""Terminals that have one sign in both languages (full-width forms are folded before lexing)."""

RESERVED: Final[frozenset[str]] = frozenset(
    part
    for word in _TABLE
    if word.role not in ("function", "key")
    for spelling in word.zh + word.en
    for part in spelling.split()
)
"""Words that are never names; those of functions and keys are not among them."""

HOUSEHOLD_NAMES: Final = ("household", "家庭")
"""Owners of a household fact in dotted form, where an item fact of the same name is in the way."""

SELF_NAMES: Final[dict[Language, str]] = {"zh": "本人", "en": "self"}
"""Owner, in dotted form, of a fact of the item whose expression it is, also from inside an aggregate over its like."""

NEAR_WORDS: Final[dict[str, str]] = {
    "小于": "低于", "少于": "低于", "不足": "低于", "未达到": "低于", "大于": "高于", "多于": "高于", "超过": "高于",
    "大于等于": "不低于", "不小于": "不低于", "不少于": "不低于", "达到": "不低于", "至少": "不低于",
    "小于等于": "不超过",
    "不大于": "不超过", "不高于": "不超过", "不多于": "不超过", "至多": "不超过", "等於": "等于", "不是": "不等于",
    "为": "等于", "并且": "且", "而且": "且", "同时": "且", "以及": "且", "和": "且", "与": "且", "或者": "或",
    "或是": "或", "不": "非", "并非": "非", "若": "如果", "当": "如果", "则": "那么", "就": "那么", "不然": "否则",
    "包含": "含有", "包括": "含有", "在": "属于", "不在": "不属于", "加": "+", "减": "-", "乘": "*", "乘以": "*",
    "除以": "/", "真": "是", "假": "否", "AND": "and", "OR": "or", "NOT": "not", "IF": "if",
    "THEN": "then", "ELSE": "else", "IN": "in", "True": "true", "False": "false",
    "elif": "else if", "contains": "overlaps", "has": "overlaps",
}  # fmt: skip
"""Words that people write instead, and what they are offered."""

NEAR_FUNCTIONS: Final[dict[str, str]] = {
    "取整": "四舍五入", "舍入": "四舍五入", "舍去": "只舍不入", "舍位": "只舍不入", "向下取整": "只舍不入",
    "进位": "只入不舍", "进一": "只入不舍", "向上取整": "只入不舍", "银行家舍入": "四舍六入五成双",
    "天数": "相隔天数", "间隔天数": "相隔天数", "月数": "足月数", "年数": "周年数", "年龄": "周年数",
    "月": "月份", "年": "年份", "当月首日": "月初", "当月末日": "月末",
    "floor": "round_down", "trunc": "round_down", "ceil": "round_up", "ceiling": "round_up", "days": "days_between",
    "datedif": "days_between", "eomonth": "month_end",
}  # fmt: skip
"""Functions as people call them instead, in spreadsheets too, and what they are offered."""

_NAME = re.compile(r"[^\W\d]\w*")


def is_name_shaped(text: str) -> bool:
    """Whether the text is one run of letters, digits and `_` that does not start with a digit."""
    return _NAME.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether an element may be called so: name-shaped and no word of the language."""
    return is_name_shaped(text) and text not in RESERVED


_FOLD: Final[dict[int, str]] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "＂＇"},
    ord("\u3000"): " ",
    ord("\u00a0"): " ",
    ord("×"): "*",
    ord("÷"): "/",
    ord("−"): "-",
    ord("≦"): "≤",
    ord("≧"): "≥",
    ord("•"): "·",
    ord("・"): "·",
    ord("‧"): "·",
}


def fold(text: str) -> str:
    """Full-width signs, letters and digits as their ASCII forms, one character for one, so that offsets stay."""
    return text.translate(_FOLD)


def language_of(text: str) -> Language:
    """The language an author writes in: Chinese where there is a Chinese word, English where there is an English
    operator; otherwise by the script of the names."""
    words = set(re.findall(r"\w+", text))
    if words & {spelling for word in _TABLE for spelling in word.zh}:
        return "zh"
    if words & {spelling for word in _TABLE if word.role != "value" for spelling in word.en}:
        return "en"
    return "zh" if any("\u3400" <= letter <= "\u9fff" for letter in text) else "en"
