"""Texts that show what a feature answers: one Markdown file a feature in `golden/`, a section (`##`) a question.

A section lays texts over the shipped files and asks at the cursor `▮`:

    ```yaml policies/cities/new.yaml        the whole text of a file, shipped or new
    ```diff policies/shanxi_2022_60.yaml    an edit of a shipped file: lines with ` `, `-` and `+` before them
    ```text policies/standards/x.csv        a table

and beneath stands the answer, in fences `zh` and `en`. Words `name=value` behind the file's name are given to the
feature (the new name of a rename). Files of `examples/overlay` take part where a section names one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from engine.editing.workspace import File, Snapshot
from engine.records import dataclass
from engine.say import Language
from tests.editing.shipped import ROOT

HERE = Path(__file__).parent / "golden"
CURSOR = "▮"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
EXAMPLE = "examples/overlay"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a feature is asked: at an offset of a file (0 where the section has no cursor)."""

    snapshot: Snapshot
    file: File
    offset: int
    language: Language
    given: Mapping[str, str]


Feature = Callable[[Asked], str]

_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w+)(?: (\S+))?((?: \w+=\S+)*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """A text laid over a file."""

    form: str
    name: str
    given: Mapping[str, str]
    written: str

    def whole(self) -> str:
        """The file's text, with the cursor in it."""
        if self.form != "diff":
            return self.written
        lines = self.written.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] != "+").replace(CURSOR, "")
        new = "".join(line[1:] for line in lines if line[0] != "-")
        shipped = (ROOT / self.name).read_text(encoding="utf-8")
        assert shipped.count(old) == 1, f"stands {shipped.count(old)} times in {self.name}:\n{old}"
        return shipped.replace(old, new)


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    start: int
    """where its text begins in the Markdown file"""
    body: str

    @property
    def texts(self) -> list[Text]:
        return [
            Text(form, name, dict(pair.split("=", 1) for pair in given.split()), written)
            for form, name, given, written in _FENCE.findall(self.body)
            if form not in LANGUAGES
        ]

    def answers(self, feature: Feature) -> dict[Language, str]:
        """What the feature says of it, by language."""
        texts = self.texts
        asked = next((one for one in texts if CURSOR in one.written), texts[0])
        snapshot = standing(any(one.name.startswith(EXAMPLE) for one in texts))
        for one in texts:
            text = one.whole().replace(CURSOR, "")
            if not (ROOT / one.name).exists() or text != (ROOT / one.name).read_text(encoding="utf-8"):
                snapshot = snapshot.with_text(ROOT / one.name, text)
        offset = max(asked.whole().find(CURSOR), 0)
        file = snapshot.files[(ROOT / asked.name).resolve()]
        return {
            language: feature(Asked(snapshot, file, offset, language, asked.given)).rstrip("\n") + "\n"
            for language in LANGUAGES
        }

    def with_answers(self, found: Mapping[Language, str]) -> str:
        """Its text with other answers."""
        kept = _FENCE.sub(lambda held: "" if held[1] in LANGUAGES else held[0], self.body).rstrip()
        return kept + "".join(f"\n\n```{language}\n{text}```" for language, text in found.items()) + "\n"

    def stated(self) -> dict[str, str]:
        return {form: written for form, _, _, written in _FENCE.findall(self.body) if form in LANGUAGES}


@cache
def standing(with_example: bool) -> Snapshot:
    """The shipped files as they are; what is worked out of them is worked out once."""
    snapshot = Snapshot.open([ROOT / "policies", *([ROOT / EXAMPLE] if with_example else [])])
    for file in snapshot.files.values():
        if file.is_document:
            snapshot.merged(file)
            snapshot.below(file)
    return snapshot


def sections(feature: str) -> list[Section]:
    text = (HERE / f"{feature}.md").read_text(encoding="utf-8")
    heads = list(_SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        Section(head[1], head.end(), text[head.end() : end].strip() + "\n")
        for head, end in zip(heads, ends, strict=True)
    ]


def rewritten(name: str, feature: Feature) -> str:
    """The whole Markdown file with the answers of today."""
    text = (HERE / f"{name}.md").read_text(encoding="utf-8")
    head = text.partition("\n## ")[0].rstrip() + "\n"
    return head + "".join(_parts(name, feature))


def _parts(name: str, feature: Feature) -> Iterator[str]:
    for section in sections(name):
        yield f"\n## {section.title}\n\n{section.with_answers(section.answers(feature))}"
