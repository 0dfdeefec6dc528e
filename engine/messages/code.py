"""One record per diagnostic: how severe it is, how it is worded in both languages, what to do, and its parameters.

In: what a module of this folder states.  Out: `Code`s, which `engine.diagnostics` puts a place and values to.
`error`, `warning`, `info` and `note` begin a record with its severity; a `note` tells of another place only.
Imports `ranges`, `say` and `records`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import NamedTuple

from engine.records import dataclass
from engine.say import Language, Say


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Reason(NamedTuple):
    """What stands for a stable word of the program (`denied`) in a message, and what to do about it: templates too."""

    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Templates with `{param}` places; lower case, no final period, author's text in backticks.

    Attributes:
        severity: None where it is only ever told beside another, of a further place.
        zh, en: the message.
        help_zh, help_en: what to do; empty when the message says it all.
        hints: further help lines, each shown only when the parameter it is keyed by was given and is not empty
            (`suggestion` for a nearest name, for one), as (zh, en) templates.
        reasons: what the values of the parameter `reason` stand for; they bring help lines of their own.
        also: other severities that it may have, as the case is.
        settable: a folder's `hygiene.yaml` may set its severity.
        unsaid: parameters that no sentence shows; a repair or a later pass reads them.
        ranges: parameters that hold a range or a key, which each language says in its own words.
    """

    severity: Severity | None
    zh: str
    en: str
    help_zh: str = ""
    help_en: str = ""
    hints: Mapping[str, tuple[str, str]] | None = None
    reasons: Mapping[str, Reason] | None = None
    also: tuple[Severity, ...] = ()
    settable: bool = False
    unsaid: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()

    @property
    def required(self) -> frozenset[str]:
        """The parameters that every call has to give: those of the sentences that are always said."""
        return _places(self.zh, self.en, self.help_zh, self.help_en)

    @property
    def optional(self) -> frozenset[str]:
        """The parameters that a call may give besides."""
        lines = chain((self.hints or {}).values(), (self.reasons or {}).values())
        return _places(*chain.from_iterable(lines)).union(self.hints or (), self.unsaid) - self.required

    def message(self, language: Language, params: Mapping[str, str]) -> str:
        say = Say(language)
        params = self.worded(language, params)
        reason = self._reason(params)
        if reason is not None:
            params = {**params, "reason": _fill(say(reason.zh, reason.en), params)}
        return _fill(say(self.zh, self.en), params)

    def worded(self, language: Language, params: Mapping[str, str]) -> Mapping[str, str]:
        """The parameters with ranges as people of the language write them."""
        if not self.ranges:
            return params
        from engine.messages.ranges import ranges_text  # few faults are of ranges

        said = {name: ranges_text(params[name], language) for name in self.ranges if params.get(name)}
        return {**params, **said}

    def _reason(self, params: Mapping[str, str]) -> Reason | None:
        return (self.reasons or {}).get(params.get("reason", ""))

    def help_lines(self, language: Language, params: Mapping[str, str]) -> tuple[str, ...]:
        """What to do, the particular first."""
        params = self.worded(language, params)
        lines = [pair for name, pair in (self.hints or {}).items() if params.get(name)]
        reason = self._reason(params)
        if reason is not None:
            lines.append((reason.help_zh, reason.help_en))
        lines.append((self.help_zh, self.help_en))
        say = Say(language)
        return tuple(_fill(say(*pair), params) for pair in lines if pair[0])


error = partial(Code, Severity.ERROR)
warning = partial(Code, Severity.WARNING)
info = partial(Code, Severity.INFO)
note = partial(Code, None)
rule = partial(Code, Severity.WARNING, settable=True)
"""of hygiene: a warning unless a folder says otherwise"""

NEAREST = {"suggestion": ("是不是想写 `{suggestion}`？", "did you mean `{suggestion}`?")}
"""the hint of a name that nothing answers to"""

DECLARED = {
    "declared": (
        "`{declared}` 声明了，却没有一处用到；如果是声明里写错了，在声明的地方改成 `{name}`",
        "`{declared}` is declared and used nowhere; if that is the slip, call it `{name}` where it is declared",
    )
}
"""the hint of a name that is missed where a declared one is one slip away"""

QUOTED = {"quoted": ("文字和代码要加引号：写作 `{quoted}`", "texts and codes stand in quotes: write `{quoted}`")}
"""the hint of what may be meant as a text"""

PLACE_CODE = {"quoted": ("地方写它的代码：`{quoted}`", "a place is written by its code: `{quoted}`")}

AND_MORE = note("还有 {and_more} 处同样的问题，不再一一列出", "and {and_more} more like it")
"""stands in the place of the wording of a code where the rest of many in one file is only counted"""

_PLACE = re.compile(r"\{([a-z_]+)\}")


def _places(*templates: str) -> frozenset[str]:
    return frozenset(_PLACE.findall("".join(templates)))


def _fill(template: str, params: Mapping[str, str]) -> str:
    """Put the parameters in; author's text is inserted as it stands and never itself read as a template."""
    return _PLACE.sub(lambda place: params[place.group(1)], template)
