"""What may be written in a cell of a table: heads that whoever reads it names, places by name, options, outcomes.

In: a snapshot, a table, an offset and a language.  Out: `Item`s, and what of the cell is written.
A table that nobody reads yet is taken for one like those beside it.
Imports tables, scene, places, structure, items, language and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.editing.items import Item, ItemKind
from engine.editing.places import place_items
from engine.editing.scene import Scene
from engine.editing.structure import schema_at
from engine.editing.tables import Use, heads, uses
from engine.editing.workspace import File, Snapshot
from engine.language.types import Choice, Truth
from engine.language.types import Place as PlaceType
from engine.say import Language, Say
from engine.source import Span


def offered(snapshot: Snapshot, file: File, offset: int, language: Language) -> tuple[list[Item], str]:
    """What may stand in the cell at an offset, and what of it is written already."""
    text = file.source.text
    begin = text.rfind("\n", 0, offset) + 1
    start = _cells(text[begin:offset])[-1] + begin
    end = next((at for at in range(offset, len(text)) if text[at] in ",\n"), len(text))
    known = list(uses(snapshot))
    own = [use for use in known if use.table == file.path]
    near = own or [use for use in known if use.table.parent == file.path.parent]
    cell = _Cell(snapshot, Span(file.source, start, end), near, language, inside=bool(own))
    head = heads(file)
    if begin == 0:
        found = cell.heads({*head} - {text[start:end].strip()})
    else:
        found = cell.values(next(iter(head[len(_cells(text[begin:offset])) - 1 :]), ""))
    return list(found), text[start:offset]


def _cells(line: str) -> list[int]:
    """Where the cells of a line begin."""
    starts, inside = [0], False
    for at, sign in enumerate(line, 1):
        inside ^= sign == '"'
        if sign == "," and not inside:
            starts.append(at)
    return starts


class _Cell:
    """Attributes:
    near: who reads it, or the tables beside it; `inside` their jurisdiction only where it is itself that is read.
    """

    def __init__(
        self, snapshot: Snapshot, span: Span, near: Sequence[Use], language: Language, *, inside: bool
    ) -> None:
        self.inside = inside
        self.snapshot = snapshot
        self.span = span
        self.near = near
        self.language = language
        self.say = Say(language)
        self.order = 0

    def heads(self, there: set[str]) -> Iterator[Item]:
        """Those that are read, with the file that reads them."""
        for use in self.near:
            for name in use.columns:
                if name not in there:
                    there.add(name)
                    yield self._item(
                        name, "column", " · ".join(part for part in (use.columns[name], use.file.name) if part)
                    )

    def values(self, head: str) -> Iterator[Item]:
        use = next((use for use in self.near if use.columns.get(head)), None)
        if use is None:
            return
        scene = Scene(self.snapshot, use.file, 0, self.language)
        meant = use.columns[head]
        if meant.startswith("expect."):
            place = schema_at("cases", ("tests", "", *meant.split(".")))
            english = bool(self.say("", "English"))
            yield from (self._item(word, "value", "") for word in place.words if word.isascii() == english)
            return
        fact = next(scene.known.called(meant.rpartition(".")[2], "fact", "term"), None)
        match None if fact is None else fact.type:
            case PlaceType():
                yield from place_items(scene, self.span, inside=self.inside, quoted=True)
            case Choice(options=options):
                yield from (self._item(self.say(label, id_), "option", self.say(id_, label)) for id_, label in options)
            case Truth():
                yield from (self._item(self.say(*word), "value", "") for word in (("是", "yes"), ("否", "no")))
            case _:
                return

    def _item(self, text: str, kind: ItemKind, detail: str) -> Item:
        self.order += 1
        return Item(text, text, self.span, kind, detail, group=0, order=self.order)
