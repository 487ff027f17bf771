"""Has this user authority? In the shape that the open-source case system procest asks for."""

from datetime import UTC, datetime
from typing import Annotated

from litestar import Response
from pydantic import BaseModel, Field, WithJsonSchema
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.api.bevoegdheidsvragen import answered
from teams.api.routes import Doc, Query, answer, get, query_of
from teams.http.wants import Me, Page, Session
from teams.kit.errors import Invalid
from teams.mandates.forms import PlainAmount
from teams.mandates.question import Question
from teams.mandates.rules.base import Verdict

_PERSON = text(
    "select id from person where lower(email) = lower(:who) or number = :who or cast(id as text) = :who limit 1"
)
_DECIMAL = {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"}


class Mandaatvraag(Query):
    """`gebruiker`: e-mailadres, personeelsnummer of id; `categorie`: code van de bevoegdheid. Zonder bedrag is een mandaat met een grens een nee."""

    gebruiker: Annotated[str, Field(min_length=1, max_length=200, examples=["medewerker@zandermeer.example"])]
    categorie: Annotated[str, Field(min_length=1, max_length=40, examples=["SUB-01"])]
    bedrag: Annotated[PlainAmount, WithJsonSchema(_DECIMAL)] = None


class Gezag(BaseModel):
    """Alleen bij een volmondig ja is het waar."""

    hasAuthority: bool


@get(
    "/mandatencheck/mandaten", policy="employee", doc=Doc("Heeft iemand een mandaat?", answer=Gezag, query=Mandaatvraag)
)
async def check(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, Mandaatvraag)
    return answer(Gezag(hasAuthority=await _may(session, wish, datetime.now(UTC))))


async def _may(session: AsyncSession, wish: Mandaatvraag, at: datetime) -> bool:
    person = await session.scalar(_PERSON, {"who": wish.gebruiker})
    if person is None:
        return False
    try:
        given = await answered(session, Question(wish.categorie, at, at, str(person), cents=wish.bedrag))
    except Invalid:
        return False
    return given.verdict is Verdict.YES


HANDLERS = [check]
