"""Sessions: who signed in, in a cookie that the service signs and keeps nothing of.

In: a secret, a session or a cookie.  Out: the other of the two, and the mark that every form of the session carries.
The sole holder of itsdangerous. Imports the ground floor.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from engine.records import dataclass

LASTS: Final = 12 * 3600
"""seconds: a working day"""
_AHEAD: Final = 60
"""seconds that the clock of a process may be ahead of another's"""


@dataclass(frozen=True, slots=True)
class Session:
    """
    Attributes:
        name: who signed in; "" before anybody did.
        key: drawn anew whenever somebody signs in: what was known of the session before is worth nothing.
        since: when it began, in seconds.
        stamp: of the entry of the person, as it was then.
    """

    name: str
    key: str
    since: int
    stamp: str


def begun(name: str, now: int, stamp: str) -> Session:
    return Session(name, secrets.token_urlsafe(18), now, stamp)


class Sessions:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._sealing = URLSafeSerializer(secret, "session", signer_kwargs={"digest_method": hashlib.sha256})

    def sealed(self, session: Session) -> str:
        return str(self._sealing.dumps([session.name, session.key, session.since, session.stamp]))

    def opened(self, cookie: str, now: int) -> Session | None:
        """None where it was not signed here, or is over."""
        try:
            match self._sealing.loads(cookie):
                case [str() as name, str() as key, int() as since, str() as stamp]:
                    return Session(name, key, since, stamp) if now - LASTS < since <= now + _AHEAD else None
                case _:
                    return None
        except BadSignature:
            return None

    def mark(self, session: Session) -> str:
        """What a form of this session carries, and no other site knows."""
        return hmac.new(self._secret, b"form\0" + session.key.encode(), hashlib.sha256).hexdigest()

    def is_mark(self, session: Session, given: str) -> bool:
        return hmac.compare_digest(self.mark(session).encode(), given.encode("utf-8", "replace"))
