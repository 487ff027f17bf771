"""The register: a page of grants, one grant with its chain, and the acts on it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.bevoegdheidsvragen import as_written
from teams.api.routes import AsOf, Doc, Paged, actor, answer, body_of, get, next_page, post, query_of
from teams.api.shapes import Geld, Volgende
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import day_of, now
from teams.kit.forms import validated_json
from teams.mandates.actions.aside import take_back
from teams.mandates.actions.grants import consent_grant, decide_grant, draft_grant, publish_grant, withdraw_grant
from teams.mandates.forms import (
    BekendmakingForm,
    BesluitForm,
    InstemmingForm,
    IntrekkingForm,
    MandaatInvoer,
    TerugnameForm,
)
from teams.mandates.models import GrantState
from teams.mandates.queries.parties import PartySeen
from teams.mandates.queries.register import (
    GrantSeen,
    RegisterWish,
    chain_of,
    children_of,
    grant_by_number,
    register_page,
)
from teams.structure.moment import Moment

EXAMPLE = {
    "bevoegdheden": ["SUB-01"], "soorten": ["mandaat"], "gever": ["orgaan:college"],
    "ontvanger": "functie:gemeentesecretaris", "grens": 25000, "ondermandaat": "ja", "van": "2027-01-01",
}  # fmt: skip


class Partij(BaseModel):
    """Wie geeft of ontvangt. `soort`: orgaan, rol, functie, persoon of extern."""

    soort: str
    id: str
    naam: str
    team: str


class BevoegdheidKort(BaseModel):
    """Een bevoegdheid in een mandaat."""

    code: str
    titel: str


class OndermandaatUit(BaseModel):
    """Of doorgeven mag: nee, ja, diepte (zoveel stappen) of alleen_aan."""

    soort: str
    diepte: int
    alleenAan: list[Partij]


class MandaatUit(BaseModel):
    """Een mandaat zoals het toen was. `tot` is tot en met; `grens` is inclusief; `versie` verandert met elk woord."""

    nummer: str
    versie: str
    status: GrantState
    soorten: list[str]
    gever: list[Partij]
    ontvanger: Partij
    ouder: str | None
    bevoegdheden: list[BevoegdheidKort]
    allesBehalve: list[BevoegdheidKort] | None
    grens: Geld | None
    grensBasis: str
    ondermandaat: OndermandaatUit
    voorwaarden: list[str]
    instructies: list[str]
    vorm: str
    zaak: str | None
    kader: str | None
    opSchrift: bool
    opmerkingen: str
    beslotenOp: date | None
    besluit: str
    bekendgemaaktOp: date | None
    publicatie: str
    publicatieAdres: str
    instemmingOntvangerOp: date | None
    instemmingWerkgeverOp: date | None
    ingetrokkenOp: datetime | None
    intrekking: str
    van: date
    tot: date | None


class MandaatHeel(MandaatUit):
    """Met de keten van het orgaan tot hier, en wat er direct onder hangt."""

    keten: list[str]
    kinderen: list[str]


class Mandaten(BaseModel):
    """Een bladzijde van het register, op nummer."""

    resultaten: list[MandaatUit]
    volgende: Volgende


class MandatenVraag(AsOf, Paged):
    """Het register op een dag, met filters."""

    orgaan: Annotated[str | None, Field(max_length=40, examples=["college"])] = None
    team: UUID | None = None
    rol: UUID | None = None
    persoon: UUID | None = None
    bevoegdheid: Annotated[str | None, Field(max_length=40)] = None
    status: GrantState | None = None
    zoek: Annotated[str, Field(max_length=200)] = ""


def mandaat_uit(grant: GrantSeen) -> MandaatUit:
    return MandaatUit(**_fields(grant))


def _fields(grant: GrantSeen) -> dict[str, Any]:
    return {
        "nummer": grant.number, "versie": grant.version, "status": grant.state, "soorten": list(grant.kinds),
        "gever": list(map(_party, grant.grantors)), "ontvanger": _party(grant.holder), "ouder": grant.parent,
        "bevoegdheden": [BevoegdheidKort(code=code, titel=title) for code, title in grant.powers],
        "allesBehalve": None if grant.all_except is None
        else [BevoegdheidKort(code=code, titel=title) for code, title in grant.all_except],
        "grens": grant.ceiling, "grensBasis": grant.base,
        "ondermandaat": OndermandaatUit(
            soort=grant.sub, diepte=grant.sub_depth, alleenAan=list(map(_party, grant.sub_only_to))
        ),
        "voorwaarden": list(grant.conditions), "instructies": list(grant.instructions), "vorm": grant.form,
        "zaak": grant.case, "kader": grant.framework, "opSchrift": grant.written, "opmerkingen": grant.remarks, "beslotenOp": day(grant.decided_on),
        "besluit": grant.decision, "bekendgemaaktOp": day(grant.published_on), "publicatie": grant.publication,
        "publicatieAdres": grant.publication_uri, "instemmingOntvangerOp": day(grant.consent_holder_on),
        "instemmingWerkgeverOp": day(grant.consent_employer_on), "ingetrokkenOp": grant.withdrawn_at,
        "intrekking": grant.withdrawal, "van": day_of(grant.starts),
        "tot": last_day(grant.ends),
    }  # fmt: skip


def _party(party: PartySeen) -> Partij:
    return Partij(soort=party.kind, id=party.id, naam=party.name, team=party.team)


def day(moment: datetime | None) -> date | None:
    return None if moment is None else day_of(moment)


def last_day(end: datetime | None) -> date | None:
    return None if end is None else day_of(end - timedelta(microseconds=1))


@get("/mandaten", policy="signed_in", doc=Doc("Zoek in het mandaatregister", answer=Mandaten, query=MandatenVraag))
async def list_all(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, MandatenVraag)
    rows, after = await register_page(
        session,
        RegisterWish(
            wish.orgaan, wish.team, wish.rol, wish.persoon, wish.bevoegdheid, wish.status, wish.zoek.strip() or None,
            wish.vanaf or None, wish.aantal,
        ),
        wish.moment(),
    )  # fmt: skip
    return answer(Mandaten(resultaten=[mandaat_uit(row) for row in rows], volgende=next_page(request, after)))


@get(
    "/mandaten/{nummer:str}",
    policy="signed_in",
    doc=Doc("Bekijk een mandaat", answer=MandaatHeel, query=AsOf, refusals=(404,)),
)
async def show(request: Page, nummer: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    return await seen(session, nummer, query_of(request, AsOf).moment())


@post(
    "/mandaten",
    policy="employee",
    doc=Doc(
        "Maak een mandaat (voorgenomen)",
        answer=MandaatHeel,
        body=MandaatInvoer,
        example=EXAMPLE,
        status=201,
        refusals=(409,),
    ),
)
async def create(request: Page, session: Session, me: Me) -> Response[bytes]:
    form = validated_json(MandaatInvoer, as_written(await request.body() or b"{}", "grens"))
    at = await now(session)
    number = await draft_grant(session, form, by=actor(request, me), at=at)
    return await seen(session, number, Moment(at, at, at), status=201)


Act = Callable[[AsyncSession, str, Any, Actor, datetime], Awaitable[None]]


async def _decide(session: AsyncSession, number: str, form: BesluitForm, by: Actor, at: datetime) -> None:
    await decide_grant(session, number, form, by=by, at=at)


async def _publish(session: AsyncSession, number: str, form: BekendmakingForm, by: Actor, at: datetime) -> None:
    await publish_grant(session, number, form, by=by, at=at)


async def _consent(session: AsyncSession, number: str, form: InstemmingForm, by: Actor, at: datetime) -> None:
    await consent_grant(session, number, form, by=by, at=at)


async def _withdraw(session: AsyncSession, number: str, form: IntrekkingForm, by: Actor, at: datetime) -> None:
    await withdraw_grant(session, number, form, by=by, at=at)


async def _take_back(session: AsyncSession, number: str, form: TerugnameForm, by: Actor, at: datetime) -> None:
    await take_back(session, number, form, by=by, at=at)


def _verb(noun: str, summary: str, act: Act, body: type[BaseModel]) -> Any:
    """One call that brings a grant to its next state."""

    @post(
        f"/mandaten/{{nummer:str}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=MandaatHeel, body=body, refusals=(404, 409)),
    )
    async def verb(request: Page, nummer: FromPath[str], session: Session, me: Me) -> Response[bytes]:
        form, at = await body_of(request, body), await now(session)
        await act(session, nummer, form, actor(request, me), at)
        return await seen(session, nummer, Moment(at, at, at))

    return verb


async def seen(session: AsyncSession, number: str, moment: Moment, *, status: int = 200) -> Response[bytes]:
    grant = await grant_by_number(session, number, moment)
    whole = MandaatHeel(
        **_fields(grant), keten=[one.number for one in await chain_of(session, number, moment)],
        kinderen=[one.number for one in await children_of(session, number, moment)],
    )  # fmt: skip
    return answer(whole, status=status, at=f"/api/v1/mandaten/{number}" if status == 201 else None)


HANDLERS = [
    list_all,
    show,
    create,
    _verb("besluit", "Leg vast dat de gever heeft besloten", _decide, BesluitForm),
    _verb("bekendmaking", "Leg de bekendmaking vast", _publish, BekendmakingForm),
    _verb("instemming", "Leg vast dat de ontvanger en diens werkgever instemmen", _consent, InstemmingForm),
    _verb("intrekking", "Trek het mandaat in", _withdraw, IntrekkingForm),
    _verb("terugname", "Neem een zaak zelf in handen", _take_back, TerugnameForm),
]
