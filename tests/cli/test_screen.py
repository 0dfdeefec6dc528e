"""`doudi screen`: files in, files out, exit statuses, what is told."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any, cast

import openpyxl
import pyarrow.parquet as pq
import pytest

import engine
from engine import resources
from engine.cli.status import ANSWERED, FINDINGS, MISUSE
from tests.cli.running import Run
from tests.screening.writing.population import household, lines_of, write_lines, write_parts


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sound(count: int) -> list[int]:
    """Numbers of households that are not refused."""
    return [number for number in range(count * 2) if number % 13 and number % 6 != 5][:count]


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_sound_households(here: Path, run: Run) -> None:
    write_lines(here / "in.ndjson", sound(30))
    done = run("screen", "in.ndjson", "-o", "out.ndjson")
    assert done.status == ANSWERED, done
    assert done.out.startswith("共 30 户\n  符合")
    assert names(here) == ["in.ndjson", "out.ndjson"]
    policies = engine.load()
    for number, line in zip(sound(30), lines_of(here / "out.ndjson"), strict=True):
        decision = policies.evaluate(household(number))
        assert (line["id"], line["outcome"]) == (household(number)["id"], decision.outcome)
        assert line["county"] == household(number)["county"]


def test_bad_rows_stop_nothing(here: Path, run: Run) -> None:
    path = write_lines(here / "in.ndjson", range(1, 30))
    with path.open("a", encoding="utf-8") as file:
        file.write("no json\n" + json.dumps(household(2)) + "\n")
    done = run("screen", "in.ndjson", "-o", "out.csv", "--format", "json")
    assert done.status == FINDINGS
    told = json.loads(done.out)
    assert (told["households"], told["unread"]) == (30, 1)
    assert sum(told["outcomes"].values()) == 30
    assert sum(city["households"] for city in told["cities"]) == 30
    assert told["refusals"]["amount-form"] == 2
    assert told["repeated"]["ids"] == [
        {"id": household(2)["id"], "places": [{"file": "in.ndjson", "row": 2}, {"file": "in.ndjson", "row": 31}]}
    ]
    assert names(here) == ["in.ndjson", "out.csv", "out.csv.refused.csv", "out.csv.repeated.csv"]
    with (here / "out.csv.refused.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["文件", "行号", "家庭编号", "字段", "代码", "原因"]
    assert rows[-1][:2] == ["in.ndjson", "30"]
    assert [row[1] for row in rows if row[4] == "not-in-territory"] == ["5", "11", "17", "23", "29"]
    assert (
        next(row[5] for row in rows if row[4] == "not-in-territory") == "行政区划代码 `990000` 不在任何已有政策的范围内"
    )


def test_files_of_an_earlier_run_with_faults_go(here: Path, run: Run) -> None:
    path = write_lines(here / "in.ndjson", [1, 2, 2, 13])
    assert run("screen", "in.ndjson", "-o", "out.csv").status == FINDINGS
    assert len(names(here)) == 4
    write_lines(path, [1, 2])
    assert run("screen", "in.ndjson", "-o", "out.csv").status == ANSWERED
    assert names(here) == ["in.ndjson", "out.csv"]


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_every_form_says_the_same(here: Path, run: Run, jobs: str) -> None:
    write_parts(here / "in", 4, 10)
    outcomes = []
    for name in ("out.ndjson", "out.parquet", "out.csv", "out.xlsx"):
        assert run("screen", "in", "-o", name, "--headers", "id", "--jobs", jobs).status == FINDINGS
    outcomes.append([line["outcome"] for line in lines_of(here / "out.ndjson")])
    outcomes.append(pq.read_table(here / "out.parquet").column("outcome").to_pylist())
    with (here / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        outcomes.append([row["outcome"] for row in csv.DictReader(file)])
    sheet = openpyxl.load_workbook(here / "out.xlsx")["结果"]
    header, *rows = sheet.iter_rows(values_only=True)
    outcomes.append([str(row[header.index("outcome")]) for row in rows])
    assert len(outcomes[0]) == 40
    assert all(one == outcomes[0] for one in outcomes[1:])


def test_a_workbook_holds_it_all(here: Path, run: Run) -> None:
    write_lines(here / "in.ndjson", [1, 1, 13])
    done = run("screen", "in.ndjson", "-o", "out.xlsx")
    assert done.status == FINDINGS
    assert names(here) == ["in.ndjson", "out.xlsx"]
    book = openpyxl.load_workbook(here / "out.xlsx")
    assert book.sheetnames == ["结果", "未受理", "编号重复", "汇总"]
    totals = {row[0]: row[1] for row in book["汇总"].iter_rows(values_only=True) if row[0]}
    assert (totals["合计"], totals["未受理"]) == (3, 1)
    assert book["结果"]["A2"].value == household(1)["id"]


def test_explain(here: Path, run: Run) -> None:
    write_parts(here / "in", 3, 5)
    done = run("screen", "in", "--explain", household(8)["id"], "--format", "json")
    assert json.loads(done.out) == engine.load().evaluate(household(8)).to_dict()
    text = run("screen", "in", "--explain", household(8)["id"])
    (here / "one.json").write_text(json.dumps(household(8)))
    assert text.out.strip() == run("evaluate", "one.json").out.split("\n\n政策文件")[0].strip()
    refused = run("screen", "in", "--explain", household(13)["id"])
    assert (refused.status, "part-002.ndjson:4" in refused.out) == (FINDINGS, True)
    assert run("screen", "in", "--explain", "nobody").status == MISUSE


def test_the_days_and_the_policy(here: Path, run: Run) -> None:
    write_lines(here / "in.ndjson", sound(12))
    before = run("screen", "in.ndjson", "-o", "a.ndjson", "--known-on", "2022-12-01", "--format", "json")
    assert json.loads(before.out)["outcomes"]["undetermined"] > 0
    early = run("screen", "in.ndjson", "-o", "a.ndjson", "--as-of", "2020-01-01", "--format", "json")
    assert json.loads(early.out)["outcomes"]["refused"] == 12
    assert run("screen", "in.ndjson", "-o", "a.ndjson", "--policy", "nothing").status == FINDINGS


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["in.ndjson"], "用 -o 写明结果写到哪里"),
        (["in.ndjson", "-o", "out.doc"], "--output：out.doc 的结尾看不出格式"),
        (["in.ndjson", "-o", "out"], "--output：out 的结尾看不出格式"),
        (["in.ndjson", "-o", "in.ndjson"], "--output：in.ndjson 是要读的文件"),
        (["in.ndjson", "-o", "./x/../in.ndjson"], "是要读的文件"),
        (["in.ndjson", "-o", "a.csv", "--chart", "a.gif"], "--chart：a.gif 的结尾看不出格式"),
        (["in.ndjson", "-o", "policies/standards/taiyuan-2023.csv", "--policies", "policies"], "在政策文件夹里"),
        (["in.ndjson", "-o", "folder"], "folder 是目录"),
        (["in.ndjson", "-o", "a.csv", "--against", "nowhere"], "没有 nowhere"),
    ],
)
def test_misuse(here: Path, run: Run, arguments: list[str], told: str) -> None:
    write_lines(here / "in.ndjson", [1])
    (here / "folder").mkdir()
    shutil.copytree(resources.policies_root(), here / "policies")
    done = run("screen", *arguments)
    assert done.status == MISUSE, done
    assert told in done.err
    assert names(here) == ["folder", "in.ndjson", "policies"]


def test_an_output_that_cannot_be_written_is_told_by_name(here: Path, run: Run) -> None:
    write_lines(here / "in.ndjson", [1])
    done = run("screen", "in.ndjson", "-o", "in.ndjson/out.csv")
    assert done.status == MISUSE
    assert done.err.count("\n") == 2
    assert "out.csv" in done.err or "in.ndjson" in done.err


def test_a_mapping_is_drafted_and_then_read(here: Path, run: Run) -> None:
    table = "家庭编号,申请日期,行政区划代码,城乡类别,提出申请前12个月家庭收入,金融资产总额\n"
    (here / "家庭.csv").write_text(table + "H-1,2023-06-15,140105,城市,9000,0\n", "utf-8")
    (here / "成员.csv").write_text("家庭编号,成员编号\nH-1,1\n", "utf-8")
    told = run("screen", "--map-from", "家庭.csv", "成员.csv")
    assert (told.status, told.out.startswith("format: 1\n")) == (ANSWERED, True)
    assert run("screen", "--map-from", "家庭.csv", "成员.csv", "-o", "m.yaml").status == ANSWERED
    assert (here / "m.yaml").read_text("utf-8") == told.out
    assert run("screen", "家庭.csv", "成员.csv", "--mapping", "m.yaml", "-o", "out.csv").status == ANSWERED
    assert run("screen", "--map-from", "家庭.csv", "-o", "m.csv").status == MISUSE


# ---- going on


def test_a_run_that_can_be_cut_off_leaves_nothing_behind(here: Path, run: Run) -> None:
    write_parts(here / "in", 3, 5)
    assert run("screen", "in", "-o", "plain.csv").status == FINDINGS
    assert run("screen", "in", "-o", "out.csv", "--resume").status == FINDINGS
    assert names(here) == [
        "in", "out.csv", "out.csv.refused.csv", "plain.csv", "plain.csv.refused.csv",
    ]  # fmt: skip
    assert (here / "out.csv").read_bytes() == (here / "plain.csv").read_bytes()


# ---- another rule set

ASKING = """
from: 2023-01-01
add:
  facts:
    household:
      lodgers: {label: 房客人数, name: 房客人数, unit: 人, default: 0}
    members:
      boards: {label: 搭伙, name: 搭伙, yes_no: true, default: no}
  requirements:
    no_lodgers: {label: 没有房客和搭伙的人, when: 房客人数 = 0 and not any(members where 搭伙)}
