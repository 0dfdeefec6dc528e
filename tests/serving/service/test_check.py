"""`/v1/check`, `/v1/policies`, `/v1/schema`, `/v1/codes`: what the commands of the same names print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

import engine
from engine.resources import schema
from engine.serving.v1.check import MOST_FILES
from tests.serving.served import SHIPPED, served


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with served() as made:
        yield made


def test_the_published_policies_are_checked(client: TestClient) -> None:
    told = client.post("/v1/check").json()
    assert (told["command"], told["errors"], told["warnings"]) == ("check", 0, 0)


def test_a_text_laid_over_is_checked_and_written_nowhere(client: TestClient) -> None:
    file = SHIPPED / "cities" / "taiyuan.yaml"
    before = file.read_bytes()
    text = before.decode().replace("amends: shanxi_2022_60", "amends: shanxi")
    told = client.post("/v1/check?lang=en", json={"files": {"cities/taiyuan.yaml": text}}).json()
    assert "unknown-policy" in {one["code"] for one in told["diagnostics"] if one["file"] == "cities/taiyuan.yaml"}
    assert file.read_bytes() == before
    assert client.post("/v1/check").json()["errors"] == 0


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"file": {}},
        {"files": []},
        {"files": {"x.yaml": 1}},
        {"files": {"../x.yaml": ""}},
        {"files": {"/etc/x.yaml": ""}},
        {"files": {"x.py": ""}},
        {"files": {"a//x.yaml": ""}},
        {"files": {"a/../../x.yaml": ""}},
        {"files": {f"{number}.yaml": "" for number in range(MOST_FILES + 1)}},
    ],
)
def test_what_is_no_set_of_texts_is_refused(client: TestClient, body: object) -> None:
    answer = client.post("/v1/check", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-body")


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "policies" / "away").symlink_to(tmp_path / "out")
    with served(tmp_path / "policies") as client:
        answer = client.post("/v1/check", json={"files": {"away/x.yaml": ""}})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-body")


def test_policies_with_their_sources(client: TestClient) -> None:
    listed = client.get("/v1/policies").json()["policies"]
    assert {one["id"] for one in listed} == set(engine.load(SHIPPED).ids)
    answer = client.get("/v1/policies/taiyuan")
    assert answer.headers["doudi-day"] == "2023-06-15"
    told = answer.json()
    values = told["parameters"]["dibao_standard"]["values"]
    assert values[0]["origin"]["document"]
    assert values[0]["file"].endswith(".csv")
    county = client.get("/v1/policies/shanxi_2022_60?place=140105&as_of=2023-06-15").json()
    assert {one["key"]["county"] for one in county["parameters"]["dibao_standard"]["values"]} == {"140105"}
    assert client.get("/v1/policies/none").status_code == 404
    assert client.get("/v1/policies/taiyuan?place=999999").json()["code"] == "bad-argument"


def test_what_did_not_change_is_not_sent_again(client: TestClient) -> None:
    mark = client.get("/v1/policies/taiyuan").headers["etag"]
    again = client.get("/v1/policies/taiyuan", headers={"if-none-match": f'"x", W/{mark}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
    assert client.get("/v1/policies/taiyuan", headers={"if-none-match": '"x"'}).status_code == 200


def test_schemas_and_codes(client: TestClient) -> None:
    assert client.get("/v1/schema/decision").json() == schema("decision")
    household = client.get("/v1/schema/household?as_of=2023-06-15").json()
    assert household == json.loads(json.dumps(engine.load(SHIPPED).household_schema(None, date(2023, 6, 15))))
    assert client.get("/v1/schema/else").status_code == 404
    assert "JSON" in client.get("/v1/codes/not-json", headers={"accept-language": "en"}).json()["text"]
    assert client.get("/v1/codes/..%2fx").status_code == 404
