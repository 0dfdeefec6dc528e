"""Where cases speak of what policies declare: households, changes, given values, expectations, the headers and cells of
their tables, and the JSON files of households.

In: a case file, the `Scope` of its policy, and what stands beside it.  Out: `Occurrence`s.
Imports expressions, mentions_values, scopes, things, workspace, testing and the ground floor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.editing.declared import rows_of
from engine.editing.expressions import Place, holder_of
from engine.editing.mentions_values import Neighbours, Values
from engine.editing.scopes import Scope, Things
from engine.editing.things import Occurrence, Thing, entries, piece, scalars
from engine.editing.workspace import File
from engine.policy.cells import squeezed, tidy
from engine.testing.households import read_path
from engine.tree import Mapping as Map
from engine.tree import Scalar, Sequence, Tree

_ENTRY = re.compile(r"(?:[^\s,，、;；\[]|\[[^\]]*\])+")
_WORD = re.compile(r"[^\s,，、;；]+")
_KEYED = re.compile(r"(\w+)\[([^\]]*)\]")
_LISTS = ("missing", "referrals")


def mentioned_in_cases(file: File, scope: Scope, others: Scope, neighbours: Neighbours) -> Iterator[Occurrence]:
    """Args:
    others: what any document declares: a household may state what other policies know.
    """
    yield from _Cases(file, scope, others, neighbours).all()


class _Cases:
    def __init__(self, file: File, scope: Scope, others: Scope, neighbours: Neighbours) -> None:
        self.file = file
        self.scope = scope
        self.others = others
        self.neighbours = neighbours
        self.values = Values(file, scope, others, neighbours)

    def all(self) -> Iterator[Occurrence]:
        tree = self.file.tree
        for path, key, value in entries(tree):
            match path:
                case ("cases",) if isinstance(value, Scalar):
                    yield from self._say(self.file, value, self.others.find("document", value.text.strip()))
                case ("given",) | ("tests", str(), "given"):
                    yield from self._given_map(value)
                case ("bases" | "tests", str(), "base") if isinstance(value, Scalar):
                    yield from self._say(self.file, value, self.others.find("base", value.text, str(self.file.path)))
                case ("bases" | "tests", str(), "household"):
                    yield from self._household(self.file, value)
                case ("bases" | "tests", str(), "file") if isinstance(value, Scalar):
                    yield from self._household_file(value, value.text.strip())
                case ("bases" | "tests", str(), "change", str()) if key is not None:
                    yield from self._change(self.file, key, value)
                case ("tests" | "differs", str(), "expect", str(kind)):
                    yield from self._expect(kind, value)
                case ("differs", str(id_)) if key is not None:
                    cases = self.others.find("case", id_.partition("[")[0])
                    yield from self._say(self.file, key, cases, id_.partition("[")[0])
                case ("differs", str(), "counties"):
                    for one in scalars(value):
                        yield from self._say(self.file, one, self.scope.find("county", one.text.strip()))
                case ("tests", str(), "table") if isinstance(value, Map):
                    yield from self._table(value)

    def _say(self, file: File, scalar: Scalar, things: Things, text: str = "", start: int = 0) -> Iterator[Occurrence]:
        text = text or tidy(scalar.text)
        if things and text:
            yield Occurrence(file.path, piece(scalar, start or scalar.text.find(text), text), text, things)

    # ---- households

    def _household_file(self, name: Scalar, text: str) -> Iterator[Occurrence]:
        held = self.neighbours.household(self.file, name, text)
        if held is not None:
            yield from self._household(held, held.tree)

    def _household(self, file: File, tree: Tree) -> Iterator[Occurrence]:
        for key, value in tree.entries if isinstance(tree, Map) else ():
            found = self._field(key.text)
            yield from self._say(file, key, found)
            yield from self._value(file, found, value)

    def _field(self, name: str, collection: str = "") -> Things:
        """What a household has by that id: of the policy, else of any other."""
        for scope in (self.scope, self.others):
            found = scope.field(collection, name) if collection else scope.main(name, "fact", "collection")
            if found := tuple(one for one in found if one.id == name):
                return found
        return ()

    def _value(self, file: File, found: Things, value: Tree) -> Iterator[Occurrence]:
        if not found:
            return
        if found[0].kind == "collection":
            for item in value.items if isinstance(value, Sequence) else (value,):
                for key, inner in item.entries if isinstance(item, Map) else ():
                    field = self._field(key.text, found[0].id)
                    yield from self._say(file, key, field)
                    yield from self._value(file, field, inner)
            return
        for scalar in scalars(value):
            yield from self._word(file, found[0], scalar)

    def _word(self, file: File, holder: Thing, scalar: Scalar) -> Iterator[Occurrence]:
        """An option or a place; in a cell several options stand beside each other."""
        if things := self._option(holder, tidy(scalar.text)):
            yield from self._say(file, scalar, things)
        elif isinstance(holder.says("several"), Map):
            for one in _WORD.finditer(scalar.text):
                yield from self._say(file, scalar, self._option(holder, one[0]), one[0], one.start())

    def _option(self, holder: Thing, text: str) -> Things:
        """As it is written, or with other blanks and wide signs."""
        for word in dict.fromkeys((text, squeezed(text))):
            if found := self.values.of(holder, word) or self.others.option(holder, word):
                return tuple(one for one in found if one.document == holder.document or one.kind == "county")
        return ()

    def _change(self, file: File, key: Scalar, value: Tree) -> Iterator[Occurrence]:
        things, spoken = self._path(file, key, key.text.strip())
        yield from spoken
        yield from self._value(file, things, value)

    def _path(self, file: File, scalar: Scalar, text: str, start: int = 0) -> tuple[Things, list[Occurrence]]:
        """`income`, `members[0].tuition`: what it leads to, and where it speaks of what."""
        field = read_path(text)
        if field is None:
            return (), []
        first = self._field(field.name)
        spoken = [*self._say(file, scalar, first, field.name, start)]
        if field.inner is None or not first:
            return first, spoken
        inner = self._field(field.inner, first[0].id)
        at = start + text.rindex(field.inner)
        return inner, [*spoken, *self._say(file, scalar, inner, field.inner, at)]

    # ---- given and expected

    def _given_map(self, tree: Tree) -> Iterator[Occurrence]:
        for key, value in tree.entries if isinstance(tree, Map) else ():
            things = self._given(key.text)
            yield from self._say(self.file, key, things)
            if isinstance(value, Scalar):
                yield from self._given_value(self.file, things, value)

    def _given(self, id_: str) -> Things:
        return tuple(one for one in self.scope.main(id_, "parameter", "reading", "term") if one.id == id_)

    def _given_value(self, file: File, things: Things, value: Scalar) -> Iterator[Occurrence]:
        for thing in things[:1]:
            yield from self._say(file, value, self.scope.option(thing, tidy(value.text)))

    def _expect(self, kind: str, value: Tree) -> Iterator[Occurrence]:
        file, scope = self.file, self.scope
        if kind in _LISTS or kind == "refused":
            for one in scalars(value):
                yield from self._listed(file, kind, one)
        for key, inner in value.entries if isinstance(value, Map) else ():
            match kind:
                case "causes" | "conditions" | "requirements":
                    yield from self._named(file, kind, key, key.text)
                case "outputs":
                    yield from self._named(file, kind, key, key.text)
                    for figure in [one for _, one in inner.entries] if isinstance(inner, Map) else [inner]:
                        yield from self._figure(file, key.text, figure)
                case "readings":
                    yield from self._say(file, key, scope.main(key.text, "reading"))
                    for option, finding in inner.entries if isinstance(inner, Map) else ():
                        yield from self._say(file, option, scope.find("option", option.text, key.text))
                        causes = finding.get("causes") if isinstance(finding, Map) else None
                        for cause, _ in causes.entries if isinstance(causes, Map) else ():
                            yield from self._named(file, "causes", cause, cause.text)
                case "refused" if isinstance(inner, Scalar):
                    yield from self._path(file, inner, inner.text.strip())[1]

    def _named(self, file: File, kind: str, scalar: Scalar, text: str, start: int = 0) -> Iterator[Occurrence]:
        """What an expectation is about: `cause.condition`, a requirement, an output."""
        scope = self.scope
        match kind:
            case "causes":
                yield from self._say(file, scalar, scope.main(text, "cause"), text, start)
            case "conditions":
                first, _, second = text.partition(".")
                yield from self._say(file, scalar, scope.main(first, "cause"), first, start)
                yield from self._say(file, scalar, scope.condition(first, second), second, start + len(first) + 1)
            case "requirements":
                yield from self._say(file, scalar, scope.find("requirement", text), text, start)
            case "outputs":
                yield from self._say(file, scalar, self._output(text), text, start)
            case "readings":
                reading, _, rest = text.partition(".")
                option, _, cause = rest.partition(".")
                yield from self._say(file, scalar, scope.main(reading, "reading"), reading, start)
                at = start + len(reading) + 1
                yield from self._say(file, scalar, scope.find("option", option, reading), option, at)
                yield from self._say(file, scalar, scope.main(cause, "cause"), cause, at + len(option) + 1)

    def _output(self, id_: str) -> Things:
        return tuple(one for one in self.scope.things if (one.kind, one.id) == ("output", id_))

    def _figure(self, file: File, output: str, value: Tree) -> Iterator[Occurrence]:
        """An output that is an option."""
        for thing in self._output(output)[:1]:
            formula = thing.says("is")
            if isinstance(value, Scalar) and isinstance(formula, Scalar):
                holder = holder_of(formula, Place(self.scope, self.scope.collection(thing.owner)))
                yield from self._say(file, value, self.scope.option(holder, tidy(value.text)))

    def _listed(self, file: File, kind: str, scalar: Scalar) -> Iterator[Occurrence]:
        """`missing` and `referrals`, an entry or several in one cell; of a refusal the path behind the code."""
        for one in _ENTRY.finditer(scalar.text):
            text, at = one[0], one.start()
            if kind == "referrals":
                things = tuple(each for each in self.scope.things if (each.kind, each.id) == ("referral", text))
                yield from self._say(file, scalar, things, text, at)
            else:
                yield from self._missing(file, scalar, text, at)

    def _missing(self, file: File, scalar: Scalar, text: str, at: int) -> Iterator[Occurrence]:
        """A field of a household, or a parameter with the keys that have no value: `standard[140105,urban]`."""
        keyed = _KEYED.fullmatch(text)
        name = text if keyed is None else keyed[1]
        things = self.scope.main(name, "parameter", "list")
        if not things:
            yield from self._path(file, scalar, text, at)[1]
            return
        yield from self._say(file, scalar, things, name, at)
        start = at + len(name) + 1
        for part, holder in zip(keyed[2].split(",") if keyed else (), self.scope.keys_of(things[0]), strict=False):
            yield from self._say(file, scalar, self.values.of(holder, part), part.strip(), start)
            start += len(part) + 1

    # ---- tables

    def _table(self, tree: Map) -> Iterator[Occurrence]:
        columns, path, rows = tree.get("columns"), tree.get("file"), tree.get("rows")
        pattern = tree.get("households")
        table = self.values.table(path)
        if isinstance(path, Scalar):
            yield from self.values.file_named(path)
        targets: dict[str, str] = {}
        for header, target in columns.entries if isinstance(columns, Map) else ():
            if table is not None:
                yield from self._say(self.file, header, self.values.column(table, header.text))
            if isinstance(target, Scalar):
                targets[header.text] = target.text.strip()
                yield from self._target(target)
        files = pattern.text.strip() if isinstance(pattern, Scalar) else "*"
        for row in rows.items if isinstance(rows, Sequence) else ():
            for cell, said in zip(scalars(row), targets.values(), strict=False):
                yield from self._cell(self.file, said, cell, files)
        saved = rows_of(table) if table is not None else []
        headers = [targets.get(cell.text, "") for cell in saved[0]] if saved else []
        for cells in saved[1:]:
            for cell, said in zip(cells, headers, strict=False):
                if table is not None and said:
                    yield from self._cell(table, said, cell, files)

    def _target(self, target: Scalar) -> Iterator[Occurrence]:
        text = target.text.strip()
        first, _, rest = text.partition(".")
        if first == "given":
            yield from self._say(self.file, target, self._given(rest), rest, len("given."))
        elif first == "expect":
            kind, _, key = rest.partition(".")
            key = key.removesuffix(".exact")
            key = key.partition(".")[0] if kind == "outputs" else key
            yield from self._named(self.file, kind, target, key, len("expect.") + len(kind) + 1)
        else:
            yield from self._path(self.file, target, text)[1]

    def _cell(self, file: File, target: str, cell: Scalar, files: str) -> Iterator[Occurrence]:
        first, _, rest = target.partition(".")
        if target == "policy":
            yield from self._say(file, cell, self.others.find("document", tidy(cell.text)))
        elif target == "file":
            yield from self._household_file(cell, files.replace("*", cell.text.strip()))
        elif first == "given":
            yield from self._given_value(file, self._given(rest), cell)
        elif first == "expect":
            kind, _, key = rest.partition(".")
            if kind in (*_LISTS, "refused"):
                yield from self._listed(file, kind, cell)
            elif kind == "outputs":
                yield from self._figure(file, key.removesuffix(".exact").partition(".")[0], cell)
        elif (field := read_path(target)) is not None:
            things = self._field(field.name)
            if things and field.inner is not None:
                things = self._field(field.inner, things[0].id)
            if things and things[0].kind == "fact":
                yield from self._word(file, things[0], cell)
