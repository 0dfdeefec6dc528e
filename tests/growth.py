"""Policies of any size, one for each kind of element and of fault, and how many calls it takes to check one.

Used by `test_growth.py`, and by `bench/growth.py`, which draws cost against size.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import FrameType

from engine.api import Policies
from engine.diagnostics import Diagnostic, Reporter
from engine.errors import HouseholdError
from engine.policy.loader import read_library
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import run as run_cases

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


def _many(size: int, text: str) -> str:
    """A text in which each line with a `#` stands once for each number, which takes its place."""
    return "".join(_each(size, line) if "#" in line else line for line in text.splitlines(keepends=True))


def _kind(facts: str = "", before: str = "", conditions: str = "", after: str = "") -> Callable[[int], Files]:
    """A policy with so many of each line that has a `#`."""
    return lambda size: {
        "p.yaml": HEAD + _many(size, facts) + _many(size, before) + _TAIL + _many(size, conditions + after)
    }


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


def _regions(count: int, name: str = "县{n}") -> str:
    rows = "".join(f"81{n:04},{name.format(n=n)},,\n" for n in range(1, count + 1))
    return "code,name,city_code,city_name\n" + rows


def _unknown_places(size: int) -> Files:
    values = "".join(f"      平安弟{n}区: 5 元\n" for n in range(1, size + 1))
    parameter = f"parameters:\n  p:\n    label: 标准\n    unit: 元\n    by: [place]\n    values:\n{values}"
    return {"p.yaml": HEAD + parameter + _TAIL, "regions.csv": _regions(size, "平安第{n}县")}


_OVER = 'format: 1\noverlay: o\ntitle: 改\namends: growth\njurisdiction: "81"\nfrom: 2021-01-01\ndocument: 文\n'


def _overlay(change: str, before: str = "", conditions: str = "", local: str = "") -> Callable[[int], Files]:
    """A policy and an overlay of it, with so many of each line that has a `#`."""
    policy = _kind(before=before, conditions=conditions, after=f"local:\n{local}" if local else "")
    return lambda size: {**policy(size), "o.yaml": _OVER + _many(size, change)}


def _days(size: int, line: str) -> str:
    """The line for each of so many days, in the place of `@`; its number in that of `#`."""
    first = date(2020, 1, 1)
    return "".join(
        line.replace("#", str(n)).replace("@", (first + timedelta(n)).isoformat()) for n in range(1, size + 1)
    )


def _dated(size: int) -> Files:
    blocks = _days(size, "    - {from: @, published: @, value: # 元}\n")
    return {"p.yaml": f"{HEAD}parameters:\n  p:\n    label: 标准\n    unit: 元\n    dated:\n{blocks}{_TAIL}"}


def _same_days(size: int) -> Files:
    blocks = _each(size, "    - {from: 2021-01-01, published: 2021-01-01, value: # 元}\n")
    return {"p.yaml": f"{HEAD}parameters:\n  p:\n    label: 标准\n    unit: 元\n    dated:\n{blocks}{_TAIL}"}


def _tables(size: int) -> Files:
    kinds = "    kind: {label: 类, choice: {a: 甲, b: 乙}}\n"
    columns = "      columns: {区县: place, 甲: {kind: a, unit: 元}, 乙: {kind: b, unit: 元}}\n"
    blocks = _days(size, "    - from: @\n      published: @\n      table: t#.csv\n" + columns)
    parameter = f"parameters:\n  p:\n    label: 标准\n    unit: 元\n    by: [place, kind]\n    dated:\n{blocks}"
    rows = "".join(f"县{n},{n + 1},{n + 2}\n" for n in range(1, 11))
    tables = {f"t{n}.csv": f"区县,甲,乙\n{rows}" for n in range(1, size + 1)}
    return {"p.yaml": HEAD + kinds + parameter + _TAIL, "regions.csv": _regions(10), **tables}


def _rows(row: str, size: int) -> Files:
    """A table of so many rows, of as many counties."""
    columns = "columns: {区县: place, 标准: {unit: 元}}"
    parameter = f"parameters:\n  p: {{label: 标准, unit: 元, by: [place], table: t.csv, {columns}}}\n"
    return {
        "p.yaml": HEAD + parameter + _TAIL,
        "regions.csv": _regions(size),
        "t.csv": "区县,标准\n" + _each(size, row),
    }


def _options_by_places(size: int) -> Files:
    kinds = "    kind: {label: 类, choice: {" + ", ".join(f"a{n}: 甲{n}" for n in range(1, size + 1)) + "}}\n"
    inner = ", ".join(f"a{n}: {n}" for n in range(1, size + 1))
    values = "".join(f"      县{n}: {{{inner}}}\n" for n in range(1, 11))
    parameter = f"parameters:\n  p:\n    label: 标准\n    unit: 元\n    by: [place, kind]\n    values:\n{values}"
    return {"p.yaml": HEAD + kinds + parameter + _TAIL, "regions.csv": _regions(10)}


def _list_columns(size: int) -> Files:
    row = ", ".join(f"项{n}" for n in range(size))
    text = f"lists:\n  l: {{label: 名录, of: [{', '.join(['text'] * size)}], items: [[{row}]]}}\n"
    return {"p.yaml": HEAD + text + _TAIL}


_BASE = 'bases:\n  b: {household: {hid: "1", day: 2024-01-01, place: "810001", income: 100, rooms: 3}}\ntests:\n'


def _cases(line: str) -> Callable[[int], Files]:
    def files(size: int) -> Files:
        return {"p.yaml": HEAD + _TAIL, "cases.yaml": f"cases: growth\n{_BASE}{_each(size, line)}"}

    return files


def _households(household: Callable[[int], Mapping[str, object]], **policy: str) -> Callable[[int], Files]:
    """A policy, and one household to be decided by it."""

    def files(size: int) -> Files:
        given = {"hid": "1", "day": "2024-01-01", "place": "810001", "income": 100, "rooms": 3}
        return {**_kind(**policy)(size), "household.json": json.dumps({**given, **household(size)})}

    return files


def _evaluated(files: Callable[[int], Files], when: str) -> Callable[[int], Files]:
    """The policy of another kind, with a condition that uses it, and one household."""

    def more(size: int) -> Files:
        given = {"hid": "1", "day": "2024-01-01", "place": "810001", "income": 100, "rooms": 3}
        made = dict(files(size))
        made["p.yaml"] += f"      used: {{label: 用到, when: {when}}}\n"
        return {**made, "household.json": json.dumps(given)}

    return more


_ITEMS = """\
  people:
    label: 人员
    counted_in: 人
    optional: yes
    items:
      age: {label: 岁数, whole: 岁}
