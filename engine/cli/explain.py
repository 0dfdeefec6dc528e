"""`doudi explain CODE`: what a diagnostic's code means, with a bad and a good example.

In: a code.  Out: its page (`docs/codes/CODE.md`) in the reader's language, on standard output.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import click

from engine.cli.command import Command, Misuse, did_you_mean, language_option
from engine.cli.status import ANSWERED
from engine.cli.terminal import page_for, write
from engine.diagnostics import Language
from engine.escaping import Lines, joined
from engine.messages import CODES
from engine.reporting.code_page import CodePage, page_of, spelt
from engine.reporting.layout import Page
from engine.say import Say
from engine.suggest import nearest

_BAD_AND_GOOD = {"错误 Bad": ("错误的写法", "bad"), "正确 Good": ("正确的写法", "good")}
_STRONG = re.compile(r"\*\*(.+?)\*\*(.*)")
_SAID = re.compile(r"- (zh|en): (.*)")


def command(say: Say) -> Command:
    return Command(
        "explain",
        say,
        _explain,
        [
            click.Argument(["code"], required=False, metavar=say("[代码]", "[CODE]")),
            language_option(say),
        ],
        say(
            "解释一个提示代码：是什么意思，怎么改，附错误和正确的例子。代码是提示里 error、warning、info 后面的词。"
            "\n\n不写代码，列出全部代码。",
            "Explains a diagnostic's code: what it means, what to do, with a bad and a good example. The code is the "
            "word after error, warning or info in a diagnostic.\n\n"
            "Without a code, lists them all.",
        ),
    )


@click.pass_context
def _explain(ctx: click.Context, code: str | None, language: Language) -> int:
    say = Say(language)
    if code is None:
        for name in sorted(CODES):
            write(f"{name}  {spelt(say(CODES[name].zh, CODES[name].en))}")
        return ANSWERED
    wanted = code.strip().strip("`").lower()
    if wanted not in CODES:
        guess = nearest(wanted, CODES)
        raise Misuse(say(f"没有提示代码 {code}", f"there is no code {code}") + did_you_mean(guess, say), ctx)
    page = page_of(wanted)
    if page is None:
        raise Misuse(say(f"没有 {wanted} 的说明", f"there is no page on {wanted}"), ctx)
    write(Lines.of(render_page(page, language, page_for(sys.stdout))))
    return ANSWERED


def render_page(page: CodePage, language: Language, layout: Page) -> list[str]:
    """The page for a terminal: its part in one language and the examples, Markdown's marks turned into layout."""
    lines: list[str] = [layout.tone("strong", page.code), ""]
    for text in (Say(language)(page.zh, page.en), page.example):
        lines += _set(text, language, layout)
        lines.append("")
    return lines[:-1]


def _set(markdown: str, language: Language, layout: Page) -> Iterator[str]:
    in_code = False
    for line in markdown.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        elif in_code:
            yield f"    {line}"
        elif said := _SAID.fullmatch(line):
            if said[1] == language:
                yield from layout.paragraph(f"→ {said[2]}", indent=4, hanging=6)
        elif line.startswith("- "):
            yield from layout.paragraph(line, indent=2, hanging=4)
        elif strong := _STRONG.fullmatch(line):
            yield from _strong(strong[1], strong[2], language, layout)
        elif line:
            yield from layout.paragraph(line)
        else:
            yield ""


def _strong(words: str, rest: str, language: Language, layout: Page) -> list[str]:
    if words in _BAD_AND_GOOD:
        name = Say(language)(*_BAD_AND_GOOD[words])
        return [joined(layout.tone("strong", name), rest.replace("`", ""))]
    first, *others = layout.paragraph(words + rest)
    return [joined(layout.tone("strong", words), first.removeprefix(words)), *others]
