"""The pages of standards by plain posts: what is shown to whom, what comes into a draft, what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.serving.settings import Limits
from tests.serving.officers import drafts, officer
from tests.serving.served import SHIPPED
from tests.writing.workbooks import workbook

NEW = "/standards/new?place=datong&parameter=dibao_standard"
NOTICE = {"start": "2026年1月1日", "document": "同民发〔2026〕1号"}
ONE = {"v.140213.urban": "750", "v.140213.rural": "7560", "partial": "yes"}
TABLE = (("县区", "城市（元/人·月）", "农村（元/人·年）"), ("平城区", 750, 7560), ("云州区", 640, 6540))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return officer(tmp_path_factory.mktemp("standards"))


def marked(client: TestClient, url: str = NEW) -> str:
    found = re.search(r'name="mark" value="([0-9a-f]{64})"', client.get(url).text)
    assert found is not None
    return found[1]


def test_the_grid_shows_figures_with_their_sources_in_the_years_asked(client: TestClient) -> None:
    text = client.get("/standards?city=1402&year=2023&year=2025").text
    assert "730\n" in text  # the unit stands above the table
    assert "平城区" in text
    assert "小店区" not in text
    assert "2021年" not in text
    assert 'href="https://dt.gov.cn/' in text
    assert "政府网站" in text


@pytest.mark.parametrize("query", ["year=99999&year=abc&city=<b>&policy=x&parameter=y", "year=٢٠٢٣", "year=0000"])
def test_odd_choices_are_passed_over(client: TestClient, query: str) -> None:
    answered = client.get(f"/standards?{query}")
    assert answered.status_code == 200
    assert "<b>" not in answered.text.replace("<b>当", "")


def test_a_city_sees_its_own_counties_and_writes_no_others(tmp_path: Path) -> None:
    client = officer(tmp_path, "datong")
    text = client.get("/standards?city=1401").text
    assert "平城区" in text
    assert "小店区" not in text
    assert 'value="datong"' in text
    other = NEW.replace("datong", "taiyuan")
    assert client.get(other).status_code == 403
    before = len(drafts(client).all())
    assert client.post(other, data={**NOTICE, **ONE, "do": "write"}).status_code == 403
    # a county of another city among its own is no cell of the form
    posted = client.post(NEW, data={**NOTICE, "v.140105.urban": "800", "do": "preview"})
    assert posted.status_code == 422
    assert len(drafts(client).all()) == before


def test_who_may_write_nothing_reads_all(tmp_path: Path) -> None:
    client = officer(tmp_path, "kan")
    text = client.get("/standards").text
    assert "小店区" in text
    assert "/standards/new" not in text
    assert client.get(NEW).status_code == 403


def test_a_workbook_fills_the_cells_and_nothing_is_written(client: TestClient) -> None:
    before = len(drafts(client).all())
    file = {"file": ("大同.xlsx", workbook(TABLE), "application/octet-stream")}
    text = client.post(NEW, data={"do": "read"}, files=file).text
    assert "2 个县（市、区）、4 个数值" in text
    assert re.search(r'name="v\.140213\.urban" value="750"', text)
    assert len(drafts(client).all()) == before


def test_what_was_previewed_goes_into_a_new_draft_as_two_files(client: TestClient) -> None:
    fields = {**NOTICE, **ONE, "mark": marked(client)}
    shown = client.post(NEW, data={**fields, "do": "preview"})
    assert shown.status_code == 200
    assert "+20 元/人/月" in shown.text
    written = client.post(NEW, data={**fields, "do": "write"})
    assert written.status_code == 303
    [draft] = drafts(client).all()
    assert sorted(draft.files) == ["cities/datong.yaml", "standards/datong-2026.csv"]
    assert "平城区,750,7560" in (drafts(client).text(draft, "standards/datong-2026.csv") or "")
    assert "from: 2026-01-01" in (drafts(client).text(draft, "cities/datong.yaml") or "")
    on = client.get(written.headers["location"]).text
    assert "750\n" in on
    assert "750\n" not in client.get("/standards?year=2026").text
    assert not (SHIPPED / "standards" / "datong-2026.csv").exists()


@pytest.mark.parametrize("mark", ["", "0" * 64])
def test_a_file_that_changed_meanwhile_is_shown_again_and_not_written(client: TestClient, mark: str) -> None:
    before = len(drafts(client).all())
    answered = client.post(NEW, data={**NOTICE, **ONE, "mark": mark, "do": "write"})
    assert answered.status_code == 409
    assert "改过了" in answered.text
    assert len(drafts(client).all()) == before


def test_a_city_writes_its_table_too(tmp_path: Path) -> None:
    client = officer(tmp_path, "datong")
    written = client.post(NEW, data={**NOTICE, **ONE, "mark": marked(client), "do": "write"})
    assert written.status_code == 303
    [draft] = drafts(client).all()
    assert "standards/datong-2026.csv" in draft.files


def test_a_draft_that_is_gone_is_told(client: TestClient) -> None:
    url = f"{NEW}&draft=abcabcabcabc"
    answered = client.post(url, data={**NOTICE, **ONE, "mark": marked(client), "do": "write"})
    assert answered.status_code == 404


def test_a_fault_keeps_it_from_being_written_and_nothing_typed_is_lost(client: TestClient) -> None:
    fields = {**NOTICE, "start": "明年", "v.140213.urban": "7五0", "mark": marked(client), "do": "write"}
    answered = client.post(NEW, data=fields)
    assert answered.status_code == 422
    assert 'value="明年"' in answered.text
    assert 'value="7五0"' in answered.text
    assert 'href="#start"' in answered.text


MARKUP = '"><script>alert(1)</script>{{7*7}}'


@pytest.mark.parametrize(
    "name",
    ["document", "source", "start", "published", "v.140213.urban", "pasted", "sheet", "w.urban", "unit", "grade"],
)
def test_what_was_typed_is_never_markup(client: TestClient, name: str) -> None:
    for do in ("preview", "read"):
        text = client.post(NEW, data={**NOTICE, **ONE, name: MARKUP, "do": do}).text
        assert "<script>alert" not in text
        assert "49" not in re.findall(r"script&gt;([^<]{0,12})", text)


def test_a_name_of_a_file_or_sheet_is_never_markup(client: TestClient) -> None:
    data = workbook(TABLE, title="<img src=x>", others=("<b>二",))
    text = client.post(NEW, data={"do": "read"}, files={"file": ("<script>.xlsx", data, "x")}).text
    assert escape("<img src=x>") in text
    assert "<img src=x>" not in text
    assert "<script>.xlsx" not in text


def test_a_source_that_is_no_address_is_no_link(client: TestClient) -> None:
    fields = {**NOTICE, **ONE, "source": "javascript:alert(1)", "mark": marked(client), "do": "write"}
    assert client.post(NEW, data=fields).status_code == 422


@pytest.mark.parametrize("chunked", [False, True])
def test_a_post_without_end_is_not_read(client: TestClient, chunked: bool) -> None:
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
        for _ in range(50):
            sent += 1 << 20
            yield b"0" * (1 << 20)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    content = body() if chunked else b"0" * (Limits().body + 1)
    answered = client.post(NEW, content=content, headers=headers)
    assert answered.status_code == 413
    assert "太大" in answered.text


@pytest.mark.parametrize("query", ["", "place=nobody&parameter=x", "place=shanxi_2022_60&parameter=dibao_standard"])
def test_what_is_no_place_is_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/standards/new?{query}").status_code == 403


def test_a_block_that_is_there_opens_to_be_put_right(client: TestClient) -> None:
    text = client.get(f"{NEW}&again=2025-01-01").text
    assert re.search(r'name="v\.140213\.urban" value="730"', text)
    assert 'name="again"' in text
    assert 'name="again"' not in client.get(f"{NEW}&again=<b>").text


@pytest.mark.parametrize(
    ("title", "typed", "start", "document"),
    [
        ("大同市2027年城乡低保标准（自2027年1月1日起执行）", "", "2027-01-01", ""),
        ("同民发[2026]99号 2027-1-1起施行", "", "2027-01-01", "同民发〔2026〕99号"),
        ("（同民发〔2026〕99号）", "2027-02-01", "2027-02-01", "同民发〔2026〕99号"),
        ("自2027年1月1日起执行", "2027-02-01", "2027-02-01", ""),
        ("2026年12月1日印发", "", "", ""),
        ("大同市民政局文件同民发〔2026〕99号", "", "", ""),
        ("自2027年1月1日起执行，部分自2027年7月1日起执行", "", "", ""),
        ("自2027年13月1日起执行", "", "", ""),
    ],
)
def test_day_and_document_of_a_title_fill_their_fields(
    client: TestClient, title: str, typed: str, start: str, document: str
) -> None:
    """What was typed stays; what the title does not say without doubt is not filled in."""
    table = f"{title},,\n区县,城市（元/人/月）,农村（元/人/年）\n新荣区,810,8000\n平城区,820,8100\n"
    text = client.post(NEW, data={"do": "read", "start": typed}, files={"file": ("a.csv", table.encode(), "x")}).text
    held = dict(re.findall(r'<input id="(start|document)" name="\1" value="([^"]*)"', text))
    assert held == {"start": start, "document": document}
    assert ("取自表格的标题" in text) == ((start, document) != (typed, ""))
