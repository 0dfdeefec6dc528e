"""What a browser would send of a form, from the form as it is made and from the page as it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from engine.serving.forms import Field, Form, Option


def pairs_of(form: Form) -> Iterator[tuple[str, str]]:
    fields = [*form.placing, *form.asked, *form.fields, *form.more]
    for one in form.lists:
        yield f"n:{one.id}", str(one.count)
        yield from ((f"j:{one.id}[{index}]", text) for index, text in one.kept)
        yield from _chosen(f"m:{one.id}", one.modes)
        fields += [field for item in one.items for field in (*item.fields, *item.more)]
    for field in fields:
        yield from _of_field(field)


def _of_field(field: Field) -> Iterator[tuple[str, str]]:
    if field.options:
        yield from _chosen(f"v:{field.name}", field.options)
    else:
        yield f"v:{field.name}", field.text
    if field.unknown:
        yield f"u:{field.name}", "1"
    yield from _chosen(f"m:{field.name}", field.modes)


def _chosen(name: str, options: tuple[Option, ...]) -> Iterator[tuple[str, str]]:
    yield from ((name, one.value) for one in options if one.chosen)


class Page(HTMLParser):
    """A page as it is read: the fields of its first form, its text but for captions, what it is made of.

    Attributes:
        tags: every element with its attributes.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._form = 0
        self._select = ""
        self._area = ""
        self._in_caption = False
        self.feed(text)

    @property
    def text(self) -> str:
        return "".join("".join(self.texts).split())

    def has(self, tag: str, **attributes: str) -> bool:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return any(name == tag and wanted.items() <= held.items() for name, held in self.tags)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        self.tags.append((tag, held))
        self._form += tag == "form"
        self._in_caption = tag == "caption"
        if self._form != 1:
            return
        match tag:
            case "input" if held.get("type") not in ("radio", "checkbox") or "checked" in held:
                self.pairs.append((held["name"], held.get("value", "")))
            case "select":
                self._select = held["name"]
            case "option" if "selected" in held:
                self.pairs.append((self._select, held["value"]))
            case "textarea":
                self._area = held["name"]
                self.pairs.append((self._area, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        self._in_caption = False

    def handle_data(self, data: str) -> None:
        if self._area and self._form == 1:
            self.pairs[-1] = (self._area, self.pairs[-1][1] + data.removeprefix("\n"))
        if not self._in_caption:
            self.texts.append(data)
