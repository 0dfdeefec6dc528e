"""What handlers work with.

In: settings and what is passed in.  Out: `Desk`, one a process; `Rules`, those that a request is about.
Imports live, settings, work and below.
"""

from __future__ import annotations

from jinja2 import Environment
from starlette.requests import Request

from engine.api import Policies
from engine.editing.workspace import Snapshot
from engine.records import dataclass
from engine.serving.live import Live
from engine.serving.logbook import Logbook
from engine.serving.metrics import Metrics
from engine.serving.settings import Settings
from engine.serving.work import Work


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that a page is about: the published ones, or a draft over them."""

    policies: Policies
    snapshot: Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    settings: Settings
    work: Work
    live: Live
    templates: Environment
    metrics: Metrics
    logbook: Logbook

    def rules(self, request: Request) -> Rules:
        del request
        held = self.live.now
        return Rules(held.policies, held.snapshot)


def desk_of(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk
