"""What every step of a claim shares: the locks in their order (person, then klus), the end of a claim, its journal entry."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.klussen.models import Claim, ClaimState, Klus
from teams.klussen.rules import ClaimFacts

_LOCK = text(
    """
    select from person where id = any(array(
        select unnest(cast(:people as uuid[])) union
        select c.person_id from claim c join klus k on k.id = c.klus_id
        where c.klus_id = :klus and (c.state = 'wachtlijst' or (c.state = 'aangemeld' and k.way = 'loten'))))
    order by id for no key update
    """
)
_FACTS = text(
    """
    select claim_facts(:person, :klus)
        || jsonb_build_object('rate', (select b.rate_cents from klus_baseline b where b.klus_id = :klus))
    """
)
_END = text(
    """
    with void as (
        update consent set state = 'vervallen', answered_at = now(), version = version + 1
        where claim_id = :claim and state = 'gevraagd'
    )
    update claim set state = :to, seat = null, due_at = null, ended_at = now(), ended_on = :day, reason = :reason,
        handover = :handover, result = :result, version = version + 1
    where id = :claim and state = :from returning id
    """
)
_HOME = text(
    "select team_id from home_team where person_id = :p and upper_inf(recorded) and"
    " valid @> (now() at time zone 'Europe/Amsterdam')::date"
)


ACCOUNTABLE = frozenset({"claim.selected", "claim.rejected", "claim.moved_in_line"})
"""Choices between people: the log holds each of them."""


async def lock_people(session: AsyncSession, klus_id: UUID, people: Collection[UUID] = ()) -> None:
    """These people and all who wait for a place on the klus, in order of id; before the klus itself (R1)."""
    await session.execute(_LOCK, {"people": list(people), "klus": klus_id})


async def facts_of(session: AsyncSession, klus_id: UUID, person_id: UUID) -> tuple[ClaimFacts, UUID] | None:
    """Person and klus locked, what is true of them now, and an id for a new claim; None when one does not exist."""
    facts = (await session.execute(_FACTS, {"person": person_id, "klus": klus_id})).scalar_one()
    if facts is None or facts["klus"]["state"] in ("concept", "ter_toetsing"):
        return None
    return ClaimFacts.from_json(facts), UUID(facts["claim_id"])


async def claim_of(session: AsyncSession, claim_id: UUID) -> Claim:
    """The claim as it is, its row locked; call it with the klus locked."""
    claim = await session.get(Claim, claim_id, with_for_update=True, populate_existing=True)
    if claim is None:
        raise unknown()
    return claim


async def klus_id_of(session: AsyncSession, claim_id: UUID) -> UUID:
    klus_id = await session.scalar(select(Claim.klus_id).where(Claim.id == claim_id))
    if klus_id is None:
        raise unknown()
    return klus_id


async def end_claim(
    session: AsyncSession,
    claim: Claim,
    klus: Klus,
    to: ClaimState,
    verb: str,
    *,
    by: Actor,
    on: date,
    reason: str | None = None,
    handover: str | None = None,
    result: str | None = None,
    texts: dict[str, str] | None = None,
) -> Claim:
    """Compare and set (R2): the claim ends, its seat is free, a consent that was asked is void. Call `promote` after it."""
    done = await session.execute(
        _END,
        {
            "claim": claim.id, "from": claim.state, "to": to, "day": on, "reason": reason or "",
            "handover": handover or "", "result": result or "",
        },
    )  # fmt: skip
    if done.first() is None:
        raise wrong_moment(claim)
    await record(session, await noted(session, verb, claim, klus, texts=texts, was=str(claim.state)), by=by)
    await session.refresh(claim)
    return claim


async def noted(
    session: AsyncSession, verb: str, claim: Claim, klus: Klus, *, texts: dict[str, str] | None = None, **facts: Any
) -> Note:
    """An entry on klus, person, the team that offers and the home team that lends (R13)."""
    return note_of(verb, claim, klus, await home_of(session, claim.person_id), texts=texts, **facts)


def note_of(
    verb: str, claim: Claim, klus: Klus, home: UUID | None, *, texts: dict[str, str] | None = None, **facts: Any
) -> Note:
    about = subjects(klus.id, claim.person_id, klus.team_id, home)
    facts = {"claim": str(claim.id), "seat": claim.seat, **facts}
    return Note(verb, about, facts, texts or {}, accountable=verb in ACCOUNTABLE)


async def home_of(session: AsyncSession, person_id: UUID | None) -> UUID | None:
    home: UUID | None = await session.scalar(_HOME, {"p": person_id}) if person_id else None
    return home


def subjects(klus: UUID, person: UUID | None, team: UUID, home: UUID | None) -> tuple[tuple[str, UUID], ...]:
    people: tuple[tuple[str, UUID], ...] = (("person", person),) if person else ()
    homes: tuple[tuple[str, UUID], ...] = (("team", home),) if home else ()
    return (("klus", klus), *people, ("team", team), *homes)


def my_own(claim: Claim, by: Actor) -> Claim:
    """My own claim that has not ended; `NotFound` when it is not mine."""
    if claim.person_id is None or claim.person_id != by.person_id:
        raise unknown()
    if claim.ended_at is not None:
        raise wrong_moment(claim)
    return claim


def unknown() -> NotFound:
    return NotFound(
        Reason("onbekend", N_("Deze inzet bestaat niet.")), then=(NextStep(N_("Bekijk je klussen in Mijn week."), "/"),)
    )


_MOMENTS: dict[str, str] = {
    ClaimState.APPLIED: N_("Er is nog niet gekozen."),
    ClaimState.WAITING: N_("Deze inzet staat op de wachtlijst."),
    ClaimState.RESERVED: N_("Deze plek heeft nog geen naam."),
    ClaimState.OFFERED: N_("Deze plek is aangeboden en nog niet aangenomen."),
    ClaimState.AWAITING: N_("Deze inzet wacht op instemming van het team."),
    ClaimState.CONFIRMED: N_("Deze plek staat al vast; de klus is nog niet begonnen."),
    ClaimState.RUNNING: N_("Deze klus loopt al."),
    ClaimState.COMPLETED: N_("Deze inzet is al afgerond."),
    ClaimState.REJECTED: N_("Hier is al een ander gekozen."),
    ClaimState.DECLINED: N_("Deze plek is al afgeslagen."),
    ClaimState.LAPSED: N_("De termijn is voorbij; de plek is naar een ander gegaan."),
    ClaimState.REFUSED: N_("Het team heeft niet ingestemd."),
    ClaimState.WITHDRAWN: N_("Deze claim is al ingetrokken."),
    ClaimState.HANDED_BACK: N_("Deze klus is al teruggegeven."),
    ClaimState.ENDED: N_("Deze inzet is beëindigd."),
}


def wrong_moment(claim: Claim) -> Conflict:
    return Conflict(
        Reason("verkeerd_moment", _MOMENTS[claim.state]),
        then=(NextStep(N_("Bekijk de klus zoals die nu is."), f"/klussen/{claim.klus_id}"),),
    )
