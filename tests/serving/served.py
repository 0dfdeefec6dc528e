"""The application over a folder of policies, asked without a network."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from starlette.testclient import TestClient

from engine.serving.app import application
from engine.serving.settings import Settings
from engine.serving.work import Work

SHIPPED = Path(__file__).parents[2] / "policies"
TODAY = date(2023, 6, 15)


def today() -> date:
    return TODAY


def now() -> datetime:
    return datetime(TODAY.year, TODAY.month, TODAY.day, 8, tzinfo=UTC)


def work() -> Work:
    return Work("0", today, now)


def served(folder: Path = SHIPPED, drafts: Path | None = None) -> TestClient:
    settings = Settings((str(folder),), "" if drafts is None else str(drafts))
    return TestClient(application(settings, work()), base_url="http://127.0.0.1:8711", follow_redirects=False)
