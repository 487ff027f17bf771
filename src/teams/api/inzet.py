"""Inzet: claim a klus, look at a claim, withdraw, hand back, complete, confirm again."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field, field_validator
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, Leeg, actor, answer, body_of, get, post
from teams.api.shapes import Hours, Naam
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.text import N_
from teams.klussen.actions.claim import claim_klus, complete_claim, hand_back_claim, reconfirm_claim, withdraw_claim
from teams.klussen.claims import claim_for
from teams.klussen.forms import ClaimForm, Form, HandBackForm, TotalHours, wrong
from teams.klussen.models import Claim, ClaimState


class InzetIn(ClaimForm):
    """Zonder `uren`: het minste dat de klus vraagt."""

    wachtlijst: Annotated[bool, Field(json_schema_extra={"const": False})] = False

    @field_validator("wachtlijst")
    @classmethod
    def no_list_yet(cls, value: bool) -> bool:
        if value:
            raise wrong("wachtlijst", N_("Een wachtlijst is er nog niet. Zoek een klus met een vrije plek."))
        return value


class HerbevestigingIn(Form):
    """Zonder `uren`: je uren van eerst, binnen wat de klus nu vraagt."""

    uren: TotalHours | None = None


class InzetStand(BaseModel):
    """De nieuwe stand van een inzet."""

    id: UUID
    status: ClaimState
    uren: Hours


class KlusKort(BaseModel):
    id: UUID
    nummer: int
    titel: str


class InzetUit(BaseModel):
    """Een inzet, voor wie meedoet en voor wie de klus beheert."""

    id: UUID
    versie: int
    status: ClaimState
    klus: KlusKort
    persoon: Naam
    uren: Hours
    motivatie: str | None
    sinds: datetime
    geeindigdOp: date | None
    herbevestigen: Annotated[bool, Field(description="de klus is veranderd: zeg opnieuw ja")]


@post(
    "/klussen/{id:uuid}/inzet",
    policy="claimant",
    doc=Doc(
        "Claim een plek", answer=InzetStand, body=InzetIn, example={"uren": 6.5, "motivatie": "Ik ken de wijk."},
        status=201, refusals=(404, 409),
    ),
)  # fmt: skip
async def claim(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form = await body_of(request, InzetIn)
    claim_id, made = await claim_klus(session, id, by=actor(request, me), hours=form.uren, motivation=form.motivatie)
    stand = InzetStand(id=claim_id, status=made.state, uren=made.hours)
    return answer(stand, status=201, at=f"/api/v1/inzet/{claim_id}")


@get("/inzet/{id:uuid}", policy="employee", doc=Doc("Bekijk een inzet", answer=InzetUit, refusals=(404,)))
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    row = await claim_for(session, id, actor(request, me), at=datetime.now(UTC))
    return answer(
        InzetUit(
            id=row.id, versie=row.version, status=row.state, uren=row.hours, motivatie=row.motivation or None,
            klus=KlusKort(id=row.klus_id, nummer=row.number, titel=row.title),
            persoon=Naam(id=row.person_id, naam=row.name), sinds=row.at, geeindigdOp=row.ended_on,
            herbevestigen=row.seat is not None and row.terms != row.klus_terms,
        )
    )  # fmt: skip


Act = Callable[[AsyncSession, UUID, Actor, datetime, Page], Awaitable[Claim]]


async def _withdraw(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    await body_of(request, Leeg)
    return await withdraw_claim(session, id, by=by, at=at)


async def _hand_back(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    form = await body_of(request, HandBackForm)
    return await hand_back_claim(session, id, by=by, at=at, reason=form.reden, handover=form.overdracht)


async def _complete(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    await body_of(request, Leeg)
    return await complete_claim(session, id, by=by, at=at)


async def _reconfirm(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    form = await body_of(request, HerbevestigingIn)
    return await reconfirm_claim(session, id, by=by, at=at, hours=form.uren)


def _verb(noun: str, summary: str, act: Act, body: type[BaseModel] = Leeg) -> Any:
    """One call that brings a claim to its next state."""

    @post(
        f"/inzet/{{id:uuid}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=InzetStand, body=body, refusals=(404, 409)),
    )
    async def verb(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
        done = await act(session, id, actor(request, me), await now(session), request)
        return answer(InzetStand(id=done.id, status=ClaimState(done.state), uren=done.hours))

    return verb


HANDLERS = [
    claim,
    show,
    _verb("intrekking", "Trek je claim in, voor de klus begint", _withdraw),
    _verb("teruggave", "Geef een lopende klus terug", _hand_back, HandBackForm),
    _verb("afronding", "Rond een inzet af", _complete),
    _verb("herbevestiging", "Zeg opnieuw ja na een verandering", _reconfirm, HerbevestigingIn),
]
