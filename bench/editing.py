"""How long an editor waits, as ratios against a bare parse of the file that is edited, in the same run.

    python bench/editing.py [--strokes 300] [--file shanxi_2022_60.yaml] [--seed 1]
    python bench/editing.py --edits 5000 [--every 10]
    python bench/editing.py --prefixes policies/shanxi

The first types in a shipped file over all shipped policies: words, values and expressions are rubbed out and typed
again sign by sign, so that most states are broken. Each stroke is timed from the new text to everything that is wrong
in any file (`whole`), to what `doudi check` finds (`checked`), and to what stands at the cursor (`spot`), with
garbage collected in the pauses, as a server does when nobody types. `start` is a process from nothing to
its first diagnostics. The yardstick `parse` is PyYAML's C reader over the same text. All are in processor time.
The second makes random edits in all files at once and holds every so manieth snapshot against one made from nothing,
the third tries every beginning of every shipped file whose name begins so: what was read stays what it was, and what
may follow, what stands there and what a function takes are answered. Both tell how many there were, or the first
that fails.
The standard library, PyYAML and the package only.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.editing.completion import complete  # noqa: E402 - the checkout, not an installed copy
from engine.editing.hover import hover  # noqa: E402
from engine.editing.signature import signature  # noqa: E402
from engine.editing.spot import spot_at  # noqa: E402
from engine.editing.workspace import Snapshot, begun  # noqa: E402

POLICIES = ROOT / "policies"
BETWEEN_PAUSES = 20
START = """\
import gc, sys, time
gc.set_threshold(200_000)
from pathlib import Path
from engine.editing.workspace import Snapshot
snapshot = Snapshot.open([Path(sys.argv[1])])
snapshot.checked()
print(time.process_time())
"""


def strokes(text: str, rng: random.Random) -> Iterator[tuple[str, int]]:
    """Texts with the cursor, one for each stroke."""
    while True:
        start = rng.randrange(len(text))
        end = min(len(text), start + rng.randint(1, 12))
        for at in range(end, start, -1):
            yield text[: at - 1] + text[end:], at - 1
        for at in range(start + 1, end + 1):
            yield text[:at] + text[end:], at


def timed(act: Callable[..., object], *given: object) -> float:
    """Processor time in ms, user and system: whatever else runs on the machine waits for its turn elsewhere."""
    began = process_time()
    act(*given)
    return (process_time() - began) * 1000


def typing(name: str, count: int, seed: int) -> None:
    gc.set_threshold(200_000)
    path = POLICIES / name
    text = path.read_text(encoding="utf-8")
    snapshot = Snapshot.open([POLICIES])
    snapshot.diagnostics()
    gc.disable()
    found: dict[str, list[float]] = {"parse": [], "checked": [], "whole": [], "spot": []}
    typed = strokes(text, random.Random(seed))
    for stroke in range(count):
        if stroke % BETWEEN_PAUSES == 0:
            gc.collect()
        now, cursor = next(typed)
        found["parse"].append(timed(lambda: yaml.compose(text, Loader=yaml.CSafeLoader)))
        before, snapshot = snapshot, snapshot.with_text(path, now)
        del before
        found["checked"].append(timed(snapshot.checked))
        found["whole"].append(found["checked"][-1] + timed(snapshot.diagnostics))
        found["spot"].append(timed(spot_at, snapshot.files[path], cursor))
    found["start"] = [
        1000 * float(subprocess.run([sys.executable, "-c", START, POLICIES], check=True, capture_output=True).stdout)
        for _ in range(5)
    ]
    yardstick = statistics.median(found["parse"])
    print(
        f"{count} strokes in {name}\n\n| | median ms | 99 of 100 within ms | median in parses | 99 of 100 in parses |"
    )
    print("| --- | ---: | ---: | ---: | ---: |")
    for what, times in found.items():
        median, most = statistics.median(times), sorted(times)[int(0.99 * len(times))]
        print(f"| {what} | {median:.1f} | {most:.1f} | {median / yardstick:.2f} | {most / yardstick:.2f} |")


def editing(count: int, every: int, seed: int) -> None:
    from tests.editing.edits import edited, told

    rng = random.Random(seed)
    paths = [path for path in sorted(POLICIES.rglob("*")) if path.suffix in (".yaml", ".csv")]
    sound = {path: path.read_text(encoding="utf-8") for path in paths}
    texts, snapshot = dict(sound), Snapshot.open([POLICIES])
    for step in range(1, count + 1):
        path = rng.choice(paths) if rng.random() < 0.7 else paths[-1]
        texts[path] = edited(rng, texts[path], sound[path])
        snapshot = snapshot.with_text(path, texts[path])
        found = told(snapshot.diagnostics())
        if step % every == 0 and found != told(Snapshot.open([POLICIES], texts).diagnostics()):
            raise SystemExit(f"edit {step}, of {path}: not what a snapshot from nothing says")
    print(f"{count} edits, {count // every} held against a snapshot from nothing")


def beginnings(which: str) -> None:
    from tests.editing.shipped import FILES, leaves, source_of, strict

    files = [path for path in FILES if path.relative_to(ROOT).as_posix().startswith(which)]
    snapshots: dict[Path, Snapshot] = {}
    count = 0
    for path in files:
        home = POLICIES if path.is_relative_to(POLICIES) else path.parent
        snapshot = snapshots.setdefault(home, Snapshot.open([home]))
        source, whole = source_of(path), leaves(strict(path)).items()
        for end in range(len(source.text) + 1):
            file = begun(snapshot.files[path], source.text[:end])
            for ask in (complete, hover, signature):
                ask(snapshot, file, end)
            found = leaves(file.tree)
            for place, leaf in whole:
                if leaf.span.end >= end:
                    break
                other = found.get(place)
                if other != leaf or (other.span.start, other.span.end) != (leaf.span.start, leaf.span.end):
                    raise SystemExit(f"{path}, the first {end} characters: {place} is not what it was")
            count += 1
    print(f"{count} beginnings of {len(files)} files")


def main() -> None:
    parser = argparse.ArgumentParser(description="how long an editor waits")
    parser.add_argument("--strokes", type=int, default=300)
    parser.add_argument("--file", default="shanxi_2022_60.yaml")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edits", type=int, default=0)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--prefixes", metavar="BEGINNING", help="of the names of the files; '' for all")
    given = parser.parse_args()
    if given.prefixes is not None:
        beginnings(given.prefixes)
    elif given.edits:
        editing(given.edits, given.every, given.seed)
    else:
        typing(given.file, given.strokes, given.seed)


if __name__ == "__main__":
    main()
