"""A mapping file drafted from a bureau's files: what each column was taken for, why, and what is left to say.

In: paths and policies.  Out: the YAML text of a mapping. What was guessed stands with its reason behind it; what
nothing answers to stands as a remark with the nearest name: the file cannot be used until somebody says what it is.
Imports cells, fields, headers, inputs, placing, tabular, say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow.compute as pc

from engine import disk
from engine.diagnostics import Language, Reporter
from engine.language.types import Choice, Truth
from engine.policy.cells import squeezed
from engine.policy.model import Fact
from engine.say import Say
from engine.screening.reading.cells import TRUTHS, options_of
from engine.screening.reading.fields import tables_of
from engine.screening.reading.headers import OWN, Placed, Taken, Unplaced, Why
from engine.screening.reading.inputs import files_of, tables_in
from engine.screening.reading.mapping import OWN as HOUSEHOLDS
from engine.screening.reading.mapping import Mapping
from engine.screening.reading.placing import Placing
from engine.screening.reading.tabular import Tabular, Unreadable
from engine.screening.screen import Loaded, declared_in

_PLAIN: Final = re.compile(r"[\w（）()]+")
_SHOWN: Final = 5
"""texts that are no option, and names that are near"""


def draft(paths: Iterable[disk.AnyPath], policies: Loaded, language: Language, policy: str | None = None) -> str:
    """Raises: EngineError where a file cannot be read; NDJSON has no columns to be mapped."""
    placing = Placing(tables_of(declared_in(policies, policy)), Mapping())
    lines = ["format: 1", "tables:"]
    for file in files_of(paths):
        if file.is_json:
            raise Unreadable.since("input-mixed", file.name)
        for table in tables_in(file, placing, Reporter()):
            lines += _Draft(placing, table, Say(language)).lines()
    return "\n".join(lines) + "\n"


class _Draft:
    def __init__(self, placing: Placing, table: Tabular, say: Say) -> None:
        self._placing, self._table, self._say = placing, table, say

    def lines(self) -> Iterator[str]:
        say, table = self._say, self._table
        collection = self._placing.kind_of(table)
        if collection is None:
            yield say(
                f"  # {table.name}：没有一个表头认得出，没有列入",
                f"  # {table.name}: none of its headers is known; left out",
            )
            return
        placed = self._placing.headers.place(table.headers, collection)
        known = len({one.at for one in placed.taken})
        yield say(
            f"  # {table.name}：认出 {known} 列，认不出 {len(placed.unplaced)} 列",
            f"  # {table.name}: {known} columns known, {len(placed.unplaced)} not",
        )
        yield f"  - of: {collection or HOUSEHOLDS}"
        yield f"    files: {_word(self._file())}"
        if table.sheet:
            yield f"    sheet: {_word(table.sheet)}"
        yield from self._join(placed)
        fields = [one for one in placed.taken if one.use == "field"]
        if fields:
            yield "    columns:"
        for one in fields:
            assert one.fact is not None, "it is a field"
            yield from self._column(one, one.fact)
        for lost in placed.unplaced:
            yield from self._lost(lost)

    def _file(self) -> str:
        table = self._table
        return re.split(r"[/\\]", table.name.removesuffix(f":{table.sheet}") if table.sheet else table.name)[-1]

    def _join(self, placed: Placed) -> Iterator[str]:
        joins = placed.joins()
        one = joins.get(OWN) or next(iter(joins.values()), None)
        if one is not None:
            yield f"    join: {_word(one.header)}  # {self._say('各表按它找到同一户', 'tables are joined by it')}"

    def _column(self, one: Taken, fact: Fact) -> Iterator[str]:
        value = f"{{field: {fact.id}, unit: {one.unit}}}" if one.unit else fact.id
        yield f"      {_word(one.header)}: {value}  # {self._why(one, fact)}"
        strange = self._strange(one, fact)
        if strange:
            shown = "、".join(strange)
            yield self._say(
                f"      #   {shown}：不是它的选项；在上一行写 values: {{{_word(strange[0])}: …}}",
                f"      #   {shown}: no option of it; say so in the line above, values: {{{_word(strange[0])}: …}}",
            )

    def _why(self, one: Taken, fact: Fact) -> str:
        reasons: dict[Why, tuple[str, str]] = {
            "label": ("照名称", "by its label"),
            "name": ("照表达式里的名称", "by its name"),
            "id": ("照标识", "by its id"),
            "alias": ("照通用的叫法", "by a name in common use"),
            "mapping": ("照对应文件", "by a mapping"),
        }
        unit = self._say("，单位照表头的括号", ", its unit by the brackets of the header") if one.unit else ""
        return f"{fact.label}{self._say('：', ': ')}{self._say(*reasons[one.why])}{unit}"

    def _strange(self, one: Taken, fact: Fact) -> list[str]:
        """Texts of the first rows that the field cannot have."""
        match fact.type:
            case Choice() as choice:
                known = set(options_of(choice))
            case Truth():
                known = set(TRUTHS)
            case _:
                return []
        first = next(iter(self._table.read([one.at])), None)
        if first is None or not str(first.batch.column(0).type).endswith("string"):
            return []
        texts = pc.unique(first.batch.column(0)).to_pylist()
        return [text for text in texts if text and squeezed(text).lower() not in known][:_SHOWN]

    def _lost(self, lost: Unplaced) -> Iterator[str]:
        near = lost.near.found()
        hint = self._say(f"；相近的有 {near}", f"; near it is {near}") if near else ""
        yield self._say(
            f"      # {_word(lost.header)}: …  # 认不出{hint}。写明是哪一项，或列入 ignore",
            f"      # {_word(lost.header)}: …  # not known{hint}. Say what it is, or list it under ignore",
        )


def _word(text: str) -> str:
    """A text as YAML has it, in quotes where it could be taken for something else."""
    plain = _PLAIN.fullmatch(text) is not None and not text[0].isdigit()
    return text if plain else json.dumps(text, ensure_ascii=False)
