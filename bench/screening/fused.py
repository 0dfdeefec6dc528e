"""The flat policy as one native loop, fused by hand (Numba), with the checks that a screening makes.

In: a batch of the columns `peers.READ`, the coded ones as dictionaries.  Out: the answers; null for a household that is
refused: an amount below nothing or of more than ten digits, a day on which the policy is not in force, a county or
option that is none, no members or more than a thousand, an id that is empty, too long or not printable, two members
with one id. What a dictionary holds is looked at once.
"""

from __future__ import annotations

from typing import Any, Final

import numba as nb
import numpy as np
import pyarrow as pa

from bench.screening.households import CODES, STANDARDS
from bench.screening.peers import MONEY, STUDENT
from engine.evaluation.identity import same_id

LEVELS: Final = ("none", *STUDENT, "postgraduate")
NONE: Final = -1
MOST: Final = 10**12 - 1
FIRST_DAY: Final = int(np.datetime64("2024-01-01").astype("datetime64[D]").astype(int))
LAST_DAY: Final = int(np.datetime64("2199-12-31").astype("datetime64[D]").astype(int))


@nb.njit(nogil=True, inline="always")
def _bit(bits: Any, at: int) -> int:
    return (bits[at >> 3] >> (at & 7)) & 1


@nb.njit(nogil=True, inline="always")
def _outside(amount: int) -> bool:
    return amount < 0 or amount > MOST


@nb.njit(nogil=True)
def _run(
    count, ids, texts, days, offsets, county, residence, income, assets, member, ill, medical, certificate, rehab,
    rehab_cost, level, full_time, high_fee, abroad, school, places, residences, who, levels, standards, causes,
    adjusted,
):  # fmt: skip
    for h in range(count):
        a, b = offsets[h], offsets[h + 1]
        size = b - a
        good = 1 <= size <= 1000 and FIRST_DAY <= days[h] <= LAST_DAY
        good &= not _outside(income[h]) and not _outside(assets[h])
        length = ids[h + 1] - ids[h]
        good &= 0 < length <= 100
        for at in range(ids[h], ids[h + 1]):
            good &= 32 < texts[at] < 127
        place, rural = places[county[h]], residences[residence[h]]
        good &= place >= 0 and rural >= 0
        sick = disabled = learning = 0
        m = r = e = 0
        for j in range(a, b):
            good &= not _outside(medical[j]) and not _outside(rehab_cost[j]) and not _outside(school[j])
            own, kind = who[member[j]], levels[level[j]]
            good &= own >= 0 and kind >= 0
            for k in range(a, j):
                good &= who[member[k]] != own
            m += medical[j]
            r += rehab_cost[j]
            e += school[j]
            sick |= _bit(ill, j)
            disabled |= _bit(certificate, j) & _bit(rehab, j)
            learning |= (kind == 1) & _bit(full_time, j) & (1 - _bit(high_fee, j)) & (1 - _bit(abroad, j))
        if not good:
            causes[h] = -1
            continue
        limit = 12 * size * standards[place, rural]
        left = income[h] - (m if sick else 0) - (r if disabled else 0) - (e if learning else 0)
        found = 0
        if assets[h] <= 3 * limit:
            if sick and income[h] - m < limit:
                found |= 1
            if disabled and income[h] - r < limit:
                found |= 2
            if learning and income[h] - e < limit:
                found |= 4
            if sick + disabled + learning >= 2 and left < limit:
                found |= 8
        causes[h] = found
        rounded = (2 * abs(left) + 12 * size) // (24 * size)
        adjusted[h] = rounded if left >= 0 else -rounded


def _values(column: pa.Array, kind: str) -> np.ndarray:
    assert column.null_count == 0
    return np.frombuffer(column.buffers()[1], kind)[column.offset : column.offset + len(column)]


