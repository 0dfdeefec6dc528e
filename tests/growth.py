"""Policies of any size, one for each kind of element and of fault, and how many calls it takes to check one.

Used by `test_growth.py`, and by `bench/growth.py`, which draws cost against size.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import FrameType

from engine.policy.loader import read_library
from engine.policy.slices import Slices

HEAD = """\
format: 1
policy: growth
title: 大小
jurisdiction: "81"
from: 2020-01-01
document: 文
confers: {id: aid, label: 发放}
territory: regions.csv
facts:
  household:
    hid: {label: 编号, text: yes, required: yes, role: identity}
    day: {label: 申请日期, date: yes, required: yes, role: as_of}
    place: {label: 地区, place: yes, required: yes, role: place}
    income: {label: 收入, unit: 元, over: 12 月}
    rooms: {label: 房间, whole: 间}
"""
_TAIL = """\
causes:
  c1:
    label: 原因
    conditions:
      k1: {label: 条件, when: income > 5 元/月}
"""
Files = Mapping[str, str]


def _each(size: int, line: str) -> str:
    return "".join(line.replace("#", str(number)) for number in range(1, size + 1))


def _kind(facts: str = "", before: str = "", conditions: str = "", after: str = "") -> Callable[[int], Files]:
    """A policy in which each line stands once for each number, which takes the place of `#`; what ends in `:` once."""

    def files(size: int) -> Files:
        def many(text: str) -> str:
            return "".join(
                line if line.rstrip().endswith(":") else _each(size, line) for line in text.splitlines(keepends=True)
            )

        return {"p.yaml": HEAD + many(facts) + many(before) + _TAIL + many(conditions) + many(after)}

    return files


def _overlays(size: int) -> Files:
    place = 'format: 1\noverlay: o{n}\ntitle: 县\namends: growth\njurisdiction: "81{n:04}"\nfrom: 2020-01-01\n'
    added = "document: 文\nadd:\n  terms:\n    x{n}: {{label: 甲{n}, is: rooms + 1}}\n"
    overlays = {f"o{n}.yaml": (place + added).format(n=n) for n in range(1, size + 1)}
    regions = "code,name,city_code,city_name\n" + "".join(f"81{n:04},县{n},,\n" for n in range(1, size + 1))
    return {"p.yaml": HEAD + _TAIL + "local:\n  add: {terms: any}\n", "regions.csv": regions, **overlays}


def _table(size: int) -> Files:
    regions = "code,name,city_code,city_name\n" + "".join(f"81{n:04},县{n},,\n" for n in range(1, size + 1))
    kinds = "    kind: {label: 类, choice: {a: 甲, b: 乙, c: 丙, d: 丁}}\n"
    values = "".join(f"      县{n}: {{a: 5, b: 5, c: 5, d: 5}}\n" for n in range(1, size + 1))
    parameter = "parameters:\n  p:\n    label: 标准\n    unit: 元\n    by: [place, kind]\n"
    dated = f"{parameter}    dated:\n    - from: 2020-01-01\n      values:\n" + values.replace("      县", "        县")
    return {"p.yaml": HEAD + kinds + dated + _TAIL, "regions.csv": regions}


def _ranges(size: int) -> Files:
    values = ", ".join(f"{n}: {n} 元" for n in range(1, size)) + f", {size}..: 5 元"
    return {"p.yaml": f"{HEAD}parameters:\n  p: {{label: 标准, unit: 元, by: [rooms], values: {{{values}}}}}\n{_TAIL}"}


def _list(size: int) -> Files:
    items = ", ".join(f"项{n}" for n in range(size))
    return {"p.yaml": f"{HEAD}lists:\n  l: {{label: 名录, of: [text], items: [{items}]}}\n{_TAIL}"}


def _unknown_places(size: int) -> Files:
    regions = "code,name,city_code,city_name\n" + "".join(f"81{n:04},平安第{n}县,,\n" for n in range(1, size + 1))
    values = "".join(f"      平安弟{n}区: 5 元\n" for n in range(1, size + 1))
    parameter = f"parameters:\n  p:\n    label: 标准\n    unit: 元\n    by: [place]\n    values:\n{values}"
    return {"p.yaml": HEAD + parameter + _TAIL, "regions.csv": regions}


KINDS: Mapping[str, Callable[[int], Files]] = {
    "facts": _kind(facts="    f#: {label: 事实#, unit: 元}\n"),
    "options": _kind(facts="    kind:\n      label: 类\n      choice:\n        o#: 甲#\n"),
    "terms": _kind(before="terms:\n  t0: {label: 步, is: rooms}\n  t#: {label: 步#, is: rooms + #}\n"),
    "conditions": _kind(conditions="      w#: {label: 条件#, when: income > # 元/月}\n"),
    "checks": _kind(after="checks:\n  w#: {severity: warning, require: income > # 元/月, message: 收入#}\n"),
    "outputs": _kind(after="outputs:\n  w#: {label: 输出#, is: income * #}\n"),
    "referrals": _kind(after="referrals:\n  w#: {label: 转办#, when: income > # 元/月}\n"),
    "overlays": _overlays,
    "places by options": _table,
    "ranges": _ranges,
    "list items": _list,
    "unknown names": _kind(before="terms:\n  step#_name: {label: 步#, is: step#_nmae + 1}\n"),
    "unknown places": _unknown_places,
    "repeated conditions": _kind(conditions="      w#: {label: 条件#, when: income > 5 元/月}\n"),
    "faulty expressions": _kind(before="terms:\n  t#: {label: 步#, is: rooms + }\n"),
}


def folder_of(home: Path, kind: str, size: int) -> Path:
    home.mkdir(parents=True)
    files = {"regions.csv": "code,name,city_code,city_name\n810001,一县,,\n", **KINDS[kind](size)}
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def calls_of(folder: Path) -> int:
    """How many calls of Python functions it takes to check a folder, with hygiene: the same on every run."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        Slices(read_library([folder])).check_all(None, hygiene=True)
    finally:
        sys.setprofile(before)
    return calls
