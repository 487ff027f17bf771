"""Saved searches: keep what the list of klussen shows now, and drop it again."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import Words, words
from teams.kit.clock import now
from teams.kit.errors import Invalid, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_, Line
from teams.klussen.actions.searches import drop_search, save_search
from teams.klussen.listing import Wish
from teams.klussen.queries import list_side
from teams.klussen.searches import MOST, searches_of
from teams.structure.named import names_of_teams
from teams.web.answers import see_other
from teams.web.bewaren import by_of
from teams.web.drawn import KINDS
from teams.web.forms import Fields, form_of, query_of
from teams.web.klussenlijst import FILTERS, HOURS, wish_from
from teams.web.pages import page, sentences, steps
from teams.web.team_keuze import by_name

KEPT = tuple(name for name in FILTERS if name not in ("volgorde", "vanaf"))
ALL = N_("Alle klussen")


class SearchForm(BaseModel):
    """How the search is called; what is looked for comes from the list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    naam: Annotated[Line, Field(max_length=120)]


@get("/zoekopdrachten/nieuw", policy="claimant")
async def new(request: Page, session: Session, me: Me) -> Response[str]:
    """What the list shows now, in words, with a name that may be changed."""
    fields = query_of(request)
    fields.only(*FILTERS)
    return await _form(request, session, me, fields)


@post("/zoekopdrachten", policy="claimant")
async def save(request: Page, session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only(*FILTERS, "naam")
    await by_name(session, fields, datetime.now(UTC))
    wish, _ = wish_from(fields)
    try:
        form = validated(SearchForm, {"naam": fields.one("naam")})
        async with session.begin_nested():
            await save_search(session, form.naam, wish, by=by_of(request, me), at=await now(session))
    except Refusal as refusal:
        return await _form(request, session, me, fields, refusal)
    return see_other("/profiel?gelukt=zoekopdracht")


@post("/zoekopdrachten/{search_id:uuid}/verwijdering", policy="claimant")
async def drop(request: Page, search_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    (await form_of(request)).only()
    await drop_search(session, search_id, by=by_of(request, me), at=await now(session))
    return see_other("/profiel?gelukt=zoekopdracht-weg")


async def kept(session: AsyncSession, person: UUID) -> list[tuple[UUID, str, str]]:
    """Mine for the profile: id, name, address of the list."""
    return [(one.id, one.name, address(one.wish)) for one in await searches_of(session, person)]


def address(wish: Wish) -> str:
    """The list of klussen as this wish shows it."""
    pairs = [("zoek", wish.search)] if wish.search else []
    pairs += [("team", str(team)) for team in wish.teams] + [("soort", kind) for kind in wish.kinds]
    pairs += [("uren", code) for code, bounds in HOURS.items() if bounds == (wish.least_hours, wish.most_hours)]
    pairs += [("vaardigheid", skill) for skill in wish.skills]
    pairs += [(name, f"{day:%d-%m-%Y}") for name, day in (("van", wish.starts_from), ("tot", wish.ends_by)) if day]
    pairs += [("vrij", "1")] if wish.only_free else []
    return "/klussen" + ("?" + urlencode(pairs) if pairs else "")


def in_words(wish: Wish, teams: dict[str, str], speak: Words) -> list[str]:
    """What is looked for, a few words for each part."""
    hours = {"4": N_("Tot en met 4 uur"), "8": N_("Tot en met 8 uur"), "meer": N_("Meer dan 8 uur")}
    found = [wish.search] if wish.search else []
    found += [teams[str(team)] for team in wish.teams if str(team) in teams]
    found += [speak.say(KINDS[kind]) for kind in wish.kinds]
    found += [speak.say(hours[code]) for code, bounds in HOURS.items() if bounds == (wish.least_hours, wish.most_hours)]
    found += wish.skills
    days = ((N_("Start na {day}"), wish.starts_from), (N_("Klaar voor {day}"), wish.ends_by))
    found += [speak.say(text, {"day": day}) for text, day in days if day]
    return found + ([speak.say(N_("Met een vrije plek"))] if wish.only_free else [])


async def _form(
    request: Page, session: AsyncSession, me: Visitor, fields: Fields, refusal: Refusal | None = None
) -> Response[str]:
    await by_name(session, fields, datetime.now(UTC))
    wish, _ = wish_from(fields)
    speak = words(language_of(request))
    side = await list_side(session, me.person_id, at=datetime.now(UTC))
    named = dict(side.teams) if side.teams is not None else await names_of_teams(session, wish.teams, datetime.now(UTC))
    parts = in_words(wish, named, speak)
    texts = sentences(request, refusal.reasons) if refusal else []
    invalid = isinstance(refusal, Invalid)
    return page(
        request, "profiel/zoekopdracht.html", status=status_of(refusal) if refusal else 200, delen=parts,
        velden=[(name, value) for name in KEPT for value in fields.many(name)], meer=MOST, lijst=address(wish),
        naam=fields.one("naam") if refusal else ", ".join(parts)[:120] or speak.say(ALL),
        fouten=dict(zip(refusal.fields, texts, strict=True)) if isinstance(refusal, Invalid) else {},
        redenen=[] if invalid else texts, vervolg=steps(request, refusal.then) if refusal and not invalid else [],
    )  # fmt: skip


router = Router(path="/", route_handlers=[new, save, drop])
