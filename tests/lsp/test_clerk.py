"""A clerk who cannot program writes a city's file, its table and its cases with the list alone, at VS Code.

Of the keys he knows what is written here: what documents say, and ids that are his own. Everything else he chooses from
the list that shows, which he finds by Chinese initials. Each step failed once.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import resources
from engine.cli.main import main
from tests.lsp.at_vscode import Editor, Served, served

pytestmark = pytest.mark.xdist_group("lsp")

CITY = """\
overlay: datong
format: 1
title: 大同市补充规定
amends: shanxi_2022_60
jurisdiction: "1402"
from: 2026-01-01

add:
  facts:
    members:
      own_care:
        label: 自费护理费用
        unit: 元
        over: 12 月
        default: 0
  parameters:
    own_care_floor:
      label: 自费护理费用起点
      unit: 元/年
      value: 2000 元/年
      cites: 本市办法第五条
  conditions:
    illness.own_care:
      label: 自费护理费用超过起点
      when: 合计(自费护理费用 对 家庭成员) 高于 自费护理费用起点
      effect: narrower
      cites: 本市办法第五条
set:
  dibao_standard:
    - from: 2026-01-01
      document: 同民发〔2025〕9号
      values:
        "140213":
          urban: 720 元/人/月
          rural: 6600 元/人/年
        "140214": {urban: 700 元/人/月, rural: 6000 元/人/年}
    - from: 2027-01-01
      document: 同民发〔2026〕8号
      table: standards/datong-2027.csv
      columns:
        区划代码: county
        城市（元/人·月）: {residence: urban, unit: 元/人/月}
        农村（元/人·月）: {residence: rural, unit: 元/人/月}
"""
TABLE = """\
区划代码,区县,城市（元/人·月）,农村（元/人·月）
140213,平城区,740,570
140214,云冈区,720,550
"""
CASES = """\
cases: datong
title: 大同市的用例
bases:
  患病:
    household:
      id: 甲户
      application_date: 2026-06-15
      county: "140213"
      residence: 城市
      income_12m: 15000
      financial_assets: 0
      members:
        - id: 甲
          treatment_ongoing: 是
          medical_gross: 9000
          own_care: 3000
