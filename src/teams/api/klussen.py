"""Klussen: list, one, post, change, publish, close, cancel, complete."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.routes import Doc, Leeg, Paged, actor, answer, body_of, get, next_page, patch, post, query_of
from teams.api.shapes import Hours, Naam, Volgende, named
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import now
from teams.kit.errors import Invalid, Reason
from teams.kit.forms import validated_json
from teams.kit.text import N_, OptionalNote
from teams.klussen.actions.klus import change_klus, post_klus
from teams.klussen.actions.phases import cancel_klus, close_klus, complete_klus, publish_klus, renew_klus
from teams.klussen.actions.savings import BaselineForm, fix_baseline
from teams.klussen.forms import Form, KlusForm, ReasonForm
from teams.klussen.listing import Wish, list_klussen
from teams.klussen.models import Kind, Klus, KlusState, Origin, Way
from teams.klussen.queries import KlusSeen, klus_for

EXAMPLE = {
    "titel": "Schouw van speelplekken",
    "teamId": "0199d3c2-6a10-7c21-9d0e-3f6f4f1b2a01",
    "plaatsen": 3,
    "urenMin": 4,
    "urenMax": 6.5,
    "van": "2027-01-05",
    "tot": "2027-02-27",
}


class Stand(StrEnum):
    """De standen waarop je kunt zoeken; een concept staat in geen lijst."""

    OPEN = "open"
    GESLOTEN = "gesloten"
    IN_UITVOERING = "in_uitvoering"
    AFGEROND = "afgerond"
    INGETROKKEN = "ingetrokken"
    VERLOPEN = "verlopen"


class NulmetingIn(Form):
    """Wat dit werk anders had gekost; ligt vast bij het plaatsen."""

    ingehuurd: bool
    tarief: Annotated[Decimal, Field(gt=0, le=1_000_000, decimal_places=2, description="euro per uur")] | None = None
    bron: OptionalNote = None


class KlusNieuw(KlusForm):
    """Een klus: uren per week (`urenMin`, `urenMax`) of in totaal (`urenTotaal`); `tot` is tot en met."""

    nulmeting: NulmetingIn | None = None


class MijnInzet(BaseModel):
    """Je eigen inzet op deze klus."""

    id: UUID
    status: str


class KlusUit(BaseModel):
    """Een klus zoals jij die ziet."""

    id: UUID
    nummer: int
    versie: int
    titel: str
    omschrijving: str
    soort: Kind
    status: KlusState
    aanmelden: Annotated[bool, Field(description="neemt nog mensen aan")]
    team: Naam | None
    rolId: UUID | None
    plaatsen: int
    vrij: int
    urenMin: Hours | None
    urenMax: Hours | None
    urenTotaal: Hours | None
    van: date
    tot: date | None
    aanmeldenTot: date | None
    wijze: Way
    vaardigheden: list[str]
    herkomst: Origin
    herkomstKenmerk: str | None
    bevoegdheden: list[str]
    mijnInzet: MijnInzet | None


class Klussen(BaseModel):
    """Een bladzijde van de lijst."""

    resultaten: list[KlusUit]
    volgende: Volgende


class KlussenVraag(Paged):
    """Zonder `status`: klussen waarvoor je je nu kunt aanmelden."""

    status: Stand | None = None
    zoek: Annotated[str, Field(max_length=200)] = ""
    team: UUID | None = None
    vaardigheid: Annotated[str, Field(max_length=120)] = ""
    soort: Kind | None = None


def _partial(schema: dict[str, Any]) -> None:
    schema["required"] = ["versie"]
    for part in schema["properties"].values():
        part.pop("default", None)


class KlusWijziging(KlusForm):
    """Alleen de velden die je wilt veranderen, met de versie waar je van uitging."""

    model_config = ConfigDict(json_schema_extra=_partial)

    versie: Annotated[int, Field(ge=1, le=2**31 - 1)]


def klus_uit(row: Any) -> KlusUit:
    mine = row.mine
    return KlusUit(
        id=row.id, nummer=row.number, versie=row.version, titel=row.title, omschrijving=row.description,
        soort=row.kind, status=row.state, aanmelden=row.accepting and row.state in ("open", "in_uitvoering"),
        team=named(row.team_id, row.team), rolId=row.role_id, plaatsen=row.places, vrij=row.places - row.taken,
        urenMin=row.hours_min, urenMax=row.hours_max, urenTotaal=row.hours_total, van=row.starts, tot=row.ends,
        aanmeldenTot=row.apply_until, wijze=row.way, vaardigheden=row.skills, herkomst=row.origin,
        herkomstKenmerk=row.origin_reference or None, bevoegdheden=row.powers,
        mijnInzet=MijnInzet(id=mine["id"], status=mine["state"]) if mine else None,
    )  # fmt: skip


@get("/klussen", policy="employee", doc=Doc("Zoek klussen", answer=Klussen, query=KlussenVraag))
async def list_all(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, KlussenVraag)
    found = await list_klussen(
        session,
        Wish(
            search=wish.zoek.strip(), teams=(wish.team,) if wish.team else (), kinds=(wish.soort,) if wish.soort else (),
            skills=(wish.vaardigheid.strip(),) if wish.vaardigheid.strip() else (),
            states=(wish.status.value,) if wish.status else (), cursor=wish.vanaf, size=wish.aantal,
        ),
        actor(request, me), at=datetime.now(UTC),
    )  # fmt: skip
    return answer(Klussen(resultaten=[klus_uit(row) for row in found.rows], volgende=next_page(request, found.after)))


@get("/klussen/{id:uuid}", policy="employee", doc=Doc("Bekijk een klus", answer=KlusUit, refusals=(404,)))
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    return await _seen(session, id, actor(request, me), at=datetime.now(UTC))


@post(
    "/klussen",
    policy="employee",
    doc=Doc("Maak een klus (concept)", answer=KlusUit, body=KlusNieuw, example=EXAMPLE, status=201, refusals=(409,)),
)
async def create(request: Page, session: Session, me: Me) -> Response[bytes]:
    form, by, at = await body_of(request, KlusNieuw), actor(request, me), await now(session)
    klus = await post_klus(session, form, by=by, at=at)
    if fixed := form.nulmeting:
        cents = None if fixed.tarief is None else int(fixed.tarief * 100)
        baseline = BaselineForm(ingehuurd=fixed.ingehuurd, tarief=cents, bron=fixed.bron)
        await fix_baseline(session, klus.id, baseline, by=by, at=at)
    return await _seen(session, klus.id, by, at=at, status=201)


@patch(
    "/klussen/{id:uuid}",
    policy="employee",
    doc=Doc(
        "Verander een klus", answer=KlusUit, body=KlusWijziging, example={"versie": 2, "plaatsen": 4},
        refusals=(404, 409),
    ),
)  # fmt: skip
async def change(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    by, at = actor(request, me), await now(session)
    form = _merged(await klus_for(session, id, by, at=at), json.loads(await request.body() or b"{}"))
    await change_klus(session, id, form, version=form.versie, by=by, at=at)
    return await _seen(session, id, by, at=at)


Act = Callable[[AsyncSession, UUID, Actor, datetime, Page], Awaitable[Klus]]


async def _publish(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Klus:
    await body_of(request, Leeg)
    return await publish_klus(session, id, by=by, at=at)


async def _close(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Klus:
    await body_of(request, Leeg)
    return await close_klus(session, id, by=by, at=at)


async def _renew(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Klus:
    await body_of(request, Leeg)
    return await renew_klus(session, id, by=by, at=at)


async def _cancel(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Klus:
    form = await body_of(request, ReasonForm)
    return await cancel_klus(session, id, by=by, at=at, reason=form.reden)


async def _complete(session: AsyncSession, id: UUID, by: Actor, at: datetime, request: Page) -> Klus:
    await body_of(request, Leeg)
    return await complete_klus(session, id, by=by, at=at)


def _verb(noun: str, summary: str, act: Act, body: type[BaseModel] = Leeg) -> Any:
    """One call that brings a klus to its next state."""

    @post(
        f"/klussen/{{id:uuid}}/{noun}",
        policy="employee",
        doc=Doc(summary, answer=KlusUit, body=body, refusals=(404, 409)),
    )
    async def verb(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
        by, at = actor(request, me), await now(session)
        await act(session, id, by, at, request)
        return await _seen(session, id, by, at=at)

    return verb


HANDLERS = [
    list_all,
    show,
    create,
    change,
    _verb("publicatie", "Plaats de klus, of open hem weer", _publish),
    _verb("sluiting", "Sluit de inschrijving", _close),
    _verb("verlenging", "Zeg dat de klus nog staat", _renew),
    _verb("intrekking", "Trek de klus in", _cancel, ReasonForm),
    _verb("afronding", "Rond de klus af", _complete),
]


async def _seen(session: AsyncSession, id: UUID, by: Actor, *, at: datetime, status: int = 200) -> Response[bytes]:
    seen = klus_uit(await klus_for(session, id, by, at=at))
    return answer(seen, status=status, at=f"/api/v1/klussen/{id}" if status == 201 else None)


def _merged(now_: KlusSeen, body: Any) -> KlusWijziging:
    """The klus as it is, with what the body changes; every field that is wrong at once."""
    if not isinstance(body, dict):
        raise Invalid({"invoer": Reason("invoer", N_("Geef hier velden met een waarde."))})
    current = KlusForm.model_construct(
        titel=now_.title, omschrijving=now_.description or None, soort=now_.kind, teamId=now_.team_id,
        plaatsen=now_.places, urenMin=now_.hours_min, urenMax=now_.hours_max, urenTotaal=now_.hours_total,
        van=now_.starts, tot=now_.ends, aanmeldenTot=now_.apply_until, wijze=now_.way, vaardigheden=now_.skills,
        herkomst=now_.origin, herkomstKenmerk=now_.origin_reference or None, bevoegdheden=now_.powers,
    )  # fmt: skip
    values = current.model_dump(mode="json", warnings=False)
    return validated_json(KlusWijziging, json.dumps(values | body).encode())
