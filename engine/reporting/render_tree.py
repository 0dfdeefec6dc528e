"""`show` without a policy: every policy that was loaded, each below what it amends.

In: the headers of what was loaded, and the names of places.  Out: text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.escaping import Lines
from engine.policy.model import Header
from engine.reporting.layout import Page, columns
from engine.reporting.words import Words


def render_tree(headers: Sequence[Header], places: Mapping[str, str], words: Words, page: Page) -> Lines:
    """Roots in order of id; below each what amends it: amendments first, then by code of territory."""
    rows: list[list[str]] = []
    for root in sorted((one for one in headers if not one.amends), key=lambda one: one.id):
        rows.append([root.id, *_about(root, places, words)])
        _branches(root.id, "", headers, rows, places, words)
    # what amends nothing that was loaded hangs on no branch; it is not passed over
    shown = {row[0].lstrip("│├└─ ") for row in rows}
    rows += [[f"? {one.id}", *_about(one, places, words)] for one in headers if one.id not in shown]
    return Lines.of(page.tone("strong", line) if line[:1].isalnum() else line for line in columns(rows))


def _branches(
    id: str,
    stem: str,
    headers: Sequence[Header],
    rows: list[list[str]],
    places: Mapping[str, str],
    words: Words,
) -> None:
    below = sorted((one for one in headers if one.amends == id), key=_order)
    for place, header in enumerate(below):
        last = place == len(below) - 1
        rows.append([f"{stem}{'└─' if last else '├─'} {header.id}", *_about(header, places, words)])
        _branches(header.id, stem + ("   " if last else "│  "), headers, rows, places, words)


def _order(header: Header) -> tuple[bool, tuple[str, ...], str]:
    return (header.role != "amendment", header.jurisdiction, header.id)


def _about(header: Header, places: Mapping[str, str], words: Words) -> list[str]:
    status = words("amendment") if header.role == "amendment" else words(header.origin.status)
    if header.is_values:
        status = words("values_document")
    if header.role == "amendment" and header.origin.status != "official":
        status += f" {words(header.origin.status)}"
    start = header.origin.start
    since = words("from_day", day=start.isoformat()) if start is not None else ""
    return [
        jurisdiction_name(header.jurisdiction, places),
        header.title,
        status,
        words.clause([header.origin.document, since]),
    ]


def jurisdiction_name(codes: Sequence[str], places: Mapping[str, str]) -> str:
    """`1401 太原市`, `140105 小店区`; a province by its code alone."""
    return "、".join(f"{code} {places.get(code, '')}".strip() for code in codes)
