"""The processes that serve.

In: settings, work.  Out: nothing, when they are stopped. Imports app.
"""

from __future__ import annotations

import uvicorn

from engine.serving.app import application
from engine.serving.settings import Settings
from engine.serving.work import Work


def run(settings: Settings, work: Work) -> None:
    uvicorn.run(
        application(settings, work), host=settings.host, port=settings.port, access_log=False, proxy_headers=False
    )
