"""`/v1/decisions`, `/v1/decisions:batch`, `/v1/next-questions`: the answers are the library's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

import engine
from engine.errors import HouseholdError
from engine.serving.spool import IN_MEMORY, Spool
from engine.serving.v1 import batch
from tests.serving.served import SHIPPED, served

HOUSEHOLDS = SHIPPED.parent / "examples" / "households"
JSON, NDJSON = {"content-type": "application/json"}, {"content-type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served() as made:
        yield made


@pytest.fixture(scope="module")
def policies() -> engine.Policies:
    return engine.load(SHIPPED)


def household(**other: object) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((HOUSEHOLDS / "eligible.json").read_text(encoding="utf-8"))
    return {**told, **other}


@pytest.mark.parametrize("explain", ["none", "reasons", "full"])
def test_an_answer_is_the_decision(client: TestClient, policies: engine.Policies, explain: Any) -> None:
    answer = client.post(f"/v1/decisions?explain={explain}", json=household())
    decision = policies.evaluate(household())
    assert answer.status_code == 200
    assert answer.json() == decision.to_dict("zh", explain)
    assert answer.headers["doudi-version"] == "0"
    assert answer.headers["doudi-digest"] == decision.policy.digest
    assert answer.headers["doudi-day"] == "2023-06-15"
    assert client.post(f"/v1/decisions?explain={explain}", json=household()).headers["etag"] == answer.headers["etag"]


def test_days_policies_and_what_would_change_it(client: TestClient, policies: engine.Policies) -> None:
    from datetime import date

    asked = "policy=shanxi_2022_60&as_of=2023-01-01&known_on=2023-01-01&what_if=true"
    decision = policies.evaluate(household(), "shanxi_2022_60", date(2023, 1, 1), date(2023, 1, 1))
    expected = {**decision.to_dict(), "what_if": policies.what_if(household(), decision).to_dict()}
    assert client.post(f"/v1/decisions?{asked}", json=household()).json() == expected
    assert client.post("/v1/decisions?policy=all", json=household()).json() == [
        policies.evaluate(household()).to_dict()
    ]


def test_a_refused_household_is_a_problem_with_the_reasons(client: TestClient) -> None:
    answer = client.post("/v1/decisions", content='{"id": "H", "county": "1"}', headers=JSON)
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    with pytest.raises(HouseholdError) as refusal:
        engine.load(SHIPPED).evaluate('{"id": "H", "county": "1"}')
    expected = refusal.value.to_dict()
    assert [{name: one[name] for name in ("code", "path", "message")} for one in told["reasons"]] == expected["reasons"]
    assert {name: told[name] for name in ("format", "household", "outcome")} == {
        "format": 1, "household": "H", "outcome": "refused",
    }  # fmt: skip
    assert client.get(told["type"]).json()["code"] == told["code"]


@pytest.mark.parametrize(
    ("wanted", "title"), [("en-GB, zh;q=0.5", "refused"), ("zh-CN,en", "不能受理"), ("fr", "不能受理")]
)
def test_a_problem_is_told_in_the_language_that_is_asked_for(client: TestClient, wanted: str, title: str) -> None:
    answer = client.post("/v1/decisions", content="x", headers={**JSON, "accept-language": wanted})
    assert answer.json()["title"] == title


def test_no_such_policy(client: TestClient) -> None:
    answer = client.post("/v1/decisions?policy=shanxi", json=household())
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-policy")
    answer = client.post("/v1/decisions:batch?policy=shanxi", content="{}", headers=NDJSON)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-policy")


# ---- batches


def test_a_batch_answers_line_by_line(client: TestClient, policies: engine.Policies) -> None:
    given = [household(id=f"H-{number}", income_12m=str(number * 500)) for number in range(100)]
    lines = [json.dumps(one, ensure_ascii=False) for one in given]
    lines[3:3] = ["", "  ", "{", '{"id": "x"}']
    answer = client.post("/v1/decisions:batch?explain=none", content="\n".join(lines).encode(), headers=NDJSON)
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["household"] for one in told] == ["H-0", "H-1", "H-2", None, "x", *(f"H-{n}" for n in range(3, 100))]
    assert [one["reasons"][0]["code"] for one in told[3:5]] == ["not-json", "required-fact"]
    assert [one for one in told if one["outcome"] != "refused"] == [
        policies.evaluate(one).to_dict("zh", "none") for one in given
    ]


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_lines_are_cut_alike_however_they_come(piece: int) -> None:
    text = b'\xef\xbb\xbf{"a":1}\n\n \n{"b":2}\r\n{"c":3}'
    cutter = batch.Cutter(batch.PIECE)
    lines = [line for at in range(0, len(text), piece) for some in cutter.feed(text[at : at + piece]) for line in some]
    lines += cutter.rest()
    if piece > 3:
        assert [line.strip() for line in lines] == [b'{"a":1}', b'{"b":2}', b'{"c":3}']
    assert [line.strip() for line in lines][1:] == [b'{"b":2}', b'{"c":3}']


def test_a_line_without_end_is_refused_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "MOST_BYTES", 100)
    cutter = batch.Cutter(batch.PIECE)
    text = b'{"a":1}\n' + b"x" * 1000 + b'\n{"b":2}\n'
    lines = [line for at in range(0, len(text), 50) for some in cutter.feed(text[at : at + 50]) for line in some]
    assert [line[:9] for line in lines] == [b'{"a":1}', b"x" * 9, b'{"b":2}']
    assert len(lines[1]) <= 200


def test_what_waits_comes_out_in_its_order() -> None:
    pieces = [bytes([number % 251]) * (IN_MEMORY // 3) for number in range(9)]
    with Spool(IN_MEMORY) as spool:
        taken = []
        for number, piece in enumerate(pieces):
            spool.put(piece)
            if number in (4, 6):
                taken.append(spool.take())
        assert not spool.has_room
        while spool.size:
            taken.append(spool.take())
        assert spool.has_room
    assert b"".join(taken) == b"".join(pieces)


# ---- questions


def test_nothing_is_asked_of_a_household_that_is_decided(client: TestClient) -> None:
    told = client.post("/v1/next-questions", json=household()).json()
    assert (told["outcome"], told["settled"], told["questions"]) == ("eligible", True, [])


def test_what_settles_soonest_is_asked_first(client: TestClient, policies: engine.Policies) -> None:
    members = household()["members"]
    partly = household(income_12m=None, members=[{**one, "treatment_ongoing": None} for one in members])
    told = client.post("/v1/next-questions", json=partly).json()
    missing = [one.path for one in policies.evaluate(partly).missing]
    assert sorted(one["path"] for one in told["questions"]) == sorted(missing)
    together = [one["together"] for one in told["questions"] if one["together"] is not None]
    assert together == sorted(together)
    by_path = {one["path"]: one for one in told["questions"]}
    assert by_path["income_12m"]["unit"].startswith("元")
    ill = next(one for path, one in by_path.items() if path.endswith("treatment_ongoing"))
    assert [one["value"] for one in ill["options"]] == [True, False]


def test_what_every_household_has_is_asked_before_anything_else(client: TestClient) -> None:
    told = client.post("/v1/next-questions", json={"id": "H"}).json()
    assert (told["outcome"], told["policy"]) == (None, None)
    assert {one["path"] for one in told["questions"]} == {"application_date", "county", "members"}
    assert all(one["required"] for one in told["questions"])
    assert client.post("/v1/next-questions", json={"id": 3}).status_code == 422
