"""How big the formula is, and how long the solver takes, by household size and by the number of causes.

    python bench/proof.py [--sizes 1 2 4 8 12] [--causes 1 2 4 8 16] [--svg docs/proof.svg]

By size: the province against `demo_city` of `examples/overlay`, the outcome in both directions, of all days whose rules
are one. By causes: a policy made with as many causes, each with a bill of every member, against one in which half of
them ask for more, for eight members. Seconds are of the processor. Prints a table; `--svg` draws it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.screening.__main__ import drawn  # noqa: E402 - the checkout, not an installed copy
from engine.api import load, open_policies  # noqa: E402
from engine.cli.compare import line_of  # noqa: E402
from engine.proof.groups import groups, sizes_of  # noqa: E402
from engine.proof.inquiry import WORK  # noqa: E402
from engine.proof.meanings import Meanings  # noqa: E402
from engine.proof.question import DIRECTIONS, Question, goals_of  # noqa: E402
from engine.proof.sides import Pairing, Side  # noqa: E402
from engine.proof.terms import Bit  # noqa: E402

Measured = tuple[int, float, float]
MEMBERS = 8

HEAD = """\
format: 1
policy: p
title: 办法
document: 测〔2024〕1号
jurisdiction: "90"
from: 2020-01-01
published: 2019-12-01
confers: {id: aided, label: 认定}
territory: places.csv
facts:
  household:
    id: {label: 编号, text: yes, required: yes, role: identity}
    day: {label: 申请日期, date: yes, required: yes, role: as_of}
    county: {label: 区划, place: yes, required: yes, role: place}
    income: {label: 收入, unit: 元, over: 12 月}
  members:
    label: 成员
    counted_in: 人
    at_least: 1
    required: yes
    items:
      id: {label: 成员编号, text: yes, required: yes, role: identity}
"""


def made(folder: Path, causes: int, *, stricter: bool) -> Side:
    """A policy of so many causes."""
    bills = "".join(f"      bill_{at}: {{label: 费{at}, unit: 元, over: 12 月, default: 0}}\n" for at in range(causes))
    rules = "".join(
        f"  cause_{at}:\n    label: 原因{at}\n    cites: 第二条\n    conditions:\n"
        f"      low: {{label: 低, when: (income - sum(bill_{at} for members)) / count(members) < {5000 + at} 元/人/年, "
        f"cites: 第二条}}\n"
        f"      paid: {{label: 费, when: any(bill_{at} > {100 if at % 2 or not stricter else 200} 元/年 for members), "
        f"cites: 第二条}}\n"
        for at in range(causes)
    )
    folder.mkdir()
    (folder / "places.csv").write_text("code,name,city_code,city_name\n900101,县,9001,市\n", encoding="utf-8")
    (folder / "p.yaml").write_text(f"{HEAD}{bills}causes:\n{rules}", encoding="utf-8")
    policies = open_policies(folder)
    found = policies.slices.check_all(None)
    if found.has_errors:
        raise SystemExit("\n".join(str(one) for one in found))
    return Side(folder.name, policies.slices, ("900101",), lambda _: ("p",))


def terms_of(question: Question, bits: Iterable[Bit]) -> int:
    """How many terms the solver holds and is asked about, each once."""
    asked = [bit for bit in bits if not isinstance(bit, bool)]
    waiting, seen = [*question.solver.assertions(), *asked], set[int]()
    while waiting:
        node = waiting.pop()
        if node.get_id() not in seen:
            seen.add(node.get_id())
            waiting.extend(node.children())
    return len(seen)


def measured(one: Side, other: Side, places: Iterable[str], members: int) -> Measured:
    """The terms, the seconds to make them, those of the solver: of the outcome in both directions, the latest group."""
    group = groups(Pairing(one, other).cases(places))[0]
    sizes = next(size for size in sizes_of(group.programs, members, 3) if size["members"][1] == members)
    began = time.process_time()
    question = Question(group, sizes, Meanings(group.cases[0], group.free), 100 * WORK)
    goal = next(iter(goals_of(group.programs)))
    bits = [question.differs(goal, way) for way in DIRECTIONS]
    ready = time.process_time()
    for bit in bits:
        question.ask(bit)
    return terms_of(question, bits), ready - began, time.process_time() - ready


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[1, 2, 4, 8, 12])
    parser.add_argument("--causes", nargs="+", type=int, default=[1, 2, 4, 8, 16])
    parser.add_argument("--svg", type=Path)
    asked = parser.parse_args()
    policies = load([ROOT / "policies", ROOT / "examples" / "overlay"])
    one, other = (line_of(name, policies) for name in ("shanxi_2022_60", "demo_city"))
    found: dict[str, dict[int, Measured]] = {"members": {}, "causes": {}}
    for size in asked.sizes:
        found["members"][size] = measured(one, other, other.places, size)
    with tempfile.TemporaryDirectory() as home:
        for count in asked.causes:
            sides = [
                made(Path(home) / f"{count}{name}", count, stricter=stricter)
                for name, stricter in (("a", False), ("b", True))
            ]
            found["causes"][count] = measured(sides[0], sides[1], sides[0].places, MEMBERS)
    print("| | | terms | to make them, ms | solver, ms |\n| --- | ---: | ---: | ---: | ---: |")
    for kind, line in found.items():
        for at, (terms, making, solving) in line.items():
            print(f"| {kind} | {at} | {terms:,} | {1000 * making:.0f} | {1000 * solving:.0f} |")
    if asked.svg:
        lines = {
            f"{what}: {kind}": {at: of(told) for at, told in line.items()}
            for kind, line in found.items()
            for what, of in (
                ("terms", lambda told: told[0]),
                ("making, ms", lambda told: 1000 * told[1]),
                ("solver, ms", lambda told: 1000 * told[2]),
            )
        }
        asked.svg.write_text(drawn(lines, "members of the household, or causes of the policy", "terms, or ms"), "utf-8")


if __name__ == "__main__":
    main()
