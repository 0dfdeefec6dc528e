"""Drafts in memory, as far as the pages that write into them know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from engine.serving.people.person import Person
from engine.serving.saving import mark


@dataclass
class Draft:
    id: str
    title: str
    files: dict[str, str] = field(default_factory=dict)


class Kept:
    def __init__(self, home: Path) -> None:
        self.home = home
        self.drafts: dict[str, Draft] = {}

    def create(self, person: Person, title: str) -> Draft:
        del person
        draft = Draft(f"{len(self.drafts) + 1:012x}", title)
        self.drafts[draft.id] = draft
        return draft

    def get(self, id_: str) -> Draft | None:
        return self.drafts.get(id_)

    def write(self, id_: str, path: str, text: str | None, expected: str, person: Person) -> object | None:
        del person
        draft = self.drafts.get(id_)
        if draft is None:
            return None
        there = draft.files.get(path)
        if there is None and (self.home / path).exists():
            there = (self.home / path).read_text(encoding="utf-8")
        if expected != ("" if there is None else mark(there)):
            return "conflict"
        draft.files[path] = text or ""
        return draft
