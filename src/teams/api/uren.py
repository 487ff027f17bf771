"""Hours (R11): what I booked on my claims, book, take back by a counter-booking; the weeks of a klus as one sum."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field

from teams.api.routes import Doc, Leeg, actor, answer, body_of, get, post
from teams.api.shapes import Hours, Naam
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_
from teams.klussen.actions.hours import approve_week, book_hours, correct_hours
from teams.klussen.booked import BookForm, my_hours, switched_on, weeks_of
from teams.klussen.forms import Day, Form
from teams.klussen.queries import klus_for


class WeekIn(Form):
    """De maandag van een week waarin uren staan."""

    week: Day


class Boeking(BaseModel):
    """Uren op één dag; een tegenboeking heeft uren onder nul."""

    id: UUID
    inzet: UUID
    klus: Naam
    dag: date
    uren: Hours
    toelichting: str | None
    tegenboekingVan: UUID | None
    teruggeboekt: bool
    gesloten: Annotated[bool, Field(description="de week is goedgekeurd")]


class Boekingen(BaseModel):
    """Je nieuwste 400 boekingen."""

    resultaten: list[Boeking]
    volgende: None = None


class NieuweBoeking(BaseModel):
    id: UUID


class Week(BaseModel):
    """De uren van iedereen samen, nooit van één mens apart."""

    week: date
    uren: Hours
    goedgekeurdOp: datetime | None
    goedgekeurdDoor: str | None


class Weken(BaseModel):
    resultaten: list[Week]
    volgende: None = None


def _on(request: Page) -> None:
    switched_on(bool(request.app.state.settings.works_council))


@get("/uren", policy="claimant", doc=Doc("Je geschreven uren", answer=Boekingen, refusals=(404,)))
async def mine(request: Page, session: Session, me: Me) -> Response[bytes]:
    _on(request)
    assert me.person_id is not None
    return answer(Boekingen(resultaten=[_booking(row) for row in await my_hours(session, me.person_id)]))


@post(
    "/inzet/{id:uuid}/uren",
    policy="claimant",
    doc=Doc(
        "Schrijf uren op je inzet", answer=NieuweBoeking, body=BookForm, status=201, refusals=(404, 409),
        example={"dag": "2026-11-20", "uren": 3.5, "toelichting": "Schouw noord"},
    ),
)  # fmt: skip
async def book(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    _on(request)
    form = await body_of(request, BookForm)
    made = await book_hours(session, id, form, by=actor(request, me), at=await now(session))
    return answer(NieuweBoeking(id=made), status=201)


@post(
    "/uren/{id:uuid}/tegenboeking",
    policy="claimant",
    doc=Doc("Boek uren terug", answer=NieuweBoeking, body=Leeg, status=201, refusals=(404, 409)),
)
async def take_back(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    _on(request)
    await body_of(request, Leeg)
    made = await correct_hours(session, id, by=actor(request, me), at=await now(session))
    return answer(NieuweBoeking(id=made), status=201)


@get("/klussen/{id:uuid}/uren", policy="employee", doc=Doc("De uren van een klus per week", answer=Weken, refusals=(404,)))  # fmt: skip
async def weeks(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    return await _weeks(request, id, session, me)


@post(
    "/klussen/{id:uuid}/uren",
    policy="employee",
    doc=Doc(
        "Keur een week goed", answer=Weken, body=WeekIn, example={"week": "2026-11-16"}, refusals=(403, 404, 409),
    ),
)  # fmt: skip
async def approve(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    _on(request)
    form = await body_of(request, WeekIn)
    await approve_week(session, id, form.week, by=actor(request, me), at=await now(session))
    return await _weeks(request, id, session, me)


HANDLERS = [mine, book, take_back, weeks, approve]


async def _weeks(request: Page, id: UUID, session: Any, me: Any) -> Response[bytes]:
    _on(request)
    klus = await klus_for(session, id, actor(request, me), at=datetime.now(UTC))
    if not klus.may_manage:
        raise NotFound(Reason("onbekend", N_("De uren van deze klus ziet alleen wie de klus beheert.")))
    rows = await weeks_of(session, id, me.person_id)
    return answer(
        Weken(
            resultaten=[
                Week(week=row.monday, uren=Decimal(row.tenths) / 10, goedgekeurdOp=row.closed_at, goedgekeurdDoor=row.closed_by)
                for row in rows
            ]
        )
    )  # fmt: skip


def _booking(row: Any) -> Boeking:
    return Boeking(
        id=row.id, inzet=row.claim_id, klus=Naam(id=row.klus, naam=row.title), dag=row.day, uren=Decimal(row.tenths) / 10,
        toelichting=row.note or None, tegenboekingVan=row.reverses, teruggeboekt=row.reversed, gesloten=row.closed,
    )  # fmt: skip
