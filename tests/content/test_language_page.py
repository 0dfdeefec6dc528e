"""The language page's example household: each expression of its table comes to what stands beside it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import engine
from tests.docs_tables import DOCS

_HEAD = """\
format: 1
policy: page
title: 例
document: 例〔2022〕1号
jurisdiction: "14"
from: 2022-01-01
confers: {id: aid, label: 救助}
territory: divisions.csv
"""
_TAIL = """\
causes:
  hardship: {label: 困难, conditions: {any: {label: 都算, when: 是, cites: 例}}}
outputs:
"""


def test_each_expression_comes_to_what_the_page_says(tmp_path: Path) -> None:
    page = (DOCS / "language.md").read_text(encoding="utf-8")
    part = page.partition("<!-- household -->")[2].partition("<!-- end -->")[0]
    (declared, given) = (text for _, text in re.findall(r"```(yaml|json)\n(.*?)```", part, re.DOTALL))
    rows = re.findall(r"^\| `(.+)` \| (.+) \|$", part, re.MULTILINE)
    assert len(rows) >= 18
    outputs = "".join(
        f"  o{place}: {{label: 第{place}行, is: '{text}', cites: 例}}\n" for place, (text, _) in enumerate(rows)
    )
    (tmp_path / "page.yaml").write_text(f"{_HEAD}\n{declared}\n{_TAIL}{outputs}", encoding="utf-8")
    (tmp_path / "divisions.csv").write_text(
        "code,name,city_code,city_name\n140105,小店区,1401,太原市\n", encoding="utf-8"
    )
    told: Any = engine.load(tmp_path).evaluate(json.loads(given)).to_dict()["outputs"]
    for place, (text, expected) in enumerate(rows):
        assert _said(told[f"o{place}"]) == expected, text


def _said(output: dict[str, Any]) -> str:
    value = str(output["value"])
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", value):
        value = format(Decimal(value).normalize(), "f")
    return f"{value} {output['unit'] or ''}".strip()
