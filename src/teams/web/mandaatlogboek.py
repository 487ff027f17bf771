"""The mandate log: every decision with its flags, how the log stands, what is not in it, and the files to take along."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, Router, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from teams.account.actions.exports import record_export
from teams.account.periods import Period, past_quarters, period_of
from teams.auth.models import Visitor
from teams.exchange.logboek import all_lines, as_csv, as_json, as_xlsx, bundle
from teams.http.readable import Refused
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import NotFound, Reason, Refusal
from teams.kit.money import format_euro
from teams.kit.text import N_
from teams.reports.audit import FLAGS, OUTCOMES, AuditWish, audit_page, desk_of, log_state
from teams.web.bewaren import by_of, told
from teams.web.forms import Fields, form_of, query_of
from teams.web.pages import page, sentences
from teams.web.team_keuze import team_filter

FILTERS = ("periode", "team", "bevoegdheid", "uitkomst", "signaal", "mandaat")
FLAG_WORDS = {
    "aandacht": N_("Vraagt aandacht"), "boven_grens": N_("Boven de grens"), "bij_grens": N_("Dicht bij de grens"),
    "splitsing": N_("In stukken geknipt?"), "gebrek": N_("Buiten mandaat"), "mandaat_gold_niet": N_("Mandaat gold niet"),
    "zelfde_persoon": N_("Twee keer dezelfde persoon"), "doorbroken": N_("Tegen een instructie in"),
    "informatie": N_("Vraag om informatie niet beantwoord"), "bekrachtigd": N_("Bekrachtigd"),
    "bezwaar": N_("Bezwaar verloren op bevoegdheid"),
}  # fmt: skip
OUTCOME_WORDS = {
    "bevoegd": N_("Binnen mandaat"), "doorbroken": N_("Binnen mandaat, tegen een instructie in"), "gebrek": N_("Buiten mandaat"),
}  # fmt: skip
ALARMS = {
    "gekrompen": N_("Het logboek is korter dan het was."), "herschreven": N_("Oude regels zijn veranderd."),
    "gat": N_("Er ontbreekt een regel."), "geheugen_kwijt": N_("De ondertekenaar is zijn geheugen kwijt."),
    "getuige": N_("Een getuige weigert mee te tekenen."),
}  # fmt: skip
KINDS = {
    "csv": "text/csv", "json": "application/json", "bewijs": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@get("/mandaatlogboek", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    return await _index(request, session, me, query_of(request))


@post("/mandaatlogboek/export", policy="audit")
async def export(request: Page, session: Session, me: Me) -> Response[Any]:
    """A file that leaves the log is an entry, so it is asked for by a form."""
    fields = await form_of(request)
    fields.only(*FILTERS, "vorm")
    kind, by, at = fields.one("vorm"), by_of(request, me), await now(session)
    if kind not in KINDS:
        raise Refused(400, "vorm")
    desk = await desk_of(session, by)
    try:
        lines = await all_lines(session, _wish(fields), desk.scope)
        match kind:
            case "csv":
                made = as_csv(lines)
            case "json":
                made = as_json(lines)
            case "xlsx":
                made = as_xlsx(lines, at)
            case _:
                made = await bundle(session, lines, quorum=request.app.state.settings.witness_quorum)
        await record_export(session, kind, made, len(lines), by=by, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _index(request, session, me, fields, refusal)
    name = f"mandaatlogboek-{day_of(at).isoformat()}.{'zip' if kind == 'bewijs' else kind}"
    return Response(
        made, status_code=200, media_type=KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


async def _index(
    request: Page, session: AsyncSession, me: Visitor, query: Fields, refusal: Refusal | None = None
) -> Response[str]:
    if refusal is None:
        query.only(*FILTERS, "na")
    desk, quorum = await desk_of(session, me.actor()), request.app.state.settings.witness_quorum
    team, wrong = await team_filter(session, query, desk.teams, datetime.now(UTC))
    wish = _wish(query)
    lines, after = await audit_page(session, wish, desk.scope, quorum=quorum)
    state = await log_state(session, wish.period, quorum=quorum)
    kept = {name: query.one(name) for name in FILTERS if query.one(name)}
    today = day_of(datetime.now(UTC))
    return page(
        request, "mandaatlogboek/index.html", status=status_of(refusal) if refusal else 200, regels=lines, stand=state,
        teams=desk.teams, team=team, team_fout=sentences(request, (wrong,))[0] if wrong else "", bevoegdheden=desk.powers, kept=kept, vlaggen=FLAG_WORDS, uitkomsten=OUTCOME_WORDS, alarmen=ALARMS,
        perioden=[*past_quarters(today), Period(today.year), Period(today.year - 1)], euro=format_euro,
        verder=f"/mandaatlogboek?{urlencode({**kept, 'na': f'{after[0].isoformat()}~{after[1]}'})}" if after else "",
        eerste=wish.after is None, alles=desk.scope.everything, **told(request, refusal),
    )  # fmt: skip


def _wish(query: Fields) -> AuditWish:
    outcome, flag = query.one("uitkomst"), query.one("signaal")
    if (outcome and outcome not in OUTCOMES) or (flag and flag not in FLAGS):
        raise Refused(400, "uitkomst" if outcome and outcome not in OUTCOMES else "signaal")
    return AuditWish(
        period=period_of(query.one("periode")) if query.one("periode") else None, team=_id(query.one("team")),
        power=query.one("bevoegdheid")[:40] or None,
        grant=query.one("mandaat")[:40] or None, outcome=outcome or None, flag=flag or None, after=_after(query.one("na")),
    )  # fmt: skip


def _after(text: str) -> tuple[datetime, UUID] | None:
    if not text:
        return None
    try:
        at, _, found = text.replace(" ", "+").partition("~")
        moment = datetime.fromisoformat(at)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC), UUID(found)
    except (ValueError, OverflowError):  # the latter at both ends of the calendar
        raise Refused(400, "na") from None


def _id(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(Reason("onbekend", N_("Dit team bestaat niet."))) from None


router = Router(path="/", route_handlers=[index, export])
