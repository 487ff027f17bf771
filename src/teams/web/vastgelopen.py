"""A team whose deciding no longer works: said, taken over by the team above, and over again (rule 34)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.governance.actions.breakdowns import declare_breakdown, end_breakdown, take_over
from teams.governance.breakdowns import breakdowns_of, declares_as, takers
from teams.governance.direction_forms import BreakdownForm
from teams.governance.fillers import core_roles
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.structure.models import CoreRole
from teams.structure.moment import Moment
from teams.structure.queries import team_for
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of, query_of
from teams.web.pages import page
from teams.web.verkiezingen import by_of, problems

AS = {
    "begeleider": N_("begeleider"),
    "teamsecretaris": N_("teamsecretaris"),
    "rolverdeler": N_("rolverdeler"),
    "lid": N_("lid van het team erboven"),
    "indiener": N_("indiener van een voorstel dat verviel"),
}
Act = Callable[[AsyncSession, UUID, Fields, Actor, datetime], Awaitable[Any]]


async def _declare(session: AsyncSession, team_id: UUID, fields: Fields, by: Actor, at: datetime) -> None:
    await declare_breakdown(session, team_id, _form(fields), by=by, at=at)


async def _take(session: AsyncSession, team_id: UUID, fields: Fields, by: Actor, at: datetime) -> None:
    fields.only()
    await take_over(session, team_id, by=by, at=at)


async def _end(session: AsyncSession, team_id: UUID, fields: Fields, by: Actor, at: datetime) -> None:
    await end_breakdown(session, team_id, _form(fields), by=by, at=at)


def _form(fields: Fields) -> BreakdownForm:
    fields.only("tekst")
    return validated(BreakdownForm, {"tekst": fields.one("tekst")})


_ACTS: dict[str, Act] = {"melding": _declare, "overname": _take, "einde": _end}


@get("/teams/{team_id:uuid}/vastgelopen", policy="employee")
async def show(request: Page, team_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    query_of(request).only()
    return await _page(request, session, me, team_id)


@post("/teams/{team_id:uuid}/vastgelopen/{verb:str}", policy="employee")
async def act(request: Page, team_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me) -> Response[Any]:
    if verb not in _ACTS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    fields, by, at = await form_of(request), by_of(request, me), await now(session)
    try:
        async with session.begin_nested():
            await _ACTS[verb](session, team_id, fields, by, at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, session, me, team_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/teams/{team_id}/vastgelopen")


async def _page(
    request: Page, session: AsyncSession, me: Visitor, team_id: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    team = await team_for(session, team_id, me.actor(), Moment(at, at, at))
    rows = await breakdowns_of(session, team_id)
    going = rows[0] if rows and rows[0].ended_at is None else None
    declares = await declares_as(session, team_id, me.person_id, at=at)
    able = (
        (await takers(session, team_id, going.declared_by, at=at))[2] if going and not going.taken_at else frozenset()
    )
    ends = going is not None and (me.person_id == going.taken_by if going.guides else declares is not None)
    lead = (await core_roles(session, team_id, at=at)).get(CoreRole.CIRCLE_LEAD, (None, []))[0]
    return page(
        request, "teams/vastgelopen.html", status=status_of(refusal) if refusal else 200, team=team, nu=going, als=AS,
        eerder=[row for row in rows if row.ended_at is not None], meldt=going is None and declares is not None,
        neemt=me.person_id in able, sluit=ends, ik=me.person_id, rolverdeler=lead, typed=typed or {}, **problems(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[show, act])
