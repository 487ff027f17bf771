"""SCIM groups: read, written and patched as the directory has them."""

from typing import Any
from uuid import UUID

from litestar import Response, delete, get, patch, post, put
from litestar.params import FromPath
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.scim_answers import answer, base_of, listed, whole
from teams.api.scim_calls import body_of, by_of, needed, page_of, query_of, unchanged, uuid_of
from teams.api.scim_patch import patched, terms_of
from teams.api.scim_shapes import GROUP, Bad, Resource, parts_of, read
from teams.exchange import directory_groups
from teams.exchange.directory_roles import Tie, ties_in
from teams.http.wants import Page, Session
from teams.kit.clock import now

_P = "directory"


@get("/Groups", policy=_P)
async def index(request: Page, session: Session) -> Response[bytes]:
    query = query_of(request)
    first, count = page_of(query)
    wanted = _wanted(query.get("filter", ""))
    total, rows = (
        (0, []) if wanted is None else await directory_groups.groups(session, first=first - 1, limit=count, **wanted)
    )
    return listed([_shown(request, row) for row in rows], total=total, first=first, query=query)


@post("/Groups", policy=_P)
async def create(request: Page, session: Session) -> Response[bytes]:
    wanted = needed(read(await body_of(request), GROUP), "displayName")
    made = await directory_groups.create_group(
        session, wanted, _ties(request), by=by_of(request), at=await now(session)
    )
    return await _answer(request, session, made, status=201)


@get("/Groups/{id:uuid}", policy=_P)
async def show(request: Page, id: FromPath[UUID], session: Session) -> Response[bytes]:
    return await _answer(request, session, id)


@put("/Groups/{id:uuid}", policy=_P)
async def replace(request: Page, id: FromPath[UUID], session: Session) -> Response[bytes]:
    stands = await directory_groups.group_for(session, id, lock=True)
    unchanged(request, _shown(request, stands))
    wanted = needed(read(await body_of(request), GROUP), "displayName")
    await directory_groups.change_group(
        session, stands, wanted, _ties(request), by=by_of(request), at=await now(session)
    )
    return await _answer(request, session, id)


@patch("/Groups/{id:uuid}", policy=_P)
async def modify(request: Page, id: FromPath[UUID], session: Session) -> Response[bytes]:
    stands = await directory_groups.group_for(session, id, lock=True)
    unchanged(request, _shown(request, stands))
    before = directory_groups.resource_of(stands, base_of(request))
    wanted = needed(patched(before, await body_of(request), GROUP), "displayName")
    await directory_groups.change_group(
        session, stands, wanted, _ties(request), by=by_of(request), at=await now(session)
    )
    return await _answer(request, session, id)


@delete("/Groups/{id:uuid}", policy=_P, status_code=204)
async def remove(request: Page, id: FromPath[UUID], session: Session) -> None:
    unchanged(request, _shown(request, await directory_groups.group_for(session, id, lock=True)))
    await directory_groups.delete_group(session, id, _ties(request), by=by_of(request), at=await now(session))


def _wanted(text: str) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    columns = {"displayName": "name", "externalId": "external"}
    for name, value in terms_of(text) if text.strip() else ():
        place = parts_of(name, GROUP)
        given: Any = value
        if name.lower() == "id":
            column, given = "id", uuid_of(value)
        elif place in (("members", None), ("members", "value")):
            column, given = "member", uuid_of(value)
        elif place is not None and place[1] is None and place[0] in columns:
            column = columns[place[0]]
        else:
            raise Bad("Filter on displayName, externalId, id or members.", "invalidFilter")
        if given is None or found.setdefault(column, given) != given:
            return None
    return found


def _ties(request: Page) -> tuple[Tie, ...]:
    try:
        return ties_in(request.app.state.settings.scim_groups)
    except (ValueError, OSError):
        raise Bad("TEAMS_SCIM_GROUPS names a file that cannot be read.", None, 503) from None


def _shown(request: Page, row: Row[Any]) -> Resource:
    base = base_of(request)
    resource = directory_groups.resource_of(row, base)
    return whole(resource, GROUP, id=row.id, base=base, created=row.created, changed=row.changed)


async def _answer(request: Page, session: AsyncSession, group_id: UUID, *, status: int = 200) -> Response[bytes]:
    row = await directory_groups.group_for(session, group_id)
    return answer(_shown(request, row), status=status, query=query_of(request))


HANDLERS = [index, create, show, replace, modify, remove]
