"""What people say or write elsewhere and an expression spells otherwise: `2024/1/1`, `2 倍保障标准`.

In: the text of an expression.  Out: where such a thing stands, and how it is written here.
"""

from __future__ import annotations

import re
from datetime import date

SLASHED = re.compile(r"(?<![\w./])([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})(?![\w./])")
"""a day as spreadsheets write it; here it is a calculation"""

TIMES = re.compile(
    r"(?<![\w.])(?P<by>[0-9]+(?:\.[0-9]+)?)\s*倍\s*的?\s*(?P<behind>[^\W\d]\w*)"
    r"|(?P<before>[^\W\d]\w*?)\s*的\s*(?P<times>[0-9]+(?:\.[0-9]+)?)\s*倍(?!\w)"
)
"""so many times an amount"""


def iso_day(day: re.Match[str]) -> str:
    """As it is written here; "" where there is no such day."""
    try:
        return date(int(day[1]), int(day[2]), int(day[3])).isoformat()
    except ValueError:
        return ""


def factors(times: re.Match[str]) -> tuple[str, str]:
    """What is multiplied, in its order."""
    return (times["by"], times["behind"]) if times["by"] else (times["before"], times["times"])