tests:
  符合:
    why: 本市办法第五条：自费护理费用超过起点
    base: 患病
    expect:
      outcome: 符合
      conditions:
        illness.own_care: 满足
  正好:
    why: 本市办法第五条：正好不算超过
    base: 患病
    change: {application_date: 2027-06-15, members.0.own_care: 2000}
    expect: {outcome: 不符合, conditions: {illness.own_care: 不满足}}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The province and one city, and three files that are empty."""
    folder = tmp_path_factory.mktemp("大同") / "policies"
    for name in ("shanxi_2022_60.yaml", "divisions.csv", "cities/taiyuan.yaml", "standards/taiyuan-2023.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(resources.policies_root() / name, folder / name)
    (folder / "cases").mkdir()
    for name in ("cities/datong.yaml", "standards/datong-2027.csv", "cases/datong.yaml"):
        (folder / name).touch()
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Served]:
    with served(home.parent) as made:
        yield made


def test_the_city_is_written_from_the_list(home: Path, server: Served) -> None:
    table = Editor(server, home / "standards/datong-2027.csv", "csv")
    city = Editor(server, home / "cities/datong.yaml")
    head(city)
    fact_and_parameter(city)
    condition(city)
    values(city)
    rows(table)
    from_a_table(city)
    assert (city.text.rstrip(" "), table.text) == (CITY, TABLE)
    assert {fault["code"] for fault in city.faults()} == {"keys-without-value"}


def head(city: Editor) -> None:
    city.type("o").choose("overlay").choose("datong").rest().type("\nf").choose("format")
    city.type("\nbt").choose("title").type("大同市补充规定\nam").choose("amends")
    assert city.labels[0] == "shanxi_2022_60"
    city.choose("shanxi_2022_60").type("\nju").choose("jurisdiction").type("dts").choose("大同市")
    city.type("\nfr").choose("from").type("2026-01-01\n\n")


def fact_and_parameter(city: Editor) -> None:
    city.rest()
    city.type("zj").choose("add").type("\n").ask().choose("facts").type("\n").ask()
    city.choose("members").type("\n").ask().choose("新的信息项").type("own_care").tab().type("\n").ask()
    city.choose("label").type("自费护理费用\ndw").choose("unit").choose("元").type("\nov").choose("over")
    city.choose("12 月").type("\nde").choose("default").choose("0").type("\n").back(3)
    city.type("cs").choose("parameters").type("\n").ask().choose("新的参数").type("own_care_floor").tab()
    city.type("\nmc").choose("label").type("自费护理费用起点\ndw").choose("unit").type("元/").choose("元/年")
    city.type("\nqz").choose("value").type("2000")
    assert set(city.labels) == {"2000 元/月", "2000 元/年", "2000 元/学年"}  # no other kind of unit
    city.choose("2000 元/年").type("\ncc").choose("cites").type("本市办法第五条\n").back(2)


def condition(city: Editor) -> None:
    city.rest()
    city.type("tj").choose("conditions").type("\n").ask().choose("illness.").choose("新的条件").type("own_care").tab()
    city.type("\nmc").choose("label").type("自费护理费用超过起点\n").ask()
    assert city.labels[:4] == ["when", "unless", "same_as", "effect"]
    city.choose("when").type("hj").choose("合计")
    assert "仍需治疗" not in city.labels  # no yes or no is summed
    city.type("zf").choose("自费护理费用").type(" ").choose("对").choose("家庭成员").type(") ")
    assert city.labels == ["低于", "不低于", "高于", "不超过", "等于", "不等于"]
    city.type("大于").choose("高于").type("qd").choose("自费护理费用起点").type("\nyx").choose("effect")
    assert city.labels == ["narrower"]  # the province lets cities only narrow
    city.choose("narrower").type("\ncc").choose("cites").choose("本市办法第五条").type("\n").back(3)
    assert "填报事项 · 元/12 月" in city.told("自费护理费用 对")


def values(city: Editor) -> None:
    city.rest()
    city.type("sd").choose("set").type("\ndb").choose("dibao_standard").type("\n- ").choose("from").choose("2026-01-01")
    city.type("\nwh").choose("document").type("同民发〔2025〕9号\nva").choose("values").type("\npc").choose("平城区")
    city.type("\n").ask().choose("urban").type("720").choose("720 元/人/月").type("\nnc").choose("rural")
    city.type("6600").choose("6600 元/人/年").type("\n").back().type("yg").choose("云冈区").type(" {").choose("urban")
    city.type("700").choose("700 元/人/月").type(", ").choose("rural").type("6000").choose("6000 元/人/年").type("}")


def rows(table: Editor) -> None:
    table.ask().choose("区划代码").type(",区县,cs").choose("城市（元/人·月）").type(",nc").choose("农村（元/人·月）")
    table.type("\npc").choose("平城区").type(",平城区,740,570\nyg").choose("云冈区").type(",云冈区,720,550\n")
    table.rest().save()


def from_a_table(city: Editor) -> None:
    city.type("\n").back(2).type("- ").choose("from").type("2027-01-01\nwh").choose("document").type(
        "同民发〔2026〕8号\n"
    )
    city.type("bg").choose("table").choose("standards/datong-2027.csv").type("\nco").choose("columns").type("\n").ask()
    city.choose("区划代码").choose("county").type("\ncs").choose("城市（元/人·月）")
    city.choose("{residence: urban, unit: 元/人/月}").type("\nnc").choose("农村（元/人·月）")
    city.choose("{residence: rural, unit: 元/人/月}").type("\n")
    city.save()


def test_its_cases_too(home: Path, server: Served, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "cities/datong.yaml").write_text(CITY, encoding="utf-8")
    (home / "standards/datong-2027.csv").write_text(TABLE, encoding="utf-8")
    cases = Editor(server, home / "cases/datong.yaml")
    cases.rest().type("yl").choose("cases").choose("datong").rest().type("\nbt").choose("title").type("大同市的用例\n")
    household(cases)
    cases.rest().back(5).type("yl").choose("tests").type("\n").ask().choose("新的用例").type("符合").tab().type("\nly")
    cases.choose("why").type("本市办法第五条：自费护理费用超过起点\nba").choose("base").choose("患病").type("\n").ask()
    cases.choose("expect").type("\n").ask().choose("outcome").choose("符合").type("\ntj").choose("conditions")
    cases.type("\nzf").choose("illness.own_care").choose("满足").type("\n").back(3).ask().choose("新的用例")
    cases.type("正好").tab().type("\nly").choose("why").type("本市办法第五条：正好不算超过\nba").choose("base")
    cases.choose("患病").type("\ngd").choose("change").type(" {sq").choose("application_date").type(
        "2027-06-15, zf"
    ).choose("members.0.own_care").type("2000}\nex")
    cases.choose("expect").type(" {out").choose("outcome").type("bf").choose("不符合").type(", tj").choose("conditions")
    cases.type("{zf").choose("illness.own_care").choose("不满足").type("}}\n").back(2)
    assert cases.text == CASES
    assert cases.faults() == []
    cases.save()
    assert main(["check", str(home)]) == main(["test", "--policies", str(home), "--policy", "datong"]) == 0
    assert "全部通过：2 个用例" in capsys.readouterr().out


def household(cases: Editor) -> None:
    cases.type("jc").choose("bases").type("\n").ask().choose("新的基础家庭").type("患病").tab().type("\nho")
    cases.choose("household").type("\n").ask().choose("id").type("甲户\nsq").choose("application_date")
    cases.type("2026-06-15\nxz").choose("county").type("pc").choose("平城区").type("\ncx").choose("residence")
    assert cases.labels == ["城市", "农村", "未知"]
    cases.choose("城市").type("\njt").choose("income_12m").type("15000\njr").choose("financial_assets").type("0\n")
    cases.type("gt").choose("members").type("\n- ").choose("id").type("甲\nrx").choose("treatment_ongoing").choose("是")
    cases.type("\nyl").choose("medical_gross").type("9000\nzf").choose("own_care").type("3000\n")
