"""The main path of each page where there is little room: at 200 % and on 360 px nothing is covered, and no page is
wider than the window. A click fails where something else lies over what is clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.serving.browser.conftest import Site, Tab, opened
from tests.serving.browser.test_every_page import WIDTHS, violations
from tests.serving.browser.test_paths import NEW_YEAR, fill_in_condition, fill_in_figures

PATIENT: Final = 60_000


@pytest.fixture(scope="module", params=["zoomed", "phone"])
def small(request: pytest.FixtureRequest, browser: Browser, site: Site, signed_in: StorageState) -> Iterator[Tab]:
    with opened(browser, site, signed_in, *WIDTHS[request.param]) as tab:
        yield tab


def rules(page: Page) -> None:
    page.get_by_role("link", name="阳泉市最低生活保障标准").click()
    fits(page)
    page.get_by_role("button", name="编辑（先建一份草稿）").click()
    page.wait_for_selector(".cm-editor")
    page.locator(".cm-content").press("Control+End")
    page.keyboard.type("# 核对过")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-saved]")).to_contain_text("已保存")
    fits(page)
    page.get_by_role("link", name="看改动、发布").click()
    page.get_by_label("为什么改").fill("核对")
    expect(page.get_by_role("button", name="检查并发布")).to_be_enabled()


def figures(page: Page) -> None:
    fill_in_figures(page)
    expect(page.get_by_text("已写入草稿，还没有发布")).to_be_visible()
    fits(page)
    page.get_by_role("link", name="影响", exact=True).click()
    page.get_by_label("多少户").fill("100")
    page.get_by_role("button", name="看影响").click()
    expect(page.get_by_text("看了 100 户")).to_be_visible(timeout=PATIENT)


def condition(page: Page) -> None:
    fill_in_condition(page)
    fits(page)
    page.get_by_role("button", name="写入草稿").click()
    expect(page.get_by_text("已写入草稿，还没有发布")).to_be_visible()


def household(page: Page) -> None:
    page.get_by_label("申请日期").fill("2023-06-15")
    page.get_by_label("行政区划代码").fill("140105")
    page.get_by_role("button", name="试算").first.click()
    page.locator(".jump a").first.click()
    expect(page.locator("#verdict")).to_be_in_viewport()


def cases(page: Page) -> None:
    page.get_by_label("只运行").fill("yangquan")
    page.get_by_label("逐行看覆盖").select_option("shanxi_2022_60.yaml")
    page.get_by_role("button", name="运行").click()
    expect(page.get_by_text("没有通过 0")).to_be_visible(timeout=PATIENT)


PATHS: Final[dict[str, tuple[str, Callable[[Page], None]]]] = {
    "rules": ("/rules", rules),
    "figures": (NEW_YEAR, figures),
    "condition": ("/conditions/form?place=datong&kind=condition&target=all", condition),
    "trial": ("/trial", household),
    "cases": ("/cases", cases),
}


@pytest.mark.parametrize("name", PATHS)
def test_the_main_path_can_be_gone(small: Tab, name: str) -> None:
    address, path = PATHS[name]
    page = small.go(address)
    path(page)
    fits(page)
    assert not small.complaints


def fits(page: Page) -> None:
    expect(page.locator("main")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    if page.viewport_size == {"width": 360, "height": 640}:
        assert not violations(page)
