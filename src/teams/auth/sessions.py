"""Sessions: an id that only the browser knows (we keep its SHA-256), new at every log-in, gone at log-out."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.models import Visitor
from teams.journal.models import Actor, Note, record
from teams.kit.errors import NextStep, NotFound, Reason
from teams.kit.text import N_

_VISITOR = """
    a.id as account_id, a.person_id, coalesce(p.name, a.email) as name, a.email, a.language, a.must_change,
    array(select r."right" from account_right r where r.account_id = a.id)
        || case when exists (select from organ_member m where m.person_id = a.person_id and upper_inf(m.recorded)
            and m.valid @> (now() at time zone 'Europe/Amsterdam')::date) then array['bestuurder'] else '{}' end as rights,
    h.team_id, t.name as team_name,
    (select count(*)::int from (
        select from notice n where n.person_id = a.person_id and n.read_at is null limit 100) u) as unread
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
        select id, account_id, seen_at, weak, proved_at from session
        where id = :id and ends_at > now() and seen_at > now() - interval '4 hours'
    ), touched as (
        update session set seen_at = now() from s where session.id = s.id and s.seen_at < now() - interval '1 minute'
    )
    select s.weak, s.proved_at > now() - interval '15 minutes' as proved, {_VISITOR} join s on s.account_id = a.id where a.disabled_at is null
    """
)
_BY_TOKEN = text(
    f"""
    with k as (select id, account_id, used_at from api_token where hash = :hash and revoked_at is null),
    touched as (
        update api_token set used_at = now() from k
        where api_token.id = k.id and (k.used_at is null or k.used_at < now() - interval '1 minute')
    )
    select false as weak, false as proved, {_VISITOR} join k on k.account_id = a.id where a.disabled_at is null
    """
)
_OPEN = text(
    "insert into session (id, account_id, device, weak, identity_id, provider_sid, id_token)"
    " values (:id, :account, :device, :weak, :identity, :sid, :id_token)"
)
_CLOSE = text("delete from session where id = :id")
_CLOSE_ONE = text("delete from session where handle = :handle and account_id = :account returning handle")
_MINE = text(
    """
    select handle, created_at, seen_at, device, id = cast(:own as bytea) as here from session
    where account_id = :account and ends_at > now() and seen_at > now() - interval '4 hours'
    order by id = cast(:own as bytea) desc, seen_at desc, handle
    """
)
_CLOSE_ALL = text("delete from session where account_id = :account and id is distinct from cast(:but as bytea)")
_RENEW = text("update session set id = :fresh, proved_at = now() where id = :old returning id")
_SWEEP_QUESTIONS = text("delete from passkey_question where ends_at < now()")
_SWEEP_STEPS = text("delete from login_step where ends_at < now()")
_SWEEP = text("delete from session where ends_at < now() or seen_at < now() - interval '4 hours'")


@dataclass(frozen=True)
class Through:
    """By which identity of a log-in service a session came in, and what that service calls it."""

    identity_id: UUID | None = None
    sid: str | None = None
    id_token: str | None = None


def new_id() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


async def visitor_by_session(session: AsyncSession, session_id: str) -> Visitor | None:
    """Who this session belongs to; None for an unknown, ended (12 h), idle (4 h) or disabled one."""
    return _visitor((await session.execute(_BY_SESSION, {"id": digest(session_id)})).one_or_none())


async def visitor_by_token(session: AsyncSession, token: str) -> Visitor | None:
    return _visitor((await session.execute(_BY_TOKEN, {"hash": digest(token)})).one_or_none())


async def open_session(
    session: AsyncSession, account_id: UUID, *, device: str, old: str | None, weak: bool = False,
    through: Through | None = None,
) -> str:  # fmt: skip
    """A new session under a new id; the id that the browser came with is never used again (no fixation).

    `weak`: came in by password alone and may only add a second step.
    """
    if old:
        await session.execute(_CLOSE, {"id": digest(old)})
    fresh, through = new_id(), through or Through()
    await session.execute(
        _OPEN,
        {"id": digest(fresh), "account": account_id, "device": device[:200], "weak": weak,
         "identity": through.identity_id, "sid": through.sid, "id_token": through.id_token},
    )  # fmt: skip
    return fresh


async def renew_session(session: AsyncSession, old: str) -> str:
    """Who is in this session proved again who it is: it goes on under a new id."""
    fresh = new_id()
    if await session.scalar(_RENEW, {"fresh": digest(fresh), "old": digest(old)}) is None:
        raise NotFound(Reason("onbekend", N_("Hier ben je niet meer ingelogd.")))
    return fresh


async def sessions_of(session: AsyncSession, account_id: UUID, own: str) -> list[Row[Any]]:
    """Where this account is logged in now, `own` first: handle, created_at, seen_at, device, here."""
    return list((await session.execute(_MINE, {"account": account_id, "own": digest(own)})).all())


async def end_session(session: AsyncSession, handle: UUID, *, by: Actor) -> None:
    """The account ends one of its sessions."""
    assert by.account_id is not None
    gone = await session.scalar(_CLOSE_ONE, {"handle": handle, "account": by.account_id})
    if gone is None:
        raise NotFound(
            Reason("onbekend", N_("Hier ben je niet meer ingelogd.")),
            then=(NextStep(N_("Bekijk waar je nog bent ingelogd."), "/profiel/sessies"),),
        )
    await record(session, Note("session.ended", subjects_of(by)), by=by)


async def end_others(session: AsyncSession, own: str, *, by: Actor) -> None:
    """The account ends every session but the one that asks."""
    assert by.account_id is not None
    await close_all(session, by.account_id, but=own)
    await record(session, Note("session.others_ended", subjects_of(by)), by=by)


def subjects_of(by: Actor) -> tuple[tuple[str, UUID], ...]:
    """The account, and the person whose it is: on their pages stands what the account did with itself."""
    return tuple((kind, one) for kind, one in (("account", by.account_id), ("person", by.person_id)) if one is not None)


async def close_session(session: AsyncSession, session_id: str) -> None:
    await session.execute(_CLOSE, {"id": digest(session_id)})


async def close_all(session: AsyncSession, account_id: UUID, *, but: str | None = None) -> None:
    """End every session of an account, `but` perhaps the one that asks."""
    await session.execute(_CLOSE_ALL, {"account": account_id, "but": digest(but) if but else None})


async def sweep(session: AsyncSession) -> None:
    await session.execute(_SWEEP)
    await session.execute(_SWEEP_STEPS)
    await session.execute(_SWEEP_QUESTIONS)


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
        must_change=row.must_change, unread=row.unread, weak=row.weak, proved=row.proved,
    )  # fmt: skip
