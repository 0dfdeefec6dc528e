"""A household that was tried becomes a case of a draft: nobody's name is in it, and it passes once it is confirmed."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copytree

import pytest
from starlette.testclient import TestClient

from engine.api import open_policies
from engine.diagnostics import Reporter
from engine.serving.drafts.store import Drafts
from engine.testing.plan import Selection
from engine.testing.read import read_suite
from engine.testing.run import run
from tests.serving.served import desk_of, served
from tests.serving.trial.browsing import Page
from tests.serving.trial.test_trial import BEGUN, EXAMPLES, ROOT, field

WHY = {"why": "试一户：二(一)", "act": "save"}


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    copytree(ROOT / "policies", tmp_path / "policies", ignore=lambda *_: ["cases"])
    return served(tmp_path / "policies", tmp_path / "drafts")


def drafts_of(client: TestClient) -> Drafts:
    drafts = desk_of(client).drafts
    assert drafts is not None
    return drafts


def saved(client: TestClient, data: dict[str, str], url: str = "/trial") -> Page:
    answered = client.post(url, data={**BEGUN, **WHY, **data})
    assert answered.status_code == 200
    return Page(answered.text)


def test_a_case_is_kept_without_names_and_passes(client: TestClient, tmp_path: Path) -> None:
    data = field("members[0].name", "王某某") | field("members[0].id", "140105199001011234") | field("id", "H-77")
    data |= field("members[0].medical_gross", "1", "u") | field("members[0].treatment_ongoing", "=yes")
    page = saved(client, {**data, "name": "试一户", "o:as_of": "2023-07-01"})
    assert "已存入草稿" in page.text
    (draft,) = drafts_of(client).all()
    text = drafts_of(client).text(draft, "cases/试一户.yaml")
    assert text is not None
    for secret in ("王某某", "140105199001011234", "H-77"):
        assert secret not in text
    assert "confirmed: 否" in text
    assert "cases: taiyuan" in text
    file = tmp_path / "policies/cases/one.yaml"
    file.parent.mkdir()
    file.write_text(text, "utf-8")
    policies = open_policies(tmp_path / "policies")
    suite = read_suite([file], policies.slices)
    results = list(run(suite, policies, Selection((), "", True), Reporter()))
    assert results
    assert all(result.passed for result in results)


def test_nothing_is_saved_twice_under_a_name(client: TestClient) -> None:
    saved(client, {"name": "甲"})
    (draft,) = drafts_of(client).all()
    page = saved(client, {"name": "甲"}, f"/trial?draft={draft.id}")
    assert "已经有cases/甲.yaml，换一个名字" in page.text


@pytest.mark.parametrize("name", ["", "a b", "../x", "甲" * 90])
def test_a_name_that_is_none_is_told(client: TestClient, name: str) -> None:
    assert "不能作用例的名字" in saved(client, {"name": name}).text
    assert drafts_of(client).all() == []


def test_a_case_says_what_it_shows(client: TestClient) -> None:
    assert "写明这个用例说明什么" in saved(client, {"name": "甲", "why": " "}).text


def test_where_there_are_no_drafts_nothing_is_offered() -> None:
    at = served()
    assert "存为用例" not in Page(at.post("/trial", data=BEGUN).text).text
    assert "不能写草稿" in saved(at, {"name": "甲"}).text


def test_the_example_households_are_saved_as_they_are_decided(client: TestClient, tmp_path: Path) -> None:
    policies = open_policies(tmp_path / "policies")
    for number, file in enumerate(sorted((EXAMPLES / "households").glob("*.json"))):
        given = json.dumps(json.loads(file.read_text("utf-8")))
        page = Page(client.post("/trial", data={"act": "load", "json": given}).text)
        held = dict(page.pairs) | WHY | {"name": f"n{number}"}
        client.post("/trial", data=held)
    kept = [drafts_of(client).text(draft, path) or "" for draft in drafts_of(client).all() for path in draft.files]
    assert len(kept) == 5
    for number, text in enumerate(kept):
        (tmp_path / f"{number}.yaml").write_text(text, "utf-8")
    suite = read_suite(sorted(tmp_path.glob("*.yaml")), policies.slices)
    results = list(run(suite, policies, Selection((), "", True), Reporter()))
    assert len(results) == 5
    assert all(result.passed for result in results)
