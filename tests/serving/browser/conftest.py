"""A service over a copy of the shipped policies, and a browser that followed its link."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests.serving.served import SHIPPED

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
STARTED = 60


@dataclass
class Site:
    """Attributes:
    link: what the command prints to open; it works once.
    """

    address: str
    link: str
    policies: Path
    process: subprocess.Popen[str]


@contextmanager
def serving(folder: Path, *options: str, source: Path = SHIPPED) -> Iterator[Site]:
    policies = folder / "policies"
    shutil.copytree(source, policies)
    command = [sys.executable, "-m", "engine", "serve", "--policies", str(policies), "--port", str(_free()), *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "DOUDI_LANG": "zh"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            link = next(line for line in process.stdout if "http://" in line)
            link = link[link.index("http://") :].split()[0]
            yield Site("/".join(link.split("/")[:3]), link, policies, process)
        finally:
            process.terminate()
            process.wait(STARTED)


def _free() -> int:
    import socket

    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module only: while it is open, an event loop runs in which no other test could have its own."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as drive:
        started = drive.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--lang=zh-CN"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, site: Site) -> StorageState:
    """The cookies of whoever followed the link."""
    context = browser.new_context()
    context.new_page().goto(site.link)
    held = context.storage_state()
    context.close()
    return held


@dataclass
class Tab:
    """A page of the browser, and what its console complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        answered = self.page.goto(self.address + path)
        assert answered is not None
        assert answered.status == 200, f"{path}: {answered.status}"
        return self.page


@pytest.fixture
def tab(browser: Browser, site: Site, signed_in: StorageState) -> Iterator[Tab]:
    with opened(browser, site, signed_in) as found:
        yield found
    assert not found.complaints


@contextmanager
def opened(
    browser: Browser, site: Site, cookies: StorageState, width: int = 1280, height: int = 900, *, script: bool = True
) -> Iterator[Tab]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        storage_state=cookies,
        java_script_enabled=script,
    )
    page = context.new_page()
    found = Tab(page, site.address)
    page.on("console", lambda said: found.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: found.complaints.append(str(fault)))
    yield found
    context.close()
