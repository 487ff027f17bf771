"""The register of mandates: list with filters on any day, one grant with its history, and the public register without names."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get
from litestar.params import FromPath

from teams.decisions.queries.use import use_of
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.http.words import Words
from teams.kit.clock import day_of
from teams.kit.errors import NotFound, Reason, Refusal
from teams.kit.money import AmountError, format_euro, parse_amount
from teams.kit.text import N_
from teams.mandates.answer import Answer
from teams.mandates.engine import UnknownPower, answer
from teams.mandates.models import GrantState
from teams.mandates.queries.entry import organs as organs_of
from teams.mandates.queries.facts import facts_for
from teams.mandates.queries.information import desk_of_grant
from teams.mandates.queries.powers import known_power
from teams.mandates.queries.register import (
    GrantSeen,
    RegisterWish,
    chain_of,
    children_of,
    grant_by_number,
    history_of,
    register_page,
)
from teams.mandates.question import Question
from teams.structure.named import few_teams
from teams.web.mag_ik_dit import AMOUNTS, NO_AMOUNT, show_value
from teams.web.mandaat_beheer_form import desk_of, may, refused
from teams.web.moments import Asked, ask
from teams.web.pages import page
from teams.web.team_keuze import team_filter

FILTERS = ("zoek", "orgaan", "team", "rol", "persoon", "bevoegdheid", "stand", "na", "op", "bekend")
STATES = {
    GrantState.IN_FORCE: (N_("Geldt"), "goed"),
    GrantState.PUBLISHED: (N_("Bekendgemaakt, geldt nog niet"), "info"),
    GrantState.DECIDED: (N_("Besloten, niet bekendgemaakt"), "let"),
    GrantState.DRAFTED: (N_("Voorgenomen"), "open"),
    GrantState.WITHDRAWN: (N_("Ingetrokken"), "fout"),
    GrantState.LAPSED: (N_("Vervallen"), "open"),
}
_EMPTY = N_("Vul dit in.")
SUB = {"nee": N_("nee"), "ja": N_("ja"), "diepte": N_("ja, tot een diepte"), "alleen_aan": N_("alleen aan")}
CHANGES = {
    "kinds": N_("Soort"), "holder": N_("Ontvanger"), "grantors": N_("Gever"), "ceiling": N_("Grens"), "powers": N_("Bevoegdheden"),
    "all_except": N_("Uitzonderingen"), "sub": N_("Ondermandaat"), "conditions": N_("Voorwaarden"), "instructions": N_("Instructies"),
    "decided_on": N_("Besloten op"), "published_on": N_("Bekendgemaakt op"), "withdrawn_at": N_("Ingetrokken op"),
    "framework": N_("Kader"), "starts": N_("Geldt vanaf"), "ends": N_("Geldt tot"), "parent": N_("Onder mandaat"),
}  # fmt: skip


@get("/mandaten", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    asked = await ask(request, session)
    query = asked.query
    query.only(*FILTERS)
    teams = await few_teams(session, asked.moment.op)
    team, wrong = await team_filter(session, query, teams, asked.moment.op)
    grants, after = await register_page(session, _wish(asked), asked.moment)
    kept = {name: query.one(name) for name in FILTERS if name not in ("na", "op", "bekend") and query.one(name)}
    return page(
        request, "mandaten/index.html", status=asked.status, vraag=asked, grants=grants, organs=await organs_of(session), teams=teams, team=team,
        team_fout=asked.speak.reason(wrong) if wrong else "", stands=STATES, typed=query.typed(), verder=asked.to("/mandaten", **kept, na=after) if after else "",
        mee=list(kept.items()), euro=format_euro, openbaar=False, may_enter=await desk_of(session, me.actor(), datetime.now(UTC)) is not None,
        may_check=bool({"secretaris", "controller"} & me.rights),
    )  # fmt: skip


@get("/mandaten/{number:str}", policy="employee")
async def show(request: Page, number: FromPath[str], session: Session, me: Me) -> Response[str]:
    return await grant_page(request, session, me, number)


async def grant_page(
    request: Page, session: Any, me: Any, number: str, *, refusal: Refusal | None = None, typed: dict[str, str] | None = None,
    work: str = "",
) -> Response[str]:  # fmt: skip
    """One grant with its history; `refusal`: what was wrong with the form `work` on it."""
    asked = await ask(request, session)
    grant = await grant_by_number(session, number, asked.moment)
    history = await history_of(session, number, asked.moment)
    chain, by, now = await chain_of(session, number, asked.moment), me.actor(), datetime.now(UTC)
    desk = await desk_of_grant(session, grant, chain, asked.moment, by=by)
    return page(
        request, "mandaten/show.html", status=status_of(refusal) if refusal else asked.status, vraag=asked, g=grant,
        stand=STATES[grant.state or GrantState.LAPSED], keten=chain, onder=await children_of(session, number, asked.moment),
        geschiedenis=_changes(history, asked.speak), euro=format_euro, basis=AMOUNTS, sub=SUB, dag_van=day_of, stands=STATES,
        may_change=await may(session, grant.grantors, by, now), openbaar=False,
        gebruik=(await use_of(session, [grant.number], asked.moment.op))[grant.number],
        inlichtingen=desk, nu=now, typed=typed or {}, werk=work,
        gelukt=asked.query.one("gelukt"), **refused(request, refusal),
    )  # fmt: skip


@get("/openbaar/mandaten", policy="public")
async def public(request: Page, session: Session) -> Response[str]:
    """The nameless register of a day, and one question: was this office competent?"""
    asked = await ask(request, session)
    query = asked.query
    query.only("zoek", "orgaan", "na", "op", "bekend", "ambt", "bevoegdheid", "bedrag")
    wish = RegisterWish(
        organ=query.one("orgaan") or None, word=query.one("zoek")[:120] or None, after=query.one("na") or None,
        state=GrantState.IN_FORCE,
    )  # fmt: skip
    grants, after = await register_page(session, wish, asked.moment, nameless=True)
    kept = {name: query.one(name) for name in ("zoek", "orgaan") if query.one(name)}
    competent, faults = await _competent(session, asked)
    return page(
        request, "mandaten/openbaar.html", status=422 if faults else asked.status, vraag=asked, grants=grants, organs=await organs_of(session),
        stands=STATES, typed=query.typed(), verder=asked.to("/openbaar/mandaten", **kept, na=after) if after else "",
        mee=list(kept.items()), euro=format_euro, openbaar=True, bevoegd=competent, fouten=faults,
    )  # fmt: skip


def _wish(asked: Asked) -> RegisterWish:
    query = asked.query
    state = query.one("stand")
    return RegisterWish(
        organ=query.one("orgaan") or None, team=_id(query.one("team")), role=_id(query.one("rol")),
        person=_id(query.one("persoon")), power=query.one("bevoegdheid")[:40] or None,
        state=GrantState(state) if state in set(GrantState) else None, word=query.one("zoek")[:120] or None,
        after=query.one("na")[:60] or None,
    )  # fmt: skip


def _id(value: str) -> UUID | None:
    if not value:
        return None
    try:
        return UUID(value)
    except ValueError:
        raise NotFound(Reason("onbekend", N_("Dit staat niet in het register."))) from None


def _changes(history: list[GrantSeen], speak: Words) -> list[tuple[datetime, list[tuple[str, str, str]]]]:
    """Each version with what it changed: (when known, [(what, before, after)]), newest first."""
    found: list[tuple[datetime, list[tuple[str, str, str]]]] = []
    before: GrantSeen | None = None
    for version in history:
        differs = [
            (speak.say(label), _written(before, name, speak) if before else "", _written(version, name, speak))
            for name, label in CHANGES.items()
            if before is None or getattr(before, name) != getattr(version, name)
        ]
        found.append((version.known_from, [line for line in differs if line[1] or line[2]]))
        before = version
    return found[::-1]


def _written(version: GrantSeen | None, name: str, speak: Words) -> str:
    value = getattr(version, name)
    if name == "ceiling":
        return format_euro(value) if value is not None else ""
    if isinstance(value, datetime):
        return speak.day(day_of(value))
    if isinstance(value, tuple):
        return ", ".join(_one(part) for part in value)
    return _one(value) if value is not None else ""


def _one(value: Any) -> str:
    if hasattr(value, "name"):
        return value.name or str(value.kind)
    return f"{value[0]}" if isinstance(value, tuple) else str(value)


async def _competent(session: Any, asked: Asked) -> tuple[tuple[str, list[str]] | None, dict[str, str]]:
    """Question 10: may the office that holds this grant do this, on that day? Without names. Second: faults by field."""
    query, say = asked.query, asked.speak.say
    number, power, written = query.one("ambt"), query.one("bevoegdheid")[:40], query.one("bedrag")
    if not (number or power or written):
        return None, {}
    faults = {name: say(_EMPTY) for name, typed in (("ambt", number), ("bevoegdheid", power)) if not typed}
    cents, grant = None, None
    try:
        cents = parse_amount(written) if written else None
    except AmountError:
        faults["bedrag"] = say(NO_AMOUNT)
    if number:
        try:
            grant = await grant_by_number(session, number[:60], asked.moment, nameless=True)
        except NotFound as unknown:
            faults["ambt"] = asked.speak.reason(unknown.reasons[0])
    if grant and grant.holder.kind.value not in ("rol", "functie"):
        faults["ambt"] = say(N_("Deze vraag gaat over een ambt. Kies een mandaat van een rol of functie."))
    if power and not await known_power(session, power, asked.moment.known):
        faults["bevoegdheid"] = say(N_("Deze bevoegdheid staat niet in het register."))
    if faults or grant is None:
        return None, faults
    question = Question(
        power=power, moment=asked.moment.op, known_at=asked.moment.known, person=None, role=await _role_id(session, grant, asked),
        cents=cents,
    )  # fmt: skip
    try:
        given: Answer = answer(await facts_for(session, question), question)
    except UnknownPower:
        return None, {"bevoegdheid": say(N_("Deze bevoegdheid stond toen niet in het register."))}
    show = show_value(asked.speak)
    return (given.verdict.word, [line.render(asked.speak.translate, show) for line in given.sentences]), {}


async def _role_id(session: Any, grant: GrantSeen, asked: Asked) -> str:
    if grant.holder.kind.value == "rol":
        return grant.holder.id
    from sqlalchemy import text

    found = await session.scalar(
        text("select cast(role_id as text) from role_version where office = :o and range_contains_elem(recorded, cast(:known as timestamptz))"
             " and range_contains_elem(valid, cast(:day as date)) order by role_id limit 1"),
        {"o": grant.holder.id, **{k: v for k, v in asked.moment.values.items() if k != "op"}},
    )  # fmt: skip
    return found or ""


router = Router(path="/", route_handlers=[index, show, public])
