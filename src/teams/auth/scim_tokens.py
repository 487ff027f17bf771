"""The directory's own key: a bearer token of which we keep the SHA-256, two valid while it is being replaced."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.sessions import digest
from teams.auth.throttle import too_many
from teams.journal.models import SYSTEM, Actor, Note, record

PER_MINUTE, WRONG = 1200, 20
_MINUTE, _QUARTER = timedelta(minutes=1), timedelta(minutes=15)
_REVOKE = text(
    """
    update scim_token set revoked_at = now() where revoked_at is null
        and (:alone or id <> (select id from scim_token where revoked_at is null order by id desc limit 1))
    """
)
_MAKE = text("insert into scim_token (hash) values (:hash) returning id")
_KNOWN = text(
    """
    with k as (select id, used_at from scim_token where hash = :hash and revoked_at is null),
    touched as (
        update scim_token t set used_at = now() from k
        where t.id = k.id and (k.used_at is null or k.used_at < now() - interval '1 minute')
    )
    select id from k
    """
)


async def create_scim_token(session: AsyncSession, *, alone: bool = False, by: Actor = SYSTEM) -> str:
    """A new token, shown once. The one before it stays valid until the next is made, unless the new one is `alone`."""
    await session.execute(_REVOKE, {"alone": alone})
    token = "scim_" + secrets.token_urlsafe(32)
    await session.execute(_MAKE, {"hash": digest(token)})
    await record(session, Note("scim.token_created", (), {"alone": alone}, accountable=True), by=by)
    return token


async def directory_by_token(session: AsyncSession, token: str, *, address: str) -> tuple[UUID | None, int]:
    """The token's id, None for a wrong one; and the seconds to wait when it comes too often."""
    found: UUID | None = await session.scalar(_KNOWN, {"hash": digest(token)})
    if found is None:
        return None, await too_many(session, f"scim:{address}", limit=WRONG, window=_QUARTER)
    return found, await too_many(session, f"scim:{found}", limit=PER_MINUTE, window=_MINUTE)
