"""Where a team is heading: strategies, priorities and the role that answers for it, as of a moment; set by its rolverdeler."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.rollen import Regel
from teams.api.routes import AsOf, Doc, actor, answer, body_of, get, post, query_of
from teams.api.shapes import Naam, named
from teams.governance.actions.direction import set_direction
from teams.governance.direction import DirectionSeen, direction_in, version_of
from teams.governance.direction_forms import DirectionForm
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.structure.moment import Moment
from teams.structure.queries import team_for

EXAMPLE = {
    "versie": 0, "strategie": ["Liever voorkomen dan herstellen."], "prioriteiten": ["Wateroverlast in de wijk Oost."],
    "aanspreekrolId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a02",
}  # fmt: skip


class Koers(BaseModel):
    """Waar een team naartoe werkt; bij `prioriteiten` staat het belangrijkste bovenaan."""

    strategie: list[Regel]
    prioriteiten: list[Regel]
    aanspreekrol: Annotated[Naam | None, Field(description="de rol waar vragen aan dit team naartoe gaan")]


class KoersUit(Koers):
    """De koers van een team, met wat je meestuurt als je die wijzigt."""

    versie: Annotated[int, Field(description="van wat nu geldt, ook als je een andere dag vraagt")]


def koers_uit(seen: DirectionSeen) -> Koers:
    contact = seen.contact or {}
    return Koers(
        strategie=[Regel(id=id, tekst=words) for id, words in seen.strategies],
        prioriteiten=[Regel(id=id, tekst=words) for id, words in seen.priorities],
        aanspreekrol=named(contact.get("role_id"), contact.get("role")),
    )


@get(
    "/teams/{id:uuid}/koers",
    policy="employee",
    doc=Doc("Bekijk de koers van een team", answer=KoersUit, query=AsOf, refusals=(404,)),
)
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    return await _seen(session, id, actor(request, me), query_of(request, AsOf).moment())


@post(
    "/teams/{id:uuid}/koers",
    policy="employee",
    doc=Doc(
        "Stel de koers van een team vast, als rolverdeler", answer=KoersUit, body=DirectionForm, example=EXAMPLE, refusals=(403, 404, 409)
    ),
)  # fmt: skip
async def save(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form, by = await body_of(request, DirectionForm), actor(request, me)
    await set_direction(session, id, form, by=by, at=await now(session))
    at = datetime.now(UTC)
    return await _seen(session, id, by, Moment(at, at, at))


async def _seen(session: AsyncSession, team_id: UUID, by: Actor, moment: Moment) -> Response[bytes]:
    team = await team_for(session, team_id, by, moment)
    seen = koers_uit(direction_in(team.direction))
    return answer(KoersUit(**dict(seen), versie=await version_of(session, team_id)))


HANDLERS = [show, save]
