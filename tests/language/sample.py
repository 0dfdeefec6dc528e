"""A small scope that the tests of the language floor share: a household, its members and vehicles."""

from __future__ import annotations

from fractions import Fraction

from engine.language.scope import (
    CauseEntry,
    CollectionEntry,
    Entry,
    FactEntry,
    ListEntry,
    ParameterEntry,
    ReadingEntry,
    Scope,
    TermEntry,
)
from engine.language.types import DATE, PLACE, TEXT, TRUTH, Choice, Quantity, Several, Type
from engine.language.units import Dimension, Unit, core_unit, parse_unit
from engine.source import Source, Span

HERE = Span(Source("sample.yaml", ""), 0, 0)
RESIDENCE = Choice((("urban", "城市"), ("rural", "农村")))
STAGE = Choice((("none", "非在学"), ("nursery", "托育"), ("primary", "小学"), ("undergraduate", "本科")))
WHOSE = Choice((("any", "所有有费用的成员"), ("same", "只计本人")))
KIND = Choice((("visual", "视力"), ("physical", "肢体")))
MONEY = Quantity(Unit(Dimension.of("分")))
YEARLY = Quantity(Unit(Dimension.of("分") / Dimension.of("月"), Fraction(1, 12)))
PEOPLE = Quantity(Unit(Dimension.of("人")), whole=True)
MONTHS = Quantity(Unit(Dimension.of("月")))
NUMBER = Quantity(Unit(Dimension()))


def core_quantity(text: str) -> Quantity:
    unit = parse_unit(text)
    assert unit is not None
    return Quantity(core_unit(unit.dimension))


def fact(id_: str, name: str, type_: Type, collection: str = "", unit_text: str = "", least: object = 0) -> FactEntry:
    low = least if isinstance(type_, Quantity) else None
    return FactEntry(id_, name, HERE, collection, type_, low, None, unit_text)


def term(id_: str, name: str, type_: Type, collection: str = "", least: object = None) -> TermEntry:
    return TermEntry(id_, name, HERE, collection, type_, least, None)


def both(*entries: Entry) -> dict[str, Entry]:
    return {text: entry for entry in entries for text in (entry.id, entry.name) if text}


def fields(*entries: FactEntry | TermEntry) -> dict[str, FactEntry | TermEntry]:
    return {text: entry for entry in entries for text in (entry.id, entry.name) if text}


MEMBERS = fields(
    fact("id", "", TEXT, "members"),
    fact("treatment_ongoing", "仍需治疗", TRUTH, "members"),
    fact("medical_gross", "医疗总费用", YEARLY, "members", "元"),
    fact("medical_aid", "医疗帮困", YEARLY, "members", "元"),
    fact("education_stage", "教育阶段", STAGE, "members"),
    fact("disability_type", "残疾类别", KIND, "members"),
    fact("diseases", "所患疾病", Several(TEXT), "members"),
    fact("birth_date", "出生日期", DATE, "members"),
    fact("tuition", "学费", YEARLY, "members", "元"),
    term("medical_net", "个人负担医疗费用", YEARLY, "members", least=0),
)
VEHICLES = fields(
    fact("price", "购置价", MONEY, "vehicles", "元"),
    fact("purchase_date", "购置日期", DATE, "vehicles"),
)
NAMES = both(
    fact("id", "", TEXT),
    fact("application_date", "申请日期", DATE),
    fact("county", "行政区划代码", PLACE),
    fact("residence", "城乡类别", RESIDENCE),
    fact("income_12m", "家庭收入", YEARLY, unit_text="元/年"),
    fact("financial_assets", "金融资产总额", MONEY, unit_text="元"),
    fact("floor_area", "建筑面积", core_quantity("平方米")),
    fact("ratio", "自付比例", NUMBER),
    fact("days_away", "外出天数", Quantity(Unit(Dimension.of("天")), whole=True)),
    CollectionEntry("members", "家庭成员", HERE, "人", 1, MEMBERS),
    CollectionEntry("vehicles", "机动车", HERE, "辆", 0, VEHICLES),
    term("household_size", "家庭人口", PEOPLE, least=1),
    term("medical_burden", "医疗费用刚性支出", YEARLY, least=0),
    term("students", "学生人数", PEOPLE, least=0),
    term("illness_present", "存在因病情形", TRUTH),
    ParameterEntry(
        "dibao_standard",
        "当地低保标准",
        HERE,
        core_quantity("元/人/月"),
        ("county", "residence"),
        (PLACE, RESIDENCE),
        0,
        None,
        "元/人/月",
    ),
    ParameterEntry("asset_months", "金融资产月数上限", HERE, MONTHS, (), (), 0, None, "月"),
    ReadingEntry("whose_costs", "计入费用的成员范围", HERE, WHOSE),
    ReadingEntry("nursery", "入托和幼儿园", HERE, Choice((("high_fee_only", "只排除高收费入托"), ("all", "全部")))),
    CauseEntry("illness", "因病致贫", HERE, {"income": "income", "assets": "assets"}),
    ListEntry("serious_diseases", "重大疾病", HERE, (TEXT,)),
    ListEntry("grades", "类别与阶段", HERE, (KIND, STAGE)),
)
SCOPE = Scope(NAMES)
ITEM_SCOPE = Scope(NAMES, item="members")


def span_of(text: str) -> Span:
    return Span(Source("test", text), 0, len(text))
