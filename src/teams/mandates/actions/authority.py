"""Who may change the register: the secretary with the organ's decision, officeholders for their organ, grantors for what they give."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotAllowed, Reason
from teams.kit.text import N_

_LOCK = text("select pg_advisory_xact_lock(hashtext('teams.mandates'))")
_POSTS = text(
    """
    select 'persoon:' || cast(cast(:person as uuid) as text) as party
    union
    select 'orgaan:' || o.code from organ_member m join organ o on o.id = m.organ_id
    where m.person_id = :person and upper_inf(m.recorded) and m.valid @> cast(:day as date)
    union
    select unnest(array['rol:' || f.role_id, 'functie:' || r.office]) from role_filling f
    join role_version r on r.role_id = f.role_id and upper_inf(r.recorded) and r.valid @> cast(:day as date)
    where f.person_id = :person and upper_inf(f.recorded) and f.valid @> cast(:at as timestamptz)
    """
)


async def lock_register(session: AsyncSession) -> None:
    """One change of the register at a time, so that rules over whole chains hold."""
    await session.execute(_LOCK)


async def posts_of(session: AsyncSession, by: Actor, at: datetime) -> frozenset[str]:
    """As whom this person can give a grant now: organs, roles, offices, and by name."""
    if by.person_id is None:
        return frozenset()
    rows = await session.scalars(_POSTS, {"person": by.person_id, "day": day_of(at), "at": at})
    return frozenset(party for party in rows if party is not None)


async def may_change(session: AsyncSession, grantors: Collection[str], *, every: bool, by: Actor, at: datetime) -> None:
    """`every`: a decision needs all grantors, drafting and withdrawing one of them. Never the system administrator."""
    if by.has("beheer"):
        raise _refused(N_("Een systeembeheerder verandert niets aan mandaten."))
    if by.has("secretaris"):
        return
    mine = await posts_of(session, by, at) & frozenset(grantors)
    if not mine or (every and mine != frozenset(grantors)):
        raise _refused(
            N_("Alleen wie dit mandaat geeft, of de gemeentesecretaris met het besluit van het orgaan, mag dit.")
        )


def _refused(sentence: str) -> NotAllowed:
    return NotAllowed(Reason("geen_recht", sentence), then=(NextStep(N_("Lees wie wat mag."), "/spelregels"),))
