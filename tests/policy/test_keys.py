"""No accepted key without effect: every key of the grammar's files, given another value, changes what comes of it.

The keys are read from `grammar/policy.schema.json` and `overlay.schema.json`, so that a new one fails here until it has
an instance below. Each is given another value (or taken away) in the sound folder of `tests/cases/base/`, and what
`check` says or what the households below are told must change; a change of the digest alone does not count, as the
digest knows what nothing reads. Keys that only tell people something are listed with what they are for.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

from engine import EngineError
from engine.api import open_policies
from engine.resources import schema
from tests.policy.bad_policies import BASE, Folder

GONE = "(taken away)"

DOCUMENTATION = {
    "label": "what people read",
    "title": "what people read",
    "cites": "the article, printed with the decision",
    "document": "number of the notice, printed with the decision",
    "issuer": "who issued it",
    "source": "where it was found",
    "grade": "how far that is to be trusted",
    "question": "what a reading is about",
    "message": "what a failed check tells",
    "assumptions": "what people read",
}
TOLD = {
    ("assumption", "text"): "what people read",
    ("fact", "private"): "kept out of explanations, which tests/evaluation and tests/reporting hold",
    ("fact", "changeable"): "what is told of changes: tests/whatif holds it",
    ("zone", "name"): "what people read; in a table it stands for the code",
}
"""keys of one kind of thing that only tell people something"""

P, J, B, A, Y = "province.yaml", "cities/jia.yaml", "counties/beishan.yaml", "amendment.yaml", "cities/yi.yaml"
PARTS = ["province", "jia", "yi", "beishan", "amendment"]
YAML = (P, J, B, A, Y)

Place: TypeAlias = tuple[str | int, ...]
Edit: TypeAlias = tuple[str, Place, Any]

GIVEN: list[Edit] = [
    (P, ("outputs", "joint"), {"label": "一并扣除", "is": "一并扣除的支出", "unit": "元/月"}),
    (P, ("outputs", "longest"), {"label": "最多月数", "is": "资产月数上限", "unit": "月"}),
    (P, ("outputs", "area"), {"label": "住房面积", "is": "住房面积上限", "unit": "平方米"}),
    (P, ("outputs", "chronic"), {"label": "慢性病", "is": "慢性病人数"}),
    (P, ("outputs", "rooms"), {"label": "房间", "is": "房间数", "unit": "间"}),
    (P, ("outputs", "count"), {"label": "原因", "is": "存在的原因数"}),
    (P, ("lists", "chronic"), {"label": "慢性病名录", "of": ["diseases"], "dated": [{"items": ["尿毒症", "白血病"]}]}),
    (P, ("outputs", "leap"), {"label": "周年", "is": "周年数(2020-02-29, 2023-02-28)", "unit": "年"}),
    (P, ("outputs", "severe"), {"label": "重残", "is": "计数(家庭成员 其中 (残疾类别, 残疾等级) 属于 重度残疾名录)"}),
]
"""what gives a reader to what the sound folder only declares"""

WHERE: dict[str, list[tuple[str, Place]]] = {
    "policy": [(P, ())],
    "overlay": [(J, ())],
    "fact": [
        (P, ("facts", "household", "assets")),
        (P, ("facts", "members", "items", "medical_cost")),
        (J, ("add", "facts", "household", "loss")),
        (J, ("add", "facts", "members", "grant")),
        (J, ("add", "facts", "machines", "items", "machine_price")),
    ],
    "collection": [(P, ("facts", "vehicles")), (J, ("add", "facts", "machines"))],
    "check": [(P, ("checks", "medical_plausible")), (J, ("add", "checks", "loss_plausible"))],
    "parameter": [(P, ("parameters", "asset_months")), (J, ("add", "parameters", "car_limit"))],
    "block": [(J, ("add", "parameters", "car_limit", "dated", 1))],
    "list": [(P, ("lists", "severe")), (J, ("add", "lists", "rare"))],
    "list_block": [(P, ("lists", "severe", "dated", 1))],
    "term": [(P, ("terms", "asset_limit")), (J, ("add", "terms", "grants"))],
    "part": [(P, ("terms", "joint_cost", "sum", "education")), (J, ("add", "parts", "joint_cost.disaster"))],
    "condition": [
        (P, ("causes", "illness", "conditions", "treatment")),
        (P, ("requirements", "not_rich")),
        (J, ("add", "requirements", "one_vehicle")),
        (J, ("add", "conditions", "illness.listed")),
        (J, ("add", "causes", "disaster", "conditions", "hit")),
    ],
    "cause": [(P, ("causes", "education")), (J, ("add", "causes", "disaster"))],
    "output": [(P, ("outputs", "shortfall")), (J, ("add", "outputs", "grants_told"))],
    "referral": [(P, ("referrals", "medical_aid")), (J, ("add", "referrals", "disaster_aid"))],
    "exemption": [(J, ("exempt", "all.assets")), (J, ("exempt", "illness.assets", "exemptions", "rare_disease"))],
    "replacement": [(J, ("replace", "terms", "medical_net"))],
    "set_block": [(J, ("set", "standard", 2)), (J, ("set", "chronic", 0))],
    "reading": [(P, ("readings", "counting"))],
}
"""instances of what carries days, in both files and at every depth"""

DATED = {"from": "2030-01-01", "until": "2023-02-01", "published": "2030-01-01"}

VALUES: dict[tuple[str, str], list[Edit]] = {
    ("policy", "format"): [(P, ("format",), "2")],
    ("policy", "policy"): [(P, ("policy",), "other")],
    ("policy", "jurisdiction"): [(P, ("jurisdiction",), "91")],
    ("policy", "status"): [(P, ("status",), "draft")],
    ("policy", "confers"): [(P, ("confers", "id"), "grant")],
    ("policy", "territory"): [(P, ("territory",), GONE)],
    ("policy", "from"): [(P, ("from",), "2022-07-01")],
    ("policy", "until"): [(P, ("until",), "2024-12-31")],
    ("policy", "published"): [(P, ("published",), "2024-03-01")],
    ("confers", "id"): [(P, ("confers", "id"), "grant")],
    ("facts", "household"): [(P, ("facts", "household"), GONE)],
    ("overlay", "format"): [(J, ("format",), "2")],
    ("overlay", "overlay"): [(J, ("overlay",), "other")],
    ("overlay", "jurisdiction"): [(J, ("jurisdiction",), "9002")],
    ("overlay", "status"): [(J, ("status",), "draft")],
    ("overlay", "amends"): [(J, ("amends",), "yi")],
    ("overlay", "role"): [(J, ("role",), "amendment")],
    ("overlay", "local"): [(J, ("local",), GONE)],
    ("overlay", "not_found"): [(Y, ("not_found",), GONE)],
    ("overlay", "repeal"): [(A, ("repeal",), ["requirements.not_rich"])],
    ("zone", "stands_with"): [(J, ("zones", "900171", "stands_with"), "900121")],
    ("fact", "name"): [(P, ("facts", "household", "assets", "name"), "资产")],
    ("fact", "text"): [(P, ("facts", "members", "items", "birth_date"), {"label": "出生日期", "text": "yes"})],
    ("fact", "refers_to"): [
        (P, ("facts", "members", "items", "birth_date"), {"label": "出生日期", "refers_to": "members"})
    ],
    ("fact", "date"): [(P, ("facts", "household", "application_date", "date"), "no")],
    ("fact", "place"): [(P, ("facts", "household", "county", "place"), "no")],
    ("fact", "yes_no"): [(P, ("facts", "members", "items", "ill", "yes_no"), "no")],
    ("fact", "choice"): [(P, ("facts", "household", "residence", "choice"), {"urban": "城市", "country": "乡村"})],
    ("fact", "several"): [(P, ("facts", "members", "items", "diseases", "several"), {"a": "甲"})],
    ("fact", "unit"): [(P, ("facts", "household", "assets", "unit"), "万元")],
    ("fact", "decimals"): [(P, ("facts", "household", "assets", "decimals"), "1")],
    ("fact", "over"): [(P, ("facts", "household", "income", "over"), "6 月")],
    ("fact", "whole"): [(P, ("facts", "household", "rooms", "whole"), "辆")],
    ("fact", "number"): [(P, ("facts", "household", "rooms"), {"label": "房间数", "number": "yes"})],
    ("fact", "optional"): [(P, ("facts", "household", "pets", "optional"), GONE)],
    ("fact", "default"): [(P, ("facts", "members", "items", "ill", "default"), GONE)],
    ("fact", "required"): [(P, ("facts", "household", "income", "required"), "yes")],
    ("fact", "role"): [(P, ("facts", "household", "id", "role"), GONE)],
    ("fact", "judgement"): [(P, ("facts", "household", "income", "judgement"), "yes")],
    ("fact", "at_least"): [(P, ("facts", "household", "assets", "at_least"), "12001 元")],
    ("fact", "at_most"): [(P, ("facts", "household", "assets", "at_most"), "12000 元")],
    ("collection", "name"): [(P, ("facts", "vehicles", "name"), "汽车")],
    ("collection", "counted_in"): [(P, ("facts", "members", "counted_in"), "辆")],
    ("collection", "at_least"): [(P, ("facts", "vehicles", "at_least"), 2)],
    ("collection", "required"): [
        (
            P,
            ("facts", "vehicles"),
            {
                "label": "机动车",
                "counted_in": "辆",
                "required": "yes",
                "items": {"price": {"label": "购置价", "unit": "元"}},
            },
        )
    ],
    ("collection", "optional"): [(J, ("add", "facts", "boats", "optional"), GONE)],
    ("collection", "items"): [(P, ("facts", "vehicles", "items"), {"price": {"label": "购置价", "unit": "万元"}})],
    ("check", "of"): [(P, ("checks", "medical_plausible", "of"), "vehicles")],
    ("check", "severity"): [(P, ("checks", "medical_plausible", "severity"), "error")],
    ("check", "require"): [(P, ("checks", "medical_plausible", "require"), "医疗费用 * 12 月 <= 1 元")],
    ("block", "value"): [(J, ("add", "parameters", "car_limit", "dated", 1, "value"), "20 万元")],
    ("block", "partial"): [
        (
            J,
            ("add", "parameters", "car_limit", "dated", 1),
            {"from": "2024-01-01", "until": "2024-02-01", "value": "6 万元", "partial": "yes"},
        )
    ],
    ("block", "counties"): [(J, ("add", "parameters", "car_limit", "dated", 1, "counties"), ["900102"])],
    ("block", "unit"): [
        (J, ("add", "parameters", "car_limit", "dated", 1), {"from": "2024-01-01", "value": "20", "unit": "万元"})
    ],
    ("list_block", "counties"): [(P, ("lists", "severe", "dated", 1, "counties"), ["900102"])],
    ("list_block", "items"): [(P, ("lists", "severe", "dated", 1, "items"), [])],
    ("parameter", "name"): [(P, ("parameters", "standard", "name"), "标准额")],
    ("parameter", "unit"): [(P, ("parameters", "floor_area", "unit"), "元")],
    ("parameter", "number"): [
        (P, ("parameters", "asset_months"), {"label": "资产月数上限", "number": "yes", "value": "36"})
    ],
    ("parameter", "yes_no"): [
        (P, ("parameters", "asset_months"), {"label": "资产月数上限", "yes_no": "yes", "value": "yes"})
    ],
    ("parameter", "date"): [
        (P, ("parameters", "asset_months"), {"label": "资产月数上限", "date": "yes", "value": "2022-01-01"})
    ],
    ("policy", "leap_day"): [(P, ("leap_day",), "03-01")],
    ("policy", "units"): [(P, ("units",), {"澳元": {"decimals": "2"}})],
    ("unit_word", "decimals"): [(P, ("units",), {"澳元": {"decimals": "0"}})],
    ("unit_word", "counted"): [
        (P, ("units",), {"课时": {"counted": "yes"}}),
        (P, ("outputs", "lessons"), {"label": "课时", "is": "3 课时", "unit": "课时"}),
    ],
    ("parameter", "by"): [(P, ("parameters", "standard", "by"), ["county"])],
    ("parameter", "marginal"): [(P, ("parameters", "floor_area", "marginal"), "yes")],
    ("parameter", "review_after"): [(P, ("parameters", "standard", "review_after"), "40 月")],
    ("parameter", "at_least"): [(P, ("parameters", "asset_months", "at_least"), "37 月")],
    ("parameter", "at_most"): [(P, ("parameters", "asset_months", "at_most"), "35 月")],
    ("parameter", "value"): [(P, ("parameters", "asset_months", "value"), "2 月")],
    ("parameter", "values"): [(P, ("parameters", "floor_area", "values"), {"1..": "1"})],
    ("parameter", "values_from"): [
        (P, ("parameters", "asset_months"), {"label": "资产月数上限", "unit": "月", "values_from": "none.there"})
    ],
    ("parameter", "dated"): [(J, ("add", "parameters", "car_limit", "dated"), [{"value": "20 万元"}])],
    ("list", "name"): [(P, ("lists", "severe", "name"), "名录")],
    ("list", "of"): [(P, ("lists", "severe", "of"), ["disability_grade", "disability_type"])],
    ("list", "items"): [(J, ("add", "lists", "rare", "items"), ["白血病"])],
    ("list", "dated"): [(P, ("lists", "severe", "dated"), GONE)],
    ("reading", "name"): [(P, ("readings", "counting", "name"), "保障标准")],
    ("reading", "chosen"): [(P, ("readings", "counting", "chosen"), "own_bills")],
    ("reading", "options"): [
        (P, ("readings", "counting", "options"), {"all_bills": "所有", "own_bills": "只计", "none": "不计"})
    ],
    ("term", "of"): [(P, ("terms", "medical_net", "of"), GONE)],
    ("term", "name"): [(P, ("terms", "asset_limit", "name"), "上限额")],
    ("term", "unit"): [(P, ("terms", "income_rest", "unit"), "元/月")],
    ("term", "choice"): [
        (
            P,
            ("terms", "asset_limit"),
            {"label": "人均资产上限", "choice": {"a": "甲类", "b": "乙类"}, "is": "如果 家庭人口 < 3 那么 a 否则 b"},
        )
    ],
    ("term", "is"): [(P, ("terms", "asset_limit", "is"), "资产月数上限 * 保障标准 / 100")],
    **{
        ("term", kind): [(P, ("terms", "joint_cost"), {"label": "一并扣除的支出", kind: {"a": part, "b": part}})]
        for kind, part in (
            ("sum", "1 元/月"),
            ("max", "1 元/月"),
            ("min", "1 元/月"),
            ("how_many", "是"),
            ("any", "是"),
            ("every", "否"),
        )
    },
    ("part", "is"): [(P, ("terms", "joint_cost", "sum", "education", "is"), "教育支出 * 2")],
    ("condition", "name"): [(P, ("causes", "illness", "conditions", "treatment", "name"), "甲 乙")],
    ("condition", "when"): [(P, ("causes", "illness", "conditions", "treatment", "when"), "否")],
    ("condition", "unless"): [(P, ("requirements", "not_rich", "unless"), "是")],
    ("condition", "same_as"): [(P, ("causes", "education", "conditions", "assets", "same_as"), "illness.treatment")],
    ("cause", "name"): [(P, ("causes", "education", "name"), "保障标准")],
    ("cause", "conditions"): [
        (
            P,
            ("causes", "education", "conditions"),
            {
                "a": {"label": "甲", "when": "是"},
                "assets": {"same_as": "illness.assets"},
                "income": {"label": "乙", "when": "是"},
            },
        )
    ],
    ("cause", "joins"): [(J, ("add", "causes", "disaster", "joins", "presence"), "否")],
    ("policy", "joining"): [(P, ("joining",), GONE)],
    ("joining", "cause"): [(P, ("joining", "cause"), "那个原因")],
    ("joining", "states"): [(P, ("joining", "states", "cost"), "那笔支出")],
    ("joining", "parts"): [(P, ("joining", "parts", "present"), "非 存在本原因")],
    ("output", "is"): [(P, ("outputs", "shortfall", "is"), "保障标准")],
    ("output", "of"): [(P, ("outputs", "shortfall"), {"label": "差额", "of": "members", "is": "个人医疗支出"})],
    ("output", "unit"): [(P, ("outputs", "shortfall", "unit"), "元/人/年")],
    ("referral", "when"): [(P, ("referrals", "medical_aid", "when"), "否")],
    ("set_guard", "effect"): [(P, ("local", "set", "asset_months", "effect"), "sealed")],
    ("set_guard", "expected"): [(P, ("local", "set", "standard"), {"expected": "yes"}), (Y, ("not_found",), GONE)],
    ("set_guard", "at_least"): [(P, ("local", "set", "asset_months", "at_least"), "25 月")],
    ("set_guard", "at_most"): [(P, ("local", "set", "asset_months", "at_most"), "20 月")],
    ("set_guard", "options"): [(P, ("local", "set", "counting", "options"), ["all_bills"])],
    ("add_guard", "effect"): [(P, ("local", "add", "exemptions", "effect"), "narrower")],
    ("add_guard", "to"): [(P, ("local", "add", "exemptions", "to"), ["all.income"])],
    ("add_guard", "must_use"): [(P, ("local", "add", "causes", "must_use"), ["illness.treatment"])],
    ("exempt", "exemptions"): [(J, ("exempt", "illness.assets", "exemptions", "rare_disease", "when"), "是")],
    ("exemption", "when"): [(J, ("exempt", "all.assets", "when"), "是")],
    ("replacement", "is"): [(J, ("replace", "terms", "medical_net", "is"), "原定义 * 2")],
    ("set_block", "partial"): [(J, ("set", "standard", 2, "partial"), GONE)],
    ("set_block", "counties"): [(J, ("set", "standard", 2, "counties"), ["900101"])],
    ("set_block", "value"): [(J, ("set", "asset_months"), {"value": "12 月"})],
    ("set_block", "values"): [(J, ("set", "standard", 2, "values"), {"西城区": {"urban": "1"}})],
    ("set_block", "table"): [(J, ("set", "standard", 0, "table"), "divisions.csv")],
    ("set_block", "columns"): [(J, ("set", "standard", 0, "columns", "城市（元/人·月）", "residence"), "rural")],
    ("set_block", "unit"): [(J, ("set", "standard", 2, "unit"), "元/人/年")],
    ("set_block", "items"): [(J, ("set", "chronic", 0, "items"), ["甲病"])],
    ("set_block", "chosen"): [(J, ("set", "counting"), {"chosen": "all_bills"})],
    ("set_block", "effect"): [(J, ("set", "asset_months"), {"value": "24 月", "effect": "wider"})],
}
TABLE = {"table": "standards/jia-2023.csv", "columns": {"区县": "county", "城市（元/人·月）": {"residence": "urban"}}}
for _kind, _at in (("parameter", ("parameters", "standard")), ("block", ("parameters", "standard", "dated"))):
    for _key, _table in (("table", TABLE), ("columns", {**TABLE, "columns": {"无": "county"}})):
        _held: Any = {
            "label": "当地保障标准",
            "name": "保障标准",
            "unit": "元/人/月",
            "by": ["county", "residence"],
            **_table,
        }
        VALUES[_kind, _key] = [(P, _at, _held if _kind == "parameter" else [_table])]
VALUES["block", "values"] = [(P, ("parameters", "standard", "dated"), [{"values": {"东城区": {"urban": "1"}}}])]
VALUES["list", "table"] = [(P, ("lists", "chronic"), {"label": "慢性病名录", "of": "diseases", "table": "few.csv"})]
VALUES["list_block", "table"] = [
    (P, ("lists", "chronic"), {"label": "慢性病名录", "of": "diseases", "dated": [{"table": "few.csv"}]})
]

JOINED: list[Edit] = [
    (P, ("joining", "parts", "present"), "存在本原因 且 本原因"),
    (J, ("add", "parts"), GONE),
    (J, ("add", "causes", "disaster", "joins"), {"presence": "因灾损失 > 0", "cost": "因灾损失"}),
]
FIRST: dict[tuple[str, str], list[Edit]] = {
    ("cause", "joins"): JOINED,
    ("policy", "joining"): JOINED,
    **{("joining", key): JOINED for key in ("cause", "states", "parts")},
    ("overlay", "local"): [(B, ("set", "asset_months"), "30 月")],
    ("list", "table"): [("few.csv", (), "病种\n尿毒症\n")],
    ("list_block", "table"): [("few.csv", (), "病种\n尿毒症\n")],
    ("fact", "optional"): [(P, ("facts", "household", "pets"), {"label": "宠物", "whole": "只", "optional": "yes"})],
    ("collection", "optional"): [
        (
            J,
            ("add", "facts", "boats"),
            {
                "label": "船",
                "counted_in": "只",
                "optional": "yes",
                "items": {"boat_price": {"label": "价", "unit": "元"}},
            },
        )
    ],
}
"""what both folders hold first, where the sound one has no instance"""

SECTIONS: dict[str, tuple[str, Place]] = {
    "policy": (P, ()),
    "overlay": (J, ()),
    "local": (P, ("local",)),
    "local.add": (P, ("local", "add")),
    "local.replace": (P, ("local", "replace")),
    "add": (J, ("add",)),
    "add.facts": (J, ("add", "facts")),
    "replace": (J, ("replace",)),
}
"""what holds sections, each of which can be taken away"""

GUARDED = {
    "facts": "narrower",
    "terms": "narrower",
    "checks": "narrower",
    "lists": "narrower",
    "parameters": "narrower",
    "outputs": "narrower",
    "referrals": "narrower",
    "requirements": "narrower",
    "conditions": "narrower",
    "causes": "wider",
    "exempt": "wider",
    "parts": "wider",
    "terms replaced": "narrower",
}


# ---- the keys of the schemas


def kinds() -> dict[str, list[str]]:
    """By kind of thing: the keys that its schema accepts."""
    policy: Any = schema("policy")
    overlay: Any = schema("overlay")
    defs, own = policy["$defs"], overlay["$defs"]
    properties = {
        "policy": policy,
        "overlay": overlay,
        "confers": policy["properties"]["confers"],
        "facts": policy["properties"]["facts"],
        "assumption": policy["properties"]["assumptions"]["items"],
        "zone": overlay["properties"]["zones"]["additionalProperties"],
        "add": overlay["properties"]["add"],
        "add.facts": overlay["properties"]["add"]["properties"]["facts"],
        "replace": overlay["properties"]["replace"],
        "local": defs["local"],
        "local.add": defs["local"]["properties"]["add"],
        "local.replace": defs["local"]["properties"]["replace"],
        "exempt": own["exempt"]["then"],
        **{name: defs[name]["anyOf"][1] for name in ("part", "set_guard", "add_guard")},
        **{name: own[name] for name in ("set_block", "exemption", "replacement")},
    }
    named = ("fact", "collection", "check", "block", "list_block", "parameter", "list", "reading", "term", "condition")
    properties |= {name: defs[name] for name in (*named, "cause", "output", "referral", "unit_word", "joining")}
    return {kind: list(held["properties"]) for kind, held in properties.items()}


def test_no_kind_of_thing_is_left_out() -> None:
    """Every set of keys in the two schemas is one of `kinds`; `without_change` only takes keys away."""
    known = {tuple(sorted(keys)) for keys in kinds().values()}
    assert {tuple(keys) for name in ("policy", "overlay") for keys in _key_sets(schema(name), "")} == known


def _key_sets(node: object, name: str) -> Iterator[list[str]]:
    if isinstance(node, Mapping):
        held = node.get("properties")
        if isinstance(held, Mapping) and node.get("title") and name != "without_change":
            yield sorted(held)
        for key, value in node.items():
            yield from _key_sets(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _key_sets(value, name)


def cases() -> Iterator[tuple[str, list[Edit], list[Edit]]]:
    """A name, edits of both folders, and the edits of the one that must differ."""
    for kind, keys in kinds().items():
        for key in keys:
            if key in DOCUMENTATION or (kind, key) in TOLD:
                continue
            name = f"{kind}.{key}"
            if (kind, key) in VALUES:
                yield name, FIRST.get((kind, key), []), VALUES[kind, key]
            elif key in DATED and kind in WHERE:
                for file, path in WHERE[kind]:
                    yield f"{name} {file} {path}", [], [(file, (*path, key), DATED[key])]
            elif key == "counties" and kind in WHERE:
                for file, path in WHERE[kind]:
                    if _is_change(file, path):
                        yield f"{name} {file} {path}", [], [(file, (*path, key), ["900102"])]
            elif key == "effect" and kind in WHERE:
                for file, path in WHERE[kind]:
                    if _is_change(file, path):
                        yield f"{name} {file} {path}", *_promised(file, path)
            elif kind in SECTIONS:
                file, path = SECTIONS[kind]
                yield name, [], [(file, (*path, key), GONE)]
            else:
                yield name, [], []


def _is_change(file: str, path: Place) -> bool:
    """Whether it is a change of its own, not something inside one."""
    inside = 3 + (path[1:2] == ("facts",)) if path[:1] == ("add",) else 4
    return file == J and len(path) <= inside


def _promised(file: str, path: Place) -> tuple[list[Edit], list[Edit]]:
    """Under a guard that demands an effect, the other one is promised."""
    kind = str(path[1]) if path[0] == "add" else "terms replaced" if path[0] == "replace" else str(path[0])
    wanted = GUARDED[kind]
    given: list[Edit] = []
    if path[0] == "add" and kind not in ("parts",):
        given = [(P, ("local", "add", kind), wanted)]
    if path[0] == "replace":
        given = [(P, ("local", "replace", "terms", path[-1]), wanted), (file, (*path, "effect"), wanted)]
    return given, [(file, (*path, "effect"), "narrower" if wanted == "wider" else "wider")]


ALL = list(cases())


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return list(outcome(write(tmp_path_factory.mktemp("sound"), [])))


@pytest.mark.parametrize(("given", "edits"), [pytest.param(given, edits, id=name) for name, given, edits in ALL])
def test_a_key_has_an_effect(given: list[Edit], edits: list[Edit], sound: list[str], tmp_path: Path) -> None:
    assert edits, "give an instance and another value"
    before = outcome(write(tmp_path / "before", given)) if given else sound
    after = outcome(write(tmp_path / "after", [*given, *edits]))  # both only as far as the first difference
    assert any(one != other for one, other in zip(after, before, strict=True))


def test_the_folder_itself_is_sound_and_decides(sound: list[str]) -> None:
    found, *told = map(json.loads, sound)
    assert not [one for one in found if one[1] == "error"]
    assert {one["outcome"] for one in told if isinstance(one, dict)} == {"eligible", "ineligible", "undetermined"}


def test_what_is_documentation_is_only_that(sound: list[str], tmp_path: Path) -> None:
    """A label, an article, a number of a notice: another one changes what people read and nothing else."""
    edits: list[Edit] = [
        (P, ("title",), "另一标题"),
        (P, ("document",), "另一文号"),
        (P, ("issuer",), "另一机关"),
        (P, ("causes", "illness", "cites"), "九"),
        (P, ("causes", "illness", "conditions", "income", "label"), "另一名称"),
        (P, ("readings", "counting", "question"), "另一问题"),
        (J, ("set", "standard", 0, "grade"), "C"),
        (J, ("set", "standard", 0, "source"), "https://example.org/other"),
    ]
    _, *told = outcome(write(tmp_path / "after", edits))
    assert told == sound[1:]


# ---- folders and what comes of them


def write(root: Path, edits: list[Edit]) -> Path:
    folder = Folder(root)
    folder.fill(PARTS)
    for file in YAML:
        folder.write(file, _written(file))
    trees: dict[str, Any] = {}
    for file, path, value in edits:
        if file.endswith(".csv"):
            folder.write(file, value.encode())
            continue
        if file not in trees:
            trees[file] = copy.deepcopy(_tree(file))
        _put(trees[file], path, copy.deepcopy(value))
    for file, tree in trees.items():
        folder.write(file, _dumped(tree))
    return root


@cache
def _tree(file: str) -> Any:
    """A file of the sound folder, with what is given to all of them."""
    tree = yaml.load((BASE / file).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for changed, path, value in GIVEN:
        if changed == file:
            _put(tree, path, copy.deepcopy(value))
    return tree


@cache
def _written(file: str) -> bytes:
    return _dumped(copy.deepcopy(_tree(file)))


def _dumped(tree: Any) -> bytes:
    _count(tree)
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10_000).encode()


def _count(tree: Any) -> None:
    """Whole numbers as such, where the grammar has a number and not a text."""
    tree["format"] = int(tree.get("format", 1))
    for collection in [*tree.get("facts", {}).values(), *tree.get("add", {}).get("facts", {}).values()]:
        if "counted_in" in collection and "at_least" in collection:
            collection["at_least"] = int(collection["at_least"])


def _put(tree: Any, path: Place, value: Any) -> None:
    for at, step in enumerate(path[:-1]):
        if isinstance(tree, dict) and step not in tree:
            tree[step] = [{}] if isinstance(path[at + 1], int) else {}
        if isinstance(tree[step], str):  # a bare part or value
            tree[step] = {"is": tree[step]}
        tree = tree[step]
    if value == GONE:
        del tree[path[-1]]
    else:
        tree[path[-1]] = value


MEMBER = {"id": "1", "ill": True, "medical_cost": "9000", "stage": "college", "school_cost": "3000"}
SEVERE = {"disability_type": "mental", "disability_grade": "grade_2"}
DAYS = (("2022-06-01", None), ("2023-08-01", None), ("2024-06-01", "2024-01-20"), ("2025-06-01", None))
HOUSEHOLDS: list[dict[str, Any]] = [
    {
        "county": "900101",
        "residence": "urban",
        "income": "20000",
        "assets": "15000",
        "loss": "4000",
        "vehicles": [],
        "machines": [],
        "members": [{**MEMBER, **SEVERE}, {**MEMBER, "id": "2", "diseases": ["尿毒症"], "grant": "100"}],
    },
    {
        "county": "900121",
        "residence": "rural",
        "income": "9000",
        "assets": "30000",
        "vehicles": [{"price": "55000"}],
        "members": [{**MEMBER, **SEVERE, "diseases": ["白血病"]}],
    },
    {
        "county": "900171",
        "residence": "urban",
        "income": "9000",
        "assets": "12000",
        "vehicles": [{"price": "70000"}],
        "machines": [],
        "members": [{**MEMBER, "diseases": ["血友病"]}, {"id": "2"}, {"id": "3"}],
    },
    {"county": "900202", "residence": "urban", "assets": "2000000", "members": [{"id": "1"}]},
    {
        "county": "900102",
        "residence": "urban",
        "income": "5000",
        "assets": "80000",
        "loss": "2000000",
        "vehicles": [{"price": "55000"}],
        "machines": [{"machine_price": "1"}],
        "members": [
            {**MEMBER, "diseases": ["戈谢病", "尿毒症"]},
            {**MEMBER, "id": "2", "diseases": ["白血病"], "medical_cost": "20000000"},
        ],
    },
    {
        "county": "900101",
        "residence": "urban",
        "income": "5000",
        "assets": "80000",
        "loss": "2000000",
        "vehicles": [{"price": "55000"}],
        "machines": [],
        "members": [{**MEMBER, "diseases": ["戈谢病", "尿毒症"]}, {**MEMBER, "id": "2", "diseases": ["白血病"]}],
    },
]


def outcome(root: Path) -> Iterator[str]:
    """What `check` says of a folder, less the places; then what each household is told, less the digest."""
    policies = open_policies([root])
    yield _text(sorted((each.code, str(each.severity), each.params) for each in policies.check(date(2024, 9, 1))))
    for number, household in enumerate(HOUSEHOLDS):
        for day, known_on in DAYS:
            given = {**household, "id": str(number), "application_date": day}
            known = None if known_on is None else date.fromisoformat(known_on)
            try:
                yield _text(_meaning(policies.evaluate(given, known_on=known).to_dict()))
            except EngineError as refusal:
                yield _text([(each.code, each.path, each.params) for each in refusal.diagnostics])


def _text(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)


def _meaning(decision: object) -> object:
    """A decision without what only tells people something: labels, articles, files and lines, the digest."""
    if isinstance(decision, Mapping):
        return {key: _meaning(held) for key, held in decision.items() if key not in _TOLD}
    return [_meaning(held) for held in decision] if isinstance(decision, list | tuple) else decision


_TOLD = (
    "label",
    "cites",
    "declared",
    "digest",
    "source",
    "document",
    "grade",
    "message",
    "text",
    "derivation",
    "question",
)
