"""Where a team is heading: strategy, priorities and who answers for it, set by the rolverdeler (rules 8, 12)."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.governance.actions.direction import set_direction
from teams.governance.direction import direction_in, leads_of, version_of
from teams.governance.direction_forms import DirectionForm
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.kit.errors import Invalid, NotFound, Refusal
from teams.kit.forms import validated
from teams.structure.queries import roles_of, team_for
from teams.web.answers import see_other
from teams.web.forms import form_of
from teams.web.moments import ask
from teams.web.once import once
from teams.web.pages import page, sentences
from teams.web.pages import steps as next_steps
from teams.web.since import since
from teams.web.verkiezingen import by_of


@get("/teams/{team_id:uuid}/koers", policy="employee")
async def show(request: Page, team_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _page(request, session, me, team_id)


@post("/teams/{team_id:uuid}/koers", policy="employee")
async def save(request: Page, team_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _save(request, team_id, session, me))


async def _save(request: Page, team_id: UUID, session: AsyncSession, me: Visitor) -> Response[Any]:
    fields = await form_of(request)
    fields.only("versie", "stond", "strategie", "prioriteiten", "aanspreekrol")
    lines = {
        name: [line for line in fields.one(name).splitlines() if line.strip()] for name in ("strategie", "prioriteiten")
    }
    values = {"versie": fields.one("versie"), **lines, "aanspreekrolId": fields.one("aanspreekrol") or None}
    try:
        async with session.begin_nested():
            form = validated(DirectionForm, values)
            await set_direction(session, team_id, form, by=by_of(request, me), at=await now(session))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _page(request, session, me, team_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/teams/{team_id}#koers")


async def _page(
    request: Page, session: AsyncSession, me: Visitor, team_id: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    asked = await ask(request, session)
    asked.query.only("op", "bekend")
    team = await team_for(session, team_id, me.actor(), asked.moment)
    seen = direction_in(team.direction)
    _, leading, people = await leads_of(session, team_id, at=asked.moment.now)
    stands = {
        "strategie": "\n".join(words for _, words in seen.strategies),
        "prioriteiten": "\n".join(words for _, words in seen.priorities),
        "aanspreekrol": str(seen.contact["role_id"]) if seen.contact else "",
    }
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    texts = sentences(request, refusal.reasons) if refusal else []
    names = ("aanspreekrol" if name == "aanspreekrolId" else name for name in fields)
    return page(
        request, "teams/koers.html", status=status_of(refusal) if refusal else asked.status, vraag=asked, team=team, koers=seen, waarden=typed or stands,
        sinds=since(await version_of(session, team_id), stands, typed, refusal),
        mag=asked.moment.is_now and me.person_id in people, verdeelt=leading, rollen=await roles_of(session, team_id, asked.moment),
        fouten=dict(zip(names, texts, strict=True)) if fields else {}, redenen=[] if fields else texts,
        vervolg=next_steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


router = Router(path="/", route_handlers=[show, save])
