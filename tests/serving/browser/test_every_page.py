"""What holds of every page: nobody is shut out, nothing is cut off, the keyboard reaches all, no script complains."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, StorageState

from tests.serving.browser.conftest import Site, Tab, opened

PAGES = {
    "rules": "/rules",
    "document": "/rules/document/taiyuan",
    "file": "/rules/file/shanxi_2022_60.yaml",
    "standards": "/standards?city=1402",
    "conditions": "/conditions",
    "trial": "/trial",
    "impact": "/impact",
    "cases": "/cases",
    "versions": "/versions",
}
WIDTHS = {"wide": (1280, 900), "zoomed": (640, 450), "phone": (360, 640)}
"""at 200 % a screen of 1280 by 900 has room for 640 by 450"""
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"


def violations(page: Any) -> list[str]:
    """What axe finds against WCAG 2.2, A and AA."""
    found = Axe().run(page, options=STANDARD).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out(tab: Tab, name: str) -> None:
    assert not violations(tab.go(PAGES[name]))


@pytest.mark.parametrize("size", ["zoomed", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off(browser: Browser, site: Site, signed_in: StorageState, name: str, size: str) -> None:
    """What is too wide scrolls in a box of its own, never the page."""
    with opened(browser, site, signed_in, *WIDTHS[size]) as tab:
        page = tab.go(PAGES[name])
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert not violations(page)


@pytest.mark.parametrize("name", [name for name in PAGES if name not in ("file", "document")])
def test_the_keyboard_reaches_everything(tab: Tab, name: str) -> None:
    page = tab.go(PAGES[name])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main", "the way past the navigation"
    most = 60
    wanted = page.evaluate(
        f"""[...document.querySelectorAll("{FOCUSABLE}")].filter(one => one.checkVisibility()
            && !one.disabled && !(one.type === 'radio' && !one.checked)).length"""
    )
    reached = set()
    for _ in range(min(wanted, most)):
        if page.evaluate("document.activeElement === document.body"):
            break  # all were reached, and the browser's own buttons come next
        reached.add(page.evaluate(f'[...document.querySelectorAll("{FOCUSABLE}")].indexOf(document.activeElement)'))
        shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert shown != "none", page.evaluate("document.activeElement.outerHTML")[:200]
        page.keyboard.press("Tab")
    assert len(reached) >= min(wanted, most) - 2, "no place holds the focus"
