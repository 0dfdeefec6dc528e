"""Mapping files: what they say of columns, what is wrong with them, and their drafts."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from engine.errors import EngineError
from engine.screening.reading.drafting import draft
from engine.screening.reading.source import open_source
from tests.screening.reading.forms import households_of, parts_of, refusals

POLICIES = engine.load()
OWN = "户号,受理日,地区,城乡,年收入,资产,备注\nH1,2023/6/15,140105,城镇,2.5,/,x\nH2,2023-06-15,140105,乡村,,5,\n"
ITEMS = "所属户,人员编码,在治,花费\nH1,1,有,300\nH1,2,无,\nH2,1,,-\n"
MAPPING = """\
format: 1
tables:
  - of: household
    files: 家*.csv
    join: 户号
    columns:
      户号: id
      受理日: application_date
      地区: county
      城乡: {field: residence, values: {城镇: urban, 乡村: 农村}}
      年收入: {field: income_12m, unit: 万元}
      资产: {field: financial_assets, blanks: [/]}
    ignore: [备注]
  - of: members
    files: 人员.csv
    join: 所属户
    columns:
      人员编码: id
      在治: {field: treatment_ongoing, values: {有: yes, 无: no}}
      花费: {field: medical_gross, blank: default, blanks: [-]}
"""


def _files(folder: Path, mapping: str = MAPPING) -> tuple[list[Path], Path]:
    (folder / "家庭.csv").write_text(OWN, encoding="utf-8")
    (folder / "人员.csv").write_text(ITEMS, encoding="utf-8")
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return [folder / "家庭.csv", folder / "人员.csv"], folder / "mapping.yaml"


def test_what_a_mapping_says(tmp_path: Path) -> None:
    files, mapping = _files(tmp_path)
    source = open_source(files, POLICIES, mapping)
    assert households_of(source) == [
        {
            "id": "H1",
            "application_date": "2023-06-15",
            "county": "140105",
            "residence": "urban",
            "income_12m": "25000",
            "financial_assets": None,
            "members": [
                {"id": "1", "treatment_ongoing": True, "medical_gross": "300"},
                {"id": "2", "treatment_ongoing": False, "medical_gross": "0"},
            ],
        },
        {
            "id": "H2",
            "application_date": "2023-06-15",
            "county": "140105",
            "residence": "rural",
            "income_12m": None,
            "financial_assets": "5",
            "members": [{"id": "1", "treatment_ongoing": None, "medical_gross": "0"}],
        },
    ]
    [part] = parts_of(source)
    assert {field: count for field, count in part.blanks.items() if count} == {
        "income_12m": 1,
        "financial_assets": 1,
        "members.treatment_ongoing": 1,
        "members.medical_gross": 2,
    }
    assert list(refusals(source)) == []
    assert open_source(files, POLICIES, mapping).fingerprint == source.fingerprint
    mapping.write_text(MAPPING.replace("万元", "元"), encoding="utf-8")
    assert open_source(files, POLICIES, mapping).fingerprint != source.fingerprint


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("of: members", "of: member", "mapping-no-table", 14),
        ("地区: county", "地区: county_code", "mapping-no-field", 9),
        ("地区: county", "地域: county", "mapping-no-column", 9),
        ("{城镇: urban,", "{城镇: town,", "mapping-no-value", 10),
        ("{有: yes,", "{有: perhaps,", "mapping-no-value", 19),
        ("unit: 万元", "blank: default", "mapping-no-default", 11),
        ("values: {有: yes, 无: no}", "unit: 元", "mapping-not-amount", 19),
        ("join: 所属户", "join: 户", "mapping-no-column", 16),
        ("unit: 万元", "unit: 美元", "not-allowed-value", 11),
        ("ignore: [备注]", "ignored: [备注]", "unknown-key-here", 13),
        ("format: 1", "format: 2", "not-allowed-value", 1),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_at_its_line(
    old: str, new: str, code: str, line: int, tmp_path: Path
) -> None:
    files, mapping = _files(tmp_path, MAPPING.replace(old, new))
    with pytest.raises(EngineError) as refusal:
        open_source(files, POLICIES, mapping)
    told = [(one.code, one.span.line if one.span is not None else 0) for one in refusal.value.diagnostics]
    assert (code, line) in told


def test_a_draft_names_what_it_guessed_and_what_it_could_not(tmp_path: Path) -> None:
    head = "家庭编号,申请日期,区划代码,城乡类别,提出申请前12个月家庭收人,金融资产总额（万元）,备注"
    own = f"{head}\nH1,2023/6/1,140105,城镇,1,2,x\n"
    items = "家庭编号,身份证号,疾病尚未痊愈，仍需治疗\n" + "H1,1,有\n"
    (tmp_path / "家庭.csv").write_text(own, encoding="utf-8")
    (tmp_path / "成员.csv").write_text(items, encoding="utf-8")
    files = [tmp_path / "家庭.csv", tmp_path / "成员.csv"]
    text = draft(files, POLICIES, "zh")
    assert "      区划代码: county  # 行政区划代码：照通用的叫法\n" in text
    assert "{field: financial_assets, unit: 万元}" in text
    assert "# 提出申请前12个月家庭收人: …  # 认不出；相近的有 提出申请前12个月家庭收入" in text
    assert "#   城镇：不是它的选项" in text
    assert "#   有：不是它的选项" in text
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(EngineError) as refusal:
        open_source(files, POLICIES, mapping)
    assert {one.code for one in refusal.value.diagnostics} == {"column-not-placed"}
    said = (
        text.replace("# 提出申请前12个月家庭收人: …", "提出申请前12个月家庭收人: income_12m")
        .replace("# 备注: …", "# 备注")
        .replace("城乡类别: residence", "城乡类别: {field: residence, values: {城镇: urban}}")
        .replace('仍需治疗": treatment_ongoing', '仍需治疗": {field: treatment_ongoing, values: {有: yes}}')
    )
    mapping.write_text(
        said.replace("    join: 家庭编号", "    ignore: [备注]\n    join: 家庭编号", 1), encoding="utf-8"
    )
    [found] = households_of(open_source(files, POLICIES, mapping))
    assert (found["residence"], found["financial_assets"], found["income_12m"]) == ("urban", "20000", "1")
    assert found["members"] == [{"id": "1", "treatment_ongoing": True}]
    assert "left out" in draft([_other(tmp_path)], POLICIES, "en")


def _other(folder: Path) -> Path:
    (folder / "别的.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    return folder / "别的.csv"


def test_a_draft_of_headers_that_are_all_known_can_be_used_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "家庭.csv").write_text("家庭编号,申请日期,行政区划代码\nH1,2023-06-15,140105\n", encoding="utf-8")
    (tmp_path / "成员.csv").write_text("家庭编号,成员编号\nH1,1\n", encoding="utf-8")
    files = [tmp_path / "家庭.csv", tmp_path / "成员.csv"]
    (tmp_path / "mapping.yaml").write_text(draft(files, POLICIES, "en"), encoding="utf-8")
    assert households_of(open_source(files, POLICIES, tmp_path / "mapping.yaml")) == households_of(
        open_source(files, POLICIES)
    )
