"""The application over a folder of policies, asked without a network by somebody who has signed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from starlette.testclient import TestClient

from engine.serving.app import application
from engine.serving.desk import Desk
from engine.serving.people.person import OWNER
from engine.serving.settings import Settings
from engine.serving.work import Work

SHIPPED = Path(__file__).parents[2] / "policies"
TODAY = date(2023, 6, 15)
NOW = datetime(2023, 6, 15, 9, 0, tzinfo=timezone(timedelta(hours=8)))


def today() -> date:
    return TODAY


def now() -> datetime:
    return NOW


WORK = Work("0", today, now)


def served(folder: Path = SHIPPED, drafts: Path | None = None) -> TestClient:
    """As whoever started the service and followed its link."""
    return signed_in(asked(Settings((str(folder),), "" if drafts is None else str(drafts))))


def asked(settings: Settings, work: Work = WORK) -> TestClient:
    """As nobody yet."""
    app = application(replace(settings, secret=bytes(32)), work)
    return TestClient(app, base_url="http://127.0.0.1:8711", follow_redirects=False)


def signed_in(client: TestClient, name: str = OWNER.name) -> TestClient:
    """As somebody; every request carries the mark of the session."""
    door = desk_of(client).door
    session = door.begin(name)
    client.cookies.set("doudi-8711", door.sessions.sealed(session), domain="127.0.0.1")
    client.headers["x-csrf"] = door.sessions.mark(session)
    return client


def desk_of(client: TestClient) -> Desk:
    desk = client.app.state.desk  # type: ignore[attr-defined] # Starlette's
    assert isinstance(desk, Desk)
    return desk
