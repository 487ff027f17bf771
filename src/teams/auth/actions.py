"""Logging in, passwords, accounts, rights and API tokens."""

import secrets
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth import passwords, throttle
from teams.auth.refused import TooMany
from teams.auth.second_step import begin_step, is_needed
from teams.auth.sessions import close_all, digest, open_session
from teams.journal.models import SYSTEM, Actor, Note, record
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_

_ACCOUNT = text(
    "select id, person_id, email, password_hash, disabled_at, must_change, password_ends_at < now() as over"
    " from account where lower(email) = lower(:email)"
)
_PASSWORD = text(
    """
    update account set password_hash = :h, must_change = :m, version = version + 1,
        password_ends_at = case when :m then now() + make_interval(days => :days) end
    where id = :id
    """
)
_END_ALL = tuple(
    text(statement)
    for statement in (
        "update account set disabled_at = now() where id = :id and disabled_at is null",
        "update api_token set revoked_at = now() where account_id = :id and revoked_at is null",
        "update identity set ended_at = now() where account_id = :id and ended_at is null",
        "update calendar_feed set revoked_at = now() where account_id = :id and revoked_at is null",
        "update account set password_hash = null where id = :id and password_hash is not null",
        "delete from login_step where account_id = :id",
        "delete from passkey where account_id = :id",
        "delete from totp where account_id = :id",
        "delete from recovery_code where account_id = :id",
    )
)
_END_RIGHTS = text('delete from account_right where account_id = :id returning "right"')
_END_REQUESTS = text(
    "update right_request set settled_at = now(), settled_by = asked_by, granted = false"
    " where account_id = :id and settled_at is null"
)
_FIRST_DAYS = 7
_BY_NAME = timedelta(minutes=15)
_NAME_LIMIT, _ADDRESS_LIMIT = 8, 60


class Entered(NamedTuple):
    """The browser's new id; `half`: the second step is still to come."""

    id: str
    half: bool = False


async def log_in(
    database: Database, email: str, password: str, *, address: str, device: str, old: str | None, must: bool = False
) -> Entered:
    """Check name and password, throttled by name and by address; returns the new session's id, or that of its second step.

    `must`: without a second step the session is good for adding one only.
    The count of tries is kept in a transaction of its own, so that a refused try counts too.
    """
    name = email.strip().lower()[:254]
    async with database.begin() as session:
        for key, limit in ((f"naam:{name}", _NAME_LIMIT), (f"adres:{address}", _ADDRESS_LIMIT)):
            wait = await throttle.too_many(session, key, limit=limit, window=_BY_NAME)
            if wait:
                break
        account = (await session.execute(_ACCOUNT, {"email": name})).one_or_none()
    if wait:
        raise TooMany(wait)
    good = await passwords.matches(account.password_hash if account else None, password)
    if account is None or not good or account.disabled_at is not None:
        # without the name that was typed: who mistakes the fields types a password there
        note = _note("account.refused", account) if account else Note("account.refused", ())
        async with database.begin() as session:
            await record(session, note, by=Actor(None, origin=address))
        raise Invalid({"wachtwoord": Reason("wachtwoord", N_("E-mailadres of wachtwoord klopt niet."))})
    if account.over:
        raise Invalid(
            {
                "wachtwoord": Reason(
                    "verlopen", N_("Dit eerste wachtwoord is verlopen. Vraag de beheerder om een nieuw.")
                )
            }
        )
    async with database.begin() as session:
        await throttle.forgive(session, f"naam:{name}")
        if await is_needed(session, account.id):
            return Entered(await begin_step(session, account.id), half=True)
        await record(session, _note("account.logged_in", account), by=Actor(account.person_id, origin=address))
        return Entered(await open_session(session, account.id, device=device, old=old, weak=must))


async def change_password(
    session: AsyncSession, account_id: UUID, *, old: str, new: str, by: Actor, keep: str | None, around: str = ""
) -> None:
    """The account's own change; all its other sessions end. Tries count only if the caller lets a refusal commit.

    `around`: names of the municipality that a guesser would try.
    """
    account = (
        await session.execute(
            text("select id, person_id, email, password_hash from account where id = :id for update"),
            {"id": account_id},
        )
    ).one()
    wait = await throttle.too_many(session, f"oud:{account_id}", limit=_NAME_LIMIT, window=_BY_NAME)
    if wait:
        raise TooMany(wait)
    if not await passwords.matches(account.password_hash, old):
        raise Invalid({"oud": Reason("oud", N_("Je huidige wachtwoord klopt niet."))})
    if old == new:
        raise Invalid({"nieuw": Reason("nieuw", N_("Kies een ander wachtwoord dan je huidige."))})
    passwords.check_new(new, email=account.email, around=f"{by.name} {around}")
    await _set_password(session, account.id, new, must_change=False)
    await throttle.forgive(session, f"oud:{account_id}")
    await close_all(session, account.id, but=keep)
    await record(session, _note("account.password_changed", account), by=by)


async def set_language(session: AsyncSession, account_id: UUID, language: str) -> None:
    await session.execute(text("update account set language = :l where id = :id"), {"l": language, "id": account_id})


