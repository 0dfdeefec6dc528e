"""Two texts of a file as the lines that differ, with a few around.

In: texts.  Out: lines, each with its sign. Imports nothing of the engine.
"""

from __future__ import annotations

import difflib
from typing import Literal, TypeAlias

Sign: TypeAlias = Literal["+", "-", "@", " "]


def lines_of(before: str, after: str) -> list[tuple[Sign, str]]:
    """Each line with `+`, `-` or a blank in front; `@` is where the next ones stand."""
    found = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2))
    return [(_sign(line), line) for line in found[2:]]


def _sign(line: str) -> Sign:
    match line[:1]:
        case "+" | "-" | "@" as sign:
            return sign
        case _:
            return " "
