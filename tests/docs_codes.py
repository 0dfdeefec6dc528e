"""The pages on codes in `docs/codes/`: what the program says and what the examples show is put in by this module.

Prose is written by hand, above or below the parts between `<!-- … -->` and `<!-- end -->`. `python -m tests.docs_codes`
rewrites those parts, and begins a page for a code that has none; `test_codes.py` fails where one is out of date.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import PurePosixPath

from engine.messages import CODES
from engine.reporting.code_page import spelt
from tests.code_examples import Example, snippets
from tests.code_examples import examples as all_examples
from tests.code_runs import Found, run
from tests.docs_tables import DOCS

PAGES = DOCS / "codes"
_PART = re.compile(r"(<!-- (message zh|message en|example) -->\n).*?(<!-- end -->)", re.DOTALL)
_NEW = """\
# {code}

## 中文

<!-- message zh -->
<!-- end -->

## English

<!-- message en -->
<!-- end -->

## 例 Example

<!-- example -->
<!-- end -->
"""
_FENCES = {".yaml": "yaml", ".json": "json"}


def message(code: str, language: str) -> str:
    """What it says, and what to do."""
    wording = CODES[code]
    zh = language == "zh"
    advice = [pair[0 if zh else 1] for pair in (wording.hints or {}).values()]
    advice.append(wording.help_zh if zh else wording.help_en)
    lines = [f"**{'提示' if zh else 'It says'}**{'：' if zh else ': '}{spelt(wording.zh if zh else wording.en)}"]
    if any(advice):
        lines += ["", f"**{'怎么办' if zh else 'What to do'}**", ""]
        lines += [f"- {spelt(line)}" for line in advice if line]
    return "\n".join(lines)


def example_text(example: Example) -> str:
    (found, bad), (_, good) = run(example.code, "bad"), run(example.code, "good")
    wrong, right = [], []
    for name, before, after in snippets(example, bad, good):
        told = not before.startswith(("doudi ", "（"))  # a command, or words about a file
        fence = _FENCES.get(PurePosixPath(name).suffix, "text") if told else "text"
        place = f" `{name}`" if told else ""
        wrong.append(f"**错误 Bad**{place}\n\n```{fence}\n{before}\n```")
        right.append(f"**正确 Good**{place}\n\n```{fence}\n{after}\n```")
    return "\n\n".join([*wrong, _said(found), *right])


def _said(found: Found) -> str:
    return "\n".join(f"- {language}: {text}" for language, text in found.said.items())


def rendered(code: str, page: str, examples: Mapping[str, Example]) -> str:
    """A page with its parts made anew."""

    def part(mark: re.Match[str]) -> str:
        if mark[2] != "example":
            made = message(code, mark[2].split()[1])
        elif code in examples:
            made = example_text(examples[code])
        else:
            made = "missing: name a case in tests/cases/codes/by_case.yaml, or write an entry in examples.yaml"
        return f"{mark[1]}{made}\n{mark[3]}"

    return _PART.sub(part, page)


def main(codes: list[str]) -> None:
    PAGES.mkdir(exist_ok=True)
    examples = all_examples()
    for code in codes or CODES:
        path = PAGES / f"{code}.md"
        text = path.read_text(encoding="utf-8") if path.exists() else _NEW.format(code=code)
        if (new := rendered(code, text, examples)) != text or not path.exists():
            path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
