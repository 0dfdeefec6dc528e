"""What officers come for, in a browser: a new year's standards, a household tried, rules edited in Chinese."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.serving.browser.conftest import Site, Tab, serving

COUNTIES = ("小店区", "迎泽区", "杏花岭区", "尖草坪区", "万柏林区", "晋源区", "清徐县", "阳曲县", "娄烦县", "古交市")
PATIENT = 60_000
"""milliseconds: a publication runs every case"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A folder of its own, in git: here something is published."""
    with serving(tmp_path_factory.mktemp("journey")) as found:
        for command in ("init", "add -A", "-c user.name=a -c user.email=a@b.c commit -m first"):
            subprocess.run(["git", *command.split()], cwd=found.policies, check=True, capture_output=True)
        yield found


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def test_next_years_standards_from_a_pasted_table_to_publication(tab: Tab, site: Site) -> None:
    page = tab.go("/standards")
    page.get_by_label("哪个地方").select_option(label="太原市")
    page.get_by_role("button", name="录入").click()
    page.get_by_label("施行日期").fill("2027-01-01")
    page.get_by_label("文号").fill("并民发〔2026〕99号")
    pasted = "\n".join(f"{name}\t{810 + place}\t{700 + place}" for place, name in enumerate(COUNTIES))
    page.get_by_label("粘贴在这里").fill(pasted)
    page.get_by_role("button", name="读进下面的格子").click()
    page.get_by_role("button", name="预览改动").click()
    expect(page.get_by_text("810").first).to_be_visible()
    page.get_by_role("button", name="写入草稿").click()
    expect(page.get_by_text("已写入草稿，还没有发布")).to_be_visible()
    draft = parse_qs(urlsplit(page.url).query)["draft"][0]
    assert "2027" not in "".join(path.name for path in site.policies.rglob("*.csv")), "nothing is published yet"

    tab.go(f"/impact?draft={draft}")
    page.get_by_label("多少户").fill("40")
    page.get_by_role("button", name="看影响").click()
    expect(page.get_by_text("看了 40 户")).to_be_visible(timeout=PATIENT)

    tab.go(f"/rules/file/cases/cities/taiyuan.csv?draft={draft}")
    page.get_by_role("button", name="在草稿里编辑").click()
    page.wait_for_selector(".cm-editor")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(
        "140105,小店区,城市,2027-01-15,9719.99,符合,,一分之差\n140105,小店区,城市,2027-01-15,9720,不符合,,\n"
    )
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]")).not_to_be_empty()

    tab.go(f"/versions/drafts/{draft}")
    page.get_by_label("为什么改").fill("新年度标准，并民发〔2026〕99号")
    page.get_by_role("button", name="检查并发布").click()
    page.wait_for_url("**/versions**", timeout=PATIENT)
    expect(page.get_by_text("新年度标准，并民发〔2026〕99号").first).to_be_visible(timeout=PATIENT)
    expect(page.locator("#receipt + dl")).to_contain_text("看了 40 户（随机生成的），按 2027-01-01 的规定")
    assert "810" in "".join(path.read_text("utf-8") for path in site.policies.rglob("*2027*.csv"))
    assert "新年度标准" in git(site.policies, "log", "-1", "--format=%B")
    assert not git(site.policies, "status", "--porcelain"), "all that was written was committed"


def test_a_household_by_the_keyboard_alone(tab: Tab) -> None:
    page = tab.go("/trial")
    _tab_to(page, "申请日期")
    page.keyboard.press("Control+A")
    page.keyboard.type("2023-06-15")
    _tab_to(page, "行政区划代码")
    page.keyboard.type("140105")
    page.keyboard.press("Enter")
    expect(page.get_by_text("不符合").first).to_be_visible()
    _tab_to(page, "提出申请前12个月家庭收入")
    page.keyboard.type("30000")
    _tab_to(page, "金融资产总额")
    page.keyboard.type("10000.5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("10000.50").first).to_be_visible()


def test_a_fault_is_told_at_its_field(tab: Tab) -> None:
    page = tab.go("/trial")
    page.get_by_label("行政区划代码").fill("140105")
    page.get_by_label("申请日期").fill("十五日")
    page.get_by_role("button", name="试算").first.click()
    expect(page.get_by_label("申请日期")).to_have_attribute("aria-invalid", "true")


def test_rules_are_edited_with_what_is_wrong_told_at_once(tab: Tab) -> None:
    page = tab.go("/rules/document/taiyuan")
    page.get_by_role("button", name="编辑（先建一份草稿）").click()
    page.wait_for_selector(".cm-editor")
    page.click(".cm-line:has-text('status: official')")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("titel: 太原")
    expect(page.locator("[data-here]")).to_contain_text("titel", timeout=PATIENT)
    page.keyboard.press("Shift+Home")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(page.locator("[data-here]")).not_to_contain_text("titel", timeout=PATIENT)
    page.keyboard.press("Control+s")
    expect(page.locator("[data-saved]")).not_to_be_empty()


def test_chinese_is_composed_in_the_editor(tab: Tab) -> None:
    """While a word is composed nothing is asked and nothing jumps in; then it stands there once."""
    page = tab.go("/rules/document/datong")
    page.get_by_role("button", name="编辑（先建一份草稿）").click()
    page.wait_for_selector(".cm-editor")
    page.click(".cm-line:has-text('status: official')")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("# ")
    page.wait_for_timeout(1_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    keys = page.context.new_cdp_session(page)
    _compose(page, keys, "dibao", "低保")
    assert not asked
    keys.send("Input.insertText", {"text": "低保"})
    assert page.locator(".cm-activeLine").inner_text() == "# 低保"


def test_chinese_is_composed_in_a_form(tab: Tab) -> None:
    page = tab.go("/impact")
    tab.go("/cases")
    page.get_by_label("只运行名字里有这些字的").focus()
    keys = page.context.new_cdp_session(page)
    _compose(page, keys, "biaozhun", "标准")
    keys.send("Input.insertText", {"text": "标准"})
    expect(page.get_by_label("只运行名字里有这些字的")).to_have_value("标准")


def _compose(page: Page, keys: CDPSession, spelt: str, chosen: str) -> None:
    for text in (*(spelt[: end + 1] for end in range(len(spelt))), chosen):
        keys.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        page.wait_for_timeout(60)


def _tab_to(page: Page, label: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        reached = "[...(document.activeElement.labels ?? [])].map(one => one.textContent).join(' ')"
        if label in page.evaluate(reached) and page.evaluate("document.activeElement.type") in ("text", "number"):
            return
    raise AssertionError(f"the keyboard does not reach {label}")
