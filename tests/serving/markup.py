"""A page as a browser takes it: its elements, its links, its text; and what no page may hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

HOSTILE = (
    '<script>alert(1)</script>"onmouseover="alert(2)" \'><img src=x onerror=alert(3)>'
    "{{7919*7907}}</textarea></pre>{% x %}"
)
"""behind a text: every way out of where it stands"""
_ADDRESSES = ("href", "src", "action", "formaction")


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]


@dataclass
class Markup(HTMLParser):
    html: str
    elements: list[Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [one.attributes for one in self.elements if one.tag == tag]

    @property
    def ids(self) -> list[str]:
        return [one.attributes["id"] for one in self.elements if "id" in one.attributes]

    @property
    def links(self) -> list[str]:
        return [one["href"] for one in self.all("a") if "href" in one]


def assert_harmless(html: str) -> Markup:
    """Nothing that somebody wrote became markup, an address of another kind, or was worked out."""
    page = Markup(html)
    for one in page.elements:
        for name, value in one.attributes.items():
            assert not name.startswith("on"), (one.tag, name)
            assert name != "style", one.tag
            if name in _ADDRESSES:
                assert value.startswith(("/", "#", "?", "https://", "http://")), value
        if one.tag == "script":
            assert one.attributes.get("src", "").startswith("/static/"), one.attributes
        assert one.tag not in ("img", "iframe", "object", "style", "base"), one.tag
    assert str(7919 * 7907) not in html, "a template was worked out"
    assert len(page.ids) == len(set(page.ids)), sorted(one for one in page.ids if page.ids.count(one) > 1)
    return page
