"""Why something is not done, in both languages. Imports say."""

from __future__ import annotations

from engine.records import dataclass
from engine.say import Language, Say


@dataclass(frozen=True, slots=True)
class Refused:
    zh: str
    en: str

    def said(self, language: Language) -> str:
        return Say(language)(self.zh, self.en)
