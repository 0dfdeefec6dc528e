"""A page worked by the keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

FURTHEST = 160
SETTLED = 400
"""milliseconds: after that long a form that was changed has been posted"""
_HERE = """() => {
  const here = document.activeElement, before = window.focusedBefore;
  window.focusedBefore = here;
  const texts = [...(here.labels ?? [])].map((one) => one.textContent);
  const told = document.getElementById(here.getAttribute("aria-labelledby"))?.textContent;
  const name = here.getAttribute("aria-label") ?? told ?? (texts.join(" ") || here.textContent || here.value || "");
  return {
    name: name.replace(/\\s+/g, " ").trim(),
    is: here === document.body ? "" : here.localName,
    seen: here.matches("body, .cm-content") || getComputedStyle(here).outlineStyle !== "none",
    follows: !before?.isConnected || here === document.body || Boolean(before.compareDocumentPosition(here) & 4),
  };
}"""


@dataclass
class Keyboard:
    page: Page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def here(self) -> Any:
        return self.page.evaluate(_HERE)

    def to(self, name: str, kind: str = "", exact: bool = False) -> None:
        """With Tab, to what is called so; on the way the focus is seen, and goes down the page."""
        self.here()
        for _ in range(FURTHEST):
            self.press("Tab")
            here = self.here()
            assert here["is"], f"the end of the page, and no {name}"
            assert here["seen"], f"no focus is seen on {here}"
            assert here["follows"], f"{here} stands above where one came from"
            if (here["name"] == name if exact else name in here["name"]) and kind in ("", here["is"]):
                return
        raise AssertionError(f"the keyboard does not reach {name}")

    def enter(self, name: str, text: str) -> None:
        self.to(name)
        self.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, name: str, option: str) -> None:
        """An option of a list, with the arrows; a script may fill the page in anew at each, and the focus stays."""
        self.to(name, "select")
        self.press("Home")
        for _ in range(FURTHEST):
            shown = self.page.evaluate("() => document.activeElement.selectedOptions?.[0]?.textContent ?? ''")
            if option in shown:
                break
            self.press("ArrowDown")
        else:
            raise AssertionError(f"no {option} in {name}")
        self.page.wait_for_timeout(SETTLED)
        # a page that is made slowly comes later: it is waited for, or it would take the focus from what is reached next
        self.page.wait_for_function("() => !document.querySelector('.htmx-request')")
        assert name in self.here()["name"], "the focus is lost"

    def do(self, name: str, kind: str = "", exact: bool = False) -> None:
        """Presses a button, follows a link; another page comes."""
        self.to(name, kind, exact)
        with self.page.expect_navigation():
            self.press("Enter")

    def leave_editor(self) -> None:
        inside = self.page.locator(".cm-content")
        expect(inside).to_be_focused()
        self.press("Escape", "Tab")
        expect(inside).not_to_be_focused()
