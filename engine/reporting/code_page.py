"""The page on a code: `docs/codes/CODE.md`, which `doudi explain` prints and SARIF carries.

In: a code.  Out: its page cut into parts. A page has the same parts in the same order, all in one file:

    # unit-mismatch
    ## 中文                what it says, why, what to do; in Chinese
    ## English             the same in English
    ## 例 Example          **错误 Bad** and **正确 Good**, each a fenced block, and what is said of the bad one

Marks for the tools that make parts of a page (`<!-- … -->`) are no part of its text.
Imports `resources`.
"""

from __future__ import annotations

import re
from functools import cache

from engine.records import dataclass
from engine.resources import code_page

_PLACE = re.compile(r"\{([a-z_]+)\}")
_MARK = re.compile(r"^<!-- .* -->\n", re.MULTILINE)
_PARTS = re.compile(
    r"^# (?P<code>\S+)\n+## 中文\n+(?P<zh>.*?)\n+## English\n+(?P<en>.*?)\n+## 例 Example\n+(?P<example>.*)$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class CodePage:
    """`text` is the whole page without its marks; `zh`, `en` and `example` are parts of it, as Markdown."""

    code: str
    text: str
    zh: str
    en: str
    example: str


def spelt(template: str) -> str:
    """A wording with ‹…› in the places of the author's words."""
    return _PLACE.sub(r"‹\1›", template)


@cache
def page_of(code: str) -> CodePage | None:
    """The page on a code; None where there is none, or it is not made of the parts that a page has."""
    found = code_page(code)
    if found is None:
        return None
    text = _MARK.sub("", found).strip()
    parts = _PARTS.match(text)
    if parts is None or parts["code"] != code:
        return None
    return CodePage(code, text, parts["zh"].strip(), parts["en"].strip(), parts["example"].strip())
