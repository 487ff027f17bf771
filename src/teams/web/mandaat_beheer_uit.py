"""The register to take along, as of the moment that the page shows: CSV, XLSX, JSON and an accessible PDF."""

from collections.abc import Awaitable, Callable

from litestar import Response, Router, get
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten.out import register_csv, register_json, register_pdf, register_xlsx
from teams.http.wants import Me, Page, Session
from teams.kit.errors import Invalid, Reason
from teams.structure.moment import Moment
from teams.web.moments import ask

Maker = Callable[[AsyncSession, Moment], Awaitable[bytes]]


@get("/mandaten.csv", policy="employee")
async def as_csv(request: Page, session: Session, me: Me) -> Response[bytes]:
    return await _file(request, session, register_csv, "csv", "text/csv")


@get("/mandaten.xlsx", policy="employee")
async def as_xlsx(request: Page, session: Session, me: Me) -> Response[bytes]:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return await _file(request, session, register_xlsx, "xlsx", kind)


@get("/mandaten.json", policy="employee")
async def as_json(request: Page, session: Session, me: Me) -> Response[bytes]:
    return await _file(request, session, register_json, "json", "application/json")


@get("/mandaten.pdf", policy="employee")
async def as_pdf(request: Page, session: Session, me: Me) -> Response[bytes]:
    return await _file(request, session, register_pdf, "pdf", "application/pdf")


async def _file(request: Page, session: AsyncSession, make: Maker, ending: str, kind: str) -> Response[bytes]:
    asked = await ask(request, session)
    asked.query.only("op", "bekend")
    if asked.wrong:
        raise Invalid({name: Reason(name, text) for name, text in asked.wrong.items()})
    made = await make(session, asked.moment)
    name = f"mandaatregister-{asked.moment.day.isoformat()}.{ending}"
    return Response(made, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


router = Router(path="/", route_handlers=[as_csv, as_xlsx, as_json, as_pdf])
