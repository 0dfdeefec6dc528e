"""The file of users: who may sign in, and whose rules each may write.

In: a YAML file, as grammar/users.schema.json has it.  Out: `Users`, or diagnostics with file, line and column.
Imports policy (YAML, fields) and the ground floor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Final

from engine import disk
from engine.diagnostics import Reporter
from engine.errors import EngineError
from engine.policy.build_values import as_items
from engine.policy.fields import Fields
from engine.policy.territory import CODE
from engine.policy.yaml_nodes import MAX_BYTES, decode, read_tree
from engine.records import dataclass
from engine.schema import check_structure
from engine.serving.people.passwords import Kept, read
from engine.serving.people.person import Person
from engine.source import Span
from engine.tree import Scalar, Tree

_STAMP: Final = 16


@dataclass(frozen=True, slots=True)
class User:
    """One entry.

    Attributes:
        password: None for who comes by a reverse proxy only.
        proxy: what the proxy calls them; "" for who signs in here only.
    """

    person: Person
    password: Kept | None
    proxy: str

    @property
    def stamp(self) -> str:
        """Another one as soon as anything of the entry changes: what was signed before is worth nothing then."""
        entry = (self.person, str(self.password), self.proxy)
        return hashlib.sha256(repr(entry).encode()).hexdigest()[:_STAMP]


@dataclass(frozen=True, slots=True)
class Users:
    named: Mapping[str, User] = field(default_factory=dict)
    proxied: Mapping[str, User] = field(default_factory=dict)


def read_users(file: Path) -> Users:
    """
    Raises: EngineError with every fault of the file; DiskFault.
    """
    return users_of(disk.read(file, MAX_BYTES), file.name)


def users_of(data: bytes, name: str) -> Users:
    report = Reporter()
    source = decode(data, name, report)
    tree = None if source is None else read_tree(source, report)
    users = Users() if tree is None else _Reader(report).users(tree)
    if report.has_errors:
        raise EngineError(report.diagnostics)
    return users


class _Reader:
    def __init__(self, report: Reporter) -> None:
        self._report = report
        self._places: dict[tuple[str, str], Span] = {}

    def users(self, tree: Tree) -> Users:
        check_structure(tree, "users", self._report)
        users = [self._user(Fields(one, self._report)) for one in Fields(tree, self._report).items("users")]
        return Users(
            {one.person.name: one for one in users if one.person.name},
            {one.proxy: one for one in users if one.proxy},
        )

    def _user(self, fields: Fields) -> User:
        name, proxy = fields.text("name"), fields.text("proxy")
        for key in ("name", "proxy"):
            self._must_be_alone(key, fields.scalar(key))
        codes = [one for one in as_items(fields.get("jurisdiction")) if isinstance(one, Scalar)]
        for code in codes:
            if not CODE.fullmatch(code.text):
                self._report.tell("bad-form", code.span, key="jurisdiction", value=code.text, form='"1401"')
        person = Person(name, fields.text("label", name), tuple(code.text for code in codes))
        return User(person, self._password(fields.scalar("password")), proxy)

    def _must_be_alone(self, key: str, value: Scalar | None) -> None:
        if value is None:
            return
        first = self._places.setdefault((key, value.text), value.span)
        if first is not value.span:
            self._report.tell("user-twice", value.span, name=value.text, related=[("first-here", first)])

    def _password(self, written: Scalar | None) -> Kept | None:
        if written is None:
            return None
        found = read(written.text)
        if found is None:
            self._report.tell("password-not-hashed", written.span)
        return found
