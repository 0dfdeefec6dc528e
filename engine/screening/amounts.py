"""Numbers as columns hold them, counted exactly or not at all.

In: a column of doubles.  Out: whole counts of the smallest step (fen), and which of the doubles mean one.
The kernel takes amounts by the same rule, so that it and the reader of households read the same.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

_WHOLE: Final = 2**53
"""beyond it doubles no longer hold every whole number"""
_PARTS: Final = 1_000_000


def counted(values: NDArray[np.float64], decimals: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Of each double the nearest whole number of steps, and whether the double means it: it is the double nearest to
    that amount, or lies within a millionth of a step of it, as what a spreadsheet has worked out does.

    A double that means none is left to the reader, which refuses it.
    """
    steps = 10**decimals
    with np.errstate(all="ignore"):
        scaled = values * steps
        near = np.rint(scaled)
        meant = ((near / steps == values) | (np.abs(scaled - near) * _PARTS <= 1)) & (np.abs(near) < _WHOLE)
        return np.where(meant, near, 0).astype(np.int64), meant


def number_text(count: int, decimals: int) -> str:
    """The text of a count of steps: `620.50` for 62050 fen."""
    whole, rest = divmod(abs(count), 10**decimals)
    sign = "-" if count < 0 else ""
    return f"{sign}{whole}.{rest:0{decimals}}" if decimals else f"{sign}{whole}"
