"""What a spreadsheet shows for a number, and what number a reader takes that for.

In: a number as it is stored, and the format of its cell (`#,##0.00_ `, `0!.0,"万元"`, `yyyy/m`).  Out: the text that
Excel and WPS show. A format may round, scale, add words or leave the day out: what is read then is not what is stored.
Imports cells only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from operator import eq, ge, gt, le, lt, ne
from typing import Final, Literal, TypeAlias

from engine.policy.cells import number_text, squeezed
from engine.records import dataclass

BUILT_IN: Final = {
    "0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%", "11": "0.00E+00",
    "12": "# ?/?", "13": "# ??/??", "14": "yyyy/m/d", "15": "d-mmm-yy", "16": "d-mmm", "17": "mmm-yy", "18": "h:mm",
    "19": "h:mm:ss", "20": "h:mm", "21": "h:mm:ss", "22": "yyyy/m/d h:mm", "27": "yyyy年m月", "28": "m月d日",
    "29": "m月d日", "30": "m/d/yy", "31": "yyyy年m月d日", "32": "h时mm分", "33": "h时mm分ss秒", "34": "h时mm分",
    "35": "h时mm分ss秒", "36": "yyyy年m月", "37": "#,##0_);(#,##0)", "38": "#,##0_);(#,##0)",
    "39": "#,##0.00_);(#,##0.00)", "40": "#,##0.00_);(#,##0.00)", "41": '_ #,##0_ ;_ \\-#,##0_ ;_ "-"_ ;_ @_ ',
    "42": '_ ¥#,##0_ ;_ ¥\\-#,##0_ ;_ ¥"-"_ ;_ @_ ', "43": '_ #,##0.00_ ;_ \\-#,##0.00_ ;_ "-"_ ;_ @_ ',
    "44": '_ ¥#,##0.00_ ;_ ¥\\-#,##0.00_ ;_ ¥"-"_ ;_ @_ ', "45": "mm:ss", "46": "[h]:mm:ss", "47": "mm:ss.0",
    "48": "##0.0E+0", "49": "@", "50": "yyyy年m月", "51": "m月d日", "52": "yyyy年m月", "53": "m月d日", "54": "m月d日",
    "55": "h时mm分", "56": "h时mm分ss秒", "57": "yyyy年m月", "58": "m月d日",
}  # fmt: skip
"""formats that a workbook need not write out, by their number; those from 27 on as the Chinese Excel shows them"""

MOST_CHARACTERS: Final = 255
"""of a format; no spreadsheet takes a longer one"""

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | [\\!](?P<escaped>.) | (?P<blank>_.?) | (?P<fill>\*.?) | \[\$(?P<currency>[^\]-]*)[^\]]*\]
    | \[(?P<condition>[<>=]{1,2}-?[0-9.]+)\] | \[(?P<elapsed>[hms]+)\] | (?P<skipped>\[[^\]]*\])
    | (?P<general>general|G/通用格式) | (?P<clock>am/pm|a/p|上午/下午) | (?P<exponent>e[+-])
    | (?P<digit>[0#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%) | (?P<text>@) | (?P<end>;)
    | (?P<date>y+|m+|d+|h+|s+|e+|a{3,4}|b{2,4}) | (?P<plain>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_MONEY = re.compile(r"[¥￥$＄]|人民币|RMB|CNY|元|圆", re.IGNORECASE)
"""words that say no more than that an amount is one in yuan"""
_PLAIN = re.compile(r"(?:#,##)?0(?:\.(0+))?")
_COMPARED: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": lt, "<=": le, "=": eq, "<>": ne, ">=": ge, ">": gt,
}  # fmt: skip
_FIRST_DAY = date(1899, 12, 30)
_LAST_DAY = 2_958_465
_GENERAL_WIDTH = 11
_SIGNIFICANT = 5

_Kind: TypeAlias = Literal["digit", "point", "comma", "percent", "exponent", "date", "general", "word"]
_Token: TypeAlias = tuple[_Kind, str]


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the parts between `;`. `condition` is such as `>=10000`."""

    tokens: tuple[_Token, ...]
    condition: str

    def kinds(self) -> set[_Kind]:
        return {kind for kind, _ in self.tokens}


