"""Passkeys (WebAuthn): a key in someone's device answers a question of ours, once, for our own address only."""

import asyncio
import base64
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from teams.auth.sessions import digest, subjects_of
from teams.journal.models import Actor, Note, record
from teams.kit.errors import Conflict, Invalid, NextStep, NotFound, Reason
from teams.kit.text import N_

MOST, NAME_MOST, ANSWER_MOST = 10, 60, 20_000
MINUTES = 5
_ALGORITHMS = (-7, -8, -257)  # ES256, EdDSA, RS256
_BACK = (NextStep(N_("Bekijk je tweede stap."), "/profiel/tweede-stap"),)
_WRONG = Reason("antwoord", N_("Met deze passkey lukte het niet. Probeer het nog eens, of kies een andere manier."))
_ASK = text(
    """
    insert into passkey_question (browser, purpose, challenge) values (:browser, :purpose, :challenge)
    on conflict (browser, purpose) do update set challenge = excluded.challenge, ends_at = excluded.ends_at
    """
)
_ASKED = text(
    "delete from passkey_question where browser = :browser and purpose = :purpose"
    " returning challenge, ends_at > now() as in_time"
)
_OWNER = text("select email, password_hash is not null as local from account where id = :account")
_OF = text(
    "select id, credential, name, made_at, used_at from passkey where account_id = :account order by made_at, id"
)
_KEEP = text(
    """
    insert into passkey (account_id, credential, public_key, counter, name)
    values (:account, :credential, :key, :counter, :name)
    """
)
_KNOWN = text(
    """
    select p.id, p.account_id, p.public_key, p.counter, a.person_id from passkey p join account a on a.id = p.account_id
    where p.credential = :credential and a.disabled_at is null and a.password_hash is not null for update of p
    """
)
_USED = text("update passkey set counter = :counter, used_at = now() where id = :id")
_RENAME = text("update passkey set name = :name where id = :id and account_id = :account returning id")
_REMOVE = text("delete from passkey where id = :id and account_id = :account returning id")


@dataclass(frozen=True)
class Place:
    """Under which name a passkey belongs to us, and from which addresses a browser may use it."""

    name: str
    origins: tuple[str, ...]


def place_of(public_url: str, host: str) -> Place | None:
    """By the setting, or else by the host that the browser asked for; None where no passkey can be: on a bare IP address."""
    own = urlsplit(public_url or f"//{host}")
    name, schemes = own.hostname or "", (own.scheme,) if public_url else ("https", "http")
    origins = tuple(f"{scheme}://{own.netloc}" for scheme in schemes)
    try:
        ip_address(name)
    except ValueError:
        return Place(name, origins) if name else None
    return None


async def passkeys_of(session: AsyncSession, account_id: UUID) -> list[Row[Any]]:
    """id, credential, name, made_at, used_at; the oldest first."""
    return list((await session.execute(_OF, {"account": account_id})).all())


async def ask_new(session: AsyncSession, browser: str, place: Place, *, by: Actor) -> dict[str, Any]:
    """What the browser needs to make a passkey (PublicKeyCredentialCreationOptionsJSON)."""
    owner = await _local(session, by)
    there = await passkeys_of(session, _own(by))
    return {
        "challenge": await _asked(session, browser, "create"), "rp": {"id": place.name, "name": "Teams"},
        "user": {"id": _text(_own(by).bytes), "name": owner.email, "displayName": by.name or owner.email},
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in _ALGORITHMS],
        "excludeCredentials": [{"type": "public-key", "id": _text(key.credential)} for key in there],
        "authenticatorSelection": {"residentKey": "required", "requireResidentKey": True, "userVerification": "required"},
        "attestation": "none", "timeout": MINUTES * 60_000,
    }  # fmt: skip


async def ask_known(session: AsyncSession, browser: str, place: Place, account_id: UUID | None) -> dict[str, Any]:
    """What the browser needs to use one (PublicKeyCredentialRequestOptionsJSON): of this account, or any that it has for us."""
    there = await passkeys_of(session, account_id) if account_id else []
    return {
        "challenge": await _asked(session, browser, "get"), "rpId": place.name, "userVerification": "required",
        "allowCredentials": [{"type": "public-key", "id": _text(key.credential)} for key in there],
        "timeout": MINUTES * 60_000,
    }  # fmt: skip


async def add_passkey(session: AsyncSession, browser: str, place: Place, answer: str, *, name: str, by: Actor) -> None:
    """Keep the key that answered. `Invalid` on `naam` or `antwoord`; the question is gone in any case."""
    await _local(session, by)
    challenge = await _question(session, browser, "create")
    if not 0 < len(name) <= NAME_MOST:
        raise Invalid({"naam": Reason("naam", N_("Geef je passkey een naam van hoogstens 60 tekens."))})
    if len(await passkeys_of(session, _own(by))) >= MOST:
        raise Conflict(Reason("te_veel", N_("Je hebt al tien passkeys. Haal er eerst een weg.")), then=_BACK)
    made = await _verified(
        "verify_registration_response", _object(answer), expected_challenge=challenge, expected_rp_id=place.name,
        expected_origin=list(place.origins), require_user_verification=True,
    )  # fmt: skip
    given = {"credential": made.credential_id, "key": made.credential_public_key, "counter": made.sign_count}
    try:
        async with session.begin_nested():
            await session.execute(_KEEP, {**given, "account": _own(by), "name": name})
    except IntegrityError as error:
        raise Conflict(Reason("bestaat", N_("Deze passkey is al in gebruik.")), then=_BACK) from error
    await record(session, Note("account.passkey_added", subjects_of(by)), by=by)


