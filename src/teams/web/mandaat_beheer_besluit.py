"""Maak mandaatbesluit: bundle drafts and withdrawals of one organ, show text, difference and annex, then decision and publication."""

from datetime import UTC, datetime
from typing import Any

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.exchange.mandaten.decree import ANNEX, articles, decree_data, decree_pdf, decree_text
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.kit.clock import now
from teams.kit.errors import Conflict, NextStep, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.mandates.actions.decrees import change_decree, decide_decree, drop_decree, make_decree, publish_decree
from teams.mandates.forms import BekendmakingForm, BesluitForm, MandaatbesluitForm
from teams.mandates.models import GrantState
from teams.mandates.queries.entry import decree_by_number, decree_list, free_for_decree, organs
from teams.mandates.queries.register import grants_numbered
from teams.structure.moment import Moment
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of, iso_date, query_of
from teams.web.mandaat_beheer_form import by_of, desk_for, desk_of, refused
from teams.web.mandaten import STATES
from teams.web.pages import page
from teams.web.since import since

VERBS: dict[str, tuple[Any, tuple[str, ...], Any]] = {
    "vaststelling": (BesluitForm, ("beslotenOp", "besluit"), decide_decree),
    "bekendmaking": (BekendmakingForm, ("bekendgemaaktOp", "publicatie", "adres"), publish_decree),
}
DECREE_STATES = {
    "voorgenomen": (N_("Wacht op het orgaan"), "open"),
    "besloten": (N_("Besloten, niet bekendgemaakt"), "let"),
    "bekendgemaakt": (N_("Bekendgemaakt"), "goed"),
    "vervallen": (N_("Gaat niet door"), "open"),
}
HEADS = {
    "nummer": N_("Nr."), "wat": N_("Mag besluiten over"), "soort": N_("Soort"), "van": N_("Van"), "aan": N_("Aan"),
    "grens": N_("Tot en met"), "voorwaarden": N_("Voorwaarden"), "ondermandaat": N_("Doorgeven"), "ingang": N_("Vanaf"),
}  # fmt: skip


