"""What is told and mailed does not stay for ever: after the days of the setting it goes, batch after batch, and that is written down."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.journal.models import SYSTEM, Note, record
from teams.kit.clock import day_of

BATCH = 2_000
_NOTICES = text(
    "delete from notice where id in (select id from notice where at < :cut order by at limit :limit for update skip locked) returning 1"
)
# A mail stays for as long as a notice that was in it: without it a notice would be gathered anew.
_MAILS = text(
    """
    delete from mail where id in (select m.id from mail m where m.made_at < :cut and m.state <> 'wacht'
        and not exists (select from notice n where n.mail_id = m.id) order by m.made_at limit :limit for update skip locked) returning 1
    """
)
# No rule finds a reminder due again that is this old: a stale klus is asked about each sixty days.
_REMINDERS = text(
    """
    delete from reminder r using (select object, rule, due from reminder where due < :day order by due limit :limit) o where (r.object, r.rule, r.due) = (o.object, o.rule, o.due) returning 1
    """
)
# Acts that could not be told, which the administrator could have looked at all that time.
_UNTOLD = text(
    """
    delete from outbox where consumer = 'melding' and tries >= 5 and entry in (
        select o.entry from outbox o join journal j on j.id = o.entry where j.at < :cut limit :limit) returning 1
    """
)
KINDS = ("notices", "mails", "reminders", "untold")


async def clear(session: AsyncSession, *, days: int, at: datetime) -> dict[str, int]:
    """At most a batch of each kind; how many went also stands in the journal. `days`: from 90 on, as the setting says."""
    cut = at - timedelta(days=days)
    given = {"cut": cut, "limit": BATCH}
    gone = {
        "notices": await _went(session, _NOTICES, given), "mails": await _went(session, _MAILS, given),
        "reminders": await _went(session, _REMINDERS, {"day": day_of(cut), "limit": BATCH}),
        "untold": await _went(session, _UNTOLD, given),
    }  # fmt: skip
    if any(gone.values()):
        await record(session, Note("notice.cleared", (), {"days": days, **gone}), by=SYSTEM)
    return gone


async def _went(session: AsyncSession, statement: TextClause, given: dict[str, Any]) -> int:
    return len((await session.execute(statement, given)).all())