"""

ELEMENTS: Mapping[str, Callable[[int], Files]] = {
    "facts": _kind(facts="    f#: {label: 事实#, unit: 元}\n"),
    "collections": _kind(
        facts="  v#: {label: 物#, counted_in: 辆, optional: yes, items: {a#: {label: 价#, unit: 元}}}\n"
    ),
    "facts of an item": _kind(facts=_ITEMS + "      a#: {label: 价#, unit: 元}\n"),
    "options": _kind(facts="    kind:\n      label: 类\n      choice:\n        o#: 甲#\n"),
    "terms": _kind(before="terms:\n  t0: {label: 步, is: rooms}\n  t#: {label: 步#, is: rooms + #}\n"),
    "parts": _kind(before="terms:\n  t0:\n    label: 和\n    sum:\n      p#: rooms + #\n"),
    "parameters": _kind(before="parameters:\n  p#: {label: 标准#, unit: 元, value: #}\n"),
    "lists": _kind(
        before="lists:\n  l#: {label: 名录#, of: [text, text, text], items: [[甲, 乙, 丙], [丁, 戊, 己]]}\n"
    ),
    "readings": _kind(
        before="readings:\n  r#: {label: 读法#, question: 问#, cites: 一, chosen: a, options: {a: 甲#, b: 乙#}}\n"
    ),
    "assumptions": _kind(before="assumptions:\n  - {text: 说明#, cites: 一}\n"),
    "causes": _kind(conditions="  d#: {label: 原因#, conditions: {k: {label: 条件#, when: income > # 元/月}}}\n"),
    "conditions": _kind(conditions="      w#: {label: 条件#, when: income > # 元/月}\n"),
    "shared conditions": _kind(conditions="  d#: {label: 原因#, conditions: {k: {same_as: c1.k1}}}\n"),
    "requirements": _kind(after="requirements:\n  w#: {label: 要求#, when: income > # 元/月}\n"),
    "checks": _kind(after="checks:\n  w#: {severity: warning, require: income > # 元/月, message: 收入#}\n"),
    "outputs": _kind(after="outputs:\n  w#: {label: 输出#, is: income * #}\n"),
    "referrals": _kind(after="referrals:\n  w#: {label: 转办#, when: income > # 元/月}\n"),
    "overlays": _overlays,
    "additions": _overlay(
        change="add:\n  terms:\n    x#: {label: 甲#, is: rooms + #}\n", local="  add: {terms: any}\n"
    ),
    "replacements": _overlay(
        before="terms:\n  t#: {label: 步#, is: rooms + #}\n",
        change="replace:\n  terms:\n    t#: {is: previous + #}\n",
        local="  replace:\n    terms:\n      t#: any\n",
    ),
    "exemptions": _overlay(
        conditions="      w#: {label: 条件#, when: income > # 元/月}\n",
        change="exempt:\n  c1.w#: {label: 宽免#, when: rooms > # 间, effect: wider}\n",
        local="  add:\n    exemptions:\n      effect: wider\n      to:\n        - c1.w#\n",
    ),
    "dated values": _dated,
    "tables": _tables,
    "rows": lambda size: _rows("县#,5\n", size),
    "places by options": _table,
    "options by places": _options_by_places,
    "ranges": _ranges,
    "list items": _list,
    "list columns": _list_columns,
    "cases": _cases("  t#: {why: w#, base: b, change: {income: #}, expect: {outcome: eligible}}\n"),
    "ranges of a household": _evaluated(_ranges, "p > 1 元"),
}
FAULTS: Mapping[str, Callable[[int], Files]] = {
    "unknown names": _kind(before="terms:\n  step#_name: {label: 步#, is: step#_nmae + 1}\n"),
    "unknown places": _unknown_places,
    "unknown keys": _kind(facts="    f#: {label: 事实#, unti: 元}\n"),
    "unknown keys in one place": _kind(before="section#: 5\n"),
    "unknown units": _kind(facts="    f#: {label: 事实#, unit: 圆}\n"),
    "unknown options": _kind(
        facts="    kind:\n      label: 类\n      choice:\n        option#: 甲#\n",
        conditions="      w#: {label: 条件#, when: kind = opiton#}\n",
    ),
    "unknown conditions": _kind(conditions="      w#: {label: 条件#, when: c1.wv#}\n"),
    "unknown collections": _kind(before="terms:\n  t#: {of: peple#, label: 步#, is: rooms + #}\n"),
    "unknown functions": _kind(before="terms:\n  t#: {label: 步#, is: summ#(rooms)}\n"),
    "wrong units": _kind(conditions="      w#: {label: 条件#, when: income > # 间}\n"),
    "circles": _kind(before="terms:\n  t#: {label: 步#, is: t# + 1}\n"),
    "one circle": lambda size: _circle(size),
    "one label": _kind(before="terms:\n  t#: {label: 步, is: rooms + #}\n"),
    "one key": _kind(before="terms:\n  t: {label: 步#, is: rooms + #}\n"),
    "repeated conditions": _kind(conditions="      w#: {label: 条件#, when: income > 5 元/月}\n"),
    "faulty expressions": _kind(before="terms:\n  t#: {label: 步#, is: rooms + }\n"),
    "wide colons": _kind(before="terms:\n  t#: {label： 步#, is: rooms}\n"),
    "tabs": _kind(before="terms:\n  t#: {label:\t步#, is: rooms}\n"),
    "missing blanks": _kind(before="terms:\n  t#: {label:步#, is: rooms}\n"),
    "missing labels": _kind(before="terms:\n  t#: {is: rooms}\n"),
    "faulty days": _kind(facts="    f#: {label: 事实#, unit: 元, from: 2021-13-#}\n"),
    "faulty ids": _kind(before="terms:\n  步#: {label: 步#, is: rooms}\n"),
    "one range": lambda size: _overlapping(size),
    "one day": _same_days,
    "unknown rows": lambda size: _rows("现#,5\n", size),
    "faulty amounts": lambda size: _rows("县#,五#\n", size),
    "one row": lambda size: _rows("县1,#\n", size),
    "not open": _overlay(
        before="terms:\n  t#: {label: 步#, is: rooms + #}\n", change="replace:\n  terms:\n    t#: {is: previous + #}\n"
    ),
    "unknown targets": _overlay(
        before="terms:\n  step#_name: {label: 步#, is: rooms + #}\n",
        change="replace:\n  terms:\n    step#_nmae: {is: previous + #}\n",
    ),
    "unknown values": _overlay(
        before="parameters:\n  level#_name: {label: 标准#, unit: 元, value: #}\n", change="set:\n  level#_nmae: 5 元\n"
    ),
    "unknown exemptions": _overlay(change="exempt:\n  c1.k1#: {label: 宽免#, when: rooms > 5 间}\n"),
    "names of other days": _kind(
        before="terms:\n  t#: {label: 步#, is: rooms + #, from: 2022-01-01}\n  u#: {label: 用#, is: t# + 1 间}\n"
    ),
    "failing cases": _cases("  t#: {why: w#, base: b, change: {rooms: #}, expect: {outcome: ineligible}}\n"),
    "unknown facts of cases": _cases("  t#: {why: w#, base: b, change: {incme#: 5}, expect: {outcome: eligible}}\n"),
    "unknown expectations": _cases("  t#: {why: w#, base: b, expect: {causes: {d#: met}}}\n"),
    "unknown bases": _cases("  t#: {why: w#, base: bb#, expect: {outcome: eligible}}\n"),
    "unknown household fields": _households(lambda size: {f"incmoe{n}": 5 for n in range(size)}),
    "unknown fields of members": _households(lambda size: {"people": [{"aeg": n} for n in range(size)]}, facts=_ITEMS),
    "unknown options of members": _households(
        lambda size: {"people": [{"kind": f"option{n}x"} for n in range(size)]},
        facts=_ITEMS + "      kind:\n        label: 类\n        choice:\n          option#: 甲#\n",
    ),
}
KINDS: Mapping[str, Callable[[int], Files]] = {**ELEMENTS, **FAULTS}


def _circle(size: int) -> Files:
    steps = "".join(f"  t{n}: {{label: 步{n}, is: t{n % size + 1} + 1}}\n" for n in range(1, size + 1))
    return {"p.yaml": f"{HEAD}terms:\n{steps}{_TAIL}"}


def _overlapping(size: int) -> Files:
    values = ", ".join(f"{n}..: {n} 元" for n in range(size))
    return {"p.yaml": f"{HEAD}parameters:\n  p: {{label: 标准, unit: 元, by: [rooms], values: {{{values}}}}}\n{_TAIL}"}


def folder_of(home: Path, kind: str, size: int) -> Path:
    home.mkdir(parents=True)
    files = {"regions.csv": "code,name,city_code,city_name\n810001,一县,,\n", **KINDS[kind](size)}
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def check(folder: Path) -> list[Diagnostic]:
    """Everything there is to do with what the folder holds, and what was found."""
    policies = Policies(read_library([folder]))
    report = policies.slices.check_all(None, hygiene=True)
    found = list(report)
    if (folder / "cases.yaml").exists():
        suite = read_suite([folder], policies.slices)
        found += suite.diagnostics
        for result in run_cases(suite, policies, Selection(), Reporter()):
            found += result.faults
    if (folder / "household.json").exists():
        try:
            policies.evaluate((folder / "household.json").read_bytes())
        except HouseholdError as refused:
            found += refused.diagnostics
    return found


def calls_of(folder: Path) -> int:
    """How many calls that takes."""
    return calls_in(lambda: check(folder))


def calls_in(run: Callable[[], object]) -> int:
    """How many calls something takes, of Python's functions and of those built in: the same on every run."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(before)
    return calls