@get("/mandaten/besluit", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    """The decrees, and for one organ the drafts to choose from."""
    query = query_of(request)
    query.only("orgaan")
    await desk_for(session, by_of(request, me), datetime.now(UTC))
    return await _index(request, session, me, {"orgaan": query.one("orgaan")[:40], "geeft": None, "trektIn": []})


@post("/mandaten/besluit", policy="employee")
async def make(request: Page, session: Session, me: Me) -> Response[Any]:
    fields, at = await form_of(request), await now(session)
    fields.only("orgaan", "titel", "tekst", "geeft", "trektIn")
    typed: dict[str, Any] = {
        "orgaan": "",
        **fields.typed(),
        "geeft": fields.many("geeft"),
        "trektIn": _listed(fields),
    }
    try:
        values = {name: fields.one(name) for name in ("orgaan", "titel", "tekst")}
        form = validated(MandaatbesluitForm, {**values, "geeft": typed["geeft"], "trektIn": typed["trektIn"]})
        async with session.begin_nested():
            decree = await make_decree(session, form, by=by_of(request, me), at=at)
            number = decree.number
    except Refusal as refusal:
        return await _index(request, session, me, typed, refusal)
    return see_other(f"/mandaten/besluit/{number}")


@get("/mandaten/besluit/{number:str}", policy="employee")
async def show(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, number)


@get("/mandaten/besluit/{number:str}/pdf", policy="employee")
async def printed(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    moment = _moment(datetime.now(UTC))
    made = await decree_pdf(await decree_data(session, _number(number), moment), moment)
    return _file(made, "application/pdf", f"mandaatbesluit-{number}.pdf")


@get("/mandaten/besluit/{number:str}/tekst", policy="employee")
async def editable(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[bytes]:
    """To be edited on for the proposal to the organ and the gazette."""
    data = await decree_data(session, _number(number), _moment(datetime.now(UTC)))
    return _file(decree_text(data).encode(), "text/markdown", f"mandaatbesluit-{number}.md")


@get("/mandaten/besluit/{number:str}/wijzigen", policy="employee")
async def edit(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[str]:
    data = await decree_data(session, _number(number), _moment(datetime.now(UTC)))
    decree = await decree_by_number(session, _number(number))
    typed = {
        "titel": data["titel"], "tekst": decree.text if decree else "", "versie": str(decree.version if decree else 0),
        "orgaan": decree.organ if decree else "", "geeft": [row["nummer"] for row in data["geeft"]],
        "trektIn": decree.gone if decree else [],
    }  # fmt: skip
    return await _edit(request, session, me, number, typed)


@post("/mandaten/besluit/{number:str}/wijzigen", policy="employee")
async def change(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[Any]:
    fields, at = await form_of(request), await now(session)
    fields.only("titel", "tekst", "orgaan", "geeft", "trektIn", "versie", "stond")
    typed: dict[str, Any] = {"orgaan": "", **fields.typed()}
    typed |= {"geeft": fields.many("geeft"), "trektIn": _listed(fields)}
    try:
        values = {name: typed.get(name, "") for name in ("orgaan", "titel", "tekst", "geeft", "trektIn")}
        form = validated(MandaatbesluitForm, values)
        async with session.begin_nested():
            await _same(session, number, fields)
            await change_decree(session, _number(number), form, by=by_of(request, me), at=at)
    except Refusal as refusal:
        return await _edit(request, session, me, number, typed, refusal)
    return see_other(f"/mandaten/besluit/{number}?gelukt=wijzigen")


@post("/mandaten/besluit/{number:str}/vervallen", policy="employee")
async def drop(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[Any]:
    fields, at = await form_of(request), await now(session)
    fields.only("versie")
    try:
        async with session.begin_nested():
            await _same(session, number, fields)
            await drop_decree(session, _number(number), by=by_of(request, me), at=at)
    except Refusal as refusal:
        return await _show(request, session, me, number, refusal=refusal)
    return see_other(f"/mandaten/besluit/{number}?gelukt=vervallen")


@post("/mandaten/besluit/{number:str}/{verb:str}", policy="employee")
async def act(request: Page, number: FromPath[str], verb: FromPath[str], session: Session, me: Me) -> Response[Any]:
    if verb not in VERBS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    model, names, action = VERBS[verb]
    fields, at = await form_of(request), await now(session)
    fields.only(*names, "versie")
    try:
        form = validated(model, _typed(fields, names))
        async with session.begin_nested():
            await _same(session, number, fields)
            await action(session, _number(number), form, by=by_of(request, me), at=at)
    except Refusal as refusal:
        return await _show(request, session, me, number, typed=fields.typed(), refusal=refusal)
    return see_other(f"/mandaten/besluit/{number}?gelukt={verb}")


async def _same(session: AsyncSession, number: str, fields: Fields) -> None:
    decree = await decree_by_number(session, _number(number))
    if decree is not None and fields.one("versie") != str(decree.version):
        raise Conflict(
            Reason("verouderd", N_("Iemand anders veranderde dit mandaatbesluit intussen.")),
            then=(NextStep(N_("Kijk wat er nu staat en doe het dan nog eens.")),),
        )


def _typed(fields: Fields, names: tuple[str, ...]) -> dict[str, Any]:
    values = {name: iso_date(fields.one(name)) if name.endswith("Op") else fields.one(name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _listed(fields: Fields) -> list[str]:
    """Numbers that were ticked, or typed behind each other."""
    return " ".join(fields.many("trektIn")).replace(",", " ").split()


def _moment(at: datetime) -> Moment:
    return Moment(at, at, at)


def _number(typed: str) -> int:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    if number < 1:
        raise NotFound(Reason("onbekend", N_("Dit mandaatbesluit bestaat niet.")))
    return number


def _file(content: bytes, kind: str, name: str) -> Response[bytes]:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


async def _index(
    request: Page, session: AsyncSession, me: Any, typed: dict[str, Any], refusal: Refusal | None = None
) -> Response[str]:
    at = datetime.now(UTC)
    desk = await desk_of(session, by_of(request, me), at)
    mine = [(code, name) for code, name in await organs(session) if desk and desk.decides_for(code)]
    codes = [code for code, _ in mine]
    organ = typed["orgaan"] if typed["orgaan"] in codes else (codes[0] if codes else "")
    free, decided = await free_for_decree(session, organ) if organ else ([], [])
    grants = await grants_numbered(session, [*free, *(decided or [])], _moment(at)) if organ else []
    drafts = [grant for grant in grants if grant.state is GrantState.DRAFTED]
    if typed["geeft"] is None:
        typed["geeft"] = [grant.number for grant in drafts]
    return page(
        request, "mandaten/besluiten.html", status=status_of(refusal) if refusal else 200, typed=typed, organen=mine,
        orgaan=organ, concepten=drafts, lopend=[g for g in grants if g.state in (GrantState.IN_FORCE, GrantState.PUBLISHED)],
        veel=decided is None, besluiten=await decree_list(session), stands=DECREE_STATES, **refused(request, refusal),
    )  # fmt: skip


async def _edit(
    request: Page, session: AsyncSession, me: Any, number: str, typed: dict[str, Any], refusal: Refusal | None = None
) -> Response[str]:
    at = datetime.now(UTC)
    decree, desk = await decree_by_number(session, _number(number)), await desk_of(session, by_of(request, me), at)
    if decree is None or desk is None or not desk.decides_for(decree.organ) or decree.state != "voorgenomen":
        raise NotFound(Reason("verkeerd_moment", N_("Dit mandaatbesluit is niet meer te wijzigen.")))
    free, decided = await free_for_decree(session, decree.organ)
    numbers = sorted({*free, *(decided or []), *decree.given, *decree.gone})
    grants = await grants_numbered(session, numbers, _moment(at))
    stands = {"titel": decree.title, "tekst": decree.text, "geeft": decree.given, "trektIn": decree.gone}
    return page(
        request, "mandaten/besluit_wijzigen.html", status=status_of(refusal) if refusal else 200, typed=typed, nummer=number,
        veel=decided is None, sinds=since(str(decree.version), stands, typed, refusal),
        concepten=[g for g in grants if g.state is GrantState.DRAFTED],
        lopend=[g for g in grants if g.state in (GrantState.IN_FORCE, GrantState.PUBLISHED)], **refused(request, refusal),
    )  # fmt: skip


async def _show(
    request: Page, session: AsyncSession, me: Any, number: str, *, typed: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response[str]:  # fmt: skip
    at, by = datetime.now(UTC), by_of(request, me)
    data = await decree_data(session, _number(number), _moment(at))
    decree = await decree_by_number(session, _number(number))
    desk = await desk_of(session, by, at)
    return page(
        request, "mandaten/besluit.html", status=status_of(refusal) if refusal else 200, d=data, artikelen=articles(data),
        kolommen=[(name, HEADS[name]) for name in ANNEX], versie=decree.version if decree else 0, typed=typed or {},
        mag=desk is not None and decree is not None and desk.decides_for(decree.organ), stand=DECREE_STATES[data["stand"]],
        gelukt=query_of(request).one("gelukt"), standen=STATES, **refused(request, refusal),
    )  # fmt: skip


router = Router(path="/", route_handlers=[index, make, show, printed, editable, edit, change, drop, act])
