"""Pages about proposals: the list, a new one, and one proposal with everything a member can say of it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.governance.actions.proposals import draft_proposal, new_version, submit_proposal
from teams.governance.actions.striking import strikers
from teams.governance.changes import RoleChange
from teams.governance.fillers import focuses_of, parties
from teams.governance.forms import ProposalForm, VersionForm
from teams.governance.meeting_seen import proposals_to_meet
from teams.governance.models import CLOSED, Objection, Offer
from teams.governance.queries import core_fillers, form_of_team, members_at, own_roles
from teams.governance.rules import judges
from teams.governance.seen import ProposalSeen, joined_later, list_proposals, proposal_for
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import Words, words
from teams.journal.models import Actor
from teams.journal.queries import activity_of
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.klussen.names import names_of
from teams.mandates.queries.frameworks import framework_titles
from teams.structure.moment import Moment
from teams.structure.queries import RoleSeen, role_for, roles_of, team_for
from teams.web.answers import see_other
from teams.web.forms import Fields, form_of, query_of
from teams.web.once import once
from teams.web.pages import page, sentences
from teams.web.pages import steps as next_steps
from teams.web.voorstel import drawn, last_day, steps, title_of
from teams.web.voorstel_acts import ACTS, OBJECTION_ACTS, Act
from teams.web.voorstel_form import change_from, typed_from
from teams.web.voorstel_words import (
    CANDIDATES,
    COLOURS,
    DECIDERS,
    FORMS,
    KINDS,
    LINES,
    OBJECTION_STATES,
    POLICIES,
    QUESTIONS,
    STATES,
)

FIELDS = (
    "rol", "soort", "doelrol", "afspraak", "naam", "doel", "tekst", "afspraaksoort", "vorm", "termijn", "verantwoordelijkheden",
    "verantwoordelijkheden_weg", "domeinen", "domeinen_weg", "mandaat", "spanning", "voorbeeld", "concept", "toelichting",
    "wie", "wierol", "kandidaten", "percentage", "onder", "kader", "naarteam", "altijd", "stil", "aantal", "besluitUren", "besluitWeken",
    "besluitEuro", "koppelrol",
)  # fmt: skip
PAGE = 25


@get("/voorstellen", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only("mij", "team", "voor")
    speak, today = words(language_of(request)), day_of(datetime.now(UTC))
    team, below = query.one("team"), query.one("voor")
    rows = await list_proposals(
        session, me.actor(), today=today, team=_uuid(team) if team else None, mine=query.one("mij") == "1",
        below=int(below) if below.isascii() and below.isdigit() and len(below) < 10 else None, limit=PAGE + 1,
    )  # fmt: skip
    shown = [(row, title_of(row.changes, row.roles or {}, speak, row.role or "", row.candidate)) for row in rows[:PAGE]]
    return page(
        request, "voorstellen/index.html", rows=shown, states=STATES, colours=COLOURS, last=last_day, mine=query.one("mij") == "1",
        team=team, more=shown[-1][0].number if len(rows) > PAGE else None,
    )  # fmt: skip


@get("/voorstellen/nieuw", policy="employee")
async def new(request: Page, session: Session, me: Me) -> Response[str]:
    """First from which role and what kind of change, then the form of that kind."""
    query = query_of(request)
    query.only("team", "rol", "soort", "doelrol", "afspraak", "koppelrol")
    return await _form(request, session, me, query.typed())


@post("/voorstellen", policy="employee")
async def create(request: Page, session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _create(request, session, me))


async def _create(request: Page, session: AsyncSession, me: Visitor) -> Response[Any]:
    fields = await form_of(request)
    fields.only(*FIELDS)
    by, at = _by(request, me), await now(session)
    role, _, team = fields.one("rol").partition(":")
    values = {
        "teamId": team, "rolId": role, "spanning": fields.one("spanning"), "voorbeeld": fields.one("voorbeeld"),
        "wijzigingen": change_from(fields, fields.one("soort")),
    }  # fmt: skip
    try:
        async with session.begin_nested():
            made = await draft_proposal(session, validated(ProposalForm, values), by=by, at=at)
            if not fields.one("concept"):
                await submit_proposal(session, made.id, by=by, at=at)
    except Refusal as refusal:
        return await _form(request, session, me, _typed(fields), refusal=refusal)
    return see_other(f"/voorstellen/{made.id}")


@get("/voorstellen/{proposal_id:uuid}", policy="employee")
async def show(request: Page, proposal_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, proposal_id)


@get("/voorstellen/{proposal_id:uuid}/wijzigen", policy="employee")
async def edit(request: Page, proposal_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    seen = await proposal_for(session, proposal_id, me.actor(), at=datetime.now(UTC))
    typed = typed_from(seen)
    if not seen.is_mine or typed is None:
        raise NotFound(Reason("onbekend", N_("Dit voorstel pas je hier niet aan.")))
    return await _form(request, session, me, typed, seen=seen)


@post("/voorstellen/{proposal_id:uuid}/versies", policy="employee")
async def amend(request: Page, proposal_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _amend(request, proposal_id, session, me))


async def _amend(request: Page, proposal_id: UUID, session: AsyncSession, me: Visitor) -> Response[Any]:
    fields = await form_of(request)
    fields.only(*FIELDS)
    by, at = _by(request, me), await now(session)
    try:
        values = {"wijzigingen": change_from(fields, fields.one("soort")), "toelichting": fields.one("toelichting")}
        async with session.begin_nested():
            await new_version(session, proposal_id, validated(VersionForm, values), by=by, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        seen = await proposal_for(session, proposal_id, by, at=at)
        return await _form(request, session, me, _typed(fields), seen=seen, refusal=refusal)
    return see_other(f"/voorstellen/{proposal_id}")


@post("/voorstellen/{proposal_id:uuid}/{verb:str}", policy="employee")
async def act(
    request: Page, proposal_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me
) -> Response[Any]:
    if verb not in ACTS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    return await once(request, session, me, lambda: _do(request, session, me, proposal_id, ACTS[verb], proposal_id))


@post("/bezwaren/{objection_id:uuid}/{verb:str}", policy="employee")
async def act_on_objection(
    request: Page, objection_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me
) -> Response[Any]:
    proposal = await session.scalar(select(Objection.proposal_id).where(Objection.id == objection_id))
    if verb not in OBJECTION_ACTS or proposal is None:
        raise NotFound(Reason("onbekend", N_("Dit overwegend bezwaar bestaat niet.")))
    return await once(
        request, session, me, lambda: _do(request, session, me, proposal, OBJECTION_ACTS[verb], objection_id)
    )


async def _do(request: Page, session: AsyncSession, me: Visitor, proposal: UUID, doing: Act, on: UUID) -> Response[Any]:
    """One act; refused, the page comes back with every reason and what was typed."""
    fields = await form_of(request)
    by, at = _by(request, me), await now(session)
    try:
        async with session.begin_nested():
            await doing(session, on, fields, by, at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, proposal, refusal=refusal, typed=fields.typed())
    return see_other(f"/voorstellen/{proposal}#jouw")


async def _show(
    request: Page, session: AsyncSession, me: Visitor, proposal_id: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    at, speak = datetime.now(UTC), words(language_of(request))
    seen = await proposal_for(session, proposal_id, me.actor(), at=at)
    team = await members_at(session, seen.team_id, at=at)
    members = {one.id for one in team}
    strikes = seen.state == "aangenomen" and not seen.struck and me.person_id in members
    able = (await strikers(session, seen.team_id, seen.proposer_id, at=at))[1] if strikes else frozenset()
    names = {id: role["naam"] for id, role in seen.roles.items()}
    return page(
        request, "voorstellen/show.html", status=status_of(refusal) if refusal else 200, v=seen, speak=speak,
        kop=title_of(seen.row.changes, names, speak, seen.role or "", seen.candidate), delen=[drawn(one, seen, speak) for one in seen.changes],
        stappen=steps(seen, speak), states=STATES, colours=COLOURS, forms=FORMS, objection_states=OBJECTION_STATES,
        vragen=QUESTIONS, last=last_day, closed=CLOSED, toetsers=await _judges(session, seen, members, at), lid=me.person_id in members,
        wacht=await proposals_to_meet(session, today=day_of(at), proposal=seen.id) if seen.state == "overleg" else [],
        aandacht=await focuses_of(session, [one.rolId for one in seen.changes if isinstance(one, RoleChange)], at=at) if seen.open else [],
        schrapt=me.person_id in able, ik=str(me.person_id), later=joined_later(seen, team), verloop=await _story(session, seen, speak), typed=typed or {}, aanpasbaar=typed_from(seen) is not None,
        dag=lambda text: day_of(datetime.fromisoformat(text)), redenen=sentences(request, refusal.reasons) if refusal else [],
        vervolg=next_steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


async def _judges(session: AsyncSession, seen: ProposalSeen, members: set[UUID], at: datetime) -> dict[str, set[str]]:
    """Who may test each objection today."""
    fillers = await core_fillers(session, seen.team_id, at=at)
    offer = await session.get(Offer, seen.offer_id) if seen.offer_id and seen.objections else None
    return {
        one["id"]: {
            str(who)
            for who in judges(
                fillers, members, parties(UUID(one["person"]), seen.proposer_id, offer), breach=one["breach"]
            )[1]
        }
        for one in seen.objections
    }


async def _story(session: AsyncSession, seen: ProposalSeen, speak: Words) -> list[tuple[str, str, str]]:
    entries, _ = await activity_of(session, "proposal", seen.id, verbs=list(LINES), limit=30)
    names = await names_of(session, {one.actor for one in entries if one.actor})
    return [
        (one.at.isoformat(timespec="seconds"), speak.short(day_of(one.at)), speak.say(LINES[one.verb], {
            "actor": names.get(one.actor, "Teams") if one.actor else "Teams", "version": one.facts["version"]}))
        for one in entries
    ]  # fmt: skip


async def _form(
    request: Page, session: AsyncSession, me: Visitor, typed: dict[str, Any], *, seen: ProposalSeen | None = None,
    refusal: Refusal | None = None,
) -> Response[str]:  # fmt: skip
    at, by = datetime.now(UTC), me.actor()
    roles = await own_roles(session, by, at=at)
    team_id = (
        seen.team_id
        if seen
        else next((role.team_id for role in roles if typed.get("rol") == f"{role.id}:{role.team_id}"), None)
    )
    moment = Moment(at, at, at)
    targets: list[RoleSeen] = []
    team: Any = None
    if team_id is not None:
        team = await team_for(session, team_id, by, moment)
        targets = [role for role in await roles_of(session, team_id, moment) if role.core is None]
    wanted = typed.get("team") or ""
    target = next((role for role in targets if str(role.id) == typed.get("doelrol")), None)
    return page(
        request, "voorstellen/form.html", status=status_of(refusal) if refusal else 200, typed=typed, v=seen, team=team, terug=refusal is not None,
        roles=sorted(roles, key=lambda role: str(role.team_id) != wanted), targets=targets, target=target, kinds=KINDS,
        koppel=await _linked(session, typed.get("koppelrol") or "", by, moment), policies=POLICIES, forms=FORMS, deciders=DECIDERS, candidates=CANDIDATES, kaders=await framework_titles(session, moment), chosen=await form_of_team(session, team_id, at=at) if team_id else None,
        redenen=sentences(request, refusal.reasons) if refusal and not isinstance(refusal, Invalid) else [],
        vervolg=next_steps(request, refusal.then) if refusal else [],
        fouten=dict(zip(refusal.fields, sentences(request, refusal.reasons), strict=True)) if isinstance(refusal, Invalid) else {},
    )  # fmt: skip


async def _linked(session: AsyncSession, role: str, by: Actor, moment: Moment) -> RoleSeen | None:
    """The role of another team that a policy would let take part."""
    try:
        return await role_for(session, UUID(role), by, moment) if role else None
    except (ValueError, NotFound):
        return None


def _typed(fields: Fields) -> dict[str, Any]:
    return {
        **fields.typed(),
        **{f"{name}_weg": fields.many(f"{name}_weg") for name in ("verantwoordelijkheden", "domeinen")},
    }


def _by(request: Page, me: Visitor) -> Actor:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise NotFound(Reason("onbekend", N_("Dit team bestaat niet."))) from None


router = Router(path="/", route_handlers=[index, new, create, show, edit, amend, act, act_on_objection])
