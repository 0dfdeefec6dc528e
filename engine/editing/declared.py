"""What a file declares: the elements of a policy document, the places and columns of a table, the bases of cases.

In: a `File`, sound or not.  Out: `Thing`s, in the order of writing.
Imports things, workspace, policy (csv_table, fields) and the ground floor.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.diagnostics import Reporter
from engine.editing.things import Keys, Kind, Thing, entries
from engine.editing.workspace import File
from engine.policy.build import PARTS_KINDS
from engine.policy.csv_table import Row, read_rows
from engine.policy.fields import identifier
from engine.source import Span
from engine.tree import Mapping, Scalar, Tree

ELEMENTS: dict[str, Kind] = {
    "checks": "check",
    "lists": "list",
    "parameters": "parameter",
    "readings": "reading",
    "terms": "term",
    "causes": "cause",
    "requirements": "requirement",
    "outputs": "output",
    "referrals": "referral",
}
"""kinds of elements by the key that holds them"""
_NAMELESS = ("check", "part", "output", "referral", "requirement", "exemption")
"""what no expression speaks of"""
PLACES = ("code", "name", "city_code", "city_name", "parent")


def declared_in(file: File) -> tuple[Thing, ...]:
    match file.kind:
        case "policy" | "overlay" | "values":
            return tuple(_Declared(file).all())
        case "cases":
            return tuple(_of_cases(file))
        case "table":
            return tuple(_of_table(file))
        case "settings" | "other":
            return ()


class _Declared:
    """Reads the declarations of a policy document."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.collections: set[str] = set()

    def all(self) -> Iterator[Thing]:
        for path, key, value in entries(self.file.tree):
            thing = self._in_list(path, value) if key is None else self._at(path, key, value)
            if thing is not None:
                yield thing

    def _in_list(self, path: Keys, value: Tree) -> Thing | None:
        match path:
            case ("assumptions", int(at)) if isinstance(value, Mapping):
                id_, file, text = f"assumptions[{at + 1}]", self.file, value.get("text")
                if isinstance(text, Scalar):
                    return Thing("assumption", file.id, "", id_, "", file.path, text.span, None, value.span, value)
        return None

    def _at(self, path: Keys, key: Scalar, value: Tree) -> Thing | None:
        inner = path[1:] if path[0] == "add" and self.file.kind == "overlay" else path
        match inner:
            case ("policy" | "overlay" | "values",) if isinstance(value, Scalar):
                return self._thing("document", "", value, self.file.tree, self.file.tree.span)
            case ("facts", str(owner), *_):
                return self._fact(owner, inner[2:], key, value)
            case (str(kind), str()) if kind in ELEMENTS:
                return self._thing(ELEMENTS[kind], self._owner(kind, value), key, value)
            case ("readings", str(id_), "options", str()):
                return self._thing("option", id_, key, value)
            case ("terms", str(id_), "choice", str()):
                return self._thing("option", self._of_term(id_), key, value)
            case ("terms", str(id_), str(kind), str()) if kind in PARTS_KINDS:
                return self._thing("part", id_, key, value)
            case ("causes", str(cause), "conditions", str()):
                return self._thing("condition", cause, key, value)
            case ("conditions", str(dotted)) if path[0] == "add":
                return self._thing("condition", dotted.partition(".")[0], _behind_dot(key), value)
            case ("parts", str(dotted)) if path[0] == "add":
                return self._thing("part", dotted.partition(".")[0], _behind_dot(key), value)
            case ("exempt", str(target), "exemptions", str()):
                return self._thing("exemption", target, key, value)
            case ("zones", str()):
                return self._thing("county", "", key, value)
            case ("joining", "cause") if isinstance(value, Scalar):
                return Thing("state", self.file.id, "cause", value.text, value.text, self.file.path, value.span)
            case ("joining", "states", str()):
                return self._thing("state", "", key, value)
        return None

    def _fact(self, owner: str, rest: Keys, key: Scalar, value: Tree) -> Thing | None:
        if not rest:
            if owner == "household" or (self.file.kind == "overlay" and not _is_collection(value)):
                return None
            self.collections.add(owner)
            return self._thing("collection", "", key, value)
        if owner in self.collections:
            if rest[0] != "items":
                return None
            rest = rest[1:]
        inside = "" if owner == "household" else owner
        match rest:
            case (str(),):
                return self._thing("fact", inside, key, value)
            case (str(fact), "choice" | "several", str()):
                return self._thing("option", f"{inside}.{fact}" if inside else fact, key, value)
        return None

    def _owner(self, kind: str, value: Tree) -> str:
        of = value.get("of") if kind in ("terms", "checks", "outputs") and isinstance(value, Mapping) else None
        return of.text.strip() if isinstance(of, Scalar) else ""

    def _of_term(self, id_: str) -> str:
        held: Tree | None = self.file.tree
        for step in (("add",) if self.file.kind == "overlay" else ()) + ("terms", id_):
            held = held.get(step) if isinstance(held, Mapping) else None
        owner = "" if held is None else self._owner("terms", held)
        return f"{owner}.{id_}" if owner else id_

    def _thing(self, kind: Kind, owner: str, key: Scalar, value: Tree, whole: Span | None = None) -> Thing:
        name, at = _named(kind, value)
        if whole is None:
            whole = Span(key.span.source, key.span.start, max(key.span.end, value.span.end))
        return Thing(kind, self.file.id, owner, key.text, name, self.file.path, key.span, at, whole, value)


