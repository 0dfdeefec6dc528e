"""Rows that follow each other as the households do are joined without being looked for: to the same end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

import engine
from engine.screening.reading.source import open_source
from tests.screening.reading.forms import parts_of

POLICIES = engine.load()
_IDS: Final = st.sampled_from(["H1", "H2", "H3", "h3"])


def _found(households: Sequence[str], members: Sequence[tuple[str, int]], budget: int) -> object:
    own = "".join(f"{id},2023-06-15,140105\n" for id in households)
    inner = "".join(f"{id},{member}\n" for id, member in members)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "家庭.csv").write_text(f"家庭编号,申请日期,行政区划代码\n{own}", encoding="utf-8")
        (folder / "成员.csv").write_text(f"家庭编号,成员编号\n{inner}", encoding="utf-8")
        parts = parts_of(open_source([folder], POLICIES, budget=budget))
        rows = [row for part in parts for row in part.batch.to_pylist()]
        kept = sorted((str(one["id"]), tuple(item["id"] for item in one["members"])) for one in rows)
        return kept, sorted((Path(one.file).name, str(one.id), one.code) for part in parts for one in part.refused)


@given(
    st.lists(_IDS, min_size=1, max_size=4),
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
    st.lists(_IDS, max_size=2),
)
@settings(max_examples=8)
def test_in_order_or_not(households: list[str], sizes: list[int], strays: list[str]) -> None:
    ordered = [id for id, size in zip(households, sizes, strict=False) for _ in range(size)] + strays
    members = [(id, at) for at, id in enumerate(ordered)]
    mixed = sorted(members, key=lambda one: one[0][::-1])  # those of one household as they were
    first = _found(households, members, 1 << 30)
    assert first == _found(households[::-1], mixed, 1 << 30)
    assert first == _found(households, mixed, 1)
