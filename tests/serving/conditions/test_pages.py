"""The pages of conditions by plain posts: one is put together step by step, seen, and written into a draft."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.serving.officers import drafts, officer

FORM = "/conditions/form?place=datong"
RULE = {
    "kind": "condition", "target": "all", "label": "没有出国留学的成员", "cites": "第三条", "sense": "unless",
    "effect": "narrower", "start": "2026年1月1日", "r.0.kind": "any", "r.0.collection": "家庭成员",
    "r.0.r.0.kind": "holds", "r.0.r.0.word": "出国留学",
}  # fmt: skip
MARKUP = '"><script>alert(1)</script>{{7*7}}'


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    return officer(tmp_path_factory.mktemp("conditions"))


def marked(text: str) -> dict[str, str]:
    """The faults that stand at their fields, each linked from the summary."""
    told = dict(re.findall(r'<span class="error" id="([^"]+)-fault">([^<]+)<', text))
    for name in told:
        assert f'href="#{name}"' in text
        assert re.search(
            rf'id="{re.escape(name)}"[^>]*(aria-invalid="true" )?aria-describedby="{re.escape(name)}-fault"', text
        )
    return told


def test_what_is_open_is_shown_with_the_line_that_opens_it(client: TestClient) -> None:
    text = client.get("/conditions?place=datong").text
    assert "只可收紧，至多 36 月" in text
    assert re.search(r"shanxi_2022_60\.yaml:\d+", text)


def test_a_condition_is_put_together_seen_and_written(client: TestClient) -> None:
    begun = client.get(f"{FORM}&kind=condition&target=all").text
    assert 'name="r.0.kind"' in begun
    more = client.post(FORM, data={**RULE, "do": "add:r.0."}).text
    assert 'name="r.0.r.1.kind"' in more
    assert 'role="alert"' not in more
    fewer = client.post(FORM, data={**RULE, "do": "drop:r.0."}).text
    assert 'name="r.0.kind"' not in fewer
    seen = client.post(FORM, data={**RULE, "do": "preview"})
    assert seen.status_code == 200
    assert "检查通过" in seen.text
    found = re.search(r'name="mark" value="([0-9a-f]{64})"', seen.text)
    assert found is not None
    written = client.post(FORM, data={**RULE, "mark": found[1], "do": "write"})
    assert written.status_code == 303
    [draft] = drafts(client).all()
    assert "unless: 任一(家庭成员 其中 出国留学)" in (drafts(client).text(draft, "cities/datong.yaml") or "")
    on = client.get(f"/conditions?place=datong&draft={draft.id}").text
    assert "没有出国留学的成员" in on
    assert client.post(FORM, data={**RULE, "mark": "0", "do": "write"}).status_code == 409


def test_what_the_check_refuses_cannot_be_written(client: TestClient) -> None:
    before = len(drafts(client).all())
    answered = client.post(FORM, data={**RULE, "r.0.r.0.word": "没有这样的", "do": "write"})
    assert answered.status_code == 422
    assert "没有这样的" in marked(answered.text)["r.0.r.0.word"]
    assert len(drafts(client).all()) == before


def test_what_lacks_is_told_at_its_field_once_the_result_is_asked_for(client: TestClient) -> None:
    bare = {**RULE, "label": "", "r.0.collection": ""}
    asked = client.post(FORM, data={**bare, "do": "preview"})
    assert asked.status_code == 422
    assert 'href="#label"' in asked.text
    assert 'href="#r.0.collection"' in asked.text
    assert 'role="alert"' not in client.post(FORM, data={**bare, "do": "refresh"}).text


@pytest.mark.parametrize("name", [*RULE, "r.0.options", "r.0.left.number", "expression", "document", "id", "do"])
def test_what_was_typed_is_never_markup(client: TestClient, name: str) -> None:
    for more in ({"do": "preview"}, {"do": "preview", "raw": "yes", "expression": MARKUP}):
        text = client.post(FORM, data={**RULE, **more, name: MARKUP}).text
        assert "<script>alert" not in text


@pytest.mark.parametrize("place", ["taiyuan", "nobody", "shanxi_2022_60", "", "../x"])
def test_another_place_is_refused(tmp_path: Path, place: str) -> None:
    client = officer(tmp_path, "datong")
    url = f"/conditions/form?place={place}"
    assert client.get(url).status_code == 403
    assert client.post(url, data={**RULE, "do": "write"}).status_code == 403
    assert "太原市最低生活保障标准" not in client.get("/conditions?place=taiyuan").text


def test_a_post_that_is_too_large_is_not_read(client: TestClient) -> None:
    assert client.post(FORM, data={**RULE, "expression": "甲" * (1 << 20)}).status_code == 413


@pytest.mark.parametrize("kind", ["requirement", "exemption", "threshold", "fact", "<b>"])
def test_every_kind_has_a_form(client: TestClient, kind: str) -> None:
    target = {"exemption": "all.assets", "threshold": "asset_months", "fact": "members"}.get(kind, "")
    answered = client.get(f"{FORM}&kind={kind}&target={target}")
    assert answered.status_code == 200


SIDES = {
    "kind": "requirement", "label": "甲", "cites": "第三条", "sense": "unless", "effect": "narrower",
    "start": "2027-01-01", "r.0.kind": "any", "r.0.collection": "机动车",
    "r.0.r.0.kind": "compare", "r.0.r.0.left.kind": "word", "r.0.r.0.left.word": "购置价", "r.0.r.0.operator": ">",
    "r.0.r.0.right.kind": "amount", "r.0.r.0.right.number": "80000", "r.0.r.0.right.unit": "元",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"r.0.r.0.right.unit": ""}, "r.0.r.0.right.unit"),
        ({"r.0.r.0.right.unit": "平方米"}, "r.0.r.0.left.word"),
        ({"r.0.r.0.left.word": "没有这样的"}, "r.0.r.0.left.word"),
        ({"r.0.r.0.right.kind": "word", "r.0.r.0.right.word": "没有这样的"}, "r.0.r.0.right.word"),
        ({"r.0.collection": "没有这样的"}, "r.0.collection"),
        ({"r.0.kind": "holds", "r.0.word": "没有这样的"}, "r.0.word"),
        ({"raw": "yes", "expression": "没有这样的 < 5"}, "expression"),
        ({"start": ""}, "start"),
        ({"start": "明年"}, "start"),
        ({"id": "overlay"}, "id"),
        ({"kind": "threshold", "target": "asset_months", "value": "48 月"}, "value"),
        ({"kind": "threshold", "target": "asset_months", "value": "24 月", "start": ""}, "start"),
        ({"r.0.kind": "group"}, "r.0.how"),
    ],
)
def test_what_the_check_finds_stands_at_the_field(client: TestClient, typed: dict[str, str], field: str) -> None:
    answered = client.post(FORM, data={**SIDES, **typed, "do": "preview"})
    assert answered.status_code == 422
    if field == "r.0.how":
        assert 'id="r.0.how"' in answered.text
        assert 'href="#r.0.how"' in answered.text
        return
    assert list(marked(answered.text)) == [field]
    assert "写入草稿</button>" not in answered.text or "disabled" in answered.text


def test_an_effect_is_told_as_the_form_offers_it(client: TestClient) -> None:
    told = marked(client.post(FORM, data={**SIDES, "effect": "wider", "do": "preview"}).text)
    assert told == {"effect": "这项改动声明 “只会更宽”，上级只允许 “只会更严”"}


def test_which_test_lacks_something_is_told_in_the_order_of_the_page(client: TestClient) -> None:
    lacking = {**SIDES, "label": "", "r.0.r.0.left.word": "", "r.0.r.0.right.number": ""}
    text = client.post(FORM, data={**lacking, "do": "preview"}).text
    summary = text[text.index('id="errors"') : text.index("<form", text.index('id="errors"'))]
    told = re.findall(r'href="#([^"]+)">([^<]+)<', summary)
    assert [name for name, _ in told] == ["label", "r.0.r.0.left.word", "r.0.r.0.right.number"]
    assert told[1][1].startswith("第 1 项，第 1 项，左边：")


def test_an_amount_is_offered_in_the_unit_of_what_it_is_held_against(client: TestClient) -> None:
    """Shown before anything comes of it; what is previewed is what was posted."""
    bare = {**SIDES, "r.0.r.0.right.unit": "", "r.0.r.0.right.number": ""}
    assert '<option value="元" selected>' in client.post(FORM, data={**bare, "do": "refresh"}).text
    typed = client.post(FORM, data={**bare, "r.0.r.0.right.number": "0", "do": "refresh"}).text
    assert "购置价 高于 0)" in typed, "what was given stays as it is"


def test_a_draft_is_called_by_what_people_call_the_limit(tmp_path: Path) -> None:
    client = officer(tmp_path)
    fields = {
        "kind": "threshold",
        "target": "asset_months",
        "value": "24 月",
        "start": "2027-01-01",
        "effect": "narrower",
    }
    seen = client.post(FORM, data={**fields, "do": "preview"}).text
    mark = re.search(r'name="mark" value="([0-9a-f]{64})"', seen)
    assert mark is not None
    client.post(FORM, data={**fields, "mark": mark[1], "do": "write"})
    assert drafts(client).all()[0].title == "限额、月数等数值：金融资产月数上限"
