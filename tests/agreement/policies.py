"""Policies drawn at random, as the YAML that an author would write.

In: a seed.  Out: the files of a root policy, and of a city's overlay now and then. The expressions are typed, with
units, so that most of what is drawn is sound; what the checker refuses is drawn again.
Over this small world: amounts, yearly sums, numbers, counts, truths, options, days, texts, sets and references, of the
household and of two collections; values by place, option, count and ranges of amounts, dated; lists; readings.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Final

from engine.api import Policies, open_policies
from tests.agreement.expressions import DAYS, Names, expression, some_options, yuan

DIVISIONS: Final = """\
code,name,city_code,city_name
140105,小店区,140100,太原市
140106,迎泽区,140100,太原市
140921,定襄县,140900,忻州市
"""
MOST_TRIES: Final = 200

ROOT: Final = Template("""\
format: 1
policy: drawn
title: 随机
document: 测〔2021〕1号
issuer: 测试
jurisdiction: "14"
from: 2021-01-01
published: 2021-01-01
territory: divisions.csv
$leap
$confers
facts:
  household:
    id: {label: 编号, text: yes, required: yes, role: identity}
    filed: {label: 申请日期, date: yes, required: yes, role: as_of}
    here: {label: 县, place: yes, required: yes, role: place}
    a0: {label: 甲, unit: 元$bounds}
    a1: {label: 乙, unit: 元, default: $yuan}
    a2: {label: 丙, unit: 元, $wide}
    r0: {label: 年入, unit: 元, over: 12 月}
    r1: {label: 月入, unit: 元, over: 1 月$bounds}
    n0: {label: 系数, number: yes, at_most: $most}
    w0: {label: 级, whole: yes$levels}
    c0: {label: 人数, whole: 人}
    t0: {label: 是非甲, yes_no: yes}
    t1: {label: 是非乙, yes_no: yes, default: no}
    t2: {label: 是非丙, yes_no: yes, optional: yes}
    k0: {label: 类甲, choice: {low: 低, middle: 中, high: 高}}
    k1: {label: 类乙, choice: {low: 低, middle: 中, high: 高}}
    d0: {label: 日甲, date: yes}
    d1: {label: 日乙, date: yes, at_least: 1950-01-01, at_most: 2030-12-31}
    x0: {label: 文, text: yes}
    s0: {label: 若干, several: {dibao: 低保, tekun: 特困, temporary: 临时}}
    who: {label: 谁, $refers, optional: yes}
  members:
    label: 成员
    counted_in: 人
    at_least: 1
    required: yes
    items:
      id: {label: 成员编号, text: yes, required: yes, role: identity}
      ma: {label: 成甲, unit: 元, default: 1$bounds}
      mr: {label: 成入, unit: 元, over: 12 月}
      mt: {label: 成是, yes_no: yes}
      mu: {label: 成非, yes_no: yes, default: no}
      mk: {label: 成类, choice: {low: 低, middle: 中, high: 高}, default: low}
      md: {label: 成日, date: yes}
      mn: {label: 成数, number: yes, at_most: 2}
      mw: {label: 成谁, $refers, optional: yes}
$things
lists:
  l0: {label: 目录甲, of: [k0], items: [$options]}
  l1:
    label: 目录乙
    of: [x0]
    dated: [{from: 2021-01-01, until: 2023-06-30, items: [t0, t1]}, {from: 2023-07-01, items: [t1]}]
  l2: {label: 目录丙, of: [k0, k1], items: [[low, low], [low, high], [middle, high]]}
  l3: {label: 目录丁, of: [s0], items: [dibao, tekun]}
parameters:
  p0: {label: 额, unit: 元, by: [k0], ${capped}values: {low: $yuan, middle: $yuan$high}}
  p1: {label: 数, number: yes, dated: [{from: 2021-01-01, value: $rate}, {from: 2024-01-01, value: 0.75}]}
  p2:
    label: 标准
    unit: 元/人/月
    by: [here, k0]
    values: {"140105": {low: $yuan, middle: $yuan}, "140106": {low: $yuan, middle: $yuan}}
  p3: {label: 级额, unit: 元, by: [w0], values: {1..2: $yuan, 3: $yuan, 4..: $yuan}}
  p4: {label: 费率, number: yes, marginal: yes, by: [a0], values: {0..$middle: 10%, over $middle: $share}}
  p5:
    label: 档额
    unit: 元
    by: [k1, a1]
    values: {low: {0..$middle: $yuan, over $middle: $yuan}, high: {0..100: 1, over 100: 2}}
  p6: {label: 成额, unit: 元, by: [members.mk], values: {low: 0, middle: $yuan, high: $yuan}}
  p7: {label: 户额, unit: 元/月, by: [size], values: {1: $yuan, 2..3: $yuan, 4..: $yuan}}
  p8: {label: 类额, unit: 元, by: [grade], values: {low: $yuan, high: $yuan}}
  p9: {label: 人头费, unit: 元/人, marginal: yes, by: [c0], values: {1..2: $yuan, 3..: $yuan}}
