"""The file of tokens: which systems may call `/v1`.

In: a YAML file, as grammar/tokens.schema.json has it, and what a caller sends.  Out: the name of the caller.
A token is long and random, so that its plain hash tells nothing. Imports policy (YAML, fields) and the ground floor.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from engine import disk
from engine.diagnostics import Reporter
from engine.errors import EngineError
from engine.policy.fields import Fields
from engine.policy.yaml_nodes import MAX_BYTES, decode, read_tree
from engine.records import dataclass
from engine.schema import check_structure
from engine.source import Span

_BYTES: Final = 32
_PREFIX: Final = "sha256$"


@dataclass(frozen=True, slots=True)
class Token:
    name: str
    hash: str


def new_token() -> tuple[str, str]:
    """A token for a caller, and what the file keeps of it."""
    token = secrets.token_urlsafe(_BYTES)
    return token, hashed(token)


def hashed(token: str) -> str:
    return _PREFIX + hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def caller(token: str, tokens: Sequence[Token]) -> str | None:
    """Whose a token is; None where it is nobody's. Each is looked at, so that the time tells nothing."""
    given, found = hashed(token), None
    for one in tokens:
        if hmac.compare_digest(given, one.hash):
            found = one.name
    return found


def read_tokens(file: Path) -> tuple[Token, ...]:
    """
    Raises: EngineError with every fault of the file; DiskFault.
    """
    report = Reporter()
    source = decode(disk.read(file, MAX_BYTES), file.name, report)
    tree = None if source is None else read_tree(source, report)
    tokens: list[Token] = []
    if tree is not None:
        check_structure(tree, "tokens", report)
        first: dict[str, Span] = {}
        for one in Fields(tree, report).items("tokens"):
            fields = Fields(one, report)
            tokens.append(Token(fields.text("name"), fields.text("hash")))
            name = fields.scalar("name")
            if name is not None and first.setdefault(name.text, name.span) is not name.span:
                report.tell("user-twice", name.span, name=name.text, related=[("first-here", first[name.text])])
    if report.has_errors:
        raise EngineError(report.diagnostics)
    return tuple(tokens)
