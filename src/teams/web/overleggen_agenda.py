"""What stands around meetings: addresses for calendar programs, and the list that a team goes through each time."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.feeds import create_feed, feed_by_secret, feeds_of, revoke_feed
from teams.auth.models import Visitor
from teams.exchange.agenda import calendar_of
from teams.governance.actions.meeting_work import add_standing, end_standing
from teams.governance.meeting_forms import StandingForm
from teams.governance.queries import members_at, own_roles
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.kit.errors import Invalid, NextStep, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.structure.moment import Moment
from teams.structure.queries import team_for
from teams.web import overleg
from teams.web.answers import see_other
from teams.web.forms import form_of, query_of
from teams.web.once import once
from teams.web.pages import page, sentences
from teams.web.pages import steps as next_steps

_LIST = text(
    """
    select s.id, s.kind, s.label, (select v.name from role_version v where v.role_id = s.role_id and upper_inf(v.recorded)
        order by lower(v.valid) desc limit 1) as role
    from standing_item s where s.team_id = :team and s.ended_at is null order by s.at, s.id
    """
)


@get("/agenda/{name:str}", policy="public")
async def calendar(request: Page, name: FromPath[str], session: Session) -> Response[bytes]:
    """For programs that cannot log in: whoever has the address reads it, until its owner revokes it."""
    secret, _, ending = name.partition(".")
    feed = await feed_by_secret(session, secret) if ending == "ics" else None
    if feed is None:
        raise NotFound(
            Reason("onbekend", N_("Dit agenda-adres is er niet, of niet meer.")),
            then=(NextStep(N_("Maak op je profiel een nieuw adres."), "/profiel/agenda"),),
        )
    made = await calendar_of(session, feed, _base(request), at=datetime.now(UTC))
    return Response(made, media_type="text/calendar", headers={"Cache-Control": "private, no-store"})


@get("/profiel/agenda", policy="employee")
async def feeds(request: Page, session: Session, me: Me) -> Response[str]:
    return await _feeds(request, session, me)


@post("/profiel/agenda", policy="employee")
async def make_feed(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("team")
    try:
        async with session.begin_nested():
            secret = await create_feed(session, by=_by(request, me), team=_team(fields.one("team")))
    except Refusal as refusal:
        return await _feeds(request, session, me, refusal=refusal)
    return await _feeds(request, session, me, fresh=f"{_base(request)}/agenda/{secret}.ics")


@post("/profiel/agenda/{feed_id:uuid}/intrekking", policy="employee")
async def end_feed(request: Page, feed_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    await revoke_feed(session, feed_id, by=_by(request, me))
    return see_other("/profiel/agenda")


@get("/teams/{team_id:uuid}/lijst", policy="employee")
async def standing(request: Page, team_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    query_of(request).only()
    return await _standing(request, session, me, team_id)


@post("/teams/{team_id:uuid}/lijst", policy="employee")
async def add(request: Page, team_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _add(request, team_id, session, me))


async def _add(request: Page, team_id: UUID, session: AsyncSession, me: Visitor) -> Response[Any]:
    fields = await form_of(request)
    fields.only("soort", "rol", "label")
    try:
        async with session.begin_nested():
            values = {"soort": fields.one("soort"), "rolId": fields.one("rol"), "label": fields.one("label")}
            form = validated(StandingForm, values)
            await add_standing(session, team_id, form, by=_by(request, me), at=await now(session))
    except Refusal as refusal:
        return await _standing(request, session, me, team_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/teams/{team_id}/lijst")


@post("/lijst/{standing_id:uuid}/einde", policy="employee")
async def end(request: Page, standing_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    team = await end_standing(session, standing_id, by=_by(request, me), at=await now(session))
    return see_other(f"/teams/{team}/lijst")


async def _feeds(
    request: Page, session: AsyncSession, me: Visitor, *, fresh: str = "", refusal: Refusal | None = None
) -> Response[str]:
    roles = await own_roles(session, me.actor(), at=datetime.now(UTC))
    return page(
        request, "profiel/agenda.html", status=status_of(refusal) if refusal else 200, fresh=fresh,
        feeds=await feeds_of(session, me.account_id), teams={role.team_id: role.team for role in roles},
        redenen=sentences(request, refusal.reasons) if refusal else [], vervolg=next_steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


async def _standing(
    request: Page, session: AsyncSession, me: Visitor, team_id: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    team = await team_for(session, team_id, me.actor(), Moment(at, at, at))
    roles = [role for role in await own_roles(session, me.actor(), at=at) if role.team_id == team_id]
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    texts = sentences(request, refusal.reasons) if refusal else []
    return page(
        request, "overleggen/lijst.html", status=status_of(refusal) if refusal else 200, team=team, o=overleg, roles=roles,
        rows=list((await session.execute(_LIST, {"team": team_id})).all()), typed=typed or {},
        lid=me.person_id in {one.id for one in await members_at(session, team_id, at=at)},
        fouten=dict(zip(("rol" if name == "rolId" else name for name in fields), texts, strict=True)) if fields else {},
        redenen=[] if fields else texts, vervolg=next_steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


def _base(request: Page) -> str:
    return str(request.base_url).rstrip("/")


def _team(value: str) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        raise NotFound(Reason("onbekend", N_("Dit team bestaat niet."))) from None


def _by(request: Page, me: Visitor) -> Any:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


router = Router(path="/", route_handlers=[calendar, feeds, make_feed, end_feed, standing, add, end])
