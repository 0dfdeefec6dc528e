"""One decision at a time from a dict, against other engines and against Python written by hand, in one run.

    pip install -e '.[dev]' -r bench/flat/requirements.txt
    python bench/against.py [--households 5000] [--rounds 7] [--verify 20000]

The policy is a flat one (`bench/flat/policy.yaml`): expenses added up already, every field required, 117 counties by
urban and rural standards, so that every engine can have it. All take the same dicts. Rates are medians with least and
greatest over interleaved rounds, in processor time; ratios are taken within a round. Each answer is held against exact
arithmetic: some households lie on a limit to the fen. A peer that is not installed is left out.
"""

from __future__ import annotations

import argparse
import gc
import importlib.metadata
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import engine  # noqa: E402 - the checkout, not an installed copy
from bench.flat import by_hand, peers  # noqa: E402
from bench.flat.households import Household, households  # noqa: E402

DAY = "2024-03-01"
PEERS: dict[str, tuple[str, Callable[[], by_hand.Decide]]] = {
    "GoRules ZEN, static loader": ("zen-engine", peers.zen),
    "JSON Logic": ("panzi-json-logic", peers.json_logic),
    "rule-engine": ("rule-engine", peers.rule_engine),
    "OpenFisca, one household": ("OpenFisca-Core", peers.openfisca),
    "cel-python": ("cel-python", peers.cel_python),
}
ZEN, FEN, CHECKED = "GoRules ZEN, static loader", "by hand, whole fen", "by hand, with refusals and a snapshot"
OURS = ("doudi, outcome", "doudi, outcome and every reason", "doudi, everything (to_dict)")
WANTED = {(OURS[0], ZEN): "3", (OURS[0], FEN): "0.35", (OURS[0], CHECKED): "0.75", (OURS[1], ZEN): "0.2"}
"""at least"""
Action = Callable[[Household], object]


def read_reasons(policies: engine.Policies) -> Action:
    """Every cause and condition with both sides of its comparison, its margin, and the values in force that it read."""

    def decide(household: Household) -> object:
        decision = policies.evaluate(household)
        found: list[object] = [decision.outcome]
        for cause in decision.causes.values():
            found.append(cause.finding)
            for condition in (*cause.conditions.values(), *decision.requirements.values()):
                found += (condition.finding, condition.exempted_by, condition.parameters)
                if condition.comparison is not None:
                    sides = condition.comparison.left, condition.comparison.right
                    found += (side.value for side in sides)
                    found += (operand.value for side in sides for operand in side.operands)
                    found.append(condition.comparison.margin)
        return found

    return decide


def wrong(decide: by_hand.Decide, drawn: list[Household], seconds: float) -> str:
    """How many answers differ from exact arithmetic in any of the five, of so many looked at."""
    exact, off, looked, end = by_hand.exact(), 0, 0, time.monotonic() + seconds
    for household in drawn:
        if time.monotonic() > end:
            break
        looked += 1
        off += [bool(one) for one in decide(household)[:5]] != [bool(one) for one in exact(household)[:5]]
    return f"{off} of {looked:,}"


def as_answer(policies: engine.Policies) -> by_hand.Decide:
    def decide(household: Household) -> by_hand.Answer:
        decision = policies.evaluate({**household, "application_date": DAY})
        illness, disability, education, several = (one.finding == "met" for one in decision.causes.values())
        return decision.outcome == "eligible", illness, disability, education, several, None

    return decide


def rate(action: Action, drawn: list[Household]) -> float:
    start = time.process_time()
    for household in drawn:
        action(household)
    return len(drawn) / (time.process_time() - start)


def spread(values: list[float]) -> str:
    digits = 0 if min(values) >= 100 else 2
    low, middle, high = (f"{value:,.{digits}f}" for value in (min(values), statistics.median(values), max(values)))
    return f"{middle} ({low}–{high})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--households", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--verify", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=60, help="at most, to verify one")
    chosen = parser.parse_args()

    policies = engine.load(ROOT / "bench" / "flat")
    drawn = list(households(max(chosen.households, chosen.verify)))
    dated = [{**one, "application_date": DAY} for one in drawn]
    actions: dict[str, tuple[Action, list[Household]]] = {}
    actions[OURS[0]] = policies.evaluate, dated
    actions[OURS[1]] = read_reasons(policies), dated
    actions[OURS[2]] = lambda one: policies.evaluate(one).to_dict(), dated
    actions[FEN] = by_hand.in_fen(), drawn
    actions[CHECKED] = by_hand.checked(), dated
    answers: dict[str, by_hand.Decide] = {OURS[0]: as_answer(policies), FEN: by_hand.in_fen()}
    versions = {}
    for name, (package, load) in PEERS.items():
        try:
            answers[name] = load()
        except ImportError:
            print(f"{name}: not installed", file=sys.stderr)
            continue
        actions[name] = answers[name], drawn
        versions[package] = importlib.metadata.version(package)

    off = {name: wrong(decide, drawn[: chosen.verify], chosen.seconds) for name, decide in answers.items()}
    refuse = by_hand.checked()
    exact = by_hand.exact()
    differ = sum(refuse(one)[0] != exact(bare)[0] for one, bare in zip(dated, drawn, strict=True))
    off[CHECKED] = f"{differ} of {len(drawn):,}"
    rates: dict[str, list[float]] = {name: [] for name in actions}
    counts = {name: _count(*held, chosen.households) for name, held in actions.items()}
    for _ in range(chosen.rounds):
        for name, (action, given) in actions.items():
            gc.collect()
            rates[name].append(rate(action, given[: counts[name]]))

    print(f"Python {platform.python_version()}, {platform.machine()};", _versions(versions))
    print(f"{chosen.households} households, {chosen.rounds} rounds; {json.dumps(counts)}")
    print()
    print("| what | decisions a second | of ZEN | of by hand, whole fen | of by hand, with refusals | wrong |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, found in rates.items():
        ratios = [_ratio(found, rates[other]) if other in rates else "" for other in (ZEN, FEN, CHECKED)]
        print(f"| {name} | {spread(found)} | {' | '.join(ratios)} | {off.get(name, '')} |")
    print()
    for (name, other), least in WANTED.items():
        if other in rates:
            print(f"{name} against {other}: {_ratio(rates[name], rates[other])}, at least {least} wanted")


def _count(action: Action, given: list[Any], most: int) -> int:
    """As many as take about a third of a second; what is decided by code of its own has it by then."""
    few = given[: min(500, most)]
    for household in few[:300]:
        action(household)
        if len(few) < 300:
            break
    pace = rate(action, few[:20])
    return max(20, min(most, int(pace / 3)))


def _ratio(found: list[float], others: list[float]) -> str:
    return spread([one / other for one, other in zip(found, others, strict=True)])


def _versions(versions: dict[str, str]) -> str:
    return ", ".join(f"{package} {version}" for package, version in versions.items())


if __name__ == "__main__":
    main()
