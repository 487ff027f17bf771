"""Elections of a team: the list, a call, and one election from secret ballots to who is chosen."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Response, Router, get, post
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.governance.actions.candidates import break_tie, drop_candidate, dropped_of, leaders
from teams.governance.actions.elections import (
    call_election,
    cancel_election,
    cast_ballot,
    change_nomination,
    close_changes,
)
from teams.governance.actions.offers import accept_offer, decline_offer
from teams.governance.choice_forms import ElectionForm, NominationForm
from teams.governance.elections_seen import electable, election_for, elections_of, people_in_service
from teams.governance.fillers import role_now, unfit
from teams.governance.models import Election
from teams.governance.queries import members_at
from teams.governance.tally import latest, leading, may_nominate_again
from teams.http.refusals import status_of
from teams.http.wants import Me, Page, Session
from teams.journal.models import Actor
from teams.kit.clock import day_of, now
from teams.kit.errors import Invalid, NotFound, Reason, Refusal
from teams.kit.forms import validated
from teams.kit.text import N_
from teams.structure.moment import Moment
from teams.structure.queries import team_for
from teams.web.answers import see_other
from teams.web.forms import Fields, decimal_text, form_of, iso_date
from teams.web.pages import page, sentences
from teams.web.pages import steps as next_steps
from teams.web.verkiezing_words import ACTS, CANDIDATES, COLOURS, STATES, stages
from teams.web.voorstel import last_day

Act = Callable[[AsyncSession, UUID, Fields, Actor, datetime], Awaitable[Any]]


@get("/teams/{team_id:uuid}/verkiezingen", policy="employee")
async def index(request: Page, team_id: FromPath[UUID], session: Session, me: Me) -> Response[str]:
    return await _index(request, session, me, team_id)


@post("/teams/{team_id:uuid}/verkiezingen", policy="employee")
async def create(request: Page, team_id: FromPath[UUID], session: Session, me: Me) -> Response[Any]:
    fields = await form_of(request)
    fields.only("rol", "tekst", "uren", "tot")
    by, at = by_of(request, me), await now(session)
    values = {
        "rolId": fields.one("rol"), "tekst": fields.one("tekst"), "uren": decimal_text(fields.one("uren")),
        "tot": iso_date(fields.one("tot")) or "",
    }  # fmt: skip
    try:
        async with session.begin_nested():
            made = await call_election(session, validated(ElectionForm, values), by=by, at=at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _index(request, session, me, team_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/teams/{made.team_id}/verkiezingen/{made.id}")


@get("/teams/{team_id:uuid}/verkiezingen/{election_id:uuid}", policy="employee")
async def show(
    request: Page, team_id: FromPath[UUID], election_id: FromPath[UUID], session: Session, me: Me
) -> Response[str]:
    return await _show(request, session, me, election_id)


@post("/teams/{team_id:uuid}/verkiezingen/{election_id:uuid}/{verb:str}", policy="employee")
async def act(
    request: Page, team_id: FromPath[UUID], election_id: FromPath[UUID], verb: FromPath[str], session: Session, me: Me
) -> Response[Any]:
    if verb not in VERBS:
        raise NotFound(Reason("onbekend", N_("Deze bladzijde is er niet.")))
    fields, by, at = await form_of(request), by_of(request, me), await now(session)
    try:
        async with session.begin_nested():
            await VERBS[verb](session, election_id, fields, by, at)
    except NotFound:
        raise
    except Refusal as refusal:
        return await _show(request, session, me, election_id, refusal=refusal, typed=fields.typed())
    return see_other(f"/teams/{team_id}/verkiezingen/{election_id}#jouw")


async def _ballot(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await cast_ballot(session, id, _nomination(fields), by=by, at=at)


async def _change(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    await change_nomination(session, id, _nomination(fields), by=by, at=at)


async def _close(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await close_changes(session, id, by=by, at=at)


async def _tie(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("hoe")
    await break_tie(session, id, lot=fields.one("hoe") != "opnieuw", by=by, at=at)


async def _drop(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only("reden")
    await drop_candidate(session, id, by=by, at=at, words=fields.one("reden")[:4000] or None)


async def _cancel(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    fields.only()
    await cancel_election(session, id, by=by, at=at)


async def _answer(session: AsyncSession, id: UUID, fields: Fields, by: Actor, at: datetime) -> Any:
    """The candidate's yes or no."""
    fields.only("antwoord")
    row = await election_for(session, id, at=at)
    asked = next(
        (UUID(one["id"]) for one in row.offers if one["person"] == str(by.person_id) and one["state"] == "gevraagd"),
        None,
    )
    if asked is None:
        raise NotFound(Reason("onbekend", N_("Er wacht hier geen vraag op jou.")))
    await (accept_offer if fields.one("antwoord") == "ja" else decline_offer)(session, asked, by=by, at=at)


