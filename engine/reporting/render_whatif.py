"""What would change an answer, as text that a clerk can read aloud to a family.

In: a `WhatIf` and its `Decision`.  Out: lines of text, below those of the decision. Imports the result types of the
floors below, and the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.escaping import Lines
from engine.evaluation.decision import Decision, Outcome
from engine.gathered import gathered
from engine.language.types import DateType, Quantity
from engine.policy.model import Elements, Fact
from engine.reporting.layout import Page
from engine.reporting.paths import grouped, json_value
from engine.reporting.whatif_words import WhatIfWords
from engine.reporting.words import Words
from engine.whatif.results import Alternative, Change, Found, Settlement, WhatIf

_SHOWN = 6
"""alternatives told of a kind, unless all are asked for"""


def render_what_if(found: WhatIf, decision: Decision, words: Words, page: Page, *, details: bool = False) -> Lines:
    """Args: details: list all that was found."""
    elements = decision.policy.merged.elements
    return Lines.of(_Rendering(elements, words, page, len(found.turns) if details else _SHOWN).lines(found))


class _Rendering:
    def __init__(self, elements: Elements, words: Words, page: Page, most: int) -> None:
        self._elements, self._words, self._page, self._most = elements, words, page, most
        self._said = WhatIfWords(words.language)

    def lines(self, found: WhatIf) -> list[str]:
        said, page = self._said, self._page
        if found.outcome is None:
            return ["", *page.paragraph(said("figures_only"), tone="quiet")]
        if found.outcome is Outcome.UNDETERMINED:
            lines = page.section(said("settles"), self._settled(found))
        else:
            turned = Outcome.INELIGIBLE if found.outcome is Outcome.ELIGIBLE else Outcome.ELIGIBLE
            lines = page.section(said("turns", outcome=self._words(turned)), self._turned(found, self._words(turned)))
        return [
            *lines,
            *(line for text in self._remarks(found) for line in page.paragraph(text, indent=2, tone="quiet")),
        ]

    def _remarks(self, found: WhatIf) -> Iterator[str]:
        if not found.whole:
            yield self._said("not_whole")
        if found.not_analysed:
            yield self._said(
                "not_analysed", labels=self._said.series([one.declared.label for one in found.not_analysed])
            )
        yield self._said("meant")

    # ---- a decided household

    def _turned(self, found: WhatIf, outcome: str) -> Iterator[str]:
        alone = [one for one in found.turns if len(one.changes) == 1]
        pairs = [one for one in found.turns if len(one.changes) > 1]
        if alone:
            yield from self._listed("turns_alone", alone, outcome)
        if pairs:
            yield from self._listed("turns_pairs_beside" if alone else "turns_pairs", pairs, outcome)
        if not found.turns:
            key = "turns_none" if found.whole and not found.not_analysed else "turns_not_found"
            yield from self._page.paragraph(self._said(key), indent=2)

    def _listed(self, key: str, turns: Sequence[Alternative], outcome: str) -> Iterator[str]:
        yield from self._page.paragraph(self._said(key, outcome=outcome), indent=2)
        told = list(self._once(turns))
        for text in told[: self._most]:
            yield from self._page.paragraph(f"· {text}", indent=4, hanging=6)
        if len(told) > self._most:
            rest = self._said("turns_rest", count=len(told) - self._most)
            yield from self._page.paragraph(rest, indent=4, tone="quiet")

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

    def _settled(self, found: WhatIf) -> Iterator[str]:
        for outcome in (Outcome.ELIGIBLE, Outcome.INELIGIBLE):
            ways, name = [one for one in found.settles if one.outcome is outcome], self._words(outcome)
            key = "settles_none" if not ways else "settles_one" if len(ways) == 1 else "settles_any"
            yield from self._page.paragraph(self._said(key, outcome=name), indent=2)
            for way in ways[: self._most or _SHOWN]:
                yield from self._page.paragraph(f"· {self._way(way)}", indent=4, hanging=6)

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
