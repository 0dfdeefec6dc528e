"""What programmers pass: a household's faults are refused with their paths, their own are told as `TypeError`s."""

from __future__ import annotations

import re
from collections import OrderedDict, UserDict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from numbers import Integral
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import engine
from engine.api import open_policies
from engine.errors import HouseholdError
from tests.evaluation.samples import DAY, PLACE, SOUND, household, loaded

TINY = Path(__file__).parents[1] / "cases" / "codes" / "tiny"
NOW = datetime(2023, 6, 15, tzinfo=UTC)


def policies() -> engine.Policies:
    return loaded(SOUND)


WRONG: dict[str, tuple[Callable[[engine.Policies], object], str]] = {
    "as_of text": (lambda held: held.evaluate(household(), as_of="2023-06-15"), "as_of must be a datetime.date"),  # type: ignore[arg-type]
    "as_of datetime": (lambda held: held.evaluate(household(), as_of=NOW), "pass its date()"),
    "as_of number": (lambda held: held.evaluate(household(), as_of=20230615), "not int"),  # type: ignore[arg-type]
    "known_on": (lambda held: held.evaluate(household(), known_on="2023-06-15"), "known_on must be"),  # type: ignore[arg-type]
    "policy": (lambda held: held.evaluate(household(), policy=5), "policy must be a str or None, not int"),  # type: ignore[arg-type]
    "policy list": (lambda held: held.evaluate(household(), policy=["sample"]), "not list"),  # type: ignore[arg-type]
    "all": (lambda held: held.evaluate_all(household(), as_of="2023-06-15"), "as_of must be"),  # type: ignore[arg-type]
    "check": (lambda held: held.check("2023-06-15"), "on must be"),  # type: ignore[arg-type]
    "schema policy": (lambda held: held.household_schema(5, DAY), "policy must be"),  # type: ignore[arg-type]
    "schema day": (lambda held: held.household_schema("sample", None), "as_of must be a datetime.date, not"),  # type: ignore[arg-type]
    "policy_for": (lambda held: held.policy_for("sample", 140105, DAY), "place must be a str, not int"),  # type: ignore[arg-type]
    "policy_for day": (lambda held: held.policy_for("sample", PLACE, NOW), "as_of must be"),
    "policy_for policy": (lambda held: held.policy_for(None, PLACE, DAY), "policy must be a str, not NoneType"),  # type: ignore[arg-type]
    "overlay_for": (lambda held: held.overlay_for("sample", "x"), "as_of must be"),  # type: ignore[arg-type]
    "load number": (lambda _: engine.load(5), "path must be a str, a path or a sequence of these, not int"),  # type: ignore[arg-type]
    "load bytes": (lambda _: engine.load(b"x"), "not bytes"),  # type: ignore[arg-type]
    "load list": (lambda _: engine.load(["x", 5]), "not int"),  # type: ignore[list-item]
    "load dict": (lambda _: engine.load({"x": 1}), "not dict"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_named(name: str) -> None:
    call, said = WRONG[name]
    with pytest.raises(TypeError, match=re.escape(said)):
        call(policies())


class Number:
    """A whole number of another library, as numpy has them."""

    def __init__(self, value: int) -> None:
        self._value = value

    def __int__(self) -> int:
        return self._value


Integral.register(Number)


class Float(float):
    def __repr__(self) -> str:
        return f"np.float64({float(self)})"


class Array:
    """Compares item by item, and has no truth."""

    def __eq__(self, other: object) -> Any:
        return self

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise ValueError("the truth value of an array with more than one element is ambiguous")

    def __len__(self) -> int:
        return 2


class Kind(StrEnum):
    URBAN = "urban"


def items() -> Iterator[Mapping[str, object]]:
    yield {"id": "a"}


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        (household(residence=Array()), ["fact-not-text residence"]),
        (household(income=Array()), ["fact-not-number income"]),
        (household(id=Array()), ["fact-not-text id"]),
        (household(hardship=Array()), ["fact-not-yes-no hardship"]),
        (household(needs=Array()), ["fact-not-list needs"]),
        (household(members=Array()), ["fact-not-list members"]),
        (household(moved_in=Array()), ["fact-not-date moved_in"]),
        (household(income=True), ["fact-not-number income"]),
        (household(income=Fraction(1, 3)), ["fact-not-number income"]),
        (household(income=1 + 2j), ["fact-not-number income"]),
        (household(income=Number(-5)), ["amount-form income"]),
        (household(income=Float("nan")), ["json-not-finite income"]),
        (household(income=Decimal("sNaN")), ["json-not-finite income"]),
        (household(income=10**5000), ["amount-form income"]),
        (household(income=b"5"), ["fact-not-number income"]),
        (household(income={}), ["fact-not-number income"]),
        (household(application_date=NOW), ["fact-not-date application_date"]),
        (household(moved_in=NOW), ["fact-not-date moved_in"]),
        (household(members=items()), ["fact-not-list members"]),
        (household(members={"a", "b"}), ["fact-not-list members"]),
        (household(members=b"ab"), ["fact-not-list members"]),
        (household(members=[5]), ["item-not-object members[0]"]),
        (household(needs={"food", "drink", "x"}), ["not-an-option needs[0]", "not-an-option needs[2]"]),
        (household(needs=[Array()]), ["fact-not-text needs[0]"]),
        (
            dict([*household().items(), (5, 1), (None, 2)]),
            ["unknown-household-field 5", "unknown-household-field null"],
        ),
        (
            dict([*household().items(), (b"x", 3), ((), 4)]),
            ["unknown-household-field […]", "unknown-household-field …"],
        ),
        (b"\xff\xfe", ["json-encoding $"]),
        (items(), ["household-not-object $"]),
        ({"a", "b"}, ["household-not-object $"]),
        (memoryview(b"{}"), ["household-not-object $"]),
    ],
)
def test_an_odd_household_is_refused_with_its_path(given: object, reasons: list[str]) -> None:
    with pytest.raises(HouseholdError) as caught:
        policies().evaluate(given)
    assert [f"{found.code} {found.path}" for found in caught.value.diagnostics] == reasons
    assert caught.value.to_dict()["outcome"] == "refused"


