"""Which policies a command is about: those named, else `policies` in the working folder, else those shipped.

In: the folders that the user named.  Out: the folders to read, and a line that says which they are, so that nobody
edits one copy and checks another.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from engine import disk
from engine.records import dataclass
from engine.say import Say

HERE = "policies"


@dataclass(frozen=True, slots=True)
class Homes:
    folders: tuple[str, ...]
    origin: Literal["named", "here", "shipped"]

    @property
    def paths(self) -> list[Path]:
        return [Path(folder) for folder in self.folders]

    def told(self, say: Say) -> str:
        """Which policies they are, in a line; nothing where the user named them."""
        match self.origin:
            case "named":
                return ""
            case "here":
                return say("政策文件：当前文件夹里的 policies", "policy files: the folder `policies` here")
            case "shipped":
                return say(
                    "政策文件：随程序附带的（当前文件夹里没有政策文件夹 policies；用 --policies 指明别的）",
                    "policy files: those shipped (there is no policy folder `policies` here; --policies names another)",
                )


def homes_of(folders: Sequence[str]) -> Homes:
    if folders:
        return Homes(tuple(folders), "named")
    from engine.policy.files import holds_policies
    from engine.resources import policies_root

    if disk.kind(HERE) == "folder" and holds_policies(Path(HERE)):
        return Homes((HERE,), "here")
    return Homes((str(policies_root()),), "shipped")
