"""The address of live pages: `/live?volg=overleg:ID&sinds=MARK` says 'veranderd' when the page should be read again."""

import re
from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.response import Stream

from teams.auth.sessions import digest
from teams.governance.meeting_seen import MARKS
from teams.http.live import Full, Hub, Topic, events
from teams.http.readable import Refused
from teams.http.wants import Page
from teams.kit.settings import Settings
from teams.web.forms import query_of

TOPICS_MOST = 4
MINE = "persoon"
_MARK = re.compile(r"[0-9a-f.]{1,200}")
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


def hub_of(settings: Settings) -> Hub:
    return Hub(settings.direct_database_url or settings.database_url, {"overleg": MARKS})


@get("/live", policy="employee")
async def live(request: Page) -> Response[Any]:
    """Outside the gate's turns: it holds no connection of the pool. `volg=persoon` are my own notices."""
    query, state = query_of(request), request.scope["state"]
    query.only("volg", "sinds")
    topics = _topics(query.many("volg"), state["visitor"].person_id)
    seen = request.headers.get("last-event-id") or query.one("sinds")
    if seen and not _MARK.fullmatch(seen):
        raise Refused(400, "sinds")
    if state["head"]:
        return Response(b"", media_type="text/event-stream", headers=HEADERS)
    hub: Hub = request.app.state.live
    try:
        stream = hub.open(digest(state["session_id"]), topics, seen or None)
    except Full:
        return Response(b"", status_code=429, media_type="text/event-stream", headers={**HEADERS, "retry-after": "60"})
    return Stream(events(hub, stream), media_type="text/event-stream", headers=HEADERS)


def _topics(wanted: list[str], me: UUID) -> list[Topic]:
    if not 0 < len(wanted) <= TOPICS_MOST:
        raise Refused(400, "volg")
    found: list[Topic] = []
    for one in wanted:
        kind, _, id = one.partition(":")
        if one == MINE:
            found.append(("person", me))
            continue
        try:
            found.append((kind, UUID(id)))
        except ValueError:
            raise Refused(400, "volg") from None
        if kind != "overleg":
            raise Refused(400, "volg")
    return found


router = Router(path="/", route_handlers=[live])
