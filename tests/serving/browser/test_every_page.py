"""What holds of every page: nobody is shut out, nothing is cut off, the keyboard reaches all, no script complains."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, StorageState
from starlette.routing import Route

from engine.serving.app import ROOMS
from engine.serving.drafts.store import Conflict, Draft, Drafts
from engine.serving.people.person import OWNER
from engine.serving.v1 import endpoints
from tests.serving.browser.conftest import Site, Tab, opened, serving

CITY: Final = "cities/taiyuan.yaml"
PAGES: Final[Mapping[str, str]] = {
    "/rules": "/rules",
    "/rules/document/{id}": "/rules/document/taiyuan",
    "/rules/file/{name:path}": "/rules/file/shanxi_2022_60.yaml",
    "/rules/new": "/rules/new",
    "/rules/edit": f"/rules/edit?draft={{draft}}&file={CITY}",
    "/standards": "/standards?city=1402",
    "/standards/new": "/standards/new?place=taiyuan&parameter=dibao_standard",
    "/conditions": "/conditions",
    "/conditions/form": "/conditions/form?place=datong&kind=condition&target=all",
    "/trial": "/trial",
    "/impact": "/impact?draft={draft}",
    "/cases": "/cases",
    "/versions": "/versions",
    "/versions/drafts/{draft:str}": "/versions/drafts/{draft}",
    "/versions/drafts/{draft:str}/aside/{aside:str}": "/versions/drafts/{draft}/aside/{aside}",
    "/versions/commits/{id:str}": "/versions/commits/{commit}",
    "/login": "/login",
}
"""each page by its route, with an address that shows it"""
NO_PAGES: Final = {"/enter"}
"""what is opened, and leads elsewhere"""
LONG: Final = {"/rules/document/{id}", "/rules/file/{name:path}", "/rules/edit"}
"""with more places than anybody goes through one by one; the editor has a test of its own"""
WIDTHS = {"wide": (1280, 900), "zoomed": (640, 450), "phone": (360, 640)}
"""at 200 % a screen of 1280 by 900 has room for 640 by 450"""
STANDARD = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"


def violations(page: Any) -> list[str]:
    """What axe finds against WCAG 2.2, A and AA."""
    found = Axe().run(page, options=STANDARD).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


@dataclass(frozen=True)
class Made:
    """What pages are about that no shipped folder has."""

    draft: str
    aside: str
    commit: str


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("every")) as found:
        yield found


@pytest.fixture(scope="module")
def made(site: Site) -> Made:
    home = site.policies
    drafts = Drafts(home.with_name(f"{home.name}.drafts"), home, lambda: datetime.now(UTC))
    draft = drafts.create(OWNER, "核对")
    assert isinstance(draft, Draft)
    text = (home / CITY).read_text("utf-8")
    assert isinstance(drafts.write(draft.id, CITY, f"{text}# 一\n", drafts.expected(draft, CITY), OWNER), Draft)
    late = drafts.write(draft.id, CITY, f"{text}# 二\n", "of before", OWNER)
    assert isinstance(late, Conflict)
    return Made(draft.id, late.id, committed(home))


def committed(home: Path) -> str:
    """The last of two commits, which changes one line."""
    named = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")

    def git(*asked: str) -> str:
        return subprocess.run(
            ["git", "-C", str(home), *named, *asked], check=True, capture_output=True, text=True
        ).stdout

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "first")
    with (home / "cities" / "yangquan.yaml").open("a", encoding="utf-8") as file:
        file.write("# 核对过\n")
    git("commit", "-qam", "second")
    return git("rev-parse", "HEAD").strip()


def page_of(tab: Tab, name: str, made: Made) -> Any:
    return tab.go(PAGES[name].format(draft=made.draft, aside=made.aside, commit=made.commit))


def test_every_page_is_looked_at() -> None:
    rooms = [room for room in ROOMS if room is not endpoints.ROUTES]
    routes = (route for room in rooms for route in room if isinstance(route, Route))
    assert {one.path for one in routes if "GET" in (one.methods or ())} == {*PAGES, *NO_PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out(tab: Tab, made: Made, name: str) -> None:
    assert not violations(page_of(tab, name, made))


@pytest.fixture(scope="module", params=["zoomed", "phone"])
def small(request: pytest.FixtureRequest, browser: Browser, site: Site, signed_in: StorageState) -> Iterator[Tab]:
    with opened(browser, site, signed_in, *WIDTHS[request.param]) as tab:
        yield tab


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_off(small: Tab, made: Made, name: str) -> None:
    """What is too wide scrolls in a box of its own, never the page."""
    page = page_of(small, name, made)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    assert not violations(page)
    assert not small.complaints


@pytest.mark.parametrize("name", [name for name in PAGES if name not in LONG])
def test_the_keyboard_reaches_everything(tab: Tab, made: Made, name: str) -> None:
    page = page_of(tab, name, made)
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
