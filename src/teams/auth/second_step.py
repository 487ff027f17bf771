"""The second step of a log-in by password: a code of an app or a recovery code, each once, or a passkey."""

import secrets
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import pyotp
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth import throttle
from teams.auth.passkeys import Place, prove_by_passkey
from teams.auth.recovery import forget_codes, new_codes, take_code
from teams.auth.refused import TooMany
from teams.auth.sessions import close_all, digest, new_id, open_session, subjects_of
from teams.journal.models import SYSTEM, Actor, Note, record
from teams.kit.db import Database
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_

STEP_SECONDS = 30
_LIMIT, _WINDOW = 5, timedelta(minutes=15)
_WRONG = Reason("code", N_("Deze code klopt niet, of is al gebruikt. Wacht op de volgende code in je app."))
_BEGIN = text("insert into login_step (browser, account_id) values (:browser, :account)")
_UNDER_WAY = text(
    """
    select s.account_id, a.person_id, a.email from login_step s join account a on a.id = s.account_id
    where s.browser = :browser and s.ends_at > now() and a.disabled_at is null
    """
)
_DONE = text("delete from login_step where browser = :browser returning account_id")
_FACTORS = text(
    """
    select (select secret from totp where account_id = :account and confirmed_at is null) as offered,
        (select confirmed_at from totp where account_id = :account) as app_since,
        (select count(*) from recovery_code where account_id = :account and used_at is null) as codes,
        (select count(*) from passkey where account_id = :account) as passkeys,
        (select password_hash is not null from account where id = :account) as local
    """
)
_OFFER = text(
    """
    insert into totp (account_id, secret) values (:account, :secret)
    on conflict (account_id) do update set secret = excluded.secret, last_step = 0 where totp.confirmed_at is null
    returning account_id
    """
)
_SECRET = text("select secret, confirmed_at is not null as confirmed from totp where account_id = :account")
_TAKE_STEP = text(
    """
    update totp set last_step = :step, confirmed_at = coalesce(confirmed_at, now())
    where account_id = :account and last_step < :step returning account_id
    """
)
_FORGET_APP = text("delete from totp where account_id = :account")
_FORGET_KEYS = text("delete from passkey where account_id = :account")
_BY_EMAIL = text("select id, person_id from account where lower(email) = lower(:email)")


async def factors_of(session: AsyncSession, account_id: UUID) -> Row[Any]:
    """offered (a secret that waits for its first code), app_since, codes (recovery codes left), passkeys, local (has a password)."""
    return (await session.execute(_FACTORS, {"account": account_id})).one()


async def is_needed(session: AsyncSession, account_id: UUID) -> bool:
    """Whether this account has a second step, so that its password alone opens nothing."""
    found = await factors_of(session, account_id)
    return found.app_since is not None or found.passkeys > 0


async def begin_step(session: AsyncSession, account_id: UUID) -> str:
    """The password was right: a new id for this browser, that may only show a code, within ten minutes."""
    browser = new_id()
    await session.execute(_BEGIN, {"browser": digest(browser), "account": account_id})
    return browser


async def step_under_way(session: AsyncSession, browser: str) -> Row[Any] | None:
    """Whose password was right in this browser: account_id, person_id, email."""
    return (await session.execute(_UNDER_WAY, {"browser": digest(browser)})).one_or_none()


async def take_step(database: Database, browser: str, code: str, *, address: str, device: str) -> str:
    """Check the code, throttled by account; returns the new session id."""
    found = await _next_try(database, browser)
    by = Actor(found.person_id, account_id=found.account_id, origin=address)
    async with database.begin() as session:
        good = await _fits(session, found.account_id, code, by=by)
        if not good:
            await record(session, Note("account.step_refused", subjects_of(by)), by=by)
    if not good:
        raise Invalid({"code": _WRONG})
    async with database.begin() as session:
        return await _let_in(session, browser, device=device, by=by)


async def take_passkey_step(
    database: Database, browser: str, answer: str, place: Place, *, address: str, device: str
) -> str:
    """The same by a passkey of this account; the question is gone, also when the answer is refused."""
    found, refused = await _next_try(database, browser), None
    async with database.begin() as session:
        try:
            await prove_by_passkey(session, browser, place, answer, account_id=found.account_id, address=address)
        except Invalid as wrong:
            refused = wrong
        else:
            by = Actor(found.person_id, account_id=found.account_id, origin=address)
            return await _let_in(session, browser, device=device, by=by)
    raise refused


async def _next_try(database: Database, browser: str) -> Row[Any]:
    """Whose password was right in this browser, with one more try counted."""
    async with database.begin() as session:
        found = await step_under_way(session, browser)
        if found is None:
            raise Invalid(
                {"code": Reason("verlopen", N_("Het duurde te lang. Je wachtwoord telt niet meer."))},
                then=(NextStep(N_("Log opnieuw in."), "/inloggen"),),
            )
        wait = await _counted(session, found.account_id)
    if wait:
        raise TooMany(wait)
    return found


