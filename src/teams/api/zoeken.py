"""One search over everything that the caller may see."""

from typing import Annotated, Literal
from uuid import UUID

from litestar import Response
from pydantic import BaseModel, Field

from teams.api.routes import AsOf, Doc, actor, answer, get, query_of
from teams.api.shapes import Naam, Volgende, named
from teams.http.wants import Me, Page, Session
from teams.reports.search import LONGEST, Hit, search

Soort = Literal["rol", "persoon", "team", "afspraak", "klus", "bevoegdheid", "mandaat", "voorstel", "besluit"]


class Vondst(BaseModel):
    """Iets dat gevonden is. `id` bij wat een id heeft, anders is `nummer` de sleutel; `fragmenten`: wat er staat rond de woorden."""

    soort: Soort
    id: UUID | None
    nummer: str | None
    titel: str
    team: Naam | None
    fragmenten: list[str]
    gevondenWoorden: list[str]
    vervullers: list[Naam]
    rollen: list[Naam]


class Vondsten(BaseModel):
    """Per soort de beste; `gelijkend`: niets had precies deze woorden, dit lijkt erop."""

    resultaten: list[Vondst]
    gelijkend: bool
    volgende: Volgende


class ZoekVraag(AsOf):
    """Wat gezocht wordt; met `soort` alleen dat, en er meer van."""

    zoek: Annotated[str, Field(min_length=1, max_length=LONGEST, examples=["bomen controleren"])]
    soort: Soort | None = None


def _vondst(hit: Hit) -> Vondst:
    numbered = hit.kind in ("bevoegdheid", "mandaat", "besluit")
    number = (
        hit.key
        if numbered
        else str(hit.more["number"])
        if hit.kind == "klus"
        else hit.name
        if hit.kind == "voorstel"
        else None
    )
    return Vondst(
        soort=hit.kind, id=None if numbered else UUID(hit.key), nummer=number, titel=hit.name,
        team=named(hit.place_key, hit.place), fragmenten=["".join(piece for piece, _ in line) for line in hit.lines],
        gevondenWoorden=sorted({piece for line in (hit.title, *hit.lines) for piece, found in line if found}),
        vervullers=[Naam(id=UUID(key), naam=name) for key, name in hit.people],
        rollen=[Naam(id=UUID(key), naam=name) for key, name in hit.roles],
    )  # fmt: skip


@get(
    "/zoeken",
    policy="signed_in",
    doc=Doc("Zoek in alles wat je mag zien", answer=Vondsten, query=ZoekVraag, refusals=(400,)),
)
async def index(request: Page, session: Session, me: Me) -> Response[bytes]:
    asked = query_of(request, ZoekVraag)
    found = await search(session, asked.zoek, actor(request, me), asked.moment(), kind=asked.soort or "")
    hits = [hit for _, hits, _ in found.groups for hit in hits]
    return answer(Vondsten(resultaten=[_vondst(hit) for hit in hits], gelijkend=found.alike, volgende=None))


HANDLERS = [index]
