"""The register to take along, as of the moment that the page shows: CSV, XLSX, JSON and an accessible PDF."""

from collections.abc import AsyncIterator, Callable
from uuid import UUID

from litestar import Response, Router, get
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten.out import register_csv, register_json, register_pdf, register_xlsx
from teams.exchange.mandaten.outgoing import how_many, numbers_of_team
from teams.http.wants import Me, Page, Session
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.structure.moment import Moment
from teams.web.moments import Asked, ask

Maker = Callable[[AsyncSession, Moment], AsyncIterator[bytes]]
MOST_IN_PDF = 2500
"""Hundreds of pages; nobody reads more, and more would keep a processor busy for long."""


@get("/mandaten.csv", policy="employee")
async def as_csv(request: Page, session: Session, me: Me) -> Stream:
    return await _file(request, session, register_csv, "csv", "text/csv")


@get("/mandaten.xlsx", policy="employee")
async def as_xlsx(request: Page, session: Session, me: Me) -> Stream:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return await _file(request, session, register_xlsx, "xlsx", kind)


@get("/mandaten.json", policy="employee")
async def as_json(request: Page, session: Session, me: Me) -> Stream:
    return await _file(request, session, register_json, "json", "application/json")


@get("/mandaten.pdf", policy="employee")
async def as_pdf(request: Page, session: Session, me: Me) -> Response[bytes]:
    """The whole register, or what roles of one `team` hold; refused where that is too much to print."""
    asked = await _asked(request, session, "team")
    team, numbers = asked.query.one("team"), None
    if team:
        numbers = await numbers_of_team(session, _id(team), asked.moment, MOST_IN_PDF)
    found = len(numbers) if numbers is not None else await how_many(session)
    if found > MOST_IN_PDF:
        choose = NextStep(N_("Kies op de bladzijde Mandaten een team en neem die PDF mee."), asked.to("/mandaten"))
        whole = NextStep(N_("Neem alle mandaten mee als CSV, XLSX of JSON."), asked.to("/mandaten.csv"))
        raise Conflict(
            Reason(
                "te_groot", N_("Dit zijn te veel mandaten voor één PDF: hoogstens {meest}."), {"meest": MOST_IN_PDF}
            ),
            then=(choose, whole),
        )
    made = await register_pdf(session, asked.moment, numbers=numbers)
    return Response(made, media_type="application/pdf", headers=_named(asked, "pdf"))


async def _file(request: Page, session: AsyncSession, make: Maker, ending: str, kind: str) -> Stream:
    asked = await _asked(request, session)
    return Stream(make(session, asked.moment), media_type=kind, headers=_named(asked, ending))


async def _asked(request: Page, session: AsyncSession, *more: str) -> Asked:
    asked = await ask(request, session)
    asked.query.only("op", "bekend", *more)
    if asked.wrong:
        raise Invalid({name: Reason(name, text) for name, text in asked.wrong.items()})
    return asked


def _id(team: str) -> UUID:
    try:
        return UUID(team)
    except ValueError:
        raise NotFound(Reason("onbekend", N_("Dit team bestaat niet."))) from None


def _named(asked: Asked, ending: str) -> dict[str, str]:
    name = f"mandaatregister-{asked.moment.day.isoformat()}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


router = Router(path="/", route_handlers=[as_csv, as_xlsx, as_json, as_pdf])