async def add_account(session: AsyncSession, email: str, *, right: str | None = None, by: Actor = SYSTEM) -> str:
    """An account for the person with this e-mail address; returns its first password, to be changed at first log-in.

    'secretaris' only while there is none: afterwards that right is not the administrator's to give.
    """
    person = (
        await session.execute(text("select id from person where lower(email) = lower(:e)"), {"e": email})
    ).scalar_one_or_none()
    if person is None and right not in ("raad", "beheer"):
        raise NotFound(
            Reason("onbekend", N_("Er is niemand met het e-mailadres {email}."), {"email": email}),
            then=(NextStep(N_("Lees de mensen eerst in met 'teams import personen'.")),),
        )
    if right == "secretaris":
        there = await session.scalar(text("select count(*) from account_right where \"right\" = 'secretaris'"))
        if there:
            raise Conflict(
                Reason("geen_recht", N_("Er is al een gemeentesecretaris.")),
                then=(NextStep(N_("De secretaris draagt het recht zelf over.")),),
            )
    if (await session.execute(_ACCOUNT, {"email": email})).one_or_none() is not None:
        raise Conflict(Reason("bestaat", N_("Er is al een account voor {email}."), {"email": email}))
    account = (
        await session.execute(
            text("insert into account (person_id, email, must_change) values (:p, :e, true) returning id, person_id"),
            {"p": person, "e": email},
        )
    ).one()
    if right is not None:
        await session.execute(
            text('insert into account_right (account_id, "right") values (:a, :r)'), {"a": account.id, "r": right}
        )
    await record(session, _note("account.added", account, accountable=right is not None, right=right), by=by)
    return await _first_password(session, account.id)


async def reset_password(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> str:
    """A new first password, told by the administrator; every session of the account ends. An accountable act."""
    account = await _account(session, email)
    await close_all(session, account.id)
    await record(session, _note("account.password_reset", account, accountable=True), by=by)
    return await _first_password(session, account.id)


async def disable_account(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> None:
    """Shut the account in one transaction: sessions, tokens, feeds, identities and log-ins under way end.

    Rights, password, passkeys, app and recovery codes are gone for good, also if the account opens again.
    """
    account = await _account(session, email)
    for statement in (*_END_ALL, _END_REQUESTS):
        await session.execute(statement, {"id": account.id})
    await close_all(session, account.id)
    await record(session, _note("account.disabled", account, accountable=True), by=by)
    for right in sorted((await session.scalars(_END_RIGHTS, {"id": account.id})).all()):
        await record(session, _note("account.right_taken", account, accountable=True, right=right), by=by)


async def create_token(session: AsyncSession, email: str, name: str, *, by: Actor = SYSTEM) -> str:
    """An API token for `email`; shown once, kept as SHA-256, journaled on the person's page.

    A person without an account gets one that has no password: it can be used by token only.
    """
    account = await _account_for_token(session, email, by=by)
    if account.disabled_at is not None:
        raise Conflict(Reason("gesloten", N_("Het account van {email} is gesloten."), {"email": email}))
    token = "teams_" + secrets.token_urlsafe(32)
    await session.execute(
        text("insert into api_token (account_id, name, hash) values (:a, :n, :h)"),
        {"a": account.id, "n": name[:120], "h": digest(token)},
    )
    await record(session, _note("account.token_created", account), by=by)
    return token


async def set_known_password(session: AsyncSession, account_id: UUID, password: str) -> None:
    """The demo's own password: no first change, no check of strength."""
    await _set_password(session, account_id, password, must_change=False)


async def _account(session: AsyncSession, email: str) -> Row[Any]:
    account = (await session.execute(_ACCOUNT, {"email": email})).one_or_none()
    if account is None:
        raise NotFound(Reason("onbekend", N_("Er is geen account voor {email}."), {"email": email}))
    return account


async def _account_for_token(session: AsyncSession, email: str, *, by: Actor) -> Row[Any]:
    account = (await session.execute(_ACCOUNT, {"email": email})).one_or_none()
    if account is not None:
        return account
    made = text(
        "insert into account (person_id, email, must_change) select id, email, false from person"
        " where lower(email) = lower(:e) and not exists (select from account a where a.person_id = person.id)"
        " returning id, person_id, email, password_hash, disabled_at, must_change, false as over"
    )
    account = (await session.execute(made, {"e": email})).one_or_none()
    if account is None:
        return await _account(session, email)
    await record(session, _note("account.added", account), by=by)
    return account


async def _first_password(session: AsyncSession, account_id: UUID) -> str:
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    await _set_password(session, account_id, password, must_change=True)
    return password


async def _set_password(session: AsyncSession, account_id: UUID, password: str, *, must_change: bool) -> None:
    await session.execute(
        _PASSWORD, {"h": await passwords.hashed(password), "m": must_change, "id": account_id, "days": _FIRST_DAYS}
    )


def _note(verb: str, account: Row[Any], *, accountable: bool = False, right: str | None = None) -> Note:
    subjects: tuple[tuple[str, UUID], ...] = (("account", account.id),)
    if account.person_id is not None:
        subjects = (*subjects, ("person", account.person_id))
    return Note(verb, subjects, {"right": right} if right else {}, accountable=accountable)
