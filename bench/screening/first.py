"""The first batch under so many different county overlays: `python -m bench.screening.first COUNT SEED`, to JSON.

10,000 families, spread over as many counties as there are overlays; `first` holds the making of code, `second` none.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import engine
from bench.screening.overlays import ROOT, households, written
from engine.screening.screen import Screening


def main() -> None:
    count, seed = (int(argument) for argument in sys.argv[1:])
    with TemporaryDirectory() as folder:
        codes = written(Path(folder), count, seed)
        policies = engine.load([ROOT / "policies", Path(folder)])
    (batch,) = households(codes).combine_chunks().to_batches()
    screening = Screening(policies, batch.schema)
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        answers = screening.batch(batch)
        seconds.append(time.perf_counter() - began)
    by = answers["by"].value_counts().to_pylist()
    print(json.dumps({"first": seconds[0], "second": seconds[1], "by": {one["values"]: one["counts"] for one in by}}))


if __name__ == "__main__":
    main()
