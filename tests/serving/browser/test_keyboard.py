"""The main path of each page by the keyboard alone: no page is opened by its address on the way, nothing is clicked."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.serving.browser.conftest import Site, Tab
from tests.serving.browser.keyboard import Keyboard

PATIENT = 60_000
COPIED = "835\t712\n834\t711\n"
COPY = """([text, html]) => navigator.clipboard.write([new ClipboardItem({
  "text/plain": new Blob([text], {type: "text/plain"}), "text/html": new Blob([html], {type: "text/html"}),
})])"""
COPIED_HTML = "<table><tr><td>835</td><td>712</td></tr><tr><td>834</td><td>711</td></tr></table>"


def test_rules_are_edited_and_published(tab: Tab, site: Site) -> None:
    page = tab.go("/rules")
    keys = Keyboard(page)
    keys.do("大同市最低生活保障标准")
    expect(page.get_by_role("heading", name="大同市最低生活保障标准", exact=True)).to_be_visible()
    keys.do("编辑（先建一份草稿）")
    page.wait_for_selector(".cm-editor")
    page.wait_for_load_state("networkidle")
    keys.to("文件内容")
    expect(page.locator(".cm-editor")).to_have_css("outline-style", "solid")
    keys.press("Control+End")
    page.keyboard.type("# 核对过\n")
    keys.press("Tab")
    expect(page.locator(".cm-content")).to_be_focused()
    keys.press("Backspace", "Backspace", "Control+s")
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    keys.leave_editor()
    keys.press("Shift+Tab")
    expect(page.locator(".cm-content")).to_be_focused()
    keys.leave_editor()
    keys.press("Control+Home")
    restart(page)
    keys.do("看改动、发布")
    expect(page.get_by_role("heading", name="发布")).to_be_visible()
    keys.enter("为什么改", "核对")
    keys.do("检查并发布")
    expect(page.get_by_text("核对").first).to_be_visible(timeout=PATIENT)
    expect(page.get_by_role("heading", name="版本")).to_be_visible(timeout=PATIENT)
    assert "# 核对过" in (site.policies / "cities" / "datong.yaml").read_text("utf-8")


def restart(page: Page) -> None:
    """Where a browser begins when one comes to a page: before all of it."""
    page.evaluate("() => { document.activeElement.blur(); getSelection().removeAllRanges(); }")
    page.reload()


def test_figures_are_entered_and_their_impact_is_seen(tab: Tab) -> None:
    page = tab.go("/standards")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    keys = Keyboard(page)
    keys.choose("哪个地方", "太原市")
    keys.do("录入", "button")
    page.wait_for_url("**/standards/new**")
    keys.enter("施行日期", "2030-01-01")
    keys.enter("文号", "并民发〔2029〕9号")
    keys.to("只调整表里的县")
    keys.press("Space")
    keys.to("小店区 城市")
    page.evaluate(COPY, [COPIED, COPIED_HTML])
    keys.press("Control+v")
    for name, value in (("小店区 城市", "835"), ("小店区 农村", "712"), ("迎泽区 城市", "834"), ("迎泽区 农村", "711")):
        expect(page.get_by_label(name)).to_have_value(value)
    keys.press("ArrowDown", "ArrowDown")
    expect(page.get_by_label("杏花岭区 城市")).to_be_focused()
    page.keyboard.type("833")
    keys.press("Tab")
    page.keyboard.type("710")
    keys.press("ArrowUp")
    expect(page.get_by_label("迎泽区 农村")).to_be_focused()
    keys.do("预览改动")
    expect(page.get_by_text("四、会改什么")).to_be_focused()
    keys.do("写入草稿", "button")
    expect(page.get_by_text("已写入草稿，还没有发布")).to_be_visible()
    keys.do("影响", exact=True)
    keys.enter("多少户", "200")
    keys.do("看影响")
    expect(page.get_by_text("看了 200 户")).to_be_visible(timeout=PATIENT)


def test_a_condition_is_filled_in_and_cases_are_run(tab: Tab) -> None:
    page = tab.go("/conditions")
    keys = Keyboard(page)
    keys.choose("哪个文件", "大同市")
    keys.do("打开", "button")
    keys.do("增加 认定情形的条件")
    keys.enter("名称", "没有自费出国留学的成员")
    keys.enter("条款", "第三条")
    keys.enter("从哪一天起", "2024-01-01")
    keys.choose("下面写的", "不得有下面的情形")
    keys.choose("怎样的一项", "任一…满足")
    keys.choose("在哪些当中", "家庭成员")
    keys.choose("怎样的一项", "是或否")
    keys.choose("哪一个", "出国留学")
    keys.do("预览")
    expect(page.locator("#written-part")).to_contain_text("检查通过")
    keys.do("写入草稿", "button")
    expect(page.get_by_text("已写入草稿，还没有发布")).to_be_visible()
    keys.do("用例", exact=True)
    keys.to("只运行名字里有这些字的")
    page.keyboard.type("datong")
    keys.press("Enter")
    expect(page.get_by_text("没有通过 0")).to_be_visible(timeout=PATIENT)
