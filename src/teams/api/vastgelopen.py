"""When the deciding of a team broke down, by whom it was guided, and when it worked again (rule 34)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field

from teams.api.routes import Doc, Paged, actor, answer, cursor_of, get, next_page, place_of, query_of
from teams.api.shapes import Naam, Volgende, named
from teams.governance.breakdowns import breakdowns_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.structure.moment import Moment
from teams.structure.queries import team_for


class VastgelopenUit(BaseModel):
    """Een keer dat het roloverleg van een team vastliep; zolang `eindeOp` leeg is, duurt het nog."""

    id: UUID
    tekst: str
    gemeldOp: datetime
    gemeldDoor: Naam
    gemeldAls: Annotated[str, Field(examples=["begeleider"])]
    overgenomenOp: datetime | None
    overgenomenDoor: Naam | None
    eindeOp: datetime | None
    eindeDoor: Naam | None
    eindeTekst: str


class VastgelopenLijst(BaseModel):
    """Een bladzijde van de lijst, de nieuwste eerst."""

    resultaten: list[VastgelopenUit]
    volgende: Volgende


class VastgelopenVraag(Paged):
    """De keren dat het roloverleg van een team vastliep."""


@get(
    "/teams/{id:uuid}/vastgelopen",
    policy="employee",
    doc=Doc(
        "Bekijk of het roloverleg van een team vastloopt", answer=VastgelopenLijst, query=VastgelopenVraag, refusals=(404,)
    ),
)  # fmt: skip
async def show(request: Page, id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, VastgelopenVraag)
    place, at = place_of(wish.vanaf), await now(session)
    await team_for(session, id, actor(request, me), Moment(at, at, at))
    rows = await breakdowns_of(session, id, limit=wish.aantal + 1, after=place[1] if place else None)
    shown = rows[: wish.aantal]
    found = [
        VastgelopenUit(
            id=row.id, tekst=row.text, gemeldOp=row.at, gemeldDoor=Naam(id=row.declared_by, naam=row.declarer), gemeldAls=row.acting_as,
            overgenomenOp=row.taken_at, overgenomenDoor=named(row.taken_by, row.taker), eindeOp=row.ended_at,
            eindeDoor=named(row.ended_by, row.ender), eindeTekst=row.ended_text,
        )
        for row in shown
    ]  # fmt: skip
    after = ("", shown[-1].id) if len(rows) > len(shown) else None
    return answer(VastgelopenLijst(resultaten=found, volgende=next_page(request, cursor_of(after))))


HANDLERS = [show]
