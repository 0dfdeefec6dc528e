"""Faults in what people wrote: one model for policies and households.

In: the passes report a stable code, a place and the values to be put into the wording.
Out: `Diagnostic`s, collected by a `Reporter`, worded in Chinese or English by `message` and `help_lines`,
and set with source line and caret by `render`.
Imports the ground floor only (`source`, `escaping`, `messages`, `say`, `suggest`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from engine.escaping import Lines, shown
from engine.messages import CODES
from engine.messages.code import AND_MORE, Code
from engine.messages.code import Severity as Severity
from engine.records import dataclass
from engine.say import Language as Language
from engine.say import Say
from engine.source import Span, display_width
from engine.suggest import Near

_LONGEST = 240
"""characters of a source line that are shown"""
_BEFORE = 80


_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One fault.

    Attributes:
        code: stable, kebab-case; a key of `engine.messages.CODES`, whose record has all else that is the same of each.
        span: where in a policy file; None for a fault in a household or in a whole folder.
        path: JSON path of a fault in a household (`members[0].medical_gross`), or the file for a fault
            of a file as a whole (it cannot be read); empty otherwise.
        params: values for the wording, by name. Author's text goes in bare; the wording adds the backticks.
        related: other places to show (the earlier definition, the guard), each with the code of its note.
    """

    code: str
    severity: Severity
    span: Span | None = None
    path: str = ""
    params: tuple[tuple[str, str], ...] = ()
    related: tuple[tuple[str, Span], ...] = ()

    @staticmethod
    def of(
        code: str,
        span: Span | None = None,
        *,
        path: str = "",
        related: Iterable[tuple[str, Span]] = (),
        **params: str,
    ) -> Diagnostic:
        """A fault as severe as its record says."""
        severity = CODES[code].severity
        assert severity is not None, f"{code} is a note"
        return Diagnostic(code, severity, span, path, tuple(sorted(params.items())), tuple(related))

    def graded(self, severity: Severity) -> Diagnostic:
        """The same with another severity that its record lets it have."""
        record = CODES[self.code]
        assert record.settable or severity in (record.severity, *record.also), f"{self.code} is no {severity}"
        return replace(self, severity=severity)

    def message(self, language: Language = "zh") -> str:
        """What is wrong, in one line without final period."""
        return self._record.message(language, self._shown())

    def help_lines(self, language: Language = "zh") -> tuple[str, ...]:
        """What to do; hints whose parameter is empty are left out."""
        return self._record.help_lines(language, self._shown())

    def _shown(self) -> dict[str, str]:
        return {name: shown(text) for name, text in self.params}

    @property
    def stands_for(self) -> int:
        """How many findings: one, or all the rest of its code in its file."""
        return int(dict(self.params).get(_MORE, 1))

    @property
    def _record(self) -> Code:
        return AND_MORE if any(name == _MORE for name, _ in self.params) else CODES[self.code]

    @property
    def file(self) -> str:
        """What the file is called that it lies in; of a fault in no file its path."""
        return self.path if self.span is None else self.span.source.name

    def place(self) -> str:
        """`file:line:column` of a policy fault, `file:sheet!cell` in a workbook, the JSON path or file of any other."""
        if self.span is not None:
            return self.span.source.place(self.span.start)
        return self.path


def sort_key(diagnostic: Diagnostic) -> tuple[str, int, int, int, str, tuple[tuple[str, str], ...]]:
    """Order of printing: file, place, then severity and code; independent of the order of the passes."""
    span = diagnostic.span
    where = ("", 0, 0) if span is None else (span.source.name, span.start, span.end)
    name = where[0] or diagnostic.path
    return (name, where[1], where[2], _RANK[diagnostic.severity], diagnostic.code, diagnostic.params)


MOST_ALIKE: Final = 50
"""of one code in one file are told one by one; the others are counted"""
_MORE: Final = "and_more"


