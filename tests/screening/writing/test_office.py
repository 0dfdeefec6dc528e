"""LibreOffice opens what is written, and every cell holds what was meant."""

from __future__ import annotations

import csv
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from engine.cli.main import main
from engine.cli.status import FINDINGS
from tests.screening.writing.population import household, write_lines

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"),
    pytest.mark.xdist_group("office"),
]
IMPORT = "CSV:44,34,76,1"
"""commas, quotes, UTF-8, from the first line: what its dialog has when a CSV file with a mark is opened"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    numbers = [*range(1, 40)]
    write_lines(tmp_path / "in.ndjson", [*numbers, 7])
    return tmp_path


def opened(path: Path, *options: str) -> dict[str, list[list[Any]]]:
    """The sheets as LibreOffice has them, saved by it as another workbook."""
    folder = path.parent / "office"
    folder.mkdir()
    done = subprocess.run(
        [
            "soffice", "--headless", f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", *options,
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(path),
        ],
        capture_output=True,
        timeout=180,
    )  # fmt: skip
    (made,) = folder.iterdir()
    assert done.returncode == 0, done.stderr
    book = openpyxl.load_workbook(made, data_only=True)
    return {sheet.title: [[plain(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book}


def plain(value: object) -> object:
    """Numbers and days as a CSV file has them."""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, int | float):
        return f"{value:.2f}"
    return value


def as_number(text: str) -> object:
    """What a spreadsheet makes of a cell that it takes for a number."""
    if text.startswith('="'):
        return text[2:-1]
    try:
        return f"{float(text):.2f}"
    except ValueError:
        return text or None


def test_csv(here: Path) -> None:
    assert main(["screen", "in.ndjson", "-o", "out.csv"]) == FINDINGS
    with (here / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        meant = [[as_number(cell) for cell in row] for row in csv.reader(file)]
    (sheet,) = opened(here / "out.csv", f"--infilter={IMPORT}").values()
    assert sheet == meant
    assert sheet[1][0] == household(1)["id"]
    assert len(sheet) == 41


def test_the_file_of_what_was_refused(here: Path) -> None:
    assert main(["screen", "in.ndjson", "-o", "out.csv"]) == FINDINGS
    with (here / "out.csv.refused.csv").open(encoding="utf-8-sig", newline="") as file:
        meant = [[as_number(cell) for cell in row] for row in csv.reader(file)]
    (sheet,) = opened(here / "out.csv.refused.csv", f"--infilter={IMPORT}").values()
    assert sheet == meant
    assert all(str(row[2]).startswith("14010519800101") for row in sheet[1:])


def test_xlsx(here: Path) -> None:
    assert main(["screen", "in.ndjson", "-o", "out.xlsx"]) == FINDINGS
    book = openpyxl.load_workbook(here / "out.xlsx")
    meant = {
        sheet.title: [[plain(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book
    }
    found = opened(here / "out.xlsx")
    assert list(found) == ["结果", "未受理", "编号重复", "汇总"]
    for title, rows in found.items():
        assert [row for row in rows if any(row)] == [row[: len(rows[0])] for row in meant[title] if any(row)]
    assert found["结果"][1][0] == household(1)["id"]


def test_both_say_the_same(here: Path) -> None:
    assert main(["screen", "in.ndjson", "-o", "out.csv"]) == FINDINGS
    assert main(["screen", "in.ndjson", "-o", "out.xlsx"]) == FINDINGS
    with (here / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        meant = [[as_number(cell) for cell in row] for row in csv.reader(file)]
    sheet = opened(here / "out.xlsx")["结果"]
    county = meant[0].index("行政区划代码")
    for row in meant[1:]:
        row[county] = str(row[county]).removesuffix(".00")  # a code is text in a workbook
    assert sheet == meant
