"""`doudi explain`: a page for every code, in both languages, and the nearest code to one that is none."""

from __future__ import annotations

import pytest

from engine.cli.status import ANSWERED, MISUSE
from engine.messages import CODES
from engine.reporting.code_page import page_of
from tests.cli.running import Run


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_is_explained(run: Run, language: str) -> None:
    for code, wording in CODES.items():
        ran = run("explain", code, "--lang", language)
        assert ran.status == ANSWERED, code
        assert ran.out.startswith(f"{code}\n")
        opening = (wording.zh if language == "zh" else wording.en).partition("{")[0].strip()[:12]
        assert opening in ran.out.replace("\n", " "), code
        for mark in ("**", "```", "<!--", "## "):
            assert mark not in ran.out, code


def test_what_is_printed_is_what_the_page_says(run: Run) -> None:
    page = page_of("unit-mismatch")
    assert page is not None
    told = "".join(run("explain", "unit-mismatch").out.split())
    for line in page.zh.splitlines():
        assert "".join(line.replace("*", "").split()) in told
    ran = run("explain", "unit-mismatch").out
    assert "    when: 家庭收入 < 保障标准\n" in ran
    assert "    when: 家庭收入 / 家庭人口 < 保障标准\n" in ran
    assert ran.index("错误的写法") < ran.index("→ ") < ran.index("正确的写法")


def test_each_language_has_its_own(run: Run) -> None:
    zh, en = run("explain", "unit-mismatch").out, run("explain", "unit-mismatch", "--lang", "en").out
    assert "怎么办" in zh
    assert "What to do" not in zh
    assert "What to do" in en
    assert "怎么办" not in en


@pytest.mark.parametrize("written", ["`unit-mismatch`", "UNIT-MISMATCH", " unit-mismatch "])
def test_a_code_as_it_may_be_copied(run: Run, written: str) -> None:
    assert run("explain", written).status == ANSWERED


def test_the_nearest_code_is_offered(run: Run) -> None:
    ran = run("explain", "unit-missmatch")
    assert ran.status == MISUSE
    assert "是不是想写 unit-mismatch？" in ran.err
    assert "did you mean unit-mismatch?" in run("explain", "unit-missmatch", "--lang", "en").err


@pytest.mark.parametrize("written", ["nothing-like-it", "../README", "/etc/passwd", ""])
def test_no_code_at_all(run: Run, written: str) -> None:
    ran = run("explain", written)
    assert ran.status == MISUSE
    assert "Traceback" not in ran.err


def test_without_a_code_all_are_listed(run: Run) -> None:
    lines = run("explain").out.splitlines()
    assert [line.split()[0] for line in lines] == sorted(CODES)
    assert "{" not in "".join(lines)
