"""The account to take along: PDF, workbook and the frozen bytes; and the figures computed again, to compare."""

import asyncio
from datetime import UTC, datetime

from litestar import Response, Router, get
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.periods import period_of
from teams.account.queries.accounts import account_for, reads_all
from teams.account.rules import canonical
from teams.exchange.verantwoording import account_pdf, account_xlsx
from teams.http.wants import Me, Page, Session
from teams.kit.errors import Invalid, NotFound, Reason
from teams.kit.text import N_
from teams.reports.accountability import figures_of, without_people
from teams.structure.moment import moment_from
from teams.web.forms import query_of

KINDS = {
    "pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "json": "application/json",
}  # fmt: skip


@get("/verantwoording/{period:str}/bestand/{kind:str}", policy="account")
async def file(request: Page, period: FromPath[str], kind: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    return await _file(request, session, period, kind, public=False, everything=reads_all(me.actor()))


@get("/openbaar/verantwoording/{period:str}/bestand/{kind:str}", policy="public")
async def public_file(request: Page, period: FromPath[str], kind: FromPath[str], session: Session) -> Response[bytes]:
    return await _file(request, session, period, kind, public=True, everything=False)


@get("/verantwoording/{period:str}/cijfers.json", policy="audit")
async def again(request: Page, period: FromPath[str], session: Session) -> Response[bytes]:
    """The figures of a period as known at `bekend`, computed now: the same bytes as the frozen ones."""
    query = query_of(request)
    query.only("bekend")
    known = query.one("bekend")
    try:
        moment = datetime.fromisoformat(known) if "T" in known else moment_from(None, known, datetime.now(UTC)).known
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year < 1901:
        raise Invalid({"bekend": Reason("bekend", N_("Vul een dag in als 31-12-2026, of een tijdstip met tijdzone."))})
    until = min(moment, datetime.now(UTC))
    figures = await figures_of(session, period_of(period), until, quorum=request.app.state.settings.witness_quorum)
    return Response(canonical(figures).encode(), media_type="application/json")


async def _file(
    request: Page, session: AsyncSession, period: str, kind: str, *, public: bool, everything: bool
) -> Response[bytes]:
    if kind not in KINDS:
        raise NotFound(Reason("onbekend", N_("Dit bestand is er niet.")))
    seen = await account_for(session, period, everything=everything)
    figures = without_people(seen.figures) if public else seen.figures
    match kind:
        case "pdf":
            made = await asyncio.to_thread(
                account_pdf, seen, figures, request.app.state.settings.municipality, public=public
            )
        case "xlsx":
            made = account_xlsx(seen, figures)
        case _:
            made = f"{canonical(figures)}\n{seen.row.words}\n".encode()
    name = f"verantwoording-{seen.row.period}{'-openbaar' if public else ''}.{'jsonl' if kind == 'json' else kind}"
    return Response(made, media_type=KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


router = Router(path="/", route_handlers=[file, public_file, again])
