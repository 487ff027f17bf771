"""Voornemens: what waits for advice, a second person, someone who may, or an organ."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.besluit_vormen import Genomen
from teams.api.besluiten import no_token_outside_the_demo, refused, taken
from teams.api.routes import Doc, Leeg, actor, answer, body_of, get, post
from teams.decisions.actions.advice import advise
from teams.decisions.actions.decide import Refused, Taken
from teams.decisions.actions.intents import choose_second, confirm, hand_up, take, withdraw
from teams.decisions.actions.organ import edit_proposal, enter_outcome, put_to_organ
from teams.decisions.forms import (
    AdviceForm,
    ConfirmForm,
    HandUpForm,
    OrganForm,
    OutcomeForm,
    ProposalTextForm,
    SecondForm,
)
from teams.decisions.models import IntentState
from teams.decisions.queries.intents import acts_of, intent_for, open_intents, proposal_of, waiting_for
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now


class StapGezet(BaseModel):
    """Wat er met het voornemen gebeurde."""

    soort: str
    op: datetime
    door: str | None
    voorwaarde: str | None
    akkoord: bool | None
    tekst: str | None


class OrgaanvoorstelUit(BaseModel):
    """Het voorstel aan het orgaan, en wat het besloot."""

    nummer: int
    versie: int
    titel: str | None
    tekst: str | None
    status: str
    besloten: date | None
    besluitnummer: str | None


class VoornemenUit(BaseModel):
    """Wat iemand wil besluiten en nog op iets wacht."""

    id: UUID
    status: IntentState
    bevoegdheid: str
    persoonId: UUID
    ligtBij: UUID
    tweedePersoonId: UUID | None
    bedragCent: int | None
    zaak: str | None
    onderwerp: str | None
    motivering: str | None
    stappen: list[StapGezet]
    orgaanvoorstel: OrgaanvoorstelUit | None


class VoornemenKort(BaseModel):
    """Een voornemen in de lijst; `wat`: wat er van jou wordt gevraagd."""

    id: UUID
    status: IntentState
    bevoegdheid: str
    onderwerp: str | None
    van: str
    wat: str | None


class Voornemens(BaseModel):
    """Wat op jou wacht, en wat je zelf hebt lopen."""

    wachtOpMij: list[VoornemenKort]
    lopend: list[VoornemenKort]


def _short(row: Any, what: str | None = None) -> VoornemenKort:
    return VoornemenKort(
        id=row.id, status=row.state, bevoegdheid=row.power, onderwerp=row.subject, van=row.person, wat=what
    )


@get("/voornemens", policy="employee", doc=Doc("Bekijk wat op je wacht", answer=Voornemens))
async def list_mine(request: Page, session: Session, me: Me) -> Response[bytes]:
    if me.person_id is None:
        return answer(Voornemens(wachtOpMij=[], lopend=[]))
    waiting = [_short(row, row.what) for row in await waiting_for(session, me.person_id)]
    running = [_short(row) for row in await open_intents(session, me.person_id)]
    return answer(Voornemens(wachtOpMij=waiting, lopend=running))


@get("/voornemens/{id:uuid}", policy="employee", doc=Doc("Bekijk een voornemen", answer=VoornemenUit, refusals=(404,)))
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    return await _shown(session, id, actor(request, me))


async def _shown(session: AsyncSession, id: UUID, by: Actor) -> Response[bytes]:
    intent = await intent_for(session, id, by)
    proposal = await proposal_of(session, id)
    steps = [
        StapGezet(soort=a.kind, op=a.at, door=a.person, voorwaarde=a.condition, akkoord=a.agrees, tekst=a.text)
        for a in await acts_of(session, id)
    ]
    put = proposal and OrgaanvoorstelUit(
        nummer=proposal.number, versie=proposal.version, titel=proposal.title, tekst=proposal.text, status=proposal.state,
        besloten=proposal.decided_on, besluitnummer=proposal.decision_number,
    )  # fmt: skip
    return answer(
        VoornemenUit(
            id=intent.id, status=IntentState(intent.state), bevoegdheid=intent.power, persoonId=intent.person_id,
            ligtBij=intent.holder_id, tweedePersoonId=intent.second_id, bedragCent=intent.cents, zaak=intent.case_number,
            onderwerp=intent.subject, motivering=intent.reasons, stappen=steps, orgaanvoorstel=put,
        )
    )  # fmt: skip


Verb = Callable[..., Awaitable[Any]]


def _verb(noun: str, summary: str, body: type[BaseModel], verb: Verb) -> Any:
    """One call that moves a voornemen."""

    @post(
        f"/voornemens/{{id:uuid}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=VoornemenUit, body=body, refusals=(403, 404, 409)),
    )
    async def step(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
        form, by, at = await body_of(request, body), actor(request, me), await now(session)
        await intent_for(session, id, by)
        no_token_outside_the_demo(request)
        await verb(session, id, *([] if body is Leeg else [form]), by=by, at=at)
        return await _shown(session, id, by)

    return step


def _deciding(noun: str, summary: str, body: type[BaseModel], verb: Verb) -> Any:
    """One call after which the decision may stand."""

    @post(
        f"/voornemens/{{id:uuid}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=Genomen, body=body, refusals=(403, 404, 409)),
    )
    async def step(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
        form, by, at = await body_of(request, body), actor(request, me), await now(session)
        await intent_for(session, id, by)
        no_token_outside_the_demo(request)
        done = await verb(session, id, *([] if body is Leeg else [form]), by=by, at=at)
        if isinstance(done, Taken):
            return taken(done, 200)
        if isinstance(done, Refused):
            return refused(request, done)
        return answer(Genomen(nummer=None, uitkomst=done.state, ondertekening=None, vastgelegd=False, voornemen=id))

    return step


HANDLERS = [
    list_mine, show,
    _verb("advies", "Geef advies", AdviceForm, advise),
    _verb("tweede", "Vraag een tweede persoon", SecondForm, choose_second),
    _deciding("bevestiging", "Bevestig als tweede persoon, of niet", ConfirmForm, confirm),
    _deciding("besluit", "Neem het besluit nu", Leeg, take),
    _verb("doorgeleiding", "Leg het voor aan wie het mag", HandUpForm, hand_up),
    _verb("orgaanvoorstel", "Leg het voor aan het orgaan", OrganForm, put_to_organ),
    _verb("voorsteltekst", "Verander de tekst van het voorstel", ProposalTextForm, edit_proposal),
    _verb("uitkomst", "Vul in wat het orgaan besloot", OutcomeForm, enter_outcome),
    _verb("intrekking", "Trek het voornemen in", Leeg, withdraw),
]  # fmt: skip
