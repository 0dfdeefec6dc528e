"""What each feature answers at a cursor, as texts that are read: `golden/FEATURE.md`.

`UPDATE_GOLDEN=1 pytest tests/editing/test_golden.py` writes the answers anew; read the difference before committing it.
"""

from __future__ import annotations

import os

import pytest

from tests.editing.features import FEATURES
from tests.editing.golden_texts import HERE, LANGUAGES, Section, rewritten, sections

ASKED = [(name, section) for name in FEATURES for section in sections(name)]


def test_every_feature_has_its_file() -> None:
    assert {file.stem for file in HERE.glob("*.md")} == set(FEATURES)


def test_titles_tell_sections_apart() -> None:
    for name in FEATURES:
        titles = [section.title for section in sections(name)]
        assert len(titles) == len(set(titles)), name


@pytest.mark.parametrize("name", FEATURES)
def test_write_anew(name: str) -> None:
    if "UPDATE_GOLDEN" in os.environ:
        (HERE / f"{name}.md").write_text(rewritten(name, FEATURES[name]), encoding="utf-8", newline="\n")


@pytest.mark.parametrize(("name", "section"), ASKED, ids=[f"{name}: {section.title}" for name, section in ASKED])
def test_answers(name: str, section: Section) -> None:
    if "UPDATE_GOLDEN" in os.environ:
        return
    stated = section.stated()
    assert set(stated) == set(LANGUAGES), "no answer yet: run with UPDATE_GOLDEN=1 and read what it wrote"
    assert section.answers(FEATURES[name]) == stated
