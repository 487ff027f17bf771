"""Meldingen: what happened that is my business."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Response
from pydantic import BaseModel, Field

from teams.api.routes import Doc, Query, answer, get, next_page, query_of
from teams.api.shapes import Volgende
from teams.http.telling import kind_of, link_of, names_in, said
from teams.http.wants import Me, Page, Session
from teams.http.words import words
from teams.notices.hears import Kind
from teams.notices.queries import notices_of


class MeldingUit(BaseModel):
    """Een melding. `url`: waar het over gaat; `soort`: waar je mail voor kiest."""

    id: UUID
    tekst: str
    url: str
    soort: Kind | None
    op: datetime
    gelezenOp: datetime | None


class Meldingen(BaseModel):
    """Nieuwste eerst; `ongelezen` telt tot en met honderd."""

    resultaten: list[MeldingUit]
    ongelezen: int
    volgende: Volgende


class MeldingenVraag(Query):
    """Alles, of alleen wat ongelezen is."""

    ongelezen: bool = False
    vanaf: Annotated[UUID | None, Field(description="uit `volgende`")] = None
    aantal: Annotated[int, Field(ge=1, le=100)] = 25


@get(
    "/meldingen", policy="signed_in", doc=Doc("Mijn meldingen", answer=Meldingen, query=MeldingenVraag, refusals=(400,))
)
async def index(request: Page, session: Session, me: Me) -> Response[bytes]:
    asked = query_of(request, MeldingenVraag)
    found, more = (
        await notices_of(session, me.person_id, before=asked.vanaf, unread=asked.ongelezen, limit=asked.aantal)
        if me.person_id else ([], None)
    )  # fmt: skip
    names, speak = await names_in(session, found), words(me.language)
    lines = [
        MeldingUit(id=one.id, tekst=said(one, names, speak), url=link_of(one), soort=kind_of(one), op=one.at, gelezenOp=one.read_at)
        for one in found
    ]  # fmt: skip
    return answer(
        Meldingen(resultaten=lines, ongelezen=me.unread, volgende=next_page(request, str(more) if more else None))
    )


HANDLERS: list[Any] = [index]
