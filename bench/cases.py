"""How fast policy cases run, as ratios against deciding as many households one by one in the same run.

    python bench/cases.py [--cases 300] [--rounds 7] [--mutate]

Prints medians with least and greatest over interleaved rounds, in processor time (user and system). Three hundred cases
of the province, made from those shipped, are run as whole processes (`doudi test`, from start to end, each case on the
province and again on every city's policy), without coverage; beside that the suite as shipped. The yardstick is a
process that loads the policies and decides the same number of households. Read the ratio column: rates alone drift with
whatever else the machine does.
Standard library and the package only.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.api import open_policies  # noqa: E402 - the checkout, not an installed copy
from engine.diagnostics import Reporter  # noqa: E402
from engine.evaluation.json_text import NumberText  # noqa: E402
from engine.resources import policies_root  # noqa: E402
from engine.testing.model import Case  # noqa: E402
from engine.testing.plan import Selection  # noqa: E402
from engine.testing.read import read_suite  # noqa: E402
from engine.testing.run import run  # noqa: E402

YARDSTICK = """\
import sys, engine
policies = engine.load()
for line in open(sys.argv[1], encoding="utf-8"):
    try:
        policies.evaluate(line).to_dict()
    except engine.HouseholdError:
        pass
"""


def shipped() -> list[tuple[Case, str]]:
    """The cases that run again on every city's policy, each with its outcome."""
    policies = open_policies()
    suite = read_suite([policies_root()], policies.slices)
    (root,) = (held.header.id for held in policies.library.roots())
    found = run(suite, policies, Selection((), root), Reporter())
    return [(one.case, str(one.decision.outcome)) for one in found if one.case.portable and one.decision is not None]


def as_json(household: object) -> str:
    return json.dumps(
        household, ensure_ascii=False, default=lambda one: one.text if isinstance(one, NumberText) else ""
    )


def case_text(place: int, case: Case, outcome: str) -> str:
    """A case written out, with its household and the values it fixes."""
    given = {one.id: one.value or "unknown" for one in case.given}
    return (
        f"  case_{place}:\n    why: {json.dumps(case.why, ensure_ascii=False)}\n"
        f"    household: {as_json(case.household)}\n    given: {json.dumps(given, ensure_ascii=False)}\n"
        f"    expect: {{no_warnings: [draft-policy], outcome: {outcome}}}\n"
    )


def processor_time(arguments: list[str]) -> float:
    """Seconds of user and system time that a process takes; it must succeed."""
    before = os.times()
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)
    after = os.times()
    if done.returncode != 0:
        raise SystemExit(f"{arguments} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return after.children_user - before.children_user + after.children_system - before.children_system


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--mutate", action="store_true", help="also the whole mutation run, which takes longest")
    asked = parser.parse_args()
    found = shipped()
    cases = [found[place % len(found)] for place in range(asked.cases)]
    with tempfile.TemporaryDirectory() as folder:
        made, lines = Path(folder) / "cases.yaml", Path(folder) / "households.ndjson"
        texts = [case_text(place, case, outcome) for place, (case, outcome) in enumerate(cases)]
        made.write_text("cases: shanxi_2022_60\ntests:\n" + "".join(texts), encoding="utf-8")
        lines.write_text("".join(as_json(case.household) + "\n" for case, _ in cases), encoding="utf-8")
        measured: dict[str, Callable[[], float]] = {
            f"{len(cases)} households, one by one": lambda: processor_time(["-c", YARDSTICK, str(lines)]),
            f"doudi test, {len(cases)} cases": lambda: processor_time(["-m", "engine", "test", str(made)]),
            "doudi test, as shipped": lambda: processor_time(["-m", "engine", "test"]),
            "doudi test --coverage, as shipped": lambda: processor_time(["-m", "engine", "test", "--coverage"]),
        }
        if asked.mutate:
            measured["doudi mutate, as shipped"] = lambda: processor_time(["-m", "engine", "mutate"])
        seconds: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(asked.rounds):
            for name, measure in measured.items():
                seconds[name].append(measure())
    report(seconds)


def report(seconds: dict[str, list[float]]) -> None:
    first, *_ = seconds
    print(f"{'':34} {'seconds (least-greatest)':>28} {'ratio':>8}")
    for name, found in seconds.items():
        ratio = statistics.median(one / base for one, base in zip(found, seconds[first], strict=True))
        middle = statistics.median(found)
        print(f"{name:34} {middle:10.2f} ({min(found):.2f}-{max(found):.2f}) {ratio:15.2f}")


if __name__ == "__main__":
    main()
