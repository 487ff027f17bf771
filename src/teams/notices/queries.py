"""Reading notices: a person's own list and how many are unread; what could not be mailed or told, for the administrator."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

UNREAD_MOST = 100
_PAGE = text(
    """
    select n.id, n.said, n.facts, n.at, n.read_at from notice n
    where n.person_id = :me and (cast(:before as uuid) is null or n.id < cast(:before as uuid))
        and (not cast(:unread as boolean) or n.read_at is null)
    order by n.id desc limit :limit
    """
)
_UNREAD = text("select count(*) from (select from notice where person_id = :me and read_at is null limit :most) n")
_ONE = text("select id, said, facts, at, read_at from notice where id = :id and person_id = :me")
_READ = text(
    """
    update notice set read_at = now() where person_id = :me and read_at is null
        and (cast(:ids as uuid[]) is null or id = any(cast(:ids as uuid[])))
        and (cast(:upto as uuid) is null or id <= cast(:upto as uuid)) returning id
    """
)
_FAILURES = text(
    """
    select m.id, m.sort, m.fault, m.tries, m.made_at, p.name, a.email from mail m join person p on p.id = m.person_id
    left join account a on a.person_id = m.person_id where m.state = 'mislukt' order by m.id desc limit 100
    """
)
_STATE = text(
    """
    select (select count(*) from outbox where consumer = 'melding') as untold,
        (select count(*) from outbox where consumer = 'melding' and tries >= 5) as stuck,
        (select count(*) from mail where state = 'wacht') as waiting,
        (select count(*) from mail where state = 'mislukt') as failed,
        (select max(sent_at) from mail where state = 'verstuurd') as sent_at
    """
)


@dataclass(frozen=True)
class Notice:
    """One line of the list: which sentence, the ids and days in it, when, and whether it was read."""

    id: UUID
    said: str
    facts: dict[str, str]
    at: datetime
    read_at: datetime | None


async def notices_of(
    session: AsyncSession, me: UUID, *, before: UUID | None = None, unread: bool = False, limit: int = 25
) -> tuple[list[Notice], UUID | None]:
    """Newest first, older than `before`; and the `before` of the next page."""
    rows = (
        await session.execute(_PAGE, {"me": me, "before": before, "unread": unread, "limit": limit + 1})
    ).all()  # fmt: skip
    found = [Notice(*row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


async def notice_for(session: AsyncSession, id: UUID, me: UUID) -> Notice | None:
    """My own; another's does not exist."""
    row = (await session.execute(_ONE, {"id": id, "me": me})).one_or_none()
    return Notice(*row) if row else None


async def unread(session: AsyncSession, me: UUID) -> int:
    """How many I have not read, counted to `UNREAD_MOST`."""
    found: int = (await session.execute(_UNREAD, {"me": me, "most": UNREAD_MOST})).scalar_one()
    return found


async def mark_read(
    session: AsyncSession, me: UUID, *, ids: Collection[UUID] | None = None, upto: UUID | None = None
) -> int:
    """These, or all up to the newest that was shown. What came after it stays unread."""
    given = {"me": me, "ids": None if ids is None else list(ids), "upto": upto}
    return len((await session.execute(_READ, given)).all())


async def mail_failures(session: AsyncSession) -> list[Row[Any]]:
    return list((await session.execute(_FAILURES)).all())


async def mail_state(session: AsyncSession) -> Row[Any]:
    """Acts not told yet, those that cannot be, mail that waits, mail that failed, and when mail last went out."""
    return (await session.execute(_STATE)).one()
