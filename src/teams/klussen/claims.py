"""Reading one claim: for the person self and for who manages the klus; for others it does not exist."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import Actor
from teams.kit.clock import day_of
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.klussen.queries import CO_OWNS, MANAGES

_ONE = text(
    f"""
    select c.id, c.version, c.state, c.seat, c.hours, c.motivation, c.at, c.ended_on, c.terms, c.klus_id, c.person_id,
        c.due_at, c.stops_on, c.lot, case when c.person_id = :me then c.reason else '' end as reason, c.result, case when c.state = 'wachtlijst' then (select count(*)
            from claim w where w.klus_id = c.klus_id and w.state = 'wachtlijst' and (w.lined_at, w.id) <= (c.lined_at, c.id))
        end as place,
        k.number, k.title, k.terms as klus_terms, p.name
    from claim c join klus k on k.id = c.klus_id left join person p on p.id = c.person_id
    where c.id = :claim and (c.person_id = :me or :secretary or {MANAGES} or {CO_OWNS})
    """
)


async def claim_for(session: AsyncSession, claim_id: UUID, by: Actor, *, at: datetime) -> Row[Any]:
    """The claim with its klus and person, or `NotFound`."""
    given = {"claim": claim_id, "me": by.person_id, "today": day_of(at), "secretary": by.has("secretaris")}
    row = (await session.execute(_ONE, given)).one_or_none()
    if row is None:
        raise NotFound(
            Reason("onbekend", N_("Deze inzet bestaat niet.")), then=(NextStep(N_("Bekijk je klussen."), "/"),)
        )
    return row
