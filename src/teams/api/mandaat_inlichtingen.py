"""M15 per grant: who gave it asks how it is used, who holds it answers (Awb 10:6 lid 2)."""

from datetime import UTC, date, datetime
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, Query, actor, answer, body_of, get, post, query_of
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.mandates.actions.information import answer_about, ask_about
from teams.mandates.forms import InlichtingenAntwoord, InlichtingenForm
from teams.mandates.queries.information import desk_about
from teams.structure.moment import Moment


class MandaatInlichting(BaseModel):
    """Een vraag van de gever over het gebruik van een mandaat. `teLaat`: op `uiterlijk` was er geen antwoord."""

    id: UUID
    namens: str
    vraag: str | None
    uiterlijk: date
    antwoord: str | None
    beantwoordOp: datetime | None
    teLaat: bool


class MandaatInlichtingen(BaseModel):
    """Wat over dit mandaat is gevraagd, de nieuwste eerst; leeg voor wie het niet gaf en niet heeft."""

    resultaten: list[MandaatInlichting]


class GeenVraag(Query):
    """Geen filters."""


@get(
    "/mandaten/{nummer:str}/inlichtingen",
    policy="employee",
    doc=Doc("Lees de vragen om inlichtingen", answer=MandaatInlichtingen, query=GeenVraag, refusals=(404,)),
)
async def list_all(request: Page, nummer: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    query_of(request, GeenVraag)
    return await _seen(session, nummer, actor(request, me), datetime.now(UTC))


@post(
    "/mandaten/{nummer:str}/inlichtingen",
    policy="employee",
    doc=Doc(
        "Vraag inlichtingen over een mandaat", answer=MandaatInlichtingen, body=InlichtingenForm, status=201,
        refusals=(403, 404, 409),
    ),
)  # fmt: skip
async def ask(request: Page, nummer: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    form, by, at = await body_of(request, InlichtingenForm), actor(request, me), await now(session)
    await ask_about(session, nummer, form, by=by, at=at)
    return await _seen(session, nummer, by, at, status=201)


@post(
    "/mandaten/{nummer:str}/inlichtingen/{id:uuid}/antwoord",
    policy="employee",
    doc=Doc(
        "Beantwoord een vraag over een mandaat", answer=MandaatInlichtingen, body=InlichtingenAntwoord, status=201,
        refusals=(403, 404, 409),
    ),
)  # fmt: skip
async def reply(request: Page, nummer: FromPath[str], id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form, by, at = await body_of(request, InlichtingenAntwoord), actor(request, me), await now(session)
    await answer_about(session, nummer, id, form, by=by, at=at)
    return await _seen(session, nummer, by, at, status=201)


async def _seen(session: AsyncSession, number: str, by: Actor, at: datetime, *, status: int = 200) -> Response[bytes]:
    desk = await desk_about(session, number, Moment(at, at, at), by=by)
    found = [
        MandaatInlichting(
            id=one.id, namens=one.acting_as.text, vraag=one.question, uiterlijk=one.due, antwoord=one.answer,
            beantwoordOp=one.answered_at, teLaat=one.late(at),
        )
        for one in desk.inquiries
    ]  # fmt: skip
    return answer(MandaatInlichtingen(resultaten=found), status=status)


HANDLERS = [list_all, ask, reply]
