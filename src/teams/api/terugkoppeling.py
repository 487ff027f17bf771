"""Feedback after a finished klus, both ways; off until the works council's consent is recorded (WOR 27)."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field

from teams.api.routes import Doc, actor, answer, body_of, get, post
from teams.api.shapes import Naam
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.klussen.actions.person import FeedbackForm, give_feedback
from teams.klussen.portfolio import finished_by, said_about


class Terugkoppeling(BaseModel):
    """Wat een collega je schreef; alleen jullie twee lezen het."""

    klus: Naam
    van: str
    tekst: str
    op: datetime


class Afgerond(BaseModel):
    """Een klus die je afrondde."""

    inzet: UUID
    klus: Naam
    geeindigdOp: date | None
    resultaat: str | None
    gezien: Annotated[list[str], Field(description="vaardigheden die een collega zag")]
    terugkoppelingGeschreven: bool


class Portfolio(BaseModel):
    """Van jezelf: wat je afrondde, en wat je daarna las."""

    afgerond: list[Afgerond]
    terugkoppeling: list[Terugkoppeling]


class Gegeven(BaseModel):
    inzet: UUID


@get("/terugkoppelingen", policy="employee", doc=Doc("Wat je afrondde, en wat je erover las", answer=Portfolio))
async def mine(session: Session, me: Me) -> Response[bytes]:
    assert me.person_id is not None
    done, said = await finished_by(session, me.person_id), await said_about(session, me.person_id)
    return answer(
        Portfolio(
            afgerond=[_done(row) for row in done],
            terugkoppeling=[
                Terugkoppeling(klus=Naam(id=row.id, naam=row.title), van=row.name, tekst=row.words, op=row.at)
                for row in said
            ],
        )
    )


@post(
    "/inzet/{id:uuid}/terugkoppeling",
    policy="employee",
    doc=Doc(
        "Schrijf een terugkoppeling na een afgeronde klus", answer=Gegeven, body=FeedbackForm, status=201, refusals=(403, 404, 409),
        example={"tekst": "Nauwkeurig gemeten.", "vaardigheden": ["Meten"]},
    ),
)  # fmt: skip
async def give(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form, consent = await body_of(request, FeedbackForm), bool(request.app.state.settings.works_council)
    await give_feedback(session, id, form, consent=consent, by=actor(request, me), at=await now(session))
    return answer(Gegeven(inzet=id), status=201)


HANDLERS = [mine, give]


def _done(row: Any) -> Afgerond:
    return Afgerond(
        inzet=row.claim_id, klus=Naam(id=row.id, naam=row.title), geeindigdOp=row.ended_on, resultaat=row.result or None,
        gezien=row.endorsed, terugkoppelingGeschreven=row.said,
    )  # fmt: skip
