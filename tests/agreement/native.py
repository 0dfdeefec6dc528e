"""Native code as it is made while answers are compared: in less time, and watched for the rows that it leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from engine.screening.kernel.ir import TooWide
from engine.screening.kernel.program import LEFT, WAYS, Kernel


@dataclass
class Watch:
    """Of each row of a table that native code left why it did."""

    left: dict[int, str] = field(default_factory=dict)

    @contextmanager
    def over(self) -> Iterator[None]:
        decide = Kernel.decide

        def watched(kernel: Kernel, columns: Any, asked: Any, *rest: Any) -> None:
            decide(kernel, columns, asked, *rest)
            marked, status = columns.marked, rest[-1].status
            why = _without_code(kernel, columns.shape)
            for row in np.flatnonzero(asked & (status == LEFT)).tolist():
                self.left[row] = "a malformed value" if marked[row] else why

        with patch.object(Kernel, "decide", watched):
            yield

    def counted(self, answers: pa.Table, *, more: bool) -> Counter[str]:
        """Why the interpreter decided rows; those that are refused are for nobody else.

        Args:
            more: whether it was asked what is missing and whether other readings differ.
        """
        found = Counter[str]()
        rest = (
            "what is missing or what other readings say was asked" if more else "no program for the place and the day"
        )
        for row, (by, outcome) in enumerate(
            zip(answers["by"].to_pylist(), answers["outcome"].to_pylist(), strict=True)
        ):
            if by == "interpreter":
                why = self.left.get(row, rest)
                found["refused" if outcome == "refused" else why] += 1
        return found


def _without_code(kernel: Kernel, shape: object) -> str:
    """Why there is no code for a table of this shape; the first that was needed."""
    made: Mapping[object, object] = kernel._made
    found = (made.get((way, shape)) for way in WAYS)
    return next((str(one) for one in found if isinstance(one, TooWide)), "what only shows in the row's values")
