"""Rolvervullingen: ask someone or offer yourself for a role, say yes or no, decide, stop, withdraw, lay down."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, Leeg, actor, answer, body_of, get, post
from teams.api.shapes import Naam, named
from teams.governance.actions.offers import (
    accept_offer,
    cancel_offer,
    decide_offer,
    decline_offer,
    hear_grantor,
    offer_role,
    resign,
)
from teams.governance.choice_forms import DecisionForm, OfferForm
from teams.governance.elections_seen import offer_for
from teams.governance.models import OfferState
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.klussen.forms import ReasonForm

EXAMPLE = {
    "rolId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a02", "tekst": "Er moet iemand naar de otters kijken.", "uren": 4,
}  # fmt: skip


class VervullingUit(BaseModel):
    """Iemand die gevraagd is voor een rol, of zich aanbiedt. Zonder eigen ja vervult niemand een rol."""

    id: UUID
    team: Naam | None
    rol: Naam | None
    persoon: Naam
    status: OfferState
    beslist: Naam | None
    tot: date | None
    ingang: datetime | None
    voorstelId: UUID | None
    verkiezingId: UUID | None


class Neergelegd(BaseModel):
    """De rol die je niet meer vervult."""

    rolId: UUID


@get(
    "/rolvervullingen/{id:uuid}",
    policy="employee",
    doc=Doc("Bekijk een vraag om een rol te vervullen", answer=VervullingUit, refusals=(404,)),
)
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    return await _seen(session, id, at=datetime.now(UTC))


@post(
    "/rolvervullingen",
    policy="employee",
    doc=Doc(
        "Vraag iemand voor een rol, of bied jezelf aan", answer=VervullingUit, body=OfferForm, example=EXAMPLE, status=201,
        refusals=(403, 404, 409),
    ),
)  # fmt: skip
async def create(request: Page, session: Session, me: Me) -> Response[bytes]:
    form, at = await body_of(request, OfferForm), await now(session)
    made = await offer_role(session, form, by=actor(request, me), at=at)
    return await _seen(session, made.id, at=at, status=201)


@post(
    "/rollen/{id:uuid}/neerlegging",
    policy="employee",
    doc=Doc("Leg een rol neer die je vervult", answer=Neergelegd, refusals=(404, 409)),
)
async def lay_down(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    await body_of(request, Leeg)
    await resign(session, id, by=actor(request, me), at=await now(session))
    return answer(Neergelegd(rolId=id))


Act = Callable[[AsyncSession, UUID, Actor, datetime, Page], Awaitable[Any]]


async def _accept(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    await body_of(request, Leeg)
    await accept_offer(session, id, by=by, at=at)


async def _decline(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    form = await body_of(request, ReasonForm)
    await decline_offer(session, id, by=by, at=at, words=form.reden)


async def _decide(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    await decide_offer(session, id, await body_of(request, DecisionForm), by=by, at=at)


async def _hear(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    await hear_grantor(session, id, await body_of(request, DecisionForm), by=by, at=at)


async def _cancel(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Any:
    await body_of(request, Leeg)
    await cancel_offer(session, id, by=by, at=at)


def _verb(
    noun: str, summary: str, act: Act, body: type[BaseModel] = Leeg, example: dict[str, Any] | None = None
) -> Any:
    """One call that moves an offer."""

    @post(
        f"/rolvervullingen/{{id:uuid}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=VervullingUit, body=body, example=example, refusals=(404, 409)),
    )
    async def verb(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
        at = await now(session)
        await act(session, id, actor(request, me), at, request)
        return await _seen(session, id, at=at)

    return verb


async def _seen(session: AsyncSession, id: UUID, *, at: datetime, status: int = 200) -> Response[bytes]:
    seen = await offer_for(session, id, at=at)
    whole = VervullingUit(
        id=seen.id, team=named(seen.team_id, seen.team), rol=named(seen.role_id, seen.role),
        persoon=Naam(id=seen.person_id, naam=seen.person), status=seen.state,
        beslist=named(seen.decider_id, seen.decider) if seen.decider_id else None, tot=seen.ends_on, ingang=seen.fills_at,
        voorstelId=seen.proposal_id, verkiezingId=seen.election_id,
    )  # fmt: skip
    return answer(whole, status=status, at=f"/api/v1/rolvervullingen/{id}" if status == 201 else None)


HANDLERS = [
    show,
    create,
    lay_down,
    _verb("aanvaarding", "Zeg ja", _accept),
    _verb("weigering", "Zeg nee", _decline, ReasonForm),
    _verb("besluit", "Beslis wie de rol vervult", _decide, DecisionForm, {"akkoord": True}),
    _verb("gever", "Laat ingaan of stop, namens de gever van het mandaat", _hear, DecisionForm, {"akkoord": True}),
    _verb("intrekking", "Trek de vraag in", _cancel),
]
