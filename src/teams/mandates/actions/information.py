"""M15: who gave a grant asks how it is used, with a term; who holds it answers (Awb 10:6 lid 2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.clock import day_of, start_of
from teams.kit.errors import Conflict, Invalid, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_
from teams.mandates.actions.authority import lock_register
from teams.mandates.forms import InlichtingenAntwoord, InlichtingenForm
from teams.mandates.models import GrantState
from teams.mandates.queries import rows as to
from teams.mandates.queries.information import desk_of_grant
from teams.mandates.queries.parties import party_names
from teams.mandates.queries.register import GrantSeen, chain_of, grant_by_number
from teams.mandates.terms import PartyKind
from teams.structure.moment import Moment

_ASK = text(
    """
    with asked as (
        insert into grant_inquiry (grant_id, asked_by, acting_as, due, entry_id)
        values (:grant, :me, :acting_as, :due, :entry) returning id, grant_id
    ), called as (
        insert into information_call (item_id, grant_id, asked_by, due) select id, grant_id, :who, :moment from asked
    ) select id from asked
    """
)
_WAITING = text(
    """
    select i.asked_by, a.inquiry_id as answered from grant_inquiry i left join grant_inquiry_answer a on a.inquiry_id = i.id
    where i.id = :inquiry and i.grant_id = :grant
    """
)
_ANSWER = text(
    """
    with given as (
        insert into grant_inquiry_answer (inquiry_id, person_id, entry_id) values (:inquiry, :me, :entry) returning inquiry_id
    ), old as (
        update information_call c set recorded = tstzrange(lower(c.recorded), now()) from given g
        where c.item_id = g.inquiry_id and upper_inf(c.recorded) returning c.item_id, c.grant_id, c.asked_by, c.due
    )
    insert into information_call (item_id, grant_id, asked_by, due, answered_at)
    select item_id, grant_id, asked_by, due, cast(:at as timestamptz) from old
    """
)
_OFFICE = text(
    "select role_id from role_version where office = :office and upper_inf(recorded) and range_contains_elem(valid, cast(:day as date))"
)


async def ask_about(session: AsyncSession, number: str, form: InlichtingenForm, *, by: Actor, at: datetime) -> UUID:
    """By a giver of the grant or of one above it; for an organ its members. Returns the id of the question."""
    moment = Moment(at, at, at)
    grant = await grant_by_number(session, number, moment)
    if grant.state is GrantState.DRAFTED:
        raise Conflict(
            Reason("verkeerd_moment", N_("{number} is nog niet besloten, dus nog niet gebruikt."), {"number": number}),
            then=(_look(number),),
        )
    desk = await desk_of_grant(session, grant, await chain_of(session, number, moment), moment, by=by)
    if (mine := desk.asks) is None:
        raise _refused(N_("Inlichtingen over een mandaat vraagt wie het gaf (Awb 10:6 lid 2)."), number)
    if form.uiterlijk < day_of(at):
        raise Invalid({"uiterlijk": Reason("uiterlijk", N_("Kies een dag die nog komt."))})
    holder = await _holder(session, grant, at)
    facts = {"number": number, "until": form.uiterlijk.isoformat(), "outcome": "gevraagd"}
    about = (("grant", grant.id), *holder)
    entry = await record(
        session, Note("information.grant_asked", about, facts, {"reden": form.vraag}, accountable=True), by=by
    )
    names = await party_names(session, [mine], moment, nameless=True)
    values = {
        "grant": grant.id, "me": by.person_id, "acting_as": mine, "due": form.uiterlijk, "entry": entry,
        "who": names[mine].name or by.name, "moment": start_of(form.uiterlijk),
    }  # fmt: skip
    made: UUID = (await session.execute(_ASK, values)).scalar_one()
    return made


async def answer_about(
    session: AsyncSession, number: str, inquiry: UUID, form: InlichtingenAntwoord, *, by: Actor, at: datetime
) -> None:
    """By who holds the grant now, once; what a party outside the municipality says is noted by who may ask."""
    await lock_register(session)
    moment = Moment(at, at, at)
    grant = await grant_by_number(session, number, moment)
    row = (await session.execute(_WAITING, {"inquiry": inquiry, "grant": grant.id})).one_or_none()
    if row is None:
        raise NotFound(Reason("onbekend", N_("Deze vraag kennen we niet.")), then=(_look(number),))
    desk = await desk_of_grant(session, grant, await chain_of(session, number, moment), moment, by=by)
    if not desk.answers:
        raise _refused(N_("Inlichtingen geeft wie het mandaat nu heeft."), number)
    if row.answered is not None:
        raise Conflict(Reason("verkeerd_moment", N_("Deze vraag is al beantwoord.")), then=(_look(number),))
    facts = {"number": number, "outcome": "beantwoord"}
    about = (("grant", grant.id), ("person", row.asked_by))
    note = Note("information.grant_answered", about, facts, {"reden": form.antwoord}, accountable=True)
    entry = await record(session, note, by=by)
    await session.execute(_ANSWER, {"inquiry": inquiry, "me": by.person_id, "entry": entry, "at": at})


async def _holder(session: AsyncSession, grant: GrantSeen, at: datetime) -> list[tuple[str, UUID]]:
    """Whom the question is about, so that they hear of it: a role, a person, or who fills the office."""
    kind, found = grant.holder.kind, to.uuid(grant.holder.id)
    if kind in (PartyKind.ROLE, PartyKind.PERSON) and found is not None:
        return [("role" if kind is PartyKind.ROLE else "person", found)]
    if kind is PartyKind.OFFICE:
        rows = await session.scalars(_OFFICE, {"office": grant.holder.id, "day": day_of(at)})
        return [("role", role) for role in rows]
    return []


def _look(number: str) -> NextStep:
    return NextStep(N_("Bekijk het mandaat."), f"/mandaten/{number}")


def _refused(sentence: str, number: str) -> NotAllowed:
    return NotAllowed(Reason("geen_recht", sentence), then=(_look(number),))