"""


@pytest.fixture
def draft(here: Path) -> Path:
    """Another standard for one city, and a fact that only this rule set asks for."""
    folder = here / "draft"
    shutil.copytree(resources.policies_root(), folder)
    table = folder / "standards" / "taiyuan-2023.csv"
    table.write_text(table.read_text("utf-8").replace("760,760", "300,300"), "utf-8")
    city = folder / "cities" / "taiyuan.yaml"
    city.write_text(city.read_text("utf-8") + ASKING, "utf-8")
    return folder


def found_in(answer: dict[str, Any], column: str) -> object:
    """What stands in a column of findings, by the decision's own JSON."""
    held: Any = answer
    for name in column.split("."):
        held = held.get(name, {})
    return held.get("outcome")


def figures(answer: dict[str, Any]) -> list[object]:
    return [one["value"] for one in answer["outputs"].values()]


def test_who_changes(here: Path, draft: Path, run: Run) -> None:
    numbers = sound(60)
    write_lines(here / "in.ndjson", numbers)
    done = run("screen", "in.ndjson", "-o", "out.ndjson", "--against", str(draft), "--format", "json")
    assert done.status == ANSWERED, done
    now, then = engine.load(), engine.load(draft)
    told = json.loads(done.out)["against"]
    changed = {line["id"]: line for line in lines_of(here / "out.changed.ndjson")}
    counted = {"gains": 0, "loses": 0, "other": 0, "figures": 0}
    for number in numbers:
        one, two = (cast("dict[str, Any]", policies.evaluate(household(number)).to_dict()) for policies in (now, then))
        line = changed.pop(household(number)["id"], None)
        same = one["outcome"] == two["outcome"]
        if line is None:
            assert same
            assert figures(one) == figures(two)
            continue
        kind = "figures" if same else "gains" if two["outcome"] == "eligible" else "other"
        kind = "loses" if one["outcome"] == "eligible" and not same else kind
        counted[kind] += 1
        assert (line["change"], line["outcome.before"], line["outcome.after"]) == (kind, one["outcome"], two["outcome"])
        for because in (line["because"] or "").split():
            assert found_in(one, because) != found_in(two, because)
        if kind in ("gains", "loses"):
            assert line["because"]
    assert not changed
    assert {kind: told[kind] for kind in counted} == counted
    assert counted["loses"] > 0
    assert sum(place["loses"] for place in told["places"]) == counted["loses"]
    assert sum(one["loses"] for one in told["because"]) == counted["loses"]
    assert told["amounts"]["shortfall"]["less"] > 0


