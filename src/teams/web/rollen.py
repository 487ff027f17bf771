"""One role: purpose, accountabilities, domains, who fills it, its klussen, activity."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.decisions.queries.use import use_of
from teams.governance.actions.offers import ELECTED
from teams.governance.elections_seen import offers_of_role
from teams.governance.inherited import additions, takes_part
from teams.http.wants import Me, Page, Session
from teams.klussen.placed import offer_of_role
from teams.klussen.queries import posting_roles
from teams.mandates.queries.powers import what_falls_away, what_role_may
from teams.mandates.queries.register import grants_of_role
from teams.structure.queries import role_for
from teams.web.activity import activity
from teams.web.moments import ask, older, role_state
from teams.web.pages import page
from teams.web.verkiezing_words import OFFER_STATES


@get("/rollen/{role_id:uuid}", policy="employee")
async def show(request: Page, role_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    asked = await ask(request, session)
    role = await role_for(session, role_id, me.actor(), asked.moment)
    klussen = await offer_of_role(session, role_id) if asked.moment.is_now else []
    wanted = {role_id for klus in klussen if klus.kind == "vacature" and klus.accepting and klus.taken < klus.places}
    lines, more = await activity(session, "role", role_id, asked.speak, before=older(asked), known=asked.moment.known)
    return page(
        request, "rollen/show.html", status=asked.status, vraag=asked, rol=role,
        stand=role_state(role.fillers, role_id, role.core, wanted), klussen=klussen, regels=lines, meer=more,
        mandaten=await grants_of_role(session, role_id, asked.moment),
        erbij=await additions(session, role.team_id, role.core, day=asked.moment.day, known=asked.moment.known),
        doetmee=await takes_part(session, role_id, role.core, day=asked.moment.day, known=asked.moment.known),
        gevraagd=await offers_of_role(session, role_id), standen=OFFER_STATES, kiezen=ELECTED,
        mijn=me.person_id is not None and any(filler.id == me.person_id for filler in role.fillers),
        plaatsen=asked.moment.is_now and any(own.team_id == role.team_id for own in await _posting(session, me)),
    )  # fmt: skip


@get("/rollen/{role_id:uuid}/bevoegdheden", policy="employee")
async def powers(request: Page, role_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    """What this role may (question 5), and for who fills it: what falls away on leaving it."""
    asked = await ask(request, session)
    role = await role_for(session, role_id, me.actor(), asked.moment)
    mine = me.person_id is not None and any(filler.id == me.person_id for filler in role.fillers)
    lost = await what_falls_away(session, me.person_id, role_id, asked.moment) if mine and me.person_id else ()
    may = await what_role_may(session, role_id, asked.moment)
    used = await use_of(session, sorted({number for line in may for number in line.numbers}), asked.moment.op)
    return page(
        request, "rollen/bevoegdheden.html", status=asked.status, vraag=asked, rol=role, mag=may, weg=lost, mijn=mine,
        gebruik=used,
    )  # fmt: skip


async def _posting(session: AsyncSession, me: Visitor) -> list[Row[Any]]:
    return await posting_roles(session, me.actor(), at=datetime.now(UTC))


router = Router(path="/", route_handlers=[show, powers])
