"""What the calendar does: klussen start with somebody on them and expire with nobody."""

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, Actor, Note, record, record_many
from teams.kit.text import N_

_START = """
    with due as (
        select id from klus where state in ('open', 'gesloten') and starts <= :today and taken > 0
            {which}
        order by id limit 500 for no key update
    )
    update klus k set state = 'in_uitvoering' from due where k.id = due.id returning k.id, k.team_id
"""
_RUN = text(
    """
    update claim c set state = 'lopend', version = c.version + 1
    where c.state = 'bevestigd' and c.klus_id = any(:klussen) returning c.id
    """
)
# Where somebody is chosen or drawn, who applied keeps the klus open until its own last day.
_EXPIRE = """
    with due as (
        select id from klus where state = 'open' and taken = 0
            and least(apply_until, case when hours_total is null then ends else coalesce(ends, starts) end) < :today
            and (way = 'claim' or case when hours_total is null then ends else coalesce(ends, starts) end < :today
                or not exists (select from claim c where c.klus_id = klus.id and c.ended_at is null))
            {which}
        order by id limit 500 for no key update
    )
    update klus k set state = 'verlopen' from due where k.id = due.id returning k.id, k.team_id
"""
# One statement for all and one for a single klus: the database plans them apart, and finds the one by its id.
_ALL = text(_START.format(which="")), text(_EXPIRE.format(which=""))
_ONE = text(_START.format(which="and id = :klus")), text(_EXPIRE.format(which="and id = :klus"))


async def apply_due(session: AsyncSession, today: date, *, klus_id: UUID | None = None) -> int:
    """Bring one klus, or at most 500 of each kind, to the state that `today` asks. Returns how many changed."""
    start, expire = _ALL if klus_id is None else _ONE
    given = {"today": today} if klus_id is None else {"today": today, "klus": klus_id}
    started = (await session.execute(start, given)).all()
    if started:
        await session.execute(_RUN, {"klussen": [row.id for row in started]})
    expired = (await session.execute(expire, given)).all()
    if expired:
        await end_waiting(session, [row.id for row in expired], today, reason=N_("De klus is verlopen."))
    for verb, rows in (("klus.started", started), ("klus.expired", expired)):
        for row in rows:
            await record(session, Note(verb, (("klus", row.id), ("team", row.team_id))), by=SYSTEM)
    return len(started) + len(expired)


_END_WAITING = text(
    """
    update claim c set state = 'beeindigd', ended_at = now(), ended_on = :today, reason = :reason, version = c.version + 1
    from klus k where k.id = c.klus_id and c.klus_id = any(:klussen) and c.state in ('aangemeld', 'wachtlijst')
    returning c.id, c.klus_id, c.person_id, k.team_id
    """
)


async def end_waiting(
    session: AsyncSession, klussen: list[UUID], today: date, *, reason: str, by: Actor = SYSTEM
) -> None:
    """A klus that is over ends what waits for it; each of those people is told (R10)."""
    rows = (await session.execute(_END_WAITING, {"klussen": klussen, "today": today, "reason": reason})).all()
    about = [(("klus", row.klus_id), ("person", row.person_id), ("team", row.team_id)) for row in rows]
    notes = [Note("claim.ended", subjects, {"claim": str(row.id)}) for row, subjects in zip(rows, about, strict=True)]
    await record_many(session, notes, by=by)
