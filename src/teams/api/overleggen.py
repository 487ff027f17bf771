"""Overleggen: read what is planned, what is on, and what was said and agreed."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field
from sqlalchemy import Row

from teams.api.routes import Doc, Query, answer, get, next_page, query_of
from teams.api.shapes import Naam, Volgende, named
from teams.governance.meeting_models import (
    ItemOutcome,
    ItemState,
    ItemStep,
    MeetingKind,
    MeetingState,
    MeetingStep,
    StandingKind,
)
from teams.governance.meeting_seen import list_meetings, meeting_for
from teams.http.wants import Me, Page, Session


class OverlegKort(BaseModel):
    """Een overleg in de lijst."""

    id: UUID
    nummer: int
    soort: MeetingKind
    status: MeetingState
    team: Naam | None
    begin: datetime
    einde: datetime
    plaats: str
    bedoeling: Annotated[str, Field(description="gevuld: een bijzonder overleg, alleen hierover")]


class Overleggen(BaseModel):
    """Een bladzijde van de lijst."""

    resultaten: list[OverlegKort]
    volgende: Volgende


class Deelnemer(BaseModel):
    """Een lid dat bericht kreeg, of er was. `opTijd`: kreeg bericht binnen de termijn van het team."""

    id: UUID
    naam: str
    opTijd: bool
    aanwezig: bool


class Regel(BaseModel):
    """Wat iemand zei of afsprak; bij een volgende stap of project hoort een rol."""

    moment: datetime
    stap: str
    soort: str
    persoon: Naam
    rol: str | None
    tekst: str


class Punt(BaseModel):
    """Een punt van de agenda, met wat erover is vastgelegd."""

    id: UUID
    titel: str
    indiener: Naam
    verkiezing: bool
    verkiezingId: UUID | None
    gast: Naam | None
    voorstelId: UUID | None
    status: ItemState
    stap: ItemStep | None
    uitkomst: ItemOutcome | None
    regels: list[Regel]


class Vast(BaseModel):
    """Wat een team in elk werkoverleg langsloopt, met wat er deze keer van gezegd is."""

    soort: StandingKind
    titel: str
    rol: str | None
    stand: str | None


class OverlegUit(OverlegKort):
    """Een overleg met alles wat erin gebeurde. `stap` telt zolang het bezig is."""

    versie: int
    stap: MeetingStep
    deelnemers: list[Deelnemer]
    agenda: list[Punt]
    lijst: list[Vast]
    rondes: Annotated[list[Regel], Field(description="inchecken en uitchecken")]


class OverleggenVraag(Query):
    team: UUID | None = None
    mij: Annotated[bool, Field(description="alleen waarvoor ik ben uitgenodigd")] = False
    komend: Annotated[bool, Field(description="alleen wat nog komt of bezig is, eerst het eerste")] = False
    vanaf: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="uit `volgende`")] = None
    aantal: Annotated[int, Field(ge=1, le=100)] = 25


@get("/overleggen", policy="employee", doc=Doc("Zoek overleggen", answer=Overleggen, query=OverleggenVraag))
async def list_all(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, OverleggenVraag)
    rows = await list_meetings(
        session, at=datetime.now(UTC), team=wish.team, person=me.person_id if wish.mij else None, ahead=wish.komend,
        below=wish.vanaf, limit=wish.aantal + 1,
    )  # fmt: skip
    short = [OverlegKort(**_short(row)) for row in rows[: wish.aantal]]
    more = str(short[-1].nummer) if len(rows) > wish.aantal and not wish.komend else None
    return answer(Overleggen(resultaten=short, volgende=next_page(request, more)))


@get(
    "/overleggen/{id:uuid}",
    policy="employee",
    doc=Doc("Bekijk een overleg en zijn verslag", answer=OverlegUit, refusals=(404,)),
)
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    row = await meeting_for(session, id, at=datetime.now(UTC))
    lines = [
        (one["item"], one["standing"], Regel(
            moment=one["at"], stap=one["step"], soort=one["kind"], persoon=Naam(id=one["person"], naam=one["name"]),
            rol=one["role"], tekst=one["text"],
        ))
        for one in row.lines if one["kind"] not in ("stap", "verlengd")
    ]  # fmt: skip
    said = {standing: line.tekst for _, standing, line in lines if standing}
    return answer(OverlegUit(
        **_short(row), versie=row.version, stap=row.step,
        deelnemers=[
            Deelnemer(id=one["id"], naam=one["name"], opTijd=one["in_time"], aanwezig=one["here"]) for one in row.people
        ],
        agenda=[
            Punt(
                id=one["id"], titel=one["label"], indiener=Naam(id=one["owner"], naam=one["name"]), verkiezing=one["election"],
                verkiezingId=one["chosen"], gast=Naam(id=one["guest"], naam=one["guest_name"]) if one["guest"] else None,
                voorstelId=one["proposal"], status=one["state"], stap=one["step"], uitkomst=one["outcome"],
                regels=[line for item, _, line in lines if item == one["id"]],
            )
            for one in row.items
        ],
        lijst=[
            Vast(soort=one["kind"], titel=one["label"], rol=one["role"], stand=said.get(one["id"])) for one in row.standing
        ],
        rondes=[line for item, standing, line in lines if not item and not standing],
    ))  # fmt: skip


def _short(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id, "nummer": row.number, "soort": row.kind, "status": row.state, "team": named(row.team_id, row.team),
        "begin": row.starts_at, "einde": row.ends_at, "plaats": row.place, "bedoeling": row.intent,
    }  # fmt: skip


HANDLERS = [list_all, show]
