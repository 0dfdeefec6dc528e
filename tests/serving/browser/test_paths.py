"""The main path of each page by mouse: what an officer sees, and what comes of it in the rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Dialog, Page, StorageState, expect

from tests.serving.browser.conftest import Site, Tab, opened, serving
from tests.serving.cases.test_page import CASES
from tests.serving.rules.folders import folder

PATIENT = 60_000
NEW_YEAR = "/standards/new?place=taiyuan&parameter=dibao_standard"
HOUSEHOLD = {
    "id": "A-1",
    "application_date": "2025-06-15",
    "county": "140202",
    "income": 10000,
    "members": [{"id": "1"}],
}


def draft_of(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["draft"][0]


@pytest.fixture(scope="module")
def condition(browser: Browser, site: Site, signed_in: StorageState) -> str:
    """The draft into which a condition was written, filled in and seen beside."""
    with opened(browser, site, signed_in) as tab:
        page = tab.go("/conditions?place=datong")
        page.get_by_role("button", name="增加 认定情形的条件").click()
        fill_in_condition(page)
        beside = page.locator("#written-part")
        expect(beside).to_contain_text("检查通过")
        expect(beside).to_contain_text("unless: 任一(家庭成员 其中 出国留学)")
        page.get_by_role("button", name="写入草稿").click()
        expect(page.get_by_text("已写入草稿，还没有发布")).to_be_visible()
        assert not tab.complaints
        return draft_of(page)


@pytest.fixture(scope="module")
def figures(browser: Browser, site: Site, signed_in: StorageState) -> str:
    """The draft into which next year's figures were typed."""
    with opened(browser, site, signed_in) as tab:
        page = tab.go(NEW_YEAR)
        fill_in_figures(page)
        expect(page.get_by_text("已写入草稿，还没有发布")).to_be_visible()
        assert not tab.complaints
        return draft_of(page)


def test_a_condition_that_was_written_is_found_in_the_rules_and_among_the_changes(tab: Tab, condition: str) -> None:
    page = tab.go(f"/rules?draft={condition}")
    page.get_by_role("link", name="大同市最低生活保障标准").click()
    expect(page.get_by_text("没有自费出国留学的成员").first).to_be_visible()
    page.get_by_role("link", name="看改动、发布").click()
    expect(page.get_by_text("没有自费出国留学的成员").first).to_be_visible()


def fill_in_condition(page: Page, then: Callable[[], None] = lambda: None) -> None:
    """
    Args:
        then: what has the form show the fields that belong to a choice; a script does it by itself.
    """
    page.get_by_label("名称（结论里会印出来）").fill("没有自费出国留学的成员")
    page.get_by_label("条款，如 第三条").fill("第三条")
    page.get_by_label("从哪一天起").fill("2024-01-01")
    page.get_by_label("下面写的").select_option(label="不得有下面的情形")
    page.get_by_label("怎样的一项").first.select_option(label="任一…满足")
    then()
    page.locator("[id='r.0.collection']").select_option("家庭成员")
    page.locator("[id='r.0.r.0.kind']").select_option("holds")
    then()
    page.locator("[id='r.0.r.0.word']").select_option("出国留学")
    page.get_by_role("button", name="预览").click()


def test_who_gains_and_loses_is_told_by_place_cause_and_condition_and_proved(
    tab: Tab, condition: str, tmp_path: Path
) -> None:
    page = tab.go(f"/impact?draft={condition}")
    page.get_by_label("多少户").fill("1500")
    page.get_by_label("再证明").check()
    page.get_by_role("button", name="看影响").click()
    expect(page.get_by_text("看了 1500 户")).to_be_visible(timeout=PATIENT)
    found = page.locator("section[aria-labelledby=found]")
    for told in ("按地方", "按致贫原因", "是哪一条起的作用", "没有自费出国留学的成员", "对所有家庭"):
        expect(found.get_by_text(told).first).to_be_visible()

    file = tmp_path / "家庭.json"
    file.write_text(json.dumps([HOUSEHOLD], ensure_ascii=False), "utf-8")
    page.get_by_label("文件里的家庭").check()
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_label("再证明").uncheck()
    page.get_by_role("button", name="看影响").click()
    expect(page.get_by_text("看了 1 户")).to_be_visible(timeout=PATIENT)


def test_next_years_change_is_looked_at_on_the_day_it_begins(tab: Tab, figures: str) -> None:
    page = tab.go(f"/versions/drafts/{figures}")
    page.get_by_role("link", name="影响", exact=True).click()
    expect(page.get_by_label("按哪一天的规定")).to_have_value("2031-01-01")
    page.get_by_label("多少户").fill("800")
    page.get_by_role("button", name="看影响").click()
    expect(page.get_by_text("户有变化").first).to_be_visible(timeout=PATIENT)


def fill_in_figures(page: Page) -> None:
    page.get_by_label("施行日期").fill("2031-01-01")
    page.get_by_label("文号").fill("并民发〔2030〕1号")
    page.get_by_label("小店区 城市").fill("1860")
    page.get_by_label("小店区 农村").fill("1860")
    page.get_by_label("只调整表里的县").check()
    page.get_by_role("button", name="预览改动").click()
    page.get_by_role("button", name="写入草稿").click()