class NumberFormat:
    """A format by its code."""

    def __init__(self, code: str) -> None:
        self.code = code

    @property
    def is_percent(self) -> bool:
        return "%" in self.code

    def may_differ(self, stored: str) -> bool:
        """Whether another number than the one stored may be shown; quickly, for there are many cells."""
        if self.code == "General":
            return len(stored) > _GENERAL_WIDTH
        whole, _, part = stored.partition(".")
        return len(part) > self._plain_places or not whole.isdigit() or (whole == "0" and not part)

    def other_than_stored(self, stored: str) -> str | None:
        """What is shown, where a reader takes it for another number than the one stored; None where it is that."""
        number = Decimal(stored)
        try:
            text = self.shown(number)
        except ArithmeticError:  # beyond all digits that a decimal holds
            text = self.code
        if text is None:
            return None
        plain = number_text(f"{number:f}")
        return None if plain is not None and reads_as(text) == Decimal(plain) else text.strip()

    @cached_property
    def _plain_places(self) -> int:
        """How many places a positive number shows, where nothing but its digits and words of yuan is shown; else -1."""
        first = next(iter(self._sections))
        words = "".join(text for kind, text in first.tokens if kind == "word")
        places = "".join(text for kind, text in first.tokens if kind in ("digit", "point", "comma"))
        plain = _PLAIN.fullmatch(places)
        is_plain = first.kinds() <= {"digit", "point", "comma", "word"} and not _MONEY.sub("", squeezed(words))
        return len(plain[1] or "") if plain and is_plain and not any(one.condition for one in self._sections) else -1

    def shown(self, number: Decimal) -> str | None:
        """The text; None for a whole day or a time, whose number is nobody's business."""
        section, sign = self._section_for(number)
        if section is None:
            return ""
        if "date" in section.kinds():
            return _shown_day(section, number)
        return sign + _shown_number(section, abs(number), self.code)

    @cached_property
    def _sections(self) -> tuple[_Section, ...]:
        return tuple(_sections(self.code))

    def _section_for(self, number: Decimal) -> tuple[_Section | None, str]:
        """The section that a number is shown by, and the sign that it does not bring itself."""
        sections = self._sections[:3]
        sign = "-" if number < 0 else ""
        if any(one.condition for one in sections):
            fits = (one for one in sections if not one.condition or _holds(number, one.condition))
            found = next(fits, None)
            brings = found is not None and any(kind == "word" and text in ("-", "(") for kind, text in found.tokens)
            return found, "" if brings else sign
        if number < 0 and len(sections) > 1:
            return sections[1], ""
        return (sections[2] if number == 0 and len(sections) > 2 else sections[0]), sign


def reads_as(text: str) -> Decimal | None:
    """The number that a shown text is taken for; None where it says more than a number, or none.

    Signs and words of yuan say nothing of their own; brackets are a minus; a dash is what accountants write for zero.
    """
    plain = _MONEY.sub("", squeezed(text))
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    if plain in ("-", "--"):
        return Decimal(0)
    is_percent = plain.endswith("%")
    plain = plain.removesuffix("%").removesuffix(".")
    found = re.fullmatch(r"(-?[0-9]\.?[0-9]*)E([+-][0-9]{1,3})", plain)
    if found is not None:
        return Decimal(found[1]).scaleb(int(found[2]))
    digits = number_text(plain)
    return None if digits is None else Decimal(digits) / (100 if is_percent else 1)


# ---- reading a format


def _sections(code: str) -> Iterator[_Section]:
    tokens: list[_Token] = []
    condition = ""
    for found in _TOKEN.finditer(code):
        name, text = found.lastgroup, found[found.lastgroup or 0]
        if name == "end":
            yield _Section(tuple(tokens), condition)
            tokens, condition = [], ""
        elif name == "condition":
            condition = text
        elif name in ("fill", "skipped"):
            continue
        elif name in ("digit", "point", "comma", "percent", "exponent"):
            tokens.append((name, text))  # type: ignore[arg-type]  # the kinds are named as the groups are
        elif name in ("general", "text"):
            tokens.append(("general", text))
        elif name in ("date", "elapsed", "clock"):
            tokens.append(("date", text.lower()))
        else:
            tokens.append(("word", " " if name == "blank" else text))
    yield _Section(tuple(tokens), condition)


def _holds(number: Decimal, condition: str) -> bool:
    found = re.fullmatch(r"([<>=]{1,2})(-?[0-9.]+)", condition)
    assert found is not None, "the tokens were told apart so"
    try:
        limit = Decimal(found[2])
    except ArithmeticError:
        return False
    holds = _COMPARED.get(found[1])
    return holds is not None and holds(number, limit)


