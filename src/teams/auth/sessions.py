"""Sessions: an id that only the browser knows (we keep its SHA-256), new at every log-in, gone at log-out."""

import hashlib
import hmac
import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor

_VISITOR = """
    a.id as account_id, a.person_id, coalesce(p.name, a.email) as name, a.email, a.language, a.must_change,
    array(select r."right" from account_right r where r.account_id = a.id)
        || case when exists (select from organ_member m where m.person_id = a.person_id and upper_inf(m.recorded)
            and m.valid @> (now() at time zone 'Europe/Amsterdam')::date) then array['bestuurder'] else '{}' end as rights,
    h.team_id, t.name as team_name
    from account a
    left join person p on p.id = a.person_id
    left join home_team h on h.person_id = p.id and upper_inf(h.recorded)
        and h.valid @> (now() at time zone 'Europe/Amsterdam')::date
    left join team_version t on t.team_id = h.team_id and upper_inf(t.recorded)
        and t.valid @> (now() at time zone 'Europe/Amsterdam')::date
"""
_BY_SESSION = text(
    f"""
    with s as (
        select id, account_id, seen_at from session
        where id = :id and ends_at > now() and seen_at > now() - interval '4 hours'
    ), touched as (
        update session set seen_at = now() from s where session.id = s.id and s.seen_at < now() - interval '1 minute'
    )
    select {_VISITOR} join s on s.account_id = a.id where a.disabled_at is null
    """
)
_BY_TOKEN = text(
    f"""
    with k as (select id, account_id, used_at from api_token where hash = :hash and revoked_at is null),
    touched as (
        update api_token set used_at = now() from k
        where api_token.id = k.id and (k.used_at is null or k.used_at < now() - interval '1 minute')
    )
    select {_VISITOR} join k on k.account_id = a.id where a.disabled_at is null
    """
)
_OPEN = text("insert into session (id, account_id, device) values (:id, :account, :device)")
_CLOSE = text("delete from session where id = :id")
_CLOSE_ALL = text("delete from session where account_id = :account and id is distinct from cast(:but as bytea)")
_SWEEP = text("delete from session where ends_at < now() or seen_at < now() - interval '4 hours'")


def new_id() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


async def visitor_by_session(session: AsyncSession, session_id: str) -> Visitor | None:
    """Who this session belongs to; None for an unknown, ended (12 h), idle (4 h) or disabled one."""
    return _visitor((await session.execute(_BY_SESSION, {"id": digest(session_id)})).one_or_none())


async def visitor_by_token(session: AsyncSession, token: str) -> Visitor | None:
    return _visitor((await session.execute(_BY_TOKEN, {"hash": digest(token)})).one_or_none())


async def open_session(session: AsyncSession, account_id: UUID, *, device: str, old: str | None) -> str:
    """A new session under a new id; the id that the browser came with is never used again (no fixation)."""
    if old:
        await session.execute(_CLOSE, {"id": digest(old)})
    fresh = new_id()
    await session.execute(_OPEN, {"id": digest(fresh), "account": account_id, "device": device[:200]})
    return fresh


async def close_session(session: AsyncSession, session_id: str) -> None:
    await session.execute(_CLOSE, {"id": digest(session_id)})


async def close_all(session: AsyncSession, account_id: UUID, *, but: str | None = None) -> None:
    """End every session of an account, `but` perhaps the one that asks."""
    await session.execute(_CLOSE_ALL, {"account": account_id, "but": digest(but) if but else None})


async def sweep(session: AsyncSession) -> None:
    await session.execute(_SWEEP)


def form_token(session_id: str) -> str:
    """A CSRF token bound to the session, different each time (a compressed page gives nothing away)."""
    nonce = secrets.token_hex(8)
    return nonce + _mac(session_id, nonce)


def form_token_fits(session_id: str, token: str) -> bool:
    nonce, mac = token[:16], token[16:]
    return hmac.compare_digest(_mac(session_id, nonce).encode(), mac.encode())


def _mac(session_id: str, nonce: str) -> str:
    return hmac.new(session_id.encode(), b"form\x00" + nonce.encode(), hashlib.sha256).hexdigest()[:32]


def _visitor(row: Row[Any] | None) -> Visitor | None:
    if row is None:
        return None
    return Visitor(
        account_id=row.account_id, person_id=row.person_id, name=row.name, email=row.email,
        rights=frozenset(row.rights), team_id=row.team_id, team_name=row.team_name, language=row.language,
        must_change=row.must_change,
    )  # fmt: skip
