"""Proving who one is: coming in with a passkey alone, and once more before something that concerns the account itself."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth import passwords, throttle
from teams.auth.passkeys import Place, prove_by_passkey
from teams.auth.refused import TooMany
from teams.auth.second_step import check_code, is_needed
from teams.auth.sessions import open_session, subjects_of
from teams.journal.models import Actor, Note, record
from teams.kit.db import Database
from teams.kit.errors import Invalid, Reason
from teams.kit.text import N_

_LIMIT, _BY_ADDRESS, _WINDOW = 8, 60, timedelta(minutes=15)
_HASH = text("select password_hash from account where id = :id")


async def log_in_by_passkey(
    database: Database, browser: str, answer: str, place: Place, *, address: str, device: str
) -> str:
    """A passkey, that asks its owner for a finger, a face or a code, is two factors by itself. Returns the new session id."""
    async with database.begin() as session:
        await count_passkeys(session, address)
    refused = None
    async with database.begin() as session:
        try:
            found = await prove_by_passkey(session, browser, place, answer, address=address)
        except Invalid as wrong:
            refused = wrong
        else:
            by = Actor(found.person_id, account_id=found.account_id, origin=address)
            await record(session, Note("account.logged_in", subjects_of(by)), by=by)
            return await open_session(session, found.account_id, device=device, old=browser)
    raise refused


async def prove_again(session: AsyncSession, account_id: UUID, password: str, code: str, *, by: Actor) -> None:
    """Password, and a code where the account has a second step. Tries count only if the caller lets a refusal commit."""
    wait = await throttle.too_many(session, f"oud:{account_id}", limit=_LIMIT, window=_WINDOW)
    if wait:
        raise TooMany(wait)
    if not await passwords.matches(await session.scalar(_HASH, {"id": account_id}), password):
        raise Invalid({"wachtwoord": Reason("wachtwoord", N_("Je wachtwoord klopt niet."))})
    if await is_needed(session, account_id):
        await check_code(session, code, by=by)
    await throttle.forgive(session, f"oud:{account_id}")


async def count_passkeys(session: AsyncSession, address: str) -> None:
    """`TooMany` after sixty questions or answers from one address in a quarter of an hour."""
    wait = await throttle.too_many(session, f"passkey:{address}", limit=_BY_ADDRESS, window=_WINDOW)
    if wait:
        raise TooMany(wait)
