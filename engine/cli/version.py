"""What the installed distribution says of itself: its version, and where its documentation is on the web.

Out: texts; "" where it says nothing. A checkout that was never installed says nothing.
What reads it is imported on use: it reads mail too, and few commands tell their version.
"""

from __future__ import annotations

_DISTRIBUTION = "doudi"


def installed_version() -> str:
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        return str(metadata(_DISTRIBUTION)["Version"])
    except PackageNotFoundError:
        return "0+source"


def pages_address() -> str:
    """The address of the folder of the pages on codes, ending in `/`: below the project's `Documentation` address."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        addresses = metadata(_DISTRIBUTION).get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    for entry in addresses:
        name, _, address = str(entry).partition(", ")
        if name.lower() == "documentation":
            return f"{address.rstrip('/')}/codes/"
    return ""
