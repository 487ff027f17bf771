"""Pages about klussen: the list, one klus, posting and managing."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import Words, words
from teams.kit.clock import day_of, now
from teams.kit.errors import Conflict, Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.klussen.actions.klus import cancel_klus, change_klus, close_klus, complete_klus, post_klus, publish_klus
from teams.klussen.forms import KlusForm
from teams.klussen.listing import ORDERS, Wish, list_klussen
from teams.klussen.queries import klus_for, list_side, posting_roles
from teams.web.activity import activity
from teams.web.answers import see_other
from teams.web.cards import cards, choices
from teams.web.drawn import KINDS, OF_TEAM, ORIGINS, balance_for, drawn, free_now, state_label
from teams.web.forms import Fields, decimal_text, form_of, iso_date, query_of
from teams.web.pages import is_htmx, page, sentences, steps

HOURS = {"4": (None, Decimal(4)), "8": (None, Decimal(8)), "meer": (Decimal("8.1"), None)}
FILTERS = ("zoek", "team", "soort", "uren", "vaardigheid", "van", "tot", "vrij", "volgorde", "vanaf")
ORDER_WORDS = {"past": N_("Past het best bij mij"), "start": N_("Start het eerst"), "nieuw": N_("Nieuwste eerst")}
VERBS = {"publicatie": publish_klus, "sluiting": close_klus, "intrekking": cancel_klus, "afronding": complete_klus}


@get("/klussen", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only(*FILTERS)
    at, by = datetime.now(UTC), me.actor()
    wish, faults = wish_from(query)
    listing = await list_klussen(session, wish, by, at=at)
    side = await list_side(session, me.person_id, at=at)
    hours = side.hours if me.may_claim else None
    speak, today = words(language_of(request)), day_of(at)
    return page(
        request, "klussen/_lijst.html" if is_htmx(request) else "klussen/index.html", listing=listing,
        cards=cards(speak.language, listing.rows, hours=hours, today=today), wish=wish, typed=query.typed(), faults=faults,
        side=side, kinds=KINDS, today=today, **choices(side, query.many("vaardigheid"), query.one("team")),
        free=free_now(hours, today) if hours and hours.contracts else None, chips=_chips(query, side, speak),
        before=_with(query, vanaf=listing.before), after=_with(query, vanaf=listing.after), orders=ORDER_WORDS,
        chosen=query.many("vaardigheid"), chosen_kinds=query.many("soort"),
    )  # fmt: skip


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
    fields = await form_of(request)
    at = await now(session)
    by = me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])
    try:
        form = validated(KlusForm, await _klus_values(session, fields, me, at))
        async with session.begin_nested():
            klus = await post_klus(session, form, by=by, at=at)
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
    people = klus.people
    verloop, _ = await activity(session, "klus", klus_id, words(language_of(request)))
    hours = klus.hours if me.may_claim else None
    speak, today = words(language_of(request)), day_of(at)
    mine = klus.mine
    return page(
        request, template, status=status, klus=klus, words=drawn(klus, speak, hours=hours, today=today), people=people,
        kinds=KINDS, of_team=OF_TEAM, origins=ORIGINS, verloop=verloop, done=done, today=today,
        balance=balance_for(klus, hours, today) if hours and not mine else None, mine=mine,
        again=mine is not None and mine["terms"] < klus.terms, label=state_label(klus.state),
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
    version = fields.one("versie")
    try:
        form = validated(KlusForm, await _klus_values(session, fields, me, at, klus=klus.row))
        async with session.begin_nested():
            await change_klus(session, klus_id, form, version=int(version) if version.isdigit() else 0, by=by, at=at)
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


def wish_from(query: Fields) -> tuple[Wish, dict[str, Reason]]:
    """What the filters ask; a filter that cannot be read is left out and named."""
    faults: dict[str, Reason] = {}
    least, most = HOURS.get(query.one("uren"), (None, None))
    dates: dict[str, date | None] = {}
    for name in ("van", "tot"):
        try:
            found = iso_date(query.one(name))
            dates[name] = date.fromisoformat(found) if found else None
        except ValueError:
            dates[name] = None
            faults[name] = Reason(name, N_("Vul een dag in die bestaat, als dd-mm-jjjj."))
    teams = []
    for value in query.many("team"):
        try:
            teams.append(UUID(value))
        except ValueError:
            faults["team"] = Reason("team", N_("Kies een team uit de lijst."))
    order = query.one("volgorde") or "past"
    if order not in ORDERS:
        raise Invalid({"volgorde": Reason("volgorde", N_("Kies een volgorde uit de lijst."))})
    return Wish(
        search=query.one("zoek")[:200], teams=tuple(teams), kinds=tuple(k for k in query.many("soort") if k in KINDS),
        least_hours=least, most_hours=most, skills=tuple(query.many("vaardigheid")[:40]), starts_from=dates["van"],
        ends_by=dates["tot"], only_free=query.one("vrij") == "1", order=order, cursor=query.one("vanaf"),
    ), faults  # fmt: skip


def _with(query: Fields, **changes: str | None) -> str:
    """The address of this list with other values; None takes a filter away."""
    pairs = [(name, value) for name, values in query.all.items() for value in values if name not in changes and value]
    pairs = [(name, value) for name, value in pairs if name != "vanaf"]
    if changes.get("vanaf") is None and "vanaf" in changes:
        return ""
    pairs += [(name, value) for name, value in changes.items() if value]
    return "/klussen" + ("?" + urlencode(pairs) if pairs else "")


def _chips(query: Fields, side: Any, speak: Words) -> list[tuple[str, str]]:
    """Each active filter with the address of the list without it."""
    chips: list[tuple[str, str]] = []

    def without(name: str, value: str | None = None) -> str:
        left = Fields([(n, v) for n, vs in query.all.items() for v in vs if n != name or (value and v != value)])
        return _with(left)

    if query.one("zoek"):
        chips.append((speak.say(N_("Zoek: {words}"), {"words": query.one("zoek")[:60]}), without("zoek")))
    names = {str(team["id"]): team["name"] for team in side.teams}
    for value in query.many("team"):
        if value in names:
            chips.append((names[value], without("team", value)))
    for value in query.many("soort"):
        if value in KINDS:
            chips.append((speak.say(KINDS[value]), without("soort", value)))
    hours = {"4": N_("Tot en met 4 uur"), "8": N_("Tot en met 8 uur"), "meer": N_("Meer dan 8 uur")}
    if query.one("uren") in hours:
        chips.append((speak.say(hours[query.one("uren")]), without("uren")))
    chips += [(value[:60], without("vaardigheid", value)) for value in query.many("vaardigheid")]
    for name, text in (("van", N_("Start na {day}")), ("tot", N_("Klaar voor {day}"))):
        if query.one(name):
            chips.append((speak.say(text, {"day": query.one(name)[:20]}), without(name)))
    if query.one("vrij") == "1":
        chips.append((speak.say(N_("Met een vrije plek")), without("vrij")))
    return chips


async def _klus_values(session: Any, fields: Fields, me: Any, at: datetime, klus: Any = None) -> dict[str, Any]:
    """What was typed on the form, as the fields of `KlusForm`."""
    fields.only(
        "titel", "omschrijving", "soort_uren", "uren", "uren_meer", "van", "tot", "plaatsen", "vaardigheden", "soort",
        "aanmeldenTot", "rol", "team", "herkomst", "herkomstKenmerk", "bevoegdheden", "concept", "versie", "sleutel",
    )  # fmt: skip
    role, team = fields.one("rol"), ""
    if klus is not None:
        role, team = role or (str(klus.role_id) if klus.role_id else ""), str(klus.team_id)
    roles = await posting_roles(session, me.actor(), at=at)
    if not role and roles and klus is None:
        role = str(roles[0].role_id)
    team = team or next((str(r.team_id) for r in roles if str(r.role_id) == role), "")
    if not roles and _posts_for_all(me):
        team = team or fields.one("team")
    if not team:
        raise Invalid({"rol": Reason("rol", N_("Kies de rol van waaruit je de klus plaatst."))})
    once = fields.one("soort_uren") == "eenmalig"
    hours, more = decimal_text(fields.one("uren")), decimal_text(fields.one("uren_meer"))
    values: dict[str, Any] = {
        "titel": fields.one("titel"), "omschrijving": fields.one("omschrijving"), "teamId": team, "rolId": role or None,
        "plaatsen": fields.one("plaatsen") or None, "van": iso_date(fields.one("van")), "tot": iso_date(fields.one("tot")),
        "aanmeldenTot": iso_date(fields.one("aanmeldenTot")), "soort": fields.one("soort") or "klus",
        "wijze": "selectie" if fields.one("soort") == "vacature" else "claim",
        "vaardigheden": [v.strip() for v in ",".join(fields.many("vaardigheden")).split(",") if v.strip()],
        "herkomst": fields.one("herkomst") or "intern", "herkomstKenmerk": fields.one("herkomstKenmerk"),
        "bevoegdheden": fields.one("bevoegdheden").replace(",", " ").split(),
    }  # fmt: skip
    values |= {"urenTotaal": hours} if once else {"urenMin": hours, "urenMax": more}
    return {name: value for name, value in values.items() if value is not None}


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
    }  # fmt: skip


def _posts_for_all(me: Any) -> bool:
    """The secretary, and an officeholder for the organ, post in any team without a role there."""
    return not me.rights.isdisjoint({"secretaris", "bestuurder"})


_FIELD = {
    "urenTotaal": "uren",
    "urenMin": "uren",
    "urenMax": "uren_meer",
    "rolId": "rol",
    "teamId": "rol",
    "wijze": "soort",
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
    if isinstance(refusal, Conflict) and klus is not None:
        typed["versie"] = klus.version
    status = 422 if isinstance(refusal, Invalid) else 403 if not isinstance(refusal, Conflict) else 409
    return await _form(
        request, session, me, typed=typed, klus=klus, faults=faults, status=status,
        redenen=[] if faults else texts, vervolg=steps(request, refusal.then),
    )  # fmt: skip


async def _form(
    request: Page, session: Any, me: Any, *, typed: dict[str, Any], klus: Any = None, status: int = 200,
    faults: dict[str, str] | None = None, redenen: list[str] | None = None, vervolg: Any = (), team: str = "",
) -> Response[str]:  # fmt: skip
    roles = await posting_roles(session, me.actor(), at=datetime.now(UTC))
    roles.sort(key=lambda role: str(role.team_id) != team)
    side = await list_side(session, me.person_id, at=datetime.now(UTC))
    return page(
        request, "klussen/form.html", status=status, typed=typed, klus=klus, roles=roles, fouten=faults or {},
        redenen=redenen or [], vervolg=vervolg, kinds=KINDS, origins=ORIGINS, skills=[s["name"] for s in side.skills],
        may_post=bool(roles) or klus is not None or _posts_for_all(me),
        teams=side.teams if not roles and klus is None and _posts_for_all(me) else [],
    )  # fmt: skip


router = Router(path="/", route_handlers=[index, new, create, show, edit, update, act])
