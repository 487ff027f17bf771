"""Powers: the catalogue by code, found by words, and one power, as of a moment."""

from typing import Annotated

from litestar import Response
from litestar.params import FromPath
from pydantic import BaseModel, Field

from teams.api.routes import AsOf, Doc, Paged, answer, get, next_page, query_of
from teams.api.shapes import Geld, Volgende
from teams.http.wants import Me, Page, Session
from teams.mandates.queries.powers import PowerSeen, power_by_code, power_list, powers_found
from teams.structure.moment import Moment


class OrgaanUit(BaseModel):
    """Een bestuursorgaan."""

    code: str
    naam: str


class BevoegdheidUit(BaseModel):
    """Een bevoegdheid zoals die toen was. `vierOgenBoven`: vanaf welk bedrag een tweede persoon meebeslist; 0 is altijd."""

    code: str
    titel: str
    soort: str
    organen: list[OrgaanUit]
    grondslag: list[str]
    mandateerbaar: str
    mandateerbaarBron: str
    grensBasis: str
    vierOgenBoven: Geld | None
    vraagt: list[str]
    vertrouwelijk: bool
    vastlegging: str


class Bevoegdheden(BaseModel):
    """Een bladzijde van de lijst, op code; bij `zoek` de beste eerst."""

    resultaten: list[BevoegdheidUit]
    volgende: Volgende


class BevoegdhedenVraag(AsOf, Paged):
    """Bevoegdheden van een orgaan, of gevonden met woorden."""

    zoek: Annotated[str, Field(max_length=200)] = ""
    orgaan: Annotated[str | None, Field(max_length=40, examples=["college"])] = None


def bevoegdheid_uit(power: PowerSeen, moment: Moment) -> BevoegdheidUit:
    holds = [text for text, start, end in power.bases if start <= moment.op and (end is None or moment.op < end)]
    return BevoegdheidUit(
        code=power.code, titel=power.title, soort=power.act,
        organen=[OrgaanUit(code=code, naam=name) for code, name in power.organs], grondslag=holds,
        mandateerbaar=power.mandatable, mandateerbaarBron=power.mandatable_source, grensBasis=power.ceiling_base,
        vierOgenBoven=None if power.four_eyes is None else max(power.four_eyes, 0), vraagt=sorted(power.asks),
        vertrouwelijk=power.confidential, vastlegging=power.recording,
    )  # fmt: skip


@get("/bevoegdheden", policy="signed_in", doc=Doc("Zoek bevoegdheden", answer=Bevoegdheden, query=BevoegdhedenVraag))
async def list_all(request: Page, session: Session, me: Me) -> Response[bytes]:
    wish = query_of(request, BevoegdhedenVraag)
    moment, after = wish.moment(), None
    if wish.zoek.strip():
        rows = await powers_found(session, wish.zoek, moment, limit=wish.aantal)
        rows = [row for row in rows if wish.orgaan is None or wish.orgaan in dict(row.organs)]
    else:
        rows, after = await power_list(session, moment, organ=wish.orgaan, after=wish.vanaf or None, limit=wish.aantal)
    found = [bevoegdheid_uit(row, moment) for row in rows]
    return answer(Bevoegdheden(resultaten=found, volgende=next_page(request, after)))


@get(
    "/bevoegdheden/{code:str}",
    policy="signed_in",
    doc=Doc("Bekijk een bevoegdheid", answer=BevoegdheidUit, query=AsOf, refusals=(404,)),
)
async def show(request: Page, code: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    moment = query_of(request, AsOf).moment()
    return answer(bevoegdheid_uit(await power_by_code(session, code, moment), moment))


HANDLERS = [list_all, show]
