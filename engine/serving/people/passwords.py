"""Passwords, kept as what cannot be turned back.

In: a password, or what is kept of one.  Out: what to keep of it, or whether it is the one.
Kept as `scrypt$N$r$p$SALT$HASH`, the last two in base64: whoever reads the file has to try each password in turn, and
each try costs as much as signing in. Imports the ground floor.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from typing import Final

from engine.records import dataclass

SHORTEST: Final = 10
"""characters of a new password"""
LONGEST: Final = 1024
_FORM: Final = re.compile(
    r"scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([A-Za-z0-9+/=]{16,128})\$([A-Za-z0-9+/=]{32,128})"
)
_N, _R, _P, _BYTES = 1 << 15, 8, 1, 32
_MOST_MEMORY: Final = 1 << 28
"""bytes that one try may take: a line of the file is no way to stop the machine"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a password."""

    n: int
    r: int
    p: int
    salt: bytes
    hash: bytes

    def is_of(self, password: str) -> bool:
        """Takes the same time whatever the answer."""
        return hmac.compare_digest(self._hashed(password), self.hash)

    def _hashed(self, password: str) -> bytes:
        given = password.encode("utf-8", "replace")
        return hashlib.scrypt(
            given, salt=self.salt, n=self.n, r=self.r, p=self.p, maxmem=_MOST_MEMORY, dklen=len(self.hash)
        )

    def __str__(self) -> str:
        salt, hashed = (base64.b64encode(one).decode("ascii") for one in (self.salt, self.hash))
        return f"scrypt${self.n}${self.r}${self.p}${salt}${hashed}"


def kept(password: str) -> Kept:
    """What to keep of a new password."""
    blank = Kept(_N, _R, _P, secrets.token_bytes(16), bytes(_BYTES))
    return Kept(_N, _R, _P, blank.salt, blank._hashed(password))


def read(text: str) -> Kept | None:
    """What is kept of a password, as the file of users has it; None where it is nothing of the kind."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    n, r, p = (int(one) for one in found.groups()[:3])
    if n < 2 or n & (n - 1) or not r or not p or 128 * r * (n + p + 2) > _MOST_MEMORY:
        return None
    try:
        salt, hashed = (base64.b64decode(one, validate=True) for one in found.groups()[3:])
    except binascii.Error:
        return None
    return Kept(n, r, p, salt, hashed)


NOBODYS: Final = Kept(_N, _R, _P, bytes(16), bytes(_BYTES))
"""tried where there is no such person, so that the time does not tell who there is"""
