"""Imports that wait: the list, one with its difference, and the secretary's yes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field

from teams.api.routes import Doc, Query, actor, answer, body_of, get, post, query_of
from teams.api.shapes import Volgende
from teams.exchange.waiting import Waiting, confirm, waiting_for, waiting_imports
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.klussen.forms import Form


class Verschil(BaseModel):
    """Wat één bestand verandert: per veld de waarde van nu en de nieuwe."""

    nieuw: dict[str, str]
    wijzigt: dict[str, dict[str, list[str]]]
    blijft: int


class InvoerUit(BaseModel):
    """Een invoer die wacht, of waarover besloten is."""

    id: UUID
    nummer: int
    versie: int
    soort: str
    status: str
    verschil: Annotated[dict[str, Verschil], Field(description="per bestand")]
    aangebodenDoor: str | None
    aangebodenOp: datetime
    beslotenDoor: str | None
    beslotenOp: datetime | None


class Invoerlijst(BaseModel):
    """De nieuwste invoer eerst, hoogstens 100."""

    resultaten: list[InvoerUit]
    volgende: Volgende


class InvoerVraag(Query):
    """Zonder `alles`: alleen wat nog wacht."""

    alles: bool = False


class BevestigingIn(Form):
    """Met `versie` bevestig je alleen wat je gezien hebt."""

    versie: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


@get("/invoer", policy="secretary", doc=Doc("Bekijk wat op je wacht", answer=Invoerlijst, query=InvoerVraag))
async def list_all(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, InvoerVraag)
    found = await waiting_imports(session, actor(request, me), only_open=not wish.alles)
    return answer(Invoerlijst(resultaten=[invoer_uit(each) for each in found], volgende=None))


@get("/invoer/{id:uuid}", policy="secretary", doc=Doc("Bekijk een invoer", answer=InvoerUit, refusals=(404,)))
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    return answer(invoer_uit(await waiting_for(session, id, actor(request, me))))


@post(
    "/invoer/{id:uuid}/bevestiging",
    policy="secretary",
    doc=Doc("Bevestig een invoer", answer=InvoerUit, body=BevestigingIn, example={"versie": 1}, refusals=(404, 409)),
)
async def approve(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form = await body_of(request, BevestigingIn)
    at = await now(session)
    done = await confirm(session, id, by=actor(request, me), at=at, version=form.versie)
    return answer(invoer_uit(done))


def invoer_uit(found: Waiting) -> InvoerUit:
    return InvoerUit(
        id=found.id, nummer=found.number, versie=found.version, soort=found.kind, status=found.state,
        verschil={name: Verschil.model_validate(part) for name, part in found.difference.items()},
        aangebodenDoor=found.offered_by, aangebodenOp=found.offered_at, beslotenDoor=found.settled_by,
        beslotenOp=found.settled_at,
    )  # fmt: skip


HANDLERS = [list_all, show, approve]