def test_without_script_plain_posts_write_the_same(
    browser: Browser, site: Site, signed_in: StorageState, condition: str, figures: str
) -> None:
    with opened(browser, site, signed_in, script=False) as tab:
        page = tab.go(NEW_YEAR)
        fill_in_figures(page)
        assert written(site, draft_of(page)) == written(site, figures)
        page = tab.go("/conditions/form?place=datong&kind=condition&target=all")
        fill_in_condition(page, then=lambda: page.get_by_role("button", name="更新", exact=True).last.click())
        page.get_by_role("button", name="写入草稿").click()
        assert written(site, draft_of(page)) == written(site, condition)


def written(site: Site, draft: str) -> dict[str, str]:
    """The files of a draft."""
    home = site.policies.with_name(f"{site.policies.name}.drafts") / draft / "files"
    return {path.relative_to(home).as_posix(): path.read_text("utf-8") for path in home.rglob("*.*")}


def test_cases_run_their_lines_are_seen_and_what_is_proposed_is_taken(browser: Browser, tmp_path: Path) -> None:
    source = folder(tmp_path / "source")
    (source / "cases").mkdir()
    (source / "cases" / "sheng.yaml").write_text(CASES.replace("OUTCOME", "ineligible"), "utf-8")
    with serving(tmp_path, source=source) as site:
        page = browser.new_page(base_url=site.address, locale="zh-CN")
        page.goto(site.link)
        page.get_by_role("link", name="用例", exact=True).click()
        page.get_by_label("逐行看覆盖").select_option("sheng.yaml")
        page.get_by_role("button", name="运行").click()
        expect(page.get_by_text("没有通过 0")).to_be_visible(timeout=PATIENT)
        expect(page.locator("tr.all, tr.some").first).to_be_visible()
        page.get_by_text("可以加这个用例").first.click()
        page.get_by_role("button", name="到编辑器里核对（还没有确认）").first.click()
        page.wait_for_selector(".cm-editor")
        expect(page.locator(".cm-content")).to_contain_text("proposed_1")
        expect(page.locator(".working-on")).to_contain_text("补用例")


def test_the_parts_come_by_themselves_and_say_what_is_being_done(tab: Tab) -> None:
    page = tab.go("/cases")
    page.get_by_label("只运行").fill("yangquan")
    page.get_by_label("把这个文件的规则逐处略加改动").select_option("shanxi_2022_60.yaml")
    page.get_by_role("button", name="运行").click()
    expect(page.locator("#run .doing")).to_be_visible()
    expect(page.locator("#announced")).to_have_text("正在运行用例")
    expect(page.get_by_text("没有通过 0")).to_be_visible(timeout=PATIENT)
    expect(page.locator("#parts > form .doing")).to_be_visible()
    expect(page.get_by_role("region", name="覆盖")).to_be_visible(timeout=PATIENT)
    expect(page.locator("#changes .doing")).to_be_visible()
    expect(page.locator("#changes progress[value]").or_(page.locator("#changes p[data-announce]")).first).to_be_visible(
        timeout=PATIENT
    )
    expect(page.get_by_text("每一处都有用例察觉")).to_be_visible(timeout=PATIENT)


def test_without_script_the_parts_come_by_their_buttons(browser: Browser, site: Site, signed_in: StorageState) -> None:
    with opened(browser, site, signed_in, script=False) as tab:
        page = tab.go("/cases")
        page.get_by_label("只运行").fill("yangquan")
        page.get_by_label("把这个文件的规则逐处略加改动").select_option("cities/yangquan.yaml")
        page.get_by_role("button", name="运行").click()
        expect(page.get_by_text("没有通过 0")).to_be_visible()
        expect(page.locator(".doing").first).not_to_be_visible()
        page.get_by_role("button", name="看用例走到了规则的哪些地方").click()
        expect(page.get_by_role("region", name="覆盖")).to_be_visible()
        page.get_by_role("button", name="逐处试改动").click()
        expect(page.get_by_text("处改动，察觉")).to_be_visible()


def test_a_county_without_a_file_begins_one(tab: Tab) -> None:
    page = tab.go("/rules")
    page.get_by_role("link", name="新建一份").click()
    page.get_by_label("哪个地方").select_option(label="小店区 140105")
    page.get_by_role("button", name="新建，然后编辑").click()
    page.wait_for_selector(".cm-editor")
    expect(page.locator(".cm-content")).to_contain_text("小店区")
    expect(page.locator("[data-summary]")).not_to_contain_text("错误")


@pytest.mark.parametrize(
    ("address", "label", "typed"),
    [
        ("/trial", "申请日期", "2024-03-05"),
        ("/standards/new?place=taiyuan&parameter=dibao_standard", "文号", "并民发〔2026〕99号"),
        ("/conditions/form?place=datong&kind=requirement", "名称（结论里会印出来）", "本市户籍"),
        ("/cases", "只运行名字里有这些字的", "taiyuan"),
    ],
)
def test_what_was_filled_in_stays_in_another_language(tab: Tab, address: str, label: str, typed: str) -> None:
    page = tab.go(address)
    field = page.get_by_label(label).first
    name = field.get_attribute("name")
    field.fill(typed)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("link", name="Rules", exact=True)).to_be_visible()
    expect(page.locator(f"[name='{name}']")).to_have_value(typed)
    page.get_by_role("link", name="Rules", exact=True).click()
    expect(page.get_by_role("heading", name="Rules", exact=True)).to_be_visible()


def test_where_it_would_be_lost_one_is_asked(tab: Tab, condition: str) -> None:
    page = tab.go(f"/versions/drafts/{condition}")
    page.get_by_label("为什么改").fill("写了一半")
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    with page.expect_event("dialog"):
        page.get_by_role("link", name="English").click()
    assert len(asked) == 1
    expect(page.get_by_label("为什么改")).to_have_value("写了一半")
