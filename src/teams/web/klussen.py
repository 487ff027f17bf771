"""Pages about klussen: the list, one klus, posting and managing."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import words
from teams.kit.clock import day_of, now
from teams.kit.errors import Conflict, Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.money import AmountError, parse_amount
from teams.kit.text import N_
from teams.klussen.actions.klus import change_klus, post_klus
from teams.klussen.actions.phases import cancel_klus, close_klus, complete_klus, publish_klus, renew_klus
from teams.klussen.actions.savings import BaselineForm, fix_baseline
from teams.klussen.around import around, last_day
from teams.klussen.forms import KlusForm
from teams.klussen.matching import rules_of, wishes_from
from teams.klussen.matching_queries import invitable, reach_of
from teams.klussen.models import LIVE, Kind
from teams.klussen.queries import klus_for, list_side, posting_roles
from teams.klussen.stale import STALE_DAYS, closes_on
from teams.web.activity import activity
from teams.web.answers import see_other
from teams.web.drawn import KINDS, OF_TEAM, ORIGINS, balance_for, drawn, lends, state_label
from teams.web.forms import Fields, decimal_text, form_of, iso_date, query_of
from teams.web.klussenlijst import index, spreading
from teams.web.once import once
from teams.web.pages import page, sentences, steps
from teams.web.since import since
from teams.web.team_keuze import by_name

VERBS = {
    "publicatie": publish_klus, "sluiting": close_klus, "verlenging": renew_klus, "intrekking": cancel_klus, "afronding": complete_klus,
}  # fmt: skip


@get("/klussen/nieuw", policy="employee")
async def new(request: Page, session: Session, me: Me) -> Response[str]:
    """An empty form, or one begun from a vacant role or an absence (R19)."""
    query = query_of(request)
    query.only("titel", "omschrijving", "van", "tot", "team")
    begun = {name: query.one(name)[:4000] for name in ("titel", "omschrijving", "van", "tot")}
    weekly = "week" if begun["tot"] else "eenmalig"
    return await _form(
        request, session, me, typed={"soort_uren": weekly, "plaatsen": "1", **begun}, team=query.one("team")
    )


@post("/klussen", policy="employee")
async def create(request: Page, session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _create(request, session, me))


async def _create(request: Page, session: Any, me: Any) -> Response[Any]:
    fields = await form_of(request)
    at = await now(session)
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    try:
        form = validated(KlusForm, await _klus_values(session, fields, me, at))
        baseline = _baseline(fields)
        async with session.begin_nested():
            klus = await post_klus(session, form, by=by, at=at)
            if baseline:
                await fix_baseline(session, klus.id, baseline, by=by, at=at)
            if fields.one("concept") == "":
                klus = await publish_klus(session, klus.id, by=by, at=at)
    except Refusal as refusal:
        return await _again(request, session, me, fields, refusal)
    return see_other(f"/klussen/{klus.id}?gelukt={'concept' if klus.state == 'concept' else 'geplaatst'}")


@get("/klussen/{klus_id:uuid}", policy="employee")
async def show(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    done = query_of(request).one("gelukt")
    return await show_klus(request, session, me, klus_id, done=done)


async def show_klus(
    request: Page, session: Any, me: Any, klus_id: UUID, *, done: str = "", refusal: Refusal | None = None,
    typed: dict[str, str] | None = None, template: str = "klussen/show.html", status: int = 200,
) -> Response[str]:  # fmt: skip
    """The page of one klus, or with another template a part of it."""
    at, by = datetime.now(UTC), me.actor()
    klus = await klus_for(session, klus_id, by, at=at, beside=True)
    people, om = klus.people, await around(session, klus_id, by, at=at)
    verloop, _ = await activity(session, "klus", klus_id, words(language_of(request)))
    hours = klus.hours if me.may_claim else None
    speak, today = words(language_of(request)), day_of(at)
    mine = klus.mine
    consent = bool(request.app.state.settings.works_council)
    reach = await reach_of(session, klus_id) if klus.may_manage and klus.skills and klus.state in LIVE else None
    found = await invitable(session, klus_id, at=at) if reach and consent else []
    oud = _stale(klus, om, today)
    wait = request.app.state.settings.stale_wait_days
    sluit = await closes_on(session, klus_id, wait=wait, at=at) if oud and klus.may_manage else None
    fit = rules_of(klus, klus.my_levels, wishes_from(klus.my_wishes), hours, today) if hours and not mine else []
    return page(
        request, template, status=status, klus=klus, words=drawn(klus, speak, hours=hours, today=today), people=people,
        kinds=KINDS, of_team=OF_TEAM, origins=ORIGINS, verloop=verloop, done=done, today=today,
        balance=balance_for(klus, hours, today) if hours and not mine and klus.kind != Kind.VACANCY else None, mine=mine,
        waarom=fit if klus.state in LIVE else [], bereik=reach, open_voor=found, feedback=consent,
        om=om, uren_aan=bool(request.app.state.settings.works_council), lend=lends(klus, hours, today), due=_due(mine), oud=oud, sluit=sluit, again=mine is not None and mine["terms"] < klus.terms, label=state_label(klus.state),
        seat=next((n for n in range(1, klus.places + 1) if n not in {p.seat for p in people}), None),
        redenen=sentences(request, refusal.reasons) if refusal else [],
        vervolg=steps(request, refusal.then) if refusal else [], typed=typed or {},
        fouten=dict(zip(refusal.fields, sentences(request, refusal.reasons), strict=True))
        if isinstance(refusal, Invalid) else {},
    )  # fmt: skip


@get("/klussen/{klus_id:uuid}/wijzigen", policy="employee")
async def edit(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    klus = await klus_for(session, klus_id, me.actor(), at=datetime.now(UTC))
    if not klus.may_manage:
        raise NotFound(Reason("onbekend", N_("Deze klus bestaat niet.")))
    return await _form(request, session, me, typed=_typed(klus.row), klus=klus)


@post("/klussen/{klus_id:uuid}", policy="employee")
async def update(request: Page, klus_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    at = await now(session)
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    klus = await klus_for(session, klus_id, by, at=at)
    stamp = fields.one("versie")
    version = int(stamp) if stamp.isdecimal() and len(stamp) < 10 else 0
    try:
        form = validated(KlusForm, await _klus_values(session, fields, me, at, klus=klus.row))
        async with session.begin_nested():
            await change_klus(session, klus_id, form, version=version, by=by, at=at)
    except Refusal as refusal:
        return await _again(request, session, me, fields, refusal, klus=await klus_for(session, klus_id, by, at=at))
    return see_other(f"/klussen/{klus_id}?gelukt=gewijzigd")


@post("/klussen/{klus_id:uuid}/{verb:str}", policy="employee")
async def act(request: Page, klus_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me) -> Redirect:
    if verb not in VERBS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    (await form_of(request)).only("reden")
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    await VERBS[verb](session, klus_id, by=by, at=await now(session))
    return see_other(f"/klussen/{klus_id}?gelukt={verb}")


async def _klus_values(session: Any, fields: Fields, me: Any, at: datetime, klus: Any = None) -> dict[str, Any]:
    """What was typed on the form, as the fields of `KlusForm`."""
    fields.only(
        "titel", "omschrijving", "soort_uren", "uren", "uren_meer", "van", "tot", "plaatsen", "vaardigheden", "soort",
        "wijze", "aanmeldenTot", "rol", "team", "herkomst", "herkomstKenmerk", "bevoegdheden", "concept", "versie", "stond",
        "sleutel", "tarief", "bron",
    )  # fmt: skip
    role, team = fields.one("rol"), ""
    if klus is not None:
        role, team = role or (str(klus.role_id) if klus.role_id else ""), str(klus.team_id)
    roles = await posting_roles(session, me.actor(), at=at)
    if not role and roles and klus is None:
        role = str(roles[0].role_id)
    team = team or next((str(r.team_id) for r in roles if str(r.role_id) == role), "")
    if not roles and _posts_for_all(me) and not team:
        asked = Fields([("team", fields.one("team"))])
        if lacking := await by_name(session, asked, at, one=True):
            raise Invalid({"rol": lacking})
        team = asked.one("team")
    if not team:
        raise Invalid({"rol": Reason("rol", N_("Kies de rol van waaruit je de klus plaatst."))})
    once = fields.one("soort_uren") == "eenmalig"
    hours, more = decimal_text(fields.one("uren")), decimal_text(fields.one("uren_meer"))
    values: dict[str, Any] = {
        "titel": fields.one("titel"), "omschrijving": fields.one("omschrijving"), "teamId": team, "rolId": role or None,
        "plaatsen": fields.one("plaatsen") or None, "van": iso_date(fields.one("van")), "tot": iso_date(fields.one("tot")),
        "aanmeldenTot": iso_date(fields.one("aanmeldenTot")), "soort": fields.one("soort") or "klus",
        "wijze": "selectie" if fields.one("soort") == "vacature" else fields.one("wijze") or "claim",
        "vaardigheden": [v.strip() for v in ",".join(fields.many("vaardigheden")).split(",") if v.strip()],
        "herkomst": fields.one("herkomst") or "intern", "herkomstKenmerk": fields.one("herkomstKenmerk"),
        "bevoegdheden": fields.one("bevoegdheden").replace(",", " ").split(),
    }  # fmt: skip
    values |= {"urenTotaal": hours} if once else {"urenMin": hours, "urenMax": more}
    return {name: value for name, value in values.items() if value is not None}


def _baseline(fields: Fields) -> BaselineForm | None:
    """What it would have cost otherwise (klussen 3.5), when an hourly rate was filled in."""
    if not fields.one("tarief"):
        if fields.one("bron"):
            raise Invalid({"tarief": Reason("tarief", N_("Vul het uurtarief in dat hierbij hoort."))})
        return None
    try:
        cents = parse_amount(fields.one("tarief"))
    except AmountError:
        raise Invalid({"tarief": Reason("tarief", N_("Vul een bedrag in, zoals 85,00."))}) from None
    return validated(BaselineForm, {"ingehuurd": True, "tarief": cents, "bron": fields.one("bron") or None})


def _typed(klus: Any) -> dict[str, Any]:
    """A klus as it would have been typed."""
    once = klus.hours_total is not None

    def number(value: Decimal | None) -> str:
        return "" if value is None else f"{value:f}".rstrip("0").rstrip(".").replace(".", ",")

    return {
        "titel": klus.title, "omschrijving": klus.description, "soort_uren": "eenmalig" if once else "week",
        "uren": number(klus.hours_total if once else klus.hours_min),
        "uren_meer": "" if once or klus.hours_min == klus.hours_max else number(klus.hours_max),
        "van": f"{klus.starts:%d-%m-%Y}", "tot": f"{klus.ends:%d-%m-%Y}" if klus.ends else "", "plaatsen": klus.places,
        "aanmeldenTot": f"{klus.apply_until:%d-%m-%Y}" if klus.apply_until else "", "soort": klus.kind,
        "vaardigheden": ", ".join(klus.skills), "herkomst": klus.origin, "herkomstKenmerk": klus.origin_reference,
        "bevoegdheden": " ".join(klus.powers), "rol": str(klus.role_id or ""), "versie": klus.version,
        "wijze": klus.way,
    }  # fmt: skip


def _stale(klus: Any, om: Any, today: date) -> int | None:
    """For how many days an open klus has stood without a change, when that is long."""
    if klus.state != "open" or not klus.accepting or om.confirmed_on is None:
        return None
    days = (today - om.confirmed_on).days
    return days if days >= STALE_DAYS else None


def _due(mine: Any) -> date | None:
    """The last day of an offer to the reader, or of a question about them."""
    return last_day(datetime.fromisoformat(mine["due"])) if mine and mine["due"] else None


def _posts_for_all(me: Any) -> bool:
    """The secretary, and an officeholder for the organ, post in any team without a role there."""
    return not me.rights.isdisjoint({"secretaris", "bestuurder"})


_FIELD = {
    "urenTotaal": "uren",
    "urenMin": "uren",
    "urenMax": "uren_meer",
    "rolId": "rol",
    "teamId": "rol",
}
_ORDER = ("titel", "omschrijving", "uren", "van", "tot", "plaatsen")


async def _again(
    request: Page, session: Any, me: Any, fields: Fields, refusal: Refusal, klus: Any = None
) -> Response[str]:
    """The form once more with what was typed and what is wrong."""
    texts = sentences(request, refusal.reasons)
    faults = {}
    if isinstance(refusal, Invalid):
        faults = {_FIELD.get(name, name): text for name, text in zip(refusal.fields, texts, strict=True)}
        if not fields.one("uren") and not fields.one("uren_meer"):
            faults.setdefault("uren", words(language_of(request)).say(N_("Vul de uren in.")))
        faults = dict(sorted(faults.items(), key=lambda fault: _ORDER.index(fault[0]) if fault[0] in _ORDER else 99))
    typed: dict[str, Any] = {**fields.typed(), "vaardigheden": ", ".join(fields.many("vaardigheden"))}
    status = 422 if isinstance(refusal, Invalid) else 403 if not isinstance(refusal, Conflict) else 409
    return await _form(
        request, session, me, typed=typed, klus=klus, faults=faults, status=status,
        redenen=[] if faults else texts, vervolg=steps(request, refusal.then), refusal=refusal,
    )  # fmt: skip


async def _form(
    request: Page, session: Any, me: Any, *, typed: dict[str, Any], klus: Any = None, status: int = 200,
    faults: dict[str, str] | None = None, redenen: list[str] | None = None, vervolg: Any = (), team: str = "",
    refusal: Refusal | None = None,
) -> Response[str]:  # fmt: skip
    roles = await posting_roles(session, me.actor(), at=datetime.now(UTC))
    roles.sort(key=lambda role: str(role.team_id) != team)
    side = await list_side(session, me.person_id, at=datetime.now(UTC))
    return page(
        request, "klussen/form.html", status=status, typed=typed, klus=klus, roles=roles, fouten=faults or {},
        sinds=since(klus.version, _typed(klus.row), typed, refusal) if klus else None,
        redenen=redenen or [], vervolg=vervolg, kinds=KINDS, origins=ORIGINS, skills=side.skills,
        veel=side.teams is None and not roles and klus is None and _posts_for_all(me), may_post=bool(roles) or klus is not None or _posts_for_all(me),
        teams=side.teams if not roles and klus is None and _posts_for_all(me) else [],
    )  # fmt: skip


router = Router(path="/", route_handlers=[index, spreading, new, create, show, edit, update, act])
