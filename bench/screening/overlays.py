"""County overlays on the shipped policies, each with rules of its own, and families of these counties.

written(folder, count, seed): the files; households(count, seed): a table whose rows call for every overlay
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from bench.screening.households import Maker, block, shipped
from engine.api import open_policies

ROOT: Final = Path(__file__).resolve().parents[2]
HEAD: Final = """\
format: 1
overlay: drawn_{code}
title: {code} 测速用补充规定（非真实政策）
amends: {city}
jurisdiction: "{code}"
status: official
document: 测速〔2023〕{code}号
from: 2023-01-01
published: 2023-01-01
source: "https://example.org/"
grade: C
"""
Rule = Callable[[random.Random], str]
RULES: Final[Sequence[Rule]] = (
    lambda rng: f"计数(机动车) <= {rng.randrange(3)}",
    lambda rng: f"每一(购置价 <= {rng.randrange(5, 20)} 万元 对 机动车 其中 车辆用途 不等于 disability)",
    lambda rng: f"合计(建筑面积 对 住房) / 家庭人口 <= {rng.randrange(30, 60)} 平方米/人",
    lambda rng: f"非 任一(市场主体 其中 正常经营 且 注册资本 > {rng.randrange(5, 50)} 万元)",
    lambda rng: f"计数(住房 其中 住房用途 不等于 business) <= {rng.randrange(1, 3)}",
    lambda rng: f"核算收入 / 家庭人口 < {rng.randrange(2, 5)} * 当地低保标准",
    lambda rng: f"每一(当前状况 不等于 in_custody 或 年龄段 < {rng.randrange(20, 70)} 岁 对 家庭成员)",
)


def counties(count: int) -> list[tuple[str, str]]:
    """So many counties, spread over the province, each with the overlay of its city."""
    library = open_policies().library
    cities = {str(one.header.jurisdiction): id for id, one in library.documents.items() if not one.is_root}
    (root,) = (one.header.id for one in library.roots())
    places = [place for place in library.territory(root) if place[:4] in cities]
    return [(place, cities[place[:4]]) for place in places[:: max(1, len(places) // count)][:count]]


def written(folder: Path, count: int, seed: int) -> list[str]:
    """The overlays, one file each; the counties that they are of."""
    found = counties(count)
    for number, (code, city) in enumerate(found):
        rng = random.Random(f"{seed}/{number}")
        lines = [
            'add:\n  terms:\n    age: {of: members, label: 年龄段, is: "周年数(出生日期, 申请日期)"}\n  requirements:\n'
        ]
        for at, rule in enumerate(rng.sample(RULES, rng.randrange(1, 4))):
            lines.append(
                f'    rule_{at}: {{label: 第{at + 1}条, cites: 第{at + 1}条, when: "{rule(rng)}", effect: narrower}}\n'
            )
        (folder / f"{code}.yaml").write_text("".join([HEAD.format(code=code, city=city), *lines]), encoding="utf-8")
    return [code for code, _ in found]


def households(codes: Sequence[str], rows: int = 10_000, seed: int = 7) -> pa.Table:
    """Families of these counties in turn."""
    table = shipped(block(0, seed), Maker("none", seed)).slice(0, rows)
    places = pa.array([codes[row % len(codes)] for row in range(rows)])
    return table.set_column(table.schema.get_field_index("county"), "county", places)
