"""The pages of rules as they are asked for: links lead somewhere, and nothing that was written is taken as markup."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest
from starlette.testclient import TestClient

from tests import hostile
from tests.serving.markup import HOSTILE, Markup, assert_harmless
from tests.serving.rules.folders import CITY, folder
from tests.serving.served import served


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return served(folder(tmp_path_factory.mktemp("pages") / "p"))


def read(client: TestClient, address: str, status: int = 200) -> Markup:
    client.cookies.set("lang", "zh", domain="127.0.0.1")  # whatever was chosen on a page before
    answered = client.get(address)
    assert answered.status_code == status, answered.text
    return assert_harmless(answered.text)


def test_the_tree_leads_to_every_document_place_and_file(client: TestClient) -> None:
    tree = read(client, "/rules")
    for wanted in ("/rules/document/sheng", "/rules/document/shi", "/rules/file/divisions.csv"):
        assert wanted in tree.links
    assert "/rules/document/shi?place=140105" in tree.links
    for address in {one.partition("#")[0] for one in tree.links if one.startswith("/rules")}:
        read(client, address)


def test_every_element_of_a_document_leads_to_its_line(client: TestClient) -> None:
    address = "/rules/document/shi"
    page = read(client, address)
    assert "#L12" in page.links  # the city sets the limit
    lines = {one for one in page.links if "#L" in one}
    assert len(lines) > 10
    seen: dict[str, Markup] = {}
    for link in lines:
        target, _, line = urljoin(address, link).partition("#")
        target = target if link[0] != "#" else address
        if target not in seen:
            seen[target] = read(client, target)
        assert line in seen[target].ids, link


def test_the_line_that_an_element_leads_to_says_it(client: TestClient) -> None:
    html = client.get("/rules/document/shi?file=sheng.yaml").text
    assert '<span id="L33" class="line">      income: {label: 核算收入低于收入上限' in html


def test_a_document_is_shown_as_of_a_day_and_for_a_place(client: TestClient) -> None:
    assert "700 元/月" in read(client, "/rules/document/shi?on=2023-06-15").text
    before = read(client, "/rules/document/shi?on=2023-01-15").text
    assert "800 元/月" in before
    county = read(client, "/rules/document/shi?place=140105")
    assert "没有公布" not in county.text
    chosen = [one for one in county.all("option") if "selected" in one]
    assert [one["value"] for one in chosen] == ["140105"]


@pytest.mark.parametrize("on", ["2023-13-01", "x", "<b>"])
def test_what_is_no_day_is_told_and_today_is_shown(client: TestClient, on: str) -> None:
    page = read(client, f"/rules/document/shi?on={on}")
    assert f"“{on}”不是日期" in page.text
    assert next(one for one in page.all("input") if one.get("name") == "on")["value"] == "2023-06-15"


def test_a_broken_document_tells_its_faults_beside_its_text(tmp_path: Path) -> None:
    client = served(folder(tmp_path / "p", city=CITY.replace("value: 700 元/月", "worth: 700 元/月")))
    page = read(client, "/rules/document/shi")
    assert "规则有错误，还不能合并" in page.text
    assert "unknown-key-here" in page.text
    assert "/rules/file/cities/shi.yaml#L12" in page.links
    assert "L12" in page.ids


@pytest.mark.parametrize(
    "address",
    [
        "/rules/document/nobody",
        "/rules/file/nothing.yaml",
        "/rules/file/../secret",
        "/rules/file/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_who_only_reads_is_told_why(client: TestClient) -> None:
    page = read(client, "/rules/document/shi")
    assert "程序自带的政策" in page.text
    assert not [one for one in page.all("form") if one.get("method") == "post"]


def test_nothing_that_was_written_becomes_markup(tmp_path: Path) -> None:
    world = hostile.make(tmp_path, HOSTILE, '"onmouseover=alert(4) <script>{{7919*7907}}&amp;#?')
    client = served(world.policies)
    tree = read(client, "/rules")
    assert "<script>alert(1)</script>" in tree.text
    documents = {one.partition("#")[0] for one in tree.links if one.startswith("/rules/")}
    assert len(documents) > 4
    for address in documents:
        assert "<script>alert(1)</script>" in read(client, address).text or "divisions" in address or ".csv" in address


def test_an_address_of_a_source_that_is_none_is_no_link(tmp_path: Path) -> None:
    city = CITY.replace("https://example.gov.cn/2", "javascript:alert(1)")
    page = read(served(folder(tmp_path / "p", city=city)), "/rules/document/shi")
    assert not [one for one in page.links if "javascript" in one]


def test_pages_speak_english_as_well(client: TestClient) -> None:
    page = read(client, "/rules/document/shi?lang=en")
    assert client.cookies.get("lang") == "en", "links and forms say no language: the choice is kept"
    client.cookies.delete("lang")
    assert "What this document may change" in page.text
    assert "may be set (at most 800.00 元/月, only narrower)" in page.text