async def _let_in(session: AsyncSession, browser: str, *, device: str, by: Actor) -> str:
    assert by.account_id is not None
    if await session.scalar(_DONE, {"browser": digest(browser)}) is None:
        raise Invalid({"code": _WRONG})
    await throttle.forgive(session, f"stap:{by.account_id}")
    await record(session, Note("account.logged_in", subjects_of(by)), by=by)
    return await open_session(session, by.account_id, device=device, old=None)


async def offer_app(session: AsyncSession, account_id: UUID) -> None:
    """A new secret for an app; it counts from its first good code on."""
    if await session.scalar(_OFFER, {"account": account_id, "secret": pyotp.random_base32()}) is None:
        raise Conflict(Reason("bestaat", N_("Je gebruikt al een app.")), then=(_TO_PAGE,))


async def confirm_app(session: AsyncSession, code: str, *, by: Actor) -> list[str]:
    """The first code shows that the app has the secret. Returns new recovery codes, shown once, if there were none."""
    account = _own(by)
    held = (await session.execute(_SECRET, {"account": account})).one_or_none()
    if held is None or held.confirmed:
        raise Conflict(Reason("verkeerd_moment", N_("Er is geen app om te bevestigen.")), then=(_TO_PAGE,))
    await check_code(session, code, by=by, app_only=True)
    await record(session, Note("account.app_added", subjects_of(by)), by=by)
    return await first_codes(session, by=by)


async def first_codes(session: AsyncSession, *, by: Actor) -> list[str]:
    """Recovery codes with the first of the second steps; whoever has some keeps them."""
    return [] if (await factors_of(session, _own(by))).codes else await new_codes(session, by=by)


async def remove_app(session: AsyncSession, *, by: Actor) -> None:
    account = _own(by)
    await session.execute(_FORGET_APP, {"account": account})
    await forget_last_codes(session, account)
    await record(session, Note("account.app_removed", subjects_of(by)), by=by)


async def forget_last_codes(session: AsyncSession, account_id: UUID) -> None:
    """Recovery codes go with the last of the second steps."""
    if not await is_needed(session, account_id):
        await forget_codes(session, account_id)


async def check_code(session: AsyncSession, code: str, *, by: Actor, app_only: bool = False) -> None:
    """`Invalid` on field `code`, or `TooMany`. The count stays only if the caller lets the transaction commit."""
    account = _own(by)
    wait = await _counted(session, account)
    if wait:
        raise TooMany(wait)
    if not await _fits(session, account, code, by=by, app_only=app_only):
        raise Invalid({"code": _WRONG})
    await throttle.forgive(session, f"stap:{account}")


async def reset_steps(session: AsyncSession, email: str, *, by: Actor = SYSTEM) -> None:
    """The administrator takes every second step away from someone who lost it; all sessions end. An accountable act."""
    account = (await session.execute(_BY_EMAIL, {"email": email})).one_or_none()
    if account is None:
        raise NotFound(Reason("onbekend", N_("Er is geen account voor {email}."), {"email": email}))
    for statement in (_FORGET_APP, _FORGET_KEYS):
        await session.execute(statement, {"account": account.id})
    await forget_codes(session, account.id)
    await close_all(session, account.id)
    subjects = subjects_of(Actor(account.person_id, account_id=account.id))
    await record(session, Note("account.steps_reset", subjects, accountable=True), by=by)


_TO_PAGE = NextStep(N_("Bekijk je tweede stap."), "/profiel/tweede-stap")


async def _counted(session: AsyncSession, account_id: UUID) -> int:
    return await throttle.too_many(session, f"stap:{account_id}", limit=_LIMIT, window=_WINDOW)


async def _fits(session: AsyncSession, account_id: UUID, code: str, *, by: Actor, app_only: bool = False) -> bool:
    """The code of these thirty seconds (ASVS 6.5.5), if it was not used; or a recovery code that was not."""
    code = "".join(code.split()).lower()
    if len(code) == 6 and code.isascii() and code.isdigit():
        held = (await session.execute(_SECRET, {"account": account_id})).one_or_none()
        if held is None or not (held.confirmed or app_only):
            return False
        step = int(time.time()) // STEP_SECONDS
        good = secrets.compare_digest(pyotp.TOTP(held.secret).generate_otp(step), code)
        return good and await session.scalar(_TAKE_STEP, {"account": account_id, "step": step}) is not None
    return not app_only and await take_code(session, account_id, code, by=by)


def _own(by: Actor) -> UUID:
    assert by.account_id is not None
    return by.account_id
