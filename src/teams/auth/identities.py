"""Identities at a log-in service: linked by an administrator or the directory, never by e-mail; log-in and log-out by them."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth import throttle
from teams.auth.refused import TooMany
from teams.auth.sessions import Through, digest, open_session, subjects_of
from teams.journal.models import SYSTEM, Actor, Note, record
from teams.kit.db import Database
from teams.kit.errors import Conflict, NextStep, NotAllowed, NotFound, Reason
from teams.kit.text import N_

_WINDOW, _BY_ADDRESS, _FALSE_LOGOUTS = timedelta(minutes=15), 1000, 60
_KNOWN = text(
    """
    select i.id, i.account_id, a.person_id from identity i join account a on a.id = i.account_id and a.disabled_at is null
    where i.issuer = :issuer and i.subject = :subject and i.ended_at is null for share of i
    """
)  # the link holds until the session is there, or had ended before: no session by a link that ended
_ACCOUNT = text("select id, person_id, disabled_at from account where lower(email) = lower(:email)")
_NEW_ACCOUNT = text(
    """
    insert into account (person_id, email) select p.id, p.email from person p where lower(p.email) = lower(:email)
        and not exists (select from account a where a.person_id = p.id) returning id, person_id, disabled_at
    """
)
_LINK = text(
    """
    insert into identity (account_id, issuer, subject) values (:account, :issuer, :subject)
    on conflict (issuer, subject) where ended_at is null do nothing returning id
    """
)
_UNLINK = text(
    "update identity set ended_at = now() where account_id = :account and issuer = :issuer and ended_at is null returning id"
)
_BY_LINK = text("delete from session where identity_id = any(cast(:ended as uuid[]))")
_END = text(
    """
    delete from session s using identity i where i.id = s.identity_id and i.issuer = :issuer
        and (cast(:subject as text) is null or i.subject = :subject) and (cast(:sid as text) is null or s.provider_sid = :sid)
    returning s.account_id
    """
)
_TOKEN_OF = text("select id_token from session where id = :id")


async def log_in_by_identity(
    database: Database, issuer: str, subject: str, *, sid: str | None, id_token: str, address: str, device: str,
    old: str | None,
) -> str:  # fmt: skip
    """The new session of who is known by (issuer, subject). `NotAllowed` for anyone else, whatever the e-mail address."""
    async with database.begin() as session:
        known = (await session.execute(_KNOWN, {"issuer": issuer, "subject": subject})).one_or_none()
        if known is None:
            raise NotAllowed(
                Reason("onbekend", N_("Teams kent je nog niet. De beheerder koppelt je account aan deze inlognaam.")),
                then=(NextStep(N_("Geef de beheerder dit kenmerk: {kenmerk}"), values={"kenmerk": subject}),),
            )
        by = Actor(known.person_id, account_id=known.account_id, origin=address)
        await record(session, Note("account.logged_in", subjects_of(by)), by=by)
        through = Through(known.id, sid, id_token)
        return await open_session(session, known.account_id, device=device, old=old, through=through)


async def link_identity(session: AsyncSession, email: str, issuer: str, subject: str, *, by: Actor = SYSTEM) -> None:
    """From now on (issuer, subject) is this account; its earlier identity at that service ends. An accountable act."""
    account = (await session.execute(_ACCOUNT, {"email": email})).one_or_none()
    account = account or (await session.execute(_NEW_ACCOUNT, {"email": email})).one_or_none()
    if account is None:
        raise NotFound(Reason("onbekend", N_("Er is niemand met het e-mailadres {email}."), {"email": email}))
    if account.disabled_at is not None:
        raise Conflict(Reason("gesloten", N_("Het account van {email} is gesloten."), {"email": email}))
    await unlink_identity(session, account.id, issuer)
    if await session.scalar(_LINK, {"account": account.id, "issuer": issuer, "subject": subject}) is None:
        raise Conflict(Reason("bestaat", N_("Dit kenmerk hoort al bij een ander account.")))
    subjects = subjects_of(Actor(account.person_id, account_id=account.id))
    await record(session, Note("account.linked", subjects, accountable=True), by=by)


async def unlink_identity(session: AsyncSession, account_id: UUID, issuer: str) -> None:
    """The account's identity at that service ends, with the sessions that came in by it."""
    ended = (await session.scalars(_UNLINK, {"account": account_id, "issuer": issuer})).all()
    await session.execute(_BY_LINK, {"ended": list(ended)})  # sees also who came in while the link was waited for


async def end_by_provider(
    session: AsyncSession, issuer: str, *, subject: str | None, sid: str | None, jti: str
) -> list[UUID]:  # fmt: skip
    """The service logged someone out: those sessions end. A token that came before does nothing. Returns the accounts."""
    assert subject is not None or sid is not None
    again = await throttle.too_many(session, f"jti:{digest(issuer + jti).hex()}", limit=1, window=timedelta(minutes=10))
    if again:
        return []
    ended = set((await session.scalars(_END, {"issuer": issuer, "subject": subject, "sid": sid})).all())
    for account in sorted(ended):
        await record(session, Note("session.ended_by_provider", (("account", account),)), by=SYSTEM)
    return sorted(ended)


async def id_token_of(session: AsyncSession, session_id: str) -> str | None:
    """The token with which this session came in, for logging out of the service too."""
    found: str | None = await session.scalar(_TOKEN_OF, {"id": digest(session_id)})
    return found


async def first_time(database: Database, attempt: str) -> bool:
    """Whether this attempt has not come back before: one that was caught with its cookie is worth no second log-in."""
    async with database.begin() as session:
        return not await throttle.too_many(session, f"poging:{digest(attempt).hex()}", limit=1, window=_WINDOW)


async def count_address(database: Database, address: str, *, false_logout: bool = False) -> None:
    """`TooMany` after a thousand log-ins, or sixty false log-outs, from one address in a quarter of an hour."""
    name, limit = ("afmelding", _FALSE_LOGOUTS) if false_logout else ("dienst", _BY_ADDRESS)
    async with database.begin() as session:
        wait = await throttle.too_many(session, f"{name}:{address}", limit=limit, window=_WINDOW)
    if wait:
        raise TooMany(wait)