VERBS: dict[str, Act] = {
    "stemmen": _ballot, "wisseling": _change, "afsluiting": _close, "gelijk": _tie, "volgende": _drop,
    "intrekking": _cancel, "antwoord": _answer,
}  # fmt: skip


def _nomination(fields: Fields) -> NominationForm:
    fields.only("kandidaat", "reden")
    return validated(NominationForm, {"kandidaatId": fields.one("kandidaat"), "reden": fields.one("reden")})


async def _index(
    request: Page, session: AsyncSession, me: Visitor, team_id: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    members = {one.id for one in await members_at(session, team_id, at=at)}
    return page(
        request, "verkiezingen/index.html", status=status_of(refusal) if refusal else 200,
        team=await team_for(session, team_id, me.actor(), Moment(at, at, at)), rows=await elections_of(session, team_id, at=at),
        roles=await electable(session, team_id, at=at), states=STATES, colours=COLOURS, last=last_day, lid=me.person_id in members,
        typed=typed or {"tot": (day_of(at) + timedelta(days=365)).strftime("%d-%m-%Y")}, **problems(request, refusal),
    )  # fmt: skip


async def _show(
    request: Page, session: AsyncSession, me: Visitor, election_id: UUID, *, refusal: Refusal | None = None,
    typed: dict[str, str] | None = None,
) -> Response[str]:  # fmt: skip
    at = datetime.now(UTC)
    return page(
        request, "verkiezingen/show.html", status=status_of(refusal) if refusal else 200, typed=typed or {},
        **await stand_of(session, me, election_id, at=at), **problems(request, refusal),
    )  # fmt: skip


async def stand_of(session: AsyncSession, me: Visitor, election_id: UUID, *, at: datetime) -> dict[str, Any]:
    """How an election stands for this person: what they see and may do; for its page, and for a meeting that holds it."""
    seen = await election_for(session, election_id, at=at)
    election = await session.get_one(Election, election_id)
    said = [(one["round"], UUID(one["person"]), UUID(one["candidate"])) for one in seen.nominations]
    counted = latest(said)
    dropped = await dropped_of(session, election)
    tied = leading(counted, dropped)
    before = latest(one for one in said if one[0] < seen.round)
    voters = frozenset(before) if seen.round < 3 else may_nominate_again(before, leading(before, dropped))
    answered = {who for round_, who, _ in said if round_ == seen.round}
    lies = next((one for one in seen.offers if one["state"] in ("gevraagd", "aanvaard")), None)
    _, able = await leaders(
        session, election, [UUID(lies["person"])] if lies else tied if seen.state == "gelijk" else (), at=at
    )
    open_now = seen.state in ("stemmen", "wisselen")
    return {
        "v": seen, "ik": str(me.person_id), "stappen": stages(seen), "states": STATES, "colours": COLOURS, "acts": ACTS,
        "rules": CANDIDATES, "last": last_day, "lies": lies, "leidt": me.person_id in able,
        "mijn": next((one for one in seen.electors if one["id"] == str(me.person_id)), None),
        "aan_zet": seen.state == "wisselen" and me.person_id in voters - answered,
        "nu": {str(who): str(candidate) for who, candidate in counted.items()},
        "kandidaten": await _candidates(session, seen, tied if seen.round == 3 else None, at=at) if open_now else [],
        "dag": lambda text: day_of(datetime.fromisoformat(text)),
    }  # fmt: skip


async def _candidates(
    session: AsyncSession, seen: Any, tied: frozenset[UUID] | None, *, at: datetime
) -> list[tuple[str, str]]:
    """Whom one may choose here: id and name."""
    role = await role_now(session, seen.role_id, at=at)
    if seen.candidates == "organisatie":
        people = [(str(one.id), one.name) for one in await people_in_service(session, at=at)]
    else:
        people = [(one["id"], one["name"]) for one in seen.electors]
        people = [one for one in people if not await unfit(session, role, UUID(one[0]), at=at)]
    out = {str(one) for one in role.fillers} if seen.candidates == "niet_zittend" else set()
    return [one for one in people if one[0] not in out and (tied is None or UUID(one[0]) in tied)]


def problems(request: Page, refusal: Refusal | None) -> dict[str, Any]:
    """The parts of a page that say why something was refused: reasons, next steps, and faults by field."""
    if refusal is None:
        return {"redenen": [], "vervolg": [], "fouten": {}}
    told = sentences(request, refusal.reasons)
    if isinstance(refusal, Invalid):
        return {"redenen": [], "vervolg": [], "fouten": dict(zip(refusal.fields, told, strict=True))}
    return {"redenen": told, "vervolg": next_steps(request, refusal.then), "fouten": {}}


def by_of(request: Page, me: Visitor) -> Actor:
    return me.actor(request.scope["state"]["request_id"], request.scope["state"]["address"])


router = Router(path="/", route_handlers=[index, create, show, act])