def test_facts_of_one_rule_set_are_read_for_it_alone(here: Path, draft: Path, run: Run) -> None:
    """The present policies know neither of them, and would refuse such a household."""
    lines = []
    for place, number in enumerate(sound(12)):
        one = {**household(number), "county": "140105", "lodgers": place % 2}
        one["members"] = [{**member, "boards": place % 3 == 0} for member in one["members"]]
        lines.append(json.dumps(one))
    (here / "in.ndjson").write_text("\n".join(lines))
    assert run("screen", "in.ndjson", "-o", "then.ndjson", "--policies", str(draft)).status == ANSWERED
    done = run("screen", "in.ndjson", "-o", "out.ndjson", "--against", str(draft))
    assert done.status == ANSWERED, done
    then = {line["id"]: line["outcome"] for line in lines_of(here / "then.ndjson")}
    changed = {line["id"]: line for line in lines_of(here / "out.changed.ndjson")}
    now = {line["id"]: line["outcome"] for line in lines_of(here / "out.ndjson")}
    assert {id: changed[id]["outcome.after"] if id in changed else now[id] for id in now} == then
    assert any("requirements.no_lodgers" in (line["because"] or "") for line in changed.values())


def test_who_changes_in_a_workbook(here: Path, draft: Path, run: Run) -> None:
    write_lines(here / "in.ndjson", sound(20))
    text = run("screen", "in.ndjson", "-o", "out.xlsx", "--against", str(draft)).out
    assert "换成另一套规定" in text
    assert names(here) == ["draft", "in.ndjson", "out.xlsx"]
    book = openpyxl.load_workbook(here / "out.xlsx")
    assert book.sheetnames == ["结果", "结论有变", "汇总"]
    assert [cell.value for cell in book["结论有变"][1]][:6] == [
        "家庭编号", "行政区划代码", "变化", "结论（现行）", "结论（新规）", "由哪些条件决定",
    ]  # fmt: skip


def test_the_same_rules_change_nothing(here: Path, run: Run) -> None:
    write_lines(here / "in.ndjson", range(20))
    done = run("screen", "in.ndjson", "-o", "out.csv", "--against", str(resources.policies_root()))
    assert "没有一户的结论或数字不同" in done.out
    assert (here / "out.changed.csv").read_text("utf-8-sig").count("\n") == 1
