"""The web application for a test: its routes are drawn up once a worker, what it knows is new every time."""

from functools import cache
from typing import Any

from litestar.datastructures import State

from teams.app import create_app
from teams.http.gate import Gate
from teams.kit.db import Database
from teams.kit.settings import Settings
from teams.web.live import hub_of


def app_for(settings: Settings, database: Database) -> Gate:
    """As `create_app` gives it. Only the last one that was asked for may be used: they share their routes."""
    drawn_up, known = _drawn_up()
    drawn_up.state = State({**known, "database": database, "settings": settings, "live": hub_of(settings)})
    return Gate(drawn_up, database=database, settings=settings)


@cache
def _drawn_up() -> tuple[Any, dict[str, Any]]:
    app = create_app(Settings(database_url="postgresql://nobody@localhost/none")).app
    return app, dict(app.state)