def shortened(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What is told of many: of each code in each file the first ones, then one that counts the rest.

    Only for telling: whoever decides by what was found, or mends it, takes all of it.
    """
    told: list[Diagnostic] = []
    seen: Counter[tuple[str, Severity, str]] = Counter()
    rest: dict[tuple[str, Severity, str], int] = {}
    for one in found:
        kind = (one.code, one.severity, one.file)
        seen[kind] += 1
        if seen[kind] == MOST_ALIKE + 1:
            rest[kind] = len(told)
        if seen[kind] <= MOST_ALIKE + 1:
            told.append(one)
    for kind, place in rest.items():
        more = seen[kind] - MOST_ALIKE
        if more > 1:  # one more is as short as saying so
            told[place] = replace(told[place], params=((_MORE, str(more)),), related=())
    return tuple(told)


MOST_HELPED: Final = 2 * MOST_ALIKE
"""of one code in one file are offered the nearest name; twice as many as are told, which need not be the first found"""
_OFFERED: Final = frozenset({"suggestion", "near"})


def errors_in(found: Iterable[Diagnostic]) -> list[Diagnostic]:
    return [one for one in found if one.severity is Severity.ERROR]


class Reporter:
    """Collects diagnostics; the same fault at the same place is kept once, whatever name it offers."""

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self._found: dict[Diagnostic, Diagnostic] = {}
        self._helped: dict[tuple[str, str], int] = {}
        if found:
            self.extend(found)

    def aside(self) -> Reporter:
        """For a try that may come to nothing: it keeps apart what it finds, and both help as often as one would."""
        made = Reporter()
        made._helped = self._helped
        return made

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.diagnostics)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self._found.values(), key=sort_key))

    @property
    def has_errors(self) -> bool:
        return any(found.severity is Severity.ERROR for found in self._found)

    def add(self, diagnostic: Diagnostic) -> None:
        self._found.setdefault(_without_offer(diagnostic), diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self.add(diagnostic)

    def tell(
        self,
        code: str,
        span: Span | None,
        *,
        path: str = "",
        related: Iterable[tuple[str, Span]] = (),
        **params: str | Near,
    ) -> None:
        kind = (code, "" if span is None else span.source.name)
        worded = {
            name: value if isinstance(value, str) else self._nearest(value, kind) for name, value in params.items()
        }
        self.add(Diagnostic.of(code, span, path=path, related=related, **worded))

    def _nearest(self, near: Near, kind: tuple[str, str]) -> str:
        self._helped[kind] = helped = self._helped.get(kind, 0) + 1
        return near.found() if helped <= MOST_HELPED else ""


def _without_offer(diagnostic: Diagnostic) -> Diagnostic:
    """What makes two diagnostics the same fault."""
    told = tuple(pair for pair in diagnostic.params if pair[0] not in _OFFERED)
    return diagnostic if len(told) == len(diagnostic.params) else replace(diagnostic, params=told)


def render(diagnostic: Diagnostic, language: Language = "zh") -> Lines:
    """The fault as printed: a head line `place: severity code: message`, the source line with a caret, help.

    The head keeps the English severity word in both languages, so that tools can match it.
    """
    place = diagnostic.place()
    head = f"{place}: " if place else ""
    lines = [f"{head}{diagnostic.severity} {diagnostic.code}: {diagnostic.message(language)}"]
    if diagnostic.span is not None:
        lines.extend(_excerpt(diagnostic.span))
    for code, span in diagnostic.related:
        note = CODES[code].message(language, {})
        lines.append(f"  {span.source.place(span.start)}: {note}")
        lines.extend(_excerpt(span))
    word = Say(language)("帮助", "help")
    lines.extend(f"  {word}: {line}" for line in diagnostic.help_lines(language))
    return Lines.of(lines)


def _excerpt(span: Span) -> list[str]:
    line, column = span.source.position(span.start)
    text = span.source.line_text(line).replace("\t", " ")
    start = column - 1
    length = max(1, span.end - span.start)
    if len(text) > _LONGEST:
        text, start, length = _window(text, start, length)
    before, stretch, after = shown(text[:start]), shown(text[start : start + length]), shown(text[start + length :])
    number = str(line)
    margin = " " * len(number)
    caret = " " * display_width(before) + "^" * max(1, display_width(stretch.rstrip()))
    return [f"  {number} | {before}{stretch}{after}", f"  {margin} | {caret}"]


def _window(text: str, start: int, length: int) -> tuple[str, int, int]:
    """Of a line too long to be read, what stands around the stretch; and the stretch in it."""
    first = max(0, start - _BEFORE)
    last = min(len(text), first + _LONGEST)
    head, tail = "…" if first else "", "…" if last < len(text) else ""
    return head + text[first:last] + tail, start - first + len(head), min(length, last - start)
