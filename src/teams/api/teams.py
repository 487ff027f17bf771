"""Teams: list and one, with members, roles, sub-teams and policies, as of a moment."""

from typing import Any
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel

from teams.api.koers import Koers, koers_uit
from teams.api.rollen import RolUit, rol_uit
from teams.api.routes import AsOf, Doc, Paged, actor, answer, cursor_of, get, next_page, place_of, query_of
from teams.api.shapes import Naam, Volgende, named
from teams.governance.direction import direction_in
from teams.http.wants import Me, Page, Session
from teams.structure.lists import teams_page
from teams.structure.queries import members_of, roles_of, team_for


class TeamKort(BaseModel):
    """Een team in een lijst."""

    id: UUID
    code: str
    naam: str
    doel: str
    cluster: str
    bovenliggendId: UUID | None


class Teams(BaseModel):
    """Een bladzijde van de lijst, op naam."""

    resultaten: list[TeamKort]
    volgende: Volgende


class Lid(BaseModel):
    """Wie in dit team thuis is."""

    id: UUID
    naam: str
    email: str


class Afspraak(BaseModel):
    """Een afspraak van het team."""

    id: UUID
    soort: str
    titel: str
    tekst: str


class TeamUit(BaseModel):
    """Een team met zijn mensen, rollen, afspraken en koers."""

    id: UUID
    code: str
    naam: str
    doel: str
    cluster: str
    bovenliggend: Naam | None
    teams: list[Naam]
    leden: list[Lid]
    rollen: list[RolUit]
    afspraken: list[Afspraak]
    koers: Koers


class TeamsVraag(AsOf, Paged):
    """Teams op naam, zoals ze waren op een moment."""


@get("/teams", policy="employee", doc=Doc("Bekijk alle teams", answer=Teams, query=TeamsVraag))
async def list_all(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, TeamsVraag)
    rows, after = await teams_page(session, wish.moment(), after=place_of(wish.vanaf), limit=wish.aantal)
    return answer(Teams(resultaten=[_short(row) for row in rows], volgende=next_page(request, cursor_of(after))))


@get("/teams/{id:uuid}", policy="employee", doc=Doc("Bekijk een team", answer=TeamUit, query=AsOf, refusals=(404,)))
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    moment = query_of(request, AsOf).moment()
    team = await team_for(session, id, actor(request, me), moment)
    members = await members_of(session, id, moment)
    roles = await roles_of(session, id, moment)
    return answer(
        TeamUit(
            id=team.id, code=team.code, naam=team.name, doel=team.purpose, cluster=team.cluster,
            bovenliggend=named(team.parent_id, team.parent),
            teams=[Naam(id=sub["id"], naam=sub["name"]) for sub in team.subteams],
            leden=[Lid(id=member.id, naam=member.name, email=member.email) for member in members],
            rollen=[rol_uit(role) for role in roles],
            afspraken=[
                Afspraak(id=policy["id"], soort=policy["kind"], titel=policy["title"], tekst=policy["text"])
                for policy in team.policies
            ],
            koers=koers_uit(direction_in(team.direction)),
        )
    )  # fmt: skip


def _short(row: Any) -> TeamKort:
    return TeamKort(
        id=row.id, code=row.code, naam=row.name, doel=row.purpose, cluster=row.cluster, bovenliggendId=row.parent_id
    )


HANDLERS = [list_all, show]
