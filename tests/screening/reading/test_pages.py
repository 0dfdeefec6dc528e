"""The examples of the pages on files: each block of files gives the households that stand below it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import engine
from engine.screening.reading.headers import COUNT_ALIASES, HEAD_ALIASES, ITEM_ALIASES, OWN_ALIASES, ROLE_ALIASES
from engine.screening.reading.source import open_source
from tests.docs_tables import DOCS
from tests.screening.reading.forms import households_of, refusals

POLICIES = engine.load()
PAGES = ("screening-files.md", "zh/screening-files.md")
_BLOCK = re.compile(r"(?:`([^`\n]+)`\n\n)?```(csv|yaml|json)\n(.*?)```\n", re.DOTALL)


def _examples(page: str) -> Iterator[tuple[dict[str, str], list[dict[str, object]]]]:
    files: dict[str, str] = {}
    for name, kind, text in _BLOCK.findall((DOCS / page).read_text(encoding="utf-8")):
        if kind == "json":
            yield files, json.loads(text)
            files = {}
        else:
            files[name] = text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_files_of_a_page_are_its_households(page: str, encoding: str, tmp_path: Path) -> None:
    examples = list(_examples(page))
    assert len(examples) == 2
    for number, (files, households) in enumerate(examples):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8" if name.endswith(".yaml") else encoding)
        mapping = folder / "mapping.yaml" if "mapping.yaml" in files else None
        source = open_source([folder], POLICIES, mapping)
        assert households_of(source) == households
        assert list(refusals(source)) == []


def test_both_pages_have_the_same_examples() -> None:
    english, chinese = (
        [({name: re.sub("#.*", "", text) for name, text in files.items()}, made) for files, made in _examples(page)]
        for page in PAGES
    )
    assert str(english).replace(" ", "") == str(chinese).replace(" ", "")


@pytest.mark.parametrize("page", PAGES)
def test_every_alias_is_on_the_page(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    words = {
        *HEAD_ALIASES,
        *OWN_ALIASES,
        *COUNT_ALIASES,
        *ITEM_ALIASES,
        *(w for one in ROLE_ALIASES.values() for w in one),
    }
    policies_own = {"申请日期", "行政区划代码"}
    assert not [word for word in words - policies_own if f"`{word}`" not in text]
