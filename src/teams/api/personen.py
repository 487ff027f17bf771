"""People: search by name, e-mail or number, and one with their roles, as of a moment."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field

from teams.api.routes import AsOf, Doc, Paged, actor, answer, cursor_of, get, next_page, place_of, query_of
from teams.api.shapes import Hours, Naam, Volgende, named
from teams.http.wants import Me, Page, Session
from teams.structure.lists import people_page
from teams.structure.queries import person_for


class PersoonKort(BaseModel):
    """Iemand in een lijst."""

    id: UUID
    naam: str
    email: str
    team: Naam | None


class Personen(BaseModel):
    """Een bladzijde van de lijst, op naam."""

    resultaten: list[PersoonKort]
    volgende: Volgende


class RolVanPersoon(BaseModel):
    """Een rol die iemand vervult; `uren` ziet alleen die persoon zelf."""

    id: UUID
    naam: str
    kernrol: str | None
    team: Naam | None
    focus: str
    gekozen: bool
    tot: date | None
    uren: Hours | None


class PersoonUit(BaseModel):
    """Iemand met zijn rollen; `personeelsnummer` ziet alleen die persoon zelf."""

    id: UUID
    naam: str
    email: str
    personeelsnummer: str | None
    inDienst: bool
    team: Naam | None
    bestuursorganen: list[str]
    rollen: list[RolVanPersoon]


class PersonenVraag(AsOf, Paged):
    """Mensen op naam; `zoek` kijkt in naam, e-mailadres en personeelsnummer."""

    zoek: Annotated[str, Field(max_length=200)] = ""


@get("/personen", policy="employee", doc=Doc("Zoek mensen", answer=Personen, query=PersonenVraag))
async def list_all(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, PersonenVraag)
    rows, after = await people_page(
        session, wish.moment(), search=wish.zoek, after=place_of(wish.vanaf), limit=wish.aantal
    )
    people = [PersoonKort(id=row.id, naam=row.name, email=row.email, team=named(row.team_id, row.team)) for row in rows]
    return answer(Personen(resultaten=people, volgende=next_page(request, cursor_of(after))))


@get(
    "/personen/{id:uuid}",
    policy="employee",
    doc=Doc("Bekijk iemand", answer=PersoonUit, query=AsOf, refusals=(404,)),
)
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    person = await person_for(session, id, actor(request, me), query_of(request, AsOf).moment())
    return answer(
        PersoonUit(
            id=person.id, naam=person.name, email=person.email, personeelsnummer=person.number,
            inDienst=person.in_service, team=named(person.team_id, person.team), bestuursorganen=list(person.organs),
            rollen=[
                RolVanPersoon(
                    id=role.id, naam=role.name, kernrol=role.core, team=named(role.team_id, role.team),
                    focus=role.focus, gekozen=role.elected, tot=role.until, uren=role.hours,
                )
                for role in person.roles
            ],
        )
    )  # fmt: skip


HANDLERS = [list_all, show]
