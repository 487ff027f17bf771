"""Vacancies (klussen 3.2): their stages, the next one, the appointment by decision, and what it leaves behind."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, Leeg, actor, answer, body_of, get, post
from teams.api.shapes import Naam, named
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import NotFound, Reason
from teams.kit.text import N_, OptionalReason
from teams.klussen.actions.vacancy import fill_vacancy, next_stage, report_vacancy, say_what_is_left
from teams.klussen.forms import Form
from teams.klussen.models import Kind
from teams.klussen.queries import klus_for
from teams.klussen.vacancies import FilledForm, Stage, StageForm, stages_of


class OudePlek(StrEnum):
    VACATURE = "vacature"
    VERVALT = "vervalt"
    GEEN = "geen"


class VervolgIn(Form):
    """Wat er van de oude plek werd: de volgende vacature met haar nummer, of waarom er geen is."""

    soort: OudePlek
    volgende: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    reden: OptionalReason = None


class Stap(BaseModel):
    """Een stap; wie van binnenuit benoemd is staat bij `vervuld`."""

    stap: Stage
    van: date
    dagen: Annotated[int, Field(description="minstens zoveel dagen")]
    overgeslagen: Annotated[str | None, Field(description="waarom deze stap is overgeslagen")]
    reden: str | None
    herkomst: str | None
    persoon: Naam | None
    besluit: str | None


class Stappen(BaseModel):
    resultaten: list[Stap]
    volgende: None = None


@get("/klussen/{id:uuid}/vacature", policy="employee", doc=Doc("De stappen van een vacature", answer=Stappen, refusals=(404,)))  # fmt: skip
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    return await _seen(session, id, actor(request, me))


Act = Callable[[AsyncSession, UUID, Page, Actor, datetime], Awaitable[None]]


async def _report(session: AsyncSession, id: UUID, request: Page, by: Actor, at: datetime) -> None:
    await body_of(request, Leeg)
    await report_vacancy(session, id, by=by, at=at)


async def _step(session: AsyncSession, id: UUID, request: Page, by: Actor, at: datetime) -> None:
    await next_stage(session, id, await body_of(request, StageForm), by=by, at=at)


async def _fill(session: AsyncSession, id: UUID, request: Page, by: Actor, at: datetime) -> None:
    await fill_vacancy(session, id, await body_of(request, FilledForm), by=by, at=at)


async def _left(session: AsyncSession, id: UUID, request: Page, by: Actor, at: datetime) -> None:
    form = await body_of(request, VervolgIn)
    await say_what_is_left(session, id, form.soort, form.volgende, form.reden or "", by=by, at=at)


def _verb(
    noun: str, summary: str, act: Act, body: type[BaseModel] = Leeg, example: dict[str, Any] | None = None
) -> Any:
    """One act on a vacancy; the answer is its stages."""

    @post(
        f"/klussen/{{id:uuid}}/vacature/{noun}",
        policy="employee",
        doc=Doc(summary, answer=Stappen, body=body, example=example, refusals=(403, 404, 409)),
    )
    async def verb(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
        by = actor(request, me)
        await act(session, id, request, by, await now(session))
        return await _seen(session, id, by)

    return verb


HANDLERS = [
    show,
    _verb("melding", "Meld de vacature", _report),
    _verb("stappen", "Zet de volgende stap", _step, StageForm, {"stap": "formatietoets", "van": "2026-12-01"}),
    _verb(
        "benoeming", "Leg vast wie benoemd is, met het besluit", _fill, FilledForm,
        {"op": "2026-12-01", "besluit": "2026-00123", "herkomst": "extern"},
    ),
    _verb(
        "vervolg", "Zeg wat er van de oude plek wordt", _left, VervolgIn,
        {"soort": "vervalt", "reden": "Het werk stopt."},
    ),
]  # fmt: skip


async def _seen(session: AsyncSession, id: UUID, by: Actor) -> Response[bytes]:
    klus = await klus_for(session, id, by, at=datetime.now(UTC))
    if klus.kind != Kind.VACANCY:
        raise NotFound(Reason("onbekend", N_("Dit is geen vacature.")))
    return answer(Stappen(resultaten=[_stage(row) for row in await stages_of(session, id)]))


def _stage(row: Any) -> Stap:
    return Stap(
        stap=row.stage, van=row.starts, dagen=row.minimum_days, overgeslagen=row.skipped or None, reden=row.reason or None,
        herkomst=row.filled_from, persoon=named(row.person_id, row.person), besluit=row.decision,
    )  # fmt: skip
