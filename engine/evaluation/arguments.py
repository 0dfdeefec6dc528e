"""What a programmer passes that cannot be meant: a `TypeError` that names the argument, before anything is read.

A household's own faults are `HouseholdError`s with their paths; these are faults of the calling code.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from os import PathLike

from engine.evaluation.decision import Decision


def must_be_day(value: object, name: str, *, optional: bool = True) -> None:
    """A `datetime.date`. A text is not read as one, and of a datetime nobody knows in which time zone it is a day."""
    if (value is None and optional) or (isinstance(value, date) and not isinstance(value, datetime)):
        return
    raise TypeError(f"{name} must be a datetime.date{' or None' * optional}, not {_kind(value)}{_hint(value)}")


def must_be_text(value: object, name: str, *, optional: bool = False) -> None:
    """An id of a policy, or the code of a place."""
    if not ((value is None and optional) or isinstance(value, str)):
        raise TypeError(f"{name} must be a str{' or None' * optional}, not {_kind(value)}")


def must_be_decision(value: object) -> None:
    if not isinstance(value, Decision):
        raise TypeError(f"decision must be a Decision, not {_kind(value)}")


def must_be_folders(value: object) -> None:
    """A path, or several; none of them empty: that stands for the working folder, which nobody named."""
    several = value if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray) else (value,)
    for one in several:
        if not isinstance(one, str | PathLike) or not isinstance(
            one if isinstance(one, str) else one.__fspath__(), str
        ):
            raise TypeError(f"path must be a str, a path or a sequence of these, not {_kind(one)}")
        if one == "":
            raise ValueError("path must not be empty; `.` is the working folder")
    if not several:
        raise ValueError("path must name a folder or a file; without it, the policies shipped are taken")


def _hint(value: object) -> str:
    if isinstance(value, datetime):
        return "; pass its date()"
    return "; datetime.date.fromisoformat reads one" if isinstance(value, str) else ""


def _kind(value: object) -> str:
    return type(value).__name__
