"""What is told of what would change an answer.

In: a `WhatIf` and what its policy declares.  Out: a section of a report. Imports the result types of the floors below,
and the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.evaluation.decision import Outcome
from engine.gathered import gathered
from engine.language.types import DateType, Quantity
from engine.policy.model import Elements, Fact
from engine.reporting.paths import grouped, json_value
from engine.reporting.report import Said, Section
from engine.reporting.whatif_words import WhatIfWords
from engine.reporting.words import Words
from engine.whatif.results import Alternative, Change, Found, Settlement, WhatIf

_SHOWN = 6
"""alternatives told of a kind, unless all are asked for"""


def what_if_section(found: WhatIf, elements: Elements, words: Words, *, details: bool = False) -> Section:
    """Args: details: tell all that was found."""
    return _Telling(elements, words, len(found.turns) if details else _SHOWN).section(found)


class _Telling:
    def __init__(self, elements: Elements, words: Words, most: int) -> None:
        self._elements, self._words, self._most = elements, words, most
        self._said = WhatIfWords(words.language)

    def section(self, found: WhatIf) -> Section:
        said = self._said
        if found.outcome is None:
            return Section("what_if", "", (Said(said("figures_only"), tone="quiet"),))
        if found.outcome is Outcome.UNDETERMINED:
            title, told = said("settles"), self._settled(found)
        else:
            turned = self._words(Outcome.INELIGIBLE if found.outcome is Outcome.ELIGIBLE else Outcome.ELIGIBLE)
            title, told = said("turns", outcome=turned), self._turned(found, turned)
        return Section("what_if", title, (*told, *(Said(text, tone="quiet") for text in self._remarks(found))))

    def _remarks(self, found: WhatIf) -> Iterator[str]:
        if not found.whole:
            yield self._said("not_whole")
        if found.not_analysed:
            yield self._said(
                "not_analysed", labels=self._said.series([one.declared.label for one in found.not_analysed])
            )
        yield self._said("meant")

    # ---- a decided household

    def _turned(self, found: WhatIf, outcome: str) -> Iterator[Said]:
        alone = [one for one in found.turns if len(one.changes) == 1]
        pairs = [one for one in found.turns if len(one.changes) > 1]
        if alone:
            yield self._listed("turns_alone", alone, outcome)
        if pairs:
            yield self._listed("turns_pairs_beside" if alone else "turns_pairs", pairs, outcome)
        if not found.turns:
            yield Said(self._said("turns_none" if found.whole and not found.not_analysed else "turns_not_found"))

    def _listed(self, key: str, turns: Sequence[Alternative], outcome: str) -> Said:
        told = list(self._once(turns))
        below = [Said(text, item=True) for text in told[: self._most]]
        if len(told) > self._most:
            below.append(Said(self._said("turns_rest", count=len(told) - self._most), tone="quiet"))
        return Said(self._said(key, outcome=outcome), below=tuple(below))

    def _once(self, turns: Iterable[Alternative]) -> Iterator[str]:
        """Items of which the same is said together."""
        said: dict[str, list[str]] = gathered(
            (self._change(one.changes[0]), one.changes[0].path) for one in turns if len(one.changes) == 1
        )
        for text, paths in said.items():
            for whose, _ in grouped([(path, text) for path in paths], self._elements, self._words):
                yield self._whose(whose, text)
        for one in turns:
            if len(one.changes) > 1:
                yield self._together((change.path, self._change(change)) for change in one.changes)

    def _together(self, pairs: Iterable[tuple[str, str]]) -> str:
        """All of these, each behind whose it is."""
        told = grouped(list(pairs), self._elements, self._words)
        return self._said("and").join(self._whose(whose, self._said("and").join(texts)) for whose, texts in told)

    def _whose(self, whose: str, text: str) -> str:
        return self._words.said_of(whose or self._words("whole_family"), text)

    def _change(self, change: Change) -> str:
        fact, said = change.declared, self._said
        before, after = (json_value(value, fact, self._words) for value in (change.before, change.after))
        notes = [
            said(key)
            for key, holds in (
                ("not_given", not change.given),
                ("unchangeable", not fact.changeable),
                ("fixed", change.fixed and fact.changeable),
                ("judgement", fact.judgement),
            )
            if holds
        ]
        is_day = isinstance(fact.type, DateType)
        if change.by:
            key = ("later" if is_day else "more") if change.by.startswith("+") else ("earlier" if is_day else "less")
            notes.insert(0, said(key, by=change.by[1:]))
        more = "".join(said("note", note=note) for note in notes)
        key = "is_after" if is_day or isinstance(fact.type, Quantity) else "is_word"
        return said(key, label=fact.label, after=after, before=before, more=more)

    # ---- one that is not decided

    def _settled(self, found: WhatIf) -> Iterator[Said]:
        for outcome in (Outcome.ELIGIBLE, Outcome.INELIGIBLE):
            ways, name = [one for one in found.settles if one.outcome is outcome], self._words(outcome)
            key = "settles_none" if not ways else "settles_one" if len(ways) == 1 else "settles_any"
            told = tuple(Said(self._way(way), item=True) for way in ways[: self._most or _SHOWN])
            yield Said(self._said(key, outcome=name), below=told)

    def _way(self, way: Settlement) -> str:
        told = self._together((one.path, self._found(one)) for one in way.facts)
        return told + ("" if way.smallest else self._said("not_smallest"))

    def _found(self, found: Found) -> str:
        fact, said = found.declared, self._said
        label = fact.label
        if not isinstance(fact, Fact):
            return said("no_items", label=label)
        if found.value is not None:
            text = said("has_value", label=label, value=json_value(found.value, fact, self._words))
        else:
            least, most = (json_value(end, fact, self._words) for end in (found.least, found.most))
            key = "at_most" if found.least is None else "at_least" if found.most is None else "between"
            key = "exactly" if found.least == found.most else key
            is_day = isinstance(fact.type, DateType) and key in ("at_most", "at_least")
            text = said(f"{key}_day" if is_day else key, label=label, least=least, most=most)
        return text + (said.bracketed(said("judgement")) if fact.judgement else "")
