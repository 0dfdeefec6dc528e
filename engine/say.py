"""Chinese or English: the one place where a sentence for a person is picked by the reader's language.

In: a language, then a sentence in both.  Out: the one of the two.
What is wrong is worded by the records in `engine.messages`; all other words stand as such pairs, where they are said
or in a table of a report (`reporting.words`). Imports nothing of the engine but `records`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from engine.records import dataclass

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Say:
    """Picks the Chinese or the English of a text."""

    language: Language

    def __call__(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def names(self, names: Iterable[str]) -> str:
        """Short names in a row."""
        return self("、", ", ").join(names)
