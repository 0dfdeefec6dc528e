"""The pictures of the workbench in the documents: `python -m tests.serving.browser.pictures [FOLDER]`.

Each is of a page with something on it that an officer would have there. Needs Chromium and Pillow; run by hand where
pages have changed, and what comes of it is looked at before it is kept.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.serving.browser.conftest import CHROMIUM, serving

DOCS: Final = Path(__file__).parents[3] / "docs" / "images"
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}
ON_A_PHONE: Final = ("trial",)
COLOURS: Final = 255
MOST_BYTES: Final = 120_000
PATIENT: Final = 120_000
COUNTIES: Final = (
    "小店区",
    "迎泽区",
    "杏花岭区",
    "尖草坪区",
    "万柏林区",
    "晋源区",
    "清徐县",
    "阳曲县",
    "娄烦县",
    "古交市",
)
PASTED: Final = "\n".join(f"{name}\t{845 - 12 * place}\t{760 - 9 * place}" for place, name in enumerate(COUNTIES))
Keep = Callable[[str, Page], None]


def of_draft(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query)["draft"][0]


def rules(page: Page, keep: Keep) -> None:
    page.goto("/rules/document/taiyuan?on=2025-06-15&place=140105")
    keep("document", page)


def standards(page: Page, keep: Keep) -> str:
    """The new year's figures of a city, kept in a draft."""
    page.goto("/standards?city=1402&year=2021&year=2023&year=2025")
    keep("standards", page)
    page.get_by_label("哪个地方").select_option(label="太原市")
    page.get_by_role("button", name="录入").click()
    page.get_by_label("施行日期").fill("2027-01-01")
    page.get_by_label("文号").fill("并民发〔2026〕99号")
    page.get_by_label("粘贴在这里").fill(PASTED)
    page.get_by_role("button", name="读进下面的格子").click()
    page.get_by_role("button", name="预览改动").click()
    page.locator("#preview").evaluate("one => one.scrollIntoView()")
    keep("preview", page)
    page.get_by_role("button", name="写入草稿").click()
    page.get_by_text("已写入草稿").wait_for()
    return of_draft(page)


def conditions(page: Page, keep: Keep, draft: str) -> None:
    page.goto(f"/conditions/form?draft={draft}&place=datong&kind=condition&target=all")
    page.get_by_label("名称").fill("没有自费出国留学的成员")
    page.get_by_label("条款").fill("第三条")
    page.get_by_label("从哪一天起").fill("2027-01-01")
    page.get_by_label("下面写的").select_option(label="不得有下面的情形")
    page.get_by_label("怎样的一项").first.select_option(label="任一…满足")
    page.get_by_label("在哪些当中").select_option(value="家庭成员")
    page.get_by_label("怎样的一项").nth(1).select_option(label="是或否")
    page.locator("[id='r.0.r.0.word']").select_option(value="出国留学")
    page.get_by_role("button", name="预览").click()
    page.get_by_text("检查通过").wait_for()
    keep("condition", page)
    page.get_by_role("button", name="写入草稿").click()
    page.get_by_text("已写入草稿").wait_for()


def trial(page: Page, keep: Keep) -> None:
    page.goto("/trial")
    page.locator("[name='v:application_date']").fill("2025-06-15")
    page.locator("[name='v:county']").fill("140105")
    page.locator("button.first[value=try]").first.click()
    page.locator("[name='v:income_12m']").fill("24000")
    page.locator("button.first[value=try]").first.click()
    page.wait_for_load_state("networkidle")
    keep("trial", page)


def impact(page: Page, keep: Keep, draft: str) -> None:
    page.goto(f"/impact?draft={draft}")
    page.get_by_label("多少户").fill("1500")
    page.get_by_role("button", name="看影响").click()
    page.get_by_text("看了 1500 户").wait_for(timeout=PATIENT)
    page.get_by_text("按致贫原因").evaluate("one => one.scrollIntoView()")
    keep("impact", page)


def cases(page: Page, keep: Keep) -> None:
    page.goto("/cases")
    page.locator("#words").fill("taiyuan")
    page.locator("#file").select_option("shanxi_2022_60.yaml")
    page.locator("#run button").click()
    page.locator(".covered").wait_for(timeout=PATIENT)
    page.locator(".covered tr:has-text('conditions:')").first.evaluate("one => one.scrollIntoView()")
    page.wait_for_timeout(300)
    keep("cases", page)


def parts(page: Page, keep: Keep) -> None:
    """While changes are tried: how far it is."""
    page.goto("/cases")
    page.locator("#words").fill("taiyuan")
    page.locator("#mutated").select_option("shanxi_2022_60.yaml")
    page.locator("#run button").click()
    page.locator("#changes progress[value], #changes > p").first.wait_for(timeout=PATIENT)
    keep("cases", page)


def editor(page: Page, keep: Keep, draft: str) -> None:
    page.goto(f"/rules/document/taiyuan?draft={draft}")
    page.get_by_role("button", name="在草稿里编辑").click()
    page.wait_for_selector(".cm-editor")
    page.click(".cm-line:has-text('status: official')")
    page.keyboard.press("End")
    page.keyboard.insert_text("\ntitel: 太原市城乡居民最低生活保障")
    page.locator("[data-here]").get_by_text("titel").first.wait_for(timeout=PATIENT)
    keep("editor", page)


def versions(page: Page, keep: Keep, draft: str) -> None:
    page.goto(f"/versions/drafts/{draft}")
    page.get_by_label("为什么改").fill("新年度标准，并民发〔2026〕99号")
    page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    keep("draft", page)


def drawn(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as held, serving(Path(held)) as site, sync_playwright() as drive:
        chromium = drive.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--lang=zh-CN"])
        context = chromium.new_context(viewport=WIDE, locale="zh-CN", base_url=site.address)
        page, end = context.new_page(), ""

        def keep(name: str, shown: Page) -> None:
            kept(folder / f"workbench-{name}{end}.png", shown.screenshot(animations="disabled"))
            if name in ON_A_PHONE and not end:
                shown.set_viewport_size(PHONE)
                kept(folder / f"workbench-{name}-phone.png", shown.screenshot(animations="disabled"))
                shown.set_viewport_size(WIDE)

        page.goto(site.link)
        rules(page, keep)
        draft = standards(page, keep)
        conditions(page, keep, draft)
        trial(page, keep)
        impact(page, keep, draft)
        cases(page, keep)
        editor(page, keep, draft)
        versions(page, keep, draft)
        end = "-en"
        page.goto("/rules?lang=en")
        for shown in (rules, trial, parts):
            shown(page, keep)
        chromium.close()


def kept(path: Path, shot: bytes) -> None:
    """With few colours, so that the picture is small."""
    from PIL import Image

    with Image.open(io.BytesIO(shot)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size < MOST_BYTES, f"{path}: {path.stat().st_size}"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    target.mkdir(parents=True, exist_ok=True)
    drawn(target)