# ---- showing


def _shown_number(section: _Section, number: Decimal, code: str) -> str:
    kinds = section.kinds()
    tokens = section.tokens
    if ("word", "/") in tokens and sum(kind == "digit" for kind, _ in tokens) > 1:
        return code  # a fraction; whichever it is, it is not the decimal that is stored
    if "digit" not in kinds:
        return "".join(_general(number) if kind == "general" else text for kind, text in tokens)
    at = next((at for at, (kind, _) in enumerate(tokens) if kind in ("point", "exponent")), len(tokens))
    after = [text for kind, text in tokens[at:] if kind == "digit"]
    last = max(at for at, (kind, _) in enumerate(tokens) if kind == "digit")
    if "exponent" in kinds:
        end = next(at for at, (kind, _) in enumerate(tokens) if kind == "exponent")
        places = sum(kind == "digit" for kind, _ in tokens[at:end])
        return f"{number:.{places}E}"
    ends = max((at for at, (kind, _) in enumerate(tokens[:at]) if kind == "digit"), default=-1)
    scale = sum(kind == "comma" and (at > last or ends < at < len(tokens)) for at, (kind, _) in enumerate(tokens))
    number = number * 100 ** sum(kind == "percent" for kind, _ in tokens) / 1000**scale
    number = number.quantize(Decimal(1).scaleb(-len(after)), ROUND_HALF_UP)
    whole, _, part = f"{number:f}".partition(".")
    grouped = any(kind == "comma" and at < ends for at, (kind, _) in enumerate(tokens))
    return _laid(tokens[:at], whole.lstrip("0"), grouped=grouped) + _laid_after(tokens[at:], part)


def _laid(tokens: Sequence[_Token], digits: str, *, grouped: bool) -> str:
    """The digits before the point at their places from the right, what is left of them all at the first."""
    out: list[str] = []
    left = list(digits)
    count, first = 0, next((at for at, (kind, _) in enumerate(tokens) if kind == "digit"), -1)
    for at in range(len(tokens) - 1, -1, -1):
        kind, text = tokens[at]
        if kind != "digit":
            out += [text] * (kind in ("word", "percent"))
            continue
        while True:
            if not left and text != "0":
                break
            out += [","] * (grouped and count > 0 and count % 3 == 0)
            out.append(left.pop() if left else "0")
            count += 1
            if at != first or not left:
                break
    return "".join(reversed(out))


def _laid_after(tokens: Sequence[_Token], digits: str) -> str:
    """The point and the digits behind it; `#` shows no zero at the end."""
    wanted = [text for kind, text in tokens if kind == "digit"]
    while wanted and digits and wanted[-1] != "0" and digits.endswith("0"):
        wanted.pop()
        digits = digits[:-1]
    left = iter(digits)
    texts = (next(left, "") if kind == "digit" else "" if kind == "comma" else text for kind, text in tokens)
    return "".join(texts)


def _general(number: Decimal) -> str:
    """As many digits as a cell without a format has room for."""
    whole = len(f"{int(number)}")
    if whole > _GENERAL_WIDTH:
        return f"{number:.{_SIGNIFICANT}E}"
    places = min(max(_GENERAL_WIDTH - 1 - whole, 0), max(-int(number.as_tuple().exponent), 0))
    text = f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _shown_day(section: _Section, number: Decimal) -> str | None:
    """A day without its year, month or number; None for a whole one, and for a time."""
    parts = "".join(_parts([text for kind, text in section.tokens if kind == "date"]))
    if not parts or parts == "ymd" or not 0 < number <= _LAST_DAY:
        return None
    day = _FIRST_DAY + timedelta(int(number))
    texts = {"y": f"{day.year}年", "m": f"{day.month}月", "d": f"{day.day}日"}
    return "".join(texts[part] for part in parts)


def _parts(tokens: Sequence[str]) -> Iterator[str]:
    """Which of `y`, `m`, `d` are shown; `m` beside hours or seconds is minutes, `ddd` the day of the week."""
    if any(one[0] in "ye" for one in tokens):
        yield "y"
    before, after = ["", *tokens], [*tokens[1:], ""]
    if any(one[0] == "m" and before[at][:1] != "h" and after[at][:1] != "s" for at, one in enumerate(tokens)):
        yield "m"
    if any(one in ("d", "dd") for one in tokens):
        yield "d"
