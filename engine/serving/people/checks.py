"""What a request may look like before anybody looks at who it is from: its host, its origin, where it is sent next.

In: texts of headers.  Out: truths. Imports nothing of the engine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Final

_HOST: Final = re.compile(r"(\[[0-9a-f:.]+\]|[0-9a-z._-]+)(?::([0-9]{1,5}))?", re.IGNORECASE)
_NEXT: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_LOCAL: Final = ("localhost",)


@lru_cache(maxsize=64)  # the same few callers ask again and again
def is_host(host: str, names: Sequence[str]) -> bool:
    """Whether a request was sent to a name of ours. An address is always one: a page of another site that has its name
    lead here sends that name."""
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found[1].lower().removesuffix(".")
    return name in _LOCAL or name in {one.lower() for one in names} or is_address(name.strip("[]"))


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_from(address: str, trusted: Sequence[str]) -> bool:
    """Whether a request came from one of these addresses."""
    return bool(address) and any(_plain(address) == _plain(one) for one in trusted)


def _plain(address: str) -> str:
    """An IPv4 address that a socket for both kinds shows as `::ffff:127.0.0.1` is that address."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)


def is_own(origins: Sequence[str], sites: Sequence[str], host: str) -> bool:
    """Whether a request that changes something comes from a page of ours, as far as the browser says.

    Args:
        origins, sites: every value of `Origin` and of `Sec-Fetch-Site`; no browser sends two.
    """
    ours = (f"http://{host}".lower(), f"https://{host}".lower())
    return all(one in ("same-origin", "none") for one in sites) and all(one.lower() in ours for one in origins)


def after(text: str) -> str:
    """Where to go after signing in: a page of this service, whatever was asked for."""
    return text if _NEXT.fullmatch(text) and not text.startswith(("/login", "/logout", "/enter")) else "/"
