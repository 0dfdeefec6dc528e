"""One diagnostic's wording in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from engine.records import dataclass


class Reason(NamedTuple):
    """What stands for a stable word of the program (`denied`) in a message, and what to do about it: templates too."""

    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """Templates with `{param}` places; lower case, no final period, author's text in backticks.

    Attributes:
        zh, en: the message.
        help_zh, help_en: what to do; empty when the message says it all.
        hints: further help lines, each shown only when the parameter it is keyed by was given and is not empty
            (`suggestion` for a nearest name, for one), as (zh, en) templates.
        reasons: what the values of the parameter `reason` stand for; they bring help lines of their own.
    """

    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""
    hints: Mapping[str, tuple[str, str]] | None = None
    reasons: Mapping[str, Reason] | None = None

    def message(self, language: str, params: Mapping[str, str]) -> str:
        reason = self._reason(params)
        if reason is not None:
            params = {**params, "reason": _fill(reason.zh if language == "zh" else reason.en, params)}
        return _fill(self.zh if language == "zh" else self.en, params)

    def _reason(self, params: Mapping[str, str]) -> Reason | None:
        return (self.reasons or {}).get(params.get("reason", ""))

    def help_lines(self, language: str, params: Mapping[str, str]) -> tuple[str, ...]:
        lines = []
        for name, (zh, en) in (self.hints or {}).items():
            if params.get(name):
                lines.append(_fill(zh if language == "zh" else en, params))
        reason = self._reason(params)
        if reason is not None and reason.help_zh:
            lines.append(_fill(reason.help_zh if language == "zh" else reason.help_en, params))
        general = self.help_zh if language == "zh" else self.help_en
        if general:
            lines.append(_fill(general, params))
        return tuple(lines)


AND_MORE = Wording("还有 {and_more} 处同样的问题，不再一一列出", "and {and_more} more like it")
"""stands in the place of the wording of a code where the rest of many in one file is only counted"""

_PLACE = re.compile(r"\{([a-z_]+)\}")


def _fill(template: str, params: Mapping[str, str]) -> str:
    """Put the parameters in; author's text is inserted as it stands and never itself read as a template."""
    return _PLACE.sub(lambda place: params[place.group(1)], template)
