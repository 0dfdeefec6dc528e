"""What keeps an input from being read as a whole: one coded line each, which names the file, the column or the line."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import engine
from engine.disk import DiskFault
from engine.errors import EngineError
from engine.screening.reading.source import open_source
from tests.screening.reading.forms import parts_of

POLICIES = engine.load()
OWN = "家庭编号,申请日期,行政区划代码\nH1,2023-06-15,140105\n"
ITEMS = "家庭编号,成员编号\nH1,1\n"


def _told(paths: list[Path], mapping: Path | None = None) -> list[tuple[str, str, str]]:
    """Code, place by the file's own name, message."""
    with pytest.raises(EngineError) as refusal:
        parts_of(open_source(paths, POLICIES, mapping))
    return [(one.code, one.place().rpartition("/")[2], one.message("zh")) for one in refusal.value.diagnostics]


def _files(folder: Path, own: str = OWN, items: str = ITEMS) -> list[Path]:
    (folder / "家庭.csv").write_text(own, encoding="utf-8")
    (folder / "成员.csv").write_text(items, encoding="utf-8")
    return [folder / "家庭.csv", folder / "成员.csv"]


def _parquet(folder: Path) -> Path:
    items = pa.list_(pa.struct([("id", pa.string())]))
    schema = pa.schema(
        [("id", pa.string()), ("application_date", pa.string()), ("county", pa.string()), ("members", items)]
    )
    rows = [
        {"id": f"H{at}", "application_date": "2023-06-15", "county": "140105", "members": [{"id": "1"}]}
        for at in range(1000)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema), folder / "a.parquet", row_group_size=100)
    return folder / "a.parquet"


def test_no_such_file(tmp_path: Path) -> None:
    assert _told([tmp_path / "a.csv"])[0][:2] == ("input-not-found", "a.csv")
    assert _told([tmp_path / "*.csv"])[0][:2] == ("input-not-found", "*.csv")
    assert _told([tmp_path])[0][:2] == ("input-not-found", tmp_path.name)


@pytest.mark.parametrize("name", ["a.xls", "a.doc", "a"])
def test_a_kind_of_file_that_is_not_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0 and more")
    assert _told([tmp_path / name])[0][:2] == ("input-kind", name)


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.xlsx", "a.arrow"])
def test_an_empty_file(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    assert _told([tmp_path / name])[0][:2] == ("input-empty", name)


@pytest.mark.parametrize("kept", [4, 100, 5000, -100, -9])
def test_a_truncated_parquet_file(kept: int, tmp_path: Path) -> None:
    file = _parquet(tmp_path)
    file.write_bytes(file.read_bytes()[:kept])
    assert [one[:2] for one in _told([file])] == [("input-damaged", "a.parquet")]


def test_parquet_damaged_inside(tmp_path: Path) -> None:
    file = _parquet(tmp_path)
    data = bytearray(file.read_bytes())
    data[200:2000] = b"\xff" * 1800
    file.write_bytes(data)
    assert [one[:2] for one in _told([file])] == [("input-damaged", "a.parquet")]


@pytest.mark.parametrize("kept", [7, 400, -40])
def test_a_truncated_arrow_file(kept: int, tmp_path: Path) -> None:
    table = pq.read_table(_parquet(tmp_path))
    for stream in (False, True):
        with (pa.ipc.new_stream if stream else pa.ipc.new_file)(str(tmp_path / "a.arrow"), table.schema) as writer:
            writer.write_table(table, 100)
        data = (tmp_path / "a.arrow").read_bytes()
        (tmp_path / "a.arrow").write_bytes(data[:kept])
        if stream and kept < 0:
            continue  # the end of a stream may be left out
        assert [one[:2] for one in _told([tmp_path / "a.arrow"])] == [("input-damaged", "a.arrow")]


@pytest.mark.parametrize(
    ("name", "data", "reason", "row"),
    [
        ("utf-16", OWN.encode("utf-16"), "encoding", ""),
        ("mixed", (OWN * 40).encode("gb18030") + b"\xff\xff,1\n", "encoding", ""),
        ("gb18030, broken far down", OWN.encode("gb18030") * 40_000 + b"\xff\xff,1\n", "encoding", "80001"),
        (
            "utf-8, broken far down",
            OWN.encode() + b"H2,2023-06-15,140105\n" * 90_000 + b"\xff\xfe\n",
            "encoding",
            "90003",
        ),
        ("quote never closed", OWN.encode() + b'"H2,1,2\n', "csv", "3"),
        ("in the last column", OWN.encode() + b'H2,1,"2\nH3,1,1\nH4,1,1\n', "csv", "3"),
    ],
)
def test_csv_that_cannot_be_read(name: str, data: bytes, reason: str, row: str, tmp_path: Path) -> None:
    file, items = _files(tmp_path)
    file.write_bytes(data)
    with pytest.raises(EngineError) as refusal:
        parts_of(open_source([file, items], POLICIES))
    [fault] = refusal.value.diagnostics
    assert (fault.code, dict(fault.params)) == ("input-damaged", {"reason": reason, "row": row}), name


def test_every_column_that_is_not_known_is_told_with_the_nearest_name(tmp_path: Path) -> None:
    own = "家庭编号,申请日期,行政区划代码,城乡类刖,备注\nH1,2023-06-15,140105,城市,\n"
    told = _told(_files(tmp_path, own))
    assert [one[0] for one in told] == ["column-not-placed", "column-not-placed"]
    assert [one[1] for one in told] == ["家庭.csv", "家庭.csv"]
    assert "`城乡类刖`" in told[0][2] + told[1][2]


@pytest.mark.parametrize("lacking", ["家庭编号", "申请日期", "行政区划代码"])
def test_a_required_column_that_lacks(lacking: str, tmp_path: Path) -> None:
    own = OWN.replace(lacking, "城乡类别")
    [told] = _told(_files(tmp_path, own))
    assert told[:2] == ("column-lacking", "家庭.csv")
    assert lacking in told[2]


def test_two_columns_of_one_field(tmp_path: Path) -> None:
    own = "家庭编号,申请日期,行政区划代码,county\nH1,2023-06-15,140105,140105\n"
    assert [one[:2] for one in _told(_files(tmp_path, own))] == [("columns-alike", "家庭.csv")]


def test_a_column_of_a_wrong_type(tmp_path: Path) -> None:
    table = pq.read_table(_parquet(tmp_path)).append_column("residence", pa.array([1.5] * 1000))
    pq.write_table(table, tmp_path / "b.parquet")
    assert [one[:2] for one in _told([tmp_path / "b.parquet"])] == [("column-type", "b.parquet")]


def test_tables_that_do_not_join(tmp_path: Path) -> None:
    assert _told(_files(tmp_path, items="户主身份证号,成员编号\n1,1\n"))[0][0] == "join-lacking"
    assert _told(_files(tmp_path, items="成员编号,姓名\n1,1\n"))[0][0] == "join-lacking"
    assert _told(_files(tmp_path)[:1])[0][0] == "items-lacking"
    assert _told(_files(tmp_path)[1:])[0][0] in ("no-households", "column-lacking")


def test_workbooks_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 100_000)
    monkeypatch.setattr("engine.screening.reading.inputs.MAX_BOOK_UNPACKED", 99_999)
    assert _told([file])[0][:2] == ("workbook-too-large", "a.xlsx")
    monkeypatch.setattr("engine.screening.reading.inputs.MAX_BOOK_BYTES", 10)
    with pytest.raises(DiskFault) as fault:
        open_source([file], POLICIES)
    assert fault.value.diagnostics[0].code == "file-too-large"


