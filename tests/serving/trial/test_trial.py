"""The page on which a household is tried: what is asked, what is answered, what is refused."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.api import open_policies
from engine.reporting.layout import Page as Paper
from engine.reporting.render_decision import render_decision
from engine.reporting.words import Words
from tests.serving.served import served
from tests.serving.trial.browsing import Page

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
BEGUN = {
    "v:id": "1",
    "v:county": "小店区",
    "v:application_date": "2023-06-15",
    "n:members": "1",
    "v:members[0].id": "1",
    "act": "try",
}
HOSTILE = "<script>alert(1)</script>\"'><img src=x>{{7*7}}"


@cache
def client() -> TestClient:
    return served()


def post(*typed: dict[str, str]) -> Page:
    data = dict(BEGUN)
    for one in typed:
        data |= one
    answered = client().post("/trial", data=data)
    assert answered.status_code == 200, answered.text
    return Page(answered.text)


def load(given: object, at: TestClient | None = None, others: dict[str, str] | None = None) -> Page:
    text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    answered = (at or client()).post("/trial", data={"act": "load", "json": text, **(others or {})})
    assert answered.status_code == 200, answered.text
    return Page(answered.text)


def example(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLES / "households" / f"{name}.json").read_text("utf-8"))
    return found


def field(path: str, value: str, kind: str = "v") -> dict[str, str]:
    return {f"{kind}:{path}": value}


def asked_of(page: Page) -> str:
    return page.text.split("接着问")[1].split("家庭编号")[0]


def test_the_first_page_asks_where_and_when() -> None:
    page = Page(client().get("/trial").text)
    assert page.has("input", name="v:county", list="places")
    assert page.has("option", value="140105 小店区（太原市）")
    assert ("v:application_date", "2023-06-15") in page.pairs
    assert not page.has("h2", id="verdict")


def test_only_what_matters_is_asked_first() -> None:
    page = post()
    asked = asked_of(page)
    assert "家庭成员第1人：疾病尚未痊愈，仍需治疗" in asked
    assert "提出申请前12个月家庭收入" in asked
    # with what was left to its default otherwise in two places, a disability would count
    assert "持有残疾人证" in asked
    # no bill bears on an answer as long as nobody is ill
    assert "医疗总费用" not in asked
    assert (
        "医疗总费用" in post(field("members[0].treatment_ongoing", "=yes")).text.split("接着问")[1].split("家庭编号")[0]
    )


def test_not_known_is_an_answer_of_its_own() -> None:
    income, ill = field("income_12m", "", "v"), field("members[0].treatment_ongoing", "=yes")
    ill |= field("members[0].medical_gross", "2000") | field("financial_assets", "0")
    left_out = post(income, ill)
    unknown = post(field("income_12m", "1", "u"), ill)
    assert "暂不能认定" in left_out.text
    assert "暂不能认定" in unknown.text
    assert "接着问" in left_out.text
    assert ("u:income_12m", "1") in unknown.pairs
    # it is not asked again at once, and stays what is missing
    assert "还须查清（查清后即可认定）全家：提出申请前12个月家庭收入" in unknown.text
    assert "提出申请前12个月家庭收入" not in asked_of(unknown)


def bare(text: str) -> str:
    """Without what only sets it: blanks, places, the marks between what stands in a row."""
    return re.sub("‹[^›]*›|[；：]|\\s", "", text)


SHOWN = [
    ("policies", path, "")
    for path in sorted((EXAMPLES / "households").glob("*.json"))
    if path.stem not in ("refused",)
] + [
    ("examples/figures", EXAMPLES / "figures/household.json", "subsidies"),
    *(("examples/hongkong", path, "hk_oala") for path in sorted((EXAMPLES / "hongkong/households").glob("*.json"))[:3]),
    *(
        ("examples/australia_age_pension", path, "au_age_pension")
        for path in sorted((EXAMPLES / "australia_age_pension/households").glob("*.json"))[:3]
    ),
]  # fmt: skip


@cache
def client_of(folder: str) -> TestClient:
    return served(ROOT / folder)


@pytest.mark.parametrize(("folder", "file", "policy"), SHOWN, ids=lambda value: getattr(value, "stem", None))
def test_the_answer_reads_as_the_text_report_does(folder: str, file: Path, policy: str) -> None:
    """Word for word, from the verdict to the last warning."""
    text = file.read_text("utf-8")
    decision = open_policies(ROOT / folder).evaluate(text, policy or None)
    report = render_decision(decision, Words("zh"), Paper(width=1), details=True)
    page = load(text, client_of(folder), {"o:details": "1", "o:policy": policy})
    told = page.text.split("不是正式决定")[1]
    assert bare(report) in bare(re.sub("试算日期.*?引擎0", "", told))
    assert page.has("a", rel="noopener noreferrer") or "http" not in report


def test_every_condition_leads_to_its_line() -> None:
    page = load(example("eligible"))
    line = next(
        number
        for number, text in enumerate((ROOT / "policies/shanxi_2022_60.yaml").read_text("utf-8").splitlines(), 1)
        if text.strip() == "illness:"
    )
    assert page.has("a", class_="where", href=f"/rules/file/shanxi_2022_60.yaml#L{line}")


def test_what_is_refused_stands_at_its_field() -> None:
    page = post(field("income_12m", "1,000"), field("members[0].medical_gross", "-1"))
    assert page.has("a", href="#f-income_12m")
    assert page.has("a", href="#f-members-0-medical_gross")
    assert page.has("input", id="f-income_12m", value="1,000", aria_invalid="true")
    assert page.has("p", id="f-income_12m-error")
    assert "家庭成员第1人：医疗总费用应是不带符号的数" in page.text
    assert not page.has("h2", id="verdict")


def test_a_county_that_is_lacking_is_told_at_its_field() -> None:
    assert post(field("county", "")).has("a", href="#f-county")
    assert "没有叫“小店县”的地方，是不是“小店区”" in post(field("county", "小店县")).text


@pytest.mark.parametrize("day", ["2023年", "2023-02-30"])
def test_a_day_of_rules_that_is_none_is_told(day: str) -> None:
    page = post({"o:as_of": day})
    assert page.has("a", href="#f-o-as_of")
    assert not page.has("h2", id="verdict")


def test_the_rules_of_another_day_are_asked() -> None:
    assert "按2024-02-01施行的规定认定" in post({"o:as_of": "2024-02-01"}).text


def test_nothing_that_was_typed_is_markup() -> None:
    paths = ("id", "members[0].name", "income_12m")
    page = post(*(field(path, HOSTILE) for path in paths), {"name": HOSTILE})
    scripts = [held for tag, held in page.tags if tag == "script" and not held.get("src", "").startswith("/static/")]
    assert scripts == []
    assert not any(tag == "img" for tag, _ in page.tags)
    assert page.has("input", id="f-id", value=HOSTILE)
    loaded = load(json.dumps({"id": HOSTILE, HOSTILE: 1}))
    assert not any(tag == "img" for tag, _ in loaded.tags)


def test_nothing_that_a_policy_says_is_markup(tmp_path: Path) -> None:
    for path in (ROOT / "examples/figures").glob("*"):
        text = path.read_text("utf-8").replace("title: ", "title: <img src=x>", 1)
        head, outputs, rest = text.partition("outputs:")
        (tmp_path / path.name).write_text(head + outputs + re.sub(r"label: (\w)", r"label: <img>\1", rest), "utf-8")
    page = load((EXAMPLES / "figures/household.json").read_text("utf-8"), served(tmp_path))
    assert not any(tag == "img" for tag, _ in page.tags)
    assert "<img>" in page.text


def test_a_name_is_in_the_form_and_not_in_the_answer() -> None:
    page = post(field("members[0].name", "王某某"))
    assert page.has("input", value="王某某")
    assert "王某某" not in page.text


def test_items_far_down_are_unfolded_by_a_plain_button() -> None:
    many = {"n:members": "30"} | {f"v:members[{at}].id": str(at) for at in range(30)}
    assert not post(many).has("fieldset", id="f-members-25")
    shown = post(many, {"act": "show:members=24", "first:members": "0"})
    assert shown.has("fieldset", id="f-members-25")
    assert len([name for name, _ in shown.pairs if name.startswith("j:members[")]) == 24


def test_members_are_added_and_removed_by_plain_buttons() -> None:
    more = post({"act": "add:members"})
    assert ("n:members", "2") in more.pairs
    assert ("v:members[1].id", "2") in more.pairs
    fewer = Page(client().post("/trial", data=dict(more.pairs) | {"act": "remove:members[0]"}).text)
    assert ("n:members", "1") in fewer.pairs
    assert ("v:members[0].id", "2") in fewer.pairs


def test_what_a_page_shows_is_what_it_sends_again() -> None:
    page = load(example("eligible"))
    answered = client().post("/trial", data={**_held(page), "act": "download"})
    assert answered.headers["content-disposition"] == 'attachment; filename="household.json"'
    policies = open_policies(ROOT / "policies")
    before, after = (policies.evaluate(given).to_dict() for given in (example("eligible"), answered.content))
    assert before == after


def _held(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in page.pairs:
        found.setdefault(name, []).append(value)
    return found


def test_a_script_is_answered_the_same_page() -> None:
    plain = client().post("/trial", data=BEGUN)
    swapped = client().post("/trial", data=BEGUN, headers={"HX-Request": "true"})
    strip = re.compile(r'nonce[^>]*>|name="csrf"[^>]*>')
    assert strip.sub("", plain.text) == strip.sub("", swapped.text)
    assert plain.headers["cache-control"] == "no-store"


def test_what_would_change_the_answer_is_told_when_asked_for() -> None:
    ill = field("members[0].treatment_ongoing", "=yes") | field("residence", "=urban")
    ill |= field("income_12m", "30000") | field("financial_assets", "0")
    assert "结论离“符合”有多远" not in post(ill).text
    assert "结论离“符合”有多远" in post(ill, {"act": "what_if"}).text


def test_a_household_of_a_thousand_is_answered_on_a_page_of_bounded_size() -> None:
    household = example("undetermined")
    household["members"] = [{**household["members"][0], "id": str(number)} for number in range(1000)]
    answered = client().post("/trial", data={"act": "load", "json": json.dumps(household)})
    page = Page(answered.text)
    assert ("n:members", "1000") in page.pairs
    assert len(answered.content) < 2_000_000


NO_HOUSEHOLDS = ["", "[1]", "{", "null", '{"members": 3, "vehicles": [1]}', "[" * 40, '{"id": 1e999}']


@pytest.mark.parametrize("given", NO_HOUSEHOLDS)
def test_what_is_no_household_is_refused_in_words(given: str) -> None:
    assert load(given).has("section", id="refused")


def test_what_no_form_can_hold_is_told() -> None:
    page = load({**example("eligible"), "foo": 1})
    assert "没有放进表单的内容" in page.text
    assert "没有`foo`这个字段" in page.text


def test_where_no_policy_is_official_one_has_to_be_chosen() -> None:
    at = client_of("examples/hongkong")
    page = Page(at.get("/trial").text)
    if page.has("select", id="f-o-policy") and not page.has("input", id="f-id"):
        assert Page(at.post("/trial", data={"act": "try"}).text).has("a", href="#f-o-policy")
    assert Page(at.get("/trial?policy=hk_oala").text).has("fieldset")


def test_english_is_spoken_where_it_is_asked_for() -> None:
    at = served()
    page = Page(at.post("/trial?lang=en", data=BEGUN).text)
    assert "Noteligible" in page.text
    assert "Asknext" in page.text
