"""Cases offered for a change that has none: on both sides of its edge, kept only when a person says they are right."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.serving.drafts.folder import published
from tests.serving.drafts.test_versions import CITY, USERS, begun, by, write

NEXT_YEAR = """\
set:
  limit:
    - {from: 2023-01-01, value: 660 元/月}
    - {from: 2024-01-01, value: 700 元/月}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "users.yaml").write_text(USERS, "utf-8")
    return published(tmp_path)


def changed(home: Path, client: TestClient) -> str:
    """A draft that sets a new limit for the next year, in which no case lies."""
    id_ = begun(client)
    text = (home / CITY).read_text("utf-8")
    write(client, "jia", id_, CITY, text[: text.index("set:")] + NEXT_YEAR)
    return id_


def offered(client: TestClient, id_: str) -> dict[str, str]:
    answered = client.post(f"/cases?draft={id_}", data={"do": "offer"})
    assert answered.status_code == 200
    found = re.findall(r'type="hidden" name="(\w+\.\d+)" value="([^"]*)"', answered.text)
    return {name: unescape(value) for name, value in found}


def keep(client: TestClient, id_: str, fields: dict[str, str], *ticked: int) -> tuple[int, str]:
    boxes = {f"confirmed.{number}": "yes" for number in ticked}
    answered = client.post(f"/cases?draft={id_}", data={"do": "keep", **fields, **boxes})
    return answered.status_code, answered.text


def test_the_households_stand_just_at_the_new_limit_and_a_fen_beside_it(home: Path) -> None:
    client = by(home, "jia")
    fields = offered(client, changed(home, client))
    assert [re.findall(r'"income": ([\d.]+)', fields[f"household.{at}"])[0] for at in (0, 1)] == ["699.99", "700"]
    assert [fields[f"expected.{at}"] for at in (0, 1)] == ["outcome: eligible", "outcome: ineligible"]
    assert all("2024-01-01" in fields[f"household.{at}"] for at in (0, 1))
    assert "700 元/月" in fields["why.0"]


def test_what_a_person_confirms_is_kept_and_the_change_can_be_published(home: Path) -> None:
    client = by(home, "jia")
    id_ = changed(home, client)
    fields = offered(client, id_)
    assert keep(client, id_, fields, 0, 1)[0] == 303
    assert "每处改动都有用例" in client.post(f"/cases?draft={id_}", data={"do": "offer"}).text
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(f"/versions/drafts/{id_}").text)
    assert seen is not None
    done = client.post(f"/versions/drafts/{id_}/publish", data={"reason": "甲民发〔2023〕9号", "seen": seen[1]})
    assert done.headers.get("location") == f"/versions?published={id_}"
    assert "confirmed" not in (home / "cases" / "jia_2024-01-01.yaml").read_text("utf-8")
    told = client.get(f"/versions?published={id_}").text
    assert "甲民发〔2023〕9号" in told
    assert "cases/jia_2024-01-01.yaml" in told


def test_nothing_is_kept_that_nobody_confirmed(home: Path) -> None:
    client = by(home, "jia")
    id_ = changed(home, client)
    status, text = keep(client, id_, offered(client, id_))
    assert status == 422
    assert "勾选核对过的家庭" in text


@pytest.mark.parametrize(
    ("name", "value"),
    [("expected.0", "outcome: ineligible"), ("household.0", "{}"), ("household.0", "<"), ("policy.0", "nobody")],
)
def test_an_answer_that_is_not_the_one_shown_is_not_kept(home: Path, name: str, value: str) -> None:
    client = by(home, "jia")
    id_ = changed(home, client)
    status, text = keep(client, id_, {**offered(client, id_), name: value}, 0)
    assert status == 422
    assert "再看一遍" in text


def test_another_city_keeps_no_cases_of_this_one(home: Path) -> None:
    client = by(home, "jia")
    id_ = changed(home, client)
    status, text = keep(by(home, "yi"), id_, offered(client, id_), 0)
    assert status == 403
    assert "不归您改" in text
    assert "cases/jia_2024-01-01.yaml" not in client.get(f"/versions/drafts/{id_}").text
