"""Every feature of the language service as a function to text: what stands in `golden/` under its name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.editing.completion import complete
from engine.editing.hover import hover
from engine.editing.items import Item
from engine.editing.signature import signature
from tests.editing.features_places import PLACES
from tests.editing.features_tidying import TIDYING
from tests.editing.golden_texts import CURSOR, Asked, Feature


def _completion(asked: Asked) -> str:
    """What is offered, as it is written in and told; of a long list the first dozen."""
    items = complete(asked.snapshot, asked.file, asked.offset, asked.language)
    lines = []
    for item in items[:12]:
        insert = "" if item.insert == item.label else f" → `{_with_caret(item)}`"
        lines.append(f"{item.label}{insert} ({item.kind}{': ' if item.detail else ''}{item.detail})")
    more = len(items) - 12
    return "\n".join([*lines, *([f"… {more} more"] if more > 0 else [])]) or "nothing"


def _with_caret(item: Item) -> str:
    at = item.caret
    return item.insert if at is None else f"{item.insert[:at]}{CURSOR}{item.insert[at:]}"


def _hover(asked: Asked) -> str:
    """Lines of files are left out, and all but the first of the cases: both change with every line that is added."""
    found = hover(asked.snapshot, asked.file, asked.offset, asked.language)
    if found is None:
        return "nothing"
    text = re.sub(r"(\.yaml):\d+", r"\1:…", found.text).replace("```", "~~~")
    text = re.sub(r"((?:提到它的用例：|cases that name it: )[^、,\n]*)[、,][^\n]*", r"\1 …", text)
    return f"of `{found.span.text}`\n\n{text}"


def _signature(asked: Asked) -> str:
    found = signature(asked.snapshot, asked.file, asked.offset, asked.language)
    if found is None:
        return "nothing"
    lines = []
    for at, form in enumerate(found.forms):
        start, end, told = form.places[found.place if at == found.form else 0]
        here = f"{form.label[:start]}[{form.label[start:end]}]{form.label[end:]} — {told}"
        lines.append(here if at == found.form else form.label)
    return "\n".join([*lines, found.forms[found.form].documentation])


FEATURES: Mapping[str, Feature] = {
    "completion": _completion,
    "hover": _hover,
    "signature": _signature,
    **PLACES,
    **TIDYING,
}
