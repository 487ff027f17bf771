"""Addresses of calendars: a secret in a URL that its owner can revoke; we keep its SHA-256."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.sessions import digest
from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, NextStep, NotFound, Reason
from teams.kit.text import N_

MOST = 10
_MAKE = text("insert into calendar_feed (hash, account_id, team_id) values (:hash, :account, :team) returning id")
_COUNT = text("select count(*) from calendar_feed where account_id = :account and revoked_at is null")
_REVOKE = text(
    "update calendar_feed set revoked_at = now() where id = :id and account_id = :account and revoked_at is null returning id"
)
_TEAM = text("select exists (select from team where id = :team)")
_LIST = text(
    """
    select f.id, f.at, f.used_at, f.team_id, (select v.name from team_version v where v.team_id = f.team_id
        and upper_inf(v.recorded) order by lower(v.valid) desc limit 1) as team
    from calendar_feed f where f.account_id = :account and f.revoked_at is null order by f.id
    """
)
_OWNER = text(
    """
    with f as (
        select f.id, f.account_id, f.team_id, f.used_at from calendar_feed f where f.hash = :hash and f.revoked_at is null
    ), touched as (
        update calendar_feed c set used_at = now() from f
        where c.id = f.id and (f.used_at is null or f.used_at < now() - interval '1 hour')
    )
    select a.person_id, f.team_id from f join account a on a.id = f.account_id and a.disabled_at is null
    where a.person_id is not null and not exists (select from account_right r where r.account_id = a.id and r."right" = 'raad')
    """
)


@dataclass(frozen=True)
class Feed:
    """Whose calendar an address shows: a person's own, or a team's."""

    person_id: UUID
    team_id: UUID | None


async def create_feed(session: AsyncSession, *, by: Actor, team: UUID | None = None) -> str:
    """A new address; its secret is shown once."""
    assert by.account_id is not None and by.person_id is not None
    then = (NextStep(N_("Trek op je profiel een adres in dat je niet meer gebruikt."), "/profiel/agenda"),)
    if (await session.scalar(_COUNT, {"account": by.account_id}) or 0) >= MOST:
        raise Conflict(Reason("vol", N_("Je hebt al tien agenda-adressen.")), then=then)
    if team is not None and not await session.scalar(_TEAM, {"team": team}):
        raise NotFound(Reason("onbekend", N_("Dit team bestaat niet.")), then=then)
    secret = secrets.token_urlsafe(32)
    made = await session.scalar(_MAKE, {"hash": digest(secret), "account": by.account_id, "team": team})
    facts = {"feed": str(made), **({"team": str(team)} if team else {})}
    await record(session, Note("feed.created", (("person", by.person_id),), facts), by=by)
    return secret


async def revoke_feed(session: AsyncSession, feed_id: UUID, *, by: Actor) -> None:
    """From now on the address answers as one that never was."""
    assert by.person_id is not None
    gone = await session.scalar(_REVOKE, {"id": feed_id, "account": by.account_id})
    if gone is None:
        raise NotFound(
            Reason("onbekend", N_("Dit agenda-adres is er niet meer.")),
            then=(NextStep(N_("Bekijk je agenda-adressen."), "/profiel/agenda"),),
        )
    await record(session, Note("feed.revoked", (("person", by.person_id),), {"feed": str(feed_id)}), by=by)


async def feeds_of(session: AsyncSession, account_id: UUID) -> list[Row[Any]]:
    """Addresses that work: id, at, used_at, team_id, team."""
    return list((await session.execute(_LIST, {"account": account_id})).all())


async def feed_by_secret(session: AsyncSession, secret: str) -> Feed | None:
    row = (await session.execute(_OWNER, {"hash": digest(secret)})).one_or_none()
    return Feed(row.person_id, row.team_id) if row else None
