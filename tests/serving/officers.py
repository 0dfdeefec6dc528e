"""The shipped policies served to several people, with a folder of drafts."""

from __future__ import annotations

from pathlib import Path

from starlette.testclient import TestClient

from engine.serving.drafts.store import Drafts
from engine.serving.settings import Settings
from tests.serving.people.test_gate import HASH
from tests.serving.served import SHIPPED, asked, desk_of, signed_in

USERS = f"""\
format: 1
users:
  - {{name: sheng, label: 省厅, password: "{HASH}", jurisdiction: "14"}}
  - {{name: datong, label: 大同市民政局, password: "{HASH}", jurisdiction: "1402"}}
  - {{name: kan, label: 只看, password: "{HASH}"}}
"""


def officer(folder: Path, name: str = "sheng", also: str = "") -> TestClient:
    """As somebody of the list of users, and of what it has `also`."""
    users = folder / "users.yaml"
    users.write_text(USERS + also, "utf-8")
    client = signed_in(asked(Settings((str(SHIPPED),), drafts=str(folder / "drafts"), users=str(users))), name)
    client.headers["accept-language"] = "zh"
    return client


def drafts(client: TestClient) -> Drafts:
    held = desk_of(client).drafts
    assert held is not None
    return held
