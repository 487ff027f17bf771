"""Inzet: claim or apply, look at a claim, and every step until it ends (klussen 3.2)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, Leeg, actor, answer, body_of, get, post
from teams.api.shapes import Hours, Naam, named
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.klussen.actions.claim import (
    claim_klus,
    complete_claim,
    hand_back_claim,
    keep_claim,
    reconfirm_claim,
    withdraw_claim,
)
from teams.klussen.actions.consent import answer_consent
from teams.klussen.actions.offers import accept_offer, decline_offer, move_in_line, reject_people, select_people
from teams.klussen.actions.steps import claim_of, klus_id_of
from teams.klussen.claims import claim_for
from teams.klussen.forms import (
    CompleteForm,
    ConsentForm,
    Form,
    HandBackForm,
    LineForm,
    PlaceForm,
    ReasonForm,
    TotalHours,
)
from teams.klussen.models import Claim, ClaimState


class HerbevestigingIn(Form):
    """Zonder `uren`: je uren van eerst, binnen wat de klus nu vraagt."""

    uren: TotalHours | None = None


class AcceptatieIn(Form):
    """Zonder `uren`: de uren waarmee je je aanmeldde, binnen wat de klus nu vraagt."""

    uren: TotalHours | None = None


class InstemmingIn(ConsentForm):
    """Zonder velden: het past. Past het niet, dan `akkoord` false met een `reden`."""

    akkoord: bool = True


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
    persoon: Naam | None
    uren: Hours
    motivatie: str | None
    sinds: datetime
    geeindigdOp: date | None
    stoptOp: Annotated[date | None, Field(description="de laatste dag, als die is aangekondigd")]
    verlooptOp: Annotated[datetime | None, Field(description="tot dan geldt een aanbod of een vraag om instemming")]
    plekInWachtrij: Annotated[int | None, Field(description="je eigen plek op de wachtlijst (R14)")]
    lotnummer: int | None
    reden: Annotated[str | None, Field(description="alleen voor wie het aangaat")]
    resultaat: str | None
    herbevestigen: Annotated[bool, Field(description="de klus is veranderd: zeg opnieuw ja")]


@post(
    "/klussen/{id:uuid}/inzet",
    policy="claimant",
    doc=Doc(
        "Claim een plek, meld je aan, of ga op de wachtlijst", answer=InzetStand, body=LineForm, example={"uren": 6.5, "motivatie": "Ik ken de wijk."},
        status=201, refusals=(404, 409),
    ),
)  # fmt: skip
async def claim(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form, by = await body_of(request, LineForm), actor(request, me)
    claim_id, made = await claim_klus(
        session, id, by=by, hours=form.uren, motivation=form.motivatie, line=form.wachtlijst
    )
    stand = InzetStand(id=claim_id, status=made.state, uren=made.hours)
    return answer(stand, status=201, at=f"/api/v1/inzet/{claim_id}")


@get("/inzet/{id:uuid}", policy="employee", doc=Doc("Bekijk een inzet", answer=InzetUit, refusals=(404,)))
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    row = await claim_for(session, id, actor(request, me), at=datetime.now(UTC))
    mine = row.person_id == me.person_id
    return answer(
        InzetUit(
            id=row.id, versie=row.version, status=row.state, uren=row.hours, motivatie=row.motivation or None,
            klus=KlusKort(id=row.klus_id, nummer=row.number, titel=row.title),
            persoon=named(row.person_id, row.name), sinds=row.at, geeindigdOp=row.ended_on, stoptOp=row.stops_on, verlooptOp=row.due_at,
            plekInWachtrij=row.place if mine else None, lotnummer=row.lot if mine else None, reden=row.reason or None,
            resultaat=row.result or None, herbevestigen=row.seat is not None and row.terms != row.klus_terms,
        )
    )  # fmt: skip


Act = Callable[[AsyncSession, UUID, Actor, datetime, Page], Awaitable[Claim]]


async def _withdraw(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    await body_of(request, Leeg)
    return await withdraw_claim(session, id, by=by, at=at)


async def _hand_back(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    form = await body_of(request, HandBackForm)
    return await hand_back_claim(session, id, by=by, at=at, on=form.op, reason=form.reden, handover=form.overdracht)


async def _keep(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    await body_of(request, Leeg)
    return await keep_claim(session, id, by=by, at=at)


async def _complete(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    form = await body_of(request, CompleteForm)
    return await complete_claim(session, id, by=by, at=at, result=form.resultaat)


async def _select(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    await body_of(request, Leeg)
    await select_people(session, await klus_id_of(session, id), [id], by=by, at=at)
    return await claim_of(session, id)


async def _reject(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    form = await body_of(request, ReasonForm)
    await reject_people(session, await klus_id_of(session, id), [id], by=by, at=at, reason=form.reden)
    return await claim_of(session, id)


async def _accept(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    form = await body_of(request, AcceptatieIn)
    return await accept_offer(session, id, by=by, at=at, hours=form.uren)


async def _decline(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    await body_of(request, Leeg)
    return await decline_offer(session, id, by=by, at=at)


async def _consent(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    form = await body_of(request, InstemmingIn)
    return await answer_consent(
        session, id, agrees=form.akkoord, by=by, at=at, reason=form.reden, decision=form.besluit
    )


async def _move(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    form = await body_of(request, PlaceForm)
    return await move_in_line(session, id, form.plek, by=by, at=at, reason=form.reden)


async def _reconfirm(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Claim:
    form = await body_of(request, HerbevestigingIn)
    return await reconfirm_claim(session, id, by=by, at=at, hours=form.uren)


def _verb(
    noun: str, summary: str, act: Act, body: type[BaseModel] = Leeg, example: dict[str, Any] | None = None
) -> Any:
    """One call that brings a claim to its next state."""

    @post(
        f"/inzet/{{id:uuid}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=InzetStand, body=body, example=example, refusals=(403, 404, 409)),
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
    _verb("voortzetting", "Ga toch door, als je een laatste dag had gezegd", _keep),
    _verb("afronding", "Rond een inzet af, met wat het opleverde", _complete, CompleteForm),
    _verb("selectie", "Kies wie zich aanmeldde: er gaat een aanbod uit", _select),
    _verb("afwijzing", "Wijs af wie zich aanmeldde, met een bericht", _reject, ReasonForm),
    _verb("acceptatie", "Neem een aangeboden plek aan", _accept, AcceptatieIn),
    _verb("afslag", "Sla een aangeboden plek af", _decline),
    _verb("instemming", "Zeg namens het team of een collega kan gaan", _consent, InstemmingIn),
    _verb(
        "wachtlijstplek",
        "Verander een plek op de wachtlijst, met een reden",
        _move,
        PlaceForm,
        {"plek": 1, "reden": "Afgesproken in het team."},
    ),
    _verb("herbevestiging", "Zeg opnieuw ja na een verandering", _reconfirm, HerbevestigingIn),
]
