"""What the calendar does: klussen start with somebody on them and expire with nobody."""

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, Note, record

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
_EXPIRE = """
    with due as (
        select id from klus where state = 'open' and taken = 0
            and least(apply_until, case when hours_total is null then ends else coalesce(ends, starts) end) < :today
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
    for verb, rows in (("klus.started", started), ("klus.expired", expired)):
        for row in rows:
            await record(session, Note(verb, (("klus", row.id), ("team", row.team_id))), by=SYSTEM)
    return len(started) + len(expired)
