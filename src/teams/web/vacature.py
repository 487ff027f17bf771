"""The steps of a vacancy, what an appointment leaves behind, and what was saved by it; the baseline of a klus before it is posted."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.money import AmountError, parse_amount
from teams.kit.text import N_
from teams.klussen.actions.savings import BaselineForm, SavingForm, book_saving, fix_baseline, settle_saving
from teams.klussen.actions.vacancy import fill_vacancy, next_stage, report_vacancy, say_what_is_left
from teams.klussen.hours import tenths
from teams.klussen.models import Kind
from teams.klussen.queries import klus_for
from teams.klussen.savings import Saving
from teams.klussen.vacancies import FilledForm, Stage, StageForm, stages_of
from teams.web.answers import see_other
from teams.web.bewaren import by_of, told
from teams.web.forms import Fields, decimal_text, form_of, iso_date, query_of
from teams.web.mobiliteit import SOURCES, STATES, TYPES
from teams.web.pages import page

STAGES = {
    Stage.REPORTED: N_("Gemeld"), Stage.FORMATION: N_("Formatietoets"), Stage.PRIORITY: N_("Voorrangskandidaten"),
    Stage.INTERNAL: N_("Intern open"), Stage.REGIONAL: N_("Regionaal open"), Stage.EXTERNAL: N_("Extern open"),
    Stage.FILLED: N_("Vervuld"), Stage.WITHDRAWN: N_("Ingetrokken"), Stage.DELETED: N_("Formatie vervallen"),
}  # fmt: skip
_PERSON = text("select id from person where lower(email) = lower(:who) or number = :who")
_GAP = text(
    "select g.kind, g.next_id, g.reason, k.title from vacancy_gap g left join klus k on k.id = g.next_id where g.klus_id = :klus"
)
_SAVINGS = text(
    "select id, number, type, cents, starts, ends, state, ground, made_by from saving where klus_id = :klus order by number"
)
_BASELINE = text("select hired, rate_cents, quote from klus_baseline where klus_id = :klus")
STAGE_FIELDS = ("stap", "van", "dagen", "overslaan", "reden")
FILLED_FIELDS = ("op", "besluit", "herkomst", "persoon")
LEFT_FIELDS = ("soort", "volgende", "reden")
BASE_FIELDS = ("ingehuurd", "tarief", "bron")
SAVING_FIELDS = ("soort", "van", "tot", "norm", "uren", "vervanging", "bedrag", "grond")


@get("/klussen/{klus_id:uuid}/vacature", policy="signed_in")
async def show(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    query_of(request).only("gelukt")
    return await _show(request, session, me, klus_id)


@post("/klussen/{klus_id:uuid}/vacature", policy="employee")
async def act(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    """Four forms on one page; `keuze` says which."""
    fields = await form_of(request)
    by, at = by_of(request, me), await now(session)
    try:
        async with session.begin_nested():
            match fields.one("keuze"):
                case "melden":
                    fields.only("keuze")
                    await report_vacancy(session, klus_id, by=by, at=at)
                case "stap":
                    fields.only("keuze", *STAGE_FIELDS)
                    await next_stage(session, klus_id, validated(StageForm, _given(fields, STAGE_FIELDS)), by=by, at=at)
                case "vervuld":
                    fields.only("keuze", *FILLED_FIELDS)
                    given = _given(fields, FILLED_FIELDS) | {"persoonId": await _person(session, fields.one("persoon"))}
                    given.pop("persoon", None)
                    await fill_vacancy(session, klus_id, validated(FilledForm, given), by=by, at=at)
                case "vervolg":
                    fields.only("keuze", *LEFT_FIELDS)
                    number = fields.one("volgende")
                    following = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None
                    await say_what_is_left(
                        session, klus_id, fields.one("soort"), following, fields.one("reden")[:500], by=by, at=at
                    )
                case _:
                    raise NotFound(Reason("onbekend", N_("Deze stap bestaat niet.")))
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, klus_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/klussen/{klus_id}/vacature?gelukt=1")


@get("/klussen/{klus_id:uuid}/besparing", policy="employee")
async def savings(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    query_of(request).only("gelukt")
    return await _savings(request, session, me, klus_id)


@post("/klussen/{klus_id:uuid}/besparing", policy="employee")
async def save(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    by, at = by_of(request, me), await now(session)
    try:
        async with session.begin_nested():
            if fields.one("keuze") == "nulmeting":
                fields.only("keuze", *BASE_FIELDS)
                given = _given(fields, BASE_FIELDS, money=("tarief",)) | {"ingehuurd": fields.one("ingehuurd") == "ja"}
                await fix_baseline(session, klus_id, validated(BaselineForm, given), by=by, at=at)
            else:
                fields.only("keuze", *SAVING_FIELDS)
                given = _given(fields, SAVING_FIELDS, money=("norm", "vervanging", "bedrag"))
                await book_saving(session, klus_id, validated(SavingForm, _hours(given)), by=by, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _savings(request, session, me, klus_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/klussen/{klus_id}/besparing?gelukt=1")


@post("/klussen/{klus_id:uuid}/besparing/{saving_id:uuid}", policy="controller")
async def settle(
    request: Page, klus_id: FromPath[UUID], saving_id: FromPath[UUID], session: Session, me: Me
) -> Response[Any]:
    fields = await form_of(request)
    fields.only("oordeel", "reden")
    confirms = fields.one("oordeel") == "bevestigd"
    try:
        async with session.begin_nested():
            await settle_saving(
                session,
                saving_id,
                confirms=confirms,
                reason=fields.one("reden")[:500],
                by=by_of(request, me),
                at=await now(session),
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return await _savings(request, session, me, klus_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/klussen/{klus_id}/besparing?gelukt=1")


def _given(fields: Fields, names: tuple[str, ...], money: tuple[str, ...] = ()) -> dict[str, Any]:
    """What was typed; days as ISO, amounts as cents."""
    given: dict[str, Any] = {}
    for name in names:
        value = fields.one(name)
        if not value:
            continue
        if name in ("van", "tot", "op"):
            given[name] = iso_date(value)
        elif name in money:
            try:
                given[name] = parse_amount(value)
            except AmountError:
                raise Invalid({name: Reason(name, N_("Vul een bedrag in, zoals 7.500,00."))}) from None
        else:
            given[name] = value
    return given


def _hours(given: dict[str, Any]) -> dict[str, Any]:
    """Hours a week with one decimal as whole tenths."""
    if "uren" not in given:
        return given
    written = decimal_text(given["uren"]) or ""
    whole, _, part = written.partition(".")
    if not (
        whole.isascii()
        and whole.isdigit()
        and len(whole) < 4
        and (not part or (part.isascii() and part.isdigit() and len(part) == 1))
    ):
        raise Invalid({"uren": Reason("uren", N_("Vul een getal in, zoals 6 of 6,5."))})
    return {**given, "uren": tenths(int(whole)) + int(part or 0)}


async def _person(session: AsyncSession, who: str) -> UUID | None:
    if not who:
        return None
    found: UUID | None = await session.scalar(_PERSON, {"who": who})
    if found is None:
        raise Invalid(
            {"persoon": Reason("persoon", N_("Deze persoon is er niet. Vul een e-mailadres of personeelsnummer in."))}
        )
    return found


async def _show(
    request: Page, session: AsyncSession, me: Visitor, klus_id: UUID, *, refusal: Refusal | None = None, typed: dict[str, str] | None = None
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    klus = await klus_for(session, klus_id, me.actor(), at=at)
    if klus.kind != Kind.VACANCY:
        raise NotFound(Reason("onbekend", N_("Dit is geen vacature.")))
    rows = await stages_of(session, klus_id)
    gap = (await session.execute(_GAP, {"klus": klus_id})).one_or_none()
    return page(
        request, "klussen/vacature.html", status=status_of(refusal) if refusal else 200, klus=klus, stappen=rows, vervolgd=gap,
        stappen_w=STAGES, bron_w=SOURCES, typed=typed or {}, vandaag=day_of(at), gelukt=refusal is None and "gelukt" in request.query_params,
        **told(request, refusal),
    )  # fmt: skip


async def _savings(
    request: Page, session: AsyncSession, me: Visitor, klus_id: UUID, *, refusal: Refusal | None = None, typed: dict[str, str] | None = None
) -> Response[str]:  # fmt: skip
    klus = await klus_for(session, klus_id, me.actor(), at=datetime.now(UTC))
    if not (klus.may_manage or "controller" in me.rights):
        raise NotFound(Reason("onbekend", N_("Dit ziet alleen wie de klus beheert, en de controller.")))
    types = [one for one in Saving if (klus.kind == Kind.VACANCY) != (one is Saving.HIRED)]
    return page(
        request, "klussen/besparing.html", status=status_of(refusal) if refusal else 200, klus=klus, soorten=types, soorten_w=TYPES,
        standen_w=STATES, boekingen=list(await session.execute(_SAVINGS, {"klus": klus_id})),
        nulmeting=(await session.execute(_BASELINE, {"klus": klus_id})).one_or_none(), typed=typed or {},
        controller="controller" in me.rights, mij=me.person_id, gelukt=refusal is None and "gelukt" in request.query_params,
        **told(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[show, act, savings, save, settle])
