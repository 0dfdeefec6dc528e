"""Households for property tests: small, shrinkable, with as many odd forms as the contract allows."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.oracle.households import AMOUNTS, FLAGS, STAGES
from tests.oracle.oracle import Household
from tests.oracle.territories import COUNTIES, SILENT

fen = st.one_of(
    st.integers(0, 3_000_000),
    st.sampled_from((0, 1, 99, 100, 91_199, 91_200, 91_201, 999_999_999_999)),
)
"""amounts in fen, some about a yearly standard"""


@st.composite
def amounts(draw: st.DrawFn) -> int | float | str:
    """An amount in any form that the contract takes."""
    drawn = draw(fen)
    yuan, rest = divmod(drawn, 100)
    forms: list[int | float | str] = [f"{yuan}.{rest:02d}", drawn / 100]
    if rest == 0:
        forms += [yuan, str(yuan)]
    if rest % 10 == 0:
        forms.append(f"{yuan}.{rest // 10}")
    return draw(st.sampled_from(forms))


def members(*, unknown: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """One member without an id; with `unknown`, any fact may be null."""

    def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.one_of(values, st.none()) if unknown else values

    optional: dict[str, st.SearchStrategy[Any]] = {
        **{field: maybe(st.booleans()) for field in FLAGS},
        **{field: maybe(amounts()) for field in AMOUNTS},
        "education_stage": maybe(st.sampled_from(sorted(STAGES))),
        "name": st.sampled_from(("张建国", "李秀英")),
    }
    return st.fixed_dictionaries({"full_time": maybe(st.booleans())}, optional=optional)


@st.composite
def households(draw: st.DrawFn, *, unknown: bool = True, most_members: int = 4) -> Household:
    """A household of any shape; with `unknown`, also one with nulls or in a county without a standard."""
    drawn = draw(st.lists(members(unknown=unknown), min_size=1, max_size=most_members))
    nothing: tuple[None, ...] = (None,) if unknown else ()
    return {
        "id": "H-1",
        "application_date": str(draw(st.sampled_from(("2023-03-01", "2024-06-30", "2024-07-01", "2025-01-31")))),
        "county": draw(st.sampled_from(COUNTIES + SILENT if unknown else COUNTIES)),
        "residence": draw(st.sampled_from(("urban", "rural", *nothing))),
        "income_12m": draw(st.one_of(amounts(), st.none()) if unknown else amounts()),
        "financial_assets": draw(st.one_of(amounts(), st.none()) if unknown else amounts()),
        "members": [{"id": f"m{place + 1}", **member} for place, member in enumerate(drawn)],
    }
