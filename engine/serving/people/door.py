"""Who somebody is who asks: by a signed cookie, by what a reverse proxy says, by a token.

In: the settings, what a request carries.  Out: a `Person` with their session, or who calls `/v1`, or nobody.
Imports keys, passwords, sessions, throttle, tokens, users, settings and the ground floor.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias

from starlette.datastructures import Headers

from engine import disk
from engine.errors import EngineError
from engine.policy.yaml_nodes import MAX_BYTES
from engine.serving.people.keys import used_first
from engine.serving.people.passwords import LONGEST, NOBODYS
from engine.serving.people.person import OWNER, Person
from engine.serving.people.sessions import Session, Sessions, begun
from engine.serving.people.throttle import Throttle
from engine.serving.people.tokens import caller, read_tokens
from engine.serving.people.users import User, Users, users_of
from engine.serving.settings import Settings

RawHeaders: TypeAlias = Sequence[tuple[bytes, bytes]]
"""as a request brings them, their names in small letters"""
_STAMP: Final = 16
_BEARER: Final = "bearer "


class Door:
    """
    Args:
        now: the time, for sessions and tries.
    Raises: EngineError where the file of users or of tokens is faulty; DiskFault.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.sessions = Sessions(settings.secret or secrets.token_bytes(32))
        self.throttle = Throttle(Path(settings.shared) / "tries.json" if settings.shared else None)
        self._now = now
        self._tokens = read_tokens(Path(settings.tokens)) if settings.tokens else ()
        self._read = b""
        self._users = Users()
        if settings.users:
            self._read = disk.read(settings.users, MAX_BYTES)
            self._users = users_of(self._read, Path(settings.users).name)

    @property
    def now(self) -> int:
        return int(self._now().timestamp())

    @property
    def users(self) -> Users:
        """As the file is now: whoever was struck out is out. A file that became faulty changes nothing."""
        if self.settings.users:
            try:
                data = disk.read(self.settings.users, MAX_BYTES)
                if data != self._read:
                    self._read, self._users = data, users_of(data, Path(self.settings.users).name)
            except EngineError:
                pass
        return self._users

    # ---- sessions

    def session(self, cookie: str) -> tuple[Person | None, Session | None]:
        """Who a cookie stands for. A session of nobody yet is one, too: it is of who looks at the form to sign in."""
        held = self.sessions.opened(cookie, self.now) if cookie else None
        if held is None:
            return None, None
        if not held.name:
            return None, held
        stamp, person = self._known(held.name)
        return (person, held) if person is not None and hmac.compare_digest(stamp, held.stamp) else (None, None)

    def begin(self, name: str = "") -> Session:
        """A session that was not there before; without a name of nobody yet."""
        return begun(name, self.now, self._known(name)[0] if name else "")

    def _known(self, name: str) -> tuple[str, Person | None]:
        if not self.settings.users:
            return self.settings.link[:_STAMP], OWNER if name == OWNER.name else None
        user = self.users.named.get(name)
        return ("", None) if user is None else (user.stamp, user.person)

    # ---- ways in

    def follow(self, token: str) -> Person | None:
        """Who follows the link that the service was started with, once."""
        link = hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
        if not self.settings.link or self.settings.users or not hmac.compare_digest(link, self.settings.link):
            return None
        if not self.settings.drafts or used_first(Path(self.settings.drafts), link):
            return OWNER
        return None

    def check(self, name: str, password: str) -> Person | None:
        """Whose name and password these are; it takes as long where there is no such person."""
        user = self.users.named.get(name)
        kept = NOBODYS if user is None or user.password is None else user.password
        right = kept.is_of(password[:LONGEST]) and len(password) <= LONGEST
        return user.person if right and user is not None and user.password is not None else None

    def brought(self, values: Sequence[str]) -> User | None:
        """Who a reverse proxy says it is.

        Args:
            values: every value of its header; of several nobody knows which one is the proxy's.
        """
        return self.users.proxied.get(values[0]) if len(values) == 1 else None

    def calls(self, headers: RawHeaders, *, by_proxy: bool) -> str | None:
        """Which system calls `/v1`, or whom of a proxy's users; with neither set up, whatever program runs on this
        machine."""
        settings = self.settings
        if settings.tokens:
            given = Headers(raw=list(headers)).get("authorization", "")
            is_bearer = given[: len(_BEARER)].lower() == _BEARER
            return caller(given[len(_BEARER) :].strip(), self._tokens) if is_bearer else None
        if settings.proxy_header and by_proxy:
            user = self.brought(Headers(raw=list(headers)).getlist(settings.proxy_header))
            return None if user is None else user.person.name
        return None if settings.users else ""