readings:
  m0: {label: 读法, question: 从宽还是从严, chosen: wide, options: {wide: 从宽, strict: 从严}}
$rules
local:
  set: {p0: any, p2: any, m0: any}
$opened
""")

THINGS: Final = Template("""\
  things:
    label: 物
    counted_in: 辆
    $some
    items:
      ta: {label: 物价, unit: 元}
      tt: {label: 物是, yes_no: yes}
      tk: {label: 物类, choice: {low: 低, middle: 中, high: 高}}
      td: {label: 物日, date: yes, optional: yes}
      tw: {label: 物主, $refers, optional: yes}
""")

CITY: Final = Template("""\
format: 1
overlay: city
amends: drawn
title: 市
jurisdiction: "1401"
status: official
document: 测〔2023〕2号
from: $day
published: $day
source: "https://example.org/"
grade: A
set:
  p2:
    - {from: $day, values: {"140105": {low: $yuan, middle: $yuan, high: $yuan}}}
$changes
""")


def drawn_policies(seed: object, folder: Path) -> Policies:
    """A sound policy set, drawn until there is one."""
    for attempt in range(MOST_TRIES):
        files = _Author(random.Random(f"{seed}/{attempt}")).files()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        policies = open_policies(folder)
        if not policies.slices.check_all(None).has_errors:
            return policies
        for name in files:
            (folder / name).unlink()
    raise AssertionError(f"no sound policy in {MOST_TRIES} tries from {seed!r}")


def written_policies(rules: Sequence[str], folder: Path) -> Policies:
    """A policy over the same world whose rules are given, line by line."""
    fields = {
        "confers": "",
        "refers": REFERRING[0],
        "things": "",
        "options": "low, high",
        "middle": "100",
        "opened": "",
    }
    text = ROOT.substitute(_Fields(random.Random(0), {**fields, "rules": "\n".join([*KEYS, *rules])}))
    (folder / "divisions.csv").write_text(DIVISIONS, encoding="utf-8")
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    policies = open_policies(folder)
    report = policies.slices.check_all(None)
    assert not report.has_errors, report.diagnostics
    return policies


class _Author:
    """Writes one policy set."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.names = Names(("members", "things") if rng.random() < 0.7 else ("members",))

    def files(self) -> dict[str, str]:
        found = {"divisions.csv": DIVISIONS, "policy.yaml": self._root()}
        if self.rng.random() < 0.4:
            changes = "\n".join(self._changes()) if self.names.causes else ""
            found["city.yaml"] = CITY.substitute(_Fields(self.rng, {"day": self.rng.choice(DAYS), "changes": changes}))
        return found

    def _root(self) -> str:
        of_figures, things = self.rng.random() < 0.1, "things" in self.names.collections
        refers = self.rng.choice(REFERRING)
        fields = _Fields(
            self.rng,
            {
                "confers": "" if of_figures else "confers: {id: aid, label: 纳入}",
                "refers": refers,
                "things": THINGS.substitute(_Fields(self.rng, {"refers": refers})) if things else "",
                "options": ", ".join(some_options(self.rng)),
                "middle": str(self.rng.randrange(50, 5000)),
                "rules": "\n".join(self._rules(of_figures=of_figures)),
                "opened": "" if of_figures else OPENED,
            },
        )
        return ROOT.substitute(fields)

    # ---- rules

    def _rules(self, *, of_figures: bool) -> list[str]:
        lines = [*self._terms(), *self._checks()]
        if not of_figures:
            lines += [*self._causes(), *self._requirements()]
            if self.rng.random() < 0.5:
                lines += ["referrals:", f"  f0: {{label: 转办, when: {self._quoted('truth', 2)}}}"]
        return [*lines, *self._outputs(at_least=1 if of_figures else 0)]

    def _changes(self) -> list[str]:
        """What the city adds: a requirement, an exemption from a condition."""
        lines = []
        if self.rng.random() < 0.6:
            lines += ["add:", "  requirements:", f"    r9: {{label: 市, when: {self._quoted('truth', 2)}}}"]
        if self.rng.random() < 0.6:
            rule = self._quoted("truth", 2)
            lines += ["exempt:", f"  {self.names.causes[0]}.y0: {{label: 免, when: {rule}}}"]
        return lines

    def _terms(self) -> list[str]:
        grade = f"if {expression(self.rng, Names(('members',)), 'truth', 1)} then low else high"
        parts = ", ".join(f"q{at}: {self._quoted('amount', 1)}" for at in range(2))
        lines = [
            "terms:",
            "  size: {label: 家庭人口, is: count(members)}",
            f'  grade: {{label: 档次, choice: {{low: 低, high: 高}}, is: "{grade}"}}',
            f"  parted: {{label: 合计额, {self.rng.choice(('sum', 'max', 'min'))}: {{{parts}}}}}",
            f'  joined: {{of: members, label: 相比, is: "{self.rng.choice(JOINS)}"}}',
        ]
        self.names.terms["", "amount"] = ["parted"]
        self.names.terms["members", "truth"] = ["(joined > 0)"]
        for number in range(self.rng.randrange(2, 9)):
            collection = self.rng.choice(("", "", *self.names.collections))
            kinds = ("amount", "amount", "truth", "truth", "number")
            kind = self.rng.choice(kinds if collection else (*kinds, "rate", "day", "standard"))
            lines.append(
                f"  z{number}: {{{_of(collection)}label: 步{number}, is: {self._quoted(kind, 3, collection)}}}"
            )
            self.names.terms.setdefault((collection, kind), []).append(f"z{number}")
        return lines

    def _checks(self) -> list[str]:
        if self.rng.random() < 0.6:
            return []
        collection, severity = self.rng.choice(("", "members")), self.rng.choice(("error", "warning"))
        rule = expression(self.rng, self.names, "truth", 1, collection)
        rule = f"a0 > 5 元 or {rule}" if severity == "error" else rule
        return ["checks:", f'  v0: {{{_of(collection)}severity: {severity}, require: "{rule}", message: 不对}}']

    def _causes(self) -> list[str]:
        lines = ["causes:"]
        for number in range(self.rng.randrange(1, 4)):
            conditions = self._conditions("      ", self.rng.randrange(1, 4))
            lines += [f"  u{number}:\n    label: 原因{number}\n    conditions:", *conditions]
            self.names.causes.append(f"u{number}")
        return lines

    def _requirements(self) -> list[str]:
        count = self.rng.randrange(3)
        return ["requirements:", *self._conditions("  ", count)] if count else ["requirements: {}"]

    def _conditions(self, margin: str, count: int) -> list[str]:
        words = [self.rng.choice(("when", "when", "when", "unless")) for _ in range(count)]
        return [
            f"{margin}y{at}: {{label: 条件{at}, {word}: {self._quoted('truth', 3)}}}" for at, word in enumerate(words)
        ]

    def _outputs(self, at_least: int) -> list[str]:
        lines = []
        for number in range(self.rng.randrange(at_least, 5)):
            collection = self.rng.choice(("", "", "members"))
            kinds = ("amount", "rate", "truth", "number")
            kind = self.rng.choice(kinds if collection else (*kinds, "day", "standard", "option"))
            lines.append(
                f"  o{number}: {{{_of(collection)}label: 数{number}, is: {self._quoted(kind, 3, collection)}}}"
            )
        return ["outputs:", *lines] if lines else []

    def _quoted(self, kind: str, depth: int, collection: str = "") -> str:
        return f'"{expression(self.rng, self.names, kind, depth, collection)}"'


