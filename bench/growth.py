"""How the cost of reading and checking a policy grows with each kind of element and of fault.

    python bench/growth.py [--sizes 50 100 200 400] [--svg growth.svg] [KIND…]

For each kind a folder is written at doubling sizes and checked with hygiene. Cost is the number of Python calls, which
is the same on every run; the exponent is fitted over the sizes (1 is linear, 2 is square), after the cost of a policy
with just one is taken off. Prints a table; `--svg` draws it.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.growth import KINDS, calls_of, folder_of  # noqa: E402 - the checkout, not an installed copy


def exponent(costs: Mapping[int, int]) -> float:
    """The slope of cost against size, both as logarithms: least squares."""
    points = [(math.log(size), math.log(max(1, cost))) for size, cost in costs.items()]
    x = sum(a for a, _ in points) / len(points)
    y = sum(b for _, b in points) / len(points)
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def drawn(costs: Mapping[str, Mapping[int, int]]) -> str:
    """Lines of cost against size, both axes logarithmic."""
    width, height, left = 640, 480, 170
    sizes = [size for line in costs.values() for size in line]
    most = max(cost for line in costs.values() for cost in line.values())
    least = min(max(1, cost) for line in costs.values() for cost in line.values())

    def at(size: int, cost: int) -> str:
        across = math.log(size / min(sizes)) / math.log(max(sizes) / min(sizes))
        up = math.log(max(1, cost) / least) / math.log(most / least)
        return f"{20 + across * (width - left - 20):.1f},{height - 20 - up * (height - 40):.1f}"

    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-size="9">']
    for number, (kind, line) in enumerate(costs.items()):
        colour = f"hsl({number * 360 // len(costs)} 70% 40%)"
        points = " ".join(at(*point) for point in line.items())
        lines.append(f'<polyline fill="none" stroke="{colour}" points="{points}"/>')
        x, y = points.split()[-1].split(",")
        lines.append(f'<text x="{float(x) + 4}" y="{y}" fill="{colour}">{kind} {exponent(line):.2f}</text>')
    return "\n".join([*lines, "</svg>"])


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=" ".join(KINDS))
    parser.add_argument("--sizes", nargs="+", type=int, default=[50, 100, 200, 400])
    parser.add_argument("--svg", type=Path)
    wanted = parser.parse_args(arguments)
    found: dict[str, dict[int, int]] = {}
    print("| kind |", " | ".join(f"{size:,}" for size in wanted.sizes), "| exponent |")
    print("| --- |", " | ".join("---:" for _ in wanted.sizes), "| ---: |")
    with tempfile.TemporaryDirectory() as home:
        for kind in wanted.kinds or KINDS:
            calls_of(folder_of(Path(home) / f"{kind}-0", kind, 1))  # what is made once: parser, schemas
            empty = calls_of(folder_of(Path(home) / f"{kind}-1", kind, 1))
            line = {size: calls_of(folder_of(Path(home) / f"{kind}-{size}", kind, size)) for size in wanted.sizes}
            found[kind] = {size: calls - empty for size, calls in line.items()}
            told = " | ".join(f"{cost:,}" for cost in found[kind].values())
            print(f"| {kind} | {told} | {exponent(found[kind]):.2f} |", flush=True)
    if wanted.svg is not None:
        wanted.svg.write_text(drawn(found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
