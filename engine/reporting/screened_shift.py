"""What another rule set changes for a population: for people, for programs, and as rows of a workbook.

In: a `Shift`, with the names of places, causes and figures.  Out: lines, a JSON value, rows of cells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from engine.evaluation.shifts import KINDS, WORDS
from engine.records import dataclass
from engine.reporting.layout import Page, columns
from engine.say import Say
from engine.screening.writing.summary import Shift

_MOST: Final = 20
"""combinations of conditions that are told one by one"""
Row = tuple[Any, ...]
"""a name, and numbers"""
_WORDS: Final[dict[str, tuple[str, str]]] = {
    **WORDS,
    "shift": ("换成另一套规定", "Under the other policies"),
    "none": ("没有一户的结论或数字不同", "no household's outcome or figures differ"),
    "region": ("地区", "Place"),
    "elsewhere": ("地区不明", "no known place"),
    "cause": ("按认定情形（新规满足的／现行满足的）", "By cause (met then / met now)"),
    "because": ("由哪些条件决定", "By what decides"),
    "policy": ("适用的政策不同", "another policy applies"),
    "amount": ("数字", "Figure"),
    "more": ("增加的户数", "more"),
    "added": ("共增加", "by together"),
    "less": ("减少的户数", "less"),
    "taken": ("共减少", "by together"),
    "rest": ("另有 {count} 种", "{count} others"),
}


@dataclass(frozen=True, slots=True)
class ToldShift:
    """Attributes:
    titles: of columns. places: names by code.
    """

    shift: Shift
    titles: Mapping[str, str]
    places: Mapping[str, str]
    say: Say

    def word(self, key: str, **places: object) -> str:
        return self.say(*_WORDS[key]).format(**places)

    def lines(self, page: Page) -> list[str]:
        whole = self.shift.whole
        if not whole:
            return page.section(self.word("shift"), [f"  {self.word('none')}"])
        told = columns([[f"  {self.word(kind)}", f"{whole[kind]:,}"] for kind in KINDS], right=frozenset({1}))
        lines = page.section(self.word("shift"), told)
        for header, rows in self._tables():
            shown = [[f"  {header[0]}", *map(str, header[1:])]]
            shown += [[f"  {row[0]}", *(f"{cell:,}" for cell in row[1:])] for row in rows[:_MOST]]
            lines += ["", *columns(shown, right=frozenset(range(1, len(header))))]
            if len(rows) > _MOST:
                lines.append(f"  {self.word('rest', count=len(rows) - _MOST)}")
        return list(lines)

    def rows(self) -> Iterator[Sequence[object]]:
        whole = self.shift.whole
        yield (self.word("shift"),)
        yield from ((self.word(kind), whole[kind]) for kind in KINDS)
        for header, rows in self._tables():
            yield ()
            yield header
            yield from rows

    def _tables(self) -> Iterator[tuple[list[str], list[Row]]]:
        shift = self.shift
        kinds = [self.word(kind) for kind in KINDS]
        places = {self.places.get(code, code) or self.word("elsewhere"): held for code, held in shift.places.items()}
        yield [self.word("region"), *kinds], _counted(places, KINDS)
        causes = {self.titles.get(f"causes.{id}", id): held for id, held in shift.causes.items() if +held}
        if causes:
            yield [self.word("cause"), *kinds[:2]], _counted(causes, KINDS[:2])
        because = {self._because(key): held for key, held in shift.because.items()}
        if because:
            rows = _counted(because, KINDS[:3])
            rows.sort(key=lambda row: (-sum(row[1:]), row[0]))
            yield [self.word("because"), *kinds[:3]], rows
        amounts = [
            (self.titles.get(name, name), held.more, held.added, held.less, held.taken)
            for name, held in shift.amounts.items()
            if held.more or held.less
        ]
        if amounts:
            yield [self.word(key) for key in ("amount", "more", "added", "less", "taken")], amounts

    def _because(self, names: str) -> str:
        return self.say("；", "; ").join(self.titles.get(name, name) for name in names.split()) or self.word("policy")

    def by_place(self) -> list[tuple[str, Counter[str]]]:
        """Each place with its households by kind of change, in the order of codes; what is of none stands last."""
        held = sorted(self.shift.places.items(), key=lambda one: (not one[0], one[0]))
        return [(self.places.get(code, code) or self.word("elsewhere"), counts) for code, counts in held]

    def to_dict(self) -> dict[str, object]:
        shift = self.shift
        return {
            **{kind: shift.whole[kind] for kind in KINDS},
            "places": [
                {"code": code or None, "name": self.places.get(code) or None, **_of(held, KINDS)}
                for code, held in sorted(shift.places.items())
            ],
            "causes": {cause: _of(held, KINDS[:2]) for cause, held in shift.causes.items() if +held},
            "because": [
                {"conditions": because.split(), **_of(held, KINDS[:3])}
                for because, held in sorted(shift.because.items())
            ],
            "amounts": {
                name.removeprefix("outputs."): {
                    "more": held.more,
                    "added": str(held.added),
                    "less": held.less,
                    "taken": str(held.taken),
                }
                for name, held in shift.amounts.items()
                if held.more or held.less
            },
        }


def _of(held: Counter[str], kinds: Sequence[str]) -> dict[str, int]:
    return {kind: held[kind] for kind in kinds}


def _counted(held: Mapping[str, Counter[str]], kinds: Sequence[str]) -> list[Row]:
    return [(name, *(counts[kind] for kind in kinds)) for name, counts in held.items()]
