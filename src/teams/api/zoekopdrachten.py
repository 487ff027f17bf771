"""Saved searches: what I want to be told of when it is placed."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field

from teams.api.routes import Doc, Leeg, actor, answer, body_of, get, post
from teams.api.shapes import Hours
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.kit.text import Line, OptionalNote
from teams.klussen.actions.searches import drop_search, save_search
from teams.klussen.forms import Day, Form, TotalHours
from teams.klussen.listing import Wish
from teams.klussen.models import Kind
from teams.klussen.searches import Saved, searches_of


class ZoekopdrachtIn(Form):
    """Leeg betekent: alles is goed."""

    naam: Annotated[Line, Field(max_length=120)]
    zoek: OptionalNote = None
    teams: Annotated[list[UUID], Field(max_length=40)] = []
    soorten: Annotated[list[Kind], Field(max_length=3)] = []
    vaardigheden: Annotated[list[Line], Field(max_length=40)] = []
    urenMin: TotalHours | None = None
    urenMax: TotalHours | None = None
    van: Day | None = None
    tot: Day | None = None
    vrij: bool = False


class Zoekopdracht(BaseModel):
    """Een zoekopdracht die je bewaart; alleen jij ziet haar."""

    id: UUID
    naam: str
    zoek: str | None
    teams: list[UUID]
    soorten: list[Kind]
    vaardigheden: list[str]
    urenMin: Hours | None
    urenMax: Hours | None
    van: date | None
    tot: date | None
    vrij: bool
    sinds: datetime


class Zoekopdrachten(BaseModel):
    resultaten: list[Zoekopdracht]
    volgende: None = None


@get("/zoekopdrachten", policy="claimant", doc=Doc("Je bewaarde zoekopdrachten", answer=Zoekopdrachten))
async def mine(session: Session, me: Me) -> Response[bytes]:
    return await _mine(session, me)


@post(
    "/zoekopdrachten",
    policy="claimant",
    doc=Doc(
        "Bewaar een zoekopdracht", answer=Zoekopdrachten, body=ZoekopdrachtIn, status=201, refusals=(409,),
        example={"naam": "Groen werk", "zoek": "snoeien", "vrij": True},
    ),
)  # fmt: skip
async def save(request: Page, session: Session, me: Me) -> Response[bytes]:
    form = await body_of(request, ZoekopdrachtIn)
    wish = Wish(
        search=form.zoek or "", teams=tuple(form.teams), kinds=tuple(kind.value for kind in form.soorten), skills=tuple(form.vaardigheden),
        least_hours=form.urenMin, most_hours=form.urenMax, starts_from=form.van, ends_by=form.tot, only_free=form.vrij,
    )  # fmt: skip
    await save_search(session, form.naam, wish, by=actor(request, me), at=await now(session))
    return await _mine(session, me, status=201)


@post(
    "/zoekopdrachten/{id:uuid}/verwijdering",
    policy="claimant",
    doc=Doc("Haal een zoekopdracht weg", answer=Zoekopdrachten, body=Leeg, refusals=(404,)),
)
async def drop(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    await body_of(request, Leeg)
    await drop_search(session, id, by=actor(request, me), at=datetime.now(UTC))
    return await _mine(session, me)


HANDLERS = [mine, save, drop]


async def _mine(session: Any, me: Any, *, status: int = 200) -> Response[bytes]:
    found = await searches_of(session, me.person_id)
    return answer(Zoekopdrachten(resultaten=[_one(saved) for saved in found]), status=status)


def _one(saved: Saved) -> Zoekopdracht:
    wish = saved.wish
    return Zoekopdracht(
        id=saved.id, naam=saved.name, zoek=wish.search or None, teams=list(wish.teams), soorten=[Kind(kind) for kind in wish.kinds],
        vaardigheden=list(wish.skills), urenMin=wish.least_hours, urenMax=wish.most_hours, van=wish.starts_from, tot=wish.ends_by,
        vrij=wish.only_free, sinds=saved.made_at,
    )  # fmt: skip