@pytest.mark.parametrize("data", [b"PK\x03\x04 no workbook", b"\xd0\xcf\x11\xe0", b"no workbook"])
def test_what_is_no_workbook(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    assert [one[:2] for one in _told([tmp_path / "a.xlsx"])] == [("bad-workbook", "a.xlsx")]


def test_a_folder_and_a_pattern(tmp_path: Path) -> None:
    _files(tmp_path)
    (tmp_path / "~$家庭.csv").write_text("x", encoding="utf-8")
    (tmp_path / "读我.md").write_text("x", encoding="utf-8")
    (tmp_path / "家庭2.csv").write_text(OWN.replace("H1", "H2"), encoding="utf-8")
    (tmp_path / "成员2.csv").write_text(ITEMS.replace("H1", "H2"), encoding="utf-8")
    for paths in ([tmp_path], [tmp_path / "家*.csv", tmp_path / "成员*"]):
        source = open_source(paths, POLICIES)
        [part] = parts_of(source)
        assert part.batch.column("id").to_pylist() == ["H1", "H2"]
        assert [Path(one).name for one in part.files.to_pylist()] == ["家庭.csv", "家庭2.csv"]
        assert part.rows.to_pylist() == [2, 2]
        assert not part.refused


@pytest.mark.parametrize("line", ['{"id": "H1"', "[1]", '{"id": "H1", "x": 1}', '{"id": 1}', '{"id": "a", "id": "b"}'])
def test_a_line_that_is_no_household_is_refused_as_by_the_household_reader(line: str, tmp_path: Path) -> None:
    good = '{"id": "H2", "application_date": "2023-06-15", "county": "140105", "members": [{"id": "1"}]}'
    (tmp_path / "a.ndjson").write_text(f"\ufeff{line}\n\n{good}\n", encoding="utf-8")
    [part] = parts_of(open_source([tmp_path / "a.ndjson"], POLICIES))
    assert part.batch.column("id").to_pylist() == ["H2"]
    assert part.rows.to_pylist() == [3]
    [refused] = part.refused
    with pytest.raises(engine.HouseholdError) as refusal:
        POLICIES.evaluate(line)
    assert refused.row == 1
    assert refused.code in {one.code for one in refusal.value.diagnostics}


def test_the_fingerprint_is_of_the_content(tmp_path: Path) -> None:
    first = open_source(_files(tmp_path), POLICIES).fingerprint
    assert open_source(_files(tmp_path), POLICIES).fingerprint == first
    changed: list[Callable[[], list[Path]]] = [
        lambda: _files(tmp_path, OWN.replace("H1", "H3")),
        lambda: _files(tmp_path, items=ITEMS + "H1,2\n"),
    ]
    assert all(open_source(files(), POLICIES).fingerprint != first for files in changed)
