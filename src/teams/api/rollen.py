"""One role with its purpose, accountabilities, domains and fillers, as of a moment."""

from datetime import date
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel

from teams.api.routes import AsOf, Doc, actor, answer, get, query_of
from teams.api.shapes import Naam, named
from teams.http.wants import Me, Page, Session
from teams.structure.queries import RoleSeen, role_for


class Regel(BaseModel):
    """Een verantwoordelijkheid of een domein."""

    id: UUID
    tekst: str


class Vervuller(BaseModel):
    """Wie de rol vervult; `tot` is tot en met."""

    id: UUID
    naam: str
    focus: str
    gekozen: bool
    tot: date | None


class RolUit(BaseModel):
    """Een rol zoals die toen was."""

    id: UUID
    naam: str
    doel: str
    kernrol: str | None
    functie: str | None
    team: Naam | None
    verantwoordelijkheden: list[Regel]
    domeinen: list[Regel]
    vervullers: list[Vervuller]


def rol_uit(role: RoleSeen) -> RolUit:
    return RolUit(
        id=role.id, naam=role.name, doel=role.purpose, kernrol=role.core, functie=role.office,
        team=named(role.team_id, role.team),
        verantwoordelijkheden=[Regel(id=id, tekst=text) for id, text in role.accountabilities],
        domeinen=[Regel(id=id, tekst=text) for id, text in role.domains],
        vervullers=[
            Vervuller(id=who.id, naam=who.name, focus=who.focus, gekozen=who.elected, tot=who.until)
            for who in role.fillers
        ],
    )  # fmt: skip


@get("/rollen/{id:uuid}", policy="employee", doc=Doc("Bekijk een rol", answer=RolUit, query=AsOf, refusals=(404,)))
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    moment = query_of(request, AsOf).moment()
    return answer(rol_uit(await role_for(session, id, actor(request, me), moment)))


HANDLERS = [show]
