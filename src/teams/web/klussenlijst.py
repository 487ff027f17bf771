"""The list of klussen: what is asked, what is found, and the filters as they stand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get

from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import Words, words
from teams.kit.clock import day_of
from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_, visible
from teams.klussen.listing import ORDERS, Wish, list_klussen
from teams.klussen.matching_queries import SMALL, spread
from teams.klussen.queries import list_side
from teams.structure.named import names_of_teams
from teams.web.cards import cards, filters
from teams.web.drawn import KINDS, free_now
from teams.web.forms import Fields, iso_date, query_of
from teams.web.pages import is_htmx, page
from teams.web.team_keuze import by_name

HOURS = {"4": (None, Decimal(4)), "8": (None, Decimal(8)), "meer": (Decimal("8.1"), None)}
FILTERS = ("zoek", "team", "soort", "uren", "vaardigheid", "van", "tot", "vrij", "volgorde", "vanaf")
ORDER_WORDS = {"past": N_("Past het best bij mij"), "start": N_("Start het eerst"), "nieuw": N_("Nieuwste eerst")}


@get("/klussen", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only(*FILTERS)
    at, by = datetime.now(UTC), me.actor()
    typed, lacking = query.typed(), await by_name(session, query, at)
    wish, faults = wish_from(query)
    if lacking:
        faults["team"] = lacking
    listing = await list_klussen(session, wish, by, at=at)
    side = await list_side(session, me.person_id, at=at)
    hours = side.hours if me.may_claim else None
    speak, today = words(language_of(request)), day_of(at)
    named = (
        dict(side.teams)
        if side.teams is not None
        else await names_of_teams(session, wish.teams, at)
        if wish.teams
        else {}
    )
    chips = _chips(query, named, speak)
    return page(
        request, "klussen/_lijst.html" if is_htmx(request) else "klussen/index.html", listing=listing,
        cards=cards(speak.language, listing.rows, side, hours=hours, today=today), wish=wish, typed=typed,
        filters=filters(speak.language, query, side, faults, active=len(chips), team=named.get(typed.get("team", ""), typed.get("team", ""))), chips=chips, orders=ORDER_WORDS,
        free=free_now(hours, today) if hours and hours.contracts else None,
        lijst=_with(query), before=_with(query, vanaf=listing.before), after=_with(query, vanaf=listing.after),
    )  # fmt: skip


@get("/klussen/spreiding", policy="employee")
async def spreading(request: Page, session: Session, me: Me) -> Response[str]:
    """R20: places with other teams, by home team; a small team's number is not shown."""
    return page(request, "klussen/spreiding.html", rijen=await spread(session, at=datetime.now(UTC)), klein=SMALL)


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
        search=visible(query.one("zoek"))[:200], teams=tuple(teams), kinds=tuple(k for k in query.many("soort") if k in KINDS),
        least_hours=least, most_hours=most, skills=tuple(filter(None, map(visible, query.many("vaardigheid")[:40]))), starts_from=dates["van"],
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


def _chips(query: Fields, names: dict[str, str], speak: Words) -> list[tuple[str, str]]:
    """Each active filter with the address of the list without it."""
    chips: list[tuple[str, str]] = []

    def without(name: str, value: str | None = None) -> str:
        left = Fields([(n, v) for n, vs in query.all.items() for v in vs if n != name or (value and v != value)])
        return _with(left)

    if query.one("zoek"):
        chips.append((speak.say(N_("Zoek: {words}"), {"words": query.one("zoek")[:60]}), without("zoek")))
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
