"""A small population as files: households that differ, some of them at fault, and what a run on them writes.

In: a folder.  Out: files of households, `screened` runs and what stands in the files that they wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

COUNTIES = ("140105", "140106", "140702", "140602", "140271", "990000")
"""the last one is nowhere"""


def household(number: int) -> dict[str, Any]:
    """Of every eleventh the income is unknown, of every thirteenth it is no amount."""
    income: object = 4000 + 997 * (number % 37)
    if number % 11 == 0:
        income = None
    if number % 13 == 0:
        income = "x"
    ill = {"treatment_ongoing": number % 2 == 0, "medical_gross": 700 * (number % 23), "medical_reimbursed": 100}
    student = {"education_stage": "primary", "full_time": number % 3 == 0, "tuition": 500 * (number % 7)}
    return {
        "id": f"14010519800101{number:04}",
        "application_date": "2023-06-15",
        "county": COUNTIES[number % len(COUNTIES)],
        "residence": "urban" if number % 4 else "rural",
        "income_12m": income,
        "financial_assets": 1000 * (number % 50),
        "members": [{"id": "1", **ill}, {"id": "2", **student}][: 1 + number % 2],
    }


def write_lines(path: Path, numbers: Sequence[int]) -> Path:
    path.write_text("".join(f"{json.dumps(household(number))}\n" for number in numbers), encoding="utf-8")
    return path


def write_parts(folder: Path, count: int, each: int) -> Path:
    """A folder of files, each of which is read as one part."""
    folder.mkdir()
    for part in range(count):
        write_lines(folder / f"part-{part:03}.ndjson", range(part * each, part * each + each))
    return folder


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)
