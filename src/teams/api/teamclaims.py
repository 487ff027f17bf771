"""Team claims (R16), and what else stands around a klus: its draw, the next in line, a copy, questions."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field

from teams.api.klussen import KlusUit, klus_uit
from teams.api.routes import Doc, Leeg, actor, answer, body_of, get, post
from teams.api.shapes import Hours, Naam
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.klussen.actions.around import copy_klus
from teams.klussen.actions.offers import offer_next
from teams.klussen.actions.phases import send_back_klus
from teams.klussen.actions.team import claim_for_team, name_people, release_places
from teams.klussen.consents import consents_for
from teams.klussen.draws import draw_of
from teams.klussen.forms import NamesForm, ReasonForm, TeamClaimForm
from teams.klussen.queries import klus_for


class TeamclaimUit(BaseModel):
    """Plekken die een team vasthoudt; noem tot en met `tot` wie ze krijgen."""

    id: UUID
    plaatsen: int
    tot: datetime


class Aantal(BaseModel):
    """Om hoeveel plekken het gaat."""

    plekken: int


class LotingUit(BaseModel):
    """De loting. Iedereen kan haar narekenen: sorteer de nummers op de SHA-256 van `zaad:nummer`."""

    vingerafdruk: Annotated[str, Field(description="SHA-256 van het zaad, bekend sinds de klus geplaatst is")]
    lotenOp: Annotated[date | None, Field(description="de eerste dag na de laatste dag van aanmelden")]
    getrokkenOp: datetime | None
    zaad: Annotated[str | None, Field(description="pas na de loting")]
    volgorde: list[int]
    plaatsen: int | None


class VraagOmInstemming(BaseModel):
    """Een collega die je team kan uitlenen. `past` zegt of de uren passen, meer niet."""

    inzet: UUID
    klus: Naam
    persoon: Naam
    uren: Hours
    van: date
    tot: date | None
    antwoordVoor: datetime
    past: bool


class VragenOmInstemming(BaseModel):
    resultaten: list[VraagOmInstemming]
    volgende: None = None


@post(
    "/klussen/{id:uuid}/teamclaims",
    policy="claimant",
    doc=Doc(
        "Houd plekken vast voor je team", answer=TeamclaimUit, body=TeamClaimForm, status=201, refusals=(403, 404, 409),
        example={"teamId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a01", "plaatsen": 2},
    ),
)  # fmt: skip
async def reserve(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form = await body_of(request, TeamClaimForm)
    held = await claim_for_team(session, id, form.teamId, form.plaatsen, by=actor(request, me), at=await now(session))
    return answer(TeamclaimUit(id=held.id, plaatsen=held.places, tot=held.due_at), status=201)


@post(
    "/teamclaims/{id:uuid}/namen",
    policy="claimant",
    doc=Doc(
        "Noem wie de plekken krijgen", answer=Aantal, body=NamesForm, refusals=(403, 404, 409),
        example={"personen": ["0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a01"]},
    ),
)  # fmt: skip
async def name(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form = await body_of(request, NamesForm)
    named = await name_people(session, id, form.personen, by=actor(request, me), at=await now(session))
    return answer(Aantal(plekken=named))


@post(
    "/teamclaims/{id:uuid}/vrijgave",
    policy="claimant",
    doc=Doc("Geef plekken zonder naam weer vrij", answer=Aantal, body=Leeg, refusals=(403, 404, 409)),
)
async def release(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    await body_of(request, Leeg)
    freed = await release_places(session, id, by=actor(request, me), at=await now(session))
    return answer(Aantal(plekken=freed))


@post(
    "/klussen/{id:uuid}/doorschuiven",
    policy="employee",
    doc=Doc("Bied vrije plekken aan wie vooraan wacht", answer=Aantal, body=Leeg, refusals=(403, 404, 409)),
)
async def promote(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    await body_of(request, Leeg)
    return answer(Aantal(plekken=await offer_next(session, id, by=actor(request, me), at=await now(session))))


@post(
    "/klussen/{id:uuid}/terugsturing",
    policy="employee",
    doc=Doc("Stuur een klus terug na toetsing", answer=KlusUit, body=ReasonForm, refusals=(403, 404, 409)),
)
async def send_back(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    form, by, at = await body_of(request, ReasonForm), actor(request, me), await now(session)
    await send_back_klus(session, id, by=by, at=at, reason=form.reden)
    return answer(klus_uit(await klus_for(session, id, by, at=at)))


@post(
    "/klussen/{id:uuid}/kopie",
    policy="employee",
    doc=Doc("Maak een kopie als concept", answer=KlusUit, body=Leeg, status=201, refusals=(403, 404)),
)
async def copy(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    await body_of(request, Leeg)
    by, at = actor(request, me), await now(session)
    made = await copy_klus(session, id, by=by, at=at)
    seen = klus_uit(await klus_for(session, made.id, by, at=at))
    return answer(seen, status=201, at=f"/api/v1/klussen/{made.id}")


@get("/klussen/{id:uuid}/loting", policy="employee", doc=Doc("Bekijk de loting", answer=LotingUit, refusals=(404,)))
async def draw(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    at = datetime.now(UTC)
    await klus_for(session, id, actor(request, me), at=at)
    found = await draw_of(session, id)
    return answer(
        LotingUit(
            vingerafdruk=found.commitment, lotenOp=found.on, getrokkenOp=found.drawn_at, zaad=found.seed,
            volgorde=found.order, plaatsen=found.places,
        )
    )  # fmt: skip


@get("/instemmingen", policy="employee", doc=Doc("Wie je team kan uitlenen", answer=VragenOmInstemming))
async def consents(request: Page, session: Session, me: Me) -> Response[bytes]:
    found = await consents_for(session, actor(request, me), at=datetime.now(UTC))
    return answer(VragenOmInstemming(resultaten=[_question(one) for one in found]))


def _question(one: Any) -> VraagOmInstemming:
    return VraagOmInstemming(
        inzet=one.claim_id, klus=Naam(id=one.klus_id, naam=one.title), persoon=Naam(id=one.person_id, naam=one.name),
        uren=one.hours, van=one.starts, tot=one.ends, antwoordVoor=one.due_at, past=one.fits,
    )  # fmt: skip


HANDLERS = [reserve, name, release, promote, send_back, copy, draw, consents]
