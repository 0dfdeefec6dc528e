"""How fast a household is decided, as ratios against hand-written Python in the same run.

    python bench/decide.py [--households 1000] [--rounds 9] [--cold 15]

Prints medians with least and greatest over interleaved rounds, in processor time (user and system), so that other work
on the machine counts as little as it can. Rates still drift with it; the ratio column is taken pair by pair within a
round and is the one to compare.
Standard library and the package only; households and standards are those of the oracle tests.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import engine  # noqa: E402 - the checkout, not an installed copy
from tests.oracle.households import DEFAULTED, household, standards_of  # noqa: E402
from tests.oracle.territories import write_policies  # noqa: E402

HAND = "by hand, Decimal"
HAND_TIMES = 40
"""so that its part of a round is about as long as the others"""

Household = dict[str, Any]
Standards = Mapping[tuple[str, str], Decimal]


# ---- the yardstick: what one would write by hand, and no more


STUDENTS = frozenset(
    (
        "nursery",
        "preschool",
        "primary",
        "junior_secondary",
        "senior_secondary",
        "secondary_vocational",
        "junior_college",
        "undergraduate",
    )
)
ZERO = Decimal(0)


def by_hand(household: Household, standards: Standards) -> tuple[bool, bool, bool, bool, bool, Decimal]:
    """Outcome, the four causes and the jointly adjusted income: one reading, no reasons, no unknowns.

    A standard is per person and year, so that a yearly one stays exact.
    """
    ill = disabled = studying = False
    medical = rehab = education = ZERO
    members = household["members"]
    for member in members:
        get = member.get
        if get("treatment_ongoing", False):
            ill = True
        net = (
            Decimal(str(get("medical_gross", 0)))
            - Decimal(str(get("medical_reimbursed", 0)))
            - Decimal(str(get("medical_aid", 0)))
        )
        if net > 0:
            medical += net
        if get("disability_certificate", False):
            if get("rehabilitation_ongoing", False):
                disabled = True
            net = (
                Decimal(str(get("assistive_device_cost", 0)))
                + Decimal(str(get("rehab_treatment_cost", 0)))
                + Decimal(str(get("rehab_training_cost", 0)))
                + Decimal(str(get("nursing_care_cost", 0)))
                - Decimal(str(get("disability_reimbursed", 0)))
                - Decimal(str(get("disability_aid", 0)))
            )
            if net > 0:
                rehab += net
        if (
            get("education_stage", "none") in STUDENTS
            and get("full_time")
            and not get("high_fee_school", False)
            and not get("study_abroad", False)
        ):
            studying = True
            net = (
                Decimal(str(get("tuition", 0)))
                + Decimal(str(get("boarding_fee", 0)))
                + Decimal(str(get("care_education_fee", 0)))
                - Decimal(str(get("education_aid", 0)))
            )
            if net > 0:
                education += net
    size = len(members)
    limit = standards[household["county"], household["residence"]] * size
    income = Decimal(str(household["income_12m"]))
    affordable = Decimal(str(household["financial_assets"])) <= 3 * limit
    joint = income - (medical if ill else 0) - (rehab if disabled else 0) - (education if studying else 0)
    illness = ill and affordable and income - medical < limit
    disability = disabled and affordable and income - rehab < limit
    schooling = studying and affordable and income - education < limit
    multiple = ill + disabled + studying >= 2 and affordable and joint < limit
    return (
        illness or disability or schooling or multiple,
        illness,
        disability,
        schooling,
        multiple,
        joint / size / 12,
    )


# ---- what is measured


def complete(household: Household) -> Household:
    """With every field given that has a default."""
    members = [{**DEFAULTED, "full_time": False, **member} for member in household["members"]]
    return {**household, "members": members}


def sparse(household: Household) -> Household:
    """Without any field whose value is its default, as most systems would send it."""

    def kept(field: str, value: object) -> bool:
        return field not in DEFAULTED or value not in (DEFAULTED[field], "0", "0.00")

    members = [
        {field: value for field, value in member.items() if kept(field, value)} for member in household["members"]
    ]
    return {**household, "members": members}


def seconds(action: Callable[[], object], times: int = 1) -> float:
    start = time.process_time()
    for _ in range(times):
        action()
    return (time.process_time() - start) / times


def verify(policies: engine.Policies, households: list[Household], standards: list[Standards]) -> None:
    """Both sides decide the same, or the figures would compare nothing."""
    for each, limits in zip(households, standards, strict=True):
        outcome, *causes, adjusted = by_hand(each, limits)
        decision = policies.evaluate(each)
        told: dict[str, Any] = decision.to_dict()
        assert (decision.outcome == engine.Outcome.ELIGIBLE) == outcome, each
        assert [cause["outcome"] == "met" for cause in told["causes"].values()] == causes, each
        output = told["outputs"]["income_after_joint"]["value"]
        assert abs(Decimal(output) - adjusted) <= Decimal("0.005"), (each, output, adjusted)


def line(name: str, rates: list[float], ratios: list[float], unit: str) -> str:
    return f"| {name} | {spread(rates)} {unit} | {spread(ratios)} |"


def spread(values: list[float]) -> str:
    """`median (least–greatest)`."""
    digits = 0 if min(values) >= 100 else 1
    low, middle, high = (f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low}–{high})"


def measure_decisions(policies: engine.Policies, shape: str, households: list[Household], rounds: int) -> list[str]:
    # per year: twelve times the exact twelfths of the oracle's table are whole fen
    standards: list[Standards] = [
        {key: Decimal((1200 * value).numerator) / 100 for key, value in standards_of(each).items()}
        for each in households
    ]
    verify(policies, households, standards)
    actions: dict[str, Callable[[], object]] = {
        HAND: lambda: [by_hand(*pair) for pair in zip(households, standards, strict=True)],
        "outcome": lambda: [policies.evaluate(each) for each in households],
        "all of it (to_dict)": lambda: [policies.evaluate(each).to_dict() for each in households],
        "all of it, as JSON text": lambda: [
            json.dumps(policies.evaluate(each).to_dict(), ensure_ascii=False) for each in households
        ],
    }
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            times[name].append(seconds(action, HAND_TIMES if name == HAND else 1))
    rows = []
    for name, taken in times.items():
        rates = [len(households) / each for each in taken]
        ratios = [each / hand for each, hand in zip(taken, times[HAND], strict=True)]
        rows.append(line(f"{shape}: {name}", rates, ratios, "/s"))
    return rows


def measure_memory(policies: engine.Policies, households: list[Household]) -> str:
    """What one kept decision holds, before and after all of it was read; policies and households do not count."""
    for each in households:
        policies.evaluate(each).to_dict()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    decisions = [policies.evaluate(each) for each in households]
    outcomes = tracemalloc.get_traced_memory()[0]
    for decision in decisions:
        decision.to_dict()
    gc.collect()
    whole = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    kept = [(held - before) / len(households) / 1024 for held in (outcomes, whole)]
    return f"A kept decision takes {kept[0]:.1f} KB, and {kept[1]:.1f} KB once all of it was read."


def measure_cold(household: Household, rounds: int) -> list[str]:
    """Whole processes: the commands on the policies as shipped, against importing the libraries they stand on."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "household.json"
        file.write_text(json.dumps(household, ensure_ascii=False), encoding="utf-8")
        doudi = [sys.executable, "-c", "from engine.__main__ import run; run()"]
        commands = {
            "import lark, yaml, click": [sys.executable, "-c", "import lark, yaml, click"],
            "doudi evaluate, one household": [*doudi, "evaluate", str(file)],
            "doudi check, all policies": [*doudi, "check"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, command in commands.items():
                before = children_seconds()
                run(command)
                if turn:  # the first round fills the caches of bytecode and grammar tables
                    times[name].append(children_seconds() - before)
    yardstick = times["import lark, yaml, click"]
    return [
        line(
            name,
            [each * 1000 for each in taken],
            [each / base for each, base in zip(taken, yardstick, strict=True)],
            "ms",
        )
        for name, taken in times.items()
    ]


def children_seconds() -> float:
    """What the processes that have ended took of a processor, by the system's own account."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stderr.decode()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cold", type=int, default=15, help="rounds of whole processes; 0 for none")
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()

    drawn = [
        household(random.Random(f"{chosen.seed}/{number}"), f"B-{number:06d}") for number in range(chosen.households)
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = write_policies(Path(folder))
        loading = seconds(lambda: engine.load(root))
        policies = engine.load(root)
        rows = measure_decisions(policies, "complete", [complete(each) for each in drawn], chosen.rounds)
        rows += measure_decisions(policies, "sparse", [sparse(each) for each in drawn], chosen.rounds)
        memory = measure_memory(policies, [complete(each) for each in drawn])
    if chosen.cold:
        rows += measure_cold(sparse(drawn[0]), chosen.cold)

    print(f"Python {sys.version.split()[0]}, {chosen.households} households, {chosen.rounds} rounds;", end=" ")
    print(f"the test policies load in {loading * 1000:.0f} ms")
    print()
    print("| what | median (least–greatest) | times the first of its group |")
    print("| --- | ---: | ---: |")
    print("\n".join(rows))
    print()
    print(memory)


if __name__ == "__main__":
    main()