def _of(collection: str) -> str:
    return f"of: {collection}, " if collection else ""


class _Fields(dict[str, str]):
    """Fields of a template: those that are given, and others drawn each time they are asked for."""

    def __init__(self, rng: random.Random, given: dict[str, str] | None = None) -> None:
        super().__init__(given or {})
        self._rng = rng

    def __missing__(self, name: str) -> str:
        if name == "yuan":
            return yuan(self._rng)
        return self._rng.choice(CHOICES[name])


KEYS: Final = (
    "terms:",
    "  size: {label: 家庭人口, is: count(members)}",
    '  grade: {label: 档次, choice: {low: 低, high: 高}, is: "if t0 then low else high"}',
)
"""terms by which parameters are looked up"""
REFERRING: Final = ("refers_to: members", "text: yes")
"""a text may be somebody's id too"""
OPENED: Final = "  add: {requirements: any, exemptions: {to: [u0.y0], effect: any}}"
JOINS: Final = (
    "count(members where ma < self.ma)",
    "count(members where mk = self.mk and mt)",
    "count(members where mw = self.id)",
    "how_many(any(members where md < self.md and not mu), ma > 5 元)",
)
CHOICES: Final = {
    "leap": ("", 'leap_day: "03-01"'),
    "bounds": ("", "", ", at_most: 1000", ", at_most: 100000", ", at_least: 1"),
    "wide": ("at_least: 1", "at_least: -50000", "decimals: 4, at_most: 1000", "at_most: 500000000000"),
    "most": ("1", "3", "50"),
    "levels": ("", ", at_least: 1, at_most: 4"),
    "capped": ("", "at_most: 20000, "),
    "high": ("", ", high: 30"),
    "rate": ("0.5", "60%", "2"),
    "share": ("0", "25%", "1"),
    "some": ("optional: yes", "at_least: 0", "at_least: 1"),
}
