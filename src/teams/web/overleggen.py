"""Pages about meetings: the list, planning one, and one meeting: live while it is on, its minutes when it is closed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.exchange.pdf import pdf
from teams.exchange.verslag import minutes_data
from teams.governance.actions.meetings import plan_meeting
from teams.governance.direction import direction_of
from teams.governance.meeting_forms import MeetingForm
from teams.governance.meeting_models import MeetingState
from teams.governance.meeting_seen import (
    bringable,
    for_agenda,
    list_meetings,
    mark_of,
    meeting_for,
    proposals_to_meet,
    room_of,
)
from teams.governance.queries import own_roles
from teams.governance.seen import ProposalSeen, proposal_for
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session, language_of
from teams.http.words import Words, words
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NextStep, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.structure.moment import Moment
from teams.structure.queries import roles_of
from teams.web import overleg
from teams.web.answers import see_other
from teams.web.forms import form_of, query_of
from teams.web.once import once
from teams.web.overleggen_acts import ACTS, ITEM_ACTS, elect, report
from teams.web.pages import is_htmx, page, sentences
from teams.web.pages import steps as next_steps
from teams.web.verkiezingen import VERBS, stand_of
from teams.web.voorstel import drawn, title_of

PAGE = 25
FIELDS = ("team", "soort", "dag", "begin", "duur", "plaats", "bedoeling", "voorstel")


@get("/overleggen", policy="employee")
async def index(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only("team", "voor")
    at, speak, below = datetime.now(UTC), words(language_of(request)), query.one("voor")
    team = _uuid(query.one("team"))
    rows = await list_meetings(
        session, at=at, team=team, limit=PAGE + 1,
        below=int(below) if below.isascii() and below.isdigit() and len(below) < 10 else None,
    )  # fmt: skip
    ahead = await list_meetings(session, at=at, team=team, ahead=True) if not below else []
    coming = {row.id for row in ahead}
    return page(
        request, "overleggen/index.html", ahead=ahead, rows=[row for row in rows[:PAGE] if row.id not in coming],
        team=team, team_name=rows[0].team if team and rows else None, more=rows[PAGE - 1].number if len(rows) > PAGE else None,
        speak=speak, o=overleg, mine={row.id for row in await list_meetings(session, at=at, person=me.person_id, ahead=True)},
    )  # fmt: skip


@get("/overleggen/nieuw", policy="employee")
async def new(request: Page, session: Session, me: Me) -> Response[str]:
    query = query_of(request)
    query.only("team", "voorstel", "soort")
    return await _form(request, session, me, query.typed())


@post("/overleggen", policy="employee")
async def create(request: Page, session: Session, me: Me) -> Response[Any]:
    return await once(request, session, me, lambda: _create(request, session, me))


async def _create(request: Page, session: AsyncSession, me: Visitor) -> Response[Any]:
    fields = await form_of(request)
    fields.only(*FIELDS)
    try:
        async with session.begin_nested():
            form = validated(MeetingForm, overleg.plan_from(fields))
            made = await plan_meeting(session, form, by=_by(request, me), at=await now(session))
    except Refusal as refusal:
        return await _form(request, session, me, fields.typed(), refusal=refusal)
    return see_other(f"/overleggen/{made.id}")


@get("/overleggen/{meeting_id:uuid}", policy="employee")
async def show(request: Page, meeting_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _show(request, session, me, meeting_id)


@get("/overleggen/{meeting_id:uuid}/verslag.pdf", policy="employee")
async def minutes(request: Page, meeting_id: FromPath[UUID], session: Session, me: Me) -> Response[bytes]:
    at = datetime.now(UTC)
    row = await meeting_for(session, meeting_id, at=at)
    if row.state != MeetingState.CLOSED:
        raise NotFound(
            Reason("verkeerd_moment", N_("Het verslag is er als het overleg is gesloten.")),
            then=(NextStep(N_("Bekijk het overleg zoals het nu is."), f"/overleggen/{meeting_id}"),),
        )
    data = minutes_data(row, await _titles(request, session, me, row, at), request.app.state.settings.municipality)
    made = await asyncio.to_thread(pdf, "verslag", data, at=row.closed_at)
    name = f"verslag-{day_of(row.starts_at).isoformat()}-{row.number}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made, media_type="application/pdf", headers=headers)


@post("/overleggen/{meeting_id:uuid}/{verb:str}", policy="employee")
async def act(
    request: Page, meeting_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me
) -> Response[Any]:
    return await _do(request, session, me, meeting_id, ACTS.get(verb))


@post("/overleggen/{meeting_id:uuid}/punten/{item_id:uuid}/{verb:str}", policy="employee")
async def act_on_item(
    request: Page, meeting_id: FromPath[UUID], item_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me
) -> Response[Any]:
    return await _do(request, session, me, meeting_id, ITEM_ACTS.get(verb), item_id)


@post("/overleggen/{meeting_id:uuid}/punten/{item_id:uuid}/verkiezing/{verb:str}", policy="employee")
async def act_on_election(
    request: Page, meeting_id: FromPath[UUID], item_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me
) -> Response[Any]:
    doing = VERBS.get(verb)
    return await _do(request, session, me, meeting_id, partial(elect, doing) if doing else None, item_id)


@post("/overleggen/{meeting_id:uuid}/lijst/{standing_id:uuid}", policy="employee")
async def act_on_standing(
    request: Page, meeting_id: FromPath[UUID], standing_id: FromPath[UUID], session: Session, me: Me
) -> Response[Any]:
    return await _do(request, session, me, meeting_id, report, standing_id)


async def _do(
    request: Page, session: AsyncSession, me: Visitor, meeting_id: UUID, doing: Callable[..., Awaitable[Any]] | None, *on: UUID
) -> Response[Any]:  # fmt: skip
    """One act on the meeting, or on a thing in it."""
    if doing is None:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    return await once(request, session, me, lambda: _done(request, session, me, meeting_id, doing, *on))


async def _done(
    request: Page, session: AsyncSession, me: Visitor, meeting_id: UUID, doing: Callable[..., Awaitable[Any]], *on: UUID
) -> Response[Any]:
    """Refused, the page comes back with every reason and what was typed."""
    fields, by, at = await form_of(request), _by(request, me), await now(session)
    try:
        async with session.begin_nested():
            await doing(session, meeting_id, *on, fields, by, at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, meeting_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/overleggen/{meeting_id}#nu")


async def _show(
    request: Page, session: AsyncSession, me: Visitor, meeting_id: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    at, speak = datetime.now(UTC), words(language_of(request))
    mark = await mark_of(session, meeting_id)
    row = await meeting_for(session, meeting_id, at=at)
    live = row.state in (MeetingState.PLANNED, MeetingState.ON)
    room = await room_of(session, row, at=at) if live else None
    item = next((one for one in row.items if one["state"] == "bezig"), None)
    gastvrij, kiesbaar = await for_agenda(session, row, me.person_id, today=day_of(at)) if live else (False, [])
    kies = await stand_of(session, me, UUID(item["chosen"]), at=at) if item and item["chosen"] else None
    if item and kies and kies["lies"]:
        item = {**item, "proposal": kies["lies"]["proposal"]}
    seen = await _proposal(session, item, me, at) if item and item["proposal"] else None
    tactical = row.kind == "werkoverleg" and live
    fragment = is_htmx(request) and refusal is None
    return page(
        request, "overleggen/_overleg.html" if fragment else "overleggen/show.html",
        status=status_of(refusal) if refusal else 200, v=row, o=overleg, speak=speak, room=room, item=item, p=seen, mark=mark,
        delen=[drawn(one, seen, speak) for one in seen.changes] if seen else [], p_kop=_title(seen, speak) if seen else "", ik=str(me.person_id), live=live,
        lid=room is not None and me.person_id in room.members, is_er=room is not None and me.person_id in room.here,
        leidt=room.runs(me.person_id) if room else None, schrijft=room.records(me.person_id) if room else None,
        brengbaar=await bringable(session, row, me.person_id) if room and row.kind == "roloverleg" else [],
        koers=await direction_of(session, row.team_id, Moment(at, at, at)) if tactical else None,
        rollen=await roles_of(session, row.team_id, Moment(at, at, at)) if tactical and item else [],
        namen={str(id): name for id, name in room.members.items()} if room else {}, typed=typed or {},
        kies=kies, kies_stappen=[(speak.say(step), how) for step, how in kies["stappen"]] if kies else [], fouten={},
        kiesbaar=kiesbaar, gastvrij=gastvrij,
        jaar=(day_of(at) + timedelta(days=365)).strftime("%d-%m-%Y"), voorbij=row.ends_at <= at, dag=lambda text: datetime.fromisoformat(text),
        redenen=sentences(request, refusal.reasons) if refusal else [], vervolg=next_steps(request, refusal.then) if refusal else [],
    )  # fmt: skip


async def _proposal(session: AsyncSession, item: dict[str, Any], me: Visitor, at: datetime) -> ProposalSeen | None:
    """The proposal under the item; None when a conflict sent it back to its proposer."""
    try:
        return await proposal_for(session, UUID(item["proposal"]), me.actor(), at=at)
    except NotFound:
        return None


async def _titles(request: Page, session: AsyncSession, me: Visitor, row: Any, at: datetime) -> dict[str, str]:
    """The minutes are a Dutch paper: what each proposal was about."""
    found = {}
    for item in row.items:
        seen = await _proposal(session, item, me, at) if item["proposal"] else None
        if seen is not None:
            found[item["id"]] = _title(seen, words("nl"))
    return found


def _title(seen: ProposalSeen, speak: Words) -> str:
    names = {id: role["naam"] for id, role in seen.roles.items()}
    return title_of(seen.row.changes, names, speak, seen.role or "")


async def _form(
    request: Page, session: AsyncSession, me: Visitor, typed: dict[str, Any], *, refusal: Refusal | None = None
) -> Response[str]:
    at = datetime.now(UTC)
    teams = {role.team_id: role.team for role in await own_roles(session, me.actor(), at=at)}
    wanted = _uuid(typed.get("voorstel") or "")
    waiting = await proposals_to_meet(session, today=day_of(at), proposal=wanted) if wanted else []
    if waiting:
        typed = {**typed, "team": str(waiting[0].team_id), "soort": typed.get("soort") or "roloverleg"}
    invalid = isinstance(refusal, Invalid)
    return page(
        request, "overleggen/form.html", status=status_of(refusal) if refusal else 200, typed=typed, teams=teams, o=overleg,
        waiting=waiting[0] if waiting else None,
        redenen=sentences(request, refusal.reasons) if refusal and not invalid else [],
        vervolg=next_steps(request, refusal.then) if refusal else [],
        fouten=dict(zip((_FIELD.get(name, name) for name in refusal.fields), sentences(request, refusal.reasons), strict=True))
        if isinstance(refusal, Invalid) else {},
    )  # fmt: skip


_FIELD = {"teamId": "team", "voorstelId": "voorstel"}


def _by(request: Page, me: Visitor) -> Any:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        raise NotFound(Reason("onbekend", N_("Dit team bestaat niet."))) from None


router = Router(
    path="/", route_handlers=[index, new, create, show, minutes, act, act_on_item, act_on_election, act_on_standing]
)
