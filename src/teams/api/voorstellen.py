"""Voorstellen: propose, submit, amend, answer, object, test, integrate, confirm, withdraw."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, Leeg, Query, actor, answer, body_of, get, next_page, post, query_of
from teams.api.shapes import Naam, Volgende, named
from teams.governance.actions.proposals import (
    call_meeting,
    draft_proposal,
    new_version,
    submit_proposal,
    withdraw_proposal,
)
from teams.governance.actions.responses import respond
from teams.governance.actions.striking import strike_proposal
from teams.governance.changes import CHANGES, Change
from teams.governance.choice_forms import StrikeForm
from teams.governance.forms import ProposalForm, ResponseForm, VersionForm
from teams.governance.models import ConsentForm, ObjectionState, Proposal, ProposalState
from teams.governance.queries import members_at
from teams.governance.seen import ProposalSeen, joined_later, list_proposals, proposal_for
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import day_of, now
from teams.klussen.forms import ReasonForm

EXAMPLE = {
    "teamId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a01",
    "rolId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a02",
    "spanning": "Niemand let op egels bij het maaien.",
    "voorbeeld": "Vorige week reed de maaier over een nest.",
    "wijzigingen": [{"soort": "rol_nieuw", "naam": "Egelwacht", "doel": "Egels steken veilig over."}],
}


class BezwaarUit(BaseModel):
    """Een overwegend bezwaar."""

    id: UUID
    versie: int
    persoon: Naam
    tekst: str
    regelbreuk: bool
    status: ObjectionState


class Ronde(BaseModel):
    """De ronde die nu loopt. `tot`: dan telt zwijgen, volgens een afspraak van het team; zonder afspraak `null`."""

    id: UUID
    nummer: int
    versie: int
    status: ProposalState
    stemgerechtigd: list[UUID]
    vorm: ConsentForm | None
    tot: datetime | None


class VoorstelUit(Ronde):
    """Een voorstel zoals jij het ziet. Wie het inbrengt, antwoordt zelf niet."""

    team: Naam | None
    indiener: Naam
    rol: Naam | None
    spanning: str
    voorbeeld: str
    wijzigingen: list[Change]
    zonderBezwaar: Annotated[list[UUID], Field(description="wie op deze versie zei geen overwegend bezwaar te hebben")]
    bezwaren: list[BezwaarUit]
    laterLid: Annotated[list[UUID], Field(description="wie pas na de indiening lid werd, en deze ronde niet meetelt")]
    geschrapt: Annotated[str | None, Field(description="waarom het na de aanneming is geschrapt")]


class VoorstelKort(BaseModel):
    """Een voorstel in de lijst."""

    id: UUID
    nummer: int
    versie: int
    status: ProposalState
    team: Naam | None
    indiener: str
    tot: datetime | None
    wachtOpMij: bool


class Voorstellen(BaseModel):
    """Een bladzijde van de lijst."""

    resultaten: list[VoorstelKort]
    volgende: Volgende


class VoorstellenVraag(Query):
    status: ProposalState | None = None
    team: UUID | None = None
    mij: Annotated[bool, Field(description="alleen mijn voorstellen, en wat op mijn antwoord wacht")] = False
    vanaf: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="uit `volgende`")] = None
    aantal: Annotated[int, Field(ge=1, le=100)] = 25


@get("/voorstellen", policy="employee", doc=Doc("Zoek voorstellen", answer=Voorstellen, query=VoorstellenVraag))
async def list_all(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, VoorstellenVraag)
    rows = await list_proposals(
        session, actor(request, me), today=day_of(datetime.now(UTC)), team=wish.team, mine=wish.mij, below=wish.vanaf,
        states=[wish.status] if wish.status else None, limit=wish.aantal + 1,
    )  # fmt: skip
    short = [
        VoorstelKort(
            id=row.id, nummer=row.number, versie=row.version, status=row.state, team=named(row.team_id, row.team),
            indiener=row.proposer, tot=row.due_at, wachtOpMij=row.waits,
        )
        for row in rows[: wish.aantal]
    ]  # fmt: skip
    more = str(short[-1].nummer) if len(rows) > wish.aantal else None
    return answer(Voorstellen(resultaten=short, volgende=next_page(request, more)))


@get("/voorstellen/{id:uuid}", policy="employee", doc=Doc("Bekijk een voorstel", answer=VoorstelUit, refusals=(404,)))
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    return await _seen(session, id, actor(request, me), at=datetime.now(UTC))


@post(
    "/voorstellen",
    policy="employee",
    doc=Doc(
        "Doe een voorstel (concept)",
        answer=VoorstelUit,
        body=ProposalForm,
        example=EXAMPLE,
        status=201,
        refusals=(409,),
    ),
)
async def create(request: Page, session: Session, me: Me) -> Response[bytes]:
    form, by, at = await body_of(request, ProposalForm), actor(request, me), await now(session)
    made = await draft_proposal(session, form, by=by, at=at)
    return await _seen(session, made.id, by, at=at, status=201)


Act = Callable[[AsyncSession, UUID, Actor, datetime, Page], Awaitable[Proposal]]


async def _submit(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Proposal:
    await body_of(request, Leeg)
    return await submit_proposal(session, id, by=by, at=at)


async def _amend(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Proposal:
    return await new_version(session, id, await body_of(request, VersionForm), by=by, at=at)


async def _withdraw(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Proposal:
    form = await body_of(request, ReasonForm)
    return await withdraw_proposal(session, id, by=by, at=at, words=form.reden)


async def _meet(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Proposal:
    form = await body_of(request, ReasonForm)
    return await call_meeting(session, id, by=by, at=at, words=form.reden)


async def _strike(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Proposal:
    return await strike_proposal(session, id, await body_of(request, StrikeForm), by=by, at=at)


async def _respond(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Proposal:
    return await respond(session, id, await body_of(request, ResponseForm), by=by, at=at)


def _verb(
    noun: str, summary: str, act: Act, body: type[BaseModel] = Leeg, *, status: int = 200,
    example: dict[str, Any] | None = None,
) -> Any:  # fmt: skip
    """One call that moves a proposal."""

    @post(
        f"/voorstellen/{{id:uuid}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=Ronde, body=body, example=example, status=status, refusals=(403, 404, 409)),
    )
    async def verb(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
        by, at = actor(request, me), await now(session)
        await act(session, id, by, at, request)
        return answer(_round(await proposal_for(session, id, by, at=at)), status=status)

    return verb


async def _seen(session: AsyncSession, id: UUID, by: Actor, *, at: datetime, status: int = 200) -> Response[bytes]:
    seen = await proposal_for(session, id, by, at=at)
    team = await members_at(session, seen.team_id, at=at) if seen.open else []
    whole = VoorstelUit(
        **_round(seen).model_dump(), team=named(seen.team_id, seen.team), rol=named(seen.role_id, seen.role),
        indiener=Naam(id=seen.proposer_id, naam=seen.proposer), spanning=seen.tension, voorbeeld=seen.example,
        wijzigingen=CHANGES.validate_python(seen.row.changes),
        geschrapt=seen.struck["text"] if seen.struck else None,
        laterLid=[one.id for one in joined_later(seen, team)],
        zonderBezwaar=[one["id"] for one in seen.electors if one["consented"]],
        bezwaren=[
            BezwaarUit(
                id=one["id"], versie=one["version"], persoon=Naam(id=one["person"], naam=one["name"]), tekst=one["text"],
                regelbreuk=one["breach"], status=one["state"],
            )
            for one in seen.objections
        ],
    )  # fmt: skip
    return answer(whole, status=status, at=f"/api/v1/voorstellen/{id}" if status == 201 else None)


def _round(seen: ProposalSeen) -> Ronde:
    return Ronde(
        id=seen.id, nummer=seen.number, versie=seen.version, status=seen.state, vorm=seen.form, tot=seen.due_at,
        stemgerechtigd=[one["id"] for one in seen.electors],
    )  # fmt: skip


HANDLERS = [
    list_all,
    show,
    create,
    _verb("indiening", "Dien een voorstel in", _submit),
    _verb("versies", "Pas je voorstel aan: alle antwoorden vervallen", _amend, VersionForm,
          example={"wijzigingen": EXAMPLE["wijzigingen"], "toelichting": "Met de wijk erbij."}),
    _verb("intrekking", "Trek je voorstel in", _withdraw, ReasonForm),
    _verb("schrapping", "Schrap een aangenomen voorstel dat de regels brak", _strike, StrikeForm,
          example={"tekst": "Dit mag niet van de Algemene wet bestuursrecht."}),
    _verb("overleg", "Vraag een overleg: de ronde stopt", _meet, ReasonForm),
    _verb("reacties", "Antwoord op een voorstel", _respond, ResponseForm, status=201,
          example={"versie": 1, "reactie": "consent"}),
]  # fmt: skip
