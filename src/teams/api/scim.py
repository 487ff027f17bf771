"""SCIM 2.0 under `/scim/v2`: the directory brings who comes, who moves and who leaves (RFC 7643, 7644)."""

import re
from typing import Any
from uuid import UUID

from litestar import Response, Router, delete, get, patch, post, put
from litestar.params import FromPath
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api import scim_groups
from teams.api.scim_answers import answer, base_of, listed, whole
from teams.api.scim_calls import body_of, by_of, needed, page_of, query_of, unchanged, uuid_of
from teams.api.scim_patch import patched, terms_of
from teams.api.scim_shapes import USER, Bad, Resource, fit, parts_of, provider, read, resource_types, schemas
from teams.exchange import directory
from teams.http.wants import Page, Session
from teams.kit.clock import now

_P = "directory"


@get("/ServiceProviderConfig", policy=_P)
async def config(request: Page) -> Response[bytes]:
    return answer(provider(base_of(request)))


@get("/ResourceTypes", policy=_P)
async def all_types(request: Page) -> Response[bytes]:
    found = resource_types(base_of(request))
    return listed(found, total=len(found), first=1, query={})


@get("/ResourceTypes/{name:str}", policy=_P)
async def one_type(request: Page, name: FromPath[str]) -> Response[bytes]:
    return answer(_named(resource_types(base_of(request)), name))


@get("/Schemas", policy=_P)
async def all_schemas(request: Page) -> Response[bytes]:
    found = schemas(base_of(request))
    return listed(found, total=len(found), first=1, query={})


@get("/Schemas/{name:str}", policy=_P)
async def one_schema(request: Page, name: FromPath[str]) -> Response[bytes]:
    return answer(_named(schemas(base_of(request)), name))


@post("/.search", policy=_P, status_code=501)
async def search() -> Response[bytes]:
    raise Bad("Search in one kind at a time: GET /Users or GET /Groups.", None, 501)


@get("/Users", policy=_P)
async def index(request: Page, session: Session) -> Response[bytes]:
    query = query_of(request)
    first, count = page_of(query)
    wanted = _wanted(query.get("filter", ""))
    total, rows = (0, []) if wanted is None else await directory.users(session, first=first - 1, limit=count, **wanted)
    return listed([_shown(request, row) for row in rows], total=total, first=first, query=query)


@post("/Users", policy=_P)
async def create(request: Page, session: Session) -> Response[bytes]:
    wanted = needed(read(await body_of(request), USER))
    wanted.setdefault("active", True)
    made = await directory.create_user(session, wanted, _rules(request), by=by_of(request), at=await now(session))
    return await _answer(request, session, made, status=201)


@get("/Users/{id:uuid}", policy=_P)
async def show(request: Page, id: FromPath[UUID], session: Session) -> Response[bytes]:
    found = await _answer(request, session, id)
    if request.headers.get("if-none-match") == found.headers["ETag"]:
        return Response(b"", status_code=304, headers={"ETag": found.headers["ETag"]})
    return found


@put("/Users/{id:uuid}", policy=_P)
async def replace(request: Page, id: FromPath[UUID], session: Session) -> Response[bytes]:
    stands = await directory.user_for(session, id, lock=True)
    unchanged(request, _shown(request, stands))
    wanted = needed(read(await body_of(request), USER))
    wanted.setdefault("active", stands.active)
    await directory.change_user(session, stands, wanted, _rules(request), by=by_of(request), at=await now(session))
    return await _answer(request, session, id)


@patch("/Users/{id:uuid}", policy=_P)
async def modify(request: Page, id: FromPath[UUID], session: Session) -> Response[bytes]:
    stands = await directory.user_for(session, id, lock=True)
    unchanged(request, _shown(request, stands))
    wanted = needed(patched(directory.resource_of(stands), await body_of(request), USER))
    await directory.change_user(session, stands, wanted, _rules(request), by=by_of(request), at=await now(session))
    return await _answer(request, session, id)


@delete("/Users/{id:uuid}", policy=_P, status_code=204)
async def remove(request: Page, id: FromPath[UUID], session: Session) -> None:
    unchanged(request, _shown(request, await directory.user_for(session, id, lock=True)))
    await directory.delete_user(session, id, by=by_of(request), at=await now(session))


def _named(among: list[Resource], name: str) -> Resource:
    found = next((one for one in among if one["id"].lower() == name.lower()), None)
    if found is None:
        raise Bad("There is nothing here.", None, 404)
    return found


_WORK = re.compile(r'\bemails\[type eq "work"\]\.value\b', re.IGNORECASE)
"""As Entra ID names the address that it looks for."""
_COLUMNS: dict[tuple[str, str | None] | None, str] = {
    ("userName", None): "name", ("externalId", None): "external", ("active", None): "active",
    ("emails", "value"): "mail", (directory.ENTERPRISE, "employeeNumber"): "number",
}  # fmt: skip


def _wanted(text: str) -> dict[str, Any] | None:
    """The filter as the columns that it looks in; None when nothing can fit."""
    found: dict[str, Any] = {}
    for name, value in terms_of(_WORK.sub("emails.value", text)) if text.strip() else ():
        place = parts_of(name, USER)
        if name.lower() == "id":
            column, given = "id", uuid_of(value)
        elif place in _COLUMNS:
            column, given = _COLUMNS[place], fit(value, "boolean" if place == ("active", None) else "string", name)
        else:
            raise Bad("Filter on userName, externalId, id, active, emails.value or employeeNumber.", "invalidFilter")
        if given is None or found.setdefault(column, given) != given:
            return None
    return found


def _rules(request: Page) -> directory.Rules:
    settings = request.app.state.settings
    return directory.Rules(getattr(settings, "oidc_issuer", None) or None, settings.scim_new_people)


def _shown(request: Page, row: Row[Any]) -> Resource:
    return whole(
        directory.resource_of(row), USER, id=row.id, base=base_of(request), created=row.created, changed=row.changed
    )


async def _answer(request: Page, session: AsyncSession, account_id: UUID, *, status: int = 200) -> Response[bytes]:
    row = await directory.user_for(session, account_id)
    return answer(_shown(request, row), status=status, query=query_of(request))


router = Router(
    path="/scim/v2",
    route_handlers=[
        config, all_types, one_type, all_schemas, one_schema, search, index, create, show, replace, modify, remove,
        *scim_groups.HANDLERS,
    ],
)  # fmt: skip