def _bits(column: pa.Array) -> np.ndarray:
    assert column.null_count == 0
    assert column.offset % 8 == 0
    return np.frombuffer(column.buffers()[1], np.uint8)[column.offset // 8 :]


def _codes(column: pa.DictionaryArray, meaning: Any) -> tuple[np.ndarray, np.ndarray]:
    words = column.dictionary.to_pylist()
    return _values(column.indices, "i4"), np.array([meaning(word) for word in words] or [NONE], np.int64)


def _ids(words: list[str]) -> dict[str, int]:
    """Ids that mean one person have one number; what is no id has none."""
    alike = dict.fromkeys(same_id(word) for word in words)
    number = {one: at for at, one in enumerate(alike)}
    fine = {word for word in words if 0 < len(word) <= 100 and word.isprintable() and same_id(word)}
    return {word: number[same_id(word)] if word in fine else NONE for word in words}


def decide(batch: pa.RecordBatch) -> pa.RecordBatch:
    lists = batch["members"]
    of = lists.values.field
    place = {code: at for at, code in enumerate(CODES)}
    kinds = {word: int(word in STUDENT) for word in LEVELS}
    county, places = _codes(batch["county"], lambda word: place.get(word, NONE))
    residence, residences = _codes(batch["residence"], lambda word: {"urban": 0, "rural": 1}.get(word, NONE))
    level, levels = _codes(of("student_level"), lambda word: kinds.get(word, NONE))
    same = _ids(of("id").dictionary.to_pylist())
    member, who = _codes(of("id"), lambda word: same[word])
    ids = batch["id"].buffers()
    offsets = np.frombuffer(ids[1], np.int32)[batch["id"].offset :]
    causes, adjusted = np.empty(len(batch), np.int8), np.zeros(len(batch), np.int64)
    medical, rehab_cost, school = (_values(of(name), "i8") for name in MONEY)
    _run(
        len(batch), offsets, np.frombuffer(ids[2], np.uint8), _values(batch["application_date"], "i4"),
        np.frombuffer(lists.buffers()[1], np.int32)[lists.offset :], county, residence,
        _values(batch["income_12m"], "i8"), _values(batch["financial_assets"], "i8"), member,
        _bits(of("illness_needs_treatment")), medical, _bits(of("disability_certificate")), _bits(of("needs_rehab")),
        rehab_cost, level, _bits(of("full_time")), _bits(of("high_fee_school")), _bits(of("studying_abroad")), school,
        places, residences, who, levels, STANDARDS, causes, adjusted,
    )  # fmt: skip
    refused = causes < 0
    mask = refused if refused.any() else None
    found = [pa.array(causes > 0, mask=mask), *(pa.array(causes & one > 0, mask=mask) for one in (1, 2, 4, 8))]
    names = ["id", "eligible", "illness", "disability", "education", "multiple", "adjusted"]
    return pa.record_batch([batch["id"], *found, pa.array(adjusted, mask=mask)], names=names)


def prepared() -> None:
    """Compile the loop, by one household."""
    member = {"id": "m1", "student_level": "none"} | dict.fromkeys(MONEY, 0)
    truths = ("illness_needs_treatment", "disability_certificate", "needs_rehab", "full_time", "high_fee_school")
    member |= dict.fromkeys((*truths, "studying_abroad"), False)
    word = pa.dictionary(pa.int32(), pa.string())
    fields = {name: pa.bool_() if isinstance(value, bool) else pa.int64() for name, value in member.items()}
    kinds = pa.struct(list((fields | {"id": word, "student_level": word}).items()))
    day = pa.array([20_000], pa.int32()).cast(pa.date32())
    decide(
        pa.record_batch(
            {
                "id": pa.array(["H"]),
                "application_date": day,
                "county": pa.array([CODES[0]], word),
                "residence": pa.array(["urban"], word),
                "income_12m": pa.array([1]),
                "financial_assets": pa.array([1]),
                "members": pa.array([[member]], pa.list_(kinds)),
            }
        )
    )