async def prove_by_passkey(
    session: AsyncSession, browser: str, place: Place, answer: str, *, account_id: UUID | None = None, address: str = ""
) -> Row[Any]:  # fmt: skip
    """Whose passkey answered: account_id, person_id. `account_id`: it must be that one's. A refusal must be committed too."""
    challenge = await _question(session, browser, "get")
    given = _object(answer)
    row = (await session.execute(_KNOWN, {"credential": _bytes(given.get("rawId"))})).one_or_none()
    handle = given.get("response", {}).get("userHandle") if isinstance(given.get("response"), dict) else None
    if row is None or account_id not in (None, row.account_id) or (handle and _bytes(handle) != row.account_id.bytes):
        raise Invalid({"antwoord": _WRONG})
    by = Actor(row.person_id, account_id=row.account_id, origin=address)
    try:
        found = await _verified(
            "verify_authentication_response", given, expected_challenge=challenge, expected_rp_id=place.name,
            expected_origin=list(place.origins), credential_public_key=row.public_key,
            credential_current_sign_count=row.counter, require_user_verification=True,
        )  # fmt: skip
    except Invalid:
        await record(session, Note("account.passkey_refused", subjects_of(by)), by=by)
        raise
    await session.execute(_USED, {"id": row.id, "counter": found.new_sign_count})
    return row


async def rename_passkey(session: AsyncSession, passkey_id: UUID, name: str, *, by: Actor) -> None:
    if not 0 < len(name) <= NAME_MOST:
        raise Invalid({"naam": Reason("naam", N_("Geef je passkey een naam van hoogstens 60 tekens."))})
    if await session.scalar(_RENAME, {"id": passkey_id, "account": _own(by), "name": name}) is None:
        raise _nothing()
    await record(session, Note("account.passkey_renamed", subjects_of(by)), by=by)


async def remove_passkey(session: AsyncSession, passkey_id: UUID, *, by: Actor) -> None:
    if await session.scalar(_REMOVE, {"id": passkey_id, "account": _own(by)}) is None:
        raise _nothing()
    await record(session, Note("account.passkey_removed", subjects_of(by)), by=by)


async def _local(session: AsyncSession, by: Actor) -> Row[Any]:
    owner = (await session.execute(_OWNER, {"account": _own(by)})).one()
    if not owner.local:
        raise NotFound(
            Reason("onbekend", N_("Je logt in met je werkaccount. Een tweede stap regelt je organisatie daar."))
        )
    return owner


async def _asked(session: AsyncSession, browser: str, purpose: str) -> str:
    challenge = secrets.token_bytes(32)
    await session.execute(_ASK, {"browser": digest(browser), "purpose": purpose, "challenge": challenge})
    return _text(challenge)


async def _question(session: AsyncSession, browser: str, purpose: str) -> bytes:
    """The question of this browser, which is gone from now on: an answer counts once."""
    row = (await session.execute(_ASKED, {"browser": digest(browser), "purpose": purpose})).one_or_none()
    if row is None or not row.in_time:
        raise Invalid({"antwoord": Reason("verlopen", N_("Het duurde te lang. Probeer het nog eens."))})
    return bytes(row.challenge)


async def _verified(how: str, given: dict[str, Any], **expected: Any) -> Any:
    """By the library, that is loaded when it is first needed (20 MB, most of a second), and off the loop."""
    return await asyncio.to_thread(_verify, how, given, expected)


def _verify(how: str, given: dict[str, Any], expected: dict[str, Any]) -> Any:
    import webauthn

    check: Callable[..., Any] = getattr(webauthn, how)
    try:
        return check(credential=given, **expected)
    except Exception as error:  # the library has a kind for each fault, and lets those of its parsers through
        raise Invalid({"antwoord": _WRONG}) from error


def _object(answer: str) -> dict[str, Any]:
    try:
        found = json.loads(answer) if len(answer) <= ANSWER_MOST else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Invalid({"antwoord": _WRONG})
    return found


def _bytes(value: object) -> bytes:
    try:
        return base64.urlsafe_b64decode(f"{value}{'=' * (-len(str(value)) % 4)}")
    except ValueError:
        return b""


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _nothing() -> NotFound:
    return NotFound(Reason("onbekend", N_("Deze passkey is er niet (meer).")), then=_BACK)


def _own(by: Actor) -> UUID:
    assert by.account_id is not None
    return by.account_id
