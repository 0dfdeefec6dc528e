"""What each table of the input holds, and which field each of its columns gives: by the mapping, then by its headers.

In: `Tabular`s, a `Mapping`, what the policies declare.  Out: `Given`s by collection, or every fault of every table.
Nothing is passed over in silence: a column that nothing answers to is a fault unless the mapping ignores it.
Imports headers, mapping, shaping, tabular.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engine.diagnostics import Reporter
from engine.gathered import gathered
from engine.screening.reading.cells import Rule
from engine.screening.reading.fields import HOUSEHOLD, Tables
from engine.screening.reading.headers import HEAD, OWN, Headers, Placed, Taken, plain
from engine.screening.reading.mapping import Mapping as Map
from engine.screening.reading.mapping import TableMap
from engine.screening.reading.shaping import Given, struct_of
from engine.screening.reading.tabular import Tabular
from engine.suggest import Near

_MANY = 10_000
_ROLES = ("identity", "place", "as_of")


class Placing:
    """Attributes:
    report: every fault; notes: what was taken for what, and what is passed over.
    """

    def __init__(self, tables: Tables, mapping: Map) -> None:
        self.tables = tables
        self.mapping = mapping
        self.headers = Headers(tables)
        self.report = Reporter()
        self.notes = Reporter()

    def named(self, cells: Sequence[str]) -> int:
        """How many of some cells name a field: a header names most."""
        known = {word for one in self.mapping.tables for word in (*one.columns, *one.ignore)}
        mapped = sum(plain(cell) in known for cell in cells)
        return mapped + max(len(self.headers.place(cells, one).taken) for one in self.tables.facts)

    def joins(self, header: str) -> bool:
        """Whether a column that is headed so says whose its rows are."""
        mapped = any(one.join is not None and plain(one.join.text) == plain(header) for one in self.mapping.tables)
        return mapped or any(self.headers.place([header], one).joins() for one in self.tables.facts)

    def given(self, found: Iterable[Tabular]) -> dict[str, list[Given]]:
        """The tables by what they hold; the households' first."""
        every = list(found)
        known = {_file(one) for one in every if one.sheet and self.named(one.headers)}
        placed = [self._table(one, beside=_file(one) in known) for one in every]
        held = gathered((one.placed.collection, one) for one in placed if one is not None)
        made = {HOUSEHOLD: list(held.get(HOUSEHOLD, ())), **{id: list(one) for id, one in held.items() if id}}
        if not self.report.has_errors:
            self._check_roles(made)
        return self._joined(made) if len(made) > 1 and not self.report.has_errors else made

    # ---- one table

    def _table(self, table: Tabular, beside: bool) -> Given | None:
        """Args:
        beside: another sheet of the same workbook is of something known.
        """
        known = self.mapping.table(table.name, table.sheet)
        if known is not None:
            return self._columns(table, known.collection, known)
        chosen = self.kind_of(table)
        if chosen is None and beside:
            self.notes.tell("sheet-passed-over", None, path=table.name)
            return None
        if chosen is None:
            self.report.tell("table-not-placed", None, path=table.name)
            return None
        return self._columns(table, chosen, None)

    def kind_of(self, table: Tabular) -> str | None:
        """What a table's headers say that it holds; None where they say nothing."""
        counted = {one: self._score(self.headers.place(table.headers, one)) for one in self.tables.facts}
        best = max(counted.values())
        likely = [one for one, score in counted.items() if score == best]
        return None if best == 0 else self._called(table, likely) if len(likely) > 1 else likely[0]

    def _score(self, placed: Placed) -> int:
        """How likely a table is of a kind: what other kinds know too counts less; 0 where nothing is known."""
        known = sum(1 if one.use == "join" else 2 for one in placed.taken)
        return max(1, _MANY + known - len(placed.unplaced)) if known else 0

    def _called(self, table: Tabular, likely: Sequence[str]) -> str:
        """Of several kinds the one whose name the sheet or the file bears."""
        called = table.sheet or table.name
        for one in likely:
            held = self.tables.collections.get(one)
            if held is not None and any(word and word in called for word in (held.label, held.name, one)):
                return one
        return likely[0]

    def _columns(self, table: Tabular, collection: str, known: TableMap | None) -> Given:
        placed, rules = self._mapped(table, collection, known)
        for one in placed.unplaced:
            if self.mapping.passing or one.header in self.tables.others:
                self.notes.tell("table-column-ignored", None, path=table.name, column=one.header)
            else:
                self.report.tell("column-not-placed", None, path=table.name, column=one.header, suggestion=one.near)
        self._check_twice(table, placed)
        items = {}
        for taken in placed.taken:
            struct = struct_of(table.types[taken.at]) if taken.use == "items" else None
            if struct is not None:
                names = [struct.field(at).name for at in range(struct.num_fields)]
                items[taken.at] = inner = self.headers.place(names, taken.of)
                for one in inner.unplaced:
                    column = f"{taken.header}.{one.header}"
                    if self.mapping.passing:
                        self.notes.tell("table-column-ignored", None, path=table.name, column=column)
                    else:
                        self.report.tell("column-not-placed", None, path=table.name, column=column, suggestion=one.near)
                self._check_twice(table, inner)
        return Given(table, placed, rules, items)

    def _mapped(self, table: Tabular, collection: str, known: TableMap | None) -> tuple[Placed, dict[int, Rule]]:
        """What the mapping says comes first; the other columns are known by their headers."""
        if known is None:
            return self.headers.place(table.headers, collection), {}
        words = [plain(one) for one in table.headers]
        for word, scalar in ((word, entry.header) for word, entry in known.columns.items()):
            if word not in words:
                near = Near(scalar.text, table.headers)
                self.report.tell("mapping-no-column", scalar.span, name=scalar.text, file=table.name, suggestion=near)
        rest = [
            "" if word in known.columns or word in known.ignore else header
            for word, header in zip(words, table.headers, strict=True)
        ]
        placed = self.headers.place(rest, collection)
        taken = list(placed.taken)
        rules = {}
        for at, word in enumerate(words):
            if (entry := known.columns.get(word)) is not None:
                taken.append(Taken(at, table.headers[at], "field", entry.fact, "mapping"))
                rules[at] = entry.rule
        return self._with_join(table, replace(placed, taken=tuple(taken)), known), rules

    def _with_join(self, table: Tabular, placed: Placed, known: TableMap) -> Placed:
        """With what the mapping says of joining; and the columns that join by what it says of fields."""
        taken = placed.taken
        if known.join is not None:
            words = [plain(one) for one in table.headers]
            if plain(known.join.text) not in words:
                near = Near(known.join.text, table.headers)
                name = known.join.text
                self.report.tell("mapping-no-column", known.join.span, name=name, file=table.name, suggestion=near)
                return placed
            at = words.index(plain(known.join.text))
            taken = (*(one for one in taken if one.use != "join"), *_both(at, table.headers[at]))
            unplaced = tuple(one for one in placed.unplaced if one.at != at)
            return replace(placed, taken=taken, unplaced=unplaced)
        identity = self.tables.with_role(HOUSEHOLD, "identity")
        if placed.collection == HOUSEHOLD and identity is not None:
            own = placed.by_field().get(identity.id)
            if own is not None and OWN not in placed.joins():
                taken = (*taken, replace(own, use="join", fact=None, of=OWN))
        return replace(placed, taken=taken)

    def _check_twice(self, table: Tabular, placed: Placed) -> None:
        """Two columns for one field: which of them is meant cannot be known."""
        first: dict[tuple[str, str], Taken] = {}
        for one in placed.taken:
            key = (one.use, one.fact.id if one.fact is not None else one.of)
            other = first.setdefault(key, one)
            if other.at != one.at:
                self.report.tell(
                    "columns-alike", None, path=table.name, column=one.header, other=other.header, field=key[1]
                )

    # ---- all of them

    def _check_roles(self, made: Mapping[str, Sequence[Given]]) -> None:
        """What no household can do without, in every table of households."""
        if not made[HOUSEHOLD]:
            self.report.tell(
                "no-households", None, path="、".join(one.table.name for held in made.values() for one in held)
            )
            return
        for one in made[HOUSEHOLD]:
            fields = one.placed.by_field()
            for role in _ROLES:
                wanted = [fact for fact in self.tables.facts[HOUSEHOLD].values() if fact.role == role]
                if not any(fact.id in fields for fact in wanted):
                    fact = wanted[0]
                    self.report.tell("column-lacking", None, path=one.table.name, label=fact.label, field=fact.id)
        nested = {taken.of for one in made[HOUSEHOLD] for taken in one.placed.taken if taken.use == "items"}
        needed = [one for one in self.tables.collections.values() if one.required]
        if needed and not any(one.id in made or one.id in nested for one in needed):
            label, file = needed[0].label, made[HOUSEHOLD][0].table.name
            self.report.tell("items-lacking", None, path=file, label=label, collection=needed[0].id)

    def _joined(self, made: dict[str, list[Given]]) -> dict[str, list[Given]]:
        """Every table with one column that joins, of the same kind in all of them."""
        every = [one for held in made.values() for one in held]
        kinds = [of for of in (OWN, HEAD) if all(of in one.placed.joins() for one in every)]
        if not kinds:
            lacking = next((one for one in every if not one.placed.joins()), every[-1])
            label = self.tables.with_role(HOUSEHOLD, "identity")
            assert label is not None, "every policy has one"
            self.report.tell("join-lacking", None, path=lacking.table.name, label=label.label)
            return made
        return {id: [_joining(one, kinds[0]) for one in held] for id, held in made.items()}


def _file(table: Tabular) -> str:
    return table.name.removesuffix(f":{table.sheet}") if table.sheet else ""


def _both(at: int, header: str) -> Iterable[Taken]:
    return (Taken(at, header, "join", None, "mapping", of=of) for of in (OWN, HEAD))


def _joining(given: Given, of: str) -> Given:
    taken = tuple(one for one in given.placed.taken if one.use != "join" or one.of == of)
    return replace(given, placed=replace(given.placed, taken=taken))
