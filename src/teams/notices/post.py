"""The mail that waits: gathered for a day or a week, taken one by one, marked when sent, tried again with growing pauses.

At least once: a process that dies between handing over and marking sends that one mail again, under the same Message-ID.
"""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.kit.clock import AMSTERDAM
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_
from teams.notices.choices import choices_of
from teams.notices.hears import BY_KEY, Kind, Mail
from teams.notices.queries import Notice

DIGEST_AT = time(7, 30)
LEASE = timedelta(minutes=2)
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 480, 1440))
_GATHER = text(
    """
    select distinct n.person_id from notice n
    where n.mail = :sort and n.mail_id is null and n.read_at is null and n.at < :cut and n.at > :cut - interval '14 days'
    """
)
_DIGEST = text(
    """
    with m as (
        insert into mail (person_id, sort, day, next_at) values (:person, :sort, :day, :next)
        on conflict do nothing returning id
    )
    update notice n set mail_id = m.id from m
    where n.person_id = :person and n.mail = :sort and n.mail_id is null and n.read_at is null and n.at < :cut
        and n.at > :cut - interval '14 days'
    """
)
_TAKE = text(
    """
    update mail m set tries = tries + 1, next_at = cast(:at as timestamptz) + cast(:lease as interval)
    where m.id = (select id from mail where state = 'wacht' and next_at <= cast(:at as timestamptz)
        order by next_at limit 1 for update skip locked)
    returning m.id, m.person_id, m.sort, m.tries
    """
)
_TO = text(
    "select a.email, a.language, p.name from account a join person p on p.id = a.person_id"
    " where a.person_id = :person and a.disabled_at is null"
)
_NOTICES = text(
    """
    select n.id, n.said, n.facts, n.at, n.read_at from notice n where n.mail_id = :mail
        and (:sort = 'direct' or n.read_at is null) order by n.id limit 200
    """
)
_MARK = text(
    """
    update mail set state = :state, fault = :fault, sent_at = case when :state = 'verstuurd' then now() end,
        next_at = coalesce(cast(:next as timestamptz), next_at)
    where id = :id and state = 'wacht' and tries = :tries returning id
    """
)
_AGAIN = text(
    "update mail set state = 'wacht', tries = 0, next_at = now(), fault = '' where id = :id and state = 'mislukt' returning id"
)
_EXISTS = text("select true from mail where id = :id")
_KEY = text("select key from mail_key")


@dataclass(frozen=True)
class Letter:
    """One mail to send: to whom, in which language, about what."""

    id: UUID
    person_id: UUID
    sort: str
    tries: int
    email: str
    language: str
    name: str
    notices: tuple[Notice, ...]

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(BY_KEY[notice.said].kind for notice in self.notices if notice.said in BY_KEY)


async def gather(session: AsyncSession, sort: Mail, *, at: datetime) -> int:
    """What waits for a daily or weekly mail, for each person once for each day (R12). Returns for how many people."""
    cut, day = last_cut(sort, at)
    people = list(await session.scalars(_GATHER, {"sort": sort, "cut": cut}))
    wishes = await choices_of(session, people)
    for person in people:
        if person in wishes:
            given = {"person": person, "sort": sort, "day": day, "cut": cut, "next": wishes[person].send_at(at)}
            await session.execute(_DIGEST, given)
    return len(people)


def last_cut(sort: Mail, at: datetime) -> tuple[datetime, date]:
    """The last moment, not after `at`, up to which is gathered: 7:30 in Amsterdam, for a week on Monday."""
    local = at.astimezone(AMSTERDAM)
    day = local.date() if local.time() >= DIGEST_AT else local.date() - timedelta(days=1)
    if sort is Mail.WEEK:
        day -= timedelta(days=day.weekday())
    return datetime.combine(day, DIGEST_AT, AMSTERDAM).astimezone(UTC), day


async def take(session: AsyncSession, *, at: datetime) -> tuple[UUID, int, Letter | None] | None:
    """The next mail that is due, leased so that nobody else takes it; without a letter when there is nothing left to say."""
    row = (await session.execute(_TAKE, {"at": at, "lease": LEASE})).one_or_none()
    if row is None:
        return None
    to = (await session.execute(_TO, {"person": row.person_id})).one_or_none()
    rows = (await session.execute(_NOTICES, {"mail": row.id, "sort": row.sort})).all()
    if to is None or not rows:
        return row.id, row.tries, None
    notices = tuple(Notice(*one) for one in rows)
    letter = Letter(row.id, row.person_id, row.sort, row.tries, to.email, to.language, to.name, notices)
    return row.id, row.tries, letter


async def mark(
    session: AsyncSession, mail_id: UUID, tries: int, *, at: datetime, fault: str = "", for_good: bool = False,
    empty: bool = False,
) -> bool:  # fmt: skip
    """Sent, nothing to send, to be tried again, or given up. False: another process has taken it since."""
    if empty or not fault:
        given: dict[str, Any] = {"state": "vervallen" if empty else "verstuurd", "next": None}
    elif for_good or tries > len(WAITS):
        given = {"state": "mislukt", "next": None}
    else:
        given = {"state": "wacht", "next": at + WAITS[tries - 1]}
    given |= {"id": mail_id, "tries": tries, "fault": fault[:80]}
    return (await session.execute(_MARK, given)).first() is not None


async def send_again(session: AsyncSession, mail_id: UUID) -> bool:
    """A mail that was given up, tried anew. False: it waits already, or was sent. `NotFound` when there is none."""
    if not await session.scalar(_EXISTS, {"id": mail_id}):
        raise NotFound(
            Reason("onbekend", N_("Deze mail bestaat niet.")),
            then=(NextStep(N_("Bekijk de mail die niet aankwam."), "/beheer/werk"),),
        )
    return (await session.execute(_AGAIN, {"id": mail_id})).first() is not None


async def stop_token(session: AsyncSession, person: UUID, kinds: Collection[Kind]) -> str:
    """What stands in the address that stops mail about these kinds: readable, signed, without an end."""
    named = ".".join(sorted(kinds))
    return f"{person.hex}.{named}.{_mac(await _key(session), person, named)}"


async def stop_from(session: AsyncSession, token: str) -> tuple[UUID, frozenset[Kind]] | None:
    """Whom and what a token is about; None when it is not ours."""
    who, _, rest = token.partition(".")
    named, _, mac = rest.rpartition(".")
    try:
        person, kinds = UUID(hex=who), frozenset(Kind(kind) for kind in named.split("."))
    except ValueError:
        return None
    good = hmac.compare_digest(_mac(await _key(session), person, named).encode(), mac.encode("utf-8", "replace"))
    return (person, kinds) if good else None


async def _key(session: AsyncSession) -> bytes:
    return bytes((await session.execute(_KEY)).scalar_one())


def _mac(key: bytes, person: UUID, named: str) -> str:
    return hmac.new(key, b"mail\x00" + person.bytes + named.encode(), hashlib.sha256).hexdigest()[:32]