def test_a_household_that_holds_itself_is_refused() -> None:
    knot: dict[str, object] = household()
    knot["members"], knot["note"] = [knot], knot
    with pytest.raises(HouseholdError):
        policies().evaluate(knot)


class Own(dict[str, object]):
    pass


@pytest.mark.parametrize("kind", [dict, OrderedDict, UserDict, MappingProxyType, Own])
def test_whatever_maps_is_a_household(kind: Callable[[object], Any]) -> None:
    given = household(members=tuple(kind(member) for member in household()["members"]))  # type: ignore[attr-defined]
    assert policies().evaluate(kind(given)).to_dict() == policies().evaluate(household()).to_dict()
    with pytest.raises(HouseholdError) as caught:
        policies().evaluate(kind({**given, "county": "x"}))
    assert caught.value.household == "H-1"


def test_numbers_and_texts_of_other_libraries() -> None:
    expected = policies().evaluate(household(income="900", savings="0.5", moved_in="2020-02-29")).to_dict()
    given = household(income=Number(900), savings=Float(0.5), residence=Kind.URBAN, moved_in=date(2020, 2, 29))
    assert policies().evaluate(given).to_dict() == expected


def test_paths_of_all_kinds(tmp_path: Path) -> None:
    for path in (str(tmp_path), tmp_path, [tmp_path], (str(tmp_path),)):
        with pytest.raises(engine.PolicyError) as nothing:  # there is none in it
            engine.load(path)
        assert [found.code for found in nothing.value.diagnostics] == ["no-policy-found"]


_ODD: tuple[Any, ...] = (
    "\ud800", "a\ud800b", "\udcff", "\udcff\ud800", "\0", "a\0b", "a\nb", "", " ", "x" * 5_000, "x/" * 3_000, "nowhere",
    Path("\ud800"), Path("a\0b"), Path("nowhere"), Path("x" * 5_000), b"", b"abc", b"\xff", bytearray(b"a"),
    None, 0, -1, 1.5, True, object(), Array(), {"a": 1}, {"a"}, DAY, NOW,
)  # fmt: skip
_ALONE: dict[str, Callable[[engine.Policies, Any], object]] = {
    "load": lambda _, odd: engine.load(odd),
    "load several": lambda _, odd: engine.load([TINY, odd]),
    "open": lambda _, odd: [str(found) for found in open_policies(odd).check()],
    "open several": lambda _, odd: open_policies([odd]).check().diagnostics,
    "household": lambda held, odd: held.evaluate(odd),
    "household of all": lambda held, odd: held.evaluate_all(odd),
    "a fact": lambda held, odd: held.evaluate(household(id=odd)).to_dict(),
    "a key": lambda held, odd: held.evaluate({**household(), **({odd: 1} if odd.__hash__ else {})}).to_dict(),
    "policy": lambda held, odd: held.evaluate(household(), odd),
    "as_of": lambda held, odd: held.evaluate(household(), None, odd),
    "known_on": lambda held, odd: held.evaluate(household(), None, None, odd),
    "check": lambda held, odd: held.check(odd),
    "policy_for": lambda held, odd: held.policy_for(odd, PLACE, DAY),
    "policy_for place": lambda held, odd: held.policy_for("sample", odd, DAY),
    "policy_for day": lambda held, odd: held.policy_for("sample", PLACE, odd),
    "schema": lambda held, odd: held.household_schema(odd, DAY),
    "schema day": lambda held, odd: held.household_schema("sample", odd),
    "overlay_for": lambda held, odd: held.overlay_for(odd, DAY),
    "overlay_for day": lambda held, odd: held.overlay_for("sample", odd),
}
"""everything that a programmer passes, one at a time"""


@pytest.mark.parametrize("name", _ALONE)
def test_what_cannot_be_meant_is_refused_in_words(name: str) -> None:
    """By an exception of the engine's own, or one that names the argument; and it can be written anywhere."""
    refusals = 0
    for odd in _ODD:
        try:
            _ALONE[name](policies(), odd)
        except (engine.EngineError, TypeError, ValueError) as caught:
            refused = caught
        else:
            continue
        refusals += 1
        assert str(refused).encode()
        if not isinstance(refused, engine.EngineError):
            assert re.match(r"(path|policy|place|as_of|known_on|on) must ", str(refused)), odd
    assert refusals


def test_a_name_that_no_file_has_is_told(tmp_path: Path) -> None:
    for path in (f"{tmp_path}/\ud800", tmp_path / "a\ud800b", tmp_path / "\udcff\ud800"):
        with pytest.raises(engine.PolicyError, match="file-not-readable"):
            engine.load(path)


@pytest.mark.parametrize("path", ["", [], (), [""], [TINY, ""]])
def test_no_path_is_not_the_working_folder(path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor no policies at all, under which every household would be refused."""
    monkeypatch.chdir(TINY)
    with pytest.raises(ValueError, match="path must"):
        engine.load(path)
