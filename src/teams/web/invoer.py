"""Imports that wait: the secretary sees what would change, and confirms or refuses."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath

from teams.exchange.waiting import confirm, reject, waiting_for, waiting_imports
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import NotFound, Refusal
from teams.kit.forms import validated
from teams.klussen.forms import ReasonForm
from teams.web.answers import see_other
from teams.web.forms import form_of, query_of
from teams.web.pages import page, sentences, steps


@get("/beheer/invoer", policy="secretary")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    found = await waiting_imports(session, me.actor(), only_open=False)
    return page(request, "invoer/index.html", found=found, done=query_of(request).one("gelukt"))


@get("/beheer/invoer/{import_id:uuid}", policy="secretary")
async def show(request: Page, import_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, import_id)


@post("/beheer/invoer/{import_id:uuid}/bevestiging", policy="secretary")
async def agree(request: Page, import_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("versie")
    version = fields.one("versie")
    try:
        async with session.begin_nested():
            await confirm(
                session, import_id, by=_by(request, me), at=await now(session),
                version=int(version) if version.isdecimal() and len(version) < 9 else None,
            )  # fmt: skip
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, import_id, refusal=refusal)
    return see_other("/beheer/invoer?gelukt=bevestigd")


@post("/beheer/invoer/{import_id:uuid}/afwijzing", policy="secretary")
async def refuse(request: Page, import_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("reden")
    reason = validated(ReasonForm, {"reden": fields.one("reden")}).reden
    await reject(session, import_id, by=_by(request, me), at=await now(session), reason=reason)
    return see_other("/beheer/invoer?gelukt=afgewezen")


async def _show(
    request: Page, session: Any, me: Any, import_id: UUID, *, refusal: Refusal | None = None
) -> Response[str]:
    found = await waiting_for(session, import_id, me.actor())
    return page(
        request, "invoer/show.html", status=status_of(refusal) if refusal else 200, found=found,
        redenen=sentences(request, refusal.reasons) if refusal else [],
        vervolg=steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


def _by(request: Page, me: Any) -> Actor:
    actor: Actor = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    return actor


router = Router(path="/", route_handlers=[index, show, agree, refuse])