def _is_collection(value: Tree) -> bool:
    return isinstance(value, Mapping) and (value.key("items") is not None or value.key("counted_in") is not None)


def _behind_dot(key: Scalar) -> Scalar:
    """The second half of `cause.condition`."""
    first, dot, second = key.text.partition(".")
    if key.span.text != key.text:
        return Scalar(key.span, second, key.style)
    return Scalar(key.span.at(len(first) + len(dot), len(key.text)), second, key.style)


def _named(kind: Kind, value: Tree) -> tuple[str, Span | None]:
    """What it may be called beside its id, and where that is written."""
    if kind in _NAMELESS or kind == "document":
        return "", None
    if kind in ("option", "state") and isinstance(value, Scalar):
        return value.text.strip(), value.span
    if not isinstance(value, Mapping):
        return "", None
    name, label = value.get("name"), value.get("label")
    if isinstance(name, Scalar) and (kind == "county" or identifier(name.text.strip())):
        return name.text.strip(), name.span
    if isinstance(label, Scalar) and (kind == "option" or identifier(label.text.strip())):
        return label.text.strip(), label.span
    return "", None


def _of_cases(file: File) -> Iterator[Thing]:
    kinds: dict[str, Kind] = {"bases": "base", "tests": "case"}
    for path, key, value in entries(file.tree):
        if key is not None and len(path) == 2 and path[0] in kinds:
            whole = key.span.to(value.span)
            kind, here = kinds[str(path[0])], str(file.path)
            owner = here if kind == "base" else ""
            yield Thing(kind, here, owner, key.text, "", file.path, key.span, None, whole, value)


# ---- tables


def rows_of(file: File) -> list[Row]:
    """The rows of a table, its header first; none where it cannot be read."""
    return read_rows(file.source, Reporter()) or []


def _of_table(file: File) -> Iterator[Thing]:
    text = file.source.text
    yield Thing("table", str(file.path), str(file.path), file.name, "", file.path, Span(file.source, 0, 0))
    for cell in (rows_of(file) or [()])[0] if text else ():
        if cell.text:
            yield Thing("column", str(file.path), str(file.path), cell.text, "", file.path, cell.span)


def places_in(file: File, document: str) -> Iterator[Thing]:
    """The places of a territory's table: those that contain others where they are first named."""
    rows = rows_of(file)
    if not rows:
        return
    header = [cell.text for cell in rows[0]]
    at = {name: header.index(name) for name in PLACES if name in header}
    seen: set[str] = set()
    for code, name in (("code", "name"), ("city_code", "city_name")):
        for row in rows[1:] if code in at and name in at else ():
            if max(at[code], at[name]) < len(row) and row[at[code]].text not in {*seen, ""}:
                seen.add(row[at[code]].text)
                yield _place(row[at[code]], row[at[name]], document, file.path)


def _place(code: Scalar, name: Scalar, document: str, path: Path) -> Thing:
    return Thing("county", document, "", code.text, name.text, path, code.span, name.span, code.span.to(name.span))
